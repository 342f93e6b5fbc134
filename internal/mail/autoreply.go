package mail

import (
	"regexp"
	"strings"
)

// fromDaemon tells whether a mail comes from a server, as all reports do.
func (m *reading) fromDaemon() bool {
	if path := m.header.Values("Return-Path"); len(path) > 0 && strings.TrimSpace(path[0]) == "<>" {
		return true
	}
	local, _, _ := strings.Cut(strings.ToLower(m.in.From.Email), "@")
	return daemons.MatchString(local)
}

var daemons = regexp.MustCompile(`^(mailer-daemon|postmaster|mail-?daemon|microsoftexchange[0-9a-f]+)$`)

// subjects are how an automatic reply begins where no header tells: what
// Outlook, Exchange and Gmail write themselves, in Dutch and English. A person
// who answers one has "RE:" before it.
var subjects = regexp.MustCompile(`(?i)^(\[?auto(matic|matisch|mated)?[ -]?(antwoord|reply|response|beantwoord)\]?\b|` +
	`out of (the )?office\b|afwezigheids(bericht|melding|assistent)\b|afwezig:|niet aanwezig:|ik ben afwezig\b|autoreply\b|automatische (reactie|beantwoording)\b)`)

// automatic tells whether a machine wrote the mail (RFC 3834, 2, and what was
// in use before it).
func (m *reading) automatic() bool {
	if s := firstWord(strings.ToLower(strings.ReplaceAll(m.header.Get("Auto-Submitted"), ";", " "))); s != "" && s != "no" {
		return true
	}
	for _, name := range []string{"X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply", "X-Mail-Autoreply"} {
		if v := strings.ToLower(strings.TrimSpace(m.header.Get(name))); m.header.Has(name) && v != "no" && v != "false" {
			return true
		}
	}
	for _, name := range []string{"Precedence", "X-Precedence"} {
		switch strings.ToLower(strings.TrimSpace(m.header.Get(name))) {
		case "bulk", "junk", "list", "auto_reply", "auto-reply":
			return true
		}
	}
	if m.header.Has("X-Ms-Exchange-Inbox-Rules-Loop") || m.header.Has("X-Loop") || m.report != "" {
		return true
	}
	return m.fromDaemon() || subjects.MatchString(m.in.Subject)
}
