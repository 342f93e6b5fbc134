package export

import (
	"io"

	"github.com/uitvraag/uitvraag/internal/hypothesis"
	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/internal/scale"
)

// ScalesOf is the scales of an instrument, with results of the same scales
// elsewhere by id.
type ScalesOf struct {
	Instrument string
	Scales     []scale.Scale
	Beside     map[string][]report.ScaleBeside
}

// An Analysis is the scales of instruments and what came of the expectations of a
// study. Register is nil where nothing was expected.
type Analysis struct {
	Scales   []ScalesOf
	Register *hypothesis.Register
	Outcomes []hypothesis.Outcome
	Figures  []hypothesis.FigureTable
}

// AnalysisPaper is an analysis, to be put in a file. Its lines are those of the
// scales, or of the tests where it has no scales.
func AnalysisPaper(title string, a Analysis) Paper {
	var chapters []report.Chapter
	var scales []scale.Scale
	for _, x := range a.Scales {
		chapters = append(chapters, report.Chapter{ID: x.Instrument, Doc: report.Scales(title, x.Instrument, x.Scales, x.Beside)})
		scales = append(scales, x.Scales...)
	}
	data := struct {
		Scales     []scaleJSON              `json:"scales"`
		Hypotheses []hypothesis.Outcome     `json:"hypotheses"`
		Figures    []hypothesis.FigureTable `json:"figures"`
	}{scalesJSON(scales), append([]hypothesis.Outcome{}, a.Outcomes...), append([]hypothesis.FigureTable{}, a.Figures...)}
	if a.Register != nil {
		chapters = append(chapters, report.Chapter{Doc: report.Hypotheses(title, a.Register, a.Outcomes, a.Figures)})
	}
	return Paper{report.Together(title, "Schalen en verwachtingen", chapters...), data, func(w io.Writer) error {
		if len(a.Scales) > 0 {
			return scalesCSV(w, scales)
		}
		return hypothesesCSV(w, a.Outcomes)
	}}
}
