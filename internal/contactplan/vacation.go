package contactplan

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
)

// Regions are regions for school holidays. A samenwerkingsverband has those of
// all the gemeenten it covers; zero means that none is known.
type Regions uint8

// The regions.
const (
	North Regions = 1 << iota
	Middle
	South
)

var regionNames = [...]string{"Noord", "Midden", "Zuid"}

// ParseRegions reads names of regions, separated by anything: "Noord, Zuid". It
// reports whether every word was a region.
func ParseRegions(s string) (Regions, bool) {
	var r Regions
	ok := true
	for _, word := range strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune(" ,;/+", c) }) {
		switch strings.ToLower(word) {
		case "noord":
			r |= North
		case "midden":
			r |= Middle
		case "zuid":
			r |= South
		case "regio", "en":
		default:
			ok = false
		}
	}
	return r, ok
}

// String names the regions: "Noord en Zuid".
func (r Regions) String() string {
	var names []string
	for i, name := range regionNames {
		if r&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return enumerate(names)
}

// enumerate joins words as a person does: a, b en c.
func enumerate(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " en " + words[last]
}

// A Vacation is a school holiday in some regions, its weekends included.
type Vacation struct {
	Name     string // herfstvakantie
	Regions  Regions
	From, To Day  // first and last day
	Sure     bool // false: to be checked before a study relies on it
}

//go:embed vakanties.csv
var vacationFile []byte

// vacations is what vakanties.csv says.
var vacations = func() []Vacation {
	all, err := ReadVacations(bytes.NewReader(vacationFile))
	if err != nil {
		panic("vakanties.csv: " + err.Error()) // a test reads it too
	}
	return all
}()

// ReadVacations reads a data file of school holidays: CSV with the columns
// schooljaar, vakantie, regio, van, tot and zeker; lines that start with # are
// comments.
func ReadVacations(r io.Reader) ([]Vacation, error) {
	in := csv.NewReader(r)
	in.Comment = '#'
	in.FieldsPerRecord = 6
	var all []Vacation
	for {
		row, err := in.Read()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		if row[0] == "schooljaar" {
			continue
		}
		v, err := vacation(row)
		if err != nil {
			line, _ := in.FieldPos(0)
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		all = append(all, v)
	}
}

func vacation(row []string) (v Vacation, err error) {
	var ok bool
	v.Name, v.Sure = row[1], row[5] == "ja"
	if v.Regions, ok = ParseRegions(row[2]); !ok || v.Regions == 0 {
		return v, fmt.Errorf("%q is no region", row[2])
	}
	if v.From, err = ParseDay(row[3]); err != nil {
		return v, err
	}
	if v.To, err = ParseDay(row[4]); err != nil {
		return v, err
	}
	if v.To < v.From || v.To > v.From+60 {
		return v, fmt.Errorf("from %v to %v is no school holiday", v.From, v.To)
	}
	return v, nil
}
