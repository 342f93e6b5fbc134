package mail

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"github.com/uitvraag/uitvraag/internal/errs"
)

// Check reports everything that keeps m from being sent, as errors of kind
// Invalid.
func (m Message) Check() error {
	return errors.Join(
		m.checkHeaders(),
		checkAddress("de afzender", m.From),
		checkAddress("het antwoordadres", m.ReplyTo),
		checkAddress("de geadresseerde", m.To),
		CheckAddress(m.ReturnPath),
		CheckAddress(m.UnsubscribeMail),
		m.checkURL(),
		m.checkBody(),
	)
}

func (m Message) checkHeaders() error {
	id, host, ok := strings.Cut(m.ID, "@")
	switch {
	case !ok || id == "" || host == "" || len(m.ID) > 200 || strings.Contains(m.ID, "=?") || strings.ContainsFunc(m.ID, notMessageID):
		return errs.Errorf(errs.Invalid, "Het bericht heeft geen geldig Message-ID: %q.", m.ID)
	case m.Date.IsZero() || m.Date.Year() < 1970 || m.Date.Year() > 9999:
		return errs.Errorf(errs.Invalid, "Het bericht heeft geen datum.")
	case strings.TrimSpace(m.Subject) == "":
		return errs.Errorf(errs.Invalid, "Het bericht heeft geen onderwerp.")
	}
	return checkHeader("het onderwerp", m.Subject)
}

func notMessageID(r rune) bool {
	return r <= ' ' || r >= unicode.MaxASCII || strings.ContainsRune(`<>()[]\,;:"`, r)
}

func (m Message) checkURL() error {
	u, err := url.Parse(m.UnsubscribeURL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" ||
		len(m.UnsubscribeURL) > 900 || encodedWord.MatchString(m.UnsubscribeURL) || strings.ContainsFunc(m.UnsubscribeURL, notInURL) {
		return errs.Errorf(errs.Invalid, "Het bericht heeft geen geldige link om af te melden.")
	}
	return nil
}

func notInURL(r rune) bool {
	return r <= ' ' || r >= unicode.MaxASCII || strings.ContainsRune("<>,\"", r)
}

func (m Message) checkBody() error {
	for _, body := range []string{m.Text, m.HTML} {
		switch {
		case strings.TrimSpace(body) == "":
			return errs.Errorf(errs.Invalid, "Het bericht heeft geen tekst, of geen tekst in HTML.")
		case !utf8.ValidString(body) || strings.ContainsRune(body, 0):
			return errs.Errorf(errs.Invalid, "De tekst van het bericht is geen geldige UTF-8.")
		}
	}
	return nil
}

func checkAddress(what string, a Address) error {
	if err := checkHeader(what, a.Name); err != nil {
		return err
	}
	return CheckAddress(a.Email)
}

var encodedWord = regexp.MustCompile(`=\?[^?]*\?[^?]*\?[^?]*\?=`)

// checkHeader refuses what could end a header and begin another, and what no
// reader would see.
func checkHeader(what, value string) error {
	if !utf8.ValidString(value) {
		return errs.Errorf(errs.Invalid, "In %s staat geen geldige UTF-8.", what)
	}
	for _, r := range value {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return errs.Errorf(errs.Invalid, "In %s staat een regeleinde of een ander stuurteken.", what)
		}
	}
	if encodedWord.MatchString(value) { // a reader would show something else than we wrote
		return errs.Errorf(errs.Invalid, "In %s staat een gecodeerd woord.", what)
	}
	if len(value) > 500 {
		return errs.Errorf(errs.Invalid, "In %s staan te veel tekens.", what)
	}
	return nil
}

// CheckAddress reports an address to which no mail can be sent. It is stricter
// than the standard: no quotes, comments or accents before the @.
func CheckAddress(email string) error {
	_, err := asciiAddress(email)
	return err
}

// asciiAddress is email with its domain as it stands in the DNS.
func asciiAddress(email string) (string, error) {
	at := strings.LastIndexByte(email, '@')
	if at < 1 || at > 64 || len(email) > 254 || !utf8.ValidString(email) || strings.Contains(email, "=?") || strings.ContainsFunc(email[:at], notInLocalPart) {
		return "", errs.Errorf(errs.Invalid, "Dit is geen e-mailadres: %q.", email)
	}
	domain, err := idna.Lookup.ToASCII(email[at+1:])
	if err != nil || domain == "" || strings.Trim(domain, ".") != domain || strings.Contains(domain, "..") {
		return "", errs.Errorf(errs.Invalid, "Dit is geen e-mailadres: %q.", email)
	}
	return email[:at+1] + domain, nil
}

// notInLocalPart tells what is not atext or a dot (RFC 5322, 3.2.3).
func notInLocalPart(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return false
	}
	return !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~.", r)
}
