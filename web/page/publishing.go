package page

import (
	"time"

	"github.com/uitvraag/uitvraag/internal/publication"
	"github.com/uitvraag/uitvraag/web/ui"
)

// PublishPath is where a study is published, after its base.
const PublishPath = "/publicatie"

// A Publishing page lists what a study published, and what it is going to.
type Publishing struct {
	Staff
	Lines    []PublishingLine
	MayEdit  bool
	Sources  []BookChoice // a snapshot for each audience, for a new draft
	Problem  string       // why no draft was made
	DataPath string       // where snapshots are made
}

// A PublishingLine is one edition or draft.
type PublishingLine struct {
	Path      string
	Heading   string
	State     string // Concept, Onder embargo tot …, Openbaar, Vervangen, Ingetrokken
	Shape     string // of the tag
	Snapshots string
	Made      time.Time
}

// A PublishingDraft page is a draft while somebody works on it, or an edition that
// cannot be changed any more.
type PublishingDraft struct {
	Staff
	Path      string
	Line      PublishingLine
	Heading   ui.Box
	Lede      ui.Box
	Titles    []ui.Box // of the sections
	Sources   []BookChoice
	Report    ui.Box
	Picks     []publication.Pick
	Previews  []Link
	Problems  []ui.Message
	MayEdit   bool
	MayPublic bool
	Replaces  bool // somebody may have read an earlier edition
	From      ui.Box
	Reason    ui.Box
	Withdraw  *ui.Box // why; nil where it cannot be
	Public    string  // where everybody reads it
	Saved     bool
}
