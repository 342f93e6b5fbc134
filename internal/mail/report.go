package mail

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
)

// readStatus reads a message/delivery-status part (RFC 3464, 2.1): a block
// about the message, then one about each recipient. It is lenient about what
// servers get wrong: line ends, folding, a missing first block.
func readStatus(part []byte) []Bounce {
	var bounces []Bounce
	for block := range strings.SplitSeq(tidyBlocks(part), "\n\n") {
		fields := statusFields(block)
		if b, ok := readRecipient(fields); ok && len(bounces) <= maxBounces {
			bounces = append(bounces, b)
		}
	}
	return bounces
}

// tidyBlocks gives blocks exactly one empty line between them.
func tidyBlocks(part []byte) string {
	part = bytes.ReplaceAll(bytes.ReplaceAll(part, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	return emptyLines.ReplaceAllString(string(part), "\n\n")
}

var emptyLines = regexp.MustCompile(`\n[ \t]*\n\s*`)

// statusFields are the fields of a block by lower-case name, unfolded. Of a
// field that occurs twice the first counts.
func statusFields(block string) map[string]string {
	fields := map[string]string{}
	name := ""
	for line := range strings.SplitSeq(block, "\n") {
		if line != "" && (line[0] == ' ' || line[0] == '\t') {
			if name != "" && len(fields[name]) < maxHeader {
				fields[name] += " " + strings.TrimSpace(line)
			}
			continue
		}
		key, value, ok := strings.Cut(line, ":")
		name = ""
		if key = strings.ToLower(strings.TrimSpace(key)); !ok || key == "" {
			continue
		}
		if _, twice := fields[key]; !twice {
			name = key
			fields[key] = strings.TrimSpace(value)
		}
	}
	return fields
}

// readRecipient makes a bounce of the fields of one recipient.
func readRecipient(fields map[string]string) (Bounce, bool) {
	action := firstWord(fields["action"])
	if action == "" {
		return Bounce{}, false
	}
	status := ""
	if m := anyStatus.FindStringSubmatch(fields["status"]); m != nil {
		status = m[1]
	}
	words := clean(withoutType(fields["diagnostic-code"]), maxHeader)
	status = moreExact(status, words)
	kind, ok := actionKind(action, status, codeIn(words))
	if !ok {
		return Bounce{}, false
	}
	recipient := fields["final-recipient"]
	if recipient == "" {
		recipient = fields["original-recipient"]
	}
	return Bounce{Kind: kind, Status: status, Recipient: plainAddress(withoutType(recipient)),
		Diagnostic: words, Policy: kind == Hard && isPolicy(status)}, true
}

// withoutType drops the type of "rfc822; jan@example.nl" and "smtp; 550 …".
func withoutType(value string) string {
	if kind, rest, ok := strings.Cut(value, ";"); ok && !strings.ContainsAny(strings.TrimSpace(kind), " @<") {
		return strings.TrimSpace(rest)
	}
	return value
}

// firstWord drops a comment, as in "failed (bounced)".
func firstWord(value string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(value), " ")
	return word
}

func plainAddress(s string) string { return strings.Trim(clean(s, 320), "<> ") }

// codeIn is the first SMTP reply code in a server's words, 0 where none is.
func codeIn(words string) int {
	if m := anyCode.FindStringSubmatch(words); m != nil {
		code, _ := strconv.Atoi(m[1]) // three digits
		return code
	}
	return 0
}
