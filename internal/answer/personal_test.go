package answer_test

import (
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/answer"
)

func TestPersonalDataInATextIsFound(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Mail jan.de-boer+x@gemeente.example, graag.": "e-mailadres: jan.de-boer+x@gemeente.example",
		"Bel 06-12345678.":                            "telefoonnummer: 06-12345678",
		"Bel 06 12 34 56 78 of 020-1234567":           "telefoonnummer: 06 12 34 56 78|telefoonnummer: 020-1234567",
		"+31 (0)6 1234 5678":                          "telefoonnummer: +31 (0)6 1234 5678",
		"Kind 111222333 zit thuis":                    "burgerservicenummer: 111222333",
		"Kind 1112.22.333":                            "burgerservicenummer: 1112.22.333",
		"Kind 111222334 zit thuis":                    "",
		"000000000":                                   "",
		"In 2023 waren er 12.345.679 euro":            "",
		"Wij hebben 15 scholen en 3.000 leerlingen.":  "",
		"Van 2019-2020 tot 2024":                      "",
		"":                                            "",
		"@ home":                                      "",
	} {
		var got []string
		for _, f := range answer.Personal(text) {
			got = append(got, string(f.Sign)+": "+text[f.From:f.To])
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q: %q, want %q", text, strings.Join(got, "|"), want)
		}
	}
}

func FuzzPersonalStaysInTheText(f *testing.F) {
	f.Add("Bel 06-12345678 of mail a@b.nl, 111222333")
	f.Fuzz(func(t *testing.T, text string) {
		for _, x := range answer.Personal(text) {
			if x.From < 0 || x.To > len(text) || x.From >= x.To {
				t.Fatalf("%+v in %d bytes", x, len(text))
			}
		}
	})
}
