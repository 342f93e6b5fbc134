package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/sample"
)

// An Import is a register file on its way into a study.
type Import struct {
	Study    int64
	Audience string
	Register sample.Register
	Strata   []string // background columns that are strata; nil: those that lend themselves to it
	Reason   string   // needed for changes after release
	Addition bool     // the file holds new units only: those that are not in it are still listed
	Preview  bool     // tell the change and store nothing
	By       Actor
	Now      time.Time
}

// ImportRegister brings the units of a register file into a study, all or
// nothing. An address that wants no mail or was erased is left out, with a
// warning. Units that are not in the file stay, are listed in the change, and
// are marked. Answers and links are never touched. After release a change to a
// unit needs a reason, which its history keeps. A preview goes the same way, but
// for the reason and the storing.
func (s *Store) ImportRegister(ctx context.Context, in Import) (sample.Change, error) {
	var change sample.Change
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		released, err := lockAudience(ctx, tx, in.Study, in.Audience)
		if err != nil {
			return err
		}
		old, ids, err := storedRegister(ctx, tx, in.Study, in.Audience)
		if err != nil {
			return err
		}
		sameCase(in.Register, ids)
		in := in // a transaction that is tried again begins with the whole file
		var warnings []string
		if in.Register, warnings, err = s.withoutSuppressed(ctx, tx, old, in.Register); err != nil {
			return err
		}
		rules, err := recodes(ctx, tx, in.Study, in.Audience)
		if err != nil {
			return err
		}
		in.Register = sample.Recoded(in.Register, rules)
		change = sample.Diff(old, in.Register)
		change.Warnings = warnings
		if in.Addition {
			change.Missing = nil
		}
		if in.Preview {
			return nil
		}
		if released && in.Reason == "" && len(change.Changed) > 0 {
			return errs.Errorf(errs.Conflict, "De verzending is vrijgegeven en dit bestand wijzigt %d eenheden (de eerste is %s). Geef een reden op.",
				len(change.Changed), change.Changed[0].New.Organisation.Code)
		}
		i := importer{tx, in, ids}
		return i.run(ctx, change)
	})
	if err != nil {
		return change, fmt.Errorf("import register: %w", err)
	}
	return change, nil
}

// lockAudience lets one import of an audience run at a time.
func lockAudience(ctx context.Context, tx pgx.Tx, studyID int64, audience string) (released bool, err error) {
	err = tx.QueryRow(ctx, `
		select s.released is not null from register.instrument i join register.study s on s.id = i.study -- store.lockAudience
		where i.study = $1 and i.name = $2 for update of i`, studyID, audience).Scan(&released)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, errs.Errorf(errs.NotFound, "Deze doelgroep is er niet in dit onderzoek.")
	}
	return released, err
}

// storedRegister returns the units of an audience as a register, with their
// ids by code. The contact is the first that still holds.
func storedRegister(ctx context.Context, tx pgx.Tx, studyID int64, audience string) (sample.Register, map[string]int64, error) {
	r := sample.Register{Kind: sample.KindOf(audience)}
	ids := map[string]int64{}
	rows, _ := tx.Query(ctx, `
		select u.id, u.code, u.name, u.background, o.valid_from, o.valid_to, -- store.storedRegister
			coalesce(c.salutation, ''), coalesce(c.name, ''), coalesce(c.role, ''), coalesce(c.email, ''), coalesce(c.phone, ''), coalesce(c.address, ''), coalesce(c.source, '')
		from register.unit u
		join register.organisation o on o.id = u.organisation
		left join lateral (select c.salutation, c.name, c.role, c.email, c.phone, c.address, c.source from contact.contact c where c.unit = u.id and c.ended is null order by c.id limit 1) c on true
		where u.study = $1 and u.audience = $2 order by u.code`, studyID, audience)
	var id int64
	var background []byte
	var from, to *time.Time
	var u sample.Unit
	c := &u.Contact
	_, err := pgx.ForEachRow(rows, []any{&id, &u.Organisation.Code, &u.Organisation.Name, &background, &from, &to,
		&c.Salutation, &c.Name, &c.Role, &c.Email, &c.Phone, &c.Address, &c.Source}, func() error {
		unit := u
		unit.Organisation.Kind = r.Kind
		if from != nil {
			unit.Organisation.ValidFrom = *from
		}
		if to != nil {
			unit.Organisation.ValidTo = *to
		}
		unit.Background = nil
		ids[unit.Organisation.Code] = id
		err := json.Unmarshal(background, &unit.Background)
		r.Units = append(r.Units, unit)
		return err
	})
	return r, ids, err
}

