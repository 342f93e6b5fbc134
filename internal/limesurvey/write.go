package limesurvey

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/logic"
)

// maxCode is how long the code of a question or subquestion of LimeSurvey can be.
const maxCode = 20

// An exporter turns an instrument into a survey.
type exporter struct {
	survey
	in    *instrument.Instrument
	codes map[string]string     // of questions, by our id
	taken map[string]bool       // codes, in lower case
	asks  map[string]asked      // what conditions call our variables
	lost  map[string]([]string) // questions that lose something, by what it is
}

// asked is a variable as a condition of LimeSurvey names it.
type asked struct {
	name  string
	codes map[int]string // of LimeSurvey, by ours; nil of texts and numbers
	flag  bool
}

// export makes a survey of an instrument that was parsed without faults.
func export(in *instrument.Instrument) *survey {
	x := &exporter{in: in, survey: survey{Title: in.Title, Language: "nl"}, codes: map[string]string{}, taken: map[string]bool{}, asks: map[string]asked{}, lost: map[string][]string{}}
	for i := range in.Sections {
		s := &in.Sections[i]
		g := group{id: strconv.Itoa(i + 1), Name: s.Title, Text: x.explained(s.Intro, s.Definitions), order: i + 1}
		for k := range s.Questions {
			if q := &s.Questions[k]; q.Unprinted {
				x.lose(q, "Deze vragen worden nooit getoond en gaan niet mee")
			} else {
				g.Questions = append(g.Questions, x.question(q))
			}
		}
		x.Groups = append(x.Groups, g)
	}
	x.told()
	return &x.survey
}

func (x *exporter) lose(q *instrument.Question, what string) {
	if ids := x.lost[what]; len(ids) == 0 || ids[len(ids)-1] != q.ID {
		x.lost[what] = append(ids, q.ID)
	}
}

// told turns what was lost into misses.
func (x *exporter) told() {
	for _, what := range sortedKeys(x.lost) {
		x.miss("", what+": "+strings.Join(x.lost[what], ", ")+".")
	}
	if len(x.in.Scales) > 0 {
		x.miss("", fmt.Sprintf("Schalen (%d) gaan niet mee. LimeSurvey rekent ze niet uit.", len(x.in.Scales)))
	}
	if len(x.in.Notes) > 0 {
		x.miss("", "Aantekeningen bij de vragenlijst gaan niet mee.")
	}
	x.miss("", "Wie de lijst invult, hoelang dat duurt en vanaf wanneer hij als gedeeltelijk telt, gaat niet mee.")
}

// explained is a text with the definitions that belong to it.
func (x *exporter) explained(text string, ids []string) string {
	for _, id := range ids {
		if d, ok := x.in.Definition(id); ok {
			text = strings.TrimSpace(text + " " + d.Term + ": " + d.Text + ".")
		}
	}
	return text
}

// shortened tells that an id is not to be read back from its code.
func (x *exporter) shortened(q *instrument.Question, id, code string) {
	if newID(code) != id {
		x.lose(q, fmt.Sprintf("Een code heeft in LimeSurvey hooguit %d tekens. Bij deze vragen is er een ingekort", maxCode))
	}
}

// code makes a code of an id, with a capital X in place of each underscore, that
// newID turns back.
func code(id string, most int, taken map[string]bool) string {
	c := strings.ReplaceAll(id, "_", "X")
	if len(c) > most {
		c = strings.TrimRight(c[:most], "X")
	}
	for n, base := 2, c; taken[strings.ToLower(c)]; n++ {
		tail := "n" + strconv.Itoa(n)
		c = strings.TrimRight(base[:min(len(base), most-len(tail))], "X") + tail
	}
	taken[strings.ToLower(c)] = true
	return c
}

