package page

// An Unsubscribe page ends mail to an address. Showing it changes nothing, and
// neither does the first press of a button: scanners of mail do both.
type Unsubscribe struct {
	Frame
	Path    string // /afmelden/{token}
	Address string // "" where it is not kept any more
	State   UnsubscribeState
	Choices []Choice // rounds keuze
	Problem string
	Refused bool   // the unit does not take part
	Decline string // path to say so; "" where that has no use any more
}

// An UnsubscribeState says how far somebody is.
type UnsubscribeState int

// The states of Unsubscribe.
const (
	UnsubscribeAsk     UnsubscribeState = iota
	UnsubscribeConfirm                  // pressed once
	UnsubscribeDone
	UnsubscribeBack // pressed once to get mail again
)

// What can be chosen, as values of keuze.
const (
	NoMail       = "mail"
	NoTakingPart = "niet"
)

func (p Unsubscribe) windowTitle() string {
	switch p.State {
	case UnsubscribeConfirm:
		return "Weet u zeker dat u geen e-mail meer wilt?"
	case UnsubscribeDone:
		return "U krijgt geen e-mail meer van ons"
	case UnsubscribeBack:
		return "Wilt u toch weer e-mail?"
	}
	return failed("Wilt u geen e-mail meer?", p.Problem != "")
}

func (p Unsubscribe) hint(choice string) string {
	if choice == NoMail {
		return "Uw organisatie kan nog wel meedoen. Misschien bellen wij u nog één keer."
	}
	return "Dan vragen wij er niet meer om. Ook niet per telefoon."
}
