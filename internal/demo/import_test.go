package demo_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/demo"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/sample"
	"github.com/uitvraag/uitvraag/internal/sheet"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/internal/table"
)

// TestTheDataOfTheDemonstrationGiveTheSameTablesElsewhere exports the study of
// 2018, reads the file into a study of another name with the same register, and
// compares every cell of both books.
func TestTheDataOfTheDemonstrationGiveTheSameTablesElsewhere(t *testing.T) {
	t.Parallel()
	past, err := demo.Closed()
	s := keep(t, past, err)
	other, err := study.New("Elders", s.study.Definition, s.study.Opens, s.study.Closes)
	if err != nil {
		t.Fatal(err)
	}
	definition, _ := instrument.StudyByName(s.study.Definition)
	if other, err = s.AddStudy(t.Context(), other, definition.Sources, s.study.Opens); err != nil {
		t.Fatal(err)
	}
	now := s.study.Closes.AddDate(0, 1, 0)
	for audience, f := range s.forms {
		a, err := s.Audience(t.Context(), s.study.ID, audience)
		if err != nil {
			t.Fatal(err)
		}
		r := sample.Register{Kind: sample.KindOf(audience)}
		for _, c := range a.Columns {
			r.Columns = append(r.Columns, sample.Column(c))
		}
		for _, u := range s.units(t, audience) {
			r.Units = append(r.Units, sample.Unit{Organisation: sample.Organisation{Kind: r.Kind, Code: u.Code, Name: u.Name}, Background: u.Background})
		}
		if _, err := s.ImportRegister(t.Context(), store.Import{Study: other.ID, Audience: audience, Register: r, Strata: a.Strata, By: store.BySystem, Now: other.Opens}); err != nil {
			t.Fatal(err)
		}
		read := func(st study.Study) (*dataset.Dataset, *table.Book) {
			d, err := s.Dataset(t.Context(), st, audience, now)
			if err != nil {
				t.Fatal(err)
			}
			b, err := table.NewBook(table.Spec{By: "regio"}, f.In, d)
			if err != nil {
				t.Fatal(err)
			}
			return d, b
		}
		d, want := read(s.study)
		var file bytes.Buffer
		if err := export.CSV(&file, d, export.Options{}); err != nil {
			t.Fatal(err)
		}
		rows, problems := sheet.Parse(file.Bytes(), sheet.Limits{})
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		answers, problems, _ := f.ReadFile(rows)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if problems, err := s.ImportResponses(t.Context(), other, audience, f, answers, store.BySystem, now); err != nil || len(problems) > 0 {
			t.Fatal(problems, err)
		}
		_, got := read(other)
		if diff := cmp.Diff(want.Tables, got.Tables, cmpopts.EquateNaNs()); diff != "" || want.Units != got.Units || want.Questionnaires != got.Questionnaires {
			t.Errorf("%s: %d units of %d questionnaires become %d of %d (-demonstration +imported):\n%.4000s", audience, want.Units, want.Questionnaires, got.Units, got.Questionnaires, diff)
		}
	}
}
