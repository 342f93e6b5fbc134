package mail

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"regexp"
	"strconv"
	"strings"

	"github.com/uitvraag/uitvraag/internal/errs"
)

// Keys makes the names by which a mail that comes back is known again, and
// knows them. Without the secret nobody can make one.
type Keys struct {
	Secret []byte
	Domain string // of return paths and message ids
}

// What an address is for stands before the plus.
const (
	prefixBounce      = "bounce"
	prefixUnsubscribe = "afmelden"
	prefixMessage     = "bericht"
)

// macLen is 100 bits; with an id of 36 characters the local part is the 64
// that a server must take (RFC 5321, 4.5.3.1.1).
const macLen = 20

var (
	lowerBase32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)
	validID     = regexp.MustCompile(`^[a-z0-9-]{1,36}$`)

	// Servers on the way may change case and wrap an address in another, as
	// SRS and BATV do; so it is looked for and not parsed.
	unsubscribeToken = regexp.MustCompile(`(?is)^([a-z0-9-]{1,36}\.[a-z2-7]{20})([^a-z0-9-].{0,20})?$`)

	signedAddress = regexp.MustCompile(`(?i)(bounce|afmelden|bericht)\+([a-z0-9-]{1,36})\.([a-z2-7]{20})`)
)

// MessageID is the Message-ID of id: always the same, so that a mail sent twice
// by accident shows once. It is signed as an address is: an answer names it, and
// so tells what it answers. It panics as ReturnPath does.
func (k Keys) MessageID(id string) string { return k.address(prefixMessage, id) }

// ReturnPath is the address to which delivery reports about id are sent. An id
// has at most 36 lower-case letters, digits and hyphens; ReturnPath panics on
// another.
func (k Keys) ReturnPath(id string) string { return k.address(prefixBounce, id) }

// UnsubscribeAddress is the address that asks, by any mail sent to it, to mail
// id no more. It panics as ReturnPath does.
func (k Keys) UnsubscribeAddress(id string) string { return k.address(prefixUnsubscribe, id) }

// UnsubscribeToken is what the address of the page that does the same ends in:
// the name of UnsubscribeAddress, without what it is for. It panics as
// ReturnPath does.
func (k Keys) UnsubscribeToken(id string) string {
	local, _, _ := strings.Cut(k.UnsubscribeAddress(id), "@")
	return strings.TrimPrefix(local, prefixUnsubscribe+"+")
}

// ParseUnsubscribeToken reads the id from a token of UnsubscribeToken, and
// refuses one that was not made with the secret. clean is the token as it was
// made: without what a mail program took along behind it, in lower case.
func (k Keys) ParseUnsubscribeToken(typed string) (id, clean string, err error) {
	if m := unsubscribeToken.FindStringSubmatch(typed); m != nil {
		if id, ok := k.find(prefixUnsubscribe, prefixUnsubscribe+"+"+m[1]); ok {
			return id, strings.ToLower(m[1]), nil
		}
	}
	return "", "", errs.Errorf(errs.NotFound, "Deze link klopt niet. Kijk of u hem helemaal hebt overgenomen.")
}

// ParseReturnPath reads the id from an address of ReturnPath, whatever its
// domain, and refuses one that was not made with the secret.
func (k Keys) ParseReturnPath(address string) (id string, err error) {
	if id, ok := k.find(prefixBounce, address); ok {
		return id, nil
	}
	return "", errs.Errorf(errs.Invalid, "Dit is geen retouradres van ons.")
}

func (k Keys) address(prefix, id string) string {
	if !validID.MatchString(id) {
		panic("mail: no id for an address: " + strconv.Quote(id))
	}
	return prefix + "+" + id + "." + k.mac(prefix, id)[:macLen] + "@" + k.Domain
}

// find returns the id of the first address in text that carries prefix and was
// signed by us.
func (k Keys) find(prefix, text string) (id string, ok bool) {
	for _, m := range signedAddress.FindAllStringSubmatch(text, 20) {
		id := strings.ToLower(m[2])
		if strings.EqualFold(m[1], prefix) && hmac.Equal([]byte(strings.ToLower(m[3])), []byte(k.mac(prefix, id)[:macLen])) {
			return id, true
		}
	}
	return "", false
}

func (k Keys) mac(purpose, text string) string {
	h := hmac.New(sha256.New, k.Secret)
	h.Write([]byte("mail " + purpose + "\x00" + text)) // never fails
	return lowerBase32.EncodeToString(h.Sum(nil))
}
