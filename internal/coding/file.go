package coding

import (
	"embed"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/uitvraag/uitvraag/internal/instrument"
)

// A file holds frames, each for the variables that it names. In a file that
// somebody gives for one question the names may be left out.
type file struct {
	Version int         `yaml:"uitvraag"`
	Frames  []fileFrame `yaml:"codeboeken"`
}

type fileFrame struct {
	Variables []string   `yaml:"variabelen,omitempty,flow"`
	Single    bool       `yaml:"een_code,omitempty"`
	Note      string     `yaml:"aanwijzing,omitempty"`
	Codes     []fileCode `yaml:"codes"`
}

type fileCode struct {
	ID         string `yaml:"id"`
	Label      string `yaml:"label"`
	Definition string `yaml:"omschrijving,omitempty"`
	Example    string `yaml:"voorbeeld,omitempty"`
	Counter    string `yaml:"tegenvoorbeeld,omitempty"`
}

// maxFile bounds a file of frames: one with all of the product is a tenth of it.
const maxFile = 1 << 20

var yamlLine = regexp.MustCompile(`line (\d+)`)

// Parse reads a file of frames. The frames have the variables that they are for,
// one frame for each, and no version. With problems there are none.
func Parse(text []byte) ([]Frame, []instrument.Problem) {
	if len(text) > maxFile {
		return nil, []instrument.Problem{{Line: 1, Column: 1, Text: "Het bestand is te groot voor een codeboek.", Remedy: "Kies het juiste bestand."}}
	}
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil || len(root.Content) != 1 {
		return nil, []instrument.Problem{unreadable(err)}
	}
	var f file
	dec := yaml.NewDecoder(strings.NewReader(string(text)))
	dec.KnownFields(true)
	if err := dec.Decode(&f); err != nil {
		return nil, []instrument.Problem{unreadable(err)}
	}
	if f.Version != 1 || len(f.Frames) == 0 {
		return nil, []instrument.Problem{{Line: 1, Column: 1, Text: "Dit is geen bestand met codeboeken van versie 1.", Remedy: "Begin met ‘uitvraag: 1’ en daaronder ‘codeboeken:’."}}
	}
	var out []Frame
	var problems []instrument.Problem
	for i, x := range f.Frames {
		frame := Frame{Single: x.Single, Note: strings.TrimSpace(x.Note)}
		for _, c := range x.Codes {
			frame.Codes = append(frame.Codes, Code{ID: c.ID, Label: c.Label, Definition: c.Definition, Example: c.Example, Counter: c.Counter})
		}
		at := lines(root.Content[0], i)
		wrong := frame.Check()
		for field, text := range wrong {
			line := at[0]
			if _, n, ok := strings.Cut(field, "-"); ok {
				if k, err := strconv.Atoi(n); err == nil && k+1 < len(at) {
					line = at[k+1]
				}
			}
			problems = append(problems, instrument.Problem{Line: line, Column: 1, Text: text})
		}
		if len(x.Variables) == 0 {
			x.Variables = []string{""}
		}
		for _, v := range x.Variables {
			frame.Variable = v
			out = append(out, frame)
		}
	}
	if len(problems) > 0 {
		slices.SortFunc(problems, func(a, b instrument.Problem) int { return (a.Line-b.Line)*2 + strings.Compare(a.Text, b.Text) })
		return nil, problems
	}
	return out, nil
}

// lines are where a frame stands, and then each of its codes.
func lines(root *yaml.Node, frame int) []int {
	at := []int{1}
	list := child(root, "codeboeken")
	if list == nil || frame >= len(list.Content) {
		return at
	}
	at[0] = list.Content[frame].Line
	if codes := child(list.Content[frame], "codes"); codes != nil {
		for _, c := range codes.Content {
			at = append(at, c.Line)
		}
	}
	return at
}

func child(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func unreadable(err error) instrument.Problem {
	p := instrument.Problem{Line: 1, Column: 1, Text: "De opmaak van het bestand klopt niet.", Remedy: "Kijk naar het inspringen, de aanhalingstekens en de namen van de kenmerken rond deze regel."}
	if err != nil {
		if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
			p.Line, _ = strconv.Atoi(m[1])
			p.Line = max(1, p.Line)
		}
	}
	return p
}

// Format writes a frame as a file that Parse reads: the codes that can be given.
func Format(f Frame) ([]byte, error) {
	x := fileFrame{Variables: []string{f.Variable}, Single: f.Single, Note: f.Note}
	for _, c := range f.Open() {
		x.Codes = append(x.Codes, fileCode{c.ID, c.Label, c.Definition, c.Example, c.Counter})
	}
	out, err := yaml.Marshal(file{1, []fileFrame{x}})
	if err != nil {
		return nil, fmt.Errorf("coding: format: %w", err)
	}
	return out, nil
}

//go:embed frames/*.yaml
var builtin embed.FS

// frames are those that come with the product, by variable.
var frames = sync.OnceValue(func() map[string]Frame {
	out := map[string]Frame{}
	entries, err := builtin.ReadDir("frames")
	if err != nil {
		panic(err) // it is in the program
	}
	for _, e := range entries {
		text, err := builtin.ReadFile("frames/" + e.Name())
		if err != nil {
			panic(err)
		}
		list, problems := Parse(text)
		if len(problems) > 0 {
			panic(fmt.Sprintf("coding: %s: %v", e.Name(), problems[0]))
		}
		for _, f := range list {
			out[f.Variable] = f
		}
	}
	return out
})

// Builtin returns the frame that comes with the product for a variable: the codes
// of the report of 2018, with explanations of our own.
func Builtin(variable string) (Frame, bool) {
	f, ok := frames()[variable]
	return f, ok
}
