// Package api owns what other programs may ask of a study: which addresses there
// are, what they take, what they answer, and the OpenAPI document that says so.
// All three come from one list, so that nothing is there that is not described.
// It must never know HTTP, a session, or how an answer is stored.
package api

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
)

// Base is what all addresses of this version begin with. What is in it can grow: a
// field or parameter more is no new version; one that goes or changes is.
const Base = "/api/v1"

// An Endpoint is one address that answers GET and HEAD. Path is below Base, in the
// way in which both chi and OpenAPI write one.
type Endpoint struct {
	ID      string // operationId
	Path    string
	Scope   account.Scope // "" for any token
	Open    bool          // needs no token
	Summary string
	About   string
	Params  []Param
	CSV     bool // answers CSV, not JSON
	Result  Schema
}

// A Param is a choice in the query.
type Param struct {
	Name, About string
	Values      []string // the only ones, where there are
	Min, Max    int      // of a whole number; both 0 for a text
	Default     string
}

// A Query is what was asked, checked: one value per parameter.
type Query map[string]string

// On reports whether a parameter that is yes or no was set to yes.
func (q Query) On(name string) bool { return q[name] == "yes" }

// Number returns a whole number.
func (q Query) Number(name string) int {
	n, _ := strconv.Atoi(q[name]) // checked by Read
	return n
}

// Read checks the query of a request. A parameter that is not there, given twice
// or with another value is an errs.Invalid: a typing error must not give numbers of
// something else.
func (e Endpoint) Read(values url.Values) (Query, error) {
	q := Query{}
	for _, p := range e.Params {
		q[p.Name] = p.Default
	}
	for name, given := range values {
		i := slices.IndexFunc(e.Params, func(p Param) bool { return p.Name == name })
		switch {
		case i < 0 && len(e.Params) == 0:
			return nil, errs.Errorf(errs.Invalid, "Dit adres kent geen keuzes achter het vraagteken.")
		case i < 0:
			return nil, errs.Errorf(errs.Invalid, "Een keuze achter het vraagteken bestaat niet. Dit adres kent: %s.", e.names())
		case len(given) != 1:
			return nil, errs.Errorf(errs.Invalid, "Geef %s één keer.", name)
		}
		if problem := e.Params[i].problem(given[0]); problem != "" {
			return nil, errs.Errorf(errs.Invalid, "%s", problem)
		}
		q[name] = given[0]
	}
	return q, nil
}

