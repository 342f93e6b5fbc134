package server

import (
	"bytes"
	"net/url"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/api"
	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/disclosure"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/hypothesis"
	"github.com/uitvraag/uitvraag/internal/scale"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/internal/table"
)

// apiStudy tells what there is.
func (s *Server) apiStudy(q machineRequest) (machineAnswer, error) {
	st := q.study
	out := api.Study{Study: st.Slug, Title: st.Title, Definition: st.Definition, Opens: st.Opens.UTC(), Closes: st.Closes.UTC(), Phase: api.Phase(st.At(s.Now())),
		Instruments: []api.Instrument{}, Snapshots: []api.Snapshot{}, Scopes: []account.Scope{}, Expires: q.token.Expires.UTC()}
	for _, scope := range q.token.Scopes {
		if q.token.May(scope) {
			out.Scopes = append(out.Scopes, scope)
		}
	}
	audiences, err := s.store.Audiences(q.Context(), st.ID)
	if err != nil {
		return machineAnswer{}, err
	}
	for _, a := range audiences {
		f, err := s.form(q.Context(), st.ID, a.Name)
		if err != nil {
			return machineAnswer{}, err
		}
		out.Instruments = append(out.Instruments, api.Instrument{Instrument: a.Name, Edition: a.Edition, Title: f.In.Title})
	}
	snapshots, err := s.store.Snapshots(q.Context(), st.ID)
	for _, x := range snapshots {
		if x.Erased.IsZero() {
			out.Snapshots = append(out.Snapshots, api.Snapshot{Name: x.Name, Instrument: x.Audience, Made: x.Made.UTC(), Units: x.Manifest.Units, SHA256: x.Manifest.SHA256})
		}
	}
	return machineAnswer{body: out}, err
}

// eachStanding calls fn with the standing of every audience.
func (s *Server) eachStanding(q machineRequest, fn func(string, count)) error {
	audiences, err := s.store.Audiences(q.Context(), q.study.ID)
	if err != nil {
		return err
	}
	for _, a := range audiences {
		c, err := s.counted(q.Context(), q.study, a)
		if err != nil {
			return err
		}
		fn(a.Name, c)
	}
	return nil
}

// apiResponse tells who answered.
func (s *Server) apiResponse(q machineRequest) (machineAnswer, error) {
	out := api.Response{Study: q.study.Slug, Totals: []api.Total{}, Strata: []api.Stratum{}}
	err := s.eachStanding(q, func(name string, c count) { out.Add(name, c.Audience) })
	return machineAnswer{body: out}, err
}

// apiDays tells it per day.
func (s *Server) apiDays(q machineRequest) (machineAnswer, error) {
	out := api.Days{Study: q.study.Slug, Days: []api.Day{}}
	err := s.eachStanding(q, func(name string, c count) { out.Add(name, c.Audience) })
	return machineAnswer{body: out}, err
}

// apiAccount is the response account.
func (s *Server) apiAccount(q machineRequest) (machineAnswer, error) {
	out := api.ResponseAccount{Study: q.study.Slug, Audiences: []api.Account{}}
	err := s.eachStanding(q, func(name string, c count) { out.Audiences = append(out.Audiences, api.AccountOf(name, c.Audience)) })
	return machineAnswer{body: out}, err
}

// apiCodebook lists the variables.
func (s *Server) apiCodebook(q machineRequest) (machineAnswer, error) {
	f, err := s.form(q.Context(), q.study.ID, chi.URLParam(q.Request, "instrument"))
	if err != nil {
		return machineAnswer{}, err
	}
	return machineAnswer{body: f.Variables}, nil
}

