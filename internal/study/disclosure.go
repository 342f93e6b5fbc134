package study

import "fmt"

// The limits of what may be published where a study sets none (standards X1 and
// X2).
const (
	FewUnits  = 3  // of fewer units nothing is told apart
	SmallBase = 10 // under it there are no percentages, and no row of a breakdown
	Dominance = 90 // percent of a group that gave one answer: more is flagged
)

// Disclosure is what a study promised about its answers, and the limits that
// follow from it (standards X6). The zero value promises that nobody can see what
// an organisation answered.
type Disclosure struct {
	// Traceable says that the invitation did not promise this: results may be
	// published by organisation, and breakdowns are not guarded.
	Traceable bool `json:"traceable,omitempty"`
	FewUnits  int  `json:"few_units,omitempty"`  // 0: the default
	SmallBase int  `json:"small_base,omitempty"` // 0: the default
	Dominance int  `json:"dominance,omitempty"`  // percent; 0: the default
}

// Limits returns d with its defaults filled in.
func (d Disclosure) Limits() Disclosure {
	for at, preset := range map[*int]int{&d.FewUnits: FewUnits, &d.SmallBase: SmallBase, &d.Dominance: Dominance} {
		if *at == 0 {
			*at = preset
		}
	}
	return d
}

// Check returns what is wrong with d, "" for nothing. Limits can be made
// stricter: a promise is kept at least as well as the defaults keep it.
func (d Disclosure) Check() string {
	l := d.Limits()
	switch {
	case l.FewUnits < FewUnits || l.FewUnits > 100:
		return fmt.Sprintf("De grens voor een cel ligt tussen %d en 100 eenheden.", FewUnits)
	case l.SmallBase < SmallBase || l.SmallBase > 1000:
		return fmt.Sprintf("De kleinste basis voor percentages ligt tussen %d en 1000.", SmallBase)
	case l.FewUnits > l.SmallBase:
		return "De grens voor een cel mag niet hoger zijn dan de kleinste basis."
	case l.Dominance <= 50 || l.Dominance > 100:
		return "De grens voor een overheersend antwoord ligt boven 50 en niet boven 100 procent."
	}
	return ""
}

// MayChange returns why the promise of s may not become d, "" where it may: what
// people were told when they were invited holds.
func (s Study) MayChange(d Disclosure) string {
	if problem := d.Check(); problem != "" {
		return problem
	}
	if d.Traceable && !s.Settings.Disclosure.Traceable && !s.Released.IsZero() {
		return "De uitnodigingen zijn verstuurd met de belofte dat niemand kan zien wie wat antwoordde. Die belofte blijft gelden."
	}
	return ""
}
