package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/mail"
)

// What an Erased row is about; Object is the id of it.
const (
	ErasedPerson   = "persoon"      // a contact
	ErasedText     = "tekst"        // a variable of a response
	ErasedNote     = "notitie"      // of a call
	ErasedMail     = "mail"         // that came in
	ErasedEvent    = "gebeurtenis"  // the note of an event
	ErasedSnapshot = "momentopname" // its content
	TakenBack      = "intrekking"   // a response
)

// An Erased is one row of the ledger of erasures: ids, and of an address its keyed
// hash. It is what a restore does again (P7).
type Erased struct {
	At       time.Time `json:"at"`
	What     string    `json:"what"`
	Study    int64     `json:"study,omitempty"`
	Object   int64     `json:"object"`
	Variable string    `json:"variable,omitempty"`
	Hash     []byte    `json:"hash,omitempty"`
	By       Actor     `json:"by"`
}

// enter writes a row of the ledger; one that is there already is left.
func enter(ctx context.Context, tx pgx.Tx, e Erased) error {
	var study *int64
	if e.Study != 0 {
		study = &e.Study
	}
	_, err := tx.Exec(ctx, `
		insert into contact.erasure (at, what, study, object, variable, hash, actor, actor_id) -- store.enter
		values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (what, object, variable, at) do nothing`,
		e.At, e.What, study, e.Object, e.Variable, e.Hash, e.By.Kind, e.By.id())
	return err
}

// Erasures returns the ledger, oldest first.
func (s *Store) Erasures(ctx context.Context) ([]Erased, error) {
	var out []Erased
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, func(row pgx.CollectableRow) (e Erased, err error) {
			return e, row.Scan(&e.At, &e.What, &e.Study, &e.Object, &e.Variable, &e.Hash, &e.By.Kind, &e.By.ID)
		}, `select at, what, coalesce(study, 0), object, variable, hash, actor, coalesce(actor_id, 0) from contact.erasure order by at, id -- store.Erasures`)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("erasures: %w", err)
	}
	return out, nil
}

// A TextTrace is an open answer, or the note of an event, in which a person is
// found.
type TextTrace struct {
	Response int64 // 0 of an event
	Event    int64 // 0 of an answer
	Study    int64
	Audience string
	UnitCode string
	Variable string // of an answer
	Text     string
}

// Key names the trace in a form.
func (t TextTrace) Key() string {
	if t.Event != 0 {
		return fmt.Sprintf("e%d", t.Event)
	}
	return fmt.Sprintf("a%d.%s", t.Response, t.Variable)
}

// Traces are what there is of a person, as an erasure finds it.
type Traces struct {
	Contacts  []PersonContact
	Addresses []string // that are not added again
	Links     int
	Messages  int // whose text goes
	Notes     []int64
	Mails     []int64 // that came in
	Inbox     []int64 // whole mails in the built-in inbox
	Others    int     // rows about others in which the person is named
	Texts     []TextTrace
	Snapshots []Snapshot // that hold one of the texts
	Saves     int        // answers the person gave, which stay: they are the organisation's
}

// Traces looks for a person everywhere, and changes nothing. contact is one of the
// person's; studyID 0 looks in all studies.
func (s *Store) Traces(ctx context.Context, studyID, contact int64) (Traces, error) {
	var t Traces
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		h, err := newHunt(ctx, tx, studyID, contact)
		if err == nil {
			t, err = h.traces(ctx)
		}
		return err
	})
	if err == nil {
		t.Snapshots, err = s.snapshotsWith(ctx, t.Texts)
	}
	if err != nil {
		return t, fmt.Errorf("traces: %w", err)
	}
	return t, nil
}

// A hunt looks for a person.
type hunt struct {
	finder
	tx       pgx.Tx
	contacts []PersonContact
	ids      []int64 // of the contacts
	units    []int64
}

