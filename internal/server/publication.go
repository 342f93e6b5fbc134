package server

import (
	"github.com/uitvraag/uitvraag/internal/disclosure"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/table"
	"github.com/uitvraag/uitvraag/web/page"
)

// public reports whether a book is asked for that can go out.
func (b *bookRequest) public() bool { return b.query.Get("publiek") == "ja" }

// publish makes the book fit for publication. What cannot be published beside the
// rest is a problem, and then the book of all units is shown: never one that tells
// more.
func (s *Server) publish(b *bookRequest, in *instrument.Instrument) error {
	book, err := s.publication(b, in, b.book)
	if errs.KindOf(err) == errs.Invalid {
		b.problem = errs.Public(err)
		if book, err = s.books.make(table.Spec{}, in, b.data); err == nil {
			book, err = disclosure.Publish(book, in, b.study.Settings.Disclosure)
		}
	}
	if err != nil {
		return err
	}
	b.book, b.paper = book, export.BookPaper(book)
	return nil
}

func (s *Server) publication(b *bookRequest, in *instrument.Instrument, of *table.Book) (*table.Book, error) {
	limits := b.study.Settings.Disclosure
	if b.query.Get(besideField) != "" {
		return nil, errs.Errorf(errs.Invalid, "Publiceer de tabellen zonder een ander boek ernaast.")
	}
	if by := of.Spec.By; by != "" {
		if err := disclosure.MayPublish(b.data, by, limits); err != nil {
			return nil, err
		}
	}
	return disclosure.Publish(of, in, limits)
}

// publicChoice switches between the book for the office and the one to publish.
func (b *bookRequest) publicChoice() page.BookChoice {
	return page.BookChoice{Name: "publiek", Label: "Geschikt voor publicatie", Options: []page.Choice{
		{Value: "", Label: "Nee, alle getallen", Selected: !b.public()}, {Value: "ja", Label: "Ja, zonder herleidbare getallen", Selected: b.public()}}}
}

// fileName begins the name of a file: one that may go out is told from one that
// may not.
func (b *bookRequest) fileName() string {
	if b.public() {
		return "tabellen-publicatie"
	}
	return "tabellen"
}
