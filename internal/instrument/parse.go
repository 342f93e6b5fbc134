package instrument

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Format is the version of the file format, the value of its first key.
const Format = 1

const (
	maxSource = 1 << 20 // bytes
	maxNested = 12      // lists and groups within one another; ours need 8
)

// Parse reads and checks the text of an instrument. With problems that must be
// mended the instrument is nil; warnings stand beside a usable instrument. The
// problems are in the order of the file.
func Parse(src []byte) (*Instrument, []Problem) {
	d := decoder{}
	root := d.tree(src)
	if root == nil {
		return nil, d.sorted()
	}
	in := d.instrument(root)
	if !d.unreadable && d.sized(in, root) {
		c := checker{problems: &d.problems, in: in, root: root}
		c.check()
	}
	if d.fatal() {
		return nil, d.sorted()
	}
	return in, d.sorted()
}

// Check returns everything that is wrong with the text of an instrument, and
// the advice on it, in the order of the file.
func Check(src []byte) []Problem {
	_, ps := Parse(src)
	return ps
}

// A Source is the exact text of an instrument. It is what is frozen: the
// instrument is always read from it again.
type Source struct {
	Name, Edition string
	Text          []byte
}

// Parse reads and checks the text, as the function Parse does.
func (s Source) Parse() (*Instrument, []Problem) { return Parse(s.Text) }

// Hash identifies the text.
func (s Source) Hash() string { return Hash(s.Text) }

// Hash returns the SHA-256 of src in hexadecimal.
func Hash(src []byte) string {
	sum := sha256.Sum256(src)
	return hex.EncodeToString(sum[:])
}

// tree reads src as YAML and refuses what our files do not use. It returns nil
// where there is nothing to go on with.
func (d *decoder) tree(src []byte) *yaml.Node {
	if len(src) > maxSource {
		d.add(Problem{Line: 1, Column: 1, Text: "Dit bestand is groter dan 1 MB.", Remedy: "Een vragenlijst is veel kleiner; kijk of u het goede bestand hebt."})
		return nil
	}
	if line, column, ok := badByte(src); ok {
		d.add(Problem{Line: line, Column: column, Text: "Hier staat een teken dat geen UTF-8 is.", Remedy: "Bewaar het bestand als UTF-8."})
		return nil
	}
	dec := yaml.NewDecoder(bytes.NewReader(src))
	var doc, second yaml.Node
	if err := dec.Decode(&doc); err != nil {
		d.add(syntaxProblem(err))
		return nil
	}
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		d.at(&second, "Na “---” begint een tweede vragenlijst.", "Maak er een eigen bestand van.")
		return nil
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		d.at(&doc, "Dit is geen vragenlijst.", "Begin het bestand met: uitvraag: 1")
		return nil
	}
	root := doc.Content[0]
	if !d.plain(root, 0) || !d.format(root) {
		return nil
	}
	return root
}

// format tests the first key.
func (d *decoder) format(root *yaml.Node) bool {
	version := child(root, "uitvraag")
	switch {
	case version == nil:
		d.at(root, "Dit is geen vragenlijst: “uitvraag: 1” ontbreekt.", "Begin het bestand met: uitvraag: 1")
	case version.Value != strconv.Itoa(Format):
		d.at(version, "De versie “"+version.Value+"” van het formaat is onbekend.", "Schrijf: uitvraag: 1")
	default:
		return true
	}
	return false
}

// plain refuses references and tags, which can make a small file huge, and
// nesting that no questionnaire has.
func (d *decoder) plain(n *yaml.Node, depth int) bool {
	switch {
	case depth > maxNested:
		d.at(n, "Hier staat te veel binnen elkaar.", "Kijk of het inspringen klopt.")
	case n.Kind == yaml.AliasNode:
		d.at(n, "Verwijzingen zoals *"+n.Value+" zijn niet toegestaan.", "Schrijf de tekst uit.")
	case n.Anchor != "":
		d.at(n, "Ankers zoals &"+n.Anchor+" zijn niet toegestaan.", "Haal &"+n.Anchor+" weg en schrijf de tekst uit.")
	case n.Style&yaml.TaggedStyle != 0:
		d.at(n, "Typen zoals "+n.Tag+" zijn niet toegestaan.", "Haal "+n.Tag+" weg.")
	default:
		ok := true
		for _, c := range n.Content {
			ok = d.plain(c, depth+1) && ok
		}
		return ok
	}
	return false
}

var yamlLine = regexp.MustCompile(`line (\d+)`)

// syntaxProblem turns an error of the YAML reader into a problem.
func syntaxProblem(err error) Problem {
	p := Problem{Line: 1, Column: 1, Text: "Dit bestand is leeg.", Remedy: "Begin het bestand met: uitvraag: 1"}
	if errors.Is(err, io.EOF) {
		return p
	}
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		if line, err := strconv.Atoi(m[1]); err == nil {
			p.Line = max(1, line)
		}
		text = strings.TrimPrefix(text, m[0]+": ")
	}
	p.Text = fmt.Sprintf("Hier is het bestand niet te lezen (%s).", text)
	p.Remedy = "Kijk of het inspringen klopt, met spaties, en of teksten met een dubbele punt tussen aanhalingstekens staan."
	return p
}

// badByte returns the place of the first byte that is not UTF-8.
func badByte(src []byte) (line, column int, found bool) {
	line, column = 1, 1
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && n == 1 {
			return line, column, true
		}
		if column++; r == '\n' {
			line, column = line+1, 1
		}
		i += n
	}
	return 0, 0, false
}

// child returns the value of a key of a mapping, nil if there is none.
func child(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// The limits of one instrument. A short file with a shared list of answers can
// ask for more variables than a machine has memory for.
const (
	maxQuestions = 1000
	maxList      = 300 // rows, options or fields of one question
	maxVariables = 20_000
)

// sized reports whether in is of a size that a questionnaire can have.
func (d *decoder) sized(in *Instrument, root *yaml.Node) bool {
	questions, variables := 0, 0
	for s := range in.Sections {
		for q := range in.Sections[s].Questions {
			x := &in.Sections[s].Questions[q]
			questions++
			variables += max(1, len(x.Rows))*(len(x.Options)+2) + len(x.Fields)*MaxRepeats
			at := find(root, "sections", s, "questions", q)
			switch {
			case max(len(x.Rows), len(x.Options), len(x.Fields)) > maxList:
				d.at(at, fmt.Sprintf("De vraag “%s” heeft meer dan %d rijen, antwoorden of velden.", x.ID, maxList), "Maak de vraag kleiner.")
			case questions > maxQuestions || variables > maxVariables:
				d.at(at, fmt.Sprintf("Tot hier heeft de vragenlijst %d vragen en ruim %d variabelen; dat is te veel.", questions, variables-variables%100), "Maak de vragenlijst kleiner.")
			default:
				continue
			}
			return false
		}
	}
	return true
}

// find follows keys and indexes from n. It returns nil where they lead nowhere.
func find(n *yaml.Node, path ...any) *yaml.Node {
	for _, step := range path {
		switch x := step.(type) {
		case string:
			n = child(n, x)
		case int:
			if n == nil || n.Kind != yaml.SequenceNode || x >= len(n.Content) {
				return nil
			}
			n = n.Content[x]
		}
	}
	return n
}
