package contactplan

import "slices"

// A recipient is who gets a step, and how. Without one, why says what is
// missing.
type recipient struct {
	contact int64
	general bool
	channel Channel
	why     string
}

const (
	noAddress = "Geen bruikbaar e-mailadres of postadres."
	noPost    = "Geen postadres."
	noPhone   = "Geen telefoonnummer."
	optedOut  = "Heeft zich afgemeld voor mail."
	refused   = "De mailserver van de ontvanger wil dit bericht niet. Kijk waarom, of kies een andere contactpersoon."
)

// recipient chooses who gets a message or call over a channel: the first contact
// that can be reached, those who passed the questionnaire on last. Mail that
// cannot go by mail goes by letter. Somebody who opted out is not passed over:
// the unit then gets nothing in writing, but may be called.
func (u Unit) recipient(ch Channel) recipient {
	contacts := u.order()
	pick := func(ch Channel, has func(Contact) bool) (recipient, bool) {
		i := slices.IndexFunc(contacts, has)
		if i < 0 {
			return recipient{}, false
		}
		c := contacts[i]
		if c.OptedOut && ch != Phone {
			return recipient{why: optedOut}, true
		}
		return recipient{contact: c.ID, general: c.General, channel: ch}, true
	}
	if ch == Phone {
		if r, ok := pick(Phone, func(c Contact) bool { return c.Phone }); ok {
			return r
		}
		return recipient{why: noPhone}
	}
	if ch == Mail {
		if r, ok := pick(Mail, func(c Contact) bool { return c.OptedOut || c.Mail && !c.Bounced }); ok {
			return r
		}
	}
	if r, ok := pick(Letter, func(c Contact) bool { return c.OptedOut || c.Post }); ok {
		return r
	}
	if ch == Letter {
		return recipient{why: noPost}
	}
	return recipient{why: noAddress}
}

// order returns the contacts that are still there: first those who get
// reminders themselves.
func (u Unit) order() []Contact {
	var first, last []Contact
	for _, c := range u.Contacts {
		switch {
		case c.Ended:
		case c.PassedOn:
			last = append(last, c)
		default:
			first = append(first, c)
		}
	}
	return append(first, last...)
}

// unwilling reports whether a contact that would be written to opted out.
func (u Unit) unwilling() bool { return u.recipient(Mail).why == optedOut }
