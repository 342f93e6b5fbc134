package credential

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // RFC 6238 as every app does it
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// SecretBytes is the length of the secret that an app and we share (RFC 4226).
const SecretBytes = 20

// period is how long one code of an app is shown (RFC 6238).
const period = 30 * time.Second

// SecretText is a secret as people type it into an app, in groups of four.
func SecretText(secret []byte) string {
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
	var groups []string
	for len(text) > 4 {
		groups, text = append(groups, text[:4]), text[4:]
	}
	return strings.Join(append(groups, text), " ")
}

// SecretURL is a secret as apps read it from a QR code.
func SecretURL(secret []byte, issuer, email string) string {
	q := url.Values{"secret": {strings.ReplaceAll(SecretText(secret), " ", "")}, "issuer": {issuer}}
	return "otpauth://totp/" + url.PathEscape(issuer+":"+email) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

// Code is what an app shows for a step: six digits.
func Code(secret []byte, step int64) string {
	mac := hmac.New(sha1.New, secret)
	_ = binary.Write(mac, binary.BigEndian, step) // a hash takes everything
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[at:at+4])&0x7fffffff%1_000_000)
}

// Step is the count of periods at a moment.
func Step(now time.Time) int64 { return now.Unix() / int64(period/time.Second) }

// Match returns the step of which a code is, around now and after the last one
// that was used, so that a code works once. A clock may be one period off.
// Nothing matches without a secret.
func Match(secret []byte, code string, last int64, now time.Time) (step int64, ok bool) {
	if len(secret) == 0 {
		return 0, false
	}
	code = strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, code)
	for _, d := range []int64{0, -1, 1} {
		if s := Step(now) + d; s > last && subtle.ConstantTimeCompare([]byte(Code(secret, s)), []byte(code)) == 1 {
			step, ok = s, true
		}
	}
	return step, ok
}

// RecoveryCodes is how many recovery codes somebody has, for a lost telephone.
const RecoveryCodes = 10

const recoveryLetters = "23456789abcdefghjkmnpqrstuvwxyz" // none that are mistaken for another

// NewRecovery makes recovery codes, each of 79 random bits.
func NewRecovery() []string {
	codes := make([]string, RecoveryCodes)
	for i := range codes {
		var b strings.Builder
		for b.Len() < 19 {
			if b.Len()%5 == 4 {
				b.WriteByte('-')
			}
			var one [1]byte
			_, _ = rand.Read(one[:])                                         // never fails (crypto/rand)
			if int(one[0]) < 256/len(recoveryLetters)*len(recoveryLetters) { // all letters as likely
				b.WriteByte(recoveryLetters[int(one[0])%len(recoveryLetters)])
			}
		}
		codes[i] = b.String()
	}
	return codes
}

// RecoveryHash is what is kept of a recovery code. It reads what people type:
// capitals, spaces and lines do not matter. A code has too many bits to guess, so
// a plain hash will do.
func RecoveryHash(code string) []byte {
	code = strings.Map(func(r rune) rune {
		if strings.ContainsRune(recoveryLetters, r) {
			return r
		}
		return -1
	}, strings.ToLower(code))
	sum := sha256.Sum256([]byte(code))
	return sum[:]
}
