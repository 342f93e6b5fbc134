package server_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// autosave posts fields as the page's script does.
func (l *lab) autosave(t *testing.T, path string, cookie *http.Cookie, fields url.Values) (status int, version string) {
	t.Helper()
	resp := l.do(t, request{method: "POST", path: path, form: fields, cookies: []*http.Cookie{cookie}, header: map[string]string{"X-Uitvraag-Autosave": "1"}})
	var got struct{ Versie int }
	if err := json.Unmarshal([]byte(bodyOf(t, resp)), &got); err != nil {
		t.Fatalf("autosave: %d, no JSON: %v", resp.StatusCode, err)
	}
	return resp.StatusCode, strconv.Itoa(got.Versie)
}

// rendered opens a page and returns the fields that it would post.
func (l *lab) rendered(t *testing.T, path string, cookie *http.Cookie) url.Values {
	t.Helper()
	resp := l.get(t, path, cookie)
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d", path, resp.StatusCode)
	}
	return parsed(t, resp).PostForm(t).Values
}

// TestAutosaveKeepsTheLatestText types A, then B, then A again in one page: A
// is what must be stored, whatever versions the script heard of.
func TestAutosaveKeepsTheLatestText(t *testing.T) {
	t.Parallel()
	for name, hears := range map[string]bool{"script hears each version": true, "answers get lost": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, 1, "")
			cookie, base := l.start(t, "swv", 0)
			p := l.pageOf(t, "swv", instrument.Open)
			fields := l.rendered(t, base+p.ID, cookie)
			for _, typed := range []string{"Overleg", "Overleg elke", "Overleg", "Overleg met de gemeente", "Overleg"} {
				fields.Set(p.ID, typed)
				status, version := l.autosave(t, base+p.ID, cookie, fields)
				if status != http.StatusOK {
					t.Fatalf("autosave of %q: %d", typed, status)
				}
				if hears {
					fields.Set("versie", version)
				}
				if got := l.answered(t, base)[p.ID]; got != typed {
					t.Fatalf("typed %q and told it was saved, but %q is stored", typed, got)
				}
			}
			fields.Set(p.ID, "Overleg, definitief")
			fields.Set("actie", "volgende")
			resp := l.do(t, request{method: "POST", path: base + p.ID, form: fields, cookies: []*http.Cookie{cookie}})
			wantStatus(t, "volgende after autosaves", resp, http.StatusSeeOther)
			if got := l.answered(t, base)[p.ID]; got != "Overleg, definitief" {
				t.Errorf("stored is %q", got)
			}
			// an autosave that was under way when the button was pressed arrives last
			fields.Set(p.ID, "Overleg, def")
			fields.Del("actie")
			l.autosave(t, base+p.ID, cookie, fields)
			if got := l.answered(t, base)[p.ID]; got != "Overleg, definitief" {
				t.Errorf("a late autosave undid the button: stored is %q", got)
			}
		})
	}
}

// TestAutosaveDoesNotOverwriteAColleague saves the same text from two windows.
func TestAutosaveDoesNotOverwriteAColleague(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	mine, base := l.start(t, "swv", 0)
	theirs, _ := l.start(t, "swv", 0)
	p := l.pageOf(t, "swv", instrument.Open)
	a, b := l.rendered(t, base+p.ID, mine), l.rendered(t, base+p.ID, theirs)
	a.Set(p.ID, "van mij")
	b.Set(p.ID, "van een ander")
	l.autosave(t, base+p.ID, mine, a)
	if status, _ := l.autosave(t, base+p.ID, theirs, b); status != http.StatusConflict {
		t.Errorf("the second window: %d, want a conflict", status)
	}
	a.Set(p.ID, "van mij, langer")
	if status, _ := l.autosave(t, base+p.ID, mine, a); status != http.StatusOK {
		t.Errorf("the first window goes on typing: %d", status)
	}
	if got := l.answered(t, base)[p.ID]; got != "van mij, langer" {
		t.Errorf("stored is %q", got)
	}
}

