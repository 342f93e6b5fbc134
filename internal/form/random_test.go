package form_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// TestRandomQuestionnairesCanBeFilledIn walks through questionnaires nobody
// thought of, with answers nobody would give. A seed that fails stays the same:
// -run 'TestRandom.*/seed=17$'.
func TestRandomQuestionnairesCanBeFilledIn(t *testing.T) {
	t.Parallel()
	for seed := range uint64(120) {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) { walkRandom(t, seed) })
	}
}

// FuzzInstrument walks through many more.
func FuzzInstrument(f *testing.F) {
	f.Add(uint64(1 << 40))
	f.Fuzz(walkRandom)
}

// walkRandom makes the questionnaire of a seed and fills it in, whole and its
// core alone.
func walkRandom(t *testing.T, seed uint64) {
	rnd := rand.New(rand.NewPCG(3, seed))
	m := fixture.RandomQuestionnaire(rnd)
	src := m.Text()
	in, problems := instrument.Parse(src)
	if in == nil {
		t.Fatalf("seed %d: refused: %v\n%s", seed, problems, src)
	}
	for _, core := range []bool{false, true} {
		f := form.New(in)
		if core {
			f = form.NewCore(in)
		}
		w := &walk{T: t, f: f, m: m, core: core, rnd: rnd, values: V{}, passed: map[string]bool{}}
		if !core {
			w.blank()
			w.codes()
		}
		for range 5 {
			w.scramble()
			w.state()
		}
		w.values, w.passed = V{}, map[string]bool{}
		w.walk()
		if t.Failed() {
			t.Fatalf("seed %d, core %v, answers %v\n%s", seed, core, w.values, src)
		}
	}
}

// A walk is one person filling in one questionnaire.
type walk struct {
	*testing.T
	f      *form.Form
	m      *fixture.Questionnaire
	core   bool
	rnd    *rand.Rand
	values V
	passed map[string]bool
}

func (w *walk) chance(p float64) bool { return w.rnd.Float64() < p }

// walk goes to the first open page until there is none, and now and then back.
func (w *walk) walk() {
	for steps, back := 0, len(w.f.Pages); ; steps++ {
		w.state()
		p := w.f.FirstOpen(w.values, w.passed)
		if p == nil {
			break
		}
		if w.Failed() {
			return
		}
		if steps > 3*len(w.f.Pages) {
			w.Fatal("the questionnaire has no end")
		}
		if visible := w.f.Visible(w.values); back > 0 && w.chance(.2) {
			back--
			p = visible[w.rnd.IntN(len(visible))]
		}
		w.page(p)
	}
	w.end()
}

// scramble gives any answers to any questions, as after many changes of mind.
func (w *walk) scramble() {
	w.values, w.passed = V{}, map[string]bool{}
	for _, p := range w.f.Pages {
		w.passed[p.ID] = w.chance(.7)
		for i := range p.Items {
			w.scrambleItem(&p.Items[i])
		}
	}
}

func (w *walk) scrambleItem(it *instrument.Item) {
	one, answered := w.rnd.IntN(len(it.Variables)), w.chance(.8)
	for i, v := range it.Variables {
		switch {
		case v.Type == instrument.TextType:
			w.values.Set(v.Name, w.typed())
		case !answered:
			w.values[v.Name], _ = v.MissingCode(instrument.LeftOpen)
		case v.Type == instrument.FlagType: // boxes are answered together
			w.values[v.Name] = map[bool]string{true: "1", false: "0"}[i == one || it.Variables[one].Type != instrument.FlagType || w.chance(.3)]
		case v.Type == instrument.NumberType:
			w.values[v.Name] = strconv.Itoa(w.rnd.IntN(it.Question.Range.Max + 1))
		default:
			w.values[v.Name] = strconv.Itoa(v.Values[w.rnd.IntN(len(v.Values))].Code)
		}
	}
}

// page posts one page: sometimes wrong, then right, and again where a soft
// prompt asks for more.
func (w *walk) page(p *instrument.Page) {
	s := w.screen(p, w.values, nil, nil)
	w.unchanged(p, s)
	if w.chance(.3) {
		w.hostile(p, s)
	}
	fields := w.answers(s)
	read := w.f.Read(p, fields)
	if len(read.Problems) > 0 {
		w.Errorf("%s: %v gives %v", p.ID, fields, read.Problems)
		return
	}
	w.read(p, fields, read.Values)
	after := stored(p, w.values, read.Values)
	asked := w.f.Prompts(p, w.values, after)
	again := w.screen(p, after, nil, asked)
	w.asks(p, after, asked, again)
	if len(asked) > 0 {
		if twice := w.f.Prompts(p, after, stored(p, after, read.Values)); len(twice) > 0 {
			w.Errorf("%s: asked again: %v", p.ID, twice)
		}
	}
	w.values, w.passed[p.ID] = after, true
}

