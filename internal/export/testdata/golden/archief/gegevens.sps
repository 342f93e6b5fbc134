* Proef, vragenlijst proef 2026, stand van 2026-11-02T08:00:00Z.
* Maak de map met dit bestand de werkmap (CD), of schrijf hieronder het hele pad.
SET DECIMAL=DOT.
GET DATA /TYPE=TXT /FILE='gegevens.csv' /ENCODING='UTF8'
  /ARRANGEMENT=DELIMITED /DELIMITERS=',' /QUALIFIER='"' /FIRSTCASE=2
  /VARIABLES=
    mode F8.0
    status F8.0
    versie F8.0
    samen F8.0
    fase_bao F8.0
    fase_vo F8.0
    wie_school F8.0
    wie_anders F8.0
    wie_geen_zicht F8.0
    cijfer_bao_nu F8.0
    cijfer_bao_straks F8.0
  .
VARIABLE LABELS mode
  'Wijze van invullen'.
VALUE LABELS mode
  1 'Internet'
  2 'Telefoon'
  3 'Papier'
  .
VARIABLE LEVEL mode (NOMINAL).
VARIABLE LABELS status
  'Status van de vragenlijst'.
VALUE LABELS status
  1 'Verstuurd'
  2 'Gedeeltelijk ingevuld'
  3 'Alleen de kernvragen'
  .
VARIABLE LEVEL status (NOMINAL).
VARIABLE LABELS versie
  'Versie van de vragenlijst'.
VALUE LABELS versie
  1 '2026'
  .
VARIABLE LEVEL versie (NOMINAL).
VARIABLE LABELS samen
  'Werkt u samen?'.
VALUE LABELS samen
  1 'Ja'
  2 'Nee'
  7 'Gezien, niet beantwoord'
  .
MISSING VALUES samen (7).
VARIABLE LEVEL samen (NOMINAL).
VARIABLE LABELS fase_bao
  'Basisonderwijs'.
VALUE LABELS fase_bao
  1 'Start'
  2 'Opbouw'
  3 'Klaar'
  7 'Gezien, niet beantwoord'
  8 'Geen zicht op'
  .
MISSING VALUES fase_bao (7, 8).
VARIABLE LEVEL fase_bao (ORDINAL).
VARIABLE LABELS fase_vo
  'Voortgezet onderwijs'.
VALUE LABELS fase_vo
  1 'Start'
  2 'Opbouw'
  3 'Klaar'
  7 'Gezien, niet beantwoord'
  8 'Geen zicht op'
  .
MISSING VALUES fase_vo (7, 8).
VARIABLE LEVEL fase_vo (ORDINAL).
VARIABLE LABELS wie_school
  'Met wie? – Scholen'.
VALUE LABELS wie_school
  0 'Niet gekozen'
  1 'Gekozen'
  7 'Gezien, niet beantwoord'
  .
MISSING VALUES wie_school (7).
VARIABLE LEVEL wie_school (NOMINAL).
VARIABLE LABELS wie_anders
  'Met wie? – Anders'.
VALUE LABELS wie_anders
  0 'Niet gekozen'
  1 'Gekozen'
  7 'Gezien, niet beantwoord'
  .
MISSING VALUES wie_anders (7).
VARIABLE LEVEL wie_anders (NOMINAL).
VARIABLE LABELS wie_geen_zicht
  'Met wie? – Geen zicht op'.
VALUE LABELS wie_geen_zicht
  0 'Niet gekozen'
  1 'Gekozen'
  7 'Gezien, niet beantwoord'
  .
MISSING VALUES wie_geen_zicht (7).
VARIABLE LEVEL wie_geen_zicht (NOMINAL).
VARIABLE LABELS cijfer_bao_nu
  'Basisonderwijs – Nu'.
VALUE LABELS cijfer_bao_nu
  0 '0 (slecht)'
  1 '1'
  2 '2'
  3 '3'
  4 '4'
  5 '5'
  6 '6'
  7 '7'
  8 '8'
  9 '9'
  10 '10 (goed)'
  97 'Gezien, niet beantwoord'
  .
MISSING VALUES cijfer_bao_nu (97).
VARIABLE LEVEL cijfer_bao_nu (SCALE).
VARIABLE LABELS cijfer_bao_straks
  'Basisonderwijs – Straks'.
VALUE LABELS cijfer_bao_straks
  0 '0 (slecht)'
  1 '1'
  2 '2'
  3 '3'
  4 '4'
  5 '5'
  6 '6'
  7 '7'
  8 '8'
  9 '9'
  10 '10 (goed)'
  97 'Gezien, niet beantwoord'
  .
MISSING VALUES cijfer_bao_straks (97).
VARIABLE LEVEL cijfer_bao_straks (SCALE).
MRSETS /MDGROUP NAME=$wie
  LABEL='Met wie?'
  VALUE=1 VARIABLES=
    wie_school
    wie_anders.
EXECUTE.