func newHunt(ctx context.Context, tx pgx.Tx, studyID, contact int64) (*hunt, error) {
	contacts, err := person(ctx, tx, studyID, contact)
	if err != nil {
		return nil, err
	}
	return huntFor(ctx, tx, contacts)
}

func huntFor(ctx context.Context, tx pgx.Tx, contacts []PersonContact) (*hunt, error) {
	// Every text of the database is read: that takes longer than a page may.
	if _, err := tx.Exec(ctx, `set local statement_timeout = '2min' -- store.huntFor`); err != nil {
		return nil, err
	}
	h := &hunt{tx: tx, contacts: contacts}
	for _, c := range contacts {
		h.ids, h.units = append(h.ids, c.ID), append(h.units, c.Unit)
	}
	var err error
	h.finder, err = newFinder(contacts)
	return h, err
}

// found is the condition that a text names the person: $1 is what is found
// everywhere, $2 what is found near, in the units of $3.
func found(text, unit string) string {
	return fmt.Sprintf(`($1 <> '' and %[1]s ~* $1 or %[2]s = any($3::bigint[]) and $2 <> '' and %[1]s ~* $2)`, text, unit)
}

func (h *hunt) ints(ctx context.Context, sql string, more ...any) ([]int64, error) {
	return all(ctx, h.tx, pgx.RowTo[int64], sql, append([]any{h.everywhere, h.near, h.units}, more...)...)
}

func (h *hunt) traces(ctx context.Context) (Traces, error) {
	t := Traces{Contacts: h.contacts}
	for _, c := range h.contacts {
		if email := strings.ToLower(strings.TrimSpace(c.Email)); email != "" && !slices.Contains(t.Addresses, email) {
			t.Addresses = append(t.Addresses, email)
		}
	}
	err := h.tx.QueryRow(ctx, `
		select (select count(*) from contact.link where contact = any($1)), -- store.traces
			(select count(*) from contact.body b join field.message m on m.id = b.message where m.contact = any($1)),
			(select count(*) from answer.save where actor = 'respondent' and actor_id = any($1))`, h.ids).Scan(&t.Links, &t.Messages, &t.Saves)
	if err != nil {
		return t, err
	}
	t.Notes, err = h.ints(ctx, `
		select c.id from contact.call_note n join field.call c on c.id = n.call -- store.traces
		where c.contact = any($4) or `+found("n.text", "c.unit")+` order by c.id`, h.ids)
	if err != nil {
		return t, err
	}
	t.Mails, err = h.ints(ctx, `
		select i.id from contact.incoming i where (i.contact = any($4) or `+found("(i.sender || ' ' || i.subject || ' ' || i.text)", "i.unit")+`) -- store.traces
			and (i.sender || i.subject || i.text) <> '' order by i.id`, h.ids)
	if err != nil {
		return t, err
	}
	if t.Inbox, err = h.inbox(ctx); err != nil {
		return t, err
	}
	for _, p := range mentions {
		n, err := h.ints(ctx, p.find())
		if err != nil {
			return t, fmt.Errorf("%s: %w", p.table, err)
		}
		t.Others += len(n)
	}
	t.Texts, err = h.texts(ctx)
	return t, err
}

// inbox finds the whole mails to, from or about the person. They are encoded, so
// that only reading them tells.
func (h *hunt) inbox(ctx context.Context) ([]int64, error) {
	var ids []int64
	if h.redact == nil {
		return nil, nil
	}
	var id int64
	var head string
	var data []byte
	rows, _ := h.tx.Query(ctx, `select id, sender || ' ' || array_to_string(recipients, ' ') || ' ' || subject, data from contact.inbox order by id -- store.inbox`)
	_, err := pgx.ForEachRow(rows, []any{&id, &head, &data}, func() error {
		shown := mail.Show(data)
		if h.redact.MatchString(head) || h.redact.MatchString(shown.From+" "+shown.To+" "+shown.Text+" "+shown.HTML+" "+shown.Header) {
			ids = append(ids, id)
		}
		return nil
	})
	return ids, err
}

