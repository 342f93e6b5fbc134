// Package hypothesis tests what was expected beforehand. A register holds the
// expectations of a study as data, a text file in which a researcher adds one
// without a program: what is expected, of which variables and groups, with which
// test, in which direction. Run tests all of it on datasets and gives a verdict
// per expectation in a sentence that follows from the numbers.
//
//	r, problems := hypothesis.Parse(text)
//	outcomes := r.Run(hypothesis.Options{}, inputs...)
//
// It knows questionnaires, datasets and stat, and no page or file.
package hypothesis

import (
	"embed"
	"slices"
	"time"
)

//go:embed registers/*.yaml
var files embed.FS

// A Register is the expectations of a study, in order.
type Register struct {
	ID, Title   string
	Instruments []string
	Alpha       float64 // the level of significance
	Smallest    int     // a group with fewer answers takes no part in a test
	Derived     []Derived
	Hypotheses  []Hypothesis
	Figures     []Figure
}

// A Derived is a variable made of others: groups of the values of From, or 1
// where one of Any is 1.
type Derived struct {
	ID, Label string
	From      string
	Groups    []Group
	Line      int // where it stands in the file
	Any       []string
}

// A Group is one value of a Derived.
type Group struct {
	ID, Label string
	Values    []string
}

// A Hypothesis is an expectation with the tests that decide about it.
type Hypothesis struct {
	ID          string
	Question    string // the research question that it belongs to
	Expectation string // one sentence
	Rule        Rule   // how many tests confirm it
	Tests       []Test
	Alpha       float64 // the level of significance, of its register
	Smallest    int     // a group with fewer answers takes no part, of its register
	Added       *Added  // nil for one that comes with the product
	Line        int     // where it stands in the file
}

// A Rule says when the tests of an expectation confirm it. It is fixed beforehand,
// with the tests.
type Rule string

// The rules.
const (
	AllTests  Rule = "all"  // every test that could be made supports it
	MostTests Rule = "most" // more than half of them do
	AnyTest   Rule = "any"  // one of them does
)

// Added is how an expectation came to a study: when, by whom, and where the study
// stood then.
type Added struct {
	At    time.Time
	By    string
	Phase Phase
}

// A Phase is what could be known of the answers when an expectation was put down.
type Phase string

// The phases.
const (
	Beforehand Phase = "vooraf" // before the study opened
	During     Phase = "tijdens het veldwerk"
	Afterwards Phase = "achteraf" // when the answers could be seen
)

// PhaseOf is the phase at a moment of a study that opens and closes.
func PhaseOf(at, opens, closes time.Time) Phase {
	switch {
	case at.Before(opens):
		return Beforehand
	case at.Before(closes):
		return During
	}
	return Afterwards
}

// A Kind is a test that a register can ask for.
type Kind string

// The kinds.
const (
	Rank        Kind = "rank"        // Dependent between the groups of By, by ranks
	Welch       Kind = "welch"       // Dependent between the groups of By, by means
	Association Kind = "association" // Dependent against By, as a table
	Spearman    Kind = "spearman"    // Dependent with By, by ranks
	Pearson     Kind = "pearson"     // Dependent with By, in a straight line
	Wilcoxon    Kind = "wilcoxon"    // the two of Compare, answered by the same
	PairedT     Kind = "paired_t"    // the same, by means
	Most        Kind = "most"        // Values are chosen more often than others
)

// kinds are all of them, and classics the tests of 2018.
var (
	kinds    = []Kind{Rank, Welch, Association, Spearman, Pearson, Wilcoxon, PairedT, Most}
	classics = []string{"anova", "t", "chi2", "pearson"}
	// independent are tests of groups that share no cases, which a researcher may
	// ask for by name where only a paired test is right.
	independent = []Kind{Rank, Welch, Association, "t", "chi2", "anova", "mann-whitney"}
)

// A Test is what is tested of a hypothesis in one instrument; Dependents that are
// more than one are tested one by one.
type Test struct {
	Instrument string
	Kind       Kind
	Dependents []string
	By         string
	Compare    []string // of a paired test: two rows of a question
	Higher     []string // groups that were expected to be higher
	Direction  int      // +1 or −1: of a correlation, or of the first of Compare against the second; 0 for either
	Where      string   // a condition as in routing: only these cases are tested
	Values     []string // of Most
	Largest    bool     // of Most: against the largest other value, and not all others together
	Classic    string   // test of 2018, "" for none
	Split      string   // what the classic test is by, where that is not By
	Pair       []string // the two groups of a classic t
	Line       int      // where it stands in the file
}

// A Figure is a table of means or counts that shows what a hypothesis is about.
type Figure struct {
	ID, Hypothesis, Instrument, Title string
	Kind                              string // means, moments, counts
	Rows                              string
	Columns                           []string
	Percent                           string // of counts: row or column
}

// Names are the registers that come with the product.
func Names() []string { return []string{"inventarisatie"} }

// Text is the file of a register that comes with the product, and whether there
// is one of that name.
func Text(name string) ([]byte, bool) {
	if !slices.Contains(Names(), name) {
		return nil, false
	}
	text, err := files.ReadFile("registers/" + name + ".yaml")
	return text, err == nil
}

// For is the register of an instrument that comes with the product, and whether
// there is one.
func For(instrument string) (*Register, bool) {
	for _, name := range Names() {
		text, _ := Text(name)
		if r, _ := Parse(text); r != nil && slices.Contains(r.Instruments, instrument) {
			return r, true
		}
	}
	return nil, false
}
