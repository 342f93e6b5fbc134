package hypothesis

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/scale"
	"github.com/uitvraag/uitvraag/internal/stat"
)

// rReading are the R functions that read gegevens.csv, of the zip with the data, and
// make what the columns of Extend are. They need R alone.
const rReading = `# Leest gegevens.csv uit een uitgepakte map: een rij per ingevulde vragenlijst, of alle eenheden.
lees <- function(map, alle = FALSE) {
  d <- read.csv(file.path(map, "gegevens.csv"), colClasses = "character", na.strings = "", check.names = FALSE, encoding = "UTF-8")
  if (alle) d else d[d$bron_id == d[[1]], ]
}
# Een kolom als getallen, zonder de codes van wat geen antwoord is.
getal <- function(x, geen) { y <- suppressWarnings(as.numeric(x)); y[y %in% geen] <- NA; y }
# De score op een schaal: het gemiddelde van de stellingen, als er genoeg zijn beantwoord.
schaal <- function(d, items, deel) {
  x <- as.matrix(d[items]); n <- rowSums(!is.na(x))
  ifelse(n > 0 & n >= deel * length(items) - 1e-9, rowMeans(x, na.rm = TRUE), NA)
}
klassen <- function(x) pmin(pmax(floor(x + 1e-9), 1), 4)
groepen <- function(x, codes) { y <- rep(NA_real_, length(x)); for (i in seq_along(codes)) y[x %in% codes[[i]]] <- i; y }
wel <- function(d, vakjes) {
  x <- as.matrix(d[vakjes]); een <- rowSums(x == 1, na.rm = TRUE) > 0
  ifelse(een, 1, ifelse(rowSums(x == 0, na.rm = TRUE) > 0, 0, NA))
}
`

// A reading writes the R lines that make columns of a data frame d, each once and
// after what it is made of.
type reading struct {
	strings.Builder
	in      *instrument.Instrument
	d       *dataset.Dataset
	derived []Derived
	valid   float64
	done    map[string]bool
}

func newReading(in *instrument.Instrument, d *dataset.Dataset, derived []Derived, valid float64) *reading {
	if valid == 0 {
		valid = scale.DefaultValid
	}
	return &reading{in: in, d: d, derived: derived, valid: valid, done: map[string]bool{}}
}

// need writes the lines of a column; nothing for what there is not.
func (r *reading) need(names ...string) {
	for _, name := range names {
		if name == "" || r.done[name] {
			continue
		}
		r.done[name] = true
		i := slices.IndexFunc(r.derived, func(d Derived) bool { return d.ID == name })
		id, scored := strings.CutPrefix(strings.TrimSuffix(name, ClassSuffix), ScalePrefix)
		s := slices.IndexFunc(r.in.Scales, func(s instrument.Scale) bool { return s.ID == id })
		switch {
		case scored && s >= 0 && strings.HasSuffix(name, ClassSuffix):
			r.need(ScalePrefix + id)
			fmt.Fprintf(&r.Builder, "d$%s <- klassen(d$%s)\n", name, ScalePrefix+id)
		case scored && s >= 0:
			r.need(r.in.Scales[s].Items...)
			fmt.Fprintf(&r.Builder, "d$%s <- schaal(d, %s, %s)\n", name, rNames(r.in.Scales[s].Items), rNumber(r.valid))
		case i >= 0 && r.derived[i].From != "":
			r.group(r.derived[i])
		case i >= 0:
			r.need(r.derived[i].Any...)
			fmt.Fprintf(&r.Builder, "d$%s <- wel(d, %s)\n", name, rNames(r.derived[i].Any))
		default:
			if c := r.d.Column(name); c != nil {
				fmt.Fprintf(&r.Builder, "d$%s <- getal(d$%s, %s)\n", name, name, rCodes(c, func(v instrument.Value) bool { return v.Missing }))
			}
		}
	}
}

func (r *reading) group(x Derived) {
	r.need(x.From)
	c := r.d.Column(x.From)
	if c == nil {
		return
	}
	var groups []string
	for _, g := range x.Groups {
		groups = append(groups, rCodes(c, func(v instrument.Value) bool { return slices.Contains(g.Values, v.ID) }))
	}
	fmt.Fprintf(&r.Builder, "d$%s <- groepen(d$%s, list(%s))\n", x.ID, x.From, strings.Join(groups, ", "))
}

func rCodes(c *dataset.Column, keep func(instrument.Value) bool) string {
	var codes []string
	for _, v := range c.Values {
		if keep(v) {
			codes = append(codes, strconv.Itoa(v.Code))
		}
	}
	return "c(" + strings.Join(codes, ", ") + ")"
}

