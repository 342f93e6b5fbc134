package limesurvey_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/limesurvey"
)

var update = flag.Bool("update", false, "write the golden files anew")

// definitions are the questionnaires that come with the product.
func definitions(t testing.TB) []*instrument.Instrument {
	t.Helper()
	var out []*instrument.Instrument
	for _, d := range instrument.StudyDefinitions() {
		for _, s := range d.Sources {
			in, problems := s.Parse()
			if in == nil {
				t.Fatal(problems)
			}
			out = append(out, in)
		}
	}
	return out
}

var formats = map[string]func(*instrument.Instrument) ([]byte, []limesurvey.Miss){"lss": limesurvey.LSS, "tsv": limesurvey.TSV}

// asked is one question in a line, as far as LimeSurvey can say it: what is
// left out here must be among the misses.
func asked(q *instrument.Question) string {
	var b strings.Builder
	kind := q.Kind
	if kind == instrument.YesNo { // it has no sign of its own: two answers, yes and no
		kind = instrument.Single
	}
	fmt.Fprintf(&b, "%s %s %q", q.ID, kind, q.Text)
	for _, r := range q.Rows {
		fmt.Fprintf(&b, " row %s %q", cut(r.ID), r.Label)
	}
	options := slices.Clone(q.Options)
	if q.Kind == instrument.Single || q.Kind == instrument.Multi {
		slices.SortStableFunc(options, func(x, y instrument.Option) int { return map[bool]int{true: 1}[x.Open] - map[bool]int{true: 1}[y.Open] })
	}
	for _, o := range options {
		switch {
		case o.Open && q.Kind == instrument.Multi:
			fmt.Fprintf(&b, " %q", o.Label)
		case q.Kind == instrument.Number || q.Kind == instrument.GradeMatrix && o.Missing != "":
		case q.Kind == instrument.Single || q.Kind == instrument.MatrixSingle || q.Kind == instrument.YesNo:
			code := o.Code
			if o.Open {
				code = -1
			}
			fmt.Fprintf(&b, " %d%s %q %v", code, o.Missing, o.Label, o.Open)
		default:
			fmt.Fprintf(&b, " %s %q %v", cut(o.ID), o.Label, o.Open)
		}
	}
	return b.String()
}

// cut is what of an id certainly fits in a code.
func cut(id string) string { return id[:min(len(id), 16)] }

// TestWhatGoesToLimeSurveyComesBack: questions, their order, answers, codes and
// routing of every definition, through both formats. What differs is listed.
func TestWhatGoesToLimeSurveyComesBack(t *testing.T) {
	t.Parallel()
	for format, write := range formats {
		for _, in := range definitions(t) {
			file, misses := write(in)
			if !limesurvey.Is("x."+format, file) {
				t.Errorf("%s of %s is not known again", format, in.Name)
			}
			back, problems := limesurvey.Read(file)
			if back == nil {
				t.Fatalf("%s of %s %s: %v", format, in.Name, in.Edition, problems)
			}
			if again, problems := instrument.Parse(back.Text); again == nil {
				t.Errorf("%s of %s %s has faults: %v", format, in.Name, in.Edition, problems)
			}
			told := fmt.Sprint(misses)
			got := map[string]*instrument.Question{}
			var order, want []string
			for _, s := range back.Instrument.Sections {
				for i := range s.Questions {
					got[s.Questions[i].ID] = &s.Questions[i]
					order = append(order, s.Questions[i].ID)
				}
			}
			for _, s := range in.Sections {
				for i := range s.Questions {
					q := &s.Questions[i]
					switch {
					case q.Unprinted:
						if got[q.ID] != nil || !strings.Contains(told, q.ID) {
							t.Errorf("%s %s: %s is not shown, and not told", format, in.Name, q.ID)
						}
						continue
					case q.Kind == instrument.Repeated:
						for _, f := range q.Fields {
							want = append(want, q.ID+"_"+f.ID)
						}
						continue
					}
					want = append(want, q.ID)
					x := got[q.ID]
					if x == nil {
						t.Errorf("%s %s: %s is gone", format, in.Name, q.ID)
						continue
					}
					if line, again := asked(q), asked(x); line != again {
						t.Errorf("%s %s:\n  %s\n  %s", format, in.Name, line, again)
					}
					if q.ShowIf.IsZero() != x.ShowIf.IsZero() && !strings.Contains(told, q.ID+": De voorwaarde") && !strings.Contains(told, "{"+q.ID+" De voorwaarde") {
						t.Errorf("%s %s: %s was asked when %q, and is when %q", format, in.Name, q.ID, q.ShowIf, x.ShowIf)
					}
				}
			}
			if !slices.Equal(order, want) {
				t.Errorf("%s %s: the order is\n%v, want\n%v", format, in.Name, order, want)
			}
		}
	}
}

