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
	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/internal/scale"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
)

// scalesOf makes the scales of an audience: that of the address, or the first one.
func (s *Server) scalesOf(r *http.Request) (st study.Study, all []store.Audience, name string, paper export.Paper, err error) {
	if st, err = s.store.Study(r.Context(), chi.URLParam(r, "study")); err != nil {
		return st, nil, "", paper, err
	}
	if all, err = s.store.Audiences(r.Context(), st.ID); err != nil {
		return st, nil, "", paper, err
	}
	name, _, _ = strings.Cut(chi.URLParam(r, "audience"), ".")
	if name == "" && len(all) > 0 {
		name = all[0].Name
	}
	if !slices.ContainsFunc(all, func(a store.Audience) bool { return a.Name == name }) {
		return st, nil, "", paper, errs.Errorf(errs.NotFound, "Deze vragenlijst is er niet.")
	}
	in, d, err := s.dataset(r.Context(), st, name, "")
	if err != nil {
		return st, nil, "", paper, err
	}
	scales, err := scale.All(in, d, scale.Options{})
	return st, all, name, export.ScalesPaper(st.Title, in.Name, scales, report.PublishedScales(in.Name)), err
}

// showScales is the page of the scales of an audience.
func (s *Server) showScales(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, all, name, paper, err := s.scalesOf(r)
	if err != nil {
		return err
	}
	p := page.Book{Staff: s.staffFrame(a, st, "tabellen"), Heading: "Schalen", Doc: paper.Doc}
	p.Path = p.Base + page.ScalesPath + "/" + name
	for _, x := range all {
		p.Audiences = append(p.Audiences, page.Tab{Link: page.Link{Path: p.Base + page.ScalesPath + "/" + x.Name, Text: x.Name}, Current: x.Name == name})
	}
	for _, f := range export.BookFormats {
		if !f.Printed() || s.Printer.Ready() {
			p.Downloads = append(p.Downloads, page.Link{Path: p.Path + f.Ext, Text: f.Text})
		}
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// downloadScales gives the scales as a file.
func (s *Server) downloadScales(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	st, _, name, paper, err := s.scalesOf(r)
	if err != nil {
		return err
	}
	_, ext, _ := strings.Cut(chi.URLParam(r, "audience"), ".")
	f, ok := export.BookFormatOf(ext)
	if !ok {
		return errs.Errorf(errs.NotFound, "Dit soort bestand is er niet.")
	}
	var out bytes.Buffer
	err = f.Write(r.Context(), &out, paper, page.Press(s.Printer))
	if errors.Is(err, export.ErrNoPrinter) {
		return errs.Errorf(errs.NotFound, "Deze site kan geen PDF maken. Print de schalen vanuit uw browser.")
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", f.MIME)
	w.Header().Set("Content-Disposition", `attachment; filename="schalen-`+st.Slug+`-`+name+f.Ext+`"`)
	_, err = w.Write(out.Bytes())
	return err
}
