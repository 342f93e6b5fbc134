package coding

import (
	_ "embed"
	"slices"
	"sync"

	"go.yaml.in/yaml/v3"
)

// A TagGroup is a kind of thing that good examples are looked for by.
type TagGroup struct {
	Title string `yaml:"groep"`
	Tags  []Tag  `yaml:"kenmerken"`
}

// A Tag is what an example is about.
type Tag struct {
	ID    string `yaml:"id"`
	Label string `yaml:"label"`
}

//go:embed tags.yaml
var tagFile []byte

// Tags returns what examples can be about, in order.
var Tags = sync.OnceValue(func() []TagGroup {
	var out []TagGroup
	if err := yaml.Unmarshal(tagFile, &out); err != nil {
		panic(err) // it is in the program
	}
	return out
})

// TagLabel returns the label of a tag, "" where there is none.
func TagLabel(id string) string {
	for _, g := range Tags() {
		if i := slices.IndexFunc(g.Tags, func(t Tag) bool { return t.ID == id }); i >= 0 {
			return g.Tags[i].Label
		}
	}
	return ""
}

// Headings are the chapters of good examples, in order: those of the report of
// 2018, for all questionnaires alike.
var Headings = []string{"Vroeg signaleren", "Samenwerking en gezamenlijke aanpak", "Jeugdhulp in de school", "Passende plek in het onderwijs", "Thuiszitten voorkomen", "Snelle hulp, korte lijnen", "Overig"}