// TestPostingAgainIsHarmless does what impatient people do.
func TestPostingAgainIsHarmless(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	cookie, base := l.start(t, "swv", 0)
	p := l.pageOf(t, "swv", instrument.Open)
	fields := l.rendered(t, base+p.ID, cookie)
	fields.Set(p.ID, "een tekst")
	fields.Set("actie", "volgende")
	post := func(f url.Values) *http.Response {
		return l.do(t, request{method: "POST", path: base + p.ID, form: f, cookies: []*http.Cookie{cookie}})
	}
	var wg sync.WaitGroup
	for range 5 { // a double click
		wg.Go(func() { wantStatus(t, "a click", post(fields), http.StatusSeeOther) })
	}
	wg.Wait()
	wantStatus(t, "reload of the answer", post(fields), http.StatusSeeOther)
	if n := one[int](t, l, `select count(*) from answer.save where refused <> '[]'`); n != 0 {
		t.Errorf("%d conflicts with oneself", n)
	}
	if n := one[int](t, l, `select count(*) from answer.save`); n != 1 {
		t.Errorf("%d saves of one page", n)
	}
	if got := l.answered(t, base)[p.ID]; got != "een tekst" {
		t.Errorf("stored is %q", got)
	}
}

func TestSendingTwiceShowsOneReceipt(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	v := l.visitor(t).enter("swv", 0)
	base := v.base()
	v.press("actie", "later", anyAnswer(t, v))
	v.get(base + "controleren")
	review := v.page
	v.press("actie", "versturen", nil)
	first := v.page.Text()
	if v.status != http.StatusOK || !strings.HasSuffix(v.url.Path, "/ontvangst") {
		t.Fatalf("sending leads to %s (%d)", v.url, v.status)
	}
	f := review.PostForm(t) // back, and send again
	f.Values.Set("actie", "versturen")
	v.post(base+"controleren", f.Values)
	if v.page.Text() != first {
		t.Errorf("sending again shows\n%s\nfirst it was\n%s", v.page.Text(), first)
	}
	if n := one[int](t, l, `select count(*) from answer.submission`); n != 1 {
		t.Errorf("%d submissions", n)
	}
}

func TestWhatWasTypedOutlivesTheSession(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	v := l.visitor(t).enter("swv", 0)
	p := l.pageOf(t, "swv", instrument.Open)
	v.get(v.base() + p.ID)
	path := v.url.Path
	f := v.page.PostForm(t)
	const typed = "  Twee regels\r\nmet <tekens> & \"aanhaling\" '=1+1  "
	f.Values.Set(p.ID, typed)
	f.Values.Set("actie", "volgende")
	l.at(fixture.Now.Add(9 * time.Hour))
	v.post(path, f.Values)
	if v.status != http.StatusForbidden {
		t.Fatalf("posting after the session ended: %d", v.status)
	}
	retry := v.page.PostForm(t)
	for name, values := range f.Values {
		for i := range retry.Values[name] { // browsers post lines with CRLF
			retry.Values[name][i] = strings.ReplaceAll(retry.Values[name][i], "\n", "\r\n")
		}
		if strings.Join(retry.Values[name], "|") != strings.Join(values, "|") {
			t.Errorf("the page keeps %s as %q, posted was %q", name, retry.Values[name], values)
		}
	}
	if len(l.answered(t, v.base())) != 0 {
		t.Error("something was saved without a session")
	}
	again := &visitor{t: t, site: l.site, client: v.client} // another tab of this browser
	again.enter("swv", 0)
	v.post(path, retry.Values)
	if v.status != http.StatusOK || v.url.Path == path {
		t.Fatalf("posting after entering again leads to %s (%d)", v.url, v.status)
	}
	if got := l.answered(t, v.base())[p.ID]; got != typed {
		t.Errorf("stored is %q, typed was %q", got, typed)
	}
}

