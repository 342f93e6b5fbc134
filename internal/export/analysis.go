package export

import (
	"io"
	"slices"

	"github.com/uitvraag/uitvraag/internal/hypothesis"
	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/internal/scale"
)

// NewScales computes the scales of an instrument, with what stands beside them: the
// other audiences of its study, and what was published.
func NewScales(of hypothesis.Input, all []hypothesis.Input, o scale.Options) (report.ScaleSet, error) {
	set := report.ScaleSet{Instrument: of.In.Name, Published: report.PublishedScales(of.In.Name)}
	var err error
	if set.Scales, err = scale.All(of.In, of.Data, o); err != nil {
		return set, err
	}
	if set.Together, err = scale.FactorsOf(of.In, of.Data); err != nil {
		return set, err
	}
	for _, in := range all {
		if in.In.Name == of.In.Name {
			continue
		}
		there, err := scale.All(in.In, in.Data, o)
		if err != nil {
			return set, err
		}
		if versus := scale.Compare(set.Scales, there); len(versus) > 0 {
			set.Versions = append(set.Versions, report.ScaleVersion{Instrument: in.In.Name, Versus: versus})
		}
	}
	return set, nil
}

// An Analysis is the scales of instruments and what came of the expectations of a
// study. Register is nil where nothing was expected.
type Analysis struct {
	Scales   []report.ScaleSet
	Register *hypothesis.Register
	Outcomes []hypothesis.Outcome
	Figures  []hypothesis.FigureTable
}

// AddScales computes the scales of an instrument beside those of all.
func (a *Analysis) AddScales(in hypothesis.Input, all []hypothesis.Input, o scale.Options) error {
	found, err := NewScales(in, all, o)
	a.Scales = append(a.Scales, found)
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
		chapters = append(chapters, report.Chapter{ID: x.Instrument, Doc: report.Scales(title, x)})
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
