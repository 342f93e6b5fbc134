package hypothesis

import (
	"encoding/json"

	"github.com/uitvraag/uitvraag/internal/stat"
	"github.com/uitvraag/uitvraag/internal/table"
)

type jsonEffect struct {
	Name  string       `json:"name"`
	Value table.Number `json:"value"`
	Lo    table.Number `json:"lo"`
	Hi    table.Number `json:"hi"`
}

func effectOf(e stat.Effect) jsonEffect {
	return jsonEffect{e.Name, table.Number(e.Value), table.Number(e.Lo), table.Number(e.Hi)}
}

type jsonGroup struct {
	ID    string       `json:"id"`
	Label string       `json:"label"`
	N     int          `json:"n"`
	Mean  table.Number `json:"mean"`
	SD    table.Number `json:"sd"`
}

type jsonClassic struct {
	Method    string       `json:"method"`
	N         int          `json:"n"`
	Statistic table.Number `json:"statistic"`
	DF        table.Number `json:"df"`
	P         table.Number `json:"p"`
}

type jsonTest struct {
	Kind      Kind         `json:"kind"`
	Method    string       `json:"method"`
	Dependent string       `json:"dependent"`
	By        string       `json:"by"`
	N         int          `json:"n"`
	Statistic table.Number `json:"statistic"`
	DF        table.Number `json:"df"`
	DF2       table.Number `json:"df2,omitempty"`
	P         table.Number `json:"p"`
	PHolm     table.Number `json:"p_holm"`
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
		t := jsonTest{Kind: x.Kind, Method: x.Method, Dependent: x.Dependent, By: x.By, N: x.N, Statistic: table.Number(x.Statistic), DF: table.Number(x.DF), DF2: table.Number(x.DF2), P: table.Number(x.P), PHolm: table.Number(x.PHolm),
			Effect: effectOf(x.Effect), Direction: x.Sign, Groups: []jsonGroup{}, Untested: x.Untested, Warnings: append([]string{}, x.Warnings...)}
		if x.Size.Name != "" && x.Size.Name != x.Effect.Name {
			size := effectOf(x.Size)
			t.Size = &size
		}
		for _, g := range x.Groups {
			t.Groups = append(t.Groups, jsonGroup{g.ID, g.Label, g.N, table.Number(g.Mean), table.Number(g.SD)})
		}
		if c := x.Classic; c != nil {
			t.Classic = &jsonClassic{c.Method, c.N, table.Number(c.Statistic), table.Number(c.DF), table.Number(c.P)}
		}
		out.Tests = append(out.Tests, t)
	}
	return json.Marshal(out)
}

// MarshalJSON writes a figure with its numbers.
func (t FigureTable) MarshalJSON() ([]byte, error) {
	type cell struct {
		N       int          `json:"n"`
		Mean    table.Number `json:"mean"`
		SD      table.Number `json:"sd"`
		Percent table.Number `json:"percent"`
	}
	type column struct {
		ID    string       `json:"id"`
		Label string       `json:"label"`
		Stars string       `json:"stars"`
		P     table.Number `json:"p"`
		N     int          `json:"n"`
	}
	type row struct {
		Row   string `json:"row"`
		Label string `json:"label"`
		Cells []cell `json:"cells"`
	}
	out := struct {
		ID         string       `json:"id"`
		Hypothesis string       `json:"hypothesis"`
		Instrument string       `json:"instrument"`
		Title      string       `json:"title"`
		By         string       `json:"by"`
		Method     string       `json:"method"`
		P          table.Number `json:"p"`
		Columns    []column     `json:"columns"`
		Rows       []row        `json:"rows"`
		Missing    string       `json:"missing,omitempty"`
	}{t.ID, t.Hypothesis, t.Instrument, t.Title, t.Figure.Rows, t.Method, table.Number(t.P), []column{}, []row{}, t.Missing}
	for _, c := range t.Columns {
		out.Columns = append(out.Columns, column{c.ID, c.Label, c.Stars, table.Number(c.P), c.N})
	}
	for _, r := range t.Rows {
		x := row{r.ID, r.Label, []cell{}}
		for _, c := range r.Cells {
			x.Cells = append(x.Cells, cell{c.N, table.Number(c.Mean), table.Number(c.SD), table.Number(c.Percent)})
		}
		out.Rows = append(out.Rows, x)
	}
	return json.Marshal(out)
}
