package limesurvey

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/logic"
)

// A Result is a questionnaire as it came out of LimeSurvey. It may still have
// faults that a person must mend: instrument.Parse of Text tells them.
type Result struct {
	Instrument *instrument.Instrument
	Text       []byte // the same as YAML, with the misses as comments above it
	Misses     []Miss
}

// Is reports whether a file looks like one of LimeSurvey: by its content, or by
// its name where the content says nothing.
func Is(name string, data []byte) bool {
	start := bytes.TrimLeft(bytes.TrimPrefix(data[:min(len(data), 4000)], []byte("\ufeff")), " \t\r\n")
	if bytes.HasPrefix(start, []byte("<")) || bytes.HasPrefix(start, []byte("PK")) {
		return true
	}
	line, _, _ := bytes.Cut(start, []byte("\n"))
	if bytes.Count(line, []byte("\t")) >= 3 {
		return true
	}
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{".lss", ".lsa", ".lsq", ".lsg", ".tsv", ".txt"}, func(ext string) bool { return strings.HasSuffix(name, ext) })
}

// Read turns the structure of a survey, as .lss or as a table with tabs, into a
// questionnaire with a list of what did not fit. A file that cannot be read at
// all gives problems, in Dutch, and nothing else.
func Read(data []byte) (*Result, []instrument.Problem) {
	problem := func(line int, text string) (*Result, []instrument.Problem) {
		return nil, []instrument.Problem{{Line: max(1, line), Column: 1, Text: text}}
	}
	if text := notText(data); text != "" {
		return problem(1, text)
	}
	var s *survey
	if start := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\ufeff")), " \t\r\n"); bytes.HasPrefix(start, []byte("<")) {
		r, line, text := parseLSS(data)
		if text != "" {
			return problem(line, text)
		}
		s = r.survey()
	} else {
		var line int
		var text string
		if s, line, text = parseTSV(data); text != "" {
			return problem(line, text)
		}
	}
	c := converter{survey: s, ids: map[string]bool{}, variables: map[string]variable{}, byID: map[string]*question{}}
	in := c.convert()
	head := []string{"Ingelezen uit LimeSurvey."}
	if len(s.misses) > 0 {
		head = append(head, "Wat niet of anders meeging:")
	}
	for _, m := range s.misses {
		head = append(head, "- "+m.String())
	}
	return &Result{Instrument: in, Text: instrument.Write(in, head...), Misses: s.misses}, nil
}

// A converter turns a survey into an instrument, question by question.
type converter struct {
	*survey
	ids       map[string]bool     // of questions, taken
	variables map[string]variable // of the questions so far, by what LimeSurvey calls them
	byID      map[string]*question
	styled    []string // questions with markup in their texts
	filled    []string // with something to fill in
	obliged   []string // that had to be answered
}

// A variable is what a condition can ask, and what it may hold.
type variable struct {
	name  string
	codes map[string]int // of our answers, by code of LimeSurvey; nil of texts and numbers
	flag  bool           // a box: "Y" when it is chosen
	text  bool           // as typed: it can be answered, and not compared
}

func (c *converter) convert() *instrument.Instrument {
	title := c.text("", c.Title)
	in := &instrument.Instrument{Name: "limesurvey", Edition: "1", Title: cmp.Or(title, "Vragenlijst uit LimeSurvey"), Respondent: "wie de vragenlijst invult", Minutes: 15, Partial: 0.5}
	c.miss("", "Vul zelf in: de naam (instrument), de editie, wie de lijst invult (respondent) en hoelang dat duurt (minutes).")
	sections := map[string]bool{}
	for i := range c.Groups {
		g := &c.Groups[i]
		name := c.text("", g.Name)
		s := instrument.Section{ID: unique(sections, "deel"+strconv.Itoa(i+1)), Title: cmp.Or(name, fmt.Sprintf("Deel %d", i+1)), Untitled: name == "", Intro: c.text("", g.Text)}
		for k := range g.Questions {
			q := &g.Questions[k]
			c.byID[q.id] = q
			c.question(&s, g, q)
		}
		switch {
		case len(s.Questions) > 0:
			in.Sections = append(in.Sections, s)
		case len(g.Questions) > 0 || s.Intro != "":
			c.miss("", "Het onderdeel ‘"+s.Title+"’ heeft geen vragen die mee konden. Het is weggelaten.")
		}
	}
	if welcome := c.text("", c.Welcome); welcome != "" {
		c.miss("", "De welkomsttekst gaat niet mee. De uitnodiging en de startpagina van Uitvraag zeggen dit: "+short(welcome, 300))
	}
	c.many(c.styled, "Uit deze teksten is opmaak (HTML) gehaald")
	c.many(c.obliged, "Deze vragen waren verplicht. In Uitvraag mag iemand elke vraag openlaten")
	c.many(c.filled, "In deze teksten staat iets wat LimeSurvey invult ({…}). Dat blijft letterlijk staan; pas het zelf aan")
	return in
}

