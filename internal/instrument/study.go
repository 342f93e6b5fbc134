package instrument

import (
	"embed"
	"slices"
	"strings"
)

//go:embed definitions/*.yaml
var definitionFiles embed.FS

// A StudyDefinition is a study that comes with the product: which instruments
// it has. Each instrument is asked of one audience, with the same name.
type StudyDefinition struct {
	Name    string   // inventarisatie-2018
	Title   string   // what the study is called where no title is given
	Sources []Source // in the order in which the audiences are listed
}

// studies is every definition, oldest first, with the files of its instruments.
var studies = []struct {
	name, title string
	files       []string
}{
	{"inventarisatie-2018", "Landelijke inventarisatie aansluiting onderwijs en jeugdhulp 2018", []string{"swv-2018", "gemeente-2018"}},
	{"ketenpartner", "Samenwerking van ketenpartners", []string{"ketenpartner-2023"}},
	{"inventarisatie-2026", "Landelijke inventarisatie aansluiting onderwijs en jeugdhulp 2026", []string{"swv-2026", "gemeente-2026"}},
}

// StudyDefinitions returns the studies that come with the product, oldest first.
func StudyDefinitions() []StudyDefinition {
	var all []StudyDefinition
	for _, s := range studies {
		d := StudyDefinition{Name: s.name, Title: s.title}
		for _, file := range s.files {
			text, err := definitionFiles.ReadFile("definitions/" + file + ".yaml")
			if err != nil {
				panic("instrument: " + err.Error()) // embedded: a fault of the build
			}
			name, edition, _ := strings.Cut(file, "-")
			d.Sources = append(d.Sources, Source{Name: name, Edition: edition, Text: text})
		}
		all = append(all, d)
	}
	return all
}

// StudyByName returns the study definition with the given name, and whether
// there is one.
func StudyByName(name string) (StudyDefinition, bool) {
	all := StudyDefinitions()
	i := slices.IndexFunc(all, func(d StudyDefinition) bool { return d.Name == name })
	if i < 0 {
		return StudyDefinition{}, false
	}
	return all[i], true
}
