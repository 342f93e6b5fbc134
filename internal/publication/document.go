package publication

import "github.com/uitvraag/uitvraag/internal/report"

// Document is the report as files are made of one. A figure stands there by its
// table: files have no drawings of ours.
func (e *Edition) Document(title string) *report.Document {
	d := &report.Document{Title: title, Subtitle: e.Heading}
	for _, s := range e.Sources {
		d.Facts = append(d.Facts, [2]string{"Bron " + s.Many, "momentopname " + s.Snapshot + ", SHA-256 " + s.Hash})
	}
	d.Blocks = append(d.Blocks, report.Contents{})
	drawn := map[Behind]bool{}
	for _, c := range e.Chapters {
		if c.Title != "" {
			d.Blocks = append(d.Blocks, report.Heading{Level: 1, ID: c.ID, Text: c.Title})
		}
		for _, b := range c.Blocks {
			d.Blocks = append(d.Blocks, e.pieces(b, drawn)...)
		}
	}
	return d
}

// pieces are the blocks of a file for one of ours; a table stands there once.
func (e *Edition) pieces(b Block, drawn map[Behind]bool) []report.Block {
	if len(b.Text) > 0 {
		text := ""
		for _, p := range b.Text {
			text += p.Text
		}
		return []report.Block{report.Paragraph{Text: text}}
	}
	var out []report.Block
	for _, x := range b.Behind {
		shelf := e.Shelf(x.Audience)
		if shelf == nil || drawn[x] {
			continue
		}
		if g := shelf.Grid(x.Table); g != nil {
			drawn[x] = true
			out = append(out, report.Heading{Level: 2, ID: x.Audience + "-" + g.ID, Text: "Tabel " + g.ID + " " + g.Title}, g.Report())
		}
	}
	return out
}
