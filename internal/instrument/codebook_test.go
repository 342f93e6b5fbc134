package instrument

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestCodebookGolden pins every variable of every instrument: its name, place,
// type and codes. The names are a contract (DESIGN 6); a difference here breaks
// the files that others made.
func TestCodebookGolden(t *testing.T) {
	t.Parallel()
	for _, d := range StudyDefinitions() {
		for _, s := range d.Sources {
			file := "testdata/codebook/" + s.Name + "-" + s.Edition + ".txt"
			got := codebook(parsed(t, s))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		}
	}
}

// codebook prints one line per variable: name, question, row, column, type,
// substantive codes, missing codes. A "-" stands for nothing.
func codebook(in *Instrument) string {
	var b strings.Builder
	or := func(s string) string {
		if s == "" {
			return "-"
		}
		return s
	}
	for _, v := range in.Variables() {
		var valid, missing []string
		for _, x := range v.Values {
			pair := strconv.Itoa(x.Code) + "=" + x.ID
			if x.Missing {
				missing = append(missing, pair)
			} else {
				valid = append(valid, pair)
			}
		}
		fmt.Fprintln(&b, v.Name, v.Question, or(v.Row), or(v.Column), v.Type, or(strings.Join(valid, ",")), or(strings.Join(missing, ",")))
	}
	return b.String()
}

func TestNamesAreGoodForSPSS(t *testing.T) {
	t.Parallel()
	valid := regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)
	for _, d := range StudyDefinitions() {
		for _, s := range d.Sources {
			names, cells := map[string]bool{}, map[string]bool{}
			for _, v := range parsed(t, s).Variables() {
				key, cell := strings.ToLower(v.Name), v.Question+"|"+v.Row+"|"+v.Column
				if !valid.MatchString(v.Name) || slices.Contains(spssWords, key) || len(v.Label) > maxLabel || v.Label == "" {
					t.Errorf("%s: variable %q, label %q", s.Name, v.Name, v.Label)
				}
				if names[key] || cells[cell] {
					t.Errorf("%s: %s or its place %s is there twice", s.Name, v.Name, cell)
				}
				names[key], cells[cell] = true, true
				missing := 0
				for _, x := range v.Values {
					missing += one(x.Missing)
					if len(x.Label) > maxValueLabel || x.Label == "" {
						t.Errorf("%s: %s has a value labelled %q", s.Name, v.Name, x.Label)
					}
				}
				if missing > 3 {
					t.Errorf("%s: %s has %d missing codes, SPSS knows three", s.Name, v.Name, missing)
				}
			}
		}
	}
}

// TestStatementsHaveTheSameNamesEverywhere: the versions and editions can be
// laid side by side.
func TestStatementsHaveTheSameNamesEverywhere(t *testing.T) {
	t.Parallel()
	statements := func(file string) []string {
		in := ours(t, file)
		var names []string
		for s := range in.Sections {
			for q := range in.Sections[s].Questions {
				if x := &in.Sections[s].Questions[q]; x.Statements() {
					for _, v := range x.Variables() {
						names = append(names, v.Name)
					}
				}
			}
		}
		return names
	}
	want := statements("swv-2018")
	if len(want) != 48 {
		t.Errorf("%d statements, want 48", len(want))
	}
	for _, file := range []string{"swv-2026", "gemeente-2018", "gemeente-2026"} {
		if diff := cmp.Diff(want, statements(file)); diff != "" {
			t.Errorf("%s (-swv-2018 +got):\n%s", file, diff)
		}
	}
}

// TestContractOfNames holds the examples of DESIGN 1.
func TestContractOfNames(t *testing.T) {
	t.Parallel()
	book := codebook(ours(t, "swv-2018"))
	for _, line := range []string{
		"b5_9_oza_kort_regulier b5_9 oza_kort regulier flag 0=nee,1=ja 7=niet_beantwoord",
		"b5_28_voorbeelden_1_doel b5_28_voorbeelden 1 doel text - -",
		"b5_28_voorbeelden_10_omschrijving b5_28_voorbeelden 10 omschrijving text - -",
		"b5_1_anders_txt b5_1 anders tekst text - -",
		"b5_1_anders b5_1 - anders flag 0=nee,1=ja 7=niet_beantwoord",
		"visie_1 b5_13 visie_1 - code 1=s1,2=s2,3=s3,4=s4,5=s5 7=niet_beantwoord,8=geen_zicht",
		"meerwaarde_1 b5_22 meerwaarde_1 - code 1=s1,2=s2,3=s3,4=s4,5=s5 7=niet_beantwoord,8=geen_zicht,9=nvt",
		"b5_24 b5_24 - - code 0=nee,1=ja 7=niet_beantwoord",
		"b5_12 b5_12 - tekst text - -",
	} {
		if !strings.Contains("\n"+book, "\n"+line+"\n") {
			t.Errorf("the codebook has no line %q", line)
		}
	}
	if want := "b5_17_cijfer_visie_regulier b5_17 cijfer_visie regulier grade 1=1,2=2"; !strings.Contains(book, want) || !strings.Contains(book, "97=niet_beantwoord,98=geen_zicht\n") {
		t.Errorf("no grade like %q with missing codes 97 and 98", want)
	}
}

func TestStudiesAreFoundByName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"inventarisatie-2018": "swv gemeente", "inventarisatie-2026": "swv gemeente", "ketenpartner": "ketenpartner"} {
		d, ok := StudyByName(name)
		var names []string
		for _, s := range d.Sources {
			names = append(names, s.Name)
		}
		if got := strings.Join(names, " "); !ok || got != want || d.Title == "" {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if _, ok := StudyByName("iets"); ok {
		t.Error("a study that is not there was found")
	}
}

func TestHashIsOfTheExactText(t *testing.T) {
	t.Parallel()
	if got := Hash([]byte("abc")); got != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Errorf("Hash(abc) = %s", got)
	}
	src := sourceOf(t, "swv-2018")
	if Hash(src) == Hash(append(slices.Clone(src), '\n')) {
		t.Error("a line end makes no difference")
	}
}
