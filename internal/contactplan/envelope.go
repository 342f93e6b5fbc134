package contactplan

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// postcode finds a Dutch postcode; what stands before it is the street, what
// follows the town.
var postcode = regexp.MustCompile(`(?i)(?:^|[\s,;])([1-9][0-9]{3})\s?([a-z]{2})\b[\s,;]*`)

// windowLines is how many lines fit in the window of an envelope.
const windowLines = 6

// Envelope returns the address of a letter, a line each, as it shows in the
// window: the unit, for whose attention, and the address as PostNL reads it best:
// the postcode with a space, two spaces, and the town in capitals. Address is as
// it was typed, over lines or with commas. Of a general address attend is for
// whom the letter is; else the person. At most six lines come out: those of the
// address are kept.
func Envelope(unit, salutation, name, attend, address string) []string {
	head := []string{clean(unit)}
	if to := addressee(salutation, name, attend); to != "" {
		head = append(head, "T.a.v. "+to)
	}
	lines := addressLines(address)
	if len(lines) > 0 && strings.EqualFold(lines[0], head[0]) {
		lines = lines[1:] // the register had the name in the address too
	}
	if over := len(head) + len(lines) - windowLines; over > 0 {
		last := lines[len(lines)-1]
		lines = append(lines[:max(0, len(lines)-1-over)], last)
	}
	return append(head, lines...)
}

// addressee names a person as on an envelope: mevrouw H. de Boer.
func addressee(salutation, name, attend string) string {
	if n := clean(name); n != "" {
		switch s := strings.ToLower(clean(salutation)); {
		case strings.Contains(s, "mevrouw"), strings.Contains(s, "mw"):
			return "mevrouw " + n
		case strings.Contains(s, "heer"):
			return "de heer " + n
		}
		return n
	}
	return clean(attend)
}

// addressLines splits an address as it was typed. A comma in the name of a town
// is no end of a line.
func addressLines(address string) []string {
	var out []string
	add := func(text string) {
		for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' }) {
			if line := clean(part); line != "" {
				out = append(out, line)
			}
		}
	}
	for line := range strings.Lines(strings.ReplaceAll(address, "\r", "\n")) {
		at := postcode.FindStringSubmatchIndex(line)
		if at == nil {
			add(line)
			continue
		}
		add(line[:at[2]])
		digits, letters, town := line[at[2]:at[3]], line[at[4]:at[5]], clean(line[at[1]:])
		out = append(out, strings.TrimSpace(digits+" "+strings.ToUpper(letters)+"  "+townCapitals(town)))
	}
	return out
}

// townCapitals writes a town in capitals: 's-GRAVENHAGE.
func townCapitals(town string) string {
	if strings.HasPrefix(town, "'s") || strings.HasPrefix(town, "’s") || strings.HasPrefix(town, "'t") || strings.HasPrefix(town, "’t") {
		_, n := utf8.DecodeRuneInString(town)
		return town[:n+1] + strings.ToUpper(town[n+1:])
	}
	return strings.ToUpper(town)
}
