package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
)

// tokenPrefix lets people and programs that look for secrets in files recognise
// one of ours.
const tokenPrefix = "uvt_"

// AddToken keeps a token and returns its secret, which nobody can see again.
func (s *Store) AddToken(ctx context.Context, t account.Token, by Actor) (string, error) {
	secret := tokenPrefix + NewToken() + NewToken()
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		var id int64
		err := tx.QueryRow(ctx, `
			insert into staff.token (study, account, name, scopes, hash, made, expires) values ($1, $2, $3, $4, $5, $6, $7) returning id -- store.AddToken`,
			t.Study, t.Maker.ID, t.Name, t.Scopes, hash(secret), t.Made, t.Expires).Scan(&id)
		if violates(err, "token_name") {
			return errs.Errorf(errs.Conflict, "Er is al een sleutel met de naam %s. Kies een andere naam.", t.Name)
		}
		if err != nil {
			return err
		}
		return audit(ctx, tx, t.Made, by, t.Study, "sleutel gemaakt", fmt.Sprint("sleutel ", id), map[string]any{"bereik": t.Scopes, "tot": t.Expires.UTC(), "van": t.Maker.ID})
	})
	if err != nil {
		return "", fmt.Errorf("add token: %w", err)
	}
	return secret, nil
}

// Colleague returns the member of staff with an address, with the role that holds
// in a study.
func (s *Store) Colleague(ctx context.Context, email string, studyID int64) (account.Account, error) {
	var a account.Account
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		a, err = one(ctx, tx, scanMaker, "Er is geen medewerker met dit adres.", `
			select a.id, a.email, a.name, a.beheerder, coalesce(r.role, ''), $2::bigint -- store.Colleague
			from staff.account a left join staff.role r on r.account = a.id and r.study = $2
			where lower(a.email) = lower($1) and a.ended is null`, email, studyID)
		return err
	})
	if err != nil {
		return a, fmt.Errorf("colleague: %w", err)
	}
	return a, nil
}

func scanMaker(row pgx.CollectableRow) (account.Account, error) {
	var a account.Account
	var role account.Role
	var studyID int64
	err := row.Scan(&a.ID, &a.Email, &a.Name, &a.Beheerder, &role, &studyID)
	return a.In(studyID, role), err
}

// tokens are tokens, with what their makers may in the study now.
const tokens = `
	select t.id, t.study, t.name, t.scopes, a.id, a.email, a.name, a.beheerder and a.ended is null, case when a.ended is null then coalesce(r.role, '') else '' end,
		t.made, t.expires, coalesce((select max(latest) from staff.token_day d where d.token = t.id), '0001-01-01T00:00:00Z'), coalesce(t.ended, '0001-01-01T00:00:00Z')
	from staff.token t join staff.account a on a.id = t.account left join staff.role r on r.account = a.id and r.study = t.study`

func scanToken(row pgx.CollectableRow) (account.Token, error) {
	var t account.Token
	var role account.Role
	err := row.Scan(&t.ID, &t.Study, &t.Name, &t.Scopes, &t.Maker.ID, &t.Maker.Email, &t.Maker.Name, &t.Maker.Beheerder, &role, &t.Made, &t.Expires, &t.Used, &t.Ended)
	t.Maker = t.Maker.In(t.Study, role)
	return t, err
}

// Tokens returns the tokens of a study, the latest first, those that ended too.
func (s *Store) Tokens(ctx context.Context, studyID int64) ([]account.Token, error) {
	var out []account.Token
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, scanToken, tokens+` where t.study = $1 order by t.made desc, t.id desc -- store.Tokens`, studyID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("tokens: %w", err)
	}
	return out, nil
}

// Token returns the token with a secret, also where it does not work any more;
// NotFound where there is none.
func (s *Store) Token(ctx context.Context, secret string) (account.Token, error) {
	var t account.Token
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		t, err = one(ctx, tx, scanToken, "Deze sleutel klopt niet.", tokens+` where t.hash = $1 -- store.Token`, hash(secret))
		return err
	})
	if err != nil {
		return t, fmt.Errorf("token: %w", err)
	}
	return t, nil
}

// UseToken writes down that something is read with a token. It comes before the
// reading: what cannot be written down is not given.
//
// The log gets one line per token, day and thing that is read. A dashboard that
// asks every minute would otherwise bury all else; how often it asked is kept
// beside it.
func (s *Store) UseToken(ctx context.Context, t account.Token, what string, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		var requests int
		err := tx.QueryRow(ctx, `
			insert into staff.token_day as d (token, day, what, latest, requests) values ($1, ($2::timestamptz at time zone 'Europe/Amsterdam')::date, $3, $2, 1) -- store.UseToken
			on conflict (token, day, what) do update set latest = excluded.latest, requests = d.requests + 1
			returning requests`, t.ID, now, what).Scan(&requests)
		if err != nil || requests > 1 {
			return err
		}
		return audit(ctx, tx, now, Actor{Kind: byToken, ID: t.Maker.ID}, t.Study, "gelezen met sleutel", fmt.Sprint("sleutel ", t.ID), map[string]any{"wat": what})
	})
	if err != nil {
		return fmt.Errorf("use token: %w", err)
	}
	return nil
}

// byToken is the actor of what a program does with a token: the id is that of who
// made it.
const byToken = "token"

// EndToken takes a token of a study back, at once. Ending one that ended before
// changes nothing.
func (s *Store) EndToken(ctx context.Context, studyID, id int64, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		ended, err := all(ctx, tx, pgx.RowTo[bool], `select ended is not null from staff.token where id = $1 and study = $2 for update -- store.EndToken`, id, studyID)
		switch {
		case err != nil:
			return err
		case len(ended) == 0:
			return errs.Errorf(errs.NotFound, "Deze sleutel is er niet in dit onderzoek.")
		case ended[0]:
			return nil
		}
		return endToken(ctx, tx, id, studyID, "ingetrokken", by, now)
	})
	if err != nil {
		return fmt.Errorf("end token: %w", err)
	}
	return nil
}

func endToken(ctx context.Context, tx pgx.Tx, id, studyID int64, why string, by Actor, now time.Time) error {
	if _, err := tx.Exec(ctx, `update staff.token set ended = $2, why = $3 where id = $1 -- store.endToken`, id, now, why); err != nil {
		return err
	}
	return audit(ctx, tx, now, by, studyID, "sleutel ingetrokken", fmt.Sprint("sleutel ", id), map[string]any{"reden": why})
}

// endTokens takes back all tokens for which a condition holds.
func endTokens(ctx context.Context, tx pgx.Tx, condition, why string, now time.Time) error {
	open, err := all(ctx, tx, pgx.RowToStructByPos[struct{ ID, Study int64 }], `
		select t.id, t.study from staff.token t join staff.account a on a.id = t.account where t.ended is null and `+condition+` order by t.id for update of t -- store.endTokens`)
	if err != nil {
		return err
	}
	for _, t := range open {
		if err := endToken(ctx, tx, t.ID, t.Study, why, BySystem, now); err != nil {
			return err
		}
	}
	return nil
}
