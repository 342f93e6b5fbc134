package limesurvey

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"strconv"
	"strings"

	"github.com/uitvraag/uitvraag/internal/instrument"
)

// dbVersion is the version of the database that the written .lss says to be of:
// one of LimeSurvey 5, which 5 and 6 read and bring up to date themselves.
const dbVersion = 477

// surveyID stands where LimeSurvey wants the number of a survey. It gives
// another when the number is taken.
const surveyID = "999999"

// LSS writes an instrument, parsed without faults, as a .lss file, and lists what
// did not go along.
func LSS(in *instrument.Instrument) ([]byte, []Miss) {
	s := export(in)
	w := lssWriter{tables: map[string]*table{}}
	w.survey(s)
	var b bytes.Buffer
	b.WriteString(xml.Header + "<document>\n <LimeSurveyDocType>Survey</LimeSurveyDocType>\n <DBVersion>" + strconv.Itoa(dbVersion) + "</DBVersion>\n <languages>\n  <language>" + s.Language + "</language>\n </languages>\n")
	for _, name := range []string{"answers", "answer_l10ns", "groups", "group_l10ns", "questions", "subquestions", "question_l10ns", "question_attributes", "surveys", "surveys_languagesettings"} {
		w.tables[name].write(&b, name)
	}
	b.WriteString("</document>\n")
	return b.Bytes(), s.misses
}

// A table is one of a .lss file: its fields in order, and rows of as many cells.
type table struct {
	fields []string
	rows   [][]string
}

func (t *table) write(b *bytes.Buffer, name string) {
	if t == nil || len(t.rows) == 0 {
		return
	}
	b.WriteString(" <" + name + ">\n  <fields>\n")
	for _, f := range t.fields {
		b.WriteString("   <fieldname>" + f + "</fieldname>\n")
	}
	b.WriteString("  </fields>\n  <rows>\n")
	for _, cells := range t.rows {
		b.WriteString("   <row>\n")
		for i, cell := range cells {
			b.WriteString("    <" + t.fields[i] + ">" + cdata(cell) + "</" + t.fields[i] + ">\n")
		}
		b.WriteString("   </row>\n")
	}
	b.WriteString("  </rows>\n </" + name + ">\n")
}

func cdata(s string) string {
	if s == "" {
		return ""
	}
	return "<![CDATA[" + strings.ReplaceAll(s, "]]>", "]]]]><![CDATA[>") + "]]>"
}

// An lssWriter fills the tables.
type lssWriter struct {
	tables    map[string]*table
	qid, aid  int
	questions int
}

func (w *lssWriter) add(name, fields string, cells ...string) {
	t := w.tables[name]
	if t == nil {
		t = &table{fields: strings.Fields(fields)}
		w.tables[name] = t
	}
	t.rows = append(t.rows, cells)
}

const questionFields = "qid parent_qid sid gid type title preg other mandatory question_order scale_id same_default relevance modulename encrypted question_theme_name"

func (w *lssWriter) survey(s *survey) {
	w.add("surveys", "sid gsid admin adminemail anonymized format template language additional_languages usetokens showwelcome showprogress allowprev allowsave datestamp",
		surveyID, "1", "inherit", "inherit", "N", "G", "inherit", s.Language, "", "N", "I", "I", "I", "I", "I")
	w.add("surveys_languagesettings", "surveyls_survey_id surveyls_language surveyls_title surveyls_description surveyls_welcometext surveyls_endtext surveyls_dateformat surveyls_numberformat",
		surveyID, s.Language, escaped(s.Title), "", "", "", "2", "1")
	for i, g := range s.Groups {
		gid := strconv.Itoa(i + 1)
		w.add("groups", "gid sid group_order randomization_group grelevance", gid, surveyID, gid, "", "")
		w.add("group_l10ns", "id gid group_name description language", gid, gid, escaped(g.Name), escaped(g.Text), s.Language)
		w.questions = 0
		for q := range g.Questions {
			w.question(s, gid, &g.Questions[q])
		}
	}
}

// themes are what LimeSurvey draws each kind of question with.
var themes = map[string]string{"L": "listradio", "M": "multiplechoice", "F": "arrays/array", ":": "arrays/multiflexi", "N": "numerical", "T": "longfreetext", "Q": "multipleshorttext"}

