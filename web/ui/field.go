package ui

import (
	"strings"

	"github.com/a-h/templ"
)

// A Box is a box to write in.
type Box struct {
	Name, Label, Hint, Value, Error string
	Lines                           int    // 1 is a single line
	Describe                        string // ids of what explains it
	Numeric                         bool
	Type                            string // of a single line, "" is text
	Required                        bool
	Autocomplete                    string // what the browser may fill in
	Quiet                           bool   // the label is heard, not seen: the same words stand above it
}

func (b Box) hintID() string {
	if b.Hint == "" {
		return ""
	}
	return b.Name + "-uitleg"
}

func (b Box) errorID() string {
	if b.Error == "" {
		return ""
	}
	return b.Name + "-fout"
}

func (b Box) attributes() templ.Attributes {
	a := Described(b.Describe, b.errorID(), b.hintID())
	if b.Error != "" {
		a["aria-invalid"] = "true"
	}
	if b.Numeric {
		a["inputmode"] = "numeric"
	}
	if b.Autocomplete != "" {
		a["autocomplete"], a["autocapitalize"], a["spellcheck"] = b.Autocomplete, "none", "false"
	}
	if b.Required {
		a["aria-required"] = "true"
	}
	return a
}

func (b Box) kind() string {
	if b.Type != "" {
		return b.Type
	}
	return "text"
}

// area is the content of a textarea: browsers drop the first newline.
func (b Box) area() string { return "\n" + b.Value }

// A Control is one round or box to choose.
type Control struct {
	ID, Name, Value, Label, Hint string
	Class                        string // more classes of the label
	Multiple, Checked, Apart     bool
	Alone                        bool // cannot be beside another answer: the script clears the others
	Invalid                      bool
}

func (c Control) kind() string {
	if c.Multiple {
		return "checkbox"
	}
	return "radio"
}

// attributes keeps the small print out of the name of the control: it is read
// as its description.
func (c Control) attributes() templ.Attributes {
	a := templ.Attributes{}
	if c.Hint != "" {
		a["aria-labelledby"], a["aria-describedby"] = c.ID+"-naam", c.ID+"-uitleg"
	}
	if c.Alone {
		a["data-alone"] = true
	}
	if c.Invalid && c.Multiple {
		a["aria-invalid"] = "true"
	}
	return a
}

// Described ties a control to what explains it; empty ids are left out.
func Described(ids ...string) templ.Attributes {
	if all := IDs(ids...); all != "" {
		return templ.Attributes{"aria-describedby": all}
	}
	return templ.Attributes{}
}

// FieldsetAttributes ties a fieldset to what explains it. A group of rounds with
// an error is a radiogroup, which may be called invalid; a fieldset may not.
func FieldsetAttributes(invalid, multiple bool, ids ...string) templ.Attributes {
	a := Described(ids...)
	if invalid && !multiple {
		a["role"], a["aria-invalid"] = "radiogroup", "true"
	}
	return a
}

func multiline(s string) bool { return strings.ContainsAny(s, "\r\n") }

// A SelectOption is one line of a list to choose from.
type SelectOption struct {
	Value, Label string
	Selected     bool
}
