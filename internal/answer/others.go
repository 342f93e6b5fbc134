package answer

import "github.com/uitvraag/uitvraag/internal/instrument"

// Others returns the stored values that differ from what a page posted, once the
// post was merged without conflict: what somebody else filled in meanwhile. What
// was left open is "".
func Others(items []instrument.Item, stored, posted Values) map[string]string {
	others := map[string]string{}
	for i := range items {
		for j := range items[i].Variables {
			v := &items[i].Variables[j]
			mine, has := posted[v.Name]
			if now := stored[v.Name]; has && !same(v, mine, now) {
				if !coded(v, now) {
					now = ""
				}
				others[v.Name] = now
			}
		}
	}
	return others
}