// A mention is a column in which people may have written about a person.
type mention struct {
	table, key, column string
	unit               string // expression of the unit that a row is about; x is the table
	json               bool
}

// mentions are the columns in which an erasure takes out the name of a person
// and leaves the rest. TestEveryTextHasADecision holds that none is forgotten.
var mentions = []mention{
	{"contact.body", "message", "text", "(select m.unit from field.message m where m.id = x.message)", false},
	{"contact.body", "message", "subject", "(select m.unit from field.message m where m.id = x.message)", false},
	{"contact.body", "message", "extra", "(select m.unit from field.message m where m.id = x.message)", true},
	{"contact.contact", "id", "source", "x.unit", false},
	{"contact.contact", "id", "end_note", "x.unit", false},
	{"contact.contact", "id", "bounce_reason", "x.unit", false},
	{"contact.incoming", "id", "effect", "x.unit", false},
	{"field.message", "id", "reply", "x.unit", false},
	{"answer.coverage", "id", "reason", "x.unit", false},
	{"answer.coverage", "id", "confirmed_by", "x.unit", false},
	{"answer.response", "id", "withdrawn_why", "x.unit", false},
	{"register.unit", "id", "background", "x.id", true},
	{"register.study", "id", "stop_reason", "0", false},
	{"analysis.example_version", "id", "title", "(select r.unit from analysis.example e join answer.response r on r.id = e.response where e.id = x.example)", false},
	{"analysis.example_version", "id", "about", "(select r.unit from analysis.example e join answer.response r on r.id = e.response where e.id = x.example)", false},
	{"analysis.example_version", "id", "parties", "(select r.unit from analysis.example e join answer.response r on r.id = e.response where e.id = x.example)", false},
	{"analysis.example_version", "id", "goal", "(select r.unit from analysis.example e join answer.response r on r.id = e.response where e.id = x.example)", false},
	{"analysis.quote", "id", "text", "(select r.unit from answer.response r where r.id = x.response)", false},
}

func (m mention) find() string {
	return "select x." + m.key + " from " + m.table + " x where " + found("x."+m.column+"::text", m.unit) + " -- store.mention"
}

// redactMentions takes the person out of texts about others.
func (h *hunt) redactMentions(ctx context.Context) error {
	for _, m := range mentions {
		ids, err := h.ints(ctx, m.find())
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := h.redactOne(ctx, m, id); err != nil {
				return fmt.Errorf("%s.%s: %w", m.table, m.column, err)
			}
		}
	}
	return nil
}

func (h *hunt) redactOne(ctx context.Context, m mention, id int64) error {
	var text string
	if err := h.tx.QueryRow(ctx, "select "+m.column+"::text from "+m.table+" where "+m.key+" = $1 -- store.redactOne", id).Scan(&text); err != nil {
		return err
	}
	clean := h.without(text)
	if m.json {
		value, err := h.withoutIn(json.RawMessage(text))
		if err != nil {
			return err
		}
		clean = string(value)
	}
	cast := ""
	if m.json {
		cast = "::jsonb"
	}
	_, err := h.tx.Exec(ctx, "update "+m.table+" set "+m.column+" = $2"+cast+" where "+m.key+" = $1 -- store.redactOne", id, clean)
	return err
}

