package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
)

// BatchMax is how many letters go into one batch: as many as are printed within
// seconds, and can still be looked through by hand.
const BatchMax = 500

// A Heap is letters of one step that are in no batch yet.
type Heap struct {
	Step     string // "" outside the ladder
	Template string
	N        int
	Since    time.Time // when the oldest was queued
}

// Heaps returns the letters of a study that wait to be printed, oldest first.
func (s *Store) Heaps(ctx context.Context, studyID int64) ([]Heap, error) {
	var out []Heap
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, pgx.RowToStructByPos[Heap], `
			select coalesce(step, ''), template, count(*), min(queued) from field.message -- store.Heaps
			where study = $1 and channel = 'letter' and state = 'klaar' and batch is null group by 1, 2 order by 4, 1, 2`, studyID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("heaps: %w", err)
	}
	return out, nil
}

// A Batch is letters of one step that are printed and posted together.
type Batch struct {
	ID       int64
	Step     string // "" outside the ladder
	Template string
	Made     time.Time
	By       string
	Files    int       // how often its file was made
	Filed    time.Time // when it was made last; zero before
	FiledBy  string
	Sent     time.Time // "verstuurd op"; zero before
	Dropped  time.Time // its letters wait again; zero where not
	Waiting  int       // letters that are not posted yet
	Posted   int
	Out      int // letters that may not go any more
}

const batchSelect = `
	select b.id, b.step, b.template, b.made, coalesce(nullif(a.name, ''), a.email, ''), b.files, coalesce(b.filed, '0001-01-01T00:00:00Z'), coalesce(nullif(f.name, ''), f.email, ''),
		coalesce(b.sent, '0001-01-01T00:00:00Z'), coalesce(b.dropped, '0001-01-01T00:00:00Z'), m.waiting, m.posted, m.out
	from field.batch b left join staff.account a on a.id = b.actor_id left join staff.account f on f.id = b.filed_by
	cross join lateral (select count(*) filter (where state = 'klaar') as waiting, count(*) filter (where state in ('verstuurd', 'onbestelbaar')) as posted,
		count(*) filter (where state = 'ingetrokken') as out from field.message where batch = b.id) m`

const noBatch = "Deze stapel brieven is er niet."

// Batches returns the batches of a study, newest first.
func (s *Store) Batches(ctx context.Context, studyID int64) ([]Batch, error) {
	var out []Batch
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, pgx.RowToStructByPos[Batch], batchSelect+` where b.study = $1 order by b.id desc -- store.Batches`, studyID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("batches: %w", err)
	}
	return out, nil
}

// A Letter is one letter of a batch.
type Letter struct {
	ID       int64
	UnitCode string
	UnitName string
	Audience string
	Name     string // of the contact
	Address  string // of the contact, as it is now
	State    string
	Reply    string            // why it was withdrawn
	Touch    contactplan.Touch // as Withhold takes it
	Unit     contactplan.Unit  // as it is now
}

// Batch returns a batch with its letters, in the order in which they are printed.
func (s *Store) Batch(ctx context.Context, studyID, id int64) (Batch, []Letter, error) {
	var b Batch
	var letters []Letter
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		if b, err = one(ctx, tx, pgx.RowToStructByPos[Batch], noBatch, batchSelect+` where b.study = $1 and b.id = $2 -- store.Batch`, studyID, id); err != nil {
			return err
		}
		letters, err = lettersOf(ctx, tx, id, "")
		return err
	})
	if err != nil {
		return b, nil, fmt.Errorf("batch: %w", err)
	}
	return b, letters, nil
}

