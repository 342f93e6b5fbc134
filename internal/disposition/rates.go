package disposition

import "math"

// A Rate is one of AAPOR's outcome rates. Value is NaN where there is nothing to
// divide by.
type Rate struct {
	Name        string
	Formula     string
	Value       float64
	Numerator   float64
	Denominator float64
}

// Rates computes all rates (AAPOR Standard Definitions; standards 2C), and the
// share e of the unknown units that is taken as eligible: the given one, or else
// that among the units of which it is known.
func Rates(n Counts, given *float64) (e float64, rates []Rate) {
	known := float64(n.I + n.P + n.R + n.NC + n.O)
	e = known / (known + float64(n.NE))
	if given != nil {
		e = *given
	}
	i, p, r, o, u := float64(n.I), float64(n.P), float64(n.R), float64(n.O), float64(n.UH+n.UO)
	eu := e * u
	if u == 0 {
		eu = 0 // whatever e is
	}
	const (
		all     = " / ((I+P)+(R+NC+O)+(UH+UO))"
		part    = " / ((I+P)+(R+NC+O)+e(UH+UO))"
		sure    = " / ((I+P)+(R+NC+O))"
		contact = "((I+P)+R+O) / ((I+P)+R+O+NC"
	)
	add := func(name, formula string, numerator, denominator float64) {
		v := math.NaN()
		if denominator > 0 {
			v = numerator / denominator
		}
		rates = append(rates, Rate{name, formula, v, numerator, denominator})
	}
	add("RR1", "I"+all, i, known+u)
	add("RR2", "(I+P)"+all, i+p, known+u)
	add("RR3", "I"+part, i, known+eu)
	add("RR4", "(I+P)"+part, i+p, known+eu)
	add("RR5", "I"+sure, i, known)
	add("RR6", "(I+P)"+sure, i+p, known)
	add("COOP1", "I / ((I+P)+R+O)", i, i+p+r+o)
	add("COOP2", "(I+P) / ((I+P)+R+O)", i+p, i+p+r+o)
	add("COOP3", "I / ((I+P)+R)", i, i+p+r)
	add("COOP4", "(I+P) / ((I+P)+R)", i+p, i+p+r)
	add("REF1", "R"+all, r, known+u)
	add("REF2", "R"+part, r, known+eu)
	add("REF3", "R"+sure, r, known)
	add("CON1", contact+"+(UH+UO))", i+p+r+o, known+u)
	add("CON2", contact+"+e(UH+UO))", i+p+r+o, known+eu)
	add("CON3", contact+")", i+p+r+o, known)
	return e, rates
}
