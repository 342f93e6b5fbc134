package table

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/uitvraag/uitvraag/internal/instrument"
)

// A Confidence says how sure it is that something is wrong.
type Confidence string

// The confidences. What is Certain cannot be true, whatever people answered; what
// is Likely or Possible can, and is for a person to look at.
const (
	Certain  Confidence = "zeker"
	Likely   Confidence = "waarschijnlijk"
	Possible Confidence = "mogelijk"
)

// A Finding is something that is wrong, or may be, in a book.
type Finding struct {
	Table      string     `json:"table"`
	Row        string     `json:"row,omitempty"`
	Column     string     `json:"column,omitempty"`
	Confidence Confidence `json:"confidence"`
	Text       string     `json:"text"` // one sentence
}

// Audit returns what cannot be true in a book, and what is so unlikely that
// somebody should look. It looks at the numbers as they are printed, and at the
// questionnaire, which may be nil. A sound book, whatever it is of, gives nothing
// that is Certain; the other findings need so much coincidence that sound books
// have hardly any.
func Audit(b *Book, in *instrument.Instrument) []Finding {
	a := audit{book: b, in: in}
	for _, t := range b.Tables {
		a.t, a.question = t, nil
		if in != nil {
			a.question = in.Question(t.Question)
		}
		a.lost()
		switch {
		case t.Weight != "" || t.Base != WithMissing: // no fractions of the counts that are printed
		case t.Layout == Grades:
			a.grades()
		case t.Layout == Codes:
			a.codes()
		case t.Layout == Matrix, t.Layout == Options, t.Layout == Cross:
			a.percentages()
		}
	}
	a.baseChanges()
	a.siblings()
	a.routes()
	a.explanations()
	return a.found
}

type audit struct {
	book     *Book
	in       *instrument.Instrument
	t        *Table
	question *instrument.Question
	found    []Finding
}

func (a *audit) find(sure Confidence, row, column, format string, args ...any) {
	place := "Tabel " + a.t.ID
	if r := a.t.row(row); r != nil && r.Label != "" {
		place += ", ‘" + r.Label + "’"
	}
	if i := a.t.column(column); i >= 0 && a.t.Layout != Options {
		place += ", ‘" + a.t.Columns[i].Label + "’"
	}
	a.found = append(a.found, Finding{a.t.ID, row, column, sure, place + ": " + fmt.Sprintf(format, args...)})
}

func (t *Table) row(id string) *Row {
	for i := range t.Rows {
		if t.Rows[i].Row == id {
			return &t.Rows[i]
		}
	}
	return nil
}

func (t *Table) column(id string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.ID == id })
}

// A line is what adds up: a row of a matrix, or the column of a list of options.
type line struct {
	row     string // "" for the whole list
	n       int
	printed []int
	options []Column
}

// lines returns the lines of a table of percentages. Lines with a cell that is
// not printed are left out.
func (t *Table) lines() []line {
	var lines []line
	whole := line{n: t.N}
	for i := range t.Rows {
		r := &t.Rows[i]
		l := line{row: r.Row, n: r.N}
		for j := range r.Cells {
			if p, ok := t.Whole(r, &r.Cells[j]); ok {
				l.printed = append(l.printed, p)
			}
		}
		if t.Layout == Options {
			if len(r.Cells) == 1 && len(l.printed) == 1 {
				whole.printed = append(whole.printed, l.printed[0])
				whole.options = append(whole.options, Column{ID: r.Row, Label: r.Label})
			}
			whole.n = max(whole.n, r.N)
			continue
		}
		l.options = t.Columns
		if len(l.printed) == len(t.Columns) && l.n > 0 {
			lines = append(lines, l)
		}
	}
	if t.Layout == Options && len(whole.printed) == len(t.Rows) && whole.n > 0 {
		lines = append(lines, whole)
	}
	return lines
}

