package answer

import (
	"slices"

	"github.com/uitvraag/uitvraag/internal/instrument"
)

// A Change is one variable in the log of saves. "" is no value.
type Change struct {
	Variable string `json:"v"`
	Was      string `json:"w,omitempty"`
	Is       string `json:"i,omitempty"`
}

// A Conflict is something that a post changed and that somebody else changed
// too since the page was rendered. The boxes of one fieldset are one conflict,
// because a mix of two people's boxes is nobody's answer.
type Conflict struct {
	Variables []string
	Mine      Values // what was posted, by variable
	Theirs    Values // what is stored
}

// Merge decides what a post does to the stored answers. posted has every
// variable of the items, with "" for no answer; later holds the changes that
// were saved after the page was rendered, oldest first. What was posted as it
// was rendered changes nothing, so two colleagues on different rows never meet.
func Merge(items []instrument.Item, current, posted Values, later []Change) ([]Change, []Conflict) {
	var changes []Change
	var conflicts []Conflict
	for i := range items {
		for _, group := range groups(&items[i]) {
			ch, conflict := mergeGroup(group, current, posted, later)
			changes = append(changes, ch...)
			if conflict != nil {
				conflicts = append(conflicts, *conflict)
			}
		}
	}
	return changes, conflicts
}

// groups cuts an item into what is compared as one: all its boxes together,
// every other variable by itself.
func groups(it *instrument.Item) [][]instrument.Variable {
	var flags []instrument.Variable
	var out [][]instrument.Variable
	for _, v := range it.Variables {
		if v.Type == instrument.FlagType {
			flags = append(flags, v)
			continue
		}
		out = append(out, []instrument.Variable{v})
	}
	if flags != nil {
		out = append([][]instrument.Variable{flags}, out...)
	}
	return out
}

func mergeGroup(group []instrument.Variable, current, posted Values, later []Change) ([]Change, *Conflict) {
	var changes []Change
	mineChanged, theirsChanged := false, false
	c := Conflict{Mine: Values{}, Theirs: Values{}}
	for i := range group {
		v := &group[i]
		mine, has := posted[v.Name]
		if !has {
			continue
		}
		now := current[v.Name]
		base := rendered(v.Name, now, later)
		mineChanged = mineChanged || !same(v, mine, base)
		theirsChanged = theirsChanged || !same(v, now, base)
		if !same(v, mine, now) {
			changes = append(changes, Change{v.Name, now, mine})
		}
		c.Variables = append(c.Variables, v.Name)
		c.Mine.Set(v.Name, mine)
		c.Theirs.Set(v.Name, now)
	}
	switch {
	case len(changes) == 0 || !mineChanged:
		return nil, nil
	case theirsChanged:
		return nil, &c
	}
	return changes, nil
}

// rendered returns the value that a page showed: before the first later change.
func rendered(variable, now string, later []Change) string {
	i := slices.IndexFunc(later, func(c Change) bool { return c.Variable == variable })
	if i < 0 {
		return now
	}
	return later[i].Was
}

// same compares two stored values; left open is the same as no answer, because
// nobody chooses it.
func same(v *instrument.Variable, a, b string) bool {
	return a == b || !coded(v, a) && !coded(v, b)
}

func coded(v *instrument.Variable, value string) bool {
	if v.Type == instrument.TextType {
		return value != ""
	}
	return value != "" && !leftOpen(v, value) // a box that is not ticked is a value here: it goes with the others of its item
}

// Seen returns the changes that mark what was seen and left open, for the
// variables of a page that was posted. values are the answers after the save.
func Seen(items []instrument.Item, values Values) []Change {
	var changes []Change
	for i := range items {
		for j := range items[i].Variables {
			v := &items[i].Variables[j]
			open, ok := v.MissingCode(instrument.LeftOpen)
			if ok && values[v.Name] == "" {
				changes = append(changes, Change{v.Name, "", open})
			}
		}
	}
	return changes
}

// Apply changes values in place.
func Apply(values Values, changes []Change) {
	for _, c := range changes {
		values.Set(c.Variable, c.Is)
	}
}

// Rebuild returns the answers that a log of saves leads to.
func Rebuild(log [][]Change) Values {
	values := Values{}
	for _, changes := range log {
		Apply(values, changes)
	}
	return values
}