// many is one miss about several questions.
func (c *converter) many(codes []string, text string) {
	codes = slices.Compact(codes)
	if len(codes) > 0 {
		c.miss("", fmt.Sprintf("%s: %s.", text, strings.Join(codes, ", ")))
	}
}

// text takes the markup out of a text, and notes what it was.
func (c *converter) text(code, text string) string {
	p := strip(text)
	where := cmp.Or(code, "algemene teksten")
	if p.script {
		c.miss(code, "In een tekst stond een script. Dat is weggehaald.")
	} else if p.markup {
		c.styled = append(c.styled, where)
	}
	if expression.MatchString(p.text) {
		c.filled = append(c.filled, where)
	}
	return p.text
}

var notID = regexp.MustCompile(`[^a-z0-9]+`)

// ourCode is a code that Write made of an id: letters in lower case, with a
// capital X in place of each underscore.
var ourCode = regexp.MustCompile(`^[a-z][a-z0-9]*(X[a-z0-9]+)*$`)

// newID makes an id of a code.
func newID(code string) string {
	if ourCode.MatchString(code) {
		code = strings.ReplaceAll(code, "X", "_")
	}
	id := strings.Trim(notID.ReplaceAllString(strings.ToLower(code), "_"), "_")
	if id == "" || id[0] >= '0' && id[0] <= '9' {
		id = "v" + id
	}
	if slices.Contains(logic.Keywords, id) {
		id += "_v"
	}
	return strings.TrimRight(id[:min(len(id), 24)], "_")
}

// unique makes an id that is not taken, and takes it.
func unique(taken map[string]bool, id string) string {
	for n, base := 2, id; taken[id]; n++ {
		id = base + "_" + strconv.Itoa(n)
	}
	taken[id] = true
	return id
}

// question adds what a question of LimeSurvey becomes to a section.
func (c *converter) question(s *instrument.Section, g *group, q *question) {
	text := c.text(q.Code, q.Text)
	base := instrument.Question{ID: newID(q.Code), Text: cmp.Or(text, q.Code), Hint: c.text(q.Code, q.Help)}
	for _, x := range q.Subs {
		if r := strings.TrimSpace(x.Relevance); r != "" && r != "1" {
			c.miss(q.Code, "De voorwaarde bij ‘"+short(x.Code, 20)+"’ gaat niet mee: "+short(r, 200))
		}
	}
	if q.Mandatory {
		c.obliged = append(c.obliged, q.Code)
	}
	kind, known := kinds[q.Type]
	if !known {
		c.miss(q.Code, "De soort ‘"+short(q.Type, 5)+"’ is onbekend. De vraag is weggelaten: "+short(text, 200))
		return
	}
	made := kind(c, s, q, base)
	show := c.shown(g, q)
	for _, m := range made {
		m.ShowIf = show
		m.ID = unique(c.ids, m.ID)
		s.Questions = append(s.Questions, m)
	}
	if len(made) > 0 {
		first := &s.Questions[len(s.Questions)-len(made)]
		for i := range made[1:] {
			if next := &s.Questions[len(s.Questions)-len(made)+1+i]; next.Explains != "" {
				next.Explains = first.ID
			}
		}
		c.remember(q, s.Questions[len(s.Questions)-len(made):])
	}
}

