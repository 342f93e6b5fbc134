package page

// Paths that pages lead to, below the base they are given.
const (
	ReviewPath    = "controleren"        // below Base of a questionnaire: all answers, the last step
	ReceiptPath   = "ontvangst"          // below Base of a questionnaire: the thanks, after sending
	AnswersPath   = "antwoorden"         // below Base of a questionnaire: the respondent's own copy
	ForwardPath   = "doorsturen"         // below Base of a questionnaire
	AlsoPath      = "ook-voor"           // below Base of a questionnaire
	ReopenPath    = "wijzigen"           // below Base of a questionnaire, to post to
	AllPath       = "alle-vragen"        // below Base of a questionnaire, to post to
	DeclinePath   = "niet-meedoen"       // below the path of a personal link
	AnsweringPath = "antwoord-van-ander" // below the path of a personal link
	CodePath      = "/code"
	BoardPath     = "/stuurgroep"     // below Base of a study for staff: the one screen for the steering group
	AccountPath   = "/verantwoording" // below Base of a study for staff: the response account
	UnitsPath     = "/eenheden"       // below Base of a study for staff
	PostPath      = "/post"           // below Base of a study for staff: what came in by mail
	CallsPath     = "/bellen"         // below Base of a study for staff
	PlanPath      = "/plan"           // below Base of a study for staff: the contact plan
	WordingPath   = "/teksten"        // below Base of a study for staff: the texts of the messages
	LettersPath   = "/brieven"        // below Base of a study for staff
	LogoutPath    = "/uitloggen"
	LoginPath     = "/inloggen/" // a token follows
	InboxPath     = "/postvak"
	OwnPath       = "/beheer/account"       // of who is signed in
	ConfirmPath   = OwnPath + "/bevestigen" // to show once more who one is
	TeamPath      = "/medewerkers"          // below Base of a study for staff
	AccountsPath  = "/beheer/medewerkers"
	RightsPath    = "/beheer/rechten"
)

// Accessibility is the page every footer leads to.
const Accessibility = "/toegankelijkheid"
