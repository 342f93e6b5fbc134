package form_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// A maker writes the text of a random questionnaire that must be accepted, and
// keeps what the rules of DESIGN 1 say of it, to compare the form with.
type maker struct {
	rnd       *rand.Rand
	sets      []madeSet
	questions []*madeQuestion
	text      strings.Builder
}

// A madeSet is a list of answers; left is its code for seen and left open.
type madeSet struct {
	id, yaml string
	options  []madeOption
	left     int
}

type madeOption struct {
	id    string
	code  int
	alone bool // excludes the others of a multiple choice
	apart bool // geen zicht op, n.v.t.
	open  bool
}

type madeQuestion struct {
	id       string
	core     bool
	printed  bool
	left     int // code for left open; 0 for a text
	show     func(get func(name string) (int, bool)) bool
	needs    bool   // show is not always true
	compares []made // variables that a later question can depend on
}

// A made is a variable with its substantive codes.
type made struct {
	name  string
	codes []int
	ids   []string // words for the codes, nil where only numbers will do
}

func (m *maker) chance(p float64) bool { return m.rnd.Float64() < p }

func (m *maker) printf(format string, args ...any) { fmt.Fprintf(&m.text, format, args...) }

// words is a text with what people write in labels.
func (m *maker) words(of string) string {
	samples := []string{"%s", "Wat vindt u van %s: ‘alles’?", "%s (o.a. “zorg”) & meer", "100 %% %s, ja/nee", "Súdwest – %s #1", "É%s", "- %s", "'%s'", "%s\\n{x}"}
	return strconv.Quote(fmt.Sprintf(samples[m.rnd.IntN(len(samples))], of))
}

// instrument writes a whole questionnaire.
func (m *maker) instrument() string {
	for i := range 1 + m.rnd.IntN(4) {
		m.sets = append(m.sets, m.scale(fmt.Sprintf("lijst_%d", i)))
	}
	m.sets = append(m.sets, m.scale("stelling_a"))
	m.printf("uitvraag: 1\ninstrument: proef\nedition: \"2026\"\ntitle: %s\nrespondent: iemand\nminutes: %d\ndefinitions:\n  - {id: begrip, term: begrip, text: uitleg}\noption_sets:\n", m.words("proef"), 1+m.rnd.IntN(60))
	for _, s := range m.sets {
		m.printf("  - id: %s\n    options:\n%s", s.id, s.yaml)
	}
	m.printf("sections:\n")
	for s := range 1 + m.rnd.IntN(4) {
		m.printf("  - id: deel_%d\n    title: Deel %d\n", s, m.rnd.IntN(3)) // two may have one title
		if m.chance(.4) {
			m.printf("    intro: %s\n    definitions: [begrip]\n", m.words("inleiding"))
		}
		m.printf("    questions:\n")
		for range 1 + m.rnd.IntN(5) {
			m.question()
		}
	}
	return m.text.String()
}

// scale makes a list of 2 to 9 answers, with any of the two that are none.
func (m *maker) scale(id string) madeSet {
	s := madeSet{id: id}
	n, code := 2+m.rnd.IntN(8), m.rnd.IntN(2)
	for i := range n {
		s.add(m, madeOption{id: fmt.Sprintf("o%d", i), code: code}, "")
		code++
		if m.chance(.05) {
			code += m.rnd.IntN(150)
		}
	}
	if m.chance(.6) {
		s.add(m, madeOption{id: "gz", apart: true}, "")
	}
	if m.chance(.4) {
		s.add(m, madeOption{id: "nvt", apart: true}, "")
	}
	s.left = leftCode(s.options)
	return s
}

// leftCode is the rule of DESIGN 1 on the codes of missing answers.
func leftCode(options []madeOption) int {
	top := 0
	for _, o := range options {
		top = max(top, o.code)
	}
	switch {
	case top <= 6:
		return 7
	case top <= 96:
		return 97
	}
	return 997
}

// add adds an option and its line; more is what else stands in the line.
func (s *madeSet) add(m *maker, o madeOption, more string) {
	switch {
	case o.apart && o.id == "gz":
		more += ", missing: geen_zicht"
	case o.apart:
		more += ", missing: nvt"
	case !o.alone || m.chance(.5):
		more += fmt.Sprintf(", code: %d", o.code)
	}
	s.options = append(s.options, o)
	s.yaml += fmt.Sprintf("      - {id: %s, label: %s%s}\n", o.id, m.words(o.id), more)
}

// own makes the list of one choice with texts, or of boxes.
func (m *maker) own(multiple bool) madeSet {
	var s madeSet
	n, exclusive := 2+m.rnd.IntN(8), ""
	if multiple {
		exclusive = ", exclusive: true"
		if m.chance(.4) {
			s.add(m, madeOption{id: "geen", code: 90, alone: true}, exclusive)
		}
	}
	for i := range n {
		o := madeOption{id: fmt.Sprintf("o%d", i), code: i + 1, open: m.chance(.25)}
		more := ""
		if o.open {
			more = ", open: true"
		}
		s.add(m, o, more)
	}
	for _, id := range []string{"gz", "nvt"} {
		if m.chance(.4) {
			s.add(m, madeOption{id: id, apart: true, alone: multiple}, exclusive)
		}
	}
	s.left = leftCode(s.options)
	if multiple {
		s.left = 7
	}
	s.yaml = indent(s.yaml)
	return s
}