// texts finds the open answers and notes of events that name the person, by unit.
func (h *hunt) texts(ctx context.Context) ([]TextTrace, error) {
	if h.redact == nil {
		return nil, nil
	}
	scan := func(row pgx.CollectableRow) (t TextTrace, err error) {
		return t, row.Scan(&t.Response, &t.Event, &t.Study, &t.Audience, &t.UnitCode, &t.Variable, &t.Text)
	}
	answers, err := all(ctx, h.tx, scan, `
		with said as ( -- store.texts
			select r.id as response, r.unit, t.k, t.v from answer.response r, jsonb_each_text(r.state) t (k, v)
			union all select b.response, r.unit, t.k, t.v from answer.submission b join answer.response r on r.id = b.response, jsonb_each_text(b.answers) t (k, v)
			union all select s.response, r.unit, e ->> 'v', t.v from answer.save s join answer.response r on r.id = s.response,
				jsonb_array_elements(s.changed || s.refused) e, unnest(array[e ->> 'w', e ->> 'i']) t (v)
		)
		select w.response, 0::bigint, r.study, r.audience, u.code, w.k, max(w.v) from said w join answer.response r on r.id = w.response join register.unit u on u.id = w.unit
		where answer.erasable(w.v) and `+found("w.v", "w.unit")+` group by w.response, r.study, r.audience, u.code, w.k order by u.code, w.response, w.k`, h.everywhere, h.near, h.units)
	if err != nil {
		return nil, err
	}
	notes, err := all(ctx, h.tx, scan, `
		select 0::bigint, e.id, u.study, u.audience, u.code, '', e.note from field.event e join register.unit u on u.id = e.unit -- store.texts
		where e.note <> '' and `+found("e.note", "e.unit")+` order by u.code, e.id`, h.everywhere, h.near, h.units)
	return append(answers, notes...), err
}

// snapshotsWith returns the snapshots that hold one of the answers.
func (s *Store) snapshotsWith(ctx context.Context, texts []TextTrace) ([]Snapshot, error) {
	var out []Snapshot
	studies := map[int64]bool{}
	for _, t := range texts {
		if t.Response == 0 || studies[t.Study] {
			continue
		}
		studies[t.Study] = true
		snapshots, err := s.Snapshots(ctx, t.Study)
		if err != nil {
			return nil, err
		}
		for _, x := range snapshots {
			if !x.Erased.IsZero() {
				continue
			}
			holds, err := s.snapshotHolds(ctx, t.Study, x, texts)
			if err != nil {
				return nil, err
			}
			if holds {
				out = append(out, x)
			}
		}
	}
	return out, nil
}

func (s *Store) snapshotHolds(ctx context.Context, studyID int64, x Snapshot, texts []TextTrace) (bool, error) {
	wanted := map[string][]string{} // variables by unit
	for _, t := range texts {
		if t.Response != 0 && t.Study == studyID && t.Audience == x.Audience {
			wanted[t.UnitCode] = append(wanted[t.UnitCode], t.Variable)
		}
	}
	if len(wanted) == 0 {
		return false, nil
	}
	_, d, err := s.SnapshotData(ctx, studyID, x.Name)
	if err != nil {
		return false, err
	}
	for at := range d.Cases() {
		for _, v := range wanted[d.Unit(at)] {
			if c := d.Column(v); c != nil && c.Text(at) != "" {
				return true, nil
			}
		}
	}
	return false, nil
}

// An Erasure asks to erase a person.
type Erasure struct {
	Study   int64    // 0: in all studies
	Contact int64    // one of the person's
	Keep    []string // keys of texts that are about somebody else
	By      Actor
	Reason  string // without names: it stays in the log
	Now     time.Time
}

// ReasonProblem returns what is wrong with the reason for an erasure of somebody
// with these contacts, "" for nothing. A reason stays: it may not name who was
// erased.
func ReasonProblem(contacts []PersonContact, reason string) string {
	switch f, err := newFinder(contacts); {
	case strings.TrimSpace(reason) == "":
		return "Vul in waarom. De reden komt in het logboek."
	case len(reason) > 200:
		return "Maak de reden korter dan 200 tekens."
	case err == nil && f.redact != nil && f.redact.MatchString(reason):
		return "Noem de persoon niet in de reden: de reden blijft bewaard."
	}
	return ""
}

