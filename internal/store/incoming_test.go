package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/store"
)

var mailKeys = mail.Keys{Secret: []byte("zestien tekens!!"), Domain: "uitvraag.example"}

// report is a mail as servers write it, about a message; {bounce} in it is where
// reports about the message go.
func report(t testing.TB, name, id string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "mail", "testdata", "incoming", name+".eml"))
	if err != nil {
		t.Fatal(err)
	}
	return []byte(strings.NewReplacer("{bounce}", mailKeys.ReturnPath(id), "{unsubscribe}", mailKeys.UnsubscribeAddress(id), "\n", "\r\n").Replace(string(text)))
}

// arrive keeps a mail as it came in.
func (f *field) arrive(t testing.TB, data []byte) bool {
	t.Helper()
	added, err := f.Store.AddIncoming(t.Context(), mailKeys.Read(data), fixture.Now)
	if err != nil {
		t.Fatal(err)
	}
	return added
}

// An outcome is what a mail that came in did to message, contact and unit.
type outcome struct {
	State   string // of the message
	Bounced bool   // the contact
	Events  string // that were added to the unit
	Open    bool   // somebody has to look
	Effect  string // begins so
}

func TestWhatComesBackDoesWhatItShouldAndNoMore(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]outcome{
		"postfix_failed":     {store.Returned, true, "onbestelbaar", true, "Mail naar dit adres komt niet aan. Wij mailen het adres niet meer. Er is geen ander contact"},
		"exim_old":           {store.Returned, true, "onbestelbaar", true, "Mail naar dit adres komt niet aan. "},
		"exchange_unknown":   {store.Returned, true, "onbestelbaar", true, "Mail naar dit adres komt niet aan. "},
		"exchange_text_only": {store.Returned, true, "onbestelbaar", true, "Mail naar dit adres komt niet aan. "},
		"gmail_unknown":      {store.Returned, true, "onbestelbaar", true, "Mail naar dit adres komt niet aan. "},
		"qmail":              {store.Returned, true, "onbestelbaar", true, "Mail naar dit adres komt niet aan. "},
		"exim_failed":        {store.Sent, false, "", false, "Niet bezorgd, maar dat kan vanzelf overgaan. Dit was keer 1 van 3"},
		"postfix_expired":    {store.Sent, false, "", false, "Niet bezorgd"},
		"postfix_delayed":    {store.Sent, false, "", false, "De bezorging duurt langer."},
		"exim_delayed":       {store.Sent, false, "", false, "De bezorging duurt langer."},
		"gmail_delayed":      {store.Sent, false, "", false, "De bezorging duurt langer."},
		"postfix_relayed":    {store.Sent, false, "", false, "Bezorgd."},
		"exchange_policy":    {store.Sent, false, "", true, "De ontvanger weigert onze mail volgens zijn regels."},
		"forged_report":      {store.Sent, false, "", true, "Hoort bij geen van onze berichten."},
		"ooo_exchange_nl":    {store.Sent, false, "automatisch antwoord", true, "Er is niets gewijzigd."},
		"ooo_gmail_nl":       {store.Sent, false, "automatisch antwoord", true, "Er is niets gewijzigd."},
		"read_receipt":       {store.Sent, false, "", true, "Hoort bij geen van onze berichten."},
		"reply":              {store.Sent, false, "", true, ""},
		"unsubscribe":        {store.Sent, false, "afgemeld", false, "Afgemeld"},
		"unsubscribe_forged": {store.Sent, false, "", true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newField(t, 1)
			c := f.contactOf(t, "PO9001", "jan@gemeente.example")
			data := report(t, name, f.mail(t, c, store.Sent, "uitnodiging"))
			before := f.everything(t)
			if !f.arrive(t, data) {
				t.Fatal("it is not kept")
			}
			got := outcome{State: one[string](t, f, `select state from field.message`), Bounced: one[bool](t, f, `select bounced is not null from contact.contact where id = $1`, c),
				Events: one[string](t, f, `select coalesce(string_agg(kind, ', ' order by id), '') from field.event where kind not in ('opgenomen', 'link')`),
				Open:   one[bool](t, f, `select handled is null from contact.incoming`), Effect: one[string](t, f, `select effect from contact.incoming`)}
			if strings.HasPrefix(got.Effect, want.Effect) && (want.Effect != "" || got.Effect == "") {
				got.Effect = want.Effect
			}
			if got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
			if text := one[string](t, f, `select coalesce(string_agg(m::text, ''), '') from field.message m`) + one[string](t, f, `select string_agg(e::text, '') from field.event e`); strings.Contains(text, "jan@") {
				t.Errorf("an address stands in %s", text)
			}
			after := f.everything(t)
			if after == before {
				t.Error("nothing was kept")
			}
			if f.arrive(t, data) || f.everything(t) != after {
				t.Error("the same mail again changes something")
			}
		})
	}
}

