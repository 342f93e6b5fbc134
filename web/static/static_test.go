package static_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/web/static"
)

func TestFilesHaveAPathOfTheirContent(t *testing.T) {
	t.Parallel()
	if len(static.Paths()) < 4 {
		t.Fatalf("only %d files", len(static.Paths()))
	}
	for name, p := range static.Paths() {
		if p != static.Path(name) || !regexp.MustCompile(`^/static/[a-z]+\.[0-9a-f]{12}\.(css|js|svg)$`).MatchString(p) {
			t.Errorf("%s is at %s", name, p)
		}
		content, contentType, ok := static.File(p)
		if !ok || len(content) == 0 || contentType == "" {
			t.Errorf("%s: nothing at %s", name, p)
		}
	}
	if _, _, ok := static.File("/static/uitvraag.css"); ok {
		t.Error("a path without a hash is served")
	}
}

// Nothing comes from elsewhere, and colours stand in the tokens only.
func TestStyleKeepsToItself(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"tokens.css", "uitvraag.css", "print.css"} {
		content, _, _ := static.File(static.Path(name))
		for _, bad := range []string{"url(", "@import", "http:", "https:"} {
			if strings.Contains(string(content), bad) {
				t.Errorf("%s holds %s", name, bad)
			}
		}
		if colour := regexp.MustCompile(`#[0-9a-fA-F]{3,6}\b`).FindString(string(content)); colour != "" && name == "uitvraag.css" {
			t.Errorf("%s holds the colour %s", name, colour)
		}
	}
}
