package demo

import "github.com/uitvraag/uitvraag/internal/sample"

// areas says which swv works where: in each region the swv of a sector divide
// the gemeenten, as many each as their class says. Where there are more swv
// than gemeenten to divide they share some.
func areas(swv, gemeenten population) []sample.Area {
	var all []sample.Area
	for _, sector := range []string{"po", "vo"} {
		for _, region := range []string{"Noord", "Midden", "Zuid"} {
			var places, regional []*member
			for _, m := range gemeenten.members {
				if m.background["regio"] == region {
					places = append(places, m)
				}
			}
			for _, m := range swv.members {
				if m.background["regio"] == region && m.background["type"] == sector {
					regional = append(regional, m)
				}
			}
			all = append(all, divide(regional, places)...)
		}
	}
	count := map[string]int{} // gemeente and sector -> swv
	for _, a := range all {
		count[a.Gemeente+a.SWV[:2]]++
	}
	for i, a := range all {
		all[i].Extent = sample.Whole
		if count[a.Gemeente+a.SWV[:2]] > 1 {
			all[i].Extent = sample.Part
		}
	}
	return all
}

// divide gives each swv its gemeenten, going round the places until all have
// had one.
func divide(swv, places []*member) []sample.Area {
	wants := make([]int, len(swv))
	var total, large int
	for i, m := range swv {
		switch m.background["aantal_gemeenten"] {
		case "minder dan 4":
			wants[i] = 1 + i%3
		case "4 of 5":
			wants[i] = 4 + i%2
		default:
			wants[i] = 6
			large++
		}
		total += wants[i]
	}
	for i := 0; total < len(places) && large > 0; i = (i + 1) % len(swv) {
		if wants[i] >= 6 {
			wants[i]++
			total++
		}
	}
	var all []sample.Area
	next := 0
	for i, m := range swv {
		for range wants[i] {
			all = append(all, sample.Area{SWV: m.code, Gemeente: places[next%len(places)].code})
			next++
		}
	}
	return all
}
