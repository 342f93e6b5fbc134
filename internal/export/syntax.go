package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// Rows writes the rows of d, one per unit, with the columns that SAV has: comma,
// UTF-8, line feeds, a decimal point, moments in RFC 3339 and UTC. It is what
// SPSS and R, of Syntax, read. In texts a line feed is written as \n, a carriage
// return as \r and a backslash as \\, because SPSS and PSPP end a row at every
// line end, quoted or not; both scripts turn them back.
func Rows(w io.Writer, d *dataset.Dataset, o Options) error {
	d, columns := fileData(d, o)
	out := csv.NewWriter(w)
	row := make([]string, len(columns))
	for i, c := range columns {
		row[i] = c.Name
	}
	if err := out.Write(row); err != nil {
		return err
	}
	for at := range d.Cases() {
		for i, c := range columns {
			row[i] = c.Stored(at)
			switch c.Type {
			case instrument.TextType:
				row[i] = oneLine.Replace(row[i])
			case dataset.TimeType:
				row[i] = moment(c.Time(at))
			}
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

var oneLine = strings.NewReplacer("\\", `\\`, "\n", `\n`, "\r", `\r`)

// A Syntax is a pair of programs that read the file of Rows and rebuild what a
// CSV file cannot hold: labels, user-missing values, levels of measurement,
// multiple response sets and types (standards N10).
type Syntax struct {
	SPSS []byte // .sps, also for PSPP; in UTF-8 with a byte order mark, by which SPSS knows it
	R    []byte // in ASCII; uses haven where that is installed
	// Warnings tell of texts that SPSS cuts, because it ends at 32,767 bytes.
	Warnings []string
}

// NewSyntax makes the programs that read file, which Rows wrote of d with the
// same options.
func NewSyntax(d *dataset.Dataset, file string, o Options) Syntax {
	d, columns := fileData(d, o)
	p := programs{data: d, file: file}
	for _, c := range columns {
		v := savVariable{Column: c}
		v.measure(d, oneLine.Replace)
		p.vars = append(p.vars, v)
	}
	return Syntax{SPSS: []byte("\ufeff" + p.spss()), R: []byte(p.r()), Warnings: cutWarnings(p.vars)}
}

// programs write the two.
type programs struct {
	strings.Builder
	data *dataset.Dataset
	vars []savVariable
	file string
}

func (p *programs) line(format string, args ...any) { p.WriteString(fmt.Sprintf(format+"\n", args...)) }

// title says what the data are of, on one line.
func (p *programs) title() string {
	return strings.Join(strings.Fields(fmt.Sprintf("%s, vragenlijst %s %s, stand van %s", p.data.Title, p.data.Instrument, p.data.Edition, p.data.Taken.UTC().Format(time.RFC3339))), " ")
}

// asText is added to the name of a moment while it is a text.
const asText = "_tekst"

// spss writes commands that each begin a line and end with a full stop.
func (p *programs) spss() string {
	p.Reset()
	p.line("* %s", strings.TrimRight(p.title(), ".")+".")
	p.line("* Maak de map met dit bestand de werkmap (CD), of schrijf hieronder het hele pad.")
	p.line("SET DECIMAL=DOT.")
	p.line("GET DATA /TYPE=TXT /FILE=%s /ENCODING='UTF8'", spssText(p.file))
	p.line("  /ARRANGEMENT=DELIMITED /DELIMITERS=',' /QUALIFIER='\"' /FIRSTCASE=2")
	p.line("  /VARIABLES=")
	moments := -1
	for i := range p.vars {
		v := &p.vars[i]
		switch v.Type {
		case instrument.TextType:
			p.line("    %s A%d", v.Name, v.width)
		case dataset.TimeType:
			moments = i
			p.line("    %s A20", v.Name+asText)
		default:
			p.line("    %s F8.%d", v.Name, v.decimals())
		}
	}
	p.line("  .")
	p.spssMoments(moments)
	for i := range p.vars {
		p.spssVariable(&p.vars[i])
	}
	for _, set := range p.data.Sets() {
		p.line("MRSETS /MDGROUP NAME=$%s", set.Name)
		p.line("  LABEL=%s", spssText(cut(setLabel(set), savLabel)))
		p.line("  VALUE=1 VARIABLES=\n    %s.", strings.Join(setFlags(set), "\n    "))
	}
	p.line("EXECUTE.")
	return p.String()
}

// spssMoments makes numbers of moments, of which SPSS cannot read RFC 3339, and
// puts them where the texts were. last is the place of the last one.
func (p *programs) spssMoments(last int) {
	if last < 0 {
		return
	}
	var drop []string
	for i := range p.vars {
		if v := &p.vars[i]; v.Type == dataset.TimeType {
			text := v.Name + asText
			part := func(from, n int) string { return fmt.Sprintf("NUMBER(SUBSTR(%s,%d,%d),F%d)", text, from, n, n) }
			p.line("DO IF LENGTH(RTRIM(%s)) GT 0.", text)
			p.line("COMPUTE %s=DATE.DMY(%s,%s,%s)\n  +TIME.HMS(%s,%s,%s).", v.Name, part(9, 2), part(6, 2), part(1, 4), part(12, 2), part(15, 2), part(18, 2))
			p.line("END IF.\nFORMATS %s (DATETIME20).", v.Name)
			drop = append(drop, text)
		}
	}
	p.line("MATCH FILES FILE=*\n  /KEEP=")
	for _, v := range p.vars[:last+1] {
		p.line("    %s", v.Name)
	}
	p.line("    ALL\n  /DROP=%s.", strings.Join(drop, " "))
}

func (p *programs) spssVariable(v *savVariable) {
	if v.lines { // byte 1 stands for a backslash meanwhile
		for _, pair := range [][2]string{{`'\\'`, "STRING(1,PIB1)"}, {`'\n'`, "STRING(10,PIB1)"}, {`'\r'`, "STRING(13,PIB1)"}, {"STRING(1,PIB1)", `'\'`}} {
			p.line("COMPUTE %s=REPLACE(%s,%s,%s).", v.Name, v.Name, pair[0], pair[1])
		}
	}
	if v.Label != "" {
		p.line("VARIABLE LABELS %s\n  %s.", v.Name, spssText(cut(v.Label, savLabel)))
	}
	if v.Type != instrument.TextType && len(v.Values) > 0 {
		p.line("VALUE LABELS %s", v.Name)
		for _, value := range v.Values {
			p.line("  %d %s", value.Code, spssText(cut(value.Label, savValueLabel)))
		}
		p.line("  .")
	}
	if codes := v.missing(); len(codes) > 0 {
		p.line("MISSING VALUES %s (%s).", v.Name, joinNumbers(codes))
	}
	p.line("VARIABLE LEVEL %s (%s).", v.Name, strings.ToUpper(string(v.Measure)))
}

// spssLine is how long a line of SPSS may safely be, in bytes.
const spssLine = 200

// spssText quotes a text, in parts where it is long.
func spssText(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }), " ")
	var parts []string
	for {
		part := cut(s, spssLine)
		parts = append(parts, "'"+strings.ReplaceAll(part, "'", "''")+"'")
		if s = s[len(part):]; s == "" {
			return strings.Join(parts, "+\n    ")
		}
	}
}

