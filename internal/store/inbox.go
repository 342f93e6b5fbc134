package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/mail"
)

// InboxKept is how many mails the built-in inbox holds, about: the oldest go.
const InboxKept = 5000

// An InboxMail is a mail in the built-in inbox.
type InboxMail struct {
	ID       int64
	Received time.Time
	From     string   // return path
	To       []string // envelope recipients
	Subject  string
	Data     []byte // whole; nil in a list
}

const noInboxMail = "Deze mail is er niet (meer)."

// AddInboxMail keeps a mail that came in over SMTP, whole.
func (s *Store) AddInboxMail(ctx context.Context, m mail.Received, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		var id int64
		err := tx.QueryRow(ctx, `
			insert into contact.inbox (received, sender, recipients, subject, data) values ($1, $2, $3, $4, $5) returning id -- store.AddInboxMail`,
			now, plain(m.From), plainAll(m.To), mail.Show(m.Data).Subject, m.Data).Scan(&id)
		if err != nil || id%100 != 0 {
			return err
		}
		_, err = tx.Exec(ctx, `
			delete from contact.inbox where id <= (select id from contact.inbox order by id desc offset $1 limit 1) -- store.AddInboxMail`, InboxKept)
		return err
	})
	if err != nil {
		return fmt.Errorf("add inbox mail: %w", err)
	}
	return nil
}

// plain is text that the database takes.
func plain(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, "�"), "\x00", "") }

func plainAll(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = plain(s)
	}
	return out
}

// Inbox lists the mails of the built-in inbox that have a text in their subject
// or recipients, newest first, from the nth on, and says how many there are.
func (s *Store) Inbox(ctx context.Context, search string, from, limit int) (mails []InboxMail, total int, err error) {
	const where = ` where position(lower($1) in lower(subject || ' ' || array_to_string(recipients, ' '))) > 0 or $1 = '' `
	err = s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, `select count(*) from contact.inbox`+where+`-- store.Inbox`, search).Scan(&total); err != nil {
			return err
		}
		mails, err = all(ctx, tx, func(row pgx.CollectableRow) (m InboxMail, err error) {
			return m, row.Scan(&m.ID, &m.Received, &m.From, &m.To, &m.Subject)
		}, `select id, received, sender, recipients, subject from contact.inbox`+where+`order by id desc offset $2 limit $3 -- store.Inbox`, search, from, limit)
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("inbox: %w", err)
	}
	return mails, total, nil
}

// InboxMail returns one mail of the built-in inbox, whole.
func (s *Store) InboxMail(ctx context.Context, id int64) (InboxMail, error) {
	var m InboxMail
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		m, err = one(ctx, tx, pgx.RowToStructByPos[InboxMail], noInboxMail, `
			select id, received, sender, recipients, subject, data from contact.inbox where id = $1 -- store.InboxMail`, id)
		return err
	})
	if err != nil {
		return m, fmt.Errorf("inbox mail: %w", err)
	}
	return m, nil
}
