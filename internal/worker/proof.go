package worker

import (
	"context"
	"strings"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/store"
)

// A ProofMail is a text as it is being written, for the eyes of who writes it.
type ProofMail struct {
	Message store.Outgoing // for whom it is filled in; nothing is sent there
	Form    *form.Form
	Text    contactplan.Template
	To      mail.Address // of the account
	Object  string       // for the log
	By      store.Actor
}

// proofToken stands in the links of a proof: it is no token that was ever made.
const proofToken = "proef"

// Proof sends a proof over the mail server at once, within the rate of this
// installation. It is no message of the study: nothing is kept of it but a line
// in the log, and its links lead to a page that says so. A Conflict says why it
// cannot go now.
func (p *Mailer) Proof(ctx context.Context, m ProofMail) (mail.Result, error) {
	now := p.Now()
	fields := Fields(m.Message, m.Form, Keys{Token: proofToken}, p.Base, "", now)
	at := *p.Base
	at.Path = "/v/" + proofToken
	fields.Link.URL, fields.Unsubscribe = at.String(), at.String()
	if m.Message.Contact.General {
		fields.Link.Code = "PROEF"
	}
	text, problems := contactplan.Render(m.Text, fields)
	if len(problems) > 0 {
		return mail.Result{}, errs.Errorf(errs.Invalid, "De tekst klopt niet: %s", problems[0])
	}
	id := "proef-" + strings.ToLower(strings.Map(alphanumeric, store.NewToken()))[:16]
	out := mail.Message{ID: p.Keys.MessageID(id), Date: now, ReturnPath: p.Keys.ReturnPath(id), From: p.From, ReplyTo: p.From, To: m.To,
		Subject: "[PROEF] " + text.Subject, Text: text.Text, HTML: text.HTML, UnsubscribeURL: fields.Unsubscribe, UnsubscribeMail: p.Keys.UnsubscribeAddress(id)}
	if out.Check() != nil {
		out.To.Name = ""
	}
	_, domain, _ := strings.Cut(strings.ToLower(m.To.Email), "@")
	if err := p.Store.TakeToken(ctx, m.Message.Study.ID, domain, "proefmail verstuurd", m.Object, m.By, now); err != nil {
		return mail.Result{}, err
	}
	return p.Sender.Send(ctx, out, nil), nil
}

// alphanumeric keeps what an id of a mail may hold.
func alphanumeric(r rune) rune {
	if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
		return r
	}
	return 'x'
}
