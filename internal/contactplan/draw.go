package contactplan

import (
	_ "embed"
	stdhtml "html"
	"strings"
	"unicode/utf8"
)

// width is where lines of plain text are broken.
const width = 72

// text draws blocks as plain text.
func text(blocks []Block) string {
	var b strings.Builder
	for i, bl := range blocks {
		if bl.Kind == QR {
			continue
		}
		if i > 0 && blocks[i-1].Kind != Rule && b.Len() > 0 {
			b.WriteByte('\n')
		}
		switch bl.Kind {
		case Paragraph:
			b.WriteString(wrap(paragraph(bl), ""))
		case Item:
			for _, l := range bl.Lines {
				b.WriteString("- " + wrap(said(l), "  "))
			}
		case Verse, Heading:
			for _, l := range bl.Lines {
				b.WriteString(strings.TrimSpace(said(l)) + "\n")
			}
		case Button:
			b.WriteString(said(bl.Lines[0]) + ":\n" + bl.URL + "\n")
		case Address:
			b.WriteString(bl.URL + "\n")
		case Rule:
			b.WriteString("--\n")
		}
	}
	return b.String()
}

// paragraph joins the lines of a block.
func paragraph(b Block) string {
	lines := make([]string, len(b.Lines))
	for i, l := range b.Lines {
		lines[i] = said(l)
	}
	return strings.Join(lines, " ")
}

// wrap breaks a text between words; lines after the first begin with indent.
func wrap(s, indent string) string {
	var b strings.Builder
	n := utf8.RuneCountInString(indent)
	for i, word := range strings.Fields(s) {
		size := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case n+1+size > width:
			b.WriteString("\n" + indent)
			n = utf8.RuneCountInString(indent)
		default:
			b.WriteByte(' ')
			n++
		}
		b.WriteString(word)
		n += size
	}
	return b.String() + "\n"
}

// style is the only styling of a mail. Without it the text still reads well.
//
//go:embed mail.css
var style string

// html draws blocks as the HTML of a mail: no images, no scripts, nothing from
// elsewhere.
func html(subject, study string, blocks []Block) string {
	var b strings.Builder
	title := stdhtml.EscapeString(subject)
	b.WriteString("<!doctype html>\n<html lang=\"nl\">\n<head>\n<meta charset=\"utf-8\">\n" +
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n" +
		"<meta name=\"color-scheme\" content=\"light dark\">\n" +
		"<meta name=\"supported-color-schemes\" content=\"light dark\">\n" +
		"<title>" + title + "</title>\n<style>\n" + style + "</style>\n</head>\n<body>\n<main>\n")
	if study != "" {
		b.WriteString("<p class=\"from\">" + stdhtml.EscapeString(study) + "</p>\n")
	}
	b.WriteString("<h1>" + title + "</h1>\n")
	for _, bl := range blocks {
		htmlBlock(&b, bl)
	}
	b.WriteString("</main>\n</body>\n</html>\n")
	return b.String()
}

func htmlBlock(b *strings.Builder, bl Block) {
	class := ""
	if bl.Small {
		class = ` class="small"`
	}
	link := stdhtml.EscapeString(bl.URL)
	switch bl.Kind {
	case Paragraph:
		b.WriteString("<p" + class + ">" + htmlLines(bl.Lines, " ") + "</p>\n")
	case Verse:
		b.WriteString("<p" + class + ">" + htmlLines(bl.Lines, "<br>") + "</p>\n")
	case Heading:
		b.WriteString("<h2>" + htmlLines(bl.Lines, " ") + "</h2>\n")
	case Item:
		b.WriteString("<ul" + class + ">\n<li>" + htmlLines(bl.Lines, "</li>\n<li>") + "</li>\n</ul>\n")
	case Button:
		b.WriteString(`<p><a class="button" href="` + link + `">` + htmlLines(bl.Lines, " ") + "</a></p>\n" +
			`<p class="small">Werkt de knop niet? Kopieer dan dit adres:<br>` +
			`<a class="link" href="` + link + `">` + link + "</a></p>\n")
	case Address:
		b.WriteString("<p" + class + `><a class="link" href="` + link + `">` + link + "</a></p>\n")
	case Rule:
		b.WriteString("<hr>\n")
	}
}

func htmlLines(lines [][]Span, between string) string {
	parts := make([]string, len(lines))
	for i, l := range lines {
		var b strings.Builder
		for _, s := range l {
			text := stdhtml.EscapeString(s.Text)
			if s.Href != "" {
				text = `<a href="` + stdhtml.EscapeString(s.Href) + `">` + text + "</a>"
			}
			if s.Strong {
				text = "<strong>" + text + "</strong>"
			}
			b.WriteString(text)
		}
		parts[i] = b.String()
	}
	return strings.Join(parts, between)
}
