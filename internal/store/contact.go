package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
)

// A NewContact is a contact that a fieldworker adds (standards W7).
type NewContact struct {
	Salutation, Name, Role, Email, Phone, Address string
	General                                       bool      // no person: gets a code beside the link
	Source                                        string    // where it was found
	SourceDate                                    time.Time // when
	By                                            Actor
	ByName                                        string // of who adds it, kept with the contact
	Now                                           time.Time
}

// ErrSuppressed says that an address may not be added.
var ErrSuppressed = errs.Errorf(errs.Invalid, "Dit adres wil geen mail van ons, of is op verzoek gewist. Wij voegen het niet opnieuw toe. Vraag om een ander adres.")

// AddContact adds a contact to a unit, to be tried after the others.
func (s *Store) AddContact(ctx context.Context, unit int64, c NewContact) (int64, error) {
	var id int64
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		if err := lockUnit(ctx, tx, unit); err != nil {
			return err
		}
		if id, err = s.addContact(ctx, tx, unit, 0, nil, c); err != nil {
			return err
		}
		return noteContact(ctx, tx, unit, "Contact toegevoegd.", "contact toegevoegd", id, c.By, c.Now)
	})
	if err != nil {
		return 0, fmt.Errorf("add contact: %w", err)
	}
	return id, nil
}

func (s *Store) addContact(ctx context.Context, tx pgx.Tx, unit, replaces int64, rank *int64, c NewContact) (int64, error) {
	gone, err := s.suppressed(ctx, tx, c.Email)
	if err != nil {
		return 0, err
	}
	if gone[c.Email] {
		return 0, ErrSuppressed
	}
	var old *int64
	if replaces != 0 {
		old = &replaces
	}
	var id int64
	err = tx.QueryRow(ctx, `
		insert into contact.contact (unit, salutation, name, role, email, phone, address, general, source, source_date, added_by, added, replaces, rank) -- store.addContact
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::timestamptz at time zone 'Europe/Amsterdam', $11, $12, $13, $14) returning id`,
		unit, c.Salutation, c.Name, c.Role, c.Email, c.Phone, c.Address, c.General, c.Source, nullTime(c.SourceDate), c.ByName, c.Now, old, rank).Scan(&id)
	return id, err
}

// noteContact tells the time line and the audit log that a contact changed. They
// hold no name.
func noteContact(ctx context.Context, tx pgx.Tx, unit int64, note, action string, contact int64, by Actor, now time.Time) error {
	err := addEvent(ctx, tx, event.Event{Unit: unit, Kind: event.Changed, Occurred: now, Recorded: now, Actor: by.Kind, ActorID: by.ID, Note: note})
	if err != nil {
		return err
	}
	return audit(ctx, tx, now, by, 0, action, fmt.Sprint("contact ", contact), map[string]any{"eenheid": unit})
}

const noContact = "Dit contact is er niet (meer)."

// ReplaceContact puts another contact in the place of one: the old one ends, its
// links are revoked, and what waits for it is withdrawn. What it had before it
// keeps: the new one does not get the same step again.
func (s *Store) ReplaceContact(ctx context.Context, unit, contact int64, c NewContact) (int64, error) {
	var id int64
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		if err := lockUnit(ctx, tx, unit); err != nil {
			return err
		}
		id, err = s.replaceContact(ctx, tx, unit, contact, c)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("replace contact: %w", err)
	}
	return id, nil
}

func (s *Store) replaceContact(ctx context.Context, tx pgx.Tx, unit, contact int64, c NewContact) (int64, error) {
	// Messages before contacts: senders lock them in that order.
	_, err := tx.Exec(ctx, `
		with waiting as (select id from field.message where contact = $1 and state = 'klaar' order by id for update) -- store.replaceContact
		update field.message m set state = 'ingetrokken', done = $2, reply = 'contact vervangen', claim = null from waiting w where m.id = w.id`, contact, c.Now)
	if err != nil {
		return 0, err
	}
	var rank int64
	err = tx.QueryRow(ctx, `
		update contact.contact set ended = $3, end_note = 'vervangen' where id = $1 and unit = $2 and ended is null returning coalesce(rank, id) -- store.replaceContact`, contact, unit, c.Now).Scan(&rank)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, errs.Errorf(errs.NotFound, noContact)
	}
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `update contact.link set revoked = $2, reason = 'contact vervangen' where contact = $1 and revoked is null -- store.replaceContact`, contact, c.Now)
	if err != nil {
		return 0, err
	}
	id, err := s.addContact(ctx, tx, unit, contact, &rank, c)
	if err != nil {
		return 0, err
	}
	return id, noteContact(ctx, tx, unit, "Contact vervangen. De links van het oude werken niet meer.", "contact vervangen", id, c.By, c.Now)
}

