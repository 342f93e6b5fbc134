package page

import (
	"strings"
	"time"
)

func postvakExamples() []Example {
	site := Frame{}
	return []Example{
		{"postvak", "Postvak", Postvak{Frame: site, N: 120, From: 51, To: 53, Prev: "/postvak?vanaf=0", Next: "/postvak?vanaf=53", Mails: []PostvakMail{
			{"/postvak/3", exampleDay(time.November, 24, 9, 2), "h.jansen@po2506.example", "Herinnering: hoe sluiten onderwijs en jeugdhulp in uw regio op elkaar aan?"},
			{"/postvak/2", exampleDay(time.November, 24, 9, 1), "beleidsmedewerker.jeugd.en.onderwijs@lindehoven-aan-de-maas.example", "Hoe sluiten onderwijs en jeugdhulp in uw gemeente op elkaar aan?"},
			{"/postvak/1", exampleDay(time.November, 24, 9, 0), "info@maasbroek.example", ""},
		}}.View()},
		{"postvak-niets", "Postvak, niets gevonden", Postvak{Frame: site, Search: "zzz"}.View()},
		{"postvak-leeg", "Postvak zonder mails", Postvak{Frame: site}.View()},
		{"postvak-mail", "Mail in het postvak", PostvakItem{Frame: site, Received: exampleDay(time.November, 24, 9, 2),
			From: "Bureau Lindeboom <uitvraag@localhost>", To: "H. Jansen <h.jansen@po2506.example>", ReturnPath: "bounce+m123.abcdefghijklmnopqrst@localhost", Recipients: "h.jansen@po2506.example",
			Subject: "Herinnering: hoe sluiten onderwijs en jeugdhulp in uw regio op elkaar aan?", FramePath: "about:blank",
			Text:   "Geachte mevrouw Jansen,\n\nBegin met de vragen:\nhttp://127.0.0.1:8080/v/8Jx2kQe0Vd3mZr7tYb5nWc\n\nMet vriendelijke groet,\nBureau Lindeboom",
			Header: "From: Bureau Lindeboom <uitvraag@localhost>\nTo: H. Jansen <h.jansen@po2506.example>\nSubject: Herinnering\nReferences: " + strings.Repeat("<abcdefghijkl@localhost> ", 8), SourcePath: "/postvak/3.eml"}.View()},
	}
}