func rNames(names []string) string { return `c("` + strings.Join(names, `", "`) + `")` }

func rNumber(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "NA"
	}
	return strconv.FormatFloat(x, 'g', 17, 64)
}

// rText quotes a text for R, in ASCII, whatever the encoding of who runs it.
func rText(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			b.WriteString(`\` + string(c))
		case c < 32:
			b.WriteByte(' ')
		case c < 127:
			b.WriteRune(c)
		default:
			fmt.Fprintf(&b, `\U%08x`, c)
		}
	}
	return b.String() + `"`
}

// An RTable is what RCode makes in R.
type RTable struct {
	Variable, By string // By "" for one variable alone
	Means        bool
	Substantive  bool // without geen zicht op and n.v.t. in the base
	Filters      []dataset.Filter
	Method       stat.Method // of the test, "" for none
}

// RCode is a program in R that makes a table again of the data in a folder, and its
// test: what stands under the table. d is extended.
func RCode(in *instrument.Instrument, d *dataset.Dataset, derived []Derived, o Options, t RTable) string {
	r := newReading(in, d, derived, o.Valid)
	r.WriteString(rReading)
	fmt.Fprintf(&r.Builder, "\nd <- lees(%q, alle = TRUE)\n", in.Name)
	y := "d$" + t.Variable
	if c := d.Column(t.Variable); c != nil && !t.Means && !t.Substantive && c.Role == dataset.Response {
		fmt.Fprintf(&r.Builder, "d$met <- getal(d$%s, %s) # met geen zicht op en n.v.t.\n", t.Variable, rCodes(c, func(v instrument.Value) bool { return v.Reason == instrument.LeftOpen }))
		y = "d$met"
	}
	r.need(t.Variable, t.By)
	for _, f := range t.Filters {
		if keep := r.filter(f); keep != "" {
			fmt.Fprintf(&r.Builder, "d <- d[with(d, %s), ]\n", keep)
		}
	}
	by := "d$" + t.By
	switch {
	case t.Means && t.By != "":
		fmt.Fprintf(&r.Builder, "aggregate(%s, list(groep = %s), function(x) { x <- x[!is.na(x)]; c(m = mean(x), sd = sd(x), n = length(x)) })\n", y, by)
	case t.Means:
		fmt.Fprintf(&r.Builder, "c(m = mean(%s, na.rm = TRUE), sd = sd(%s, na.rm = TRUE), n = sum(!is.na(%s)))\n", y, y, y)
	case t.By != "":
		fmt.Fprintf(&r.Builder, "tabel <- table(%s, %s)\ntabel\n100 * prop.table(tabel, 1)\n", by, y)
	default:
		fmt.Fprintf(&r.Builder, "tabel <- table(%s)\ntabel\n100 * prop.table(tabel)\n", y)
	}
	if e, ok := explanations[t.Method]; ok && t.By != "" && e.R != "" {
		r.WriteString("d <- d[d$bron_id == d[[1]], ] # toetsen gaan over vragenlijsten\n")
		fmt.Fprintf(&r.Builder, e.R+"\n", t.Variable, t.By)
	}
	return r.String()
}

// filter is what a filter keeps, in R; "" for one that R is not told.
func (r *reading) filter(f dataset.Filter) string {
	switch {
	case f.Questionnaires:
		return "bron_id == d[[1]]"
	case f.Where != "":
		e, err := r.d.Condition(f.Where)
		if err != nil {
			return ""
		}
		r.need(e.Variables()...)
		return e.R()
	}
	c := r.d.Column(f.Column)
	if c == nil {
		return ""
	}
	r.need(f.Column)
	return f.Column + " %in% " + rCodes(c, func(v instrument.Value) bool {
		return slices.Contains(f.Values, v.ID) || slices.Contains(f.Values, strconv.Itoa(v.Code))
	})
}

// Explained is how a method is computed, with the call in R of two columns; false for
// one that is not known.
func Explained(m stat.Method, y, by string) (Explanation, bool) {
	e, ok := explanations[m]
	if ok && e.R != "" {
		e.R = fmt.Sprintf(e.R, y, by)
	}
	return e, ok
}

// rTesting are the R functions that repeat the tests and compare what they give.
const rTesting = `
resultaten <- list()
# Vergelijkt wat R vindt met wat Uitvraag vond.
vergelijk <- function(wat, verwacht, gevonden, marge = 1e-6) {
  gelijk <- (is.na(verwacht) && is.na(gevonden)) || (!is.na(verwacht) && !is.na(gevonden) && abs(verwacht - gevonden) <= marge * max(1, abs(verwacht)))
  resultaten[[length(resultaten) + 1]] <<- data.frame(wat = wat, uitvraag = verwacht, R = gevonden, gelijk = gelijk)
}
samen <- function(y, g, minst = 1) {
  ok <- !is.na(y) & !is.na(g); y <- y[ok]; g <- g[ok]
  n <- table(g); ok <- g %in% as.numeric(names(n)[n >= minst])
  list(y = y[ok], g = factor(g[ok]))
}
uit <- function(n, s, p) c(n = n, s = unname(s), p = unname(p))
rang2 <- function(y, g, minst, exact) { x <- samen(y, g, minst); t <- suppressWarnings(wilcox.test(x$y ~ x$g, exact = exact)); uit(length(x$y), t$statistic, t$p.value) }
rang <- function(y, g, minst) { x <- samen(y, g, minst); t <- kruskal.test(x$y, x$g); uit(length(x$y), t$statistic, t$p.value) }
welch2 <- function(y, g, minst) { x <- samen(y, g, minst); t <- t.test(x$y ~ x$g); uit(length(x$y), t$statistic, t$p.value) }
welch <- function(y, g, minst) { x <- samen(y, g, minst); t <- oneway.test(x$y ~ x$g); uit(length(x$y), t$statistic, t$p.value) }
chi2 <- function(y, g, minst) { x <- samen(y, g, minst); t <- suppressWarnings(chisq.test(table(x$g, x$y), correct = FALSE)); uit(length(x$y), t$statistic, t$p.value) }
fisher <- function(y, g, minst) { x <- samen(y, g, minst); t <- fisher.test(table(x$g, x$y), workspace = 2e7); uit(length(x$y), NA, t$p.value) }
trek <- function(y, g, minst) { x <- samen(y, g, minst); set.seed(2018); t <- fisher.test(table(x$g, x$y), simulate.p.value = TRUE, B = 20000); uit(length(x$y), NA, t$p.value) }
spearman <- function(a, b) { ok <- !is.na(a) & !is.na(b); n <- sum(ok); r <- cor(rank(a[ok]), rank(b[ok])); t <- r * sqrt((n - 2) / (1 - r^2)); uit(n, t, 2 * pt(-abs(t), n - 2)) }
pearson <- function(a, b) { t <- cor.test(a, b); uit(sum(!is.na(a) & !is.na(b)), t$statistic, t$p.value) }
paren <- function(a, b, exact) { ok <- !is.na(a) & !is.na(b); t <- suppressWarnings(wilcox.test(a[ok], b[ok], paired = TRUE, exact = exact)); uit(sum(ok), t$statistic, t$p.value) }
parent <- function(a, b) { ok <- !is.na(a) & !is.na(b); t <- t.test(a[ok], b[ok], paired = TRUE); uit(sum(ok), t$statistic, t$p.value) }
meest <- function(y, ons, hun) { t <- binom.test(sum(y %in% ons), sum(y %in% c(ons, hun))); uit(sum(!is.na(y)), t$statistic, t$p.value) }
alfa <- function(x) { k <- ncol(x); k / (k - 1) * (1 - sum(apply(x, 2, var)) / var(rowSums(x))) }
as1 <- function(x) { r <- cor(x); h <- 1 - 1 / diag(solve(r)); for (i in 1:5000) { diag(r) <- h; e <- eigen(r, symmetric = TRUE); l <- e$vectors[, 1] * sqrt(max(e$values[1], 0)); if (max(abs(l^2 - h)) < 1e-13) break; h <- l^2 }; if (sum(l) < 0) -l else l }
# Omega van de som: een factor, herhaald tot rust (dezelfde uitkomst als minres), op de eigen spreiding van de stellingen.
omega <- function(x) { l <- as1(x); s <- apply(x, 2, sd); g <- sum(l * s)^2; g / (g + sum((1 - l^2) * s^2)) }
`

// A Repeated is what a program repeats of one instrument: its data, extended or not,
// its scales, and the options with which they were made.
type Repeated struct {
	Input
	Scales []scale.Scale
}

// Program is a program in R that repeats the scales and the tests of a study from
// the data files of it, and prints where it finds something else. It reads each
// zip in a folder with the name of its questionnaire.
func (r *Register) Program(title string, o Options, outcomes []Outcome, all ...Repeated) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "# Narekenen: %s\n# Download van elke vragenlijst de gegevens (zip) en pak elke uit in een map met de naam van de vragenlijst, naast dit bestand.\n# Start dan in deze map: Rscript narekenen.R. Er zijn geen pakketten nodig.\n\n", strings.Join(strings.Fields(title), " "))
	b.WriteString(rReading + rTesting)
	var ps []string
	for _, in := range all {
		d, err := Extend(in.In, in.Data, r.Derived, o.Valid)
		if err != nil {
			return "", err
		}
		w := newReading(in.In, d, r.Derived, o.Valid)
		fmt.Fprintf(&w.Builder, "\n# Vragenlijst %s\nd <- lees(%q)\n", in.In.Name, in.In.Name)
		for i := range in.Scales {
			w.scale(&in.Scales[i])
		}
		for i := range outcomes {
			if outcomes[i].Instrument == in.In.Name {
				ps = append(ps, w.outcome(&outcomes[i])...)
			}
		}
		b.WriteString(w.String())
	}
	if len(ps) > 0 {
		fmt.Fprintf(&b, "\n# Correctie van Holm over alle toetsen\nps <- c(%s)\nholm <- p.adjust(ps, \"holm\")\n", strings.Join(ps, ", "))
		for i := range outcomes {
			for j, x := range outcomes[i].Results {
				if x.Untested == "" {
					id := resultID(&outcomes[i], j)
					fmt.Fprintf(&b, "vergelijk(%s, %s, holm[[%s]])\n", rText(id+" p (Holm)"), rNumber(x.PHolm), rText(id))
				}
			}
		}
	}
	b.WriteString(`
resultaten <- do.call(rbind, resultaten)
write.csv(resultaten, "narekenen.csv", row.names = FALSE)
anders <- resultaten[!resultaten$gelijk, ]
cat(sprintf("%d getallen nagerekend, %d anders\n", nrow(resultaten), nrow(anders)))
if (nrow(anders) > 0) { print(anders, row.names = FALSE); quit(status = 1) }
`)
	return b.String(), nil
}

