package server

import (
	"cmp"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the machine may have no time zones

	"golang.org/x/text/unicode/norm"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/sample"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/web/page"
)

var amsterdam = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err) // the zones are compiled in
	}
	return loc
}()

// unitStates are the states in the order of the pages.
var unitStates = []page.UnitState{page.StateDone, page.StateCovered, page.StatePartial, page.StateBusy, page.StateNone, page.StateRefused, page.StateBounced}

// stateOfUnit says where a unit stands. What was sent outranks what was said.
func stateOfUnit(u store.Unit) page.UnitState {
	switch {
	case u.Covered && !u.Sent.IsZero():
		return page.StateCovered
	case u.Status == "submitted":
		return page.StateDone
	case u.Status != "":
		return page.StatePartial
	case u.Refused:
		return page.StateRefused
	case !u.Started.IsZero():
		return page.StateBusy
	case u.Bounced:
		return page.StateBounced
	}
	return page.StateNone
}

func counts(units []store.Unit) []page.StateCount {
	n := map[page.UnitState]int{}
	for _, u := range units {
		n[stateOfUnit(u)]++
	}
	var out []page.StateCount
	for _, state := range unitStates {
		if n[state] > 0 {
			out = append(out, page.StateCount{State: state, N: n[state]})
		}
	}
	return out
}

// unknown stands for the units of which a characteristic is not known.
const unknown = "Onbekend"

func columnLabel(aud store.Audience, id string) string {
	for _, c := range aud.Columns {
		if c.ID == id {
			return c.Label
		}
	}
	return id
}

// A unitList is the list of units of one audience before it is filtered.
type unitList struct {
	base      string
	audiences []store.Audience
	audience  store.Audience
	all       []store.Unit
}

// choose takes the audience that the query names, the first without one.
func (l *unitList) choose(q url.Values) error {
	for _, a := range l.audiences {
		if a.Name == q.Get("doelgroep") || q.Get("doelgroep") == "" && l.audience.Name == "" {
			l.audience = a
		}
	}
	if l.audience.Name == "" {
		return errs.Errorf(errs.NotFound, "Deze doelgroep is er niet in dit onderzoek.")
	}
	return nil
}

// fold makes text comparable: without accents, lower case.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		if r < 0x300 || r > 0x36f {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// found returns the units that the query asks for.
func (l *unitList) found(q url.Values) []store.Unit {
	words := strings.Fields(fold(q.Get("zoek")))
	var out []store.Unit
	for _, u := range l.all {
		if l.matches(u, q, words) {
			out = append(out, u)
		}
	}
	return out
}

func (l *unitList) matches(u store.Unit, q url.Values, words []string) bool {
	if state := q.Get("stand"); state != "" && state != string(stateOfUnit(u)) {
		return false
	}
	for _, c := range l.audience.Columns {
		if want := q.Get("k_" + c.ID); q.Has("k_"+c.ID) && want != "" && u.Background[c.ID] != want && (want != unknown || u.Background[c.ID] != "") {
			return false
		}
	}
	text := fold(u.Code + " " + u.Name)
	for _, c := range l.audience.Columns {
		text += " " + fold(u.Background[c.ID])
	}
	squeezed := strings.NewReplacer("-", "", " ", "", ".", "").Replace(text)
	for _, word := range words {
		if !strings.Contains(text, word) && !strings.Contains(squeezed, strings.NewReplacer("-", "", ".", "").Replace(word)) {
			return false
		}
	}
	return true
}

// unitsPerPage is how many rows one page of the list has.
const unitsPerPage = 50

// shownColumns is how many background columns the list shows.
const shownColumns = 4