func (x *exporter) question(q *instrument.Question) question {
	out := question{id: q.ID, Code: code(q.ID, maxCode, x.taken), Text: q.Text, Help: x.explained(q.Hint, q.Definitions), Attributes: map[string]string{}, order: len(x.codes) + 1}
	x.shortened(q, q.ID, out.Code)
	x.codes[q.ID] = out.Code
	relevance, ok := x.relevance(q.ShowIf)
	if !ok {
		x.miss(q.ID, "De voorwaarde gaat niet mee: "+q.ShowIf.String())
	}
	out.Relevance = relevance
	for what, has := range map[string]bool{
		"Vetgedrukte woorden gaan niet mee": len(q.Emphasis) > 0, "Dat dit kernvragen zijn, gaat niet mee": q.Kernvraag,
		"Een toelichting staat er als gewone open vraag": q.Explains != ""} {
		if has {
			x.lose(q, what)
		}
	}
	switch q.Kind {
	case instrument.Single, instrument.YesNo:
		x.single(q, &out)
	case instrument.Multi:
		x.multi(q, &out)
	case instrument.MatrixSingle:
		x.matrix(q, &out)
	case instrument.MatrixMulti, instrument.GradeMatrix:
		x.table(q, &out)
	case instrument.Number:
		x.number(q, &out)
	case instrument.Repeated:
		x.repeated(q, &out)
	default:
		out.Type = "T"
		x.asks[q.ID] = asked{name: out.Code}
	}
	return out
}

// answers turns options into answers: the code of ours as it is, gz and nvt for
// what is no substantive answer.
func (x *exporter) answers(q *question, options []instrument.Option, of *instrument.Question) map[int]string {
	codes := map[int]string{}
	for _, o := range options {
		c := strconv.Itoa(o.Code)
		for lsCode, m := range missing {
			if o.Missing == m {
				c = lsCode
			}
		}
		if o.Missing == instrument.Substantive {
			codes[o.Code] = c
		}
		q.Answers = append(q.Answers, answer{Code: c, Text: o.Label, order: len(q.Answers) + 1})
		if o.Hint+o.Text+o.Title+o.Drawing != "" {
			x.lose(of, "Uitleg en tekeningen bij antwoorden gaan niet mee")
		}
	}
	return codes
}

// other takes the only option with a text out of a list: LimeSurvey has one, and
// puts it last.
func (x *exporter) other(q *instrument.Question, out *question) ([]instrument.Option, *instrument.Option) {
	at, n := -1, 0
	for i, o := range q.Options {
		if o.Open {
			at, n = i, n+1
		}
	}
	if n > 1 {
		x.lose(q, "Deze vragen hebben meer dan één antwoord met een tekst; die teksten gaan niet mee")
	}
	if n != 1 {
		return q.Options, nil
	}
	if at < len(q.Options)-1 {
		x.lose(q, "Het antwoord met een tekst staat in LimeSurvey onderaan")
	}
	o := q.Options[at]
	if o.ID != "anders" {
		x.lose(q, "Het antwoord met een tekst heet in LimeSurvey ‘other’")
	}
	out.Other, out.Attributes["other_replace_text"] = true, o.Label
	rest := append(append([]instrument.Option{}, q.Options[:at]...), q.Options[at+1:]...)
	return rest, &o
}

func (x *exporter) single(q *instrument.Question, out *question) {
	out.Type = "L"
	rest, other := x.other(q, out)
	codes := x.answers(out, rest, q)
	if other != nil {
		codes[other.Code] = "-oth-"
	}
	x.asks[q.ID] = asked{name: out.Code, codes: codes}
	x.lose(q, "Antwoorden heten in LimeSurvey naar hun code, niet naar hun id")
}

