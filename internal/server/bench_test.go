package server_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/htmltest"
	"github.com/uitvraag/uitvraag/internal/pgtest"
	"github.com/uitvraag/uitvraag/internal/server"
	"github.com/uitvraag/uitvraag/internal/store"
)

// The benchmarks of one run are compared with each other: health is a request
// that does nothing, so page/health and save/health say what a page costs
// whatever the machine.

type bench struct {
	b       *testing.B
	handler http.Handler
	base    *url.URL
	cookies []*http.Cookie
}

func newBench(b *testing.B) (*bench, fixture.World) {
	w := fixture.Study(b, store.New(pgtest.Pool(b)), 1)
	base := &url.URL{Scheme: "http", Host: "127.0.0.1:8080"}
	h := server.New(w.Store, server.Config{BaseURL: base, Now: func() time.Time { return fixture.Now }, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}).Handler()
	return &bench{b: b, handler: h, base: base}, w
}

func (x *bench) do(method, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, x.base.String()+path, strings.NewReader(form.Encode()))
	r.Host = x.base.Host
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range x.cookies {
		r.AddCookie(c)
	}
	rec := httptest.NewRecorder()
	x.handler.ServeHTTP(rec, r)
	return rec
}

// enter starts a questionnaire and returns its base path.
func (x *bench) enter(w fixture.World) string {
	rec := x.do("POST", "/v/"+w.Links["swv"][0].Token, url.Values{"actie": {"volgende"}})
	if rec.Code != http.StatusSeeOther {
		x.b.Fatalf("entering: status %d", rec.Code)
	}
	x.cookies = rec.Result().Cookies()
	return strings.TrimSuffix(rec.Header().Get("Location"), "b5_1")
}

func BenchmarkHealth(b *testing.B) {
	x, _ := newBench(b)
	for b.Loop() {
		x.do("GET", "/healthz", nil)
	}
}

func BenchmarkLanding(b *testing.B) {
	x, w := newBench(b)
	for b.Loop() {
		x.do("GET", "/v/"+w.Links["swv"][0].Token, nil)
	}
}

func BenchmarkShowMatrix(b *testing.B) {
	x, w := newBench(b)
	base := x.enter(w)
	for b.Loop() {
		if rec := x.do("GET", base+"b5_13", nil); rec.Code != http.StatusOK {
			b.Fatal(rec.Code)
		}
	}
}

func BenchmarkSaveMatrix(b *testing.B) {
	x, w := newBench(b)
	base := x.enter(w)
	form := htmltest.Parse(b, x.do("GET", base+"b5_13", nil).Body.String()).PostForm(b).Values
	n := 0
	for b.Loop() {
		n++
		for _, row := range []string{"visie_1", "visie_2", "visie_3", "visie_4", "visie_5", "visie_6"} {
			form.Set(row, string(rune('1'+n%5)))
		}
		form.Set("actie", "volgende")
		form.Del("versie")
		form.Del("verzoek")
		if rec := x.do("POST", base+"b5_13", form); rec.Code != http.StatusSeeOther {
			b.Fatal(rec.Code)
		}
	}
}
