package page

import (
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/internal/chart"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/web/ui"
)

// A Login page lets somebody show who they are, or has the button of a one-time
// link.
type Login struct {
	Frame
	Token        string // "" without a link
	Email        string // of who the link is for
	Message      string
	Address      string // as typed
	Problem      string
	Passkey      bool // the browser may have one for this address
	Organisation bool // staff may sign in elsewhere
}

// An Onward page leads to another site at once.
type Onward struct {
	Frame
	To string
}

// A Confirm page asks somebody to show once more who they are. Fields are those
// of the form that waits for it.
type Confirm struct {
	Staff
	Action       string
	Back         string // where to go on, or back to
	Fields       []Posted
	Problem      string
	Password     bool
	Passkey      bool
	Organisation bool
}

func (p Confirm) any() bool { return p.Password || p.Passkey || p.Organisation }

// An Own page is the account of who looks at it.
type Own struct {
	Staff
	Email        string
	Invited      bool // has to choose how to sign in
	Password     time.Time
	Recovery     int // codes left
	Passkeys     []OwnPasskey
	CanPasskey   bool
	PasskeyHost  string // the name where passkeys work; "" nowhere
	Organisation bool   // can be bound
	Bound        bool
	Sessions     []OwnSession
	Done         string
}

// An OwnPasskey is one key on a device.
type OwnPasskey struct {
	ID, Name string
	Made     time.Time
	Used     *time.Time
}

// An OwnSession is one browser that is signed in.
type OwnSession struct {
	ID, Device, Origin, Method string
	Made, Seen                 time.Time
	Here                       bool // this one
}

func (p Own) any() bool { return !p.Password.IsZero() || len(p.Passkeys) > 0 || p.Bound }

// done says what was just done.
func (p Own) done() string {
	return map[string]string{"sleutel": "De toegangssleutel is toegevoegd.", "sleutel-weg": "De toegangssleutel is verwijderd.", "wachtwoord-weg": "Het wachtwoord is verwijderd.",
		"organisatie": "U kunt voortaan inloggen met uw organisatie.", "organisatie-weg": "U logt niet meer in met uw organisatie.",
		"sessie": "De sessie is beëindigd.", "sessies": "Alle andere sessies zijn beëindigd."}[p.Done]
}

func (x OwnPasskey) text() string {
	text := "Gemaakt op " + ui.DayMonthYear(x.Made)
	if x.Used != nil {
		text += ", laatst gebruikt op " + ui.DayMonthYear(*x.Used)
	}
	return text + "."
}

func (x OwnSession) text() string {
	return ", met " + x.Method + ". Begonnen op " + ui.DayMonthYear(x.Made) + " om " + ui.Clock(x.Made) + ", laatst gezien om " + ui.Clock(x.Seen) + "."
}

// A SetPassword page asks for a new password and a code of a new app.
type SetPassword struct {
	Staff
	Email    string
	Secret   string     // to type into the app
	Code     chart.Code // to point the app at
	Problems []form.Problem
}

func (p SetPassword) problem(field string) string { return problemOf(p.Problems, field) }

// A Recovery page shows the recovery codes, once.
type Recovery struct {
	Staff
	Email string
	Codes []string
	Made  time.Time
	First bool // they come with a new password
}

func problemOf(problems []form.Problem, field string) string {
	for _, p := range problems {
		if p.Field == field {
			return p.Text
		}
	}
	return ""
}

// Device names a browser as its owner knows it, from what it says of itself:
// "Firefox op Windows".
func Device(agent string) string {
	first := func(names [][2]string) string {
		for _, n := range names {
			if strings.Contains(agent, n[0]) {
				return n[1]
			}
		}
		return ""
	}
	browser := first([][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox", "Firefox"}, {"FxiOS", "Firefox"}, {"CriOS", "Chrome"}, {"Chrom", "Chrome"}, {"Safari", "Safari"}, {"w3m", "w3m"}, {"curl", "curl"}})
	system := first([][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"}, {"Mac OS X", "Mac"}, {"Linux", "Linux"}})
	switch {
	case browser != "" && system != "":
		return browser + " op " + system
	case browser != "" || system != "":
		return browser + system
	}
	return "Onbekend apparaat"
}
