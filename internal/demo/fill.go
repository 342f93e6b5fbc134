package demo

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// A respondent fills in one questionnaire.
type respondent struct {
	member *member
	weight int    // units that the answers hold for
	core   bool   // answers the core questions only
	stop   string // question at which it stopped, "" for none
	values answer.Values
}

// alphas are what the scales aim at, so that their reliability comes out as
// published; the higher, the more one factor decides about all its statements.
var alphas = map[string]map[string]float64{
	"swv":      {"gedeelde_visie": .86, "onderling_vertrouwen": .875, "randvoorwaarden": .85, "sturing": .91, "borging": .86, "meerwaarde": .91},
	"gemeente": {"gedeelde_visie": .835, "onderling_vertrouwen": .865, "randvoorwaarden": .83, "sturing": .775, "borging": .73, "meerwaarde": .85},
}

// gradeScales says which scale a grade goes with.
var gradeScales = map[string]string{"cijfer_visie": "gedeelde_visie", "cijfer_vertrouwen": "onderling_vertrouwen",
	"cijfer_randvoorwaarden": "randvoorwaarden", "cijfer_sturing": "sturing"}

// A filler answers a questionnaire for all respondents together, so that the
// answers to each question divide as published.
type filler struct {
	form    *form.Form
	tables  map[string]table
	who     []*respondent
	topic   string               // of chance
	factors map[string][]float64 // by name: one number per respondent
	at      map[*respondent]int
}

// fill gives every respondent its answers.
func fill(f *form.Form, tables map[string]table, who []*respondent, topic string) {
	l := filler{form: f, tables: tables, who: who, topic: topic, factors: map[string][]float64{}, at: map[*respondent]int{}}
	for i, w := range who {
		w.values = answer.Values{}
		l.at[w] = i
	}
	gone := map[*respondent]bool{}
	for s := range f.In.Sections {
		for q := range f.In.Sections[s].Questions {
			question := &f.In.Sections[s].Questions[q]
			if question.Unprinted {
				continue
			}
			var base []*respondent
			for _, w := range who {
				gone[w] = gone[w] || w.stop == question.ID
				if !gone[w] && (!w.core || question.Kernvraag) && f.Shows(f.Page(question.ID), w.values) {
					base = append(base, w)
				}
			}
			l.question(question, base)
		}
	}
}

func (l *filler) question(q *instrument.Question, base []*respondent) {
	switch q.Kind {
	case instrument.Single, instrument.YesNo:
		l.single(q, nil, base)
	case instrument.MatrixSingle:
		for i := range q.Rows {
			l.single(q, &q.Rows[i], base)
		}
	case instrument.Multi:
		l.multi(q, nil, base)
	case instrument.MatrixMulti:
		for i := range q.Rows {
			l.multi(q, &q.Rows[i], base)
		}
	case instrument.GradeMatrix:
		for i := range q.Rows {
			l.grades(q, &q.Rows[i], base)
		}
	case instrument.Open:
		l.open(q, base)
	case instrument.Repeated:
		l.examples(q, base)
	}
}

// factor returns a property of all respondents: partly how things stand with
// them in general, as far as share says.
func (l *filler) factor(name string, share float64) []float64 {
	if f, ok := l.factors[name]; ok {
		return f
	}
	r := chance(l.topic + " factor " + name)
	f := make([]float64, len(l.who))
	var general []float64
	if share > 0 {
		general = l.factor("general", 0)
	}
	for i := range f {
		f[i] = math.Sqrt(1-share*share) * r.NormFloat64()
		if share > 0 {
			f[i] += share * general[i]
		}
	}
	l.factors[name] = f
	return f
}

// scores mixes a factor with chance of its own for one item.
func (l *filler) scores(base []*respondent, factor []float64, loading float64, item string) []float64 {
	r := chance(l.topic + " item " + item)
	s := make([]float64, len(base))
	for i, w := range base {
		s[i] = loading*factor[l.at[w]] + math.Sqrt(1-loading*loading)*r.NormFloat64()
	}
	return s
}

// content returns how an item is scored: its factor and how much that counts.
func (l *filler) content(q *instrument.Question, row string) (factor []float64, loading float64) {
	scale, loading := gradeScales[row], 0.8
	for _, s := range l.form.In.Scales {
		if slices.Contains(s.Items, row) {
			k, alpha := float64(len(s.Items)), alphas[l.form.In.Name][s.ID]
			r := alpha / (k - (k-1)*alpha)                                 // mean correlation of the items
			scale, loading = s.ID, math.Min(math.Sqrt(r)*attenuation, .95) // codes correlate less than what is under them
		}
	}
	if scale == "" && q.Statements() {
		return l.factor("loose "+row, 0), .9 // statements that go with no scale
	}
	if scale == "" {
		return l.factor("question "+q.ID, .6), .75
	}
	return l.factor(scale, .65), loading
}

