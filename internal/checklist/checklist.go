// Package checklist says what must be in order before a study may be released,
// what is not, and why. It is a plain function of facts: it looks nothing up, and
// knows no pages.
package checklist

import (
	"fmt"
	"time"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/study"
)

// A State is how an item stands.
type State string

// The states. What is not yet in order keeps a study from being released; a
// warning does not.
const (
	Fine    State = "in orde"
	NotYet  State = "nog niet"
	Warning State = "let op"
)

// An ID names an item.
type ID string

// The items, in their order.
const (
	Register  ID = "register"
	Period    ID = "periode"
	Plan      ID = "plan"
	Messages  ID = "berichten"
	Privacy   ID = "privacy"
	Agreement ID = "overeenkomst"
	Domain    ID = "maildomein"
	Strata    ID = "strata"
	DryRun    ID = "proef"
	Examples  ID = "voorbeelden"
)

// An Item is one thing to look at before release.
type Item struct {
	ID    ID
	Title string
	State State
	Why   []string // in Dutch, whole sentences
}

// An Audience is what there is of the register of one audience.
type Audience struct {
	Name, Title               string // "gemeente", "Gemeenten"
	Units, Mail, Post, Nobody int    // units in all, with that address, with none and no telephone
}

// A Look is something that a person looked at.
type Look struct {
	At    time.Time // zero: nobody did
	Who   string
	Fresh bool // nothing it was about has changed since
}

// Facts are all that the checklist looks at.
type Facts struct {
	Study     study.Study
	Now       time.Time
	Audiences []Audience
	Regions   []contactplan.Regions
	Texts     []string // what is wrong with the messages, written for each step and audience
	Small     []string // strata with few units: "Gemeenten, ‘G4’: ja (4)"

	Inbox     bool   // no mail server is set
	Domain    string // that mail comes from
	Records   []mail.Record
	LookedAt  time.Time // at Records; zero: never
	ByHand    Look      // somebody looked at the domain
	HandWords string    // what that person wrote

	DryRun, Examples Look
}

// Items returns the checklist of a study, every item in its order.
func Items(f Facts) []Item {
	return []Item{f.register(), f.period(), f.plan(), f.messages(), f.privacy(), f.agreement(), f.domain(), f.strata(),
		seen(DryRun, "De lijst met wie wat krijgt is bekeken", "de lijst", f.DryRun), seen(Examples, "De voorbeelden van de berichten zijn bekeken", "de voorbeelden", f.Examples)}
}

// Open returns the items that keep a study from being released.
func Open(items []Item) []Item {
	var open []Item
	for _, i := range items {
		if i.State == NotYet {
			open = append(open, i)
		}
	}
	return open
}

// item makes an item of what is wrong and what is doubtful.
func item(id ID, title string, wrong, doubtful []string, fine string) Item {
	switch {
	case len(wrong) > 0:
		return Item{id, title, NotYet, append(wrong, doubtful...)}
	case len(doubtful) > 0:
		return Item{id, title, Warning, doubtful}
	case fine == "":
		return Item{id, title, Fine, nil}
	}
	return Item{id, title, Fine, []string{fine}}
}

func (f Facts) register() Item {
	var wrong, doubtful []string
	total := 0
	for _, a := range f.Audiences {
		total += a.Units
		switch {
		case a.Units == 0:
			wrong = append(wrong, fmt.Sprintf("%s: er is nog geen register ingelezen.", a.Title))
		case a.Mail+a.Post == 0:
			doubtful = append(doubtful, fmt.Sprintf("%s: geen enkele eenheid heeft een e-mailadres of postadres. Niemand krijgt een uitnodiging.", a.Title))
		case a.Nobody > 0:
			doubtful = append(doubtful, fmt.Sprintf("%s: %d van de %d hebben geen adres en geen telefoon.", a.Title, a.Nobody, a.Units))
		}
	}
	return item(Register, "Het register is ingelezen", wrong, doubtful, fmt.Sprintf("%d eenheden.", total))
}

func (f Facts) period() Item {
	var wrong, doubtful []string
	if !f.Study.Closes.After(f.Now) {
		wrong = append(wrong, "Het onderzoek is al gesloten. Kies een latere sluiting.")
	} else if f.Study.Opens.Before(f.Now) {
		doubtful = append(doubtful, "Het onderzoek is al open. Uitnodigingen die al weg hadden moeten zijn, gaan alleen weg als u dat zegt.")
	}
	return item(Period, "De periode klopt", wrong, doubtful, "Van "+contactplan.Moment(f.Study.Opens)+" "+contactplan.Deadline(f.Study.Closes)+".")
}

