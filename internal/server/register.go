package server

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/sample"
	"github.com/uitvraag/uitvraag/internal/sheet"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
	"github.com/uitvraag/uitvraag/web/ui"
)

// registerPages binds the way in of a register file: choose, map, check.
func (s *Server) registerPages(r routes) {
	r.show("/beheer/{study}/register", s.staff(may(account.SeeSetup, s.showRegister)))
	r.post("/beheer/{study}/register/{audience}/bestand", s.staff(may(account.EditStudy, s.takeFile)))
	r.show("/beheer/{study}/register/{audience}/kolommen", s.staff(may(account.EditStudy, s.showColumns)))
	r.post("/beheer/{study}/register/{audience}/kolommen", s.staff(may(account.EditStudy, s.saveColumns)))
	r.show("/beheer/{study}/register/{audience}/controle", s.staff(may(account.EditStudy, s.showCheck)))
	r.post("/beheer/{study}/register/{audience}/controle", s.staff(may(account.EditStudy, s.readIn)))
	r.show("/beheer/{study}/register/{audience}/problemen.csv", s.staff(may(account.EditStudy, s.downloadProblems)))
	r.post("/beheer/{study}/register/{audience}/weg", s.staff(may(account.EditStudy, s.dropFile)))
}

// How much of a file is shown before somebody lets it in.
const (
	firstShown   = 5
	unitsShown   = 40
	changesShown = 50
)

// uploadPath is where a file of maxUpload may come in; elsewhere a request is
// small.
var uploadPath = regexp.MustCompile(`^/beheer/[^/]+/register/[^/]+/bestand$`)

const maxUpload = 21 << 20

func (s *Server) showRegister(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	return s.renderRegister(w, r, a, st, "", nil)
}

