package server_test

import (
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/htmltest"
)

// TestNoLinkLeadsToARefusal follows every link of the office from its first page
// as every role: whoever sees a link may go there. (A link that is not for somebody
// teaches them to distrust the others.)
func TestNoLinkLeadsToARefusal(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	for _, role := range account.Roles {
		t.Run(string(role), func(t *testing.T) {
			t.Parallel()
			from := map[string]string{"/beheer": "", "/beheer/" + c.Study.Slug: "", "/beheer/" + c.Study.Slug + "/eenheden/swv/PO9001": ""}
			if !role.May(account.SeeUnits) {
				delete(from, "/beheer/"+c.Study.Slug+"/eenheden/swv/PO9001")
			}
			if role == account.Beheerder {
				from = map[string]string{"/beheer": ""}
			}
			var queue []string
			for path := range from {
				queue = append(queue, path)
			}
			seen := map[string]bool{}
			for len(queue) > 0 {
				path := queue[0]
				queue = queue[1:]
				resp := c.get(t, path, c.cookies[role])
				if resp.StatusCode >= http.StatusBadRequest {
					t.Errorf("%s: status %d, from %s", path, resp.StatusCode, from[path])
					continue
				}
				if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
					continue
				}
				for _, a := range htmltest.Parse(t, bodyOf(t, resp)).All("a") {
					to, _, _ := strings.Cut(a.Attr("href"), "#")
					plain, _, _ := strings.Cut(to, "?")
					if !strings.HasPrefix(to, "/beheer") || seen[kind(plain)] {
						continue
					}
					seen[kind(plain)] = true
					from[to] = path
					queue = append(queue, to)
				}
			}
			if len(seen) < 3 {
				t.Errorf("only %d kinds of pages were seen", len(seen))
			}
		})
	}
}

// kind is a path without what only tells units, audiences, steps and tables apart,
// so that one of each kind is opened.
func kind(path string) string {
	parts := strings.Split(path, "/")
	if len(parts) > 4 && slices.Contains([]string{"tabellen", "analyse", "codeboek"}, parts[3]) {
		return strings.Join(parts[:4], "/") + "/*" + filepath.Ext(path)
	}
	for i, p := range parts {
		if i >= 4 && (p == strings.ToUpper(p) || strings.ContainsAny(p, "0123456789")) {
			parts[i] = "*"
		}
	}
	return strings.Join(parts, "/")
}