// asks checks that what was not left open before is asked for, and where a
// prompt leads: to a control of its own item, which has no value.
func (w *walk) asks(p *instrument.Page, after V, asked []form.Problem, s *screen) {
	for _, a := range asked {
		if s.ids[a.Field] != 1 || a.Text == "" || !hasItem(p, a.Item) || strings.TrimSpace(after[a.Field]) != "" && strings.HasSuffix(a.Field, "_txt") {
			w.Errorf("%s: the prompt %+v leads nowhere", p.ID, a)
		}
		if label, found := strings.CutPrefix(a.Text, "Vul in wat u bedoelt met "); found && !strings.Contains(label, w.label(p, a.Field)) {
			w.Errorf("%s: the prompt %+v leads to the text of another answer", p.ID, a)
		}
	}
	for i := range p.Items {
		it := &p.Items[i]
		quiet := it.Question.Kind == instrument.Open || it.Question.Kind == instrument.Repeated || it.Question.Optional || it.Row != nil && it.Row.Open
		known := w.passed[p.ID] && !answer.Answered(it, w.values)
		if !quiet && !known && !answer.Answered(it, after) && !slices.ContainsFunc(asked, func(a form.Problem) bool { return a.Item == it.ID() }) {
			w.Errorf("%s: %s is left open, and nothing asks for it", p.ID, it.ID())
		}
	}
}

// label returns what the answer says that a text belongs to.
func (w *walk) label(p *instrument.Page, field string) string {
	for _, o := range p.Question.Options {
		if field == p.Question.ID+"_"+o.ID+"_txt" {
			return o.Label
		}
	}
	return "no answer"
}

// A screen is what a browser makes of a page.
type screen struct {
	form.View
	ids      map[string]int
	controls map[string]int      // by variable: the fieldsets and boxes that fill it
	names    []string            // the variables, in order
	offered  map[string][]string // values of rounds and boxes, by variable
	boxes    map[string]bool     // to write in
	fields   url.Values          // what is sent when nothing is changed
}

func (w *walk) screen(p *instrument.Page, values V, problems, prompts []form.Problem) *screen {
	s := &screen{View: w.f.View(p, values, problems, prompts, w.rnd.IntN(4)), ids: map[string]int{}, controls: map[string]int{},
		offered: map[string][]string{}, boxes: map[string]bool{}, fields: url.Values{}}
	for _, g := range s.Groups {
		for _, f := range g.Fields {
			s.text(f.Text)
			for _, o := range f.Options {
				s.option(o)
			}
			for _, name := range fieldNames(f) {
				s.controls[name]++
			}
		}
	}
	if q := p.Question; q.Kind == instrument.Number && w.f.Variable(q.ID).IsMissing(s.fields.Get(q.ID)) && s.fields.Get(q.ID) != "" {
		w.Errorf("%s: the box shows the code %q", p.ID, s.fields.Get(q.ID))
	}
	for id, n := range s.ids {
		if n != 1 || id == "" {
			w.Errorf("%s: id %q is there %d times", p.ID, id, n)
		}
	}
	for i, v := range p.Variables() {
		later := p.Question.Kind == instrument.Repeated && i >= len(s.Groups)*len(p.Question.Fields)
		if want := map[bool]int{false: 1}[later]; s.controls[v.Name] != want {
			w.Errorf("%s: %d controls for %s, want %d", p.ID, s.controls[v.Name], v.Name, want)
		}
	}
	if len(s.controls) != len(s.names) || s.Step < 1 || s.Step >= s.Steps || s.Number < 1 || s.Number > s.Numbers {
		w.Errorf("%s: controls %v, step %d of %d, question %d of %d", p.ID, s.controls, s.Step, s.Steps, s.Number, s.Numbers)
	}
	return s
}

func (s *screen) name(name string) {
	if !slices.Contains(s.names, name) {
		s.names = append(s.names, name)
	}
}

func (s *screen) text(x *form.Text) {
	if x == nil {
		return
	}
	s.name(x.Name)
	s.ids[x.Name]++
	s.boxes[x.Name] = true
	s.fields.Add(x.Name, x.Value)
}