func indent(yaml string) string { return strings.ReplaceAll("    "+yaml, "\n      ", "\n          ") }

func (m *maker) question() {
	q := &madeQuestion{id: fmt.Sprintf("v%d", len(m.questions)+1), core: m.chance(.4), printed: !m.chance(.05)}
	q.show = func(func(string) (int, bool)) bool { return q.printed }
	kind := []func(*madeQuestion){m.single, m.single, m.yesNo, m.multi, m.multi, m.matrix, m.matrix, m.statements, m.matrixMulti, m.grades, m.open, m.number, m.repeated}[m.rnd.IntN(13)]
	m.printf("      - id: %s\n", q.id)
	if q.printed {
		m.printf("        text: %s\n", m.words(q.id))
		m.condition(q)
	} else {
		m.printf("        unprinted: true\n")
		q.core = false
	}
	for key, on := range map[string]bool{"kernvraag": q.core, "optional": m.chance(.15), "inferred": m.chance(.1)} {
		if on {
			m.printf("        %s: true\n", key)
		}
	}
	kind(q)
	if !q.printed {
		q.compares = nil
	}
	m.questions = append(m.questions, q)
}

func (q *madeQuestion) coded(name string, s madeSet) {
	v := made{name: name}
	for _, o := range s.options {
		if !o.apart {
			v.codes, v.ids = append(v.codes, o.code), append(v.ids, o.id)
		}
	}
	q.compares = append(q.compares, v)
}

func (q *madeQuestion) flags(name string, s madeSet) {
	for _, o := range s.options {
		q.compares = append(q.compares, made{name + "_" + o.id, []int{0, 1}, []string{"nee", "ja"}})
	}
}

func (m *maker) single(q *madeQuestion) {
	s := m.sets[m.rnd.IntN(len(m.sets)-1)]
	if m.chance(.5) {
		s = m.own(false)
		m.printf("        kind: single\n        options:\n%s", s.yaml)
	} else {
		m.printf("        kind: single\n        options: %s\n        option_labels: {o0: %s}\n", s.id, m.words("eigen"))
	}
	q.left = s.left
	q.coded(q.id, s)
}

func (m *maker) yesNo(q *madeQuestion) {
	m.printf("        kind: yes_no\n        options: [{id: ja, code: 1, label: Ja}, {id: nee, code: 2, label: Nee}]\n")
	q.left = 7
	q.compares = []made{{q.id, []int{1, 2}, []string{"ja", "nee"}}}
}

func (m *maker) multi(q *madeQuestion) {
	s := m.own(true)
	m.printf("        kind: multi\n        options:\n%s", s.yaml)
	q.left = 7
	q.flags(q.id, s)
}

// rows writes n rows, the last one sometimes with a text.
func (m *maker) rows(prefix string, n int, open bool) []string {
	var ids []string
	m.printf("        rows:\n")
	for i := range n {
		ids = append(ids, fmt.Sprintf("%s%d", prefix, i))
		more := []string{"", ", definitions: [begrip]"}[m.rnd.IntN(2)]
		if open && i == n-1 {
			more += ", open: true"
		}
		label := m.words("rij")
		m.printf("          - {id: %s, label: %s%s}\n", ids[i], label, more)
	}
	return ids
}

func (m *maker) matrix(q *madeQuestion) {
	s := m.sets[m.rnd.IntN(len(m.sets)-1)]
	m.printf("        kind: matrix_single\n        options: %s\n        stem: Hoe\n        row_header: Wat\n", s.id)
	q.left = s.left
	for _, r := range m.rows("r", 1+m.rnd.IntN(20), m.chance(.4)) {
		q.coded(q.id+"_"+r, s)
	}
}

func (m *maker) statements(q *madeQuestion) {
	s := m.sets[len(m.sets)-1]
	m.printf("        kind: matrix_single\n        options: %s\n", s.id)
	q.left = s.left
	for _, r := range m.rows(q.id+"x", 1+m.rnd.IntN(9), false) {
		q.coded(r, s)
	}
}

func (m *maker) matrixMulti(q *madeQuestion) {
	s := m.own(true)
	for strings.Contains(s.yaml, "open: true") {
		s = m.own(true)
	}
	m.printf("        kind: matrix_multi\n        options:\n%s", s.yaml)
	q.left = 7
	for _, r := range m.rows("r", 1+m.rnd.IntN(10), m.chance(.4)) {
		q.flags(q.id+"_"+r, s)
	}
}

