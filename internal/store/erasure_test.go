package store_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/backup"
	"github.com/uitvraag/uitvraag/internal/call"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/pgtest"
	"github.com/uitvraag/uitvraag/internal/store"
)

// signs are what nobody else in the world is called.
var signs = []string{"Xanthippe", "Zonderling", "xanthippe.zonderling@", "Kwaadsteniet 17", "612345678", "12 34 56 78"}

// A trail is a field in which one person left traces wherever people can.
type trail struct {
	*field
	contact  int64
	unit     int64
	key      string // of her response
	variable string // an open answer that names her
	other    string // an open answer that does not
	keep     string // an answer that is no text
}

// leaveTrail lets a person be registered, mailed, called, write and be written
// about.
func leaveTrail(t *testing.T) *trail {
	t.Helper()
	f := newField(t, 3)
	x := &trail{field: f, unit: one[int64](t, f, `select id from register.unit where code = 'PO9001'`)}
	var err error
	if x.contact, err = f.Store.AddContact(t.Context(), x.unit, store.NewContact{Salutation: "mevrouw", Name: "Xanthippe Zonderling", Role: "directeur", Email: "Xanthippe.Zonderling@swv.example",
		Phone: "06 - 12 34 56 78", Address: "Kwaadsteniet 17, 1234 AB Ons Dorp", Source: "telefoon", By: store.BySystem, Now: fixture.Now}); err != nil {
		t.Fatal(err)
	}
	x.answerAbout(t)
	x.mailAbout(t)
	x.noteAbout(t)
	f.snapshot(t, "Rapport")
	return x
}

// answerAbout fills in and sends a questionnaire with texts.
func (x *trail) answerAbout(t *testing.T) {
	token, err := x.Store.AddLink(t.Context(), x.unit, store.BySystem, fixture.Now)
	if err != nil {
		t.Fatal(err)
	}
	x.exec(t, `update contact.link set contact = $1 where id = (select max(id) from contact.link)`, x.contact)
	l, err := x.Store.LinkByToken(t.Context(), token)
	if err != nil || l.Contact != x.contact {
		t.Fatal(err, l.Contact)
	}
	if _, x.key, err = x.Store.Enter(t.Context(), l, "2026", "", fixture.Now); err != nil {
		t.Fatal(err)
	}
	fm := x.Forms["swv"]
	for i := range fm.Pages {
		p := &fm.Pages[i]
		values := answers(p, 0)
		for _, v := range p.Variables() {
			if v.Type == instrument.TextType {
				switch {
				case x.variable == "":
					x.variable, values[v.Name] = v.Name, "Bel mij: Xanthippe\r\nZonderling, 06-12345678."
				case x.other == "":
					x.other, values[v.Name] = v.Name, "Niets bijzonders."
				}
			} else if x.keep == "" {
				x.keep = v.Name
			}
		}
		in := x.saveOf("swv", x.key, p.ID, values)
		in.By = respondent(x.contact)
		x.save(t, in)
	}
	if _, err := x.Store.Submit(t.Context(), x.key, fm, respondent(x.contact), answer.Web, "Verbeterd door mevrouw Zonderling.", fixture.Now); err != nil {
		t.Fatal(err)
	}
}

// mailAbout mails her, a colleague about her, and lets her answer.
func (x *trail) mailAbout(t *testing.T) {
	colleague, err := x.Store.AddContact(t.Context(), x.unit, store.NewContact{Name: "Bo Bakker", Email: "bo@swv.example", Source: "van Xanthippe Zonderling", By: store.BySystem, Now: fixture.Now})
	if err != nil {
		t.Fatal(err)
	}
	for contact, extra := range map[int64]string{x.contact: "Bo Bakker", colleague: "Xanthippe Zonderling"} {
		id, err := x.Store.AddMessage(t.Context(), store.NewMessage{Contact: contact, Template: "doorgestuurd", Extra: map[string]string{"collega": extra}, By: store.BySystem, Now: fixture.Now})
		if err != nil {
			t.Fatal(err)
		}
		x.exec(t, `update contact.body set address = (select email from contact.contact where id = $2), name = (select name from contact.contact where id = $2), subject = 'Van Xanthippe Zonderling',
			text = E'Xanthippe\nZonderling stuurde u de vragen.' where message = $1`, id, contact)
	}
	mailOf := func(from, text string) mail.Incoming {
		return mail.Incoming{Key: store.NewToken(), Kind: mail.Reply, From: mail.Address{Name: "X. Zonderling", Email: from}, Subject: "Re: vragen", Text: text}
	}
	for _, in := range []mail.Incoming{mailOf("Xanthippe.Zonderling@swv.example", "Groet, Xanthippe"), mailOf("bo@swv.example", "Xanthippe Zonderling is weg, bel 0612345678.")} {
		if _, err := x.Store.AddIncoming(t.Context(), in, fixture.Now); err != nil {
			t.Fatal(err)
		}
	}
	for _, body := range []string{"Beste Xanthippe Zonderling,", "Content"} {
		data := "To: xanthippe.zonderling@swv.example\r\nSubject: Vragen\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte(body))
		if err := x.Store.AddInboxMail(t.Context(), mail.Received{From: "a@b.example", To: []string{"xanthippe.zonderling@swv.example"}, Data: []byte(data)}, fixture.Now); err != nil {
			t.Fatal(err)
		}
	}
}