func (f Facts) plan() Item {
	field := f.Study.Field()
	var wrong, audiences []string
	for _, a := range f.Audiences {
		audiences = append(audiences, a.Name)
	}
	regions := f.Regions
	if len(regions) == 0 {
		regions = []contactplan.Regions{0}
	}
	schedule := field.Schedule(regions, audiences)
	lapsed := map[string]bool{}
	for _, row := range schedule.Rows {
		if row.Lapses && !lapsed[row.Step.ID] {
			lapsed[row.Step.ID] = true
			wrong = append(wrong, fmt.Sprintf("%s valt na het sluiten. Verander het plan of de sluiting.", row.Step.Title))
		}
	}
	if len(wrong) > 0 {
		return item(Plan, "Het plan past in de periode", wrong, nil, "")
	}
	return item(Plan, "Het plan past in de periode", nil, schedule.Warnings, fmt.Sprintf("%d stappen.", len(field.Plan.Steps)))
}

func (f Facts) messages() Item {
	return item(Messages, "Alle velden in de berichten zijn gevuld", f.Texts, nil, "")
}

func (f Facts) privacy() Item {
	var wrong []string
	for _, g := range study.PrivacyGaps(f.Study) {
		if g.Field != string(Agreement) {
			wrong = append(wrong, g.Text)
		}
	}
	return item(Privacy, "De privacyverklaring is compleet", wrong, nil, "")
}

func (f Facts) agreement() Item {
	var wrong []string
	for _, g := range study.PrivacyGaps(f.Study) {
		if g.Field == string(Agreement) {
			wrong = append(wrong, g.Text)
		}
	}
	fine := "Geen verwerker: de opdrachtgever doet het zelf."
	if a := f.Study.Settings.Privacy.Agreement; a != "" {
		fine = "Kenmerk: " + a
	}
	return item(Agreement, "De verwerkersovereenkomst is er", wrong, nil, fine)
}

func (f Facts) domain() Item {
	const title = "Het maildomein is bekeken (SPF, DKIM, DMARC)"
	if f.Inbox {
		return item(Domain, title, nil, []string{"Er is geen mailserver ingesteld. Mails komen in het postvak van deze installatie en gaan niet naar buiten."}, "")
	}
	var found []string
	good := !f.LookedAt.IsZero()
	for _, r := range f.Records {
		found = append(found, r.Text)
		good = good && r.Finding == mail.FoundGood
	}
	if !f.LookedAt.IsZero() {
		found = append(found, "Gekeken op "+contactplan.Moment(f.LookedAt)+".")
	}
	switch {
	case good:
		return item(Domain, title, nil, nil, "SPF, DKIM en DMARC van "+f.Domain+" staan goed. Gekeken op "+contactplan.Moment(f.LookedAt)+".")
	case !f.ByHand.At.IsZero():
		return item(Domain, title, nil, append(found, fmt.Sprintf("Zelf nagekeken op %s: %s", contactplan.Moment(f.ByHand.At), f.HandWords)), "")
	case f.LookedAt.IsZero():
		return item(Domain, title, []string{"Er is nog niet gekeken naar " + f.Domain + "."}, nil, "")
	}
	return item(Domain, title, found, nil, "")
}

func (f Facts) strata() Item {
	var doubtful []string
	for _, s := range f.Small {
		doubtful = append(doubtful, s+" Voeg kleine groepen samen, of kies dit kenmerk niet als stratum.")
	}
	return item(Strata, "De strata zijn groot genoeg om over te publiceren", nil, doubtful, "")
}

// seen is an item that a person looks at; what is it in a sentence.
func seen(id ID, title, what string, l Look) Item {
	switch {
	case l.At.IsZero():
		return item(id, title, []string{"Nog niemand heeft gezegd " + what + " te hebben bekeken."}, nil, "")
	case !l.Fresh:
		return item(id, title, []string{"Sinds iemand keek naar " + what + " op " + contactplan.Moment(l.At) + " zijn het register, het plan, de berichten of de instellingen veranderd. Kijk nog eens."}, nil, "")
	}
	by := ""
	if l.Who != "" {
		by = ", door " + l.Who
	}
	return item(id, title, nil, nil, "Bekeken op "+contactplan.Moment(l.At)+by+".")
}
