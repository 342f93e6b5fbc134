package store_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/call"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/store"
)

// fieldworker makes an account and returns its id.
func (f *field) fieldworker(t testing.TB, name string) int64 {
	t.Helper()
	if _, err := f.Store.AddLogin(t.Context(), account.Account{Email: name + "@example.nl", Name: name, Role: account.Veldwerker}, store.BySystem, fixture.Now); err != nil {
		t.Fatal(err)
	}
	return one[int64](t, f, `select id from staff.account where email = $1`, name+"@example.nl")
}

func (f *field) unitID(t testing.TB, audience string, n int) int64 {
	t.Helper()
	return one[int64](t, f, `select id from register.unit where audience = $1 and code = $2`, audience, f.Links[audience][n].Unit)
}

// contact adds a contact with all that can be known of it.
func (f *field) contact(t testing.TB, unit int64, email string) int64 {
	t.Helper()
	id, err := f.Store.AddContact(t.Context(), unit, store.NewContact{Name: "H. Jansen", Role: "directeur", Email: email, Phone: "088 - 000 02 11", Source: "telefoon", SourceDate: fixture.Now, By: store.BySystem, ByName: "S. Bakker", Now: fixture.Now})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func resultOf(t testing.TB, id string) call.Result {
	t.Helper()
	o, ok := call.Find(id)
	if !ok {
		t.Fatalf("no outcome %s", id)
	}
	return call.Result{Outcome: o}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestTwoFieldworkersNeverGetTheSameUnit(t *testing.T) {
	t.Parallel()
	f := newField(t, 8)
	var units []int64
	for n := range 8 {
		units = append(units, f.unitID(t, "swv", n))
	}
	workers := make([]int64, 8)
	for i := range workers {
		workers[i] = f.fieldworker(t, string(rune('a'+i)))
	}
	for round := range 5 {
		now := fixture.Now.Add(time.Duration(round) * time.Second)
		got := make([]int64, len(workers))
		var wg sync.WaitGroup
		for i, account := range workers {
			wg.Go(func() {
				var err error
				if got[i], err = f.Store.Reserve(t.Context(), units, account, now); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		seen := map[int64]bool{}
		for _, unit := range got {
			if unit == 0 || seen[unit] {
				t.Fatalf("round %d: %v", round, got)
			}
			seen[unit] = true
		}
	}
	if n := one[int](t, f, `select count(*) from field.reservation`); n != len(workers) {
		t.Errorf("%d units are reserved for %d people", n, len(workers))
	}
}

func TestAReservationEndsByItselfAndIsKeptWhileCalling(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	unit, a, b := []int64{f.unitID(t, "swv", 0)}, f.fieldworker(t, "a"), f.fieldworker(t, "b")
	reserve := func(account int64, now time.Time) bool {
		t.Helper()
		got, err := f.Store.Reserve(t.Context(), unit, account, now)
		must(t, err)
		return got != 0
	}
	later := fixture.Now.Add(store.Reserved - time.Minute)
	if !reserve(a, fixture.Now) || reserve(b, later) {
		t.Fatal("the unit is not a's for as long as was said")
	}
	if held, err := f.Store.Prolong(t.Context(), unit[0], a, later); err != nil || !held {
		t.Fatalf("prolong: %v, %v", held, err)
	}
	if reserve(b, fixture.Now.Add(store.Reserved+time.Minute)) {
		t.Error("b got a unit that a is calling")
	}
	if held, err := f.Store.Prolong(t.Context(), unit[0], b, later); err != nil || held {
		t.Errorf("b prolonged what is a's: %v", err)
	}
	must(t, f.Store.Free(t.Context(), unit[0], b))
	if reserve(b, later) {
		t.Error("b freed what is a's")
	}
	if !reserve(b, later.Add(store.Reserved+time.Second)) {
		t.Error("a reservation never ends")
	}
}

func TestACallIsRecordedOnceAndWhole(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	unit, worker := f.unitID(t, "swv", 0), f.fieldworker(t, "a")
	contact := f.contact(t, unit, "jansen@example.nl")
	_, err := f.Store.Reserve(t.Context(), []int64{unit}, worker, fixture.Now)
	must(t, err)
	c := store.NewCall{Unit: unit, Contact: contact, Step: "telefoon", Request: "een", Result: resultOf(t, "weigering"), Account: worker, Now: fixture.Now}
	c.Reason, c.Note = "geen_tijd", "Mevrouw Jansen is boos."
	for range 2 {
		must(t, f.Store.AddCall(t.Context(), c))
	}
	if n := one[int](t, f, `select count(*) from field.call`); n != 1 {
		t.Errorf("pressing twice made %d calls", n)
	}
	if note := one[string](t, f, `select note from field.event where kind = 'weigering'`); note != "Geen tijd." {
		t.Errorf("the event says %q; who said what belongs with the contact", note)
	}
	if note := one[string](t, f, `select text from contact.call_note`); note != c.Note {
		t.Errorf("note %q", note)
	}
	if n := one[int](t, f, `select count(*) from field.reservation`); n != 0 {
		t.Error("the unit is still reserved")
	}
	if n := one[int](t, f, `select count(*) from staff.audit where action = 'gebeld' and actor_id = $1`, worker); n != 1 {
		t.Errorf("%d lines in the audit log", n)
	}

	// what fails leaves nothing behind
	f.exec(t, `update contact.contact set bounced = $1 where id = $2`, fixture.Now, contact)
	c.Request, c.Result, c.Note = "twee", resultOf(t, call.SendLink), ""
	before := f.everything(t)
	if err := f.Store.AddCall(t.Context(), c); !errors.Is(err, store.ErrNoMail) {
		t.Errorf("a link to an address that bounced: %v", err)
	}
	if after := f.everything(t); before != after {
		t.Error("a call that was refused left something behind")
	}
	c.Email = "nieuw@example.nl"
	must(t, f.Store.AddCall(t.Context(), c))
	if got := one[string](t, f, `select c.email from field.message m join contact.contact c on c.id = m.contact where m.template = 'link'`); got != c.Email {
		t.Errorf("the link goes to %s", got)
	}
	if n := one[int](t, f, `select count(*) from contact.contact where id = $1 and ended is not null`, contact); n != 1 {
		t.Error("the old address is still in use")
	}
}

func TestACallThatIsTakenBackNeverWas(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	unit, worker := f.unitID(t, "swv", 0), f.fieldworker(t, "a")
	by := store.Actor{Kind: event.ByStaff, ID: worker}
	must(t, f.Store.AddCall(t.Context(), store.NewCall{Unit: unit, Request: "een", Result: resultOf(t, "toegezegd"), Account: worker, Now: fixture.Now}))
	touched := func() int {
		u, err := f.Store.Approach(t.Context(), unit)
		must(t, err)
		return len(u.Touches)
	}
	if touched() != 1 {
		t.Fatal("the ladder does not know of the call")
	}
	id := one[int64](t, f, `select id from field.event where kind = 'toegezegd'`)
	must(t, f.Store.Recall(t.Context(), unit, id, "Verkeerde eenheid", by, fixture.Now.Add(time.Minute)))
	if touched() != 0 {
		t.Error("the ladder still counts a call that was taken back")
	}
	if err := f.Store.Recall(t.Context(), unit, id, "Nog eens", by, fixture.Now); errs.KindOf(err) != errs.Conflict {
		t.Errorf("taken back twice: %v", err)
	}
	listed := one[int64](t, f, `select id from field.event where kind = 'opgenomen' and unit = $1`, unit)
	if err := f.Store.Recall(t.Context(), unit, listed, "x", by, fixture.Now); errs.KindOf(err) != errs.Forbidden {
		t.Errorf("what a machine recorded was taken back: %v", err)
	}
	if err := f.Store.Recall(t.Context(), f.unitID(t, "gemeente", 0), id, "x", by, fixture.Now); errs.KindOf(err) != errs.NotFound {
		t.Errorf("an event of another unit: %v", err)
	}
}

func TestAReplacedContactLosesItsLinksAndKeepsItsPlace(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	unit := f.unitID(t, "swv", 0)
	l := f.link(t, "swv", 0)
	general := f.contact(t, unit, "info@example.nl")
	f.exec(t, `update contact.contact set email = 'oud@example.nl' where id = $1`, l.Contact)
	_, err := f.Store.AddMessage(t.Context(), store.NewMessage{Contact: l.Contact, Template: "link", By: store.BySystem, Now: fixture.Now})
	must(t, err)
	id, err := f.Store.ReplaceContact(t.Context(), unit, l.Contact, store.NewContact{Name: "J. de Vries", Email: "nieuw@example.nl", Source: "telefoon", By: store.BySystem, Now: fixture.Now})
	must(t, err)
	if again := f.link(t, "swv", 0); again.Revoked.IsZero() {
		t.Error("the link of the old contact still works")
	}
	if state := one[string](t, f, `select state from field.message`); state != "ingetrokken" {
		t.Errorf("what waited for the old contact is %s", state)
	}
	u, err := f.Store.Approach(t.Context(), unit)
	must(t, err)
	var order []int64
	for _, c := range u.Contacts {
		if !c.Ended {
			order = append(order, c.ID)
		}
	}
	if len(order) != 2 || order[0] != id || order[1] != general {
		t.Errorf("the order of trying is %v, want %d before %d", order, id, general)
	}
	must(t, f.Store.RaiseContact(t.Context(), unit, general, store.BySystem, fixture.Now))
	u, err = f.Store.Approach(t.Context(), unit)
	must(t, err)
	for _, c := range u.Contacts {
		if !c.Ended {
			if c.ID != general {
				t.Errorf("%d is tried before %d", c.ID, general)
			}
			break
		}
	}
	if _, err := f.Store.ReplaceContact(t.Context(), unit, l.Contact, store.NewContact{Email: "x@example.nl", Now: fixture.Now, By: store.BySystem}); errs.KindOf(err) != errs.NotFound {
		t.Errorf("replaced twice: %v", err)
	}
	if _, err := f.Store.ReplaceContact(t.Context(), f.unitID(t, "gemeente", 0), id, store.NewContact{Now: fixture.Now, By: store.BySystem}); errs.KindOf(err) != errs.NotFound {
		t.Errorf("a contact of another unit: %v", err)
	}
}

func TestNobodyAddsAnAddressByHandThatOptedOut(t *testing.T) {
	t.Parallel()
	f := newField(t, 2)
	unit := f.unitID(t, "swv", 0)
	contact := f.contact(t, unit, "Stil@example.nl")
	id, err := f.Store.AddMessage(t.Context(), store.NewMessage{Contact: contact, Template: "link", By: store.BySystem, Now: fixture.Now})
	must(t, err)
	must(t, f.Store.OptOut(t.Context(), store.MailID(id), "web", fixture.Now))
	before := f.everything(t)
	c := store.NewContact{Name: "H. Jansen", Email: "stil@EXAMPLE.nl", Source: "internet", By: store.BySystem, Now: fixture.Now}
	if _, err := f.Store.AddContact(t.Context(), f.unitID(t, "swv", 1), c); !errors.Is(err, store.ErrSuppressed) {
		t.Errorf("added again: %v", err)
	}
	if _, err := f.Store.ReplaceContact(t.Context(), unit, contact, c); !errors.Is(err, store.ErrSuppressed) {
		t.Errorf("in the place of another: %v", err)
	}
	if before != f.everything(t) {
		t.Error("a refused contact left something behind")
	}
}

func TestAnswersTakenByTelephoneAreMarkedSo(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	unit, worker := f.unitID(t, "swv", 0), f.fieldworker(t, "a")
	by := store.Actor{Kind: event.ByStaff, ID: worker}
	r, err := f.Store.Take(t.Context(), unit, "2026", true, by, fixture.Now)
	must(t, err)
	p, values := f.firstPage("swv")
	in := f.saveOf("swv", r.Key, p.ID, values)
	in.Mode, in.By = answer.Tel, by
	f.save(t, in)
	sent, err := f.Store.Submit(t.Context(), r.Key, f.Forms["swv"], by, answer.Tel, "", fixture.Now)
	must(t, err)
	if got := one[string](t, f, `select status || ' ' || mode || ' ' || actor || ' ' || actor_id from answer.submission`); !strings.HasPrefix(got, "kernvragen tel staff ") {
		t.Errorf("submission: %s", got)
	}
	if got := one[string](t, f, `select mode || ' ' || actor from answer.save limit 1`); got != "tel staff" {
		t.Errorf("the log says %s", got)
	}
	if _, err := f.Store.Take(t.Context(), unit, "2026", true, by, fixture.Now); errs.KindOf(err) != errs.Conflict {
		t.Errorf("taken after %s was sent: %v", sent.Receipt, err)
	}
}

func TestCoverageByStaffCountsUntilItIsWithdrawn(t *testing.T) {
	t.Parallel()
	f := newField(t, 3)
	unit, worker := f.unitID(t, "swv", 1), f.fieldworker(t, "a")
	by := store.Actor{Kind: event.ByStaff, ID: worker}
	if err := f.Store.AddCover(t.Context(), unit, f.Links["swv"][0].Unit, "fusie", by, fixture.Now); errs.KindOf(err) != errs.Invalid {
		t.Fatalf("covered by a questionnaire there is not: %v", err)
	}
	_, key := f.enter(t, "swv", 0)
	p, values := f.firstPage("swv")
	f.save(t, f.saveOf("swv", key, p.ID, values))
	_, err := f.Store.Submit(t.Context(), key, f.Forms["swv"], respondent(1), answer.Web, "", fixture.Now)
	must(t, err)
	for range 2 {
		must(t, f.Store.AddCover(t.Context(), unit, f.Links["swv"][0].Unit, "fusie", by, fixture.Now))
	}
	covers, err := f.Store.Covers(t.Context(), f.Study.ID)
	must(t, err)
	if len(covers) != 1 || !covers[0].Counting || !covers[0].Sent || covers[0].Own {
		t.Fatalf("covers %+v", covers)
	}
	if n := one[int](t, f, `select count(*) from field.event where kind = 'gedekt'`); n != 1 {
		t.Errorf("pressing twice is told %d times", n)
	}
	must(t, f.Store.RefuseClaim(t.Context(), unit, f.Links["swv"][0].Unit, "Toch niet", by, fixture.Now))
	if n := one[int](t, f, `select count(*) from answer.coverage where unit = $1 and counting`, unit); n != 0 {
		t.Error("what was withdrawn still counts")
	}
	if note := one[string](t, f, `select note from field.event where kind = 'claim terug'`); !strings.Contains(note, "Toch niet") {
		t.Errorf("the reason is lost: %q", note)
	}
	if n := one[int](t, f, `select count(*) from staff.audit where action like 'dekking%'`); n != 2 {
		t.Errorf("%d lines in the audit log", n)
	}
}
