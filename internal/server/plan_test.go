package server_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/store"
)

// addresses gives every contact of the lab an address.
func (l *lab) addresses(t testing.TB) {
	t.Helper()
	if _, err := l.pool.Exec(t.Context(), `update contact.contact set email = 'c' || id || '@example.nl', name = 'Ine ''t Hart'`); err != nil {
		t.Fatal(err)
	}
}

// TestThePlanShowsAndStops walks the plan as a project leader does.
func TestThePlanShowsAndStops(t *testing.T) {
	t.Parallel()
	l := newLab(t, 4, "")
	l.addresses(t)
	leader := l.staffCookie(t, account.Projectleider)
	plan := "/beheer/" + l.Study.Slug + "/plan"
	post := func(path string, form url.Values, cookie *http.Cookie) int {
		return l.do(t, request{method: "POST", path: plan + path, form: form, cookies: []*http.Cookie{cookie}}).StatusCode
	}
	resp := l.get(t, plan, leader)
	if body := bodyOf(t, resp); resp.StatusCode != http.StatusOK || !strings.Contains(body, "niet vrijgegeven") || !strings.Contains(body, "Uitnodiging") {
		t.Fatalf("plan: %d", resp.StatusCode)
	}
	resp = l.get(t, plan+"/proef", leader)
	if body := bodyOf(t, resp); resp.StatusCode != http.StatusOK || strings.Count(body, "Hart</td>")+strings.Count(body, "Hart <") != 8 {
		t.Errorf("dry run: %d, %d addresses", resp.StatusCode, strings.Count(body, "@example.nl"))
	}
	resp = l.get(t, plan+"/proef.csv", leader)
	if body := bodyOf(t, resp); resp.StatusCode != http.StatusOK || strings.Count(body, "\n") != 9 {
		t.Errorf("dry run as a file: %d\n%s", resp.StatusCode, body)
	}
	resp = l.get(t, plan+"/voorbeelden", leader)
	if body := bodyOf(t, resp); resp.StatusCode != http.StatusOK || !strings.Contains(body, "[persoonlijke link]") || strings.Contains(body, "klopt niet") {
		t.Errorf("examples: %d", resp.StatusCode)
	}
	if _, err := l.Store.Release(t.Context(), l.Study.ID, store.BySystem, *l.clock.Load()); err != nil {
		t.Fatal(err)
	}
	if got := post("/stop", nil, leader); got != http.StatusUnprocessableEntity {
		t.Errorf("stop without a reason: %d", got)
	}
	if got := post("/stop", url.Values{"reden": {"De links kloppen niet"}}, leader); got != http.StatusSeeOther {
		t.Errorf("stop: %d", got)
	}
	st, err := l.Store.Study(t.Context(), l.Study.Slug)
	if err != nil || st.Released.IsZero() || st.Stopped.IsZero() || st.StopReason == "" {
		t.Errorf("after release and stop: %+v, %v", st, err)
	}
	if got := post("/hervat", nil, leader); got != http.StatusSeeOther {
		t.Errorf("resume: %d", got)
	}
	if st, err = l.Store.Study(t.Context(), l.Study.Slug); err != nil || !st.Stopped.IsZero() {
		t.Errorf("after resume: %+v, %v", st, err)
	}
	for form, want := range map[string]int{"tempo=nul&domein=3": 422, "tempo=0&domein=3": 422, "tempo=90&domein=40": 303} {
		values, err := url.ParseQuery(form)
		if err != nil {
			t.Fatal(err)
		}
		if got := post("/tempo", values, leader); got != want {
			t.Errorf("rate %s: %d, want %d", form, got, want)
		}
	}
	if s, err := l.Store.Sending(t.Context()); err != nil || s.Rate != 90 || s.DomainRate != 40 {
		t.Errorf("rate %+v, %v", s, err)
	}
}

// TestAnUnsureMessageIsDecidedOnce presses both buttons of the list.
func TestAnUnsureMessageIsDecidedOnce(t *testing.T) {
	t.Parallel()
	l := newLab(t, 2, "")
	l.addresses(t)
	leader := l.staffCookie(t, account.Projectleider)
	plan := "/beheer/" + l.Study.Slug + "/plan"
	if _, err := l.Store.Release(t.Context(), l.Study.ID, store.BySystem, *l.clock.Load()); err != nil {
		t.Fatal(err)
	}
	// What was due before the release waits for a person.
	if got := l.do(t, request{method: "POST", path: plan + "/nu-versturen", cookies: []*http.Cookie{leader}}).StatusCode; got != http.StatusSeeOther {
		t.Fatal(got)
	}
	if _, err := l.pool.Exec(t.Context(), `update field.message set state = 'onzeker', begun = queued, done = queued`); err != nil {
		t.Fatal(err)
	}
	unsure, err := l.Store.MessagesIn(t.Context(), l.Study.ID, store.Unsure, 10)
	if err != nil || len(unsure) != 4 {
		t.Fatalf("%d unsure messages, %v", len(unsure), err)
	}
	decide := func(id string, choice string) int {
		return l.do(t, request{method: "POST", path: plan + "/onzeker/" + id, form: url.Values{"besluit": {choice}}, cookies: []*http.Cookie{leader}}).StatusCode
	}
	first, second := strconv.FormatInt(unsure[0].ID, 10), strconv.FormatInt(unsure[1].ID, 10)
	for _, c := range []struct {
		id, choice string
		want       int
	}{{first, "aangekomen", 303}, {first, "opnieuw", 409}, {second, "opnieuw", 303}, {second, "opnieuw", 409}, {"0", "aangekomen", 409}, {"x", "aangekomen", 400}, {first, "", 400}} {
		if got := decide(c.id, c.choice); got != c.want {
			t.Errorf("message %s %q: %d, want %d", c.id, c.choice, got, c.want)
		}
	}
	var sent, again int
	err = l.pool.QueryRow(t.Context(), `select count(*) filter (where state = 'verstuurd' and event is not null), count(*) filter (where step is null and state = 'klaar') from field.message`).Scan(&sent, &again)
	if err != nil || sent != 2 || again != 1 {
		t.Errorf("%d steps done, %d messages again, %v", sent, again, err)
	}
}