// lettersOf returns the letters of a batch; lock is "for update of m" or "".
func lettersOf(ctx context.Context, tx pgx.Tx, batch int64, lock string) ([]Letter, error) {
	letters, err := all(ctx, tx, func(row pgx.CollectableRow) (Letter, error) {
		l := Letter{Touch: contactplan.Touch{Channel: contactplan.Letter}}
		return l, row.Scan(&l.ID, &l.Unit.ID, &l.UnitCode, &l.UnitName, &l.Audience, &l.Name, &l.Address, &l.State, &l.Reply, &l.Touch.Step, &l.Touch.Contact)
	}, `
		select m.id, u.id, u.code, u.name, u.audience, c.name, c.address, m.state, m.reply, coalesce(m.step, ''), c.id -- store.lettersOf
		from field.message m join register.unit u on u.id = m.unit join contact.contact c on c.id = m.contact
		where m.batch = $1 order by u.audience desc, u.code, m.id `+lock, batch)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, l := range letters {
		ids = append(ids, l.Unit.ID)
	}
	units, err := all(ctx, tx, scanApproach, approachSelect+` where u.id = any($1) -- store.lettersOf`, ids)
	if err != nil {
		return nil, err
	}
	if err := approachFacts(ctx, tx, units); err != nil {
		return nil, err
	}
	at := map[int64]contactplan.Unit{}
	for _, u := range units {
		at[u.ID] = u
	}
	for i := range letters {
		letters[i].Unit = at[letters[i].Unit.ID]
	}
	return letters, nil
}

