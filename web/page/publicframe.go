package page

import "slices"

// Where the public pages of a study are, below StudyPath of its Frame.
const (
	FactsheetPath = "factsheet"
	ModelsPath    = "modellen"
	ResponsePath  = "respons"
	MethodPath    = "methode"
	ExamplesPath  = "goede-voorbeelden"
	ReportPath    = "rapport"
	NumbersPath   = "cijfers" // an audience follows
	ErrataPath    = "correcties"
)

// A Public frame is around the pages on which a study gives something back to
// everybody: its name, the pages that there are, and who made it.
type Public struct {
	Frame
	Base    string   // what the paths of its pages begin with, "" for StudyPath
	Current string   // path of the page, below Base
	There   []string // paths of the pages that can be read, in any order
	Preview string   // why only staff see this, "" where everybody does
	Print   bool     // on paper: nothing to press
}

// publicTabs are the public pages in the order of the menu.
var publicTabs = []Link{
	{FactsheetPath, "Factsheet"}, {ModelsPath, "Modellen"}, {ResponsePath, "Respons"}, {MethodPath, "Methode"}, {ReportPath, "Rapport"}, {ExamplesPath, "Goede voorbeelden"},
}

// at is the address of one of its pages.
func (p Public) at(path string) string {
	if p.Base != "" {
		return p.Base + path
	}
	return p.StudyPath + path
}

// tabs are the pages in the menu.
func (p Public) tabs() []Tab {
	var out []Tab
	for _, l := range publicTabs {
		if slices.Contains(p.There, l.Path) {
			out = append(out, Tab{Link: Link{p.at(l.Path), l.Text}, Current: l.Path == p.Current})
		}
	}
	return out
}
