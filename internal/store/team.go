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

// giveRole lets a role hold for an account in a study, in place of an earlier one.
func giveRole(ctx context.Context, tx pgx.Tx, id, studyID int64, role account.Role, by Actor, now time.Time) error {
	_, err := tx.Exec(ctx, `
		insert into staff.role (account, study, role, given) values ($1, $2, $3, $4) -- store.giveRole
		on conflict (account, study) do update set role = excluded.role, given = excluded.given`, id, studyID, role, now)
	if err != nil {
		return err
	}
	return audit(ctx, tx, now, by, studyID, "rol gegeven", fmt.Sprint("account ", id), map[string]any{"rol": role})
}

// giveWaiting gives the first study to the accounts that are older than it.
func giveWaiting(ctx context.Context, tx pgx.Tx, studyID int64, now time.Time) error {
	_, err := tx.Exec(ctx, `
		insert into staff.role (account, study, role, given) -- store.giveWaiting
		select id, $1, awaits, $2 from staff.account where awaits is not null and ended is null`, studyID, now)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update staff.account set awaits = null where awaits is not null -- store.giveWaiting`)
	return err
}

// GiveRole lets a role hold for an account in a study, in place of an earlier
// one. Sessions notice at their next request.
func (s *Store) GiveRole(ctx context.Context, id, studyID int64, role account.Role, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		return giveRole(ctx, tx, id, studyID, role, by, now)
	})
	if err != nil {
		return fmt.Errorf("give role: %w", err)
	}
	return nil
}

// TakeRole takes away the role of an account in a study. The last projectleider
// stays.
func (s *Store) TakeRole(ctx context.Context, id, studyID int64, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		return keepLeader(ctx, tx, studyID, func() error {
			tag, err := tx.Exec(ctx, `delete from staff.role where account = $1 and study = $2 -- store.TakeRole`, id, studyID)
			if err != nil {
				return err
			}
			if tag.RowsAffected() == 0 {
				return errs.Errorf(errs.NotFound, "Deze medewerker is er niet (meer) in dit onderzoek.")
			}
			return audit(ctx, tx, now, by, studyID, "rol ingetrokken", fmt.Sprint("account ", id), nil)
		})
	})
	if err != nil {
		return fmt.Errorf("take role: %w", err)
	}
	return nil
}

// ChangeRole gives somebody who has a role in a study another. The last
// projectleider stays that.
func (s *Store) ChangeRole(ctx context.Context, id, studyID int64, role account.Role, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		return keepLeader(ctx, tx, studyID, func() error {
			var there bool
			err := tx.QueryRow(ctx, `select exists (select from staff.role where account = $1 and study = $2) -- store.ChangeRole`, id, studyID).Scan(&there)
			if err == nil && !there {
				err = errs.Errorf(errs.NotFound, "Deze medewerker is er niet (meer) in dit onderzoek.")
			}
			if err != nil {
				return err
			}
			return giveRole(ctx, tx, id, studyID, role, by, now)
		})
	})
	if err != nil {
		return fmt.Errorf("change role: %w", err)
	}
	return nil
}

// keepLeader changes the roles of a study, and refuses what leaves nobody to lead
// it. Two that do so at once wait for each other.
func keepLeader(ctx context.Context, tx pgx.Tx, studyID int64, change func() error) error {
	if _, err := tx.Exec(ctx, `select from staff.role where study = $1 order by account for update -- store.keepLeader`, studyID); err != nil {
		return err
	}
	const sql = `select count(*) from staff.role r join staff.account a on a.id = r.account where r.study = $1 and r.role = 'projectleider' and a.ended is null -- store.keepLeader`
	var before, after int
	if err := tx.QueryRow(ctx, sql, studyID).Scan(&before); err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	if err := tx.QueryRow(ctx, sql, studyID).Scan(&after); err != nil {
		return err
	}
	if before > 0 && after == 0 {
		return errs.Errorf(errs.Conflict, "Een onderzoek heeft ten minste één projectleider. Wijs eerst een ander aan.")
	}
	return nil
}

// A Member is an account as those who look after accounts see it.
type Member struct {
	ID        int64
	Email     string
	Name      string
	Beheerder bool
	Role      account.Role // in the study that was asked for
	Studies   []string     // "Titel (rol)", all of them
	Ready     bool         // has a way to sign in
	Seen      time.Time    // when last signed in; zero: never
	Ended     time.Time
	Sessions  int
}

func scanMember(row pgx.CollectableRow) (Member, error) {
	var c Member
	var seen, ended *time.Time
	err := row.Scan(&c.ID, &c.Email, &c.Name, &c.Beheerder, &c.Role, &c.Studies, &c.Ready, &seen, &ended, &c.Sessions)
	if seen != nil {
		c.Seen = *seen
	}
	if ended != nil {
		c.Ended = *ended
	}
	return c, err
}

const members = `
	select a.id, a.email, a.name, a.beheerder, coalesce(m.role, ''),
		array(select t.title || ' (' || r.role || ')' from staff.role r join register.study t on t.id = r.study where r.account = a.id order by t.opens desc, t.id desc),
		exists (select from staff.password where account = a.id) or exists (select from staff.passkey where account = a.id) or exists (select from staff.identity where account = a.id),
		a.seen, a.ended, (select count(*) from staff.session s where s.account = a.id)
	from staff.account a left join staff.role m on m.account = a.id and m.study = $1 `

// Team returns who has a role in a study, by name.
func (s *Store) Team(ctx context.Context, studyID int64) ([]Member, error) {
	var out []Member
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, scanMember, members+`where m.role is not null and a.ended is null order by lower(coalesce(nullif(a.name, ''), a.email)), a.id -- store.Team`, studyID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("team: %w", err)
	}
	return out, nil
}

// Accounts returns all accounts, by name, those that ended last.
func (s *Store) Accounts(ctx context.Context) ([]Member, error) {
	var out []Member
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, scanMember, members+`order by a.ended is not null, lower(coalesce(nullif(a.name, ''), a.email)), a.id -- store.Accounts`, 0)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	return out, nil
}

// Invite gives somebody the role of a in its study (0 for a beheerder), with an
// account where they have none, and returns the token of an invitation, which leads
// to choosing how to sign in. It is "" for who can sign in already, and for who has
// a part elsewhere: a link lets in as that person, so who leads one study gets none
// for somebody of another. A beheerder makes those with Relink.
func (s *Store) Invite(ctx context.Context, a account.Account, by Actor, now time.Time) (string, error) {
	var token string
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		token = ""
		var ended, elsewhere bool
		err := tx.QueryRow(ctx, `
			select ended is not null, beheerder or exists (select from staff.role r where r.account = a.id and r.study <> $2) -- store.Invite
			from staff.account a where lower(email) = lower($1) for update`, a.Email, a.Study).Scan(&ended, &elsewhere)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if ended {
			return errs.Errorf(errs.Conflict, "Het account van %s is beëindigd. Alleen een beheerder kan het weer openen.", a.Email)
		}
		id, err := addAccount(ctx, tx, a, now)
		if err != nil {
			return err
		}
		if a.Study != 0 {
			err = keepLeader(ctx, tx, a.Study, func() error { return giveRole(ctx, tx, id, a.Study, a.Role, by, now) })
		} else {
			err = addRole(ctx, tx, id, a, by, now)
		}
		if err != nil {
			return err
		}
		m, err := methods(ctx, tx, id)
		if err != nil || m.Any() || elsewhere {
			return err
		}
		token = NewToken()
		return addLoginLink(ctx, tx, id, token, credential.Invitation, by, now)
	})
	if err != nil {
		return "", fmt.Errorf("invite: %w", err)
	}
	return token, nil
}

// Relink returns the token of a new invitation for an account, and ends those
// before. An account that ended is opened again.
func (s *Store) Relink(ctx context.Context, id int64, by Actor, now time.Time) (string, error) {
	token := NewToken()
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `update staff.account set ended = null where id = $1 -- store.Relink`, id)
		if err == nil && tag.RowsAffected() == 0 {
			err = errs.Errorf(errs.NotFound, noAccount)
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `delete from staff.login_link where account = $1 and used is null and kind <> 'noodtoegang' -- store.Relink`, id); err != nil {
			return err
		}
		return addLoginLink(ctx, tx, id, token, credential.Invitation, by, now)
	})
	if err != nil {
		return "", fmt.Errorf("relink: %w", err)
	}
	return token, nil
}

const noAccount = "Dit account is er niet."

// EndAccount lets nobody in any more as an account, at once. The last beheerder
// stays.
func (s *Store) EndAccount(ctx context.Context, id int64, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select from staff.account where beheerder order by id for update -- store.EndAccount`); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `update staff.account set ended = $2 where id = $1 and ended is null -- store.EndAccount`, id, now)
		if err == nil && tag.RowsAffected() == 0 {
			err = errs.Errorf(errs.NotFound, noAccount)
		}
		if err != nil {
			return err
		}
		var left int
		if err := tx.QueryRow(ctx, `select count(*) from staff.account where beheerder and ended is null -- store.EndAccount`).Scan(&left); err != nil {
			return err
		}
		if left == 0 {
			return errs.Errorf(errs.Conflict, "Er is ten minste één beheerder. Wijs eerst een ander aan.")
		}
		if _, err := tx.Exec(ctx, `delete from staff.login_link where account = $1 and used is null -- store.EndAccount`, id); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, id, 0); err != nil {
			return err
		}
		return audit(ctx, tx, now, by, 0, "account beëindigd", fmt.Sprint("account ", id), nil)
	})
	if err != nil {
		return fmt.Errorf("end account: %w", err)
	}
	return nil
}

