package htmltest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// MaxWords is the longest sentence that we write (standards L1).
const MaxWords = 20

// instead names what we do not write, in lower case, and what we do.
var instead = map[string]string{
	// officialese
	"middels": "met", "dient te": "moet", "dienen te": "moeten", "dient u": "u moet", "teneinde": "om", "indien": "als", "betreffende": "over",
	"u wordt verzocht": "wilt u", "verzoeken wij u": "wilt u", "gelieve": "wilt u", "alvorens": "voordat", "omtrent": "over", "inzake": "over",
	"conform": "volgens", "ten behoeve van": "voor", "met betrekking tot": "over", "ten aanzien van": "over", "aangaande": "over", "derhalve": "daarom",
	"reeds": "al", "thans": "nu", "tevens": "ook", "doch": "maar", "mits": "als", "gedurende": "tijdens", "hetgeen": "wat", "zulks": "dat",
	"geschieden": "gebeuren", "geschiedt": "gebeurt", "verstrekken": "geven", "retourneren": "terugsturen", "onderstaande": "hieronder", "bovenstaande": "hierboven",
	"navolgende": "volgende", "voornoemde": "deze", "bovengenoemde": "deze", "desbetreffende": "deze", "desgewenst": "als u wilt", "dusdanig": "zo",
	"ingevolge": "volgens", "krachtens": "volgens", "alsmede": "en", "alsook": "en", "jegens": "tegen", "door middel van": "met", "in verband met": "door",
	"ter zake": "hierover", "uwerzijds": "van u", "wederom": "weer", "nimmer": "nooit", "immer": "altijd", "aanvangen": "beginnen", "aanvang": "begin",
	"d.m.v.": "met", "m.b.t.": "over", "i.v.m.": "door", "t.b.v.": "voor", "t.a.v.": "voor", "t.o.v.": "vergeleken met", "evt.": "misschien", "bijv.": "bijvoorbeeld",
	// forms in the language of machines
	"verplicht veld": "zeg wat er moet staan", "ongeldig": "zeg wat er moet staan", "ongeldige": "zeg wat er moet staan", "onjuiste invoer": "zeg wat er moet staan",
	"invoer": "zeg wat er moet staan", "klik hier": "zeg waar de link heen leidt", "er is een fout opgetreden": "zeg wat er misging", "uitschrijven": "wij doen niet mee",
	"responsoverzicht": "zeg wie heeft geantwoord", "significant": "aantoonbaar",
	// English
	"invalid": "zeg wat er moet staan", "submit": "versturen", "submitten": "versturen", "login": "inloggen", "logout": "uitloggen",
	"error": "fout", "save": "opslaan", "saven": "opslaan", "user": "gebruiker", "survey": "vragenlijst", "checken": "nakijken", "updaten": "bijwerken",
	"button": "knop", "feedback": "reactie", "issue": "probleem", "deadline": "laatste dag", "item": "vraag", "items": "vragen", "reminder": "herinnering",
	"dashboard": "overzicht", "privacy statement": "privacyverklaring", "opt-out": "wij doen niet mee", "required": "zeg wat er moet staan", "token": "link",
	// u
	"je": "u", "jij": "u", "jou": "u", "jouw": "uw", "jullie": "u",
}

// A writing is a way of writing that is not ours.
type writing struct {
	wrong *regexp.Regexp
	say   string
}

var (
	quoted   = regexp.MustCompile(`‘[^’]*’`)
	writings = []writing{
		{regexp.MustCompile(`!`), "geen uitroepteken"},
		{regexp.MustCompile(`["“”„]|(^|\s)'|'(\s|$)`), "aanhalingstekens zijn ‘ en ’"},
		{regexp.MustCompile(`\b\d{1,2}:\d{2}\b`), "een tijd is 14.02 uur"},
		{regexp.MustCompile(`\b\d+\.\d\b`), "een decimaal heeft een komma"},
		{regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}\b`), "een datum is vrijdag 11 december 2026"},
		{regexp.MustCompile(`(^|\s)\d{5,}(\s|[.,]?$)`), "een duizendtal heeft een punt"},
		{regexp.MustCompile(`\s[.,;?](\s|$)`), "geen spatie voor een leesteken"},
		{regexp.MustCompile(`[^.]\.\.($|[^.])|\.\.\.`), "puntjes zijn …"},
		{regexp.MustCompile(`\S[ \x{a0}]{2,}\S`), "tussen woorden staat één spatie"},
	}
	clock = regexp.MustCompile(`\b([01]?\d|2[0-3])\.[0-5]\d\b`)
	known = regexp.MustCompile(`[Tt]abel [A-Z]\.\d+\.\d+|WCAG 2\.\d|\(\d\.\d+\)|\d{4}-\d\d-\d\dT\S+|[a-z0-9.]+@[a-z.]*[a-z]|https?://\S+|\d (jan|feb|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec) \d\d\.\d\d`)
)

// Dutch returns what is wrong with a text that we wrote: sentences that are too
// long, words and ways of writing that are not ours (standards L1, L3). What
// stands between ‘ and ’ belongs to somebody else.
func Dutch(text string) []string {
	text = known.ReplaceAllString(quoted.ReplaceAllString(text, "‘…’"), "…")
	var wrong []string
	for _, s := range sentences(text) {
		if n := words(s); n > MaxWords {
			wrong = append(wrong, fmt.Sprintf("%d woorden: %s", n, s))
		}
	}
	lower := strings.ToLower(text)
	for word, better := range instead {
		if holds(lower, word) {
			wrong = append(wrong, fmt.Sprintf("‘%s’, liever: %s: %s", word, better, text))
		}
	}
	for _, w := range writings {
		if w.wrong.MatchString(text) {
			wrong = append(wrong, w.say+": "+text)
		}
	}
	for _, at := range clock.FindAllStringIndex(text, -1) {
		if rest := strings.TrimLeft(text[at[1]:], " \u00a0"); !strings.HasPrefix(rest, "uur") {
			wrong = append(wrong, "een tijd is 14.02 uur: "+text)
		}
	}
	slices.Sort(wrong)
	return wrong
}

// holds reports whether text holds word, and not as a part of another word.
func holds(text, word string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return false
		}
		from, to := at+i, at+i+len(word)
		if !endsInLetter(text[:from]) && !startsWithLetter(text[to:]) {
			return true
		}
		at = to
	}
}