// attenuation makes up for what is lost by five codes.
const attenuation = 1.07

// missing returns who gives a missing answer: those with little view give geen
// zicht op, those without that type of school n.v.t.
func (l *filler) missing(reason instrument.Missing, row, item string, base []*respondent) []float64 {
	if reason == instrument.NoView {
		return l.scores(base, l.factor("unseen", 0), .6, item+" unseen")
	}
	s := l.scores(base, l.factor("absent "+row, 0), .85, item+" absent")
	for i, w := range base {
		if (row == "vo" || row == "vso" || row == "overig") && w.member.background["inwoners"] == sizes[0] {
			s[i]++
		}
	}
	return s
}

// percentages returns the published ones of a row, by option.
func (l *filler) percentages(q *instrument.Question, row string) []int {
	t := l.tables[q.ID]
	r := t.row(row)
	if r.N == 0 { // Leerplicht, which only the edition of 2026 asks of special schools
		t = l.tables["b5_4"]
		r = t.row(row)
	}
	percent := make([]int, len(q.Options))
	for i, o := range q.Options {
		if at := slices.Index(t.Columns, o.ID); at >= 0 {
			percent[i] = r.Percent[at]
		}
	}
	return percent
}

// single answers a choice of one option: first who has no substantive answer,
// then the others from the lowest code to the highest.
func (l *filler) single(q *instrument.Question, row *instrument.Row, base []*respondent) {
	id, name := "", q.ID
	if row != nil {
		id = row.ID
		if name = q.ID + "_" + id; q.Statements() {
			name = id
		}
	}
	v := l.form.Variable(name)
	counts := shares(l.percentages(q, id), units(base))
	type category struct{ code, n int }
	var codes []category
	for i, o := range q.Options {
		if o.Missing == instrument.Substantive {
			codes = append(codes, category{o.Code, counts[i]})
			continue
		}
		var rest []*respondent
		chosen := choose(base, l.missing(o.Missing, id, name, base), counts[i])
		for j, w := range base {
			if chosen[j] {
				w.values[name], _ = v.Code(o.ID)
			} else {
				rest = append(rest, w)
			}
		}
		base = rest
	}
	slices.SortFunc(codes, func(a, b category) int { return cmp.Compare(a.code, b.code) })
	left := make([]int, len(codes))
	for i, c := range codes {
		left[i] = c.n
	}
	factor, loading := l.content(q, id)
	for i, at := range allot(base, l.scores(base, factor, loading, name), left) {
		base[i].values[name] = strconv.Itoa(codes[at].code)
		l.specify(q, row, base[i], v, codes[at].code)
	}
}

// specify writes the text that a chosen answer asks for.
func (l *filler) specify(q *instrument.Question, row *instrument.Row, w *respondent, v *instrument.Variable, code int) {
	switch {
	case row != nil && row.Open:
		w.values[v.Name+"_txt"] = l.text("anders", w, v.Name)
	case row == nil:
		for _, o := range q.Options {
			if o.Open && o.Code == code {
				w.values[q.ID+"_"+o.ID+"_txt"] = l.text("anders", w, v.Name)
			}
		}
	}
}

// grades gives the grades of a row; who gives none leaves it open.
func (l *filler) grades(q *instrument.Question, row *instrument.Row, base []*respondent) {
	t := l.tables[q.ID]
	for _, o := range q.Options {
		if o.Missing != instrument.Substantive {
			continue
		}
		name, g := q.ID+"_"+row.ID+"_"+o.ID, t.grade(row.ID, o.ID)
		published := t.asked(l.form.In.Name)
		n := min(g.N*units(base)/published, units(base))
		var givers []*respondent
		for i, yes := range choose(base, l.missing(instrument.NotApply, o.ID, name, base), units(base)-n) {
			if !yes {
				givers = append(givers, base[i])
			}
		}
		factor, loading := l.content(q, row.ID)
		for i, at := range allot(givers, l.scores(givers, factor, loading, name), marks(g, n)) {
			givers[i].values[name] = strconv.Itoa(g.Min + at)
		}
	}
}

// asked is how many units a question about grades was put to in 2018.
func (t *table) asked(instrument string) int {
	if instrument == "swv" {
		return 105
	}
	return 212
}
