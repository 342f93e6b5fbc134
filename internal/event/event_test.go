package event_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"

	"github.com/uitvraag/uitvraag/internal/event"
)

// TestEveryKindHasItsOwnTitle reads the constants from the source, so that none
// is forgotten.
func TestEveryKindHasItsOwnTitle(t *testing.T) {
	t.Parallel()
	f, err := parser.ParseFile(token.NewFileSet(), "event.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	titles, kinds := map[string]bool{}, 0
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if name, ok := spec.Type.(*ast.Ident); !ok || name.Name != "Kind" {
			return true
		}
		text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		title := event.Kind(text).Title()
		if title == text || titles[title] {
			t.Errorf("%s has no title of its own: %q", spec.Names[0].Name, title)
		}
		titles[title] = true
		kinds++
		return true
	})
	if kinds < 30 {
		t.Errorf("found %d kinds", kinds)
	}
}

func TestStandingLeavesOutWhatWasRecalled(t *testing.T) {
	t.Parallel()
	events := []event.Event{{ID: 1, Kind: event.Refused}, {ID: 2, Kind: event.Promised}, {ID: 3, Kind: event.Recalled, Recalls: 1}}
	got := event.Standing(events)
	if !slices.Equal(got, events[1:2]) {
		t.Errorf("got %v", got)
	}
}