// shown puts the conditions of a group and a question together.
func (c *converter) shown(g *group, q *question) logic.Expr {
	var all []logic.Expr
	for _, text := range []string{g.Relevance, q.Relevance} {
		e, problem := c.condition(text)
		if problem != "" {
			c.miss(q.Code, "De voorwaarde gaat niet mee ("+problem+"): "+short(text, 300))
			continue
		}
		all = append(all, e)
	}
	return logic.And(all...)
}

// A kind makes our questions of one of LimeSurvey.
type kind func(c *converter, s *instrument.Section, q *question, base instrument.Question) []instrument.Question

var kinds map[string]kind

func init() {
	kinds = map[string]kind{
		"L": single, "!": single, "O": commented, "M": multi, "P": multiCommented, "F": matrix, "H": matrix, "A": fixed(1, 5), "B": fixed(1, 10), "1": dual,
		"N": numeric, "K": numerics, "S": open, "T": open, "U": open, "Q": opens, "Y": yesNo, "G": gender, "D": date, "X": display, "5": fivePoint,
		"C": words("Ja", "Weet niet", "Nee"), "E": words("Meer", "Gelijk", "Minder"), ":": numbers,
		"R": none("een rangorde"), ";": none("een tabel met teksten"), "|": none("een bestand uploaden"), "I": none("de taal kiezen"), "*": none("een berekening"),
	}
}

// none is a kind that we do not have.
func none(what string) kind {
	return func(c *converter, _ *instrument.Section, q *question, base instrument.Question) []instrument.Question {
		c.miss(q.Code, "De soort vraag ("+what+") is er in Uitvraag niet. De vraag is weggelaten: "+short(base.Text, 200))
		return nil
	}
}

func one(q instrument.Question) []instrument.Question { return []instrument.Question{q} }

// missing are the codes that stand for no substantive answer.
var missing = map[string]instrument.Missing{"gz": instrument.NoView, "nvt": instrument.NotApply}

// options turns answers into options. Codes that are numbers stay; others are
// numbered in order.
func (c *converter) options(q *question, answers []answer) []instrument.Option {
	numbered := true
	for _, a := range answers {
		n, err := strconv.Atoi(a.Code)
		numbered = numbered && (missing[a.Code] != "" || err == nil && n >= 0 && n <= 96 && strconv.Itoa(n) == a.Code)
	}
	ids := map[string]bool{}
	var out []instrument.Option
	for i, a := range answers {
		o := instrument.Option{Label: cmp.Or(c.text(q.Code, a.Text), a.Code)}
		if m := missing[a.Code]; m != "" && numbered {
			o.ID, o.Missing = unique(ids, string(m)), m
		} else {
			o.ID = unique(ids, strings.Replace(newID(a.Code), "v", "a", map[bool]int{true: 1}[a.Code != "" && a.Code[0] <= '9']))
			if o.Code = i + 1; numbered {
				o.Code = number(a.Code)
			}
		}
		out = append(out, o)
	}
	if !numbered && len(out) > 0 {
		c.miss(q.Code, "De codes van de antwoorden zijn geen getallen. Ze zijn genummerd vanaf 1.")
	}
	return out
}

func single(c *converter, _ *instrument.Section, q *question, base instrument.Question) []instrument.Question {
	base.Kind, base.Options = instrument.Single, c.options(q, q.answersOf(0))
	if saysYesOrNo(base.Options) && !q.Other {
		base.Kind = instrument.YesNo
	}
	if q.Other {
		code := 0
		for _, o := range base.Options {
			code = max(code, o.Code)
		}
		base.Options = append(base.Options, instrument.Option{ID: freeID(base.Options, "anders"), Code: code + 1, Label: c.otherLabel(q), Open: true})
	}
	return one(base)
}

func saysYesOrNo(options []instrument.Option) bool {
	var labels []string
	for _, o := range options {
		labels = append(labels, strings.ToLower(o.Label))
	}
	slices.Sort(labels)
	return slices.Equal(labels, []string{"ja", "nee"})
}

func (c *converter) otherLabel(q *question) string {
	return cmp.Or(c.text(q.Code, q.Attributes["other_replace_text"]), "Anders")
}

