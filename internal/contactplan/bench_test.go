package contactplan

import (
	"testing"
	"time"
)

// BenchmarkDue decides for a unit in the third week, in a summer full of school
// holidays.
func BenchmarkDue(b *testing.B) {
	f := fieldFrom(b, "2026-06-29 09:00", "2026-10-01 00:00")
	u := somebody()
	u.Regions = North | Middle | South
	u.Touches = []Touch{{Step: "uitnodiging", Channel: Mail, Contact: 11, At: f.Opens, State: Sent}}
	now := f.Opens.Add(16 * 24 * time.Hour)
	b.ReportAllocs()
	for b.Loop() {
		f.Due(u, now)
	}
}
