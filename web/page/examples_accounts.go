package page

import (
	"time"

	"github.com/uitvraag/uitvraag/internal/chart"
	"github.com/uitvraag/uitvraag/internal/form"
)

// accountExamples are the pages on which staff sign in, and on which is decided who
// they are and what they may.
func accountExamples() []Example {
	site := Frame{Organiser: "Uitvraag is een platform voor onderzoek onder organisaties.", Phone: "088 - 000 01 23", Email: "hulp@uitvraag.example"}
	me := Staff{Name: "M. van Dalen"}
	return []Example{
		{"inloggen", "Inloggen", Login{Frame: site, Passkey: true, Organisation: true}.View()},
		{"inloggen-fout", "Inloggen, niet gelukt", Login{Frame: site, Address: "m.vandalen@lindeboom.example", Problem: "Het e-mailadres, het wachtwoord of de code klopt niet."}.View()},
		{"inloggen-link", "Inloggen met een link", Login{Frame: site, Token: "abc", Email: "m.vandalen@lindeboom.example"}.View()},
		{"inloggen-verlopen", "Verlopen link", Login{Frame: site, Message: "Deze link werkt niet meer. Vraag een nieuwe aan."}.View()},
		{"inloggen-elders", "Naar de organisatie", Onward{site, "https://login.lindeboom.example/"}.View()},
		{"bevestigen", "Bevestig wie u bent", Confirm{Staff: me, Action: ConfirmPath, Back: "/beheer/inventarisatie-2026/gegevens", Password: true, Passkey: true, Organisation: true}.View()},
		{"bevestigen-kan-niet", "Bevestigen kan nog niet", Confirm{Staff: me, Action: ConfirmPath, Back: "/beheer/inventarisatie-2026/gegevens"}.View()},
		{"account", "Eigen account", exampleOwn().View()},
		{"account-uitgenodigd", "Eigen account na een uitnodiging", Own{Staff: me, Email: "m.vandalen@lindeboom.example", Invited: true, CanPasskey: true, PasskeyHost: "uitvraag.example", Organisation: true, Sessions: exampleOwn().Sessions[:1]}.View()},
		{"wachtwoord", "Wachtwoord instellen", SetPassword{Staff: me, Email: "m.vandalen@lindeboom.example", Secret: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ", Code: exampleCode(),
			Problems: []form.Problem{{Item: "nieuw_wachtwoord", Field: "nieuw_wachtwoord", Text: "Kies een langer wachtwoord: minstens 12 tekens."}}}.View()},
		{"herstelcodes", "Herstelcodes", Recovery{Staff: me, Email: "m.vandalen@lindeboom.example", First: true, Made: exampleDay(time.November, 24, 9, 0),
			Codes: []string{"7k3m-q9xa-h2wd-p4ez", "c8vn-3rtb-y6kj-m5sf", "w2hq-8dxe-n7pa-t4gz", "b5yk-9mcr-v3jd-q8xh", "e6ts-4nwa-k2fz-h9vp", "m3gx-7qbe-d8ry-c5wk", "p9jd-2vhs-x4tn-a6qe", "t7wa-5zkm-g3bx-r8yn", "y4nf-6ecq-s9hd-j2vb", "h8rz-3pxk-w5ma-e7tg"}}.View()},
		{"medewerkers", "Medewerkers van een onderzoek", exampleTeam().View()},
		{"accounts", "Alle medewerkers", exampleAccounts().View()},
		{"rechten", "Wie mag wat", Rights{me, []string{"projectleider", "onderzoeker", "lezer"}, []Right{{"eenheden zien", []bool{true, true, true}}, {"de antwoorden van een eenheid zien", []bool{true, false, false}}}}.View()},
		{"eenheid-antwoorden", "Antwoorden van een eenheid, waarom", UnitAnswers{Staff: exampleTeam().Staff, Unit: "PO 25-06 Samenwerkingsverband PO 25-06", UnitPath: "/beheer/inventarisatie-2026/eenheden/swv/PO2506", Sent: exampleSent, Problem: "Vul in waarom."}.View()},
	}
}

func exampleCode() chart.Code {
	code, err := chart.QR("otpauth://totp/Uitvraag:m.vandalen@lindeboom.example?issuer=Uitvraag&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
	if err != nil {
		panic(err) // the text fits
	}
	return code
}

func exampleOwn() Own {
	used := exampleDay(time.November, 24, 8, 55)
	return Own{Staff: Staff{Name: "M. van Dalen"}, Email: "m.vandalen@lindeboom.example", Password: exampleDay(time.October, 12, 9, 0), Recovery: 3, CanPasskey: true, PasskeyHost: "uitvraag.example", Organisation: true, Done: "sleutel",
		Passkeys: []OwnPasskey{{"1", "Safari op Mac", exampleDay(time.October, 12, 9, 5), &used}},
		Sessions: []OwnSession{{"7", "Safari op Mac", "192.0.2.14", "toegangssleutel", used, exampleDay(time.November, 24, 9, 31), true},
			{"5", "Chrome op Android", "198.51.100.7", "wachtwoord", exampleDay(time.November, 24, 7, 40), exampleDay(time.November, 24, 9, 12), false}}}
}

func exampleRoles(chosen string) []Choice {
	return []Choice{{"projectleider", "projectleider", chosen == "projectleider"}, {"veldwerker", "veldwerker", chosen == "veldwerker"}, {"lezer", "lezer", chosen == "lezer"}}
}

func exampleTeam() Team {
	s := exampleStaff("medewerkers")
	s.Team = true
	return Team{Staff: s, Roles: exampleRoles(""),
		Invitation: Invitation{Invited: "k.visser@lindeboom.example", Link: "https://uitvraag.example/inloggen/8Jx2kQe0Vd3mZr7tYb5nWc", Code: exampleCode()},
		Members: []Member{
			{ID: "1", Name: "M. van Dalen", Email: "m.vandalen@lindeboom.example", Role: "projectleider", Ready: true, Seen: exampleDay(time.November, 24, 8, 55), Own: true, Last: true, Roles: exampleRoles("projectleider")},
			{ID: "2", Name: "S. Jansen", Email: "s.jansen@lindeboom.example", Role: "veldwerker", Ready: true, Roles: exampleRoles("veldwerker")},
			{ID: "3", Email: "k.visser@lindeboom.example", Role: "lezer", Roles: exampleRoles("lezer")}}}
}

func exampleAccounts() Accounts {
	return Accounts{Staff: Staff{Name: "B. Heerder"}, Own: "9", Studies: []Choice{{"", "Geen: alleen beheerder", true}, {"inventarisatie-2026", "Inventarisatie 2026", false}},
		Accounts: []AccountLine{
			{ID: "9", Name: "B. Heerder", Email: "b.heerder@lindeboom.example", Beheerder: true, Ready: true, Seen: exampleDay(time.November, 24, 9, 0), Sessions: 1},
			{ID: "1", Name: "M. van Dalen", Email: "m.vandalen@lindeboom.example", Studies: []string{"Inventarisatie 2026 (projectleider)"}, Ready: true, Seen: exampleDay(time.November, 24, 8, 55), Sessions: 2, Blocked: true},
			{ID: "4", Email: "oud@lindeboom.example", Ready: true, Seen: exampleDay(time.November, 3, 8, 55), Ended: exampleDay(time.November, 10, 12, 0)}},
		Invitation: Invitation{Email: "geen adres", Problems: []form.Problem{{Item: "email", Field: "email", Text: "Dit is geen e-mailadres."}}}}
}
