package mail

import (
	"regexp"
	"strings"

	"github.com/emersion/go-message"
)

// A dialect is how a server reports without RFC 3464. Its words must stand at
// the start of the text, so that a person who quotes a report is not taken for
// a server; the mail must also come from one (fromDaemon).
type dialect struct {
	name    string
	words   *regexp.Regexp
	delayed *regexp.Regexp // in the text: it is still being tried
}

// dialects are the texts that servers are known to write.
var dialects = []dialect{
	{"Exim", regexp.MustCompile(`^This message was created automatically by mail delivery software`),
		regexp.MustCompile(`has not (yet )?been delivered|No action is required on your part`)},
	{"qmail", regexp.MustCompile(`^Hi\. (This is|The MTA program at|I'm the) .{0,200}`),
		regexp.MustCompile(`will keep trying|haven't been able to deliver`)},
	{"Postfix", regexp.MustCompile(`^This is the (mail system|Postfix program) at host`),
		regexp.MustCompile(`WARNING ONLY|does not need to resend|will keep trying`)},
	{"Exchange", regexp.MustCompile(`^(Delivery has failed to these recipients|Your message did not reach some or all of the intended recipients|` +
		`Uw bericht heeft enkele of alle beoogde geadresseerden niet bereikt|Het bezorgen aan deze geadresseerden)`),
		regexp.MustCompile(`delivery (has been|is) delayed|bezorging is vertraagd`)},
	{"Exchange, delayed", regexp.MustCompile(`^(Delivery is delayed to these recipients|De bezorging aan deze geadresseerden is vertraagd)`),
		regexp.MustCompile(``)},
	{"sendmail", regexp.MustCompile(`^The original message was received at`),
		regexp.MustCompile(`THIS IS A WARNING MESSAGE ONLY|Will keep trying`)},
}

// bracketed are the forms in which these texts name a recipient on a line.
var bracketed = regexp.MustCompile(`(?m)^[ \t]*<?([^\s<>@:]{1,64}@[^\s<>@:,;]{1,255}?)>?:?[ \t]*(?:$|\(|on [0-9])`)

// guessBounces reads a report in a dialect. There is none in the text of a
// person, or of a machine that was never seen.
func guessBounces(h message.Header, subject, text string) []Bounce {
	text, _, _ = strings.Cut(text, "\n--- Below this line is a copy")
	text, _, _ = strings.Cut(text, "\n------ This is a copy of")
	for _, d := range dialects {
		if !d.words.MatchString(text) {
			continue
		}
		b := Bounce{Diagnostic: guessDiagnostic(text)}
		b.Status = moreExact("", text)
		b.Kind = failedKind(b.Status, codeIn(b.Diagnostic))
		if d.delayed.MatchString(text) || strings.Contains(strings.ToLower(subject), "delayed") {
			b.Kind = Delayed
		}
		b.Policy = b.Kind == Hard && isPolicy(b.Status)
		return forRecipients(b, h.Get("X-Failed-Recipients"), text)
	}
	return nil
}

// forRecipients gives b to each recipient that the report names, or to none.
func forRecipients(b Bounce, header, text string) []Bounce {
	var names []string
	for name := range strings.SplitSeq(header, ",") {
		if name = plainAddress(name); name != "" {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		for _, m := range bracketed.FindAllStringSubmatch(text, maxBounces) {
			names = append(names, plainAddress(m[1]))
		}
	}
	if len(names) == 0 {
		return []Bounce{b}
	}
	var all []Bounce
	for _, name := range names {
		b.Recipient = name
		all = append(all, b)
	}
	return all
}

// guessDiagnostic is the line in which the text gives its reason: the first
// with a status, or else with a reply code.
func guessDiagnostic(text string) string {
	for _, tells := range []func(line string) bool{
		anyStatus.MatchString, func(line string) bool { return codeIn(line) != 0 },
	} {
		for line := range strings.Lines(text) {
			if tells(line) {
				return clean(line, maxHeader)
			}
		}
	}
	return ""
}