// TestRoutingKeepsItsMeaning: a condition after it went to LimeSurvey and back.
// No answer differs from every answer there, and from none here.
func TestRoutingKeepsItsMeaning(t *testing.T) {
	t.Parallel()
	const text = `uitvraag: 1
instrument: proef
edition: "1"
title: Proef
respondent: iemand
minutes: 5
sections:
  - id: deel
    title: Deel
    questions:
      - {id: a, kind: single, text: A, options: [{id: ja, code: 1, label: Ja}, {id: nee, code: 2, label: Nee}, {id: anders, code: 5, label: Anders, open: true}, {id: gz, label: Weet niet, missing: geen_zicht}]}
      - {id: b_x, kind: multi, text: B, options: [{id: op_school, label: School}, {id: thuis, label: Thuis}, {id: geen, label: Geen, exclusive: true}]}
      - {id: c, kind: matrix_single, text: C, rows: [{id: po, label: PO}], options: [{id: laag, code: 1, label: Laag}, {id: hoog, code: 2, label: Hoog}]}
      - {id: n, kind: number, text: N, range: {min: 0, max: 90}}
      - {id: d, kind: open, text: D, show_if: "@"}
`
	for condition, want := range map[string]string{
		"a = ja": "a = 1", "a in (ja, anders)": "a = 1 or a = 3", "not (a = nee)": "not (a = 2)", "b_x_op_school = ja": "b_x_op_school = 1",
		"b_x_thuis = nee and c_po = hoog": "not (b_x_thuis = 1) and c_po = 2", "n >= 12 or answered(a)": "answered(n) and n >= 12 or answered(a)",
		"not answered(n)": "not answered(n)", "(a = ja or n < 3) and c_po != laag": "(a = 1 or answered(n) and n < 3) and answered(c_po) and not (c_po = 1)",
	} {
		in, problems := instrument.Parse([]byte(strings.Replace(text, "@", condition, 1)))
		if in == nil {
			t.Fatal(condition, problems)
		}
		for format, write := range formats {
			file, misses := write(in)
			back, _ := limesurvey.Read(file)
			if back == nil {
				t.Fatalf("%s: %s", format, file)
			}
			q := back.Instrument.Question("d")
			if got := q.ShowIf.String(); got != want {
				t.Errorf("%s: %s becomes %q, want %q (%v, %v)", format, condition, got, want, misses, back.Misses)
			}
		}
	}
}

// TestASurveyOfLimeSurveyBecomesAQuestionnaire reads what others made: a file of
// version 3, with every kind of question and conditions of its own.
func TestASurveyOfLimeSurveyBecomesAQuestionnaire(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"testdata/versie3.lss", "testdata/structuur.txt"} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		r, problems := limesurvey.Read(data)
		if r == nil {
			t.Fatal(file, problems)
		}
		in, faults := instrument.Parse(r.Text)
		if in == nil {
			t.Fatalf("%s: %v\n%s", file, faults, r.Text)
		}
		var got []string
		for _, s := range in.Sections {
			for i := range s.Questions {
				q := &s.Questions[i]
				got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %d/%d %s", q.ID, q.Kind, len(q.Rows), len(q.Options), q.ShowIf)))
			}
		}
		if *update {
			if err := os.WriteFile(file+".want", []byte(strings.Join(got, "\n")+"\n---\n"+misses(r.Misses)), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file + ".want")
		if err != nil {
			t.Fatal(err)
		}
		if text := strings.Join(got, "\n") + "\n---\n" + misses(r.Misses); text != string(want) {
			t.Errorf("%s becomes\n%s", file, text)
		}
	}
}

func misses(all []limesurvey.Miss) string {
	var b strings.Builder
	for _, m := range all {
		b.WriteString(m.String() + "\n")
	}
	return b.String()
}

