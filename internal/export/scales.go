package export

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/internal/scale"
	"github.com/uitvraag/uitvraag/internal/table"
)

// ScalesPaper is the scales of an instrument, to be put in a file.
func ScalesPaper(title string, of report.ScaleSet) Paper {
	return Paper{report.Scales(title, of), scalesJSON(of.Scales), func(w io.Writer) error { return scalesCSV(w, of.Scales) }}
}

// scaleJSON is a scale as DESIGN 6 has it, with more that is known of it.
type scaleJSON struct {
	Instrument   string       `json:"instrument"`
	Scale        string       `json:"scale"`
	Title        string       `json:"title"`
	Items        []string     `json:"items"`
	K            int          `json:"k"`
	Valid        float64      `json:"valid_share"`
	Units        int          `json:"questionnaires"`
	N            int          `json:"n"`
	Complete     int          `json:"n_complete"`
	Mean         table.Number `json:"mean"`
	Lo           table.Number `json:"mean_lo"`
	Hi           table.Number `json:"mean_hi"`
	Median       table.Number `json:"median"`
	SD           table.Number `json:"sd"`
	Alpha        table.Number `json:"alpha"`
	AlphaLo      table.Number `json:"alpha_lo"`
	AlphaHi      table.Number `json:"alpha_hi"`
	Standardised table.Number `json:"alpha_standardised"`
	Omega        table.Number `json:"omega"`
	OmegaLo      table.Number `json:"omega_lo"`
	OmegaHi      table.Number `json:"omega_hi"`
	ItemRest     byItem       `json:"item_rest"`
	Dropped      byItem       `json:"alpha_if_dropped"`
	Friedman     friedmanJSON `json:"friedman"`
	Loadings     byItem       `json:"loadings"`
	KMO          table.Number `json:"kmo"`
	Bartlett     table.Number `json:"bartlett"`
	BartlettP    table.Number `json:"bartlett_p"`
	Factors      int          `json:"factors_suggested"`
	Statements   []itemJSON   `json:"statements"`
	LeftOut      []itemJSON   `json:"left_out"`
	Warnings     []string     `json:"warnings"`
}

type friedmanJSON struct {
	Chi2 table.Number `json:"chi2"`
	DF   table.Number `json:"df"`
	P    table.Number `json:"p"`
	W    table.Number `json:"kendalls_w"`
}

type itemJSON struct {
	Variable string       `json:"variable"`
	Label    string       `json:"label"`
	N        int          `json:"n"`
	Missing  int          `json:"missing"`
	Mean     table.Number `json:"mean"`
	SD       table.Number `json:"sd"`
	ItemRest table.Number `json:"item_rest"`
	Dropped  table.Number `json:"alpha_if_dropped"`
	Loading  table.Number `json:"loading"`
}

// byItem is a number of each item: an object in the order of the items, which a Go
// map would lose.
type byItem struct {
	items []itemJSON
	of    func(itemJSON) table.Number
}

// MarshalJSON writes {"visie_1":0.61,...}.
func (m byItem) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, x := range m.items {
		key, err := json.Marshal(x.Variable)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.of(x))
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, key...), ':'), value...)
	}
	return append(out, '}'), nil
}

func scalesJSON(scales []scale.Scale) []scaleJSON {
	out := []scaleJSON{}
	items := func(of []scale.Item) []itemJSON {
		all := []itemJSON{}
		for _, x := range of {
			all = append(all, itemJSON{x.Variable, x.Label, x.N, x.Missing, table.Number(x.Mean), table.Number(x.SD), table.Number(x.ItemRest), table.Number(x.Dropped), table.Number(x.Loading)})
		}
		return all
	}
	for i := range scales {
		s := &scales[i]
		of := items(s.Items)
		x := scaleJSON{
			Instrument: s.Instrument, Scale: s.ID, Title: s.Title, Items: []string{}, K: len(of), Valid: s.Valid, Units: s.Units, N: s.N, Complete: s.Complete,
			Mean: table.Number(s.Mean), Lo: table.Number(s.Lo), Hi: table.Number(s.Hi), Median: table.Number(s.Median), SD: table.Number(s.SD),
			Alpha: table.Number(s.Alpha.Alpha), AlphaLo: table.Number(s.Alpha.Lo), AlphaHi: table.Number(s.Alpha.Hi), Standardised: table.Number(s.Alpha.Standardised),
			Omega: table.Number(s.Omega.Effect.Value), OmegaLo: table.Number(s.Omega.Effect.Lo), OmegaHi: table.Number(s.Omega.Effect.Hi),
			ItemRest: byItem{of, func(x itemJSON) table.Number { return x.ItemRest }},
			Dropped:  byItem{of, func(x itemJSON) table.Number { return x.Dropped }},
			Loadings: byItem{of, func(x itemJSON) table.Number { return x.Loading }},
			Friedman: friedmanJSON{table.Number(s.Friedman.Statistic), table.Number(s.Friedman.DF), table.Number(s.Friedman.P), table.Number(s.Friedman.Effect.Value)},
			KMO:      table.Number(s.Structure.KMO), Bartlett: table.Number(s.Structure.Bartlett.Statistic), BartlettP: table.Number(s.Structure.Bartlett.P), Factors: s.Structure.Suggested,
			Statements: of, LeftOut: items(s.LeftOut), Warnings: append([]string{}, s.Warnings...),
		}
		for _, y := range of {
			x.Items = append(x.Items, y.Variable)
		}
		out = append(out, x)
	}
	return out
}

func scalesCSV(w io.Writer, scales []scale.Scale) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"vragenlijst", "schaal", "stelling", "label", "n", "gemiddelde", "sd", "mediaan", "alfa", "samenhang_rest", "alfa_zonder", "omega"}); err != nil {
		return fmt.Errorf("csv: %w", err)
	}
	for _, s := range scales {
		lines := [][]string{{s.Instrument, s.ID, "", s.Title, strconv.Itoa(s.N), exact(s.Mean), exact(s.SD), exact(s.Median), exact(s.Alpha.Alpha), "", "", exact(s.Omega.Effect.Value)}}
		for _, x := range append(append([]scale.Item{}, s.Items...), s.LeftOut...) {
			lines = append(lines, []string{s.Instrument, s.ID, x.Variable, x.Label, strconv.Itoa(x.N), exact(x.Mean), exact(x.SD), "", "", exact(x.ItemRest), exact(x.Dropped), ""})
		}
		if err := out.WriteAll(lines); err != nil {
			return fmt.Errorf("csv: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}
