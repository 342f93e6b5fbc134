package page

import "time"

func codingExamples() []Example {
	frame := Staff{Name: "R. Visser", Study: "Landelijke inventarisatie 2026", Base: "/beheer/inventarisatie-2026", Current: "coderen", State: "gesloten", Coding: true, Tables: true}
	path := frame.Base + CodingPath + "/swv/b5_12"
	question := "Hoe tevreden bent u over de aansluiting? Kunt u uw antwoord kort toelichten?"
	counts := CodingCounts{Answers: 84, Final: 61, Double: 50, Both: 50, ToDecide: 7}
	codes := []CodeLine{{ID: "01", Label: "Goed op weg, kan beter", Definition: "De richting bevalt, maar er valt nog iets te doen.", Example: "Wij leren onderweg.", Counter: "‘Het naleven kan beter’ (05).", N: 21},
		{ID: "02", Label: "Betere samenwerking nodig", Definition: "Partijen moeten beter afstemmen.", N: 13}, {ID: "06", Label: "Wachten", Became: "Ging op in 02 Betere samenwerking nodig."}, {ID: "99", Label: "Overig"}}
	room := []RoomCode{{Key: "1", ID: "01", Label: "Goed op weg, kan beter", Definition: "De richting bevalt, maar er valt nog iets te doen."},
		{Key: "2", ID: "02", Label: "Betere samenwerking nodig", Like: "Iedereen wijst naar een ander zodra er geld bij moet."}, {Key: "3", ID: "99", Label: "Overig"}}
	text := "Er gebeurt veel, maar het verschilt nog sterk per school. Iedereen wijst naar een ander."
	read := CodingRoom{Staff: frame, Path: path, Question: question, Text: text, Answer: "12", Place: 7, All: 84, Mine: 6, Waiting: 58, Double: true, Codes: room, Previous: path + "/lezen?antwoord=4"}
	wrong := read
	wrong.Problem = "Kies een code, of ‘niet te coderen’."
	done := CodingRoom{Staff: frame, Path: path, Question: question, Mine: 84}
	at := exampleDay(time.November, 17, 10, 12)
	whole := CodingQuestion{Staff: frame, Path: path, Question: question, MayCode: true, MayDecide: true, Version: 3, CodingCounts: counts, Mine: 6, Waiting: 58, Codes: codes, Same: 43, Pairs: 50, Book: "/x",
		Agreement: []AgreementLine{{What: "Alle codes samen", Kappa: "0,82", Alpha: "0,82", Verdict: "Betrouwbaar", Shape: "done", Given: 100}, {What: "02 Betere samenwerking nodig", Kappa: "0,55", Alpha: "0,56", Verdict: "Opnieuw coderen", Shape: "warn", Given: 14}},
		History:   []FrameLine{{3, at, "Code 06 ‘Wachten’ ging op in ‘Betere samenwerking nodig’.", "Te weinig antwoorden."}, {1, at, "Codeboek gemaakt, met 4 codes.", ""}}}
	begin := CodingQuestion{Staff: frame, Path: path, Question: question, MayCode: true, MayDecide: true, Builtin: true, CodingCounts: CodingCounts{Answers: 84, Double: 50}, Lines: []string{"Regel 4: Geef de code een naam."}, Problem: "Dit codeboek kan zo niet worden gebruikt."}
	edit := CodingFrame{Staff: frame, Path: path, Question: question, Version: 3, Codes: codes, Chosen: &codes[1], Others: []Choice{{"", "Kies", true}, {"01", "01 Goed op weg", false}}, Action: "samenvoegen", Problems: map[string]string{"naar": "Kies een code die in gebruik is.", "reden": "Vul in waarom."}}
	decide := CodingDecide{Staff: frame, Path: path, Question: question, Text: text, Answer: "12", Left: 7, Codes: []RoomCode{{ID: "01", Label: "Goed op weg, kan beter"}, {ID: "02", Label: "Betere samenwerking nodig"}},
		Sides: []CodingSide{{Title: "Codeur A", Labels: []string{"01 Goed op weg, kan beter"}, Value: "0"}, {Title: "Codeur B", Labels: []string{"02 Betere samenwerking nodig"}, Doubt: true, Value: "1"}}}
	home := CodingHome{Staff: frame, MayExamples: true, Groups: []CodingGroup{{Title: "Samenwerkingsverbanden", Rows: []CodingRow{{Path: path, ID: "b5_12", Question: question, Version: 3, CodingCounts: counts, Alpha: "0,82"}, {Path: "/x", ID: "b5_23", Question: "Welke opbrengsten ziet u nog meer in uw regio?", CodingCounts: CodingCounts{Answers: 78, Double: 50}, Alpha: "–"}}}, {Title: "Gemeenten"}}}
	return []Example{
		{"beheer-coderen", "Open antwoorden en hoe ver ze zijn", home.View()},
		{"beheer-coderen-vraag", "Een open vraag met codeboek en overeenstemming", whole.View()},
		{"beheer-coderen-begin", "Een open vraag zonder codeboek, na een fout bestand", begin.View()},
		{"beheer-leeszaal", "De leeszaal", read.View()},
		{"beheer-leeszaal-fout", "De leeszaal, niets gekozen", wrong.View()},
		{"beheer-leeszaal-klaar", "De leeszaal, niets te doen", done.View()},
		{"beheer-codeboek-open", "Een codeboek wijzigen", edit.View()},
		{"beheer-verschillen", "Verschillen tussen coders", decide.View()},
	}
}
