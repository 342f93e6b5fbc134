package server

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/hypothesis"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
)

// expectations are the hypotheses of one audience of a study. All audiences are
// tested, for Holm's correction is over the whole register.
type expectations struct {
	study study.Study
	names []string // of the audiences that the register is about
	name  string
	paper export.Paper
}

func (s *Server) expectations(r *http.Request) (expectations, error) {
	var e expectations
	var err error
	if e.study, err = s.store.Study(r.Context(), chi.URLParam(r, "study")); err != nil {
		return e, err
	}
	all, err := s.store.Audiences(r.Context(), e.study.ID)
	if err != nil {
		return e, err
	}
	e.name, _, _ = strings.Cut(chi.URLParam(r, "audience"), ".")
	var register *hypothesis.Register
	var inputs []hypothesis.Input
	for _, a := range all {
		found, ok := hypothesis.For(a.Name)
		if !ok {
			continue
		}
		register = found
		in, d, err := s.dataset(r.Context(), e.study, a.Name, "")
		if err != nil {
			return e, err
		}
		e.names, inputs = append(e.names, a.Name), append(inputs, hypothesis.Input{In: in, Data: d})
	}
	if register == nil {
		return e, errs.Errorf(errs.NotFound, "Voor deze studie zijn er geen verwachtingen om te toetsen.")
	}
	if e.name == "" {
		e.name = e.names[0]
	}
	at := slices.Index(e.names, e.name)
	if at < 0 {
		return e, errs.Errorf(errs.NotFound, "Deze vragenlijst is er niet.")
	}
	outcomes, err := register.Run(hypothesis.Options{}, inputs...)
	if err != nil {
		return e, err
	}
	figures, err := register.Tables(hypothesis.Options{}, inputs[at])
	if err != nil {
		return e, err
	}
	outcomes = slices.DeleteFunc(outcomes, func(o hypothesis.Outcome) bool { return o.Instrument != e.name })
	e.paper = export.HypothesesPaper(e.study.Title, register, outcomes, figures)
	return e, nil
}

// showHypotheses is the page of what came of the expectations.
func (s *Server) showHypotheses(w http.ResponseWriter, r *http.Request, a account.Account) error {
	e, err := s.expectations(r)
	if err != nil {
		return err
	}
	p := page.Book{Staff: s.staffFrame(a, e.study, "tabellen"), Heading: "Verwachtingen", Doc: e.paper.Doc}
	p.Path = p.Base + page.HypothesesPath + "/" + e.name
	for _, name := range e.names {
		p.Audiences = append(p.Audiences, page.Tab{Link: page.Link{Path: p.Base + page.HypothesesPath + "/" + name, Text: name}, Current: name == e.name})
	}
	for _, f := range export.BookFormats {
		if !f.Printed() || s.Printer.Ready() {
			p.Downloads = append(p.Downloads, page.Link{Path: p.Path + f.Ext, Text: f.Text})
		}
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// downloadHypotheses gives the same as a file.
func (s *Server) downloadHypotheses(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	e, err := s.expectations(r)
	if err != nil {
		return err
	}
	_, ext, _ := strings.Cut(chi.URLParam(r, "audience"), ".")
	f, ok := export.BookFormatOf(ext)
	if !ok {
		return errs.Errorf(errs.NotFound, "Dit soort bestand is er niet.")
	}
	var out bytes.Buffer
	err = f.Write(r.Context(), &out, e.paper, page.Press(s.Printer))
	if errors.Is(err, export.ErrNoPrinter) {
		return errs.Errorf(errs.NotFound, "Deze site kan geen PDF maken. Print de pagina vanuit uw browser.")
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", f.MIME)
	w.Header().Set("Content-Disposition", `attachment; filename="verwachtingen-`+e.study.Slug+`-`+e.name+f.Ext+`"`)
	_, err = w.Write(out.Bytes())
	return err
}
