package limesurvey

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxColumns is how many columns the table of a survey can have; an export has
// some two hundred.
const maxColumns = 600

// parseTSV reads the table with tabs that LimeSurvey writes of the structure of a
// survey. The reason why it cannot be read is in Dutch.
func parseTSV(data []byte) (*survey, int, string) {
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return nil, 1, "Dit bestand is geen UTF-8. Exporteer de vragenlijst opnieuw uit LimeSurvey."
	}
	c := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	c.Comma, c.LazyQuotes, c.FieldsPerRecord = '\t', true, -1
	head, err := c.Read()
	if err != nil || len(head) > maxColumns || !isHead(head) {
		return nil, 1, "Dit is geen vragenlijst uit LimeSurvey: de regel met kolommen (class, type/scale, name, …) ontbreekt."
	}
	t := tsvReader{survey: &survey{}}
	for n := 1; ; n++ {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		line, _ := c.FieldPos(0)
		switch {
		case err != nil:
			return nil, line, "Deze regel is niet te lezen. Exporteer de vragenlijst opnieuw uit LimeSurvey."
		case n > maxRows:
			return nil, line, fmt.Sprintf("Dit bestand heeft meer dan %d regels. Een vragenlijst is veel kleiner.", maxRows)
		}
		x := row{}
		for i, cell := range cells {
			if i < len(head) && cell != "" {
				x[strings.ToLower(head[i])] = cell
			}
		}
		t.take(x)
	}
	if len(t.survey.Groups) == 0 {
		return nil, 1, "In dit bestand staan geen vragen."
	}
	t.told()
	return t.survey, 0, ""
}

// isHead reports whether cells are the heads of the table.
func isHead(cells []string) bool {
	has := map[string]bool{}
	for _, c := range cells {
		has[strings.ToLower(strings.TrimSpace(c))] = true
	}
	return has["class"] && has["type/scale"] && has["name"] && has["text"]
}

// A tsvReader puts rows together: each belongs to what stands above it.
type tsvReader struct {
	survey *survey
	other  map[string]bool // languages that are left out
	left   map[string]int  // rows that are left out, by class
}

// standard are the columns that are no attribute of a question.
const standard = " id related_id class type/scale name relevance text help language validation mandatory encrypted other default same_default same_script "

func (t *tsvReader) take(x row) {
	class := x["class"]
	if class == "S" {
		if x["name"] == "language" {
			t.survey.Language = x["text"]
		}
		return
	}
	if l := x["language"]; l != "" && class != "S" {
		if t.survey.Language == "" {
			t.survey.Language = l
		}
		if l != t.survey.Language {
			t.leave(&t.other, l)
			return
		}
	}
	switch class {
	case "SL":
		switch x["name"] {
		case "surveyls_title":
			t.survey.Title = x["text"]
		case "surveyls_welcometext":
			t.survey.Welcome = x["text"]
		}
	case "G":
		t.survey.Groups = append(t.survey.Groups, group{Name: x["name"], Text: x["text"], Relevance: x["relevance"]})
	case "Q", "SQ", "A":
		t.part(class, x)
	default:
		if t.left == nil {
			t.left = map[string]int{}
		}
		t.left[class]++
	}
}

func (t *tsvReader) leave(set *map[string]bool, what string) {
	if *set == nil {
		*set = map[string]bool{}
	}
	(*set)[short(what, 20)] = true
}

// part adds a question to the last group, or something to the last question.
func (t *tsvReader) part(class string, x row) {
	if len(t.survey.Groups) == 0 {
		t.survey.Groups = append(t.survey.Groups, group{})
	}
	g := &t.survey.Groups[len(t.survey.Groups)-1]
	if class == "Q" {
		q := question{id: x["id"], Type: x["type/scale"], Code: x["name"], Text: x["text"], Help: x["help"], Relevance: x["relevance"], Other: x["other"] == "Y",
			Mandatory: x["mandatory"] == "Y" || x["mandatory"] == "S", Attributes: map[string]string{}}
		for k, v := range x {
			if !strings.Contains(standard, " "+k+" ") {
				q.Attributes[k] = v
			}
		}
		g.Questions = append(g.Questions, q)
		return
	}
	if len(g.Questions) == 0 {
		return
	}
	q := &g.Questions[len(g.Questions)-1]
	switch {
	case class == "A":
		q.Answers = append(q.Answers, answer{Code: x["name"], Text: x["text"], Scale: number(x["type/scale"])})
	case q.Type == "O" || q.Type == "|" || x["name"] == "other" && q.Other: // no rows of their own: they name columns of data
	default:
		q.Subs = append(q.Subs, sub{Code: x["name"], Text: x["text"], Relevance: x["relevance"], Scale: number(x["type/scale"])})
	}
}

func (t *tsvReader) told() {
	if len(t.other) > 0 {
		t.survey.miss("", "Alleen de taal "+short(t.survey.Language, 20)+" gaat mee. Niet mee: "+strings.Join(sortedKeys(t.other), ", ")+".")
	}
	for _, class := range sortedKeys(t.left) {
		if words, known := map[string]string{"AS": "beoordelingen", "QTA": "quota", "QTAM": "quota", "QTALS": "quota", "C": "voorwaarden van de oude soort"}[class]; known {
			t.survey.miss("", fmt.Sprintf("De vragenlijst heeft %s (%d regels). Die gaan niet mee.", words, t.left[class]))
		}
	}
}
