package store_test

import (
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
)

func (f *field) state(t testing.TB, key string) answer.Values {
	t.Helper()
	state, rebuilt, err := f.Store.Rebuilt(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(state, rebuilt); diff != "" {
		t.Errorf("the log does not lead to the state (-state +log):\n%s", diff)
	}
	return state
}

func TestTwoThatEnterTogetherShareOneResponse(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	l := f.link(t, "swv", 0)
	const n = 6
	var sessions, keys [n]string
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			var err error
			if sessions[i], keys[i], err = f.Store.Enter(t.Context(), l, "2026", "", fixture.Now); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := one[int](t, f, `select count(*) from answer.response`); got != 1 {
		t.Fatalf("%d responses", got)
	}
	for i := range n {
		if _, _, err := f.Store.Granted(t.Context(), sessions[i], keys[0], fixture.Now); err != nil {
			t.Errorf("session %d: %v", i, err)
		}
	}
}

func TestASessionHoldsWhatItWasGrantedAndNothingElse(t *testing.T) {
	t.Parallel()
	f := newField(t, 2)
	session, mine := f.enter(t, "swv", 0)
	_, theirs := f.enter(t, "swv", 1)
	_, _, err := f.Store.Granted(t.Context(), session, theirs, fixture.Now)
	wantKind(t, "another's response", err, errs.NotFound)
	for _, strange := range []string{"", "x", "' or true --", session} {
		_, _, err := f.Store.Granted(t.Context(), session, strange, fixture.Now)
		wantKind(t, strange, err, errs.NotFound)
	}
	second, _, err := f.Store.Enter(t.Context(), f.link(t, "gemeente", 0), "2026", session, fixture.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := f.Store.Granted(t.Context(), second, mine, fixture.Now); err != nil {
		t.Errorf("entering a second questionnaire shut the first: %v", err)
	}
	third, _, err := f.Store.Enter(t.Context(), f.link(t, "gemeente", 0), "2026", session, fixture.Now) // a second press of the same button
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := f.Store.Granted(t.Context(), third, mine, fixture.Now); err != nil {
		t.Errorf("a second press shut the first questionnaire: %v", err)
	}
	_, _, err = f.Store.Granted(t.Context(), session, mine, fixture.Now.Add(time.Minute))
	wantKind(t, "the session before it was renewed, a minute later", err, errs.NotFound)
}

func TestASessionEndsAfterEightIdleHours(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	session, key := f.enter(t, "swv", 0)
	now := fixture.Now
	for range 5 { // each visit within the limit keeps it alive
		now = now.Add(store.SessionIdle - time.Second)
		if _, _, err := f.Store.Granted(t.Context(), session, key, now); err != nil {
			t.Fatalf("after %v: %v", now.Sub(fixture.Now), err)
		}
	}
	_, _, err := f.Store.Granted(t.Context(), session, key, now.Add(store.SessionIdle+time.Second))
	wantKind(t, "after eight idle hours", err, errs.NotFound)
	later := now.Add(store.SessionIdle + time.Second)
	other, _, err := f.Store.Enter(t.Context(), f.link(t, "gemeente", 0), "2026", session, later)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = f.Store.Granted(t.Context(), other, key, later)
	wantKind(t, "an expired session's grant after renewal", err, errs.NotFound)
	if n, err := f.Store.Sweep(t.Context(), later); err != nil || n != 1 {
		t.Errorf("%d sessions swept (%v), want the expired one", n, err)
	}
	if n, err := f.Store.Sweep(t.Context(), later.Add(9*time.Hour)); err != nil || n != 1 {
		t.Errorf("%d sessions swept (%v), want 1", n, err)
	}
	if one[int](t, f, `select count(*) from answer.granted`) != 0 || one[int](t, f, `select count(*) from answer.response`) != 2 {
		t.Error("sweeping must remove what was granted and keep the responses")
	}
}

func TestARequestIsSavedOnce(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	_, key := f.enter(t, "swv", 0)
	p, values := f.firstPage("swv")
	in := f.saveOf("swv", key, p.ID, values)
	first := f.save(t, in)
	before := f.everything(t)
	again := f.save(t, in)
	if !again.Repeat || again.Response.Version != first.Response.Version {
		t.Errorf("a second time: repeat %v, version %d after %d", again.Repeat, again.Response.Version, first.Response.Version)
	}
	if diff := cmp.Diff(before, f.everything(t)); diff != "" {
		t.Errorf("a repeat stored something:\n%s", diff)
	}
	var wg sync.WaitGroup
	in = f.saveOf("swv", key, p.ID, answers(p, 1))
	for range 6 {
		wg.Go(func() {
			if _, err := f.Store.SavePage(t.Context(), in); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := one[int](t, f, `select count(*) from answer.save`); n != 2 {
		t.Errorf("%d saves in the log, want 2", n)
	}
	f.state(t, key)
}

func TestAPageThatIsPostedEmptyStartsNothing(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	_, key := f.enter(t, "swv", 0)
	p, _ := f.firstPage("swv")
	saved := f.save(t, f.saveOf("swv", key, p.ID, answer.Values{}))
	if !saved.Response.Started.IsZero() || saved.Response.Saved.IsZero() {
		t.Errorf("started %v, saved %v", saved.Response.Started, saved.Response.Saved)
	}
	if state := f.state(t, key); len(state) == 0 {
		t.Error("what was seen and left open is not kept")
	}
	if u := f.unit(t, "swv", "PO9001"); !u.Started.IsZero() {
		t.Errorf("the unit started: %+v", u)
	}
	_, err := f.Store.Submit(t.Context(), key, f.Forms["swv"], respondent(1), answer.Web, "", fixture.Now)
	wantKind(t, "sending nothing", err, errs.Invalid)
	if n := one[int](t, f, `select count(*) from answer.submission`); n != 0 {
		t.Errorf("%d submissions of nothing", n)
	}
	fill(t, f, "swv", key)
	if n := one[int](t, f, `select count(*) from field.event where kind = 'begonnen'`); n != 1 {
		t.Errorf("%d events that it started, want 1", n)
	}
}

func TestAConflictChangesNothingAndForgetsNothing(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	_, key := f.enter(t, "swv", 0)
	p, theirs := f.firstPage("swv")
	a := f.saveOf("swv", key, p.ID, theirs)
	a.Rendered = 0
	f.save(t, a)
	b := f.saveOf("swv", key, p.ID, answers(p, 1))
	b.Rendered, b.Now = 0, fixture.Now.Add(time.Hour)
	saved := f.save(t, b)
	if len(saved.Conflicts) == 0 || !saved.Others.Equal(fixture.Now) {
		t.Fatalf("conflicts %v, the other saved at %v", saved.Conflicts, saved.Others)
	}
	state := f.state(t, key)
	for name, value := range theirs {
		if state[name] != value {
			t.Errorf("%s went from %s to %s", name, value, state[name])
		}
	}
	if n := one[int](t, f, `select jsonb_array_length(refused) from answer.save order by version desc limit 1`); n == 0 {
		t.Error("what lost the conflict is not in the log")
	}
}

func TestClosingHasGraceAndThenEnds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		at     time.Time
		kind   errs.Kind
		late   bool
		refuse bool
	}{
		{"before opening", fixture.Opens.Add(-time.Second), errs.Forbidden, false, true},
		{"at opening", fixture.Opens, 0, false, false},
		{"just before closing", fixture.Closes.Add(-time.Microsecond), 0, false, false},
		{"at closing", fixture.Closes, 0, true, false},
		{"in the last moment of grace", fixture.Closes.Add(study.Grace - time.Microsecond), 0, true, false},
		{"after grace", fixture.Closes.Add(study.Grace), errs.Gone, false, true},
	}
	f := newField(t, len(tests))
	for i, tt := range tests {
		_, key := f.enter(t, "swv", i)
		p, values := f.firstPage("swv")
		in := f.saveOf("swv", key, p.ID, values)
		in.Now = tt.at
		_, err := f.Store.SavePage(t.Context(), in)
		if tt.refuse {
			wantKind(t, "save "+tt.name, err, tt.kind)
			if len(f.state(t, key)) != 0 {
				t.Errorf("%s: something was stored", tt.name)
			}
			fill(t, f, "swv", key)
		} else if err != nil {
			t.Errorf("save %s: %v", tt.name, err)
		}
		r, err := f.Store.Submit(t.Context(), key, f.Forms["swv"], respondent(1), answer.Web, "", tt.at)
		if tt.refuse {
			wantKind(t, "send "+tt.name, err, tt.kind)
			continue
		}
		if err != nil || r.Late != tt.late {
			t.Errorf("send %s: late %v, %v", tt.name, r.Late, err)
		}
	}
	if n := one[int](t, f, `select count(*) from answer.submission where late`); n != 2 {
		t.Errorf("%d late submissions, want 2", n)
	}
}

func TestSendingTwiceGivesTheSameReceipt(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	_, key := f.enter(t, "swv", 0)
	fill(t, f, "swv", key)
	const n = 6
	var receipts [n]string
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			r, err := f.Store.Submit(t.Context(), key, f.Forms["swv"], respondent(1), answer.Web, "", fixture.Now)
			if err != nil {
				t.Error(err)
			}
			receipts[i] = r.Receipt
		})
	}
	wg.Wait()
	for _, r := range receipts {
		if r == "" || r != receipts[0] {
			t.Errorf("receipts %v", receipts)
			break
		}
	}
	for _, table := range []string{"answer.submission", "answer.coverage where counting", "field.event where kind = 'verstuurd'"} {
		if got := one[int](t, f, `select count(*) from `+table); got != 1 {
			t.Errorf("%d rows in %s, want 1", got, table)
		}
	}
	p, _ := f.firstPage("swv")
	_, err := f.Store.SavePage(t.Context(), f.saveOf("swv", key, p.ID, answers(p, 1)))
	wantKind(t, "saving after sending", err, errs.Conflict)
}

