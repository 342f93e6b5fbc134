package sample

import "testing"

func TestRecodePutsNumbersInClassesAndValuesTogether(t *testing.T) {
	t.Parallel()
	bounds, problem := ParseBounds("20.000; 50.000 100000")
	if problem != "" || len(bounds) != 3 {
		t.Fatalf("bounds %v, %q", bounds, problem)
	}
	for value, want := range map[string]string{"19999": "minder dan 20.000", "20000": "20.000 tot 50.000", "99.999": "50.000 tot 100.000", "100000": "100.000 of meer", "": "", "veel": "veel"} {
		if got := (Recode{Bounds: bounds}).Apply(value); got != want {
			t.Errorf("class of %q is %q, want %q", value, got, want)
		}
	}
	for _, text := range []string{"", "veel", "50; 20", "20; 20", "<5"} {
		if _, problem := ParseBounds(text); problem == "" {
			t.Errorf("%q are no bounds", text)
		}
	}
	if got := (Recode{Groups: map[string]string{"Zeeland": "Zuid"}}).Apply("Zeeland"); got != "Zuid" {
		t.Errorf("group %q", got)
	}
	r := Register{Columns: []Column{{"inwoners", "Inwoners"}}, Units: []Unit{{Background: map[string]string{"inwoners": "9000"}}}}
	rule := NewRecode(r, r.Columns[0], "Inwoners")
	rule.Bounds = bounds
	made := Recoded(r, []Recode{rule})
	if rule.ID == "inwoners" || made.Units[0].Background[rule.ID] != "minder dan 20.000" || len(r.Units[0].Background) != 1 {
		t.Errorf("recoded %+v by %+v", made, rule)
	}
}

func TestGuessLeavesASecondAddressOut(t *testing.T) {
	t.Parallel()
	got := Guess(Gemeente, []string{"gm_code", "email", "mail", "inwoners"})
	want := []Meaning{"code", "email", NoMeaning, Background}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("column %d means %q, want %q", i, got[i], want[i])
		}
	}
	if c := Clashes([]Meaning{"code", "naam", "naam", Background, Background}); len(c) != 1 || c[2] != 1 {
		t.Errorf("clashes %v", c)
	}
}