// ErasePerson erases a person everywhere: contact data, links, the texts of
// messages, notes, mails, and the name in what others wrote. Answers stay, because
// they are the organisation's, but for texts that name the person. What was done
// stands in the ledger and the audit log, by ids.
func (s *Store) ErasePerson(ctx context.Context, e Erasure) (Traces, error) {
	t, err := s.Traces(ctx, e.Study, e.Contact)
	if err != nil {
		return t, err
	}
	if problem := ReasonProblem(t.Contacts, e.Reason); problem != "" {
		return t, errs.Errorf(errs.Invalid, "%s", problem)
	}
	t.Texts = slices.DeleteFunc(t.Texts, func(x TextTrace) bool { return slices.Contains(e.Keep, x.Key()) })
	if t.Snapshots, err = s.snapshotsWith(ctx, t.Texts); err != nil {
		return t, err
	}
	for _, x := range t.Snapshots { // first: once the texts are gone, nobody knows that it holds them
		if err := s.EraseSnapshot(ctx, x.Study, x.Name, e.Reason, e.By, e.Now); err != nil {
			return t, err
		}
	}
	hashes := map[int64][]byte{}
	for _, c := range t.Contacts {
		if c.Email == "" {
			continue
		}
		if hashes[c.ID], err = s.addressHash(c.Email); err != nil {
			return t, err
		}
	}
	err = s.tx(ctx, fieldwork, func(tx pgx.Tx) error { return erasePerson(ctx, tx, e, t, hashes) })
	if err != nil {
		return t, fmt.Errorf("erase person: %w", err)
	}
	return t, nil
}

func erasePerson(ctx context.Context, tx pgx.Tx, e Erasure, t Traces, hashes map[int64][]byte) error {
	h, err := huntFor(ctx, tx, t.Contacts)
	if err != nil {
		return err
	}
	// Messages before contacts: senders lock them in that order.
	if err := h.withdrawWaiting(ctx, e.Now); err != nil {
		return err
	}
	if err := h.eraseTexts(ctx, t.Texts, e); err != nil {
		return err
	}
	for _, id := range t.Notes {
		if err := eraseNote(ctx, tx, id, e.By, e.Now); err != nil {
			return err
		}
	}
	for _, id := range t.Mails {
		if err := eraseMail(ctx, tx, id, e.By, e.Now); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `delete from contact.inbox where id = any($1) -- store.erasePerson`, t.Inbox); err != nil {
		return err
	}
	// A register file that waits to be read in may have the person as well, in a
	// form that only reading tells: it has to be given once more.
	if _, err := tx.Exec(ctx, `delete from contact.upload where study in (select study from register.unit where id = any($1)) -- store.erasePerson`, h.units); err != nil {
		return err
	}
	for _, c := range t.Contacts {
		if err := eraseContact(ctx, tx, c, hashes[c.ID], e.By, e.Now); err != nil {
			return err
		}
	}
	if err := h.redactMentions(ctx); err != nil {
		return err
	}
	return audit(ctx, tx, e.Now, e.By, e.Study, "persoon gewist", fmt.Sprint("contact ", e.Contact),
		map[string]any{"reden": e.Reason, "contacten": h.ids, "berichten": t.Messages, "notities": len(t.Notes), "mails": len(t.Mails) + len(t.Inbox), "teksten": len(t.Texts)})
}

func (h *hunt) withdrawWaiting(ctx context.Context, now time.Time) error {
	_, err := h.tx.Exec(ctx, `
		with waiting as (select id from field.message where contact = any($1) and state = 'klaar' order by id for update) -- store.withdrawWaiting
		update field.message m set state = 'ingetrokken', done = $2, reply = 'contact gewist', claim = null from waiting w where m.id = w.id`, h.ids, now)
	return err
}

