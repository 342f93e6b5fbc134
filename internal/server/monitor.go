package server

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/chart"
	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/disposition"
	"github.com/uitvraag/uitvraag/internal/forecast"
	"github.com/uitvraag/uitvraag/internal/representativity"
	"github.com/uitvraag/uitvraag/internal/standing"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
	"github.com/uitvraag/uitvraag/web/ui"
)

// A count is the standing of an audience, kept while nothing happens.
type count struct {
	key string
	*standing.Audience
	without, with forecast.Forecast
	next          *contactplan.Planned
}

// counted returns the standing of an audience, counted anew when anything
// happened since, or an hour began, or the study opened or closed.
func (s *Server) counted(ctx context.Context, st study.Study, aud store.Audience) (count, error) {
	now := s.Now()
	newest, err := s.store.Newest(ctx)
	if err != nil {
		return count{}, err
	}
	key := fmt.Sprint(newest, now.Truncate(time.Hour).Unix(), st.At(now), st.Closes.Unix())
	at := formKey{st.ID, aud.Name}
	s.mu.RLock()
	c := s.counts[at]
	s.mu.RUnlock()
	if c.key == key {
		return c, nil
	}
	a, err := s.store.Standing(ctx, st, aud.Name, now)
	if err != nil {
		return count{}, err
	}
	c = count{key: key, Audience: a, next: nextStep(st, now)}
	c.without = a.History.Without(a.Left())
	if c.next != nil {
		c.with = a.History.With(a.Left(), a.WorkingDay(c.next.Falls.At(10*60)))
	}
	s.mu.Lock()
	s.counts[at] = c
	s.mu.Unlock()
	return c, nil
}

// ladder are the steps of the plan of a study, for units that are in it from the
// first day and have no school holidays.
func ladder(st study.Study) []contactplan.Planned {
	return slices.DeleteFunc(st.Field().Schedule([]contactplan.Regions{0}, nil).Rows, func(p contactplan.Planned) bool { return p.Lapses })
}

// nextStep is the first step on a day after now, nil for none.
func nextStep(st study.Study, now time.Time) *contactplan.Planned {
	for _, p := range ladder(st) {
		if p.Falls > contactplan.DayOf(now) {
			return &p
		}
	}
	return nil
}

// showToday is the researcher's morning.
func (s *Server) showToday(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, audiences, err := s.audiencesOf(r)
	if err != nil {
		return err
	}
	base := "/beheer/" + st.Slug
	p := page.Today{Staff: s.staffFrame(a, st, "vandaag"), Now: s.Now(), AccountPath: base + page.AccountPath, BoardPath: base + page.BoardPath}
	if a.May(account.SeeSetup) {
		_, invited, err := s.store.StartFacts(r.Context(), st)
		if err != nil {
			return err
		}
		if invited == 0 && s.Now().Before(st.Closes) {
			p.StartPath = base + page.StartPath
		}
	}
	var claims []page.Link
	bounced, nClaims := map[string][]string{}, 0
	nBounced := 0
	for _, aud := range audiences {
		c, err := s.counted(r.Context(), st, aud)
		if err != nil {
			return err
		}
		view, err := s.audienceToday(r.Context(), st, aud, c)
		if err != nil {
			return err
		}
		if c.N == 0 {
			continue
		}
		p.Audiences = append(p.Audiences, view)
		if c.without.Why == "" {
			p.Method = forecast.Method
		}
		bounced[aud.Name], nBounced = c.Bounced, nBounced+c.NBounced
		for _, code := range c.Claims {
			claims = append(claims, page.Link{Path: unitPath(st, aud.Name, code), Text: code})
		}
		nClaims += c.NClaims
	}
	p.Headline = headline(p.Audiences, st.At(s.Now()) == study.NotYet)
	if a.Role.May(account.Fieldwork) && st.At(s.Now()) == study.Open {
		if err := s.morningCalls(r, st, &p); err != nil {
			return err
		}
	}
	waits, err := s.store.Backlog(r.Context(), st.ID)
	if err != nil {
		return err
	}
	p.Todo = todo(waits)
	p.Todo = append(p.Todo, todoUnits(st, audiences, bounced, nBounced, claims, nClaims)...)
	p.Next = s.nextSentence(st)
	withoutRefusals(&p, a)
	return s.render(w, r, http.StatusOK, p.View())
}

