package publication

// A Change is a number that reads otherwise than before; readers who used it must
// be told.
type Change struct {
	Ref
	Title  string `json:"title"`  // of the table
	Label  string `json:"label"`  // of the line
	Head   string `json:"head"`   // of the column
	Before string `json:"before"` // as it was printed
	After  string `json:"after"`  // "" where it is not printed any more
}

// Changes lists the numbers of before that are another one in after, or are gone,
// in the order of before. What is new changes nothing that somebody read.
func Changes(before, after Edition) []Change {
	var out []Change
	for _, shelf := range before.Shelves {
		now := after.Shelf(shelf.Audience)
		for i := range shelf.Grids {
			g := &shelf.Grids[i]
			printed := map[Ref]string{}
			if now != nil {
				if x := now.Grid(g.ID); x != nil {
					printed = x.numbers(shelf.Audience)
				}
			}
			for _, r := range g.Rows {
				for k, v := range r.Values {
					ref := Ref{shelf.Audience, g.ID, r.ID, r.Group, g.Heads[k][0]}
					if printed[ref] != v {
						out = append(out, Change{ref, g.Title, r.Label, g.Heads[k][1], v, printed[ref]})
					}
				}
			}
		}
	}
	return out
}

// numbers are what a table prints, by where it stands.
func (g *Grid) numbers(audience string) map[Ref]string {
	out := map[Ref]string{}
	for _, r := range g.Rows {
		for k, v := range r.Values {
			out[Ref{audience, g.ID, r.ID, r.Group, g.Heads[k][0]}] = v
		}
	}
	return out
}