// AddBatch puts the letters of a step that wait in a batch, BatchMax at most, and
// returns its id. It returns 0 where none waits: somebody was first.
func (s *Store) AddBatch(ctx context.Context, studyID int64, step, template string, by Actor, now time.Time) (int64, error) {
	var id int64
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		id = 0
		letters, err := all(ctx, tx, pgx.RowTo[int64], `
			select m.id from field.message m join register.unit u on u.id = m.unit -- store.AddBatch
			where m.study = $1 and m.channel = 'letter' and m.state = 'klaar' and m.batch is null and coalesce(m.step, '') = $2 and m.template = $3
			order by u.audience desc, u.code, m.id limit $4 for update of m`, studyID, step, template, BatchMax)
		if err != nil || len(letters) == 0 {
			return err
		}
		err = tx.QueryRow(ctx, `
			insert into field.batch (study, step, template, made, n, actor, actor_id) values ($1, $2, $3, $4, $5, $6, $7) returning id -- store.AddBatch`,
			studyID, step, template, now, len(letters), by.Kind, by.id()).Scan(&id)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update field.message set batch = $1 where id = any($2) -- store.AddBatch`, id, letters); err != nil {
			return err
		}
		return audit(ctx, tx, now, by, studyID, "stapel brieven gemaakt", fmt.Sprint("stapel ", id), map[string]any{"stap": step, "n": len(letters)})
	})
	if err != nil {
		return 0, fmt.Errorf("add batch: %w", err)
	}
	return id, nil
}

// LetterTexts returns what the letters of a batch that may still go can say, in
// the order in which they are printed.
func (s *Store) LetterTexts(ctx context.Context, ids []int64) ([]Outgoing, error) {
	var out []Outgoing
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		for _, id := range ids {
			m, err := outgoing(ctx, tx, id)
			if err != nil {
				return err
			}
			out = append(out, m)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("letter texts: %w", err)
	}
	return out, nil
}

// A Printed is one letter of a file.
type Printed struct {
	ID      int64
	Tokens  []string // of the link and the code that it brings
	Address string   // of the contact, as it was read
	Name    string
	Subject string
	Text    string // with placeholders for link and code
}

// A Withhold says why a letter may not go after all, or "".
type Withhold func(contactplan.Unit, contactplan.Touch) string

// A LetterFile is a file of letters that is ready to be handed over.
type LetterFile struct {
	Study    int64
	Batch    int64
	Letters  []Printed
	Withhold Withhold
	Seen     int // files that there were when it was asked for
	By       Actor
	Now      time.Time
}

// ErrStale says that a file of letters was overtaken while it was made.
var ErrStale = errs.Errorf(errs.Conflict, "Terwijl wij het bestand maakten, veranderde er iets. Maak het opnieuw.")

// FileLetters makes the links and codes of a file of letters work, and ends those
// of the file before. Whether a letter may go is looked at under lock: what may
// not is withdrawn. A file that holds other letters than may go now is ErrStale,
// and changes nothing.
func (s *Store) FileLetters(ctx context.Context, f LetterFile) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		b, err := lockBatch(ctx, tx, f.Study, f.Batch)
		if err != nil {
			return err
		}
		if b.files != f.Seen && b.filedBy != f.By.ID {
			return errs.Errorf(errs.Conflict, "Een collega maakte net een bestand van deze stapel. Alleen de codes in het laatste bestand werken. Spreek af wie print.")
		}
		if err := mayPrint(ctx, tx, f.Study); err != nil {
			return err
		}
		letters, err := lettersOf(ctx, tx, f.Batch, "for update of m")
		if err != nil {
			return err
		}
		for _, l := range letters {
			if l.State != Waiting {
				continue
			}
			i := slices.IndexFunc(f.Letters, func(p Printed) bool { return p.ID == l.ID })
			why := f.Withhold(l.Unit, l.Touch)
			if (why == "") != (i >= 0) || i >= 0 && f.Letters[i].Address != l.Address {
				return ErrStale
			}
			if err := revokeMessage(ctx, tx, l.ID, "vervangen", f.Now); err != nil {
				return err
			}
			if why != "" {
				if err := withdraw(ctx, tx, l.ID, why, f.Now); err != nil {
					return err
				}
				continue
			}
			if err := keepPrinted(ctx, tx, l, f.Letters[i], f.Now); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `update field.batch set files = files + 1, filed = $2, filed_by = $3 where id = $1 -- store.FileLetters`, f.Batch, f.Now, f.By.id()); err != nil {
			return err
		}
		return audit(ctx, tx, f.Now, f.By, f.Study, "brieven gemaakt", fmt.Sprint("stapel ", f.Batch), map[string]any{"n": len(f.Letters)})
	})
	if err != nil {
		return fmt.Errorf("file letters: %w", err)
	}
	return nil
}

type lockedBatch struct {
	files   int
	filedBy int64
	made    time.Time
	sent    time.Time
	dropped time.Time
}

// lockBatch returns a batch that is not posted or dropped.
func lockBatch(ctx context.Context, tx pgx.Tx, studyID, id int64) (lockedBatch, error) {
	var b lockedBatch
	_, err := one(ctx, tx, func(row pgx.CollectableRow) (struct{}, error) {
		return struct{}{}, row.Scan(&b.files, &b.filedBy, &b.made, &b.sent, &b.dropped)
	}, noBatch, `
		select files, coalesce(filed_by, 0), made, coalesce(sent, '0001-01-01T00:00:00Z'), coalesce(dropped, '0001-01-01T00:00:00Z') -- store.lockBatch
		from field.batch where study = $1 and id = $2 for update`, studyID, id)
	switch {
	case err != nil:
		return b, err
	case !b.sent.IsZero():
		return b, errs.Errorf(errs.Conflict, "Deze stapel is al verstuurd.")
	case !b.dropped.IsZero():
		return b, errs.Errorf(errs.Conflict, "Deze stapel is opgeheven.")
	}
	return b, nil
}

// mayPrint refuses while sending is stopped.
func mayPrint(ctx context.Context, tx pgx.Tx, studyID int64) error {
	var stopped bool
	err := tx.QueryRow(ctx, `
		select s.stopped is not null or x.locked is not null from register.study s cross join field.sending x where s.id = $1 -- store.mayPrint`, studyID).Scan(&stopped)
	if err == nil && stopped {
		return errs.Errorf(errs.Conflict, "Het versturen is stopgezet. Er gaan nu ook geen brieven uit.")
	}
	return err
}

// revokeMessage ends the links that a message brought. Sessions that began with
// one end too.
func revokeMessage(ctx context.Context, tx pgx.Tx, message int64, why string, now time.Time) error {
	_, err := tx.Exec(ctx, `update contact.link set revoked = $2, reason = $3 where message = $1 and revoked is null -- store.revokeMessage`, message, now, why)
	return err
}

func keepPrinted(ctx context.Context, tx pgx.Tx, l Letter, p Printed, now time.Time) error {
	for _, token := range p.Tokens {
		_, err := tx.Exec(ctx, `
			insert into contact.link (contact, hash, purpose, made, message) values ($1, $2, 'brief', $3, $4) -- store.keepPrinted`, l.Touch.Contact, hash(token), now, l.ID)
		if err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `
		insert into contact.body (message, address, name, subject, text) values ($1, $2, $3, $4, $5) -- store.keepPrinted
		on conflict (message) do update set address = excluded.address, name = excluded.name, subject = excluded.subject, text = excluded.text`,
		l.ID, p.Address, p.Name, p.Subject, p.Text)
	return err
}

// A Posting says that a batch of letters was posted.
type Posting struct {
	Study    int64
	Batch    int64
	At       time.Time
	Withhold Withhold
	By       Actor
	Now      time.Time
}

// PostLetters records that a batch was posted. A letter to a unit that had
// answered or refused by then is withdrawn: it was to be taken out. What happened
// after the posting does not unsend a letter.
func (s *Store) PostLetters(ctx context.Context, p Posting) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		b, err := lockBatch(ctx, tx, p.Study, p.Batch)
		if err != nil {
			return err
		}
		switch {
		case b.files == 0:
			return errs.Errorf(errs.Conflict, "Van deze stapel is nog geen bestand gemaakt.")
		case p.At.After(p.Now) || p.At.Before(b.made):
			return errs.Errorf(errs.Invalid, "Brieven kunnen niet in de toekomst zijn verstuurd, en niet voordat ze er waren.")
		}
		letters, err := lettersOf(ctx, tx, p.Batch, "for update of m")
		if err != nil {
			return err
		}
		n := 0
		for _, l := range letters {
			if l.State != Waiting {
				continue
			}
			sent, err := post(ctx, tx, p, l)
			if err != nil {
				return err
			}
			n += sent
		}
		if _, err := tx.Exec(ctx, `update field.batch set sent = $2, n = $3 where id = $1 -- store.PostLetters`, p.Batch, p.At, n); err != nil {
			return err
		}
		return audit(ctx, tx, p.Now, p.By, p.Study, "brieven verstuurd", fmt.Sprint("stapel ", p.Batch), map[string]any{"n": n, "op": p.At.Format(time.DateOnly)})
	})
	if err != nil {
		return fmt.Errorf("post letters: %w", err)
	}
	return nil
}

// post records of one letter that it was posted, and returns 1, or withdraws it.
func post(ctx context.Context, tx pgx.Tx, p Posting, l Letter) (int, error) {
	if why := p.Withhold(Before(l.Unit, p.At), l.Touch); why != "" {
		if err := revokeMessage(ctx, tx, l.ID, "niet verstuurd", p.Now); err != nil {
			return 0, err
		}
		return 0, withdraw(ctx, tx, l.ID, why, p.Now)
	}
	id, err := addEventID(ctx, tx, event.Event{Unit: l.Unit.ID, Kind: event.LetterSent, Occurred: p.At, Recorded: p.Now, Channel: string(contactplan.Letter),
		Actor: p.By.Kind, ActorID: p.By.ID, Note: l.Touch.Step})
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `
		update field.message set state = 'verstuurd', begun = $2, done = $3, event = $4, attempts = 1 where id = $1 -- store.post`, l.ID, p.At, p.Now, id)
	return 1, err
}

// Before is a unit as it was at t, as far as its events go.
func Before(u contactplan.Unit, t time.Time) contactplan.Unit {
	u.Events = slices.DeleteFunc(slices.Clone(u.Events), func(e event.Event) bool { return e.Occurred.After(t) })
	return u
}

// DropBatch gives up a batch that was not posted: its letters wait again, and the
// links and codes of its file end. Dropping twice is dropping once.
func (s *Store) DropBatch(ctx context.Context, studyID, id int64, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		b, err := lockBatch(ctx, tx, studyID, id)
		if !b.dropped.IsZero() {
			return nil
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			update contact.link l set revoked = $2, reason = 'vervangen' from field.message m -- store.DropBatch
			where m.batch = $1 and m.state = 'klaar' and l.message = m.id and l.revoked is null`, id, now)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update field.message set batch = null where batch = $1 and state = 'klaar' -- store.DropBatch`, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update field.batch set dropped = $2 where id = $1 -- store.DropBatch`, id, now); err != nil {
			return err
		}
		return audit(ctx, tx, now, by, studyID, "stapel brieven opgeheven", fmt.Sprint("stapel ", id), nil)
	})
	if err != nil {
		return fmt.Errorf("drop batch: %w", err)
	}
	return nil
}
