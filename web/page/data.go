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
}

// A DataCount is how much there is of one audience.
type DataCount struct {
	Audience                          string
	Units, Questionnaires, Population int
	Codebook                          string // path
}

func (p Data) reason() ui.Box {
	return ui.Box{Name: "reden", Label: "Waarom met de code van eenheden?", Hint: "Alleen nodig als u de code kiest. Wat u invult, staat in het logboek. Zet er geen namen in.", Value: p.Reason, Lines: 2, Error: p.Problem}
}
