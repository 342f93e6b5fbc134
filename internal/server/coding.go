package server

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/coding"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
	"github.com/uitvraag/uitvraag/web/ui"
)

// codingPages binds where open answers are read and coded.
func (s *Server) codingPages(r routes) {
	const at = "/beheer/{study}" + page.CodingPath
	const text = at + "/{audience}/{variable}"
	r.show(at, s.staff(may(account.SeeCoding, s.showCodingHome)))
	r.show(text, s.staff(may(account.SeeCoding, s.ofText(s.showCoding))))
	r.show(text+page.RoomPath, s.staff(may(account.CodeAnswers, s.ofText(s.showRoom))))
	r.post(text+page.RoomPath, s.staff(may(account.CodeAnswers, s.ofText(s.saveCodes))))
	r.show(text+page.FramePath, s.staff(may(account.DecideCodes, s.ofText(s.showFrame))))
	r.show(text+page.FramePath+".yaml", s.staff(may(account.DecideCodes, s.ofText(s.downloadFrame))))
	r.post(text+page.FramePath, s.staff(may(account.DecideCodes, s.ofText(s.saveFrame))))
	r.show(text+page.DecidePath, s.staff(may(account.DecideCodes, s.ofText(s.showDifferences))))
	r.post(text+page.DecidePath, s.staff(may(account.DecideCodes, s.ofText(s.decideCodes))))
}

// codable are the texts of an instrument that can be coded: not those of a group
// that is repeated, which are good examples.
func codable(in *instrument.Instrument) []instrument.Variable {
	var out []instrument.Variable
	for s := range in.Sections {
		for i := range in.Sections[s].Questions {
			q := &in.Sections[s].Questions[i]
			if q.Unprinted || q.Kind == instrument.Repeated {
				continue
			}
			for _, v := range q.Variables() {
				if v.Type == instrument.TextType {
					out = append(out, v)
				}
			}
		}
	}
	return out
}

// textTitle is what a text is called by itself.
func textTitle(in *instrument.Instrument, v instrument.Variable) string {
	q := in.Question(v.Question)
	title := strings.TrimSuffix(v.Label, " (tekst)")
	if q != nil && q.Kind == instrument.Open && q.Explains != "" {
		if about := in.Question(q.Explains); about != nil {
			return about.Text + " " + title
		}
	}
	return title
}

// A codingText is the text that a path names.
type codingText struct {
	study study.Study
	in    *instrument.Instrument
	key   store.CodingKey
	v     instrument.Variable
	title string
	path  string
	work  *coding.Work
	begun bool // there is a frame
}

func (s *Server) codingText(r *http.Request) (codingText, error) {
	var t codingText
	var err error
	if t.study, err = s.store.Study(r.Context(), chi.URLParam(r, "study")); err != nil {
		return t, err
	}
	f, err := s.form(r.Context(), t.study.ID, chi.URLParam(r, "audience"))
	if err != nil {
		return t, err
	}
	t.in = f.In
	list := codable(f.In)
	i := slices.IndexFunc(list, func(v instrument.Variable) bool { return v.Name == chi.URLParam(r, "variable") })
	if i < 0 {
		return t, errs.Errorf(errs.NotFound, "Deze vraag heeft geen open antwoorden.")
	}
	t.v, t.title = list[i], textTitle(f.In, list[i])
	t.key = store.CodingKey{Study: t.study.ID, Audience: f.In.Name, Variable: t.v.Name}
	t.path = "/beheer/" + t.study.Slug + page.CodingPath + "/" + f.In.Name + "/" + t.v.Name
	t.work, t.begun, err = s.store.Coding(r.Context(), t.key)
	return t, err
}

// ofText lets a page of one text begin with that text, and with what was posted.
func (s *Server) ofText(h func(http.ResponseWriter, *http.Request, account.Account, codingText) error) staffHandler {
	return func(w http.ResponseWriter, r *http.Request, a account.Account) error {
		if r.Method == http.MethodPost {
			if err := parse(r); err != nil {
				return err
			}
		}
		t, err := s.codingText(r)
		if err != nil {
			return err
		}
		return h(w, r, a, t)
	}
}

func codingCounts(w *coding.Work) page.CodingCounts {
	p := w.Progress()
	return page.CodingCounts{Answers: p.Answers, Final: p.Final, Double: p.Double, Both: p.Both, ToDecide: len(w.ToDecide())}
}

