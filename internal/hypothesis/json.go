package hypothesis

import (
	"encoding/json"
	"math"

	"github.com/uitvraag/uitvraag/internal/stat"
)

// figure is a float64 that is null in JSON where it does not exist.
type figure float64

func (n figure) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(n)) || math.IsInf(float64(n), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

type jsonEffect struct {
	Name  string `json:"name"`
	Value figure `json:"value"`
	Lo    figure `json:"lo"`
	Hi    figure `json:"hi"`
}

func effectOf(e stat.Effect) jsonEffect {
	return jsonEffect{e.Name, figure(e.Value), figure(e.Lo), figure(e.Hi)}
}

type jsonGroup struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	N     int    `json:"n"`
	Mean  figure `json:"mean"`
	SD    figure `json:"sd"`
}

type jsonClassic struct {
	Method    string `json:"method"`
	N         int    `json:"n"`
	Statistic figure `json:"statistic"`
	DF        figure `json:"df"`
	P         figure `json:"p"`
}

type jsonTest struct {
	Kind      Kind         `json:"kind"`
	Method    string       `json:"method"`
	Dependent string       `json:"dependent"`
	By        string       `json:"by"`
	N         int          `json:"n"`
	Statistic figure       `json:"statistic"`
	DF        figure       `json:"df"`
	DF2       figure       `json:"df2,omitempty"`
	P         figure       `json:"p"`
	PHolm     figure       `json:"p_holm"`
	Effect    jsonEffect   `json:"effect"`
	Size      *jsonEffect  `json:"size,omitempty"`
	Direction int          `json:"direction"`
	Groups    []jsonGroup  `json:"groups"`
	Classic   *jsonClassic `json:"classic,omitempty"`
	Untested  string       `json:"untested,omitempty"`
	Warnings  []string     `json:"warnings"`
}

// MarshalJSON writes an outcome as DESIGN 6 has it; numbers that do not exist are
// null.
func (o Outcome) MarshalJSON() ([]byte, error) {
	type outcome struct {
		ID          string     `json:"id"`
		Instrument  string     `json:"instrument"`
		Expectation string     `json:"expectation"`
		Verdict     Verdict    `json:"verdict"`
		Sentence    string     `json:"sentence"`
		Tests       []jsonTest `json:"tests"`
		Warnings    []string   `json:"warnings"`
	}
	out := outcome{o.Hypothesis.ID, o.Instrument, o.Hypothesis.Expectation, o.Verdict, o.Sentence, []jsonTest{}, append([]string{}, o.Warnings...)}
	for _, x := range o.Results {
		t := jsonTest{Kind: x.Kind, Method: x.Method, Dependent: x.Dependent, By: x.By, N: x.N, Statistic: figure(x.Statistic), DF: figure(x.DF), DF2: figure(x.DF2), P: figure(x.P), PHolm: figure(x.PHolm),
			Effect: effectOf(x.Effect), Direction: x.Sign, Groups: []jsonGroup{}, Untested: x.Untested, Warnings: append([]string{}, x.Warnings...)}
		if x.Size.Name != "" && x.Size.Name != x.Effect.Name {
			size := effectOf(x.Size)
			t.Size = &size
		}
		for _, g := range x.Groups {
			t.Groups = append(t.Groups, jsonGroup{g.ID, g.Label, g.N, figure(g.Mean), figure(g.SD)})
		}
		if c := x.Classic; c != nil {
			t.Classic = &jsonClassic{c.Method, c.N, figure(c.Statistic), figure(c.DF), figure(c.P)}
		}
		out.Tests = append(out.Tests, t)
	}
	return json.Marshal(out)
}
