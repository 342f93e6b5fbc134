package page

import "time"

func letterExamples() []Example {
	made := exampleDay(time.November, 23, 9, 0)
	waits := LetterBatch{ID: 4, Title: "Eerste herinnering", Made: made, N: 3}
	filed := waits
	filed.Files = 1
	list := Brieven{Staff: exampleStaff("plan"), May: true, Max: 500, Heaps: []LetterHeap{{"herinnering1", "herinnering1", "Eerste herinnering", 37, made}},
		Batches: []LetterBatch{filed, {ID: 3, Title: "Uitnodiging", Made: exampleOpens, Sent: exampleOpens, Files: 1, N: 41}, {ID: 2, Title: "Uitnodiging", Made: exampleOpens, Dropped: exampleOpens}}}
	unit := func(code string) Link {
		return Link{"/beheer/inventarisatie-2026/eenheden/swv/" + code, code + " Samenwerkingsverband " + code}
	}
	letters := []StapelLetter{{Unit: unit("PO2506"), Name: "H. de Boer", Address: "Lindelaan 1 6811 AB Arnhem"}, {Unit: unit("PO2507"), Address: "Postbus 12, 1234 AB Lindehoven"},
		{Unit: unit("PO2508"), Name: "J. Vos", Address: "Dorpsstraat 2, 1234 AB Veldwijk", Why: "De eenheid doet niet mee."}}
	batch := Stapel{Staff: exampleStaff("plan"), LetterBatch: waits, By: "M. van Dalen", Letters: letters, Waiting: 2, May: true, Day: "2026-11-24"}
	ready := batch
	ready.LetterBatch, ready.Filed, ready.FiledBy = filed, made, "M. van Dalen"
	again, drop, wrong, posted, stopped := ready, ready, ready, ready, batch
	again.Again, drop.Drop = true, true
	wrong.Day, wrong.Problem = "2026-11-23", "Vul een dag in, zoals 24-11-2026."
	posted.Sent = exampleSent
	stopped.Stopped, stopped.NoPDF = "Alle verzending is stopgezet: een fout in de brief.", true
	list2 := list
	list2.Stopped, list2.May = stopped.Stopped, false
	return []Example{
		{"brieven", "Brieven", list.View()},
		{"brieven-gestopt", "Brieven, verzending stopgezet", list2.View()},
		{"brieven-leeg", "Geen brieven", Brieven{Staff: exampleStaff("plan")}.View()},
		{"stapel", "Stapel brieven", batch.View()},
		{"stapel-bestand", "Stapel met een bestand", ready.View()},
		{"stapel-opnieuw", "Stapel, bestand opnieuw maken", again.View()},
		{"stapel-opheffen", "Stapel opheffen", drop.View()},
		{"stapel-fout", "Stapel, verkeerde dag", wrong.View()},
		{"stapel-verstuurd", "Stapel die is verstuurd", posted.View()},
		{"stapel-gestopt", "Stapel, verzending stopgezet", stopped.View()},
	}
}
