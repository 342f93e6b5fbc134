package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/study"
)

// retained is how many rows of a class go in one transaction.
const retained = 2000

// A sweeping removes rows of a class of data. $1 is the study, $2 the moment, $3
// how many at most. It says how many it removed.
type sweeping struct{ what, sql string }

// sweepings are what the retention clock does with each class of a study.
var sweepings = map[study.Class][]sweeping{
	study.Messages: {
		{"teksten van berichten", `
			with old as (select b.message from contact.body b join field.message m on m.id = b.message where m.study = $1 and m.state not in ('klaar', 'bezig') and $2::timestamptz is not null limit $3) -- store.Retain
			delete from contact.body b using old where b.message = old.message`},
		{"bezorging", `
			with old as (select id from field.message where study = $1 and (reply <> '' or domain <> '') and state not in ('klaar', 'bezig') and $2::timestamptz is not null limit $3) -- store.Retain
			update field.message m set reply = '', domain = '' from old where m.id = old.id`},
		{"binnengekomen mail", `
			with old as (select i.id from contact.incoming i join register.unit u on u.id = i.unit where u.study = $1 and (i.sender || i.subject || i.text) <> '' limit $3) -- store.Retain
			update contact.incoming i set sender = '', subject = '', text = '', effect = '', warnings = '{}', handled = coalesce(handled, $2) from old where i.id = old.id`},
		{"notities van gesprekken", `
			with old as (select n.call from contact.call_note n join field.call c on c.id = n.call join register.unit u on u.id = c.unit where u.study = $1 and $2::timestamptz is not null limit $3) -- store.Retain
			delete from contact.call_note n using old where n.call = old.call`},
	},
	study.Contacts: {
		{"links", `
			with old as (select c.id from contact.contact c join register.unit u on u.id = c.unit where u.study = $1 and $2::timestamptz is not null and exists (select from contact.link l where l.contact = c.id) limit $3) -- store.Retain
			select contact.forget_links(id) from old`},
		{"contacten", `
			with old as (select c.id from contact.contact c join register.unit u on u.id = c.unit where u.study = $1 and c.erased is null limit $3) -- store.Retain
			update contact.contact c set salutation = '', name = '', role = '', email = '', phone = '', address = '', source = '', source_date = null, added_by = '', sections = '{}',
				bounce_reason = '', end_note = 'bewaartermijn', ended = coalesce(ended, $2), erased = $2 from old where c.id = old.id`},
		{"teksten van berichten", `
			with old as (select b.message from contact.body b join field.message m on m.id = b.message where m.study = $1 and m.state not in ('klaar', 'bezig') and $2::timestamptz is not null limit $3) -- store.Retain
			delete from contact.body b using old where b.message = old.message`},
	},
	study.Identity: {
		{"koppeling", `
			with old as (select id from register.unit where study = $1 and organisation is not null and $2::timestamptz is not null limit $3) -- store.Retain
			update register.unit u set code = u.pseudonym, name = '', organisation = null from old where u.id = old.id`},
	},
	study.Consents: {
		{"toestemmingen", `
			with old as (select c.id from contact.consent c join register.unit u on u.id = c.unit where u.study = $1 and $2::timestamptz is not null limit $3) -- store.Retain
			delete from contact.consent c using old where c.id = old.id`},
	},
}

// platformSweepings are what the clock does with the classes of the platform; $1
// is the moment before which they go, $2 how many at most.
var platformSweepings = map[study.Class][]sweeping{
	study.Security: {
		{"inloglinks", `
			with old as (select hash from staff.login_link where expires < $1 limit $2) -- store.RetainPlatform
			delete from staff.login_link l using old where l.hash = old.hash`},
		{"pogingen", `
			with old as (select kind, origin from staff.attempt where since < $1 limit $2) -- store.RetainPlatform
			delete from staff.attempt a using old where a.kind = old.kind and a.origin = old.origin`},
	},
	study.Inbox: {
		{"mails", `
			with old as (select id from contact.inbox where received < $1 limit $2) -- store.RetainPlatform
			delete from contact.inbox i using old where i.id = old.id`},
		{"mails zonder onderzoek", `
			with old as (select id from contact.incoming where unit is null and received < $1 and (sender || subject || text) <> '' limit $2) -- store.RetainPlatform
			update contact.incoming i set sender = '', subject = '', text = '', warnings = '{}' from old where i.id = old.id`},
	},
}

// Retain removes what of a class of a study must be gone at now, a portion per
// transaction, and logs each portion. It returns how many rows went; 0 where all
// was gone. Whether the class is due is the caller's to decide (study.Deadlines).
func (s *Store) Retain(ctx context.Context, st study.Study, class study.Class, now time.Time) (int, error) {
	if class == study.Answers {
		return s.retainAnswers(ctx, st, now)
	}
	if class == study.Identity {
		if err := s.retainSnapshots(ctx, st, now); err != nil {
			return 0, err
		}
	}
	total := 0
	for _, step := range sweepings[class] {
		n, err := s.inPortions(ctx, st.ID, class, step, now, st.ID, now)
		total += n
		if err != nil {
			return total, fmt.Errorf("retain %s: %w", step.what, err)
		}
	}
	if class == study.Identity && total > 0 {
		err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `update register.study set identity_erased = $2 where id = $1 and identity_erased is null -- store.Retain`, st.ID, now)
			return err
		})
		if err != nil {
			return total, fmt.Errorf("retain: %w", err)
		}
	}
	return total, nil
}

