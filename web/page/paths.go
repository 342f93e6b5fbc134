package page

// Paths that pages lead to, below the base they are given.
const (
	ReviewPath  = "controleren" // below Base of a questionnaire: all answers, the last step
	ReceiptPath = "ontvangst"   // below Base of a questionnaire: the thanks, after sending
	AnswersPath = "antwoorden"  // below Base of a questionnaire: the respondent's own copy
	UnitsPath   = "/eenheden"   // below Base of a study for staff
	LogoutPath  = "/uitloggen"
	LoginPath   = "/inloggen/" // a token follows
)

// Accessibility is the page every footer leads to.
const Accessibility = "/toegankelijkheid"
