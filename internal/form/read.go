package form

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// MaxText is the longest text, in characters, that one box takes.
const MaxText = 20_000

// A Problem is something that must be mended before the page can be saved.
type Problem struct {
	Item  string // id of the item it belongs to
	Field string // id of the field to go to
	Text  string // what is wrong and how to mend it
}

// A Post is what one page sent.
type Post struct {
	Values   answer.Values // every variable of the page; "" is no answer
	Problems []Problem
}

// Read turns the posted fields of page p into values. Fields that the page does
// not have are ignored. Values hold what was typed even where there are
// problems, so that the page can show it again.
func (f *Form) Read(p *instrument.Page, post url.Values) Post {
	r := Post{Values: answer.Values{}}
	for i := range p.Items {
		r.item(&p.Items[i], post)
	}
	return r
}

// item reads one fieldset.
func (r *Post) item(it *instrument.Item, post url.Values) {
	for i := range it.Variables {
		v := &it.Variables[i]
		switch v.Type {
		case instrument.TextType:
			r.text(it, v, post[v.Name])
		case instrument.FlagType:
			r.flag(it, v, post[v.Name])
		case instrument.NumberType:
			r.number(it, v, post[v.Name])
		default:
			r.code(it, v, post[v.Name])
		}
	}
	r.typedSelects(it)
	r.flags(it)
}

func (r *Post) problem(it *instrument.Item, field, format string, args ...any) {
	r.Problems = append(r.Problems, Problem{it.ID(), field, fmt.Sprintf(format, args...)})
}

func (r *Post) text(it *instrument.Item, v *instrument.Variable, posted []string) {
	value := strings.Join(posted, "\n")
	switch {
	case !utf8.ValidString(value) || strings.ContainsRune(value, 0):
		r.problem(it, v.Name, "Haal de vreemde tekens uit uw tekst %s. Wij kunnen ze niet bewaren.", by(it))
		value = strings.ReplaceAll(strings.ToValidUTF8(value, "\uFFFD"), "\x00", "\uFFFD")
	case utf8.RuneCountInString(value) > MaxText:
		r.problem(it, v.Name, "Maak uw tekst %s korter. Er passen %s tekens in, u hebt er %s.", by(it), dotted(MaxText), dotted(utf8.RuneCountInString(value)))
	}
	r.Values[v.Name] = value
}

// code reads one choice. The code for left open is never offered; posted all
// the same, it means no answer.
func (r *Post) code(it *instrument.Item, v *instrument.Variable, posted []string) {
	r.Values[v.Name] = ""
	if len(posted) == 0 || posted[0] == "" {
		return
	}
	value, ok := v.Value(posted[0])
	switch {
	case !ok:
		r.problem(it, firstField(it), "Kies %s een van de antwoorden die er staan.", by(it))
	case len(posted) > 1:
		r.problem(it, firstField(it), "Kies %s één antwoord.", by(it))
	case value.Reason != instrument.LeftOpen:
		r.Values[v.Name] = posted[0]
	}
}

func (r *Post) flag(it *instrument.Item, v *instrument.Variable, posted []string) {
	r.Values[v.Name] = ""
	for _, p := range posted {
		switch p {
		case "1":
			r.Values[v.Name] = "1"
		case "", "0", "7":
		default:
			r.problem(it, firstField(it), "Kies %s uit de antwoorden die er staan.", by(it))
		}
	}
}

// number reads a count. The box and the answers beside it, as geen zicht op, go
// by one name; the box may be empty.
func (r *Post) number(it *instrument.Item, v *instrument.Variable, posted []string) {
	var typed, instead string
	for _, p := range posted {
		p = strings.TrimSpace(p)
		if value, ok := v.Value(p); ok && value.Missing {
			instead = p
		} else {
			typed = strings.TrimSpace(typed + " " + p)
		}
	}
	value, _ := v.Value(instead)
	switch n, err := wholeNumber(typed); {
	case typed == "" && value.Reason != instrument.LeftOpen:
		r.Values[v.Name] = instead
	case typed == "":
		r.Values[v.Name] = ""
	case err != nil || n < it.Question.Range.Min || n > it.Question.Range.Max:
		r.problem(it, v.Name, "Vul een heel getal in van %d tot en met %d.", it.Question.Range.Min, it.Question.Range.Max)
		r.Values[v.Name] = strings.ToValidUTF8(strings.ReplaceAll(typed, "\x00", "\uFFFD"), "\uFFFD")
	case instead != "" && value.Reason != instrument.LeftOpen:
		r.problem(it, v.Name, "Vul een getal in of kies ‘%s’, niet allebei.", value.Label)
		r.Values[v.Name] = strconv.Itoa(n)
	default:
		r.Values[v.Name] = strconv.Itoa(n)
	}
}

