package sample

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCounts(t *testing.T) {
	t.Parallel()
	r := read(t, Gemeente, gemeenten(380))
	tests := []struct {
		column string
		want   []Stratum
	}{
		{"regio", []Stratum{{"Noord", 127}, {"Midden", 126}, {"Zuid", 127}}},
		{"grootteklasse", []Stratum{{"<20.000", 95}, {"20.000-<50.000", 95}, {"50.000-<100.000", 95}, {">=100.000", 95}}},
		{"g4", []Stratum{{"ja", 4}, {"nee", 376}}},
		{"opmerking", []Stratum{{"grensgeval", 38}, {"", 342}}},
		{"bestaat_niet", nil},
	}
	for _, tt := range tests {
		got := Counts(r, tt.column)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.column, diff)
		}
	}
}

func TestStrataComeInTheOrderOfClasses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		in, want []string
	}{
		{"class signs", []string{">=100.000", "<20.000", "20.000-<50.000", "50.000-<100.000"}, []string{"<20.000", "20.000-<50.000", "50.000-<100.000", ">=100.000"}},
		{"class words", []string{"meer dan 50", "10 tot 50", "minder dan 10"}, []string{"minder dan 10", "10 tot 50", "meer dan 50"}},
		{"tot", []string{"20.000 tot 50.000", "tot 20.000", "50.000 of meer"}, []string{"tot 20.000", "20.000 tot 50.000", "50.000 of meer"}},
		{"numbers within", []string{"groot (>=6)", "gemiddeld (4-5)", "klein (<4)"}, []string{"klein (<4)", "gemiddeld (4-5)", "groot (>=6)"}},
		{"numbers", []string{"10", "9", "1,5", "-2", ""}, []string{"-2", "1,5", "9", "10", ""}},
		{"years", []string{"1e helft 2018", "klasse 3"}, []string{"1e helft 2018", "klasse 3"}},
		{"compass", []string{"Zuid-Land", "West-Land", "Noord-Land", "Oost-Land"}, []string{"Noord-Land", "Oost-Land", "West-Land", "Zuid-Land"}},
		{"low to high", []string{"hoog", "gemiddeld", "laag"}, []string{"laag", "gemiddeld", "hoog"}},
		{"words of two scales", []string{"ja", "hoog", "Noord"}, []string{"ja", "hoog", "Noord"}},
		{"other words", []string{"peer", "", "appel"}, []string{"peer", "appel", ""}},
		{"some numbers", []string{"onbekend", "10", "9"}, []string{"onbekend", "10", "9"}},
		{"a number too large", []string{"2", "9e999", "1"}, []string{"1", "2", "9e999"}},
	}
	for _, tt := range tests {
		var strata []Stratum
		for _, v := range tt.in {
			strata = append(strata, Stratum{v, 1})
		}
		Order(strata)
		var got []string
		for _, s := range strata {
			got = append(got, s.Value)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestCandidatesCanDivideThePopulation(t *testing.T) {
	t.Parallel()
	r := read(t, Gemeente, gemeenten(380))
	// swv_vo has two values; inwoners and swv_po have too many, opmerking is
	// mostly empty.
	want := []string{"regio", "grootteklasse", "g4", "swv_vo"}
	if diff := cmp.Diff(want, Candidates(r)); diff != "" {
		t.Errorf("candidates (-want +got):\n%s", diff)
	}
	if got := Candidates(read(t, Gemeente, gemeenten(5))); len(got) != 0 {
		t.Errorf("candidates of five units: %q", got)
	}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	old := read(t, Partner, "code,naam,email,regio,oud\na,A,a@b.example,Noord,1\nb,B,,Zuid,1\nc,C,,Zuid,1\n")
	new := read(t, Partner, "code,organisatie,regio,Nieuw kenmerk\nd,D,Noord,\nC,C,Noord,x\na,A,Noord,\n")
	got := Diff(old, new)
	if len(got.Added) != 1 || got.Added[0].Organisation.Code != "d" || len(got.Missing) != 1 || got.Missing[0].Organisation.Code != "b" {
		t.Errorf("added %v, missing %v", got.Added, got.Missing)
	}
	want := []UnitChange{{Old: old.Units[2], New: new.Units[1], Fields: []FieldChange{
		{"regio", "regio", "Zuid", "Noord"}, {"nieuw_kenmerk", "Nieuw kenmerk", "", "x"},
	}}}
	if diff := cmp.Diff(want, got.Changed); diff != "" {
		t.Errorf("changed (-want +got):\n%s", diff)
	}
	same := Diff(old, old)
	if diff := cmp.Diff(Change{}, same); diff != "" {
		t.Errorf("a register differs from itself:\n%s", diff)
	}
}

func TestDiffComparesEveryDetail(t *testing.T) {
	t.Parallel()
	const header = "code;naam;ook_bekend_als;geldig_van;geldig_tot;voorgangers;aanhef;contactpersoon;functie;email;telefoon;adres;herkomst\n"
	old := read(t, Partner, header+"a;A;B;2017-01-01;2019-01-01;p;dhr;Jo;baas;a@b.example;0101234567;Kade 1;web\n")
	new := read(t, Partner, header+"a;C;D;2018-01-01;2020-01-01;q;mw;Bo;chef;c@d.example;0107654321;Kade 2;tel\n")
	got := Diff(old, new)
	if len(got.Changed) != 1 || len(got.Changed[0].Fields) != len(details) {
		t.Errorf("changed: %+v", got.Changed)
	}
}

func TestCandidatesKeepNamesRatherThanTheirCodes(t *testing.T) {
	t.Parallel()
	r := Register{Columns: []Column{{ID: "pv"}, {ID: "provincie"}}}
	for i := range 12 {
		n := i % 2
		r.Units = append(r.Units, Unit{Background: map[string]string{"pv": []string{"20", "21"}[n], "provincie": []string{"Waterland", "Heideland"}[n]}})
	}
	if diff := cmp.Diff([]string{"provincie"}, Candidates(r)); diff != "" {
		t.Errorf("candidates (-want +got):\n%s", diff)
	}
}
