// Package htmltest reads pages in tests as a browser without JavaScript would:
// elements, text, and forms with the fields that posting them would send.
package htmltest

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// A Node is an element of a page.
type Node struct{ *html.Node }

// Parse reads a page; a page that cannot be read fails the test.
func Parse(t testing.TB, page string) Node {
	t.Helper()
	n, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatalf("page is not HTML: %v", err)
	}
	return Node{n}
}

// All returns the elements with the given tag that have every attribute, in
// order. Attributes come as name, value; value "*" is any.
func (n Node) All(tag string, attributes ...string) []Node {
	var out []Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == tag && has(d, attributes) {
			out = append(out, Node{d})
		}
	}
	return out
}

// First returns the first of All, and whether there is one.
func (n Node) First(tag string, attributes ...string) (Node, bool) {
	all := n.All(tag, attributes...)
	if len(all) == 0 {
		return Node{}, false
	}
	return all[0], true
}

func has(n *html.Node, attributes []string) bool {
	for i := 0; i+1 < len(attributes); i += 2 {
		v, ok := attribute(n, attributes[i])
		if !ok || attributes[i+1] != "*" && v != attributes[i+1] {
			return false
		}
	}
	return true
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// Attr returns an attribute, "" where it is absent.
func (n Node) Attr(name string) string {
	v, _ := attribute(n.Node, name)
	return v
}

// Text returns all text of the element, white space folded, soft hyphens
// removed.
func (n Node) Text() string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(b.String(), "\u00ad", "")), " ")
}

// A Form is a form with what it would send now, and what could be chosen.
type Form struct {
	Action string
	Values url.Values
	Fields []Field // controls that a person fills in, in order, once per name
}

// A Field is a group of controls with one name.
type Field struct {
	Name   string
	Type   string   // radio, checkbox, text, textarea
	Values []string // that can be chosen
}

// PostForm returns the first form of the page that posts.
func (n Node) PostForm(t testing.TB) Form {
	t.Helper()
	form, ok := n.First("form", "method", "post")
	if !ok {
		t.Fatalf("no form that posts in: %.400s", n.Text())
	}
	return form.read()
}

// FormTo returns the form that posts to an address.
func (n Node) FormTo(t testing.TB, action string) Form {
	t.Helper()
	form, ok := n.First("form", "method", "post", "action", action)
	if !ok {
		t.Fatalf("no form to %s in: %.400s", action, n.Text())
	}
	return form.read()
}

func (form Node) read() Form {
	f := Form{Action: form.Attr("action"), Values: url.Values{}}
	for d := range form.Descendants() {
		if d.Type == html.ElementNode {
			f.control(Node{d})
		}
	}
	return f
}

func (f *Form) control(n Node) {
	name, value := n.Attr("name"), n.Attr("value")
	if name == "" {
		return
	}
	switch n.Data {
	case "textarea":
		var b strings.Builder
		for c := range n.ChildNodes() {
			b.WriteString(c.Data)
		}
		f.Values.Add(name, b.String())
		f.field(name, "textarea", "")
	case "select":
		f.Values.Add(name, chosen(n))
		f.field(name, "select", "")
	case "input":
		kind := n.Attr("type")
		_, checked := attribute(n.Node, "checked")
		if kind != "radio" && kind != "checkbox" || checked {
			f.Values.Add(name, value)
		}
		if kind != "hidden" {
			f.field(name, kind, value)
		}
	}
}

// chosen returns the value of a list that a browser would post.
func chosen(n Node) string {
	options := n.All("option")
	for _, o := range options {
		if _, selected := attribute(o.Node, "selected"); selected {
			return o.Attr("value")
		}
	}
	if len(options) == 0 {
		return ""
	}
	return options[0].Attr("value")
}

func (f *Form) field(name, kind, value string) {
	i := slices.IndexFunc(f.Fields, func(x Field) bool { return x.Name == name })
	if i < 0 {
		f.Fields = append(f.Fields, Field{Name: name, Type: kind})
		i = len(f.Fields) - 1
	}
	if kind == "radio" || kind == "checkbox" {
		f.Fields[i].Values = append(f.Fields[i].Values, value)
	}
}