// withoutRefusals takes the links off the page to where a may not go.
func withoutRefusals(p *page.Today, a account.Account) {
	acts := map[string]account.Act{page.UnitsPath: account.SeeUnits, page.PlanPath: account.SeePlan, page.LettersPath: account.SeePlan, page.PostPath: account.ReadMail, page.CallsPath: account.Fieldwork}
	refused := func(l page.Link) bool {
		for at, act := range acts {
			if strings.HasPrefix(l.Path, p.Base+at) {
				return !a.May(act)
			}
		}
		return false
	}
	for i := range p.Todo {
		p.Todo[i].Links = slices.DeleteFunc(p.Todo[i].Links, refused)
	}
	if a.May(account.SeeUnits) {
		return
	}
	for i := range p.Audiences {
		aud := &p.Audiences[i]
		aud.UnitsPath = ""
		for t := range aud.Strata {
			for r := range aud.Strata[t].Rows {
				aud.Strata[t].Rows[r].Path = ""
			}
		}
	}
}

func (s *Server) audiencesOf(r *http.Request) (study.Study, []store.Audience, error) {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return st, nil, err
	}
	audiences, err := s.store.Audiences(r.Context(), st.ID)
	return st, audiences, err
}

// morningCalls names the first units to call.
func (s *Server) morningCalls(r *http.Request, st study.Study, p *page.Today) error {
	list, err := s.turns(r, st)
	if err != nil {
		return err
	}
	turns := list.Turns
	p.CallsPath, p.NCalls = "/beheer/"+st.Slug+page.CallsPath, len(turns)
	if len(turns) == 0 {
		return nil
	}
	units, err := s.store.UnitCodes(r.Context(), st.ID)
	if err != nil {
		return err
	}
	for _, t := range turns[:min(6, len(turns))] {
		u := units[t.Unit]
		p.Calls = append(p.Calls, page.CallTurn{Path: callPath(st, u.Audience, u.Code), Code: u.Code, Name: unitTitle(u.Audience, u.Code, u.Name), Why: t.Why})
	}
	return nil
}

// todo says which messages wait.
func todo(w store.Backlog) []page.Todo {
	var out []page.Todo
	add := func(n int, shape, tag, text string) {
		if n > 0 {
			out = append(out, page.Todo{Shape: shape, Tag: tag + ": " + ui.Int(n), Text: text})
		}
	}
	add(w.Unsure, "warn", "Onzeker verstuurd", "Van deze berichten is niet zeker of zij aankwamen. Beslis of u ze nog eens stuurt; dat gebeurt nooit vanzelf.")
	add(w.Letters, "warn", "Brieven klaar", "Druk ze af en noteer wanneer ze op de post gingen.")
	add(w.Replies, "warn", "Antwoorden per mail", "Lees ze onder Berichten.")
	add(w.Ready, "", "Mails klaar", "Deze gaan vanzelf de deur uit.")
	return out
}

// todoUnits says which units ask for a person.
func todoUnits(st study.Study, audiences []store.Audience, bounced map[string][]string, nBounced int, claims []page.Link, nClaims int) []page.Todo {
	var out []page.Todo
	if nBounced > 0 {
		t := page.Todo{Shape: "stop", Tag: "Onbereikbaar: " + ui.Int(nBounced), Text: "Mail komt terug en er is geen ander adres. Zoek een nieuw adres voor: "}
		for _, aud := range audiences {
			for _, code := range bounced[aud.Name] {
				t.Links = append(t.Links, page.Link{Path: unitPath(st, aud.Name, code), Text: code})
			}
		}
		out = append(out, t)
	}
	if nClaims > 0 {
		out = append(out, page.Todo{Shape: "warn", Tag: "Te bevestigen: " + ui.Int(nClaims), Text: "Een ander zegt ook voor deze eenheid te antwoorden. Bekijk: ", Links: claims[:min(len(claims), 8)]})
	}
	return out
}

