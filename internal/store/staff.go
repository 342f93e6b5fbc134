package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/credential"
	"github.com/uitvraag/uitvraag/internal/errs"
)

// How long staff stay logged in (standards Z3), and how long a one-time link
// works.
const (
	StaffIdle     = 30 * time.Minute
	StaffAbsolute = 12 * time.Hour
	LoginLinkLife = 24 * time.Hour

	InvitationLife = 7 * 24 * time.Hour
	EmergencyLife  = 15 * time.Minute
)

const noLogin = "Deze inloglink werkt niet (meer). Vraag een nieuwe aan bij uw beheerder."

// AddLogin makes the account where there is none with this address, gives it
// its role in its study, and returns the token of a one-time login link. With
// Study 0 that is the only study there is; before there is one, the role waits
// for the first.
func (s *Store) AddLogin(ctx context.Context, a account.Account, by Actor, now time.Time) (string, error) {
	token := NewToken()
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		id, err := addAccount(ctx, tx, a, now)
		if err != nil {
			return err
		}
		if err := addRole(ctx, tx, id, a, by, now); err != nil {
			return err
		}
		return addLoginLink(ctx, tx, id, token, credential.Link, by, now)
	})
	if err != nil {
		return "", fmt.Errorf("add login: %w", err)
	}
	return token, nil
}

// addLoginLink keeps the hash of a one-time link.
func addLoginLink(ctx context.Context, tx pgx.Tx, id int64, token string, kind credential.Method, by Actor, now time.Time) error {
	life := map[credential.Method]time.Duration{credential.Link: LoginLinkLife, credential.Invitation: InvitationLife, credential.Emergency: EmergencyLife}[kind]
	_, err := tx.Exec(ctx, `
		insert into staff.login_link (hash, account, made, expires, kind) values ($1, $2, $3, $4, $5) -- store.addLoginLink`, hash(token), id, now, now.Add(life), kind)
	if err != nil {
		return err
	}
	return audit(ctx, tx, now, by, 0, "inloglink gemaakt", fmt.Sprint("account ", id), map[string]any{"soort": kind})
}

// addAccount returns the account with this address, made or opened again.
func addAccount(ctx context.Context, tx pgx.Tx, a account.Account, now time.Time) (int64, error) {
	var id int64
	err := tx.QueryRow(ctx, `
		insert into staff.account (email, name, added) values ($1, $2, $3) -- store.addAccount
		on conflict (lower(email)) do update set name = coalesce(nullif(excluded.name, ''), account.name), ended = null
		returning id`, a.Email, a.Name, now).Scan(&id)
	return id, err
}

// addRole gives an account the role of a.
func addRole(ctx context.Context, tx pgx.Tx, id int64, a account.Account, by Actor, now time.Time) error {
	if a.Role == account.Beheerder {
		if _, err := tx.Exec(ctx, `update staff.account set beheerder = true where id = $1 -- store.addRole`, id); err != nil {
			return err
		}
		return audit(ctx, tx, now, by, 0, "rol gegeven", fmt.Sprint("account ", id), map[string]any{"rol": a.Role})
	}
	if a.Study != 0 {
		return giveRole(ctx, tx, id, a.Study, a.Role, by, now)
	}
	studies, err := all(ctx, tx, pgx.RowTo[int64], `select id from register.study order by id limit 2 -- store.addRole`)
	switch {
	case err != nil:
		return err
	case len(studies) == 1:
		return giveRole(ctx, tx, id, studies[0], a.Role, by, now)
	case len(studies) > 1:
		return errs.Errorf(errs.Invalid, "Een rol geldt in één onderzoek. Zeg in welk onderzoek (--study).")
	}
	_, err = tx.Exec(ctx, `update staff.account set awaits = $2 where id = $1 -- store.addRole`, id, a.Role)
	return err
}

// LoginAccount returns the account that an unused login link is for. It changes
// nothing.
func (s *Store) LoginAccount(ctx context.Context, token string, now time.Time) (account.Account, error) {
	var a account.Account
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `
			select a.id, a.email, a.name, a.beheerder from staff.login_link l join staff.account a on a.id = l.account -- store.LoginAccount
			where l.hash = $1 and l.used is null and l.expires > $2 and a.ended is null`, hash(token), now).Scan(&a.ID, &a.Email, &a.Name, &a.Beheerder)
		if errors.Is(err, pgx.ErrNoRows) {
			return errs.Errorf(errs.NotFound, noLogin)
		}
		return err
	})
	if err != nil {
		return a, fmt.Errorf("login account: %w", err)
	}
	return a, nil
}

// Login uses a login link, once, and returns the token of a new session, and what
// kind of link it was.
func (s *Store) Login(ctx context.Context, link string, from Client, now time.Time) (token string, kind credential.Method, err error) {
	err = s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		var id int64
		err := tx.QueryRow(ctx, `
			update staff.login_link l set used = $2 from staff.account a -- store.Login
			where l.hash = $1 and l.used is null and l.expires > $2 and a.id = l.account and a.ended is null
			returning a.id, l.kind`, hash(link), now).Scan(&id, &kind)
		if errors.Is(err, pgx.ErrNoRows) {
			return errs.Errorf(errs.NotFound, noLogin)
		}
		if err != nil {
			return err
		}
		token, err = openSession(ctx, tx, id, kind, from, now)
		return err
	})
	if err != nil {
		return "", "", fmt.Errorf("login: %w", err)
	}
	return token, kind, nil
}