func (m *maker) grades(q *madeQuestion) {
	lo := m.rnd.IntN(2)
	hi := lo + 1 + m.rnd.IntN(10)
	m.printf("        kind: grade_matrix\n        grade: {min: %d, max: %d, low: slecht, high: goed}\n        options: [{id: nu, label: Nu}, {id: straks, label: Straks}%s]\n",
		lo, hi, []string{"", ", {id: gz, label: Geen zicht op, missing: geen_zicht}"}[m.rnd.IntN(2)])
	q.left = 97
	var codes []int
	for g := lo; g <= hi; g++ {
		codes = append(codes, g)
	}
	for _, r := range m.rows("r", 1+m.rnd.IntN(10), false) {
		q.compares = append(q.compares, made{q.id + "_" + r + "_nu", codes, nil}, made{q.id + "_" + r + "_straks", codes, nil})
	}
}

func (m *maker) open(*madeQuestion) { m.printf("        kind: open\n") }

func (m *maker) number(q *madeQuestion) {
	hi := 1 + m.rnd.IntN(996)
	m.printf("        kind: number\n        range: {min: 0, max: %d, unit: scholen}\n", hi)
	if m.chance(.5) {
		m.printf("        options: [{id: gz, label: Geen zicht op, missing: geen_zicht}]\n")
	}
	q.left = 997
	q.compares = []made{{q.id, []int{0, hi / 2, hi}, nil}}
}

func (m *maker) repeated(*madeQuestion) {
	m.printf("        kind: repeated_group\n        repeat: %s\n        fields: [{id: naam, label: Naam}, {id: doel, label: Doel, lines: 4}]\n", []string{"voorbeeld", "één plan"}[m.rnd.IntN(2)])
}

// condition makes a question depend on earlier ones, in a way that can come
// true.
func (m *maker) condition(q *madeQuestion) {
	var free []*madeQuestion // that everybody gets
	var any []*madeQuestion
	for _, e := range m.questions {
		if len(e.compares) == 0 {
			continue
		}
		any = append(any, e)
		if !e.needs {
			free = append(free, e)
		}
	}
	if len(any) == 0 || m.chance(.6) {
		return
	}
	text, show := m.comparison(any[m.rnd.IntN(len(any))])
	switch {
	case m.chance(.25):
		t, s := m.comparison(any[m.rnd.IntN(len(any))])
		first := show
		text, show = text+" or "+t, func(get func(string) (int, bool)) bool { return first(get) || s(get) }
	case len(free) > 1 && m.chance(.3):
		at := m.rnd.IntN(len(free) - 1)
		ta, a := m.comparison(free[at])
		tb, b := m.comparison(free[at+1])
		text, show = ta+" and "+tb, func(get func(string) (int, bool)) bool { return a(get) && b(get) }
	}
	m.printf("        show_if: %s\n", strconv.Quote(text))
	q.needs, q.show = true, show
}

// comparison compares one variable of a question.
func (m *maker) comparison(q *madeQuestion) (string, func(func(string) (int, bool)) bool) {
	v := q.compares[m.rnd.IntN(len(q.compares))]
	i := m.rnd.IntN(len(v.codes))
	word := strconv.Itoa(v.codes[i])
	if v.ids != nil && m.chance(.7) {
		word = v.ids[i]
	}
	test := func(ok func(int) bool) func(func(string) (int, bool)) bool {
		return func(get func(string) (int, bool)) bool {
			x, has := get(v.name)
			return has && ok(x)
		}
	}
	equal := test(func(x int) bool { return x == v.codes[i] })
	other := v.codes[(i+1)%len(v.codes)]
	switch m.rnd.IntN(6) {
	case 0:
		return "answered(" + v.name + ")", test(func(int) bool { return true })
	case 1:
		return "not (" + v.name + " = " + word + ")", func(get func(string) (int, bool)) bool { return !equal(get) }
	case 2:
		return v.name + " != " + word, test(func(x int) bool { return x != v.codes[i] })
	case 3:
		return v.name + " in (" + word + ", " + strconv.Itoa(other) + ")", test(func(x int) bool { return x == v.codes[i] || x == other })
	case 4:
		return v.name + " >= " + strconv.Itoa(v.codes[i]), test(func(x int) bool { return x >= v.codes[i] })
	}
	return v.name + " = " + word, equal
}

// shown works out by itself which questions the answers lead to, in order.
func (m *maker) shown(values map[string]string, core bool) []string {
	counts := map[string]bool{} // variables of questions that are shown
	get := func(name string) (int, bool) {
		n, err := strconv.Atoi(values[name])
		return n, err == nil && counts[name]
	}
	var ids []string
	for _, q := range m.questions {
		if !q.printed || core && !q.core || !q.show(get) {
			continue
		}
		ids = append(ids, q.id)
		for _, v := range q.compares {
			n, _ := strconv.Atoi(values[v.name]) // "" is 0, which get finds out
			counts[v.name] = slices.Contains(v.codes, n) || q.ranged() && n < 997
		}
	}
	return ids
}

// ranged reports whether q is a number, whose codes are only samples.
func (q *madeQuestion) ranged() bool {
	return q.left == 997 && len(q.compares) == 1 && q.compares[0].ids == nil
}
