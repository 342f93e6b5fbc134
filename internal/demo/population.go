package demo

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/uitvraag/uitvraag/internal/sample"
	"github.com/uitvraag/uitvraag/internal/study"
)

// An outcome is how it ended for a unit in 2018.
type outcome int

const (
	nothing  outcome = iota
	whole            // sent
	partly           // stopped half-way, kept at closing
	covered          // the questionnaire of another holds for it
	byPhone          // refused, and answered the core questions by telephone
	refusing         // refused
)

// A member is an organisation of the population, with what it did in 2018.
type member struct {
	code, name string
	background map[string]string
	outcome    outcome
	stop       string   // question that a partial response did not reach
	covers     []string // codes
	reason     string   // of a refusal
}

// A Population is all organisations of one kind. Those who responded are made
// apart from those who did not, so that the response per stratum is the
// published one.
type population struct {
	kind    sample.Kind
	columns []sample.Column
	members []*member // by code
}

// swvs makes the samenwerkingsverbanden. Two are national: they have no region
// and no number of gemeenten, and one of them responded (figures B.1.1, B.1.2).
func swvs() population {
	p := population{kind: sample.SWV, columns: []sample.Column{{ID: "regio", Label: "Regio"}, {ID: "aantal_gemeenten", Label: "Aantal gemeenten"},
		{ID: "verevening", Label: "Verevening"}, {ID: "type", Label: "Type"}}}
	r := chance("swv")
	for _, g := range []struct {
		responded                 bool
		region, size, money, kind []int
	}{
		{true, []int{38, 43, 23}, []int{26, 37, 41}, []int{36, 37, 32}, []int{51, 53}},
		{false, []int{12, 20, 13}, []int{19, 10, 16}, []int{14, 13, 19}, []int{24, 21}},
	} {
		region := append(repeated(r, []string{"Noord", "Midden", "Zuid"}, g.region), "")
		size := append(repeated(r, []string{"minder dan 4", "4 of 5", "6 of meer"}, g.size), "")
		money := repeated(r, []string{"negatief", "neutraal", "positief"}, g.money)
		sector := append(repeated(r, []string{"po", "vo"}, g.kind), map[bool]string{true: "po", false: "vo"}[g.responded])
		for i := range region {
			m := &member{background: map[string]string{"regio": region[i], "aantal_gemeenten": size[i], "verevening": money[i], "type": sector[i]}}
			if g.responded {
				m.outcome = whole
			}
			p.members = append(p.members, m)
		}
	}
	last := p.members[len(p.members)-1]
	for i, m := range p.members[105:150] { // not the second national one
		switch {
		case i < 3:
			m.outcome, m.reason = byPhone, "Wil telefonisch alsnog een aantal kernvragen beantwoorden."
		case i < 18:
			m.outcome, m.reason = refusing, "Geen tijd."
		case i == 18:
			m.outcome, m.reason = refusing, "Te weinig ruimte in de vragenlijst voor de verschillende gemeenten."
		}
	}
	last.outcome = nothing
	p.nameSWVs(r)
	return p
}

func (p *population) nameSWVs(r *rand.Rand) {
	r.Shuffle(len(p.members), func(i, j int) { p.members[i], p.members[j] = p.members[j], p.members[i] })
	count := map[string]int{}
	for _, sector := range []string{"po", "vo"} {
		names := combined("regions", placeStarts, regionEnds) // the sectors share regions
		for _, m := range p.members {
			if m.background["type"] != sector {
				continue
			}
			n := count[sector]
			count[sector]++
			upper := map[string]string{"po": "PO", "vo": "VO"}[sector]
			m.code = fmt.Sprintf("%s%d%02d", upper, 41+n%12, 1+n/12)
			m.name = "Samenwerkingsverband " + upper + " " + names[n]
			if m.background["regio"] == "" {
				m.name = "Landelijk samenwerkingsverband " + upper + " " + map[string]string{"po": "De Brug", "vo": "De Vaart"}[sector]
			}
		}
	}
	p.sort()
}

func (p *population) sort() {
	slices.SortFunc(p.members, func(a, b *member) int { return cmp.Compare(a.code, b.code) })
}

// sizes are the classes of gemeenten, small to large.
var sizes = []string{"minder dan 20.000", "20.000 tot 50.000", "50.000 tot 100.000", "100.000 of meer"}