func (s *screen) option(o form.Option) {
	s.name(o.Name)
	s.ids[o.ID]++
	s.offered[o.Name] = append(s.offered[o.Name], o.Value)
	if o.Checked {
		s.fields.Add(o.Name, o.Value)
	}
	s.text(o.Text)
}

// fieldNames are the variables that one fieldset fills, each once.
func fieldNames(f form.Field) []string {
	names := map[string]bool{}
	text := func(x *form.Text) {
		if x != nil {
			names[x.Name] = true
		}
	}
	text(f.Text)
	for _, o := range f.Options {
		names[o.Name] = true
		text(o.Text)
	}
	return slices.Sorted(maps.Keys(names))
}

// unchanged posts a page as it was shown, which changes no answer.
func (w *walk) unchanged(p *instrument.Page, s *screen) {
	read := w.f.Read(p, s.fields)
	want := w.values
	if !w.passed[p.ID] {
		want = stored(p, w.values, V{})
	}
	if diff := cmp.Diff(want, stored(p, w.values, read.Values)); diff != "" || len(read.Problems) > 0 {
		w.Errorf("%s: posting what is shown changes it %v (-stored +posted):\n%s", p.ID, read.Problems, diff)
	}
}

// answers fills in a page by chance, as the page allows.
func (w *walk) answers(s *screen) url.Values {
	fields := url.Values{}
	for _, g := range s.Groups {
		for _, f := range g.Fields {
			if w.chance(.75) {
				w.field(s, f, fields)
			}
		}
	}
	return fields
}

func (w *walk) field(s *screen, f form.Field, fields url.Values) {
	boxes := func(x *form.Text) {
		if x != nil && w.chance(.6) {
			fields.Set(x.Name, w.typed())
		}
	}
	q := w.f.Page(s.ID).Question
	switch {
	case q.Kind == instrument.Number:
		fields.Set(q.ID, strconv.Itoa(q.Range.Min+w.rnd.IntN(q.Range.Max-q.Range.Min+1)))
		if len(f.Options) > 0 && w.chance(.4) {
			fields[q.ID] = []string{"", f.Options[0].Value} // the empty box, and the round
		}
	case s.Multiple:
		w.tick(q, f, fields, boxes)
		boxes(f.Text)
	case len(f.Options) > 0:
		o := f.Options[w.rnd.IntN(len(f.Options))]
		if w.chance(.9) {
			fields.Set(o.Name, o.Value)
		}
		for _, o := range f.Options {
			boxes(o.Text)
		}
		boxes(f.Text)
	default:
		boxes(f.Text)
	}
}

// tick ticks boxes that may stand together.
func (w *walk) tick(q *instrument.Question, f form.Field, fields url.Values, boxes func(*form.Text)) {
	alone := func(o form.Option) bool {
		i := slices.IndexFunc(q.Options, func(x instrument.Option) bool { return strings.HasSuffix(o.Name, "_"+x.ID) })
		return q.Options[i].Exclusive || q.Options[i].Missing != instrument.Substantive
	}
	one := f.Options[w.rnd.IntN(len(f.Options))]
	if alone(one) {
		fields.Set(one.Name, "1")
		return
	}
	for _, o := range f.Options {
		if !alone(o) && w.chance(.4) {
			fields.Set(o.Name, "1")
		}
		if !alone(o) {
			boxes(o.Text)
		}
	}
}

func (w *walk) typed() string {
	return []string{"", " ", "\r\n", "Elke maand overleg", "  twee\r\nregels ", "7", "=1+1", "é💡"}[w.rnd.IntN(8)]
}

// hostile posts what no browser sends: it gives problems that lead to a control
// of the page as it is shown again, and keeps the other answers.
func (w *walk) hostile(p *instrument.Page, s *screen) {
	fields := w.answers(s)
	v := p.Variables()[w.rnd.IntN(len(p.Variables()))]
	bad := map[instrument.Type][][]string{
		instrument.CodeType: {{"12345"}, {"x"}, {"-1"}, {"1.0"}, {"1", "2"}}, instrument.GradeType: {{"96"}, {"x"}}, instrument.FlagType: {{"2"}, {"1", "ja"}},
		instrument.NumberType: {{"99999"}, {"1,5"}, {"twee"}, {"5", "5"}}, instrument.TextType: {{"\xff"}, {"a\x00b"}, {strings.Repeat("é", form.MaxText+1)}},
	}[v.Type]
	if v.Type == instrument.NumberType && len(s.offered[v.Name]) > 0 {
		bad = append(bad, []string{"1", s.offered[v.Name][0]})
	}
	for _, bad := range bad {
		fields[v.Name] = bad
		read := w.f.Read(p, fields)
		if len(read.Problems) == 0 {
			w.Errorf("%s: %s=%.20q is no problem", p.ID, v.Name, bad)
			continue
		}
		typed := w.values.Clone()
		maps.Copy(typed, read.Values)
		again := w.screen(p, typed, read.Problems, nil)
		for _, problem := range read.Problems {
			if again.ids[problem.Field] != 1 || !hasItem(p, problem.Item) || problem.Text == "" {
				w.Errorf("%s: %s=%.20q: the problem %+v leads nowhere", p.ID, v.Name, bad, problem)
			}
		}
	}
}

