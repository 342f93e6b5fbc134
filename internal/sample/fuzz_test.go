package sample

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/sheet"
)

// FuzzRead feeds any table to the reader of registers. It must not panic, and a
// register without problems must read the same after it has been printed.
func FuzzRead(f *testing.F) {
	f.Add("code,naam,email\na,A,a@b.example\n", uint8(0))
	f.Add("swv_code;sector;swv\n20.01;PO;Oost\nVO 30-06;;West\n", uint8(1))
	f.Add(gemeenten(3), uint8(2))
	f.Add("code;code;unit;<b>;achternaam;postcode;telefoon;mobiel;voorganger;geldig tot\n14;x;y;z;a;1234 AB;0101234567;;15;1-2-2018\n", uint8(2))
	f.Fuzz(func(t *testing.T, in string, n uint8) {
		kind := []Kind{Partner, SWV, Gemeente}[n%3]
		table, problems := sheet.Parse([]byte(in), sheet.Limits{})
		if len(problems) > 0 {
			return
		}
		ReadAreas(table, known)
		got, problems := Read(kind, table)
		for _, c := range got.Columns {
			if c.ID == "" || len(c.ID) > maxID || strings.Trim(c.ID, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" || len(Counts(got, c.ID)) > len(got.Units) {
				t.Errorf("column %+v", c)
			}
		}
		Candidates(got)
		if len(problems) > 0 {
			return
		}
		again, problems := Read(kind, printed(got))
		if len(problems) > 0 {
			t.Fatalf("printed register has problems: %v", problems)
		}
		if change := Diff(got, again); len(change.Added)+len(change.Changed)+len(change.Missing) > 0 {
			t.Errorf("printed register differs: %+v", change)
		}
		if diff := cmp.Diff(units(got), units(again)); diff != "" {
			t.Errorf("printed register reads differently (-first +second):\n%s", diff)
		}
	})
}

// units returns the units of a register without their lines.
func units(r Register) []Unit {
	all := make([]Unit, len(r.Units))
	for i, u := range r.Units {
		u.Line = 0
		all[i] = u
	}
	return all
}

// printed returns a register as a table under our own column names.
func printed(r Register) sheet.Table {
	names := []string{codeName(r.Kind), map[Kind]string{Gemeente: "gemeentenaam", SWV: "swvnaam", Partner: "organisatienaam"}[r.Kind]}
	for _, d := range details[1:] {
		names = append(names, d.name)
	}
	names = append(names, "plaats")
	t := sheet.Table{Line: 1, Columns: names}
	for _, c := range r.Columns {
		t.Columns = append(t.Columns, c.Label)
	}
	for i, u := range r.Units {
		cells := []string{u.Organisation.Code}
		for _, d := range details {
			cells = append(cells, d.of(u))
		}
		street, city, _ := strings.Cut(u.Contact.Address, "\n") // two lines at most
		cells[len(cells)-2] = street
		cells = append(cells, city)
		for _, c := range r.Columns {
			cells = append(cells, u.Background[c.ID])
		}
		t.Rows = append(t.Rows, sheet.Row{Line: i + 2, Cells: cells})
	}
	return t
}
