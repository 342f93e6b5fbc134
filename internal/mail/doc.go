// Package mail sends messages and reads what comes back. It never knows why a
// message is sent: a study, a unit and a reminder are words of its callers.
//
// Out: a [Message] is checked and written by [Message.Bytes] and goes out by a
// [Sender]: [SMTP], or the [Recorder] of tests. What became of it is a
// [Result], exact enough that no message need ever go twice: accepted,
// certainly not sent (for now, or for good), or unsure.
//
// In: a [Source] (a mailbox, a spool folder, a pipe) hands out mails one by
// one, and [Keys.Read] says what each is: delivery reports, an automatic
// reply, a request to be mailed no more, or the answer of a person. Whom it
// is about stands in the signed address it was sent to ([Keys.ReturnPath]).
//
// An [Inbox] is a real SMTP server on loopback that hands over whole mails.
//
// The SMTP conversation is written here, and not left to go-mail, because
// go-mail gives the same error for a connection lost before and after the end
// of a message, and an error for a message that was accepted when the RSET
// behind it fails.
package mail
