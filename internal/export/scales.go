package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/internal/scale"
	"github.com/uitvraag/uitvraag/internal/table"
)

// ScalesPaper is the scales of an instrument, to be put in a file.
func ScalesPaper(title, instrument string, scales []scale.Scale, beside map[string][]report.ScaleBeside) Paper {
	return Paper{report.Scales(title, instrument, scales, beside), scalesJSON(scales), func(w io.Writer) error { return scalesCSV(w, scales) }}
}

type scaleJSON struct {
	ID           string       `json:"id"`
	Title        string       `json:"title"`
	Instrument   string       `json:"instrument"`
	Valid        float64      `json:"valid_share"`
	Units        int          `json:"questionnaires"`
	N            int          `json:"n"`
	Complete     int          `json:"complete"`
	Mean         table.Number `json:"mean"`
	Lo           table.Number `json:"mean_lo"`
	Hi           table.Number `json:"mean_hi"`
	SD           table.Number `json:"sd"`
	Median       table.Number `json:"median"`
	Alpha        table.Number `json:"alpha"`
	AlphaLo      table.Number `json:"alpha_lo"`
	AlphaHi      table.Number `json:"alpha_hi"`
	Standardised table.Number `json:"alpha_standardised"`
	Friedman     table.Number `json:"friedman"`
	FriedmanP    table.Number `json:"friedman_p"`
	W            table.Number `json:"kendalls_w"`
	KMO          table.Number `json:"kmo"`
	Bartlett     table.Number `json:"bartlett"`
	BartlettP    table.Number `json:"bartlett_p"`
	Factors      int          `json:"factors_suggested"`
	Items        []itemJSON   `json:"items"`
	LeftOut      []itemJSON   `json:"left_out"`
	Warnings     []string     `json:"warnings"`
}

type itemJSON struct {
	Variable string       `json:"variable"`
	Label    string       `json:"label"`
	N        int          `json:"n"`
	Missing  int          `json:"missing"`
	Mean     table.Number `json:"mean"`
	SD       table.Number `json:"sd"`
	ItemRest table.Number `json:"item_rest"`
	Loading  table.Number `json:"loading"`
	Dropped  table.Number `json:"alpha_if_dropped"`
}

func scalesJSON(scales []scale.Scale) []scaleJSON {
	out := []scaleJSON{}
	items := func(of []scale.Item) []itemJSON {
		all := []itemJSON{}
		for _, x := range of {
			all = append(all, itemJSON{x.Variable, x.Label, x.N, x.Missing, table.Number(x.Mean), table.Number(x.SD), table.Number(x.ItemRest), table.Number(x.Loading), table.Number(x.Dropped)})
		}
		return all
	}
	for _, s := range scales {
		out = append(out, scaleJSON{s.ID, s.Title, s.Instrument, s.Valid, s.Units, s.N, s.Complete, table.Number(s.Mean), table.Number(s.Lo), table.Number(s.Hi), table.Number(s.SD), table.Number(s.Median),
			table.Number(s.Alpha.Alpha), table.Number(s.Alpha.Lo), table.Number(s.Alpha.Hi), table.Number(s.Alpha.Standardised), table.Number(s.Friedman.Statistic), table.Number(s.Friedman.P), table.Number(s.Friedman.Effect.Value), table.Number(s.Structure.KMO), table.Number(s.Structure.Bartlett.Statistic), table.Number(s.Structure.Bartlett.P), s.Structure.Suggested,
			items(s.Items), items(s.LeftOut), s.Warnings})
	}
	return out
}

func scalesCSV(w io.Writer, scales []scale.Scale) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"schaal", "stelling", "label", "n", "gemiddelde", "sd", "mediaan", "alfa", "samenhang_rest", "alfa_zonder"}); err != nil {
		return fmt.Errorf("csv: %w", err)
	}
	for _, s := range scales {
		lines := [][]string{{s.ID, "", s.Title, strconv.Itoa(s.N), exact(s.Mean), exact(s.SD), exact(s.Median), exact(s.Alpha.Alpha), "", ""}}
		for _, x := range append(append([]scale.Item{}, s.Items...), s.LeftOut...) {
			lines = append(lines, []string{s.ID, x.Variable, x.Label, strconv.Itoa(x.N), exact(x.Mean), exact(x.SD), "", "", exact(x.ItemRest), exact(x.Dropped)})
		}
		if err := out.WriteAll(lines); err != nil {
			return fmt.Errorf("csv: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}
