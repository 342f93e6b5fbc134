package worker_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	mathrand "math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"github.com/uitvraag/uitvraag/internal/mail"
)

// signed lets a round sign its mails; verify checks a mail and returns the headers
// under the signature.
func (r *round) signed() (verify func(data []byte) []string) {
	r.t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		r.t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		r.t.Fatal(err)
	}
	key, err := mail.NewDKIM(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), keys.Domain, "s2026")
	if err != nil {
		r.t.Fatal(err)
	}
	if r.m.Sender, err = mail.NewSMTP(r.smtpd.url(), mail.Options{Timeouts: short, DKIM: key}); err != nil {
		r.t.Fatal(err)
	}
	return func(data []byte) []string {
		r.t.Helper()
		found, err := dkim.VerifyWithOptions(bytes.NewReader(data), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
			if name != "s2026._domainkey."+keys.Domain {
				return nil, fmt.Errorf("no key at %s", name)
			}
			return []string{"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)}, nil
		}})
		if err != nil || len(found) != 1 || found[0].Err != nil {
			r.t.Fatalf("signature: %v, %+v", err, found)
		}
		var names []string
		for _, name := range found[0].HeaderKeys {
			names = append(names, strings.ToLower(name))
		}
		return names
	}
}

func TestAMailAsItIsReceivedHasWhatReceiversAskFor(t *testing.T) {
	t.Parallel()
	r := newRound(t, 1)
	verify := r.signed()
	r.exec(`update register.study set settings = '{"email": "hulp@bureau.example", "sender": "Marijke van Dalen", "organiser": "Bureau X"}'`)
	r.exec(`update contact.contact set general = true, name = '', role = 'de beleidsmedewerker jeugd' where unit in (select id from register.unit where audience = 'gemeente')`)
	r.look()
	r.send()
	r.leave()
	if len(r.smtpd.kept()) != 2 {
		t.Fatal(len(r.smtpd.kept()))
	}
	for _, k := range r.smtpd.kept() {
		l := k.open(t)
		for name, want := range map[string]string{
			"Auto-Submitted": "auto-generated", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "Precedence": "", "X-Mailer": "", "User-Agent": "",
			"Bcc": "", "Cc": "", "Date": r.clock.now().Format("Mon, 02 Jan 2006 15:04:05 +0000"),
		} {
			if got := l.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		if from := l.Get("From"); from != `"Marijke van Dalen" <onderzoek@onderzoek.example>` {
			t.Errorf("From: %s", from)
		}
		if reply := l.Get("Reply-To"); !strings.Contains(reply, "<hulp@bureau.example>") {
			t.Errorf("Reply-To: %s", reply)
		}
		name, err := keys.ParseReturnPath(k.from)
		if err != nil || !strings.HasPrefix(k.from, "bounce+m") || !strings.HasSuffix(k.from, "@"+keys.Domain) {
			t.Errorf("return path %s: %v", k.from, err)
		}
		m := unsubscribe.FindStringSubmatch(l.Get("List-Unsubscribe"))
		if m == nil {
			t.Fatalf("List-Unsubscribe: %s", l.Get("List-Unsubscribe"))
		}
		if id, _, err := keys.ParseUnsubscribeToken(m[1]); err != nil || id != name {
			t.Errorf("the unsubscribe link is of %s, the mail is %s (%v)", id, name, err)
		}
		if keys.UnsubscribeAddress(name) != m[2] {
			t.Errorf("the unsubscribe address is %s", m[2])
		}
		if !strings.Contains(l.text, "https://onderzoek.example/afmelden/"+m[1]) {
			t.Error("the text does not say where to unsubscribe")
		}
		under := verify(k.data)
		for _, h := range []string{"from", "to", "reply-to", "subject", "date", "message-id", "list-unsubscribe", "list-unsubscribe-post", "auto-submitted"} {
			if !slices.Contains(under, h) {
				t.Errorf("%s is not signed: %v", h, under)
			}
		}
		// Standards W8: a general address has link and code, a person a link.
		general := !strings.Contains(l.Get("To"), "Persoon")
		if l.token == "" || general != (l.code != "") || general != strings.Contains(l.text, "beleidsmedewerker jeugd") {
			t.Errorf("general %v, token %q, code %q: %s", general, l.token, l.code, l.text)
		}
		for _, link := range regexp.MustCompile(`https?://[^\s"<>]+`).FindAllString(l.text+l.html, -1) {
			if !strings.HasPrefix(link, base.String()+"/") {
				t.Errorf("the link %s is not of this site", link)
			}
		}
	}
}

var unsubscribe = regexp.MustCompile(`^<https://onderzoek\.example/afmelden/([^>]+)>,\s+<mailto:([^>]+)>$`)

// A message that is sent again after a refusal is known as the same by a program
// that got both.
func TestTheMessageIDStaysTheSame(t *testing.T) {
	t.Parallel()
	r := newRound(t, 1)
	r.exec(`update contact.contact set email = '' where unit <> (select min(unit) from contact.contact)`)
	r.smtpd.do(at("dot", act{say: "451 4.3.0 busy"}))
	r.look()
	r.send()
	r.smtpd.do(nil)
	r.clock.add(5 * time.Minute)
	r.send()
	r.leave()
	ids, tokens := map[string]bool{}, map[string]bool{}
	for _, data := range r.smtpd.seen {
		l := openMail(t, []byte(data))
		ids[l.Get("Message-ID")] = true
		tokens[l.token] = true
	}
	if len(r.smtpd.seen) != 2 || len(ids) != 1 || len(tokens) != 2 {
		t.Errorf("%d mails with the ids %v and %d links", len(r.smtpd.seen), ids, len(tokens))
	}
	r.check()
}

// hostile are names as a register may hold them.
var hostile = []string{
	"'s-Gravenhage", "Súdwest-Fryslân", "Nuenen, Gerwen en Nederwetten", `De "Brug" <script>alert(1)</script>`, "=?utf-8?q?=41?=",
	"Regel\r\nBcc: iedereen@example.org", "\t  veel   wit \u00a0 ", "{{link}} %s {eenheid}", "[persoonlijke link]", "https://elders.example/kort",
	"\u202eomgekeerd\u202c", "日本語の組織", "😀 Samen 👩‍👩‍👧", strings.Repeat("Zeer lange naam van een samenwerkingsverband ", 12), ".", "-- ", "<a@b.nl>, c@d.nl", "\\\"", "Ünïcodé\u0301",
}

// TestUnitNameAndLinkAlwaysBelongTogether is standards M9, over random registers.
func TestUnitNameAndLinkAlwaysBelongTogether(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			r := newRound(t, 25)
			verify := r.signed()
			rnd := mathrand.New(mathrand.NewPCG(seed, 9))
			pick := func() string { return hostile[rnd.IntN(len(hostile))] }
			for _, id := range column[int64](r, `select id from register.unit order by id`) {
				r.exec(`update register.unit set name = $2 where id = $1`, id, fmt.Sprintf("%s eenheid%d.", pick(), id))
				general := rnd.IntN(3) == 0
				r.exec(`update contact.contact set name = $2, role = $3, salutation = $4, general = $5 where unit = $1`, id, pick(), pick(), []string{"", "dhr.", pick()}[rnd.IntN(3)], general)
				for range rnd.IntN(3) { // others who do not get it
					r.exec(`insert into contact.contact (unit, name, email, source, added) values ($1, $2, $3, 'website', now())`, id, pick(), fmt.Sprintf("ander%d@gemeente.example", rnd.Int64()))
				}
			}
			r.look()
			r.send()
			if n := len(r.smtpd.kept()); n != 50 {
				for _, m := range r.rows() {
					if m.State != "verstuurd" {
						t.Errorf("%d: %s, %s", m.ID, m.State, m.Reply)
					}
				}
				t.Fatalf("%d of 50 mails", n)
			}
			r.leave()
			r.check()
			for _, k := range r.smtpd.kept() {
				l := k.open(t)
				link, err := r.Store.LinkByToken(t.Context(), l.token)
				if err != nil {
					t.Fatalf("%v: %s", err, l.text)
				}
				to, err := l.AddressList("To")
				if err != nil || len(to) != 1 || to[0].Address != k.to || len(l.Header["To"]) != 1 || l.Header["Bcc"] != nil {
					t.Errorf("To: %v (%v)", l.Header["To"], err)
				}
				if get[string](r, `select email from contact.contact where id = $1`, link.Contact) != k.to {
					t.Errorf("the link of %d went to %s", link.Contact, k.to)
				}
				said := marker.FindAllString(l.subject+l.text+l.html, -1)
				slices.Sort(said)
				if said = slices.Compact(said); len(said) != 1 || said[0] != fmt.Sprintf("eenheid%d.", link.Unit) {
					t.Errorf("the mail with the link of unit %d names %v", link.Unit, said)
				}
				if l.code != "" {
					if code, err := r.Store.LinkByToken(t.Context(), l.code); err != nil || code.Unit != link.Unit || code.Contact != link.Contact {
						t.Errorf("the code leads to unit %d, the link to %d (%v)", code.Unit, link.Unit, err)
					}
				}
				if !strings.Contains(l.html, "/v/"+l.token) || strings.Contains(l.html, "<script") {
					t.Errorf("html: %s", l.html)
				}
				verify(k.data)
			}
		})
	}
}

var marker = regexp.MustCompile(`eenheid[0-9]+\.`)

func column[T any](r *round, sql string) (out []T) {
	r.t.Helper()
	rows, err := r.pool.Query(r.t.Context(), sql)
	if err != nil {
		r.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var v T
		if err := rows.Scan(&v); err != nil {
			r.t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

// The database itself refuses a message to a contact of another unit.
func TestAMessageToTheContactOfAnotherUnitCannotExist(t *testing.T) {
	t.Parallel()
	r := newRound(t, 2)
	_, err := r.pool.Exec(t.Context(), `
		insert into field.message (study, unit, contact, channel, template, queued, due, actor)
		select u.study, u.id, (select max(id) from contact.contact where unit <> u.id), 'mail', 'link', now(), now(), 'system' from register.unit u limit 1`)
	if err == nil || !strings.Contains(err.Error(), "message_contact") {
		t.Errorf("it is there: %v", err)
	}
}
