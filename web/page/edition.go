package page

import (
	"fmt"
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/internal/publication"
	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/web/ui"
)

// An Edition is what a study published, as pages: each of its views is one of them.
type Edition struct {
	Public
	E      *publication.Edition
	From   time.Time          // since when everybody may read it; zero for a draft
	Files  []Link             // the page as a file
	Errata []Erratum          // the latest first
	Shelf  *publication.Shelf // of the page with numbers
}

// An Erratum tells what an edition changed of the one before it.
type Erratum struct {
	When    time.Time
	Reason  string
	Changes []publication.Change
}

// source is the snapshot of the numbers of an audience.
func (p Edition) source(audience string) publication.Source {
	for _, s := range p.E.Sources {
		if s.Audience == audience {
			return s
		}
	}
	return publication.Source{}
}

// tablePath is where a table stands with its snapshot.
func (p Edition) tablePath(b publication.Behind) string {
	return p.at(NumbersPath+"/"+b.Audience) + "#" + b.Table
}

// numberPath is where a number stands in its table.
func (p Edition) numberPath(r *publication.Ref) string {
	return p.at(NumbersPath+"/"+r.Audience) + "#" + anchor(r.Table, report.Line{ID: r.Line, Group: r.Group}, r.Column)
}

// counted says how many answered: "105 van de 151 samenwerkingsverbanden".
func counted(s publication.Source) string {
	if s.Population == 0 {
		return ui.Int(s.Units) + " " + s.Many
	}
	return ui.Int(s.Units) + " van de " + ui.Int(s.Population) + " " + s.Many
}

// since says from when the numbers are.
func (p Edition) since() string {
	if p.From.IsZero() {
		return "Concept"
	}
	return "Gepubliceerd op " + ui.DayMonthYear(p.From)
}

func snapshotText(s publication.Source) string {
	return fmt.Sprintf("momentopname ‘%s’ van %s, %s uur", s.Snapshot, ui.DayMonthYear(s.Made), strings.TrimSuffix(ui.Clock(s.Made), " uur"))
}

// behindText names a table.
func (p Edition) behindText(b publication.Behind) string {
	return "tabel " + b.Table + " (" + p.source(b.Audience).Many + ")"
}

// emptyBlock reports whether a block is where the models go.
func emptyBlock(b publication.Block) bool {
	return b.Figure == nil && b.Grid == nil && len(b.Big) == 0 && len(b.Text) == 0
}

func changed(c publication.Change) string {
	if c.After == "" {
		return "staat er niet meer"
	}
	return c.After
}
