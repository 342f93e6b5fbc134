package server

import (
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/api"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/web/page"
)

// tokenPages binds where staff let programs in.
func (s *Server) tokenPages(r routes) {
	r.show("/beheer/{study}/api", s.staff(may(account.LetIn, s.showTokens)))
	r.post("/beheer/{study}/api", s.staff(may(account.LetIn, s.makeToken)))
	r.post("/beheer/{study}/api/{id}/intrekken", s.staff(may(account.LetIn, s.endToken)))
}

// tokensPage is the page before anything was asked.
func (s *Server) tokensPage(r *http.Request, a account.Account) (page.API, error) {
	var p page.API
	st, audiences, err := s.audiencesOf(r)
	if err != nil {
		return p, err
	}
	instrument := "swv"
	if len(audiences) > 0 {
		instrument = audiences[0].Name
	}
	p = page.API{Staff: s.staffFrame(a, st, "gegevens"), Scopes: a.Within(), Days: 90, Document: api.Base + "/openapi.json", Examples: api.Examples(s.link(""), st.Slug, instrument)}
	tokens, err := s.store.Tokens(r.Context(), st.ID)
	for _, t := range tokens {
		p.Tokens = append(p.Tokens, page.APIToken{ID: t.ID, Name: t.Name, Reads: t.Scopes, Maker: t.Maker.Handle(), Expires: t.Expires, Used: t.Used, Why: t.Standing(s.Now())})
	}
	return p, err
}

func (s *Server) showTokens(w http.ResponseWriter, r *http.Request, a account.Account) error {
	p, err := s.tokensPage(r, a)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// makeToken makes a token and shows its secret once.
func (s *Server) makeToken(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	days, _ := strconv.Atoi(r.PostForm.Get("geldig")) // 0 is none of the choices
	t, problems := account.NewToken(st.ID, a, r.PostForm.Get("naam"), r.PostForm["bereik"], days, s.Now())
	var secret string
	if len(problems) == 0 {
		if secret, err = s.store.AddToken(r.Context(), t, staffActor(a)); errs.KindOf(err) == errs.Conflict {
			problems["naam"], err = errs.Public(err), nil
		}
		if err != nil {
			return err
		}
	}
	p, err := s.tokensPage(r, a)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if p.Secret, p.Made = secret, t.Name; secret == "" {
		status = http.StatusUnprocessableEntity
		p.Problems, p.Name, p.Days, p.Chosen = problems, t.Name, days, map[account.Scope]bool{}
		for _, scope := range t.Scopes {
			p.Chosen[scope] = true
		}
	}
	return s.render(w, r, status, p.View())
}

// endToken takes a token back, at once.
func (s *Server) endToken(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		return errs.Errorf(errs.NotFound, "Deze sleutel is er niet in dit onderzoek.")
	}
	if err := s.store.EndToken(r.Context(), st.ID, id, staffActor(a), s.Now()); err != nil {
		return err
	}
	return redirect(w, r, "/beheer/"+st.Slug+page.APIPath)
}
