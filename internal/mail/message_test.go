package mail_test

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/mail"
)

var keys = mail.Keys{Secret: []byte("a secret of the test"), Domain: "uitvraag.example"}

// message is one that can be sent.
func message() mail.Message {
	return mail.Message{
		ID:              keys.MessageID("42"),
		Date:            time.Date(2026, 9, 14, 9, 30, 0, 0, time.FixedZone("CEST", 2*3600)),
		ReturnPath:      keys.ReturnPath("42"),
		From:            mail.Address{Name: "Landelijke inventarisatie", Email: "onderzoek@uitvraag.example"},
		ReplyTo:         mail.Address{Email: "vragen@uitvraag.example"},
		To:              mail.Address{Name: "'s-Gravenhage, afdeling Jeugd", Email: "jeugd@denhaag.example"},
		Subject:         "Uitnodiging voor Súdwest-Fryslân: onderwijs en jeugdhulp in uw gemeente, de vragenlijst van 2026 staat klaar",
		Text:            "Geachte heer Coëlho,\n\n.punt aan het begin\nDe link: https://uitvraag.example/v/abc\n",
		HTML:            "<p>Geachte heer Coëlho,</p>\n<p><a href=\"https://uitvraag.example/v/abc\">De vragenlijst</a></p>\n",
		UnsubscribeURL:  "https://uitvraag.example/afmelden/Kq3vZr0xT9a1bC2dE3fG4hI5jK6lM7nO8pQ9rS0tU1vW2xY3z",
		UnsubscribeMail: keys.UnsubscribeAddress("42"),
	}
}

func parse(t *testing.T, data []byte) (*netmail.Message, map[string]string) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("Content-Type %q: %v", m.Header.Get("Content-Type"), err)
	}
	parts := map[string]string{}
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return m, parts
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		kind, params, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		if err != nil || params["charset"] != "UTF-8" {
			t.Errorf("Content-Type of a part: %q %v", p.Header.Get("Content-Type"), err)
		}
		parts[kind] = strings.ReplaceAll(string(text), "\r\n", "\n")
	}
}

