package server

import (
	"bytes"
	"crypto/subtle"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/uitvraag/uitvraag/internal/store"
)

// bounds are the upper bounds of the durations that are counted, in seconds. Half a
// second is what a page may take (standards 5C row 33).
var bounds = []float64{.05, .1, .25, .5, 1, 2.5, 5, 10}

// A timing says what a request was. It names no path: a path may hold a secret,
// and there are many.
type timing struct{ area, method, status string }

// areas are the parts of the site by the beginning of their paths.
var areas = []struct{ prefix, area string }{
	{"/vragenlijst/", "questionnaire"}, {"/v/", "landing"}, {"/code", "landing"}, {"/afmelden/", "landing"}, {"/beheer", "office"}, {"/inloggen", "office"},
	{"/api/", "api"}, {"/static/", "static"}, {"/onderzoek/", "public"}, {"/healthz", "machines"}, {"/readyz", "machines"}, {"/metrics", "machines"},
}

func timingOf(r *http.Request, status int) timing {
	t := timing{area: "other", method: "other", status: fmt.Sprint(status/100, "xx")}
	if i := slices.IndexFunc(areas, func(a struct{ prefix, area string }) bool { return strings.HasPrefix(r.URL.Path, a.prefix) }); i >= 0 {
		t.area = areas[i].area
	}
	if slices.Contains([]string{"GET", "HEAD", "POST"}, r.Method) {
		t.method = r.Method
	}
	return t
}

// A spread is how long requests took.
type spread struct {
	within []int // by place in bounds, not added up
	n      int
	sum    float64 // seconds
}

// timings counts the requests of this process. All else that /metrics tells comes
// from the database.
type timings struct {
	mu sync.Mutex
	of map[timing]*spread
}

func (t *timings) add(x timing, took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of == nil {
		t.of = map[timing]*spread{}
	}
	s := t.of[x]
	if s == nil {
		s = &spread{within: make([]int, len(bounds))}
		t.of[x] = s
	}
	s.n++
	s.sum += took.Seconds()
	if i := slices.IndexFunc(bounds, func(b float64) bool { return took.Seconds() <= b }); i >= 0 {
		s.within[i]++
	}
}

