package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/uitvraag/uitvraag/internal/chart"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/table"
)

// A Figure draws a table; it stands after its grid.
type Figure struct {
	ID string // of the table
	chart.Sheet
}

func (*Figure) block() {}

// FigureOf draws a table, if there is something to draw: a choice as bars of 100
// percent, several answers as bars beside each other, grades as dots with their
// interval, codes as bars of counts. Rows with a base under table.SmallBase are
// left out, and what is not known is left open.
func FigureOf(t *table.Table) (*Figure, bool) {
	f := &Figure{ID: t.ID, Sheet: chart.Sheet{Title: t.Title}}
	switch {
	case t.Layout == table.Grades:
		f.grades(t)
	case t.Layout == table.Codes:
		f.codes(t)
	case t.Layout == table.List:
		return nil, false
	case t.Layout == table.Options:
		f.options(t)
	case t.Sum == table.SumRow && len(substantive(t.Columns)) <= mostTones:
		f.stacks(t)
	default:
		f.multiples(t)
	}
	return f, len(f.Rows) > 0
}

// mostTones is how many answers have a lightness of their own: with more, they
// could not be told apart in grey.
const mostTones = 5

// substantive are the answers that are one.
func substantive(columns []table.Column) []table.Column {
	return slices.DeleteFunc(slices.Clone(columns), func(c table.Column) bool { return c.Missing != instrument.Substantive })
}

// share is a percentage that may be drawn.
func share(r *table.Row, column string) float64 {
	i := slices.IndexFunc(r.Cells, func(c table.Cell) bool { return c.Column == column })
	if i < 0 || r.Small || r.N < table.SmallBase {
		return math.NaN()
	}
	return r.Cells[i].Percent
}

// tones gives every column its tone: yes and no theirs wherever they stand, what
// is no answer in grey.
func tones(columns []table.Column) map[string]chart.Tone {
	out := map[string]chart.Tone{}
	var scale []string
	for _, c := range columns {
		switch c.Missing {
		case instrument.NoView:
			out[c.ID] = chart.NoView
		case instrument.NotApply:
			out[c.ID] = chart.NotApply
		default:
			scale = append(scale, c.ID)
		}
	}
	if len(scale) == 2 && slices.Contains(scale, "ja") && slices.Contains(scale, "nee") {
		scale = []string{"nee", "ja"}
	}
	for i, tone := range chart.Scale(len(scale)) {
		out[scale[i]] = tone
	}
	return out
}

// drawn are the rows that may be drawn; note says how many may not.
func drawn(t *table.Table) (rows []*table.Row, note string) {
	small := 0
	for i := range t.Rows {
		r := &t.Rows[i]
		if r.Small || r.N < table.SmallBase {
			small++
			continue
		}
		rows = append(rows, r)
	}
	if small > 0 {
		note = fmt.Sprintf(" Niet getekend: %d met minder dan %d antwoorden.", small, table.SmallBase)
	}
	return rows, note
}

func figureLabel(r *table.Row) string { return strings.TrimSpace(cmp.Or(r.Label, r.Group)) }

// groupLabel is what rows under each other have in common. Of a cross table the
// label says it already.
func groupLabel(t *table.Table, r *table.Row) string {
	if r.Label == "" || t.By != nil {
		return ""
	}
	return r.Group
}

func (f *Figure) stacks(t *table.Table) {
	rows, note := drawn(t)
	f.Note = "In procenten van de N van de rij." + note
	tone := tones(t.Columns)
	for _, c := range t.Columns {
		f.Keys = append(f.Keys, chart.Key{Label: c.Label, Tone: tone[c.ID]})
	}
	for _, r := range rows {
		var parts []chart.Part
		for _, c := range t.Columns {
			parts = append(parts, chart.Part{Label: c.Label, Tone: tone[c.ID], Percent: share(r, c.ID)})
		}
		f.Rows = append(f.Rows, chart.Row{Group: groupLabel(t, r), Label: figureLabel(r), N: fmt.Sprint(r.N), Cells: []chart.Figure{chart.Stack(figureLabel(r), parts)}})
	}
	f.Finding = stackFinding(t, groupsOf(t, rows))
}

// groupsOf are the rows that are compared with each other: of a cross table not
// those of the whole.
func groupsOf(t *table.Table, rows []*table.Row) []*table.Row {
	if t.By == nil {
		return rows
	}
	return slices.DeleteFunc(slices.Clone(rows), func(r *table.Row) bool { return r.Group == "" })
}

