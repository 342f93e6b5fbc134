package server_test

import (
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/htmltest"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/pgtest"
	"github.com/uitvraag/uitvraag/internal/server"
	"github.com/uitvraag/uitvraag/internal/store"
)

// A site is the whole handler on a real database, at a time of the test's own.
type site struct {
	fixture.World
	*httptest.Server
	now time.Time
}

// newSite serves a study with n units per audience.
func newSite(t *testing.T, definition string, n int) *site {
	t.Helper()
	s := &site{World: fixture.StudyOf(t, store.New(pgtest.Pool(t)), definition, n), now: fixture.Now}
	s.Server = httptest.NewUnstartedServer(nil)
	base := &url.URL{Scheme: "http", Host: s.Listener.Addr().String()}
	s.Config.Handler = server.New(s.Store, server.Config{BaseURL: base, Now: func() time.Time { return s.now }, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}).Handler()
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// A visitor is a browser without JavaScript.
type visitor struct {
	t      *testing.T
	site   *site
	client *http.Client
	url    *url.URL // of the page that is shown
	status int
	page   htmltest.Node
	body   string
}

func (s *site) visitor(t *testing.T) *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, site: s, client: &http.Client{Jar: jar}}
}

func (v *visitor) get(path string) *visitor {
	v.t.Helper()
	resp, err := v.client.Get(v.resolve(path))
	return v.show(resp, err)
}

func (v *visitor) post(path string, values url.Values) *visitor {
	v.t.Helper()
	resp, err := v.client.PostForm(v.resolve(path), values)
	return v.show(resp, err)
}

func (v *visitor) resolve(path string) string {
	if v.url != nil && path == "" {
		return v.url.String()
	}
	return v.site.URL + path
}

func (v *visitor) show(resp *http.Response, err error) *visitor {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	v.url, v.status, v.body = resp.Request.URL, resp.StatusCode, string(b)
	v.page = htmltest.Parse(v.t, v.body)
	return v
}

// press posts the page's form with changes and a button.
func (v *visitor) press(button, value string, changes url.Values) *visitor {
	v.t.Helper()
	f := v.page.PostForm(v.t)
	for name, values := range changes {
		f.Values[name] = values
	}
	f.Values.Set(button, value)
	return v.post(f.Action, f.Values)
}

// enter opens a unit's link and presses the button.
func (v *visitor) enter(audience string, unit int) *visitor {
	v.t.Helper()
	v.get("/v/" + v.site.Links[audience][unit].Token)
	return v.press("actie", "volgende", nil)
}

// TestAnybodyCanFillInEveryQuestionWithoutJavaScript walks both questionnaires
// with random valid answers, some left open, and finds in the data exactly what
// was posted.
func TestAnybodyCanFillInEveryQuestionWithoutJavaScript(t *testing.T) {
	t.Parallel()
	const units = 6
	for _, definition := range []string{"inventarisatie-2018", "inventarisatie-2026"} {
		for _, audience := range []string{"swv", "gemeente"} {
			t.Run(definition+"/"+audience, func(t *testing.T) {
				t.Parallel()
				s := newSite(t, definition, units)
				sent := map[string]answer.Values{}
				for unit := range units {
					w := walker{visitor: s.visitor(t), form: s.Forms[audience], rnd: rand.New(rand.NewPCG(7, uint64(unit))), posted: answer.Values{}, open: float64(unit) * .12}
					w.enter(audience, unit)
					w.walk()
					sent[s.Links[audience][unit].Unit] = w.expected()
				}
				rows, err := s.Store.Filled(t.Context(), s.Study.ID, audience)
				if err != nil {
					t.Fatal(err)
				}
				if len(rows) != units {
					t.Fatalf("%d rows in the data, want %d", len(rows), units)
				}
				for _, row := range rows {
					if diff := cmp.Diff(sent[row.Unit], row.Answers); diff != "" {
						t.Errorf("%s: data differ from what was posted (-posted +data):\n%s", row.Unit, diff)
					}
				}
			})
		}
	}
}

type walker struct {
	*visitor
	form   *form.Form
	rnd    *rand.Rand
	posted answer.Values // last posted value per variable that was on a page
	open   float64       // chance that an item is left open
}

// walk goes from page to page until everything is sent.
func (w *walker) walk() {
	w.t.Helper()
	for range 400 {
		switch path := w.url.Path; {
		case strings.HasSuffix(path, "/ontvangst"):
			return
		case strings.HasSuffix(path, "/controleren"):
			w.press("actie", "versturen", nil)
		case strings.HasPrefix(path, "/vragenlijst/"):
			w.fill(w.form.Page(path[strings.LastIndex(path, "/")+1:]))
		default:
			w.t.Fatalf("walked to %s (%d): %.300s", path, w.status, w.page.Text())
		}
		if w.status != http.StatusOK {
			w.t.Fatalf("%s: status %d: %.500s", w.url.Path, w.status, w.page.Text())
		}
	}
	w.t.Fatal("the questionnaire has no end")
}

