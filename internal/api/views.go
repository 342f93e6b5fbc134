package api

import (
	"math"
	"slices"
	"time"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/disposition"
	"github.com/uitvraag/uitvraag/internal/standing"
	"github.com/uitvraag/uitvraag/internal/study"
)

// A Study is what a study is, and what the token that asks may read of it.
type Study struct {
	Study       string          `json:"study"`
	Title       string          `json:"title"`
	Definition  string          `json:"definition"`
	Opens       time.Time       `json:"opens"`
	Closes      time.Time       `json:"closes"`
	Phase       string          `json:"phase"`
	Instruments []Instrument    `json:"instruments"`
	Snapshots   []Snapshot      `json:"snapshots"`
	Scopes      []account.Scope `json:"scopes"`
	Expires     time.Time       `json:"token_expires"`
}

// An Instrument is a questionnaire of a study.
type Instrument struct {
	Instrument string `json:"instrument"`
	Edition    string `json:"edition"`
	Title      string `json:"title"`
}

// A Snapshot is data that were kept.
type Snapshot struct {
	Name       string    `json:"name"`
	Instrument string    `json:"instrument"`
	Made       time.Time `json:"made"`
	Units      int       `json:"units"`
	SHA256     string    `json:"sha256"`
}

// Phase is the phase of a study in a word for programs.
func Phase(p study.Phase) string {
	switch p {
	case study.NotYet:
		return "not_yet"
	case study.Open:
		return "open"
	case study.Closing:
		return "closing"
	}
	return "closed"
}

// A Response is who answered so far.
type Response struct {
	Study  string    `json:"study"`
	Totals []Total   `json:"totals"`
	Strata []Stratum `json:"strata"`
}

// A Total is the response of an audience, in units.
type Total struct {
	Audience       string `json:"audience"`
	N              int    `json:"n"`
	Done           int    `json:"done"`
	Questionnaires int    `json:"questionnaires"`
	Busy           int    `json:"busy"`
	Refused        int    `json:"refused"`
}

// A Stratum is the response in one category of a background column. Units outside
// the population are left out.
type Stratum struct {
	Audience string `json:"audience"`
	Column   string `json:"column"`
	Value    string `json:"value"` // "" where it is not known
	N        int    `json:"n"`
	Done     int    `json:"done"`
	Busy     int    `json:"busy"`
}

// Add adds an audience.
func (r *Response) Add(audience string, a *standing.Audience) {
	refused := 0
	for _, o := range a.Outcomes {
		if o == disposition.Refused || o == disposition.RefusedByOther {
			refused++
		}
	}
	r.Totals = append(r.Totals, Total{audience, a.N, a.Done, a.Questionnaires, a.Busy, refused})
	for _, s := range a.Strata {
		values := s.Values
		if s.Unknown.N > 0 {
			unknown := s.Unknown
			unknown.Label = ""
			values = append(slices.Clone(values), unknown)
		}
		for _, v := range values {
			r.Strata = append(r.Strata, Stratum{audience, s.Column, v.Label, v.N, v.Done, v.Busy})
		}
	}
}

// Days is the response per day.
type Days struct {
	Study string `json:"study"`
	Days  []Day  `json:"days"`
}

// A Day is what happened to an audience on a day. New and Total are units that
// answered, on that day and until its end.
type Day struct {
	Audience string `json:"audience"`
	Date     string `json:"date"`
	New      int    `json:"new"`
	Total    int    `json:"total"`
	N        int    `json:"n"`
	Invited  int    `json:"invited"`
	Reminded int    `json:"reminded"`
	Letters  int    `json:"letters"`
	Calls    int    `json:"calls"`
}

// Add adds an audience.
func (d *Days) Add(audience string, a *standing.Audience) {
	for _, x := range a.Days() {
		d.Days = append(d.Days, Day{audience, x.Date.Format(time.DateOnly), x.New, x.Total, a.N, x.Step.Invited, x.Step.Reminded, x.Step.Letters, x.Step.Calls})
	}
}

// A ResponseAccount is what came of all units of a study.
type ResponseAccount struct {
	Study     string    `json:"study"`
	Audiences []Account `json:"audiences"`
}

// An Account is the response account of one audience, for machines. Rates that
// cannot be computed are null.
type Account struct {
	Audience string              `json:"audience"`
	N        int                 `json:"n"`
	Outcomes []Outcome           `json:"outcomes"`
	Counts   disposition.Counts  `json:"counts"`
	E        *float64            `json:"e"`
	Rates    map[string]*float64 `json:"rates"`
	Readings []Reading           `json:"readings"`
	Choices  []string            `json:"choices"`
	Warnings []string            `json:"warnings"`
}

// An Outcome is how many units ended in one way.
type Outcome struct {
	Outcome string `json:"outcome"`
	AAPOR   string `json:"aapor"`
	Class   string `json:"class"`
	N       int    `json:"n"`
}

// A Reading is the account with kernvragen by telephone read in one way.
type Reading struct {
	Title  string             `json:"title"`
	Counts disposition.Counts `json:"counts"`
	RR1    *float64           `json:"RR1"`
	RR2    *float64           `json:"RR2"`
}

// number is x, or nothing where there is none.
func number(x float64) *float64 {
	if math.IsNaN(x) {
		return nil
	}
	return &x
}

// AccountOf makes the account of an audience from its standing.
func AccountOf(audience string, s *standing.Audience) Account {
	a := disposition.Make(s.Outcomes, disposition.Choices{})
	r := Account{Audience: audience, N: a.N, Outcomes: []Outcome{}, Counts: a.Counts, E: number(a.E), Rates: map[string]*float64{},
		Readings: []Reading{}, Choices: append(a.Choices, s.Rules.Sentences()...), Warnings: append([]string{}, a.Warnings...)}
	for _, l := range a.Lines {
		r.Outcomes = append(r.Outcomes, Outcome{string(l.Outcome), l.AAPOR, string(l.Class), l.N})
	}
	for _, rate := range a.Rates {
		r.Rates[rate.Name] = number(rate.Value)
	}
	for _, reading := range a.Readings {
		r.Readings = append(r.Readings, Reading{reading.Title, reading.Counts, number(reading.RR1.Value), number(reading.RR2.Value)})
	}
	return r
}

// A Problem is what an answer that failed holds (RFC 9457).
type Problem struct {
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	Reference string `json:"reference"` // finds the request in the log of the operator
}
