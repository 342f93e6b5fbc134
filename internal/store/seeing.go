package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Vitals are what an operator wants to know of an installation. They are read from
// the database, so that they are the same whichever program is asked, and do not
// begin at zero again when one restarts.
type Vitals struct {
	Saves       int64     // ever; counts by the number of the newest, which may skip
	Submissions int64     // likewise
	LastSave    time.Time // zero: never
	Messages    map[string]int
	OldestDue   time.Time // of mail that may go and did not; zero: none waits
	Bounced     int       // contacts that mail does not reach
	Failed      map[string]int
	Backup      time.Time // the newest; zero: none
	Tested      time.Time // the newest that was restored elsewhere
	Locked      bool      // nothing may be sent, as after a restore
	Connections map[string]int
}

// Vitals reads them at a moment.
func (s *Store) Vitals(ctx context.Context, now time.Time) (Vitals, error) {
	v := Vitals{Messages: map[string]int{"klaar": 0, "bezig": 0, "verstuurd": 0, "onzeker": 0, "onbestelbaar": 0, "ingetrokken": 0}, Failed: map[string]int{}, Connections: s.connections()}
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `
			select coalesce((select max(id) from answer.save), 0), coalesce((select max(id) from answer.submission), 0), -- store.Vitals
				coalesce((select at from answer.save order by id desc limit 1), '0001-01-01T00:00:00Z'),
				coalesce((select min(m.due) from field.message m join register.study s on s.id = m.study
					where m.state = 'klaar' and m.channel = 'mail' and m.due <= $1 and s.stopped is null and s.closes > $1), '0001-01-01T00:00:00Z'),
				(select count(*) from contact.contact where bounced is not null and ended is null),
				coalesce((select max(made) from staff.backup), '0001-01-01T00:00:00Z'), coalesce((select max(made) from staff.backup where tested), '0001-01-01T00:00:00Z'),
				exists (select from field.sending where locked is not null)`, now).
			Scan(&v.Saves, &v.Submissions, &v.LastSave, &v.OldestDue, &v.Bounced, &v.Backup, &v.Tested, &v.Locked)
		if err != nil {
			return err
		}
		if err := counts(ctx, tx, v.Messages, `select state, count(*)::int from field.message group by state -- store.Vitals`); err != nil {
			return err
		}
		return counts(ctx, tx, v.Failed, `select kind, sum(failed)::int from staff.attempt where since > $1 group by kind -- store.Vitals`, now.Add(-time.Hour))
	})
	if err != nil {
		return v, fmt.Errorf("vitals: %w", err)
	}
	return v, nil
}

// counts fills a map with what a query counts by name.
func counts(ctx context.Context, tx pgx.Tx, into map[string]int, sql string, args ...any) error {
	var name string
	var n int
	rows, _ := tx.Query(ctx, sql, args...) // a failed query is reported below
	_, err := pgx.ForEachRow(rows, []any{&name, &n}, func() error {
		into[name] = n
		return nil
	})
	return err
}

// connections are those of this program.
func (s *Store) connections() map[string]int {
	stat := s.db.Stat()
	return map[string]int{"used": int(stat.AcquiredConns()), "idle": int(stat.IdleConns()), "max": int(stat.MaxConns())}
}

// RecordBackup writes down that a backup was made of the database at url, as its
// owner. A database with an older schema has no place for it, and needs none.
func RecordBackup(ctx context.Context, url string, made time.Time, rows int64, encrypted, tested bool) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("record backup: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }() // what was written is committed
	var there bool
	if err := conn.QueryRow(ctx, `select to_regclass('staff.backup') is not null -- store.RecordBackup`).Scan(&there); err != nil || !there {
		return err
	}
	if _, err := conn.Exec(ctx, `insert into staff.backup (made, rows, encrypted, tested) values ($1, $2, $3, $4) -- store.RecordBackup`, made, rows, encrypted, tested); err != nil {
		return fmt.Errorf("record backup: %w", err)
	}
	return nil
}
