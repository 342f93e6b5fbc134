package chart

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Ticks returns round values for an axis: about n steps of 1, 2, 2½ or 5 times a
// power of ten, the first at or below lo and the last at or above hi. Values that
// are no numbers, or no span, give one step of 1.
func Ticks(lo, hi float64, n int) []float64 {
	if !(hi > lo) || math.IsInf(hi-lo, 0) || n < 1 {
		if math.IsNaN(lo) || math.IsInf(lo, 0) || math.Abs(lo) > 1e15 {
			lo = 0
		}
		return []float64{math.Floor(lo), math.Floor(lo) + 1}
	}
	raw := (hi - lo) / float64(n)
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * power
	for _, m := range []float64{1, 2, 2.5, 5} {
		if m*power >= raw*(1-1e-9) {
			step = m * power
			break
		}
	}
	first, last := math.Floor(lo/step+1e-9), math.Ceil(hi/step-1e-9)
	var out []float64
	for i := first; i <= last; i++ {
		out = append(out, round(i*step, step))
	}
	return out
}

// round takes away what floating point adds to a multiple of step.
func round(x, step float64) float64 {
	digits := max(0, 2-int(math.Floor(math.Log10(step))))
	x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'f', digits, 64), 64)
	return x
}

// Number writes a number the Dutch way, with a decimal comma and dots between
// thousands; a dash where there is none.
func Number(x float64, decimals int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	text := strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)
	whole, fraction, _ := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "." + whole[i:]
	}
	if fraction != "" {
		whole += "," + fraction
	}
	if x < 0 && strings.Trim(text, "0.") != "" {
		whole = "-" + whole
	}
	return whole
}

// Numbers writes the values of an axis with as many decimals as they all need.
func Numbers(values []float64) []string {
	decimals := 0
	for _, v := range values {
		for decimals < 6 && math.Abs(v*math.Pow10(decimals)-math.Round(v*math.Pow10(decimals))) > 1e-6 {
			decimals++
		}
	}
	var out []string
	for _, v := range values {
		out = append(out, Number(v, decimals))
	}
	return out
}

// Percent writes a share as a whole percentage.
func Percent(share float64) string {
	text := Number(100*share, 0)
	if text == "–" {
		return text
	}
	return text + "%"
}

// Width estimates how wide text is in pixels at a size, on the broad side: the
// fonts of the system differ.
func Width(text string, size float64) float64 {
	w := 0.0
	for _, r := range text {
		switch {
		case strings.ContainsRune("iIl.,:;|'’ jft()-", r):
			w += .36
		case strings.ContainsRune("mwMW%", r):
			w += .92
		case r >= 'A' && r <= 'Z':
			w += .72
		default:
			w += .58
		}
	}
	return w * size
}

// Spread moves positions apart until none is nearer to the next than gap, within
// lo and hi, and as little as it can; the order stays. Where they do not fit at
// that gap, they are spread evenly.
func Spread(at []float64, gap, lo, hi float64) []float64 {
	out := slices.Clone(at)
	if len(out) == 0 {
		return out
	}
	if room := (hi - lo) / float64(max(len(out)-1, 1)); gap > room {
		gap = room
	}
	order := make([]int, len(out))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case at[a] < at[b]:
			return -1
		case at[a] > at[b]:
			return 1
		}
		return 0
	})
	floor := lo
	for _, i := range order {
		out[i] = max(out[i], floor)
		floor = out[i] + gap
	}
	ceiling := hi
	for _, i := range slices.Backward(order) {
		out[i] = min(out[i], ceiling)
		ceiling = out[i] - gap
	}
	return out
}
