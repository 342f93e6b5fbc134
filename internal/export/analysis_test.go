package export_test

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/internal/scale"
	"github.com/uitvraag/uitvraag/internal/stat"
)

// Others script against this shape: a key that is called differently, or an item
// that stands elsewhere, breaks their work without a word.
func TestTheJSONOfAScaleKeepsTheOrderOfItsItems(t *testing.T) {
	t.Parallel()
	s := scale.Scale{ID: "visie", Instrument: "swv", N: 3, Complete: 2, Mean: 3.5, SD: math.NaN(), Alpha: stat.Reliability{Alpha: .7}, Friedman: stat.Test{Statistic: 4, DF: 1, P: .05},
		Items: []scale.Item{{Variable: "visie_9", ItemRest: .4, Dropped: math.NaN(), Loading: .5}, {Variable: "visie_1", ItemRest: .3, Dropped: math.NaN(), Loading: .6}}}
	paper := export.AnalysisPaper("Proef", export.Analysis{Scales: []report.ScaleSet{{Instrument: "swv", Scales: []scale.Scale{s}}}})
	raw, err := json.Marshal(paper.Data)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"items":["visie_9","visie_1"],"k":2`, `"n":3,"n_complete":2,"mean":3.5`, `"sd":null`, `"item_rest":{"visie_9":0.4,"visie_1":0.3}`,
		`"alpha_if_dropped":{"visie_9":null,"visie_1":null}`, `"friedman":{"chi2":4,"df":1,"p":0.05`, `"loadings":{"visie_9":0.5,"visie_1":0.6}`, `"hypotheses":[]`,
	} {
		if !bytes.Contains(raw, []byte(want)) {
			t.Errorf("%s is not in %s", want, raw)
		}
	}
	var lines bytes.Buffer
	if err := paper.CSV(&lines); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(lines.String(), "vragenlijst,schaal,stelling,") || !strings.Contains(lines.String(), "\nswv,visie,visie_9,") {
		t.Errorf("lines:\n%s", &lines)
	}
}
