package disclosure

// A network has a node for each line and column of a grid and one hub, and arcs
// with a capacity.
type network struct {
	lines, columns int
	capacity       [][]int
}

func newNetwork(lines, columns int) *network {
	f := &network{lines: lines, columns: columns}
	n := lines + columns + 1
	flat := make([]int, n*n)
	for i := range n {
		f.capacity = append(f.capacity, flat[i*n:(i+1)*n])
	}
	return f
}

func (f *network) line(r int) int   { return r }
func (f *network) column(c int) int { return f.lines + c }
func (f *network) hub() int         { return f.lines + f.columns }

func (f *network) add(from, to, capacity int) { f.capacity[from][to] += capacity }

// most is the maximum flow from one node to another, and no more than enough
// (Edmonds and Karp 1972). It uses the network up.
func (f *network) most(from, to, enough int) int {
	total := 0
	for total < enough {
		pushed := f.augment(from, to, enough-total)
		if pushed == 0 {
			break
		}
		total += pushed
	}
	return total
}

// augment sends flow along a shortest path that has room.
func (f *network) augment(from, to, limit int) int {
	before := make([]int, len(f.capacity)) // the node before, plus one; 0: not seen
	queue := []int{from}
	before[from] = from + 1
	for len(queue) > 0 && before[to] == 0 {
		at := queue[0]
		queue = queue[1:]
		for next, room := range f.capacity[at] {
			if room > 0 && before[next] == 0 {
				before[next] = at + 1
				queue = append(queue, next)
			}
		}
	}
	if before[to] == 0 {
		return 0
	}
	for at := to; at != from; at = before[at] - 1 {
		limit = min(limit, f.capacity[before[at]-1][at])
	}
	for at := to; at != from; at = before[at] - 1 {
		f.capacity[before[at]-1][at] -= limit
		f.capacity[at][before[at]-1] += limit
	}
	return limit
}
