package server

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
	"github.com/uitvraag/uitvraag/web/ui"
)

// privacyPages binds what the office does about personal data.
func (s *Server) privacyPages(r routes) {
	const at = "/beheer/{study}/privacy"
	r.show(at, s.staff(may(account.SeePrivacy, s.showPrivacyHome)))
	r.post(at, s.staff(may(account.SetPrivacy, s.savePrivacy)))
	r.show(at+"/personen", s.staff(may(account.HandlePersons, s.findPerson)))
	r.show(at+"/personen/{contact}", s.staff(may(account.HandlePersons, s.showPerson)))
	r.post(at+"/personen/{contact}/inzage", s.staff(may(account.HandlePersons, s.downloadPerson)))
	r.post(at+"/personen/{contact}/wissen", s.staff(may(account.HandlePersons, s.erasePerson)))
	r.post(at+"/personen/{contact}/intrekken", s.staff(may(account.HandlePersons, s.withdrawAnswers)))
	r.show(at+"/bewaren", s.staff(may(account.SeePrivacy, s.showRetention)))
	r.post(at+"/bewaren", s.staff(may(account.SetPrivacy, s.saveRetention)))
	r.post(at+"/uitstel", s.staff(may(account.SetPrivacy, s.postpone)))
	r.show(at+"/teksten", s.staff(may(account.ReviewTexts, s.showFlagged)))
	r.post(at+"/teksten", s.staff(may(account.ReviewTexts, s.decideText)))
	r.show(at+"/toestemmingen", s.staff(may(account.SeeContacts, s.showConsents)))
	r.post(at+"/toestemmingen/{id}", s.staff(may(account.HandlePersons, s.withdrawConsent)))
	r.show(at+"/register", s.staff(may(account.SeePrivacy, s.showProcessing)))
	r.show(at+"/register.csv", s.staff(may(account.SeePrivacy, s.downloadProcessing)))
	r.show(at+"/screening", s.staff(may(account.SeePrivacy, s.showScreening)))
	r.post(at+"/screening", s.staff(may(account.SetPrivacy, s.addScreening)))
	r.show("/beheer/{study}/logboek", s.staff(may(account.SeeLog, s.showLog)))
	r.show("/beheer/{study}/logboek.csv", s.staff(may(account.SeeLog, s.downloadLog)))
	r.show("/beheer/logboek", s.staff(may(account.SeeInstallLog, s.showLog)))
	r.show("/beheer/logboek.csv", s.staff(may(account.SeeInstallLog, s.downloadLog)))
	r.show("/beheer/verwerkingsregister", s.staff(may(account.SeeInstallLog, s.showProcessing)))
	r.show("/beheer/verwerkingsregister.csv", s.staff(may(account.SeeInstallLog, s.downloadProcessing)))
}

// privacyFields are the settings of privacy as the form has them, in its order.
func privacyFields(p *study.Privacy) []struct {
	box  ui.Box
	into *string
} {
	return []struct {
		box  ui.Box
		into *string
	}{
		{ui.Box{Name: "verantwoordelijke", Label: "Wie is verantwoordelijk voor de gegevens?", Hint: "Laat leeg als dat de opdrachtgever is.", Lines: 1}, &p.Controller},
		{ui.Box{Name: "verwerker", Label: "Wie verwerkt de gegevens?", Hint: "Laat leeg als dat de uitvoerder is.", Lines: 1}, &p.Processor},
		{ui.Box{Name: "overeenkomst", Label: "Kenmerk van de verwerkersovereenkomst", Lines: 1}, &p.Agreement},
		{ui.Box{Name: "bronnen", Label: "Waar komen de adressen vandaan?", Hint: "In hele zinnen: zo staat het in de privacyverklaring.", Lines: 3}, &p.Sources},
		{ui.Box{Name: "fg", Label: "Hoe bereikt iemand de functionaris gegevensbescherming?", Hint: "Een e-mailadres of telefoonnummer.", Lines: 1}, &p.Officer},
		{ui.Box{Name: "subverwerkers", Label: "Wie verwerkt nog meer gegevens voor u?", Hint: "Bijvoorbeeld voor mail, hosting en back-ups. Eén per regel.", Lines: 3}, &p.SubProcessors},
		{ui.Box{Name: "maatregelen", Label: "Welke maatregelen neemt u zelf nog?", Hint: "Voor het verwerkingsregister. Mag leeg blijven.", Lines: 3}, &p.Measures},
	}
}

