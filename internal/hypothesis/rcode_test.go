package hypothesis_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/hypothesis"
	"github.com/uitvraag/uitvraag/internal/scale"
	"github.com/uitvraag/uitvraag/internal/table"
)

// own is a register that asks for every kind of test, under conditions too.
const own = `uitvraag: 1
register: proef
title: "Proef"
instruments: [gemeente]
derive:
  - {id: tev3, label: "Tevredenheid", from: b6_12_bao, groups: [{id: laag, label: "Laag", values: [zeer_ontevreden, ontevreden]}, {id: hoog, label: "Hoog", values: [tevreden, zeer_tevreden]}]}
  - {id: team, label: "Team", any: [b6_3_jeugdteams_wijk, b6_3_jeugdteams_lokaal]}
hypotheses:
  - id: A1
    expectation: "Van alles een."
    confirmed_by: any
    tests:
      - {instrument: gemeente, test: rank, dependent: [b6_12_bao, b6_12_vo], by: regio}
      - {instrument: gemeente, test: rank, dependent: [b6_11_vo], by: tev3}
      - {instrument: gemeente, test: welch, dependent: [sch_meerwaarde], by: team}
      - {instrument: gemeente, test: welch, dependent: [sch_gedeelde_visie], by: regio}
      - {instrument: gemeente, test: association, dependent: [b6_11_bao], by: regio}
      - {instrument: gemeente, test: association, dependent: [b6_11_bao], by: regio, where: "b6_12_vo in (tevreden, zeer_tevreden)"}
      - {instrument: gemeente, test: spearman, dependent: [sch_borging], by: sch_meerwaarde}
      - {instrument: gemeente, test: pearson, dependent: [sch_borging], by: b6_12_vso, where: "regio = noord or not (b6_12_bao < 3) and answered(b6_12_vo)"}
      - {instrument: gemeente, test: wilcoxon, compare: [b6_12_vso, b6_12_bao]}
      - {instrument: gemeente, test: paired_t, compare: [b6_12_vso, b6_12_vo]}
      - {instrument: gemeente, test: most, dependent: [b6_1_bao], values: [opbouw], against: largest}
      - {instrument: gemeente, test: most, dependent: [b6_11_bao], values: [ketens, netwerk], against: rest}
`

// TestRRepeatsEveryNumber runs the program that is offered to repeat an analysis, on
// the file of data that it reads, with R.
func TestRRepeatsEveryNumber(t *testing.T) {
	t.Parallel()
	r, problems := hypothesis.Parse([]byte(own))
	if r == nil {
		t.Fatal(problems)
	}
	crowd := fixture.NewCrowd(t)
	in := hypothesis.Input{In: crowd.Form.In, Data: crowd.Dataset(t, 1100)} // of which one covers another
	outcomes, err := r.Run(hypothesis.Options{}, in)
	if err != nil {
		t.Fatal(err)
	}
	scales, err := scale.All(in.In, in.Data, scale.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range outcomes[0].Results {
		if x.Untested != "" {
			t.Errorf("%s of %s: %s", x.Kind, x.Dependent, x.Untested)
		}
	}
	program, err := r.Program("Proef – één", hypothesis.Options{}, outcomes, hypothesis.Repeated{Input: in, Scales: scales})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var data bytes.Buffer
	if err := export.Rows(&data, in.Data, export.Options{Pseudonym: true}); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "gemeente"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"gemeente/gegevens.csv": data.Bytes(), "narekenen.R": []byte(program)} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("Rscript", "--vanilla", "narekenen.R")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), " 0 anders") {
		t.Errorf("%v\n%s", err, out)
	}
	extended, err := hypothesis.Extend(in.In, in.Data, r.Derived, 0)
	if err != nil {
		t.Fatal(err)
	}
	spec := table.Spec{Variable: "b6_12_bao", By: "regio", Filters: []dataset.Filter{{Where: "b6_12_vo >= 2"}, {Column: "regio", Values: []string{"noord", "zuid"}}}}
	made, err := table.Make(spec, in.In, extended)
	if err != nil {
		t.Fatal(err)
	}
	code := hypothesis.RCode(in.In, extended, r.Derived, hypothesis.Options{}, hypothesis.RTable{Variable: spec.Variable, By: spec.By, Filters: spec.Filters, Method: "chikwadraat (Pearson)"})
	if err := os.WriteFile(filepath.Join(dir, "tabel.R"), []byte(code+"cat(sum(tabel), tabel[1, 1], tabel[2, 3])"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd = exec.Command("Rscript", "--vanilla", "tabel.R")
	cmd.Dir = dir
	if out, err = cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	total := made.Rows[len(made.Rows)-1].N
	var first, last table.Row
	for _, row := range made.Rows {
		switch row.Group {
		case "noord":
			first = row
		case "zuid":
			last = row
		}
	}
	if want := fmt.Sprintf("%d %d %d", total, first.Cells[0].Count, last.Cells[2].Count); !strings.HasSuffix(string(out), want) {
		t.Errorf("R counts otherwise than %s:\n%s\n%s", want, code, out)
	}
}