func (x *exporter) multi(q *instrument.Question, out *question) {
	out.Type = "M"
	rest, other := x.other(q, out)
	taken := map[string]bool{}
	var alone []string
	for _, o := range rest {
		c := code(o.ID, maxCode, taken)
		out.Subs = append(out.Subs, sub{Code: c, Text: o.Label, order: len(out.Subs) + 1})
		x.shortened(q, o.ID, c)
		x.asks[q.ID+"_"+o.ID] = asked{name: out.Code + "_" + c, flag: true}
		if o.Exclusive || o.Missing != instrument.Substantive {
			alone = append(alone, c)
		}
	}
	if len(alone) > 0 {
		out.Attributes["exclude_all_others"] = strings.Join(alone, ";")
	}
	if other != nil {
		x.asks[q.ID+"_"+other.ID] = asked{name: out.Code + "_other"}
	}
}

// rows are the subquestions of a matrix.
func (x *exporter) rows(q *instrument.Question, out *question) []string {
	taken := map[string]bool{}
	var codes []string
	for _, r := range q.Rows {
		c := code(r.ID, maxCode, taken)
		codes = append(codes, c)
		out.Subs = append(out.Subs, sub{Code: c, Text: r.Label, order: len(codes)})
		out.Help = x.explained(out.Help, r.Definitions)
		x.shortened(q, r.ID, c)
		if r.Open {
			x.lose(q, "De tekst bij een rij als ‘Anders, namelijk’ gaat niet mee")
		}
		if len(r.Definitions) > 0 {
			x.lose(q, "De uitleg van begrippen bij rijen staat bij de vraag")
		}
	}
	if q.Stem != "" || q.RowHeader != "" {
		x.lose(q, "De korte vraag voor voorleessoftware en de kop van de rijen gaan niet mee")
	}
	return codes
}

func (x *exporter) matrix(q *instrument.Question, out *question) {
	out.Type = "F"
	rows := x.rows(q, out)
	codes := x.answers(out, q.Options, q)
	vs := q.Variables()
	for i, r := range q.Rows {
		for _, v := range vs {
			if v.Row == r.ID && v.Type == instrument.CodeType {
				x.asks[v.Name] = asked{name: out.Code + "_" + rows[i], codes: codes}
			}
		}
	}
	if q.Statements() {
		x.lose(q, "Stellingen heten in het databestand van LimeSurvey ook naar hun vraag")
	}
}

// table is a matrix of boxes or of marks.
func (x *exporter) table(q *instrument.Question, out *question) {
	out.Type = ":"
	rows := x.rows(q, out)
	taken := map[string]bool{}
	for _, o := range q.Options {
		if q.Kind == instrument.GradeMatrix && o.Missing != instrument.Substantive {
			x.lose(q, "Antwoorden als ‘geen zicht op’ kunnen in LimeSurvey niet bij een getal of cijfer")
			continue
		}
		if o.Exclusive {
			x.lose(q, "Dat een vakje in een rij alleen staat, gaat niet mee")
		}
		c := code(o.ID, maxCode, taken)
		out.Subs = append(out.Subs, sub{Code: c, Text: o.Label, Scale: 1, order: len(out.Subs) + 1})
		x.shortened(q, o.ID, c)
		for i, r := range q.Rows {
			x.asks[q.ID+"_"+r.ID+"_"+o.ID] = asked{name: out.Code + "_" + rows[i] + "_" + c, flag: q.Kind == instrument.MatrixMulti}
		}
	}
	if q.Kind == instrument.MatrixMulti {
		out.Attributes["multiflexible_checkbox"] = "1"
		return
	}
	out.Attributes["multiflexible_min"], out.Attributes["multiflexible_max"] = strconv.Itoa(q.Grade.Min), strconv.Itoa(q.Grade.Max)
	x.lose(q, "Wat het laagste en het hoogste cijfer betekenen, gaat niet mee")
}

func (x *exporter) number(q *instrument.Question, out *question) {
	out.Type = "N"
	out.Attributes["min_num_value_n"], out.Attributes["max_num_value_n"], out.Attributes["num_value_int_only"] = strconv.Itoa(q.Range.Min), strconv.Itoa(q.Range.Max), "1"
	if q.Range.Unit != "" {
		out.Attributes["suffix"] = q.Range.Unit
	}
	if len(q.Options) > 0 {
		x.lose(q, "Antwoorden als ‘geen zicht op’ kunnen in LimeSurvey niet bij een getal of cijfer")
	}
	x.asks[q.ID] = asked{name: out.Code}
}

