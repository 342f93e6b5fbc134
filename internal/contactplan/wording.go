package contactplan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Wording is a text of a study's own in place of one that comes with the
// product. Step is the id of a step, or outside the ladder that of the text.
type Wording struct {
	Step     string
	Version  Channel
	Audience string // "": all that have no wording of their own
	Source   string // as ParseTemplate reads it; "" for the text of the product
}

// Wordings are those of a study, or a part of them.
type Wordings []Wording

// Text returns the text of a step for an audience: its own wording, or else that
// for everybody, or else the text that comes with the product. Outside the ladder
// step is "".
func (w Wordings) Text(step, template string, version Channel, audience string) (Template, bool) {
	for _, a := range []string{audience, ""} {
		if own, ok := w.Own(cmp.Or(step, template), version, a); ok {
			t, problems := ParseTemplate(own.Source)
			return t, len(problems) == 0 // it was looked at before it was kept
		}
	}
	return Text(template, version)
}

// Own returns the wording of exactly one step, version and audience.
func (w Wordings) Own(step string, version Channel, audience string) (Wording, bool) {
	i := slices.IndexFunc(w, func(o Wording) bool {
		return o.Step == step && o.Version == version && o.Audience == audience && o.Source != ""
	})
	if i < 0 {
		return Wording{}, false
	}
	return w[i], true
}

// Source puts together what ParseTemplate reads. Lines of the body begin at
// BodyLine of the version.
func Source(id string, version Channel, subject, body string) string {
	head := fmt.Sprintf("id: %s\nkanaal: %s\n", id, versionNames[version])
	if version != Phone {
		head += "onderwerp: " + plain(subject) + "\n"
	}
	return head + "\n" + strings.ReplaceAll(strings.ReplaceAll(body, "\r\n", "\n"), "\r", "\n")
}

// BodyLine is the line of a source on which its body begins.
func BodyLine(version Channel) int {
	if version == Phone {
		return 4
	}
	return 5
}

// Parts returns subject and body as they are edited.
func (t Template) Parts() (subject, body string) {
	_, body, _ = strings.Cut(t.String(), "\n\n")
	return source(t.subject), strings.TrimSpace(body) + "\n"
}

// A Hint is something in a text that the writer may not have meant; the text can
// be sent all the same. Line counts as in a Problem and is 0 for the text as a
// whole.
type Hint struct {
	Line int
	Text string
}

// longSentence is how many words a sentence in plain Dutch has at most (standards
// L1: B1).
const longSentence = 20

// Hints reads a text as a critical reader does. Ladder says that it asks to take
// part, so that link, closing day and the like belong in it.
func (t Template) Hints(ladder bool) []Hint {
	var hints []Hint
	add := func(line int, format string, args ...any) {
		hints = append(hints, Hint{line, fmt.Sprintf(format, args...)})
	}
	for _, b := range t.blocks {
		for _, l := range b.lines {
			for _, sentence := range sentences(l.text) {
				if n := len(strings.Fields(sentence)); n > longSentence {
					add(l.number, "Een zin van %d woorden. Maak er twee van: ‘%s …’", n, strings.Join(strings.Fields(sentence)[:4], " "))
				}
				if word := familiar(sentence); word != "" {
					add(l.number, "Hier staat ‘%s’. Schrijf ‘u’ of ‘uw’.", word)
				}
			}
		}
	}
	lacks := func(text string, names ...string) {
		if !slices.ContainsFunc(names, t.uses) {
			add(0, "%s", text)
		}
	}
	if t.Version != Phone {
		if utf8.RuneCountInString(said(plainSpans(t.subject))) > 70 {
			add(0, "Het onderwerp is lang: op een telefoon valt het einde weg.")
		}
		lacks("Er staat niet wie dit stuurt. Zet er {{afzender}} in.", "afzender", "bureau")
		lacks("Er staat niet wie mensen kunnen bellen of mailen. Zet er {{telefoon}} of {{email}} in.", "telefoon", "email")
		lacks("Er is geen weg naar de privacyverklaring. Zet er een regel <privacy> in.", "privacy")
	}
	if t.Version == Mail {
		lacks("Er is geen link om af te melden. Zet er een regel <afmelden> in.", "afmelden")
	}
	if ladder && t.Version != Phone {
		if t.Version == Mail {
			lacks("Er is geen link naar de vragenlijst. Zet er een knop in: [Open uw vragenlijst](link).", "link")
		} else {
			lacks("Er staat geen code in. Zet er {{code}} en een regel <kortadres> in.", "code")
		}
		lacks("Er staat niet tot wanneer mensen kunnen meedoen. Zet er {{sluit}} in.", "sluit")
		lacks("De naam van de organisatie staat er niet in. Zet er {{eenheid}} in.", "eenheid")
	}
	return hints
}