func TestABounceSendsTheStepToTheNextContact(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	c := f.contactOf(t, "PO9001", "jan@gemeente.example")
	f.exec(t, `insert into contact.contact (unit, name, email, source, added) select unit, 'Piet', 'piet@gemeente.example', 'register', added from contact.contact where id = $1`, c)
	id := f.mail(t, c, store.Unsure, "uitnodiging")
	f.arrive(t, report(t, "postfix_failed", id))
	if got := one[string](t, f, `select effect from contact.incoming where handled is not null`); !strings.HasSuffix(got, "De stap gaat naar het volgende contact.") {
		t.Errorf("the effect is %s", got)
	}
	u, err := f.Store.Approach(t.Context(), one[int64](t, f, `select unit from contact.contact where id = $1`, c))
	if err != nil {
		t.Fatal(err)
	}
	f.Study.Released = fixture.Opens
	d := f.Study.Field().Due(u, fixture.Now)
	if !d.Due || d.Step.ID != "uitnodiging" || d.Contact == c {
		t.Errorf("due is %+v", d)
	}
	// The same address fails again, for a mail of the day before: no second event.
	f.arrive(t, report(t, "exchange_unknown", f.mail(t, c, store.Sent, "")))
	if n := f.events(t, "PO9001", event.Bounced); n != 1 {
		t.Errorf("%d events", n)
	}
}

func TestAFullMailboxIsBelievedTheThirdTime(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	c := f.contactOf(t, "PO9001", "jan@swv.example")
	bounced := func() bool {
		return one[bool](t, f, `select bounced is not null from contact.contact where id = $1`, c)
	}
	for i := range 3 {
		id := f.mail(t, c, store.Sent, "")
		for _, change := range []string{"", "X-Copy: once more\r\n"} { // a server may tell twice
			if bounced() {
				t.Fatalf("bounced after %d", i)
			}
			f.arrive(t, append([]byte(change), report(t, "exim_failed", id)...))
			if i == 2 {
				break
			}
		}
	}
	if !bounced() || f.events(t, "PO9001", event.Bounced) != 1 || one[int](t, f, `select count(*) from field.message where state = 'onbestelbaar'`) != 1 {
		t.Error("three messages to a full mailbox are not believed")
	}
}

func TestABounceOfAnAddressThatWasReplacedSaysNothingOfTheNewOne(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	c := f.contactOf(t, "PO9001", "oud@gemeente.example")
	id := f.mail(t, c, store.Sent, "uitnodiging")
	f.exec(t, `update contact.contact set email = 'nieuw@gemeente.example' where id = $1`, c)
	f.arrive(t, report(t, "postfix_failed", id))
	if one[bool](t, f, `select bounced is not null from contact.contact where id = $1`, c) || one[string](t, f, `select state from field.message`) != store.Returned {
		t.Error("the new address is marked, or the old message is not")
	}
}

// Standards 5C, row 22.
func TestAStormOfAutomaticRepliesKeepsNobodyBusy(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	id := f.mail(t, f.contactOf(t, "PO9001", "jan@gemeente.example"), store.Sent, "uitnodiging")
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for i := range 50 {
				f.arrive(t, append(fmt.Appendf(nil, "X-Number: %d\r\n", worker*50+i), report(t, "ooo_exchange_nl", id)...))
				f.arrive(t, append(fmt.Appendf(nil, "X-Number: %d\r\n", worker*50+i), report(t, "looped", id)...))
			}
		})
	}
	wg.Wait()
	if n := one[int](t, f, `select count(*) from contact.incoming`); n != 400 {
		t.Errorf("%d mails are kept", n)
	}
	if n := one[int](t, f, `select count(*) from contact.incoming where handled is null`); n > 5 {
		t.Errorf("%d mails wait for a person", n)
	}
	if n := f.events(t, "PO9001", event.AutoReply); n != 1 {
		t.Errorf("%d events", n)
	}
	if n := one[int](t, f, `select count(*) from field.message`); n != 1 {
		t.Error("a machine was answered")
	}
}

