package store_test

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/store"
)

// data reads the dataset of an audience.
func (f *field) data(t testing.TB, audience string) *dataset.Dataset {
	t.Helper()
	d, err := f.Store.Dataset(t.Context(), f.Study, audience, fixture.Now)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTheDatasetHoldsWhatWasSubmitted(t *testing.T) {
	t.Parallel()
	f := newField(t, 6)
	p, values := f.firstPage("swv")
	rows := []form.FileRow{{Line: 2, Unit: "PO9001", Covers: []string{"PO9002"}, Mode: answer.Tel, Status: answer.Kernvragen, Answers: values}}
	if problems, err := f.Store.ImportResponses(t.Context(), f.Study, "swv", f.Forms["swv"], rows, store.BySystem, fixture.Now); err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	_, key := f.enter(t, "swv", 3)
	f.save(t, f.saveOf("swv", key, p.ID, values))
	if n := f.data(t, "swv").Len(); n != 2 {
		t.Errorf("a draft counts: %d units", n)
	}
	submit(t, f, "swv", key, fixture.Now)
	d := f.data(t, "swv")
	if d.Len() != 3 || d.Questionnaires() != 2 || d.Frame().Len() != 6 || d.Study != f.Study.Slug || d.Instrument != "swv" || len(d.Hash) != 64 {
		t.Errorf("%d units, %d questionnaires, population %d of %+v", d.Len(), d.Questionnaires(), d.Frame().Len(), d.Info)
	}
	for at := range d.Cases() {
		for name, want := range values {
			if got := d.Column(name).Stored(at); got != want {
				t.Errorf("%s: %s is %q, want %q", d.Unit(at), name, got, want)
			}
		}
	}
	north, err := d.Filter(dataset.Filter{Where: "regio = noord"})
	if err != nil {
		t.Fatal(err)
	}
	if p, known := north.Population(); !known || north.Len() != 2 || p.Len() != 2 {
		t.Errorf("%d of %d in the north, want 2 of 2", north.Len(), p.Len())
	}
	var b bytes.Buffer
	if _, err := d.Write(&b, ""); err != nil {
		t.Fatal(err)
	}
	if again := f.data(t, "swv"); again.Taken != d.Taken {
		t.Error("the same moment differs")
	} else if m, err := again.Write(&bytes.Buffer{}, ""); err != nil || !bytes.Contains(b.Bytes(), []byte(m.SHA256)) {
		t.Error("the same data give another snapshot")
	}
}

func TestAnAnswerByTelephoneStaysOneWhenTheRestComesByWeb(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	_, key := f.enter(t, "swv", 0)
	p, values := f.firstPage("swv")
	call := f.saveOf("swv", key, p.ID, values)
	call.Mode = answer.Tel
	f.save(t, call)
	next := f.Forms["swv"].Neighbours
	_, second := next(p, values)
	f.save(t, f.saveOf("swv", key, second.ID, answers(second, 0)))
	submit(t, f, "swv", key, fixture.Now)
	d := f.data(t, "swv")
	by := func(name string) answer.Mode { return d.Mode(d.Column(name), 0) }
	for name := range values {
		if by(name) != answer.Tel {
			t.Errorf("%s came by %s", name, by(name))
		}
	}
	if name := second.Variables()[0].Name; by(name) != answer.Web {
		t.Errorf("%s came by %s", name, by(name))
	}
	// Changed on the web afterwards, it is an answer on the web.
	if _, err := f.Store.Reopen(t.Context(), key, respondent(1), fixture.Now); err != nil {
		t.Fatal(err)
	}
	changed := answers(p, 1)
	f.save(t, f.saveOf("swv", key, p.ID, changed))
	submit(t, f, "swv", key, fixture.Now)
	d = f.data(t, "swv")
	for name, value := range changed {
		want := answer.Web
		if value == values[name] {
			want = answer.Tel
		}
		if by(name) != want {
			t.Errorf("%s came by %s, want %s", name, by(name), want)
		}
	}
}

func TestAUnitOutsideThePopulationIsNotCountedInIt(t *testing.T) {
	t.Parallel()
	f := newField(t, 3)
	out := f.unit(t, "swv", "PO9001").ID
	f.exec(t, `insert into field.event (unit, kind, occurred, recorded, actor) values ($1, $2, $3, $3, 'system')`, out, event.OutOfPopulation, fixture.Opens)
	if n := f.data(t, "swv").Frame().Len(); n != 2 {
		t.Errorf("population %d, want 2", n)
	}
	f.exec(t, `insert into field.event (unit, kind, occurred, recorded, actor, recalls) select $1, $2, $3, $3, 'system', id from field.event where kind = $4`,
		out, event.Recalled, fixture.Opens, event.OutOfPopulation)
	if n := f.data(t, "swv").Frame().Len(); n != 3 {
		t.Errorf("after it was taken back: population %d, want 3", n)
	}
}

// BenchmarkDataset reads ten thousand questionnaires from the database.
func BenchmarkDataset(b *testing.B) {
	const n = 10_000
	f := newField(b, 1)
	values := answer.Values{}
	for _, v := range f.Forms["gemeente"].Variables {
		values[v.Name] = "tekst"
		if v.Type != instrument.TextType {
			values[v.Name] = strconv.Itoa(v.Values[0].Code)
		}
	}
	answers, err := json.Marshal(values)
	if err != nil {
		b.Fatal(err)
	}
	for _, sql := range []string{
		`insert into register.organisation (kind, code) select 'gemeente', 'X' || i from generate_series(1, $1) i`,
		`insert into register.unit (study, audience, organisation, code, background, pseudonym, added)
			select $2, 'gemeente', id, code, jsonb_build_object('regio', 'Regio ' || id % 5), 'p' || code, $3 from register.organisation where code like 'X%' and $1 > 0`,
		`insert into answer.response (key, study, audience, unit, edition, mode, made)
			select 'k' || code, $2, 'gemeente', id, '2026', 'web', $3 from register.unit where code like 'X%' and $1 > 0`,
		`insert into answer.submission (response, revision, status, at, actor, mode, receipt, version, answers)
			select id, 1, 'submitted', $3, 'system', 'web', key, 1, $4::jsonb from answer.response where key like 'kX%' and $1 > 0 and $2 > 0`,
	} {
		args := []any{n, f.Study.ID, fixture.Now, answers}
		f.exec(b, sql, args[:strings.Count(sql, "$")]...) // each names the first so many
	}
	for b.Loop() {
		d, err := f.Store.Dataset(b.Context(), f.Study, "gemeente", fixture.Now)
		if err != nil || d.Len() != n {
			b.Fatal(d, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/row")
}
