package mail

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// failure says what a reply that is no consent, or an error instead of a
// reply, means at a stage where the message has certainly not been sent.
func (c *session) failure(stage Stage, r reply, err error) Result {
	result := Result{Outcome: Deferred, Stage: stage, Code: r.code, Status: r.status, Reply: r.text()}
	switch {
	case err != nil:
		c.broken = true
		result.Code, result.Status, result.Reply = 0, "", ""
		result.Err = err
		if cause := c.ctx.Err(); cause != nil && !errors.Is(err, cause) {
			result.Err = errors.Join(cause, err)
		}
		return result
	case r.code < 400:
		c.broken = true // we no longer understand each other
		result.Err = fmt.Errorf("unexpected reply: %w", errSyntax)
		return result
	case r.code == 421:
		c.broken = true
	}
	result.Err = fmt.Errorf("the server said %d", r.code)
	if r.code >= 500 {
		result.Setup = isSetup(stage, r)
		if !result.Setup {
			result.Outcome = Refused
		}
	}
	return result
}

// isSetup tells whether a 5xx reply would meet every message: then the message
// waits for a person who mends the settings, and no addressee is to blame.
func isSetup(stage Stage, r reply) bool {
	switch stage {
	case StageConnect, StageTLS, StageLogin:
		return true
	case StageSender:
		return r.code != 552 // this message is too large
	}
	return r.code == 530 || r.code == 535 || r.code == 538 || // log in first
		r.code == 502 || r.code == 503 || // the order of our commands, or a login that was forgotten
		r.status == "5.7.8" || r.status == "5.7.9" ||
		stage == StageRecipient && strings.Contains(strings.ToLower(r.text()), "relay") // our own server does not know us
}

// clean makes words of others safe to store and to log: valid UTF-8 without
// control characters, at most n bytes.
func clean(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
	return cut(strings.TrimSpace(s), n)
}

// cut is the first n bytes of s, on a boundary between runes.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
