package answer

import (
	"regexp"
	"strings"
)

// A Sign is a kind of personal data that a text seems to hold (standards V9).
type Sign string

// The signs.
const (
	MailAddress Sign = "e-mailadres"
	PhoneNumber Sign = "telefoonnummer"
	BSN         Sign = "burgerservicenummer"
)

// A Finding is a part of a text that seems to be personal data.
type Finding struct {
	Sign     Sign
	From, To int // bytes of the text
}

var (
	mailSign = regexp.MustCompile(`(?i)[\p{L}0-9._%+-]+@[\p{L}0-9-]+(?:\.[\p{L}0-9-]+)+`)
	// Groups of digits as people write numbers: 06 - 12 34 56 78, +31 (0)6 12345678.
	digitSign = regexp.MustCompile(`(?:\+|\(0|\b)\d(?:[ \t./()-]{0,3}\d){7,13}\b`)
)

// Personal returns what in a text seems to be personal data, in order. It is for
// the eye of a person: a number that happens to pass is found too.
func Personal(text string) []Finding {
	var out []Finding
	for _, at := range mailSign.FindAllStringIndex(text, -1) {
		out = append(out, Finding{MailAddress, at[0], at[1]})
	}
	for _, at := range digitSign.FindAllStringIndex(text, -1) {
		if sign, ok := numberSign(text[at[0]:at[1]]); ok {
			out = append(out, Finding{sign, at[0], at[1]})
		}
	}
	return out
}

// numberSign says what a group of digits seems to be.
func numberSign(text string) (Sign, bool) {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
	if isBSN(digits) {
		return BSN, true
	}
	abroad := strings.HasPrefix(text, "+") || strings.HasPrefix(digits, "00")
	if abroad && len(digits) >= 10 || len(digits) == 10 && digits[0] == '0' && digits[1] != '0' {
		return PhoneNumber, true
	}
	return "", false
}

// isBSN is the eleven test: nine digits, of which nine times the first, eight
// times the second … minus once the last is a multiple of eleven. (Logisch
// Ontwerp BSN; 000000000 is none.)
func isBSN(digits string) bool {
	if len(digits) == 8 {
		digits = "0" + digits
	}
	if len(digits) != 9 || strings.Trim(digits, "0") == "" {
		return false
	}
	sum := -int(digits[8] - '0')
	for i := range 8 {
		sum += int(digits[i]-'0') * (9 - i)
	}
	return sum%11 == 0
}