// gemeenten makes the gemeenten: 217 units with answers, 17 of which by the
// questionnaire of another.
func gemeenten() population {
	p := population{kind: sample.Gemeente, columns: []sample.Column{{ID: "regio", Label: "Regio"}, {ID: "inwoners", Label: "Inwoners"}, {ID: "type", Label: "Type"}}}
	r := chance("gemeenten")
	for _, g := range []struct {
		responded              bool
		region, size           []int
		big, medium, mediumG40 int // of the largest: G4; of the next: G40
	}{
		{true, []int{76, 77, 64}, []int{65, 104, 26, 22}, 4, 26, 7},
		{false, []int{56, 44, 63}, []int{44, 87, 23, 9}, 0, 23, 6},
	} {
		region := repeated(r, []string{"Noord", "Midden", "Zuid"}, g.region)
		size := repeated(r, sizes, g.size)
		for i := range region {
			m := &member{background: map[string]string{"regio": region[i], "inwoners": size[i], "type": "overig"}}
			switch {
			case size[i] == sizes[3] && g.big > 0:
				m.background["type"] = "G4"
				g.big--
			case size[i] == sizes[3]:
				m.background["type"] = "G40"
			case size[i] == sizes[2] && g.mediumG40 > 0:
				m.background["type"] = "G40"
				g.mediumG40--
			}
			if g.responded {
				m.outcome = whole
			}
			p.members = append(p.members, m)
		}
	}
	refuse(p.members[217:])
	names := combined("places", placeStarts, placeEnds)
	r.Shuffle(len(p.members), func(i, j int) { p.members[i], p.members[j] = p.members[j], p.members[i] })
	for i, m := range p.members {
		m.code, m.name = fmt.Sprintf("GM%d", 9001+i), names[i]
	}
	p.sort()
	p.coverSmall()
	p.stopHalfway()
	return p
}

// refuse gives twelve gemeenten the published reasons; seven of them answered
// the core questions after all.
func refuse(members []*member) {
	for i, m := range members[:12] {
		m.outcome, m.reason = refusing, "Geen tijd."
		switch i {
		case 9:
			m.reason = "Een andere gemeente is hiervoor verantwoordelijk."
		case 10:
			m.reason = "De informatie is te vertrouwelijk."
		case 11:
			m.reason = "Te veel vragen."
		}
		if i < 7 {
			m.outcome = byPhone
		}
	}
}

// coverSmall lets the questionnaires of eleven gemeenten hold for one small
// neighbour each, and those of three for two.
func (p *population) coverSmall() {
	covering := 0
	for _, i := range chance("covers").Perm(len(p.members)) {
		m := p.members[i]
		if m.outcome != whole || m.background["inwoners"] != sizes[1] || covering == 14 || len(m.covers) > 0 {
			continue
		}
		want := 1
		if covering < 3 {
			want = 2
		}
		for at := range p.members {
			c := p.members[(i+at)%len(p.members)] // the nearest ones after it
			if c.outcome == whole && c.background["inwoners"] == sizes[0] && c.background["regio"] == m.background["regio"] && len(m.covers) < want {
				c.outcome = covered
				m.covers = append(m.covers, c.code)
			}
		}
		covering++
	}
}

// stops are the questions before which somebody stopped, by which the number of
// units goes down from 217 to 206 over the questionnaire. The twelfth partial
// response reached the end and was never sent.
var stops = []string{"b6_14", "b6_15", "b6_15", "b6_16", "b6_17", "b6_19", "b6_19", "b6_19", "b6_19", "b6_30", "b6_32", ""}

func (p *population) stopHalfway() {
	n := 0
	for i, m := range p.members {
		if n < len(stops) && i%17 == 3 && m.outcome == whole && m.covers == nil {
			m.outcome, m.stop = partly, stops[n]
			n++
		}
	}
	for _, m := range p.members { // where the steps of 17 hit too few
		if n < len(stops) && m.outcome == whole && m.covers == nil {
			m.outcome, m.stop = partly, stops[n]
			n++
		}
	}
}

// register returns the population as a register file, with contacts of its own
// for each edition.
func (p *population) register(edition string) sample.Register {
	r := chance("contacts " + string(p.kind) + edition)
	reg := sample.Register{Kind: p.kind, Columns: p.columns}
	for _, m := range p.members {
		u := sample.Unit{Organisation: sample.Organisation{Kind: p.kind, Code: m.code, Name: m.name}, Background: m.background}
		domain := study.Slug(m.name) + ".example"
		if p.kind == sample.Gemeente {
			domain = "gemeente-" + domain
		}
		if p.kind == sample.Gemeente && r.IntN(15) == 0 {
			u.Contact = generalAddress(r, m.name, domain)
		} else {
			u.Contact = person(r, p.kind, domain)
		}
		reg.Units = append(reg.Units, u)
	}
	return reg
}
