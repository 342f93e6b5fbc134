// Package disclosure owns what may be published: which numbers of a book of
// tables and which columns of data go out, so that nobody can find out what a few
// units answered, not even with the totals, with other tables or by subtraction.
//
//	b, err := disclosure.Publish(book, in, st.Settings.Disclosure)   // withholds numbers
//	faults := disclosure.Exposed(b, book, in, limits)                // proves that it was enough
//
// The totals of all units are always printed (standards X1): nobody can say whose
// answer a 1 % among a hundred is. Guarded are breakdowns. How many units of a
// group answered a question counts as known, unless the routing made it an answer.
package disclosure

import (
	"fmt"
	"math"
	"slices"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/internal/table"
)

// Publish returns a book fit for publication, beside the book of all units without
// a breakdown, and beside books by other columns that Splits allows. b is not
// changed. A book that cannot be published safely beside those, because it leaves
// units or answers out or is weighted, is an errs.Invalid.
func Publish(b *table.Book, in *instrument.Instrument, d study.Disclosure) (*table.Book, error) {
	if err := publishable(b.Spec, in); err != nil {
		return nil, err
	}
	p := &publication{Book: clone(b), in: in, limits: d.Limits(), guarded: !d.Traceable, most: map[string]int{}}
	p.Public = true
	p.Notes = append(p.Notes, fmt.Sprintf("Dit boek is gemaakt om te publiceren. Percentages staan er alleen bij %d of meer antwoorden.", p.limits.SmallBase))
	if p.guarded && b.Spec.By != "" {
		p.Notes = append(p.Notes, fmt.Sprintf("Een punt (·) is een getal dat niet wordt gepubliceerd. De groep heeft minder dan %d antwoorden, of met het getal was te achterhalen wat minder dan %d eenheden antwoordden.", p.limits.SmallBase, p.limits.FewUnits))
		p.measure()
		p.close()
	}
	for _, t := range p.Tables {
		p.table(t)
	}
	if left := Exposed(p.Book, b, in, d); len(left) > 0 { // no book rather than one that tells
		return nil, fmt.Errorf("table %s, row %q, group %q, column %q: %s", left[0].Table, left[0].Row, left[0].Group, left[0].Column, left[0].Text)
	}
	return p.Book, nil
}

// publishable reports why a book may not be published beside others: what two
// books differ in can be computed from them.
func publishable(spec table.Spec, in *instrument.Instrument) error {
	switch {
	case len(spec.Filters) > 0:
		return errs.Errorf(errs.Invalid, "Een deel van de eenheden kan niet naast het geheel worden gepubliceerd: uit het verschil is te achterhalen wat de anderen antwoordden. Splits uit in plaats van te kiezen: dan wordt elke groep tegen de andere beschermd.")
	case spec.NoTelephone || spec.NoCovered:
		return errs.Errorf(errs.Invalid, "Publiceer alleen het boek van alle eenheden. Met twee boeken, waarvan één zonder telefoon of zonder gedekte eenheden, is te achterhalen wat juist die eenheden antwoordden.")
	case spec.Base != table.WithMissing:
		return errs.Errorf(errs.Invalid, "Publiceer alleen de basis met ‘geen zicht op’ en ‘n.v.t.’. Met twee bases is te achterhalen wie dat antwoordde.")
	case spec.Weight != "" || len(spec.WeightTo) > 0:
		return errs.Errorf(errs.Invalid, "Een gewogen boek kan niet naast het ongewogen boek worden gepubliceerd: met allebei is uit te rekenen wat een kleine groep antwoordde.")
	case spec.By != "" && ofQuestion(in, spec.By) != "":
		return errs.Errorf(errs.Invalid, "Publiceer alleen uitsplitsingen naar achtergrond. Twee vragen tegen elkaar laten te veel zien van wie een zeldzaam antwoord gaf.")
	}
	return nil
}

// ofQuestion is the question that a variable belongs to, "" for none.
func ofQuestion(in *instrument.Instrument, name string) string {
	for _, v := range in.Variables() {
		if v.Name == name {
			return v.Question
		}
	}
	return ""
}

// clone copies what Publish changes.
func clone(b *table.Book) *table.Book {
	out := *b
	out.Notes, out.Warnings = slices.Clone(b.Notes), slices.Clone(b.Warnings)
	out.Tables = nil
	for _, t := range b.Tables {
		c := *t
		c.Notes, c.Warnings, c.Tests = slices.Clone(t.Notes), slices.Clone(t.Warnings), slices.Clone(t.Tests)
		c.Rows = slices.Clone(t.Rows)
		for i := range c.Rows {
			c.Rows[i].Cells = slices.Clone(t.Rows[i].Cells)
		}
		out.Tables = append(out.Tables, &c)
	}
	return &out
}