func TestACorrectionIsANewRevision(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	_, key := f.enter(t, "swv", 0)
	fill(t, f, "swv", key)
	first := submit(t, f, "swv", key, fixture.Now)
	if _, err := f.Store.Reopen(t.Context(), key, respondent(1), fixture.Now); err != nil {
		t.Fatal(err)
	}
	p, _ := f.firstPage("swv")
	changed := answers(p, 1)
	f.save(t, f.saveOf("swv", key, p.ID, changed))
	rows, err := f.Store.Filled(t.Context(), f.Study.ID, "swv")
	if err != nil || len(rows) != 1 || rows[0].Revision != 1 {
		t.Fatalf("while it is corrected the first submission counts: %+v, %v", rows, err)
	}
	second := submit(t, f, "swv", key, fixture.Now.Add(time.Hour))
	if second.Receipt == first.Receipt || second.Revision != 2 {
		t.Errorf("second receipt %s, revision %d", second.Receipt, second.Revision)
	}
	rows, err = f.Store.Filled(t.Context(), f.Study.ID, "swv")
	if err != nil || len(rows) != 1 || rows[0].Revision != 2 {
		t.Fatalf("%+v, %v", rows, err)
	}
	for name, value := range changed {
		if rows[0].Answers[name] != value {
			t.Errorf("%s is %q in the data, want %q", name, rows[0].Answers[name], value)
		}
	}
	_, err = f.Store.Reopen(t.Context(), key, respondent(1), fixture.Closes)
	wantKind(t, "reopening after closing", err, errs.Gone)
}

