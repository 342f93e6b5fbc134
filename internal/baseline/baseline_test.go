package baseline_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/baseline"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/table"
)

var audiences = []string{"swv", "gemeente"}

// found turns findings into table/row/column, with the confidence.
func found(findings []table.Finding) map[string]table.Confidence {
	places := map[string]table.Confidence{}
	for _, f := range findings {
		places[strings.TrimRight(f.Table+"/"+f.Row+"/"+f.Column, "/")] = f.Confidence
	}
	return places
}

// TestTheAuditFindsTheErrorsOf2018 compares with what people found by hand in
// the printed books, and nothing else.
func TestTheAuditFindsTheErrorsOf2018(t *testing.T) {
	t.Parallel()
	want := map[string]table.Confidence{
		"B.5.5":                             table.Likely,   // Leerplicht was lost
		"B.5.17/cijfer_sturing":             table.Possible, // means repeated
		"B.5.29":                            table.Certain,  // 25 + 77 of 75
		"B.5.23/b5_23_10":                   table.Possible, // 9 below 3
		"B.6.7/gemeente/vo":                 table.Certain,  // 85 + 3 + 34
		"B.6.8/oza_intensief/vso":           table.Possible, // 29 29, 24 24
		"B.6.14/visie_3":                    table.Certain,  // no counts add up
		"B.6.14/visie_4":                    table.Certain,
		"B.6.15/vertrouwen_1":               table.Certain,
		"B.6.15/vertrouwen_4":               table.Certain,
		"B.6.18/cijfer_vertrouwen/vo":       table.Likely,                                                                             // highest 7
		"B.6.18/cijfer_randvoorwaarden/vso": table.Likely,                                                                             // copied
		"B.6.18/cijfer_sturing/vo":          table.Likely,                                                                             // swapped
		"B.6.14":                            table.Certain, "B.6.15": table.Certain, "B.6.16": table.Certain, "B.6.17": table.Certain, // base 216, 214, 213, 212
		"B.6.19": table.Certain, "B.6.30": table.Certain, "B.6.32": table.Certain, // 208, 207, 206
		"B.6.22": table.Possible, // ja and nee swapped
	}
	got := map[string]table.Confidence{}
	for _, audience := range audiences {
		in, _ := baseline.Instrument(audience)
		for place, sure := range found(table.Audit(baseline.Book(audience), in)) {
			got[place] = sure
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want = map[string]table.Confidence{"B.6.30": table.Certain, "B.6.35": table.Possible}
	if diff := cmp.Diff(want, found(table.AuditPair(baseline.Book("gemeente"), baseline.Book("swv")))); diff != "" {
		t.Errorf("side by side (-want +got):\n%s", diff)
	}
}

func TestAFindingIsASentenceThatNamesItsPlace(t *testing.T) {
	t.Parallel()
	in, _ := baseline.Instrument("swv")
	var texts []string
	for _, f := range table.Audit(baseline.Book("swv"), in) {
		texts = append(texts, f.Text)
	}
	want := []string{
		"Tabel B.5.17, ‘Sturing in de samenwerking tussen professionals in het onderwijs en de jeugdhulp’: alle gemiddelden zijn gelijk aan die in de rij erboven; misschien zijn zij gekopieerd.",
		"Tabel B.5.23, ‘Integrale aanpak of op weg om dit te realiseren’: deze code komt 9 keer voor en staat onder een die 3 keer voorkomt, terwijl de andere op volgorde staan.",
		"Tabel B.5.29: de percentages tellen op tot 102 (25% + 77%, N=75), en afronding alleen verklaart dat niet.",
		"Tabel B.5.5: de rij ‘Leerplicht’ ontbreekt, die in tabel B.5.4 met dezelfde andere rijen wel staat.",
	}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestARowThatIsLostIsFoundAgainstTheQuestionnaire looks at a book with the
// questionnaire of 2026, in which Leerplicht is back.
func TestARowThatIsLostIsFoundAgainstTheQuestionnaire(t *testing.T) {
	t.Parallel()
	d, _ := instrument.StudyByName("inventarisatie-2026")
	in, _ := d.Sources[0].Parse()
	places := found(table.Audit(baseline.Book("swv"), in))
	if places["B.5.5"] == "" {
		t.Errorf("B.5.5 not found: %v", places)
	}
}

// TestEveryDoubtNamesWhatIsPublished keeps the list of doubts and the tables
// together.
func TestEveryDoubtNamesWhatIsPublished(t *testing.T) {
	t.Parallel()
	figures := map[string]bool{"response": true}
	_, fs := baseline.Hypotheses()
	for _, f := range fs {
		figures[f.ID] = true
	}
	places := map[string]bool{}
	for _, audience := range audiences {
		for _, b := range baseline.Tables(audience) {
			places[b.ID] = true
			for _, r := range b.Rows {
				places[b.ID+"/"+r.Row] = true
				for _, c := range b.Columns {
					places[b.ID+"/"+r.Row+"/"+c.ID] = true
				}
			}
		}
		r, ok := baseline.ResponseOf(audience)
		if !ok {
			t.Fatal("no response of", audience)
		}
		for _, f := range r.Figures {
			figures[f.ID] = true
		}
	}
	scales := map[string]bool{}
	for _, s := range baseline.Scales() {
		scales[s.ID] = true
	}
	for _, d := range baseline.Doubts() {
		place := strings.TrimRight(d.Table+"/"+d.Row+"/"+d.Column, "/")
		if !places[place] && !scales[d.Scale] && !figures[d.Figure] {
			t.Errorf("no such place: %+v", d)
		}
		if !strings.HasSuffix(d.Text, ".") || d.Confidence == "" {
			t.Errorf("no sentence: %+v", d)
		}
	}
	for place := range found(table.Audit(baseline.Book("gemeente"), nil)) {
		id, rest, _ := strings.Cut(place, "/")
		row, column, _ := strings.Cut(rest, "/")
		// That the base changed is one doubt, at its first change.
		if row != "" && len(baseline.DoubtsAt(id, row, column)) == 0 {
			t.Errorf("found %s, and no doubt is listed", place)
		}
	}
}

// TestEveryPublishedTableIsAQuestionOf2018 compares rows and columns with the
// questionnaire.
func TestEveryPublishedTableIsAQuestionOf2018(t *testing.T) {
	t.Parallel()
	n := map[string]int{"swv": 29, "gemeente": 36}
	for _, audience := range audiences {
		in, ok := baseline.Instrument(audience)
		if !ok {
			t.Fatal("no questionnaire of", audience)
		}
		b := baseline.Book(audience)
		if len(b.Tables) != n[audience] {
			t.Errorf("%d tables of %s", len(b.Tables), audience)
		}
		for _, p := range b.Tables {
			q := in.Question(p.Question)
			if q == nil || q.Table != p.ID {
				t.Errorf("%s is not the table of a question", p.ID)
				continue
			}
			if p.Title[:15] != q.Text[:15] { // the prints differ in slips and hints
				t.Errorf("%s: title %q, asked %q", p.ID, p.Title, q.Text)
			}
		}
	}
}

func TestScalesAndHypothesesAreThereWithTheirNumbers(t *testing.T) {
	t.Parallel()
	for _, s := range baseline.Scales() {
		for _, audience := range audiences {
			in, _ := baseline.Instrument(audience)
			for _, own := range in.Scales {
				if own.ID == s.ID && !cmp.Equal(own.Items, s.Items) {
					t.Errorf("%s of %s has items %v, published %v", s.ID, audience, own.Items, s.Items)
				}
			}
			if st := s.Stats[audience]; st.Alpha < .7 || st.Mean < 1 || st.Mean > 5 {
				t.Errorf("%s of %s: %+v", s.ID, audience, st)
			}
		}
	}
	hs, fs := baseline.Hypotheses()
	if len(hs) != 15 || len(fs) != 32 {
		t.Errorf("%d hypotheses and %d figures, want 15 and 32", len(hs), len(fs))
	}
	for _, f := range fs {
		for _, r := range f.Rows {
			if n := max(len(r.Means), len(r.Grades), len(r.Counts)); n != len(f.Columns) {
				t.Errorf("%s/%s: %d numbers in %d columns", f.ID, r.Row, n, len(f.Columns))
			}
		}
	}
}