func freeID(options []instrument.Option, id string) string {
	taken := map[string]bool{}
	for _, o := range options {
		taken[o.ID] = true
	}
	return unique(taken, id)
}

func commented(c *converter, s *instrument.Section, q *question, base instrument.Question) []instrument.Question {
	made := single(c, s, q, base)
	return append(made, instrument.Question{ID: base.ID + "_toelichting", Kind: instrument.Open, Text: "Kunt u uw antwoord toelichten?", Optional: true, Explains: base.ID})
}

func multi(c *converter, _ *instrument.Section, q *question, base instrument.Question) []instrument.Question {
	base.Kind = instrument.Multi
	alone := strings.Split(q.Attributes["exclude_all_others"], ";")
	ids := map[string]bool{}
	for _, x := range q.scale(0) {
		o := instrument.Option{ID: unique(ids, newID(x.Code)), Label: cmp.Or(c.text(q.Code, x.Text), x.Code), Exclusive: slices.Contains(alone, x.Code)}
		if o.Exclusive && (o.ID == string(instrument.NoView) || o.ID == string(instrument.NotApply)) {
			o.Missing = instrument.Missing(o.ID)
		}
		base.Options = append(base.Options, o)
	}
	if q.Other {
		base.Options = append(base.Options, instrument.Option{ID: unique(ids, "anders"), Label: c.otherLabel(q), Open: true})
	}
	for _, limit := range []string{"min_answers", "max_answers"} {
		if v := q.Attributes[limit]; v != "" {
			c.miss(q.Code, "Hoeveel antwoorden iemand mag kiezen ("+limit+" "+short(v, 20)+"), gaat niet mee.")
		}
	}
	return one(base)
}

func multiCommented(c *converter, s *instrument.Section, q *question, base instrument.Question) []instrument.Question {
	c.miss(q.Code, "De toelichting bij elk antwoord gaat niet mee.")
	return multi(c, s, q, base)
}

func (c *converter) rows(q *question) []instrument.Row {
	ids := map[string]bool{}
	var out []instrument.Row
	for _, x := range q.scale(0) {
		label := c.text(q.Code, x.Text)
		if left, right, two := strings.Cut(label, "|"); two {
			label = strings.TrimSpace(left) + " – " + strings.TrimSpace(right)
		}
		out = append(out, instrument.Row{ID: unique(ids, newID(x.Code)), Label: cmp.Or(label, x.Code)})
	}
	return out
}

func matrix(c *converter, _ *instrument.Section, q *question, base instrument.Question) []instrument.Question {
	base.Kind, base.Rows, base.Options = instrument.MatrixSingle, c.rows(q), c.options(q, q.answersOf(0))
	if q.Type == "H" {
		c.miss(q.Code, "Antwoorden stonden onder elkaar en de vragen naast elkaar. In Uitvraag is dat andersom.")
	}
	return one(base)
}

// fixed is a matrix of marks.
func fixed(from, to int) kind {
	return func(c *converter, _ *instrument.Section, q *question, base instrument.Question) []instrument.Question {
		base.Kind, base.Rows = instrument.MatrixSingle, c.rows(q)
		base.Options = points(from, to)
		return one(base)
	}
}

func points(from, to int) []instrument.Option {
	var out []instrument.Option
	for n := from; n <= to; n++ {
		out = append(out, instrument.Option{ID: "p" + strconv.Itoa(n), Code: n, Label: strconv.Itoa(n)})
	}
	return out
}

// words is a matrix of answers that LimeSurvey has words for.
func words(labels ...string) kind {
	return func(c *converter, _ *instrument.Section, q *question, base instrument.Question) []instrument.Question {
		base.Kind, base.Rows = instrument.MatrixSingle, c.rows(q)
		for i, l := range labels {
			base.Options = append(base.Options, instrument.Option{ID: newID(l), Code: i + 1, Label: l})
		}
		return one(base)
	}
}

