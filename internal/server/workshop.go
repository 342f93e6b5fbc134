package server

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/limesurvey"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/web/page"
)

// workshopPages binds where questionnaires are made.
func (s *Server) workshopPages(r routes) {
	const one = page.WorkshopPath + "/{draft:[0-9]+}"
	r.show(page.WorkshopPath, s.staff(may(account.SeeDrafts, s.showWorkshop)))
	r.show(page.WorkshopPath+"/nieuw", s.staff(may(account.EditDrafts, s.showNewDraft)))
	r.post(page.WorkshopPath+"/nieuw", s.staff(may(account.EditDrafts, s.beginDraft)))
	r.show(one, s.staff(may(account.SeeDrafts, s.showDraft)))
	r.show(one+"/bewerken", s.staff(may(account.EditDrafts, s.showDraftEditor)))
	r.post(one+"/bewerken", s.staff(may(account.EditDrafts, s.saveDraft)))
	r.post(one+"/controleren", s.staff(may(account.EditDrafts, s.checkDraft)))
	r.post(one+"/stap", s.staff(may(account.SeeDrafts, s.stepDraft)))
	r.show(one+"/versies/{version:[0-9]+}", s.staff(may(account.SeeDrafts, s.showDraftVersion)))
	r.show(one+"/versies/{version:[0-9]+}.yaml", s.staff(may(account.SeeDrafts, s.downloadDraft)))
	r.show(one+"/limesurvey", s.staff(may(account.SeeDrafts, s.showLimeSurvey)))
	r.show(one+"/limesurvey.{format:lss|txt}", s.staff(may(account.SeeDrafts, s.downloadLimeSurvey)))
	r.show(one+"/verschillen", s.staff(may(account.SeeDrafts, s.showDraftDiff)))
}

// officeFrame is around pages that belong to no study.
func officeFrame(a account.Account, current string) page.Staff {
	return page.Staff{Name: a.Handle(), Current: current, Drafts: a.May(account.SeeDrafts)}
}

func workshopFrame(a account.Account) page.Staff { return officeFrame(a, "vragenlijsten") }

func workshopDraft(d store.Draft) page.WorkshopDraft {
	return page.WorkshopDraft{ID: d.ID, Name: d.Name, Edition: d.Edition, Title: d.Title, Stage: d.Stage, Studies: d.Studies, Version: d.Version, Saved: d.Saved, By: d.SavedBy}
}

// showWorkshop lists the questionnaires.
func (s *Server) showWorkshop(w http.ResponseWriter, r *http.Request, a account.Account) error {
	drafts, err := s.store.Drafts(r.Context())
	if err != nil {
		return err
	}
	p := page.Workshop{Staff: workshopFrame(a), MayEdit: a.May(account.EditDrafts)}
	for _, d := range drafts {
		if d.Stage == instrument.Dropped {
			p.Dropped = append(p.Dropped, workshopDraft(d))
		} else {
			p.Drafts = append(p.Drafts, workshopDraft(d))
		}
	}
	for _, d := range instrument.StudyDefinitions() {
		for _, src := range d.Sources {
			_, _, title := instrument.Head(src.Text)
			p.BuiltIn = append(p.BuiltIn, page.WorkshopBuiltIn{Name: src.Name, Edition: src.Edition, Title: title})
		}
	}
	return s.render(w, r, http.StatusOK, p.View())
}

func (s *Server) showNewDraft(w http.ResponseWriter, r *http.Request, a account.Account) error {
	return s.renderNewDraft(w, r, a, http.StatusOK, page.NewDraft{Basis: "leeg"})
}

func (s *Server) renderNewDraft(w http.ResponseWriter, r *http.Request, a account.Account, status int, p page.NewDraft) error {
	from, err := s.origins(r, r.PostFormValue("van"))
	if err != nil {
		return err
	}
	p.Staff, p.From = workshopFrame(a), from
	return s.render(w, r, status, p.View())
}

