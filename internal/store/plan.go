package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/study"
)

// A Wave counts messages of one step and channel by state.
type Wave struct {
	Step    string // "" outside the ladder
	Channel contactplan.Channel
	Waiting int
	Begun   int
	Sent    int
	Unsure  int
	Failed  int // onbestelbaar
	Gone    int // ingetrokken
	First   time.Time
	Last    time.Time // of what was sent
}

// Waves counts the messages of a study, in the order in which they began.
func (s *Store) Waves(ctx context.Context, studyID int64) ([]Wave, error) {
	var out []Wave
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, pgx.RowToStructByPos[Wave], `
			select coalesce(step, ''), channel, count(*) filter (where state = 'klaar'), count(*) filter (where state = 'bezig'), -- store.Waves
				count(*) filter (where state = 'verstuurd'), count(*) filter (where state = 'onzeker'), count(*) filter (where state = 'onbestelbaar'),
				count(*) filter (where state = 'ingetrokken'), coalesce(min(begun), '0001-01-01T00:00:00Z'), coalesce(max(begun), '0001-01-01T00:00:00Z')
			from field.message where study = $1 group by 1, 2 order by min(queued), 1, 2`, studyID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("waves: %w", err)
	}
	return out, nil
}

// A Sending says at what rate this installation sends, and whether it does.
type Sending struct {
	Rate       int // messages a minute
	DomainRate int // of those, to one receiving domain
	Locked     time.Time
	Reason     string
}

// Sending returns how this installation sends.
func (s *Store) Sending(ctx context.Context) (Sending, error) {
	var out Sending
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = one(ctx, tx, pgx.RowToStructByPos[Sending], noMessage, `
			select rate, domain_rate, coalesce(locked, '0001-01-01T00:00:00Z'), reason from field.sending -- store.Sending`)
		return err
	})
	if err != nil {
		return out, fmt.Errorf("sending: %w", err)
	}
	return out, nil
}

// SetRate changes at what rate this installation sends.
func (s *Store) SetRate(ctx context.Context, rate, domainRate int, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `update field.sending set rate = $1, domain_rate = $2 -- store.SetRate`, rate, domainRate); err != nil {
			return err
		}
		return audit(ctx, tx, now, by, 0, "verzendtempo gewijzigd", "", map[string]any{"per_minuut": rate, "per_domein": domainRate})
	})
	if err != nil {
		return fmt.Errorf("set rate: %w", err)
	}
	return nil
}

// Resolve decides what became of an unsure message. It arrived, or it goes once
// more as a message outside the ladder; either way its step is done, and the
// machine does not send it again.
func (s *Store) Resolve(ctx context.Context, studyID, id int64, arrived bool, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		var unit, contact int64
		var step, first, template string
		var begun time.Time
		err := tx.QueryRow(ctx, `
			select m.unit, m.contact, coalesce(m.step, ''), coalesce(s.plan->'steps'->0->>'id', ''), m.template, coalesce(m.begun, m.queued) -- store.Resolve
			from field.message m join register.study s on s.id = m.study where m.id = $1 and m.study = $2 and m.state = 'onzeker' for update of m`, id, studyID).
			Scan(&unit, &contact, &step, &first, &template, &begun)
		if errors.Is(err, pgx.ErrNoRows) {
			return errs.Errorf(errs.Conflict, "Over dit bericht is al beslist.")
		}
		if err != nil {
			return err
		}
		if first == "" {
			first = contactplan.Default().Steps[0].ID
		}
		reply := "iemand heeft gezegd dat het is aangekomen"
		if !arrived {
			again, err := addMessage(ctx, tx, NewMessage{Contact: contact, Template: template, By: by, Now: now})
			if err != nil {
				return err
			}
			if again == 0 {
				return errs.Errorf(errs.Conflict, "Deze contactpersoon kan geen mail meer krijgen. Kies eerst een ander adres.")
			}
			reply = fmt.Sprintf("opnieuw gestuurd als bericht %d", again)
		}
		var e *int64
		if step != "" {
			id, err := addEventID(ctx, tx, event.Event{Unit: unit, Kind: sentKind(step, first), Occurred: begun, Recorded: now, Channel: "mail", Actor: by.Kind, ActorID: by.ID, Note: step})
			if err != nil {
				return err
			}
			e = &id
		}
		if _, err := tx.Exec(ctx, `update field.message set state = 'verstuurd', done = $2, reply = $3, event = $4 where id = $1 -- store.Resolve`, id, now, reply, e); err != nil {
			return err
		}
		return audit(ctx, tx, now, by, studyID, "onzeker bericht beslist", fmt.Sprint("bericht ", id), map[string]any{"aangekomen": arrived})
	})
	if err != nil {
		return fmt.Errorf("resolve: %w", err)
	}
	return nil
}