// gapPath is where a gap in the privacy statement is filled: on the page of
// privacy, or, for what the study says elsewhere too, among its settings.
func gapPath(base string, g study.Gap) string {
	switch g.Field {
	case string(study.WhyField), string(study.PhoneField):
		return base + page.SettingsPath + "#" + g.Field
	}
	return "#" + g.Field
}

func (s *Server) privacyHome(r *http.Request, a account.Account, st study.Study) (page.PrivacyHome, error) {
	p := page.PrivacyHome{Staff: s.staffFrame(a, st, "privacy"), MayEdit: a.May(account.SetPrivacy), Saved: r.URL.Query().Get("gedaan") == "1"}
	for _, g := range study.PrivacyGaps(st) {
		p.Gaps = append(p.Gaps, page.Link{Path: gapPath(p.Base, g), Text: g.Text})
	}
	for _, f := range privacyFields(&st.Settings.Privacy) {
		f.box.Value = *f.into
		p.Fields = append(p.Fields, f.box)
	}
	p.Basis = []page.Choice{{Value: "", Label: "Kies", Selected: st.Settings.Privacy.Basis == ""}}
	for _, b := range study.Bases {
		p.Basis = append(p.Basis, page.Choice{Value: string(b), Label: ui.Upper(string(b)), Selected: b == st.Settings.Privacy.Basis})
	}
	for _, e := range study.Processing(st) {
		p.Facts = append(p.Facts, page.KeyValue{Key: e.Name, Value: e.Value})
	}
	var err error
	p.Places, err = s.privacyPlaces(r, a, st, p.Base+page.PrivacyPath)
	return p, err
}

// privacyPlaces are the pages that somebody may go to, with what waits there.
func (s *Server) privacyPlaces(r *http.Request, a account.Account, st study.Study, base string) ([]page.PrivacyPlace, error) {
	var out []page.PrivacyPlace
	add := func(act account.Act, path, text, note string) {
		if a.May(act) {
			out = append(out, page.PrivacyPlace{Link: page.Link{Path: path, Text: text}, Note: note})
		}
	}
	add(account.HandlePersons, base+"/personen", "Inzage geven of iemand wissen", "Zoek een persoon")
	add(account.SeePrivacy, base+"/bewaren", "Bewaartermijnen", "Wat wanneer vanzelf wordt gewist")
	if a.May(account.ReviewTexts) {
		texts, err := s.store.FlaggedTexts(r.Context(), st.ID)
		if err != nil {
			return nil, err
		}
		n := 0
		for _, t := range texts {
			if t.Decided == "" {
				n++
			}
		}
		add(account.ReviewTexts, base+"/teksten", "Open antwoorden nakijken", ui.Count(n, "tekst wacht", "teksten wachten"))
	}
	add(account.SeeContacts, base+"/toestemmingen", "Toestemmingen", "Wie wij mogen benaderen voor ander onderzoek")
	screened, err := s.store.Screenings(r.Context(), st.ID)
	if err != nil {
		return nil, err
	}
	note := "Nog niet gedaan"
	if len(screened) > 0 {
		note = screened[0].Outcome
	}
	add(account.SeePrivacy, base+"/screening", "DPIA-screening", note)
	add(account.SeePrivacy, base+"/register", "Verwerkingsregister", "Wat de wet vraagt om vast te leggen")
	add(account.SeeLog, strings.TrimSuffix(base, page.PrivacyPath)+page.LogPath, "Logboek", "Wie wat wanneer deed")
	return out, nil
}

func (s *Server) showPrivacyHome(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	p, err := s.privacyHome(r, a, st)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p.View())
}

