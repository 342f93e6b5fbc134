package sheet

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func TestParseText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     Table
	}{
		{"comma", "code,naam\nA1,Oost\n", table(1, "komma's", "UTF-8", []string{"code", "naam"}, Row{2, []string{"A1", "Oost"}})},
		{"semicolon", "code;naam\nA1;Oost, West\n", table(1, "puntkomma's", "UTF-8", []string{"code", "naam"}, Row{2, []string{"A1", "Oost, West"}})},
		{"tab", "code\tnaam\nA1\tOost;West", table(1, "tabs", "UTF-8", []string{"code", "naam"}, Row{2, []string{"A1", "Oost;West"}})},
		{"one column", "code\nA1\n", table(1, "komma's", "UTF-8", []string{"code"}, Row{2, []string{"A1"}})},
		{"sep line", "sep=;\r\ncode;naam\r\nA1;a,b\r\n", table(2, "puntkomma's", "UTF-8", []string{"code", "naam"}, Row{3, []string{"A1", "a,b"}})},
		{"commas in the header", "code;\"wat (a, b, c)\"\nA1;x\n", table(1, "puntkomma's", "UTF-8", []string{"code", "wat (a, b, c)"}, Row{2, []string{"A1", "x"}})},
		{"commas in the header, no quotes", "code;wat (a, b, c)\nA1;x\n", table(1, "puntkomma's", "UTF-8", []string{"code", "wat (a, b, c)"}, Row{2, []string{"A1", "x"}})},
		{"byte order mark", "\ufeffcode,naam\nA1,Één\n", table(1, "komma's", "UTF-8", []string{"code", "naam"}, Row{2, []string{"A1", "Één"}})},
		{"Windows-1252", "code;naam\nA1;S\xfadwest \x93\x80\x94\n", table(1, "puntkomma's", "Windows-1252", []string{"code", "naam"}, Row{2, []string{"A1", "Súdwest “€”"}})},
		{"UTF-16", "\xff\xfec\x00;\x00d\x00\n\x00\xe9\x00;\x00\xac\x20", table(1, "puntkomma's", "UTF-16", []string{"c", "d"}, Row{2, []string{"é", "€"}})},
		{"UTF-16 big endian", "\xfe\xff\x00c\x00;\x00d\x00\n\x00\xe9\x00;\x20\xac", table(1, "puntkomma's", "UTF-16", []string{"c", "d"}, Row{2, []string{"é", "€"}})},
		{"old Mac line ends", "code,naam\rA1,Oost\rA2,West", table(1, "komma's", "UTF-8", []string{"code", "naam"}, Row{2, []string{"A1", "Oost"}}, Row{3, []string{"A2", "West"}})},
		{"line ends within quotes stay and count", "code,t\r\nA1,\"een\r\ntwee\rdrie\nvier\"\r\nA2,\"zei \"\"ja\"\"\"\n",
			table(1, "komma's", "UTF-8", []string{"code", "t"}, Row{2, []string{"A1", "een\r\ntwee\rdrie\nvier"}}, Row{6, []string{"A2", `zei "ja"`}})},
		{"quotes inside an unquoted cell", "code,t\nA1,5\" pijp\nA2, \"x\"\n",
			table(1, "komma's", "UTF-8", []string{"code", "t"}, Row{2, []string{"A1", `5" pijp`}}, Row{3, []string{"A2", ` "x"`}})},
		{"space after a closing quote", "code,t\n\"A1\" ,\"x\"\t\n", table(1, "komma's", "UTF-8", []string{"code", "t"}, Row{2, []string{"A1", "x"}})},
		{"white space is kept in cells, not in names", " code , t \nA1,  x \n", table(1, "komma's", "UTF-8", []string{"code", "t"}, Row{2, []string{"A1", "  x "}})},
		{"empty lines and cells", "\n\ncode;naam;\n;;\nA1\n \nA2;;;;\n",
			table(3, "puntkomma's", "UTF-8", []string{"code", "naam"}, Row{5, []string{"A1", ""}}, Row{7, []string{"A2", ""}})},
		{"a cell that ends the file empty", "code,naam\nA1,", table(1, "komma's", "UTF-8", []string{"code", "naam"}, Row{2, []string{"A1", ""}})},
		{"formulas and HTML are text", "code,<b>x</b>\n=1+1,<script>alert(1)</script>\n",
			table(1, "komma's", "UTF-8", []string{"code", "<b>x</b>"}, Row{2, []string{"=1+1", "<script>alert(1)</script>"}})},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, problems := Parse([]byte(tt.in), Limits{})
			if len(problems) > 0 {
				t.Errorf("problems: %v", problems)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("table (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseTellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     []string // starts of the problems
	}{
		{"nothing", "", []string{"Het bestand is leeg."}},
		{"only blank lines", "\ufeff\n ;\n", []string{"Het bestand is leeg."}},
		{"a name twice", "code;Naam;naam\nA;b;c\n", []string{"regel 1, kolom naam: deze naam staat twee keer in de kop: boven cel 2 en boven cel 3"}},
		{"too many cells", "code,naam\nA1,Oost, West\nA2,x\nA3,y,,z\n",
			[]string{"regel 2: cel 3 (‘West’) heeft geen kolom", "regel 4: cel 4 (‘z’) heeft geen kolom"}},
		{"a cell under no name", "code,,naam\nA1,?,Oost\n", []string{"regel 2: cel 2 (‘?’) heeft geen kolom"}},
		{"a quote that stays open", "code,t\nA1,x\nA2,\"y\nA3,z\n", []string{"regel 3: Het aanhalingsteken dat op deze regel een cel opent"}},
		{"a quote opened on a later line of the row", "code,t,u\nA1,\"x\n\n\",\"y\n", []string{"regel 4: Het aanhalingsteken"}},
		{"text after a closing quote", "code,t\nA1,\"x\"y\nA2,z\n", []string{"regel 2: Na een sluitend aanhalingsteken staat nog tekst: ‘y’."}},
		{"a fault in the header", "code,\"t\"x\nA1,y\n", []string{"regel 1: Na een sluitend aanhalingsteken"}},
		{"not text", "\x89PNG\r\n\x1a\n\x00\x00", []string{"regel 3: Dit is geen tekstbestand"}},
		{"damaged UTF-8", "code;naam\nA1;Één\nA2;Tw\xe9é\n", []string{"regel 3: Hier staat een teken dat niet te lezen is"}},
		{"an old workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", []string{"Dit is een oud Excel-bestand"}},
		{"a zip that is none", "PK\x03\x04zomaar", []string{"Deze Excel-werkmap is beschadigd"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, problems := Parse([]byte(tt.in), Limits{})
			match(t, problems, tt.want)
		})
	}
}

func TestSoundRowsSurviveBadOnes(t *testing.T) {
	t.Parallel()
	got, problems := Parse([]byte("a,b\n1,2\n3,4,5\n6,7\n"), Limits{})
	match(t, problems, []string{"regel 3: "})
	want := []Row{{2, []string{"1", "2"}}, {4, []string{"6", "7"}}}
	if diff := cmp.Diff(want, got.Rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestParseKeepsToLimits(t *testing.T) {
	t.Parallel()
	limits := Limits{Bytes: 100, Rows: 2, Columns: 3, CellBytes: 5}
	tests := []struct {
		name, in string
		want     []string
	}{
		{"all at the limit", "a,b,c\n12345,2,3\n1,2,3\n\n", nil},
		{"bytes", strings.Repeat("a,b,c\n", 20), []string{"Het bestand is te groot: er past hoogstens 100 bytes in."}},
		{"rows", "a,b\n1,2\n1,2\n1,2\n", []string{"regel 4: Het bestand heeft te veel regels: hoogstens 2 onder de kop."}},
		{"columns", "a,b,c,d\n1,2\n", []string{"regel 1: Het bestand heeft te veel kolommen: 4"}},
		{"cell", "a,b\n1,123456\n", []string{"regel 2, kolom b: de tekst in deze cel is te lang: hoogstens 5 bytes"}},
		{"name", "a,123456\n1,1\n", []string{"regel 1: de tekst in deze cel is te lang"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, problems := Parse([]byte(tt.in), limits)
			match(t, problems, tt.want)
		})
	}
	t.Run("cells of a line", func(t *testing.T) {
		t.Parallel()
		_, problems := Parse([]byte("a,b\n1"+strings.Repeat(",", maxCells)+"\n"), Limits{})
		match(t, problems, []string{"regel 2: Deze regel heeft te veel cellen."})
	})
}

func TestReadStopsAtTheLimitAndPassesOnErrors(t *testing.T) {
	t.Parallel()
	endless := iotest.DataErrReader(strings.NewReader(strings.Repeat("x", 1000)))
	_, problems, err := Read(endless, Limits{Bytes: 10})
	if err != nil || len(problems) != 1 {
		t.Errorf("Read of a large file: %v, %v", problems, err)
	}
	broken := errors.New("broken")
	if _, _, err := Read(iotest.ErrReader(broken), Limits{}); !errors.Is(err, broken) {
		t.Errorf("Read of a broken file: %v, want %v", err, broken)
	}
}

func TestIndexIgnoresCase(t *testing.T) {
	t.Parallel()
	tab := Table{Columns: []string{"Unit", "b5_1"}}
	if got := [...]int{tab.Index("unit"), tab.Index("B5_1"), tab.Index("x")}; got != [...]int{0, 1, -1} {
		t.Errorf("Index: %v", got)
	}
}

func TestProblemString(t *testing.T) {
	t.Parallel()
	tests := []struct {
		p    Problem
		want string
	}{
		{Problem{12, "email", "fout"}, "regel 12, kolom email: fout"},
		{Problem{12, "", "fout"}, "regel 12: fout"},
		{Problem{0, "email", "fout"}, "kolom email: fout"},
		{Problem{0, "", "Fout."}, "Fout."},
		{Problem{1, "a\nregel 2: \x1b[31mb", "fout"}, "regel 1, kolom a regel 2:  [31mb: fout"},
	}
	for _, tt := range tests {
		if got := tt.p.String(); got != tt.want {
			t.Errorf("String() = %q, want %q", got, tt.want)
		}
	}
	if got, want := Quote(strings.Repeat("é", 99)), "‘"+strings.Repeat("é", 60)+"…’"; got != want {
		t.Errorf("Quote = %q, want %q", got, want)
	}
}

func TestProblemsAreSortedAndCapped(t *testing.T) {
	t.Parallel()
	var p Problems
	p.Add(9, "", "laatste")
	for i := range 300 {
		p.Add(5, "", "nr %d", i)
	}
	got := p.List()
	if len(got) != 201 || got[0].Text != "nr 0" || got[199].Text != "laatste" {
		t.Fatalf("%d problems, from %v to %v", len(got), got[0], got[len(got)-2])
	}
	if want := "Er zijn nog 101 andere problemen."; got[200].Text != want {
		t.Errorf("closing line %q, want %q", got[200].Text, want)
	}
}

func table(line int, comma, encoding string, columns []string, rows ...Row) Table {
	return Table{Columns: columns, Line: line, Rows: rows, ReadAs: fmt.Sprintf("tekst met %s (%s)", comma, encoding)}
}

// match checks that problems begin with the given texts, one for one.
func match(t *testing.T, problems []Problem, want []string) {
	t.Helper()
	ok := len(problems) == len(want)
	for i := 0; ok && i < len(want); i++ {
		ok = strings.HasPrefix(problems[i].String(), want[i])
	}
	if !ok {
		t.Errorf("problems %q\nwant %q", problems, want)
	}
}