func (w *lssWriter) question(s *survey, gid string, q *question) {
	w.qid++
	w.questions++
	qid := strconv.Itoa(w.qid)
	other := map[bool]string{true: "Y", false: "N"}[q.Other]
	w.add("questions", questionFields, qid, "0", surveyID, gid, q.Type, q.Code, "", other, "N", strconv.Itoa(w.questions), "0", "0", q.Relevance, "", "N", themes[q.Type])
	w.texts(s, qid, q.Text, q.Help)
	for _, x := range q.Subs {
		w.qid++
		id := strconv.Itoa(w.qid)
		w.add("subquestions", questionFields, id, qid, surveyID, gid, "T", x.Code, "", "N", "N", strconv.Itoa(x.order), strconv.Itoa(x.Scale), "0", "1", "", "N", "")
		w.texts(s, id, x.Text, "")
	}
	for _, a := range q.Answers {
		w.aid++
		id := strconv.Itoa(w.aid)
		w.add("answers", "aid qid code sortorder assessment_value scale_id", id, qid, a.Code, strconv.Itoa(a.order), "0", strconv.Itoa(a.Scale))
		w.add("answer_l10ns", "id aid answer language", id, id, escaped(a.Text), s.Language)
	}
	for _, name := range sortedKeys(q.Attributes) {
		language := ""
		if name == "other_replace_text" || name == "suffix" {
			language = s.Language
		}
		w.add("question_attributes", "qid attribute value language", qid, name, q.Attributes[name], language)
	}
}

func (w *lssWriter) texts(s *survey, qid, text, help string) {
	w.add("question_l10ns", "id qid question help language script", qid, qid, escaped(text), escaped(help), s.Language, "")
}

// escaped writes a plain text where LimeSurvey takes HTML, and would fill in what
// stands between braces.
func escaped(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "{", "{ ").Replace(text)
}

// TSV writes an instrument, parsed without faults, as the table with tabs that
// LimeSurvey reads, and lists what did not go along.
func TSV(in *instrument.Instrument) ([]byte, []Miss) {
	s := export(in)
	t := tsvWriter{language: s.Language, columns: []string{"id", "class", "type/scale", "name", "relevance", "text", "help", "language", "validation", "mandatory", "other", "default", "same_default"}}
	for _, g := range s.Groups {
		for _, q := range g.Questions {
			for _, name := range sortedKeys(q.Attributes) {
				t.attribute(name)
			}
		}
	}
	t.survey(s)
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.Comma = '\t'
	if err := w.WriteAll(append([][]string{t.columns}, t.rows...)); err != nil {
		panic("limesurvey: " + err.Error()) // a buffer takes everything
	}
	return b.Bytes(), s.misses
}

// A tsvWriter collects rows under its columns.
type tsvWriter struct {
	language string
	columns  []string
	rows     [][]string
	id       int
}

func (t *tsvWriter) attribute(name string) {
	for _, c := range t.columns {
		if c == name {
			return
		}
	}
	t.columns = append(t.columns, name)
}

// add writes one row; pairs are columns and cells.
func (t *tsvWriter) add(cells row) {
	out := make([]string, len(t.columns))
	for i, c := range t.columns {
		out[i] = cells[c]
	}
	t.rows = append(t.rows, out)
}

func (t *tsvWriter) next() string {
	t.id++
	return strconv.Itoa(t.id)
}

func (t *tsvWriter) survey(s *survey) {
	for _, x := range [][2]string{{"sid", surveyID}, {"language", s.Language}, {"format", "G"}, {"anonymized", "N"}} {
		t.add(row{"class": "S", "name": x[0], "text": x[1]})
	}
	t.add(row{"class": "SL", "name": "surveyls_title", "text": escaped(s.Title), "language": s.Language})
	for i, g := range s.Groups {
		t.add(row{"id": strconv.Itoa(i + 1), "class": "G", "type/scale": "G" + strconv.Itoa(i), "name": escaped(g.Name), "relevance": "1", "text": escaped(g.Text), "language": s.Language})
		for q := range g.Questions {
			t.question(&g.Questions[q])
		}
	}
}

func (t *tsvWriter) question(q *question) {
	cells := row{"id": t.next(), "class": "Q", "type/scale": q.Type, "name": q.Code, "relevance": q.Relevance, "text": escaped(q.Text), "help": escaped(q.Help), "language": t.language,
		"mandatory": "N", "other": map[bool]string{true: "Y", false: "N"}[q.Other], "same_default": "0"}
	for name, value := range q.Attributes {
		cells[name] = value
	}
	t.add(cells)
	for _, x := range q.Subs {
		t.add(row{"id": t.next(), "class": "SQ", "type/scale": strconv.Itoa(x.Scale), "name": x.Code, "relevance": "1", "text": escaped(x.Text), "language": t.language, "mandatory": "N", "other": "N"})
	}
	for _, a := range q.Answers {
		t.add(row{"id": t.next(), "class": "A", "type/scale": strconv.Itoa(a.Scale), "name": a.Code, "text": escaped(a.Text), "language": t.language})
	}
}
