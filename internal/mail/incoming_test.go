package mail_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/mail"
)

// fixture is a mail of testdata/incoming, addressed to id 42.
func fixture(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "incoming", name+".eml"))
	if err != nil {
		t.Fatal(err)
	}
	filled := strings.NewReplacer("{bounce}", keys.ReturnPath("42"), "{unsubscribe}", keys.UnsubscribeAddress("42"),
		"\n", "\r\n").Replace(string(text))
	return []byte(filled)
}

// seen is what matters of an Incoming.
type seen struct {
	Kind    mail.Kind
	ID      string
	Bounces []mail.Bounce
	Forged  bool
}

func one(kind mail.BounceKind, status, recipient, diagnostic string) []mail.Bounce {
	return []mail.Bounce{{Kind: kind, Status: status, Recipient: recipient, Diagnostic: diagnostic}}
}

var fixtures = map[string]seen{
	"postfix_failed": {mail.Report, "42", one(mail.Hard, "5.1.1", "jan@gemeente.example",
		"550 5.1.1 <jan@gemeente.example>: Recipient address rejected: User unknown in virtual mailbox table"), false},
	"postfix_delayed": {mail.Report, "42", one(mail.Delayed, "4.4.1", "jan@gemeente.example",
		"connect to mx.gemeente.example[192.0.2.25]:25: Connection timed out"), false},
	"postfix_expired": {mail.Report, "42", one(mail.Soft, "4.4.1", "jan@gemeente.example",
		"delivery temporarily suspended: connect to mx.gemeente.example[192.0.2.25]:25: Connection timed out"), false},
	"postfix_relayed": {mail.Report, "42", []mail.Bounce{
		{Kind: mail.Delivered, Status: "2.0.0", Recipient: "jan@gemeente.example", Diagnostic: "250 2.0.0 Ok"},
		{Kind: mail.Delivered, Status: "2.0.0", Recipient: "lijst@gemeente.example"},
		{Kind: mail.Delivered, Status: "2.1.5", Recipient: "piet@gemeente.example"},
	}, false},
	"exim_failed": {mail.Report, "42", one(mail.Soft, "5.2.2", "jan@swv.example",
		"552-5.2.2 The email account that you tried to reach is over quota"), false},
	"exim_old":     {mail.Report, "42", one(mail.Hard, "", "jan@swv.example", "host mail.swv.example [192.0.2.7]: 550 Unrouteable address"), false},
	"exim_delayed": {mail.Report, "42", one(mail.Delayed, "4.2.0", "jan@swv.example", "Delay reason: SMTP error from remote mail server: 450 4.2.0 greylisted"), false},
	"exchange_unknown": {mail.Report, "42", one(mail.Hard, "5.1.10", "jan@gemeente.example",
		"550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient jan@gemeente.example not found by SMTP address lookup"), false},
	"exchange_loop": {mail.Report, "42", one(mail.Hard, "5.4.14", "jan@oud.gemeente.example",
		"554 5.4.14 Hop count exceeded - possible mail loop ATTR34"), false},
	"exchange_policy": {mail.Report, "42", []mail.Bounce{{Kind: mail.Hard, Status: "5.7.509", Recipient: "jan@gemeente.example", Policy: true,
		Diagnostic: "550 5.7.509 Access denied, sending domain uitvraag.example does not pass DMARC verification"}}, false},
	"exchange_text_only": {mail.Report, "42", one(mail.Hard, "5.1.1", "jan@kantoor.example", "<exch.kantoor.example #5.1.1>"), false},
	"gmail_unknown": {mail.Report, "42", one(mail.Hard, "5.1.1", "jan@school.example",
		"550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking the recipient's email address for typos or 550 5.1.1 https://support.google.example/mail/?p=NoSuchUser - gsmtp"), false},
	"gmail_delayed":               {mail.Report, "42", one(mail.Delayed, "4.4.1", "jan@school.example", "The recipient server did not accept our requests to connect."), false},
	"qmail":                       {mail.Report, "42", one(mail.Hard, "5.1.1", "jan@oud.example", "Remote host said: 550 5.1.1 User unknown"), false},
	"returned_to_postmaster":      {mail.Report, "42", one(mail.Hard, "5.2.1", "jan@gemeente.example", ""), false},
	"forged_report":               {mail.Report, "", one(mail.Hard, "5.1.1", "jan@gemeente.example", ""), true},
	"ooo_exchange_nl":             {mail.AutoReply, "42", nil, false},
	"ooo_exchange_en_by_subject":  {mail.AutoReply, "42", nil, false},
	"ooo_gmail_nl":                {mail.AutoReply, "42", nil, false},
	"read_receipt":                {mail.AutoReply, "", nil, false},
	"looped":                      {mail.AutoReply, "", nil, false},
	"reply":                       {mail.Reply, "", nil, false},
	"reply_with_forwarded_bounce": {mail.Reply, "", nil, false},
	"unsubscribe":                 {mail.Unsubscribe, "42", nil, false},
	"unsubscribe_forged":          {mail.Reply, "", nil, true},
}

