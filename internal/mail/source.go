package mail

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/url"
)

// A Source is where mail comes in. It is used by one goroutine at a time.
type Source interface {
	// Next returns the next mail that is not done, and io.EOF when all have
	// been offered. Within one Source no mail is offered twice; a mail that
	// was not marked is offered again by the next. What is done with a mail
	// must therefore be harmless to repeat: [Incoming.Key] tells that it is.
	Next(ctx context.Context) (Letter, error)
	// Done marks a mail as handled.
	Done(ctx context.Context, l Letter) error
	Close() error
}

// A Letter is one mail of a [Source], as it came: at most MaxIncoming bytes of
// it and one more, which tells that it was longer.
type Letter struct {
	Data []byte
	name string // of a file
	uid  uint32 // in a mailbox
}

// OpenSource opens the mailbox or folder that a URL names:
//
//	imaps://user:password@host[:port]/[mailbox]   over TLS
//	imap://user:password@host[:port]/[mailbox]    STARTTLS; in the clear on loopback only
//	file:///folder                                a maildir, or a folder with one file for each mail
//
// roots may be nil for those of the system.
func OpenSource(ctx context.Context, rawURL string, roots *x509.CertPool) (Source, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, errors.New("bounce URL: cannot be read") // without its text: it may hold a password
	}
	switch u.Scheme {
	case "imap", "imaps":
		return openIMAP(ctx, u, roots)
	case "file", "maildir":
		if u.Host != "" && u.Host != "localhost" || u.Path == "" {
			return nil, errors.New("bounce URL: a folder is file:///path")
		}
		return OpenSpool(u.Path)
	}
	return nil, fmt.Errorf("bounce URL: %q is not imaps, imap or file", u.Scheme)
}

// A Pipe is a [Source] of the one mail on a reader, such as the standard input
// of a command that a mail server calls. Done does nothing: the command says
// so by its exit status.
type Pipe struct{ r io.Reader }

// NewPipe returns a source of the mail on r.
func NewPipe(r io.Reader) *Pipe { return &Pipe{r} }

// Next implements [Source].
func (p *Pipe) Next(ctx context.Context) (Letter, error) {
	if p.r == nil {
		return Letter{}, io.EOF
	}
	if err := ctx.Err(); err != nil {
		return Letter{}, err
	}
	data, err := readLetter(p.r)
	if err != nil {
		return Letter{}, fmt.Errorf("read mail: %w", err)
	}
	p.r = nil
	if len(data) == 0 {
		return Letter{}, io.EOF
	}
	return Letter{Data: data}, nil
}

// Done implements [Source].
func (p *Pipe) Done(context.Context, Letter) error { return nil }

// Close implements [Source].
func (p *Pipe) Close() error { return nil }

func readLetter(r io.Reader) ([]byte, error) { return io.ReadAll(io.LimitReader(r, MaxIncoming+1)) }