// Emergency returns the token of a link for a beheerder who cannot get in any
// other way. It works shortly, and every beheerder is told.
func (s *Store) Emergency(ctx context.Context, email string, now time.Time) (string, error) {
	token := NewToken()
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		var id int64
		err := tx.QueryRow(ctx, `select id from staff.account where lower(email) = lower($1) and beheerder and ended is null -- store.Emergency`, email).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			return errs.Errorf(errs.NotFound, "%s is geen beheerder. Noodtoegang is er alleen voor een beheerder.", email)
		}
		if err != nil {
			return err
		}
		if err := audit(ctx, tx, now, BySystem, 0, "noodtoegang gemaakt", fmt.Sprint("account ", id), nil); err != nil {
			return err
		}
		return addLoginLink(ctx, tx, id, token, credential.Emergency, BySystem, now)
	})
	if err != nil {
		return "", fmt.Errorf("emergency: %w", err)
	}
	return token, nil
}

// Unblock forgets the failed attempts at an address.
func (s *Store) Unblock(ctx context.Context, id int64, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		email, err := one(ctx, tx, pgx.RowTo[string], noAccount, `select email from staff.account where id = $1 -- store.Unblock`, id)
		if err != nil {
			return err
		}
		key, err := s.AddressKey(email)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `delete from staff.attempt where kind = $1 and origin = $2 -- store.Unblock`, AccountTries, key); err != nil {
			return err
		}
		return audit(ctx, tx, now, by, 0, "account gedeblokkeerd", fmt.Sprint("account ", id), nil)
	})
	if err != nil {
		return fmt.Errorf("unblock: %w", err)
	}
	return nil
}

