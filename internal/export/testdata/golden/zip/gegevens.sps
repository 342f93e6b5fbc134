* Proef, vragenlijst proef 2026, stand van 2026-11-02T08:00:00Z.
* Maak de map met dit bestand de werkmap (CD), of schrijf hieronder het hele pad.
SET DECIMAL=DOT.
GET DATA /TYPE=TXT /FILE='gegevens.csv' /ENCODING='UTF8'
  /ARRANGEMENT=DELIMITED /DELIMITERS=',' /QUALIFIER='"' /FIRSTCASE=2
  /VARIABLES=
    unit A6
    bron_id A6
    dekking F8.0
    mode F8.0
    status F8.0
    gestart_op_tekst A20
    ingediend_op_tekst A20
    duur F8.0
    te_laat F8.0
    revisie F8.0
    versie F8.0
    regio F8.0
    inwoners F8.2
    mode_2 F8.0
    samen F8.0
    fase_bao F8.0
    fase_vo F8.0
    waarom A9
    wie_school F8.0
    wie_anders F8.0
    wie_anders_txt A12
    wie_geen_zicht F8.0
    scholen F8.0
    cijfer_bao_nu F8.0
    cijfer_bao_straks F8.0
  .
DO IF LENGTH(RTRIM(gestart_op_tekst)) GT 0.
COMPUTE gestart_op=DATE.DMY(NUMBER(SUBSTR(gestart_op_tekst,9,2),F2),NUMBER(SUBSTR(gestart_op_tekst,6,2),F2),NUMBER(SUBSTR(gestart_op_tekst,1,4),F4))
  +TIME.HMS(NUMBER(SUBSTR(gestart_op_tekst,12,2),F2),NUMBER(SUBSTR(gestart_op_tekst,15,2),F2),NUMBER(SUBSTR(gestart_op_tekst,18,2),F2)).
END IF.
FORMATS gestart_op (DATETIME20).
DO IF LENGTH(RTRIM(ingediend_op_tekst)) GT 0.
COMPUTE ingediend_op=DATE.DMY(NUMBER(SUBSTR(ingediend_op_tekst,9,2),F2),NUMBER(SUBSTR(ingediend_op_tekst,6,2),F2),NUMBER(SUBSTR(ingediend_op_tekst,1,4),F4))
  +TIME.HMS(NUMBER(SUBSTR(ingediend_op_tekst,12,2),F2),NUMBER(SUBSTR(ingediend_op_tekst,15,2),F2),NUMBER(SUBSTR(ingediend_op_tekst,18,2),F2)).
END IF.
FORMATS ingediend_op (DATETIME20).
MATCH FILES FILE=*
  /KEEP=
    unit
    bron_id
    dekking
    mode
    status
    gestart_op
    ingediend_op
    ALL
  /DROP=gestart_op_tekst ingediend_op_tekst.
VARIABLE LABELS unit
  'Code van de eenheid'.
VARIABLE LEVEL unit (NOMINAL).
VARIABLE LABELS bron_id
  'Code van de eenheid die de vragenlijst invulde'.
VARIABLE LEVEL bron_id (NOMINAL).
VARIABLE LABELS dekking
  'Eigen vragenlijst, of gedekt door die van een ander'.
VALUE LABELS dekking
  1 'Eigen vragenlijst'
  2 'Gedekt door een andere eenheid'
  .
VARIABLE LEVEL dekking (NOMINAL).
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
VARIABLE LABELS gestart_op
  'Begonnen op'.
VARIABLE LEVEL gestart_op (SCALE).
VARIABLE LABELS ingediend_op
  'Ingediend op'.
VARIABLE LEVEL ingediend_op (SCALE).
VARIABLE LABELS duur
  'Tijd tussen beginnen en indienen, in seconden'.
VARIABLE LEVEL duur (SCALE).
VARIABLE LABELS te_laat
  'Verstuurd na sluiting'.
VALUE LABELS te_laat
  0 'Nee'
  1 'Ja'
  .
VARIABLE LEVEL te_laat (NOMINAL).
VARIABLE LABELS revisie
  'Hoe vaak ingediend'.
VARIABLE LEVEL revisie (SCALE).
VARIABLE LABELS versie
  'Versie van de vragenlijst'.
VALUE LABELS versie
  1 '2026'
  .
VARIABLE LEVEL versie (NOMINAL).
VARIABLE LABELS regio
  'Regio'.
VALUE LABELS regio
  1 'Noord'
  2 'Midden'
  3 'Zuid'
  .
VARIABLE LEVEL regio (NOMINAL).
VARIABLE LABELS inwoners
  'Aantal inwoners'.
VARIABLE LEVEL inwoners (SCALE).
VARIABLE LABELS mode_2
  'Eigen kolom'.
VALUE LABELS mode_2
  1 'xGM0001'
  2 'xGM0002'
  3 'xGM0003'
  4 'xGM0004'
  5 'xGM0005'
  6 'xGM0006'
  7 'xGM0007'
  .
VARIABLE LEVEL mode_2 (NOMINAL).
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
VARIABLE LABELS waarom
  'Waarom niet?'.
VARIABLE LEVEL waarom (NOMINAL).
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
COMPUTE wie_anders_txt=REPLACE(wie_anders_txt,'\\',STRING(1,PIB1)).
COMPUTE wie_anders_txt=REPLACE(wie_anders_txt,'\n',STRING(10,PIB1)).
COMPUTE wie_anders_txt=REPLACE(wie_anders_txt,'\r',STRING(13,PIB1)).
COMPUTE wie_anders_txt=REPLACE(wie_anders_txt,STRING(1,PIB1),'\').
VARIABLE LABELS wie_anders_txt
  'Met wie? – Anders (tekst)'.
VARIABLE LEVEL wie_anders_txt (NOMINAL).
VARIABLE LABELS wie_geen_zicht
  'Met wie? – Geen zicht op'.
VALUE LABELS wie_geen_zicht
  0 'Niet gekozen'
  1 'Gekozen'
  7 'Gezien, niet beantwoord'
  .
MISSING VALUES wie_geen_zicht (7).
VARIABLE LEVEL wie_geen_zicht (NOMINAL).
VARIABLE LABELS scholen
  'Hoeveel scholen?'.
VALUE LABELS scholen
  997 'Gezien, niet beantwoord'
  .
MISSING VALUES scholen (997).
VARIABLE LEVEL scholen (SCALE).
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