// origins are the questionnaires that a new one, or a comparison, can begin
// with: drafts by number, those of the product by name.
func (s *Server) origins(r *http.Request, chosen string) ([]page.Choice, error) {
	drafts, err := s.store.Drafts(r.Context())
	if err != nil {
		return nil, err
	}
	var out []page.Choice
	add := func(value, label string) {
		out = append(out, page.Choice{Value: value, Label: label, Selected: value == chosen})
	}
	for _, d := range drafts {
		if d.Stage != instrument.Dropped {
			add(strconv.FormatInt(d.ID, 10), fmt.Sprintf("%s %s (%s)", d.Name, d.Edition, d.Stage))
		}
	}
	for _, def := range instrument.StudyDefinitions() {
		for _, src := range def.Sources {
			add(src.Name+"-"+src.Edition, src.Name+" "+src.Edition+" (meegeleverd)")
		}
	}
	return out, nil
}

// origin returns the text that a choice of origins stands for, and its name in
// words.
func (s *Server) originText(r *http.Request, value string) (text []byte, name string, err error) {
	if id, err := strconv.ParseInt(value, 10, 64); err == nil {
		d, text, err := s.store.Draft(r.Context(), id)
		return text, fmt.Sprintf("%s %s (%s)", d.Name, d.Edition, d.Stage), err
	}
	for _, def := range instrument.StudyDefinitions() {
		for _, src := range def.Sources {
			if src.Name+"-"+src.Edition == value {
				return src.Text, src.Name + " " + src.Edition + " (meegeleverd)", nil
			}
		}
	}
	return nil, "", errs.Errorf(errs.NotFound, "Deze vragenlijst is er niet.")
}

// beginDraft begins a questionnaire with a template, another one, or a file.
func (s *Server) beginDraft(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parseUpload(r); err != nil {
		return err
	}
	in := store.DraftSave{Text: instrument.Start, Basis: "een voorbeeld van drie vragen", By: staffActor(a), Now: s.Now()}
	p := page.NewDraft{Basis: r.PostFormValue("begin")}
	switch p.Basis {
	case "leeg":
	case "bestaand":
		text, name, err := s.originText(r, r.PostFormValue("van"))
		if err != nil {
			return err
		}
		if in.Text, err = s.nextVersion(r, text); err != nil {
			return err
		}
		in.Basis = name
	case "bestand":
		name, data, err := upload(r, "bestand")
		if err != nil {
			p.Problem = errs.Public(err)
			return s.renderNewDraft(w, r, a, http.StatusUnprocessableEntity, p)
		}
		var problems []instrument.Problem
		if in.Text, in.Missed, problems = readDraft(name, data); len(problems) > 0 {
			p.Problems = page.Messages(problems)
			return s.renderNewDraft(w, r, a, http.StatusUnprocessableEntity, p)
		}
		in.Basis = "het bestand " + name
	default:
		p.Problem = "Kies waar u mee begint."
		return s.renderNewDraft(w, r, a, http.StatusUnprocessableEntity, p)
	}
	id, err := s.store.AddDraft(r.Context(), in)
	if err != nil {
		return err
	}
	return redirect(w, r, draftPath(id))
}

// nextVersion gives a copy of a questionnaire the edition that follows.
func (s *Server) nextVersion(r *http.Request, text []byte) ([]byte, error) {
	drafts, err := s.store.Drafts(r.Context())
	if err != nil {
		return nil, err
	}
	taken := map[string]bool{}
	for _, d := range drafts {
		taken[d.Name+" "+d.Edition] = true
	}
	for _, def := range instrument.StudyDefinitions() {
		for _, src := range def.Sources {
			taken[src.Name+" "+src.Edition] = true
		}
	}
	name, edition, _ := instrument.Head(text)
	return instrument.WithEdition(text, instrument.NextEdition(edition, func(e string) bool { return taken[name+" "+e] })), nil
}

