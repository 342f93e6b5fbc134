package page

import "github.com/uitvraag/uitvraag/web/ui"

// DataPath is where the data of a study are, after its base.
const DataPath = "/gegevens"

// Data is where members of staff take the data of a study as files.
type Data struct {
	Staff
	Counts  []DataCount
	Choices []BookChoice
	Named   bool   // may take data with the codes of units
	Reason  string // as typed
	Problem string // of the reason

	Snapshots    []DataSnapshot // the latest first
	SnapshotOf   BookChoice     // whose answers a new one holds
	SnapshotName string         // as typed
	NameProblem  string
}

// A DataSnapshot is the data as they were at a moment.
type DataSnapshot struct {
	Name, Audience, Made  string
	Units, Questionnaires int
	Hash                  string // SHA-256, in hex
	Tables                string // path; "" of one that was erased
	Erased                string // why
}

// A DataCount is how much there is of one audience.
type DataCount struct {
	Audience                          string
	Units, Questionnaires, Population int
	Codebook                          string // path
}

func (p Data) snapshotName() ui.Box {
	return ui.Box{Name: "naam", Label: "Naam van de momentopname", Hint: "Bijvoorbeeld: rapport oktober. Zet er geen namen van personen in.", Value: p.SnapshotName, Lines: 1, Error: p.NameProblem}
}

func (p Data) reason() ui.Box {
	return ui.Box{Name: "reden", Label: "Waarom met de code van eenheden?", Hint: "Alleen nodig als u de code kiest. Wat u invult, staat in het logboek. Zet er geen namen in.", Value: p.Reason, Lines: 2, Error: p.Problem}
}
