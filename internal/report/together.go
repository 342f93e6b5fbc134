package report

// A Chapter is a document that becomes a part of another one. ID makes what it
// holds differ from the same in another chapter; "" where it differs by itself.
type Chapter struct {
	ID  string
	Doc *Document
}

// Together lays out documents one after another, with one list of contents. What
// they hold is addressed by the id of its chapter before its own: schalen of the
// chapter swv becomes swv-schalen.
func Together(title, subtitle string, chapters ...Chapter) *Document {
	d := &Document{Title: title, Subtitle: subtitle, Blocks: []Block{Contents{}}}
	for _, c := range chapters {
		prefix, after := "", ""
		if c.ID != "" {
			prefix, after = c.ID+"-", " "+c.ID
		}
		for _, f := range c.Doc.Facts {
			d.Facts = append(d.Facts, [2]string{f[0] + after, f[1]})
		}
		for _, b := range c.Doc.Blocks {
			switch b := b.(type) {
			case Contents:
			case Heading:
				b.ID = prefix + b.ID
				if b.Level == 1 && c.ID != "" {
					b.Text = c.Doc.Subtitle + ": " + b.Text
				}
				d.Blocks = append(d.Blocks, b)
			case *Grid:
				g := *b
				g.ID = prefix + b.ID
				d.Blocks = append(d.Blocks, &g)
			case *Figure:
				f := *b
				f.ID = prefix + b.ID
				d.Blocks = append(d.Blocks, &f)
			default:
				d.Blocks = append(d.Blocks, b)
			}
		}
	}
	return d
}