// readDraft turns a file into the text of a draft, with what did not come along.
// A file that cannot be read at all gives problems.
func readDraft(name string, data []byte) (text []byte, missed []string, problems []instrument.Problem) {
	if limesurvey.Is(name, data) {
		r, problems := limesurvey.Read(data)
		if r == nil {
			return nil, nil, problems
		}
		for _, m := range r.Misses {
			missed = append(missed, m.String())
		}
		return r.Text, missed, nil
	}
	text, problem := instrument.Clean(data)
	if problem != nil {
		return nil, nil, []instrument.Problem{*problem}
	}
	return text, nil, nil
}

// parseUpload reads a posted form that may have a file in it.
func parseUpload(r *http.Request) error {
	err := r.ParseMultipartForm(maxBody)
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return errs.Errorf(errs.Invalid, "Dit bestand is te groot. Er passen 2 MB in.")
	}
	if err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return errs.Wrap(err, errs.Invalid, "Dit formulier kunnen wij niet lezen. Ga terug en probeer het opnieuw.")
	}
	return parse(r)
}

// upload returns the name and the content of a posted file. The name is only for
// people to read: no file gets it.
func upload(r *http.Request, field string) (name string, data []byte, err error) {
	f, head, err := r.FormFile(field)
	if err != nil {
		return "", nil, errs.Errorf(errs.Invalid, "Kies een bestand.")
	}
	defer func() { _ = f.Close() }() // it was only read
	if data, err = io.ReadAll(f); err != nil {
		return "", nil, err
	}
	name = path.Base(strings.ReplaceAll(head.Filename, "\\", "/"))
	name = strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f {
			return -1
		}
		return c
	}, strings.ToValidUTF8(name, ""))
	if runes := []rune(name); len(runes) > 80 {
		name = string(runes[:80])
	}
	if len(data) == 0 {
		return name, nil, errs.Errorf(errs.Invalid, "Dit bestand is leeg.")
	}
	return name, data, nil
}

func draftPath(id int64) string { return fmt.Sprintf("%s/%d", page.WorkshopPath, id) }

// draftOf returns the draft in the path of a request.
func (s *Server) draftOf(r *http.Request) (store.Draft, []byte, error) {
	id, err := strconv.ParseInt(chi.URLParam(r, "draft"), 10, 64)
	if err != nil {
		return store.Draft{}, nil, errs.Errorf(errs.NotFound, "Deze vragenlijst is er niet.")
	}
	return s.store.Draft(r.Context(), id)
}

// showDraft shows where a questionnaire is, and what was done with it.
func (s *Server) showDraft(w http.ResponseWriter, r *http.Request, a account.Account) error {
	return s.renderDraft(w, r, a, http.StatusOK, "", "")
}

func (s *Server) renderDraft(w http.ResponseWriter, r *http.Request, a account.Account, status int, remark, problem string) error {
	d, text, err := s.draftOf(r)
	if err != nil {
		return err
	}
	versions, steps, err := s.store.DraftHistory(r.Context(), d.ID)
	if err != nil {
		return err
	}
	in, problems := instrument.Parse(text)
	faults := instrument.Faults(problems)
	p := page.DraftPage{Staff: workshopFrame(a), WorkshopDraft: workshopDraft(d), Basis: d.Basis, Missed: d.Missed, Faults: faults, Advice: len(problems) - faults,
		Approved: d.Approved, ApprovedBy: d.ApprovedBy, Readable: in != nil, MayEdit: a.May(account.EditDrafts), WhyNotEdit: d.MayEdit(),
		Approve: d.MayApprove(a.ID), Remark: remark, Problem: problem}
	p.MayPropose = p.MayEdit && d.MayPropose(problems) == ""
	if !a.May(account.ApproveDrafts) {
		p.Approve = "Een collega met de rol projectleider of onderzoeker keurt haar goed."
	}
	for _, v := range versions {
		p.Versions = append(p.Versions, page.DraftVersionLine{Number: v.Number, At: v.At, By: v.By, Note: v.Note})
	}
	for _, x := range steps {
		p.Steps = append(p.Steps, page.DraftStepLine{Version: x.Version, Step: x.Step, By: x.By, Remark: x.Remark, At: x.At})
	}
	return s.render(w, r, status, p.View())
}

