package ui_test

import (
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/web/ui"
)

func TestDatesAreDutch(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.November, 24, 13, 2, 0, 0, time.UTC)
	midnight := time.Date(2026, time.December, 11, 23, 0, 0, 0, time.UTC)
	for _, tt := range []struct{ got, want string }{
		{ui.Date(at), "dinsdag 24 november 2026"},
		{ui.Clock(at), "14.02 uur"},
		{ui.Stamp(at), "24-11-2026 14.02"},
		{ui.DayMonth(at), "24 nov"},
		{ui.LastDay(midnight), "vrijdag 11 december 2026"},
		{ui.Until(midnight), "tot en met vrijdag 11 december 2026"},
		{ui.Until(at), "tot dinsdag 24 november 2026 om 14.02 uur"},
		{ui.When(at, at.Add(time.Hour)), "om 14.02 uur"},
		{ui.When(at, at.Add(24*time.Hour)), "op dinsdag 24 november om 14.02 uur"},
		{ui.Clock(time.Date(2026, time.July, 1, 12, 0, 0, 0, time.UTC)), "14.00 uur"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

func TestNumbersAreDutch(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ got, want string }{
		{ui.Int(1250000), "1.250.000"}, {ui.Int(-1250), "-1.250"}, {ui.Int(7), "7"},
		{ui.Decimal(3.456, 1), "3,5"},
		{ui.Percent(1, 3), "33%"}, {ui.Percent(1, 2), "50%"}, {ui.Percent(0, 0), "–"}, {ui.Percent(199, 200), "100%"},
		{ui.Count(1, "vraag", "vragen"), "1 vraag"}, {ui.Count(0, "vraag", "vragen"), "0 vragen"},
		{ui.Tel("088 - 000 01 23"), "tel:+31880000123"}, {ui.Tel("+32 2 000"), "tel:+322000"},
		{ui.Upper("één"), "Één"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

func TestWordsBreakLongWordsAndKeepCodes(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := ui.Words("Samenwerkingsverband PO 25-06 <b>").Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	want := "Samenwerkings\u00ADverband <span class=\"nw\">PO 25-06</span> &lt;b&gt;"
	if got := b.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