// A publication is a book while numbers are withheld.
type publication struct {
	*table.Book
	in      *instrument.Instrument
	limits  study.Disclosure
	guarded bool
	most    map[string]int  // units in a group that answered anything; "" in none
	closed  map[string]bool // groups that are printed nowhere
	// guarding are the groups in which a cell of a question is withheld: what the
	// routing makes of it may not be printed either.
	guarding map[string]map[string]bool
}

// measure finds how many units each group has, of those who answered anything.
func (p *publication) measure() {
	p.guarding = map[string]map[string]bool{}
	for _, t := range p.Tables {
		for _, part := range partsOf(t) {
			sum := 0
			for _, i := range part.groups {
				r := &t.Rows[i]
				p.most[r.Group] = max(p.most[r.Group], r.N+r.LeftOpen)
				sum += r.N + r.LeftOpen
			}
			if part.total >= 0 {
				p.most[""] = max(p.most[""], t.Rows[part.total].N+t.Rows[part.total].LeftOpen-sum)
			}
		}
	}
}

// close chooses the groups that are printed nowhere: the small ones, and as many
// others, smallest first, that together they are no small group (standards X4).
func (p *publication) close() {
	p.closed = map[string]bool{}
	var open []string
	small, units := 0, 0
	for g, n := range p.most {
		switch {
		case g == "":
		case n > 0 && n < p.limits.SmallBase:
			p.closed[g] = true
			small, units = small+1, units+n
		case n > 0:
			open = append(open, g)
		}
	}
	slices.SortFunc(open, func(a, b string) int {
		if n := p.most[a] - p.most[b]; n != 0 {
			return n
		}
		if a < b {
			return -1
		}
		return 1
	})
	for _, g := range open {
		if small == 0 || small > 1 && units >= p.limits.SmallBase {
			break
		}
		p.closed[g] = true
		small, units = small+1, units+p.most[g]
	}
}

// A part is a question, or a row of one, in a table: a line per group and one of
// all.
type part struct {
	groups []int // of Table.Rows
	total  int   // -1: there is none
}

func partsOf(t *table.Table) []part {
	if t.By == nil || t.Layout != table.Cross && t.Layout != table.Grades {
		return nil
	}
	var parts []part
	begun := ""
	for i := range t.Rows {
		r := &t.Rows[i]
		if len(parts) == 0 || r.Row != begun || parts[len(parts)-1].total >= 0 {
			parts, begun = append(parts, part{total: -1}), r.Row
		}
		p := &parts[len(parts)-1]
		if r.Group == "" {
			p.total = i
		} else {
			p.groups = append(p.groups, i)
		}
	}
	return parts
}

// table withholds numbers of one table.
func (p *publication) table(t *table.Table) {
	t.Warnings = slices.DeleteFunc(t.Warnings, func(w table.Warning) bool {
		return w.Kind == table.Disclosing || w.Kind == table.SmallN && w.Group != ""
	})
	t.Texts = nil // no text goes out that nobody read (standards X5)
	for i := range t.Rows {
		if t.Sum != table.SumNone {
			p.base(&t.Rows[i])
		}
	}
	if !p.guarded || t.By == nil {
		return
	}
	for _, part := range partsOf(t) {
		p.part(t, part)
	}
	if t.Layout == table.Codes {
		p.codes(t)
	}
	p.settle(t)
}

// base takes away percentages on a small base.
func (p *publication) base(r *table.Row) {
	r.Small = r.N < p.limits.SmallBase
	if !r.Small {
		return
	}
	for i := range r.Cells {
		c := &r.Cells[i]
		c.Percent, c.PercentValid, c.PercentColumn, c.Lo, c.Hi, c.Residual = nan(), nan(), nan(), nan(), nan(), nan()
	}
}

func nan() float64 { return math.NaN() }

// part withholds cells of one question by groups.
func (p *publication) part(t *table.Table, of part) {
	if of.total < 0 {
		return
	}
	free := p.routed(t, of)
	if t.Layout == table.Grades {
		p.grades(t, of, free)
		return
	}
	g := p.grid(t, of, free)
	g.protect()
	for line, i := range of.groups {
		r := &t.Rows[i]
		for c := range r.Cells {
			if g.hidden[line][c] {
				withhold(&r.Cells[c])
				p.guard(t.Question, r.Group)
			}
		}
		if g.free[line] {
			r.N, r.Valid, r.Withheld = 0, 0, true
		}
	}
}

// guard remembers that something of a question is withheld of a group.
func (p *publication) guard(question, group string) {
	if p.guarding[question] == nil {
		p.guarding[question] = map[string]bool{}
	}
	p.guarding[question][group] = true
}

