package checklist

// A Start is one step on the way of a new study to its first invitation.
type Start struct {
	ID    ID
	Title string
	Why   string // why it matters, in Dutch
	State State
	Notes []string // how it stands, whole sentences
}

// Steps of the way that are no item of the checklist.
const (
	Questionnaire ID = "vragenlijst"
	Colleagues    ID = "collega's"
	Release       ID = "vrijgeven"
	First         ID = "uitnodiging"
)

// StartFacts are what the way depends on beside the checklist.
type StartFacts struct {
	Colleagues int  // people who work in the study, whoever looks included
	Released   bool // the worker may send
	Invited    int  // messages of the first step that were sent
}

// Starts returns the way from an empty study to its first invitation, in order.
// Each step ticks itself: its state comes from the facts and the checklist, and
// nobody marks anything.
func Starts(items []Item, f StartFacts) []Start {
	together := func(id ID, title, why string, of ...ID) Start {
		s := Start{ID: id, Title: title, Why: why, State: Fine}
		for _, i := range items {
			for _, want := range of {
				if i.ID != want {
					continue
				}
				if i.State == NotYet || i.State == Warning && s.State == Fine {
					s.State = i.State
				}
				if i.State != Fine {
					s.Notes = append(s.Notes, i.Why...)
				}
			}
		}
		return s
	}
	done := func(id ID, title, why string, ok bool, note string) Start {
		if ok {
			return Start{ID: id, Title: title, Why: why, State: Fine}
		}
		return Start{id, title, why, NotYet, []string{note}}
	}
	colleagues := Start{ID: Colleagues, Title: "Haal collega’s erbij", Why: "Wie belt, hoeft geen antwoorden te zien. Wie rekent, hoeft geen namen te zien. Geef ieder een eigen rol.", State: Fine}
	if f.Colleagues < 2 {
		colleagues.State, colleagues.Notes = Warning, []string{"U werkt nu alleen in dit onderzoek. Dat mag."}
	}
	return []Start{
		together(Register, "Lees het register in", "Het register zegt wie u vraagt. Zonder register gaat er niets weg.", Register, Strata),
		{ID: Questionnaire, Title: "Lees de vragenlijst nog eens door", Why: "De vragenlijst ligt vast zodra het onderzoek is gemaakt. Kijk of alles erin staat.", State: Fine},
		together(Plan, "Kies wanneer wat weggaat", "Het plan zegt op welke dag de uitnodiging en de herinneringen gaan. Feestdagen en schoolvakanties telt het mee.", Period, Plan),
		together(Messages, "Kijk de teksten na", "De mail is het eerste wat mensen van u zien. Er is een goede standaardtekst; maak hem van uzelf.", Messages),
		together(Privacy, "Maak de privacyverklaring af", "Mensen lezen waar hun gegevens blijven voordat ze antwoorden.", Privacy, Agreement),
		together(Domain, "Kijk of mail goed aankomt", "Zonder SPF, DKIM en DMARC belandt uw uitnodiging bij de ongewenste mail.", Domain),
		colleagues,
		together(DryRun, "Bekijk de lijst en de voorbeelden", "Zo ziet u voor het weggaat wie wat krijgt.", DryRun, Examples),
		done(Release, "Geef het onderzoek vrij", "Daarna gaan de berichten vanzelf, op hun eigen dag.", f.Released, "Dit kan als alles hierboven in orde is."),
		done(First, "De eerste uitnodiging gaat weg", "Vanaf nu ziet u bij Vandaag hoe het gaat.", f.Invited > 0, "Dit gebeurt vanzelf op de dag waarop het onderzoek opent."),
	}
}
