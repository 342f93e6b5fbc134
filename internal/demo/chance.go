package demo

import (
	"hash/fnv"
	"math/rand/v2"
)

// chance returns a source of random numbers that belongs to a topic: the same
// at every run, and unaffected by what other topics draw.
func chance(topic string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(topic)) // never fails (hash.Hash)
	return rand.New(rand.NewPCG(h.Sum64(), 2018))
}

// repeated returns each value as often as its count says, in random order.
func repeated(r *rand.Rand, values []string, counts []int) []string {
	var all []string
	for i, v := range values {
		for range counts[i] {
			all = append(all, v)
		}
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }
