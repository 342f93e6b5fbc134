package demo

import (
	"time"

	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/store"
)

// What people and their mail programs send back.
var (
	absences = []string{
		"Ik ben tot en met vrijdag afwezig. Uw mail wordt niet gelezen. Neem bij vragen contact op met ons secretariaat.",
		"Bedankt voor uw bericht. Ik werk niet op woensdag en vrijdag en lees uw mail op mijn eerstvolgende werkdag.",
		"Wegens vakantie ben ik er niet. Vanaf maandag beantwoord ik mijn mail weer.",
	}
	questions = []string{
		"Goedemorgen,\n\nKunnen wij nog een week extra krijgen? Mijn collega die hierover gaat, is volgende week terug.\n\nMet vriendelijke groet",
		"Beste onderzoekers,\n\nWij vullen de vragenlijst samen met een buurgemeente in. Hoe geven wij dat aan?\n\nGroet",
		"Dag,\n\nDeze mail hoort bij onze beleidsmedewerker jeugd. Wilt u hem voortaan daarheen sturen? Ik geef u graag het adres.\n\nVriendelijke groet",
	}
)

// Of what came in, the office has dealt with most: none of the last days, and all
// but one in so many of those before.
const (
	fresh   = 60 * time.Hour
	forgets = 6
)

// answer lets something come back on a message: now and then an automatic reply
// or a question, and the report on an address that does not exist.
func (d *demonstration) answer(t *target, m *store.PastMessage) {
	if t.contact.Email == "" {
		return
	}
	r := chance("antwoord " + t.code + " " + m.Step)
	in := mail.Incoming{Subject: "Automatisch antwoord: " + m.Subject, From: mail.Address{Name: t.contact.Name, Email: t.contact.Email}}
	m.Answered = m.At.Add(time.Duration(1+r.IntN(300)) * time.Minute)
	switch n := r.IntN(100); {
	case m.State == store.Returned:
		in.Kind, in.From, in.Subject = mail.Report, mail.Address{Name: "Mail Delivery System", Email: "mailer-daemon@uitvraag.example"}, "Undelivered Mail Returned to Sender"
		in.Text = "This is the mail system at host mail.uitvraag.example.\n\n<" + t.contact.Email + ">: 550 5.1.1 User unknown"
		in.Bounces = []mail.Bounce{{Kind: mail.Hard, Status: "5.1.1", Recipient: t.contact.Email, Diagnostic: "550 5.1.1 User unknown"}}
		m.Answered = m.At.Add(time.Minute)
	case n < 4:
		in.Kind, in.Text = mail.AutoReply, pick(r, absences)
	case n < 6:
		in.Kind, in.Subject, in.Text = mail.Reply, "Re: "+m.Subject, pick(r, questions)
	default:
		return
	}
	if m.Answered.After(d.until) {
		return
	}
	if m.Answered.Before(d.until.Add(-fresh)) && r.IntN(forgets) > 0 {
		m.Handled = m.Answered.Add(20 * time.Hour)
	}
	m.Answer = &in
}