// measure writes kappa or alpha; "–" where there is none.
func measure(x float64) string {
	if math.IsNaN(x) {
		return "–"
	}
	return ui.Decimal(x, 2)
}

func (s *Server) showCodingHome(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	audiences, err := s.store.Audiences(r.Context(), st.ID)
	if err != nil {
		return err
	}
	p := page.CodingHome{Staff: s.staffFrame(a, st, "coderen"), MayExamples: a.May(account.Examples)}
	for _, x := range audiences {
		f, err := s.form(r.Context(), st.ID, x.Name)
		if err != nil {
			return err
		}
		g := page.CodingGroup{Title: audienceMany(x.Name)}
		for _, v := range codable(f.In) {
			work, begun, err := s.store.Coding(r.Context(), store.CodingKey{Study: st.ID, Audience: x.Name, Variable: v.Name})
			if err != nil {
				return err
			}
			row := page.CodingRow{Path: p.Base + page.CodingPath + "/" + x.Name + "/" + v.Name, ID: v.Name, Question: textTitle(f.In, v), Version: work.Frame.Version, CodingCounts: codingCounts(work), Alpha: "–"}
			if agreement := work.Agreement(); agreement.Reason == "" {
				row.Alpha = measure(agreement.Whole.Alpha.Effect.Value)
			}
			if begun || row.Answers > 0 {
				g.Rows = append(g.Rows, row)
			}
		}
		p.Groups = append(p.Groups, g)
	}
	return s.render(w, r, http.StatusOK, p.View())
}

func (s *Server) showCoding(w http.ResponseWriter, r *http.Request, a account.Account, t codingText) error {
	p, err := s.codingPage(r, a, t)
	if err != nil {
		return err
	}
	p.Saved = r.URL.Query().Get("gedaan") == "1"
	return s.render(w, r, http.StatusOK, p.View())
}

func (s *Server) codingPage(r *http.Request, a account.Account, t codingText) (page.CodingQuestion, error) {
	p := page.CodingQuestion{Staff: s.staffFrame(a, t.study, "coderen"), Path: t.path, Question: t.title, MayCode: a.May(account.CodeAnswers), MayDecide: a.May(account.DecideCodes),
		Version: t.work.Frame.Version, CodingCounts: codingCounts(t.work), Note: t.work.Frame.Note, Codes: codeLines(t.work)}
	_, p.Builtin = coding.Builtin(t.v.Name)
	p.Mine, p.Waiting = t.work.Done(a.ID)
	if a.May(account.SeeTables) && t.in.Question(t.v.Name) != nil {
		p.Book = p.Base + page.BookPath + "/" + t.in.Name + "?splits=" + splitOf(t.in.Name) + "#" + t.in.Question(t.v.Name).Table
	}
	agreement := t.work.Agreement()
	p.Reason, p.Same, p.Pairs = agreement.Reason, agreement.Same, agreement.Answers
	if agreement.Reason == "" {
		p.Agreement = append(p.Agreement, agreementLine("Alle codes samen", agreement.Whole))
		for _, c := range agreement.Codes {
			if c.Given > 0 {
				p.Agreement = append(p.Agreement, agreementLine(c.Code+" "+t.work.Frame.Code(c.Code).Label, c))
			}
		}
	}
	versions, err := s.store.FrameVersions(r.Context(), t.key)
	for _, v := range versions {
		p.History = append(p.History, page.FrameLine{Version: v.Frame.Version, At: v.At, What: v.Edit.Sentence(&v.Frame), Why: v.Edit.Why})
	}
	return p, err
}

// splitOf is the background by which the codes of an audience are split in the
// report: po and vo (standards O6).
func splitOf(audience string) string {
	if audience == "swv" {
		return "type"
	}
	return ""
}

func agreementLine(what string, a coding.Agreed) page.AgreementLine {
	line := page.AgreementLine{What: what, Given: a.Given, Kappa: measure(a.Kappa.Effect.Value), Alpha: measure(a.Alpha.Effect.Value), Verdict: ui.Upper(string(a.Verdict)),
		Shape: map[coding.Verdict]string{coding.IsReliable: "done", coding.IsTentative: "busy", coding.CodeAgain: "warn"}[a.Verdict]}
	if a.Verdict == coding.NoVerdict {
		line.Why = strings.Join(a.Alpha.Warnings, " ")
	}
	return line
}