func (s *Server) showDraftEditor(w http.ResponseWriter, r *http.Request, a account.Account) error {
	d, text, err := s.draftOf(r)
	if err != nil {
		return err
	}
	if why := d.MayEdit(); why != "" {
		return errs.Errorf(errs.Conflict, "%s", why)
	}
	return s.renderEditor(w, r, a, http.StatusOK, d, page.DraftEditor{After: d.Version, Source: source(text)})
}

// source is a text with what the checker says of it.
func source(text []byte) page.Source {
	return page.Source{Text: string(text), Messages: page.Messages(instrument.Check(text))}
}

func (s *Server) renderEditor(w http.ResponseWriter, r *http.Request, a account.Account, status int, d store.Draft, p page.DraftEditor) error {
	p.Staff, p.WorkshopDraft = workshopFrame(a), workshopDraft(d)
	return s.render(w, r, status, p.View())
}

// saveDraft keeps what was typed as the next version, whatever is wrong with it.
// When somebody else saved meanwhile, both are shown.
func (s *Server) saveDraft(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	d, _, err := s.draftOf(r)
	if err != nil {
		return err
	}
	text, problem := instrument.Clean([]byte(r.PostForm.Get("tekst")))
	if problem != nil {
		return errs.Errorf(errs.Invalid, "%s %s", problem.Text, problem.Remedy)
	}
	after, _ := strconv.Atoi(r.PostForm.Get("na")) // anything else is an old version
	note := oneLine(r.PostForm.Get("toelichting"), 200)
	p := page.DraftEditor{After: after, Note: note, Source: source(text)}
	if r.PostForm.Get("actie") == "controleren" {
		return s.renderEditor(w, r, a, http.StatusOK, d, p)
	}
	_, err = s.store.SaveDraft(r.Context(), store.DraftSave{ID: d.ID, After: after, Text: text, Note: note, By: staffActor(a), Now: s.Now()})
	if errors.Is(err, store.ErrDraftMoved) {
		var current []byte
		if d, current, err = s.draftOf(r); err != nil {
			return err
		}
		p.After, p.Theirs, p.Other = d.Version, cmp.Or(d.SavedBy, "Iemand anders"), page.DiffLines(instrument.Lines(current, text))
		return s.renderEditor(w, r, a, http.StatusConflict, d, p)
	}
	if err != nil {
		return err
	}
	if instrument.Faults(instrument.Check(text)) > 0 {
		return redirect(w, r, draftPath(d.ID)+"/bewerken#gevonden")
	}
	return redirect(w, r, draftPath(d.ID))
}

// oneLine is a short text without line ends.
func oneLine(text string, most int) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}

// A checkedLine is what the checker says of a line, for the script of the editor.
type checkedLine struct {
	Line    int    `json:"line"`
	Text    string `json:"text"`
	Warning bool   `json:"warning"`
}

// checkDraft tells what is wrong with a text that is being typed. It keeps
// nothing.
func (s *Server) checkDraft(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	text := strings.ReplaceAll(r.PostForm.Get("tekst"), "\r\n", "\n")
	out := []checkedLine{}
	for _, m := range page.Messages(instrument.Check([]byte(text))) {
		out = append(out, checkedLine(m))
	}
	return writeJSON(w, http.StatusOK, out)
}

