package disclosure

import (
	"math/rand/v2"
	"testing"
)

// TestTheLeastDifferenceIsFound compares with every choice of groups.
func TestTheLeastDifferenceIsFound(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(7, 8))
	for range 500 {
		rows, columns := 1+rnd.IntN(4), 1+rnd.IntN(4)
		n := make([][]int, rows+2)
		for r := range n {
			n[r] = make([]int, columns+2)
			for c := range n[r] {
				if r > 1 && c > 1 {
					n[r][c] = max(0, rnd.IntN(12)-5)
				}
			}
		}
		want := 1 << 62
		for s := range 1 << (rows + columns) {
			if s == 0 || s == 1<<(rows+columns)-1 {
				continue
			}
			differ := 0
			for r := range rows {
				for c := range columns {
					if s>>r&1 != s>>(rows+c)&1 {
						differ += n[r+2][c+2]
					}
				}
			}
			want = min(want, differ)
		}
		if got := apart(n, 0); got != want {
			t.Fatalf("%v: %d apart, want %d", n, got, want)
		}
	}
}