func resultID(o *Outcome, i int) string {
	return fmt.Sprintf("%s-%s-%d", o.Hypothesis.ID, o.Instrument, i+1)
}

// scale repeats a scale. The factors of all statements together it does not: their
// rotation needs GPArotation, and the program promises to need no packages. make
// oracle holds that rotation against it.
func (r *reading) scale(s *scale.Scale) {
	name := ScalePrefix + s.ID
	r.need(name)
	if !r.done[name] {
		return
	}
	var items []string
	for _, x := range s.Items {
		items = append(items, x.Variable)
	}
	compare := func(what string, want float64, code string) {
		fmt.Fprintf(&r.Builder, "vergelijk(%s, %s, %s)\n", rText(s.Instrument+" "+s.ID+" "+what), rNumber(want), code)
	}
	fmt.Fprintf(&r.Builder, "\n# Schaal %s\nx <- d[complete.cases(d[%s]), %s]\n", s.ID, rNames(items), rNames(items))
	compare("n", float64(s.N), fmt.Sprintf("sum(!is.na(d$%s))", name))
	compare("compleet", float64(s.Complete), "nrow(x)")
	if s.N > 1 {
		compare("gemiddelde", s.Mean, fmt.Sprintf("mean(d$%s, na.rm = TRUE)", name))
		compare("sd", s.SD, fmt.Sprintf("sd(d$%s, na.rm = TRUE)", name))
		compare("mediaan", s.Median, fmt.Sprintf("median(d$%s, na.rm = TRUE)", name))
	}
	if !math.IsNaN(s.Alpha.Alpha) {
		compare("alfa", s.Alpha.Alpha, "alfa(x)")
		for i, x := range s.Items {
			compare("samenhang "+x.Variable, x.ItemRest, fmt.Sprintf("cor(x[[%d]], rowSums(x[-%d]))", i+1, i+1))
			if len(s.Items) > 2 {
				compare("alfa zonder "+x.Variable, x.Dropped, fmt.Sprintf("alfa(x[-%d])", i+1))
			}
		}
	}
	if !math.IsNaN(s.Omega.Effect.Value) && len(s.Omega.Warnings) == 0 {
		fmt.Fprintf(&r.Builder, "vergelijk(%s, %s, omega(x), 1e-5)\n", rText(s.Instrument+" "+s.ID+" omega"), rNumber(s.Omega.Effect.Value))
	}
	if !math.IsNaN(s.Friedman.P) {
		compare("Friedman", s.Friedman.Statistic, "unname(friedman.test(as.matrix(x))$statistic)")
		compare("Friedman p", s.Friedman.P, "friedman.test(as.matrix(x))$p.value")
	}
	if s.Structure.Suggested <= 1 && s.Structure.Loadings != nil {
		for i, x := range s.Items {
			fmt.Fprintf(&r.Builder, "vergelijk(%s, %s, as1(x)[%d], 1e-4)\n", rText(s.Instrument+" "+s.ID+" lading "+x.Variable), rNumber(x.Loading), i+1)
		}
	}
}