func TestAnOwnSubmissionTakesOverFromACoveringOne(t *testing.T) {
	t.Parallel()
	f := newField(t, 3)
	p, values := f.firstPage("swv")
	rows := []form.FileRow{{Line: 2, Unit: "PO9001", Covers: []string{"PO9002", "PO9003"}, Mode: answer.Web, Status: answer.Submitted, Answers: values}}
	if problems, err := f.Store.ImportResponses(t.Context(), f.Study, "swv", f.Forms["swv"], rows, store.BySystem, fixture.Now); err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	if u := f.unit(t, "swv", "PO9002"); !u.Covered || u.Status != "submitted" {
		t.Errorf("covered unit %+v", u)
	}
	_, key := f.enter(t, "swv", 1)
	f.save(t, f.saveOf("swv", key, p.ID, values))
	submit(t, f, "swv", key, fixture.Now)
	if u := f.unit(t, "swv", "PO9002"); u.Covered || u.Status != "submitted" {
		t.Errorf("after its own submission: %+v", u)
	}
	if n := one[int](t, f, `select max(n) from (select count(*) as n from answer.coverage where counting group by unit) c`); n != 1 {
		t.Errorf("%d counting responses for one unit", n)
	}
	if n := one[int](t, f, `select count(*) from answer.coverage`); n != 4 {
		t.Errorf("%d rows of coverage, want 4: history stays", n)
	}
	filled, err := f.Store.Filled(t.Context(), f.Study.ID, "swv")
	if err != nil || len(filled) != 2 {
		t.Fatal(filled, err)
	}
	if diff := cmp.Diff([]string{"PO9003"}, filled[0].Covers); diff != "" {
		t.Errorf("covered units in the data (-want +got):\n%s", diff)
	}
	units, done, err := f.Store.Progress(t.Context(), f.Study.ID)
	if err != nil || done != 3 || units != 6 {
		t.Errorf("%d of %d done, want 3 of 6 (%v)", done, units, err)
	}
}