// stepDraft takes a draft a step further, or back.
func (s *Server) stepDraft(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	d, _, err := s.draftOf(r)
	if err != nil {
		return err
	}
	version, _ := strconv.Atoi(r.PostForm.Get("versie")) // anything else is no version
	remark := strings.TrimSpace(strings.ReplaceAll(r.PostForm.Get("opmerking"), "\r\n", "\n"))
	in := store.DraftDecision{ID: d.ID, Version: version, Remark: remark, By: staffActor(a), Now: s.Now()}
	if len([]rune(remark)) > 2000 {
		return s.renderDraft(w, r, a, http.StatusUnprocessableEntity, remark, "Maak uw opmerking korter dan 2000 tekens.")
	}
	act, take := account.EditDrafts, s.store.ProposeDraft
	switch r.PostForm.Get("stap") {
	case "voorleggen":
	case "goedkeuren":
		act, take = account.ApproveDrafts, s.store.ApproveDraft
	case "terugsturen":
		if take = s.store.ReturnDraft; remark == "" {
			return s.renderDraft(w, r, a, http.StatusUnprocessableEntity, remark, "Schrijf bij de opmerking waarom u de vragenlijst terugstuurt.")
		}
	case "wegleggen":
		take = s.store.DropDraft
	case "terughalen":
		take = s.store.FetchDraft
	default:
		return errs.Errorf(errs.Invalid, "Kies wat u met de vragenlijst wilt doen.")
	}
	if !a.May(act) {
		return errs.Errorf(errs.Forbidden, "Uw rol (%s) mag dit niet: %s.", cmp.Or(a.Role, "geen"), act)
	}
	if err := take(r.Context(), in); errs.KindOf(err) == errs.Conflict {
		return s.renderDraft(w, r, a, http.StatusConflict, remark, errs.Public(err))
	} else if err != nil {
		return err
	}
	return redirect(w, r, draftPath(d.ID))
}

// version returns the text of the version in the path.
func (s *Server) version(r *http.Request) (store.Draft, int, []byte, error) {
	d, _, err := s.draftOf(r)
	if err != nil {
		return d, 0, nil, err
	}
	n, err := strconv.Atoi(chi.URLParam(r, "version"))
	if err != nil || n > d.Version {
		return d, 0, nil, errs.Errorf(errs.NotFound, "Deze versie is er niet.")
	}
	text, err := s.store.DraftText(r.Context(), d.ID, n)
	return d, n, text, err
}

func (s *Server) showDraftVersion(w http.ResponseWriter, r *http.Request, a account.Account) error {
	d, n, text, err := s.version(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.DraftSource{Staff: workshopFrame(a), WorkshopDraft: workshopDraft(d), Number: n, Source: source(text)}.View())
}

func (s *Server) downloadDraft(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	d, n, text, err := s.version(r)
	if err != nil {
		return err
	}
	return sendFile(w, draftFile(d, n)+".yaml", "application/yaml; charset=utf-8", text)
}

// draftFile is what a file of a draft is called, without what follows the dot.
func draftFile(d store.Draft, version int) string {
	safe := func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return '-'
	}
	return strings.Map(safe, fmt.Sprintf("%s-%s-v%d", d.Name, d.Edition, version))
}

