package contactplan_test

import (
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/contactplan"
)

func TestEnvelopeIsReadByTheSorter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ unit, salutation, name, attend, address, want string }{
		{"Gemeente 's-Gravenhage", "", "", "de beleidsmedewerker jeugd", "Postbus 12600, 2500dj 's-Gravenhage",
			"Gemeente 's-Gravenhage|T.a.v. de beleidsmedewerker jeugd|Postbus 12600|2500 DJ  's-GRAVENHAGE"},
		{"Gemeente Nuenen", "", "", "de beleidsmedewerker jeugd", "Jan van Schijnveldlaan 2, 5671 CK Nuenen, Gerwen en Nederwetten",
			"Gemeente Nuenen|T.a.v. de beleidsmedewerker jeugd|Jan van Schijnveldlaan 2|5671 CK  NUENEN, GERWEN EN NEDERWETTEN"},
		{"Samenwerkingsverband PO 25-06", "mevrouw", "H. de Boer", "", "Kantoor De Linde\r\nLindelaan 1\r\n6811 AB Arnhem",
			"Samenwerkingsverband PO 25-06|T.a.v. mevrouw H. de Boer|Kantoor De Linde|Lindelaan 1|6811 AB  ARNHEM"},
		{"Súdwest-Fryslân", "Geachte heer", "Jansen", "", "Marktstraat 8, 8601 CV Sneek", "Súdwest-Fryslân|T.a.v. de heer Jansen|Marktstraat 8|8601 CV  SNEEK"},
		{"Proef", "", "", "", "Proef, Straat 1", "Proef|Straat 1"},
		{"A", "", "", "", "a\nb\nc\nd\ne\nf\ng 1234 AB Stad", "A|b|c|d|e|1234 AB  STAD"},
		{"A", "", "", "", "", "A"},
	} {
		if got := strings.Join(contactplan.Envelope(c.unit, c.salutation, c.name, c.attend, c.address), "|"); got != c.want {
			t.Errorf("Envelope(%q) = %q, want %q", c.address, got, c.want)
		}
	}
}

func FuzzEnvelope(f *testing.F) {
	f.Add("Unit", "mw.", "Naam", "", "Straat 1, 1234AB Stad")
	f.Add("", "", "", "x", ";,\n\r,1234 ab")
	f.Fuzz(func(t *testing.T, unit, salutation, name, attend, address string) {
		lines := contactplan.Envelope(unit, salutation, name, attend, address)
		if len(lines) > 6 {
			t.Errorf("%d lines do not fit in the window", len(lines))
		}
		for _, l := range lines {
			if strings.ContainsAny(l, "\r\n") {
				t.Errorf("a line of two: %q", l)
			}
		}
	})
}
