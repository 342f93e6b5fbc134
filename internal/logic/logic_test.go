package logic

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// domains knows a choice, a number and a text.
func domains(name string) (Domain, bool) {
	switch name {
	case "a", "b":
		return Domain{Values: []Value{{"nee", 0}, {"ja", 1}, {"soms", 2}}}, true
	case "n":
		return Domain{Min: 0, Max: 996}, true
	case "t":
		return Domain{Text: true}, true
	}
	return Domain{}, false
}

func mustParse(t *testing.T, src string) Expr {
	t.Helper()
	e, err := Parse(src)
	if err != nil {
		t.Fatalf("Parse(%q): %v", src, err)
	}
	e, faults := e.Resolve(domains)
	if len(faults) > 0 {
		t.Fatalf("Resolve(%q): %v", src, faults)
	}
	return e
}

func TestEval(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		src, answers string // answers: "a=1 n=12"
		want         bool
	}{
		{"", "", true},
		{"a = ja", "a=1", true},
		{"a = ja", "a=0", false},
		{"a = 1", "a=1", true},
		{"a != ja", "a=2", true},
		{"a in (nee, soms)", "a=2", true},
		{"a in (nee, soms)", "a=1", false},
		{"a >= ja", "a=2", true},
		{"a > ja", "a=1", false},
		{"n < 100", "n=99", true},
		{"n <= 100", "n=100", true},
		{"n > -1", "n=0", true},
		{"n > 9 and n < 10", "n=9.5", true},         // of a register, or a mean
		{"a = ja and n > 3 or b = ja", "b=1", true}, // and before or
		{"a = ja and (n > 3 or b = ja)", "b=1", false},
		{"not a = ja and b = ja", "a=0 b=1", true}, // not before and
		{"not (a = ja and b = ja)", "a=1 b=1", false},
		{"answered(t)", "t=tekst", true},
		{"answered(t)", "", false},
		// A missing answer: every comparison is false, its opposite true.
		{"a = ja", "", false},
		{"a != ja", "", false},
		{"a < soms", "", false},
		{"a in (nee)", "", false},
		{"not (a = ja)", "", true},
		{"not (a != ja)", "", true},
		{"not answered(a)", "", true},
	} {
		got := mustParse(t, tt.src).Eval(func(name string) (string, bool) {
			for _, pair := range strings.Fields(tt.answers) {
				if v, ok := strings.CutPrefix(pair, name+"="); ok {
					return v, true
				}
			}
			return "", false
		})
		if got != tt.want {
			t.Errorf("%q with %q: %v, want %v", tt.src, tt.answers, got, tt.want)
		}
	}
}

func TestEvalOfAWordThatWasNotResolvedIsFalse(t *testing.T) {
	t.Parallel()
	e, err := Parse("a = ja or a != ja")
	if err != nil {
		t.Fatal(err)
	}
	if e.Eval(func(string) (string, bool) { return "1", true }) {
		t.Error("a word without a code equals something")
	}
}

func TestStringIsShortAndReadsBackAlike(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ src, want string }{
		{"", ""},
		{"  a=ja ", "a = ja"},
		{"((a = ja)) and ((b = ja) and n<3)", "a = ja and b = ja and n < 3"},
		{"(a = ja or b = ja) and n != 3", "(a = ja or b = ja) and n != 3"},
		{"(a = ja and b = ja) or n != 3", "a = ja and b = ja or n != 3"},
		{"not a = ja", "not (a = ja)"},
		{"not not answered( t )", "not not answered(t)"},
		{"a in(ja,nee)", "a in (ja, nee)"},
		{"n = -007", "n = -7"},
	} {
		e, err := Parse(tt.src)
		if err != nil {
			t.Errorf("Parse(%q): %v", tt.src, err)
			continue
		}
		if got := e.String(); got != tt.want {
			t.Errorf("Parse(%q) prints %q, want %q", tt.src, got, tt.want)
		}
	}
}

func TestParseSaysWhereAndWhat(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		src    string
		offset int
		text   string
	}{
		{"a", 1, "hoort een vergelijking, niet het einde"},
		{"a =", 3, "hoort een antwoord of een getal, niet het einde"},
		{"a == ja", 2, "“==”"},
		{"a = ja en b = ja", 7, "staat nog “en”"},
		{"a = ja AND b = ja", 7, "staat nog “AND”"},
		{"(a = ja", 7, "haakje van teken 1 is niet gesloten"},
		{"a = ja)", 6, "staat nog “)”"},
		{"a in ja", 5, "een lijst tussen haakjes, niet “ja”"},
		{"a in (ja", 8, "niet gesloten"},
		{"answered a", 9, "hoort een haakje"},
		{"answered(3)", 9, "naam van een variabele"},
		{"and", 0, "naam van een variabele, niet “and”"},
		{"a = 3x", 4, "geen getal"},
		{"a = -", 4, "geen getal"},
		{"a = 1234567890", 4, "te groot"},
		{"a ≠ ja", 2, "Het teken “≠”"},
		{"a = \xff", 4, "Het teken"},
		{strings.Repeat("(", 60) + "a = ja", 50, "te veel binnen elkaar"},
		{strings.Repeat("not ", 60) + "a = ja", 200, "te veel binnen elkaar"},
		{strings.Repeat("a = ja and ", 300), 2000, "te lang"},
	} {
		_, err := Parse(tt.src)
		e, ok := errors.AsType[*Error](err)
		if !ok {
			t.Errorf("Parse(%.30q): %v, want an *Error", tt.src, err)
			continue
		}
		if e.Offset != tt.offset || !strings.Contains(e.Text, tt.text) || e.Remedy == "" {
			t.Errorf("Parse(%.30q): offset %d, %q (%q); want %d, %q and a remedy", tt.src, e.Offset, e.Text, e.Remedy, tt.offset, tt.text)
		}
	}
}