func TestEachIncomingMailIsWhatItIs(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/incoming/*.eml")
	if err != nil || len(files) != len(fixtures) {
		t.Errorf("%d files for %d expectations (%v)", len(files), len(fixtures), err)
	}
	for name, want := range fixtures {
		for ends, data := range map[string][]byte{
			"CRLF": fixture(t, name),
			"LF":   []byte(strings.ReplaceAll(string(fixture(t, name)), "\r\n", "\n")),
			"mbox": append([]byte("From MAILER-DAEMON Mon Sep 14 09:30:00 2026\n"), fixture(t, name)...),
		} {
			in := keys.Read(data)
			if diff := cmp.Diff(want, seen{in.Kind, in.ID, in.Bounces, in.Forged}); diff != "" {
				t.Errorf("%s with %s (-want +got):\n%s", name, ends, diff)
			}
			if len(in.Warnings) > 0 {
				t.Errorf("%s with %s: %q", name, ends, in.Warnings)
			}
		}
	}
}

func TestWhatAPersonWroteCanBeRead(t *testing.T) {
	t.Parallel()
	in := keys.Read(fixture(t, "reply"))
	if diff := cmp.Diff(mail.Incoming{
		Key: in.Key, Kind: mail.Reply, From: mail.Address{Name: "Jan Coëlho", Email: "jan@gemeente.example"},
		Subject: "RE: Automatisch antwoord: Uitnodiging", Date: time.Date(2026, 9, 15, 9, 0, 0, 0, time.UTC), MessageID: "r1@gemeente.example",
		InReplyTo: []string{"abc123@uitvraag.example", "first@uitvraag.example"},
		Text:      "Beste onderzoeker,\n\nMijn collega vult hem in. Ik kreeg dit:\n\n> This is the mail system at host mail.uitvraag.example.\n> <jan@gemeente.example>: 550 5.1.1 unknown\n\nGroet, Jan",
	}, in); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, want := range map[string]string{
		"ooo_exchange_nl":             "Geachte heer/mevrouw,\n\nIk ben afwezig tot en met 28 september. Neem contact op met mijn collega Zoë.",
		"ooo_exchange_en_by_subject":  "I am out of the office.\nBack on 28 September\nAnn",
		"reply_with_forwarded_bounce": "Dit kreeg ik terug.",
	} {
		if got := keys.Read(fixture(t, name)).Text; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got := keys.Read(fixture(t, "ooo_exchange_nl")).Subject; got != "Automatisch antwoord: Uitnodiging Coëvorden" {
		t.Errorf("subject %q", got)
	}
}

func TestAutomaticRepliesByHeaderAndSubject(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]mail.Kind{
		"Auto-Submitted: auto-replied":                    mail.AutoReply,
		"Auto-Submitted: auto-replied; owner-email=\"x\"": mail.AutoReply,
		"Auto-Submitted: auto-notified":                   mail.AutoReply,
		"Auto-Submitted: no":                              mail.Reply,
		"Auto-Submitted: No (a person)":                   mail.Reply,
		"X-Autoreply: yes":                                mail.AutoReply,
		"X-Autoreply: no":                                 mail.Reply,
		"X-Autorespond:":                                  mail.AutoReply,
		"Precedence: auto_reply":                          mail.AutoReply,
		"Precedence: BULK":                                mail.AutoReply,
		"Precedence: first-class":                         mail.Reply,
		"X-Auto-Response-Suppress: All":                   mail.Reply,
		"Return-Path: <>":                                 mail.AutoReply,
		"Return-Path: <jan@gemeente.example>":             mail.Reply,
		"Subject: Out of Office AutoReply: Uitnodiging":   mail.AutoReply,
		"Subject: Out of office: vakantie":                mail.AutoReply,
		"Subject: Automatic reply: Uitnodiging":           mail.AutoReply,
		"Subject: Automatisch antwoord: Uitnodiging":      mail.AutoReply,
		"Subject: Auto-reply":                             mail.AutoReply,
		"Subject: Afwezigheidsbericht":                    mail.AutoReply,
		"Subject: Afwezig: Jan Jansen":                    mail.AutoReply,
		"Subject: Niet aanwezig: Uitnodiging":             mail.AutoReply,
		"Subject: RE: Automatisch antwoord: x":            mail.Reply,
		"Subject: Afwezige leerlingen":                    mail.Reply,
		"Subject: Auto's en bussen voor leerlingen":       mail.Reply,
		"Subject: Automatisering van de vragenlijst":      mail.Reply,
		"Subject: vraag over out of office":               mail.Reply,
	} {
		in := keys.Read([]byte("From: Jan <jan@gemeente.example>\r\nTo: vragen@uitvraag.example\r\n" + header + "\r\n\r\nTekst\r\n"))
		if in.Kind != want {
			t.Errorf("%s: %s, want %s", header, in.Kind, want)
		}
	}
}

func TestTheKeyIsThatOfTheMail(t *testing.T) {
	t.Parallel()
	a, b := keys.Read(fixture(t, "reply")), keys.Read(fixture(t, "reply"))
	if a.Key != b.Key || a.Key == "" || a.Key == keys.Read(fixture(t, "qmail")).Key {
		t.Errorf("keys %q and %q", a.Key, b.Key)
	}
}

func TestAReportAboutSomebodyElsesMailHasNoID(t *testing.T) {
	t.Parallel()
	other := mail.Keys{Secret: []byte("another"), Domain: "uitvraag.example"}
	for name := range fixtures {
		if in := other.Read(fixture(t, name)); in.ID != "" || in.Kind == mail.Unsubscribe && !in.Forged {
			t.Errorf("%s: %s about %q", name, in.Kind, in.ID)
		}
	}
}

func TestAnAnswerTellsWhatItAnswers(t *testing.T) {
	t.Parallel()
	reply := "From: Jan <jan@gemeente.example>\r\nTo: vragen@uitvraag.example\r\nSubject: Re: Uitnodiging\r\n"
	forged := strings.Replace(keys.MessageID("42"), "+42.", "+43.", 1)
	for headers, want := range map[string]string{
		"In-Reply-To: <" + keys.MessageID("42") + ">\r\n":                                               "42",
		"References: <a@b.example>\r\n <" + strings.ToUpper(keys.MessageID("42")) + ">\r\n":             "42",
		"References: <" + keys.MessageID("41") + ">\r\nIn-Reply-To: <" + keys.MessageID("42") + ">\r\n": "42",
		"In-Reply-To: <" + forged + ">\r\n":                                                             "",
		"Subject: " + keys.MessageID("42") + "\r\n":                                                     "",
	} {
		for kind, auto := range map[mail.Kind]string{mail.Reply: "", mail.AutoReply: "Auto-Submitted: auto-replied\r\n"} {
			if in := keys.Read([]byte(reply + auto + headers + "\r\nDag.")); in.ID != want || in.Kind != kind {
				t.Errorf("%s%s: %s of %q, want %s of %q", auto, headers, in.Kind, in.ID, kind, want)
			}
		}
	}
	report := strings.Replace(string(fixture(t, "postfix_failed")), keys.ReturnPath("42"), "vragen@uitvraag.example", -1)
	if in := keys.Read([]byte(report)); in.ID != "" {
		t.Fatalf("the report is known by %q already", in.ID)
	}
	report = strings.Replace(report, "Content-Type: text/rfc822-headers\r\n\r\n", "Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <"+keys.MessageID("42")+">\r\n", 1)
	report = strings.Replace(report, "Content-Type: message/rfc822\r\n\r\n", "Content-Type: message/rfc822\r\n\r\nMessage-ID: <"+keys.MessageID("42")+">\r\n", 1)
	if in := keys.Read([]byte(report)); in.ID != "42" || in.Kind != mail.Report {
		t.Errorf("a report that returns our message is %s of %q", in.Kind, in.ID)
	}
}

func TestAReportComesToOneThing(t *testing.T) {
	t.Parallel()
	hard, soft, policy := mail.Bounce{Kind: mail.Hard, Status: "5.1.1"}, mail.Bounce{Kind: mail.Soft, Status: "5.2.2"}, mail.Bounce{Kind: mail.Hard, Status: "5.7.1", Policy: true}
	delayed, delivered := mail.Bounce{Kind: mail.Delayed}, mail.Bounce{Kind: mail.Delivered}
	for _, tt := range []struct {
		reports []mail.Bounce
		want    mail.Bounce
	}{
		{[]mail.Bounce{delayed, soft}, soft}, {[]mail.Bounce{soft, policy}, policy}, {[]mail.Bounce{policy, hard, soft}, hard},
		{[]mail.Bounce{hard, delivered, policy}, delivered}, {[]mail.Bounce{delayed}, delayed},
	} {
		if got, ok := (mail.Incoming{Bounces: tt.reports}).Bounce(); !ok || got != tt.want {
			t.Errorf("%v come to %v, want %v", tt.reports, got, tt.want)
		}
	}
	if _, ok := (mail.Incoming{}).Bounce(); ok {
		t.Error("no report comes to something")
	}
}
