package limesurvey

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A row is one row of a table in a .lss file.
type row map[string]string

// An lssReader collects the tables of a .lss file. The file may be hostile: what
// no export has is refused, and nothing outside of the file is ever read.
type lssReader struct {
	tables    map[string][]row
	kind      string
	version   int
	languages []string
	rows      int
	path      []string
	text      strings.Builder
	current   row
}

// refused is a reason, in Dutch, not to read a file.
type refused string

func (r refused) Error() string { return string(r) }

// parseLSS reads the tables of a .lss file; problem says in Dutch why it cannot
// be read, "" where it can.
func parseLSS(data []byte) (*lssReader, int, string) {
	r := &lssReader{tables: map[string][]row{}}
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return nil, 1, "Dit bestand is geen UTF-8. Exporteer de vragenlijst opnieuw uit LimeSurvey."
	}
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	d.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) {
		return nil, refused("Dit bestand zegt dat het " + short(charset, 20) + " is. Alleen UTF-8 kan.")
	}
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) && len(r.path) == 0 {
			break
		}
		if err == nil {
			err = r.take(token)
		}
		if err != nil {
			line, _ := d.InputPos()
			return nil, line, why(err)
		}
	}
	switch {
	case r.kind == "":
		return nil, 1, "Dit is geen bestand van LimeSurvey."
	case r.kind != "Survey":
		return nil, 1, "Dit is een deel van een vragenlijst (" + short(r.kind, 30) + "). Exporteer in LimeSurvey de hele vragenlijst, als .lss."
	}
	return r, 0, ""
}

func why(err error) string {
	if r, ok := errors.AsType[refused](err); ok {
		return string(r)
	}
	return "Dit is geen leesbaar .lss-bestand. Exporteer de vragenlijst opnieuw uit LimeSurvey."
}

func (r *lssReader) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.Directive:
		return refused("In dit bestand staat een DTD. Die heeft een export van LimeSurvey niet; het bestand wordt geweigerd.")
	case xml.ProcInst:
		if t.Target != "xml" {
			return refused("In dit bestand staat een opdracht (‘" + short(t.Target, 20) + "’). Het bestand wordt geweigerd.")
		}
		if at := strings.Index(string(t.Inst), "encoding="); at >= 0 && !strings.Contains(strings.ToLower(string(t.Inst)), "utf-8") {
			return refused("Dit bestand zegt dat het geen UTF-8 is. Exporteer de vragenlijst opnieuw uit LimeSurvey.")
		}
	case xml.StartElement:
		return r.open(t)
	case xml.EndElement:
		return r.close(t)
	case xml.CharData:
		if len(r.path) == 0 && strings.TrimSpace(string(t)) != "" {
			return refused("Dit is geen bestand van LimeSurvey.")
		}
		if r.text.Len() <= maxText*4 {
			r.text.Write(t)
		}
	}
	return nil
}

func (r *lssReader) open(t xml.StartElement) error {
	name := t.Name.Local
	switch {
	case t.Name.Space != "" || len(r.path) == 0 && (name != "document" || r.kind != ""):
		return refused("Dit is geen bestand van LimeSurvey.")
	case len(r.path) >= maxDepth:
		return refused("In dit bestand staat te veel binnen elkaar. Het wordt geweigerd.")
	}
	r.path = append(r.path, name)
	r.text.Reset()
	if len(r.path) == 4 && name == "row" && r.path[2] == "rows" {
		if r.rows++; r.rows > maxRows {
			return refused(fmt.Sprintf("Dit bestand heeft meer dan %d regels. Een vragenlijst is veel kleiner.", maxRows))
		}
		r.current = row{}
	}
	return nil
}

func (r *lssReader) close(t xml.EndElement) error {
	depth := len(r.path)
	if depth == 0 || r.path[depth-1] != t.Name.Local {
		return refused("In dit bestand sluiten de onderdelen niet goed. Exporteer de vragenlijst opnieuw uit LimeSurvey.")
	}
	text := r.text.String()
	switch {
	case depth == 2 && r.path[1] == "LimeSurveyDocType":
		r.kind = strings.TrimSpace(text)
	case depth == 2 && r.path[1] == "DBVersion":
		r.version, _ = strconv.Atoi(strings.TrimSpace(text)) // anything else is an unknown one
	case depth == 3 && r.path[1] == "languages":
		r.languages = append(r.languages, strings.TrimSpace(text))
	case depth == 4 && r.current != nil:
		r.tables[r.path[1]] = append(r.tables[r.path[1]], r.current)
		r.current = nil
	case depth == 5 && r.current != nil:
		r.current[t.Name.Local] = text
	}
	r.path = r.path[:depth-1]
	r.text.Reset()
	return nil
}

