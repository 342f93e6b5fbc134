package study

import (
	"cmp"
	"fmt"
	"strings"
)

// An Entry is one line of the register of processing (AVG art. 30).
type Entry struct{ Name, Value string }

// Processing returns what the register of processing says of s, from its settings.
// What nobody laid down is empty.
func Processing(s Study) []Entry {
	p := s.Settings.Privacy
	terms := make([]string, 0, len(Terms))
	for _, d := range Deadlines(s) {
		terms = append(terms, fmt.Sprintf("%s: %d maanden na %s", d.Title, d.Months, d.From))
	}
	return []Entry{
		{"Verwerkingsverantwoordelijke", s.Controller()},
		{"Verwerker", s.Processor()},
		{"Verwerkersovereenkomst", p.Agreement},
		{"Subverwerkers", p.SubProcessors},
		{"Functionaris gegevensbescherming", p.Officer},
		{"Doel", cmp.Or(s.Settings.Why, s.Settings.Question)},
		{"Grondslag", string(p.Basis)},
		{"Wie", "Medewerkers van de organisaties in het onderzoek, in hun functie, en collega’s aan wie zij doorsturen"},
		{"Welke gegevens", "Naam, functie, e-mailadres, telefoonnummer en postadres; berichten, gesprekken en tijdstippen; antwoorden over de organisatie"},
		{"Bron", p.Sources},
		{"Ontvangers", "De medewerkers van dit onderzoek. Gepubliceerde cijfers zijn niet tot een organisatie te herleiden" + map[bool]string{true: ", tenzij dat is aangekondigd", false: ""}[s.Settings.Disclosure.Traceable]},
		{"Doorgifte buiten de EU", "Geen"},
		{"Bewaartermijnen", strings.Join(terms, "\n")},
		{"Beveiliging", strings.TrimSpace("Contactgegevens en antwoorden staan apart, met eigen rechten in de database. Links en wachtwoorden staan er alleen als hash. Alles wat iemand doet, staat in een logboek dat niet kan worden gewijzigd. " + p.Measures)},
	}
}
