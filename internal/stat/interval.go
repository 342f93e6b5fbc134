package stat

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// An Interval is a share, or a mean, with its uncertainty. Lo and Hi are NaN where there is
// nothing to be uncertain about, or nothing to estimate from.
type Interval struct {
	Value, Lo, Hi float64
	N             int     // the base
	Population    int     // of which N are known; 0 where it is taken as endless
	Confidence    float64 // such as 0.95
	Method        Method
	Warnings      []string
}

// The methods of intervals.
const (
	WilsonScore  Method = "Wilson"
	WilsonFinite Method = "Wilson, eindige populatie"
	Student      Method = "t-verdeling"
)

const (
	warnNoBase   = "Er zijn geen waarnemingen."
	warnNotShare = "Het aantal past niet in zijn basis."
	warnLevel    = "De betrouwbaarheid ligt niet tussen 0 en 1."
	warnAll      = "Alle eenheden zijn waargenomen; er is geen steekproefonzekerheid."
	warnMore     = "Er zijn meer waarnemingen dan de populatie groot is."
)

// Wilson estimates the share of successes among n, with the score interval of
// Wilson (1927; R prop.test with correct = FALSE):
//
//	(p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n)
func Wilson(successes, n int, confidence float64) Interval {
	iv := shareOf(successes, n, confidence, WilsonScore)
	if len(iv.Warnings) == 0 {
		iv.Lo, iv.Hi = score(iv.Value, float64(n), confidence)
	}
	return iv
}

// WilsonOf is Wilson for n units drawn from a population of known size: n is
// replaced by n·(N−1)/(N−n), which makes the variance that of a draw without
// replacement. Where n = N there is no interval, and a warning says so.
func WilsonOf(successes, n, population int, confidence float64) Interval {
	iv := shareOf(successes, n, confidence, WilsonFinite)
	iv.Population = population
	switch {
	case len(iv.Warnings) > 0:
	case n > population:
		iv.Warnings = []string{warnMore}
	case n == population:
		iv.Warnings = []string{warnAll}
	default:
		effective := float64(n) * float64(population-1) / float64(population-n)
		iv.Lo, iv.Hi = score(iv.Value, effective, confidence)
	}
	return iv
}

// shareOf is the share without an interval.
func shareOf(successes, n int, confidence float64, m Method) Interval {
	iv := Interval{Value: math.NaN(), Lo: math.NaN(), Hi: math.NaN(), N: n, Confidence: confidence, Method: m}
	switch {
	case n <= 0:
		iv.N, iv.Warnings = 0, []string{warnNoBase}
	case successes < 0 || successes > n:
		iv.Warnings = []string{warnNotShare}
	case !(confidence > 0 && confidence < 1):
		iv.Value, iv.Warnings = float64(successes)/float64(n), []string{warnLevel}
	default:
		iv.Value = float64(successes) / float64(n)
	}
	return iv
}

// score is Wilson's interval around a share p of n cases.
func score(p, n, confidence float64) (lo, hi float64) {
	z := normalQuantile(1 - (1-confidence)/2)
	middle := p + z*z/(2*n)
	half := z * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	lo, hi = (middle-half)/(1+z*z/n), (middle+half)/(1+z*z/n)
	if p == 0 {
		lo = 0 // exactly, not almost
	}
	if p == 1 {
		hi = 1
	}
	return max(lo, 0), min(hi, 1)
}

// WilsonWorth is WilsonOf for a share that is worth n independent cases, which
// need not be a whole number: weighted, or of cases that answered for others.
// observed of the population were seen; a population of 0 is endless. N of the
// result is observed.
func WilsonWorth(share, n float64, observed, population int, confidence float64) Interval {
	iv := shareOf(0, observed, confidence, WilsonScore)
	iv.Value = share
	if population > 0 {
		iv.Method, iv.Population = WilsonFinite, population
	}
	switch {
	case len(iv.Warnings) > 0:
	case !(share >= 0 && share <= 1) || !(n > 0):
		iv.Warnings = []string{warnNotShare}
	case population > 0 && observed > population:
		iv.Warnings = []string{warnMore}
	case population > 0 && observed == population:
		iv.Warnings = []string{warnAll}
	case population > 0:
		iv.Lo, iv.Hi = score(share, n*float64(population-1)/float64(population-observed), confidence)
	default:
		iv.Lo, iv.Hi = score(share, n, confidence)
	}
	return iv
}

// MeanOf is the interval of Student around a mean that is worth n independent
// cases, with the correction for a finite population (Cochran 1977; R survey
// svymean with fpc):
//
//	mean ± t(n−1)·sd/√n·√(1 − observed/population)
//
// sd is that of a sample. A population of 0 is endless.
func MeanOf(mean, sd, n float64, observed, population int, confidence float64) Interval {
	iv := shareOf(0, observed, confidence, Student)
	iv.Value, iv.Population = mean, population
	switch {
	case len(iv.Warnings) > 0:
		return iv
	case !(n > 1) || !finite(mean) || !(sd >= 0):
		iv.Warnings = []string{warnNoBase}
		return iv
	case population > 0 && observed > population:
		iv.Warnings = []string{warnMore}
		return iv
	case population > 0 && observed == population:
		iv.Warnings = []string{warnAll}
		return iv
	}
	left := 1.0
	if population > 0 {
		left = 1 - float64(observed)/float64(population)
	}
	half := distuv.StudentsT{Sigma: 1, Nu: n - 1}.Quantile(1-(1-confidence)/2) * sd / math.Sqrt(n) * math.Sqrt(left)
	iv.Lo, iv.Hi = mean-half, mean+half
	return iv
}
