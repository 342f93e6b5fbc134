package server

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/chart"
	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/internal/worker"
	"github.com/uitvraag/uitvraag/web/page"
)

// stopped says why nothing goes out at all, or "".
func (s *Server) stopped(ctx context.Context, st study.Study) (string, error) {
	since, reason, err := s.store.SendingLocked(ctx)
	switch {
	case err != nil:
		return "", err
	case !since.IsZero():
		return "Alle verzending is stopgezet: " + cmp.Or(reason, "er staat niet bij waarom."), nil
	case !st.Stopped.IsZero():
		return "Het versturen van dit onderzoek is stopgezet: " + cmp.Or(st.StopReason, "er staat niet bij waarom."), nil
	}
	return "", nil
}

// stepTitle is what a step is called in the plan of a study.
func stepTitle(st study.Study, id string) string {
	if step, ok := st.Field().Plan.Step(id); ok {
		return step.Title
	}
	return cmp.Or(id, "Buiten het contactplan")
}

// showLetters says which letters wait, and lists the batches.
func (s *Server) showLetters(w http.ResponseWriter, r *http.Request, a account.Account) error {
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	heaps, err := s.store.Heaps(r.Context(), st.ID)
	if err != nil {
		return err
	}
	batches, err := s.store.Batches(r.Context(), st.ID)
	if err != nil {
		return err
	}
	p := page.Brieven{Staff: s.staffFrame(a, st, "plan"), May: a.Role.May(account.Fieldwork), Max: store.BatchMax}
	if p.Stopped, err = s.stopped(r.Context(), st); err != nil {
		return err
	}
	for _, h := range heaps {
		p.Heaps = append(p.Heaps, page.LetterHeap{Step: h.Step, Template: h.Template, Title: stepTitle(st, h.Step), N: h.N, Since: h.Since})
	}
	for _, b := range batches {
		p.Batches = append(p.Batches, letterBatch(st, b))
	}
	return s.render(w, r, http.StatusOK, p.View())
}

func letterBatch(st study.Study, b store.Batch) page.LetterBatch {
	return page.LetterBatch{ID: b.ID, Title: stepTitle(st, b.Step), Made: b.Made, Sent: b.Sent, Dropped: b.Dropped, Files: b.Files, N: b.Waiting + b.Posted, Out: b.Out}
}

func lettersPath(st study.Study, id int64) string {
	path := "/beheer/" + st.Slug + page.LettersPath
	if id != 0 {
		path += "/" + strconv.FormatInt(id, 10)
	}
	return path
}

// makeBatch puts letters that wait in a batch.
func (s *Server) makeBatch(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	st, err := s.store.Study(r.Context(), chi.URLParam(r, "study"))
	if err != nil {
		return err
	}
	id, err := s.store.AddBatch(r.Context(), st.ID, r.PostForm.Get("stap"), r.PostForm.Get("tekst"), staffActor(a), s.Now())
	if err != nil {
		return err
	}
	return redirect(w, r, lettersPath(st, id)) // 0 after a second press: the list has the batch
}

// A pile is a batch with its letters, as a request names it.
type pile struct {
	study   study.Study
	batch   store.Batch
	letters []store.Letter
}

func (s *Server) pile(r *http.Request) (pile, error) {
	var p pile
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		return p, errs.Errorf(errs.NotFound, "Deze stapel brieven is er niet.")
	}
	if p.study, err = s.store.Study(r.Context(), chi.URLParam(r, "study")); err != nil {
		return p, err
	}
	p.batch, p.letters, err = s.store.Batch(r.Context(), p.study.ID, id)
	return p, err
}

// withhold says whether a letter may still be printed at now.
func (p pile) withhold(now time.Time) store.Withhold {
	field := p.study.Field()
	return func(u contactplan.Unit, t contactplan.Touch) string { return field.Withhold(u, t, now) }
}

// posted says whether a letter may count as posted: it is on its way, so that
// what the plan says about waiting does not hold any more.
func (p pile) posted(at time.Time) store.Withhold {
	field := p.study.Field()
	field.Hurried = true
	return func(u contactplan.Unit, t contactplan.Touch) string { return field.Withhold(u, t, at) }
}