// showDraftDiff compares a draft with what was approved, or two of its versions.
func (s *Server) showDraftDiff(w http.ResponseWriter, r *http.Request, a account.Account) error {
	d, text, err := s.draftOf(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	p := page.DraftDiff{Staff: workshopFrame(a), WorkshopDraft: workshopDraft(d)}
	var before []byte
	if q.Has("van") {
		before, text, p.Other, err = s.versionsOf(r, d)
	} else {
		before, p.Other, p.With, err = s.compared(r, d, q.Get("met"))
	}
	if err != nil {
		return err
	}
	if p.With == nil {
		if p.With, err = s.others(r, d, ""); err != nil {
			return err
		}
	}
	from, faults := instrument.Parse(before)
	to, more := instrument.Parse(text)
	switch {
	case from == nil || to == nil:
		p.Unreadable = fmt.Sprintf("Dit kan pas als er in geen van beide teksten fouten staan. Nu zijn dat er %d.", instrument.Faults(faults)+instrument.Faults(more))
	default:
		p.Differences = instrument.Diff(from, to)
	}
	p.Lines = page.DiffLines(instrument.Lines(before, text))
	return s.render(w, r, http.StatusOK, p.View())
}

// versionsOf returns two versions of a draft, as the query asks.
func (s *Server) versionsOf(r *http.Request, d store.Draft) (before, after []byte, words string, err error) {
	from, _ := strconv.Atoi(r.URL.Query().Get("van"))
	to, err := strconv.Atoi(r.URL.Query().Get("naar"))
	if err != nil {
		to = d.Version
	}
	if before, err = s.store.DraftText(r.Context(), d.ID, from); err != nil {
		return nil, nil, "", err
	}
	after, err = s.store.DraftText(r.Context(), d.ID, to)
	return before, after, fmt.Sprintf("Van versie %d naar versie %d", from, to), err
}

// compared returns what a draft is compared with: what was asked for, or else
// the latest approved questionnaire of its name.
func (s *Server) compared(r *http.Request, d store.Draft, asked string) (text []byte, words string, with []page.Choice, err error) {
	if asked == "" {
		approved, err := s.store.ApprovedInstruments(r.Context())
		if err != nil {
			return nil, "", nil, err
		}
		for _, x := range approved {
			if x.Draft != d.ID && (asked == "" || x.Name == d.Name) {
				if asked = x.Name + "-" + x.Edition; x.Draft > 0 {
					asked = strconv.FormatInt(x.Draft, 10)
				}
				if x.Name == d.Name {
					break
				}
			}
		}
	}
	text, name, err := s.originText(r, asked)
	if err != nil {
		return nil, "", nil, err
	}
	with, err = s.others(r, d, asked)
	return text, fmt.Sprintf("Van %s naar %s %s, versie %d", name, d.Name, d.Edition, d.Version), with, err
}

// others are the questionnaires that a draft can be compared with.
func (s *Server) others(r *http.Request, d store.Draft, chosen string) ([]page.Choice, error) {
	all, err := s.origins(r, chosen)
	if err != nil {
		return nil, err
	}
	own := strconv.FormatInt(d.ID, 10)
	out := []page.Choice{}
	for _, c := range all {
		if c.Value != own {
			out = append(out, c)
		}
	}
	return out, nil
}

// readable returns the draft in the path and its instrument; Conflict where the
// text still has faults.
func (s *Server) readable(r *http.Request) (store.Draft, *instrument.Instrument, error) {
	d, text, err := s.draftOf(r)
	if err != nil {
		return d, nil, err
	}
	in, problems := instrument.Parse(text)
	if in == nil {
		return d, nil, errs.Errorf(errs.Conflict, "In de tekst van deze vragenlijst moeten nog fouten worden verbeterd: %d.", instrument.Faults(problems))
	}
	return d, in, nil
}

// showLimeSurvey lists what does not go along to LimeSurvey, above the files.
func (s *Server) showLimeSurvey(w http.ResponseWriter, r *http.Request, a account.Account) error {
	d, in, err := s.readable(r)
	if err != nil {
		return err
	}
	p := page.DraftLimeSurvey{Staff: workshopFrame(a), WorkshopDraft: workshopDraft(d)}
	_, misses := limesurvey.LSS(in)
	for _, m := range misses {
		p.Misses = append(p.Misses, m.String())
	}
	return s.render(w, r, http.StatusOK, p.View())
}

func (s *Server) downloadLimeSurvey(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	d, in, err := s.readable(r)
	if err != nil {
		return err
	}
	if chi.URLParam(r, "format") == "lss" {
		content, _ := limesurvey.LSS(in) // what is missed stands on the page before
		return sendFile(w, draftFile(d, d.Version)+".lss", "application/xml; charset=utf-8", content)
	}
	content, _ := limesurvey.TSV(in) // the same
	return sendFile(w, draftFile(d, d.Version)+".txt", "text/tab-separated-values; charset=utf-8", content)
}