// codeLines are the codes of a frame, with how often they are counted.
func codeLines(w *coding.Work) []page.CodeLine {
	n := map[string]int{}
	for _, a := range w.Answers {
		final, _ := w.Final(a.ID)
		for _, c := range final.Codes {
			n[c]++
		}
	}
	var out []page.CodeLine
	for _, c := range w.Frame.Codes {
		line := page.CodeLine{ID: c.ID, Label: c.Label, Definition: c.Definition, Example: c.Example, Counter: c.Counter, N: n[c.ID]}
		if c.Gone() {
			var to []string
			for _, id := range c.Into {
				to = append(to, id+" "+w.Frame.Code(id).Label)
			}
			line.Became = "Ging op in " + to[0] + "."
			if len(to) > 1 {
				line.Became = "Gesplitst in " + strings.Join(to, " en ") + "."
			}
		}
		out = append(out, line)
	}
	return out
}

// marks are the keys of codes in the reading room; n, t, v and g do something else.
const marks = "123456789abcdefhijklmopqrsuwxyz"

// roomCodes are the codes to choose from, with what is chosen and suggested.
func roomCodes(f *coding.Frame, chosen []string, suggested []coding.Suggestion) []page.RoomCode {
	var out []page.RoomCode
	for i, c := range f.Open() {
		code := page.RoomCode{ID: c.ID, Label: c.Label, Definition: c.Definition, Checked: slices.Contains(chosen, c.ID)}
		if i < len(marks) {
			code.Key = marks[i : i+1]
		}
		for _, x := range suggested {
			if x.Code == c.ID {
				code.Like = x.Like
			}
		}
		out = append(out, code)
	}
	return out
}

// showRoom shows the next answer for who looks, or one that was coded before.
func (s *Server) showRoom(w http.ResponseWriter, r *http.Request, a account.Account, t codingText) error {
	if !t.begun {
		return redirect(w, r, t.path)
	}
	return s.render(w, r, http.StatusOK, s.room(r, a, t).View())
}

func (s *Server) room(r *http.Request, a account.Account, t codingText) page.CodingRoom {
	p := page.CodingRoom{Staff: s.staffFrame(a, t.study, "coderen"), Path: t.path, Question: t.title, All: len(t.work.Answers), Single: t.work.Frame.Single, Note: t.work.Frame.Note}
	p.Mine, p.Waiting = t.work.Done(a.ID)
	id, _ := strconv.ParseInt(r.FormValue("antwoord"), 10, 64)
	x, place, ok := t.work.Answer(id)
	if _, mine := t.work.Of(id, a.ID); r.Method != http.MethodPost && !mine {
		ok = false // only one's own is opened again: the order of work is not for choosing
	}
	if !ok {
		if x, ok = t.work.Next(a.ID); ok {
			_, place, _ = t.work.Answer(x.ID)
		}
	}
	if before := lastOf(t.work, a.ID, x.ID, ok); before != 0 {
		p.Previous = t.path + page.RoomPath + "?antwoord=" + strconv.FormatInt(before, 10)
	}
	if !ok {
		return p
	}
	p.Answer, p.Text, p.Place, p.Double = strconv.FormatInt(x.ID, 10), x.Text, place, t.work.Wants(x.ID) > 1
	given, again := t.work.Of(x.ID, a.ID)
	p.Again, p.None, p.Doubt = again, given.None, given.Doubt
	p.Codes = roomCodes(&t.work.Frame, given.Codes, coding.NewIndex(t.work.Learned(a.ID, x.ID)).Suggest(x.Text))
	return p
}

// lastOf returns what a coder coded right before an answer; 0 for nothing.
func lastOf(w *coding.Work, coder, answer int64, open bool) int64 {
	current, coded := w.Of(answer, coder)
	var best coding.Assignment
	for _, a := range w.Answers {
		x, mine := w.Of(a.ID, coder)
		if !mine || open && a.ID == answer || open && coded && !x.At.Before(current.At) {
			continue
		}
		if x.At.After(best.At) {
			best = x
		}
	}
	return best.Answer
}

// saveCodes keeps what a coder chose, and goes on at once.
func (s *Server) saveCodes(w http.ResponseWriter, r *http.Request, a account.Account, t codingText) error {
	x := s.chosenAt(r)
	err := s.store.Assign(r.Context(), t.key, x, store.Actor{Kind: event.ByStaff, ID: a.ID})
	if errs.KindOf(err) == errs.Invalid {
		p := s.room(r, a, t)
		p.Problem, p.None, p.Doubt = errs.Public(err), x.None, x.Doubt
		for i := range p.Codes {
			p.Codes[i].Checked = slices.Contains(x.Codes, p.Codes[i].ID)
		}
		return s.render(w, r, http.StatusUnprocessableEntity, p.View())
	}
	if err != nil {
		return err
	}
	return redirect(w, r, t.path+page.RoomPath)
}

