# Proef, vragenlijst proef 2026, stand van 2026-11-02T08:00:00Z
# Leest de gegevens met labels, ontbrekende waarden en meetniveaus in het data frame 'gegevens'.
# Met haven worden de variabelen labelled_spss; zonder haven staan labels en na_values in attributen.
bestand <- "gegevens.csv"
gegevens <- read.csv(bestand, colClasses = "character", na.strings = character(0), check.names = FALSE, encoding = "UTF-8")

haven <- requireNamespace("haven", quietly = TRUE)
getal <- function(naam, label, niveau, waarden = NULL, ontbrekend = NULL) {
  x <- as.numeric(gegevens[[naam]])
  if (haven && length(waarden)) x <- haven::labelled_spss(x, labels = waarden, na_values = ontbrekend, label = label)
  else { attr(x, "labels") <- waarden; attr(x, "na_values") <- ontbrekend; attr(x, "label") <- label }
  attr(x, "measure") <- niveau
  gegevens[[naam]] <<- x
}
tekst <- function(naam, label) {
  x <- gsub("\\\\", "\001", gegevens[[naam]], fixed = TRUE)
  x <- gsub("\\r", "\r", gsub("\\n", "\n", x, fixed = TRUE), fixed = TRUE)
  gegevens[[naam]] <<- structure(gsub("\001", "\\", x, fixed = TRUE), label = label)
}
moment <- function(naam, label)
  gegevens[[naam]] <<- structure(as.POSIXct(gegevens[[naam]], format = "%Y-%m-%dT%H:%M:%SZ", tz = "UTC"), label = label)
meervoudig <- function(naam, label, kolommen)
  attr(gegevens, "meervoudig")[[naam]] <<- list(label = label, kolommen = kolommen)

getal("mode", "Wijze van invullen", "nominal",
  c("Internet" = 1, "Telefoon" = 2, "Papier" = 3))
getal("status", "Status van de vragenlijst", "nominal",
  c("Verstuurd" = 1, "Gedeeltelijk ingevuld" = 2, "Alleen de kernvragen" = 3))
getal("versie", "Versie van de vragenlijst", "nominal",
  c("2026" = 1))
getal("samen", "Werkt u samen?", "nominal",
  c("Ja" = 1, "Nee" = 2, "Gezien, niet beantwoord" = 7), c(7))
getal("fase_bao", "Basisonderwijs", "ordinal",
  c("Start" = 1, "Opbouw" = 2, "Klaar" = 3, "Gezien, niet beantwoord" = 7, "Geen zicht op" = 8), c(7, 8))
getal("fase_vo", "Voortgezet onderwijs", "ordinal",
  c("Start" = 1, "Opbouw" = 2, "Klaar" = 3, "Gezien, niet beantwoord" = 7, "Geen zicht op" = 8), c(7, 8))
getal("wie_school", "Met wie? \u2013 Scholen", "nominal",
  c("Niet gekozen" = 0, "Gekozen" = 1, "Gezien, niet beantwoord" = 7), c(7))
getal("wie_anders", "Met wie? \u2013 Anders", "nominal",
  c("Niet gekozen" = 0, "Gekozen" = 1, "Gezien, niet beantwoord" = 7), c(7))
getal("wie_geen_zicht", "Met wie? \u2013 Geen zicht op", "nominal",
  c("Niet gekozen" = 0, "Gekozen" = 1, "Gezien, niet beantwoord" = 7), c(7))
getal("cijfer_bao_nu", "Basisonderwijs \u2013 Nu", "scale",
  c("0 (slecht)" = 0, "1" = 1, "2" = 2, "3" = 3, "4" = 4, "5" = 5, "6" = 6, "7" = 7, "8" = 8, "9" = 9, "10 (goed)" = 10, "Gezien, niet beantwoord" = 97), c(97))
getal("cijfer_bao_straks", "Basisonderwijs \u2013 Straks", "scale",
  c("0 (slecht)" = 0, "1" = 1, "2" = 2, "3" = 3, "4" = 4, "5" = 5, "6" = 6, "7" = 7, "8" = 8, "9" = 9, "10 (goed)" = 10, "Gezien, niet beantwoord" = 97), c(97))
meervoudig("wie", "Met wie?", c("wie_school", "wie_anders"))
