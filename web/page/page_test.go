package page_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/uitvraag/uitvraag/web/page"
	"github.com/uitvraag/uitvraag/web/static"
)

// A doc is a rendered example.
type doc struct {
	*testing.T
	root  *html.Node
	nodes []*html.Node // all elements, in order
	ids   map[string]*html.Node
}

func rendered(t *testing.T, e page.Example) *doc {
	t.Helper()
	var b bytes.Buffer
	if err := e.View.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	d := &doc{T: t, root: root, ids: map[string]*html.Node{}}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		d.nodes = append(d.nodes, n)
		if id := attr(n, "id"); id != "" {
			if d.ids[id] != nil {
				t.Errorf("id %q stands twice", id)
			}
			d.ids[id] = n
		}
	}
	return d
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func text(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(b.String(), "\u00AD", "")), " ")
}

func (d *doc) all(name string) []*html.Node {
	var out []*html.Node
	for _, n := range d.nodes {
		if n.Data == name {
			out = append(out, n)
		}
	}
	return out
}

func examples(t *testing.T, test func(d *doc, e page.Example)) {
	t.Helper()
	for _, e := range page.Examples() {
		t.Run(e.ID, func(t *testing.T) { test(rendered(t, e), e) })
	}
}

func TestExamplesHaveIDsAndTitlesOfTheirOwn(t *testing.T) {
	t.Parallel()
	ids, titles := map[string]bool{}, map[string]bool{}
	for _, e := range page.Examples() {
		if ids[e.ID] || titles[e.Title] {
			t.Errorf("%s (%s) stands twice", e.ID, e.Title)
		}
		ids[e.ID], titles[e.Title] = true, true
	}
}

func TestPagesHaveOneHeadingAndATitle(t *testing.T) {
	t.Parallel()
	examples(t, func(d *doc, e page.Example) {
		if n := len(d.all("h1")); n != 1 {
			d.Errorf("%d h1, want 1", n)
		}
		title := text(d.all("title")[0])
		if strings.Count(title, "–") < 1 {
			d.Errorf("title %q does not name the page and the study", title)
		}
		for prefix, wrong := range map[string]bool{"fout-": true, "vraag-": false} {
			if strings.HasPrefix(e.ID, prefix) && strings.HasPrefix(title, "Fout: ") != wrong {
				d.Errorf("title %q", title)
			}
		}
		if lang := attr(d.all("html")[0], "lang"); lang != "nl" {
			d.Errorf("lang %q", lang)
		}
		level := 0
		for _, n := range d.nodes {
			if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
				if at := int(n.Data[1] - '0'); at > level+1 && level > 0 {
					d.Errorf("%s %q follows h%d", n.Data, text(n), level)
				} else {
					level = at
				}
			}
		}
	})
}

func TestControlsHaveLabels(t *testing.T) {
	t.Parallel()
	examples(t, func(d *doc, _ page.Example) {
		labelled := map[string]bool{}
		for _, l := range d.all("label") {
			if text(l) == "" || d.ids[attr(l, "for")] == nil {
				d.Errorf("label %q for %q", text(l), attr(l, "for"))
			}
			labelled[attr(l, "for")] = true
		}
		for _, name := range []string{"input", "textarea", "select"} {
			for _, n := range d.all(name) {
				if attr(n, "type") != "hidden" && !has(n, "hidden") && !labelled[attr(n, "id")] {
					d.Errorf("%s %q has no label", name, attr(n, "name"))
				}
			}
		}
		for _, n := range d.all("fieldset") {
			if c := n.FirstChild; c == nil || c.Data != "legend" || text(c) == "" {
				d.Errorf("a fieldset does not begin with a legend")
			}
		}
		for _, n := range append(d.all("button"), d.all("a")...) {
			if text(n) == "" && attr(n, "class") != "default" {
				d.Errorf("an empty %s", n.Data)
			}
		}
	})
}

func TestReferencesResolve(t *testing.T) {
	t.Parallel()
	examples(t, func(d *doc, _ page.Example) {
		for _, n := range d.nodes {
			for _, name := range []string{"aria-describedby", "aria-labelledby"} {
				if !has(n, name) {
					continue
				}
				for _, id := range append(strings.Fields(attr(n, name)), "") {
					if id != "" && d.ids[id] == nil || attr(n, name) == "" {
						d.Errorf("%s: nothing has id %q", name, id)
					}
				}
			}
			if id, ok := strings.CutPrefix(attr(n, "href"), "#"); ok && n.Data == "a" && d.ids[id] == nil {
				d.Errorf("link %q leads to #%s, which is not there", text(n), id)
			}
		}
	})
}

