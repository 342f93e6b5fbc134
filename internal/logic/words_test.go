package logic

import "testing"

func TestAConditionInWords(t *testing.T) {
	t.Parallel()
	name := func(v string) string { return "‘" + v + "’" }
	value := func(_, x string) string { return "‘" + x + "’" }
	for src, want := range map[string]string{
		"":                              "",
		"a = ja":                        "‘a’ is ‘ja’",
		"a in (1, 2) and b != nee":      "‘a’ is ‘1’ of ‘2’ en ‘b’ is niet ‘nee’",
		"(a = 1 or n < 2) and n >= 4":   "(‘a’ is ‘1’ of ‘n’ is lager dan ‘2’) en ‘n’ is minstens ‘4’",
		"not (answered(t)) and n <= 10": "niet geldt: (‘t’ is beantwoord) en ‘n’ is hooguit ‘10’",
	} {
		if got := mustParse(t, src).Words(name, value); got != want {
			t.Errorf("%s: %q, want %q", src, got, want)
		}
	}
}