// outcome repeats the tests of an expectation, and gives their p-values by name.
func (r *reading) outcome(o *Outcome) (ps []string) {
	for i := range o.Results {
		x := &o.Results[i]
		if x.Untested != "" {
			continue
		}
		id := resultID(o, i)
		ps = append(ps, rText(id)+" = "+rNumber(x.P))
		code, marge := x.call(r, o.Hypothesis.Smallest)
		if code == "" {
			fmt.Fprintf(&r.Builder, "# %s is hier niet na te rekenen: %s\n", id, x.Method)
			continue
		}
		fmt.Fprintf(&r.Builder, "t <- %s\nvergelijk(%s, %d, t[[\"n\"]])\n", code, rText(id+" n"), x.N)
		if x.hasStatistic() {
			fmt.Fprintf(&r.Builder, "vergelijk(%s, %s, t[[\"s\"]])\n", rText(id+" grootheid"), rNumber(x.Statistic))
		}
		fmt.Fprintf(&r.Builder, "vergelijk(%s, %s, t[[\"p\"]], %s)\n", rText(id+" p"), rNumber(x.P), marge)
	}
	return ps
}

// hasStatistic reports whether R gives the same statistic as we do.
func (x *Result) hasStatistic() bool {
	return stat.Method(x.Method) != stat.FisherDrawn && stat.Method(x.Method) != stat.FisherExact && !math.IsNaN(x.Statistic)
}

