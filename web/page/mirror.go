package page

import "github.com/uitvraag/uitvraag/internal/mirror"

// MirrorPath is where spiegelrapporten are announced, after the base of a study.
const MirrorPath = "/spiegel"

// A MirrorReport is what one unit reads of its own answers beside those of others.
type MirrorReport struct {
	Frame
	R    mirror.Report
	Many string // what the units are called together
	PDF  string // path, "" where none can be made
}

// A MirrorOffice page announces the reports.
type MirrorOffice struct {
	Staff
	Lines    []MirrorLine
	MaySend  bool
	DataPath string
	Problem  string
}

// A MirrorLine is one audience.
type MirrorLine struct {
	Audience, Title string
	Snapshots       []Choice // to make the reports of
	Announced       string   // when, "" where it was not
	Snapshot        string
	Sent            int
}
