package sample

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/uitvraag/uitvraag/internal/sheet"
)

// maxCode is the length of the longest code of a partner, in bytes.
const maxCode = 64

var (
	gemeenteCode = regexp.MustCompile(`^(?:GM)?[ ._-]*([0-9]{1,4})`)
	swvCode      = regexp.MustCompile(`^(?:SWV[ ._-]*)?(PO|VO)?[ ._-]*([0-9]{2})[ ._-]?([0-9]{2})`)
	separators   = " /;,|&+\n\r\t"
)

// Code returns the code of an organisation in the one spelling by which it is
// stored and compared, or a problem in Dutch that says what is expected.
//
//	gemeente  14, 0014, gm 14          GM0014
//	swv       PO-20-01, SWV po 20.01   PO2001; without PO or VO the sector decides
//	others    as written, trimmed, white space folded; case does not tell two apart
//
// Sector is what the file says beside the code, or empty.
func Code(kind Kind, text, sector string) (code, problem string) {
	codes, problem := Codes(kind, text, sector)
	switch {
	case problem != "":
		return "", problem
	case len(codes) == 0:
		return "", "de code ontbreekt"
	case len(codes) > 1:
		return "", sheet.Quote(text) + " bevat meer dan één code"
	}
	return codes[0], ""
}

// Codes returns the codes in a cell that may hold several, separated by white
// space, / ; , | & or +; those of partners, which may contain spaces and other
// signs, by ; or | only.
func Codes(kind Kind, text, sector string) (codes []string, problem string) {
	if kind != SWV && kind != Gemeente {
		return partnerCodes(text)
	}
	rest := strings.TrimLeft(plain(text), separators)
	for rest != "" {
		code, n := "", 0
		if kind == Gemeente {
			code, n = nextGemeente(rest)
		} else {
			code, n, problem = nextSWV(rest, sector)
		}
		if problem != "" {
			return nil, sheet.Quote(text) + problem
		}
		if n == 0 || n < len(rest) && !strings.ContainsRune(separators, rune(rest[n])) {
			return nil, sheet.Quote(text) + expected(kind)
		}
		codes = append(codes, code)
		rest = strings.TrimLeft(rest[n:], separators)
	}
	return codes, ""
}

// nextGemeente returns the code at the start of s and how long it is there.
func nextGemeente(s string) (code string, n int) {
	m := gemeenteCode.FindStringSubmatch(s)
	if m == nil {
		return "", 0
	}
	code = fmt.Sprintf("GM%04s", m[1])
	if code == "GM0000" {
		return "", 0
	}
	return code, len(m[0])
}

// nextSWV returns the code at the start of s and how long it is there.
func nextSWV(s, sector string) (code string, n int, problem string) {
	m := swvCode.FindStringSubmatch(s)
	if m == nil {
		return "", 0, ""
	}
	prefix, beside := m[1], sectorOf(sector)
	switch {
	case prefix == "" && beside == "":
		return "", 0, " zegt niet of het om PO of VO gaat; verwacht een code als PO2001, of een kolom sector"
	case prefix == "":
		prefix = beside
	case beside != "" && beside != prefix:
		return "", 0, fmt.Sprintf(" hoort bij %s, maar de sector is hier %s", prefix, beside)
	}
	return prefix + m[2] + m[3], len(m[0]), ""
}

func partnerCodes(text string) (codes []string, problem string) {
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ';' || r == '|' }) {
		code := strings.Join(strings.Fields(part), " ")
		switch {
		case code == "":
			continue
		case len(code) > maxCode:
			return nil, fmt.Sprintf("%s is te lang voor een code: hoogstens %d tekens", sheet.Quote(part), maxCode)
		case strings.ContainsFunc(code, unicode.IsControl):
			return nil, sheet.Quote(part) + " bevat een onzichtbaar teken"
		}
		codes = append(codes, code)
	}
	return codes, ""
}

func expected(kind Kind) string {
	if kind == Gemeente {
		return " is geen code van een gemeente; verwacht GM en vier cijfers, zoals GM0014"
	}
	return " is geen code van een samenwerkingsverband; verwacht PO of VO en vier cijfers, zoals PO2001"
}

// sectorOf reads a sector as people write it. What it does not know is empty.
func sectorOf(text string) string {
	switch key(text) {
	case "po", "primair", "primaironderwijs", "basisonderwijs", "swvpo":
		return "PO"
	case "vo", "voortgezet", "voortgezetonderwijs", "swvvo":
		return "VO"
	}
	return ""
}

// plain returns text in upper case with ordinary spaces and dashes.
func plain(text string) string {
	return strings.ToUpper(strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Pd, r):
			return '-'
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, text)))
}

// Sector returns PO or VO for the code of a swv, and nothing for another code.
func Sector(kind Kind, code string) string {
	if kind == SWV && len(code) == 6 {
		return code[:2]
	}
	return ""
}

// Display returns a code as people are used to read it: PO 20-01 for a swv.
func Display(kind Kind, code string) string {
	if kind == SWV && len(code) == 6 {
		return code[:2] + " " + code[2:4] + "-" + code[4:]
	}
	return code
}
