package export

import (
	"io"
	"slices"

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

// AddScales computes the scales of an instrument.
func (a *Analysis) AddScales(in hypothesis.Input, o scale.Options) error {
	found, err := scale.All(in.In, in.Data, o)
	a.Scales = append(a.Scales, ScalesOf{Instrument: in.In.Name, Scales: found, Beside: report.PublishedScales(in.In.Name)})
	return err
}

// Test tests what is expected of all inputs, because Holm's correction is over all,
// and keeps what came of those that were asked for. r is nil where nothing is expected.
func (a *Analysis) Test(r *hypothesis.Register, o hypothesis.Options, inputs []hypothesis.Input, asked func(hypothesis.Input) bool) error {
	if a.Register = r; r == nil {
		return nil
	}
	outcomes, err := r.Run(o, inputs...)
	if err != nil {
		return err
	}
	for _, in := range inputs {
		if !asked(in) {
			outcomes = slices.DeleteFunc(outcomes, func(x hypothesis.Outcome) bool { return x.Instrument == in.In.Name })
			continue
		}
		figures, err := r.Tables(o, in)
		if err != nil {
			return err
		}
		a.Figures = append(a.Figures, figures...)
	}
	a.Outcomes = outcomes
	return nil
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
