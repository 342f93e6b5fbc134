package sheet

import "strings"

// maxCells is how many cells a line may have, empty ones at its end included:
// the width of an Excel worksheet.
const maxCells = 16384

// A builder turns raw lines into a table and checks what both formats share.
type builder struct {
	limits   Limits
	table    Table
	at       []int // position in the table of each cell of a line, or nameless or repeated
	stopped  bool  // no use to go on: a limit is passed
	problems Problems
}

// add takes the next line and reports whether there is use in another one.
func (b *builder) add(line int, cells []string) bool {
	switch {
	case b.stopped:
	case blank(cells):
	case b.at == nil:
		b.header(line, cells)
	case len(b.table.Rows) == b.limits.Rows:
		b.stop(line, "Het bestand heeft te veel regels: hoogstens %d onder de kop.", b.limits.Rows)
	default:
		b.row(line, cells)
	}
	return !b.stopped
}

// What stands above a cell that has no column of its own.
const (
	nameless = -1 // nothing
	repeated = -2 // a name that another column has already
)

func (b *builder) stop(line int, format string, args ...any) {
	b.problems.Add(line, "", format, args...)
	b.stopped = true
}

func (b *builder) header(line int, cells []string) {
	b.table.Line = line
	b.at = make([]int, len(cells))
	seen := make(map[string]int) // lower case name -> cell number
	for i, cell := range cells {
		name := strings.TrimSpace(cell)
		b.at[i] = nameless
		if name == "" {
			continue // fine as long as nothing stands under it
		}
		if !b.sound(line, "", cell) {
			b.stopped = true
			return
		}
		key := strings.ToLower(name)
		if first, ok := seen[key]; ok {
			b.problems.Add(line, name, "deze naam staat twee keer in de kop: boven cel %d en boven cel %d", first, i+1)
			b.at[i] = repeated
			continue
		}
		seen[key] = i + 1
		b.at[i] = len(b.table.Columns)
		b.table.Columns = append(b.table.Columns, name)
	}
	if len(b.table.Columns) > b.limits.Columns {
		b.stop(line, "Het bestand heeft te veel kolommen: %d, het mogen er hoogstens %d zijn.", len(b.table.Columns), b.limits.Columns)
	}
}

func (b *builder) row(line int, cells []string) {
	row := Row{line, make([]string, len(b.table.Columns))}
	for i, cell := range cells {
		switch {
		case i < len(b.at) && b.at[i] == repeated:
		case i < len(b.at) && b.at[i] >= 0:
			if !b.sound(line, b.table.Columns[b.at[i]], cell) {
				return
			}
			row.Cells[b.at[i]] = cell
		case strings.TrimSpace(cell) != "":
			b.problems.Add(line, "", "cel %d (%s) heeft geen kolom met een naam boven zich. "+
				"Zet een tekst met een komma, puntkomma of tab tussen dubbele aanhalingstekens.", i+1, Quote(cell))
			return
		}
	}
	b.table.Rows = append(b.table.Rows, row)
}

// sound reports whether a cell can be kept, and notes why not.
func (b *builder) sound(line int, column, cell string) bool {
	if len(cell) > b.limits.CellBytes {
		b.problems.Add(line, column, "de tekst in deze cel is te lang: hoogstens %s", size(int64(b.limits.CellBytes)))
		return false
	}
	if strings.IndexByte(cell, 0) >= 0 {
		b.problems.Add(line, column, "in deze cel staat een teken dat niet in tekst hoort (NUL)")
		return false
	}
	return true
}

func (b *builder) finish() (Table, []Problem) {
	problems := b.problems.List()
	if b.at == nil && len(problems) == 0 {
		problems = append(problems, Problem{Text: "Het bestand is leeg."})
	}
	return b.table, problems
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}