// call is the R call that repeats a test, and how far its p may be off: a drawn one
// differs by chance.
func (x *Result) call(r *reading, smallest int) (code, margin string) {
	d := "d"
	if x.Where != "" {
		where, err := r.d.Condition(x.Where)
		if err != nil {
			return "", ""
		}
		r.need(where.Variables()...)
		d = "d[with(d, " + where.R() + "), ]"
	}
	r.need(x.Dependent, x.By)
	two := func(f string, more ...string) string {
		return fmt.Sprintf("with(%s, %s(%s))", d, f, strings.Join(append([]string{x.Dependent, x.By}, more...), ", "))
	}
	least := strconv.Itoa(smallest)
	margin = "1e-6"
	switch stat.Method(x.Method) {
	case stat.MannWhitneyExact:
		code = two("rang2", least, "TRUE")
	case stat.MannWhitneyNormal:
		code = two("rang2", least, "FALSE")
	case stat.KruskalWallisH:
		code = two("rang", least)
	case stat.WelchT:
		code = two("welch2", least)
	case stat.WelchOneWay:
		code = two("welch", least)
	case stat.Pearson:
		code = two("chi2", least)
	case stat.FisherExact:
		code = two("fisher", least)
	case stat.FisherDrawn:
		code, margin = two("trek", least), "0.02"
	case stat.SpearmanR:
		code = two("spearman")
	case stat.PearsonR:
		code = two("pearson")
	case stat.WilcoxonExact:
		code = two("paren", "TRUE")
	case stat.WilcoxonNormal:
		code = two("paren", "FALSE")
	case stat.PairedT:
		code = two("parent")
	case stat.Binomial:
		code = x.mostCall(r, d)
	}
	return code, margin
}

// mostCall repeats a Most: the values against the others, or the largest of them.
func (x *Result) mostCall(r *reading, d string) string {
	c := r.d.Column(x.Dependent)
	if c == nil || x.test == nil {
		return ""
	}
	largest, most := "", -1
	for _, g := range x.Groups {
		if !slices.Contains(x.test.Values, g.ID) && g.N > most {
			largest, most = g.ID, g.N
		}
	}
	ours := rCodes(c, func(v instrument.Value) bool { return slices.Contains(x.test.Values, v.ID) })
	theirs := rCodes(c, func(v instrument.Value) bool {
		return !v.Missing && !slices.Contains(x.test.Values, v.ID) && (!x.test.Largest || v.ID == largest)
	})
	return fmt.Sprintf("with(%s, meest(%s, %s, %s))", d, x.Dependent, ours, theirs)
}