// stackFinding says which rows score highest and lowest on the upper answers, or
// for few rows which answer was given most.
func stackFinding(t *table.Table, rows []*table.Row) string {
	scale := substantive(t.Columns)
	if len(rows) == 0 || len(scale) == 0 {
		return ""
	}
	if len(scale) >= 4 && len(rows) > 3 {
		upper := scale[len(scale)-2:]
		sum := func(r *table.Row) float64 { return share(r, upper[0].ID) + share(r, upper[1].ID) }
		if low, high := outermost(rows, sum); low != high {
			return fmt.Sprintf("‘%s’ of ‘%s’ is het vaakst gekozen bij: %s (%s van %d). Het minst vaak bij: %s (%s van %d).", upper[0].Label, upper[1].Label,
				figureLabel(high), whole(sum(high)), high.N, figureLabel(low), whole(sum(low)), low.N)
		}
	}
	var said []string
	for _, r := range rows {
		if len(said) == 4 {
			break
		}
		if c, x, ok := most(r, scale); ok {
			said = append(said, fmt.Sprintf("bij %s ‘%s’ (%s van %d)", figureLabel(r), c.Label, whole(x), r.N))
		}
	}
	if len(said) == 0 {
		return ""
	}
	return "Het vaakst gekozen: " + strings.Join(said, ", ") + "."
}

// outermost are the rows with the lowest and the highest of what of says, the first
// of them where they are equal; nil where nothing is known.
func outermost(rows []*table.Row, of func(*table.Row) float64) (low, high *table.Row) {
	for _, r := range rows {
		x := of(r)
		if math.IsNaN(x) {
			continue
		}
		if low == nil || x < of(low) {
			low = r
		}
		if high == nil || x > of(high) {
			high = r
		}
	}
	return low, high
}

// foremost is the row in which an answer was given most.
func foremost(rows []*table.Row, column string) *table.Row {
	_, high := outermost(rows, func(r *table.Row) float64 { return share(r, column) })
	return high
}

func whole(percent float64) string { return fmt.Sprintf("%.0f%%", math.Floor(percent+.5)) }

// most is the column with the largest share of a row.
func most(r *table.Row, columns []table.Column) (table.Column, float64, bool) {
	best, at := math.Inf(-1), -1
	for i, c := range columns {
		if x := share(r, c.ID); x > best {
			best, at = x, i
		}
	}
	if at < 0 {
		return table.Column{}, 0, false
	}
	return columns[at], best, true
}

// options is a bar for each option.
func (f *Figure) options(t *table.Table) {
	rows, note := drawn(t)
	f.Note = "In procenten."
	if t.Sum == table.SumMulti {
		f.Note = "In procenten; meer antwoorden mogelijk."
	}
	f.Note += note
	column := ""
	if len(t.Columns) > 0 {
		column = t.Columns[0].ID
	}
	for _, r := range rows {
		x := share(r, column)
		f.Rows = append(f.Rows, chart.Row{Label: figureLabel(r), N: fmt.Sprint(r.N), Cells: []chart.Figure{chart.Share(figureLabel(r), x)}})
	}
	if best := foremost(rows, column); best != nil {
		f.Finding = fmt.Sprintf("Het vaakst gekozen: ‘%s’, %s van %d.", figureLabel(best), whole(share(best, column)), best.N)
	}
}

// multiples is a column of bars for each answer.
func (f *Figure) multiples(t *table.Table) {
	rows, note := drawn(t)
	f.Note = "In procenten van de N van de rij; meer antwoorden mogelijk." + note
	if t.Sum == table.SumRow {
		f.Note = "In procenten van de N van de rij." + note
	}
	columns := substantive(t.Columns)
	for _, c := range columns {
		f.Heads = append(f.Heads, c.Label)
	}
	for _, r := range rows {
		row := chart.Row{Group: groupLabel(t, r), Label: figureLabel(r), N: fmt.Sprint(r.N)}
		for _, c := range columns {
			row.Cells = append(row.Cells, chart.Share(figureLabel(r)+", "+c.Label, share(r, c.ID)))
		}
		f.Rows = append(f.Rows, row)
	}
	var said []string
	for _, c := range columns {
		if best := foremost(groupsOf(t, rows), c.ID); best != nil {
			said = append(said, fmt.Sprintf("%s: het vaakst ‘%s’ (%s van %d)", c.Label, figureLabel(best), whole(share(best, c.ID)), best.N))
		}
	}
	if len(said) > 0 {
		f.Finding = strings.Join(said, "; ") + "."
	}
}

// grades is a dot for each mean, on the scale of the question.
func (f *Figure) grades(t *table.Table) {
	least, top := math.Inf(1), math.Inf(-1)
	for _, r := range t.Rows {
		for _, c := range r.Cells {
			if c.Grade != nil && c.Grade.N > 0 && !math.IsNaN(c.Grade.Min) { // those of groups are not published
				least, top = min(least, c.Grade.Min), max(top, c.Grade.Max)
			}
		}
	}
	if least >= 1 && top <= 10 { // school marks
		least, top = 1, 10
	} else {
		least = min(0, least)
	}
	f.Note = fmt.Sprintf("Gemiddelde met 95%%-interval, op een schaal van %s tot %s.", chart.Number(least, 0), chart.Number(top, 0))
	if len(t.Columns) > 1 {
		for _, c := range t.Columns {
			f.Heads = append(f.Heads, c.Label)
		}
	}
	type mark struct {
		text string
		mean float64
	}
	var marks []mark
	for i := range t.Rows {
		r := &t.Rows[i]
		row := chart.Row{Group: groupLabel(t, r), Label: figureLabel(r)}
		some := false
		for _, column := range t.Columns {
			name := figureLabel(r)
			if len(t.Columns) > 1 {
				name += ", " + column.Label
			}
			x := chart.Mean{Title: name, Value: math.NaN(), Lo: math.NaN(), Hi: math.NaN(), Min: least, Max: top, Decimals: 1}
			k := slices.IndexFunc(r.Cells, func(c table.Cell) bool { return c.Column == column.ID })
			if k >= 0 && r.Cells[k].Grade != nil && r.Cells[k].Grade.N >= table.SmallBase {
				g := r.Cells[k].Grade
				x.Value, x.Lo, x.Hi, some = g.Mean, g.Lo, g.Hi, true
				marks = append(marks, mark{name, g.Mean})
			}
			row.Cells = append(row.Cells, x.Figure())
		}
		if some {
			f.Rows = append(f.Rows, row)
		}
	}
	if len(marks) > 1 {
		by := func(a, b mark) int { return cmp.Compare(a.mean, b.mean) }
		high, low := slices.MaxFunc(marks, by), slices.MinFunc(marks, by)
		f.Finding = fmt.Sprintf("Het hoogst: %s (%s); het laagst: %s (%s).", high.text, decimal(high.mean, 1), low.text, decimal(low.mean, 1))
	}
}

