package export

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uitvraag/uitvraag/internal/report"
)

// DOCX writes a document for Word (ECMA-376, transitional): headings, captions
// and tables with the styles of Word, so that a reader can restyle them. Tables
// repeat their head on every page, and no row is cut in two. The same document
// gives the same bytes.
func DOCX(w io.Writer, d *report.Document) error {
	z := zip.NewWriter(w)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", docxTypes},
		{"_rels/.rels", docxRels},
		{"docProps/core.xml", docxHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>` +
			escape(d.Title+" – "+d.Subtitle) + `</dc:title><dc:creator>Uitvraag</dc:creator><dc:language>nl-NL</dc:language></cp:coreProperties>`},
		{"word/_rels/document.xml.rels", docxDocumentRels},
		{"word/styles.xml", docxStyles},
		{"word/settings.xml", docxHead + `<w:settings xmlns:w="` + wordNS + `"><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="nl-NL"/></w:settings>`},
		{"word/footer1.xml", docxHead + `<w:ftr xmlns:w="` + wordNS + `"><w:p><w:pPr><w:jc w:val="right"/></w:pPr><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>`},
		{"word/document.xml", docxDocument(d)},
	} {
		// No time: the same content is the same file.
		f, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return fmt.Errorf("docx: %w", err)
		}
		if _, err := io.WriteString(f, part.text); err != nil {
			return fmt.Errorf("docx: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("docx: %w", err)
	}
	return nil
}

// escape makes a text safe inside XML; what XML cannot hold is dropped.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(strings.Map(func(r rune) rune {
		if r == utf8.RuneError || r < ' ' && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s))) // a builder never fails
	return b.String()
}

const (
	wordNS   = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	docxHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

	docxTypes = docxHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>` +
		`<Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/>` +
		`<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

	docxRels = docxHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

	docxDocumentRels = docxHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings" Target="settings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/></Relationships>`

	// The ids are those that Word knows, so that its own names show in any
	// language.
	docxStyles = docxHead + `<w:styles xmlns:w="` + wordNS + `"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri" w:eastAsia="Calibri"/><w:sz w:val="20"/><w:szCs w:val="20"/><w:lang w:val="nl-NL"/></w:rPr></w:rPrDefault>` +
		`<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:spacing w:after="60"/></w:pPr><w:rPr><w:b/><w:sz w:val="44"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Subtitle"><w:name w:val="Subtitle"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:spacing w:after="360"/></w:pPr><w:rPr><w:color w:val="595959"/><w:sz w:val="26"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/><w:pageBreakBefore/><w:spacing w:before="0" w:after="200"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="30"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/><w:spacing w:before="280" w:after="120"/><w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:b/><w:sz w:val="24"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Caption"><w:name w:val="caption"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/><w:keepLines/><w:spacing w:before="360" w:after="100"/><w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:b/><w:sz w:val="21"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Cel"><w:name w:val="Cel"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:before="30" w:after="30" w:line="240" w:lineRule="auto"/></w:pPr><w:rPr><w:sz w:val="18"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Kolomkop"><w:name w:val="Kolomkop"/><w:basedOn w:val="Cel"/><w:pPr><w:keepNext/></w:pPr><w:rPr><w:b/><w:sz w:val="15"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Noot"><w:name w:val="Noot"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:before="40" w:after="0" w:line="240" w:lineRule="auto"/></w:pPr><w:rPr><w:color w:val="404040"/><w:sz w:val="16"/></w:rPr></w:style>` +
		`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="70" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>` +
		`<w:style w:type="table" w:styleId="Tabel"><w:name w:val="Tabel"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="262626"/><w:bottom w:val="single" w:sz="8" w:space="0" w:color="262626"/><w:insideH w:val="single" w:sz="4" w:space="0" w:color="D0D0D0"/></w:tblBorders></w:tblPr>` +
		`<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders><w:bottom w:val="single" w:sz="8" w:space="0" w:color="262626"/></w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr></w:style></w:styles>`
)

// pageWidth is that of A4 between its margins, in twentieths of a point.
const pageWidth = 11906 - 2*1134

type docx struct{ strings.Builder }

// printf adds formatted text; a builder never fails.
func (b *docx) printf(format string, args ...any) { b.WriteString(fmt.Sprintf(format, args...)) }

func docxDocument(d *report.Document) string {
	var b docx
	b.WriteString(docxHead + `<w:document xmlns:w="` + wordNS + `"><w:body>`)
	b.paragraph("Title", d.Title)
	b.paragraph("Subtitle", d.Subtitle)
	for _, f := range d.Facts {
		b.paragraph("Normal", f[0]+": "+f[1])
	}
	for i, block := range d.Blocks {
		switch x := block.(type) {
		case report.Heading:
			style := "Heading1"
			if x.Level > 1 {
				style = "Caption"
			}
			b.printf(`<w:p><w:pPr><w:pStyle w:val="%s"/></w:pPr><w:bookmarkStart w:id="%d" w:name="%s"/>`, style, i, bookmark(x.ID))
			b.run(x.Text)
			b.printf(`<w:bookmarkEnd w:id="%d"/></w:p>`, i)
		case report.Paragraph:
			b.paragraph("Normal", x.Text)
		case report.Contents:
			b.contents(d)
		case *report.Grid:
			b.grid(x)
		case *report.Quotes:
			b.paragraph("Noot", x.Title+":")
			for _, q := range x.Texts {
				b.paragraph("Noot", q.String())
			}
		case *report.Working:
			for _, line := range x.Lines {
				b.paragraph("Noot", line)
			}
		}
	}
	b.WriteString(`<w:sectPr><w:footerReference w:type="default" r:id="rId3" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>`)
	return b.String()
}

// bookmark is a name that Word takes: letters, digits and underscores, at most 40.
func bookmark(id string) string {
	name := "t_" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, id)
	return name[:min(len(name), 40)]
}