// savePrivacy lays down what the form says.
func (s *Server) savePrivacy(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	var problems []ui.Message
	var changed []string
	set := func(name, label string, into *string, value string) {
		if len([]rune(value)) > 2000 {
			problems = append(problems, ui.Message{Field: name, Text: label + ": maak dit korter dan 2000 tekens."})
		}
		if *into != value {
			changed = append(changed, name)
			*into = value
		}
	}
	for _, f := range privacyFields(&st.Settings.Privacy) {
		set(f.box.Name, f.box.Label, f.into, textOf(r, f.box.Name))
	}
	basis := string(st.Settings.Privacy.Basis)
	set("grondslag", "Grondslag", &basis, textOf(r, "grondslag"))
	switch st.Settings.Privacy.Basis = study.Basis(basis); st.Settings.Privacy.Basis {
	case "", study.PublicTask, study.LegitimateInterest:
	default:
		problems = append(problems, ui.Message{Field: "grondslag", Text: "Kies een grondslag uit de lijst."})
	}
	if len(problems) > 0 {
		p, err := s.privacyHome(r, a, st)
		if err != nil {
			return err
		}
		p.Problems = problems
		return s.render(w, r, http.StatusUnprocessableEntity, p.View())
	}
	if err := s.store.SetPrivacy(r.Context(), st.ID, st.Settings.Privacy, strings.Join(changed, ", "), staffActor(a), s.Now()); err != nil {
		return err
	}
	return redirect(w, r, "/beheer/"+st.Slug+page.PrivacyPath+"?gedaan=1")
}

func (s *Server) retentionPage(r *http.Request, a account.Account, st study.Study) (page.Retention, error) {
	p := page.Retention{Staff: s.staffFrame(a, st, "privacy"), MayEdit: a.May(account.SetPrivacy), Held: st.Settings.Privacy.Retention.Held}
	counts, err := s.store.RetentionCounts(r.Context(), st.ID)
	if err != nil {
		return p, err
	}
	titles := map[study.Class]string{}
	for _, d := range study.Deadlines(st) {
		titles[d.Class] = d.Title
		from := d.From
		if d.Accepted {
			from = "het sluiten, of eerder: het rapport is vastgesteld"
		}
		p.Rows = append(p.Rows, page.RetentionRow{Class: string(d.Class), Title: d.Title, What: d.What, Months: strconv.Itoa(d.Months), From: from, At: d.At, N: counts[d.Class],
			Gone: d.Due(s.Now()) && counts[d.Class] == 0, Postponed: d.Postponed, Term: fmt.Sprintf("Kies tussen %d en %d maanden.", d.Min, d.Max)})
	}
	log, err := s.store.RetentionLog(r.Context(), st.ID)
	if err != nil {
		return p, err
	}
	for _, l := range log {
		p.Log = append(p.Log, page.RetentionLine{At: l.At, Title: titles[l.Class], N: l.N})
	}
	for _, t := range study.PlatformTerms {
		p.Platform = append(p.Platform, page.KeyValue{Key: t.Title, Value: fmt.Sprintf("%s %d maanden na %s.", t.What, t.Months, t.From)})
	}
	if at := st.Settings.Privacy.Accepted; !at.IsZero() {
		p.Accepted = at.In(amsterdam).Format("2-1-2006")
	}
	return p, nil
}

func (s *Server) showRetention(w http.ResponseWriter, r *http.Request, a account.Account) error {
	return s.renderRetention(w, r, a, func(*page.Retention) {})
}

func (s *Server) renderRetention(w http.ResponseWriter, r *http.Request, a account.Account, mend func(*page.Retention)) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	p, err := s.retentionPage(r, a, st)
	if err != nil {
		return err
	}
	mend(&p)
	status := http.StatusOK
	if len(p.Problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return s.render(w, r, status, p.View())
}

