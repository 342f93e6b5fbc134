package event

import "strings"

// A Reason says why a unit does not take part (standards W6).
type Reason struct{ ID, Label string }

// Reasons are the coded reasons of refusal, in the order in which they are
// offered.
var Reasons = []Reason{
	{"geen_tijd", "Geen tijd"},
	{"geen_interesse", "Geen interesse"},
	{"te_weinig_ruimte", "Te weinig ruimte voor verschillen tussen gemeenten"},
	{"ander_verantwoordelijk", "Een andere organisatie is verantwoordelijk"},
	{"te_vertrouwelijk", "De vragen zijn te vertrouwelijk"},
	{"te_veel_vragen", "Het zijn te veel vragen"},
	{"anders", "Een andere reden"},
}

// ReasonLabel returns the label of a reason, and whether there is one.
func ReasonLabel(id string) (string, bool) {
	for _, r := range Reasons {
		if r.ID == id {
			return r.Label, true
		}
	}
	return "", false
}

// ReasonOf returns the reason that the note of a refusal begins with, "" where it
// begins with none.
func ReasonOf(note string) string {
	for _, r := range Reasons {
		if strings.HasPrefix(note, r.Label) {
			return r.ID
		}
	}
	return ""
}