// conflict makes two visitors change the same answers of a page; the second one
// sees the page with both versions.
func conflict(t *testing.T, l *lab, p *instrument.Page, mine, theirs url.Values) *visitor {
	t.Helper()
	a, b := l.visitor(t).enter("swv", 0), l.visitor(t).enter("swv", 0)
	path := a.base() + p.ID
	a.get(path)
	b.get(path)
	if a.press("actie", "later", theirs); a.status != http.StatusOK {
		t.Fatalf("the first: %d", a.status)
	}
	if b.press("actie", "volgende", mine); b.status != http.StatusConflict {
		t.Fatalf("the second: %d, want a conflict", b.status)
	}
	return b
}

func TestTheConflictPageShowsBothAndEachChoiceHolds(t *testing.T) {
	t.Parallel()
	const mine, theirs = "Mijn versie, <b>lang</b>", "De versie van een ander"
	for choice, want := range map[string]string{"mijn": mine, "ander": theirs, "beide": theirs + "\r\n\r\n" + mine, "later": theirs, "": theirs, "onbekend": theirs} {
		t.Run(choice, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, 1, "")
			p := l.pageOf(t, "swv", instrument.Open)
			v := conflict(t, l, p, url.Values{p.ID: {mine}}, url.Values{p.ID: {theirs}})
			if text := v.page.Text(); !strings.Contains(strings.ReplaceAll(text, " ", ""), strings.ReplaceAll(mine, " ", "")) || !strings.Contains(strings.ReplaceAll(text, " ", ""), strings.ReplaceAll(theirs, " ", "")) {
				t.Errorf("the page does not show both versions: %s", text)
			}
			changes := url.Values{}
			if choice != "" && choice != "later" {
				changes.Set("keuze_"+p.ID, choice)
			} else {
				changes["keuze_"+p.ID] = nil
			}
			button := "volgende"
			if choice == "later" {
				button = "later"
			}
			v.press("actie", button, changes)
			if v.status != http.StatusOK {
				t.Fatalf("choosing: %d at %s", v.status, v.url)
			}
			if got := l.answered(t, v.base())[p.ID]; got != want {
				t.Errorf("stored is %q, want %q", got, want)
			}
		})
	}
}

// TestAChoiceTouchesOnlyWhatItIsAbout has a conflict about one row and, after
// the page was shown, a third person who answers another.
func TestAChoiceTouchesOnlyWhatItIsAbout(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	p := l.pageOf(t, "swv", instrument.MatrixSingle)
	first, other := p.Items[0].Variables[0].Name, p.Items[1].Variables[0].Name
	v := conflict(t, l, p, url.Values{first: {"1"}}, url.Values{first: {"2"}})
	third := l.visitor(t).enter("swv", 0)
	third.get(third.base()+p.ID).press("actie", "later", url.Values{other: {"3"}})
	v.press("actie", "later", url.Values{"keuze_" + first: {"mijn"}})
	got := l.answered(t, v.base())
	if got[first] != "1" || got[other] != "3" {
		t.Errorf("stored is %s=%s (want 1) and %s=%s (want 3)", first, got[first], other, got[other])
	}
}

// TestBoxesInConflictAreChosenAsOne never mixes the boxes of two people.
func TestBoxesInConflictAreChosenAsOne(t *testing.T) {
	t.Parallel()
	for _, choice := range []string{"mijn", "ander"} {
		t.Run(choice, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, 1, "")
			p := l.pageOf(t, "swv", instrument.MatrixMulti)
			it := &p.Items[0]
			one, two := it.Variables[1].Name, it.Variables[2].Name
			v := conflict(t, l, p, url.Values{one: {"1"}}, url.Values{two: {"1"}})
			v.press("actie", "later", url.Values{"keuze_" + it.ID(): {choice}})
			got := l.answered(t, v.base())
			want := map[string][2]string{"mijn": {"1", "0"}, "ander": {"0", "1"}}[choice]
			if got[one] != want[0] || got[two] != want[1] {
				t.Errorf("stored is %s, %s; want %v (%d)", got[one], got[two], want, v.status)
			}
		})
	}
}

