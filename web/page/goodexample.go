package page

import (
	"time"

	"github.com/uitvraag/uitvraag/web/ui"
)

// GoodLinkPath is before the link of who sent an example.
const GoodLinkPath = "/voorbeeld/"

// An ExampleItem is a good example in a list.
type ExampleItem struct {
	Path, Title, About, Heading, From string
	Tags                              []string
	State, Shape                      string // of staff
}

// GoodExamples lists what respondents sent.
type GoodExamples struct {
	Staff
	Items      []ExampleItem
	PublicPath string
	Public     int
}

// GoodExample is where staff makes an example fit to publish.
type GoodExample struct {
	Staff
	Path      string
	Sent      []KeyValue
	Boxes     []ui.Box
	Headings  []Choice
	Tags      []ExampleTags
	Version   string // "" while there is no text
	Shown     bool   // everybody sees it
	Newer     bool   // there is a later text than the one that everybody sees
	Consent   string // in words
	Agreed    bool
	Warnings  []ExampleWarning
	Refused   bool // a mail address or a number is in it: it cannot be published
	NewLink   string
	Problems  []ui.Message
	Confirmed string // what is wrong with the box that says that names were looked at
}

// ExampleTags are the tags of one kind.
type ExampleTags struct {
	Title string
	Tags  []Choice
}

// An ExampleWarning is a word that has to be looked at.
type ExampleWarning struct{ Word, Sign string }

// Catalogue is the public list of good examples.
type Catalogue struct {
	Public
	Search   string
	Headings []Choice
	Tags     []ChoiceGroup
	Who      []Choice
	Items    []ExampleItem
	All      int
}

// ExamplePage is one good example for everybody.
type ExamplePage struct {
	Public
	Item    ExampleItem
	Parties string
	Goal    string
	Since   time.Time
	Asked   bool // a question was sent
	Boxes   []ui.Box
	Problem []ui.Message
}

// ExampleConsent is what who sent an example sees.
type ExampleConsent struct {
	Frame
	Path    string
	Title   string
	About   string
	Parties string
	Goal    string
	Agreed  bool
	Refused bool
	Said    bool // just now
}

func (p Catalogue) found() string {
	if len(p.Items) == p.All {
		return ui.Count(p.All, "voorbeeld", "voorbeelden")
	}
	return share(len(p.Items), p.All) + " voorbeelden"
}