func hasItem(p *instrument.Page, id string) bool {
	return slices.ContainsFunc(p.Items, func(it instrument.Item) bool { return it.ID() == id })
}

// read compares what a page gave with what was posted, by the rules of DESIGN 6.
func (w *walk) read(p *instrument.Page, fields url.Values, got V) {
	want := V{}
	for i := range p.Items {
		it := &p.Items[i]
		for _, v := range it.Variables {
			want[v.Name] = strings.Join(fields[v.Name], "")
		}
		for _, o := range it.Question.Options {
			name := it.ID() + "_" + o.ID
			if it.Row != nil || !o.Open || strings.TrimSpace(want[name+"_txt"]) == "" {
				continue
			}
			if it.Question.Kind == instrument.Multi {
				want[name] = "1"
			} else if want[it.ID()] == "" {
				want[it.ID()] = strconv.Itoa(o.Code)
			}
		}
		ticked := slices.ContainsFunc(it.Variables, func(v instrument.Variable) bool { return v.Type == instrument.FlagType && want[v.Name] == "1" })
		for _, v := range it.Variables {
			if v.Type == instrument.FlagType && ticked && want[v.Name] == "" {
				want[v.Name] = "0"
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.Errorf("%s: %v (-want +got):\n%s", p.ID, fields, diff)
	}
	for _, v := range p.Variables() {
		if !inCodebook(w.f, &v, got[v.Name]) {
			w.Errorf("%s: %s=%q is not in the codebook", p.ID, v.Name, got[v.Name])
		}
	}
}

// state checks everything that is said of the answers as they are now.
func (w *walk) state() {
	visible := w.f.Visible(w.values)
	var questions []string
	open := 0
	for i, p := range visible {
		questions = append(questions, p.Question.ID)
		if !w.passed[p.ID] {
			open++
		}
		before, after := w.f.Neighbours(p, w.values)
		if i > 0 && before != visible[i-1] || i == 0 && before != nil || i+1 < len(visible) && after != visible[i+1] || i+1 == len(visible) && after != nil {
			w.Errorf("%s: neighbours %v and %v", p.ID, before, after)
		}
	}
	if want := w.m.Shown(w.values, w.core); !slices.Equal(slices.Compact(questions), want) {
		w.Errorf("shown are %v, want %v", questions, want)
	}
	if first := w.f.FirstOpen(w.values, w.passed); (first == nil) != (open == 0) || first != nil && w.passed[first.ID] {
		w.Errorf("%d pages are open, the first is %v", open, first)
	}
	w.parts(visible)
	w.review(visible)
	w.final()
}

// parts checks the list of sections against the pages.
func (w *walk) parts(visible []*instrument.Page) {
	type line struct {
		total, passed int
		begun         bool
	}
	lines := map[int]*line{}
	first := map[int]string{}
	var order []int
	for _, p := range visible {
		if lines[p.Section] == nil {
			lines[p.Section] = &line{}
			order = append(order, p.Section)
		}
		l := lines[p.Section]
		l.total++
		l.begun = l.begun || slices.ContainsFunc(p.Items, func(it instrument.Item) bool { return answer.Answered(&it, w.values) })
		if w.passed[p.ID] {
			l.passed++
		} else if first[p.Section] == "" {
			first[p.Section] = p.ID
		}
	}
	for _, p := range slices.Backward(visible) {
		if l := lines[p.Section]; l.passed == l.total {
			first[p.Section] = p.ID
		}
	}
	parts := w.f.Parts(w.values, w.passed)
	if len(parts) != len(order) {
		w.Errorf("%d parts, want %d", len(parts), len(order))
		return
	}
	for i, part := range parts {
		l := lines[order[i]]
		progress := form.Busy
		switch {
		case l.passed == l.total && l.begun:
			progress = form.Done
		case l.passed == l.total:
			progress = form.Skipped
		case l.passed == 0 && !l.begun:
			progress = form.NotBegun
		}
		if part.No != i+1 || part.Total != l.total || part.Passed != l.passed || part.Page != first[order[i]] || part.Progress != progress ||
			part.Minutes < 1 || part.Questions < 1 || part.Questions > part.Total {
			w.Errorf("part %+v, want %+v, page %s, %s", part, *l, first[order[i]], progress)
		}
	}
}

// review checks the overview of all answers: each question that is shown once,
// and open what has no answer.
func (w *walk) review(visible []*instrument.Page) {
	type line struct {
		Page   string
		Open   int
		Passed bool
	}
	var want, got []line
	unanswered := 0
	for i, p := range visible {
		if i == 0 || visible[i-1].Question != p.Question {
			want = append(want, line{Page: p.ID, Passed: true})
		}
		l := &want[len(want)-1]
		l.Passed = l.Passed && w.passed[p.ID]
		for j := range p.Items {
			it := &p.Items[j]
			if it.Question.Kind == instrument.Open || it.Question.Kind == instrument.Repeated || it.Row != nil && it.Row.Open || answer.Answered(it, w.values) {
				continue
			}
			unanswered++
			if !it.Question.Optional {
				l.Open++
			}
		}
	}
	for _, part := range w.f.Review(w.values, w.passed) {
		for _, q := range part.Questions {
			got = append(got, line{q.Page, q.Open, q.Passed})
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.Errorf("review (-want +got):\n%s", diff)
	}
	if c := w.f.Complete(w.values); c.Applicable-c.Answered != unanswered || c.CoreApplicable > c.Applicable || c.CoreAnswered > c.Answered {
		w.Errorf("%+v, and %d items have no answer", c, unanswered)
	}
}

// final checks that what is sent leaves out what is hidden, leads to the same
// pages, and is in the codebook.
func (w *walk) final() {
	final := w.f.Final(w.values)
	shown := w.m.Shown(w.values, w.core)
	for i := range w.f.Variables {
		v := &w.f.Variables[i]
		want := w.values[v.Name]
		if !slices.Contains(shown, v.Question) {
			want = ""
		} else if name, isText := strings.CutSuffix(v.Name, "_txt"); isText && w.f.In.Question(v.Question).Kind == instrument.Single {
			code := w.f.Variable(v.Question)
			if chosen, _ := code.Code(strings.TrimPrefix(name, v.Question+"_")); w.values[v.Question] != chosen {
				want = ""
			}
		}
		if got, has := final[v.Name]; got != want || has && want == "" {
			w.Errorf("sent is %s=%q, want %q", v.Name, got, want)
		}
		if !inCodebook(w.f, v, want) {
			w.Errorf("%s=%q is not in the codebook", v.Name, want)
		}
	}
	if diff := cmp.Diff(final, w.f.Final(final)); diff != "" {
		w.Errorf("sending what is sent changes it:\n%s", diff)
	}
}

// end checks that nothing that was seen is left without a code.
func (w *walk) end() {
	final := w.f.Final(w.values)
	for _, p := range w.f.Visible(w.values) {
		for _, v := range p.Variables() {
			if v.Type != instrument.TextType && final[v.Name] == "" {
				w.Errorf("%s was seen and has no code", v.Name)
			}
		}
	}
}

// codes checks the code for left open of every question.
func (w *walk) codes() {
	for _, q := range w.m.Questions {
		if !q.Printed {
			continue
		}
		for _, v := range w.f.In.Question(q.ID).Variables() {
			code, ok := v.MissingCode(instrument.LeftOpen)
			if ok != (v.Type != instrument.TextType) || ok && code != strconv.Itoa(q.Left) {
				w.Errorf("left open is %q for %s, want %d", code, v.Name, q.Left)
			}
		}
	}
}

// blank checks the questionnaire on paper: every question once, in one piece.
func (w *walk) blank() {
	var want, got []string
	for _, q := range w.m.Questions {
		if q.Printed {
			want = append(want, q.ID)
		}
	}
	for i, b := range w.f.Blank() {
		got = append(got, b.View.ID)
		q := w.f.In.Question(b.View.ID)
		if b.No != i+1 || (b.When == "") != q.ShowIf.IsZero() || strings.Contains(b.When, "vraag 0") || b.View.Continued != "" {
			w.Errorf("on paper: %+v", b)
		}
		if q.Kind != instrument.Repeated && len(b.View.Groups) != max(1, len(q.Rows)) {
			w.Errorf("%s on paper has %d groups for %d rows", q.ID, len(b.View.Groups), len(q.Rows))
		}
	}
	if !slices.Equal(got, want) {
		w.Errorf("on paper are %v, want %v", got, want)
	}
}
