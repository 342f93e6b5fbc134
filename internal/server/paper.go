package server

import (
	"bytes"
	"errors"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/web/page"
)

// A paperRequest is tables about one audience of a study, that somebody asks for
// as a page or as a file: the book, the scales, the expectations.
type paperRequest struct {
	study    study.Study
	audience string
	all      []string // audiences that there is such a paper of
	path     string   // of such papers, below the base of a study
	tail     string   // what was chosen, as the end of an address
	file     string   // what the names of its files begin with
	paper    export.Paper
}

// asked is the audience of an address, "" for none, and what kind of file is asked
// for, "" for the page.
func asked(r *http.Request) (audience, ext string) {
	audience, ext, _ = strings.Cut(chi.URLParam(r, "audience"), ".")
	return audience, ext
}

// papers is the page of a paper, with its audiences and files.
func (s *Server) papers(a account.Account, p *paperRequest) page.Book {
	b := page.Book{Staff: s.staffFrame(a, p.study, "tabellen"), Doc: p.paper.Doc}
	b.Path = b.Base + p.path + "/" + p.audience
	for _, name := range p.all {
		b.Audiences = append(b.Audiences, page.Tab{Link: page.Link{Path: b.Base + p.path + "/" + name, Text: name}, Current: name == p.audience})
	}
	for _, f := range export.BookFormats {
		if !f.Printed() || s.Printer.Ready() {
			b.Downloads = append(b.Downloads, page.Link{Path: b.Path + f.Ext + p.tail, Text: f.Text})
		}
	}
	return b
}

// sendPaper gives a paper as the file that is asked for.
func (s *Server) sendPaper(w http.ResponseWriter, r *http.Request, p *paperRequest) error {
	_, ext := asked(r)
	f, ok := export.BookFormatOf(ext)
	if !ok {
		return errs.Errorf(errs.NotFound, "Dit soort bestand is er niet.")
	}
	var out bytes.Buffer
	err := f.Write(r.Context(), &out, p.paper, page.Press(s.Printer))
	if errors.Is(err, export.ErrNoPrinter) {
		return errs.Errorf(errs.NotFound, "Deze site kan geen PDF maken. Print de pagina vanuit uw browser.")
	}
	if err != nil {
		return err
	}
	return sendFile(w, p.file+"-"+p.study.Slug+"-"+p.audience+f.Ext, f.MIME, out.Bytes())
}

// sendFile gives a file to keep.
func sendFile(w http.ResponseWriter, name, kind string, content []byte) error {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, err := w.Write(content)
	return err
}
