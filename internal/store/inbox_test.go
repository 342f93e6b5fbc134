package store_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/mail"
)

func TestTheInboxKeepsTheNewestMails(t *testing.T) {
	t.Parallel()
	f := newField(t, 0)
	f.exec(t, `insert into contact.inbox (received, sender, recipients, subject, data)
		select now(), '', '{}', 'mail ' || i, '' from generate_series(1, 5299) i`)
	odd := mail.Received{From: "\xff\x00", To: []string{"a\x00@b.example"}, Data: []byte("Subject: =?utf-8?q?=E9=00?=\n\n\x00\xff")}
	if err := f.Store.AddInboxMail(t.Context(), odd, fixture.Now); err != nil {
		t.Fatal(err)
	}
	mails, n, err := f.Store.Inbox(t.Context(), "", 0, 10)
	if err != nil || n != 5000 || len(mails) != 10 || mails[1].Subject != "mail 5299" {
		t.Fatalf("%d of %d mails (%v), the last but one is %v", len(mails), n, err, mails)
	}
	if found, n, err := f.Store.Inbox(t.Context(), "MAIL 529", 0, 3); err != nil || n != 11 || len(found) != 3 || found[0].Subject != "mail 5299" {
		t.Errorf("searched are %d: %v (%v)", n, found, err)
	}
	if found, _, err := f.Store.Inbox(t.Context(), "@B.example", 0, 3); err != nil || len(found) != 1 {
		t.Errorf("by recipient: %v (%v)", found, err)
	}
	if m, err := f.Store.InboxMail(t.Context(), mails[0].ID); err != nil || string(m.Data) != string(odd.Data) {
		t.Errorf("the mail is kept as %q (%v)", m.Data, err)
	}
	_, err = f.Store.InboxMail(t.Context(), 300)
	wantKind(t, "a mail that went", err, errs.NotFound)
	if _, err := f.Store.InboxMail(t.Context(), 301); err != nil {
		t.Error(err)
	}
	if text := fmt.Sprint(mails); strings.Contains(text, "\x00") {
		t.Errorf("a NUL in %q", text)
	}
}