// RegisterOf returns the units of an audience as a register, with its background
// columns.
func (s *Store) RegisterOf(ctx context.Context, studyID int64, audience string) (sample.Register, error) {
	var r sample.Register
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		if r, _, err = storedRegister(ctx, tx, studyID, audience); err != nil {
			return err
		}
		var columns []byte
		if err := tx.QueryRow(ctx, `select columns from register.instrument where study = $1 and name = $2 -- store.RegisterOf`, studyID, audience).Scan(&columns); err != nil {
			return err
		}
		var list []Column
		if err := json.Unmarshal(columns, &list); err != nil {
			return err
		}
		for _, c := range list {
			r.Columns = append(r.Columns, sample.Column{ID: c.ID, Label: c.Label})
		}
		return nil
	})
	if err != nil {
		return r, fmt.Errorf("register of: %w", err)
	}
	return r, nil
}

// sameCase writes codes that differ from a stored one in case only as they are
// stored.
func sameCase(r sample.Register, ids map[string]int64) {
	stored := map[string]string{}
	for code := range ids {
		stored[strings.ToUpper(code)] = code
	}
	for i := range r.Units {
		if code, ok := stored[strings.ToUpper(r.Units[i].Organisation.Code)]; ok {
			r.Units[i].Organisation.Code = code
		}
	}
}

type importer struct {
	tx  pgx.Tx
	in  Import
	ids map[string]int64
}

func (i *importer) run(ctx context.Context, change sample.Change) error {
	if err := i.columns(ctx); err != nil {
		return err
	}
	organisations := map[string]int64{}
	for _, u := range i.in.Register.Units {
		id, err := i.organisation(ctx, u.Organisation)
		if err != nil {
			return err
		}
		organisations[u.Organisation.Code] = id
	}
	for _, u := range i.in.Register.Units {
		if err := i.succession(ctx, organisations[u.Organisation.Code], u.Organisation); err != nil {
			return err
		}
	}
	for _, u := range change.Added {
		if err := i.add(ctx, u, organisations[u.Organisation.Code]); err != nil {
			return err
		}
	}
	for _, c := range change.Changed {
		if err := i.change(ctx, c); err != nil {
			return err
		}
	}
	if err := i.listed(ctx); err != nil {
		return err
	}
	if err := addAreas(ctx, i.tx, i.in.Register.Areas); err != nil {
		return err
	}
	return audit(ctx, i.tx, i.in.Now, i.in.By, i.in.Study, "register ingelezen", i.in.Audience,
		map[string]any{"toegevoegd": len(change.Added), "gewijzigd": len(change.Changed), "ontbreekt": len(change.Missing), "reden": i.in.Reason})
}

// columns keeps the background columns of the file and which are strata. A file
// without any, of addresses only, leaves those of the register before it.
func (i *importer) columns(ctx context.Context) error {
	if len(i.in.Register.Columns) == 0 {
		return nil
	}
	columns := []Column{}
	for _, c := range i.in.Register.Columns {
		columns = append(columns, Column{c.ID, c.Label})
	}
	list, err := json.Marshal(columns)
	if err != nil {
		return err
	}
	strata, err := i.strata(ctx)
	if err != nil {
		return err
	}
	_, err = i.tx.Exec(ctx, `
		update register.instrument set columns = $3, strata = $4 where study = $1 and name = $2 -- store.columns`,
		i.in.Study, i.in.Audience, list, strata)
	return err
}

// strata are those that were named, or that somebody chose before as far as the
// file has them, or else what lends itself to it.
func (i *importer) strata(ctx context.Context) ([]string, error) {
	if i.in.Strata != nil {
		return i.in.Strata, nil
	}
	strata := []string{}
	var chosen []string
	err := i.tx.QueryRow(ctx, `select strata from register.instrument where study = $1 and name = $2 -- store.strata`, i.in.Study, i.in.Audience).Scan(&chosen)
	if err != nil {
		return nil, err
	}
	for _, c := range i.in.Register.Columns {
		if slices.Contains(chosen, c.ID) {
			strata = append(strata, c.ID)
		}
	}
	if len(strata) == 0 {
		strata = append(strata, sample.Candidates(i.in.Register)...)
	}
	return strata, nil
}

