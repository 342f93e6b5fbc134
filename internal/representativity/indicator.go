package representativity

import "math"

// Indicators say how much the chance to respond differs between categories
// (Schouten, Cobben and Bethlehem 2009; standards 2G). They are NaN where there
// is no response at all, and describe only the characteristics they are made of:
// compare them only between moments with the same ones (R5).
type Indicators struct {
	N, Responded int
	Mean         float64    // chance to respond of all
	S            float64    // standard deviation of that chance
	R            float64    // 1 − 2S: 1 where every category responds alike
	RAdjusted    float64    // R without what chance alone adds to S in a small population
	CV           float64    // S / Mean: the largest bias of a mean, in standard deviations of what is measured
	Partial      []Variable // per characteristic
	Warnings     []string
}

// A Variable holds the unconditional partial indicators of a characteristic.
type Variable struct {
	Name       string
	P          float64   // √Σ P(category)²
	Categories []float64 // √(N_h/N)·(ρ_h − ρ̄): above 0 where more than average responds
}

// Indicate computes the indicators on one characteristic: ρ_h = n_h/N_h and
// S² = Σ (N_h/N)(ρ_h − ρ̄)². The adjustment takes the variance of the estimated
// ρ_h off: S² − (1/N)Σ ρ_h(1−ρ_h) + (1/N²)Σ N_h·ρ_h(1−ρ_h), at least 0.
func Indicate(c Characteristic) Indicators {
	n, responded := c.totals()
	if !c.sound() || responded == 0 {
		return noIndicators(n, responded, []Characteristic{c}, c.sound())
	}
	mean := float64(responded) / float64(n)
	s2, noise := 0.0, 0.0
	for _, k := range c.Categories {
		if k.Population == 0 {
			continue
		}
		share, rho := float64(k.Population)/float64(n), float64(k.Responded)/float64(k.Population)
		s2 += share * (rho - mean) * (rho - mean)
		noise += rho * (1 - rho) * (1 - share) / float64(n)
	}
	out := indicators(n, responded, s2, noise)
	out.Partial = []Variable{partial(c, mean, n)}
	return out
}

// indicators computes what follows from S² and the part of it that is noise.
func indicators(n, responded int, s2, noise float64) Indicators {
	out := Indicators{N: n, Responded: responded, Mean: float64(responded) / float64(n), S: math.Sqrt(s2)}
	out.R = 1 - 2*out.S
	out.RAdjusted = 1 - 2*math.Sqrt(max(0, s2-noise))
	out.CV = out.S / out.Mean
	return out
}

// partial returns the unconditional partial indicators of a characteristic.
// Categories without units have NaN.
func partial(c Characteristic, mean float64, n int) Variable {
	v := Variable{Name: c.Name}
	s := 0.0
	for _, k := range c.Categories {
		p := math.NaN()
		if k.Population > 0 {
			p = math.Sqrt(float64(k.Population)/float64(n)) * (float64(k.Responded)/float64(k.Population) - mean)
			s += p * p
		}
		v.Categories = append(v.Categories, p)
	}
	v.P = math.Sqrt(s)
	return v
}

func noIndicators(n, responded int, of []Characteristic, sound bool) Indicators {
	nan := math.NaN()
	out := Indicators{N: n, Responded: responded, Mean: nan, S: nan, R: nan, RAdjusted: nan, CV: nan, Warnings: []string{warnNobody}}
	if !sound {
		out.Warnings = []string{warnUnsound}
	}
	for _, c := range of {
		v := Variable{Name: c.Name, P: nan}
		for range c.Categories {
			v.Categories = append(v.Categories, nan)
		}
		out.Partial = append(out.Partial, v)
	}
	return out
}
