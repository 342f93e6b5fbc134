package page

import (
	"regexp"
	"strings"
	"time"
)

// A Postvak page lists the mails of the built-in inbox, newest first.
type Postvak struct {
	Frame
	Search     string
	Mails      []PostvakMail
	N          int // that fit the search
	From, To   int
	Prev, Next string // paths, "" at the ends
}

// A PostvakMail is one line of Postvak.
type PostvakMail struct {
	Path     string
	Received time.Time
	To       string
	Subject  string
}

// A PostvakItem is one mail of the built-in inbox.
type PostvakItem struct {
	Frame
	Received   time.Time
	From, To   string
	ReturnPath string
	Recipients string // of the envelope
	Subject    string
	FramePath  string // of the HTML part, "" where it has none
	Text       string
	Header     string
	SourcePath string // to download
}

func subjectOr(subject string) string {
	if strings.TrimSpace(subject) == "" {
		return "(zonder onderwerp)"
	}
	return subject
}

// A piece is text, or an address to follow.
type piece struct {
	Text string
	Link bool
}

var address = regexp.MustCompile(`https?://[^\s<>"']*[^\s<>"'.,;:!?)\]]`)

// pieces finds the addresses in a text.
func pieces(text string) []piece {
	var out []piece
	at := 0
	for _, m := range address.FindAllStringIndex(text, -1) {
		if m[0] > at {
			out = append(out, piece{Text: text[at:m[0]]})
		}
		out = append(out, piece{text[m[0]:m[1]], true})
		at = m[1]
	}
	if at < len(text) {
		out = append(out, piece{Text: text[at:]})
	}
	return out
}