// percentages checks sums, cells and copies of a table of percentages.
func (a *audit) percentages() {
	lines := a.t.lines()
	for _, l := range lines {
		if a.cells(l) {
			continue // what cannot be by itself says enough
		}
		if a.t.Sum == SumMulti {
			a.several(l)
		} else {
			a.oneOf(l)
		}
	}
	a.counts()
	if a.t.Layout == Matrix {
		a.copied(lines)
	}
}

// cells finds percentages that no whole count gives.
func (a *audit) cells(l line) (found bool) {
	for i, p := range l.printed {
		row, column := l.place(i)
		if p < 0 || p > 100 {
			a.find(Certain, row, column, "%d%% kan niet; een percentage ligt tussen 0 en 100.", p)
			found = true
			continue
		}
		if fewest, most := Between(p, l.n); most < fewest {
			below, above := Percent(max(fewest-1, 0), l.n), Percent(min(fewest, l.n), l.n)
			a.find(Certain, row, column, "%d%% van %d kan niet; er is geen geheel aantal dat dit geeft (wel %d%% of %d%%).", p, l.n, below, above)
			found = true
		}
	}
	return found
}

// place returns where the nth cell of a line stands.
func (l line) place(i int) (row, column string) {
	if l.row == "" && len(l.options) > i {
		return l.options[i].ID, ""
	}
	return l.row, l.options[i].ID
}

// oneOf checks that a single choice can add up: exactly, by the fewest and the
// most answers that each printed percentage stands for.
func (a *audit) oneOf(l line) {
	low, high, total := 0, 0, 0
	for _, p := range l.printed {
		fewest, most := Between(p, l.n)
		low, high, total = low+fewest, high+most, total+p
	}
	if low <= l.n && l.n <= high {
		return
	}
	row := l.row
	var parts []string
	for _, p := range l.printed {
		parts = append(parts, strconv.Itoa(p)+"%")
	}
	why := "afronding alleen verklaart dat niet"
	if total == 100 {
		why = "er zijn geen hele aantallen die samen " + strconv.Itoa(l.n) + " zijn en deze percentages geven"
	}
	a.find(Certain, row, "", "de percentages tellen op tot %d (%s, N=%d), en %s.", total, strings.Join(parts, " + "), l.n, why)
}

// several checks a multiple choice: nobody can have ticked an option beside one
// that excludes it, and everybody in the base ticked something.
func (a *audit) several(l line) {
	alone, most, exclusive := 0, 0, a.exclusive(l)
	for i, p := range l.printed {
		fewest, atMost := Between(p, l.n)
		most += atMost
		if exclusive[i] {
			alone += fewest
		}
	}
	if most < l.n {
		a.find(Certain, l.row, "", "de percentages tellen op tot minder dan 100, terwijl iedereen in de basis (N=%d) iets koos.", l.n)
	}
	if alone > l.n {
		a.find(Certain, l.row, "", "de antwoorden die elkaar uitsluiten tellen op tot meer dan 100%%.")
		return
	}
	for i, p := range l.printed {
		if fewest, _ := Between(p, l.n); !exclusive[i] && alone > 0 && fewest+alone > l.n {
			row, column := l.place(i)
			a.find(Certain, row, column, "%d%% kan niet, want %s sluiten dit antwoord uit.", p, l.exclude(exclusive))
		}
	}
}

// exclude names the answers that exclude others, with their percentages.
func (l line) exclude(exclusive []bool) string {
	var parts []string
	for i, p := range l.printed {
		if exclusive[i] && p > 0 {
			parts = append(parts, fmt.Sprintf("‘%s’ (%d%%)", l.options[i].Label, p))
		}
	}
	return strings.Join(parts, " en ")
}

// exclusive says which options of a multiple choice exclude all others.
func (a *audit) exclusive(l line) []bool {
	out := make([]bool, len(l.options))
	for i, c := range l.options {
		out[i] = c.Missing != instrument.Substantive || c.Alone
		if a.question != nil {
			for _, o := range a.question.Options {
				out[i] = out[i] || o.ID == c.ID && (o.Exclusive || o.Missing != instrument.Substantive)
			}
		}
	}
	return out
}

