package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/study"
)

// NewToken returns 128 random bits for an address, 22 characters.
func NewToken() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b)
}

// hash is how tokens are kept: whoever reads the database cannot use them.
func hash(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// A UnitLink is a personal link that was just made; the token is nowhere else.
type UnitLink struct {
	Unit  string // code
	Token string
}

// AddLinks makes a link for every unit of an audience, by code. A unit
// without contact gets an unnamed one. With replace, earlier links of the
// audience end; revoked says how many did.
func (s *Store) AddLinks(ctx context.Context, studyID int64, audience string, replace bool, by Actor, now time.Time) (links []UnitLink, revoked int64, err error) {
	err = s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		links, revoked = nil, 0
		units, err := all(ctx, tx, pgx.RowToStructByPos[unitContact], `
			select u.id, u.code, coalesce((select c.id from contact.contact c where c.unit = u.id and c.ended is null order by coalesce(c.rank, c.id), c.id limit 1), 0) -- store.AddLinks
			from register.unit u where u.study = $1 and u.audience = $2 order by u.code for update of u`, studyID, audience)
		if err != nil {
			return err
		}
		if replace {
			if revoked, err = revokeAudience(ctx, tx, studyID, audience, by, now); err != nil {
				return err
			}
		}
		for _, u := range units {
			token, err := addLink(ctx, tx, u, "lijst", by, now)
			if err != nil {
				return err
			}
			links = append(links, UnitLink{u.Code, token})
		}
		return audit(ctx, tx, now, by, studyID, "links gemaakt", audience, map[string]any{"n": len(links), "ingetrokken": revoked})
	})
	if err != nil {
		return nil, 0, fmt.Errorf("add links: %w", err)
	}
	return links, revoked, nil
}

type unitContact struct {
	Unit    int64
	Code    string
	Contact int64 // 0 for none
}

func addLink(ctx context.Context, tx pgx.Tx, u unitContact, purpose string, by Actor, now time.Time) (string, error) {
	token := NewToken()
	return token, addToken(ctx, tx, u, token, purpose, by, now)
}

// addToken stores the hash of a link or letter code for a unit's contact; a
// unit without one gets an unnamed contact.
func addToken(ctx context.Context, tx pgx.Tx, u unitContact, token, purpose string, by Actor, now time.Time) error {
	if u.Contact == 0 {
		err := tx.QueryRow(ctx, `
			insert into contact.contact (unit, source, added) values ($1, 'zonder naam', $2) returning id -- store.addToken`, u.Unit, now).Scan(&u.Contact)
		if err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `
		insert into contact.link (contact, hash, purpose, made) values ($1, $2, $3, $4) -- store.addToken`, u.Contact, hash(token), purpose, now)
	if err != nil {
		return err
	}
	return addEvent(ctx, tx, event.Event{Unit: u.Unit, Kind: event.LinkMade, Occurred: now, Recorded: now, Actor: by.Kind, ActorID: by.ID})
}

func revokeAudience(ctx context.Context, tx pgx.Tx, studyID int64, audience string, by Actor, now time.Time) (int64, error) {
	tag, err := tx.Exec(ctx, `
		update contact.link l set revoked = $3, reason = 'vervangen' -- store.revokeAudience
		from contact.contact c join register.unit u on u.id = c.unit
		where l.contact = c.id and l.revoked is null and u.study = $1 and u.audience = $2`, studyID, audience, now)
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `
		insert into field.event (unit, kind, occurred, recorded, actor, actor_id) -- store.revokeAudience
		select distinct u.id, $3, $4::timestamptz, $4::timestamptz, $5, $6::bigint
		from contact.link l join contact.contact c on c.id = l.contact join register.unit u on u.id = c.unit
		where u.study = $1 and u.audience = $2 and l.revoked = $4`, studyID, audience, event.Revoked, now, by.Kind, by.id())
	if err != nil {
		return 0, err
	}
	return tag.RowsAffected(), nil
}

// AddLink makes one link for one unit, for somebody who asks for it.
func (s *Store) AddLink(ctx context.Context, unit int64, by Actor, now time.Time) (string, error) {
	var token string
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		u, err := one(ctx, tx, pgx.RowToStructByPos[unitContact], noUnit, `
			select u.id, u.code, coalesce((select c.id from contact.contact c where c.unit = u.id and c.ended is null order by coalesce(c.rank, c.id), c.id limit 1), 0) -- store.AddLink
			from register.unit u where u.id = $1 for update of u`, unit)
		if err != nil {
			return err
		}
		if token, err = addLink(ctx, tx, u, "aanvraag", by, now); err != nil {
			return err
		}
		return audit(ctx, tx, now, by, 0, "link gemaakt", fmt.Sprint("eenheid ", unit), nil)
	})
	if err != nil {
		return "", fmt.Errorf("add link: %w", err)
	}
	return token, nil
}

// A Link is what a token leads to.
type Link struct {
	ID       int64
	Contact  int64
	Revoked  time.Time // zero while it works
	Unit     int64
	UnitCode string
	UnitName string
	Audience string
	Response string // key of the unit's own response, "" before there is one
	Started  time.Time
	Sent     time.Time
	Receipt  string
	Study    study.Study
}

const noLink = "Deze link klopt niet. Kijk of u hem helemaal hebt overgenomen, of vraag een nieuwe link aan."

