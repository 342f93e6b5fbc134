package credential

import "time"

// A Method is how somebody came in.
type Method string

// The methods. The first three are links: they prove that somebody was let in by
// another, and nothing more.
const (
	Link         Method = "link"
	Invitation   Method = "uitnodiging"
	Emergency    Method = "noodtoegang"
	Password     Method = "wachtwoord" // with a code of an app, or a recovery code
	Passkey      Method = "toegangssleutel"
	Organisation Method = "organisatie"
)

// Proves reports whether a method shows who somebody is.
func (m Method) Proves() bool { return m == Password || m == Passkey || m == Organisation }

// Recent is how long ago somebody may have shown who they are, where answers are
// shown or taken together with whose they are.
const Recent = 10 * time.Minute

// IsRecent reports whether a proof at some moment still counts; a zero proof
// never does.
func IsRecent(proved, now time.Time) bool { return !proved.IsZero() && now.Sub(proved) < Recent }
