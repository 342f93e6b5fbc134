package study

import "slices"

// A Criterion is one thing that makes a DPIA needed, or more likely (standards
// V3).
type Criterion struct {
	ID    string
	Label string
	Alone bool // of the list of the AP: one is enough
}

// Criteria are the seventeen kinds of processing of the Dutch supervisor (Besluit
// lijst verwerkingen DPIA, Stcrt. 2019, 64418) and the nine criteria of the
// European board (WP 248 rev.01), shortened.
var Criteria = []Criterion{
	{"ap1", "Heimelijk onderzoek, zonder dat mensen het weten", true},
	{"ap2", "Zwarte lijsten", true},
	{"ap3", "Fraudebestrijding op grote schaal", true},
	{"ap4", "Kredietscores", true},
	{"ap5", "De financiële situatie van mensen", true},
	{"ap6", "Genetische gegevens", true},
	{"ap7", "Gezondheidsgegevens op grote schaal", true},
	{"ap8", "Samenwerkingsverbanden van organisaties die bijzondere of gevoelige gegevens uitwisselen", true},
	{"ap9", "Cameratoezicht op grote schaal", true},
	{"ap10", "Flexibel cameratoezicht, zoals camera’s op kleding", true},
	{"ap11", "Controle van werknemers", true},
	{"ap12", "Locatiegegevens op grote schaal", true},
	{"ap13", "Communicatiegegevens op grote schaal", true},
	{"ap14", "Apparaten die met internet zijn verbonden", true},
	{"ap15", "Profilering", true},
	{"ap16", "Gedrag van mensen volgen en beïnvloeden", true},
	{"ap17", "Biometrische gegevens op grote schaal", true},
	{"edpb1", "Mensen beoordelen of voorspellen wat zij doen", false},
	{"edpb2", "Automatische besluiten met gevolgen voor mensen", false},
	{"edpb3", "Stelselmatig mensen volgen", false},
	{"edpb4", "Gevoelige of zeer persoonlijke gegevens, bijvoorbeeld over leerlingen", false},
	{"edpb5", "Gegevens op grote schaal", false},
	{"edpb6", "Gegevens uit verschillende bronnen koppelen", false},
	{"edpb7", "Kwetsbare mensen, zoals kinderen", false},
	{"edpb8", "Nieuwe techniek", false},
	{"edpb9", "Mensen kunnen daardoor een recht of dienst niet gebruiken", false},
}

// The outcomes of a screening.
const (
	NoDPIA   = "Geen DPIA nodig"
	MayDPIA  = "Overleg met de functionaris gegevensbescherming" // one of the nine
	FullDPIA = "DPIA nodig"
)

// ScreeningOutcome says what ticked criteria lead to: one of the list of the AP,
// or two of the nine, ask for a DPIA.
func ScreeningOutcome(ticked []string) string {
	n := 0
	for _, c := range Criteria {
		if !slices.Contains(ticked, c.ID) {
			continue
		}
		if c.Alone {
			return FullDPIA
		}
		n++
	}
	switch n {
	case 0:
		return NoDPIA
	case 1:
		return MayDPIA
	}
	return FullDPIA
}

// CriterionLabel returns the words of a criterion, "" for none.
func CriterionLabel(id string) string {
	for _, c := range Criteria {
		if c.ID == id {
			return c.Label
		}
	}
	return ""
}