func (b *docx) run(text string) {
	b.WriteString(`<w:r><w:t xml:space="preserve">` + escape(text) + `</w:t></w:r>`)
}

func (b *docx) paragraph(style, text string) {
	b.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`)
	b.run(text)
	b.WriteString(`</w:p>`)
}

// contents lists the headings as links. Page numbers are for Word to know.
func (b *docx) contents(d *report.Document) {
	b.paragraph("Heading2", "Inhoud")
	for _, block := range d.Blocks {
		h, ok := block.(report.Heading)
		if !ok {
			continue
		}
		indent, bold := 0, `<w:rPr><w:b/></w:rPr>`
		if h.Level > 1 {
			indent, bold = 280, ""
		}
		b.printf(`<w:p><w:pPr><w:spacing w:after="30"/><w:ind w:left="%d"/></w:pPr><w:hyperlink w:anchor="%s"><w:r>%s<w:t xml:space="preserve">%s</w:t></w:r></w:hyperlink></w:p>`,
			indent, bookmark(h.ID), bold, escape(h.Text))
	}
}

// columnWidths are those of the columns of numbers: each as wide as the longest word
// in it, if that leaves a good quarter of the page for the labels; else what is
// wider than it has to be gives way.
func columnWidths(g *report.Grid) []int {
	const least = 640
	out, total := make([]int, len(g.Heads)), 0
	for i, h := range g.Heads {
		longest := 0
		for word := range strings.FieldsSeq(h.Text) {
			longest = max(longest, utf8.RuneCountInString(word)*118)
		}
		for _, l := range g.Lines {
			for word := range strings.FieldsFuncSeq(l.Values[i].Text, func(r rune) bool { return r == ' ' }) {
				longest = max(longest, utf8.RuneCountInString(word)*100)
			}
		}
		out[i] = min(max(longest+150, least), 1500)
		total += out[i]
	}
	if room := pageWidth * 73 / 100; total > room && total > least*len(out) {
		for i := range out {
			out[i] = least + (out[i]-least)*max(room-least*len(out), 0)/(total-least*len(out))
		}
	}
	return out
}

// grid is a table with its notes. The first column takes what the numbers leave.
func (b *docx) grid(g *report.Grid) {
	widths, first := columnWidths(g), pageWidth
	for _, w := range widths {
		first -= w
	}
	b.WriteString(`<w:tbl><w:tblPr><w:tblStyle w:val="Tabel"/><w:tblW w:w="` + fmt.Sprint(pageWidth) + `" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val="` +
		escape("Tabel "+g.ID) + `"/><w:tblDescription w:val="` + escape(g.Title) + `"/></w:tblPr><w:tblGrid><w:gridCol w:w="` + fmt.Sprint(first) + `"/>`)
	for _, w := range widths {
		b.printf(`<w:gridCol w:w="%d"/>`, w)
	}
	b.WriteString(`</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`)
	b.cell(first, g.First, "Kolomkop", "left", 1)
	for i, h := range g.Heads {
		b.cell(widths[i], h.Text, "Kolomkop", "right", 1)
	}
	b.WriteString(`</w:tr>`)
	group := ""
	for _, l := range g.Lines {
		if l.Group != group && l.Group != "" {
			b.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
			b.cell(pageWidth, l.Group, "Cel", "left", len(g.Heads)+1)
			b.WriteString(`</w:tr>`)
		}
		group = l.Group
		b.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
		b.cell(first, l.Label, "Cel", "left", 1)
		for i, v := range l.Values {
			b.cell(widths[i], v.Text, "Cel", "right", 1)
		}
		b.WriteString(`</w:tr>`)
	}
	b.WriteString(`</w:tbl>`)
	for _, n := range g.Notes {
		b.paragraph("Noot", n)
	}
	for _, n := range g.Caution {
		b.paragraph("Noot", "Let op: "+n)
	}
}

func (b *docx) cell(width int, text, style, align string, span int) {
	b.printf(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, width)
	bold := ""
	if span > 1 {
		b.printf(`<w:gridSpan w:val="%d"/>`, span)
		bold = `<w:rPr><w:b/></w:rPr>`
	}
	b.printf(`</w:tcPr><w:p><w:pPr><w:pStyle w:val="%s"/><w:jc w:val="%s"/></w:pPr><w:r>%s<w:t xml:space="preserve">%s</w:t></w:r></w:p></w:tc>`, style, align, bold, escape(text))
}