// noteAbout lets staff write down what they should not.
func (x *trail) noteAbout(t *testing.T) {
	x.exec(t, `insert into staff.account (email, name, role, added) values ('vw@bureau.example', 'Vera', 'veldwerker', now())`)
	account := one[int64](t, x.field, `select id from staff.account`)
	for _, o := range call.Outcomes[:2] {
		if err := x.Store.AddCall(t.Context(), store.NewCall{Unit: x.unit, Contact: x.contact, Request: store.NewToken(), Account: account, Now: fixture.Now,
			Result: call.Result{Outcome: o, Note: "Xanthippe Zonderling is met verlof."}}); err != nil {
			t.Fatal(err)
		}
	}
	x.exec(t, `insert into field.event (unit, kind, occurred, recorded, actor, actor_id, note) values ($1, $2, $3, $3, 'respondent', $4, 'Vraag het Xanthippe Zonderling')`, x.unit, event.Called, fixture.Now, x.contact)
	x.exec(t, `update register.unit set background = background || '{"contactpersoon": "Xanthippe Zonderling"}' where id = $1`, x.unit)
}

// traces returns what of the person is in the database, also in bytes.
func traces(t testing.TB, f *field) []string {
	t.Helper()
	all := strings.ToLower(f.everything(t))
	var out []string
	for _, s := range signs {
		for _, form := range []string{s, hex.EncodeToString([]byte(s)), hex.EncodeToString([]byte(base64.StdEncoding.EncodeToString([]byte(s))))} {
			if i := strings.Index(all, strings.ToLower(form)); i >= 0 {
				out = append(out, s+" in …"+all[max(0, i-120):min(len(all), i+60)])
			}
		}
	}
	return out
}