// renderRegister draws what there is, with what is wrong with a file for one
// audience.
func (s *Server) renderRegister(w http.ResponseWriter, r *http.Request, a account.Account, st study.Study, of string, problems []sheet.Problem) error {
	p := page.Register{Staff: s.staffFrame(a, st, "onderzoek"), MayAct: a.May(account.EditStudy)}
	audiences, err := s.store.Audiences(r.Context(), st.ID)
	if err != nil {
		return err
	}
	counts, err := s.store.RegisterCounts(r.Context(), st.ID)
	if err != nil {
		return err
	}
	areas, err := s.store.AreaCount(r.Context())
	if err != nil {
		return err
	}
	uploads, err := s.store.Uploads(r.Context(), st.ID)
	if err != nil {
		return err
	}
	swv := false
	for _, aud := range audiences {
		kind := sample.KindOf(aud.Name)
		swv = swv || kind == sample.SWV
		unitsPath := ""
		if counts[aud.Name].Units > 0 {
			unitsPath = p.Base + page.UnitsPath + "?doelgroep=" + aud.Name
		}
		p.Audiences = append(p.Audiences, page.RegisterAudience{Name: aud.Name, Title: audienceMany(aud.Name), Facts: registerFacts(counts[aud.Name]),
			Needs: registerNeeds(kind), UnitsPath: unitsPath})
	}
	if swv {
		p.Audiences = append(p.Audiences, page.RegisterAudience{Name: page.AreasName, Title: "Welk samenwerkingsverband werkt in welke gemeente", Facts: []string{ui.Count(areas, "combinatie", "combinaties") + " bekend"},
			Needs: "Een CSV- of Excel-bestand met op elke regel een samenwerkingsverband en een gemeente. De dekking (geheel of deel) mag erbij. Lees eerst de registers hierboven in."})
	}
	for i := range p.Audiences {
		aud := &p.Audiences[i]
		for _, u := range uploads {
			if uploadName(u.Audience) != aud.Name {
				continue
			}
			if aud.Waiting, aud.WaitingTo = u.Name, "kolommen"; u.Meanings != nil {
				aud.WaitingTo = "controle"
			}
		}
		if aud.Name == of {
			aud.Problems = problems
		}
		if r.URL.Query().Get("klaar") == aud.Name {
			p.Done = "Ingelezen: " + strings.ToLower(aud.Title) + "."
		}
	}
	status := http.StatusOK
	if len(problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return s.render(w, r, status, p.View())
}

func registerFacts(n store.RegisterCounts) []string {
	if n.Units == 0 {
		return []string{"nog geen eenheden"}
	}
	facts := []string{ui.Count(n.Units, "eenheid", "eenheden"), ui.Int(n.Mail) + " met e-mail", ui.Int(n.Post) + " met postadres", ui.Int(n.Phone) + " met telefoon"}
	if n.Nobody > 0 {
		facts = append(facts, ui.Int(n.Nobody)+" zonder adres of telefoon")
	}
	if n.Unlisted > 0 {
		facts = append(facts, ui.Int(n.Unlisted)+" niet in het laatste bestand")
	}
	return facts
}

func registerNeeds(kind sample.Kind) string {
	code := "een code per organisatie"
	switch kind {
	case sample.SWV:
		code = "de code van elk samenwerkingsverband"
	case sample.Gemeente:
		code = "de code van elke gemeente"
	}
	return "Een CSV- of Excel-bestand (.xlsx) met in elk geval " + code + ". Daarnaast naam, contactpersoon, e-mail, telefoon, adres en achtergrondkenmerken, zover u die heeft. Hooguit 20 MB."
}

func uploadName(audience string) string {
	if audience == store.AreasUpload {
		return page.AreasName
	}
	return audience
}

// A filing is a register file on its way in, as a request names it.
type filing struct {
	study    study.Study
	audience string // or store.AreasUpload
	title    string
}

func (s *Server) filing(r *http.Request) (filing, error) {
	var f filing
	var err error
	if f.study, err = s.store.Study(r.Context(), chi.URLParam(r, "study")); err != nil {
		return f, err
	}
	name := chi.URLParam(r, "audience")
	if name == page.AreasName {
		f.title = "Gebieden"
		return f, nil
	}
	aud, err := s.store.Audience(r.Context(), f.study.ID, name)
	f.audience, f.title = aud.Name, audienceMany(name)
	return f, err
}

func (f filing) areas() bool { return f.audience == store.AreasUpload }

func (f filing) name() string { return uploadName(f.audience) }

func (f filing) path(step string) string {
	return "/beheer/" + f.study.Slug + page.RegisterPath + "/" + f.name() + "/" + step
}

// guess is what the columns of a file seem to mean.
func (f filing) guess(t sheet.Table) []sample.Meaning {
	if f.areas() {
		return sample.GuessAreas(t.Columns)
	}
	return sample.Guess(sample.KindOf(f.audience), t.Columns)
}

func (f filing) meanings() []sample.MeaningChoice {
	if f.areas() {
		return sample.AreaMeanings()
	}
	return sample.Meanings(sample.KindOf(f.audience))
}

// takeFile keeps a file that can be read as a table; what cannot is told line by
// line.
func (s *Server) takeFile(w http.ResponseWriter, r *http.Request, a account.Account) error {
	f, err := s.filing(r)
	if err != nil {
		return err
	}
	name, data, err := postedFile(r)
	if err != nil {
		return err
	}
	if len(data) == 0 {
		return s.renderRegister(w, r, a, f.study, f.name(), []sheet.Problem{{Text: "Kies eerst een bestand. Een leeg bestand kunnen wij niet lezen."}})
	}
	if _, problems := sheet.Parse(data, sheet.Limits{}); len(problems) > 0 {
		return s.renderRegister(w, r, a, f.study, f.name(), problems)
	}
	err = s.store.AddUpload(r.Context(), store.Upload{Study: f.study.ID, Audience: f.audience, Name: name, Data: data, Made: s.Now(), Account: a.ID})
	if err != nil {
		return err
	}
	return redirect(w, r, f.path("kolommen"))
}

// postedFile reads the one file of a form into memory. Its name is only shown.
func postedFile(r *http.Request) (name string, data []byte, err error) {
	unreadable := func(err error) error {
		if _, big := errors.AsType[*http.MaxBytesError](err); big {
			return errs.Wrap(err, errs.Invalid, "Het bestand is te groot: er past hoogstens 20 MB in.")
		}
		return errs.Wrap(err, errs.Invalid, "Dit formulier kunnen wij niet lezen. Ga terug en kies het bestand opnieuw.")
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return "", nil, unreadable(err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return "", nil, nil
		}
		if err != nil {
			return "", nil, unreadable(err)
		}
		if part.FormName() != "bestand" {
			continue
		}
		if data, err = io.ReadAll(part); err != nil {
			return "", nil, unreadable(err)
		}
		return shownName(part.FileName()), data, nil
	}
}

// shownName makes the name of a file fit to show.
func shownName(name string) string {
	name = strings.Trim(sheet.Quote(name), "‘’")
	if name == "" {
		return "bestand zonder naam"
	}
	return name
}

// A draft is a file that was kept, as a table.
type registerDraft struct {
	filing
	store.Upload
	table sheet.Table
}

func (s *Server) draft(r *http.Request) (registerDraft, error) {
	var d registerDraft
	var err error
	if d.filing, err = s.filing(r); err != nil {
		return d, err
	}
	if d.Upload, err = s.store.Upload(r.Context(), d.study.ID, d.audience); err != nil {
		return d, err
	}
	table, problems := sheet.Parse(d.Data, sheet.Limits{})
	if len(problems) > 0 {
		return d, fmt.Errorf("a kept file cannot be read: %v", problems[0])
	}
	d.table = table
	if d.Meanings != nil && len(d.Meanings) != len(table.Columns) {
		d.Meanings = nil
	}
	return d, nil
}

// version names the file and what its columns mean: what somebody saw is what is
// read in.
func (d registerDraft) version() string {
	h := sha256.Sum256(fmt.Append(nil, d.Made.UnixNano(), d.Meanings))
	return hex.EncodeToString(h[:8])
}

func (s *Server) showColumns(w http.ResponseWriter, r *http.Request, a account.Account) error {
	d, err := s.draft(r)
	if err != nil {
		return s.withoutDraft(w, r, err)
	}
	if d.Meanings == nil {
		d.Meanings = d.guess(d.table)
	}
	return s.renderColumns(w, r, a, d, http.StatusOK)
}

// withoutDraft leads back to where files come in, when there is none.
func (s *Server) withoutDraft(w http.ResponseWriter, r *http.Request, err error) error {
	if errs.KindOf(err) == errs.NotFound && r.Method != http.MethodPost {
		if st, e := s.store.Study(r.Context(), chi.URLParam(r, "study")); e == nil {
			return redirect(w, r, "/beheer/"+st.Slug+page.RegisterPath)
		}
	}
	return err
}

func (s *Server) renderColumns(w http.ResponseWriter, r *http.Request, a account.Account, d registerDraft, status int) error {
	p := page.RegisterColumns{Staff: s.staffFrame(a, d.study, "onderzoek"), Name: d.filing.name(), Title: d.title, File: d.Name, ReadAs: d.table.ReadAs, Rows: len(d.table.Rows)}
	clashes := sample.Clashes(d.Meanings)
	for i, label := range d.table.Columns {
		c := page.RegisterColumn{Label: label, Options: []ui.SelectOption{{Value: "", Label: "Niet overnemen", Selected: d.Meanings[i] == sample.NoMeaning}}}
		for _, m := range d.filing.meanings() {
			c.Options = append(c.Options, ui.SelectOption{Value: string(m.Meaning), Label: m.Label, Selected: m.Meaning == d.Meanings[i]})
		}
		for _, row := range d.table.Rows {
			if v := strings.TrimSpace(row.Cells[i]); v != "" && len(c.Values) < 3 {
				c.Values = append(c.Values, strings.Trim(sheet.Quote(v), "‘’"))
			}
		}
		if first, ok := clashes[i]; ok {
			c.Problem = "Kolom " + sheet.Quote(d.table.Columns[first]) + " betekent dit al. Kies voor een van beide iets anders."
		}
		p.Columns = append(p.Columns, c)
	}
	if status != http.StatusOK && len(clashes) == 0 {
		p.Problem = "Wijs een kolom aan met de code van de organisatie."
	}
	return s.render(w, r, status, p.View())
}

// saveColumns keeps what the columns mean.
func (s *Server) saveColumns(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	d, err := s.draft(r)
	if err != nil {
		return err
	}
	known := map[sample.Meaning]bool{sample.NoMeaning: true}
	for _, m := range d.filing.meanings() {
		known[m.Meaning] = true
	}
	d.Meanings = make([]sample.Meaning, len(d.table.Columns))
	code := false
	for i := range d.Meanings {
		d.Meanings[i] = sample.Meaning(r.PostForm.Get("kolom-" + strconv.Itoa(i)))
		if !known[d.Meanings[i]] {
			return errs.Errorf(errs.Invalid, "Kies een betekenis uit de lijst.")
		}
		code = code || d.Meanings[i] == d.filing.meanings()[0].Meaning
	}
	if len(sample.Clashes(d.Meanings)) > 0 || !code && !d.areas() {
		return s.renderColumns(w, r, a, d, http.StatusUnprocessableEntity)
	}
	if err := s.store.SetMeanings(r.Context(), d.study.ID, d.audience, d.Meanings); err != nil {
		return err
	}
	return redirect(w, r, d.path("controle"))
}

// A reading is what a draft says.
type reading struct {
	register sample.Register
	areas    []sample.Area
	problems []sheet.Problem
	change   sample.Change
	moved    sample.AreaChange
	known    int // units that the study has now, or pairs of areas
}

// reading reads a draft, and tells what it would change; nothing is stored.
func (s *Server) reading(r *http.Request, d registerDraft) (reading, error) {
	var out reading
	if d.areas() {
		known, err := s.store.Organisations(r.Context())
		if err != nil {
			return out, err
		}
		if out.areas, out.problems = sample.ReadAreasAs(d.table, known, d.Meanings); len(out.problems) > 0 {
			return out, nil
		}
		before, err := s.store.Areas(r.Context())
		out.moved, out.known = sample.DiffAreas(before, out.areas), len(before)
		return out, err
	}
	out.register, out.problems = sample.ReadAs(sample.KindOf(d.audience), d.table, d.Meanings)
	if len(out.problems) > 0 {
		return out, nil
	}
	in := d.entry(out.register)
	in.Preview = true
	var err error
	if out.change, err = s.store.ImportRegister(r.Context(), in); err != nil {
		return out, err
	}
	counts, err := s.store.RegisterCounts(r.Context(), d.study.ID)
	out.known = counts[d.audience].Units
	return out, err
}

func (d registerDraft) entry(register sample.Register) store.Import {
	return store.Import{Study: d.study.ID, Audience: d.audience, Register: register}
}

func (s *Server) showCheck(w http.ResponseWriter, r *http.Request, a account.Account) error {
	d, err := s.draft(r)
	if err != nil {
		return s.withoutDraft(w, r, err)
	}
	if d.Meanings == nil {
		return redirect(w, r, d.path("kolommen"))
	}
	return s.renderCheck(w, r, a, d, nil)
}

func (s *Server) renderCheck(w http.ResponseWriter, r *http.Request, a account.Account, d registerDraft, message []ui.Message) error {
	read, err := s.reading(r, d)
	if err != nil {
		return err
	}
	p := page.RegisterCheck{Staff: s.staffFrame(a, d.study, "onderzoek"), Name: d.filing.name(), Title: d.title, File: d.Name, Version: d.version(), Areas: d.areas(),
		N: len(read.register.Units) + len(read.areas), Problems: read.problems, Warnings: append(read.register.Warnings, read.change.Warnings...),
		Known: read.known, Released: !d.study.Released.IsZero(), Reason: r.PostForm.Get("reden"), Message: message}
	for _, c := range read.register.Columns {
		p.Background = append(p.Background, c.Label)
	}
	for _, u := range read.register.Units[:min(firstShown, len(read.register.Units))] {
		p.First = append(p.First, page.RegisterUnit{Code: sample.Display(read.register.Kind, u.Organisation.Code), Name: u.Organisation.Name, Contact: u.Contact.Name, Reach: reach(u.Contact)})
	}
	for _, x := range read.areas[:min(firstShown, len(read.areas))] {
		p.First = append(p.First, page.RegisterUnit{Code: sample.Display(sample.SWV, x.SWV), Name: x.Gemeente, Contact: string(x.Extent)})
	}
	if p.Areas {
		fillMoved(&p, read.moved)
	} else {
		s.fillChange(&p, d, read.change)
	}
	status := http.StatusOK
	if len(read.problems) > 0 || len(message) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return s.render(w, r, status, p.View())
}

// fillChange says what a file brings beside what there is.
func (s *Server) fillChange(p *page.RegisterCheck, d registerDraft, change sample.Change) {
	p.NAdded, p.NChanged, p.NMissing = len(change.Added), len(change.Changed), len(change.Missing)
	link := func(u sample.Unit) page.Link {
		return unitLink(p.Base, d.audience, u.Organisation.Code, u.Organisation.Name)
	}
	for _, u := range change.Added[:min(unitsShown, p.NAdded)] {
		p.Added = append(p.Added, page.Link{Text: link(u).Text})
	}
	for _, u := range change.Missing[:min(unitsShown, p.NMissing)] {
		p.Missing = append(p.Missing, link(u))
	}
	for _, c := range change.Changed[:min(changesShown, p.NChanged)] {
		x := page.RegisterChange{Unit: link(c.Old)}
		for _, f := range c.Fields {
			x.Fields = append(x.Fields, page.FieldChange{Label: f.Label, Old: f.Old, New: f.New})
		}
		p.Changed = append(p.Changed, x)
	}
	if p.Released && p.Known > 0 && p.NAdded > 0 && s.Now().Before(d.study.Closes) {
		p.Starts = ui.Upper(ui.Count(p.NAdded, "nieuwe eenheid begint", "nieuwe eenheden beginnen")) + " met een eigen uitnodiging, op de eerste dag dat er mail uitgaat."
	}
}

// fillMoved says what a file of areas brings beside those that are known.
func fillMoved(p *page.RegisterCheck, c sample.AreaChange) {
	p.NAdded, p.NChanged, p.NMissing = len(c.Added), len(c.Changed), len(c.Missing)
	link := func(a sample.Area) page.Link {
		return page.Link{Text: sample.Display(sample.SWV, a.SWV) + " in " + sample.Display(sample.Gemeente, a.Gemeente)}
	}
	for _, a := range c.Added[:min(unitsShown, p.NAdded)] {
		p.Added = append(p.Added, link(a))
	}
	for _, a := range c.Missing[:min(unitsShown, p.NMissing)] {
		p.Missing = append(p.Missing, link(a))
	}
	for _, a := range c.Changed[:min(changesShown, p.NChanged)] {
		was := c.Was[[2]string{a.SWV, a.Gemeente}]
		p.Changed = append(p.Changed, page.RegisterChange{Unit: link(a), Fields: []page.FieldChange{{Label: "Dekking", Old: string(was), New: string(a.Extent)}}})
	}
}

// reach says how somebody can be reached.
func reach(c sample.Contact) string {
	var ways []string
	for _, way := range []struct{ value, name string }{{c.Email, c.Email}, {c.Phone, "telefoon"}, {c.Address, "post"}} {
		if way.value != "" {
			ways = append(ways, way.name)
		}
	}
	return strings.Join(ways, ", ")
}

// readIn reads a file in, all or nothing, as it was shown.
func (s *Server) readIn(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	d, err := s.draft(r)
	if err != nil {
		return err
	}
	if d.Meanings == nil || r.PostForm.Get("versie") != d.version() {
		return errs.Errorf(errs.Conflict, "Dit bestand is ondertussen door een ander vervangen. Er is niets ingelezen. Kijk opnieuw bij Register.")
	}
	if d.areas() {
		return s.readAreasIn(w, r, a, d)
	}
	register, problems := sample.ReadAs(sample.KindOf(d.audience), d.table, d.Meanings)
	if len(problems) > 0 {
		return s.renderCheck(w, r, a, d, nil)
	}
	in := d.entry(register)
	in.Reason, in.Addition = strings.Join(strings.Fields(r.PostForm.Get("reden")), " "), r.PostForm.Get("aanvulling") != ""
	in.By, in.Now = staffActor(a), s.Now()
	if len([]rune(in.Reason)) > 200 {
		return s.renderCheck(w, r, a, d, []ui.Message{{Field: "reden", Text: "Houd de reden korter dan 200 tekens."}})
	}
	_, err = s.store.ImportRegister(r.Context(), in)
	if errs.KindOf(err) == errs.Conflict && in.Reason == "" {
		return s.renderCheck(w, r, a, d, []ui.Message{{Field: "reden", Text: "Schrijf waarom u eenheden wijzigt na de vrijgave."}})
	}
	if err != nil {
		return err
	}
	return s.readDone(w, r, d)
}

func (s *Server) readAreasIn(w http.ResponseWriter, r *http.Request, a account.Account, d registerDraft) error {
	read, err := s.reading(r, d)
	if err != nil {
		return err
	}
	if len(read.problems) > 0 {
		return s.renderCheck(w, r, a, d, nil)
	}
	if err := s.store.ImportAreas(r.Context(), d.study.ID, read.areas, staffActor(a), s.Now()); err != nil {
		return err
	}
	return s.readDone(w, r, d)
}

// readDone forgets the file that was read in.
func (s *Server) readDone(w http.ResponseWriter, r *http.Request, d registerDraft) error {
	if err := s.store.DropUpload(r.Context(), d.study.ID, d.audience); err != nil {
		return err
	}
	return redirect(w, r, "/beheer/"+d.study.Slug+page.RegisterPath+"?klaar="+d.filing.name())
}

func (s *Server) dropFile(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	f, err := s.filing(r)
	if err != nil {
		return err
	}
	if err := s.store.DropUpload(r.Context(), f.study.ID, f.audience); err != nil {
		return err
	}
	return redirect(w, r, "/beheer/"+f.study.Slug+page.RegisterPath)
}

// downloadProblems gives what must be mended in a file as a file.
func (s *Server) downloadProblems(w http.ResponseWriter, r *http.Request, _ account.Account) error {
	d, err := s.draft(r)
	if err != nil {
		return err
	}
	if d.Meanings == nil {
		d.Meanings = d.guess(d.table)
	}
	read, err := s.reading(r, d)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="problemen-%s.csv"`, d.filing.name()))
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.Comma = ';'
	lines := [][]string{{"regel", "kolom", "probleem"}}
	for _, p := range read.problems {
		line := ""
		if p.Line > 0 {
			line = strconv.Itoa(p.Line)
		}
		lines = append(lines, []string{line, export.Guard(p.Column), export.Guard(p.Text)})
	}
	return out.WriteAll(lines)
}
