package stat

import "math"

// bivariateTail is the chance that two standard normal numbers with correlation r
// lie above h and k (Drezner and Wesolowsky 1990, as made exact to 15 digits by
// Genz 2004; R mvtnorm pmvnorm). h and k may be infinite.
func bivariateTail(h, k, r float64) float64 {
	switch {
	case math.IsInf(h, 1) || math.IsInf(k, 1):
		return 0
	case math.IsInf(h, -1):
		return normalCDF(-k)
	case math.IsInf(k, -1):
		return normalCDF(-h)
	case math.Abs(r) < .925:
		angle := math.Asin(r)
		arc := func(x float64) float64 {
			sin := math.Sin(angle * x)
			return math.Exp((sin*h*k - (h*h+k*k)/2) / (1 - sin*sin))
		}
		return angle/(2*math.Pi)*(integral(arc, 0, .5)+integral(arc, .5, 1)) + normalCDF(-h)*normalCDF(-k)
	}
	p := 0.0
	if r < 0 {
		k = -k
	}
	if math.Abs(r) < 1 {
		p = nearLine(h, k, h*k, r)
	}
	if r > 0 {
		return max(0, p+normalCDF(-max(h, k)))
	}
	p = -p
	if k > h {
		if h < 0 {
			p += normalCDF(k) - normalCDF(h)
		} else {
			p += normalCDF(-h) - normalCDF(-k)
		}
	}
	return max(0, p)
}

// nearLine is what bivariateTail takes off for a correlation that is nearly 1: the
// first terms of a series in √(1−r²), and the integral of what they leave.
func nearLine(h, k, hk, r float64) float64 {
	as := (1 - r) * (1 + r)
	a := math.Sqrt(as)
	bs := (h - k) * (h - k)
	c, d := (4-hk)/8, (12-hk)/16
	p := 0.0
	if e := -(bs/as + hk) / 2; e > -100 {
		p = a * math.Exp(e) * (1 - c*(bs-as)*(1-d*bs/5)/3 + c*d*as*as/5)
	}
	if hk > -100 {
		b := math.Sqrt(bs)
		p -= math.Exp(-hk/2) * math.Sqrt(2*math.Pi) * normalCDF(-b/a) * b * (1 - c*bs*(1-d*bs/5)/3)
	}
	rest := func(x float64) float64 {
		xs := a / 2 * (1 + x) * a / 2 * (1 + x)
		e := -(bs/xs + hk) / 2
		if e <= -100 {
			return 0
		}
		rs := math.Sqrt(1 - xs)
		return math.Exp(e) * (math.Exp(-hk*xs/(2*(1+rs)*(1+rs)))/rs - (1 + c*xs*(1+d*xs)))
	}
	p += a / 2 * (integral(rest, -1, 0) + integral(rest, 0, 1))
	return -p / (2 * math.Pi)
}

// bivariateDensity is that of two standard normal numbers with correlation r; 0 at
// infinity.
func bivariateDensity(h, k, r float64) float64 {
	if math.IsInf(h, 0) || math.IsInf(k, 0) {
		return 0
	}
	left := (1 - r) * (1 + r)
	return math.Exp(-(h*h-2*r*h*k+k*k)/(2*left)) / (2 * math.Pi * math.Sqrt(left))
}
