package api

import "strings"

// An Example shows how a program reads a study. Code is to be copied; the tests run
// what R can run of it.
type Example struct {
	ID, Title, Lead, Code string
}

// Examples returns how to read a study on a server, such as
// https://onderzoek.example.nl.
func Examples(server, study, instrument string) []Example {
	fill := strings.NewReplacer("SERVER", server, "STUDY", study, "INSTRUMENT", instrument)
	out := []Example{
		{"r", "R, zonder pakketten", "Zet de sleutel in het bestand .Renviron, als UITVRAAG_SLEUTEL. Dan staat hij niet in uw script.", `kop <- c(Authorization = paste("Bearer", Sys.getenv("UITVRAAG_SLEUTEL")))
bron <- url("SERVER/api/v1/STUDY/data/INSTRUMENT.csv", headers = kop)
gegevens <- read.csv(bron, check.names = FALSE, na.strings = "", encoding = "UTF-8")`},
		{"jsonlite", "R met jsonlite", "Zo leest u de respons per dag.", `kop <- c(Authorization = paste("Bearer", Sys.getenv("UITVRAAG_SLEUTEL")))
bron <- url("SERVER/api/v1/STUDY/days", headers = kop)
dagen <- jsonlite::fromJSON(readLines(bron, warn = FALSE))$days
close(bron)`},
		{"httr2", "R met httr2", "Dit vraagt alle bladzijden met antwoorden op.", `library(httr2)
lees <- function(adres) {
  request(paste0("SERVER", adres)) |>
    req_auth_bearer_token(Sys.getenv("UITVRAAG_SLEUTEL")) |>
    req_perform() |>
    resp_body_json(simplifyVector = TRUE)
}
gegevens <- NULL
adres <- "/api/v1/STUDY/data/INSTRUMENT"
while (!is.null(adres)) {
  blad <- lees(adres)
  gegevens <- rbind(gegevens, blad$rows)
  adres <- blad$` + "`next`" + `
}`},
		{"powerbi", "Power BI", "Kies Gegevens ophalen, Lege query, Geavanceerde editor. Maak van Sleutel een parameter. Kies als aanmelding Anoniem: de sleutel staat in de kopregel.", `let
    Bron = Web.Contents("SERVER", [
        RelativePath = "api/v1/STUDY/data/INSTRUMENT.csv",
        Headers = [Authorization = "Bearer " & Sleutel]
    ]),
    Regels = Csv.Document(Bron, [Delimiter = ",", Encoding = 65001, QuoteStyle = QuoteStyle.Csv]),
    Gegevens = Table.PromoteHeaders(Regels)
in
    Gegevens`},
	}
	for i := range out {
		out[i].Code = fill.Replace(out[i].Code)
	}
	return out
}