func TestEveryMailCarriesTheHeadersOfM2AndM4(t *testing.T) {
	t.Parallel()
	m := message()
	data, err := m.Bytes(nil)
	if err != nil {
		t.Fatal(err)
	}
	got, parts := parse(t, data)
	for name, want := range map[string]string{
		"Auto-Submitted":        "auto-generated",
		"List-Unsubscribe":      "<" + m.UnsubscribeURL + ">, <mailto:" + m.UnsubscribeMail + ">",
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
		"Message-Id":            "<" + m.ID + ">",
		"Date":                  "Mon, 14 Sep 2026 09:30:00 +0200",
		"Reply-To":              "<vragen@uitvraag.example>",
		"Mime-Version":          "1.0",
	} {
		if got := got.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for name := range got.Header {
		switch name {
		case "User-Agent", "X-Mailer", "Precedence", "Return-Path", "Bcc":
			t.Errorf("there is a header %s", name)
		}
	}
	if want := map[string]string{"text/plain": m.Text, "text/html": m.HTML}; len(parts) != 2 ||
		parts["text/plain"] != m.Text || parts["text/html"] != m.HTML {
		t.Errorf("parts %q, want %q", parts, want)
	}
}

func TestNamesAndSubjectsSurviveTheWire(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"'s-Gravenhage", "Súdwest-Fryslân", "Nuenen, Gerwen en Nederwetten", `De "Brug" (swv) <po>`, "a@b", "",
		"Samenwerkingsverband Passend Onderwijs voor Primair Onderwijs Zuidoost-Friesland, Noordwest-Veluwe en het Land van Heusden en Altena e.o. (vestiging Coëvorden)",
	} {
		m := message()
		m.To.Name = name
		if m.Subject = name; name == "" {
			m.Subject = "100 % 'zeker' =? ja?"
		}
		data, err := m.Bytes(nil)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := parse(t, data)
		to, err := got.Header.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Name != name || to[0].Address != m.To.Email {
			t.Errorf("To of %q: %v (%v)", name, to, err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
		if err != nil || subject != m.Subject {
			t.Errorf("Subject %q, want %q (%v)", subject, m.Subject, err)
		}
		for line := range strings.SplitSeq(string(data), "\r\n") {
			if len(line) > 78 && !strings.Contains(line, "://") && !strings.Contains(line, "boundary=") {
				t.Errorf("a line of %d: %s", len(line), line)
			}
			if strings.ContainsAny(line, "\r\n") || strings.ContainsFunc(line, func(r rune) bool { return r > 126 }) {
				t.Errorf("not plain ASCII: %q", line)
			}
		}
	}
}

func TestTheSameMessageGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	for _, key := range []*mail.DKIM{nil, rsaKey(t), edKey(t)} {
		a, err := message().Bytes(key)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := message().Bytes(key); err != nil || !bytes.Equal(a, b) {
			t.Errorf("a second time %v:\n%s\nand before\n%s", err, b, a)
		}
	}
}

func TestALineEndInAHeaderIsRefused(t *testing.T) {
	t.Parallel()
	for _, evil := range []string{"a\r\nBcc: x@y.example", "a\nb", "a\rb", "a\x00b", "a\u2028b", "a\u0085b", "a\tb", "a\xffb", "=?utf-8?q?a=0Ab?="} {
		for field, set := range map[string]func(*mail.Message, string){
			"subject":          func(m *mail.Message, s string) { m.Subject = s },
			"name of To":       func(m *mail.Message, s string) { m.To.Name = s },
			"name of From":     func(m *mail.Message, s string) { m.From.Name = s },
			"name of Reply-To": func(m *mail.Message, s string) { m.ReplyTo.Name = s },
			"To":               func(m *mail.Message, s string) { m.To.Email = s + "@x.example" },
			"From":             func(m *mail.Message, s string) { m.From.Email = "x@" + s },
			"Reply-To":         func(m *mail.Message, s string) { m.ReplyTo.Email = s + "@x.example" },
			"return path":      func(m *mail.Message, s string) { m.ReturnPath = s + "@x.example" },
			"id":               func(m *mail.Message, s string) { m.ID = s + "@x.example" },
			"url":              func(m *mail.Message, s string) { m.UnsubscribeURL = "https://x.example/" + s },
			"mailto":           func(m *mail.Message, s string) { m.UnsubscribeMail = s + "@x.example" },
		} {
			m := message()
			set(&m, evil)
			if data, err := m.Bytes(nil); errs.KindOf(err) != errs.Invalid {
				t.Errorf("%s %q: %v\n%s", field, evil, err, data)
			}
		}
	}
}

func TestWhatIsMissingIsSaid(t *testing.T) {
	t.Parallel()
	for field, clear := range map[string]func(*mail.Message){
		"id":       func(m *mail.Message) { m.ID = "" },
		"date":     func(m *mail.Message) { m.Date = time.Time{} },
		"path":     func(m *mail.Message) { m.ReturnPath = "" },
		"from":     func(m *mail.Message) { m.From = mail.Address{} },
		"reply to": func(m *mail.Message) { m.ReplyTo = mail.Address{} },
		"to":       func(m *mail.Message) { m.To.Email = "" },
		"subject":  func(m *mail.Message) { m.Subject = " " },
		"text":     func(m *mail.Message) { m.Text = "" },
		"html":     func(m *mail.Message) { m.HTML = "" },
		"url":      func(m *mail.Message) { m.UnsubscribeURL = "" },
		"scheme":   func(m *mail.Message) { m.UnsubscribeURL = "javascript:alert(1)" },
		"mailto":   func(m *mail.Message) { m.UnsubscribeMail = "" },
		"NUL":      func(m *mail.Message) { m.Text = "a\x00b" },
	} {
		m := message()
		clear(&m)
		if _, err := m.Bytes(nil); errs.KindOf(err) != errs.Invalid {
			t.Errorf("without %s: %v", field, err)
		}
	}
	if err := message().Check(); err != nil {
		t.Error(err)
	}
}

func TestCheckAddress(t *testing.T) {
	t.Parallel()
	for _, ok := range []string{"a@b.nl", "uitvraag@localhost", "o'brien+x@sub.gemeente-x.nl", "info@Súdwest-Fryslân.nl", "A.B@C.NL"} {
		if err := mail.CheckAddress(ok); err != nil {
			t.Errorf("%s: %v", ok, err)
		}
	}
	for _, bad := range []string{"", "@", "a", "a@", "@b", "a b@c.nl", "a@b c", "<a@b.nl>", "a@b.nl>", `"a"@b.nl`, "a,b@c.nl", "jür@b.nl", "a@b..nl", "a@.nl", "a@b.nl\r\nRCPT TO:<x@y>", "a@[1.2.3.4]", strings.Repeat("a", 65) + "@b.nl", "a@" + strings.Repeat("b", 300)} {
		if err := mail.CheckAddress(bad); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestALongTextKeepsEveryCharacter(t *testing.T) {
	t.Parallel()
	m := message()
	m.Text = strings.Repeat("é", 5000) + "\r\n" + strings.Repeat("x ", 3000) + "=\n.\n..\nFrom hier\n"
	data, err := m.Bytes(nil)
	if err != nil {
		t.Fatal(err)
	}
	_, parts := parse(t, data)
	if got, want := parts["text/plain"], strings.ReplaceAll(m.Text, "\r\n", "\n"); got != want {
		t.Errorf("got %d bytes, want %d", len(got), len(want))
	}
}

func TestReturnPathsAreOursOrRefused(t *testing.T) {
	t.Parallel()
	id := "0190e5a2-7c1b-7d3e-8f4a-1b2c3d4e5f60"
	path := keys.ReturnPath(id)
	if local, _, _ := strings.Cut(path, "@"); len(local) > 64 || !regexp.MustCompile(`^bounce\+[a-z0-9.-]+$`).MatchString(local) {
		t.Errorf("local part %q of %d", local, len(local))
	}
	for _, as := range []string{path, strings.ToUpper(path), "<" + path + ">", "prvs=4567abcd01=" + path,
		"SRS0=Xy12=AB=uitvraag.example=" + strings.Split(path, "@")[0] + "@forward.example", strings.Split(path, "@")[0] + "@other.example"} {
		if got, err := keys.ParseReturnPath(as); err != nil || got != id {
			t.Errorf("%s: %q, %v", as, got, err)
		}
	}
	other := keys
	other.Secret = []byte("another secret")
	for _, bad := range []string{"", "bounce+42@uitvraag.example", other.ReturnPath(id), strings.Replace(path, "0190", "0191", 1),
		keys.UnsubscribeAddress(id), strings.Replace(keys.UnsubscribeAddress(id), "afmelden", "bounce", 1), strings.Replace(path, "+"+id, "+", 1)} {
		if got, err := keys.ParseReturnPath(bad); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%q was taken for %q (%v)", bad, got, err)
		}
	}
	for _, id := range []string{"", "a b", "A", "a@b", "a.b", strings.Repeat("a", 37)} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("no panic for id %q", id)
				}
			}()
			keys.ReturnPath(id)
		}()
	}
}

func TestAMessageIDIsThatOfItsMessage(t *testing.T) {
	t.Parallel()
	a, b := keys.MessageID("m1"), keys.MessageID("m2")
	if a == b || a != keys.MessageID("m1") || !strings.HasSuffix(a, "@uitvraag.example") {
		t.Errorf("%q and %q", a, b)
	}
	if _, err := keys.ParseReturnPath(strings.Replace(a, "bericht", "bounce", 1)); err == nil {
		t.Error("who has a Message-ID can make a return path")
	}
}