// uses reports whether a field is somewhere in the text.
func (t Template) uses(name string) bool {
	is := func(in inline) bool { return in.field.name == name }
	if slices.ContainsFunc(t.subject, is) {
		return true
	}
	for _, b := range t.blocks {
		for _, l := range b.lines {
			if l.field.name == name || slices.ContainsFunc(l.text, is) {
				return true
			}
		}
	}
	return false
}

func plainSpans(text []inline) []Span {
	var out []Span
	for _, in := range text {
		out = append(out, Span{Text: cmp.Or(in.text, in.field.name)})
	}
	return out
}

// sentences cuts a line where sentences end. A field counts as one word.
func sentences(text []inline) []string {
	return strings.FieldsFunc(said(plainSpans(text)), func(r rune) bool { return strings.ContainsRune(".!?:", r) })
}

// familiar returns a word that addresses somebody as a friend, or "".
func familiar(sentence string) string {
	for _, word := range strings.FieldsFunc(strings.ToLower(sentence), func(r rune) bool { return strings.ContainsRune(" ,;()’‘“”\"", r) }) {
		switch word {
		case "je", "jij", "jou", "jouw", "jullie":
			return word
		}
	}
	return ""
}

// A FieldHelp explains one name that a text may use.
type FieldHelp struct {
	Name    string
	Means   string
	Example string // what it says in a given message; "" where it is empty there
	Line    bool   // stands on a line of its own: <privacy> or [Open](link)
}

var fieldMeans = map[string]string{
	"aanhef": "hoe de brief begint", "aanleiding": "waarom dit onderzoek er is", "afmelden": "link om geen mail meer te krijgen",
	"afzender": "wie tekent", "ander": "de organisatie die ook voor deze antwoordt", "beller": "wie belt", "bureau": "wie het onderzoek doet",
	"code": "de code van een brief of algemeen adres", "collega": "wie de vragenlijst doorstuurde of kreeg", "datum": "de datum van de brief",
	"doelgroep": "de doelgroep, voor voorwaarden", "eenheid": "de naam van de organisatie", "email": "het adres voor vragen", "functie": "de functie van de afzender",
	"kortadres": "het adres waar iemand de code intypt", "link": "de persoonlijke link", "minuten": "hoe lang het invullen duurt", "moment": "wanneer de antwoorden kwamen",
	"onderzoek": "de naam van het onderzoek", "ontvangst": "de ontvangstcode", "opdrachtgever": "voor wie het onderzoek is", "privacy": "link naar de privacyverklaring",
	"resultaat": "wanneer de uitkomsten er zijn", "sluit": "tot wanneer meedoen kan", "stap": "hoe ver iemand is, als die is begonnen",
	"tav": "voor wie het is, bij een algemeen adres", "telefoon": "het nummer voor vragen", "vraag": "het onderzoek in één vraag",
}

// FieldsHelp explains all names that a text may use, in alphabetical order, with
// what they say in f.
func FieldsHelp(f Fields) []FieldHelp {
	out := make([]FieldHelp, len(fields))
	for i, one := range fields {
		out[i] = FieldHelp{Name: one.name, Means: fieldMeans[one.name], Example: one.value(f), Line: one.is == url}
	}
	return out
}
