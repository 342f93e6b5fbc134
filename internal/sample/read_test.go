package sample

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/sheet"
)

func TestReadTakesWhatTheFileGives(t *testing.T) {
	t.Parallel()
	got := read(t, Gemeente, `GM-code;Gemeente;E-mail adres;Tel.nr;Mobiel;Aanhef;Voorletters;Tussenvoegsel;Achternaam;Functie;Straat;Huisnummer;Post code;Plaats;Herkomst;Geldig van;geldig_tot;Voorgangers;Ook bekend als;Aantal (x 1.000);swv PO;Opmerking
3; 's-Zandhage ;j.de.boer@zandhage.example;010 123 45 67;06-12345678;mevrouw;J.;de;Boer;beleidsmedewerker jeugd;Kade;1a;1234 AB;Zandhage;telefoon;1-1-2018;2026-01-01;8, 9;Den Zand|Zandhage;12;20.01/PO2002; Rûwen's «x» 
`)
	want := Register{
		Kind: Gemeente,
		Columns: []Column{
			{"aantal_x_1_000", "Aantal (x 1.000)"}, {"swv_po", "swv PO"}, {"opmerking", "Opmerking"},
		},
		Fields: []string{"naam", "ook_bekend_als", "geldig_van", "geldig_tot", "voorgangers", "aanhef", "contactpersoon", "functie", "email", "telefoon", "adres", "herkomst"},
		Units: []Unit{{
			Line: 2,
			Organisation: Organisation{
				Kind: Gemeente, Code: "GM0003", Name: "'s-Zandhage", Also: []string{"Den Zand", "Zandhage"},
				ValidFrom: date(2018, 1, 1), ValidTo: date(2026, 1, 1), Predecessors: []string{"GM0008", "GM0009"},
			},
			Contact: Contact{
				Salutation: "mevrouw", Name: "J. de Boer", Role: "beleidsmedewerker jeugd", Email: "j.de.boer@zandhage.example",
				Phone: "010 123 45 67 / 06-12345678", Address: "Kade 1a\n1234 AB Zandhage", Source: "telefoon",
			},
			Background: map[string]string{"aantal_x_1_000": "12", "swv_po": "20.01/PO2002", "opmerking": "Rûwen's «x»"},
		}},
		Areas: []Area{{2, "PO2001", "GM0003", Part}, {2, "PO2002", "GM0003", Part}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("register (-want +got):\n%s", diff)
	}
}

func TestReadFindsColumnsByTheirSynonyms(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind          Kind
		header, cells string
		want          Unit
	}{
		{SWV, "SWVcode;Samenwerkingsverband;E_MAIL;Contact", "PO-20-01;Oost;a@b.example;Jo", unit(SWV, "PO2001", "Oost", "a@b.example", "Jo")},
		{SWV, "nummer;Onderwijssector;swv;mail;contactnaam", "20.01;vo;Oost;a@b.example;Jo", unit(SWV, "VO2001", "Oost", "a@b.example", "Jo")},
		{Gemeente, "gemeentecode;gemeente-naam;E-mailadres;Naam contactpersoon", "14;Oost;a@b.example;Jo", unit(Gemeente, "GM0014", "Oost", "a@b.example", "Jo")},
		{Gemeente, "GMCODE;Náám;mailadres;t.a.v.", "14;Oost;a@b.example;Jo", unit(Gemeente, "GM0014", "Oost", "a@b.example", "Jo")},
		{Partner, "Code;Organisatie;email;contactpersoon", "x 1;Oost;a@b.example;Jo", unit(Partner, "x 1", "Oost", "a@b.example", "Jo")},
		{Partner, "code", "x", unit(Partner, "x", "", "", "")},
	}
	for _, tt := range tests {
		t.Run(tt.header, func(t *testing.T) {
			t.Parallel()
			got := read(t, tt.kind, tt.header+"\n"+tt.cells+"\n").Units
			got[0].Background = nil
			if diff := cmp.Diff([]Unit{tt.want}, got); diff != "" {
				t.Errorf("units (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadTellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		kind Kind
		in   string
		want []string // starts of the problems
	}{
		{"no code", SWV, "naam;email\nOost;a@b.example\n", []string{"regel 1: Er is geen kolom met de code van de organisatie. Noem die kolom ‘swv_code’. Gevonden: ‘naam, email’."}},
		{"only a header", SWV, "code;naam\n", []string{"regel 1: Onder de kop staat geen enkele regel."}},
		{"code missing", Gemeente, "gm_code;naam\n14;a\n;b\n", []string{"regel 3, kolom gm_code: de code ontbreekt"}},
		{"code twice", SWV, "Code;sector\nPO2001;\nPO2002;\n20-01;po\n", []string{"regel 4, kolom Code: ‘PO 20-01’ staat al op regel 2"}},
		{"bad e-mail", Gemeente, "code;E-mail\n14;a@b\n15;\"a@b.example\nBcc: c@d.example\"\n16;Jo <a@b.example>\n",
			[]string{"regel 2, kolom E-mail: dit is geen e-mailadres", "regel 3, kolom E-mail: hier mag geen regeleinde", "regel 5, kolom E-mail: dit is geen e-mailadres"}},
		{"line end in a name", Gemeente, "code;naam;adres\n14;\"a\r\nb\";\"c\nd\"\n",
			[]string{"regel 2, kolom naam: hier mag geen regeleinde", "regel 2, kolom adres: hier mag geen regeleinde"}},
		{"bad telephone", Gemeente, "code;telefoon\n14;onbekend\n", []string{"regel 2, kolom telefoon: dit is geen telefoonnummer"}},
		{"dates", Gemeente, "code;geldig_van;geldig_tot\n14;2018-02-30;\n15;1-1-2018;1-1-2017\n",
			[]string{"regel 2, kolom geldig_van: dit is geen datum", "regel 3, kolom geldig_tot: deze dag moet na"}},
		{"predecessors", Gemeente, "code;voorgangers\n14;15 14\n16;x\n",
			[]string{"regel 2, kolom voorgangers: een organisatie kan niet", "regel 3, kolom voorgangers: ‘x’ is geen code"}},
		{"swv of the other sector", Gemeente, "code;swv_po\n14;VO2001\n", []string{"regel 2, kolom swv_po: ‘VO2001’ hoort bij VO, maar de sector is hier PO"}},
		{"two names", Partner, "code;organisatie;naam\na;b;c\n", []string{"regel 1, kolom naam: deze kolom betekent hetzelfde als kolom ‘organisatie’"}},
		{"two addresses", Partner, "code;email;E-mailadres\na;;\n", []string{"regel 1, kolom E-mailadres: deze kolom betekent hetzelfde als kolom ‘email’"}},
		{"long", Partner, "code;naam;kenmerk\na;" + strings.Repeat("x", 201) + ";" + strings.Repeat("x", 4001) + "\n",
			[]string{"regel 2, kolom naam: deze tekst is te lang", "regel 2, kolom kenmerk: deze tekst is te lang"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, problems := Read(tt.kind, parse(t, tt.in))
			match := len(problems) == len(tt.want)
			for i := 0; match && i < len(tt.want); i++ {
				match = strings.HasPrefix(problems[i].String(), tt.want[i])
			}
			if !match {
				t.Errorf("problems %q\nwant %q", problems, tt.want)
			}
		})
	}
}

func TestOneBadRowOf380(t *testing.T) {
	t.Parallel()
	in := strings.Replace(gemeenten(380), "GM5100,", "5 100 ?,", 1)
	got, problems := Read(Gemeente, parse(t, in))
	if len(got.Units) != 379 || len(problems) != 1 || problems[0].Line != 102 || problems[0].Column != "gm_code" {
		t.Errorf("%d units, problems %v; want 379 and one on line 102", len(got.Units), problems)
	}
}

func TestAllProblemsAreCountedUpTo200Told(t *testing.T) {
	t.Parallel()
	in := strings.Replace(strings.ReplaceAll(gemeenten(380), "GM5", "XX5"), "XX5", "GM5", 1) // one code is sound
	got, problems := Read(Gemeente, parse(t, in))
	if len(got.Units) != 1 || len(problems) != 201 || problems[200].String() != "Er zijn nog 179 andere problemen." {
		t.Errorf("%d units, %d problems, the last %v", len(got.Units), len(problems), problems[len(problems)-1])
	}
}

func TestWindows1252KeepsAccents(t *testing.T) {
	t.Parallel()
	got := read(t, Gemeente, "code;gemeente;streek\n14;S\xfadwest-R\xfbwen;\x92t Veen\n")
	if u := got.Units[0]; u.Organisation.Name != "Súdwest-Rûwen" || u.Background["streek"] != "’t Veen" {
		t.Errorf("read %q, %q", u.Organisation.Name, u.Background["streek"])
	}
}

func TestHostileHeadersAndCellsStayText(t *testing.T) {
	t.Parallel()
	got := read(t, Partner, "code,naam,\"<script>alert(\"\"1\"\")</script>\",\"=HYPERLINK(\"\"http://x\"\")\",unit,Unit 2,and,2018,\"'; drop table unit; --\",???\n"+
		"a,<img src=x onerror=alert(1)>,=1+1,@x,-2,+3,{{.}},%s,\u202eabc,x\n")
	want := []Column{
		{"script_alert_1_script", `<script>alert("1")</script>`}, {"hyperlink_http_x", `=HYPERLINK("http://x")`},
		{"unit_2", "unit"}, {"unit_2_2", "Unit 2"}, {"and_2", "and"}, {"kolom_2018", "2018"},
		{"drop_table_unit", "'; drop table unit; --"}, {"kolom", "???"},
	}
	if diff := cmp.Diff(want, got.Columns); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	if u := got.Units[0]; u.Organisation.Name != "<img src=x onerror=alert(1)>" || u.Background["script_alert_1_script"] != "=1+1" || u.Background["kolom_2018"] != "%s" {
		t.Errorf("unit: %+v", u)
	}
}

func TestIDsAreShortAndUnique(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("lang ", 10)
	got := identify([]string{long + "a", long + "b", "É é", "e_e", "\n"})
	want := []string{"lang_lang_lang_lang_lang_lang_la", "lang_lang_lang_lang_lang_lang_2", "e_e", "e_e_2", "kolom"}
	for i, c := range got {
		if len(c.ID) > maxID || c.ID != want[i] {
			t.Errorf("id %d is %q, want %q", i, c.ID, want[i])
		}
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	table := parse(t, "code,naam,email,secretariaat\na,A,a@b.example,c@d.example\nb,B,,\n")
	table.Others = []string{"Blad2"}
	got, problems := Read(Partner, table)
	if len(problems) > 0 || len(got.Warnings) != 3 {
		t.Fatalf("problems %v, warnings %q", problems, got.Warnings)
	}
	for i, part := range []string{"‘Blad2’", "‘secretariaat’ bevat e-mailadressen (1)", "Van 1 contacten"} {
		if !strings.Contains(got.Warnings[i], part) {
			t.Errorf("warning %q does not contain %q", got.Warnings[i], part)
		}
	}
}

func TestCheckEmail(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"a@b.example", "jan.de-boer+x@sub.b-c.example", "o'neil@b.example", "A_1@b.example"} {
		if problem := CheckEmail(s); problem != "" {
			t.Errorf("CheckEmail(%q): %s", s, problem)
		}
	}
	for _, s := range []string{
		"", "a", "a@", "@b.example", "a@b", "a b@c.example", "a@b.example, c@d.example", "a@b.example;c@d.example", "Jo <a@b.example>",
		"<a@b.example>", "a@b.example\r\nBcc: x@y.example", "a@b.example\x00", "jé@b.example", "a@bé.example", `"a b"@c.example`, "a@[127.0.0.1]",
		"a@127.0.0.1", "a@-b.example", "a@b..example", "a.@b.example", "a@b.example(c)", strings.Repeat("a", 65) + "@b.example",
		"a@" + strings.Repeat("b.", 130) + "example", strings.Repeat("(", 100_000),
	} {
		if CheckEmail(s) == "" {
			t.Errorf("CheckEmail(%.40q) found nothing wrong", s)
		}
	}
}

// unit returns the unit on line 2 of a small file.
func unit(kind Kind, code, name, email, contact string) Unit {
	return Unit{Line: 2, Organisation: Organisation{Kind: kind, Code: code, Name: name}, Contact: Contact{Email: email, Name: contact}}
}

func date(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

func parse(t testing.TB, in string) sheet.Table {
	t.Helper()
	table, problems := sheet.Parse([]byte(in), sheet.Limits{})
	if len(problems) > 0 {
		t.Fatalf("sheet: %v", problems)
	}
	return table
}

func read(t testing.TB, kind Kind, in string) Register {
	t.Helper()
	r, problems := Read(kind, parse(t, in))
	if len(problems) > 0 {
		t.Fatalf("register: %v", problems)
	}
	return r
}

// gemeenten returns a register of n made-up gemeenten with the columns of a
// real one. The first tenth falls under two swv for VO.
func gemeenten(n int) string {
	var b strings.Builder
	b.WriteString("gm_code,gemeente,regio,inwoners,grootteklasse,g4,swv_po,swv_vo,opmerking\n")
	for i := range n {
		regio := []string{"Noord", "Zuid", "Midden"}[i%3]
		class := []string{"20.000-<50.000", ">=100.000", "<20.000", "50.000-<100.000"}[i%4]
		vo, remark, g4 := "VO2001", "", "nee"
		if i < n/10 {
			vo, remark = "VO2001 VO2002", "grensgeval"
		}
		if i < 4 {
			g4 = "ja"
		}
		fmt.Fprintf(&b, "GM%d,\"Dorp %d, 't Rûwen\",%s,%d,%s,%s,PO20%02d,%s,%s\n", 5000+i, i, regio, 10_000+i*997, class, g4, 1+i%20, vo, remark)
	}
	return b.String()
}

func TestRegisterWithItsOwnNumbersIsTakenAsItIs(t *testing.T) {
	t.Parallel()
	table, problems := sheet.Parse([]byte("code,naam\ns-001,Een\ns-002,Twee\n"), sheet.Limits{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	r, problems := Read(SWV, table)
	if len(problems) > 0 || len(r.Units) != 2 || r.Units[0].Organisation.Code != "s-001" {
		t.Fatalf("got %+v, %v", r.Units, problems)
	}
	if len(r.Warnings) == 0 {
		t.Error("nobody is told that no code is that of a samenwerkingsverband")
	}
}

func TestOneOddCodeAmongGoodOnesIsAProblem(t *testing.T) {
	t.Parallel()
	table, _ := sheet.Parse([]byte("code\nPO4101\nPO4102\ns-003\n"), sheet.Limits{})
	if _, problems := Read(SWV, table); len(problems) != 1 || problems[0].Line != 4 {
		t.Errorf("problems %v, want one on line 4", problems)
	}
}
