package page

import (
	"bytes"
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/web/static"
)

// sheets are the links of a page to what it asks for beside itself.
var sheets = regexp.MustCompile(`<link rel="(stylesheet|icon)"[^>]*href="([^"]+)"([^>]*)>`)

// alone renders a page as one file, which needs neither another file nor a
// network: its style sheets stand in it.
func alone(ctx context.Context, view templ.Component) ([]byte, error) {
	var html bytes.Buffer
	if err := view.Render(ctx, &html); err != nil {
		return nil, err
	}
	return sheets.ReplaceAllFunc(html.Bytes(), func(link []byte) []byte {
		m := sheets.FindSubmatch(link)
		content, kind, ok := static.File(string(m[2]))
		if !ok || !strings.HasPrefix(kind, "text/css") {
			return nil
		}
		media := ""
		if bytes.Contains(m[3], []byte(`media="print"`)) {
			media = ` media="print"`
		}
		return slices.Concat([]byte("<style"+media+">"), content, []byte("</style>"))
	}), nil
}

// CodebookFile is a codebook as one file.
func CodebookFile(ctx context.Context, d *dataset.Dataset, entries []export.Entry) ([]byte, error) {
	p := NewCodebook(d, entries)
	p.Print = true
	return alone(ctx, p.View())
}

// BookFile is a book of tables as one file.
func BookFile(ctx context.Context, d *report.Document) ([]byte, error) {
	return alone(ctx, Book{Doc: d, Print: true}.View())
}

// Press makes what export needs pages for.
func Press(p *export.Printer) export.Press {
	return export.Press{Book: BookFile, Codebook: CodebookFile, Printer: p}
}
