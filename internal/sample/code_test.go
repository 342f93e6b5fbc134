package sample

import (
	"slices"
	"strings"
	"testing"
)

func TestCode(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind         Kind
		text, sector string
		want         string
		problem      string // part of it
	}{
		{Gemeente, "GM0014", "", "GM0014", ""},
		{Gemeente, "0014", "", "GM0014", ""},
		{Gemeente, "14", "", "GM0014", ""},
		{Gemeente, " gm 14 ", "", "GM0014", ""},
		{Gemeente, "GM-1234", "", "GM1234", ""},
		{Gemeente, "gm_0003", "", "GM0003", ""},
		{Gemeente, "GM\u00a00014", "", "GM0014", ""},
		{Gemeente, "", "", "", "de code ontbreekt"},
		{Gemeente, "0", "", "", "verwacht GM en vier cijfers"},
		{Gemeente, "12345", "", "", "verwacht GM en vier cijfers"},
		{Gemeente, "14.0", "", "", "verwacht GM en vier cijfers"},
		{Gemeente, "PO2001", "", "", "‘PO2001’ is geen code van een gemeente"},
		{Gemeente, "Oostdorp", "", "", "is geen code van een gemeente"},
		{Gemeente, "14 15", "", "", "meer dan één code"},
		{Gemeente, "<script>alert(1)</script>", "", "", "‘<script>alert(1)</script>’ is geen code"},
		{SWV, "PO2001", "", "PO2001", ""},
		{SWV, "PO-20-01", "", "PO2001", ""},
		{SWV, "po 20-01", "", "PO2001", ""},
		{SWV, "PO‑20–01", "", "PO2001", ""}, // dashes of a word processor
		{SWV, "VO 30.06", "", "VO3006", ""},
		{SWV, "SWV PO 2001", "", "PO2001", ""},
		{SWV, "swvvo2001", "", "VO2001", ""},
		{SWV, "20.01", "PO", "PO2001", ""},
		{SWV, "2001", "Voortgezet onderwijs", "VO2001", ""},
		{SWV, "PO2001", "primair", "PO2001", ""},
		{SWV, "PO2001", "iets", "PO2001", ""},
		{SWV, "PO 00-01", "", "PO0001", ""},
		{SWV, "20.01", "", "", "zegt niet of het om PO of VO gaat"},
		{SWV, "PO2001", "vo", "", "hoort bij PO, maar de sector is hier VO"},
		{SWV, "20.1", "PO", "", "verwacht PO of VO en vier cijfers"}, // 20-01 or 20-10
		{SWV, "PO20011", "", "", "verwacht PO of VO en vier cijfers"},
		{SWV, "GM0014", "", "", "is geen code van een samenwerkingsverband"},
		{Partner, "  jeugd  hulp\t1 ", "", "jeugd hulp 1", ""},
		{Partner, "a/b, c", "", "a/b, c", ""},
		{Partner, "0014", "", "0014", ""},
		{Partner, "a\x07", "", "", "onzichtbaar teken"},
		{Partner, strings.Repeat("a", 65), "", "", "te lang"},
		{Partner, " ", "", "", "de code ontbreekt"},
	}
	for _, tt := range tests {
		got, problem := Code(tt.kind, tt.text, tt.sector)
		if got != tt.want || (problem == "") != (tt.problem == "") || !strings.Contains(problem, tt.problem) {
			t.Errorf("Code(%s, %q, %q) = %q, %q; want %q, %q", tt.kind, tt.text, tt.sector, got, problem, tt.want, tt.problem)
		}
		if again, _ := Code(tt.kind, got, ""); again != got {
			t.Errorf("Code(%q) = %q: not the same again", got, again)
		}
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind   Kind
		text   string
		sector string
		want   []string
	}{
		{SWV, "PO2801 PO2813", "", []string{"PO2801", "PO2813"}},
		{SWV, "PO 28-01 / po 28.13;PO2814|2815", "PO", []string{"PO2801", "PO2813", "PO2814", "PO2815"}},
		{SWV, " ", "", nil},
		{Gemeente, "14, gm 15 & 0016", "", []string{"GM0014", "GM0015", "GM0016"}},
		{Partner, "a b; c|D", "", []string{"a b", "c", "D"}},
	}
	for _, tt := range tests {
		got, problem := Codes(tt.kind, tt.text, tt.sector)
		if problem != "" || !slices.Equal(got, tt.want) {
			t.Errorf("Codes(%s, %q) = %q, %q; want %q", tt.kind, tt.text, got, problem, tt.want)
		}
	}
}

func TestDisplayAndSector(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind          Kind
		code          string
		shown, sector string
	}{
		{SWV, "PO2001", "PO 20-01", "PO"}, {SWV, "VO3006", "VO 30-06", "VO"},
		{Gemeente, "GM0014", "GM0014", ""}, {Partner, "ABCDEF", "ABCDEF", ""}, {SWV, "", "", ""},
	} {
		if got := Display(tt.kind, tt.code); got != tt.shown {
			t.Errorf("Display(%s, %q) = %q, want %q", tt.kind, tt.code, got, tt.shown)
		}
		if got := Sector(tt.kind, tt.code); got != tt.sector {
			t.Errorf("Sector(%s, %q) = %q, want %q", tt.kind, tt.code, got, tt.sector)
		}
	}
}

func TestKindOf(t *testing.T) {
	t.Parallel()
	for audience, want := range map[string]Kind{"swv": SWV, " Gemeente ": Gemeente, "ketenpartner": Partner, "huisartsen": Partner} {
		if got := KindOf(audience); got != want {
			t.Errorf("KindOf(%q) = %q, want %q", audience, got, want)
		}
	}
}