// codes is a bar of counts for each code.
func (f *Figure) codes(t *table.Table) {
	f.Note = "Aantal eenheden dat dit noemt."
	top := 0
	for _, r := range t.Rows {
		for _, c := range r.Cells {
			top = max(top, c.Count)
		}
	}
	if len(t.Columns) > 1 {
		for _, c := range t.Columns {
			f.Heads = append(f.Heads, c.Label)
		}
	}
	for i := range t.Rows {
		r := &t.Rows[i]
		row := chart.Row{Label: figureLabel(r)}
		for _, c := range r.Cells {
			if c.Count == table.Unknown {
				row.Cells = append(row.Cells, chart.Share(figureLabel(r), math.NaN()))
				continue
			}
			row.Cells = append(row.Cells, chart.Amount(figureLabel(r), c.Count, top))
		}
		f.Rows = append(f.Rows, row)
	}
	total := func(r table.Row) int {
		n := 0
		for _, c := range r.Cells {
			n += max(c.Count, 0)
		}
		return n
	}
	if len(t.Rows) > 0 {
		best := slices.MaxFunc(t.Rows, func(a, b table.Row) int { return total(a) - total(b) })
		f.Finding = fmt.Sprintf("Het vaakst genoemd: ‘%s’ (%d).", figureLabel(&best), total(best))
	}
}

// dumbbells draws a pair of tables: each number of the two sides on one scale.
// Of statements the upper two answers count together.
func dumbbells(c *table.Comparison, p *table.Pair) (*Figure, bool) {
	f := &Figure{ID: p.A.ID, Sheet: chart.Sheet{Title: p.A.Title, Keys: []chart.Key{{Label: c.A.Label, Tone: "a"}, {Label: c.B.Label, Tone: "b"}}}}
	add := func(r *table.PairRow, label string, a, b, least, most float64, decimals int, unit string) {
		if math.IsNaN(a) || math.IsNaN(b) {
			return
		}
		f.Rows = append(f.Rows, chart.Row{Label: label, Cells: []chart.Figure{chart.Dumbbell(label, c.A.Label, c.B.Label, a, b, least, most, decimals, unit)}})
	}
	scale := substantive(p.A.Columns)
	for i := range p.Rows {
		r := &p.Rows[i]
		if r.B == nil {
			continue
		}
		switch {
		case p.A.Layout == table.Grades:
			f.Note = "Gemiddelden."
			for k, d := range r.Cells {
				if d.A == nil || d.B == nil || d.A.Grade == nil || d.B.Grade == nil || min(d.A.Grade.N, d.B.Grade.N) < table.SmallBase {
					continue
				}
				label := r.Label
				if len(p.A.Columns) > 1 {
					label += ", " + p.A.Columns[k].Label
				}
				add(r, label, d.A.Grade.Mean, d.B.Grade.Mean, 1, 10, 1, "")
			}
		case p.A.Layout == table.Options:
			f.Note = "In procenten."
			add(r, r.Label, share(r.A, scale[0].ID), share(r.B, scale[0].ID), 0, 100, 0, "%")
		case p.A.Layout == table.Matrix && p.A.Sum == table.SumRow && len(scale) >= 4:
			upper := scale[len(scale)-2:]
			f.Note = fmt.Sprintf("Aandeel ‘%s’ of ‘%s’, in procenten.", upper[0].Label, upper[1].Label)
			both := func(of *table.Row) float64 { return share(of, upper[0].ID) + share(of, upper[1].ID) }
			add(r, r.Label, both(r.A), both(r.B), 0, 100, 0, "%")
		}
	}
	f.Finding = dumbbellFinding(f)
	return f, len(f.Rows) > 0
}

// dumbbellFinding repeats what the rows tell.
func dumbbellFinding(f *Figure) string {
	var said []string
	for _, r := range f.Rows {
		said = append(said, r.Cells[0].Finding)
	}
	return strings.Join(said, "; ")
}
