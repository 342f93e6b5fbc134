package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/sample"
)

// byOptOut is why an address is not to be added again; the other reason is
// "gewist".
const byOptOut = "afgemeld"

var errNoSecret = errors.New("the secret by which addresses are kept is missing")

// addressHash is how an address is remembered that may not be kept: whoever has
// the database alone cannot even try addresses out (DESIGN 4).
func (s *Store) addressHash(email string) ([]byte, error) {
	if len(s.secret) == 0 {
		return nil, errNoSecret
	}
	h := hmac.New(sha256.New, s.secret)
	h.Write([]byte("address\x00" + strings.ToLower(strings.TrimSpace(email)))) // never fails
	return h.Sum(nil), nil
}

// suppressed says which of some addresses want no mail or were erased: they are
// not added to a contact, and get nothing.
func (s *Store) suppressed(ctx context.Context, tx pgx.Tx, emails ...string) (map[string]bool, error) {
	var hashes [][]byte
	at := map[string]string{} // email by hash
	for _, email := range emails {
		if strings.TrimSpace(email) == "" {
			continue
		}
		h, err := s.addressHash(email)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, h)
		at[string(h)] = strings.ToLower(strings.TrimSpace(email))
	}
	out := map[string]bool{}
	if hashes == nil {
		return out, nil
	}
	found, err := all(ctx, tx, pgx.RowTo[[]byte], `select hash from contact.suppressed where hash = any($1) -- store.suppressed`, hashes)
	if err != nil {
		return nil, err
	}
	gone := map[string]bool{}
	for _, h := range found {
		gone[at[string(h)]] = true
	}
	for _, email := range emails {
		if gone[strings.ToLower(strings.TrimSpace(email))] {
			out[email] = true
		}
	}
	return out, nil
}

// withoutSuppressed leaves the addresses that are not to be added again out of a
// register, and tells by line. What is stored already stays as it is.
func (s *Store) withoutSuppressed(ctx context.Context, tx pgx.Tx, old, file sample.Register) (sample.Register, []string, error) {
	var emails []string
	for _, u := range file.Units {
		emails = append(emails, u.Contact.Email)
	}
	gone, err := s.suppressed(ctx, tx, emails...)
	if err != nil || len(gone) == 0 {
		return file, nil, err
	}
	stored := map[string]string{}
	for _, u := range old.Units {
		stored[u.Organisation.Code] = u.Contact.Email
	}
	var warnings []string
	file.Units = slices.Clone(file.Units)
	for i := range file.Units {
		u := &file.Units[i]
		if was := stored[u.Organisation.Code]; gone[u.Contact.Email] && !sameAddress(was, u.Contact.Email) {
			warnings = append(warnings, fmt.Sprintf("regel %d: %s wil geen mail meer van ons of is gewist. Dit adres is niet overgenomen; %s wel.", u.Line, u.Contact.Email, u.Organisation.Code))
			u.Contact.Email = was
		}
	}
	return file, warnings, nil
}

// suppress remembers that an address wants no mail, or was erased.
func (s *Store) suppress(ctx context.Context, tx pgx.Tx, email, why string, now time.Time) error {
	h, err := s.addressHash(email)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into contact.suppressed (hash, since, why) values ($1, $2, $3) on conflict (hash) do nothing -- store.suppress`, h, now, why)
	return err
}