// counts checks what is counted against what is printed of it.
func (a *audit) counts() {
	for i := range a.t.Rows {
		r := &a.t.Rows[i]
		total := 0
		for _, c := range r.Cells {
			if c.Count == Unknown {
				return
			}
			total += c.Count
			if c.Count < 0 || c.Count > r.N || r.N > 0 && !math.IsNaN(c.Percent) && math.Abs(c.Percent-100*float64(c.Count)/float64(r.N)) > 1e-9 {
				a.find(Certain, r.Row, c.Column, "%d van %d is iets anders dan wat er staat.", c.Count, r.N)
			}
		}
		if a.t.Sum == SumRow && total != r.N {
			a.find(Certain, r.Row, "", "de aantallen tellen op tot %d, terwijl N=%d.", total, r.N)
		}
	}
}

// What makes equal numbers a coincidence worth a look.
const (
	copyBase    = 100 // on fewer answers percentages are often equal
	copyPercent = 20  // as are small ones
)

// copied finds two rows under each other that both repeat a number in the same
// two columns, of which the second says that there is no answer.
func (a *audit) copied(lines []line) {
	repeats := func(l line, j int) bool {
		return l.n >= copyBase && l.printed[j] >= copyPercent && l.printed[j] == l.printed[j+1]
	}
	for i := 1; i < len(lines); i++ {
		for j := range len(a.t.Columns) - 1 {
			x, y := lines[i-1], lines[i]
			if a.t.Columns[j].Missing != instrument.Substantive || a.t.Columns[j+1].Missing == instrument.Substantive || !repeats(x, j) || !repeats(y, j) {
				continue
			}
			a.find(Possible, x.row, a.t.Columns[j].ID, "%d%% staat ook in de kolom ernaast, en in de rij eronder is dat met %d%% zo; misschien zijn cijfers gekopieerd.", x.printed[j], y.printed[j])
		}
	}
}

// codes finds a code that stands far below its place in a list by frequency.
func (a *audit) codes() {
	total := func(r Row) (sum int) {
		for _, c := range r.Cells {
			sum += max(c.Count, 0)
		}
		return sum
	}
	rows := a.t.Rows
	if n := len(rows); n > 0 && strings.HasPrefix(strings.ToLower(rows[n-1].Label), "overig") {
		rows = rows[:n-1]
	}
	var rises, late int
	for i := 1; i < len(rows); i++ {
		x, y := total(rows[i-1]), total(rows[i])
		if y > x {
			rises++
		}
		if y > 2*x && y-x >= 5 {
			late = i
		}
	}
	if late > 0 && rises <= 2 && len(rows) >= 8 {
		r := rows[late]
		a.find(Possible, r.Row, "", "deze code komt %d keer voor en staat onder een die %d keer voorkomt, terwijl de andere op volgorde staan.", total(r), total(rows[late-1]))
	}
}

// baseChanges finds tables whose base is another than that of the table before,
// where the book does not say why. What was asked of some alone has a base of its
// own.
func (a *audit) baseChanges() {
	var usual int
	for _, t := range a.book.Tables {
		a.t = t
		q := a.instrumentQuestion(t)
		n := t.base()
		if n == 0 || t.Layout == Grades || t.Layout == Codes || t.Layout == List || q != nil && (q.ShowIf.String() != "" || q.Kernvraag) {
			continue
		}
		if usual != 0 && n != usual && t.Bases == nil {
			a.find(Certain, "", "", "de basis is hier %d en was %d; er staat niet bij wie ontbreken.", n, usual)
		}
		usual = n
	}
}

func (a *audit) instrumentQuestion(t *Table) *instrument.Question {
	if a.in == nil {
		return nil
	}
	return a.in.Question(t.Question)
}

// base returns the largest N in a table.
func (t *Table) base() int {
	n := t.N
	for _, r := range t.Rows {
		n = max(n, r.N)
	}
	return n
}