func TestImportedResponsesAreAllOrNothing(t *testing.T) {
	t.Parallel()
	f := newField(t, 2)
	before := f.everything(t)
	_, values := f.firstPage("swv")
	good := form.FileRow{Line: 2, Unit: "po 90-01", Mode: answer.Web, Status: answer.Submitted, Answers: values}
	bad := map[string]form.FileRow{
		"unknown unit":        {Line: 3, Unit: "PO1234", Answers: values},
		"no code":             {Line: 3, Unit: "Utrecht", Answers: values},
		"same unit twice":     {Line: 3, Unit: "PO9001", Answers: values},
		"covers unknown":      {Line: 3, Unit: "PO9002", Covers: []string{"PO1234"}, Answers: values},
		"covers itself":       {Line: 3, Unit: "PO9002", Covers: []string{"PO9002"}, Answers: values},
		"of another kind":     {Line: 3, Unit: "GM9001", Answers: values},
		"unit with NUL in it": {Line: 3, Unit: "\x00", Answers: values},
	}
	for name, row := range bad {
		row.Mode, row.Status = answer.Web, answer.Submitted
		problems, err := f.Store.ImportResponses(t.Context(), f.Study, "swv", f.Forms["swv"], []form.FileRow{good, row}, store.BySystem, fixture.Now)
		if err != nil || len(problems) != 1 || problems[0].Line != 3 {
			t.Errorf("%s: problems %v, %v", name, problems, err)
		}
	}
	if diff := cmp.Diff(before, f.everything(t)); diff != "" {
		t.Errorf("something was stored:\n%s", diff)
	}
	if problems, err := f.Store.ImportResponses(t.Context(), f.Study, "swv", f.Forms["swv"], []form.FileRow{good}, store.BySystem, fixture.Now); err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	problems, err := f.Store.ImportResponses(t.Context(), f.Study, "swv", f.Forms["swv"], []form.FileRow{good}, store.BySystem, fixture.Now)
	if err != nil || len(problems) != 1 {
		t.Errorf("a second time: %v, %v", problems, err)
	}
}