func (s *Server) nextSentence(st study.Study) string {
	next := nextStep(st, s.Now())
	if next == nil || st.At(s.Now()) == study.Closed {
		return ""
	}
	return "Op " + next.Falls.Long() + " volgt: " + strings.ToLower(next.Step.Title) + " (" + next.Step.Channel.Title() + "). Wie dan heeft geantwoord, krijgt niets."
}

// audienceToday makes the view of one audience.
func (s *Server) audienceToday(ctx context.Context, st study.Study, aud store.Audience, c count) (page.AudienceToday, error) {
	a := page.AudienceToday{ID: aud.Name, Title: audienceMany(aud.Name), UnitsPath: "/beheer/" + st.Slug + "/eenheden?doelgroep=" + aud.Name,
		N: c.N, Done: c.Done, SinceDay: c.Yesterday, Counts: countsOf(c.Audience)}
	if c.N == 0 {
		return a, nil
	}
	days := c.Days()
	for _, d := range days {
		a.Days = append(a.Days, page.DayRow{Date: d.Date, New: d.New, Total: d.Total, What: stepText(d.Step)})
	}
	if len(days) > 0 {
		figure := s.course(st, a.Title, c, days)
		a.Course = &figure
		for _, p := range ladder(st) {
			a.Marks = append(a.Marks, p.Step.Title+", "+dayMonth(p.Falls))
		}
		if c.without.Why == "" {
			a.Below = "De band is de verwachting op " + ui.DayMonth(st.Closes.Add(-time.Second)) + bandOf(c) + ", met 80% zekerheid."
		}
	}
	a.Expect = expectation(st, c, s.Now())
	compare(&a, aud, c)
	return a, s.stops(ctx, st, aud, c, &a)
}

// bandOf says of which forecast the band in the figure is.
func bandOf(c count) string {
	if c.with.Why == "" && c.next != nil {
		return " met de volgende stap"
	}
	return " zonder verdere stappen"
}

func (c count) band() forecast.Forecast {
	if c.next != nil && c.with.Why == "" {
		return c.with
	}
	return c.without
}

func countsOf(a *standing.Audience) []page.StateCount {
	refused, proxy := 0, a.Done-a.Questionnaires
	for _, o := range a.Outcomes {
		if o == disposition.Refused || o == disposition.RefusedByOther {
			refused++
		}
	}
	return []page.StateCount{{State: page.StateDone, N: a.Questionnaires}, {State: page.StateCovered, N: proxy}, {State: page.StateBusy, N: a.Busy},
		{State: page.StateRefused, N: refused}, {State: page.StateNone, N: max(0, a.N-a.Done-a.Busy-refused)}}
}

func stepText(s standing.Step) string {
	var parts []string
	add := func(n int, one, many string) {
		if n > 0 {
			parts = append(parts, ui.Count(n, one, many))
		}
	}
	add(s.Invited, "uitnodiging", "uitnodigingen")
	add(s.Reminded, "herinnering", "herinneringen")
	add(s.Letters, "brief", "brieven")
	add(s.Calls, "gesprek of poging", "gesprekken of pogingen")
	return strings.Join(parts, ", ")
}

// course draws the response per day with what is expected.
func (s *Server) course(st study.Study, title string, c count, days []standing.Day) chart.Figure {
	first, last := contactplan.DayOf(st.Opens), contactplan.DayOf(st.Closes.Add(-time.Second))
	span := float64(max(1, last-first))
	at := func(d contactplan.Day) float64 { return float64(d-first) / span }
	out := chart.Course{Title: title + ": respons per dag", N: c.N, From: dayMonth(first), To: dayMonth(last)}
	for _, d := range days {
		out.Points = append(out.Points, chart.Point{At: min(1, at(contactplan.DayOf(d.Date))), Count: d.Total})
	}
	for i, p := range ladder(st) {
		out.Marks = append(out.Marks, chart.Mark{At: at(p.Falls), No: i + 1})
	}
	out.Finding = fmt.Sprintf("Van 0 op %s naar %d van %d.", first.Long(), c.Done, c.N)
	if st.At(s.Now()) == study.Open {
		out.NowLabel = "vandaag"
		today := contactplan.DayOf(s.Now())
		band := c.band()
		day := today
		for _, b := range band.Days {
			for day++; day.Weekday() == time.Saturday || day.Weekday() == time.Sunday; day++ {
			}
			out.Expect = append(out.Expect, chart.Range{At: min(1, at(day)), Low: b.Low, High: b.High})
		}
		if band.Why == "" {
			out.Finding += fmt.Sprintf(" Verwacht bij het sluiten: tussen %d en %d.", band.Low, band.High)
		}
	}
	return out.Figure()
}

