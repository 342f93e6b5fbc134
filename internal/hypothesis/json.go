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

// MarshalJSON writes a figure with its numbers.
func (t FigureTable) MarshalJSON() ([]byte, error) {
	type cell struct {
		N       int    `json:"n"`
		Mean    figure `json:"mean"`
		SD      figure `json:"sd"`
		Percent figure `json:"percent"`
	}
	type column struct {
		ID    string `json:"id"`
		Label string `json:"label"`
		Stars string `json:"stars"`
		P     figure `json:"p"`
		N     int    `json:"n"`
	}
	type row struct {
		Row   string `json:"row"`
		Label string `json:"label"`
		Cells []cell `json:"cells"`
	}
	out := struct {
		ID         string   `json:"id"`
		Hypothesis string   `json:"hypothesis"`
		Instrument string   `json:"instrument"`
		Title      string   `json:"title"`
		By         string   `json:"by"`
		Method     string   `json:"method"`
		P          figure   `json:"p"`
		Columns    []column `json:"columns"`
		Rows       []row    `json:"rows"`
		Missing    string   `json:"missing,omitempty"`
	}{t.ID, t.Hypothesis, t.Instrument, t.Title, t.Figure.Rows, t.Method, figure(t.P), []column{}, []row{}, t.Missing}
	for _, c := range t.Columns {
		out.Columns = append(out.Columns, column{c.ID, c.Label, c.Stars, figure(c.P), c.N})
	}
	for _, r := range t.Rows {
		x := row{r.ID, r.Label, []cell{}}
		for _, c := range r.Cells {
			x.Cells = append(x.Cells, cell{c.N, figure(c.Mean), figure(c.SD), figure(c.Percent)})
		}
		out.Rows = append(out.Rows, x)
	}
	return json.Marshal(out)
}
