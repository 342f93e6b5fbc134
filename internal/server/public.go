package server

import (
	"bytes"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
	"github.com/uitvraag/uitvraag/web/static"
)

// showHome is the front of the site.
func (s *Server) showHome(w http.ResponseWriter, r *http.Request) error {
	studies, err := s.store.Studies(r.Context())
	if err != nil {
		return err
	}
	p := page.Home{}
	for _, st := range studies {
		p.Studies = append(p.Studies, s.public(st))
	}
	return s.render(w, r, http.StatusOK, p.View())
}

func (s *Server) public(st study.Study) page.PublicStudy {
	state := st.At(s.Now())
	switch state {
	case study.Closing:
		state = study.Closed
	case study.Paused:
		state = study.Open // for a while; whoever opens a link is told
	}
	return page.PublicStudy{Path: "/onderzoek/" + st.Slug + "/", Title: st.Title, Opens: st.Opens, Closes: st.Closes, State: string(state)}
}

// showStudy is the public page of one study.
func (s *Server) showStudy(w http.ResponseWriter, r *http.Request) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	forms, err := s.audienceForms(r, st)
	if err != nil {
		return err
	}
	counts, err := s.store.UnitCounts(r.Context(), st.ID)
	if err != nil {
		return err
	}
	minutes := 0
	p := page.StudyPage{Frame: frame(st), Public: s.public(st)}
	for _, name := range sortedKeys(forms) {
		minutes = max(minutes, forms[name].In.Minutes)
		if n := counts[name]; n > 0 {
			p.Asked = append(p.Asked, page.Asked{Plural: strings.ToLower(audienceMany(name)), N: n})
		}
	}
	p.Facts = facts(st, minutes)
	return s.render(w, r, http.StatusOK, p.View())
}

// showPrivacy is the privacy statement of one study.
func (s *Server) showPrivacy(w http.ResponseWriter, r *http.Request) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Text{Frame: frame(st), Title: "Uw privacy", Blocks: privacy(st)}.View())
}

func (s *Server) showAccessibility(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, r, http.StatusOK, page.Text{Title: "Toegankelijkheid", Blocks: accessibility()}.View())
}

// showSecurityText tells where to report a leak (RFC 9116).
func (s *Server) showSecurityText(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	var b strings.Builder
	b.WriteString("Contact: mailto:security@" + s.BaseURL.Hostname() + "\n")
	b.WriteString("Expires: " + s.Now().AddDate(0, 6, 0).UTC().Format(time.RFC3339) + "\n")
	b.WriteString("Preferred-Languages: nl, en\n")
	b.WriteString("Canonical: " + s.link("/.well-known/security.txt") + "\n")
	_, err := w.Write([]byte(b.String()))
	return err
}

// showStatic serves the embedded files. Their names carry a hash, so a browser
// may keep them for ever.
func (s *Server) showStatic(w http.ResponseWriter, r *http.Request) error {
	content, contentType, ok := static.File(r.URL.Path)
	if !ok {
		return errs.Errorf(errs.NotFound, "Dit bestand is er niet.")
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Header().Set("Vary", "Accept-Encoding")
	if takesGzip(r) {
		return writeGzip(w, http.StatusOK, static.Zipped(r.URL.Path))
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	return nil
}

func (s *Server) showGallery(w http.ResponseWriter, r *http.Request) error {
	var g page.Gallery
	for _, e := range page.Examples() {
		g.Items = append(g.Items, page.GalleryItem{ID: e.ID, Title: e.Title})
	}
	return s.render(w, r, http.StatusOK, g.View())
}

func (s *Server) showExample(w http.ResponseWriter, r *http.Request) error {
	for _, e := range page.Examples() {
		if e.ID == chi.URLParam(r, "id") {
			return s.render(w, r, http.StatusOK, e.View)
		}
	}
	return errs.Errorf(errs.NotFound, "Dit voorbeeld is er niet.")
}
