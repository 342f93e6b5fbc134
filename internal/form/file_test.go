package form_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/sheet"
)

func table(t *testing.T, text string) sheet.Table {
	t.Helper()
	tab, problems := sheet.Parse([]byte(text), sheet.Limits{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return tab
}

func TestReadFileTakesCodesAndOptionIds(t *testing.T) {
	t.Parallel()
	rows, problems, warnings := every(t).ReadFile(table(t, strings.Join([]string{
		"Unit,mode,status,covers,ingediend_op,EEN,een_anders_txt,vak_a,vak_geen,tel,cijfer_r1_nu,open,revisie",
		"PO0001,,,,,1,,1,0,12,10,  =tekst ,3",
		"PO0002,tel,kernvragen,PO0003 PO0004;PO0005,2026-11-20T10:00:00+01:00,anders,namelijk dit,ja,nee,gz,98,,",
		"PO0006,paper,partial,,,7,,niet_beantwoord,7,998,gz,,",
		"PO0007,,,,,,,,,,,,",
	}, "\n")))
	if len(problems) > 0 || len(warnings) > 0 {
		t.Fatal(problems, warnings)
	}
	want := []form.FileRow{
		{Line: 2, Unit: "PO0001", Mode: answer.Web, Status: answer.Submitted, Answers: V{"een": "1", "vak_a": "1", "vak_geen": "0", "tel": "12", "cijfer_r1_nu": "10", "open": "  =tekst "}},
		{Line: 3, Unit: "PO0002", Covers: []string{"PO0003 PO0004", "PO0005"}, Mode: answer.Tel, Status: answer.Kernvragen, Sent: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
			Answers: V{"een": "3", "een_anders_txt": "namelijk dit", "vak_a": "1", "vak_geen": "0", "tel": "998", "cijfer_r1_nu": "98"}},
		{Line: 4, Unit: "PO0006", Mode: answer.Paper, Status: answer.Partial, Answers: V{"een": "7", "vak_a": "7", "vak_geen": "7", "tel": "998", "cijfer_r1_nu": "98"}},
		{Line: 5, Unit: "PO0007", Mode: answer.Web, Status: answer.Submitted, Answers: V{}},
	}
	if diff := cmp.Diff(want, rows, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadFileTellsEveryProblemWithItsPlace(t *testing.T) {
	t.Parallel()
	_, problems, _ := every(t).ReadFile(table(t, strings.Join([]string{
		"unit;een;tel;vak_a;cijfer_r1_nu;mode;status;ingediend_op;onbekend",
		"PO0001;4;901;2;11;fax;klaar;gisteren;x",
		";1;;;;;;;",
		"po0001;1;1.5;;;;;;",
		"PO0002;een;1e2;;;;;2026-11-20;",
	}, "\n")))
	want := []string{"1 onbekend", "2 cijfer_r1_nu", "2 een", "2 ingediend_op", "2 mode", "2 status", "2 tel", "2 vak_a", "3 unit", "4 tel", "4 unit", "5 een", "5 ingediend_op", "5 tel"}
	var got []string
	for _, p := range problems {
		got = append(got, fmt.Sprintf("%d %s", p.Line, p.Column))
		if p.Text == "" {
			t.Errorf("a problem without words: %+v", p)
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadFileNeedsAUnit(t *testing.T) {
	t.Parallel()
	_, problems, _ := every(t).ReadFile(table(t, "een\n1\n"))
	if len(problems) != 1 || problems[0].Column != "unit" {
		t.Errorf("a file without units: %v", problems)
	}
}

func TestReadFileKeepsOddAnswersWithAWarning(t *testing.T) {
	t.Parallel()
	rows, problems, warnings := every(t).ReadFile(table(t, strings.Join([]string{
		"unit,ja,keten,slot,vak_geen,vak_a",
		"A,2,1,hoort hier niet,1,1",
		"B,1,1,hoort hier,1,0",
	}, "\n")))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if diff := cmp.Diff(V{"ja": "2", "keten": "1", "slot": "hoort hier niet", "vak_geen": "1", "vak_a": "1"}, rows[0].Answers); diff != "" {
		t.Errorf("an odd answer was not kept:\n%s", diff)
	}
	var got []string
	for _, w := range warnings {
		got = append(got, fmt.Sprintf("%d %s", w.Line, w.Column))
	}
	slices.Sort(got)
	if want := []string{"2 keten", "2 slot", "2 vak"}; !slices.Equal(got, want) {
		t.Errorf("warnings %v, want %v", got, want)
	}
}

func TestReadFileRefusesTextsThatCannotBeStored(t *testing.T) {
	t.Parallel()
	f := every(t)
	for _, cell := range []string{"a\x00b", "a\xffb", strings.Repeat("x", form.MaxText+1)} {
		tab := sheet.Table{Columns: []string{"unit", "open"}, Line: 1, Rows: []sheet.Row{{Line: 2, Cells: []string{"A", cell}}}}
		if _, problems, _ := f.ReadFile(tab); len(problems) != 1 || problems[0].Line != 2 || problems[0].Column != "open" {
			t.Errorf("%.10q: problems %v", cell, problems)
		}
	}
}
