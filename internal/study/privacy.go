package study

import (
	"strings"
	"time"
)

// A Basis is why the law allows a study to approach people (AVG art. 6). Consent
// is none of them: the answers are about an organisation (standards V2).
type Basis string

// The bases; "" is not chosen yet.
const (
	PublicTask         Basis = "algemeen belang"        // art. 6(1)e
	LegitimateInterest Basis = "gerechtvaardigd belang" // art. 6(1)f
)

// Bases are the bases that a study may have.
var Bases = []Basis{PublicTask, LegitimateInterest}

// Privacy is what a study lays down about personal data: it writes the privacy
// statement and the register of processing, and sets the retention clock.
type Privacy struct {
	Controller    string    `json:"controller,omitempty"`    // verwerkingsverantwoordelijke; "": the client of the study
	Processor     string    `json:"processor,omitempty"`     // verwerker; "": who does the work
	Agreement     string    `json:"agreement,omitempty"`     // reference of the verwerkersovereenkomst
	SubProcessors string    `json:"subprocessors,omitempty"` // mail relay, hosting, backup: one per line
	Basis         Basis     `json:"basis,omitempty"`
	Sources       string    `json:"sources,omitempty"`  // where addresses come from (art. 14)
	Officer       string    `json:"officer,omitempty"`  // how to reach the FG
	Measures      string    `json:"measures,omitempty"` // of security, beside those of the platform
	Retention     Retention `json:"retention,omitzero"`
	Accepted      time.Time `json:"accepted,omitzero"` // of the report; zero: not yet
}

// A Gap is something that a study must lay down before it may approach anybody.
type Gap struct {
	Field string // of the settings of privacy, as the page names it
	Text  string // what is missing, for the person who can fill it in
}

// PrivacyGaps returns what is missing in the privacy settings of s, in the order
// of the page; none for a study that may be released (standards V1, V2, V8).
func PrivacyGaps(s Study) []Gap {
	p := s.Settings.Privacy
	var gaps []Gap
	lacks := func(field, value, text string) {
		if strings.TrimSpace(value) == "" {
			gaps = append(gaps, Gap{field, text})
		}
	}
	lacks("verantwoordelijke", s.Controller(), "Vul in wie verantwoordelijk is voor de gegevens.")
	lacks("verwerker", s.Processor(), "Vul in wie de gegevens verwerkt.")
	if s.Controller() != s.Processor() {
		lacks("overeenkomst", p.Agreement, "Vul het kenmerk van de verwerkersovereenkomst in.")
	}
	lacks("grondslag", string(p.Basis), "Kies de grondslag.")
	lacks("bronnen", p.Sources, "Vul in waar de adressen vandaan komen.")
	lacks("waarom", s.Settings.Why, "Vul in waarom dit onderzoek er is.")
	lacks("fg", p.Officer, "Vul in hoe iemand de functionaris gegevensbescherming bereikt.")
	lacks("telefoon", s.Settings.Email+s.Settings.Phone, "Vul een telefoonnummer of e-mailadres in voor vragen.")
	return gaps
}

// Controller is who answers for the personal data of s, "" where nobody said.
func (s Study) Controller() string {
	if s.Settings.Privacy.Controller != "" {
		return s.Settings.Privacy.Controller
	}
	return s.Settings.Client
}

// Processor is who works with the personal data of s, "" where nobody said.
func (s Study) Processor() string {
	if s.Settings.Privacy.Processor != "" {
		return s.Settings.Privacy.Processor
	}
	return s.Settings.Organiser
}