func TestResolveNamesEveryFault(t *testing.T) {
	t.Parallel()
	e, err := Parse("a = misschien and x = ja and t = 3 and n = veel and b = 7 and a < 9")
	if err != nil {
		t.Fatal(err)
	}
	_, faults := e.Resolve(domains)
	want := []string{
		"4 Het antwoord “misschien” bestaat niet bij “a”. Kies uit: nee, ja, soms.",
		"18 De variabele “x” bestaat niet.",
		"29 “t” is een tekst; die is niet te vergelijken. Gebruik answered(t).",
		"43 “n” is een getal; “veel” is dat niet. Schrijf een getal.",
		"56 De code 7 bestaat niet bij “b”. Kies uit: nee, ja, soms.",
	}
	if len(faults) != len(want) {
		t.Fatalf("%d faults, want %d: %v", len(faults), len(want), faults)
	}
	for i, f := range faults {
		if got := fmt.Sprintf("%d %s %s", f.Offset, f.Text, f.Remedy); !strings.HasPrefix(got, want[i]) {
			t.Errorf("fault %d: %s\nwant %s", i, got, want[i])
		}
	}
}

func TestSatisfiable(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		src         string
		ok, decided bool
	}{
		{"", true, true},
		{"a = ja", true, true},
		{"a = ja and a = nee", false, true},
		{"a = ja and not answered(a)", false, true},
		{"a > soms", false, true},
		{"n > 10 and n < 12", true, true},
		{"n > 10 and n < 11", false, true},
		{"n > 996", false, true},
		{"not (a != ja) and not (a = ja)", true, true}, // missing
		{"answered(t) and not answered(t)", false, true},
	} {
		ok, decided := Satisfiable(mustParse(t, tt.src), domains)
		if ok != tt.ok || decided != tt.decided {
			t.Errorf("Satisfiable(%q) = %v, %v; want %v, %v", tt.src, ok, decided, tt.ok, tt.decided)
		}
	}
}

func TestSatisfiableGivesUpInTime(t *testing.T) {
	t.Parallel()
	var es []Expr
	for i := range 20 {
		es = append(es, Is(fmt.Sprintf("x%d", i), 1))
	}
	any := func(string) (Domain, bool) { return Domain{Values: []Value{{"nee", 0}, {"ja", 1}}}, true }
	if _, decided := Satisfiable(And(es...), any); decided {
		t.Error("3^20 cases were decided")
	}
	if _, decided := Satisfiable(Is("onbekend", 1), domains); decided {
		t.Error("an unknown variable was decided")
	}
}

func TestVariablesAndOffsets(t *testing.T) {
	t.Parallel()
	e := mustParse(t, "b = ja or not answered(t) and b = nee and a = ja")
	if got := strings.Join(e.Variables(), " "); got != "b t a" {
		t.Errorf("variables %q", got)
	}
	if e.Offset("t") != 23 || e.Offset("b") != 0 || e.Offset("a") != 42 {
		t.Errorf("offsets %d %d %d", e.Offset("t"), e.Offset("b"), e.Offset("a"))
	}
}

func TestOrWithTheEmptyConditionAlwaysHolds(t *testing.T) {
	t.Parallel()
	if e := Or(Is("a", 1), Expr{}); !e.IsZero() {
		t.Errorf("got %v", e)
	}
	if e := And(Expr{}, Is("a", 1)); e.String() != "a = 1" {
		t.Errorf("got %v", e)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "a = ja", "not (a in (1, b)) or answered(c) and d >= -3", "((a=1))", "not not a<2", "a = ja or (b = 1 or c = 2)"} {
		f.Add(s)
	}
	f.Add(strings.Repeat("not ", 50) + "a = ja")
	f.Fuzz(func(t *testing.T, src string) {
		e, err := Parse(src)
		if err != nil {
			if x, ok := errors.AsType[*Error](err); !ok || x.Offset < 0 || x.Offset > len(src) || x.Text == "" {
				t.Fatalf("Parse(%q): bad error %#v", src, err)
			}
			return
		}
		printed := e.String()
		again, err := Parse(printed)
		if err != nil && len(printed) <= maxLength {
			t.Fatalf("Parse(%q) prints %q, which is refused: %v", src, printed, err)
		}
		if err == nil && again.String() != printed {
			t.Fatalf("%q prints %q, then %q", src, printed, again)
		}
		e.Eval(func(name string) (string, bool) { return "1", len(name)%2 == 0 })
	})
}
