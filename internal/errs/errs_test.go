package errs_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/uitvraag/uitvraag/internal/errs"
)

func TestTextOfAnUnclassifiedErrorIsNeverPublic(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("dial postgres://secret@db: %w", io.EOF)
	if got := errs.Public(err); got != "" {
		t.Errorf("Public = %q, want nothing", got)
	}
	if got := errs.KindOf(err); got != errs.Internal {
		t.Errorf("KindOf = %v, want internal", got)
	}
}

func TestKindSurvivesWrappingAndHidesItsCause(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("unit by token: %w", errs.Wrap(io.EOF, errs.NotFound, "Deze link klopt niet."))
	if got := errs.KindOf(err); got != errs.NotFound {
		t.Errorf("KindOf = %v, want not found", got)
	}
	if got := errs.Public(err); got != "Deze link klopt niet." {
		t.Errorf("Public = %q", got)
	}
	if !errors.Is(err, io.EOF) {
		t.Error("the cause is lost to errors.Is")
	}
	if errs.Wrap(nil, errs.Gone, "x") != nil {
		t.Error("Wrap(nil) is not nil")
	}
}
