package page_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/htmltest"
	"github.com/uitvraag/uitvraag/web/page"
)

// notOurs are the places of words that are not ours to better: those of the
// instrument, and what people typed.
var (
	notOurs   = []string{"q-text", "q-help", "q-intro", "def", "explained", "opts", "marks", "models", "grid-head", "lines", "review", "txt", "brand", "ask"}
	questions = []string{"vraag-", "fout-", "conflict"} // here legends too, and what is hidden behind them
)

func skip(e page.Example) func(htmltest.Node) bool {
	asking := slices.ContainsFunc(questions, func(prefix string) bool { return strings.HasPrefix(e.ID, prefix) })
	return func(n htmltest.Node) bool {
		classes := strings.Fields(n.Attr("class"))
		switch n.Data {
		case "head", "textarea", "code", "svg", "q", "mark", "option", "blockquote":
			return true
		case "legend":
			return asking
		case "span":
			if asking && slices.Contains(classes, "vh") && !strings.HasPrefix(n.Text(), "Fout") {
				return true
			}
		}
		return slices.ContainsFunc(classes, func(c string) bool { return slices.Contains(notOurs, c) })
	}
}

// TestPagesArePlainDutch reads every text of ours on every page (standards L1
// and L3).
func TestPagesArePlainDutch(t *testing.T) {
	t.Parallel()
	examples(t, func(d *doc, e page.Example) {
		for _, text := range (htmltest.Node{Node: d.root}).Texts(skip(e)) {
			for _, wrong := range htmltest.Dutch(text) {
				d.Error(wrong)
			}
		}
	})
}

func TestWordsStayApartWithoutStyles(t *testing.T) {
	t.Parallel()
	examples(t, func(d *doc, _ page.Example) {
		for _, at := range (htmltest.Node{Node: d.root}).Glued() {
			d.Errorf("two words are one where elements meet: %q", at)
		}
	})
}
