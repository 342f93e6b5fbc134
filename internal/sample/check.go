package sample

import (
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The longest texts we take, in bytes. An address of mail has its limit from
// RFC 5321; the others are far beyond what is real.
const (
	maxEmail      = 254
	maxText       = 200
	maxBackground = 4_000
)

// checkText says what is wrong with a name, a function or a line of an address.
func checkText(s string) (problem string) {
	switch {
	case len(s) > maxText:
		return "deze tekst is te lang"
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }):
		return "hier mag geen regeleinde of ander onzichtbaar teken staan"
	case !utf8.ValidString(s):
		return "hier staat een teken dat niet te lezen is"
	}
	return ""
}

// CheckEmail says in Dutch what is wrong with an address of mail, or nothing.
// It takes one plain address that every mail server can carry.
func CheckEmail(s string) (problem string) {
	const bad = "dit is geen e-mailadres; verwacht één adres, zoals naam@organisatie.nl"
	if len(s) > maxEmail {
		return "dit e-mailadres is te lang"
	}
	for _, r := range s {
		switch {
		case unicode.IsControl(r):
			return "hier mag geen regeleinde of ander onzichtbaar teken staan"
		case r > unicode.MaxASCII:
			return "in een e-mailadres mag geen letter met een accent of ander bijzonder teken staan"
		}
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s {
		return bad
	}
	local, domain, _ := strings.Cut(s, "@")
	if len(local) > 64 || !isDomain(domain) {
		return bad
	}
	return ""
}

// isDomain reports whether s is a domain name of at least two labels.
func isDomain(s string) bool {
	labels := strings.Split(s, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' ||
			strings.Trim(strings.ToLower(label), "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	top := labels[len(labels)-1]
	return len(labels) > 1 && strings.ContainsFunc(top, unicode.IsLetter)
}

// checkPhone says what is wrong with a telephone number. People add words to
// it ("via het secretariaat"), so it only has to contain a number.
func checkPhone(s string) (problem string) {
	if p := checkText(s); p != "" {
		return p
	}
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
	if len(digits) < 6 {
		return "dit is geen telefoonnummer"
	}
	return ""
}

// parseDate reads a day as files write it.
func parseDate(s string) (day time.Time, problem string) {
	for _, layout := range []string{"2006-01-02", "2-1-2006", "2/1/2006", "2006-01-02 15:04:05", "2006-01-02T15:04:05Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC), ""
		}
	}
	return time.Time{}, "dit is geen datum; verwacht bijvoorbeeld 2018-01-31 of 31-1-2018"
}
