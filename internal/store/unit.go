package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/event"
)

// A Unit is an organisation in the sample of one study, with where it stands.
type Unit struct {
	ID         int64
	Code, Name string
	Audience   string
	Background map[string]string // by column id, frozen at the reference date
	Listed     bool              // in the latest register file
	Started    time.Time         // of its own response
	Sent       time.Time         // of the submission that counts for it
	Status     string            // of that submission: submitted, partial, kernvragen
	Covered    bool              // that submission is another unit's
	Refused    bool
	Bounced    bool
	Last       event.Kind // latest event
	LastAt     time.Time
	Contacts   int
}

const unitSelect = `
	select u.id, u.code, u.name, u.audience, u.background, u.listed,
		coalesce(r.started, '0001-01-01T00:00:00Z'), coalesce(b.at, '0001-01-01T00:00:00Z'), coalesce(b.status, ''), coalesce(not cov.own, false),
		coalesce(ev.refused, false), coalesce(ev.bounced, false), coalesce(last.kind, ''), coalesce(last.occurred, '0001-01-01T00:00:00Z'),
		(select count(*) from contact.contact c where c.unit = u.id and c.ended is null)
	from register.unit u
	left join answer.response r on r.unit = u.id and r.withdrawn is null
	left join answer.coverage cov on cov.unit = u.id and cov.counting
	left join lateral (select b.at, b.status from answer.submission b where b.response = cov.response order by b.revision desc limit 1) b on true
	left join lateral (select e.kind, e.occurred from field.event e where e.unit = u.id order by e.occurred desc, e.id desc limit 1) last on true
	left join lateral (
		select bool_or(e.kind = 'weigering') as refused, bool_or(e.kind = 'onbestelbaar') as bounced from field.event e
		where e.unit = u.id and not exists (select from field.event x where x.recalls = e.id)) ev on true`

func scanUnit(row pgx.CollectableRow) (Unit, error) {
	var u Unit
	var background []byte
	err := row.Scan(&u.ID, &u.Code, &u.Name, &u.Audience, &background, &u.Listed, &u.Started, &u.Sent, &u.Status, &u.Covered,
		&u.Refused, &u.Bounced, &u.Last, &u.LastAt, &u.Contacts)
	if err != nil {
		return u, err
	}
	return u, json.Unmarshal(background, &u.Background)
}

// Units returns all units of an audience, by code.
func (s *Store) Units(ctx context.Context, studyID int64, audience string) ([]Unit, error) {
	var out []Unit
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, scanUnit, unitSelect+` where u.study = $1 and u.audience = $2 order by u.code -- store.Units`, studyID, audience)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("units: %w", err)
	}
	return out, nil
}

// Unit returns one unit of a study.
func (s *Store) Unit(ctx context.Context, studyID int64, audience, code string) (Unit, error) {
	var u Unit
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		u, err = one(ctx, tx, scanUnit, noUnit, unitSelect+` where u.study = $1 and u.audience = $2 and u.code = $3 -- store.Unit`, studyID, audience, code)
		return err
	})
	if err != nil {
		return u, fmt.Errorf("unit: %w", err)
	}
	return u, nil
}

// A Contact is a person or a general address that answers for a unit.
type Contact struct {
	ID                                                    int64
	Salutation, Name, Role, Email, Phone, Address, Source string
	General                                               bool
	Added                                                 time.Time
	Ended                                                 time.Time // zero while it holds
	AddedBy                                               string    // "" from a file
	SourceDate                                            time.Time // zero where it is not known
	OptedOut                                              time.Time // zero while it gets mail
	Bounced                                               time.Time // zero while mail arrives
	BounceReason                                          string
}

// A Neighbour is a unit that works in the same area.
type Neighbour struct{ Audience, Code, Name string }

// A UnitFile is what is known of one unit beside its standing.
type UnitFile struct {
	Contacts   []Contact
	Events     []event.Event    // newest first
	Links      int              // that work now
	Response   *Response        // its own, nil before there is one
	Covers     []Neighbour      // units its response holds for
	CoveredBy  *Neighbour       // whose response holds for it
	Claims     []Claim          // of units that say theirs holds for it
	Neighbours []Neighbour      // gemeenten of a swv, swv of a gemeente
	Calls      []Call           // by time
	Staff      map[int64]string // names of members of staff in Events
}

// UnitFile returns everything about a unit, answers left out.
func (s *Store) UnitFile(ctx context.Context, unit int64) (UnitFile, error) {
	var f UnitFile
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		f = UnitFile{}
		return unitFile(ctx, tx, unit, &f)
	})
	if err != nil {
		return f, fmt.Errorf("unit file: %w", err)
	}
	return f, nil
}