// fill answers one page, passing the soft prompt if there is one.
func (w *walker) fill(p *instrument.Page) {
	w.t.Helper()
	f := w.page.PostForm(w.t)
	names := map[string]bool{}
	for _, field := range f.Fields {
		names[field.Name] = true
	}
	values := url.Values{"versie": f.Values["versie"], "verzoek": f.Values["verzoek"], "actie": {"volgende"}}
	for i := range p.Items {
		for _, v := range p.Items[i].Variables {
			if !names[v.Name] && !strings.Contains(p.ID, "voorbeelden") {
				w.t.Errorf("page %s has no field %s", p.ID, v.Name)
			}
		}
		w.item(&p.Items[i], names, values)
	}
	for _, v := range p.Variables() {
		w.posted[v.Name] = values.Get(v.Name)
	}
	path := w.url.Path
	w.post(f.Action, values)
	if w.url.Path == path && w.status == http.StatusOK { // the soft prompt: posting again passes it
		w.post("", values)
		if w.url.Path == path {
			w.t.Fatalf("%s: posting a second time does not pass: %.400s", path, w.page.Text())
		}
	}
}

func (w *walker) item(it *instrument.Item, names map[string]bool, values url.Values) {
	if w.rnd.Float64() < w.open {
		return
	}
	var flags []*instrument.Variable
	for i := range it.Variables {
		v := &it.Variables[i]
		switch {
		case !names[v.Name]:
		case v.Type == instrument.FlagType:
			flags = append(flags, v)
		case v.Type == instrument.TextType:
			if w.rnd.IntN(2) == 0 {
				values.Set(v.Name, text(w.rnd))
			}
		default:
			x := v.Values[w.rnd.IntN(len(v.Values))]
			values.Set(v.Name, fmt.Sprint(x.Code)) // left open too: it means no answer
		}
	}
	if len(flags) == 0 {
		return
	}
	one := flags[w.rnd.IntN(len(flags))]
	values.Set(one.Name, "1")
	for _, v := range flags {
		if !alone(it.Question, one.Column) && !alone(it.Question, v.Column) && w.rnd.IntN(2) == 0 {
			values.Set(v.Name, "1")
		}
	}
	if alone(it.Question, one.Column) { // a text at anders would select it
		for _, v := range it.Variables {
			if v.Type == instrument.TextType && it.Row == nil {
				values.Del(v.Name)
			}
		}
	}
}

func alone(q *instrument.Question, option string) bool {
	for _, o := range q.Options {
		if o.ID == option {
			return o.Exclusive || o.Missing != instrument.Substantive
		}
	}
	return false
}

// text makes what people type, and what they should not.
func text(rnd *rand.Rand) string {
	samples := []string{"Maandelijks overleg", "  met spaties  ", "\r\nbegint met een nieuwe regel", "twee\r\nregels", "=HYPERLINK(\"http://x\",\"y\")", "'aanhaling'",
		"a,b;c\td\"e\"", "<script>alert(1)</script>", "Súdwest-Fryslân 💡 \u202edraai", "&amp; &lt;", "0", "-5", "NULL"}
	return samples[rnd.IntN(len(samples))] + fmt.Sprint(rnd.IntN(100))
}

// expected is what the data must hold: the codebook's rules over what was
// posted, worked out here by itself.
func (w *walker) expected() answer.Values {
	out := answer.Values{}
	shown := map[string]bool{}
	for _, p := range w.form.Visible(w.posted) {
		shown[p.Question.ID] = true
	}
	for i := range w.form.Pages {
		p := &w.form.Pages[i]
		if !shown[p.Question.ID] {
			continue
		}
		for j := range p.Items {
			expectItem(&p.Items[j], w.posted, out)
		}
	}
	return out
}

func expectItem(it *instrument.Item, posted, out answer.Values) {
	ticked := false
	for _, v := range it.Variables {
		if v.Type == instrument.TextType && it.Row == nil && it.Question.Kind == instrument.Multi && strings.TrimSpace(posted[v.Name]) != "" {
			posted[strings.TrimSuffix(v.Name, "_txt")] = "1"
		}
	}
	for _, v := range it.Variables {
		ticked = ticked || v.Type == instrument.FlagType && posted[v.Name] == "1"
	}
	for _, v := range it.Variables {
		value := posted[v.Name]
		switch {
		case v.Type == instrument.FlagType && !ticked:
			value = "7"
		case v.Type == instrument.FlagType && value == "":
			value = "0"
		case v.Type == instrument.CodeType && value == "":
			value = "7"
		case v.Type == instrument.GradeType && value == "":
			value = "97"
		}
		out.Set(v.Name, value)
	}
}