func (l *unitList) page(q url.Values) page.Units {
	found := l.found(q)
	from, err := strconv.Atoi(q.Get("vanaf"))
	if err != nil || from < 0 || from >= len(found) {
		from = 0
	}
	to := min(from+unitsPerPage, len(found))
	p := page.Units{Audience: l.audience.Name, Title: audienceMany(l.audience.Name), N: len(l.all), Counts: counts(l.all), Search: q.Get("zoek"),
		Found: len(found), From: min(from+1, to), To: to, Prev: l.at(q, from-unitsPerPage, from > 0), Next: l.at(q, to, to < len(found)), CSVPath: l.path("eenheden.csv", q)}
	for _, a := range l.audiences {
		p.Audiences = append(p.Audiences, page.Choice{Value: a.Name, Label: audienceMany(a.Name), Selected: a.Name == l.audience.Name})
	}
	p.States = []page.Choice{{Label: "Alle"}}
	for _, state := range unitStates {
		p.States = append(p.States, page.Choice{Value: string(state), Label: string(state), Selected: q.Get("stand") == string(state)})
	}
	for _, column := range l.audience.Strata {
		p.Filters = append(p.Filters, l.filter(q, column))
	}
	columns := l.listColumns()
	for _, c := range columns {
		p.Background = append(p.Background, c.Label)
	}
	for _, u := range found[from:to] {
		row := page.UnitRow{Code: u.Code, Name: u.Name, Path: l.base + "/eenheden/" + u.Audience + "/" + url.PathEscape(u.Code), State: stateOfUnit(u), Last: u.Last.Title(), When: u.LastAt, Contacts: u.Contacts}
		for _, c := range columns {
			row.Background = append(row.Background, u.Background[c.ID])
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// listColumns are the strata first, then what else fits.
func (l *unitList) listColumns() []store.Column {
	var out []store.Column
	for _, id := range l.audience.Strata {
		out = append(out, store.Column{ID: id, Label: columnLabel(l.audience, id)})
	}
	return out[:min(len(out), shownColumns)]
}

func (l *unitList) filter(q url.Values, column string) page.Filter {
	f := page.Filter{Name: "k_" + column, Label: columnLabel(l.audience, column), Choices: []page.Choice{{Label: "Alle"}}}
	register := sample.Register{Columns: []sample.Column{{ID: column}}}
	for _, u := range l.all {
		register.Units = append(register.Units, sample.Unit{Background: u.Background})
	}
	for _, stratum := range sample.Counts(register, column) {
		value := cmp.Or(stratum.Value, unknown)
		f.Choices = append(f.Choices, page.Choice{Value: value, Label: value, Selected: q.Get(f.Name) == value})
	}
	return f
}

func (l *unitList) at(q url.Values, from int, there bool) string {
	if !there {
		return ""
	}
	next := url.Values{}
	for k := range q {
		next.Set(k, q.Get(k))
	}
	next.Set("vanaf", strconv.Itoa(max(from, 0)))
	return l.path("eenheden", next)
}

func (l *unitList) path(name string, q url.Values) string {
	if len(q) == 0 {
		return l.base + "/" + name + "?doelgroep=" + l.audience.Name
	}
	return l.base + "/" + name + "?" + q.Encode()
}

// unitPage fills the page of one unit. Names and addresses only for those who
// may see them.
func unitPage(base string, a account.Account, aud store.Audience, u store.Unit, file store.UnitFile, messages []store.Message, f *form.Form) page.Unit {
	p := page.Unit{Code: u.Code, Name: u.Name, Audience: audienceMany(u.Audience), ListPath: base + "/eenheden?doelgroep=" + u.Audience, State: stateOfUnit(u),
		Links: file.Links, Missing: !u.Listed}
	own := base + "/eenheden/" + u.Audience + "/" + url.PathEscape(u.Code)
	if a.Role.May(account.Fieldwork) {
		p.Path, p.CoversPath = own, base+"/dekking"
		p.CanTake = file.Response == nil || file.Response.Draft()
		p.CallPath = base + "/bellen/" + u.Audience + "/" + url.PathEscape(u.Code) + "/reserveer"
	}
	if a.Role.May(account.MakeLink) {
		p.LinkPath = base + "/eenheden/" + u.Audience + "/" + url.PathEscape(u.Code) + "/link"
	}
	if r := file.Response; r != nil {
		p.Progress = f.Parts(r.Values, r.Passed)
		p.Receipt, p.Sent = r.Receipt, r.Sent
		if a.May(account.SeeAnswers) && !r.Sent.IsZero() {
			p.AnswersPath = own + "/antwoorden"
		}
		passed, total := 0, 0
		for _, part := range p.Progress {
			passed, total = passed+part.Passed, total+part.Total
		}
		p.StateNote = fmt.Sprintf("%d van %d pagina’s", passed, total)
		if p.State == page.StateNone { // going past a page is no answer
			p.StateNote += " bekeken"
		}
	}
	for _, c := range aud.Columns {
		if v := u.Background[c.ID]; v != "" {
			p.Background = append(p.Background, page.KeyValue{Key: c.Label, Value: v})
		}
	}
	if a.Role.May(account.SeeContacts) {
		for _, c := range file.Contacts {
			p.Contacts = append(p.Contacts, contactOf(p.Path, c))
		}
	}
	p.Events = timeline(own, a, file, messages)
	link := func(n store.Neighbour) page.Link {
		return page.Link{Path: base + "/eenheden/" + n.Audience + "/" + url.PathEscape(n.Code), Text: strings.TrimSpace(n.Code + " " + n.Name)}
	}
	for _, n := range file.Covers {
		p.Covers = append(p.Covers, link(n))
	}
	if file.CoveredBy != nil {
		by := link(*file.CoveredBy)
		p.CoveredBy = &by
	}
	for _, c := range file.Claims {
		if !c.Confirmed {
			p.Claims = append(p.Claims, page.UnitClaim{Code: c.Code, By: link(store.Neighbour{Audience: u.Audience, Code: c.Code, Name: c.Name}), Reason: c.Reason, Since: c.Since})
		}
	}
	if a.Role.May(account.Fieldwork) {
		p.ClaimPath = base + "/eenheden/" + u.Audience + "/" + url.PathEscape(u.Code) + "/bevestig"
	}
	for _, n := range file.Neighbours {
		p.Areas = append(p.Areas, link(n))
	}
	return p
}

// planned is what comes next for a unit by the contact plan, in words.
func planned(d contactplan.Decision) (string, time.Time) {
	switch {
	case d.Due && d.Held != "":
		return d.Step.Title + " wacht. " + d.Held, d.Next
	case d.Due:
		return d.Step.Title + " is nu aan de beurt", d.Next
	case !d.Next.IsZero():
		return d.Why, d.Next
	}
	return "", time.Time{}
}