func joinNumbers(codes []float64) string {
	var out []string
	for _, c := range codes {
		out = append(out, strconv.FormatFloat(c, 'f', -1, 64))
	}
	return strings.Join(out, ", ")
}

// rHelpers are the functions that the lines of the program call.
const rHelpers = `gegevens <- read.csv(bestand, colClasses = "character", na.strings = character(0), check.names = FALSE, encoding = "UTF-8")

haven <- requireNamespace("haven", quietly = TRUE)
getal <- function(naam, label, niveau, waarden = NULL, ontbrekend = NULL) {
  x <- as.numeric(gegevens[[naam]])
  if (haven && length(waarden)) x <- haven::labelled_spss(x, labels = waarden, na_values = ontbrekend, label = label)
  else { attr(x, "labels") <- waarden; attr(x, "na_values") <- ontbrekend; attr(x, "label") <- label }
  attr(x, "measure") <- niveau
  gegevens[[naam]] <<- x
}
tekst <- function(naam, label) {
  x <- gsub("\\\\", "\001", gegevens[[naam]], fixed = TRUE)
  x <- gsub("\\r", "\r", gsub("\\n", "\n", x, fixed = TRUE), fixed = TRUE)
  gegevens[[naam]] <<- structure(gsub("\001", "\\", x, fixed = TRUE), label = label)
}
moment <- function(naam, label)
  gegevens[[naam]] <<- structure(as.POSIXct(gegevens[[naam]], format = "%Y-%m-%dT%H:%M:%SZ", tz = "UTC"), label = label)
meervoudig <- function(naam, label, kolommen)
  attr(gegevens, "meervoudig")[[naam]] <<- list(label = label, kolommen = kolommen)
`

// r writes a program in ASCII, which every R reads alike whatever its locale.
func (p *programs) r() string {
	p.Reset()
	p.line("# %s", ascii(p.title()))
	p.line("# Leest de gegevens met labels, ontbrekende waarden en meetniveaus in het data frame 'gegevens'.")
	p.line("# Met haven worden de variabelen labelled_spss; zonder haven staan labels en na_values in attributen.")
	p.line("bestand <- %s", rText(p.file))
	p.WriteString(rHelpers + "\n")
	for i := range p.vars {
		v := &p.vars[i]
		switch v.Type {
		case instrument.TextType:
			p.line("tekst(%s, %s)", rText(v.Name), rText(v.Label))
		case dataset.TimeType:
			p.line("moment(%s, %s)", rText(v.Name), rText(v.Label))
		default:
			p.line("getal(%s, %s, %s%s)", rText(v.Name), rText(v.Label), rText(string(v.Measure)), rValues(v))
		}
	}
	for _, set := range p.data.Sets() {
		flags := setFlags(set)
		for i := range flags {
			flags[i] = rText(flags[i])
		}
		p.line("meervoudig(%s, %s, c(%s))", rText(set.Name), rText(setLabel(set)), strings.Join(flags, ", "))
	}
	return p.String()
}

func rValues(v *savVariable) string {
	if len(v.Values) == 0 {
		return ""
	}
	var labels, missing []string
	for _, value := range v.Values {
		labels = append(labels, fmt.Sprintf("%s = %d", rText(value.Label), value.Code))
		if value.Missing {
			missing = append(missing, strconv.Itoa(value.Code))
		}
	}
	text := ",\n  c(" + strings.Join(labels, ", ") + ")"
	if missing != nil {
		text += ", c(" + strings.Join(missing, ", ") + ")"
	}
	return text
}

// rText is a string of R in ASCII.
func rText(s string) string {
	if s == "" {
		return `""`
	}
	return `"` + ascii(strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`).Replace(s)) + `"`
}

// ascii writes other characters as R does.
func ascii(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= ' ' && r < 0x7f:
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08X`, r)
		default:
			fmt.Fprintf(&b, `\u%04X`, r)
		}
	}
	return b.String()
}

// setFlags are the boxes of a multiple choice that stand for an answer.
func setFlags(set dataset.Set) []string {
	var names []string
	for _, flag := range set.Flags {
		if flag.Stands == instrument.Substantive {
			names = append(names, flag.Name)
		}
	}
	return names
}