// chosenAt reads a choice of codes from a form.
func (s *Server) chosenAt(r *http.Request) coding.Assignment {
	id, _ := strconv.ParseInt(r.PostForm.Get("antwoord"), 10, 64)
	x := coding.Assignment{Answer: id, At: s.Now(), None: r.PostForm.Get("niet") != "", Doubt: r.PostForm.Get("twijfel") != ""}
	for _, c := range r.PostForm["code"] {
		if !slices.Contains(x.Codes, c) {
			x.Codes = append(x.Codes, c)
		}
	}
	return x
}

// showDifferences shows the next answer on which somebody has to decide.
func (s *Server) showDifferences(w http.ResponseWriter, r *http.Request, a account.Account, t codingText) error {
	return s.render(w, r, http.StatusOK, s.differences(a, t, 0).View())
}

func (s *Server) differences(a account.Account, t codingText, id int64) page.CodingDecide {
	p := page.CodingDecide{Staff: s.staffFrame(a, t.study, "coderen"), Path: t.path, Question: t.title, Single: t.work.Frame.Single}
	waiting := t.work.ToDecide()
	if p.Left = len(waiting); p.Left == 0 {
		return p
	}
	x := waiting[0]
	if i := slices.IndexFunc(waiting, func(x coding.Answer) bool { return x.ID == id }); i >= 0 {
		x = waiting[i]
	}
	p.Answer, p.Text, p.Codes = strconv.FormatInt(x.ID, 10), x.Text, roomCodes(&t.work.Frame, nil, nil)
	for i := range p.Codes {
		p.Codes[i].Key = "" // here no key chooses
	}
	for i, g := range t.work.Given(x.ID) {
		side := page.CodingSide{Title: "Codeur " + string(rune('A'+i%26)), Doubt: g.Doubt, Value: strconv.Itoa(i)}
		for _, c := range g.Codes {
			side.Labels = append(side.Labels, c+" "+t.work.Frame.Code(c).Label)
		}
		p.Sides = append(p.Sides, side)
	}
	return p
}

// decideCodes keeps a decision on an answer.
func (s *Server) decideCodes(w http.ResponseWriter, r *http.Request, a account.Account, t codingText) error {
	x := s.chosenAt(r)
	x.Decision, x.Doubt = true, false
	if given := t.work.Given(x.Answer); r.PostForm.Get("kies") != "zelf" {
		i, err := strconv.Atoi(r.PostForm.Get("kies"))
		if err != nil || i < 0 || i >= len(given) {
			return errs.Errorf(errs.Invalid, "Kies wat u overneemt, of kies zelf codes.")
		}
		x.Codes, x.None = given[i].Codes, given[i].None
	}
	err := s.store.Assign(r.Context(), t.key, x, store.Actor{Kind: event.ByStaff, ID: a.ID})
	if p := s.differences(a, t, x.Answer); errs.KindOf(err) == errs.Invalid && p.Answer != "" {
		p.Problem, p.None = errs.Public(err), x.None
		for i := range p.Codes {
			p.Codes[i].Checked = slices.Contains(x.Codes, p.Codes[i].ID)
		}
		return s.render(w, r, http.StatusUnprocessableEntity, p.View())
	}
	if err != nil {
		return err
	}
	return redirect(w, r, t.path+page.DecidePath)
}

func (s *Server) framePage(r *http.Request, a account.Account, t codingText) page.CodingFrame {
	p := page.CodingFrame{Staff: s.staffFrame(a, t.study, "coderen"), Path: t.path, Question: t.title, Version: t.work.Frame.Version, Note: t.work.Frame.Note, Codes: codeLines(t.work)}
	p.Others = []page.Choice{{Value: "", Label: "Kies"}}
	for i, c := range p.Codes {
		switch {
		case c.Became != "":
		case c.ID == r.FormValue("code"):
			p.Chosen = &p.Codes[i]
		default:
			p.Others = append(p.Others, page.Choice{Value: c.ID, Label: c.ID + " " + c.Label})
		}
	}
	return p
}

func (s *Server) showFrame(w http.ResponseWriter, r *http.Request, a account.Account, t codingText) error {
	if !t.begun {
		return redirect(w, r, t.path)
	}
	return s.render(w, r, http.StatusOK, s.framePage(r, a, t).View())
}

