package store_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/table"
)

// answered imports questionnaires of units that have none yet.
func (f *field) answered(t testing.TB, units ...int) {
	t.Helper()
	_, values := f.firstPage("swv")
	var rows []form.FileRow
	for i, n := range units {
		rows = append(rows, form.FileRow{Line: i + 2, Unit: f.Links["swv"][n].Unit, Mode: answer.Web, Status: answer.Submitted, Sent: fixture.Now.Add(-time.Hour), Answers: values})
	}
	if problems, err := f.Store.ImportResponses(t.Context(), f.Study, "swv", f.Forms["swv"], rows, store.BySystem, fixture.Now); err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
}

func (f *field) snapshot(t testing.TB, name string) store.Snapshot {
	t.Helper()
	x, err := f.Store.MakeSnapshot(t.Context(), f.Study, "swv", name, "proef", store.BySystem, fixture.Now)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// filesOf are what a report is made of.
func filesOf(t *testing.T, source []byte, d *dataset.Dataset) map[string]string {
	t.Helper()
	in, problems := instrument.Parse(source)
	if in == nil {
		t.Fatal(problems)
	}
	b, err := table.NewBook(table.Spec{}, in, d)
	if err != nil {
		t.Fatal(err)
	}
	book, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	var csv, sav, content bytes.Buffer
	if err := export.CSV(&csv, d, export.Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := export.SAV(&sav, d, export.Options{Pseudonym: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Write(&content, "proef"); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"book": string(book), "csv": csv.String(), "sav": sav.String(), "content": content.String()}
}

func TestANumberIsMadeAgainFromItsSnapshotAfterLaterAnswers(t *testing.T) {
	t.Parallel()
	f := newField(t, 6)
	f.answered(t, 0, 1, 2)
	a, err := f.Store.Audience(t.Context(), f.Study.ID, "swv")
	if err != nil {
		t.Fatal(err)
	}
	then := filesOf(t, a.Source, f.data(t, "swv"))
	made := f.snapshot(t, "Rapport 1")
	f.answered(t, 3, 4)
	f.exec(t, `update register.unit set background = background || '{"regio": "Elders"}'`)
	if now := filesOf(t, a.Source, f.data(t, "swv")); now["book"] == then["book"] {
		t.Error("later answers change no table")
	}
	x, d, err := f.Store.SnapshotData(t.Context(), f.Study.ID, "rapport 1")
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range filesOf(t, x.Source, d) {
		if got != then[name] {
			t.Errorf("%s is not what it was", name)
		}
	}
	if x.Manifest.SHA256 != made.Manifest.SHA256 || x.Manifest.Units != 3 || x.Bytes != int64(len(then["content"])) {
		t.Errorf("it says %+v, %d bytes", x.Manifest, x.Bytes)
	}
	list, err := f.Store.Snapshots(t.Context(), f.Study.ID)
	if err != nil || len(list) != 1 || list[0].Name != "Rapport 1" || !list[0].Erased.IsZero() {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestASnapshotHasANameOfItsOwn(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	f.snapshot(t, "Rapport")
	for name, want := range map[string]errs.Kind{"rapport": errs.Conflict, " ": errs.Invalid, strings.Repeat("é", 101): errs.Invalid} {
		if _, err := f.Store.MakeSnapshot(t.Context(), f.Study, "swv", name, "proef", store.BySystem, fixture.Now); errs.KindOf(err) != want {
			t.Errorf("%.20q: %v", name, err)
		}
	}
	if _, _, err := f.Store.SnapshotData(t.Context(), f.Study.ID, "ander"); errs.KindOf(err) != errs.NotFound {
		t.Errorf("one that is not there: %v", err)
	}
	if _, _, err := f.Store.SnapshotData(t.Context(), f.Study.ID+1, "rapport"); errs.KindOf(err) != errs.NotFound {
		t.Errorf("one of another study: %v", err)
	}
}

// TestNobodyChangesASnapshot tries it as the program does, and as the owner of
// the tables.
func TestNobodyChangesASnapshot(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	f.answered(t, 0)
	f.snapshot(t, "Rapport")
	for _, sql := range []string{
		"update analysis.snapshot set name = 'x'", "update analysis.snapshot set manifest = '{}'", "update analysis.snapshot set erased = now(), why = 'x', bytes = 0",
		"delete from analysis.snapshot", "truncate analysis.snapshot cascade",
		"update analysis.snapshot_part set content = ''", "delete from analysis.snapshot_part", "truncate analysis.snapshot_part",
	} {
		for _, role := range []string{"", "set local role analysis", "set local role fieldwork", "set local role collect", "set local role audit"} {
			tx, err := f.pool.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tx.Exec(t.Context(), role); err != nil {
				t.Fatal(err)
			}
			if _, err = tx.Exec(t.Context(), sql); err == nil {
				t.Errorf("%s as %q was allowed", sql, role)
			}
			_ = tx.Rollback(t.Context()) // it failed already
		}
	}
	for _, role := range []string{"fieldwork", "collect", "audit"} {
		if one[bool](t, f, "select has_table_privilege($1, 'analysis.snapshot_part', 'select')", role) {
			t.Errorf("%s may read what was answered", role)
		}
	}
}

func TestADamagedSnapshotMakesNoNumbers(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]string{
		"a byte":                "update analysis.snapshot_part set content = set_byte(content, length(content) - 1, 1 - sign(get_byte(content, length(content) - 1))::int)",
		"its end":               "update analysis.snapshot_part set content = substr(content, 1, length(content) - 1)",
		"all of it":             "delete from analysis.snapshot_part",
		"something added":       `insert into analysis.snapshot_part select id, 9, '\x00' from analysis.snapshot`,
		"what is said of it":    `update analysis.snapshot set manifest = manifest || '{"units": 7}'`,
		"the hash that is kept": `update analysis.snapshot set manifest = manifest || '{"sha256": "00"}'`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newField(t, 2)
			f.answered(t, 0, 1)
			f.snapshot(t, "Rapport")
			f.exec(t, "alter table analysis.snapshot disable trigger user")
			f.exec(t, "alter table analysis.snapshot_part disable trigger user")
			f.exec(t, damage)
			if _, d, err := f.Store.SnapshotData(t.Context(), f.Study.ID, "Rapport"); errs.KindOf(err) != errs.Conflict || d != nil {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestAnErasedSnapshotKeepsItsHashAndTheReason(t *testing.T) {
	t.Parallel()
	f := newField(t, 2)
	f.answered(t, 0, 1)
	made := f.snapshot(t, "Rapport")
	if err := f.Store.EraseSnapshot(t.Context(), f.Study.ID, "Rapport", " ", store.BySystem, fixture.Now); errs.KindOf(err) != errs.Invalid {
		t.Errorf("without a reason: %v", err)
	}
	if err := f.Store.EraseSnapshot(t.Context(), f.Study.ID, "rapport", "bewaartermijn voorbij", store.BySystem, fixture.Now); err != nil {
		t.Fatal(err)
	}
	if n := one[int](t, f, "select count(*) from analysis.snapshot_part"); n != 0 {
		t.Errorf("%d parts stay", n)
	}
	x, _, err := f.Store.SnapshotData(t.Context(), f.Study.ID, "Rapport")
	if errs.KindOf(err) != errs.Gone || !strings.Contains(errs.Public(err), "bewaartermijn voorbij") || x.Manifest.SHA256 != made.Manifest.SHA256 {
		t.Errorf("%+v, %v", x.Manifest, err)
	}
	if err := f.Store.EraseSnapshot(t.Context(), f.Study.ID, "Rapport", "nog eens", store.BySystem, fixture.Now); errs.KindOf(err) != errs.NotFound {
		t.Errorf("again: %v", err)
	}
	if n := one[int](t, f, "select count(*) from staff.audit where action in ('momentopname gemaakt', 'momentopname gewist')"); n != 2 {
		t.Errorf("%d lines in the log", n)
	}
}