// apiTables makes the book of tables: the one to publish for a token that may not
// read answers, because what a dashboard shows goes to people that nobody chose.
// It is made of a closed study alone, and not of snapshots: of two books of a
// growing response, the difference is what one unit answered.
func (s *Server) apiTables(q machineRequest) (machineAnswer, error) {
	public := !q.token.May(account.ScopeData)
	if public && (q.study.At(s.Now()) != study.Closed || q.Query["snapshot"] != "") {
		return machineAnswer{}, errs.Errorf(errs.Conflict, "Deze sleutel leest alleen tabellen die openbaar mogen zijn. Die zijn er als het onderzoek gesloten is, en niet van een momentopname. Met bereik ‘data’ kan het wel.")
	}
	spec := table.Spec{By: q.Query["by"], NoTelephone: q.Query["telephone"] == "no", NoCovered: q.Query["covered"] == "no"}
	if q.Query["base"] == "substantive" {
		spec.Base = table.Substantive
	}
	if to := q.Query["weight_to"]; to != "" {
		spec.WeightTo = strings.Split(to, ",")
	}
	in, d, err := s.dataset(q.Context(), q.study, chi.URLParam(q.Request, "instrument"), q.Query["snapshot"])
	if err != nil {
		return machineAnswer{}, err
	}
	b, err := s.books.make(spec, in, d)
	if err == nil && public {
		if b.Spec.By != "" {
			err = disclosure.MayPublish(d, b.Spec.By, q.study.Settings.Disclosure)
		}
		if err == nil {
			b, err = disclosure.Publish(b, in, q.study.Settings.Disclosure)
		}
	}
	if err != nil {
		return machineAnswer{}, err
	}
	same := *b
	same.Generated = time.Time{}
	return machineAnswer{body: b, same: same}, nil
}

// apiAnalysis computes scales and tests.
func (s *Server) apiAnalysis(q machineRequest) (machineAnswer, error) {
	audiences, err := s.store.Audiences(q.Context(), q.study.ID)
	if err != nil {
		return machineAnswer{}, err
	}
	var a export.Analysis
	var inputs []hypothesis.Input
	var names []string
	options := hypothesis.Options{Units: q.On("units"), Valid: q.study.Settings.ValidShare}
	for _, x := range audiences {
		in, d, err := s.dataset(q.Context(), q.study, x.Name, "")
		if err != nil {
			return machineAnswer{}, err
		}
		inputs, names = append(inputs, hypothesis.Input{In: in, Data: d}), append(names, x.Name)
	}
	for _, in := range inputs {
		if err := a.AddScales(in, inputs, scale.Options{Valid: options.Valid}); err != nil {
			return machineAnswer{}, err
		}
	}
	register, err := s.register(q.Context(), q.study, names)
	if err != nil {
		return machineAnswer{}, err
	}
	if err := a.Test(register, options, inputs, func(hypothesis.Input) bool { return true }); err != nil {
		return machineAnswer{}, err
	}
	return machineAnswer{body: export.AnalysisPaper(q.study.Title, a).Data}, nil
}

// pseudonymised is the data that a program may read.
func (s *Server) pseudonymised(q machineRequest) (*dataset.Dataset, error) {
	_, d, err := s.dataset(q.Context(), q.study, chi.URLParam(q.Request, "instrument"), q.Query["snapshot"])
	if err != nil {
		return nil, err
	}
	return d.Pseudonymised(), nil
}

// apiData gives a page of answers.
func (s *Server) apiData(q machineRequest) (machineAnswer, error) {
	d, err := s.pseudonymised(q)
	if err != nil {
		return machineAnswer{}, err
	}
	out := api.Rows{Study: q.study.Slug, Instrument: chi.URLParam(q.Request, "instrument"), Total: d.Len()}
	rows, next, err := api.Page(d, q.Query["missing"], q.Query["cursor"], q.Number("limit"))
	if err != nil {
		return machineAnswer{}, err
	}
	if out.Rows = rows; next != "" {
		values := url.Values{"cursor": {next}}
		for _, name := range []string{"missing", "limit", "snapshot"} {
			if q.Query[name] != "" {
				values.Set(name, q.Query[name])
			}
		}
		address := q.URL.Path + "?" + values.Encode()
		out.Next = &address
	}
	return machineAnswer{body: out}, nil
}

// apiDataCSV gives all answers as a file.
func (s *Server) apiDataCSV(q machineRequest) (machineAnswer, error) {
	d, err := s.pseudonymised(q)
	if err != nil {
		return machineAnswer{}, err
	}
	var b bytes.Buffer
	if err := api.CSV(&b, d, q.Query["missing"]); err != nil {
		return machineAnswer{}, err
	}
	return machineAnswer{csv: b.Bytes(), name: q.study.Slug + "-" + chi.URLParam(q.Request, "instrument") + "_ruw.csv"}, nil
}
