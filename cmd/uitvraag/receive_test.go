package main_test

import "testing"

func TestMailComesInByAPipeWithTheStatusThatAMailServerKnows(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	p.wants("a mail", p.try("From: jan@example.nl\r\nSubject: vraag\r\n\r\nDag.\r\n", "mail", "receive"), 0)
	p.wants("the same mail", p.try("From: jan@example.nl\r\nSubject: vraag\r\n\r\nDag.\r\n", "mail", "receive"), 0)
	p.wants("no mail", p.try("", "mail", "receive"), 75, "standard input")
	p.wants("too much on the line", p.try("x", "mail", "receive", "extra"), 75)
	p.wants("no database", p.tryWith([]string{"DATABASE_URL=postgres://127.0.0.1:1/x", "UITVRAAG_SECRET=zestien tekens!!"}, "x", "mail", "receive"), 75)
	p.wants("no secret", p.tryWith([]string{"DATABASE_URL=postgres://127.0.0.1:1/x"}, "x", "mail", "receive"), 75)
	p.wants("faults of the mailbox", p.tryWith([]string{"UITVRAAG_BOUNCE_URL=pop3://jan:geheim@mail.example.nl"}, "", "serve"), 1, "UITVRAAG_BOUNCE_URL")
}
