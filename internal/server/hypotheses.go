package server

import (
	"net/http"
	"slices"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/hypothesis"
	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/web/page"
)

// expectations tests the hypotheses of one audience of a study. All audiences are
// tested, for Holm's correction is over all that is expected. lines are where the
// tests lead to.
func (s *Server) expectations(r *http.Request) (p paperRequest, lines map[string]string, err error) {
	p = paperRequest{path: page.HypothesesPath, file: "verwachtingen"}
	a, err := s.analysed(r, "")
	if err != nil {
		return p, nil, err
	}
	p.study = a.study
	if a.register == nil {
		return p, nil, errs.Errorf(errs.NotFound, "Voor deze studie zijn er geen verwachtingen om te toetsen.")
	}
	for _, name := range a.names() {
		if slices.Contains(a.register.Instruments, name) {
			p.all = append(p.all, name)
		}
	}
	if p.audience, _ = asked(r); p.audience == "" && len(p.all) > 0 {
		p.audience = p.all[0]
	}
	paper, outcomes, err := s.hypothesesPaper(&a, p.audience)
	if err != nil {
		return p, nil, err
	}
	p.paper = paper
	in := a.inputs[slices.Index(a.names(), p.audience)]
	d, err := hypothesis.Extend(in.In, in.Data, a.derived(), a.options.Valid)
	if err != nil {
		return p, nil, err
	}
	lines = map[string]string{}
	for i := range outcomes {
		o := &outcomes[i]
		for j := range o.Results {
			if path := testPath("/beheer/"+a.study.Slug, d, o.Hypothesis, &o.Results[j]); path != "" {
				lines[o.Hypothesis.ID+"-"+o.Instrument+"/"+report.TestID(o, j)] = path
			}
		}
	}
	return p, lines, nil
}

// showHypotheses is the page of what came of the expectations. Each test leads to
// the table that it is about.
func (s *Server) showHypotheses(w http.ResponseWriter, r *http.Request, a account.Account) error {
	p, lines, err := s.expectations(r)
	if err != nil {
		return err
	}
	b := s.papers(a, &p)
	b.Heading, b.Current, b.Lines = "Verwachtingen", "analyse", lines
	return s.render(w, r, http.StatusOK, b.View())
}

// downloadHypotheses gives the same as a file.
func (s *Server) downloadHypotheses(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	p, _, err := s.expectations(r)
	if err != nil {
		return err
	}
	return s.sendPaper(w, r, &p)
}