// TestHostileFilesAreRefused: each with a reason that a person can read.
func TestHostileFilesAreRefused(t *testing.T) {
	t.Parallel()
	const head, doc = `<?xml version="1.0" encoding="UTF-8"?>`, `<document><LimeSurveyDocType>Survey</LimeSurveyDocType>`
	for name, file := range map[string]string{
		"an entity from a file":   head + `<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + doc + `&x;</document>`,
		"a billion laughs":        head + `<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>` + doc + `&b;</document>`,
		"a doctype elsewhere":     head + doc + `<!DOCTYPE d></document>`,
		"an entity of nobody":     head + doc + `<groups>&huh;</groups></document>`,
		"an archive":              "PK\x03\x04\x14\x00",
		"nothing":                 "",
		"a huge file":             head + strings.Repeat("<!-- x -->", 500_000),
		"deep":                    head + doc + strings.Repeat("<a>", 5000) + strings.Repeat("</a>", 5000) + "</document>",
		"many rows":               head + doc + "<groups><rows>" + strings.Repeat("<row></row>", 60_000) + "</rows></groups></document>",
		"Latin 1":                 strings.Replace(head, "UTF-8", "ISO-8859-1", 1) + doc + "<x>\xe9</x></document>",
		"Latin 1 that says so":    strings.Replace(head, "UTF-8", "ISO-8859-1", 1) + doc + "</document>",
		"UTF-16":                  "\xff\xfe<\x00?\x00",
		"NUL":                     head + doc + "\x00</document>",
		"another root":            head + "<html><body>x</body></html>",
		"two roots":               head + doc + "</document>" + doc + "</document>",
		"a question alone":        head + "<document><LimeSurveyDocType>Question</LimeSurveyDocType></document>",
		"no type":                 head + "<document></document>",
		"cut off":                 head + doc + "<groups><rows><row><gid>1",
		"closed the wrong way":    head + doc + "<groups></rows></document>",
		"a stylesheet":            head + `<?xml-stylesheet href="http://x/"?>` + doc + "</document>",
		"a namespace":             head + `<x:document xmlns:x="u"></x:document>`,
		"a table of other things": "naam\tadres\tplaats\tland\n../../etc/passwd\tb\tc\td\n",
		"a table without head":    "Q\tL\tq1\t1\tVraag\n",
		"a table in Latin 1":      "class\ttype/scale\tname\ttext\nQ\tL\tq1\t\xe9\n",
		"a table of nothing":      "class\ttype/scale\tname\ttext\n",
		"a table too wide":        strings.Repeat("class\t", 700) + "\n",
	} {
		r, problems := limesurvey.Read([]byte(file))
		if r != nil || len(problems) != 1 || problems[0].Line < 1 || !strings.HasSuffix(problems[0].Text, ".") {
			t.Errorf("%s: %v, %v", name, r != nil, problems)
		}
	}
}

// TestNoScriptComesAlong: what would run is taken out and told; what LimeSurvey
// would fill in is told.
func TestNoScriptComesAlong(t *testing.T) {
	t.Parallel()
	const table = "class\ttype/scale\tname\ttext\thelp\nG\t\tDeel\t<b>Lees</b>\t\n" +
		"Q\tT\tQ1\t<p onclick=\"x()\">Hoe <b>gaat</b> het,<br>{TOKEN:FIRSTNAME}?</p><script>alert(1)</script>\t<a href='javascript:x()'>Hulp</a> &amp; meer\n"
	r, problems := limesurvey.Read([]byte(table))
	if r == nil {
		t.Fatal(problems)
	}
	q := r.Instrument.Sections[0].Questions[0]
	if q.Text != "Hoe gaat het, {TOKEN:FIRSTNAME}?" || q.Hint != "Hulp & meer" || r.Instrument.Sections[0].Intro != "Lees" {
		t.Errorf("%q, %q, %q", q.Text, q.Hint, r.Instrument.Sections[0].Intro)
	}
	for _, told := range []string{"stond een script", "opmaak (HTML)", "LimeSurvey invult"} {
		if !strings.Contains(misses(r.Misses), told) {
			t.Errorf("not told: %s", told)
		}
	}
	if strings.Contains(string(r.Text), "alert") {
		t.Error("the script came along")
	}
}

// FuzzRead: whatever the file, the reader ends, and what it makes is a text that
// the editor can show: readable YAML, also where a person must still mend it.
func FuzzRead(f *testing.F) {
	data, err := os.ReadFile("testdata/structuur.txt")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	in, problems := instrument.Parse(instrument.Start)
	if in == nil {
		f.Fatal(problems)
	}
	for _, write := range formats {
		file, _ := write(in)
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, problems := limesurvey.Read(data)
		if (r == nil) != (len(problems) > 0) {
			t.Fatalf("%v and %v", r, problems)
		}
		if r == nil {
			return
		}
		if clean, problem := instrument.Clean(r.Text); problem != nil || string(clean) != string(r.Text) {
			t.Fatalf("the text cannot be kept: %v", problem)
		}
		for _, p := range instrument.Check(r.Text) {
			if strings.Contains(p.Text, "niet te lezen") {
				t.Fatalf("the text is no YAML: %v\n%s", p, r.Text)
			}
		}
	})
}