// downloadFrame gives a code frame as a file.
func (s *Server) downloadFrame(w http.ResponseWriter, r *http.Request, _ account.Account, t codingText) error {
	if !t.begun {
		return errs.Errorf(errs.NotFound, "Er is nog geen codeboek.")
	}
	out, err := coding.Format(t.work.Frame)
	if err != nil {
		return err
	}
	return sendFile(w, "codeboek-"+t.v.Name+".yaml", "application/yaml; charset=utf-8", out)
}

// saveFrame makes the first or the next version of a code frame.
func (s *Server) saveFrame(w http.ResponseWriter, r *http.Request, a account.Account, t codingText) error {
	by := store.Actor{Kind: event.ByStaff, ID: a.ID}
	action := r.PostForm.Get("actie")
	switch action {
	case "ingebouwd", "lijst", "bestand":
		return s.beginFrame(w, r, a, t)
	}
	version, _ := strconv.Atoi(r.PostForm.Get("versie"))
	problems, err := s.store.EditFrame(r.Context(), t.key, version, editOf(r.PostForm), by, s.Now())
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		p := s.framePage(r, a, t)
		p.Action, p.Problems, p.Typed = action, problems, map[string]string{}
		for name := range r.PostForm {
			p.Typed[name] = r.PostForm.Get(name)
		}
		return s.render(w, r, http.StatusUnprocessableEntity, p.View())
	}
	return redirect(w, r, t.path+"?gedaan=1")
}

// editOf reads a change from a form: the fields of each have the action before
// their names.
func editOf(f url.Values) coding.Edit {
	action := f.Get("actie")
	get := func(field string) string { return f.Get(action + "-" + field) }
	e := coding.Edit{Kind: coding.EditKind(action), ID: f.Get("code"), Into: get("naar"), Why: get("reden"), Note: get("aanwijzing"),
		Code: coding.Code{Label: get("label"), Definition: get("omschrijving"), Example: get("voorbeeld"), Counter: get("tegenvoorbeeld")}}
	for i := range 3 {
		if label := get(fmt.Sprint("label-", i)); strings.TrimSpace(label) != "" || i < 2 {
			e.Parts = append(e.Parts, coding.Code{Label: label})
		}
	}
	return e
}

// beginFrame makes the first version: of the product, of a list, or of a file.
func (s *Server) beginFrame(w http.ResponseWriter, r *http.Request, a account.Account, t codingText) error {
	frame, lines := coding.Frame{}, []string(nil)
	switch r.PostForm.Get("actie") {
	case "ingebouwd":
		frame, _ = coding.Builtin(t.v.Name)
	case "lijst":
		for i, label := range strings.FieldsFunc(r.PostForm.Get("lijst"), func(r rune) bool { return r == '\n' || r == '\r' }) {
			if label = strings.TrimSpace(label); label != "" {
				frame.Codes = append(frame.Codes, coding.Code{ID: fmt.Sprintf("%02d", min(i+1, 100)), Label: label})
			}
		}
		if len(frame.Codes) > 0 {
			frame.Codes = append(frame.Codes, coding.Code{ID: coding.RestID, Label: "Overig"})
		}
	case "bestand":
		list, problems := coding.Parse([]byte(r.PostForm.Get("bestand")))
		for _, x := range problems {
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("Regel %d: %s %s", x.Line, x.Text, x.Remedy)))
		}
		if i := slices.IndexFunc(list, func(f coding.Frame) bool { return f.Variable == t.v.Name }); i >= 0 {
			frame = list[i]
		} else if len(list) > 0 {
			frame = list[0]
		}
	}
	first, wrong := coding.Start(t.v.Name, frame)
	if len(wrong) > 0 || len(lines) > 0 {
		p, err := s.codingPage(r, a, t)
		if err != nil {
			return err
		}
		p.Pasted, p.Lines, p.Problem = r.PostForm.Get("bestand"), lines, "Dit codeboek kan zo niet worden gebruikt."
		for _, field := range sortedKeys(wrong) {
			p.Problem = wrong[field]
		}
		return s.render(w, r, http.StatusUnprocessableEntity, p.View())
	}
	if err := s.store.BeginFrame(r.Context(), t.key, first, store.Actor{Kind: event.ByStaff, ID: a.ID}, s.Now()); err != nil {
		return err
	}
	return redirect(w, r, t.path+"?gedaan=1")
}
