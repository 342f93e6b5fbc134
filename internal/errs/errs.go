// Package errs names the kinds of failure that the outside world may see, and
// carries a text that is safe to show. It knows nothing else of the project.
package errs

import (
	"errors"
	"fmt"
)

// A Kind says how the outside world should see an error.
// The zero Kind is Internal: log it, show nothing.
type Kind int

const (
	Internal    Kind = iota // our fault, or the machine's: logged, never shown
	Invalid                 // the request cannot be understood
	NotFound                // there is no such thing, or not for you
	Conflict                // it collides with something that is there already
	Forbidden               // it exists, and you may not
	Gone                    // it was there, and is closed now
	TooMany                 // too many failed attempts
	Unavailable             // something we need is away for a moment: try again
	Unknown                 // a program that does not show who it is
)

// String returns the kind as a word for logs and tests.
func (k Kind) String() string {
	names := [...]string{"internal", "invalid", "not found", "conflict", "forbidden", "gone", "too many", "unavailable", "unknown program"}
	if k < 0 || int(k) >= len(names) {
		return "unknown"
	}
	return names[k]
}

type kindError struct {
	kind Kind
	text string
	err  error // cause, for the log only
}

func (e *kindError) Error() string {
	if e.err != nil {
		return e.text + ": " + e.err.Error()
	}
	return e.text
}

func (e *kindError) Unwrap() error { return e.err }

// Errorf returns an error of the given kind whose text may be shown to people.
func Errorf(k Kind, format string, args ...any) error {
	return &kindError{kind: k, text: fmt.Sprintf(format, args...)}
}

// Wrap gives err a kind and a text that may be shown; err itself goes to the
// log only. Wrap of nil is nil.
func Wrap(err error, k Kind, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return &kindError{kind: k, text: fmt.Sprintf(format, args...), err: err}
}

// KindOf reports the kind of the first classified error in err's chain, and
// Internal where there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*kindError](err); ok {
		return e.kind
	}
	return Internal
}

// Public returns the text of err that may be shown to people, and "" for an
// error that was never classified.
func Public(err error) string {
	if e, ok := errors.AsType[*kindError](err); ok {
		return e.text
	}
	return ""
}
