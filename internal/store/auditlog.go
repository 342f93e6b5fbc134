package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// An AuditQuery says which lines of the audit log are asked for. Zero fields ask
// nothing.
type AuditQuery struct {
	Study    int64  // id; 0 for all, also what belongs to no study
	Account  int64  // who did it
	Actor    string // respondent, staff or system
	Action   string
	Text     string // in action, object or detail
	From, To time.Time
	Skip     int
	Limit    int
}

// An AuditLine is one line of the audit log.
type AuditLine struct {
	ID      int64
	At      time.Time
	Actor   string
	ActorID int64
	Study   int64
	Action  string
	Object  string
	Detail  map[string]any
	Who     string // name of the member of staff
}

// AuditLines returns lines of the audit log, the latest first, and says how many
// there are.
func (s *Store) AuditLines(ctx context.Context, q AuditQuery) (lines []AuditLine, total int, err error) {
	const where = ` from staff.audit where ($1 = 0 or study = $1) and ($2 = 0 or actor = 'staff' and actor_id = $2) and ($3 = '' or actor = $3) and ($4 = '' or action = $4)
		and ($5 = '' or position(lower($5) in lower(action || ' ' || object || ' ' || detail::text)) > 0) and ($6::timestamptz is null or at >= $6) and ($7::timestamptz is null or at < $7)`
	args := []any{q.Study, q.Account, q.Actor, q.Action, q.Text, nullTime(q.From), nullTime(q.To)}
	err = s.read(ctx, keeper, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, `select count(*)`+where+` -- store.AuditLines`, args...).Scan(&total); err != nil {
			return err
		}
		lines, err = all(ctx, tx, func(row pgx.CollectableRow) (l AuditLine, err error) {
			return l, row.Scan(&l.ID, &l.At, &l.Actor, &l.ActorID, &l.Study, &l.Action, &l.Object, &l.Detail)
		}, `select id, at, actor, coalesce(actor_id, 0), coalesce(study, 0), action, object, detail`+where+` order by at desc, id desc offset $8 limit $9 -- store.AuditLines`,
			append(args, q.Skip, q.Limit)...)
		return err
	})
	if err == nil {
		err = s.nameStaff(ctx, lines)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("audit lines: %w", err)
	}
	return lines, total, nil
}

// nameStaff fills in who did what: the role that reads the log knows nobody.
func (s *Store) nameStaff(ctx context.Context, lines []AuditLine) error {
	names := map[int64]string{}
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		var id int64
		var name string
		rows, _ := tx.Query(ctx, `select id, coalesce(nullif(name, ''), email) from staff.account -- store.nameStaff`)
		_, err := pgx.ForEachRow(rows, []any{&id, &name}, func() error {
			names[id] = name
			return nil
		})
		return err
	})
	for i := range lines {
		if lines[i].Actor == "staff" {
			lines[i].Who = names[lines[i].ActorID]
		}
	}
	return err
}

// AuditChoices returns what there is to choose from in the log of a study, or of
// all for 0: the actions, and the accounts that did something.
func (s *Store) AuditChoices(ctx context.Context, studyID int64) (actions []string, accounts []AuditLine, err error) {
	err = s.read(ctx, keeper, func(tx pgx.Tx) error {
		if actions, err = all(ctx, tx, pgx.RowTo[string], `select distinct action from staff.audit where $1 = 0 or study = $1 order by 1 -- store.AuditChoices`, studyID); err != nil {
			return err
		}
		accounts, err = all(ctx, tx, func(row pgx.CollectableRow) (AuditLine, error) {
			l := AuditLine{Actor: "staff"}
			return l, row.Scan(&l.ActorID)
		}, `select distinct actor_id from staff.audit where actor = 'staff' and actor_id is not null and ($1 = 0 or study = $1) order by 1 -- store.AuditChoices`, studyID)
		return err
	})
	if err == nil {
		err = s.nameStaff(ctx, accounts)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("audit choices: %w", err)
	}
	return actions, accounts, nil
}
