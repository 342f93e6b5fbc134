package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
)

// A Passkey is a key on a device of somebody.
type Passkey struct {
	ID         int64
	Credential []byte // its id, as the device says it
	Name       string
	Record     json.RawMessage // public key and state, as the one who checks it wrote it
	Made       time.Time
	Used       *time.Time
}

func passkeys(ctx context.Context, tx pgx.Tx, id int64) ([]Passkey, error) {
	return all(ctx, tx, pgx.RowToStructByPos[Passkey], `
		select id, credential, name, record, made, used from staff.passkey where account = $1 order by made, id -- store.passkeys`, id)
}

// Handle returns what passkeys call an account: random, and never its address.
func (s *Store) Handle(ctx context.Context, id int64) ([]byte, error) {
	var handle [16]byte
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select handle from staff.account where id = $1 -- store.Handle`, id).Scan(&handle)
	})
	if err != nil {
		return nil, fmt.Errorf("handle: %w", err)
	}
	return handle[:], nil
}

// AccountByHandle returns the account that passkeys call so, and its passkeys.
func (s *Store) AccountByHandle(ctx context.Context, handle []byte) (account.Account, []Passkey, error) {
	var a account.Account
	var keys []Passkey
	var h [16]byte
	if copy(h[:], handle) != len(h) || len(handle) != len(h) {
		return a, nil, errs.Errorf(errs.NotFound, "Deze toegangssleutel kennen wij niet.")
	}
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		err = tx.QueryRow(ctx, `select id, email, name from staff.account where handle = $1 and ended is null -- store.AccountByHandle`, h).Scan(&a.ID, &a.Email, &a.Name)
		if errors.Is(err, pgx.ErrNoRows) {
			return errs.Errorf(errs.NotFound, "Deze toegangssleutel kennen wij niet.")
		}
		if err != nil {
			return err
		}
		keys, err = passkeys(ctx, tx, a.ID)
		return err
	})
	if err != nil {
		return a, nil, fmt.Errorf("account by handle: %w", err)
	}
	return a, keys, nil
}

// AddPasskey gives an account a passkey.
func (s *Store) AddPasskey(ctx context.Context, id int64, k Passkey, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into staff.passkey (account, credential, name, record, made) values ($1, $2, $3, $4, $5) -- store.AddPasskey`, id, k.Credential, k.Name, k.Record, now)
		if violates(err, "passkey_credential_key") {
			return errs.Errorf(errs.Conflict, "Deze toegangssleutel is al in gebruik.")
		}
		if err != nil {
			return err
		}
		return audit(ctx, tx, now, Actor{Kind: event.ByStaff, ID: id}, 0, "toegangssleutel toegevoegd", fmt.Sprint("account ", id), nil)
	})
	if err != nil {
		return fmt.Errorf("add passkey: %w", err)
	}
	return nil
}

// UsePasskey keeps the state of a passkey after it was used.
func (s *Store) UsePasskey(ctx context.Context, credential []byte, record json.RawMessage, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update staff.passkey set record = $2, used = $3 where credential = $1 -- store.UsePasskey`, credential, record, now)
		return err
	})
	if err != nil {
		return fmt.Errorf("use passkey: %w", err)
	}
	return nil
}

// RemovePasskey takes a passkey of an account away. The last way in stays.
func (s *Store) RemovePasskey(ctx context.Context, id, key int64, now time.Time) error {
	err := s.removeMethod(ctx, id, "toegangssleutel verwijderd", now, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `delete from staff.passkey where id = $1 and account = $2 -- store.RemovePasskey`, key, id)
		if err == nil && tag.RowsAffected() == 0 {
			return errs.Errorf(errs.NotFound, "Deze toegangssleutel is er niet (meer).")
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("remove passkey: %w", err)
	}
	return nil
}

// An Identity is who an organisation says somebody is. Issuer and subject
// together are the key (standards Q2); an address never is.
type Identity struct {
	Issuer, Subject string
	Made            time.Time
}

// AccountByIdentity returns the account that is bound to an identity.
func (s *Store) AccountByIdentity(ctx context.Context, issuer, subject string) (int64, error) {
	var id int64
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `
			select a.id from staff.identity i join staff.account a on a.id = i.account -- store.AccountByIdentity
			where i.issuer = $1 and i.subject = $2 and a.ended is null`, issuer, subject).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			return errs.Errorf(errs.Forbidden, "Uw organisatie kent u, maar deze site nog niet. Gebruik eerst de link in uw uitnodiging.")
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("account by identity: %w", err)
	}
	return id, nil
}

// BindIdentity lets an account sign in as an identity, that is nobody else's.
func (s *Store) BindIdentity(ctx context.Context, id int64, issuer, subject string, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		var owner int64
		err := tx.QueryRow(ctx, `
			insert into staff.identity (issuer, subject, account, made) values ($1, $2, $3, $4) -- store.BindIdentity
			on conflict (issuer, subject) do update set issuer = excluded.issuer returning account`, issuer, subject, id, now).Scan(&owner)
		if err == nil && owner != id {
			return errs.Errorf(errs.Conflict, "Een andere medewerker logt al zo in.")
		}
		if err != nil {
			return err
		}
		return audit(ctx, tx, now, Actor{Kind: event.ByStaff, ID: id}, 0, "organisatie gekoppeld", fmt.Sprint("account ", id), nil)
	})
	if err != nil {
		return fmt.Errorf("bind identity: %w", err)
	}
	return nil
}

// RemoveIdentity unties an account from its organisation. The last way in stays.
func (s *Store) RemoveIdentity(ctx context.Context, id int64, now time.Time) error {
	err := s.removeMethod(ctx, id, "organisatie ontkoppeld", now, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `delete from staff.identity where account = $1 -- store.RemoveIdentity`, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("remove identity: %w", err)
	}
	return nil
}