func (i *importer) organisation(ctx context.Context, o sample.Organisation) (int64, error) {
	var id int64
	err := i.tx.QueryRow(ctx, `
		insert into register.organisation as o (kind, code, name, valid_from, valid_to) values ($1, $2, $3, $4, $5) -- store.organisation
		on conflict (kind, code) do update set
			name = case when excluded.name = '' then o.name else excluded.name end,
			valid_from = coalesce(excluded.valid_from, o.valid_from), valid_to = coalesce(excluded.valid_to, o.valid_to)
		returning id`, o.Kind, o.Code, o.Name, nullTime(o.ValidFrom), nullTime(o.ValidTo)).Scan(&id)
	return id, err
}

// succession links an organisation to those it came from, as far as we know
// them.
func (i *importer) succession(ctx context.Context, id int64, o sample.Organisation) error {
	if len(o.Predecessors) == 0 {
		return nil
	}
	_, err := i.tx.Exec(ctx, `
		insert into register.succession (predecessor, successor) -- store.succession
		select id, $1 from register.organisation where kind = $2 and code = any($3) and id <> $1
		on conflict do nothing`, id, o.Kind, o.Predecessors)
	return err
}

func (i *importer) add(ctx context.Context, u sample.Unit, organisation int64) error {
	background, err := json.Marshal(u.Background)
	if err != nil {
		return err
	}
	var id int64
	err = i.tx.QueryRow(ctx, `
		insert into register.unit (study, audience, organisation, code, name, background, pseudonym, added) -- store.add
		values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
		i.in.Study, i.in.Audience, organisation, u.Organisation.Code, u.Organisation.Name, background, NewToken(), i.in.Now).Scan(&id)
	if err != nil {
		return err
	}
	i.ids[u.Organisation.Code] = id
	if err := addContact(ctx, i.tx, id, u.Contact, i.in.Now); err != nil {
		return err
	}
	return i.event(ctx, id, event.Listed, "")
}

// addContact adds the contact of a register, if the file gives one.
func addContact(ctx context.Context, tx pgx.Tx, unit int64, c sample.Contact, now time.Time) error {
	if c.Name == "" && c.Email == "" && c.Phone == "" && c.Address == "" {
		return nil
	}
	source := c.Source
	if source == "" {
		source = "register"
	}
	_, err := tx.Exec(ctx, `
		insert into contact.contact (unit, salutation, name, role, email, phone, address, source, general, added) -- store.addContact
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, unit, c.Salutation, c.Name, c.Role, c.Email, c.Phone, c.Address, source, c.Name == "", now)
	return err
}

// change brings a unit up to the file. Its links stay: the contact is changed
// in place.
func (i *importer) change(ctx context.Context, c sample.UnitChange) error {
	id := i.ids[c.New.Organisation.Code]
	background, err := json.Marshal(merged(c.Old.Background, c.New.Background))
	if err != nil {
		return err
	}
	name, contact, touched := c.Old.Organisation.Name, c.Old.Contact, false
	var labels []string
	for _, f := range c.Fields {
		labels = append(labels, f.Label)
		switch f.Field {
		case "naam":
			name = f.New
		case "aanhef", "contactpersoon", "functie", "email", "telefoon", "adres", "herkomst":
			setContact(&contact, f.Field, f.New)
			touched = true
		}
	}
	_, err = i.tx.Exec(ctx, `update register.unit set name = $2, background = $3 where id = $1 -- store.change`, id, name, background)
	if err != nil {
		return err
	}
	if touched {
		if err := i.contact(ctx, id, contact); err != nil {
			return err
		}
	}
	note := "Gewijzigd: " + strings.Join(labels, ", ") + "."
	if i.in.Reason != "" {
		note += " Reden: " + i.in.Reason
	}
	return i.event(ctx, id, event.Changed, note)
}

func merged(old, new map[string]string) map[string]string {
	out := map[string]string{}
	for k, v := range old {
		out[k] = v
	}
	for k, v := range new {
		out[k] = v
	}
	return out
}