// short cuts a text that is quoted.
func short(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// survey puts the tables together: texts stand in the tables themselves up to
// version 3, and in tables of their own from version 4 on.
func (r *lssReader) survey() *survey {
	s := &survey{}
	for _, x := range r.tables["surveys"] {
		s.Language = x["language"]
	}
	if s.Language == "" && len(r.languages) > 0 {
		s.Language = r.languages[0]
	}
	var others []string
	for _, l := range r.languages {
		if l != s.Language && l != "" {
			others = append(others, short(l, 20))
		}
	}
	if len(others) > 0 {
		s.miss("", "Alleen de taal "+short(s.Language, 20)+" gaat mee. Niet mee: "+strings.Join(others, ", ")+".")
	}
	for _, x := range r.inLanguage("surveys_languagesettings", s.Language, "surveyls_language") {
		s.Title, s.Welcome = x["surveyls_title"], x["surveyls_welcometext"]
	}
	r.groups(s)
	r.questions(s)
	s.sort()
	for table, words := range map[string]string{"quota": "quota", "assessments": "beoordelingen (punten bij antwoorden)", "defaultvalues": "antwoorden die al ingevuld staan", "conditions": "voorwaarden van de oude soort"} {
		if n := len(r.tables[table]); n > 0 {
			s.miss("", fmt.Sprintf("De vragenlijst heeft %s (%d). Die gaan niet mee.", words, n))
		}
	}
	return s
}

// inLanguage returns the rows of a table that are in a language, or in none.
func (r *lssReader) inLanguage(table, language, key string) []row {
	var out []row
	for _, x := range r.tables[table] {
		if l := x[key]; l == "" || l == language {
			out = append(out, x)
		}
	}
	return out
}

// texts returns the rows of a table of texts by the id they are for.
func (r *lssReader) texts(table, language, id string) map[string]row {
	out := map[string]row{}
	for _, x := range r.inLanguage(table, language, "language") {
		out[x[id]] = x
	}
	return out
}

// with adds the fields of a table of texts to a row.
func (x row) with(texts row) row {
	for k, v := range texts {
		if x[k] == "" {
			x[k] = v
		}
	}
	return x
}

func number(s string) int {
	n, _ := strconv.Atoi(strings.TrimSpace(s)) // anything else stands first
	return n
}

func (r *lssReader) groups(s *survey) {
	texts := r.texts("group_l10ns", s.Language, "gid")
	seen := map[string]bool{}
	for _, x := range r.inLanguage("groups", s.Language, "language") {
		x = x.with(texts[x["gid"]])
		if !seen[x["gid"]] {
			seen[x["gid"]] = true
			s.Groups = append(s.Groups, group{id: x["gid"], Name: x["group_name"], Text: x["description"], Relevance: x["grelevance"], order: number(x["group_order"])})
		}
	}
}

func (r *lssReader) questions(s *survey) {
	texts := r.texts("question_l10ns", s.Language, "qid")
	at := map[string]*question{}
	var all []*question
	for _, x := range r.inLanguage("questions", s.Language, "language") {
		x = x.with(texts[x["qid"]])
		if parent := x["parent_qid"]; parent != "" && parent != "0" || at[x["qid"]] != nil {
			continue
		}
		q := &question{id: x["qid"], Type: x["type"], Code: x["title"], Text: x["question"], Help: x["help"], Relevance: x["relevance"], Other: x["other"] == "Y",
			Mandatory: x["mandatory"] == "Y" || x["mandatory"] == "S", order: number(x["question_order"]), group: x["gid"], Attributes: map[string]string{}}
		at[q.id] = q
		all = append(all, q)
	}
	done := map[string]bool{}
	for _, x := range append(r.inLanguage("subquestions", s.Language, "language"), r.inLanguage("questions", s.Language, "language")...) {
		x = x.with(texts[x["qid"]])
		if q := at[x["parent_qid"]]; q != nil && !done[x["qid"]] {
			done[x["qid"]] = true
			q.Subs = append(q.Subs, sub{Code: x["title"], Text: x["question"], Relevance: x["relevance"], Scale: number(x["scale_id"]), order: number(x["question_order"])})
		}
	}
	r.answers(s, at)
	for _, x := range r.inLanguage("question_attributes", s.Language, "language") {
		if q := at[x["qid"]]; q != nil && x["value"] != "" {
			q.Attributes[x["attribute"]] = x["value"]
		}
	}
	for _, q := range all {
		for g := range s.Groups {
			if s.Groups[g].id == q.group {
				s.Groups[g].Questions = append(s.Groups[g].Questions, *q)
			}
		}
	}
}

func (r *lssReader) answers(s *survey, at map[string]*question) {
	texts := r.texts("answer_l10ns", s.Language, "aid")
	seen := map[string]bool{}
	for _, x := range r.inLanguage("answers", s.Language, "language") {
		if aid := x["aid"]; aid != "" {
			x = x.with(texts[aid])
		}
		key := x["qid"] + " " + x["scale_id"] + " " + x["code"]
		if q := at[x["qid"]]; q != nil && !seen[key] {
			seen[key] = true
			q.Answers = append(q.Answers, answer{Code: x["code"], Text: x["answer"], Scale: number(x["scale_id"]), order: number(x["sortorder"])})
		}
	}
}