// dual has two scales for each row; we ask them after one another.
func dual(c *converter, _ *instrument.Section, q *question, base instrument.Question) []instrument.Question {
	c.miss(q.Code, "Een tabel met twee schalen is er in Uitvraag niet. De vraag is in tweeën gesplitst.")
	var out []instrument.Question
	for n, head := range []string{"dualscale_headerA", "dualscale_headerB"} {
		x := base
		x.ID = fmt.Sprintf("%s_%d", base.ID, n+1)
		if label := c.text(q.Code, q.Attributes[head]); label != "" {
			x.Text += " (" + label + ")"
		}
		x.Kind, x.Rows, x.Options = instrument.MatrixSingle, c.rows(q), c.options(q, q.answersOf(n))
		out = append(out, x)
	}
	return out
}

// highest is the highest number that can be asked: from 997 on are the codes of
// missing answers.
const highest = 996

// counted makes base a count, or an open question where the numbers are not ours.
func (c *converter) counted(q *question, base instrument.Question) instrument.Question {
	r := instrument.Range{Max: highest, Unit: c.text(q.Code, q.Attributes["suffix"])}
	least, lowErr := strconv.Atoi(q.Attributes["min_num_value_n"])
	most, highErr := strconv.Atoi(q.Attributes["max_num_value_n"])
	switch {
	case lowErr == nil && least < 0 || highErr == nil && (most > highest || most <= max(least, 0)):
		c.miss(q.Code, fmt.Sprintf("In Uitvraag gaat een getal van 0 tot en met %d. Dit is nu een open vraag.", highest))
		base.Kind = instrument.Open
		return base
	case highErr == nil:
		r.Max = most
	default:
		c.miss(q.Code, fmt.Sprintf("Er is geen hoogste getal; in Uitvraag is dat nu %d. Pas dat zo nodig aan (range).", r.Max))
	}
	if lowErr == nil && least < r.Max {
		r.Min = least
	}
	base.Kind, base.Range = instrument.Number, r
	return base
}

func numeric(c *converter, _ *instrument.Section, q *question, base instrument.Question) []instrument.Question {
	return one(c.counted(q, base))
}

// apart makes a question of each subquestion.
func (c *converter) apart(q *question, base instrument.Question, what string) []instrument.Question {
	c.miss(q.Code, "Elk "+what+" is een eigen vraag geworden.")
	var out []instrument.Question
	for _, x := range q.scale(0) {
		own := base
		own.ID = base.ID + "_" + newID(x.Code)
		own.Text = strings.TrimRight(base.Text, " :") + ": " + cmp.Or(c.text(q.Code, x.Text), x.Code)
		out = append(out, own)
	}
	return out
}

func numerics(c *converter, _ *instrument.Section, q *question, base instrument.Question) []instrument.Question {
	return c.apart(q, c.counted(q, base), "getal")
}

func open(_ *converter, _ *instrument.Section, _ *question, base instrument.Question) []instrument.Question {
	base.Kind = instrument.Open
	return one(base)
}

func opens(c *converter, _ *instrument.Section, q *question, base instrument.Question) []instrument.Question {
	base.Kind = instrument.Open
	return c.apart(q, base, "tekstvak")
}

func date(c *converter, _ *instrument.Section, q *question, base instrument.Question) []instrument.Question {
	c.miss(q.Code, "Een datum is in Uitvraag een open vraag: wat iemand typt, wordt niet als datum nagekeken.")
	base.Kind = instrument.Open
	return one(base)
}

func yesNo(_ *converter, _ *instrument.Section, _ *question, base instrument.Question) []instrument.Question {
	base.Kind = instrument.YesNo
	base.Options = []instrument.Option{{ID: "ja", Code: 1, Label: "Ja"}, {ID: "nee", Code: 2, Label: "Nee"}}
	return one(base)
}

func gender(_ *converter, _ *instrument.Section, _ *question, base instrument.Question) []instrument.Question {
	base.Kind = instrument.Single
	base.Options = []instrument.Option{{ID: "vrouw", Code: 1, Label: "Vrouw"}, {ID: "man", Code: 2, Label: "Man"}}
	return one(base)
}

func fivePoint(_ *converter, _ *instrument.Section, _ *question, base instrument.Question) []instrument.Question {
	base.Kind, base.Options = instrument.Single, points(1, 5)
	return one(base)
}

