package form_test

import (
	"net/url"
	"strconv"
	"testing"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/sheet"
)

// inCodebook reports whether a stored value is one that the codebook allows.
func inCodebook(f *form.Form, v *instrument.Variable, value string) bool {
	if value == "" || v.Type == instrument.TextType {
		return true
	}
	if _, ok := v.Value(value); ok {
		return true
	}
	n, err := strconv.Atoi(value)
	r := f.In.Question(v.Question).Range
	return v.Type == instrument.NumberType && err == nil && strconv.Itoa(n) == value && n >= r.Min && n <= r.Max
}

// FuzzRead posts anything to any page: nothing panics, and what comes without
// problems is in the codebook, can be drawn, and reads back the same.
func FuzzRead(f *testing.F) {
	forms := append(published(f), every(f))
	f.Add(uint8(0), uint16(0), "b5_1_kern=1", "wis:b5_1")
	f.Add(uint8(5), uint16(1), "vak_geen=1&vak_a=1&vak_anders_txt=x", "wis:vak")
	f.Add(uint8(5), uint16(6), "tel=1.234&tel=%00", "")
	f.Add(uint8(5), uint16(10), "voorbeeld_1_naam=a&voorbeeld_10_doel=%ff", "verwijder:1")
	f.Fuzz(func(t *testing.T, which uint8, page uint16, body, extra string) {
		fm := forms[int(which)%len(forms)]
		p := &fm.Pages[int(page)%len(fm.Pages)]
		fields, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		for i, v := range p.Variables() { // a posted field that the page has
			if raw := fields.Get("v" + strconv.Itoa(i)); raw != "" {
				fields[v.Name] = fields["v"+strconv.Itoa(i)]
			}
		}
		read := fm.Read(p, fields)
		if len(read.Problems) == 0 {
			for _, v := range p.Variables() {
				if !inCodebook(fm, &v, read.Values[v.Name]) {
					t.Fatalf("%s: %s=%q is not in the codebook", p.ID, v.Name, read.Values[v.Name])
				}
			}
			again := url.Values{}
			for name, value := range read.Values {
				again.Set(name, value)
			}
			second := fm.Read(p, again)
			for name, value := range read.Values {
				if second.Values[name] != value {
					t.Fatalf("%s: %s reads as %q, and that reads as %q", p.ID, name, value, second.Values[name])
				}
			}
		}
		form.Extra(p, &read, extra)
		values := answer.Values{}
		for name, value := range read.Values {
			values.Set(name, value)
		}
		fm.View(p, values, read.Problems, fm.Prompts(p, answer.Values{}, values), len(body))
		fm.Review(values, nil)
		fm.Final(values)
		fm.Complete(values)
	})
}

// FuzzReadFile reads any table: nothing panics, each row has what its line
// says, and without problems every value is in the codebook.
func FuzzReadFile(f *testing.F) {
	fm := every(f)
	f.Add("unit,een,tel\nA,1,5\n")
	f.Add("unit;vak_geen;vak_a;open\nA;1;1;\"x\r\ny\"\n")
	f.Add("unit,covers,ingediend_op,mode,status\nA,B C,2026-01-01T00:00:00Z,tel,partial\n")
	f.Fuzz(func(t *testing.T, text string) {
		tab, problems := sheet.Parse([]byte(text), sheet.Limits{})
		if len(problems) > 0 {
			return
		}
		rows, problems, warnings := fm.ReadFile(tab)
		if len(rows) != len(tab.Rows) {
			t.Fatalf("%d rows from %d lines", len(rows), len(tab.Rows))
		}
		for _, p := range append(problems, warnings...) {
			if p.Text == "" || p.Line < 0 {
				t.Fatalf("a problem without words or place: %+v", p)
			}
		}
		if len(problems) > 0 {
			return
		}
		for _, row := range rows {
			for name, value := range row.Answers {
				v := fm.Variable(name)
				if v == nil || value == "" || !inCodebook(fm, v, value) {
					t.Fatalf("line %d: %s=%q is not in the codebook", row.Line, name, value)
				}
			}
		}
	})
}
