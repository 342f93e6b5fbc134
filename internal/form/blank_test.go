package form_test

import (
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

const routed = `uitvraag: 1
instrument: proef
edition: "2026"
title: Proef
respondent: iemand
minutes: 5
sections:
  - id: deel
    title: Deel
    questions:
      - {id: a, kind: yes_no, text: A, options: [{id: ja, code: 1, label: Ja}, {id: nee, code: 2, label: Nee}]}
      - {id: b, kind: multi, text: B, options: [{id: school, code: 1, label: Op school}, {id: thuis, code: 2, label: Thuis}]}
      - {id: c, kind: matrix_single, text: C, rows: [{id: po, label: Basisschool}], options: [{id: laag, code: 1, label: Laag}, {id: hoog, code: 2, label: Hoog}]}
      - {id: n, kind: number, text: N, range: {min: 0, max: 90}}
      - {id: d, kind: open, text: D, show_if: "@"}
`

// TestPaperSaysWhenAQuestionIsAsked: in the words of the earlier answers, and
// only where these are the whole condition.
func TestPaperSaysWhenAQuestionIsAsked(t *testing.T) {
	t.Parallel()
	const some = "Alleen bij bepaalde antwoorden op eerdere vragen."
	for condition, want := range map[string]string{
		"a = ja":                         "Alleen als u bij vraag 1 ‘Ja’ koos.",
		"b_school = ja":                  "Alleen als u bij vraag 2 ‘Op school’ koos.",
		"b_school = nee":                 "Alleen als u bij vraag 2 ‘Op school’ niet koos.",
		"c_po in (laag, hoog)":           "Alleen als u bij vraag 3, ‘Basisschool’, ‘Laag’ koos of bij vraag 3, ‘Basisschool’, ‘Hoog’ koos.",
		"a = nee or b_thuis = ja":        "Alleen als u bij vraag 1 ‘Nee’ koos of bij vraag 2 ‘Thuis’ koos.",
		"a = ja and b_school = ja":       some,
		"a = ja or n > 5":                some,
		"not (a = ja)":                   some,
		"a = ja or not (b_school = nee)": some,
	} {
		in, problems := instrument.Parse([]byte(strings.Replace(routed, "@", condition, 1)))
		if in == nil {
			t.Fatal(condition, problems)
		}
		if got := form.New(in).Blank()[4].When; got != want {
			t.Errorf("%s: %q, want %q", condition, got, want)
		}
	}
}
