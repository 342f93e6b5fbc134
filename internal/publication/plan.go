package publication

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
)

// A Plan says what the factsheet of a definition shows, as data: which questions,
// how they are drawn, and which of them asks for the models.
type Plan struct {
	Sections []PlanSection `json:"sections"`
	Models   []Subject     `json:"models"`
}

// A PlanSection is one section of a factsheet.
type PlanSection struct {
	ID    string    `json:"id"`
	Title string    `json:"title"` // unless the draft has another
	Draw  Draw      `json:"draw"`
	Of    []Subject `json:"of"`
}

// A Draw says how a section is drawn.
type Draw string

// The ways to draw.
const (
	Bars   Draw = "bars"   // the figures of the tables, under each other
	Number Draw = "number" // one answer as a big number for each
	Four   Draw = "models" // the drawings of the models with their shares
)

// A Subject is a question of an audience.
type Subject struct {
	Audience string   `json:"audience"`
	Question string   `json:"question"`
	Row      string   `json:"row,omitempty"`    // of the question; "" for the first
	Option   string   `json:"option,omitempty"` // whose share is the number
	By       []string `json:"by,omitempty"`     // background, of which the first that may be published splits it
}

//go:embed plans/*.json
var plans embed.FS

// PlanFor returns the plan of a definition: that of its kind, without the year. A
// definition without one has an empty plan: its tables and response are published.
func PlanFor(definition string) (Plan, error) {
	kind, _, _ := strings.Cut(definition, "-")
	text, err := plans.ReadFile("plans/" + kind + ".json")
	if err != nil {
		return Plan{}, nil //nolint:nilerr // there is no such plan, which is no fault
	}
	var p Plan
	if err := json.Unmarshal(text, &p); err != nil {
		return p, fmt.Errorf("plan %s: %w", kind, err)
	}
	return p, nil
}