func TestArrivalsAreHandledByThoseOfTheStudy(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	id := f.mail(t, f.contactOf(t, "PO9001", "jan@gemeente.example"), store.Sent, "uitnodiging")
	f.arrive(t, report(t, "ooo_exchange_nl", id))
	f.arrive(t, report(t, "reply", id)) // belongs to no message
	f.arrive(t, report(t, "postfix_delayed", id))
	open, n, err := f.Store.Arrivals(t.Context(), f.Study.ID, false, 0, 10)
	if err != nil || n != 2 || len(open) != 2 {
		t.Fatalf("%d of %d open, %v", len(open), n, err)
	}
	ooo := open[1]
	if ooo.Kind != mail.AutoReply || ooo.UnitCode != "PO9001" || ooo.Contact != "H. Jansen" || !strings.Contains(ooo.Text, "Zoë") || open[0].UnitCode != "" || open[0].Sender != "Jan Coëlho <jan@gemeente.example>" {
		t.Errorf("open are %+v", open)
	}
	if done, n, err := f.Store.Arrivals(t.Context(), f.Study.ID, true, 0, 10); err != nil || n != 1 || done[0].Bounce != "delayed" || done[0].By != "" {
		t.Errorf("done are %+v (%v)", done, err)
	}
	if other, n, err := f.Store.Arrivals(t.Context(), f.Study.ID+1, false, 0, 10); err != nil || n != 1 || other[0].UnitCode != "" {
		t.Errorf("another study sees %+v (%v)", other, err)
	}
	token, err := f.Store.AddLogin(t.Context(), account.Account{Email: "els@example.nl", Name: "Els", Role: account.Veldwerker}, store.BySystem, fixture.Now)
	if err != nil || token == "" {
		t.Fatal(err)
	}
	els := store.Actor{Kind: event.ByStaff, ID: one[int64](t, f, `select id from staff.account`)}
	wantKind(t, "in another study", f.Store.HandleArrival(t.Context(), f.Study.ID+1, ooo.ID, true, els, fixture.Now), errs.NotFound)
	if err := f.Store.HandleArrival(t.Context(), f.Study.ID, ooo.ID, true, els, fixture.Now.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if done, _, err := f.Store.Arrivals(t.Context(), f.Study.ID, true, 0, 10); err != nil || len(done) != 2 || done[1].By != "Els" && done[0].By != "Els" {
		t.Errorf("done are %+v (%v)", done, err)
	}
	if err := f.Store.HandleArrival(t.Context(), f.Study.ID, ooo.ID, false, els, fixture.Now); err != nil {
		t.Fatal(err)
	}
	if _, n, _ := f.Store.Arrivals(t.Context(), f.Study.ID, false, 0, 10); n != 2 {
		t.Errorf("%d open", n)
	}
}

func TestOneAtATimeReadsTheMailbox(t *testing.T) {
	t.Parallel()
	f := newField(t, 0)
	ran, err := f.Store.Alone(t.Context(), "x", func() error {
		again, err := f.Store.Alone(t.Context(), "x", func() error { t.Error("two at once"); return nil })
		if again || err != nil {
			t.Errorf("%v, %v", again, err)
		}
		other, err := f.Store.Alone(t.Context(), "y", func() error { return nil })
		if !other {
			t.Error("another name waits")
		}
		return err
	})
	if !ran || err != nil {
		t.Errorf("%v, %v", ran, err)
	}
	if ran, err := f.Store.Alone(t.Context(), "x", func() error { return nil }); !ran || err != nil {
		t.Errorf("afterwards: %v, %v", ran, err)
	}
}

// FuzzIncoming keeps whatever comes in, and lets only what is signed change
// anything else.
func FuzzIncoming(f *testing.F) {
	field := newField(f, 1)
	c := field.contactOf(f, "PO9001", "jan@gemeente.example")
	id := field.mail(f, c, store.Sent, "uitnodiging")
	for _, name := range []string{"postfix_failed", "exchange_policy", "ooo_gmail_nl", "reply", "unsubscribe_forged", "forged_report"} {
		f.Add(report(f, name, id))
		f.Add(report(f, name, "m9"))
	}
	state := func(t testing.TB) string {
		return one[string](t, field, `select (select string_agg(m::text, '') from field.message m) || (select string_agg(c::text, '') from contact.contact c) || (select count(*) from field.event) || (select count(*) from contact.suppressed)`)
	}
	before := state(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		in := mailKeys.Read(data)
		if _, err := field.Store.AddIncoming(t.Context(), in, fixture.Now); err != nil {
			t.Fatal(err)
		}
		after := state(t)
		if in.ID == "" && after != before {
			t.Errorf("a mail without a signature changes %s into %s", before, after)
		}
		before = after
	})
}
