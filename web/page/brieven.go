package page

import (
	"fmt"
	"time"

	"github.com/uitvraag/uitvraag/web/ui"
)

// A Brieven page says which letters wait, and lists the batches.
type Brieven struct {
	Staff
	Heaps   []LetterHeap
	Batches []LetterBatch
	May     bool // make batches
	Max     int  // letters in one batch
	Stopped string
}

// A LetterHeap is letters of one step that wait.
type LetterHeap struct {
	Step     string // id, posted as stap
	Template string // posted as tekst
	Title    string
	N        int
	Since    time.Time
}

// A LetterBatch is one line of the batches.
type LetterBatch struct {
	ID      int64
	Title   string
	Made    time.Time
	Sent    time.Time
	Dropped time.Time
	Files   int
	N       int
	Out     int
}

// state says how a batch stands, with the shape of its tag.
func (b LetterBatch) state() (shape, text string) {
	switch {
	case !b.Dropped.IsZero():
		return "", "Opgeheven"
	case !b.Sent.IsZero():
		return "done", "Verstuurd op " + ui.DayMonthYear(b.Sent)
	case b.Files > 0:
		return "busy", "Bestand gemaakt"
	}
	return "", "Nog geen bestand"
}

func (b LetterBatch) shape() string { s, _ := b.state(); return s }

func (b LetterBatch) words() string { _, s := b.state(); return s }

// A Stapel page is one batch of letters: make its file, and say when it was
// posted.
type Stapel struct {
	Staff
	LetterBatch
	By      string
	Filed   time.Time
	FiledBy string
	Letters []StapelLetter
	Waiting int // letters that go
	May     bool
	NoPDF   bool   // there is no browser to print with
	Stopped string // why no file can be made
	Again   bool   // asks whether the file is to be made again
	Drop    bool   // asks whether the batch is to be dropped
	Today   string // for the field of the day: 2026-11-24
	Day     string // as it was typed
	Right   bool
	Problem string // with the day
}

// A StapelLetter is one letter of a batch.
type StapelLetter struct {
	Unit    Link
	Name    string // of the contact, "" for a general address
	Address string
	Why     string // why it does not go; "" where it does
	Posted  bool
}

// out are the letters that are to be taken out.
func (p Stapel) out() []StapelLetter {
	var out []StapelLetter
	for _, l := range p.Letters {
		if l.Why != "" && !l.Posted {
			out = append(out, l)
		}
	}
	return out
}

func (p Stapel) open() bool { return p.Sent.IsZero() && p.Dropped.IsZero() }

func (p Stapel) path(act string) string {
	return fmt.Sprintf("%s%s/%d%s", p.Base, LettersPath, p.ID, act)
}

func (p Stapel) made() string {
	text := "Gemaakt op " + whenFull(p.Made)
	if p.By != "" {
		text += " door " + p.By
	}
	return text + "."
}

func (p Stapel) filed() string {
	text := "Het laatste bestand is van " + whenFull(p.Filed)
	if p.FiledBy != "" {
		text += ", door " + p.FiledBy
	}
	return text + "."
}

func lettersN(n int) string { return ui.Count(n, "brief", "brieven") }

func (p Stapel) outHeading() string {
	if n := len(p.out()); n > 1 {
		return "Haal deze " + ui.Int(n) + " brieven eruit"
	}
	return "Haal deze brief eruit"
}