func TestAnExclusiveAnswerBesideAnotherKeepsEverything(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	cookie, base := l.start(t, "swv", 0)
	p := l.pageOf(t, "swv", instrument.MatrixMulti)
	fields := l.rendered(t, base+p.ID, cookie)
	posted := url.Values{}
	for i := range p.Items {
		for _, v := range p.Items[i].Variables {
			if v.Type == instrument.FlagType && (i == 0 || v.Column == "regulier") {
				fields.Set(v.Name, "1")
				posted.Set(v.Name, "1")
			}
		}
	}
	fields.Set("actie", "volgende")
	resp := l.do(t, request{method: "POST", path: base + p.ID, form: fields, cookies: []*http.Cookie{cookie}})
	wantStatus(t, "exclusive beside another", resp, http.StatusUnprocessableEntity)
	page := parsed(t, resp)
	now := page.PostForm(t).Values
	for name := range posted {
		if now.Get(name) != "1" {
			t.Errorf("%s is no longer ticked", name)
		}
	}
	if len(page.All("a", "href", "*")) == 0 {
		t.Error("no link to the field with the problem")
	}
	if len(l.answered(t, base)) != 0 {
		t.Error("a page with problems was saved")
	}
}

func TestAProblemKeepsATextThatIsTooLong(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	cookie, base := l.start(t, "swv", 0)
	p := l.pageOf(t, "swv", instrument.Open)
	fields := l.rendered(t, base+p.ID, cookie)
	long := strings.Repeat("woord ", 4000)
	fields.Set(p.ID, long)
	fields.Set("actie", "volgende")
	resp := l.do(t, request{method: "POST", path: base + p.ID, form: fields, cookies: []*http.Cookie{cookie}})
	wantStatus(t, "a text that is too long", resp, http.StatusUnprocessableEntity)
	if got := parsed(t, resp).PostForm(t).Values.Get(p.ID); got != long {
		t.Errorf("%d of %d bytes are kept", len(got), len(long))
	}
}

func TestASoftPromptPassesTheSecondTime(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	v := l.visitor(t).enter("swv", 0)
	p := l.pageOf(t, "swv", instrument.MatrixSingle)
	v.get(v.base() + p.ID)
	v.press("actie", "volgende", nil)
	if v.status != http.StatusOK || !strings.HasSuffix(v.url.Path, "/"+p.ID) {
		t.Fatalf("an empty page leads to %s (%d), want a soft prompt", v.url, v.status)
	}
	v.press("actie", "volgende", nil)
	if v.status != http.StatusOK || strings.HasSuffix(v.url.Path, "/"+p.ID) {
		t.Errorf("the second time: %s (%d)", v.url, v.status)
	}
}

func TestTwoQuestionnairesInOneBrowserNeverMix(t *testing.T) {
	t.Parallel()
	l := newLab(t, 2, "")
	v := l.visitor(t)
	p := l.pageOf(t, "swv", instrument.Open)
	var bases []string
	for i := range 2 {
		v.enter("swv", i)
		bases = append(bases, v.base())
	}
	tabs := make([]*visitor, 2)
	for i, base := range bases {
		tabs[i] = &visitor{t: t, site: l.site, client: v.client}
		tabs[i].get(base + p.ID)
	}
	for i, tab := range tabs {
		tab.press("actie", "later", url.Values{p.ID: {"eenheid " + strconv.Itoa(i)}})
	}
	for i, base := range bases {
		if got := l.answered(t, base)[p.ID]; got != "eenheid "+strconv.Itoa(i) {
			t.Errorf("questionnaire %d holds %q", i, got)
		}
	}
}
