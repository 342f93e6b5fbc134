package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
)

// A NewMessage is a mail outside the ladder: a link that was asked for, a notice,
// a receipt. It goes at any hour, and says nothing about a step.
type NewMessage struct {
	Contact  int64
	Template string
	Extra    map[string]string // fields that only this message has: collega, ander, ontvangst, moment
	By       Actor
	Now      time.Time
}

// AddMessage queues a mail outside the ladder and returns its id. A contact that
// has no address for mail, or is no contact any more, is a problem of whoever
// asks: Invalid.
func (s *Store) AddMessage(ctx context.Context, m NewMessage) (int64, error) {
	var id int64
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		id, err = addMessage(ctx, tx, m)
		if err != nil {
			return err
		}
		if id == 0 {
			return errs.Errorf(errs.Invalid, "Deze contactpersoon heeft geen e-mailadres waarop wij kunnen mailen.")
		}
		return audit(ctx, tx, m.Now, m.By, 0, "bericht klaargezet", fmt.Sprint("bericht ", id), map[string]any{"tekst": m.Template})
	})
	if err != nil {
		return 0, fmt.Errorf("add message: %w", err)
	}
	return id, nil
}

// addMessage queues a mail inside the transaction it is about. It returns 0 where
// the contact cannot be mailed: no address, ended, opted out or bounced.
func addMessage(ctx context.Context, tx pgx.Tx, m NewMessage) (int64, error) {
	ids, err := all(ctx, tx, pgx.RowTo[int64], `
		insert into field.message (study, unit, contact, channel, template, domain, queued, due, actor, actor_id) -- store.addMessage
		select u.study, u.id, c.id, 'mail', $2, lower(split_part(c.email, '@', 2)), $3, $3, $4, $5
		from contact.contact c join register.unit u on u.id = c.unit
		where c.id = $1 and c.email <> '' and c.ended is null and c.opted_out is null and c.bounced is null returning id`,
		m.Contact, m.Template, m.Now, m.By.Kind, m.By.id())
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	if len(m.Extra) > 0 {
		if _, err := tx.Exec(ctx, `insert into contact.body (message, extra) values ($1, $2) -- store.addMessage`, ids[0], m.Extra); err != nil {
			return 0, err
		}
	}
	return ids[0], nil
}

// A Message is one mail or letter as fieldworkers see it.
type Message struct {
	ID       int64
	UnitCode string
	UnitName string
	Audience string
	Contact  int64
	Name     string // of the contact as it was written to
	Address  string
	Step     string
	Channel  contactplan.Channel
	Template string
	State    string
	Attempts int
	Queued   time.Time
	Due      time.Time
	Begun    time.Time
	Done     time.Time
	Reply    string
	Subject  string
	Text     string // with placeholders for link and code
	Event    int64  // of sending; 0 for none
}

// Messages returns messages by id, in the order of the ids.
func (s *Store) Messages(ctx context.Context, ids []int64) ([]Message, error) {
	return s.messages(ctx, `m.id = any($1) order by m.id`, ids)
}

// MessagesIn returns the messages of a study that are in a state, oldest first;
// at most limit of them.
func (s *Store) MessagesIn(ctx context.Context, studyID int64, state string, limit int) ([]Message, error) {
	return s.messages(ctx, `m.study = $1 and m.state = $2 order by m.queued, m.id limit $3`, studyID, state, limit)
}

// UnitMessages returns all messages to a unit, newest first.
func (s *Store) UnitMessages(ctx context.Context, unit int64) ([]Message, error) {
	return s.messages(ctx, `m.unit = $1 order by coalesce(m.begun, m.queued) desc, m.id desc`, unit)
}

func (s *Store) messages(ctx context.Context, where string, args ...any) ([]Message, error) {
	var out []Message
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, pgx.RowToStructByPos[Message], `
			select m.id, u.code, u.name, u.audience, m.contact, coalesce(b.name, ''), coalesce(b.address, ''), coalesce(m.step, ''), m.channel, m.template, m.state, -- store.messages
				m.attempts, m.queued, m.due, coalesce(m.begun, '0001-01-01T00:00:00Z'), coalesce(m.done, '0001-01-01T00:00:00Z'), m.reply, coalesce(b.subject, ''), coalesce(b.text, ''), coalesce(m.event, 0)
			from field.message m join register.unit u on u.id = m.unit left join contact.body b on b.message = m.id where `+where, args...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("messages: %w", err)
	}
	return out, nil
}
