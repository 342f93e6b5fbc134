package export

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/internal/scale"
)

// ScalesPaper is the scales of an instrument, to be put in a file.
func ScalesPaper(title, instrument string, scales []scale.Scale, beside map[string][]report.ScaleBeside) Paper {
	return Paper{report.Scales(title, instrument, scales, beside), scalesJSON(scales), func(w io.Writer) error { return scalesCSV(w, scales) }}
}

// A number is null in JSON where it does not exist.
type number float64

func (x number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(x))
}

type scaleJSON struct {
	ID           string     `json:"id"`
	Title        string     `json:"title"`
	Instrument   string     `json:"instrument"`
	Valid        float64    `json:"valid_share"`
	Units        int        `json:"questionnaires"`
	N            int        `json:"n"`
	Complete     int        `json:"complete"`
	Mean         number     `json:"mean"`
	Lo           number     `json:"mean_lo"`
	Hi           number     `json:"mean_hi"`
	SD           number     `json:"sd"`
	Median       number     `json:"median"`
	Alpha        number     `json:"alpha"`
	AlphaLo      number     `json:"alpha_lo"`
	AlphaHi      number     `json:"alpha_hi"`
	Standardised number     `json:"alpha_standardised"`
	Friedman     number     `json:"friedman"`
	FriedmanP    number     `json:"friedman_p"`
	W            number     `json:"kendalls_w"`
	KMO          number     `json:"kmo"`
	Bartlett     number     `json:"bartlett"`
	BartlettP    number     `json:"bartlett_p"`
	Factors      int        `json:"factors_suggested"`
	Items        []itemJSON `json:"items"`
	LeftOut      []itemJSON `json:"left_out"`
	Warnings     []string   `json:"warnings"`
}

type itemJSON struct {
	Variable string `json:"variable"`
	Label    string `json:"label"`
	N        int    `json:"n"`
	Missing  int    `json:"missing"`
	Mean     number `json:"mean"`
	SD       number `json:"sd"`
	ItemRest number `json:"item_rest"`
	Loading  number `json:"loading"`
	Dropped  number `json:"alpha_if_dropped"`
}

func scalesJSON(scales []scale.Scale) []scaleJSON {
	out := []scaleJSON{}
	items := func(of []scale.Item) []itemJSON {
		all := []itemJSON{}
		for _, x := range of {
			all = append(all, itemJSON{x.Variable, x.Label, x.N, x.Missing, number(x.Mean), number(x.SD), number(x.ItemRest), number(x.Loading), number(x.Dropped)})
		}
		return all
	}
	for _, s := range scales {
		out = append(out, scaleJSON{s.ID, s.Title, s.Instrument, s.Valid, s.Units, s.N, s.Complete, number(s.Mean), number(s.Lo), number(s.Hi), number(s.SD), number(s.Median),
			number(s.Alpha.Alpha), number(s.Alpha.Lo), number(s.Alpha.Hi), number(s.Alpha.Standardised), number(s.Friedman.Statistic), number(s.Friedman.P), number(s.Friedman.Effect.Value), number(s.Structure.KMO), number(s.Structure.Bartlett.Statistic), number(s.Structure.Bartlett.P), s.Structure.Suggested,
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
