package server

import (
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/scale"
	"github.com/uitvraag/uitvraag/web/page"
)

// scales makes the scales of an audience: that of the address, or the first one.
func (s *Server) scales(r *http.Request) (paperRequest, error) {
	p := paperRequest{path: page.ScalesPath, file: "schalen"}
	a, err := s.analysed(r, "")
	if err != nil {
		return p, err
	}
	p.study, p.all = a.study, a.names()
	if p.audience, _ = asked(r); p.audience == "" && len(p.all) > 0 {
		p.audience = p.all[0]
	}
	at := slices.Index(p.all, p.audience)
	if at < 0 {
		return p, errs.Errorf(errs.NotFound, "Deze vragenlijst is er niet.")
	}
	if x := r.URL.Query().Get(validField); x != "" {
		p.tail = "?" + url.Values{validField: {x}}.Encode()
	}
	set, err := export.NewScales(a.inputs[at], a.inputs, scale.Options{Valid: a.options.Valid})
	p.paper = export.ScalesPaper(p.study.Title, set)
	return p, err
}

// showScales is the page of the scales of an audience.
func (s *Server) showScales(w http.ResponseWriter, r *http.Request, a account.Account) error {
	p, err := s.scales(r)
	if err != nil {
		return err
	}
	b := s.papers(a, &p)
	b.Heading, b.Current = "Schalen", "analyse"
	b.Choices = []page.BookChoice{validChoice(r.URL.Query().Get(validField))}
	b.Under = page.ValidShare{Path: b.Base + page.ScalesPath + "/instelling", Percent: percent(p.study.Settings.ValidShare), May: a.May(account.PreRegister)}.View()
	return s.render(w, r, http.StatusOK, b.View())
}

// downloadScales gives the scales as a file.
func (s *Server) downloadScales(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	p, err := s.scales(r)
	if err != nil {
		return err
	}
	return s.sendPaper(w, r, &p)
}

// percent is a share as a person types it.
func percent(share float64) string {
	if share == 0 {
		share = scale.DefaultValid
	}
	return strconv.FormatFloat(math.Round(share*1000)/10, 'f', -1, 64)
}

// validChoice is how many statements a score needs on this page alone.
func validChoice(chosen string) page.BookChoice {
	c := page.BookChoice{Name: validField, Label: "Een score bij", Options: []page.Choice{{Value: "", Label: "het deel dat voor dit onderzoek geldt", Selected: chosen == ""}}}
	for _, x := range []string{"50", "60", "70", "80", "90", "100"} {
		c.Options = append(c.Options, page.Choice{Value: x, Label: x + "% van de stellingen", Selected: chosen == x})
	}
	return c
}

// setValidShare sets how many statements a score needs, for the whole study.
func (s *Server) setValidShare(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	x, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(r.PostFormValue("deel")), ",", ".", 1), 64)
	if err != nil || !(x > 0 && x <= 100) {
		p := page.ValidShare{Staff: s.staffFrame(a, st, "analyse"), Path: "/beheer/" + st.Slug + page.ScalesPath + "/instelling", Percent: r.PostFormValue("deel"), May: true, Problem: "Vul een getal in dat groter is dan 0 en ten hoogste 100."}
		return s.render(w, r, http.StatusUnprocessableEntity, p.Page())
	}
	if err := s.store.SetValidShare(r.Context(), st.ID, x/100, staffActor(a), s.Now()); err != nil {
		return err
	}
	http.Redirect(w, r, "/beheer/"+st.Slug+page.ScalesPath, http.StatusSeeOther)
	return nil
}