func unitFile(ctx context.Context, tx pgx.Tx, unit int64, f *UnitFile) (err error) {
	f.Contacts, err = all(ctx, tx, pgx.RowToStructByPos[Contact], `
		select id, salutation, name, role, email, phone, address, source, general, added, coalesce(ended, '0001-01-01T00:00:00Z'), -- store.unitFile
			added_by, coalesce(source_date, '0001-01-01')::timestamptz, coalesce(opted_out, '0001-01-01T00:00:00Z'), coalesce(bounced, '0001-01-01T00:00:00Z'), bounce_reason
		from contact.contact where unit = $1 order by ended desc nulls first, coalesce(rank, id), id`, unit)
	if err != nil {
		return err
	}
	f.Events, err = all(ctx, tx, pgx.RowToStructByPos[event.Event], `
		select id, unit, kind, occurred, recorded, channel, actor, coalesce(actor_id, 0), note, coalesce(recalls, 0) -- store.unitFile
		from field.event where unit = $1 order by occurred desc, id desc`, unit)
	if err != nil {
		return err
	}
	if f.Calls, err = unitCalls(ctx, tx, unit); err != nil {
		return err
	}
	if f.Staff, err = staffNames(ctx, tx, f.Events); err != nil {
		return err
	}
	err = tx.QueryRow(ctx, `
		select count(*) from contact.link l join contact.contact c on c.id = l.contact -- store.unitFile
		where c.unit = $1 and l.revoked is null and c.ended is null`, unit).Scan(&f.Links)
	if err != nil {
		return err
	}
	own, err := all(ctx, tx, scanResponse, responseSelect+` where r.unit = $1 -- store.unitFile`, unit)
	if err != nil {
		return err
	}
	if len(own) > 0 {
		f.Response = &own[0]
	}
	return unitNeighbours(ctx, tx, unit, f)
}

// staffNames returns the names of the members of staff who did something.
func staffNames(ctx context.Context, tx pgx.Tx, events []event.Event) (map[int64]string, error) {
	var ids []int64
	for _, e := range events {
		if e.Actor == event.ByStaff && e.ActorID != 0 {
			ids = append(ids, e.ActorID)
		}
	}
	names := map[int64]string{}
	var id int64
	var name string
	rows, _ := tx.Query(ctx, `select id, coalesce(nullif(name, ''), email) from staff.account where id = any($1) -- store.staffNames`, ids)
	_, err := pgx.ForEachRow(rows, []any{&id, &name}, func() error {
		names[id] = name
		return nil
	})
	return names, err
}

func unitNeighbours(ctx context.Context, tx pgx.Tx, unit int64, f *UnitFile) (err error) {
	f.Covers, err = all(ctx, tx, pgx.RowToStructByPos[Neighbour], `
		select u.audience, u.code, u.name from answer.coverage c -- store.unitNeighbours
		join answer.response r on r.id = c.response join register.unit u on u.id = c.unit
		where r.unit = $1 and c.unit <> $1 and c.withdrawn is null order by u.code`, unit)
	if err != nil {
		return err
	}
	by, err := all(ctx, tx, pgx.RowToStructByPos[Neighbour], `
		select u.audience, u.code, u.name from answer.coverage c -- store.unitNeighbours
		join answer.response r on r.id = c.response join register.unit u on u.id = r.unit
		where c.unit = $1 and r.unit <> $1 and c.counting`, unit)
	if err != nil {
		return err
	}
	if len(by) > 0 {
		f.CoveredBy = &by[0]
	}
	if f.Claims, err = claimsOn(ctx, tx, unit); err != nil {
		return err
	}
	f.Neighbours, err = all(ctx, tx, pgx.RowToStructByPos[Neighbour], `
		select n.audience, n.code, n.name from register.unit u -- store.unitNeighbours
		join register.area a on u.organisation in (a.swv, a.gemeente)
		join register.unit n on n.study = u.study and n.organisation = case when a.swv = u.organisation then a.gemeente else a.swv end
		where u.id = $1 order by n.audience, n.code`, unit)
	return err
}

// UnitCounts returns how many units each audience of a study has.
func (s *Store) UnitCounts(ctx context.Context, studyID int64) (map[string]int, error) {
	counts := map[string]int{}
	err := s.read(ctx, collect, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select audience, count(*) from register.unit where study = $1 group by audience -- store.UnitCounts`, studyID)
		var audience string
		var n int
		_, err := pgx.ForEachRow(rows, []any{&audience, &n}, func() error {
			counts[audience] = n
			return nil
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("unit counts: %w", err)
	}
	return counts, nil
}

// UnitCodes returns the units of a study by id.
func (s *Store) UnitCodes(ctx context.Context, studyID int64) (map[int64]Neighbour, error) {
	out := map[int64]Neighbour{}
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select id, audience, code, name from register.unit where study = $1 -- store.UnitCodes`, studyID)
		var id int64
		var u Neighbour
		_, err := pgx.ForEachRow(rows, []any{&id, &u.Audience, &u.Code, &u.Name}, func() error {
			out[id] = u
			return nil
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("unit codes: %w", err)
	}
	return out, nil
}

// UnitNames returns the code and name of every unit of an audience, by name.
func (s *Store) UnitNames(ctx context.Context, studyID int64, audience string) ([]Neighbour, error) {
	var out []Neighbour
	err := s.read(ctx, collect, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, pgx.RowToStructByPos[Neighbour], `
			select audience, code, name from register.unit where study = $1 and audience = $2 order by lower(name), code -- store.UnitNames`, studyID, audience)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("unit names: %w", err)
	}
	return out, nil
}

// Refused returns since when a refusal of the unit stands, zero for none.
func (s *Store) Refused(ctx context.Context, unit int64) (time.Time, error) {
	var since time.Time
	err := s.read(ctx, collect, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `
			select coalesce(min(e.occurred), '0001-01-01T00:00:00Z') from field.event e -- store.Refused
			where e.unit = $1 and e.kind = 'weigering' and not exists (select from field.event x where x.recalls = e.id)`, unit).Scan(&since)
	})
	if err != nil {
		return since, fmt.Errorf("refused: %w", err)
	}
	return since, nil
}
