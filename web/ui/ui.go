// Package ui holds the parts that pages are made of: the document, fields,
// notices, tags, drawings, and how dates, numbers and long words are written
// in Dutch. It knows nothing of studies or questionnaires.
package ui

import (
	"context"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// shy cuts the long words of the trade where they may be broken.
var shy = strings.NewReplacer(
	"amenwerkingsverband", "amenwerkings\u00ADverband",
	"nderwijszorgarrangement", "nderwijs\u00ADzorg\u00ADarrangement",
	"nderwijsondersteuning", "nderwijs\u00ADondersteuning",
	"choolmaatschappelijk", "chool\u00ADmaatschappelijk",
	"eugdgezondheidszorg", "eugd\u00ADgezondheids\u00ADzorg",
	"eleidsmedewerker", "eleids\u00ADmedewerker",
	"oegankelijkheidsverklaring", "oegankelijkheids\u00ADverklaring",
	"rivacyverklaring", "rivacy\u00ADverklaring",
)

// code finds the codes that must stay on one line: PO 25-06.
var code = regexp.MustCompile(`\b[A-Z]{2} \d{2}-\d{2}\b`)

// Words writes text for a heading or a narrow place: long words may be broken,
// codes stay together.
func Words(text string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, words(text))
		return err
	})
}

func words(text string) string {
	text = templ.EscapeString(shy.Replace(text))
	return code.ReplaceAllString(text, `<span class="nw">$0</span>`)
}

// Count writes a number with the right form of a noun: "1 vraag", "3 vragen".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Int(n) + " " + many
}

// Int writes a whole number with dots between thousands: 1.250.
func Int(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return sign + s
}

// Decimal writes a number with a decimal comma.
func Decimal(x float64, digits int) string {
	return strings.Replace(strconv.FormatFloat(x, 'f', digits, 64), ".", ",", 1)
}

// Percent writes part of whole as a whole percentage, "–" of nothing.
func Percent(part, whole int) string {
	if whole == 0 {
		return "–"
	}
	return strconv.Itoa((200*part+whole)/(2*whole)) + "%"
}

// Upper writes the first letter as a capital.
func Upper(s string) string {
	if s == "" {
		return ""
	}
	r := []rune(s)
	return strings.ToUpper(string(r[0])) + string(r[1:])
}

// Tel returns the address that calls a telephone number as it is printed:
// "088 - 000 01 23" is a Dutch number.
func Tel(printed string) string {
	var digits strings.Builder
	for _, r := range printed {
		if r >= '0' && r <= '9' || r == '+' && digits.Len() == 0 {
			digits.WriteRune(r)
		}
	}
	if d, ok := strings.CutPrefix(digits.String(), "0"); ok {
		return "tel:+31" + d
	}
	return "tel:" + digits.String()
}

// IDs joins the ids that are not empty, for aria-describedby.
func IDs(ids ...string) string {
	var out []string
	for _, id := range ids {
		if id != "" {
			out = append(out, id)
		}
	}
	return strings.Join(out, " ")
}