// grid is what the table knows of a part, with what is sensitive in it.
func (p *publication) grid(t *table.Table, of part, free map[string]bool) *grid {
	total := &t.Rows[of.total]
	rest := len(of.groups)
	g := newGrid(rest+1, len(t.Columns), p.limits.FewUnits)
	g.several = t.Sum == table.SumMulti
	for _, c := range t.Columns {
		g.alone = append(g.alone, c.Missing != instrument.Substantive)
	}
	g.n[rest], g.most[rest], g.free[rest] = total.N, p.most[""], len(free) > 0
	for c := range total.Cells {
		g.x[rest][c] = total.Cells[c].Count
	}
	valid := make([]int, rest+1)
	valid[rest] = total.Valid
	for line, i := range of.groups {
		r := &t.Rows[i]
		g.n[line], g.most[line], valid[line] = r.N, p.most[r.Group], r.Valid
		g.n[rest], valid[rest] = g.n[rest]-r.N, valid[rest]-r.Valid
		for c := range r.Cells {
			g.x[line][c] = r.Cells[c].Count
			g.x[rest][c] -= r.Cells[c].Count
		}
		if r.N > 0 && (r.N < p.limits.SmallBase || p.closed[r.Group]) || free[r.Group] {
			g.hideLine(line, r.N > 0)
		}
		g.free[line] = free[r.Group]
	}
	for line := range g.x {
		for c, x := range g.x[line] {
			if p.few(x) || g.several && (p.few(g.n[line]-x) || !g.alone[c] && p.few(valid[line]-x)) {
				g.sensitive[line][c] = true
			}
		}
	}
	g.hideLine(rest, false)
	return g
}

// few reports whether a number is of units that must not be told apart.
func (p *publication) few(n int) bool { return n > 0 && n < p.limits.FewUnits }

// routed returns the groups of which even the base is withheld: where the routing
// decided who was asked, the base is a count of answers to another question.
func (p *publication) routed(t *table.Table, of part) map[string]bool {
	free := map[string]bool{}
	if t.Bases == nil || t.Bases.NotShown == 0 {
		return free
	}
	from := p.sources(t.Question)
	rest := t.Rows[of.total].N
	for _, i := range of.groups {
		r := &t.Rows[i]
		rest -= r.N
		asked := r.N + r.LeftOpen
		if p.closed[r.Group] || p.few(asked) || p.few(p.most[r.Group]-asked) || slices.ContainsFunc(from, func(q string) bool { return p.guarding[q][r.Group] }) {
			free[r.Group] = true
		}
	}
	if len(free) > 0 || p.few(rest) {
		p.spread(t, of, free)
	}
	for g := range free {
		p.guard(t.Question, g)
	}
	return free
}

// sources are the questions that decide whether a question is asked.
func (p *publication) sources(question string) []string {
	q := p.in.Question(question)
	if q == nil {
		return nil
	}
	var out []string
	for _, name := range q.ShowIf.Variables() {
		out = append(out, ofQuestion(p.in, name))
	}
	return out
}

// spread withholds the bases of more groups, smallest first, until none of those
// that are withheld can be computed.
func (p *publication) spread(t *table.Table, of part, free map[string]bool) {
	groups := slices.Clone(of.groups)
	slices.SortStableFunc(groups, func(a, b int) int { return t.Rows[a].N - t.Rows[b].N })
	g := newGrid(len(groups)+1, 1, p.limits.FewUnits)
	rest := len(groups)
	g.n[rest], g.most[rest], g.free[rest] = t.Rows[of.total].N, p.most[""], true
	all := newGrid(len(groups)+1, 1, p.limits.FewUnits)
	for line, i := range groups {
		r := &t.Rows[i]
		g.n[line], g.most[line], g.free[line] = r.N, p.most[r.Group], free[r.Group]
		g.n[rest] -= r.N
		all.free[line] = true
	}
	all.n, all.most, all.free[rest] = g.n, g.most, true
	wide := func() bool {
		for line := range g.n {
			if line == rest && !p.few(g.n[rest]) || !g.free[line] {
				continue
			}
			down, up := g.spanBase(line)
			least, most := all.spanBase(line)
			if down+up < min(p.limits.FewUnits, least+most) {
				return false
			}
		}
		return true
	}
	for line, i := range groups {
		if wide() {
			return
		}
		g.free[line], free[t.Rows[i].Group] = true, true
	}
}

// withhold takes a cell out of the book.
func withhold(c *table.Cell) {
	grade := c.Grade
	*c = table.Counted(c.Column, table.Unknown)
	c.Withheld = true
	if grade != nil {
		c.Grade = &table.Grade{Mean: nan(), SD: nan(), Min: nan(), Max: nan(), Lo: nan(), Hi: nan()}
	}
}

