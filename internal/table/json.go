package table

import (
	"encoding/json"
	"math"
)

// A Number is a float that is null in JSON where it does not exist.
type Number float64

// MarshalJSON writes null for NaN and infinities.
func (x Number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(x))
}

// some is a number that is left out where it does not exist.
func some(x float64) *float64 {
	if math.IsNaN(x) {
		return nil
	}
	return &x
}

// cellJSON is a cell as files have it (DESIGN 6).
type cellJSON struct {
	Column        string   `json:"column"`
	Count         *int     `json:"count,omitempty"`
	Percent       *float64 `json:"percent,omitempty"`
	PercentValid  *float64 `json:"percent_valid,omitempty"`
	PercentColumn *float64 `json:"percent_column,omitempty"`
	Lo            *float64 `json:"lo,omitempty"`
	Hi            *float64 `json:"hi,omitempty"`
	Residual      *float64 `json:"residual,omitempty"`
	Withheld      bool     `json:"withheld,omitempty"`
	*gradeJSON
}

type gradeJSON struct {
	Mean Number   `json:"mean"`
	SD   Number   `json:"sd"`
	Min  Number   `json:"min"`
	Max  Number   `json:"max"`
	N    int      `json:"n"`
	Lo   *float64 `json:"mean_lo,omitempty"`
	Hi   *float64 `json:"mean_hi,omitempty"`
}

// MarshalJSON writes a cell: a grade, a count, or a count with its percentage.
func (c Cell) MarshalJSON() ([]byte, error) {
	out := cellJSON{Column: c.Column, Withheld: c.Withheld}
	if g := c.Grade; g != nil {
		out.gradeJSON = &gradeJSON{Number(g.Mean), Number(g.SD), Number(g.Min), Number(g.Max), g.N, some(g.Lo), some(g.Hi)}
		return json.Marshal(out)
	}
	if c.Count != Unknown {
		out.Count = &c.Count
	}
	out.Percent, out.PercentValid, out.PercentColumn, out.Residual = some(c.Percent), some(c.PercentValid), some(c.PercentColumn), some(c.Residual)
	out.Lo, out.Hi = some(c.Lo), some(c.Hi)
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON writes, and books of others, which may
// have percentages alone.
func (c *Cell) UnmarshalJSON(text []byte) error {
	var in struct {
		Column                               string
		Count                                *int
		Percent                              *float64
		PercentValid                         *float64 `json:"percent_valid"`
		PercentColumn                        *float64 `json:"percent_column"`
		Lo, Hi, Residual, Mean, SD, Min, Max *float64
		N                                    *int
		MeanLo                               *float64 `json:"mean_lo"`
		MeanHi                               *float64 `json:"mean_hi"`
		Withheld                             bool
	}
	if err := json.Unmarshal(text, &in); err != nil {
		return err
	}
	*c = Counted(in.Column, Unknown)
	c.Withheld = in.Withheld
	if in.N != nil {
		c.Count = *in.N
		c.Grade = &Grade{Mean: known(in.Mean), SD: known(in.SD), Min: known(in.Min), Max: known(in.Max), N: *in.N, Lo: known(in.MeanLo), Hi: known(in.MeanHi)}
		return nil
	}
	if in.Count != nil {
		c.Count = *in.Count
	}
	c.Percent, c.PercentValid, c.PercentColumn, c.Residual = known(in.Percent), known(in.PercentValid), known(in.PercentColumn), known(in.Residual)
	c.Lo, c.Hi = known(in.Lo), known(in.Hi)
	return nil
}

func known(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}

// Counted is a cell with a count alone.
func Counted(column string, count int) Cell {
	nan := math.NaN()
	return Cell{Column: column, Count: count, Percent: nan, PercentValid: nan, PercentColumn: nan, Lo: nan, Hi: nan, Residual: nan}
}

// MarshalJSON writes a test; numbers that do not exist are null.
func (t Test) MarshalJSON() ([]byte, error) {
	type plain Test // without this method
	if t.Warnings == nil {
		t.Warnings = []string{}
	}
	return json.Marshal(struct {
		plain
		Statistic Number `json:"statistic"`
		DF        Number `json:"df"`
		DF2       Number `json:"df2,omitempty"`
		P         Number `json:"p"`
		PHolm     Number `json:"p_holm"`
		Effect    Number `json:"effect"`
	}{plain(t), Number(t.Statistic), Number(t.DF), Number(t.DF2), Number(t.P), Number(t.PHolm), Number(t.Effect)})
}
