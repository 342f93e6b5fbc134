package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/fixture"
)

// planPost is the form of the plan as the page shows it, with changes.
func planPost(t *testing.T, l *lab, cookie *http.Cookie, changes url.Values) url.Values {
	t.Helper()
	path := "/beheer/" + l.Study.Slug + "/plan/wijzigen"
	form := parsed(t, l.get(t, path, cookie)).FormTo(t, path).Values
	for name, values := range changes {
		form[name] = values
	}
	return form
}

// TestAPlanIsChangedInTheBrowser looks first, keeps, sees it in the history and
// puts it back.
func TestAPlanIsChangedInTheBrowser(t *testing.T) {
	t.Parallel()
	l := newLab(t, 3, "")
	l.addresses(t)
	l.at(fixture.Opens.AddDate(0, 0, -3))
	leader := l.staffCookie(t, account.Projectleider)
	path := "/beheer/" + l.Study.Slug + "/plan/wijzigen"
	post := func(form url.Values) *http.Response {
		return l.do(t, request{method: "POST", path: path, form: form, cookies: []*http.Cookie{leader}})
	}
	wantStatus(t, "a fieldworker", l.get(t, path, l.staffCookie(t, account.Veldwerker)), http.StatusForbidden)

	change := planPost(t, l, leader, url.Values{"dag-herinnering1": {"10"}, "vrij-naam-0": {"studiedag"}, "vrij-van-0": {"2026-11-13"}, "vrij-tot-0": {"2026-11-13"}, "reden": {"sneller"}, "actie": {"bewaar"}})
	resp := post(change)
	wantStatus(t, "keeping what was not shown", resp, http.StatusOK)
	shown := parsed(t, resp)
	for _, want := range []string{"Eerste herinnering: dag van 14 naar 10.", "Dicht: studiedag, vrijdag 13 november 2026.", "6 berichten en gesprekken komen op een andere dag"} {
		if !strings.Contains(shown.Text(), want) {
			t.Errorf("not shown: %s", want)
		}
	}
	if n := one[int](t, l, `select count(*) from register.plan_version`); n != 0 {
		t.Fatal("kept before it was shown")
	}
	form := shown.FormTo(t, path).Values
	form.Set("actie", "bewaar")
	wantStatus(t, "keep", post(form), http.StatusSeeOther)
	st, err := l.Store.Study(t.Context(), l.Study.Slug)
	if err != nil || st.PlanVersion != 1 || st.Plan.Steps[1].Offset != 10 || len(st.Calendar.Extra) != 1 || st.Plan.Gap != 0 {
		t.Fatalf("kept %+v %+v, %v", st.Plan, st.Calendar, err)
	}
	form.Set("dag-herinnering1", "12")
	stale := post(form)
	wantStatus(t, "a form of an older version", stale, http.StatusUnprocessableEntity)
	if body := bodyOf(t, stale); !strings.Contains(body, `value="12"`) || !strings.Contains(body, "intussen gewijzigd") {
		t.Error("what was typed is gone")
	}

	bad := post(planPost(t, l, leader, url.Values{"dag-telefoon": {"11"}, "actie": {"toon"}}))
	wantStatus(t, "a step too soon", bad, http.StatusUnprocessableEntity)
	if n, ok := parsed(t, bad).First("span", "id", "dag-telefoon-fout"); !ok || !strings.Contains(n.Text(), "werkdagen") {
		t.Errorf("nothing beside the field")
	}
	added := parsed(t, post(planPost(t, l, leader, url.Values{"actie": {"erbij:phone:kernvragen"}})))
	if f := added.FormTo(t, path).Values; f.Get("hoe-stap-2-1") != "phone:kernvragen" || f.Get("dag-stap-2-1") != "35" {
		t.Errorf("added: %v", f)
	}

	history := bodyOf(t, l.get(t, "/beheer/"+l.Study.Slug+"/plan/geschiedenis", leader))
	if !strings.Contains(history, "Reden: sneller") || !strings.Contains(history, "?versie=0") {
		t.Error("the history does not tell")
	}
	back := parsed(t, l.get(t, path+"?versie=0", leader)).FormTo(t, path).Values
	back.Set("actie", "bewaar")
	wantStatus(t, "put back", post(back), http.StatusSeeOther)
	if st, err = l.Store.Study(t.Context(), l.Study.Slug); err != nil || st.Plan.Steps[1].Offset != 14 || len(st.Calendar.Extra) != 0 {
		t.Errorf("put back %+v, %v", st.Plan, err)
	}
}
