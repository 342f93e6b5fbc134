package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/uitvraag/uitvraag/internal/sample"
	"github.com/uitvraag/uitvraag/internal/study"
)

// Places are put together from these; no gemeente has such a name (checked
// against the gemeenten of 2018). Regions take the same beginnings.
var (
	placeStarts = strings.Fields(`Amber Berken Distel Egel Elzen Esdoorn Fazanten Grutto Hazel Hermelijn Iepen Kastanje
		Kievits Klaver Koper Kwartel Lijster Linden Marter Meidoorn Merel Otter Patrijzen Reiger Sering Sleedoorn Varen
		Vlinder Wilgen Wulpen Zilver Zwaluw`)
	placeEnds  = strings.Fields(`akker burg dam gouw horst kerk loo meer oord rade stede veen waard wijk`)
	regionEnds = strings.Fields(`streek land kring delta hoek`)
)

// combined returns all combinations of starts and ends, shuffled.
func combined(topic string, starts, ends []string) []string {
	var all []string
	for _, s := range starts {
		for _, e := range ends {
			all = append(all, s+e)
		}
	}
	chance(topic).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

var (
	womenNames = strings.Fields(`Anouk Bregje Carlijn Doortje Esther Fenna Gerda Hanneke Ilse Jolien Karin Liesbeth Marloes
		Nienke Petra Roos Saskia Tessa Veerle Wendy`)
	menNames = strings.Fields(`Arjen Bas Cees Dirk Evert Floris Gijs Hidde Ivo Jelle Koen Lars Maarten Niek Olaf Pieter
		Ruben Sjoerd Teun Wouter`)
	familyStarts = []string{"", "", "", "Van ", "Van de ", "De "}
	familyNames  = strings.Fields(`Amberveld Boswilg Dijkmeer Eikenzoom Fluitekruid Grasduin Heggemus Kroonblad Lisdodde
		Meerkoet Notelaar Oeverzegge Pimpernel Rietgans Spreeuwel Tuinfluit Veldleeuw Waterhoen Zandhagedis Zonnedauw`)
)

// person makes up somebody who answers for an organisation at domain.
func person(r *rand.Rand, kind sample.Kind, domain string) sample.Contact {
	c := sample.Contact{Salutation: "mevrouw", Phone: phone(r)}
	first := pick(r, womenNames)
	if r.IntN(2) == 0 {
		c.Salutation, first = "de heer", pick(r, menNames)
	}
	infix, family := pick(r, familyStarts), pick(r, familyNames)
	c.Name = first + " " + strings.ToLower(infix) + family
	c.Email = strings.ToLower(first[:1]) + "." + study.Slug(infix+family) + "@" + domain
	c.Role = pick(r, swvRoles)
	c.Source = pick(r, []string{"website swv", "website swv", "passendonderwijs.nl", "telefoon"})
	if kind == sample.Gemeente {
		c.Role = pick(r, gemeenteRoles)
		c.Source = pick(r, []string{"telefoon", "telefoon", "telefoon", "internet"})
	}
	return c
}

var (
	swvRoles      = []string{"directeur", "directeur", "directeur", "directeur-bestuurder", "bestuurder", "coördinator", "manager"}
	gemeenteRoles = []string{"beleidsmedewerker jeugd", "beleidsmedewerker onderwijs", "beleidsmedewerker onderwijs en jeugd", "beleidsmedewerker sociaal domein"}
)

// generalAddress is where a gemeente is written to when no person is known.
func generalAddress(r *rand.Rand, place, domain string) sample.Contact {
	return sample.Contact{Email: "info@" + domain, Phone: phone(r), Source: "algemeen adres t.a.v. beleidsmedewerker jeugd",
		Address: fmt.Sprintf("T.a.v. de beleidsmedewerker jeugd\nPostbus %d\n0%03d ZZ %s", 10+r.IntN(900), r.IntN(1000), place)}
}

// phone returns a number that nobody has.
func phone(r *rand.Rand) string { return fmt.Sprintf("088 - 000 %02d %02d", r.IntN(100), r.IntN(100)) }