// thousands is a number with dots as Dutch writes them; any other dot is a typing
// error that must not make 1.5 fifteen.
var thousands = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{3})+$`)

// dotted writes a large number as Dutch does: 20.000.
func dotted(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return dotted(n/1000) + fmt.Sprintf(".%03d", n%1000)
}

func wholeNumber(typed string) (int, error) {
	if thousands.MatchString(typed) {
		typed = strings.ReplaceAll(typed, ".", "")
	}
	return strconv.Atoi(typed)
}

// typedSelects lets a text at "anders" select its option: always in a multiple
// choice, and in a single choice where nothing was chosen (DESIGN 6, Forms).
func (r *Post) typedSelects(it *instrument.Item) {
	q := it.Question
	if it.Row != nil {
		return
	}
	for _, o := range q.Options {
		name := q.ID + "_" + o.ID
		if !o.Open || strings.TrimSpace(r.Values[name+"_txt"]) == "" {
			continue
		}
		switch q.Kind {
		case instrument.Multi:
			r.Values[name] = "1"
		case instrument.Single:
			if r.Values[q.ID] == "" {
				r.Values[q.ID] = strconv.Itoa(o.Code)
			}
		}
	}
}

// flags completes the boxes of a fieldset: those not ticked are 0 once one is,
// and an exclusive answer stands alone.
func (r *Post) flags(it *instrument.Item) {
	var ticked []string
	var exclusive string
	for i := range it.Variables {
		v := &it.Variables[i]
		if v.Type != instrument.FlagType || r.Values[v.Name] != "1" {
			continue
		}
		ticked = append(ticked, v.Column)
		if o := option(it.Question, v.Column); o.Exclusive || o.Missing != instrument.Substantive {
			exclusive = o.Label
		}
	}
	if len(ticked) == 0 {
		return
	}
	for i := range it.Variables {
		if v := &it.Variables[i]; v.Type == instrument.FlagType && r.Values[v.Name] == "" {
			r.Values[v.Name] = "0"
		}
	}
	if exclusive != "" && len(ticked) > 1 {
		r.problem(it, firstField(it), "Kies %s ‘%s’ of iets anders, niet allebei.", by(it), exclusive)
	}
}

func option(q *instrument.Question, id string) instrument.Option {
	for _, o := range q.Options {
		if o.ID == id {
			return o
		}
	}
	return instrument.Option{}
}

// by names an item inside a sentence: "bij ‘Leerplicht’", nothing where the
// question has one item.
func by(it *instrument.Item) string {
	switch {
	case it.Column != nil:
		return "bij ‘" + it.Row.Label + "’ (" + it.Column.Label + ")"
	case it.Row != nil:
		return "bij ‘" + it.Row.Label + "’"
	}
	return "bij deze vraag"
}

// firstField is the id of the first control of an item; it must be the id that
// the page draws.
func firstField(it *instrument.Item) string {
	v := &it.Variables[0]
	switch v.Type {
	case instrument.FlagType:
		return FieldID(v.Name, "1")
	case instrument.CodeType:
		code, _ := v.Code(it.Question.Options[0].ID)
		return FieldID(v.Name, code)
	case instrument.GradeType:
		return FieldID(v.Name, strconv.Itoa(it.Question.Grade.Min))
	}
	return v.Name
}

// FieldID is the id of the control that gives a variable a value; a text has
// its variable's name as id.
func FieldID(variable, value string) string { return variable + "-" + value }