func startsWithLetter(s string) bool {
	for _, r := range s {
		return unicode.IsLetter(r) || r == '-'
	}
	return false
}

func endsInLetter(s string) bool {
	last := ' '
	for _, r := range s {
		last = r
	}
	return unicode.IsLetter(last) || last == '-'
}

// sentences cuts a text where one ends: at a mark before a space and a capital,
// or a list.
func sentences(text string) []string {
	var out []string
	rs := []rune(text)
	from := 0
	for i, r := range rs {
		if !strings.ContainsRune(".?!:;", r) || i+2 >= len(rs) || rs[i+1] != ' ' {
			continue
		}
		if next := rs[i+2]; unicode.IsLower(next) && r != ':' && r != ';' {
			continue
		}
		out = append(out, strings.TrimSpace(string(rs[from:i+1])))
		from = i + 1
	}
	return append(out, strings.TrimSpace(string(rs[from:])))
}

// words counts what has a letter or a number; what is quoted is one.
func words(sentence string) int {
	n := 0
	for _, w := range strings.Fields(sentence) {
		if strings.IndexFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '…' }) >= 0 {
			n++
		}
	}
	return n
}

// Texts returns the texts of a page one by one, as a reader takes them in: a
// paragraph, a line of a list, a label. skip leaves elements out.
func (n Node) Texts(skip func(Node) bool) []string {
	t := texts{skip: skip}
	t.walk(n.Node)
	t.end()
	return t.out
}

// Glued returns where two words of a sentence touch because elements do, as in
// <b>Deel 1</b><span>Ingevuld</span>: styles may part them, but what reads the
// text alone, or copies it, makes one word of them.
func (n Node) Glued() []string {
	var out []string
	last, edge := ' ', false
	var b strings.Builder
	for d := range n.edges() {
		if d == nil {
			edge = true
			continue
		}
		if d.Type == html.ElementNode { // a block, or something without words
			last = ' '
			continue
		}
		for i, r := range d.Data {
			if i == 0 && edge && word(last) && word(r) {
				out = append(out, tail(b.String())+"|"+strings.TrimSpace(d.Data))
			}
			last = r
			b.WriteRune(r)
			edge = false
		}
	}
	return out
}

func word(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func tail(s string) string {
	rs := []rune(s)
	return string(rs[max(0, len(rs)-20):])
}

// edges visits the texts in order, with nil where an inline element begins or
// ends and the element where a block does.
func (n Node) edges() func(func(*html.Node) bool) {
	return func(yield func(*html.Node) bool) {
		var visit func(*html.Node) bool
		visit = func(d *html.Node) bool {
			edge := d
			if slices.Contains(inline, d.Data) && d.Data != "br" || slices.Contains(controls, d.Data) {
				edge = nil
			}
			switch {
			case d.Type == html.TextNode:
				return yield(d)
			case d.Data == "wbr":
				return true
			}
			if d.Type == html.ElementNode && (d.Data == "head" || d.Data == "textarea" || !yield(edge)) {
				return d.Data == "head" || d.Data == "textarea"
			}
			for c := range d.ChildNodes() {
				if !visit(c) {
					return false
				}
			}
			return d.Type != html.ElementNode || yield(edge)
		}
		visit(n.Node)
	}
}

type texts struct {
	skip func(Node) bool
	b    strings.Builder
	out  []string
}

// inline are the elements that stand in a sentence.
var inline = []string{"a", "abbr", "b", "em", "i", "q", "small", "span", "strong", "time", "wbr", "br"}

// controls are what text browsers put in the line too.
var controls = []string{"button", "fieldset", "input", "label", "legend"}

// layout is white space that is there for the writer of the HTML: at an edge of
// a text, or over a line end. Spaces between two words are the text's own.
var layout = regexp.MustCompile(`^\s+|\s+$|\s*\n\s*`)

func (t *texts) walk(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		t.b.WriteString(layout.ReplaceAllString(n.Data, "\n"))
		return
	case html.ElementNode:
		if t.skip(Node{n}) {
			t.b.WriteString("…")
			return
		}
		if n.Data == "br" {
			t.b.WriteString(" ")
		}
		if !slices.Contains(inline, n.Data) {
			t.end()
			defer t.end()
		}
	}
	for c := range n.ChildNodes() {
		t.walk(c)
	}
}

// edges is what layout left, with the spaces of a line break between.
var edges = regexp.MustCompile(` *\n[ \n]*`)

func (t *texts) end() {
	text := strings.ReplaceAll(t.b.String(), "\u00ad", "")
	t.b.Reset()
	if text = strings.TrimSpace(edges.ReplaceAllString(text, " ")); strings.IndexFunc(text, unicode.IsLetter) >= 0 {
		t.out = append(t.out, text)
	}
}
