package mail

import (
	"regexp"
	"strings"
)

// A BounceKind is what a delivery report means for an address.
type BounceKind string

// The kinds of report.
const (
	Hard      BounceKind = "hard"      // given up, and it will not work later either
	Soft      BounceKind = "soft"      // given up for a reason that may pass: full, unreachable
	Delayed   BounceKind = "delayed"   // still being tried; nothing to do
	Delivered BounceKind = "delivered" // arrived, or passed on to where no reports come from
)

// A Bounce is what a server reported about one recipient.
type Bounce struct {
	Kind       BounceKind
	Status     string // such as 5.1.1; "" where the report has none
	Recipient  string // the final one, which may not be whom we wrote to; may be ""
	Diagnostic string // the server's words, safe to store
	// Policy says that the receiver's rules refused us (spam, sender
	// authentication): it says little about the address.
	Policy bool
}

// Bounce returns what the reports of a mail come to for the one message that it is
// about: where a part of a list was reached, the address works. It is not ok
// where the mail holds no report.
func (in Incoming) Bounce() (worst Bounce, ok bool) {
	weight := map[BounceKind]int{Delayed: 1, Soft: 2, Hard: 4, Delivered: 5}
	most := 0
	for _, b := range in.Bounces {
		w := weight[b.Kind]
		if b.Policy && w > 1 && b.Kind != Delivered {
			w = 3
		}
		if w > most {
			most, worst = w, b
		}
	}
	return worst, most > 0
}

// WithoutAddresses takes addresses out of the words of a server, where people
// are to be named by id only.
func WithoutAddresses(words string, addresses ...string) string {
	for _, address := range addresses {
		if address != "" {
			words = regexp.MustCompile("(?i)"+regexp.QuoteMeta(address)).ReplaceAllLiteralString(words, "[adres]")
		}
	}
	return words
}

func isPolicy(status string) bool { return strings.HasPrefix(status, "5.7.") }

// quota is the status of a mailbox that is full, and may be emptied.
var quota = map[string]bool{"5.2.2": true, "4.2.2": true}

// failedKind is the kind of a delivery that was given up.
func failedKind(status string, code int) BounceKind {
	switch {
	case quota[status], strings.HasPrefix(status, "4."):
		return Soft
	case strings.HasPrefix(status, "5."):
		return Hard
	case code >= 400 && code < 500, code == 552: // RFC 821: exceeded storage allocation
		return Soft
	}
	return Hard
}

// actionKind is the kind of an Action of RFC 3464, 2.3.3.
func actionKind(action, status string, code int) (BounceKind, bool) {
	switch strings.ToLower(action) {
	case "failed":
		return failedKind(status, code), true
	case "delayed":
		return Delayed, true
	case "delivered", "relayed", "expanded":
		return Delivered, true
	}
	return "", false
}

// Versions of servers and IP addresses look much the same: no subject of a
// status is above 7 (RFC 3463, 3), and no digit or dot stands next to one.
var (
	anyStatus = regexp.MustCompile(`(?:^|[^0-9.])([245]\.[0-7]\.[0-9]{1,3})(?:[^0-9.]|\.?$|\.[^0-9])`)
	anyCode   = regexp.MustCompile(`(?:^|[^0-9.])([45][0-9]{2})(?:[ \-]|$)`)
)

// moreExact is the status in the server's own words, where it only makes a
// vague one (x.0.0, or none) precise.
func moreExact(status, words string) string {
	if status != "" && !strings.HasSuffix(status, ".0.0") {
		return status
	}
	if m := anyStatus.FindStringSubmatch(words); m != nil && m[1][0] != '2' && (status == "" || m[1][0] == status[0]) {
		return m[1]
	}
	return status
}
