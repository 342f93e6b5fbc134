package server

import (
	"context"
	"net/http"
	"strings"
	"sync"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/mirror"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
	"github.com/uitvraag/uitvraag/web/ui"
)

// mirrorPages binds the spiegelrapporten: where they are read, and announced.
func (s *Server) mirrorPages(r routes) {
	r.show("/spiegel/{token}", s.showMirror)
	r.show("/spiegel/{token}/rapport.pdf", s.downloadMirror)
	r.show("/beheer/{study}"+page.MirrorPath, s.staff(may(account.SeeTables, s.showMirrors)))
	r.post("/beheer/{study}"+page.MirrorPath, s.staff(may(account.Publish, s.announceMirror)))
}

// kits keeps what reports are made with, by study and snapshot, which never change.
type kits struct {
	mu   sync.Mutex
	kept map[kitKey]*mirror.Kit
}

type kitKey struct {
	study    int64
	snapshot string
	limits   study.Disclosure
}

// kit returns what the reports of an audience are made with. The first reader waits
// for it, and who comes meanwhile waits along.
func (s *Server) kit(ctx context.Context, st study.Study, m store.Mirror) (*mirror.Kit, error) {
	s.kits.mu.Lock()
	defer s.kits.mu.Unlock()
	key := kitKey{st.ID, m.Snapshot, st.Settings.Disclosure}
	if k := s.kits.kept[key]; k != nil {
		return k, nil
	}
	in, d, err := s.dataset(ctx, st, m.Audience, m.Snapshot)
	if err != nil {
		return nil, err
	}
	a, err := s.store.Audience(ctx, st.ID, m.Audience)
	if err != nil {
		return nil, err
	}
	k, err := mirror.New(in, d, st.Settings.Disclosure, a.Strata)
	if err != nil {
		return nil, err
	}
	if s.kits.kept == nil {
		s.kits.kept = map[kitKey]*mirror.Kit{}
	}
	s.kits.kept[key] = k
	return k, nil
}

// mirrorReport is the report that a link opens. Reading it changes nothing.
func (s *Server) mirrorReport(r *http.Request) (page.MirrorReport, error) {
	var l store.Link
	var m store.Mirror
	err := errs.Errorf(errs.NotFound, "Deze link klopt niet. Kijk of u hem helemaal hebt overgenomen.")
	clean, ok := canonical(chi.URLParam(r, "token"))
	if ok {
		l, m, err = s.store.MirrorByToken(r.Context(), clean, s.Now())
	}
	if errs.KindOf(err) == errs.NotFound {
		err = s.countFailure(r, linkLimit, err)
	}
	if err != nil {
		return page.MirrorReport{}, err
	}
	k, err := s.kit(r.Context(), l.Study, m)
	if err != nil {
		return page.MirrorReport{}, err
	}
	report, ok := k.Report(l.UnitCode)
	if !ok {
		return page.MirrorReport{}, errs.Errorf(errs.NotFound, "Van deze organisatie staan er geen antwoorden in de cijfers. Daarom is er geen spiegelrapport.")
	}
	p := page.MirrorReport{Frame: frame(l.Study), R: report, Many: strings.ToLower(audienceMany(m.Audience))}
	p.Unit = unitTitle(l.Audience, l.UnitCode, l.UnitName)
	if s.Printer.Ready() {
		p.PDF = "/spiegel/" + clean + "/rapport.pdf"
	}
	return p, nil
}

func (s *Server) showMirror(w http.ResponseWriter, r *http.Request) error {
	p, err := s.mirrorReport(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p.View())
}

func (s *Server) downloadMirror(w http.ResponseWriter, r *http.Request) error {
	p, err := s.mirrorReport(r)
	if err != nil {
		return err
	}
	p.PDF = "" // a printed page does not offer itself
	pdf, err := s.print(r.Context(), p.View())
	if err != nil {
		return err
	}
	return sendFile(w, "spiegelrapport.pdf", "application/pdf", pdf)
}

func (s *Server) showMirrors(w http.ResponseWriter, r *http.Request, a account.Account) error {
	return s.drawMirrors(w, r, a, http.StatusOK, "")
}

func (s *Server) drawMirrors(w http.ResponseWriter, r *http.Request, a account.Account, status int, problem string) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	audiences, err := s.store.Audiences(r.Context(), st.ID)
	if err != nil {
		return err
	}
	snapshots, err := s.store.Snapshots(r.Context(), st.ID)
	if err != nil {
		return err
	}
	announced, err := s.store.Mirrors(r.Context(), st.ID)
	if err != nil {
		return err
	}
	p := page.MirrorOffice{Staff: s.staffFrame(a, st, "publicatie"), MaySend: a.Role.May(account.Publish), Problem: problem}
	p.DataPath = p.Base + page.DataPath + "#momentopnamen"
	for _, x := range audiences {
		line := page.MirrorLine{Audience: x.Name, Title: audienceMany(x.Name)}
		for _, y := range snapshots {
			if y.Audience == x.Name && y.Erased.IsZero() {
				line.Snapshots = append(line.Snapshots, page.Choice{Value: y.Name, Label: y.Name + " (" + ui.Moment(y.Made) + " uur)"})
			}
		}
		for _, m := range announced {
			if m.Audience == x.Name {
				line.Announced, line.Snapshot, line.Sent = ui.DayMonthYear(m.Announced), m.Snapshot, m.Sent
			}
		}
		p.Lines = append(p.Lines, line)
	}
	return s.render(w, r, status, p.View())
}

// announceMirror tells who answered that their report is there.
func (s *Server) announceMirror(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	audience := textOf(r, "vragenlijst")
	snapshot := textOf(r, "momentopname_"+audience)
	if snapshot == "" {
		return s.drawMirrors(w, r, a, http.StatusUnprocessableEntity, "Kies een momentopname.")
	}
	if _, _, err := s.dataset(r.Context(), st, audience, snapshot); err != nil {
		return err
	}
	_, err = s.store.AnnounceMirror(r.Context(), st, audience, snapshot, staffActor(a), s.Now())
	if kind := errs.KindOf(err); kind == errs.Invalid || kind == errs.Conflict {
		return s.drawMirrors(w, r, a, http.StatusUnprocessableEntity, errs.Public(err))
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/beheer/"+st.Slug+page.MirrorPath, http.StatusSeeOther)
	return nil
}
