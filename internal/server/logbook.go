package server

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/web/page"
	"github.com/uitvraag/uitvraag/web/ui"
)

// logRows is how many lines of the log a page has; logFile how many a file.
const (
	logRows = 50
	logFile = 200_000
)

// A logSearch is what somebody asks of the audit log.
type logSearch struct {
	store.AuditQuery
	path     string
	frame    page.Staff
	studies  map[int64]string // titles; nil in the log of one study
	problems []ui.Message
}

// logSearch reads what is asked: of the study in the path, or of all.
func (s *Server) logSearch(r *http.Request, a account.Account) (logSearch, error) {
	q := r.URL.Query()
	l := logSearch{AuditQuery: store.AuditQuery{Text: strings.TrimSpace(q.Get("zoek")), Action: q.Get("wat"), Limit: logRows, Skip: int(idOf(q.Get("vanaf")))}}
	switch who := q.Get("wie"); who {
	case "respondent", "staff", "system":
		l.Actor = who
	default:
		l.Account = idOf(who)
	}
	if slug := chi.URLParam(r, "study"); slug != "" {
		st, err := s.store.Study(r.Context(), slug)
		if err != nil {
			return l, err
		}
		l.Study, l.frame, l.path = st.ID, s.staffFrame(a, st, "privacy"), "/beheer/"+slug+page.LogPath
	} else {
		all, err := s.store.Studies(r.Context())
		if err != nil {
			return l, err
		}
		l.studies, l.frame, l.path = map[int64]string{}, page.Staff{Name: a.Handle()}, page.AllLogPath
		for _, st := range all {
			l.studies[st.ID] = st.Title
		}
		l.Study = idOf(q.Get("onderzoek"))
	}
	if text := q.Get("van"); text != "" {
		at, ok := dayOf(text)
		if !ok {
			l.problems = append(l.problems, ui.Message{Field: "van", Text: "Vul bij vanaf een dag in, zoals 1-11-2026."})
		}
		l.From = at
	}
	if text := q.Get("tot"); text != "" {
		at, ok := dayOf(text)
		if !ok {
			l.problems = append(l.problems, ui.Message{Field: "tot", Text: "Vul bij tot en met een dag in, zoals 30-11-2026."})
		} else {
			l.To = at.AddDate(0, 0, 1)
		}
	}
	return l, nil
}

// actors are who can do something, beside members of staff.
var actors = []page.Choice{{Value: "staff", Label: "Alle medewerkers"}, {Value: "respondent", Label: "Respondenten"}, {Value: "system", Label: "Het systeem en opdrachten"}}

// showLog searches the audit log.
func (s *Server) showLog(w http.ResponseWriter, r *http.Request, a account.Account) error {
	l, err := s.logSearch(r, a)
	if err != nil {
		return err
	}
	lines, total, err := s.store.AuditLines(r.Context(), l.AuditQuery)
	if err != nil {
		return err
	}
	actions, people, err := s.store.AuditChoices(r.Context(), l.choicesOf())
	if err != nil {
		return err
	}
	q := r.URL.Query()
	p := page.Log{Staff: l.frame, Path: l.path, Search: l.Text, From: q.Get("van"), To: q.Get("tot"), Total: total, Problems: l.problems}
	p.Actions = []page.Choice{{Value: "", Label: "Alles"}}
	for _, x := range actions {
		p.Actions = append(p.Actions, page.Choice{Value: x, Label: ui.Upper(x), Selected: x == l.Action})
	}
	p.People = []page.Choice{{Value: "", Label: "Iedereen"}}
	for _, x := range actors {
		x.Selected = x.Value == l.Actor
		p.People = append(p.People, x)
	}
	for _, x := range people {
		p.People = append(p.People, page.Choice{Value: idText(x.ActorID), Label: cmp.Or(x.Who, "account "+idText(x.ActorID)), Selected: x.ActorID == l.Account})
	}
	if l.studies != nil {
		p.Studies = []page.Choice{{Value: "", Label: "Alle"}}
		for _, id := range slices.Sorted(maps.Keys(l.studies)) {
			p.Studies = append(p.Studies, page.Choice{Value: idText(id), Label: l.studies[id], Selected: id == l.Study})
		}
	}
	for _, x := range lines {
		p.Rows = append(p.Rows, l.line(x))
	}
	if len(lines) > 0 {
		p.First, p.Last = l.Skip+1, l.Skip+len(lines)
	}
	at := func(from int) string {
		q.Set("vanaf", strconv.Itoa(max(0, from)))
		return l.path + "?" + q.Encode()
	}
	p.CSVPath = l.path + ".csv" + query(r.URL.Query())
	if l.Skip > 0 {
		p.Prev = at(l.Skip - logRows)
	}
	if p.Last < total {
		p.Next = at(l.Skip + logRows)
	}
	status := http.StatusOK
	if len(p.Problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return s.render(w, r, status, p.View())
}

// choicesOf is the study of which the choices are shown: 0 in the log of all.
func (l logSearch) choicesOf() int64 {
	if l.studies != nil {
		return 0
	}
	return l.Study
}

func query(v url.Values) string {
	v.Del("vanaf")
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// line is a line of the log in words.
func (l logSearch) line(x store.AuditLine) page.LogLine {
	who := map[string]string{"respondent": "respondent", "system": "het systeem", "staff": "een medewerker"}[x.Actor]
	switch {
	case x.Who != "":
		who = x.Who
	case x.Actor == "respondent" && x.ActorID != 0:
		who = "contact " + idText(x.ActorID)
	}
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(x.Detail)) {
		parts = append(parts, fmt.Sprintf("%s: %v", k, x.Detail[k]))
	}
	return page.LogLine{At: x.At, Who: who, Study: l.studies[x.Study], Action: x.Action, Object: x.Object, Detail: strings.Join(parts, ", ")}
}

// downloadLog gives the lines that were asked for as a file.
func (s *Server) downloadLog(w http.ResponseWriter, r *http.Request, a account.Account) error {
	l, err := s.logSearch(r, a)
	if err != nil {
		return err
	}
	l.Skip, l.Limit = 0, logFile
	lines, _, err := s.store.AuditLines(r.Context(), l.AuditQuery)
	if err != nil {
		return err
	}
	rows := [][]string{{"wanneer", "wie", "onderzoek", "wat", "waarmee", "bijzonderheden"}}
	for _, x := range lines {
		line := l.line(x)
		study := line.Study
		if l.studies == nil {
			study = l.frame.Study
		}
		rows = append(rows, []string{x.At.In(amsterdam).Format("2006-01-02 15:04:05"), line.Who, study, line.Action, line.Object, line.Detail})
	}
	return sendCSV(w, "logboek", rows)
}