func (h *hunt) eraseTexts(ctx context.Context, texts []TextTrace, e Erasure) error {
	for _, t := range texts {
		var n int
		var err error
		if t.Event != 0 {
			err = h.tx.QueryRow(ctx, `select field.erase_note($1, $2, $3, $4, $5) -- store.eraseTexts`, t.Event, e.Now, e.By.Kind, e.By.id(), e.Reason).Scan(&n)
		} else {
			err = h.tx.QueryRow(ctx, `select answer.erase_text($1, $2, $3, $4, $5, $6) -- store.eraseTexts`, t.Response, t.Variable, e.Now, e.By.Kind, e.By.id(), e.Reason).Scan(&n)
		}
		if err != nil {
			return err
		}
	}
	if h.redact == nil {
		return nil
	}
	responses, err := h.ints(ctx, `
		select distinct r.id from answer.submission b join answer.response r on r.id = b.response where b.reason <> '' and `+found("b.reason", "r.unit")+` -- store.eraseTexts`)
	if err != nil {
		return err
	}
	for _, id := range responses {
		if _, err := h.tx.Exec(ctx, `select answer.erase_reasons($1, $2, $3, $4, $5) -- store.eraseTexts`, id, oneOf([]string{h.everywhere, h.near}), e.Now, e.By.Kind, e.By.id()); err != nil {
			return err
		}
	}
	return nil
}

// eraseContact erases one contact: its row stays as an id without a person.
func eraseContact(ctx context.Context, tx pgx.Tx, c PersonContact, hash []byte, by Actor, now time.Time) error {
	if _, err := tx.Exec(ctx, `delete from contact.body b using field.message m where m.id = b.message and m.contact = $1 -- store.eraseContact`, c.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `update field.message set domain = '' where contact = $1 and state <> 'bezig' -- store.eraseContact`, c.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `select contact.forget_links($1) -- store.eraseContact`, c.ID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		update contact.contact set salutation = '', name = '', role = '', email = '', phone = '', address = '', source = '', source_date = null, added_by = '', -- store.eraseContact
			sections = '{}', bounce_reason = '', end_note = 'gewist', ended = coalesce(ended, $2), erased = $2 where id = $1`, c.ID, now)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		update contact.consent set withdrawn = coalesce(withdrawn, $2), contact = null, name = '', email = '', phone = '' where contact = $1 -- store.eraseContact`, c.ID, now)
	if err != nil {
		return err
	}
	if hash != nil {
		_, err := tx.Exec(ctx, `
			insert into contact.suppressed (hash, since, why) values ($1, $2, $3) on conflict (hash) do update set why = excluded.why -- store.eraseContact`, hash, now, byErasure)
		if err != nil {
			return err
		}
	}
	if err := enter(ctx, tx, Erased{At: now, What: ErasedPerson, Study: c.Study, Object: c.ID, Hash: hash, By: by}); err != nil {
		return err
	}
	return addEvent(ctx, tx, event.Event{Unit: c.Unit, Kind: event.Changed, Occurred: now, Recorded: now, Actor: by.Kind, ActorID: by.ID, Note: "Gegevens van een contact gewist."})
}

// byErasure is why an address is not to be added again.
const byErasure = "gewist"

// eraseNote removes what was noted of a call.
func eraseNote(ctx context.Context, tx pgx.Tx, call int64, by Actor, now time.Time) error {
	tag, err := tx.Exec(ctx, `delete from contact.call_note where call = $1 -- store.eraseNote`, call)
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	return enter(ctx, tx, Erased{At: now, What: ErasedNote, Object: call, By: by})
}

// eraseMail empties a mail that came in. Its key stays: the mailbox may still have
// it, and would bring it back.
func eraseMail(ctx context.Context, tx pgx.Tx, id int64, by Actor, now time.Time) error {
	tag, err := tx.Exec(ctx, `
		update contact.incoming set sender = '', subject = '', text = '', warnings = '{}', handled = coalesce(handled, $2) -- store.eraseMail
		where id = $1 and (sender || subject || text) <> ''`, id, now)
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	return enter(ctx, tx, Erased{At: now, What: ErasedMail, Object: id, By: by})
}