// metrics tells monitoring how it goes, in the text format of Prometheus. That is
// written here: with a hundred lines it needs no library with counters of its own,
// which would hold per process what the database knows for all.
//
// Who may read it is this machine itself, and who has the token.
func (s *Server) metrics(w http.ResponseWriter, r *http.Request) {
	if !s.seesAll(r) {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	var m exposition
	s.processMetrics(&m)
	h, err := s.store.Ready(r.Context())
	var v store.Vitals
	if err == nil {
		v, err = s.store.Vitals(r.Context(), s.Now())
	}
	m.gauge("uitvraag_database_up", "1 where the database answers.", measured{value: bit(err == nil)})
	if err == nil {
		databaseMetrics(&m, h, v)
	} else {
		s.Log.WarnContext(r.Context(), "metrics without database", "err", err)
	}
	if end := s.certificateEnd(r.Context()); !end.IsZero() {
		m.gauge("uitvraag_certificate_expires_seconds", "When the certificate of the base URL ends, in seconds since 1970.", measured{value: float64(end.Unix())})
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	_, _ = w.Write(m.Bytes()) // the asker has gone
}

// seesAll reports whether a request comes from this machine, or has the token of
// monitoring.
func (s *Server) seesAll(r *http.Request) bool {
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return direct(r) || ok && s.MetricsToken != "" && subtle.ConstantTimeCompare([]byte(given), []byte(s.MetricsToken)) == 1
}

func (s *Server) processMetrics(m *exposition) {
	m.gauge("uitvraag_build_info", "The version that runs.", measured{[]string{"version", s.Software}, 1})
	m.gauge("uitvraag_start_time_seconds", "When this process began, in seconds since 1970.", measured{value: float64(s.began.Unix())})
	m.gauge("uitvraag_goroutines", "Of this process.", measured{value: float64(runtime.NumGoroutine())})
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	m.gauge("uitvraag_memory_bytes", "That this process has of the machine.", measured{value: float64(mem.Sys - mem.HeapReleased)})
	s.timings.mu.Lock()
	defer s.timings.mu.Unlock()
	m.spread("uitvraag_request_seconds", "How long requests took, by part of the site.", s.timings.of)
}

func databaseMetrics(m *exposition, h store.Health, v store.Vitals) {
	m.gauge("uitvraag_schema_version", "Of the database, and what the program was made for.", measured{[]string{"of", "database"}, float64(h.Schema)}, measured{[]string{"of", "program"}, float64(h.Program)})
	m.counter("uitvraag_saves_total", "Saves of answers, by the number of the newest.", float64(v.Saves))
	m.counter("uitvraag_submissions_total", "Submissions, by the number of the newest.", float64(v.Submissions))
	m.gauge("uitvraag_last_save_seconds", "When answers were last saved, in seconds since 1970; 0 for never.", measured{value: seconds(v.LastSave)})
	m.gauge("uitvraag_messages", "Messages by state.", measuredBy("state", v.Messages)...)
	m.gauge("uitvraag_queue_oldest_seconds", "Since when the oldest mail waits that may go, in seconds since 1970; 0 where none waits.", measured{value: seconds(v.OldestDue)})
	m.gauge("uitvraag_bounced_contacts", "Contacts that mail does not reach.", measured{value: float64(v.Bounced)})
	failed := map[string]int{"inloggen": 0, "link": 0, "code": 0, "api": 0}
	for kind, n := range v.Failed {
		failed[kind] = n
	}
	m.gauge("uitvraag_failed_attempts", "Wrong links, codes, logins and tokens in windows of the last hour.", measuredBy("kind", failed)...)
	m.gauge("uitvraag_backup_seconds", "When the newest backup was made, in seconds since 1970; 0 for never.", measured{[]string{"tested", "no"}, seconds(v.Backup)}, measured{[]string{"tested", "yes"}, seconds(v.Tested)})
	m.gauge("uitvraag_sending_locked", "1 while nothing may be sent, as after a restore.", measured{value: bit(v.Locked)})
	m.gauge("uitvraag_database_connections", "Of this process.", measuredBy("state", v.Connections)...)
}

func bit(x bool) float64 {
	if x {
		return 1
	}
	return 0
}

func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.Unix())
}

// A measured value is one line: labels as name, value, name, value.
type measured struct {
	labels []string
	value  float64
}

func measuredBy(label string, of map[string]int) []measured {
	var out []measured
	for _, name := range sortedKeys(of) {
		out = append(out, measured{[]string{label, name}, float64(of[name])})
	}
	return out
}

// An exposition is what monitoring reads.
type exposition struct{ bytes.Buffer }

func (m *exposition) head(name, kind, help string) {
	m.WriteString(fmt.Sprintf("# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind))
}

func (m *exposition) line(name string, x measured) {
	m.WriteString(name)
	for i := 0; i < len(x.labels); i += 2 {
		m.WriteString(fmt.Sprintf("%s%s=%q", map[bool]string{true: "{", false: ","}[i == 0], x.labels[i], strings.ToValidUTF8(x.labels[i+1], "")))
	}
	if len(x.labels) > 0 {
		m.WriteByte('}')
	}
	m.WriteString(fmt.Sprintf(" %g\n", x.value))
}

func (m *exposition) gauge(name, help string, of ...measured) {
	m.head(name, "gauge", help)
	for _, x := range of {
		m.line(name, x)
	}
}

func (m *exposition) counter(name, help string, value float64) {
	m.head(name, "counter", help)
	m.line(name, measured{value: value})
}

func (m *exposition) spread(name, help string, of map[timing]*spread) {
	m.head(name, "histogram", help)
	order := make([]timing, 0, len(of))
	for t := range of {
		order = append(order, t)
	}
	slices.SortFunc(order, func(a, b timing) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	for _, t := range order {
		s, within := of[t], 0
		labels := []string{"area", t.area, "method", t.method, "status", t.status}
		for i, b := range bounds {
			within += s.within[i]
			m.line(name+"_bucket", measured{append(slices.Clone(labels), "le", fmt.Sprint(b)), float64(within)})
		}
		m.line(name+"_bucket", measured{append(slices.Clone(labels), "le", "+Inf"), float64(s.n)})
		m.line(name+"_sum", measured{labels, s.sum})
		m.line(name+"_count", measured{labels, float64(s.n)})
	}
}
