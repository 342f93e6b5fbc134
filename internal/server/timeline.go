package server

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
	"github.com/uitvraag/uitvraag/web/ui"
)

// Sorts of moments, to choose from.
const (
	setUp    = "inrichting"
	ran      = "verloop"
	messaged = "berichten"
	taken    = "gegevens"
)

// What the clock does by itself.
const (
	opened = "geopend"
	closed = "gesloten"
)

// momentWords say what a kind of moment is in words, and of which sort it is.
var momentWords = map[string]struct{ sort, text string }{
	store.StudyMade: {setUp, "Het onderzoek is gemaakt en de vragenlijst ligt vast"}, store.StudyAmended: {setUp, "Instellingen gewijzigd"},
	"register ingelezen": {setUp, "Register ingelezen"}, "gebieden ingelezen": {setUp, "Gebieden ingelezen"}, "contactplan gewijzigd": {setUp, "Contactplan gewijzigd"}, "strata gekozen": {setUp, "Strata gekozen"},
	"grenzen voor publicatie gewijzigd": {setUp, "Grenzen voor publicatie gewijzigd"}, "rol gegeven": {setUp, "Een medewerker kreeg een rol"},
	store.SeenDryRun: {setUp, "De lijst met wie wat krijgt is bekeken"}, store.SeenExamples: {setUp, "De voorbeelden van de berichten zijn bekeken"}, store.SeenDomain: {setUp, "Het maildomein is bekeken in de DNS"}, store.CheckedDomain: {setUp, "Het maildomein is zelf nagekeken"},
	store.StudyReleased: {ran, "Vrijgegeven"}, store.StudyStopped: {ran, "Gepauzeerd"}, store.StudyResumed: {ran, "Verder na de pauze"}, store.StudyExtended: {ran, "Verlengd"}, store.StudyClosed: {ran, "Eerder gesloten"}, store.StudyReopened: {ran, "Heropend"},
	opened: {ran, "De vragenlijst is open"}, closed: {ran, "De vragenlijst is gesloten"},
	store.SentMessages: {messaged, "Verstuurd"}, "links gemaakt": {messaged, "Persoonlijke links gemaakt"}, "brieven verstuurd": {messaged, "Een stapel brieven is op de post"},
	"antwoorden ingelezen": {taken, "Antwoorden ingelezen uit een bestand"}, "momentopname gemaakt": {taken, "Momentopname gemaakt"}, "momentopname gewist": {taken, "Momentopname gewist"}, "gegevens gedownload": {taken, "Gegevens gedownload"},
}

// showTimeline tells what happened to a study, day by day, without names.
func (s *Server) showTimeline(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	moments, err := s.store.Timeline(r.Context(), st.ID)
	if err != nil {
		return err
	}
	only := r.URL.Query().Get("soort")
	p := page.Timeline{Staff: s.staffFrame(a, st, "onderzoek")}
	for _, c := range []page.Choice{{Value: "", Label: "Alles"}, {Value: setUp, Label: "Inrichting"}, {Value: ran, Label: "Verloop"}, {Value: messaged, Label: "Berichten"}, {Value: taken, Label: "Gegevens"}} {
		c.Selected = c.Value == only
		p.Sorts = append(p.Sorts, c)
	}
	for _, m := range withTurns(st, moments, s.Now()) {
		words, ok := momentWords[m.Kind]
		if !ok {
			words.text = m.Kind
		}
		if only != "" && words.sort != only {
			continue
		}
		day := ui.Upper(ui.Date(m.At))
		if len(p.Days) == 0 || p.Days[len(p.Days)-1].Title != day {
			p.Days = append(p.Days, page.TimelineDay{Title: day})
		}
		d := &p.Days[len(p.Days)-1]
		d.Moments = append(d.Moments, page.TimelineMoment{At: m.At, Text: words.text + momentMore(st, m), Reason: m.Reason, Staff: m.Staff, Turn: words.sort == ran})
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// withTurns adds what the clock did by itself: that the study opened and closed.
// Moments come the latest first.
func withTurns(st study.Study, moments []store.Moment, now time.Time) []store.Moment {
	for _, turn := range []store.Moment{{At: st.Opens, Kind: opened}, {At: st.Closes, Kind: closed}} {
		if turn.At.After(now) {
			continue
		}
		i := 0
		for i < len(moments) && moments[i].At.After(turn.At) {
			i++
		}
		moments = append(moments[:i], append([]store.Moment{turn}, moments[i:]...)...)
	}
	return moments
}

// momentMore adds the numbers and dates of a moment.
func momentMore(st study.Study, m store.Moment) string {
	var parts []string
	number := func(key string) int { n, _ := m.Detail[key].(float64); return int(n) }
	switch m.Kind {
	case store.SentMessages:
		out := ": " + stepTitle(st, m.Object)
		if n := number("mail"); n > 0 {
			parts = append(parts, ui.Count(n, "e-mail", "e-mails"))
		}
		if n := number("letter"); n > 0 {
			parts = append(parts, ui.Count(n, "brief", "brieven"))
		}
		return out + " (" + strings.Join(parts, ", ") + ")"
	case "register ingelezen":
		return fmt.Sprintf(": %s, %s nieuw en %s gewijzigd", strings.ToLower(audienceMany(m.Object)), ui.Int(number("toegevoegd")), ui.Int(number("gewijzigd")))
	case store.StudyExtended, store.StudyReopened:
		if to, ok := m.Detail["tot"].(string); ok {
			if t, err := time.Parse(time.RFC3339, to); err == nil {
				return " " + ui.Until(t)
			}
		}
	case store.StudyStopped:
		if open, ok := m.Detail["vragenlijst"].(bool); ok && !open {
			return ", met de vragenlijst op slot"
		}
	case store.StudyAmended:
		if fields, ok := m.Detail["velden"].([]any); ok && len(fields) > 0 {
			for _, f := range fields {
				parts = append(parts, fmt.Sprint(f))
			}
			return ": " + strings.Join(parts, ", ")
		}
	case "gegevens gedownload", "strata gekozen", "momentopname gemaakt", "momentopname gewist":
		if m.Object != "" {
			return ": " + m.Object
		}
	}
	return ""
}