// TestTheStateFollowsFromTheLog lets several people save random pages at once,
// some from stale versions, and rebuilds every response.
func TestTheStateFollowsFromTheLog(t *testing.T) {
	t.Parallel()
	f := newField(t, 3)
	var keys [3]string
	for i := range keys {
		_, keys[i] = f.enter(t, "gemeente", i)
	}
	pages := f.Forms["gemeente"].Pages
	var wg sync.WaitGroup
	for person := range 4 {
		wg.Go(func() {
			rnd := rand.New(rand.NewPCG(3, uint64(person)))
			for range 40 {
				p := &pages[rnd.IntN(6)]
				in := f.saveOf("gemeente", keys[rnd.IntN(3)], p.ID, answers(p, rnd.IntN(2)))
				for _, v := range p.Variables() {
					if rnd.IntN(4) == 0 {
						in.Posted[v.Name] = ""
					}
				}
				in.By, in.Rendered, in.Seen = respondent(int64(person+1)), rnd.IntN(20)-1, rnd.IntN(2) == 0
				if _, err := f.Store.SavePage(t.Context(), in); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for _, key := range keys {
		f.state(t, key)
	}
	if n := one[int](t, f, `select count(*) from answer.response r where version <> (select count(*) from answer.save s where s.response = r.id)`); n != 0 {
		t.Errorf("%d responses whose version is not the number of their saves", n)
	}
}

func TestTheLogCannotBeChanged(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	_, key := f.enter(t, "swv", 0)
	fill(t, f, "swv", key)
	submit(t, f, "swv", key, fixture.Now)
	for _, table := range []string{"answer.save", "answer.submission", "staff.audit"} {
		for _, sql := range []string{"update %s set at = now()", "delete from %s", "truncate %s cascade"} {
			for _, role := range []string{"", "set local role collect", "set local role fieldwork", "set local role analysis", "set local role audit"} {
				if role == "" && strings.HasPrefix(sql, "truncate") {
					continue // the owner of a table can always empty it
				}
				tx, err := f.pool.Begin(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if _, err := tx.Exec(t.Context(), role); err != nil {
					t.Fatal(err)
				}
				if _, err = tx.Exec(t.Context(), strings.ReplaceAll(sql, "%s", table)); err == nil {
					t.Errorf(sql+" as %q was allowed", table, role)
				}
				_ = tx.Rollback(t.Context()) // it failed already
			}
		}
	}
}

func TestRolesSeeOnlyWhatTheyNeed(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	denied := map[string][]string{
		"analysis": {"select 1 from contact.contact", "select 1 from contact.link", "select 1 from contact.session", "select 1 from answer.granted", "select 1 from answer.save",
			"select 1 from staff.account", "select 1 from staff.audit", "select 1 from field.event", "insert into answer.submission default values", "update answer.response set state = '{}'"},
		"audit": {"select 1 from staff.account", "select 1 from answer.response", "select 1 from contact.contact", "update staff.audit set at = now()"},
		"collect": {"select 1 from staff.account", "select 1 from staff.session", "select 1 from staff.login_link", "select 1 from staff.audit", "update register.unit set name = ''",
			"delete from answer.response", "delete from answer.coverage", "update field.event set note = ''", "delete from contact.link", "delete from contact.contact"},
		"fieldwork": {"select 1 from answer.granted", "select 1 from contact.session", "delete from answer.response", "delete from register.unit", "select 1 from staff.audit", "delete from field.event"},
	}
	for role, statements := range denied {
		for _, sql := range statements {
			tx, err := f.pool.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tx.Exec(t.Context(), "set local role "+role); err != nil {
				t.Fatal(err)
			}
			if _, err = tx.Exec(t.Context(), sql); err == nil {
				t.Errorf("%s may: %s", role, sql)
			}
			_ = tx.Rollback(t.Context()) // it failed already
		}
	}
}

func TestClosingFreezesWhatIsPartialOnce(t *testing.T) {
	t.Parallel()
	f := newField(t, 4)
	fm := f.Forms["swv"]
	fillTo := func(unit int, share float64) string {
		_, key := f.enter(t, "swv", unit)
		shown := fm.Visible(answer.Values{})
		done := 0.0
		for _, p := range shown {
			if p.Question.Kernvraag || done < share*float64(len(shown)) {
				done++
				f.save(t, f.saveOf("swv", key, p.ID, answers(p, 0)))
			}
		}
		return key
	}
	partial := fillTo(0, .9)
	few := fillTo(1, .05)
	sent := fillTo(2, .9)
	submit(t, f, "swv", sent, fixture.Now)
	_, untouched := f.enter(t, "swv", 3)
	for _, at := range []time.Time{fixture.Closes.Add(-time.Second), fixture.Closes, fixture.Closes.Add(study.Grace - time.Second)} {
		if n, err := f.Store.Freeze(t.Context(), f.Study, f.Forms, at); n != 0 || err != nil {
			t.Errorf("at %v: %d frozen, %v", at, n, err)
		}
	}
	after := fixture.Closes.Add(study.Grace)
	if n, err := f.Store.Freeze(t.Context(), f.Study, f.Forms, after); n != 1 || err != nil {
		t.Errorf("%d frozen, %v; want 1", n, err)
	}
	if n, err := f.Store.Freeze(t.Context(), f.Study, f.Forms, after.Add(time.Hour)); n != 0 || err != nil {
		t.Errorf("%d frozen a second time, %v", n, err)
	}
	for key, want := range map[string]string{partial: "partial", few: "", sent: "submitted", untouched: ""} {
		if got := one[string](t, f, `select coalesce(max(b.status), '') from answer.response r left join answer.submission b on b.response = r.id where r.key = $1`, key); got != want {
			t.Errorf("status %q, want %q", got, want)
		}
	}
	if u := f.unit(t, "swv", "PO9001"); !u.Sent.Equal(fixture.Closes) || u.Status != "partial" {
		t.Errorf("frozen unit %+v", u)
	}
	f.reopens(t, partial, after.Add(2*time.Hour))
}

// reopens takes the closing of a study back in which one response was frozen and
// one sent: the first is a draft again, the second stays sent, and the next
// closing freezes the draft once more.
func (f *field) reopens(t *testing.T, partial string, now time.Time) {
	t.Helper()
	filled := func() int {
		all, err := f.Store.Filled(t.Context(), f.Study.ID, "swv")
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	if n := filled(); n != 2 {
		t.Errorf("%d questionnaires in the data after closing, want 2", n)
	}
	until := now.AddDate(0, 0, 7)
	if n, err := f.Store.ReopenStudy(t.Context(), f.Study.ID, until, "te vroeg gesloten", store.BySystem, now); n != 1 || err != nil {
		t.Fatalf("%d drafts again, %v", n, err)
	}
	st, err := f.Store.Study(t.Context(), f.Study.Slug)
	if err != nil || !st.Closes.Equal(until) {
		t.Fatalf("closes %v, %v", st.Closes, err)
	}
	if n := filled(); n != 1 {
		t.Errorf("%d questionnaires in the data while open again, want 1", n)
	}
	if u := f.unit(t, "swv", "PO9001"); u.Status != "" {
		t.Errorf("the unit of the draft counts: %+v", u)
	}
	standing, err := f.Store.Approach(t.Context(), f.unit(t, "swv", "PO9001").ID)
	if err != nil || st.Field().Due(standing, now).Why == "De antwoorden zijn bewaard bij het sluiten." {
		t.Errorf("who can go on is not approached, %v", err)
	}
	if n, err := f.Store.Freeze(t.Context(), st, f.Forms, until.Add(study.Grace)); n != 1 || err != nil {
		t.Errorf("%d frozen at the second closing, %v", n, err)
	}
	if n := one[int](t, f, `select count(*) from answer.submission b join answer.response r on r.id = b.response where r.key = $1`, partial); n != 2 || filled() != 2 {
		t.Errorf("%d submissions, %d in the data", n, filled())
	}
}
