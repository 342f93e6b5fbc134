package server

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/web/static"
)

// downloadAnswers gives the respondent's own copy as a tagged PDF.
func (s *Server) downloadAnswers(w http.ResponseWriter, r *http.Request) error {
	q, err := s.sent(r)
	if err != nil {
		return err
	}
	p, err := s.answersPage(r, q)
	if err != nil {
		return err
	}
	p.PDFPath = "" // a printed page does not offer itself
	var html bytes.Buffer
	if err := p.View().Render(r.Context(), &html); err != nil {
		return err
	}
	pdf, err := s.Printer.PDF(r.Context(), printable(html.String()))
	if errors.Is(err, export.ErrNoPrinter) {
		return errs.Errorf(errs.NotFound, "Deze site kan geen PDF maken. Print de pagina met uw antwoorden vanuit uw browser.")
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `attachment; filename="antwoorden-`+q.Receipt+`.pdf"`)
	w.Header().Set("Content-Length", strconv.Itoa(len(pdf)))
	_, err = w.Write(pdf)
	return err
}

// printable is a page with the style sheets it asks for, as files beside it.
func printable(html string) map[string][]byte {
	files := map[string][]byte{"index.html": []byte(strings.ReplaceAll(html, `="`+static.Prefix, `="static/`))}
	for _, path := range static.Paths() {
		content, _, _ := static.File(path)
		files[strings.TrimPrefix(path, "/")] = content
	}
	return files
}
