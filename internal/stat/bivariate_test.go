package stat

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"testing"
)

// TestBivariateTailAgreesWithR compares with pmvnorm of mvtnorm; it is in the
// package because nobody outside needs the distribution itself.
func TestBivariateTailAgreesWithR(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/bivariate.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // it was only read
	sets := 0
	for lines := bufio.NewScanner(file); lines.Scan(); sets++ {
		var s struct{ H, K, R, P float64 }
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatal(err)
		}
		if got := bivariateTail(s.H, s.K, s.R); math.Abs(got-s.P) > 1e-14+1e-9*s.P {
			t.Errorf("data set %d: above %g and %g with r %.10g: %.15g, R says %.15g", sets+1, s.H, s.K, s.R, got, s.P)
		}
	}
	if sets < 100 {
		t.Errorf("%d data sets", sets)
	}
}
