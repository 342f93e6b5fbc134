package limesurvey

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// plain is a text without its HTML.
type plain struct {
	text   string
	markup bool // it had elements
	script bool // it had a script, or something that runs one
}

// ends of a line in the plain text.
var breaks = map[string]bool{"br": true, "p": true, "div": true, "li": true, "tr": true, "h1": true, "h2": true, "h3": true, "h4": true, "ul": true, "ol": true}

// running elements have no text for readers.
var running = map[string]bool{"script": true, "style": true, "iframe": true, "object": true, "embed": true, "svg": true, "noscript": true, "template": true}

// strip takes the HTML out of a text.
func strip(text string) plain {
	var p plain
	if !strings.ContainsAny(text, "<&") {
		p.text = tidy(text)
		return p
	}
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(text))
	skip := 0
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		t := z.Token()
		switch kind {
		case html.TextToken:
			if skip == 0 {
				b.WriteString(t.Data)
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			p.markup = true
			p.script = p.script || running[t.Data] && t.Data != "style" || handles(t.Attr)
			if running[t.Data] && kind == html.StartTagToken {
				skip++
			} else if running[t.Data] && kind == html.EndTagToken && skip > 0 {
				skip--
			}
			if breaks[t.Data] {
				b.WriteByte('\n')
			}
		}
	}
	p.text = tidy(b.String())
	return p
}

// handles reports whether an element would run something.
func handles(attributes []html.Attribute) bool {
	return slices.ContainsFunc(attributes, func(a html.Attribute) bool {
		return strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:")
	})
}

// tidy puts one space between words and leaves out what cannot be printed. Lines
// become one: our texts are paragraphs.
func tidy(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == 0xad || r == 0x200b || r == 0xfeff || r == 0xfffd {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxText {
		return string(runes[:maxText])
	}
	return text
}

// expression finds what LimeSurvey would fill in a text: {Q1.shown}.
var expression = regexp.MustCompile(`\{[^{}\s][^{}]*\}`)
