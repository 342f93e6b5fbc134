package server_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/htmltest"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/store"
)

const workshop = "/beheer/vragenlijsten"

// begin posts the form of a new questionnaire, with a file when there is one, and
// returns where it leads.
func (l *lab) begin(t testing.TB, who *http.Cookie, fields map[string]string, name string, content []byte) *http.Response {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, v := range fields {
		if err := m.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	if name != "" {
		f, err := m.CreateFormFile("bestand", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return l.do(t, request{method: "POST", path: workshop + "/nieuw", body: b.String(), header: map[string]string{"Content-Type": m.FormDataContentType()}, cookies: []*http.Cookie{who}})
}

// textOf is what the editor shows, and the version that it was made from.
func (l *lab) textOf(t testing.TB, path string, who *http.Cookie) (text, after string) {
	t.Helper()
	return typed(t, parsed(t, l.get(t, path+"/bewerken", who)))
}

// typed is what the editor on a page would post.
func typed(t testing.TB, page htmltest.Node) (text, after string) {
	t.Helper()
	area, ok := page.First("textarea", "id", "tekst")
	from, also := page.First("input", "name", "na")
	if !ok || !also {
		t.Fatal("there is no editor")
	}
	return area.FirstChild.Data, from.Attr("value")
}

func (l *lab) save(t testing.TB, path string, who *http.Cookie, text, after string) *http.Response {
	t.Helper()
	return l.post(t, path+"/bewerken", who, url.Values{"tekst": {text}, "na": {after}, "actie": {"opslaan"}})
}

func (l *lab) step(t testing.TB, path string, who *http.Cookie, version int, step, remark string) int {
	t.Helper()
	return l.post(t, path+"/stap", who, url.Values{"versie": {fmt.Sprint(version)}, "stap": {step}, "opmerking": {remark}}).StatusCode
}

// TestAQuestionnaireIsApprovedByASecondPerson goes the whole way: begun, changed
// with faults, mended, proposed, sent back, approved by somebody else, taken by a
// study, and never changed after that.
func TestAQuestionnaireIsApprovedByASecondPerson(t *testing.T) {
	t.Parallel()
	l := newLab(t, 0, "")
	anna, bert, kees := l.as(t, "anna", account.Onderzoeker), l.as(t, "bert", account.Projectleider), l.as(t, "kees", account.Veldwerker)
	wantStatus(t, "somebody of the fieldwork", l.get(t, workshop, kees), http.StatusForbidden)
	wantStatus(t, "somebody of the fieldwork begins", l.begin(t, kees, map[string]string{"begin": "leeg"}, "", nil), http.StatusForbidden)
	begun := l.begin(t, anna, map[string]string{"begin": "leeg"}, "", nil)
	path := begun.Header.Get("Location")
	if begun.StatusCode != http.StatusSeeOther || !strings.HasPrefix(path, workshop+"/") {
		t.Fatalf("begin: %d, %q", begun.StatusCode, path)
	}

	text, after := l.textOf(t, path, anna)
	if text != string(instrument.Start) || after != "1" {
		t.Fatalf("the editor shows version %s: %.40q", after, text)
	}
	wrong := strings.Replace(text, "kind: open", "kind: opne", 1)
	wantStatus(t, "saving with a fault", l.save(t, path, anna, wrong, after), http.StatusSeeOther)
	editor := parsed(t, l.get(t, path+"/bewerken", anna))
	line := fmt.Sprintf("#regel-%d", strings.Count(text[:strings.Index(text, "kind: open")], "\n")+1)
	if said, ok := editor.First("a", "href", line); !ok || said.Text() == "" {
		t.Errorf("no message leads to %s", line)
	}
	if _, ok := editor.First("tr", "id", line[1:]); !ok {
		t.Errorf("there is no %s to lead to", line)
	}
	if got := l.step(t, path, anna, 2, "voorleggen", ""); got != http.StatusConflict {
		t.Errorf("proposing a fault: %d", got)
	}
	checked := l.post(t, path+"/controleren", anna, url.Values{"tekst": {wrong}})
	if body := bodyOf(t, checked); !strings.Contains(body, `"line":`) || !strings.Contains(body, "opne") {
		t.Errorf("the check says %s", body)
	}

	wantStatus(t, "mending", l.save(t, path, anna, text, "2"), http.StatusSeeOther)
	for _, c := range []struct {
		who     *http.Cookie
		version int
		step    string
		remark  string
		want    int
	}{
		{bert, 3, "goedkeuren", "", http.StatusConflict}, // nobody proposed it
		{anna, 2, "voorleggen", "", http.StatusConflict}, // an older version
		{anna, 3, "voorleggen", "Let op a2", http.StatusSeeOther},
		{anna, 3, "goedkeuren", "", http.StatusConflict},              // her own
		{kees, 3, "goedkeuren", "", http.StatusForbidden},             // may not even look
		{bert, 3, "terugsturen", "", http.StatusUnprocessableEntity},  // does not say why
		{bert, 3, "terugsturen", "a1 mist iets", http.StatusSeeOther}, // a concept again
		{bert, 3, "goedkeuren", "", http.StatusConflict},
		{bert, 3, "voorleggen", "", http.StatusSeeOther},
		{bert, 3, "goedkeuren", "", http.StatusConflict}, // he proposed it
		{anna, 3, "goedkeuren", "", http.StatusConflict}, // she made it
		{anna, 3, "terugsturen", "Ik leg zelf voor", http.StatusSeeOther},
		{anna, 3, "voorleggen", "", http.StatusSeeOther},
		{bert, 3, "goedkeuren", "Akkoord", http.StatusSeeOther},
		{bert, 3, "goedkeuren", "", http.StatusConflict},
		{anna, 3, "wegleggen", "", http.StatusConflict},
		{anna, 3, "vermenigvuldigen", "", http.StatusBadRequest},
	} {
		if got := l.step(t, path, c.who, c.version, c.step, c.remark); got != c.want {
			t.Errorf("%s of version %d: %d, want %d", c.step, c.version, got, c.want)
		}
	}
	wantStatus(t, "changing what is approved", l.save(t, path, anna, text+"\n# meer", "3"), http.StatusConflict)
	if body := bodyOf(t, l.get(t, path, bert)); !strings.Contains(body, "Akkoord") || !strings.Contains(body, "a1 mist iets") {
		t.Error("what was remarked is not told")
	}
	for _, sql := range []string{"update register.draft set title = 'x'", "update register.draft set stage = 'concept', approved = null, approver = null", "delete from register.draft", "update register.draft_version set text = ''", "delete from register.draft_step"} {
		if _, err := l.pool.Exec(t.Context(), sql); err == nil {
			t.Errorf("the database lets %q pass", sql)
		}
	}
	if n := one[int](t, l, `select count(*) from staff.audit where action like 'vragenlijst %'`); n != 9 {
		t.Errorf("%d lines in the log", n)
	}

	approved, err := l.Store.ApprovedInstruments(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var own store.ApprovedInstrument
	for _, x := range approved {
		if x.Draft > 0 {
			own = x
		}
	}
	if own.Name != "nieuw" || string(own.Text) != text || len(approved) != 6 {
		t.Fatalf("%d approved, among them %+v", len(approved), own)
	}
	st := l.Study
	st.Slug, st.Title = "eigen", "Eigen onderzoek"
	if _, err := l.Store.AddStudy(t.Context(), st, []instrument.Source{own.Source}, *l.clock.Load()); err != nil {
		t.Fatal(err)
	}
	if body := bodyOf(t, l.get(t, workshop, anna)); !strings.Contains(body, "In gebruik") || !strings.Contains(body, "Eigen onderzoek") {
		t.Error("the list does not tell that a study uses it")
	}

	next := l.begin(t, bert, map[string]string{"begin": "bestaand", "van": strings.TrimPrefix(path, workshop+"/")}, "", nil).Header.Get("Location")
	changed, _ := l.textOf(t, next, bert)
	if name, edition, _ := instrument.Head([]byte(changed)); name != "nieuw" || edition != "1.2" {
		t.Errorf("the next version is %s %s", name, edition)
	}
	wantStatus(t, "the edition that is taken", l.save(t, next, bert, text, "1"), http.StatusSeeOther)
	if got := l.step(t, next, bert, 2, "voorleggen", ""); got != http.StatusConflict {
		t.Errorf("proposing an edition that is taken: %d", got)
	}
	diff := bodyOf(t, l.get(t, next+"/verschillen", anna))
	if !strings.Contains(diff, "Van nieuw 1") {
		t.Error("the differences are not those with the approved version")
	}
}

// TestTheStoreLetsNobodyApproveTheirOwn: also without the site, and whoever
// proposed it; the last one who changed a comma counts as its maker.
func TestTheStoreLetsNobodyApproveTheirOwn(t *testing.T) {
	t.Parallel()
	l := newLab(t, 0, "")
	l.as(t, "anna", account.Onderzoeker)
	l.as(t, "bert", account.Projectleider)
	by := func(name string) store.Actor {
		return store.Actor{Kind: event.ByStaff, ID: one[int64](t, l, `select id from staff.account where email like $1`, name+"@%")}
	}
	anna, bert, now := by("anna"), by("bert"), *l.clock.Load()
	id, err := l.Store.AddDraft(t.Context(), store.DraftSave{Text: instrument.Start, By: anna, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	more := append([]byte("# nog iets\n"), instrument.Start...)
	if n, err := l.Store.SaveDraft(t.Context(), store.DraftSave{ID: id, After: 1, Text: more, By: bert, Now: now}); err != nil || n != 2 {
		t.Fatal(n, err)
	}
	if n, err := l.Store.SaveDraft(t.Context(), store.DraftSave{ID: id, After: 1, Text: more, By: bert, Now: now}); err != nil || n != 2 {
		t.Errorf("the same text again makes version %d (%v)", n, err)
	}
	if err := l.Store.ProposeDraft(t.Context(), store.DraftDecision{ID: id, Version: 2, By: store.BySystem, Now: now}); err != nil {
		t.Fatal(err)
	}
	for _, who := range []store.Actor{bert, store.BySystem} {
		if err := l.Store.ApproveDraft(t.Context(), store.DraftDecision{ID: id, Version: 2, By: who, Now: now}); errs.KindOf(err) != errs.Conflict {
			t.Errorf("account %d: %v", who.ID, err)
		}
	}
	if _, err := l.pool.Exec(t.Context(), `update register.draft set stage = 'goedgekeurd', approved = now(), approver = $1`, bert.ID); err == nil {
		t.Error("the database lets it pass")
	}
	if err := l.Store.ApproveDraft(t.Context(), store.DraftDecision{ID: id, Version: 2, By: anna, Now: now}); err != nil {
		t.Error(err)
	}
}

// TestTwoWhoEditLoseNothing: the second to save is shown both texts, and can then
// save; all versions stay.
func TestTwoWhoEditLoseNothing(t *testing.T) {
	t.Parallel()
	l := newLab(t, 0, "")
	anna, bert := l.as(t, "anna", account.Onderzoeker), l.as(t, "bert", account.Projectleider)
	path := l.begin(t, anna, map[string]string{"begin": "bestaand", "van": "ketenpartner-2023"}, "", nil).Header.Get("Location")
	text, after := l.textOf(t, path, anna)
	hers, his := "# van Anna\n"+text, "# van Bert\n"+text
	wantStatus(t, "the first", l.save(t, path, anna, hers, after), http.StatusSeeOther)
	resp := l.save(t, path, bert, strings.ReplaceAll(his, "\n", "\r\n"), after)
	wantStatus(t, "the second", resp, http.StatusConflict)
	page := parsed(t, resp)
	again, from := typed(t, page)
	if again != his || from != "2" {
		t.Error("what was typed is not in the form again")
	}
	if gone, _ := page.First("tr", "class", "gone"); !strings.Contains(gone.Text(), "van Anna") {
		t.Error("the other version is not shown")
	}
	wantStatus(t, "again", l.save(t, path, bert, again, from), http.StatusSeeOther)
	for version, want := range map[int]string{1: text, 2: hers, 3: his} {
		if got := bodyOf(t, l.get(t, fmt.Sprintf("%s/versies/%d.yaml", path, version), anna)); got != want {
			t.Errorf("version %d is %.30q", version, got)
		}
	}
}

// TestHostileFilesMakeNoQuestionnaire posts what is no questionnaire.
func TestHostileFilesMakeNoQuestionnaire(t *testing.T) {
	t.Parallel()
	l := newLab(t, 0, "")
	anna := l.as(t, "anna", account.Onderzoeker)
	for name, content := range map[string]string{
		"leeg.yaml": "", "nul.yaml": "a\x00b", "latin.yaml": "titel: \xe9\xe9n", "groot.yaml": strings.Repeat("#", 1<<20+1), "archief.lsa": "PK\x03\x04" + strings.Repeat("\x00", 40),
		"dtd.lss": `<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><document>&x;</document>`,
	} {
		resp := l.begin(t, anna, map[string]string{"begin": "bestand"}, name, []byte(content))
		if _, said := parsed(t, resp).First("h2", "id", "fout-kop"); resp.StatusCode != http.StatusUnprocessableEntity || !said {
			t.Errorf("%s: %d", name, resp.StatusCode)
		}
	}
	if n := one[int](t, l, `select count(*) from register.draft`); n != 0 {
		t.Errorf("%d drafts were made", n)
	}
	resp := l.begin(t, anna, map[string]string{"begin": "bestand"}, "../../<script>.yaml", instrument.Start)
	wantStatus(t, "a strange name", resp, http.StatusSeeOther)
	if body := bodyOf(t, l.get(t, resp.Header.Get("Location"), anna)); strings.Contains(body, "<script>.") || strings.Contains(body, "../") {
		t.Error("the name of the file is shown as it came")
	}
}

// TestAPreviewFollowsTheRoutingAndKeepsNothing plays a draft: what was answered
// decides what is asked next, also on the way back.
func TestAPreviewFollowsTheRoutingAndKeepsNothing(t *testing.T) {
	t.Parallel()
	l := newLab(t, 0, "")
	anna := l.as(t, "anna", account.Onderzoeker)
	path := l.begin(t, anna, map[string]string{"begin": "leeg"}, "", nil).Header.Get("Location")
	outer := l.get(t, path+"/voorbeeld", anna)
	if _, framed := parsed(t, outer).First("iframe", "src", path+"/voorbeeld/vragen"); !framed || !strings.Contains(outer.Header.Get("Content-Security-Policy"), "frame-src 'self'") {
		t.Error("the preview is not framed")
	}
	before := l.database(t)
	play := func(form htmltest.Form, set ...string) htmltest.Node {
		t.Helper()
		for i := 0; i+1 < len(set); i += 2 {
			form.Values.Set(set[i], set[i+1])
		}
		return parsed(t, l.post(t, path+"/voorbeeld/vragen", anna, form.Values))
	}
	asked := func(page htmltest.Node, want string) htmltest.Form {
		t.Helper()
		if h, _ := page.First("h1"); !strings.Contains(h.Text(), want) {
			t.Errorf("the page is about %q, want %q", h.Text(), want)
		}
		return page.PostForm(t)
	}
	first := asked(parsed(t, l.get(t, path+"/voorbeeld/vragen", anna)), "Wat is uw functie?")
	second := asked(play(first, "a1", "2", "actie", "volgende"), "Werkt u samen")
	third := asked(play(second, "a2", "1", "actie", "volgende"), "Met welke organisaties")
	back := asked(play(third, "a3", "De <school>", "actie", "vorige"), "Werkt u samen")
	end := play(back, "a2", "2", "actie", "volgende")
	asked(end, "laatste vraag")
	if text := end.Text(); !strings.Contains(text, "Beleidsmedewerker") || strings.Contains(text, "De <school>") {
		t.Error("the end does not tell what was answered, or tells what was not asked")
	}
	open := asked(play(asked(parsed(t, l.get(t, path+"/voorbeeld/vragen", anna)), "Wat is uw functie?"), "actie", "volgende"), "Wat is uw functie?")
	asked(play(open, "actie", "volgende"), "Werkt u samen")
	for _, more := range []string{"/papier", "/codeboek", "/limesurvey", "/limesurvey.lss", "/limesurvey.txt"} {
		wantStatus(t, more, l.get(t, path+more, anna), http.StatusOK)
	}
	if before != l.database(t) {
		t.Error("the preview kept something")
	}
}
