package mail

import (
	"context"
	"fmt"
	"strings"
)

// A Sender sends one message to its addressee, once.
type Sender interface {
	// Send sends m and says what became of it. When the addressee has been
	// accepted, right before the message itself would go, it calls begin (which
	// may be nil): what must be remembered before a message can exist anywhere
	// else is to be written there. An error of begin is Deferred: nothing went.
	Send(ctx context.Context, m Message, begin func(context.Context) error) Result
}

// An Outcome says where a message is now.
type Outcome int

// The zero Outcome is the careful one.
const (
	Unsure   Outcome = iota // it may have been accepted: never send it again by yourself
	Accepted                // the server has taken it on
	Deferred                // certainly not sent, and it may be tried again
	Refused                 // certainly not sent, and it will not be accepted another time either
)

// String returns the outcome as a word for logs and tests.
func (o Outcome) String() string {
	names := [...]string{"unsure", "accepted", "deferred", "refused"}
	if o < 0 || int(o) >= len(names) {
		return "unknown"
	}
	return names[o]
}

// A Stage is how far the conversation came.
type Stage string

// The stages in their order.
const (
	StageMessage   Stage = "message"   // the message itself is not right; no server was asked
	StageConnect   Stage = "connect"   // dialling, greeting and EHLO
	StageTLS       Stage = "tls"       // STARTTLS, and the certificate
	StageLogin     Stage = "login"     // AUTH
	StageSender    Stage = "sender"    // MAIL FROM
	StageRecipient Stage = "recipient" // RCPT TO
	StageBegin     Stage = "begin"     // the caller's own begin
	StageData      Stage = "data"      // DATA, and the message up to its last dot
	StageEnd       Stage = "end"       // the last dot and the reply to it
)

// A Result is what became of a message.
type Result struct {
	Outcome Outcome
	Stage   Stage
	// Setup says that the server or its settings stand in the way of every
	// message: nothing is wrong with this one, and a person must act.
	Setup  bool
	Code   int    // SMTP reply code, 0 where none was read
	Status string // enhanced status code such as 5.1.1, "" where none was given
	Reply  string // the server's words, safe to store
	Err    error  // cause, for the log; nil when accepted. Never holds a password
}

// Bounce says what the server's refusal tells about the address, as a delivery
// report would have. It is not ok where the message, the server or our way of
// speaking was at fault, or nothing was refused at all.
func (r Result) Bounce() (kind BounceKind, ok bool) {
	subject := "" // of the status, RFC 3463: 1 address, 2 mailbox, 3 server, 4 network, 5 protocol, 6 content, 7 policy
	if parts := strings.Split(r.Status, "."); len(parts) == 3 {
		subject = parts[1]
	}
	switch {
	case r.Outcome != Refused:
		return "", false
	case subject == "1" || subject == "2":
		ok = r.Stage == StageRecipient || r.Stage == StageEnd
	case subject == "3" || subject == "5" || subject == "6" || r.Code < 550:
	default:
		ok = r.Stage == StageRecipient
	}
	if !ok {
		return "", false
	}
	return failedKind(r.Status, r.Code), true
}

// Policy reports a refusal by the receiver's rules (spam, sender
// authentication), which says little about the address.
func (r Result) Policy() bool { return isPolicy(r.Status) }

// String is one line for the log: no addresses but those in the server's words.
func (r Result) String() string {
	s := fmt.Sprintf("%s at %s", r.Outcome, r.Stage)
	if r.Code != 0 {
		s += fmt.Sprintf(": %d %s %s", r.Code, r.Status, r.Reply)
	}
	if r.Err != nil {
		s += ": " + r.Err.Error()
	}
	return strings.Join(strings.Fields(s), " ")
}