func dayMonth(d contactplan.Day) string { return ui.DayMonth(d.At(12 * 60)) }

// expectation says what may be expected, in sentences.
func expectation(st study.Study, c count, now time.Time) []string {
	if st.At(now) != study.Open {
		return nil
	}
	if c.without.Why != "" {
		return []string{"Een verwachting is er nog niet. " + c.without.Why}
	}
	between := func(f forecast.Forecast) string {
		if f.Low == f.High {
			return ui.Int(f.Low)
		}
		return "tussen " + ui.Int(f.Low) + " en " + ui.Int(f.High)
	}
	out := []string{"Stuurt u niets meer, dan eindigt de respons naar verwachting op " + between(c.without) + " van " + ui.Int(c.N) + "."}
	switch {
	case c.next == nil:
	case c.with.Why != "":
		out = append(out, c.with.Why)
	default:
		out = append(out, "Gaat de volgende stap wel door ("+strings.ToLower(c.next.Step.Title)+", "+dayMonth(c.next.Falls)+"), dan op "+between(c.with)+".")
	}
	return out
}

// compare fills in how the response mirrors the population.
func compare(a *page.AudienceToday, aud store.Audience, c count) {
	var of []representativity.Characteristic
	for _, stratum := range c.Strata {
		of = append(of, stratum.Characteristic(columnLabel(aud, stratum.Column)))
	}
	if len(of) == 0 {
		return
	}
	report := representativity.Compare(of)
	if c.Done > 0 {
		a.Verdict, a.Conclusion = verdict(report), report.Conclusion
		cells := c.Cells
		cells.Characteristics = slices.Clone(cells.Characteristics)
		for i := range cells.Characteristics {
			cells.Characteristics[i].Name = columnLabel(aud, cells.Characteristics[i].Name)
		}
		a.Indicator = representativity.Estimate(cells).Indicators.Sentence()
	}
	for i, stratum := range c.Strata {
		t := page.StratumTable{Label: of[i].Name}
		n, done := 0, 0
		for _, v := range stratum.Values {
			n, done = n+v.N, done+v.Done
		}
		most := 0.0
		for _, v := range stratum.Values {
			most = max(most, part(v.N, n), part(v.Done, done))
		}
		for _, v := range stratum.Values {
			row := page.StratumRow{Value: v.Label, N: v.N, Done: v.Done, Busy: v.Busy, Path: a.UnitsPath + "&k_" + stratum.Column + "=" + url.QueryEscape(v.Label)}
			row.Figure = chart.Pair{Label: v.Label, Population: part(v.N, n), Response: part(v.Done, done)}.Figure(most)
			t.Rows = append(t.Rows, row)
		}
		if v := stratum.Unknown; v.N > 0 {
			t.Rows = append(t.Rows, page.StratumRow{Value: unknown, N: v.N, Done: v.Done, Busy: v.Busy, Path: a.UnitsPath + "&k_" + stratum.Column + "=" + unknown})
		}
		if c.Done > 0 {
			t.Test = report.Comparisons[i].Conclusion
		}
		a.Strata = append(a.Strata, t)
	}
}

// verdict is the short answer; the conclusion below it says what it rests on.
func verdict(r representativity.Report) string {
	var differ, same []string
	for _, c := range r.Comparisons {
		switch name := strings.ToLower(c.Characteristic.Name); {
		case math.IsNaN(c.PHolm):
		case c.PHolm < r.Level:
			differ = append(differ, name)
		default:
			same = append(same, name)
		}
	}
	switch {
	case len(differ) > 0:
		return "De groepen antwoorden niet even vaak. Er is een verschil op " + list(differ) + "."
	case len(same) > 0:
		return "Geen verschil aangetoond op " + list(same) + "."
	}
	return "Daar valt nog niets over te zeggen."
}

// list writes names as one says them: "regio, type en grootte".
func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " en " + names[len(names)-1]
}