// Sessions returns the sessions of an account that have not ended, the last used
// first.
func (s *Store) Sessions(ctx context.Context, id int64, now time.Time) ([]Session, error) {
	var out []Session
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, func(row pgx.CollectableRow) (Session, error) {
			var x Session
			return x, row.Scan(&x.ID, &x.Method, &x.Made, &x.Seen, &x.Agent, &x.Origin)
		}, `select id, method, made, seen, agent, origin from staff.session where account = $1 and seen > $2 and made > $3 order by seen desc, id desc -- store.Sessions`,
			id, now.Add(-StaffIdle), now.Add(-StaffAbsolute))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("sessions: %w", err)
	}
	return out, nil
}

// EndSession ends one session of an account.
func (s *Store) EndSession(ctx context.Context, id, session int64, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `delete from staff.session where id = $1 and account = $2 -- store.EndSession`, session, id)
		if err == nil && tag.RowsAffected() == 0 {
			err = errs.Errorf(errs.NotFound, "Deze sessie is al voorbij.")
		}
		if err != nil {
			return err
		}
		return audit(ctx, tx, now, by, 0, "sessie beëindigd", fmt.Sprint("account ", id), nil)
	})
	if err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}

// EndSessions ends all sessions of an account but one (0: all).
func (s *Store) EndSessions(ctx context.Context, id, but int64, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		if err := endSessions(ctx, tx, id, but); err != nil {
			return err
		}
		return audit(ctx, tx, now, by, 0, "sessies beëindigd", fmt.Sprint("account ", id), nil)
	})
	if err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return nil
}

func endSessions(ctx context.Context, tx pgx.Tx, id, but int64) error {
	_, err := tx.Exec(ctx, `delete from staff.session where account = $1 and id <> $2 -- store.endSessions`, id, but)
	return err
}