func setContact(c *sample.Contact, field, value string) {
	switch field {
	case "aanhef":
		c.Salutation = value
	case "contactpersoon":
		c.Name = value
	case "functie":
		c.Role = value
	case "email":
		c.Email = value
	case "telefoon":
		c.Phone = value
	case "adres":
		c.Address = value
	case "herkomst":
		c.Source = value
	}
}

func (i *importer) contact(ctx context.Context, unit int64, c sample.Contact) error {
	tag, err := i.tx.Exec(ctx, `
		update contact.contact set salutation = $2, name = $3, role = $4, email = $5, phone = $6, address = $7, source = $8, general = $9, -- store.contact
			bounced = case when lower(email) = lower($5) then bounced end, bounce_reason = case when lower(email) = lower($5) then bounce_reason else '' end,
			soft_bounces = case when lower(email) = lower($5) then soft_bounces else 0 end
		where id = (select min(id) from contact.contact where unit = $1 and ended is null)`,
		unit, c.Salutation, c.Name, c.Role, c.Email, c.Phone, c.Address, c.Source, c.Name == "")
	if err != nil || tag.RowsAffected() > 0 {
		return err
	}
	return addContact(ctx, i.tx, unit, c, i.in.Now)
}

// listed marks which units are in the latest file.
func (i *importer) listed(ctx context.Context) error {
	codes := make([]string, 0, len(i.in.Register.Units))
	for _, u := range i.in.Register.Units {
		codes = append(codes, u.Organisation.Code)
	}
	_, err := i.tx.Exec(ctx, `
		update register.unit set listed = (code = any($3)) where study = $1 and audience = $2 and listed <> (code = any($3)) and not (listed and $4) -- store.listed`,
		i.in.Study, i.in.Audience, codes, i.in.Addition)
	return err
}

func (i *importer) event(ctx context.Context, unit int64, kind event.Kind, note string) error {
	return addEvent(ctx, i.tx, event.Event{Unit: unit, Kind: kind, Occurred: i.in.Now, Recorded: i.in.Now, Actor: i.in.By.Kind, ActorID: i.in.By.ID, Note: note})
}

// addAreas stores which swv works where. Organisations that are not known yet
// are made, without a name: a register that names them comes later.
func addAreas(ctx context.Context, tx pgx.Tx, areas []sample.Area) error {
	batch := &pgx.Batch{}
	for _, a := range areas {
		for kind, code := range map[sample.Kind]string{sample.SWV: a.SWV, sample.Gemeente: a.Gemeente} {
			batch.Queue(`insert into register.organisation (kind, code) values ($1, $2) on conflict do nothing -- store.addAreas`, kind, code)
		}
		batch.Queue(`
			insert into register.area (swv, gemeente, extent) -- store.addAreas
			select s.id, g.id, $3 from register.organisation s, register.organisation g
			where s.kind = 'swv' and s.code = $1 and g.kind = 'gemeente' and g.code = $2
			on conflict (swv, gemeente) do update set extent = excluded.extent`, a.SWV, a.Gemeente, a.Extent)
	}
	return tx.SendBatch(ctx, batch).Close()
}

// ImportAreas stores which gemeenten each samenwerkingsverband works in. Areas
// hold for every study; the log says in which one somebody read them in, 0 for
// none.
func (s *Store) ImportAreas(ctx context.Context, studyID int64, areas []sample.Area, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		if err := addAreas(ctx, tx, areas); err != nil {
			return err
		}
		return audit(ctx, tx, now, by, studyID, "gebieden ingelezen", "", map[string]any{"n": len(areas)})
	})
	if err != nil {
		return fmt.Errorf("import areas: %w", err)
	}
	return nil
}

// Organisations returns every organisation known, by kind and code.
func (s *Store) Organisations(ctx context.Context) ([]sample.Organisation, error) {
	var out []sample.Organisation
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, func(row pgx.CollectableRow) (o sample.Organisation, err error) {
			return o, row.Scan(&o.Kind, &o.Code, &o.Name)
		}, `select kind, code, name from register.organisation order by kind, code -- store.Organisations`)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("organisations: %w", err)
	}
	return out, nil
}