// saveRetention sets the terms of a study, and when its report was accepted.
func (s *Server) saveRetention(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	var problems []ui.Message
	privacy := st.Settings.Privacy
	months := map[study.Class]int{}
	for _, t := range study.Terms {
		n, err := strconv.Atoi(textOf(r, "maanden-"+string(t.Class)))
		problem := t.MonthsProblem(n)
		if err != nil {
			problem = t.Title + ": vul een getal in."
		}
		if problem != "" {
			problems = append(problems, ui.Message{Field: "maanden-" + string(t.Class), Text: problem})
		}
		if n != t.Months {
			months[t.Class] = n
		}
	}
	privacy.Retention.Months = months
	privacy.Accepted = time.Time{}
	if text := textOf(r, "vastgesteld"); text != "" {
		at, ok := dayOf(text)
		if !ok || at.After(s.Now()) {
			problems = append(problems, ui.Message{Field: "vastgesteld", Text: "Vul een dag in die voorbij is, zoals 30-6-2027."})
		}
		privacy.Accepted = at
	}
	if len(problems) > 0 {
		return s.renderRetention(w, r, a, func(p *page.Retention) {
			p.Problems, p.Accepted = problems, textOf(r, "vastgesteld")
			for i := range p.Rows {
				p.Rows[i].Months = textOf(r, "maanden-"+p.Rows[i].Class)
			}
		})
	}
	if err := s.store.SetPrivacy(r.Context(), st.ID, privacy, "bewaartermijnen", staffActor(a), s.Now()); err != nil {
		return err
	}
	return redirect(w, r, "/beheer/"+st.Slug+page.PrivacyPath+"/bewaren")
}

// dayOf reads a day as people type it.
func dayOf(text string) (time.Time, bool) {
	for _, layout := range []string{"2-1-2006", time.DateOnly} {
		if at, err := time.ParseInLocation(layout, text, amsterdam); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// postpone lets a class of data stay longer, for a reason.
func (s *Server) postpone(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	class := study.Class(textOf(r, "soort"))
	d, ok := study.DeadlineOf(st, class)
	if !ok {
		return errs.Errorf(errs.NotFound, "Dit soort gegevens is er niet.")
	}
	var problems []ui.Message
	until, ok := dayOf(textOf(r, "tot"))
	if !ok {
		problems = append(problems, ui.Message{Field: "tot", Text: "Vul een dag in, zoals 30-6-2027."})
	} else if problem := d.PostponeProblem(until, s.Now()); problem != "" {
		problems = append(problems, ui.Message{Field: "tot", Text: problem})
	}
	why := textOf(r, "reden")
	if problem := store.ReasonProblem(nil, why); problem != "" {
		problems = append(problems, ui.Message{Field: "reden", Text: problem})
	}
	if len(problems) > 0 {
		return s.renderRetention(w, r, a, func(p *page.Retention) {
			p.Problems, p.Until, p.Reason, p.Class = problems, textOf(r, "tot"), why, string(class)
		})
	}
	privacy := st.Settings.Privacy
	postponed := map[study.Class]study.Postponement{class: {Until: until, Why: why}}
	for c, x := range privacy.Retention.Postponed {
		if c != class {
			postponed[c] = x
		}
	}
	privacy.Retention.Postponed = postponed
	if err := s.store.SetPrivacy(r.Context(), st.ID, privacy, "uitstel van "+string(class)+": "+why, staffActor(a), s.Now()); err != nil {
		return err
	}
	return redirect(w, r, "/beheer/"+st.Slug+page.PrivacyPath+"/bewaren")
}

// showProcessing is the register of processing, of the study in the path or of all.
func (s *Server) showProcessing(w http.ResponseWriter, r *http.Request, a account.Account) error {
	studies, p, err := s.processing(r, a)
	if err != nil {
		return err
	}
	for _, st := range studies {
		x := page.RegisterOf{Title: st.Title}
		for _, e := range study.Processing(st) {
			x.Rows = append(x.Rows, page.KeyValue{Key: e.Name, Value: e.Value})
		}
		p.Studies = append(p.Studies, x)
	}
	return s.render(w, r, http.StatusOK, p.View())
}

func (s *Server) processing(r *http.Request, a account.Account) ([]study.Study, page.ProcessingRegisters, error) {
	slug := chi.URLParam(r, "study")
	if slug == "" {
		all, err := s.store.Studies(r.Context())
		return all, page.ProcessingRegisters{Staff: page.Staff{Name: a.Handle()}, CSVPath: page.AllRegisters + ".csv"}, err
	}
	st, err := s.store.Study(r.Context(), slug)
	return []study.Study{st}, page.ProcessingRegisters{Staff: s.staffFrame(a, st, "privacy"), CSVPath: "/beheer/" + slug + page.PrivacyPath + "/register.csv"}, err
}

// downloadProcessing gives the same as a file.
func (s *Server) downloadProcessing(w http.ResponseWriter, r *http.Request, a account.Account) error {
	studies, _, err := s.processing(r, a)
	if err != nil {
		return err
	}
	var rows [][]string
	for i, st := range studies {
		head, row := []string{"onderzoek"}, []string{st.Title}
		for _, e := range study.Processing(st) {
			head, row = append(head, e.Name), append(row, e.Value)
		}
		if i == 0 {
			rows = append(rows, head)
		}
		rows = append(rows, row)
	}
	return sendCSV(w, "verwerkingsregister", rows)
}

// sendCSV sends rows in the form that a Dutch spreadsheet opens, with nothing in it
// that could run.
func sendCSV(w http.ResponseWriter, name string, rows [][]string) error {
	var b strings.Builder
	b.WriteString("\ufeff")
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteByte(';')
			}
			b.WriteString(`"` + strings.ReplaceAll(export.Guard(cell), `"`, `""`) + `"`)
		}
		b.WriteString("\r\n")
	}
	return sendFile(w, name+".csv", "text/csv; charset=utf-8", []byte(b.String()))
}