// part is a share, 0 of nothing.
func part(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// stops fills in in which part unfinished questionnaires stand, in the order of the
// questionnaire.
func (s *Server) stops(ctx context.Context, st study.Study, aud store.Audience, c count, a *page.AudienceToday) error {
	if len(c.Pages) == 0 {
		return nil
	}
	f, err := s.form(ctx, st.ID, aud.Name)
	if err != nil {
		return err
	}
	sections := make([]int, len(f.In.Sections))
	rest, most := 0, 0
	for _, p := range c.Pages {
		if on := f.Page(p.ID); on != nil {
			sections[on.Section] += p.N
			most = max(most, sections[on.Section])
		} else {
			rest += p.N
		}
	}
	add := func(title string, n int) {
		if n > 0 {
			a.Stops = append(a.Stops, page.StopRow{Page: title, N: n, Figure: chart.Bar(title, n, max(most, rest))})
		}
	}
	add("Voor de eerste vraag", rest)
	for i, section := range f.In.Sections {
		add(section.Title, sections[i])
	}
	return nil
}

// headline is the finding of the page in a sentence.
func headline(audiences []page.AudienceToday, before bool) string {
	var parts []string
	total := 0
	for _, a := range audiences {
		parts = append(parts, fmt.Sprintf("%s van de %s %s", ui.Int(a.Done), ui.Int(a.N), strings.ToLower(a.Title)))
		total += a.Done
	}
	switch {
	case parts == nil:
		return "Er zijn nog geen eenheden."
	case before && total == 0:
		return "Het onderzoek is nog niet open."
	}
	if len(parts) > 1 {
		parts = []string{strings.Join(parts[:len(parts)-1], ", ") + " en " + parts[len(parts)-1]}
	}
	return parts[0] + " hebben geantwoord."
}

// showBoard is one screen for the steering group.
func (s *Server) showBoard(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, audiences, err := s.audiencesOf(r)
	if err != nil {
		return err
	}
	p := page.Board{Staff: s.staffFrame(a, st, "vandaag"), Now: s.Now()}
	expected, doubt := []string{}, []string{}
	for _, aud := range audiences {
		c, err := s.counted(r.Context(), st, aud)
		if err != nil {
			return err
		}
		if c.N == 0 {
			continue
		}
		view, err := s.audienceToday(r.Context(), st, aud, c)
		if err != nil {
			return err
		}
		p.Audiences = append(p.Audiences, view)
		many := strings.ToLower(view.Title)
		if f := c.without; f.Why == "" && st.At(s.Now()) == study.Open {
			expected = append(expected, fmt.Sprintf("%s tot %s %s", ui.Int(f.Low), ui.Int(f.High), many))
		}
		if name := differs(aud, c); name != "" {
			doubt = append(doubt, many+" op "+name)
		}
	}
	p.Sentences = boardSentences(p.Audiences, expected, doubt, st.At(s.Now()))
	return s.render(w, r, http.StatusOK, p.View())
}

// differs names the characteristics on which the response differs from the rest.
func differs(aud store.Audience, c count) string {
	var of []representativity.Characteristic
	for _, stratum := range c.Strata {
		of = append(of, stratum.Characteristic(strings.ToLower(columnLabel(aud, stratum.Column))))
	}
	var names []string
	for _, k := range representativity.Compare(of).Comparisons {
		if !math.IsNaN(k.PHolm) && k.PHolm < representativity.Level {
			names = append(names, k.Characteristic.Name)
		}
	}
	return list(names)
}

func boardSentences(audiences []page.AudienceToday, expected, doubt []string, phase study.Phase) []string {
	out := []string{headline(audiences, phase == study.NotYet)}
	done := 0
	for _, a := range audiences {
		done += a.Done
	}
	if done == 0 {
		return out
	}
	if len(expected) > 0 {
		out = append(out, "Zonder verdere stappen verwachten wij bij het sluiten "+list(expected)+".")
	}
	if len(doubt) > 0 {
		return append(out, "De groepen antwoorden niet even vaak: "+strings.Join(doubt, "; ")+".")
	}
	return append(out, "Op de kenmerken die wij toetsten, is geen verschil aangetoond tussen wie antwoordde en wie niet.")
}