// EraseText erases an open answer, with every text that the question ever had.
// Snapshots that hold it lose their content.
func (s *Store) EraseText(ctx context.Context, studyID, response int64, variable, reason string, by Actor, now time.Time) error {
	var t TextTrace
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		t, err = one(ctx, tx, func(row pgx.CollectableRow) (t TextTrace, err error) {
			return t, row.Scan(&t.Response, &t.Study, &t.Audience, &t.UnitCode)
		}, noResponse, `select r.id, r.study, r.audience, u.code from answer.response r join register.unit u on u.id = r.unit where r.id = $1 and r.study = $2 -- store.EraseText`, response, studyID)
		t.Variable = variable
		return err
	})
	if err != nil {
		return err
	}
	if problem := ReasonProblem(nil, reason); problem != "" {
		return errs.Errorf(errs.Invalid, "%s", problem)
	}
	held, err := s.snapshotsWith(ctx, []TextTrace{t})
	if err != nil {
		return err
	}
	for _, x := range held {
		if err := s.EraseSnapshot(ctx, studyID, x.Name, reason, by, now); err != nil {
			return err
		}
	}
	err = s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		var n int
		err := tx.QueryRow(ctx, `select answer.erase_text($1, $2, $3, $4, $5, $6) -- store.EraseText`, response, variable, now, by.Kind, by.id(), reason).Scan(&n)
		if err == nil && n == 0 {
			err = errs.Errorf(errs.NotFound, "Deze tekst is er niet (meer). Alleen open antwoorden kunnen worden gewist.")
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("erase text: %w", err)
	}
	return nil
}

// EraseCallNote erases what was noted of a call to a unit of the study.
func (s *Store) EraseCallNote(ctx context.Context, studyID, call int64, reason string, by Actor, now time.Time) error {
	return s.eraseOne(ctx, studyID, fmt.Sprint("gesprek ", call), "notitie gewist", reason, by, now, func(tx pgx.Tx) error {
		if err := theirs(ctx, tx, `select exists (select from field.call c join register.unit u on u.id = c.unit where c.id = $1 and u.study = $2) -- store.EraseCallNote`, call, studyID); err != nil {
			return err
		}
		return eraseNote(ctx, tx, call, by, now)
	})
}

// EraseIncoming erases a mail that came in for the study, or belongs to none.
func (s *Store) EraseIncoming(ctx context.Context, studyID, id int64, reason string, by Actor, now time.Time) error {
	return s.eraseOne(ctx, studyID, fmt.Sprint("mail ", id), "mail gewist", reason, by, now, func(tx pgx.Tx) error {
		if err := theirs(ctx, tx, `select exists (select from contact.incoming i left join register.unit u on u.id = i.unit where i.id = $1 and coalesce(u.study, $2) = $2) -- store.EraseIncoming`, id, studyID); err != nil {
			return err
		}
		return eraseMail(ctx, tx, id, by, now)
	})
}

func theirs(ctx context.Context, tx pgx.Tx, sql string, args ...any) error {
	var ok bool
	if err := tx.QueryRow(ctx, sql, args...).Scan(&ok); err != nil || ok {
		return err
	}
	return errs.Errorf(errs.NotFound, "Dit is er niet (meer).")
}

func (s *Store) eraseOne(ctx context.Context, studyID int64, object, action, reason string, by Actor, now time.Time, erase func(pgx.Tx) error) error {
	if problem := ReasonProblem(nil, reason); problem != "" {
		return errs.Errorf(errs.Invalid, "%s", problem)
	}
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		if err := erase(tx); err != nil {
			return err
		}
		return audit(ctx, tx, now, by, studyID, action, object, map[string]any{"reden": reason})
	})
	if err != nil {
		return fmt.Errorf("erase: %w", err)
	}
	return nil
}