func (x *exporter) repeated(q *instrument.Question, out *question) {
	out.Type = "Q"
	taken := map[string]bool{}
	for _, f := range q.Fields {
		c := code(f.ID, maxCode, taken)
		out.Subs = append(out.Subs, sub{Code: c, Text: f.Label, order: len(out.Subs) + 1})
		x.asks[q.ID+"_1_"+f.ID] = asked{name: out.Code + "_" + c}
	}
	x.lose(q, "Deze groepen zijn in LimeSurvey één keer in te vullen")
}

var conditionToken = regexp.MustCompile(`"|answered\(([A-Za-z0-9_]+)\)|([A-Za-z_][A-Za-z0-9_]*) (=|!=|<=|>=|<|>) (-?\w+)|([A-Za-z_][A-Za-z0-9_]*) in \(([^)]*)\)`)

// relevance writes one of our conditions as LimeSurvey does; ok is false where
// it cannot.
func (x *exporter) relevance(e logic.Expr) (text string, ok bool) {
	if e.IsZero() {
		return "1", true
	}
	ok = true
	text = conditionToken.ReplaceAllStringFunc(e.String(), func(part string) string {
		m := conditionToken.FindStringSubmatch(part)
		var out string
		switch {
		case m[1] != "":
			out, ok = x.answeredBy(m[1], ok)
		case m[2] != "":
			out, ok = x.compared(m[2], m[3], m[4], ok)
		case m[5] != "":
			var each []string
			for _, value := range strings.Split(m[6], ",") {
				var one string
				one, ok = x.compared(m[5], "=", strings.TrimSpace(value), ok)
				each = append(each, one)
			}
			out = "(" + strings.Join(each, " or ") + ")"
		}
		return out
	})
	text = strings.ReplaceAll(text, "not ", "!")
	if !ok {
		return "1", false
	}
	return text, true
}

func (x *exporter) answeredBy(name string, ok bool) (string, bool) {
	a, known := x.asks[name]
	return "(!is_empty(" + a.name + ".NAOK))", ok && known
}

// compared writes a comparison. A word is an id of an answer.
func (x *exporter) compared(name, sign, value string, ok bool) (string, bool) {
	a, known := x.asks[name]
	if !known {
		return "", false
	}
	ours, err := strconv.Atoi(value)
	if err != nil {
		if ours, known = x.codeOf(name, value); !known {
			return "", false
		}
	}
	sign = cmp.Or(map[string]string{"=": "=="}[sign], sign)
	switch {
	case a.flag && ours == 1:
		return fmt.Sprintf(`%s.NAOK %s "Y"`, a.name, sign), ok && (sign == "==" || sign == "!=")
	case a.flag:
		return fmt.Sprintf(`%s.NAOK == ""`, a.name), ok && sign == "==" && ours == 0
	case a.codes != nil:
		c, has := a.codes[ours]
		return given(a.name, sign, strconv.Quote(c)), ok && has
	}
	return given(a.name, sign, strconv.Itoa(ours)), ok
}

// given writes a comparison that does not hold without an answer, as ours.
func given(name, sign, value string) string {
	if sign == "==" {
		return name + ".NAOK == " + value
	}
	return fmt.Sprintf("(!is_empty(%[1]s.NAOK) and %[1]s.NAOK %[2]s %[3]s)", name, sign, value)
}

// codeOf returns our code of the answer that a word stands for.
func (x *exporter) codeOf(variable, word string) (int, bool) {
	for _, v := range x.in.Variables() {
		if v.Name == variable {
			text, ok := v.Code(word)
			n, err := strconv.Atoi(text)
			return n, ok && err == nil
		}
	}
	return 0, false
}