func (x *trail) erase(t testing.TB) store.Traces {
	t.Helper()
	done, err := x.Store.ErasePerson(t.Context(), store.Erasure{Contact: x.contact, By: store.BySystem, Reason: "Verzoek van 24 november.", Now: fixture.Now.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// TestAnErasedPersonIsNowhere is acceptance 7 of the workbench: neither in the
// database, nor in a backup of it, nor in one from before that is restored.
func TestAnErasedPersonIsNowhere(t *testing.T) {
	t.Parallel()
	x := leaveTrail(t)
	before, _ := dump(t, x.pool.Config().ConnString())
	if n := len(traces(t, x.field)); n < 5 {
		t.Fatalf("there are only %d signs of the person to erase", n)
	}
	found, err := x.Store.Traces(t.Context(), 0, x.contact)
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Contacts) != 1 || len(found.Addresses) != 1 || found.Links != 1 || found.Messages != 1 || len(found.Notes) != 2 || len(found.Mails) != 2 || len(found.Inbox) != 2 ||
		len(found.Texts) != 2 || len(found.Snapshots) != 1 || found.Saves == 0 || found.Others < 4 {
		t.Errorf("the preview: %+v", found)
	}
	x.erase(t)
	if left := traces(t, x.field); len(left) > 0 {
		t.Errorf("left: %s", strings.Join(left, "\n"))
	}
	x.answersAreWhole(t)
	if _, err := x.Store.AddContact(t.Context(), x.unit, store.NewContact{Name: "Iemand", Email: "XANTHIPPE.zonderling@swv.example", Source: "telefoon", By: store.BySystem, Now: fixture.Now}); err == nil {
		t.Error("the address was added again")
	}
	ledger, err := x.Store.Erasures(t.Context())
	if err != nil || len(ledger) < 7 {
		t.Fatalf("%d rows in the ledger, %v", len(ledger), err)
	}
	x.restoredWithoutHer(t, before, ledger)
	after, _ := dump(t, x.pool.Config().ConnString())
	y := x.restored(t, after, nil)
	if left := traces(t, y); len(left) > 0 {
		t.Errorf("in a new backup: %s", strings.Join(left, "\n"))
	}
}

// answersAreWhole: the state follows from the log, texts that name nobody and what
// is no text are as they were.
func (x *trail) answersAreWhole(t testing.TB) {
	t.Helper()
	state, rebuilt, err := x.Store.Rebuilt(t.Context(), x.key)
	if err != nil {
		t.Fatal(err)
	}
	for v := range state {
		if state[v] != rebuilt[v] {
			t.Errorf("%s is %q, and by the log %q", v, state[v], rebuilt[v])
		}
	}
	if state[x.variable] != "[gewist]" || state[x.other] != "Niets bijzonders." || state[x.keep] == "" || state[x.keep] == "[gewist]" {
		t.Errorf("%q, %q, %q", state[x.variable], state[x.other], state[x.keep])
	}
	sent, _, err := x.Store.Submission(t.Context(), x.key)
	if err != nil || sent[x.variable] != "[gewist]" || sent[x.other] != "Niets bijzonders." {
		t.Errorf("the submission: %q %q %v", sent[x.variable], sent[x.other], err)
	}
}

func (x *trail) restored(t *testing.T, file []byte, ledger []store.Erased) *field {
	t.Helper()
	url := pgtest.URL(t)
	r, err := backup.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Load(t.Context(), url, r, ledger, fixture.Now.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	pool, err := pgxPool(t, url)
	if err != nil {
		t.Fatal(err)
	}
	return &field{fixture.World{Store: store.New(pool), Study: x.Study, Forms: x.Forms, Links: x.Links}, pool}
}

// restoredWithoutHer restores the backup from before the erasure with the ledger.
func (x *trail) restoredWithoutHer(t *testing.T, before []byte, ledger []store.Erased) {
	t.Helper()
	y := x.restored(t, before, ledger)
	if left := traces(t, y); len(left) > 0 {
		t.Errorf("after a restore: %s", strings.Join(left, "\n"))
	}
	(&trail{field: y, key: x.key, variable: x.variable, other: x.other, keep: x.keep}).answersAreWhole(t)
	if again, err := y.Store.Erasures(t.Context()); err != nil || len(again) != len(ledger) {
		t.Errorf("%d rows in the ledger after a restore, want %d (%v)", len(again), len(ledger), err)
	}
	if one[int](t, y, `select count(*) from contact.suppressed where why = 'gewist'`) != 1 {
		t.Error("the address is not remembered after a restore")
	}
}

// TestTheLogTakesATombstoneAndNothingElse tries to misuse the only way in which
// the log may change.
func TestTheLogTakesATombstoneAndNothingElse(t *testing.T) {
	t.Parallel()
	x := leaveTrail(t)
	response := one[int64](t, x.field, `select id from answer.response where key = $1`, x.key)
	for _, sql := range []string{
		`update answer.save set changed = '[]' where version = 1`,
		`update answer.save set at = now()`,
		`update answer.save set changed = replace(changed::text, '"i": "1"', '"i": "2"')::jsonb`,
		`update answer.save set changed = replace(changed::text, '"i": "1"', '"i": "[gewist]"')::jsonb`,
		`update answer.save set changed = replace(changed::text, 'Niets bijzonders.', 'Iets anders.')::jsonb`,
		`update answer.save set changed = changed || '[{"v": "x", "i": "erbij"}]'`,
		`update answer.submission set answers = answers || '{"erbij": "[gewist]"}'`,
		`update answer.submission set answers = answers - '` + x.other + `'`,
		`update answer.submission set answers = answers || '{"` + x.keep + `": "[gewist]"}'`,
		`update answer.submission set receipt = 'AAAA-AAAA'`,
		`update answer.submission set reason = 'iets anders'`,
		`delete from answer.save`, `delete from answer.submission`, `truncate answer.save`,
		`update field.event set note = 'iets anders' where note <> ''`, `update field.event set occurred = now()`, `delete from field.event`,
		`update register.study set answers_erased = closes`, `update register.study set identity_erased = opens`,
		`update contact.erasure set at = now()`, `select answer.erase_answers(` + one[string](t, x.field, `select id::text from register.study`) + `, '2027-01-01')`,
	} {
		if sql == `update contact.erasure set at = now()` {
			x.exec(t, `insert into contact.erasure (at, what, object, actor) values (now(), 'notitie', 0, 'system')`)
		}
		if tag, err := x.pool.Exec(t.Context(), sql); err == nil && tag.RowsAffected() > 0 { // as the owner, who has every right
			t.Errorf("%s was allowed", sql)
		}
	}
	changes := func(variable, reason string) (n int, err error) {
		return n, x.pool.QueryRow(t.Context(), `select answer.erase_text($1, $2, $3, 'system', null, $4)`, response, variable, fixture.Now, reason).Scan(&n)
	}
	if n, err := changes(x.keep, "omdat het kan"); n != 0 || err != nil {
		t.Errorf("a code was erased in %d places, %v", n, err)
	}
	if _, err := changes(x.other, " "); err == nil {
		t.Error("a text was erased without a reason")
	}
	was := one[int](t, x.field, `select count(*) from staff.audit where action = 'antwoordtekst gewist'`)
	if n, err := changes(x.other, "vergissing"); n != 3 || err != nil {
		t.Errorf("a text was erased in %d places, %v; want state, log and submission", n, err)
	}
	if n := one[int](t, x.field, `select count(*) from staff.audit where action = 'antwoordtekst gewist' and detail ->> 'reden' = 'vergissing'`); n != was+1 {
		t.Errorf("%d lines in the audit log", n-was)
	}
	if n := one[int](t, x.field, `select count(*) from contact.erasure where what = 'tekst' and object = $1 and variable = $2`, response, x.other); n != 1 {
		t.Errorf("%d rows in the ledger", n)
	}
}

func TestAReasonNamesNobodyAndKeptTextsStay(t *testing.T) {
	t.Parallel()
	x := leaveTrail(t)
	e := store.Erasure{Contact: x.contact, By: store.BySystem, Reason: "Mevrouw Zonderling belde.", Now: fixture.Now}
	_, err := x.Store.ErasePerson(t.Context(), e)
	wantKind(t, "a reason with a name", err, errs.Invalid)
	e.Reason = "Verzoek per telefoon."
	found, err := x.Store.Traces(t.Context(), 0, x.contact)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range found.Texts {
		e.Keep = append(e.Keep, text.Key())
	}
	if _, err := x.Store.ErasePerson(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	if sent, _, err := x.Store.Submission(t.Context(), x.key); err != nil || !strings.Contains(sent[x.variable], "Zonderling") {
		t.Errorf("a text that was kept: %q, %v", sent[x.variable], err)
	}
	if n := one[int](t, x.field, `select count(*) from analysis.snapshot where erased is not null`); n != 0 {
		t.Error("a snapshot was erased for a text that was kept")
	}
	_, err = x.Store.ErasePerson(t.Context(), e)
	if err != nil {
		t.Errorf("erasing twice: %v", err)
	}
}

// TestAnswersThatAreTakenBackCountForNobody: not in data, not in the response; the
// unit is left alone, and the log still knows.
func TestAnswersThatAreTakenBackCountForNobody(t *testing.T) {
	t.Parallel()
	x := leaveTrail(t)
	count := func() (int, int) {
		data, err := x.Store.Filled(t.Context(), x.Study.ID, "swv")
		if err != nil {
			t.Fatal(err)
		}
		_, done, err := x.Store.Progress(t.Context(), x.Study.ID)
		if err != nil {
			t.Fatal(err)
		}
		return len(data), done
	}
	if rows, done := count(); rows != 1 || done != 1 {
		t.Fatal(rows, done)
	}
	if err := x.Store.WithdrawAnswers(t.Context(), x.Study.ID, x.unit, "Verzoek per brief.", store.BySystem, fixture.Now); err != nil {
		t.Fatal(err)
	}
	if rows, done := count(); rows != 0 || done != 0 {
		t.Errorf("%d rows of data and %d done", rows, done)
	}
	if u := x.field.unit(t, "swv", "PO9001"); !u.Refused {
		t.Errorf("the unit may still be approached: %+v", u)
	}
	_, err := x.Store.Reopen(t.Context(), x.key, respondent(x.contact), fixture.Now)
	wantKind(t, "correcting what was taken back", err, errs.Gone)
	wantKind(t, "taking back twice", x.Store.WithdrawAnswers(t.Context(), x.Study.ID, x.unit, "Nog eens.", store.BySystem, fixture.Now), errs.NotFound)
	if n := one[int](t, x.field, `select count(*) from answer.submission`); n != 1 {
		t.Errorf("%d submissions", n)
	}
}