// replay does again what was erased after a backup was made. What is not there
// was made later, and is gone anyhow. It returns how many things it erased.
func replay(ctx context.Context, tx pgx.Tx, ledger []Erased, made time.Time) (int, error) {
	n := 0
	ledger = slices.SortedStableFunc(slices.Values(ledger), func(a, b Erased) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(rankOf(a.What), rankOf(b.What)))
	})
	for _, e := range ledger {
		if !e.At.After(made) {
			continue // the backup knows it
		}
		done, err := again(ctx, tx, e)
		if err != nil {
			return n, fmt.Errorf("%s %d of %s: %w", e.What, e.Object, e.At.Format(time.RFC3339), err)
		}
		if done {
			n++
		}
	}
	return n, nil
}

// rankOf lets texts about a person go before the person: it is by the person that
// they are found.
func rankOf(what string) int {
	if what == ErasedPerson {
		return 1
	}
	return 0
}

const replayed = "opnieuw gewist na terugzetten van een back-up"

func again(ctx context.Context, tx pgx.Tx, e Erased) (bool, error) {
	switch e.What {
	case ErasedPerson:
		return personAgain(ctx, tx, e)
	case ErasedText:
		var there bool
		if err := tx.QueryRow(ctx, `select exists (select from answer.response where id = $1 and study = $2) -- store.again`, e.Object, e.Study).Scan(&there); err != nil || !there {
			return false, err
		}
		var n int
		err := tx.QueryRow(ctx, `select answer.erase_text($1, $2, $3, $4, $5, $6) -- store.again`, e.Object, e.Variable, e.At, e.By.Kind, e.By.id(), replayed).Scan(&n)
		return n > 0, err
	case ErasedEvent:
		var n int
		err := tx.QueryRow(ctx, `select field.erase_note($1, $2, $3, $4, $5) -- store.again`, e.Object, e.At, e.By.Kind, e.By.id(), replayed).Scan(&n)
		return n > 0, err
	case ErasedNote:
		return true, eraseNote(ctx, tx, e.Object, e.By, e.At)
	case ErasedMail:
		return true, eraseMail(ctx, tx, e.Object, e.By, e.At)
	case ErasedSnapshot:
		tag, err := tx.Exec(ctx, `update analysis.snapshot set erased = $2, why = $3 where id = $1 and erased is null -- store.again`, e.Object, e.At, replayed)
		if err != nil || tag.RowsAffected() == 0 {
			return false, err
		}
		if _, err := tx.Exec(ctx, `delete from analysis.snapshot_part where snapshot = $1 -- store.again`, e.Object); err != nil {
			return false, err
		}
		return true, enter(ctx, tx, e)
	case TakenBack:
		return withdrawAgain(ctx, tx, e)
	}
	return false, fmt.Errorf("nobody knows how to erase a %q", e.What)
}

func personAgain(ctx context.Context, tx pgx.Tx, e Erased) (bool, error) {
	contacts, err := all(ctx, tx, scanPersonContact, `
		select `+personColumns+` from contact.contact c join register.unit u on u.id = c.unit join register.study s on s.id = u.study -- store.personAgain
		where c.id = $1 and c.erased is null`, e.Object)
	if err != nil {
		return false, err
	}
	if len(contacts) == 0 {
		if e.Hash == nil {
			return false, nil
		}
		// The address is not added again, also where the backup is older than it.
		_, err := tx.Exec(ctx, `insert into contact.suppressed (hash, since, why) values ($1, $2, $3) on conflict do nothing -- store.personAgain`, e.Hash, e.At, byErasure)
		return false, errors.Join(err, enter(ctx, tx, e))
	}
	h, err := huntFor(ctx, tx, contacts)
	if err != nil {
		return false, err
	}
	t, err := h.traces(ctx)
	if err != nil {
		return false, err
	}
	t.Texts = nil // each stands in the ledger by itself: some were kept on purpose
	return true, erasePerson(ctx, tx, Erasure{Contact: e.Object, Reason: replayed, By: e.By, Now: e.At}, t, map[int64][]byte{e.Object: e.Hash})
}
