package store_test

import (
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
)

// TestTheClockRemovesWhatIsDue lets the years pass over a study with traces of a
// person, and looks at what is left.
func TestTheClockRemovesWhatIsDue(t *testing.T) {
	t.Parallel()
	x := leaveTrail(t)
	st, err := x.Store.Study(t.Context(), x.Study.Slug)
	if err != nil {
		t.Fatal(err)
	}
	after := func(months int) map[study.Class]int {
		t.Helper()
		now := st.Closes.AddDate(0, months, 1)
		for _, c := range study.DueClasses(st, now) {
			for range 2 { // the second finds nothing
				if _, err := x.Store.Retain(t.Context(), st, c, now); err != nil {
					t.Fatalf("%s after %d months: %v", c, months, err)
				}
			}
		}
		left, err := x.Store.RetentionCounts(t.Context(), st.ID)
		if err != nil {
			t.Fatal(err)
		}
		return left
	}
	if left := after(2); left[study.Messages] == 0 || left[study.Contacts] == 0 {
		t.Errorf("gone too early: %v", left)
	}
	x.exec(t, `update field.message set state = 'verstuurd', done = queued`)
	if left := after(3); left[study.Messages] != 0 || left[study.Contacts] == 0 {
		t.Errorf("after three months: %v", left)
	}
	if left := after(12); left[study.Contacts] != 0 || left[study.Identity] != 0 || left[study.Answers] == 0 {
		t.Errorf("after a year: %v", left)
	}
	if n := one[int](t, x.field, `select count(*) from register.unit where code <> pseudonym or name <> ''`); n != 0 {
		t.Errorf("%d units can still be told", n)
	}
	if rows, err := x.Store.Filled(t.Context(), st.ID, "swv"); err != nil || len(rows) != 1 || rows[0].Unit != rows[0].Pseudo {
		t.Errorf("the answers under a pseudonym: %v, %v", rows, err)
	}
	if left := after(121); left[study.Answers] != 0 {
		t.Errorf("after ten years: %v", left)
	}
	if n := one[int](t, x.field, `select (select count(*) from answer.save) + (select count(*) from answer.response where state <> '{}')`); n != 0 {
		t.Errorf("%d rows with answers are left", n)
	}
	log, err := x.Store.RetentionLog(t.Context(), st.ID)
	if err != nil || len(log) < 4 {
		t.Errorf("the log has %d lines, %v", len(log), err)
	}
	if n, err := x.Store.RetainPlatform(t.Context(), study.Inbox, st.Closes.Add(time.Hour), st.Closes.AddDate(0, 3, 0)); err != nil || n < 1 {
		t.Errorf("%d whole mails went, %v", n, err)
	}
}

// TestADossierHoldsEverythingAndOpensNothing is what a request for access is
// answered with.
func TestADossierHoldsEverythingAndOpensNothing(t *testing.T) {
	t.Parallel()
	x := leaveTrail(t)
	d, err := x.Store.Dossier(t.Context(), 0, x.contact, "Verzoek per brief.", store.BySystem, x.Study.Opens)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range d.Parts {
		for _, row := range p.Rows {
			if len(row) != len(p.Columns) {
				t.Fatalf("%s has %d columns and %d values", p.Title, len(p.Columns), len(row))
			}
		}
		switch p.Title {
		case "Bezoeken", "Contactgegevens", "Persoonlijke links", "Berichten en brieven", "Telefoongesprekken", "Opgeslagen antwoorden", "Verstuurde vragenlijsten", "Waar u wordt genoemd", "Ingebouwd postvak", "Logboek":
			if len(p.Rows) == 0 {
				t.Errorf("nothing in %s", p.Title)
			}
		}
	}
	lines, total, err := x.Store.AuditLines(t.Context(), store.AuditQuery{Action: "inzage gegeven", Limit: 10})
	if err != nil || total != 1 || lines[0].Detail["reden"] != "Verzoek per brief." {
		t.Errorf("in the log: %v, %v", lines, err)
	}
}

// TestConsentStandsApart: a yes is kept with its words and how to reach who said
// it, and can be taken back.
func TestConsentStandsApart(t *testing.T) {
	t.Parallel()
	x := leaveTrail(t)
	fm := x.Forms["swv"]
	var variable string
	for _, v := range fm.Variables {
		if q := fm.In.Question(v.Question); q != nil && q.AsksConsent() {
			variable = v.Name
		}
	}
	if variable == "" {
		t.Fatal("no question asks consent")
	}
	sent, _, err := x.Store.Submission(t.Context(), x.key)
	if err != nil {
		t.Fatal(err)
	}
	list, err := x.Store.Consents(t.Context(), x.Study.ID)
	if err != nil {
		t.Fatal(err)
	}
	if yes := sent[variable] == "1"; yes != (len(list) == 1) {
		t.Fatalf("the answer is %q, and there are %d consents", sent[variable], len(list))
	}
	if len(list) == 0 {
		return
	}
	if list[0].Name != "Xanthippe Zonderling" || list[0].Question == "" || list[0].Given.IsZero() {
		t.Errorf("%+v", list[0])
	}
	if err := x.Store.WithdrawConsent(t.Context(), x.Study.ID, list[0].ID, store.BySystem, x.Study.Closes); err != nil {
		t.Fatal(err)
	}
	if list, err = x.Store.Consents(t.Context(), x.Study.ID); err != nil || list[0].Withdrawn.IsZero() || list[0].Email != "" {
		t.Errorf("%+v, %v", list, err)
	}
}
