package contactplan

import (
	"embed"
	"io/fs"
	"slices"
)

//go:embed texts/*.txt
var textFiles embed.FS

// texts are the templates that come with the product, by file name.
var texts = func() []Template {
	names, err := fs.Glob(textFiles, "texts/*.txt")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	var all []Template
	for _, name := range names {
		source, err := textFiles.ReadFile(name)
		if err != nil {
			panic(err) // it is embedded
		}
		t, problems := ParseTemplate(string(source))
		if len(problems) > 0 {
			panic(name + ": " + problems[0].String()) // a test reads them too
		}
		all = append(all, t)
	}
	return all
}()

// Texts returns the templates that come with the product, by id and version.
func Texts() []Template { return slices.Clone(texts) }

// Text returns the template with an id for a channel: the mail or the letter of
// a step, or what a caller says.
func Text(id string, version Channel) (Template, bool) {
	i := slices.IndexFunc(texts, func(t Template) bool { return t.ID == id && t.Version == version })
	if i < 0 {
		return Template{}, false
	}
	return texts[i], true
}

// TextIDs returns the ids of the templates, each once.
func TextIDs() []string {
	var ids []string
	for _, t := range texts {
		if !slices.Contains(ids, t.ID) {
			ids = append(ids, t.ID)
		}
	}
	return ids
}