// going are the ids of the letters that may go at now.
func (p pile) going(now time.Time) []int64 {
	var ids []int64
	may := p.withhold(now)
	for _, l := range p.letters {
		if l.State == store.Waiting && may(l.Unit, l.Touch) == "" {
			ids = append(ids, l.ID)
		}
	}
	return ids
}

// showBatch shows a batch of letters.
func (s *Server) showBatch(w http.ResponseWriter, r *http.Request, a account.Account) error {
	p, err := s.pile(r)
	if err != nil {
		return err
	}
	return s.renderBatch(w, r, a, p, http.StatusOK, func(*page.Stapel) {})
}

func (s *Server) renderBatch(w http.ResponseWriter, r *http.Request, a account.Account, p pile, status int, change func(*page.Stapel)) error {
	now := s.Now()
	view := page.Stapel{Staff: s.staffFrame(a, p.study, "plan"), LetterBatch: letterBatch(p.study, p.batch), By: p.batch.By, Filed: p.batch.Filed, FiledBy: p.batch.FiledBy,
		May: a.Role.May(account.Fieldwork), NoPDF: !s.Printer.Ready(), Day: contactplan.DayOf(now).String(), Right: r.PostForm.Get("venster") == "rechts"}
	var err error
	if view.Stopped, err = s.stopped(r.Context(), p.study); err != nil {
		return err
	}
	may := p.withhold(now)
	for _, l := range p.letters {
		row := page.StapelLetter{Unit: unitLink(view.Base, l.Audience, l.UnitCode, l.UnitName), Posted: l.State != store.Waiting && l.State != store.Withdrawn}
		if a.Role.May(account.SeeContacts) {
			row.Name, row.Address = l.Name, strings.Join(strings.Fields(l.Address), " ")
		}
		switch l.State {
		case store.Withdrawn:
			row.Why = l.Reply
		case store.Waiting:
			if row.Why = may(l.Unit, l.Touch); row.Why == "" {
				view.Waiting++
			}
		}
		view.Letters = append(view.Letters, row)
	}
	change(&view)
	return s.render(w, r, status, view.View())
}