// display is a text without an answer: it leads in the section, where it is first.
func display(c *converter, s *instrument.Section, q *question, base instrument.Question) []instrument.Question {
	if text := strings.TrimSpace(base.Text + " " + base.Hint); len(s.Questions) == 0 && base.Text != q.Code {
		s.Intro = strings.TrimSpace(s.Intro + " " + text)
	} else {
		c.miss(q.Code, "Een tekst tussen de vragen kan niet. Hij is weggelaten: "+short(text, 300))
	}
	return nil
}

// numbers is a table of numbers: marks where they are bounded so, boxes where it
// has those.
func numbers(c *converter, s *instrument.Section, q *question, base instrument.Question) []instrument.Question {
	ids := map[string]bool{}
	for _, x := range q.scale(1) {
		o := instrument.Option{ID: unique(ids, newID(x.Code)), Label: cmp.Or(c.text(q.Code, x.Text), x.Code)}
		base.Options = append(base.Options, o)
	}
	base.Rows = c.rows(q)
	if q.Attributes["multiflexible_checkbox"] == "1" {
		base.Kind = instrument.MatrixMulti
		return one(base)
	}
	least, most := number(q.Attributes["multiflexible_min"]), number(q.Attributes["multiflexible_max"])
	if most <= least || most > 10 || least < 0 {
		return none("een tabel met getallen")(c, s, q, base)
	}
	base.Kind, base.Grade = instrument.GradeMatrix, instrument.Grade{Min: least, Max: most, Low: "laagst", High: "hoogst"}
	return one(base)
}

// remember keeps what conditions can ask of a question that was converted.
func (c *converter) remember(q *question, made []instrument.Question) {
	first := &made[0]
	switch first.Kind {
	case instrument.Single, instrument.YesNo:
		v := variable{name: first.ID, codes: map[string]int{}}
		for i, o := range first.Options {
			if o.Missing != instrument.Substantive {
				continue
			}
			switch {
			case q.Type == "Y":
				v.codes[map[string]string{"ja": "Y", "nee": "N"}[o.ID]] = o.Code
			case q.Type == "G":
				v.codes[map[string]string{"vrouw": "F", "man": "M"}[o.ID]] = o.Code
			case q.Type == "5":
				v.codes[strconv.Itoa(o.Code)] = o.Code
			case i < len(q.answersOf(0)):
				v.codes[q.answersOf(0)[i].Code] = o.Code
			default:
				v.codes["-oth-"] = o.Code
			}
		}
		c.variables[q.Code] = v
	case instrument.Multi:
		for i, x := range q.scale(0) {
			c.variables[q.Code+"_"+x.Code] = variable{name: first.ID + "_" + first.Options[i].ID, flag: true}
		}
	case instrument.MatrixSingle:
		c.rememberRows(q, first)
	case instrument.MatrixMulti:
		for r, x := range q.scale(0) {
			for o, y := range q.scale(1) {
				c.variables[q.Code+"_"+x.Code+"_"+y.Code] = variable{name: first.ID + "_" + first.Rows[r].ID + "_" + first.Options[o].ID, flag: true}
			}
		}
	case instrument.Open, instrument.Number:
		if len(made) == 1 {
			c.variables[q.Code] = variable{name: first.ID, text: first.Kind == instrument.Open}
			return
		}
		for i, x := range q.scale(0) {
			if i < len(made) {
				c.variables[q.Code+"_"+x.Code] = variable{name: made[i].ID, text: first.Kind == instrument.Open}
			}
		}
	}
}

func (c *converter) rememberRows(q *question, first *instrument.Question) {
	if q.Type == "1" {
		return
	}
	codes := map[string]int{}
	answers := q.answersOf(0)
	for i, o := range first.Options {
		key := strconv.Itoa(o.Code)
		switch {
		case q.Type == "C":
			key = [...]string{"Y", "U", "N"}[i]
		case q.Type == "E":
			key = [...]string{"I", "S", "D"}[i]
		case i < len(answers):
			key = answers[i].Code
		}
		if o.Missing == instrument.Substantive {
			codes[key] = o.Code
		}
	}
	for i, x := range q.scale(0) {
		c.variables[q.Code+"_"+x.Code] = variable{name: first.ID + "_" + first.Rows[i].ID, codes: codes}
	}
}
