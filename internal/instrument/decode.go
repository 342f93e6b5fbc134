package instrument

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/uitvraag/uitvraag/internal/logic"
)

// A decoder fills an Instrument from YAML. Its lists keep one entry per entry
// of the file, also of faulty ones, so that the checker can find a place in the
// file by index.
type decoder struct {
	problems
	unreadable bool // a value had the wrong shape: checking would accuse falsely
}

// fields says for each key of a group how its value is read.
type fields map[string]func(*yaml.Node)

// wrong notes a value of the wrong shape.
func (d *decoder) wrong(n *yaml.Node, text, remedy string) {
	d.unreadable = true
	d.at(n, text, remedy)
}

// group reads a mapping and refuses keys that are not in fs, or there twice.
func (d *decoder) group(n *yaml.Node, what string, fs fields) {
	if n.Kind != yaml.MappingNode {
		d.wrong(n, "Hier hoort een "+what+" te staan, met kenmerken.", "Schrijf de kenmerken als “"+slices.Sorted(maps.Keys(fs))[0]+": …”.")
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		read, ok := fs[key.Value]
		switch {
		case !ok:
			d.at(key, "Een "+what+" heeft geen kenmerk “"+key.Value+"”.", meant(key.Value, fs))
		case seen[key.Value] > 0:
			d.at(key, "“"+key.Value+"” staat hier twee keer; de eerste keer op regel "+strconv.Itoa(seen[key.Value])+".", "Haal er een weg.")
		case value.Kind == yaml.ScalarNode && value.Tag == "!!null":
			d.at(key, "Achter “"+key.Value+"” staat niets.", "Vul iets in of haal de regel weg.")
		default:
			seen[key.Value] = key.Line
			read(value)
		}
	}
}

// meant names the key that was probably meant, or all of them.
func meant(key string, fs fields) string {
	best, least := "", 3
	for _, k := range slices.Sorted(maps.Keys(fs)) {
		if n := distance(key, k); n < least {
			best, least = k, n
		}
	}
	if best != "" {
		return "Bedoelde u “" + best + "”?"
	}
	return "Mogelijk zijn: " + strings.Join(slices.Sorted(maps.Keys(fs)), ", ") + "."
}

// distance counts the letters to add, drop or change to make a into b; from 3
// on it may be too high.
func distance(a, b string) int {
	if len(a) > 40 || max(len(a)-len(b), len(b)-len(a)) > 2 {
		return 3
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

// items reads a list, one call of read per entry.
func (d *decoder) items(n *yaml.Node, what string, read func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		d.wrong(n, "Hier hoort een lijst van "+what+" te staan.", "Zet voor elk een streepje: “- …”.")
		return
	}
	for _, c := range n.Content {
		read(c)
	}
}

func (d *decoder) scalar(n *yaml.Node) (string, bool) {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		d.wrong(n, "Hier hoort een tekst te staan.", "Zet de tekst tussen aanhalingstekens.")
		return "", false
	}
	return strings.TrimSpace(n.Value), true
}

func (d *decoder) text(to *string) func(*yaml.Node) {
	return func(n *yaml.Node) { *to, _ = d.scalar(n) }
}

func (d *decoder) texts(to *[]string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		d.items(n, "teksten", func(c *yaml.Node) {
			s, _ := d.scalar(c)
			*to = append(*to, s)
		})
	}
}

func (d *decoder) number(to *int) func(*yaml.Node) {
	return func(n *yaml.Node) {
		x, err := strconv.Atoi(n.Value)
		if n.Kind != yaml.ScalarNode || err != nil || len(n.Value) > 10 {
			d.wrong(n, "Hier hoort een heel getal te staan.", "Gebruik alleen cijfers.")
			return
		}
		*to = x
	}
}

func (d *decoder) flag(to *bool) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || n.Value != "true" && n.Value != "false" {
			d.wrong(n, "Hier hoort true of false te staan.", "Schrijf true, of haal de regel weg.")
			return
		}
		*to = n.Value == "true"
	}
}

// share reads a percentage into a share of 0 to 1.
func (d *decoder) share(to *float64) func(*yaml.Node) {
	return func(n *yaml.Node) {
		x := 0
		d.number(&x)(n)
		*to = float64(x) / 100
	}
}

// condition reads a condition. Its words get their codes in the check.
func (d *decoder) condition(to *logic.Expr) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if _, ok := d.scalar(n); !ok {
			return
		}
		e, err := logic.Parse(n.Value)
		if err != nil {
			d.condFault(n, err)
			return
		}
		*to = e
	}
}

// condFault notes an error in a condition at its place in the file.
func (p *problems) condFault(n *yaml.Node, err error) {
	text, remedy, offset := err.Error(), "", 0
	if e, ok := err.(*logic.Error); ok {
		text, remedy, offset = e.Text, e.Remedy, e.Offset
	}
	at := *n
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0: // begins on the next line, indented unknown
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		at.Column += 1 + offset
	default:
		at.Column += offset
	}
	p.at(&at, "In deze voorwaarde: "+text, remedy)
}
