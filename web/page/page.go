// Package page holds the pages of the site: a page is one struct, filled by a
// handler, and its View. A page branches and loops; it never looks anything up.
package page

import (
	"time"

	"github.com/uitvraag/uitvraag/internal/chart"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// A Frame is what every page of a respondent has around it.
type Frame struct {
	Study     string // title of the study, "" on pages of no study
	StudyPath string // /onderzoek/{study}/, "" where there is none
	Unit      string // who the questionnaire is for, "" where nobody is known
	Organiser string // "Bureau … voert dit onderzoek uit voor …"
	Phone     string
	Email     string
	Now       time.Time // of the request, where the page says how long ago something was
	Taking    Taking    // staff who fills in for the unit
}

// A Landing is what a personal link shows. Showing it changes nothing.
type Landing struct {
	Frame
	Path       string // /v/{token}
	Respondent string // "de directeur van het samenwerkingsverband"
	Heading    string // the question of the study
	Lede       string
	Facts      Facts
	State      LinkState
	Opens      time.Time
	Closes     time.Time
	Declined   time.Time // since when the unit said that it does not take part, zero when it did not
	AnsweredBy []AnsweredBy
	Started    bool   // somebody has answered something
	Receipt    string // of a questionnaire that was sent
	Sent       time.Time
}

// AnsweredBy is a unit that says to answer for this one too.
type AnsweredBy struct {
	By        string
	Confirmed bool
}

// Facts answer who asks, why and how long, and give the nine privacy facts of
// standards V8.
type Facts struct {
	Who, Why      string
	Minutes       int
	Privacy       []string
	PrivacyPath   string
	PrivacyTitle  string
	BlankFormPath string // "" until there is one
}

// A LinkState says what a personal link can do now.
type LinkState string

// The states of a link.
const (
	LinkOpen     LinkState = "open"
	LinkNotYet   LinkState = "nog niet open"
	LinkClosed   LinkState = "gesloten"
	LinkSent     LinkState = "verstuurd"
	LinkReplaced LinkState = "vervangen" // revoked; contact details only
	LinkPaused   LinkState = "gepauzeerd"
)

// A Sections page is the list of sections of one questionnaire.
type Sections struct {
	Frame
	Base   string // /vragenlijst/{response}/, every path of the questionnaire starts so
	Parts  []form.Part
	Next   string // title of the section that the button leads to, "" when all is passed
	Closes time.Time
	Saved  time.Time // zero when nothing was saved yet
	Later  bool      // the respondent just chose to go on later
	Core   bool      // the core questions only
	Notes  []string  // per part: who filled it in, or who has it; "" for nothing to say
}

// A Question page is one page of a questionnaire.
type Question struct {
	Frame
	Base    string
	Form    form.View // not View: that is its method
	First   bool      // no page before it
	Version int       // of the answers, when the page was rendered
	Request string    // id that makes sending the form twice harmless
	Saved   time.Time
	Closing bool          // the study closed; there is some time left to finish
	Idle    time.Duration // how long the session lasts without a visit
	Kept    []Posted      // of a preview: the other answers, posted along; nothing is saved
}

// A Conflict page shows two versions of one or more answers.
type Conflict struct {
	Frame
	Base    string
	Page    string // id of the page it is about
	Section string
	Version int
	Request string
	Items   []ConflictItem
}

// A ConflictItem is one answer with both versions. Choosing posts keuze_{ID} as
// mijn, ander or beide; Mine is posted along as mijn_{variable}.
type ConflictItem struct {
	ID     string
	Text   string // question or row
	Mine   string // in words, "" for no answer
	Theirs string
	When   time.Time // when the other version was saved
	Both   bool      // texts can be kept together
	Posted map[string]string
	Order  []string // variables of Posted, in order
}

// A Review page is the overview of all answers, the last step.
type Review struct {
	Frame
	Base     string
	Parts    []form.ReviewPart
	Open     int    // questions with something left open
	Unpassed string // page id of the first page never passed, "" when all were
	Version  int
	Request  string
	Saved    time.Time
	Step     int
	Revision int    // 0 for a first submission
	Problem  string // why it was not sent, "" mostly

	Reason        string // why the answers are changed, from the second submission on
	ReasonProblem string
}

// A Receipt page thanks, and proves that the answers arrived.
type Receipt struct {
	Frame
	Base   string
	Code   string
	Sent   time.Time
	Closes time.Time
	People int // who filled something in
	Late   bool

	CanChange bool   // the answers may be corrected and sent again
	Mailed    bool   // the reader gets the receipt by mail too
	Answers   bool   // who looks may see what was sent
	Unit      string // the page of the unit, for staff who filled in; "" for a respondent
	PDFPath   string // "" where none can be made
	Results   string // when and where the outcome can be read, "" where that is not promised
}

// An Answers page is the respondent's own copy.
type Answers struct {
	Frame
	Base    string
	Code    string
	Sent    time.Time
	Parts   []form.ReviewPart
	PDFPath string // "" where none can be made
}

// A Retry page says that something went wrong and keeps what was typed: its
// form holds the posted fields and posts them again (promise P8).
type Retry struct {
	Frame
	Action  string // where to post again
	Title   string
	Text    []string
	Button  string
	Fields  []Posted
	Help    bool
	Refresh int // status code, for the title
}

// A Posted is one field of a form that is kept.
type Posted struct{ Name, Value string }

// A Failure is a page that says what went wrong, with a number by which the log
// line can be found.
type Failure struct {
	Frame
	Title     string
	Text      string
	Reference string // "" where nothing was logged
}

// A Home page is the front of the site.
type Home struct {
	Frame
	Studies []PublicStudy
}

// A PublicStudy is a study as the public may see it.
type PublicStudy struct {
	Path, Title   string
	Opens, Closes time.Time
	State         string // "open", "nog niet open", "gesloten"
}

// A StudyPage is the public page of one study.
type StudyPage struct {
	Frame
	Public PublicStudy
	Facts  Facts
	Asked  []Asked
}

// Asked is one audience of a study with how many were asked.
type Asked struct {
	Plural string // "samenwerkingsverbanden"
	N      int
}

// A Text page is a page of prose: privacy, accessibility.
type Text struct {
	Frame
	Title  string
	Blocks []Block
}

// A Block is a heading with paragraphs and a list.
type Block struct {
	Heading    string
	Paragraphs []string
	List       []string
	Links      []Link
}

// A Link leads somewhere.
type Link struct{ Path, Text string }

// A Staff frame is around every page of /beheer.
type Staff struct {
	Name    string
	Study   string // title
	Base    string // /beheer/{study}, "" outside a study
	Current string // vandaag, bellen, berichten, eenheden, plan
	Calls   bool   // who looks may call
	State   string // "open, dag 23 van 40"
	Phone   string
	Mail    bool // may read the mail that came in
	Units   bool // may see the units
	Tables  bool // may see the book of tables
	Data    bool // may take data as files
	Plan    bool // may see the contact plan
	Drafts  bool // may see the questionnaires that are made here
	Setup   bool // may see how the study is set up
	Team    bool // may change who works on the study
	Privacy bool // may see what is laid down about personal data
	Coding  bool // may see how far the open answers are
}

// A StudyList page lists the studies of a member of staff.
type StudyList struct {
	Staff
	Studies  []StaffStudy
	NoMethod bool        // came in by a link, and has no other way in
	Accounts bool        // may see all accounts
	Alarms   []time.Time // when emergency access was made, not told before
	MayMake  bool
}

// A StaffStudy is one line of StudyList.
type StaffStudy struct {
	Path, Title, State string
	Opens, Closes      time.Time
	Units, Done        int
}

// A StateCount counts the units of one state.
type StateCount struct {
	State UnitState
	N     int
}

// A UnitState says where a unit stands, in the words of the list of units.
type UnitState string

// The states of a unit in step 1; the disposition follows with fieldwork.
const (
	StateNone    UnitState = "Nog geen antwoord"
	StateBusy    UnitState = "Bezig"
	StateDone    UnitState = "Ingevuld"
	StatePartial UnitState = "Gedeeltelijk"
	StateCovered UnitState = "Via een ander"
	StateRefused UnitState = "Weigering"
	StateBounced UnitState = "Onbestelbaar"
)

// A Units page lists the units of one audience.
type Units struct {
	Staff
	Audience   string
	Audiences  []Choice
	Title      string
	N          int
	Counts     []StateCount
	Search     string
	States     []Choice
	Filters    []Filter
	Background []string // heads of the background columns shown
	Rows       []UnitRow
	Found      int
	From, To   int
	Prev, Next string // paths, "" at the ends
	CSVPath    string
}

// A Filter is a select with its choices.
type Filter struct {
	Name, Label string
	Choices     []Choice
}

// A Choice is one option of a select.
type Choice struct {
	Value, Label string
	Selected     bool
}

// A UnitRow is one unit of the list.
type UnitRow struct {
	Code, Name, Path string
	Background       []string
	State            UnitState
	Last             string // last event in words
	When             time.Time
	Contacts         int
}

// A Unit page is everything about one unit.
type Unit struct {
	Staff
	Code, Name string
	Audience   string
	ListPath   string
	State      UnitState
	StateNote  string // "4 van 38 pagina's"
	Progress   []form.Part
	Background []KeyValue
	Contacts   []Contact
	Events     []UnitEvent
	Links      int
	NewLink    string     // a link that was just made, shown once
	NewCode    chart.Code // the same as QR code
	Receipt    string
	Sent       time.Time
	Covers     []Link
	CoveredBy  *Link
	Claims     []UnitClaim // not confirmed yet
	ClaimPath  string      // where they are decided; "" without the right
	LinkPath   string      // where the button for a new link posts; "" without the right
	Areas      []Link      // units this one works with: gemeenten of a swv, swv of a gemeente
	Missing    bool        // not in the latest register file

	Path       string    // of the unit, where the forms for its fieldwork are; "" without the right
	CallPath   string    // to reserve it for a call
	Next       string    // what comes next by the contact plan, in a sentence
	NextAt     time.Time // zero where nothing is planned
	CanTake    bool      // its questionnaire can still be filled in
	CoversPath string
	LinkSent   bool // a link was just sent again

	AnswersPath string // where its answers can be seen; "" without the right, or without answers
}

// A UnitClaim is another unit that says to answer for this one.
type UnitClaim struct {
	Code   string // posted as door
	By     Link
	Reason string
	Since  time.Time
}

// A KeyValue is one characteristic.
type KeyValue struct{ Key, Value string }

// A Contact is a person or general address of a unit.
type Contact struct {
	ID                                            int64
	Name, Function, Email, Phone, Address, Source string
	Since                                         time.Time
	Ended                                         bool
	General                                       bool
	AddedBy                                       string    // who added it, "" from a file
	OptedOut, Bounced                             time.Time // zero while it gets mail, and mail arrives
	BounceReason                                  string
	Path                                          string // what can be done with it is below; "" for nothing
	First                                         bool   // nobody is tried before it
}

// A UnitEvent is one line of the history of a unit.
type UnitEvent struct {
	ID         int64
	When       time.Time
	Title      string
	Note       string
	Theirs     bool      // the respondent did it
	Plan       bool      // it is still to come
	Recorded   time.Time // when it was written down, zero where that is the same
	Channel    string    // "per e-mail"
	Who        string    // "" where nobody is to be named
	To         string    // who was called
	Again      time.Time // of an appointment
	Words      string    // what the fieldworker noted
	Message    *SentMessage
	Recall     *Recall // it was taken back
	RecallPath string  // where it can be, "" where it cannot
}

// A SentMessage is a mail or letter on the history of a unit.
type SentMessage struct {
	To, Address   string
	State         string // in words
	Bad           bool   // somebody has to look
	Reply         string // of the server that took it, or why it did not go
	Subject, Text string // "" for those who may not see contacts
}

// A Recall says that something was taken back.
type Recall struct {
	When time.Time
	Who  string
	Why  string
}

// A Gallery page lists every page in every state, in development only.
type Gallery struct{ Items []GalleryItem }

// A GalleryItem is one page of the gallery.
type GalleryItem struct{ ID, Title string }

// keep the import of instrument: views show its definitions.
var _ = instrument.NoView