func (e Endpoint) names() string {
	var names []string
	for _, p := range e.Params {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

func (p Param) problem(value string) string {
	switch {
	case p.Values != nil:
		if !slices.Contains(p.Values, value) {
			return "Kies bij " + p.Name + " uit: " + strings.Join(p.Values, ", ") + "."
		}
	case p.Max > 0:
		if n, err := strconv.Atoi(value); err != nil || n < p.Min || n > p.Max {
			return "Geef bij " + p.Name + " een heel getal van " + strconv.Itoa(p.Min) + " tot en met " + strconv.Itoa(p.Max) + "."
		}
	case len(value) > 200 || strings.ContainsRune(value, 0):
		return "De waarde van " + p.Name + " is te lang of bevat een teken dat niet kan."
	}
	return ""
}

// MaxRows is how many rows one answer holds at most, and DefaultRows how many where
// nothing was asked.
const (
	MaxRows     = 5000
	DefaultRows = 1000
)

var yesNo = []string{"yes", "no"}

// snapshot is a parameter of what can be made of data as they were.
var snapshot = Param{Name: "snapshot", About: "Name of a snapshot; without it the data as they are now. Numbers made of a snapshot never change."}

// Endpoints are all addresses, in the order of the document.
var Endpoints = []Endpoint{
	{ID: "document", Path: "/openapi.json", Open: true, Summary: "This document", Result: Schema{"type": "object"}},
	{ID: "study", Path: "/{study}", Summary: "The study, its instruments, and what the token may read", Result: ref("Study")},
	{ID: "response", Path: "/{study}/response", Scope: account.ScopeMonitoring, Summary: "Who answered so far, in all and per stratum",
		About: "Counts of units. A unit that another one answered for is done, and has no questionnaire of its own.", Result: ref("Response")},
	{ID: "days", Path: "/{study}/days", Scope: account.ScopeMonitoring, Summary: "The same per day, with what was sent and called",
		About: "Days are calendar days in Europe/Amsterdam, from opening to today or closing.", Result: ref("Days")},
	{ID: "account", Path: "/{study}/account", Scope: account.ScopeMonitoring, Summary: "What came of all units, with response rates after AAPOR",
		About: "The same as `uitvraag fieldwork account --json`.", Result: ref("ResponseAccount")},
	{ID: "codebook", Path: "/{study}/codebook/{instrument}", Scope: account.ScopeCodebook, Summary: "The variables of an instrument, in order",
		About: "The same as `uitvraag codebook --json`.", Result: list(ref("Variable"))},
	{ID: "tables", Path: "/{study}/tables/{instrument}", Scope: account.ScopeTables, Summary: "The book of tables",
		About: "The same as `uitvraag tables --json`. A token with scope `data` gets every number. Any other token gets the book that may be published, in which numbers that tell of a few units are withheld, once the study is closed: two books of a growing response would differ by the answers of who came in between.",
		Params: []Param{
			{Name: "by", About: "A background column to cross every question with, such as `regio`."},
			{Name: "base", Values: []string{"all", "substantive"}, Default: "all", About: "`substantive` leaves *geen zicht op* and *n.v.t.* out of the base of percentages."},
			{Name: "telephone", Values: yesNo, Default: "yes", About: "`no` leaves out who answered core questions by telephone."},
			{Name: "covered", Values: yesNo, Default: "yes", About: "`no` leaves out units for which another unit answered."},
			{Name: "weight_to", About: "Background columns to weigh to the population by, with commas between."},
			snapshot,
		}, Result: ref("Book")},
	{ID: "analysis", Path: "/{study}/analysis", Scope: account.ScopeData, Summary: "Scales with their reliability, and what came of the expectations",
		About:  "The same as `uitvraag analysis --json`. It is under scope `data`, because groups may be small and nothing is withheld.",
		Params: []Param{{Name: "units", Values: yesNo, Default: "no", About: "`yes` tests units, as in 2018, and not questionnaires."}}, Result: ref("Analysis")},
	{ID: "data", Path: "/{study}/data/{instrument}", Scope: account.ScopeData, Summary: "Answers, a row per unit under a pseudonym, a page at a time",
		About:  "Rows are in the order of `id_resp`, which tells nothing. Ask `next` until it is null. Pages that are asked at different moments see what came in between; name a snapshot for data of one moment.",
		Params: []Param{missing, {Name: "limit", Min: 1, Max: MaxRows, Default: strconv.Itoa(DefaultRows), About: "Rows per page."}, {Name: "cursor", About: "Where to go on: from `next`."}, snapshot}, Result: ref("Rows")},
	{ID: "dataCSV", Path: "/{study}/data/{instrument}.csv", Scope: account.ScopeData, Summary: "The same rows, all at once, as CSV", CSV: true,
		About:  "RFC 4180: comma, decimal point, UTF-8 without a byte order mark. Texts are as they were typed and not guarded against spreadsheets: read the file with a program, and do not open it in Excel.",
		Params: []Param{missing, snapshot}},
}

// missing says how missing answers come.
var missing = Param{Name: "missing", Values: []string{Separate, Codes}, Default: Separate,
	About: "`separate`: a missing answer is null, and why stands in a column of the same name that ends in `.reden`: open (seen and left open), geen_zicht, nvt, niet_getoond (by the routing), niet_bereikt (stopped before). No mean can count an 8 as a number then. `codes`: the code of the codebook (7, 8, 9, 98, …) stands in the column itself; null is what was not shown or not reached."}

// EndpointOf returns the endpoint with an id. It panics where there is none.
func EndpointOf(id string) Endpoint {
	i := slices.IndexFunc(Endpoints, func(e Endpoint) bool { return e.ID == id })
	return Endpoints[i]
}
