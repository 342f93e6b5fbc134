package instrument

import (
	_ "embed"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Start is the text that a new questionnaire begins with: short, and sound.
//
//go:embed start.yaml
var Start []byte

// A Stage says how far the draft of an instrument is.
type Stage string

// The stages of a draft.
const (
	Concept  Stage = "concept"         // can be changed
	Proposed Stage = "ter goedkeuring" // a second person is to look; changing it makes it a concept again
	Approved Stage = "goedgekeurd"     // never changes any more; studies can take it
	Dropped  Stage = "weggelegd"       // put away, and can be fetched back
)

// A Draft is an edition of an instrument in the making, its text left out. Who
// made and proposed it are accounts; 0 is nobody.
type Draft struct {
	ID                   int64
	Name, Edition, Title string // as the last readable version says, "" where none does
	Stage                Stage
	Version              int   // the last one, from 1
	Editor               int64 // who made the last version
	Proposer             int64 // who proposed it
}

// MayEdit returns why d cannot be changed, "" where it can.
func (d Draft) MayEdit() string {
	switch d.Stage {
	case Approved:
		return "Deze versie is goedgekeurd en verandert niet meer. Maak er een nieuwe versie van."
	case Dropped:
		return "Deze vragenlijst is weggelegd. Haal haar eerst terug."
	}
	return ""
}

// MayPropose returns why d, whose last version has these problems, cannot be put
// before a second person, "" where it can.
func (d Draft) MayPropose(problems []Problem) string {
	if d.Stage == Proposed {
		return "Deze vragenlijst ligt al ter goedkeuring."
	}
	if why := d.MayEdit(); why != "" {
		return why
	}
	if n := Faults(problems); n > 0 {
		return fmt.Sprintf("Verbeter eerst wat fout is in de tekst (%d). Daarna kan een collega haar goedkeuren.", n)
	}
	return ""
}

// MayApprove returns why an account cannot approve d, "" where it can: never who
// made the last version, nor who proposed it.
func (d Draft) MayApprove(account int64) string {
	switch {
	case d.Stage != Proposed:
		return "Deze vragenlijst ligt niet ter goedkeuring."
	case account == 0:
		return "Alleen een medewerker met een account kan goedkeuren."
	case account == d.Editor:
		return "U maakte de laatste versie. Laat een collega haar goedkeuren."
	case account == d.Proposer:
		return "U legde deze versie voor. Laat een collega haar goedkeuren."
	}
	return ""
}

// Faults counts the problems that must be mended.
func Faults(problems []Problem) int {
	n := 0
	for _, p := range problems {
		if !p.Warning {
			n++
		}
	}
	return n
}

// Clean returns a text as it can be kept, or what is wrong with it: line ends of
// one kind, without a mark of the byte order.
func Clean(src []byte) ([]byte, *Problem) {
	if len(src) > maxSource {
		return nil, &Problem{Line: 1, Column: 1, Text: "Deze tekst is groter dan 1 MB.", Remedy: "Een vragenlijst is veel kleiner; kijk of u het goede bestand hebt."}
	}
	text := strings.TrimPrefix(string(src), "\ufeff")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return nil, &Problem{Line: 1, Column: 1, Text: "Dit bestand is geen tekst in UTF-8.", Remedy: "Bewaar het als UTF-8 en probeer het opnieuw."}
	}
	if text = strings.TrimRight(text, "\n"); text != "" {
		text += "\n"
	}
	return []byte(text), nil
}

// Head returns what a text says it is, also where it has faults; "" for what it
// does not say.
func Head(src []byte) (name, edition, title string) {
	d := decoder{}
	root := d.tree(src)
	value := func(key string) string {
		if n := child(root, key); n != nil && utf8.RuneCountInString(n.Value) <= 300 {
			return strings.TrimSpace(n.Value)
		}
		return ""
	}
	return value("instrument"), value("edition"), value("title")
}

var editionLine = regexp.MustCompile(`(?m)^edition:.*$`)

// WithEdition returns a text with another edition, the rest as it is.
func WithEdition(src []byte, edition string) []byte {
	line := "edition: " + strconv.Quote(edition)
	if at := editionLine.FindIndex(src); at != nil {
		return []byte(string(src[:at[0]]) + line + string(src[at[1]:]))
	}
	return append(append(src[:len(src):len(src)], line...), '\n')
}

var numbered = regexp.MustCompile(`^(.+)\.(\d{1,3})$`)

// NextEdition returns the edition that follows: 2026.2 after 2026, and the first
// one after it that is not taken.
func NextEdition(edition string, taken func(edition string) bool) string {
	base, n := edition, 1
	if m := numbered.FindStringSubmatch(edition); m != nil {
		base = m[1]
		n, _ = strconv.Atoi(m[2]) // three digits at most
	}
	base = base[:min(len(base), 15)]
	for {
		n++
		if next := base + "." + strconv.Itoa(n); !taken(next) {
			return next
		}
	}
}