// StaffSession returns who a session belongs to, with the role that holds in the
// study with that slug, or outside of studies with slug "". NotFound when the
// session ended. The role is looked up at every request, so what is taken away is
// gone at once; it is "" in a study that is not there or not theirs.
func (s *Store) StaffSession(ctx context.Context, token, slug string, now time.Time) (account.Account, Session, error) {
	var a account.Account
	var x Session
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		var proved *time.Time
		var roles []account.Role
		var studyID int64
		err := tx.QueryRow(ctx, `
			select a.id, a.email, a.name, a.beheerder, s.id, s.method, s.made, s.seen, s.proved, coalesce(t.id, 0), -- store.StaffSession
				array(select r.role from staff.role r where r.account = a.id and ($4 = '' or r.study = t.id)
					union all select a.awaits where $4 = '' and a.awaits is not null)
			from staff.session s join staff.account a on a.id = s.account left join register.study t on t.slug = $4
			where s.hash = $1 and s.seen > $2 and s.made > $3 and a.ended is null`,
			hash(token), now.Add(-StaffIdle), now.Add(-StaffAbsolute), slug).Scan(&a.ID, &a.Email, &a.Name, &a.Beheerder, &x.ID, &x.Method, &x.Made, &x.Seen, &proved, &studyID, &roles)
		if errors.Is(err, pgx.ErrNoRows) {
			return errs.Errorf(errs.NotFound, "Log opnieuw in.")
		}
		if err != nil {
			return err
		}
		if proved != nil {
			x.Proved = *proved
		}
		if slug == "" || studyID != 0 {
			a = a.In(studyID, account.First(roles))
		}
		if now.Sub(x.Seen) < time.Minute {
			return nil
		}
		_, err = tx.Exec(ctx, `update staff.session set seen = $2 where hash = $1 -- store.StaffSession`, hash(token), now)
		return err
	})
	if err != nil {
		return a, x, fmt.Errorf("staff session: %w", err)
	}
	return a, x, nil
}

// Logout ends a session.
func (s *Store) Logout(ctx context.Context, token string) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `delete from staff.session where hash = $1 -- store.Logout`, hash(token))
		return err
	})
	if err != nil {
		return fmt.Errorf("logout: %w", err)
	}
	return nil
}

// A Limit bounds failed attempts: so many in a window, per origin.
type Limit struct {
	Kind   string
	Max    int
	Window time.Duration
}

// Blocked reports whether an origin failed too often lately. Valid visits are
// never counted: a gemeente is one address.
func (s *Store) Blocked(ctx context.Context, l Limit, origin string, now time.Time) (bool, error) {
	var blocked bool
	err := s.read(ctx, collect, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `
			select exists (select from staff.attempt where kind = $1 and origin = $2 and since > $3 and failed >= $4) -- store.Blocked`,
			l.Kind, origin, now.Add(-l.Window), l.Max).Scan(&blocked)
	})
	if err != nil {
		return false, fmt.Errorf("blocked: %w", err)
	}
	return blocked, nil
}

// Failed counts a failed attempt.
func (s *Store) Failed(ctx context.Context, l Limit, origin string, now time.Time) error {
	err := s.tx(ctx, collect, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into staff.attempt as a (kind, origin, since, failed) values ($1, $2, $3, 1) -- store.Failed
			on conflict (kind, origin) do update set
				failed = case when a.since > $4 then a.failed + 1 else 1 end,
				since = case when a.since > $4 then a.since else $3 end`, l.Kind, origin, now, now.Add(-l.Window))
		return err
	})
	if err != nil {
		return fmt.Errorf("failed: %w", err)
	}
	return nil
}

// Sweep removes sessions and counters that are over. It returns how many
// sessions it removed.
func (s *Store) Sweep(ctx context.Context, now time.Time) (int64, error) {
	var n int64
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `delete from staff.session where seen < $1 or made < $2 -- store.Sweep`, now.Add(-StaffIdle), now.Add(-StaffAbsolute))
		n = tag.RowsAffected()
		if err != nil {
			return err
		}
		if _, err = tx.Exec(ctx, `delete from contact.upload where made < $1 -- store.Sweep`, now.AddDate(0, 0, -UploadDays)); err != nil {
			return err
		}
		return endTokens(ctx, tx, `(a.ended is not null or not a.beheerder and not exists (select from staff.role r where r.account = a.id and r.study = t.study))`, "wie hem maakte, heeft geen rol meer in dit onderzoek", now)
	})
	if err != nil {
		return 0, fmt.Errorf("sweep: %w", err)
	}
	err = s.tx(ctx, collect, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `delete from contact.session where seen < $1 or ends < $2 -- store.Sweep`, now.Add(-SessionIdle), now)
		if err != nil {
			return err
		}
		n += tag.RowsAffected()
		_, err = tx.Exec(ctx, `delete from staff.attempt where since < $1 -- store.Sweep`, now.Add(-24*time.Hour))
		return err
	})
	if err != nil {
		return n, fmt.Errorf("sweep: %w", err)
	}
	return n, nil
}
