package mail

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"errors"
	"fmt"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"golang.org/x/net/idna"
)

// A DKIM signs messages in the name of a domain (RFC 6376). Its public half
// stands in the DNS at SELECTOR._domainkey.DOMAIN.
type DKIM struct {
	domain, selector string
	key              crypto.Signer
}

// signed are the headers under the signature. RFC 8058 demands both
// List-Unsubscribe headers, which go-mail leaves out by itself.
var signed = []string{
	"From", "To", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
	"Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post",
}

// oversigned headers cannot be added behind the signature either.
var oversigned = []string{"From", "To", "Reply-To", "Subject", "Date"}

// NewDKIM reads a private RSA (1024 to 4096 bits) or ed25519 key in PEM.
func NewDKIM(pem []byte, domain, selector string) (*DKIM, error) {
	key, err := gomail.PrivKeyFromPEM(pem)
	if err != nil {
		return nil, fmt.Errorf("DKIM key: %w", err)
	}
	if k, ok := key.(*rsa.PrivateKey); ok && (k.N.BitLen() < 1024 || k.N.BitLen() > 4096) {
		return nil, errors.New("DKIM key: receivers accept RSA keys of 1024 to 4096 bits (RFC 8301)")
	}
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil {
		return nil, fmt.Errorf("DKIM domain: %w", err)
	}
	if _, err := idna.Lookup.ToASCII(selector); err != nil || selector == "" {
		return nil, fmt.Errorf("DKIM selector %q is not a name", selector)
	}
	d := &DKIM{ascii, selector, key}
	if err := d.signer(time.Time{}).ValidateConfig(); err != nil {
		return nil, fmt.Errorf("DKIM: %w", err)
	}
	return d, nil
}

// sign puts the signature before a message.
func (d *DKIM) sign(data []byte, at time.Time) ([]byte, error) {
	head, body, ok := bytes.Cut(data, []byte("\r\n\r\n"))
	if !ok {
		return nil, errors.New("DKIM: the message has no body")
	}
	signature, err := d.signer(at).Sign(append(bytes.Clone(head), "\r\n"...), body)
	if err != nil {
		return nil, fmt.Errorf("DKIM: %w", err)
	}
	return append([]byte(refold(signature)), data...), nil
}

// refold folds a signature of go-mail (v0.8.1) at its tags only. go-mail cuts
// it every 76 characters, also within a name in h=, which changes what was
// signed: no receiver would accept a list of headers as long as ours.
func refold(signature string) string {
	whole := strings.ReplaceAll(signature, "\r\n ", "")
	return strings.ReplaceAll(whole, "; ", ";\r\n ")
}

// signer is made anew for each message: go-mail's writes to itself when it
// signs, and its clock is the date of the message.
func (d *DKIM) signer(at time.Time) *gomail.DKIMSigner {
	s := gomail.NewDKIMSigner(d.domain, d.selector, d.key)
	s.SignHeaders(signed...)
	s.OversignHeaders(oversigned...)
	s.NowFunc = func() time.Time { return at }
	return s
}
