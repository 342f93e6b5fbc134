package store_test

import (
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/store"
)

func (f *field) queued(t testing.TB) string {
	t.Helper()
	return one[string](t, f, `select coalesce(string_agg(m.template || ' ' || c.email || ' ' || coalesce(b.extra::text, '') || ' ' || m.state, E'\n' order by m.id), '')
		from field.message m join contact.contact c on c.id = m.contact left join contact.body b on b.message = m.id`)
}

func TestBothSidesOfAForwardGetAMail(t *testing.T) {
	t.Parallel()
	f := newField(t, 2)
	from := f.contactOf(t, "PO9001", "jan@example.nl")
	_, key := f.enter(t, "swv", 0)
	forward := func(email string) store.Forwarding {
		t.Helper()
		out, err := f.Store.ForwardTo(t.Context(), store.Forward{Response: key, From: from, Name: "P. de Vries", Email: email, Now: fixture.Now})
		if err != nil || out.Token == "" {
			t.Fatal(out, err)
		}
		return out
	}
	if forward("piet@example.nl").Mailed || f.queued(t) != "" {
		t.Errorf("a study that was not released mails %s", f.queued(t))
	}
	f.exec(t, `update register.study set released = $1`, fixture.Now)
	if !forward("els@example.nl").Mailed {
		t.Error("nothing is mailed")
	}
	want := `doorgestuurd els@example.nl {"collega": "H. Jansen"} klaar
doorgestuurd_afzender jan@example.nl {"collega": "P. de Vries"} klaar`
	if got := f.queued(t); got != want {
		t.Errorf("queued is %s", got)
	}
	els := one[int64](t, f, `select id from contact.contact where email = 'els@example.nl'`)
	if err := f.Store.Withdraw(t.Context(), key, from, els, fixture.Now.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if got := one[string](t, f, `select state from field.message where contact = $1`, els); got != store.Withdrawn {
		t.Errorf("the mail to a colleague whose link was withdrawn is %s", got)
	}

	id := f.mail(t, f.contactOf(t, "PO9002", "weg@example.nl"), store.Sent, "uitnodiging")
	if err := f.Store.OptOut(t.Context(), id, "mail", fixture.Now); err != nil {
		t.Fatal(err)
	}
	if forward("Weg@example.nl").Mailed {
		t.Error("an address that wants no mail is mailed")
	}
	if n := one[int](t, f, `select count(*) from contact.contact where lower(email) = 'weg@example.nl' and forwarded_by is not null`); n != 0 {
		t.Error("an address that wants no mail is kept again")
	}
}

func TestWhoSendsAQuestionnaireGetsTheReceiptByMail(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	f.exec(t, `update register.study set released = $1`, fixture.Now)
	c := f.contactOf(t, "PO9001", "jan@example.nl")
	_, key := f.enter(t, "swv", 0)
	fill(t, f, "swv", key)
	for range 2 { // a double click
		r, err := f.Store.Submit(t.Context(), key, f.Forms["swv"], respondent(c), answer.Web, "", fixture.Now)
		if err != nil {
			t.Fatal(err)
		}
		want := `ontvangst jan@example.nl {"moment": "dinsdag 24 november 2026 om 14.02 uur", "ontvangst": "` + r.Receipt + `"} klaar`
		if got := f.queued(t); got != want {
			t.Errorf("queued is %s, want %s", got, want)
		}
		for contact, want := range map[int64]bool{c: true, c + 1: false} {
			if got, err := f.Store.ReceiptMailed(t.Context(), contact, r.Sent); err != nil || got != want {
				t.Errorf("contact %d gets it by mail: %v (%v)", contact, got, err)
			}
		}
	}
}
