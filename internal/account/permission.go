package account

import (
	"cmp"
	"maps"
	"slices"
)

// An Act is something that not everybody may do. Every page of the office names
// one; its text completes "mag".
type Act string

// The acts that have a place in the permission table.
const (
	SeeStudy    Act = "een onderzoek en zijn stand zien"
	SeeUnits    Act = "eenheden zien"
	SeeContacts Act = "contactgegevens zien"
	MakeLink    Act = "een persoonlijke link maken"
	Fieldwork   Act = "veldwerk doen" // call, change contacts, fill in for a unit, decide outcomes
	ReadMail    Act = "binnengekomen mail lezen"
	SeeTables   Act = "tabellen zien"                                // no answers of units, no names
	SeeData     Act = "gegevens downloaden"                          // answers, under a pseudonym
	NameUnits   Act = "gegevens met de code van eenheden downloaden" // answers, and whose they are
	SeeAnswers  Act = "de antwoorden van een eenheid zien"           // and whose they are
	PreRegister Act = "verwachtingen vastleggen en instellen hoe wordt gerekend"
	SeePlan     Act = "het contactplan zien"
	EditPlan    Act = "het contactplan wijzigen, vrijgeven en stopzetten"
	ManageTeam  Act = "medewerkers van het onderzoek en hun rollen beheren"
	LockSending Act = "alle verzending stopzetten"
	ManageStaff Act = "accounts beheren"
	MakeStudy   Act = "een onderzoek aanmaken"
	SeeSetup    Act = "de inrichting en de tijdlijn van een onderzoek zien"
	EditStudy   Act = "een onderzoek inrichten" // its settings, its register, its strata
	RunStudy    Act = "een onderzoek vrijgeven, pauzeren, verlengen, sluiten en heropenen"

	PrepareEdition Act = "een publicatie voorbereiden"
	Publish        Act = "publiceren, en een publicatie intrekken"

	// Of the whole installation: who has the role in any study.
	SeeDrafts     Act = "vragenlijsten in de maak zien"
	EditDrafts    Act = "vragenlijsten maken en wijzigen"
	ApproveDrafts Act = "vragenlijsten goedkeuren" // as the second person
	LetIn         Act = "programma's laten lezen"  // make and take back tokens of the API

	SeeCoding   Act = "zien hoe ver het coderen van open antwoorden is"
	CodeAnswers Act = "open antwoorden lezen en coderen" // without whose they are
	DecideCodes Act = "codeboeken vaststellen, over codes besluiten en citaten goedkeuren"
	Examples    Act = "goede voorbeelden bewerken en publiceren"

	SeePrivacy    Act = "zien wat er over privacy is vastgelegd"
	SetPrivacy    Act = "privacy-instellingen en bewaartermijnen wijzigen"
	HandlePersons Act = "inzage geven en personen wissen"
	ReviewTexts   Act = "open antwoorden op persoonsgegevens nakijken"
	SeeLog        Act = "het logboek van een onderzoek zien"
	SeeInstallLog Act = "het logboek en het verwerkingsregister van de hele installatie zien"
)

// permissions is the one table of who may do what: pages, commands and tests ask
// it, and /beheer/rechten draws it. In a study the role of that study holds.
var permissions = map[Act][]Role{
	SeeStudy:    {Projectleider, Onderzoeker, Veldwerker, Codeur, Lezer, Beheerder},
	SeeUnits:    {Projectleider, Onderzoeker, Veldwerker, Lezer, Beheerder},
	SeeContacts: {Projectleider, Veldwerker},
	MakeLink:    {Projectleider, Veldwerker},
	Fieldwork:   {Projectleider, Veldwerker},
	ReadMail:    {Projectleider, Veldwerker},
	SeeTables:   {Projectleider, Onderzoeker, Codeur, Lezer},
	SeeData:     {Projectleider, Onderzoeker},
	NameUnits:   {Projectleider},
	SeeAnswers:  {Projectleider},
	PreRegister: {Projectleider, Onderzoeker},
	SeePlan:     {Projectleider, Onderzoeker, Veldwerker, Beheerder},
	EditPlan:    {Projectleider},
	ManageTeam:  {Projectleider},
	LockSending: {Beheerder},
	ManageStaff: {Beheerder},
	MakeStudy:   {Projectleider, Beheerder},
	SeeSetup:    {Projectleider, Onderzoeker, Veldwerker, Lezer, Beheerder},
	EditStudy:   {Projectleider},
	RunStudy:    {Projectleider},

	PrepareEdition: {Projectleider, Onderzoeker},
	Publish:        {Projectleider},

	SeeDrafts:     {Projectleider, Onderzoeker, Beheerder},
	EditDrafts:    {Projectleider, Onderzoeker},
	ApproveDrafts: {Projectleider, Onderzoeker},
	LetIn:         {Projectleider, Onderzoeker},

	SeeCoding:   {Projectleider, Onderzoeker, Codeur},
	CodeAnswers: {Projectleider, Onderzoeker, Codeur},
	DecideCodes: {Projectleider, Onderzoeker},
	Examples:    {Projectleider, Onderzoeker},

	SeePrivacy:    {Projectleider, Onderzoeker, Veldwerker, Beheerder},
	SetPrivacy:    {Projectleider},
	HandlePersons: {Projectleider},
	ReviewTexts:   {Projectleider},
	SeeLog:        {Projectleider, Beheerder},
	SeeInstallLog: {Beheerder},
}

// May reports whether a role may do something.
func (r Role) May(act Act) bool { return slices.Contains(permissions[act], r) }

// Acts lists all acts: those for most roles first, then those of the same roles
// beside each other.
func Acts() []Act {
	return slices.SortedFunc(maps.Keys(permissions), func(a, b Act) int {
		return cmp.Or(cmp.Compare(len(permissions[b]), len(permissions[a])), slices.CompareFunc(permissions[a], permissions[b], func(x, y Role) int {
			return cmp.Compare(slices.Index(Roles, x), slices.Index(Roles, y))
		}), cmp.Compare(a, b))
	})
}
