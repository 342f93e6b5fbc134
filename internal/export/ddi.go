package export

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/disposition"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/study"
)

// A DDIStudy is what DDI says of a study beside its data.
type DDIStudy struct {
	Study    study.Study
	In       *instrument.Instrument
	Software string // version of the program
	File     string // name of the data file that goes with it
}

// DDI describes the data as DDI-Codebook 2.5 (standards 7C): the study, how it
// was held, the file of Rows, and every variable with its question, values and
// counts. The elements stand in the order of the schema of that version; the
// schema itself is under the LGPL and no part of this program, so the test holds
// the order of what is used here in a schema of its own.
func DDI(w io.Writer, d *dataset.Dataset, s DDIStudy, o Options) error {
	entries := Entries(d, s.In, o)
	doc := ddiBook{Space: "ddi:codebook:2_5", Version: "2.5", Lang: "nl", Doc: s.about(d), Study: s.describe(d), File: s.file(d, entries)}
	for i := range entries {
		doc.Vars = append(doc.Vars, ddiVariable(&entries[i]))
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", " ")
	if err := e.Encode(doc); err != nil {
		return fmt.Errorf("ddi: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

type ddiBook struct {
	XMLName xml.Name    `xml:"codeBook"`
	Space   string      `xml:"xmlns,attr"`
	Version string      `xml:"version,attr"`
	Lang    string      `xml:"xml:lang,attr"`
	Doc     ddiCitation `xml:"docDscr>citation"`
	Study   ddiStudy    `xml:"stdyDscr"`
	File    ddiFile     `xml:"fileDscr"`
	Vars    []ddiVar    `xml:"dataDscr>var"`
}

type ddiCitation struct {
	Title    string       `xml:"titlStmt>titl"`
	ID       string       `xml:"titlStmt>IDNo"`
	Author   string       `xml:"rspStmt>AuthEnty"`
	Producer string       `xml:"prodStmt>producer,omitempty"`
	Made     ddiDate      `xml:"prodStmt>prodDate"`
	Software *ddiSoftware `xml:"prodStmt>software"`
	Funder   string       `xml:"prodStmt>fundAg,omitempty"`
	Contact  *ddiContact  `xml:"distStmt>contact"`
	Spread   ddiDate      `xml:"distStmt>distDate"`
	Version  string       `xml:"verStmt>version"`
}

type ddiSoftware struct {
	Version string `xml:"version,attr,omitempty"`
	Name    string `xml:",chardata"`
}

type ddiContact struct {
	Email string `xml:"email,attr,omitempty"`
	Name  string `xml:",chardata"`
}

type ddiDate struct {
	Date  string `xml:"date,attr"`
	Event string `xml:"event,attr,omitempty"`
	Text  string `xml:",chardata"`
}

type ddiStudy struct {
	Citation   ddiCitation `xml:"citation"`
	Keywords   []string    `xml:"stdyInfo>subject>keyword"`
	Abstract   string      `xml:"stdyInfo>abstract"`
	Summary    ddiSummary  `xml:"stdyInfo>sumDscr"`
	Collection ddiMethod   `xml:"method>dataColl"`
	Response   []string    `xml:"method>anlyInfo>respRate"`
	Conditions string      `xml:"dataAccs>useStmt>conditions"`
}

type ddiSummary struct {
	Period   []ddiDate `xml:"timePrd"`
	Field    []ddiDate `xml:"collDate"`
	Nation   ddiNation `xml:"nation"`
	Cover    string    `xml:"geogCover"`
	Unit     string    `xml:"anlyUnit"`
	Universe string    `xml:"universe"`
	Kind     string    `xml:"dataKind"`
}

type ddiNation struct {
	Abbr string `xml:"abbr,attr"`
	Name string `xml:",chardata"`
}

type ddiMethod struct {
	Time       string   `xml:"timeMeth"`
	Collector  string   `xml:"dataCollector,omitempty"`
	Sampling   string   `xml:"sampProc"`
	Mode       []string `xml:"collMode"`
	Instrument string   `xml:"resInstru"`
	Weight     string   `xml:"weight"`
}

type ddiFile struct {
	ID        string `xml:"ID,attr"`
	Name      string `xml:"fileTxt>fileName"`
	Cases     int    `xml:"fileTxt>dimensns>caseQnty"`
	Variables int    `xml:"fileTxt>dimensns>varQnty"`
	Type      string `xml:"fileTxt>fileType"`
}

func (s DDIStudy) about(d *dataset.Dataset) ddiCitation {
	return ddiCitation{Title: "Codeboek: " + s.title(d), ID: d.Study + "-" + d.Instrument + "-ddi", Author: first(s.Study.Settings.Organiser, "Niet opgegeven"), Producer: s.Study.Settings.Organiser,
		Made: dayOf(d.Taken, ""), Software: s.software(), Spread: dayOf(d.Taken, ""), Version: d.Edition}
}

func (s DDIStudy) title(d *dataset.Dataset) string { return d.Title + " – " + s.In.Title }

func (s DDIStudy) software() *ddiSoftware {
	name, version, _ := strings.Cut(s.Software, " ")
	return &ddiSoftware{Version: version, Name: name}
}

// dayOf is a moment as a day in the Netherlands.
func dayOf(t time.Time, event string) ddiDate {
	day := contactplan.DayOf(t).String()
	return ddiDate{Date: day, Event: event, Text: day}
}

func (s DDIStudy) describe(d *dataset.Dataset) ddiStudy {
	set := s.Study.Settings
	organiser := first(set.Organiser, "Niet opgegeven")
	citation := ddiCitation{Title: s.title(d), ID: d.Study + "-" + d.Instrument, Author: organiser, Producer: organiser, Made: dayOf(d.Taken, ""),
		Software: s.software(), Funder: set.Client, Spread: dayOf(d.Taken, ""), Version: fmt.Sprintf("Vragenlijst %s, stand van %s", d.Edition, d.Taken.UTC().Format(time.RFC3339))}
	if set.Email != "" {
		citation.Contact = &ddiContact{Email: set.Email, Name: organiser}
	}
	population := d.Frame().Len()
	field := []ddiDate{dayOf(s.Study.Opens, "start"), dayOf(s.Study.Closes, "end")}
	var keywords []string
	for _, section := range s.In.Sections {
		if !section.Untitled && !slices.Contains(keywords, section.Title) {
			keywords = append(keywords, section.Title)
		}
	}
	return ddiStudy{Citation: citation, Keywords: keywords, Abstract: first(strings.TrimSpace(set.Question+" "+set.Why), s.In.Title),
		Summary: ddiSummary{Period: field, Field: field, Nation: ddiNation{"NL", "Nederland"}, Cover: "Nederland", Unit: "Organisatie: " + d.Instrument,
			Universe: fmt.Sprintf("Alle %d eenheden in het register die tot de populatie horen. Gevraagd is: %s.", population, strings.TrimRight(s.In.Respondent, ".")), Kind: "Enquêtegegevens"},
		Collection: ddiMethod{Time: "Eén meting", Collector: set.Organiser, Sampling: "Integraal: alle eenheden van de populatie zijn benaderd.", Mode: modes(d),
			Instrument: fmt.Sprintf("Gestructureerde vragenlijst ‘%s’, versie %s, SHA-256 %s", s.In.Title, d.Edition, d.Hash), Weight: weights(d)},
		Response:   response(d, population),
		Conditions: "De bestanden zijn bestemd voor het onderzoek waarvoor ze zijn gevraagd. Gegevens met de code van eenheden zijn herleidbaar tot organisaties; geef die niet door zonder toestemming van de opdrachtgever."}
}

// first returns the first text that is not empty.
func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// modes are the ways in which questionnaires came in.
func modes(d *dataset.Dataset) []string {
	c := d.Column(dataset.ModeColumn)
	var out []string
	for x, n := range d.Count(c) {
		if v, ok := c.Value(dataset.Cell(x)); ok && n > 0 {
			out = append(out, fmt.Sprintf("%s: %d eenheden", v.Label, n))
		}
	}
	return out
}

func weights(d *dataset.Dataset) string {
	var names []string
	for _, c := range d.Columns() {
		if c.Role == dataset.Computed && strings.HasPrefix(c.Name, "w_") {
			names = append(names, c.Name)
		}
	}
	if names == nil {
		return "Niet gewogen."
	}
	return "Weegfactoren: " + strings.Join(names, ", ")
}

// response are the rates of AAPOR that need no more than the data: in a complete
// list every unit without an answer is in the denominator, whatever came of it.
func response(d *dataset.Dataset, population int) []string {
	c := d.Column(dataset.StatusColumn)
	n := disposition.Counts{}
	for x, k := range d.Count(c) {
		switch v, ok := c.Value(dataset.Cell(x)); {
		case ok && v.ID == string(answer.Submitted):
			n.I += k
		case ok:
			n.P += k
		}
	}
	n.NC = population - n.I - n.P
	_, rates := disposition.Rates(n, nil)
	var out []string
	for _, r := range rates {
		if (r.Name == "RR1" || r.Name == "RR2") && population > 0 {
			out = append(out, fmt.Sprintf("%s = %s %% (%.0f van %.0f eenheden)", r.Name, strings.ReplaceAll(strconv.FormatFloat(100*r.Value, 'f', 1, 64), ".", ","), r.Numerator, r.Denominator))
		}
	}
	return append(out, "Volledige lijst; kernvragen per telefoon en gedeeltelijk ingevulde vragenlijsten tellen als gedeeltelijk (alleen in RR2); eenheden voor wie een ander antwoordde tellen mee.")
}

func (s DDIStudy) file(d *dataset.Dataset, entries []Entry) ddiFile {
	return ddiFile{ID: "F1", Name: s.File, Cases: d.Len(), Variables: len(entries), Type: "CSV, UTF-8, komma als scheidingsteken, een rij per eenheid"}
}

type ddiVar struct {
	ID       string       `xml:"ID,attr"`
	Name     string       `xml:"name,attr"`
	Files    string       `xml:"files,attr"`
	Interval string       `xml:"intrvl,attr"`
	Weight   string       `xml:"wgt,attr"`
	Nature   string       `xml:"nature,attr"`
	Label    string       `xml:"labl"`
	Question *ddiQuestion `xml:"qstn"`
	Valid    *ddiRange    `xml:"valrng"`
	Invalid  *ddiRange    `xml:"invalrng"`
	Universe string       `xml:"universe,omitempty"`
	Stats    []ddiStat    `xml:"sumStat"`
	Notes    string       `xml:"txt,omitempty"`
	Values   []ddiValue   `xml:"catgry"`
	Format   ddiFormat    `xml:"varFormat"`
}

type ddiQuestion struct {
	ID      string `xml:"ID,attr"`
	Before  string `xml:"preQTxt"`
	Literal string `xml:"qstnLit"`
	Hint    string `xml:"ivuInstr,omitempty"`
}

type ddiRange struct {
	Items []ddiItem  `xml:"item"`
	Range *ddiBounds `xml:"range"`
}

type ddiItem struct {
	Units string `xml:"UNITS,attr"`
	Value string `xml:"VALUE,attr"`
}

type ddiBounds struct {
	Units string `xml:"UNITS,attr"`
	Min   string `xml:"min,attr"`
	Max   string `xml:"max,attr"`
}

type ddiStat struct {
	Type  string `xml:"type,attr"`
	Value string `xml:",chardata"`
}

type ddiValue struct {
	Missing string  `xml:"missing,attr,omitempty"`
	Code    int     `xml:"catValu"`
	Label   string  `xml:"labl"`
	Count   ddiStat `xml:"catStat"`
}

type ddiFormat struct {
	Type     string `xml:"type,attr"`
	Schema   string `xml:"schema,attr"`
	Category string `xml:"category,attr,omitempty"`
	Name     string `xml:"formatname,attr"`
}

func ddiVariable(e *Entry) ddiVar {
	v := ddiVar{ID: "V_" + e.Name, Name: e.Name, Files: "F1", Interval: "discrete", Weight: "not-wgt", Nature: string(e.Measure), Label: first(e.Label, e.Name)}
	if e.Measure == dataset.Interval {
		v.Nature = "interval"
	}
	if e.Type == instrument.NumberType {
		v.Interval = "contin"
	}
	if e.Role == dataset.Computed && strings.HasPrefix(e.Name, "w_") {
		v.Weight = "wgt"
	}
	if e.Asked != "" {
		literal := e.Asked
		if e.Part != "" {
			literal += " – " + e.Part
		}
		v.Question = &ddiQuestion{ID: "Q_" + e.Name, Before: e.Routing, Literal: literal, Hint: e.Hint}
		v.Universe = e.Routing
	}
	if e.Table != "" {
		v.Notes = "Tabel " + e.Table
	}
	v.ranges(e)
	v.Stats = []ddiStat{{"vald", strconv.Itoa(e.Valid)}, {"invd", strconv.Itoa(e.invalid())}}
	switch e.Type {
	case instrument.TextType:
		v.Format = ddiFormat{Type: "character", Schema: "SPSS", Name: "A"}
	case dataset.TimeType:
		v.Format = ddiFormat{Type: "character", Schema: "ISO", Category: "time", Name: "YYYY-MM-DDThh:mm:ssZ"}
	default:
		v.Format = ddiFormat{Type: "numeric", Schema: "SPSS", Name: "F8." + strconv.Itoa((&savVariable{Column: e.Column}).decimals())}
	}
	return v
}

// invalid counts rows without a substantive answer.
func (e *Entry) invalid() int {
	n := e.Hidden + e.Unknown
	for i, v := range e.Values {
		if v.Missing {
			n += e.Counts[i]
		}
	}
	return n
}

// ranges lists the values, those that are valid and those that are missing.
func (v *ddiVar) ranges(e *Entry) {
	if e.Type == instrument.TextType || e.Type == dataset.TimeType {
		return
	}
	valid, invalid := &ddiRange{}, &ddiRange{}
	for i, x := range e.Values {
		of, missing := valid, ""
		if x.Missing {
			of, missing = invalid, "Y"
		}
		of.Items = append(of.Items, ddiItem{"INT", strconv.Itoa(x.Code)})
		v.Values = append(v.Values, ddiValue{missing, x.Code, x.Label, ddiStat{"freq", strconv.Itoa(e.Counts[i])}})
	}
	if e.Given > 0 {
		text := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
		valid.Range = &ddiBounds{"REAL", text(e.Min), text(e.Max)}
	}
	if len(valid.Items) > 0 || valid.Range != nil {
		v.Valid = valid
	}
	if len(invalid.Items) > 0 {
		v.Invalid = invalid
	}
}