// Regions returns the sets of school holiday regions of the units of a study,
// the set of most units first.
func (s *Store) Regions(ctx context.Context, studyID int64) ([]contactplan.Regions, error) {
	n := map[contactplan.Regions]int{}
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		clear(n)
		for after := int64(0); ; {
			units, err := all(ctx, tx, scanApproach, approachSelect+` where u.study = $1 and u.id > $2 order by u.id limit $3 -- store.Regions`, studyID, after, batch)
			if err != nil {
				return err
			}
			for _, u := range units {
				n[u.Regions]++
				after = u.ID
			}
			if len(units) < batch {
				return nil
			}
		}
	})
	if err != nil {
		return nil, fmt.Errorf("regions: %w", err)
	}
	return byCount(n), nil
}

// byCount returns the keys of n, the largest count first.
func byCount(n map[contactplan.Regions]int) []contactplan.Regions {
	return slices.SortedFunc(maps.Keys(n), func(a, b contactplan.Regions) int {
		return cmp.Or(cmp.Compare(n[b], n[a]), cmp.Compare(a, b))
	})
}

// Preview returns a message as it would go to a contact now. It stores nothing.
func (s *Store) Preview(ctx context.Context, st study.Study, unit, contact int64, step string, channel contactplan.Channel, template string) (Outgoing, error) {
	m := Outgoing{Step: step, Channel: channel, Template: template, Study: st}
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		c := &m.Contact
		_, err := one(ctx, tx, func(row pgx.CollectableRow) (struct{}, error) {
			return struct{}{}, row.Scan(&m.UnitCode, &m.UnitName, &c.ID, &c.Salutation, &c.Name, &c.Role, &c.Email, &c.Phone, &c.Address, &c.Source, &c.General)
		}, noUnit, `
			select u.code, u.name, c.id, c.salutation, c.name, c.role, c.email, c.phone, c.address, c.source, c.general -- store.Preview
			from register.unit u join contact.contact c on c.unit = u.id where u.id = $1 and u.study = $3 and c.id = $2`, unit, contact, st.ID)
		if err != nil {
			return err
		}
		if m.Unit, err = approach(ctx, tx, unit); err != nil {
			return err
		}
		own, err := all(ctx, tx, scanResponse, responseSelect+` where r.unit = $1 -- store.Preview`, unit)
		if err != nil {
			return err
		}
		if len(own) > 0 {
			m.Response = &own[0]
		}
		m.Wordings, err = wordings(ctx, tx, st.ID, cmp.Or(step, template))
		return err
	})
	if err != nil {
		return m, fmt.Errorf("preview: %w", err)
	}
	return m, nil
}

// A Person is a contact in a list of addressees.
type Person struct{ Name, Email, Address string }

// Persons returns contacts by id.
func (s *Store) Persons(ctx context.Context, ids []int64) (map[int64]Person, error) {
	out := map[int64]Person{}
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select id, name, email, address from contact.contact where id = any($1) -- store.Persons`, ids)
		var id int64
		var p Person
		_, err := pgx.ForEachRow(rows, []any{&id, &p.Name, &p.Email, &p.Address}, func() error {
			out[id] = p
			return nil
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("persons: %w", err)
	}
	return out, nil
}
