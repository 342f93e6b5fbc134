package page

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"sync"

	"github.com/uitvraag/uitvraag/internal/chart"
	"github.com/uitvraag/uitvraag/web/static"
)

var (
	inkRule  = regexp.MustCompile(`(?m)((?:svg )?\.(?:f|on|ax|ax0|br|br0|mk1|pt|g1|t2|t-s|t-b|ts|te|tm)(?:-[a-z]+[0-9]?)? ?\{[^}]*\})`)
	variable = regexp.MustCompile(`var\((--[a-z0-9-]+)\)`)
	token    = regexp.MustCompile(`(--[a-z0-9-]+): ([^;]+);`)
)

// ink are the rules of the style sheet for the marks of a figure, with the colours
// of the day filled in: a drawing that stands alone cannot ask for them.
var ink = sync.OnceValue(func() string {
	tokens, _, _ := static.File(static.Path("tokens.css"))
	light, _, _ := strings.Cut(string(tokens), "\n}")
	values := map[string]string{}
	for _, m := range token.FindAllStringSubmatch(light, -1) {
		values[m[1]] = m[2]
	}
	fill := func(css string) string {
		return variable.ReplaceAllStringFunc(css, func(v string) string { return values[variable.FindStringSubmatch(v)[1]] })
	}
	sheet, _, _ := static.File(static.Path("uitvraag.css"))
	var b strings.Builder
	b.WriteString(fill(`text{font-family:var(--font);font-size:13px;fill:var(--ink)} .paper{fill:var(--paper)}`))
	for _, rule := range inkRule.FindAllString(string(sheet), -1) {
		b.WriteString("\n" + fill(rule))
	}
	return b.String()
})

// DrawingSVG is a figure as a file that opens in any program.
func DrawingSVG(s chart.Sheet) (svg []byte, width, height int) {
	inside, width, height := s.Alone()
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-labelledby="t d">
<title id="t">%s</title><desc id="d">%s</desc>
<style>%s</style>
<rect class="paper" width="100%%" height="100%%"/>%s</svg>
`, width, height, width, height, html.EscapeString(s.Title), html.EscapeString(s.Finding), ink(), inside), width, height
}
