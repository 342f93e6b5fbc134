package internal_test

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/uitvraag/uitvraag/internal/htmltest"
)

// notForEveryone are the packages whose texts are for researchers who write
// files or programs, or are made-up answers.
var notForEveryone = []string{"api", "instrument", "logic", "demo", "cmd/uitvraag", "pgtest", "htmltest", "localpg"}

// TestTextsInTheSourcesArePlainDutch reads every literal that is a sentence in
// Dutch: messages, and texts that no example page shows.
func TestTextsInTheSourcesArePlainDutch(t *testing.T) {
	t.Parallel()
	files, fset := sources(t)
	n := 0
	for _, f := range files {
		if slices.Contains(notForEveryone, f.pkg) || strings.HasPrefix(path.Base(f.path), "examples") { // those are read as pages
			continue
		}
		ast.Inspect(f.File, func(node ast.Node) bool {
			lit, ok := node.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if err != nil || !isSentence(text) {
				return true
			}
			n++
			for _, wrong := range htmltest.Dutch(verbs.ReplaceAllString(text, "‘…’")) {
				t.Errorf("%s: %s", f.at(fset, lit.Pos()), wrong)
			}
			return true
		})
	}
	if n < 100 {
		t.Errorf("found %d sentences; are they still literals?", n)
	}
}

var (
	verbs    = regexp.MustCompile(`%[a-z]`)
	sentence = regexp.MustCompile(`^\p{Lu}.* .*[.?]$`)
)

// isSentence tells a sentence for people from the rest: messages for the log
// begin with a small letter.
func isSentence(text string) bool {
	return sentence.MatchString(text) && !slices.ContainsFunc([]rune(text), func(r rune) bool { return unicode.IsControl(r) })
}
