package store

import (
	"crypto/rand"
	"strings"
)

// crockford are the digits of a letter code: no I, L, O or U.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// checkDigits continue crockford for the remainder modulo 37.
const checkDigits = crockford + "*~$=U"

// NewCode returns a code for letters: four groups of four characters, 80 random
// bits, and a check digit: "7F2K-9MQX-03BD-WT5Z-H" (standards K16).
func NewCode() string {
	for {
		b := make([]byte, 16)
		_, _ = rand.Read(b) // never fails (crypto/rand)
		for i := range b {
			b[i] = crockford[b[i]&31]
		}
		check := checkDigit(string(b))
		if strings.IndexByte(crockford, check) < 0 {
			continue // a sign that is hard to type on a phone: draw again
		}
		return string(b[:4]) + "-" + string(b[4:8]) + "-" + string(b[8:12]) + "-" + string(b[12:]) + "-" + string(check)
	}
}

// checkDigit is the remainder modulo 37, which finds every wrong character and
// every swap of two neighbours (Crockford, base 32).
func checkDigit(digits string) byte {
	n := 0
	for i := range len(digits) {
		n = (n*32 + strings.IndexByte(crockford, digits[i])) % 37
	}
	return checkDigits[n]
}

// NormalCode brings a typed code into the form in which it was made: case,
// spaces and dashes do not matter, O is 0, I and L are 1. ok is false for what
// cannot be a code; typo says that only the check digit does not fit.
func NormalCode(typed string) (code string, ok, typo bool) {
	var b strings.Builder
	for _, r := range strings.ToUpper(typed) {
		switch r {
		case ' ', '-', '\t', '\u00a0', '\u2011', '\u2013', '.', '_':
			continue
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		if !strings.ContainsRune(crockford, r) {
			return "", false, false
		}
		b.WriteRune(r)
	}
	s := b.String()
	if len(s) != 17 {
		return "", false, false
	}
	if checkDigit(s[:16]) != s[16] {
		return "", false, true
	}
	return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:], true, false
}