// grades withholds means of small groups, and of another where the mean of all
// would tell them. What is lowest and highest in a group is one unit's answer.
func (p *publication) grades(t *table.Table, of part, free map[string]bool) {
	for c := range t.Rows[of.total].Cells {
		groups := slices.Clone(of.groups)
		n := func(i int) int { return t.Rows[i].Cells[c].Count }
		slices.SortStableFunc(groups, func(a, b int) int { return n(a) - n(b) })
		lines, units := 0, n(of.total)
		for _, i := range groups {
			units -= n(i)
		}
		if units > 0 {
			lines++
		}
		hide := map[int]bool{}
		take := func(i int) {
			if !hide[i] && n(i) > 0 {
				lines, units = lines+1, units+n(i)
			}
			hide[i] = true
		}
		for _, i := range groups {
			if g := t.Rows[i].Group; n(i) > 0 && (n(i) < p.limits.SmallBase || p.closed[g]) || free[g] {
				take(i)
			}
		}
		for _, i := range groups {
			if units == 0 || units >= p.limits.SmallBase && (lines > 1 || len(hide) == 0) {
				break
			}
			take(i)
		}
		for _, i := range of.groups {
			r := &t.Rows[i]
			if hide[i] {
				withhold(&r.Cells[c])
				p.guard(t.Question, r.Group)
				continue
			}
			grade := *r.Cells[c].Grade
			grade.Min, grade.Max = nan(), nan()
			r.Cells[c].Grade = &grade
		}
	}
	for _, i := range of.groups {
		if r := &t.Rows[i]; free[r.Group] || !slices.ContainsFunc(r.Cells, func(c table.Cell) bool { return !c.Withheld }) {
			r.N, r.Valid, r.Withheld = 0, 0, true
		}
	}
}

// codes withholds counts of codes: their totals stand in the book of all units.
func (p *publication) codes(t *table.Table) {
	for i := range t.Rows {
		r := &t.Rows[i]
		if len(r.Cells) != len(t.By.Groups) {
			continue
		}
		g := newGrid(len(r.Cells)+1, 1, p.limits.FewUnits)
		g.several, g.alone = true, []bool{false}
		for line := range r.Cells {
			group := t.By.Groups[line].ID
			g.x[line][0], g.n[line] = r.Cells[line].Count, max(p.most[group], r.Cells[line].Count)
			g.hidden[line][0] = p.closed[group]
			g.sensitive[line][0] = p.closed[group] || p.few(r.Cells[line].Count)
		}
		g.protect()
		for line := range r.Cells {
			if g.hidden[line][0] {
				withhold(&r.Cells[line])
			}
		}
	}
}

// settle takes away what would tell a withheld cell in another way, says where one
// answer rules a group, and says why numbers are missing.
func (p *publication) settle(t *table.Table) {
	partial := map[string]bool{} // rows of the question with cells withheld
	for i := range t.Rows {
		r := &t.Rows[i]
		if r.Group == "" {
			continue
		}
		r.LeftOpen, r.Weighted, r.EffectiveN, r.Responses, r.All = 0, 0, 0, 0, false
		if slices.ContainsFunc(r.Cells, func(c table.Cell) bool { return c.Withheld }) || r.Withheld {
			partial[r.Row] = true
			r.Valid = 0
			for c := range r.Cells {
				r.Cells[c].PercentValid = nan()
			}
		}
		p.flag(t, r)
	}
	if len(partial) == 0 {
		return
	}
	for i := range t.Rows {
		if r := &t.Rows[i]; partial[r.Row] {
			for c := range r.Cells {
				r.Cells[c].Residual = nan()
			}
		}
	}
	// A test is computed from all cells: with the others known it tells the rest,
	// and the correction for many tests tells of the tests beside it.
	told := table.TestsNote(len(t.Tests))
	t.Notes = slices.DeleteFunc(t.Notes, func(n string) bool { return n == told })
	t.Tests = slices.DeleteFunc(t.Tests, func(x table.Test) bool { return partial[x.Row] })
	for i := range t.Tests {
		t.Tests[i].PHolm = nan()
	}
}

// flag says that nearly all of a group gave one answer (standards X2).
func (p *publication) flag(t *table.Table, r *table.Row) {
	for i := range r.Cells {
		c := &r.Cells[i]
		if c.Withheld || r.N == 0 || t.Layout != table.Cross || t.Columns[i].Missing != instrument.Substantive || c.Count*100 <= p.limits.Dominance*r.N {
			continue
		}
		t.Warnings = append(t.Warnings, table.Warning{Kind: table.Disclosing, Row: r.Row, Group: r.Group, Column: c.Column,
			Text: fmt.Sprintf("%s: meer dan %d%% gaf het antwoord ‘%s’. Dan is van bijna ieder in deze groep bekend wat hij antwoordde; beslis of dat mag.", r.Label, p.limits.Dominance, t.Columns[i].Label)})
	}
}
