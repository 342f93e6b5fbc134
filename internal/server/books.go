package server

import (
	"encoding/json"
	"io"
	"slices"
	"sync"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/table"
)

// books keeps the books that were made last. A book is a function of the data, the
// questionnaire and the choices: it is found by the hash of all three, so that one
// that is out of date is never found. Books are not changed once made.
type books struct {
	mu   sync.Mutex
	kept []keptBook // the one used last at the end
}

type keptBook struct {
	key  string
	book *table.Book
}

// keepBooks is how many books are kept: a book takes about a megabyte.
const keepBooks = 24

// make returns the book of the data, made now or before.
func (k *books) make(spec table.Spec, in *instrument.Instrument, d *dataset.Dataset) (*table.Book, error) {
	m, err := d.Write(io.Discard, "")
	if err != nil {
		return nil, err
	}
	key, err := json.Marshal([]any{d.Study, d.Title, in.Name, in.Edition, m.SHA256, m.Filters, spec})
	if err != nil {
		return nil, err
	}
	if b := k.find(string(key)); b != nil {
		fresh := *b
		fresh.Generated = d.Taken
		return &fresh, nil
	}
	b, err := table.NewBook(spec, in, d)
	if err == nil {
		k.keep(string(key), b)
	}
	return b, err
}

func (k *books) find(key string) *table.Book {
	k.mu.Lock()
	defer k.mu.Unlock()
	i := slices.IndexFunc(k.kept, func(x keptBook) bool { return x.key == key })
	if i < 0 {
		return nil
	}
	x := k.kept[i]
	k.kept = append(slices.Delete(k.kept, i, i+1), x)
	return x.book
}

func (k *books) keep(key string, b *table.Book) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kept = append(k.kept, keptBook{key, b})
	if len(k.kept) > keepBooks {
		k.kept = slices.Delete(k.kept, 0, 1)
	}
}