// LinkByToken returns what a personal link leads to. It changes nothing.
func (s *Store) LinkByToken(ctx context.Context, token string) (Link, error) {
	var l Link
	err := s.read(ctx, collect, func(tx pgx.Tx) (err error) {
		l, err = one(ctx, tx, scanLink, noLink, `
			select l.id, c.id, coalesce(l.revoked, c.ended, '0001-01-01T00:00:00Z'), u.id, u.code, u.name, u.audience, coalesce(r.key, ''), -- store.LinkByToken
				coalesce(r.started, '0001-01-01T00:00:00Z'), coalesce(r.sent, '0001-01-01T00:00:00Z'),
				coalesce((select receipt from answer.submission b where b.response = r.id order by revision desc limit 1), ''),
				`+studyColumns+`
			from contact.link l
			join contact.contact c on c.id = l.contact
			join register.unit u on u.id = c.unit
			join register.study s on s.id = u.study
			left join answer.response r on r.unit = u.id
			where l.hash = $1`, hash(token))
		return err
	})
	if err != nil {
		return l, fmt.Errorf("link by token: %w", err)
	}
	return l, nil
}

func scanLink(row pgx.CollectableRow) (Link, error) {
	var l Link
	return l, row.Scan(append([]any{&l.ID, &l.Contact, &l.Revoked, &l.Unit, &l.UnitCode, &l.UnitName, &l.Audience, &l.Response, &l.Started, &l.Sent, &l.Receipt},
		studyFields(&l.Study)...)...)
}

// SessionIdle is how long a respondent's session lasts without a visit
// (standards Z3). The answers stay.
const SessionIdle = 8 * time.Hour

// Enter exchanges a link for a session that may fill in the unit's response,
// which it makes where there is none yet. A session is renewed at every
// exchange and keeps what it was granted before: it holds a set of responses.
// It returns the new session's token and the key of the response.
func (s *Store) Enter(ctx context.Context, l Link, edition, session string, now time.Time) (token, key string, err error) {
	err = s.tx(ctx, collect, func(tx pgx.Tx) error {
		if key, err = ownResponse(ctx, tx, l, edition, now); err != nil {
			return err
		}
		token = NewToken()
		_, err := tx.Exec(ctx, `insert into contact.session (hash, made, seen) values ($1, $2, $2) -- store.Enter`, hash(token), now)
		if err != nil {
			return err
		}
		if session != "" {
			_, err := tx.Exec(ctx, `
				insert into answer.granted (session, response, contact, link, made) -- store.Enter
				select $1, g.response, g.contact, g.link, g.made from answer.granted g join contact.session s on s.hash = g.session
				where g.session = $2 and s.seen > $3 and (s.ends is null or s.ends > $4)`, hash(token), hash(session), now.Add(-SessionIdle), now)
			if err != nil {
				return err
			}
			// The old session has a minute left, for a second press of the same button.
			if _, err := tx.Exec(ctx, `update contact.session set ends = least(ends, $2) where hash = $1 -- store.Enter`, hash(session), now.Add(time.Minute)); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `
			insert into answer.granted (session, response, contact, link, made) -- store.Enter
			select $1, id, $3, $4, $5 from answer.response where key = $2
			on conflict (session, response) do update set contact = excluded.contact, link = excluded.link, made = excluded.made`,
			hash(token), key, l.Contact, l.ID, now)
		return err
	})
	if err != nil {
		return "", "", fmt.Errorf("enter: %w", err)
	}
	return token, key, nil
}

// ownResponse returns the key of the unit's own response. Two that enter
// together make one.
func ownResponse(ctx context.Context, tx pgx.Tx, l Link, edition string, now time.Time) (string, error) {
	var key string
	_, err := tx.Exec(ctx, `
		insert into answer.response (key, study, audience, unit, edition, made) values ($1, $2, $3, $4, $5, $6) -- store.ownResponse
		on conflict (unit) do nothing`, NewToken(), l.Study.ID, l.Audience, l.Unit, edition, now)
	if err != nil {
		return "", err
	}
	err = tx.QueryRow(ctx, `select key from answer.response where unit = $1 -- store.ownResponse`, l.Unit).Scan(&key)
	return key, err
}

// Granted returns the response with the given key and the contact who may fill
// it in, if the session was granted it and its link still works. Everything else
// is NotFound, so that nothing can be learned from the difference.
func (s *Store) Granted(ctx context.Context, session, key string, now time.Time) (Response, int64, error) {
	var r Response
	var contact int64
	err := s.tx(ctx, collect, func(tx pgx.Tx) error {
		var seen time.Time
		err := tx.QueryRow(ctx, `
			select g.contact, s.seen from answer.granted g -- store.Granted
			join contact.session s on s.hash = g.session
			join answer.response r on r.id = g.response
			join contact.link l on l.id = g.link
			join contact.contact c on c.id = g.contact
			where g.session = $1 and r.key = $2 and s.seen > $3 and (s.ends is null or s.ends > $4) and l.revoked is null and c.ended is null`,
			hash(session), key, now.Add(-SessionIdle), now).Scan(&contact, &seen)
		if errors.Is(err, pgx.ErrNoRows) {
			return errs.Errorf(errs.NotFound, noResponse)
		}
		if err != nil {
			return err
		}
		if now.Sub(seen) > time.Minute {
			if _, err := tx.Exec(ctx, `update contact.session set seen = $2 where hash = $1 -- store.Granted`, hash(session), now); err != nil {
				return err
			}
		}
		r, err = responseByKey(ctx, tx, key, false)
		return err
	})
	if err != nil {
		return r, 0, fmt.Errorf("granted: %w", err)
	}
	return r, contact, nil
}