// inPortions runs a step until nothing is left.
func (s *Store) inPortions(ctx context.Context, studyID int64, class study.Class, step sweeping, now time.Time, args ...any) (int, error) {
	total := 0
	for {
		n := 0
		err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
			tag, err := tx.Exec(ctx, step.sql, append(args, retained)...)
			if n = int(tag.RowsAffected()); err != nil || n == 0 {
				return err
			}
			return logRetention(ctx, tx, studyID, class, step.what, n, now)
		})
		total += n
		if err != nil || n < retained {
			return total, err
		}
	}
}

func logRetention(ctx context.Context, tx pgx.Tx, studyID int64, class study.Class, what string, n int, now time.Time) error {
	var of *int64
	if studyID != 0 {
		of = &studyID
	}
	if _, err := tx.Exec(ctx, `insert into staff.retention (at, study, class, n) values ($1, $2, $3, $4) -- store.logRetention`, now, of, class, n); err != nil {
		return err
	}
	return audit(ctx, tx, now, BySystem, studyID, "bewaartermijn voorbij", string(class), map[string]any{"wat": what, "aantal": n})
}

// retainSnapshots removes the content of snapshots: it holds the codes of units,
// and with those the link that must go.
func (s *Store) retainSnapshots(ctx context.Context, st study.Study, now time.Time) error {
	list, err := s.Snapshots(ctx, st.ID)
	if err != nil {
		return err
	}
	for _, x := range list {
		if !x.Erased.IsZero() || !x.Made.Before(now) {
			continue
		}
		if err := s.EraseSnapshot(ctx, st.ID, x.Name, "De bewaartermijn van de koppeling met de organisatie is voorbij.", BySystem, now); err != nil {
			return err
		}
	}
	return nil
}

// retainAnswers removes the answers of a study with their history.
func (s *Store) retainAnswers(ctx context.Context, st study.Study, now time.Time) (int, error) {
	if err := s.retainSnapshots(ctx, st, now); err != nil {
		return 0, err
	}
	n := 0
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `set local statement_timeout = '10min' -- store.retainAnswers`); err != nil {
			return err
		}
		var gone bool
		if err := tx.QueryRow(ctx, `select answers_erased is not null from register.study where id = $1 -- store.retainAnswers`, st.ID).Scan(&gone); err != nil || gone {
			return err
		}
		if err := tx.QueryRow(ctx, `select answer.erase_answers($1, $2) -- store.retainAnswers`, st.ID, now).Scan(&n); err != nil || n == 0 {
			return err
		}
		return logRetention(ctx, tx, st.ID, study.Answers, "inzendingen", n, now)
	})
	if err != nil {
		return 0, fmt.Errorf("retain answers: %w", err)
	}
	return n, nil
}

// RetainPlatform removes what of a class of the whole platform is older than
// before. It returns how many rows went.
func (s *Store) RetainPlatform(ctx context.Context, class study.Class, before, now time.Time) (int, error) {
	total := 0
	for _, step := range platformSweepings[class] {
		n, err := s.inPortions(ctx, 0, class, step, now, before)
		total += n
		if err != nil {
			return total, fmt.Errorf("retain %s: %w", step.what, err)
		}
	}
	return total, nil
}

// RetentionCounts returns how many rows of each class of a study are still there:
// what a run of the clock would remove if the class were due.
func (s *Store) RetentionCounts(ctx context.Context, studyID int64) (map[study.Class]int, error) {
	out := map[study.Class]int{}
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		var messages, contacts, units, consents, answers int
		err := tx.QueryRow(ctx, `
			select (select count(*) from contact.body b join field.message m on m.id = b.message where m.study = $1) -- store.RetentionCounts
					+ (select count(*) from contact.incoming i join register.unit u on u.id = i.unit where u.study = $1 and (i.sender || i.subject || i.text) <> '')
					+ (select count(*) from contact.call_note n join field.call c on c.id = n.call join register.unit u on u.id = c.unit where u.study = $1),
				(select count(*) from contact.contact c join register.unit u on u.id = c.unit where u.study = $1 and c.erased is null),
				(select count(*) from register.unit where study = $1 and organisation is not null),
				(select count(*) from contact.consent c join register.unit u on u.id = c.unit where u.study = $1),
				(select count(*) from answer.submission b join answer.response r on r.id = b.response where r.study = $1)`, studyID).Scan(&messages, &contacts, &units, &consents, &answers)
		out = map[study.Class]int{study.Messages: messages, study.Contacts: contacts, study.Identity: units, study.Consents: consents, study.Answers: answers}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("retention counts: %w", err)
	}
	return out, nil
}

// A Retained is what the clock removed of a class on a day.
type Retained struct {
	At    time.Time
	Class study.Class
	N     int
}

// RetentionLog returns what the clock removed of a study, the latest first.
func (s *Store) RetentionLog(ctx context.Context, studyID int64) ([]Retained, error) {
	var out []Retained
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, pgx.RowToStructByPos[Retained], `
			select max(at), class, sum(n)::int from staff.retention where study = $1 group by class, at order by 1 desc, 2 limit 200 -- store.RetentionLog`, studyID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("retention log: %w", err)
	}
	return out, nil
}