// fileBatch makes the file of a batch: the letters as a PDF, or their content for
// a mail house. Every file brings links and codes of its own.
func (s *Server) fileBatch(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	p, err := s.pile(r)
	if err != nil {
		return err
	}
	if p.batch.Files > 0 && r.PostForm.Get("bevestigd") != "ja" {
		return s.renderBatch(w, r, a, p, http.StatusOK, func(v *page.Stapel) { v.Again = true })
	}
	seen, err := strconv.Atoi(r.PostForm.Get("gezien"))
	if err != nil {
		seen = p.batch.Files
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(3 * time.Minute)) // a recorder in a test has none
	var f file
	for range 3 { // somebody may answer while it is printed
		if f, err = s.letterFile(r, p); err != nil {
			return err
		}
		err = s.store.FileLetters(r.Context(), store.LetterFile{Study: p.study.ID, Batch: p.batch.ID, Letters: f.printed, Withhold: p.withhold(s.Now()), Seen: seen, By: staffActor(a), Now: s.Now()})
		if !errors.Is(err, store.ErrStale) {
			break
		}
		if p, err = s.pile(r); err != nil {
			return err
		}
		err = store.ErrStale
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", f.kind)
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s"`, f.name))
	w.Header().Set("Content-Length", strconv.Itoa(len(f.content)))
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(f.content) // the reader has gone; nobody is left to tell
	return nil
}

// A file is letters that are ready, and what is kept of them.
type file struct {
	name, kind string
	content    []byte
	printed    []store.Printed
}

// letterFile writes the letters of a batch that may go.
func (s *Server) letterFile(r *http.Request, p pile) (file, error) {
	texts, err := s.store.LetterTexts(r.Context(), p.going(s.Now()))
	if err != nil {
		return file{}, err
	}
	if len(texts) == 0 {
		return file{}, errs.Errorf(errs.Conflict, "Er zit geen brief meer in deze stapel die nog weg mag.")
	}
	f := file{name: fmt.Sprintf("brieven-%s-stapel-%d", p.study.Slug, p.batch.ID)}
	var letters []letter
	for _, m := range texts {
		l, err := s.letter(r.Context(), m, worker.NewKeys(m))
		if err != nil {
			return f, err
		}
		letters = append(letters, l)
		f.printed = append(f.printed, l.printed)
	}
	if r.PostForm.Get("actie") == "csv" {
		f.name, f.kind = f.name+".csv", "text/csv; charset=utf-8"
		var b bytes.Buffer
		err := lettersCSV(&b, letters)
		f.content = b.Bytes()
		return f, err
	}
	f.name, f.kind = f.name+".pdf", "application/pdf"
	f.content, err = s.printLetters(r.Context(), p.study.Title, letters, r.PostForm.Get("venster") == "rechts")
	return f, err
}

// A letter is one letter as it is printed.
type letter struct {
	code    string // of the unit
	unit    string
	contact store.Contact
	fields  contactplan.Fields
	message contactplan.Message
	address []string
	printed store.Printed
}

// letter writes one letter.
func (s *Server) letter(ctx context.Context, m store.Outgoing, k worker.Keys) (letter, error) {
	l := letter{code: m.UnitCode, unit: cmp.Or(m.UnitName, m.UnitCode), contact: m.Contact}
	f, err := s.form(ctx, m.Study.ID, m.Unit.Audience)
	if err != nil {
		return l, err
	}
	t, ok := m.Text(contactplan.Letter)
	if !ok {
		return l, errs.Errorf(errs.Invalid, "Van de tekst ‘%s’ is er geen brief.", m.Template)
	}
	l.fields = worker.Fields(m, f, k, s.BaseURL, "", s.Now())
	var problems []contactplan.Problem
	if l.message, problems = contactplan.Render(t, l.fields); len(problems) > 0 {
		return l, errs.Errorf(errs.Invalid, "De tekst ‘%s’ klopt niet voor %s: %s", m.Template, l.unit, problems[0])
	}
	kept, problems := contactplan.Render(t, l.fields.Redacted())
	if len(problems) > 0 {
		return l, errs.Errorf(errs.Invalid, "De tekst ‘%s’ klopt niet voor %s: %s", m.Template, l.unit, problems[0])
	}
	l.address = contactplan.Envelope(l.unit, m.Contact.Salutation, m.Contact.Name, l.fields.Attend, m.Contact.Address)
	l.printed = store.Printed{ID: m.ID, Tokens: k.Secrets(), Address: m.Contact.Address, Name: m.Contact.Name, Subject: kept.Subject, Text: kept.Text}
	return l, nil
}

// sheet is the letter as a page.
func (l letter) sheet() (page.LetterSheet, error) {
	qr, err := chart.QR(l.fields.Link.URL)
	return page.LetterSheet{Address: l.address, Bureau: cmp.Or(l.fields.Bureau, l.fields.Sender, "Het onderzoeksteam"), Phone: l.fields.Phone, Email: l.fields.Email, Date: l.fields.Date,
		Subject: l.message.Subject, Blocks: l.message.Blocks, Code: l.fields.Link.Code, QR: qr}, err
}

// printLetters prints letters, one per sheet. Where a text needs more than a
// sheet it is set smaller, and refused where that does not help.
func (s *Server) printLetters(ctx context.Context, title string, letters []letter, right bool) ([]byte, error) {
	p := page.Letters{Title: "Brieven: " + title, Right: right}
	for _, l := range letters {
		sheet, err := l.sheet()
		if err != nil {
			return nil, err
		}
		p.Letters = append(p.Letters, sheet)
	}
	for _, p.Tight = range []bool{false, true} {
		var html bytes.Buffer
		if err := p.View().Render(ctx, &html); err != nil {
			return nil, err
		}
		pdf, err := s.Printer.PDF(ctx, printable(html.String()))
		if errors.Is(err, export.ErrNoPrinter) {
			return nil, errs.Errorf(errs.NotFound, "Deze site kan geen PDF maken. Maak het bestand voor een drukker.")
		}
		if err != nil {
			return nil, err
		}
		if export.Pages(pdf) == len(letters) {
			return pdf, nil
		}
	}
	return nil, errs.Errorf(errs.Invalid, "De tekst van een brief is te lang voor één blad. Maak de teksten van het onderzoek korter.")
}

// lettersCSV writes letters for a mail house: semicolons and a byte order mark,
// as Dutch spreadsheets read it, a row per letter.
func lettersCSV(w io.Writer, letters []letter) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	if err := out.Write([]string{"eenheid", "organisatie", "naam", "adresregel1", "adresregel2", "adresregel3", "adresregel4", "adresregel5", "adresregel6", "aanhef", "code", "link", "kort_adres",
		"onderwerp", "datum", "meedoen_kan", "brieftekst", "afzender", "functie", "bureau", "telefoon", "email"}); err != nil {
		return err
	}
	for _, l := range letters {
		address := append(l.address, make([]string, max(0, 6-len(l.address)))...)
		row := []string{l.code, l.unit, l.contact.Name}
		row = append(row, address[:6]...)
		row = append(row, l.fields.Salute, l.fields.Link.Code, l.fields.Link.URL, l.fields.ShortURL, l.message.Subject, l.fields.Date, l.fields.Deadline, l.message.Text,
			l.fields.Sender, l.fields.Role, l.fields.Bureau, l.fields.Phone, l.fields.Email)
		for i := range row {
			row[i] = export.Guard(row[i])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// postBatch records that a batch was posted.
func (s *Server) postBatch(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	p, err := s.pile(r)
	if err != nil {
		return err
	}
	now := s.Now()
	typed := strings.TrimSpace(r.PostForm.Get("datum"))
	at, problem := postedAt(typed, p.batch.Made, now)
	if problem != "" {
		return s.renderBatch(w, r, a, p, http.StatusUnprocessableEntity, func(v *page.Stapel) { v.Day, v.Problem = typed, problem })
	}
	if !p.batch.Sent.IsZero() && contactplan.DayOf(p.batch.Sent) == contactplan.DayOf(at) { // a second press
		return redirect(w, r, lettersPath(p.study, p.batch.ID))
	}
	err = s.store.PostLetters(r.Context(), store.Posting{Study: p.study.ID, Batch: p.batch.ID, At: at, Withhold: p.posted(at), By: staffActor(a), Now: now})
	if err != nil {
		return err
	}
	return redirect(w, r, lettersPath(p.study, p.batch.ID))
}

// postedAt is the moment at which letters count as posted: noon of the day, but
// not before they were made or after now. A problem says what is wrong with the
// day.
func postedAt(typed string, made, now time.Time) (at time.Time, problem string) {
	day, err := contactplan.ParseDay(typed)
	if t, wrong := time.Parse("2-1-2006", typed); err != nil && wrong == nil {
		day, err = contactplan.Date(t.Date()), nil
	}
	switch {
	case err != nil:
		return at, "Vul een dag in, zoals 24-11-2026."
	case day > contactplan.DayOf(now):
		return at, "Deze dag is nog niet geweest."
	case day < contactplan.DayOf(made):
		return at, "Toen waren de brieven er nog niet. De stapel is van " + contactplan.DayOf(made).Long() + "."
	}
	at = day.At(12 * 60)
	if at.Before(made) {
		at = made
	}
	if at.After(now) {
		at = now
	}
	return at, ""
}

// dropBatch gives up a batch, after a second press.
func (s *Server) dropBatch(w http.ResponseWriter, r *http.Request, a account.Account) error {
	if err := parse(r); err != nil {
		return err
	}
	p, err := s.pile(r)
	if err != nil {
		return err
	}
	if r.PostForm.Get("actie") != "bevestig" {
		return s.renderBatch(w, r, a, p, http.StatusOK, func(v *page.Stapel) { v.Drop = true })
	}
	if err := s.store.DropBatch(r.Context(), p.study.ID, p.batch.ID, staffActor(a), s.Now()); err != nil {
		return err
	}
	return redirect(w, r, lettersPath(p.study, 0))
}