// The policy allows no inline style or script; the standards no placeholder,
// required or disabled. Only a questionnaire, the page of a call, the editor and where one
// signs in have a script, our own; pages of staff have that of staff too.
func TestPagesKeepToThePolicy(t *testing.T) {
	t.Parallel()
	forbidden := []string{"style", "placeholder", "required", "disabled", "title"}
	scripts := map[string][]string{
		static.Path("uitvraag.js"): {"vraag", "fout", "onderdelen", "controleren", "gesprek", "afnemen", "bewerken"},
		static.Path("sleutel.js"):  {"inloggen", "bevestigen", "account"},
	}
	examples(t, func(d *doc, e page.Example) {
		for _, n := range d.nodes {
			kind, _, _ := strings.Cut(e.ID, "-")
			staff := attr(n, "src") == static.Path("beheer.js") && has(d.all("body")[0], "class")
			if n.Data == "style" || n.Data == "script" && (!staff && !slices.Contains(scripts[attr(n, "src")], kind) || n.FirstChild != nil) {
				d.Errorf("a <%s>", n.Data)
			}
			for _, name := range forbidden {
				if has(n, name) {
					d.Errorf("%s on <%s>", name, n.Data)
				}
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") {
					d.Errorf("%s on <%s>", a.Key, n.Data)
				}
			}
			if n.Data == "form" && attr(n, "method") == "post" && !has(n, "novalidate") && attr(n, "action") != page.LogoutPath {
				d.Errorf("a form is validated by the browser")
			}
		}
	})
}

// What scripts rely on: one form, hidden version and request, the buttons, and
// Volgende as the button that Enter presses.
func TestQuestionPagesKeepTheContract(t *testing.T) {
	t.Parallel()
	examples(t, func(d *doc, e page.Example) {
		if !strings.HasPrefix(e.ID, "vraag-") && !strings.HasPrefix(e.ID, "fout-") {
			return
		}
		forms := d.all("form")
		if len(forms) != 1 || attr(forms[0], "method") != "post" || has(forms[0], "action") {
			d.Fatalf("%d forms", len(forms))
		}
		names := map[string]bool{}
		for _, n := range d.all("input") {
			names[attr(n, "name")] = true
		}
		if !names["versie"] || !names["verzoek"] {
			d.Errorf("no versie or verzoek")
		}
		actions := map[string]bool{}
		for i, n := range d.all("button") {
			switch attr(n, "name") {
			case "actie":
				actions[attr(n, "value")] = true
			case "extra":
			default:
				d.Errorf("button %q is called %q", text(n), attr(n, "name"))
			}
			if i == 0 && attr(n, "value") != "volgende" {
				d.Errorf("Enter presses %q", attr(n, "value"))
			}
		}
		if !actions["volgende"] || !actions["later"] || actions["vorige"] != (e.ID != "vraag-keuze") {
			d.Errorf("buttons %v", actions)
		}
		status := 0
		for _, n := range d.nodes {
			if attr(n, "role") == "status" && attr(n, "class") != "notice" {
				status++
			}
		}
		if status != 1 {
			d.Errorf("%d status nodes", status)
		}
	})
}

// An error stands in the summary and at its field, in the same words.
func TestErrorsStandAtTheirField(t *testing.T) {
	t.Parallel()
	examples(t, func(d *doc, e page.Example) {
		if !strings.HasPrefix(e.ID, "fout-") {
			return
		}
		summary, field := "", ""
		invalid := false
		for _, n := range d.nodes {
			if attr(n, "class") == "error-summary" {
				for c := range n.Descendants() {
					if c.Data == "a" {
						summary = text(c)
					}
				}
			}
			if attr(n, "class") == "error" {
				field = text(n)
			}
			invalid = invalid || attr(n, "aria-invalid") == "true"
		}
		if summary == "" || field != "Fout: "+summary {
			d.Errorf("summary %q, field %q", summary, field)
		}
		if !invalid {
			d.Errorf("nothing is aria-invalid")
		}
	})
}

// Browsers drop the first newline of a textarea; the texts keep theirs.
func TestTextsKeepTheirLines(t *testing.T) {
	t.Parallel()
	want := "\n  one\n\ntwo \n"
	view := page.Retry{Title: "Opnieuw", Action: "/x", Button: "Opnieuw", Fields: []page.Posted{{Name: "a", Value: want}, {Name: "b", Value: "<&\""}}}.View()
	d := rendered(t, page.Example{ID: "retry", View: view})
	if got := d.all("textarea")[0].FirstChild.Data; got != want {
		t.Errorf("textarea keeps %q, want %q", got, want)
	}
	if got := attr(d.all("input")[0], "value"); got != "<&\"" {
		t.Errorf("input keeps %q", got)
	}
}

func TestLandingFormIsThereOnlyWhenItLeadsSomewhere(t *testing.T) {
	t.Parallel()
	want := map[string]int{"landing": 1, "landing-begonnen": 1, "landing-verstuurd": 1, "landing-niet-meedoen": 1, "landing-ander": 1, "landing-gedekt": 1}
	examples(t, func(d *doc, e page.Example) {
		if strings.HasPrefix(e.ID, "landing") && len(d.all("form")) != want[e.ID] {
			d.Errorf("%d forms, want %d", len(d.all("form")), want[e.ID])
		}
	})
}