// RaiseContact lets a contact be tried before the one that comes before it.
func (s *Store) RaiseContact(ctx context.Context, unit, contact int64, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		if err := lockUnit(ctx, tx, unit); err != nil {
			return err
		}
		var own, before, other int64
		err := tx.QueryRow(ctx, `
			select rank, before, other from ( -- store.RaiseContact
				select id, coalesce(rank, id) as rank, coalesce(lag(coalesce(rank, id)) over w, 0) as before, coalesce(lag(id) over w, 0) as other
				from contact.contact where unit = $1 and ended is null window w as (order by coalesce(rank, id), id)) c where id = $2`, unit, contact).Scan(&own, &before, &other)
		if errors.Is(err, pgx.ErrNoRows) {
			return errs.Errorf(errs.NotFound, noContact)
		}
		if err != nil || other == 0 {
			return err
		}
		_, err = tx.Exec(ctx, `update contact.contact set rank = case id when $1 then $3::bigint else $4::bigint end where id in ($1, $2) -- store.RaiseContact`, contact, other, before, own)
		if err != nil {
			return err
		}
		return noteContact(ctx, tx, unit, "Volgorde van de contacten gewijzigd.", "contact eerder", contact, by, now)
	})
	if err != nil {
		return fmt.Errorf("raise contact: %w", err)
	}
	return nil
}

// SendLink sends a contact its link again. With another address the contact is
// replaced by one that is the same but for that.
func (s *Store) SendLink(ctx context.Context, unit, contact int64, email string, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		if err := lockUnit(ctx, tx, unit); err != nil {
			return err
		}
		own, err := liveContact(ctx, tx, contact)
		if err != nil {
			return err
		}
		if own.Unit != unit {
			return errs.Errorf(errs.NotFound, noContact)
		}
		_, err = s.sendLink(ctx, tx, contact, email, by, now)
		return err
	})
	if err != nil {
		return fmt.Errorf("send link: %w", err)
	}
	return nil
}

// ErrNoMail says that a contact cannot get its link by mail as it is.
var ErrNoMail = errs.Errorf(errs.Invalid, "Naar het huidige adres kunnen wij niet mailen: het ontbreekt, kwam terug of is afgemeld. Vul een ander adres in.")

// sendLink returns the contact that gets the mail.
func (s *Store) sendLink(ctx context.Context, tx pgx.Tx, contact int64, email string, by Actor, now time.Time) (int64, error) {
	own, err := liveContact(ctx, tx, contact)
	if err != nil {
		return 0, err
	}
	if email != "" && !sameAddress(email, own.Email) {
		c := own.NewContact
		c.Email, c.Source, c.SourceDate, c.By, c.Now = email, "telefoon", now, by, now
		if err := tx.QueryRow(ctx, `select coalesce(nullif(name, ''), email) from staff.account where id = $1 -- store.sendLink`, by.ID).Scan(&c.ByName); err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return 0, err
		}
		if contact, err = s.replaceContact(ctx, tx, own.Unit, contact, c); err != nil {
			return 0, err
		}
	}
	id, err := addMessage(ctx, tx, NewMessage{Contact: contact, Template: "link", By: by, Now: now})
	if err != nil {
		return 0, err
	}
	if id == 0 {
		return 0, ErrNoMail
	}
	return contact, audit(ctx, tx, now, by, 0, "link opnieuw gestuurd", fmt.Sprint("bericht ", id), map[string]any{"eenheid": own.Unit})
}

type unitsContact struct {
	Unit int64
	NewContact
}

func liveContact(ctx context.Context, tx pgx.Tx, contact int64) (unitsContact, error) {
	return one(ctx, tx, func(row pgx.CollectableRow) (c unitsContact, err error) {
		return c, row.Scan(&c.Unit, &c.Salutation, &c.Name, &c.Role, &c.Email, &c.Phone, &c.Address, &c.General)
	}, noContact, `
		select unit, salutation, name, role, email, phone, address, general from contact.contact where id = $1 and ended is null -- store.liveContact`, contact)
}
