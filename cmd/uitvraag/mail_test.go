package main

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/pgtest"
	"github.com/uitvraag/uitvraag/internal/store"
)

func TestWithoutAMailServerMailGoesToTheInboxOverSMTP(t *testing.T) {
	t.Parallel()
	st := store.New(pgtest.Pool(t))
	now := time.Date(2026, time.November, 24, 9, 0, 0, 0, time.UTC)
	address, stop, err := mailServer(config{}, st, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	sender, err := mail.NewSMTP(address, mail.Options{})
	if err != nil {
		t.Fatal(err)
	}
	keys := mail.Keys{Secret: []byte("zestien tekens!!"), Domain: "localhost"}
	for i := range 3 {
		id := fmt.Sprintf("m%d", i)
		m := mail.Message{ID: keys.MessageID(id), Date: now, ReturnPath: keys.ReturnPath(id), From: mail.Address{Email: "uitvraag@localhost"}, ReplyTo: mail.Address{Email: "uitvraag@localhost"},
			To: mail.Address{Email: "jan@example.nl"}, Subject: "Één vraag " + id, Text: "Dag.", HTML: "<p>Dag.</p>", UnsubscribeURL: "http://127.0.0.1/x", UnsubscribeMail: keys.UnsubscribeAddress(id)}
		if r := sender.Send(t.Context(), m, nil); r.Outcome != mail.Accepted {
			t.Fatal(r)
		}
	}
	if err := sender.Close(); err != nil {
		t.Error(err)
	}
	stop()
	mails, n, err := st.Inbox(t.Context(), "", 0, 2)
	if err != nil || n != 3 || len(mails) != 2 {
		t.Fatalf("%d of %d mails, %v", len(mails), n, err)
	}
	if m := mails[0]; m.Subject != "Één vraag m2" || !slices.Equal(m.To, []string{"jan@example.nl"}) || !m.Received.Equal(now) || m.From != keys.ReturnPath("m2") {
		t.Errorf("the newest is %+v", m)
	}
	if address, stop, err := mailServer(config{smtpURL: "smtp://mail.example.nl"}, st, time.Now); err != nil || address != "smtp://mail.example.nl" {
		t.Errorf("with a mail server it sends to %s (%v)", address, err)
	} else {
		stop()
	}
}