// showScreening asks whether the study needs a DPIA.
func (s *Server) showScreening(w http.ResponseWriter, r *http.Request, a account.Account) error {
	return s.renderScreening(w, r, a, "")
}

func (s *Server) renderScreening(w http.ResponseWriter, r *http.Request, a account.Account, problem string) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	p := page.Screening{Staff: s.staffFrame(a, st, "privacy"), MayEdit: a.May(account.SetPrivacy), Note: r.PostFormValue("toelichting"), Problem: problem}
	for _, c := range study.Criteria {
		x := page.Choice{Value: c.ID, Label: c.Label, Selected: slices.Contains(r.PostForm["kruis"], c.ID)}
		if c.Alone {
			p.AP = append(p.AP, x)
		} else {
			p.EDPB = append(p.EDPB, x)
		}
	}
	done, err := s.store.Screenings(r.Context(), st.ID)
	if err != nil {
		return err
	}
	for _, x := range done {
		line := page.ScreeningLine{At: x.At, Who: x.Who, Outcome: x.Outcome, Note: x.Note}
		for _, id := range x.Ticked {
			line.Ticked = append(line.Ticked, study.CriterionLabel(id))
		}
		p.Earlier = append(p.Earlier, line)
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return s.render(w, r, status, p.View())
}

// addScreening keeps a screening.
func (s *Server) addScreening(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	note := textOf(r, "toelichting")
	if note == "" || len([]rune(note)) > 2000 {
		return s.renderScreening(w, r, a, "Licht kort toe waarom u dit denkt, in hooguit 2000 tekens.")
	}
	var ticked []string
	for _, id := range r.PostForm["kruis"] {
		if study.CriterionLabel(id) != "" && !slices.Contains(ticked, id) {
			ticked = append(ticked, id)
		}
	}
	x := store.Screening{At: s.Now(), Ticked: ticked, Note: note, Outcome: study.ScreeningOutcome(ticked)}
	if err := s.store.AddScreening(r.Context(), st.ID, x, staffActor(a)); err != nil {
		return err
	}
	return redirect(w, r, "/beheer/"+st.Slug+page.PrivacyPath+"/screening")
}
