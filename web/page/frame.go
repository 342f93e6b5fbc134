package page

import "strings"

// title is the title of the window: what the page is, then the study.
func (f Frame) title(parts ...string) string {
	if f.Study != "" {
		parts = append(parts, f.Study)
	} else {
		parts = append(parts, "Uitvraag")
	}
	return join(parts)
}

// join puts a dash between the parts of a title.
func join(parts []string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, " – ")
}

// unreachable words a sentence that ends in "bel of mail" for a study that gave
// no telephone number and no address.
func unreachable(before string) string {
	if rest, ok := strings.CutSuffix(before, "Bel of mail"); ok {
		return rest + "Neem contact op met de onderzoekers"
	}
	return strings.TrimSuffix(before, "bel of mail") + "neem contact op met de onderzoekers"
}
