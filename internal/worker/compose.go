package worker

import (
	"cmp"
	"fmt"
	"net/url"
	"time"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/store"
)

// Keys are the two ways into a questionnaire that a message brings.
type Keys struct {
	Token string
	Code  string // of letters and general addresses, else ""
}

// NewKeys makes the keys of one message.
func NewKeys(m store.Outgoing) Keys {
	k := Keys{Token: store.NewToken()}
	if m.Contact.General || m.Channel == contactplan.Letter {
		k.Code = store.NewCode()
	}
	return k
}

// Secrets returns what is to be kept as a hash.
func (k Keys) Secrets() []string {
	if k.Code == "" {
		return []string{k.Token}
	}
	return []string{k.Token, k.Code}
}

// Fields are what a message can say. f is the form of its audience, and day the
// date of a letter.
func Fields(m store.Outgoing, f *form.Form, k Keys, base *url.URL, unsubscribe string, day time.Time) contactplan.Fields {
	at := func(path string) string {
		u := *base
		u.Path = path
		return u.String()
	}
	s := m.Study.Settings
	out := contactplan.Fields{
		Unit: m.Unit.ID, Name: cmp.Or(m.UnitName, m.UnitCode), Audience: m.Unit.Audience,
		Contact: m.Contact.ID, Salute: contactplan.Salutation(m.Contact.Salutation, m.Contact.Name),
		Link:     contactplan.Link{Unit: m.Unit.ID, URL: at(entrance(m.Template) + k.Token), Code: k.Code},
		ShortURL: at("/code"), Privacy: at("/onderzoek/" + m.Study.Slug + "/privacy"),
		Study: m.Study.Title, Question: s.Question, Why: s.Why, Client: s.Client, Bureau: s.Organiser, Results: s.Results,
		Minutes: f.In.Minutes, Deadline: contactplan.Deadline(m.Study.Closes), Date: contactplan.DayOf(day).Long(),
		Sender: s.Sender, Role: s.Role, Phone: s.Phone, Email: s.Email,
		Colleague: m.Extra["collega"], Other: m.Extra["ander"], Receipt: m.Extra["ontvangst"], Moment: m.Extra["moment"],
		Progress: progress(m, f),
	}
	if unsubscribe != "" {
		out.Unsubscribe = at("/afmelden/" + unsubscribe)
	}
	if m.Contact.General {
		out.Attend = cmp.Or(m.Contact.Role, "de medewerker die hierover gaat")
	}
	return out
}

// entrance is where the link of a text leads to.
func entrance(template string) string {
	if template == store.MirrorTemplate {
		return "/spiegel/"
	}
	return "/v/"
}

// progress says how far an unfinished questionnaire is: 4 van de 9.
func progress(m store.Outgoing, f *form.Form) string {
	if m.Response == nil || m.Response.Started.IsZero() || !m.Response.Draft() {
		return ""
	}
	parts := f.Parts(m.Response.Values, m.Response.Passed)
	for i, p := range parts {
		if p.Progress != form.Done {
			return fmt.Sprintf("%d van de %d", i+1, len(parts))
		}
	}
	return ""
}

// A draft is a mail that is ready to go, and the copy of it that is kept.
type draft struct {
	mail mail.Message
	kept contactplan.Message // with placeholders for link and code
}

// compose writes the mail of m. An error is Invalid where the text or the study's
// settings have to be mended.
func (p *Mailer) compose(m store.Outgoing, f *form.Form, k Keys, now time.Time) (draft, error) {
	t, ok := m.Text(contactplan.Mail)
	if !ok {
		return draft{}, errs.Errorf(errs.Invalid, "De tekst ‘%s’ is er niet.", m.Template)
	}
	id := store.MailID(m.ID)
	fields := Fields(m, f, k, p.Base, p.Keys.UnsubscribeToken(id), now)
	text, problems := contactplan.Render(t, fields)
	if len(problems) > 0 {
		return draft{}, errs.Errorf(errs.Invalid, "De tekst ‘%s’ klopt niet: %s", m.Template, problems[0])
	}
	kept, problems := contactplan.Render(t, fields.Redacted())
	if len(problems) > 0 {
		return draft{}, errs.Errorf(errs.Invalid, "De tekst ‘%s’ klopt niet: %s", m.Template, problems[0])
	}
	from := p.From
	from.Name = cmp.Or(m.Study.Settings.Sender, m.Study.Settings.Organiser, from.Name, "Uitvraag")
	reply := mail.Address{Name: from.Name, Email: cmp.Or(m.Study.Settings.Email, from.Email)}
	if mail.CheckAddress(reply.Email) != nil {
		reply.Email = from.Email
	}
	out := mail.Message{
		ID: p.Keys.MessageID(id), Date: now, ReturnPath: p.Keys.ReturnPath(id),
		From: from, ReplyTo: reply, To: mail.Address{Name: m.Contact.Name, Email: m.Contact.Email},
		Subject: text.Subject, Text: text.Text, HTML: text.HTML,
		UnsubscribeURL: fields.Unsubscribe, UnsubscribeMail: p.Keys.UnsubscribeAddress(id),
	}
	if out.Check() != nil {
		out.To.Name = "" // as a register may hold it; the mail is for the address
	}
	return draft{out, kept}, nil
}
