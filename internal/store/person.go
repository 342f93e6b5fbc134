package store

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/errs"
)

// A PersonContact is one contact of a person: the same person may answer for
// several units and studies.
type PersonContact struct {
	Contact
	Erased    time.Time // zero while somebody is known
	Unit      int64
	UnitCode  string
	UnitName  string
	Audience  string
	Study     int64
	StudySlug string
	Title     string // of the study
}

const personColumns = `c.id, c.salutation, c.name, c.role, c.email, c.phone, c.address, c.source, c.general, c.added, coalesce(c.ended, '0001-01-01T00:00:00Z'),
	c.added_by, coalesce(c.source_date, '0001-01-01')::timestamptz, coalesce(c.opted_out, '0001-01-01T00:00:00Z'), coalesce(c.bounced, '0001-01-01T00:00:00Z'), c.bounce_reason,
	coalesce(c.erased, '0001-01-01T00:00:00Z'), u.id, u.code, u.name, u.audience, s.id, s.slug, s.title`

func scanPersonContact(row pgx.CollectableRow) (p PersonContact, err error) {
	return p, row.Scan(&p.ID, &p.Salutation, &p.Name, &p.Role, &p.Email, &p.Phone, &p.Address, &p.Source, &p.General, &p.Added, &p.Ended,
		&p.AddedBy, &p.SourceDate, &p.OptedOut, &p.Bounced, &p.BounceReason, &p.Erased, &p.Unit, &p.UnitCode, &p.UnitName, &p.Audience, &p.Study, &p.StudySlug, &p.Title)
}

// foundPeople is how many contacts a search returns at most.
const foundPeople = 50

// FindPeople returns the contacts of a study, or of all studies for 0, whose name,
// address, telephone number or unit has the text; by name, fifty at most. Who was
// erased is not among them.
func (s *Store) FindPeople(ctx context.Context, studyID int64, text string) ([]PersonContact, error) {
	var out []PersonContact
	digits := strings.TrimLeft(strings.Map(onlyDigits, text), "0")
	if len(digits) < 6 {
		digits = "-" // no telephone number: found in none
	}
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, scanPersonContact, `
			select `+personColumns+` -- store.FindPeople
			from contact.contact c join register.unit u on u.id = c.unit join register.study s on s.id = u.study
			where ($1 = 0 or u.study = $1) and c.erased is null and (c.name || c.email || c.phone || c.address || c.role) <> ''
				and (position(lower($2) in lower(c.name || ' ' || c.email || ' ' || c.address)) > 0 or lower(u.code) = lower($2) or position(lower($2) in lower(u.name)) > 0
					or position($3 in regexp_replace(c.phone, '[^0-9]', '', 'g')) > 0)
			order by lower(c.name), lower(c.email), c.id limit $4`, studyID, strings.TrimSpace(text), digits, foundPeople)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find people: %w", err)
	}
	return out, nil
}

func onlyDigits(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	return -1
}

// Person returns all contacts that are the same person as one: with the same
// address, or of the same name with the same organisation. studyID 0 looks in all
// studies.
func (s *Store) Person(ctx context.Context, studyID, contact int64) ([]PersonContact, error) {
	var out []PersonContact
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = person(ctx, tx, studyID, contact)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("person: %w", err)
	}
	return out, nil
}

func person(ctx context.Context, tx pgx.Tx, studyID, contact int64) ([]PersonContact, error) {
	out, err := all(ctx, tx, scanPersonContact, `
		with recursive same as ( -- store.person
			select c.id, lower(c.email) as email, lower(c.name) as name, u.id as unit, u.organisation
			from contact.contact c join register.unit u on u.id = c.unit where c.id = $2 and ($1 = 0 or u.study = $1)
			union
			select c.id, lower(c.email), lower(c.name), u.id, u.organisation
			from same p join contact.contact c on true join register.unit u on u.id = c.unit
			where ($1 = 0 or u.study = $1) and (c.email <> '' and lower(c.email) = p.email
				or c.name <> '' and lower(c.name) = p.name and (u.id = p.unit or u.organisation = p.organisation))
		)
		select `+personColumns+` from contact.contact c join register.unit u on u.id = c.unit join register.study s on s.id = u.study
		where c.id in (select id from same) order by s.opens, u.code, c.id`, studyID, contact)
	if err == nil && len(out) == 0 {
		err = errs.Errorf(errs.NotFound, noContact)
	}
	return out, err
}

// marks returns an expression that finds a person in a text, for PostgreSQL and
// Go alike: addresses, names and telephone numbers, however they are spaced; ""
// for somebody of whom nothing is known. Near finds a surname alone as well, for
// texts about the person's own units.
func marks(contacts []PersonContact) (everywhere, near string) {
	var exact, loose []string
	for _, c := range contacts {
		exact = append(exact, wordsMark(c.Email, 5), nameMark(c.Name), phoneMark(c.Phone), wordsMark(c.Address, 8))
		if surname := surnameOf(c.Name); surname != "" {
			loose = append(loose, quoteMark(surname))
		}
	}
	return oneOf(exact), oneOf(append(loose, exact...))
}

func oneOf(patterns []string) string {
	patterns = slices.DeleteFunc(patterns, func(p string) bool { return p == "" })
	slices.Sort(patterns)
	return strings.Join(slices.Compact(patterns), "|")
}

// gap is what may stand between two words of a name: also a line end as JSON
// writes it.
const gap = `(?:\s|\\[nrt])+`

// wordsMark finds a text however its words are spaced; "" for one that is too
// short to say who it is.
func wordsMark(text string, least int) string {
	words := strings.Fields(text)
	if utf8.RuneCountInString(strings.Join(words, " ")) < least {
		return ""
	}
	for i, w := range words {
		words[i] = quoteMark(w)
	}
	return strings.Join(words, gap)
}

// nameMark finds a whole name. A single word is a name only when it is long.
func nameMark(name string) string {
	if len(strings.Fields(name)) < 2 {
		if utf8.RuneCountInString(name) < 8 {
			return ""
		}
		return quoteMark(strings.TrimSpace(name))
	}
	return wordsMark(name, 5)
}

// surnameOf returns the last word of a name, "" where that is too common to go
// by.
func surnameOf(name string) string {
	words := strings.Fields(name)
	if len(words) < 2 || utf8.RuneCountInString(words[len(words)-1]) < 5 {
		return ""
	}
	return words[len(words)-1]
}

// phoneMark finds a Dutch telephone number however it is written.
func phoneMark(phone string) string {
	digits := strings.Map(onlyDigits, phone)
	digits = strings.TrimPrefix(strings.TrimPrefix(digits, "00"), "31")
	digits = strings.TrimLeft(digits, "0")
	if len(digits) < 8 {
		return ""
	}
	return strings.Join(strings.Split(digits, ""), `[^0-9a-z]{0,3}`)
}

// quoteMark makes letters of a text into an expression; a quote or backslash is
// found in JSON too.
func quoteMark(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\\?\` + string(r))
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r > unicode.MaxASCII:
			b.WriteRune(r)
		default:
			b.WriteString(`\` + string(r))
		}
	}
	return b.String()
}

// A finder finds a person in texts.
type finder struct {
	everywhere, near string // expressions; "" finds nothing
	redact           *regexp.Regexp
}

func newFinder(contacts []PersonContact) (finder, error) {
	var f finder
	f.everywhere, f.near = marks(contacts)
	if f.everywhere == "" && f.near == "" {
		return f, nil
	}
	var err error
	f.redact, err = regexp.Compile("(?i)(?:" + oneOf([]string{f.everywhere, f.near}) + ")")
	return f, err
}

// tombstone stands where something was erased; the database has the same.
const tombstone = "[gewist]"

// without returns a text in which the person is not found any more.
func (f finder) without(text string) string {
	if f.redact == nil {
		return text
	}
	return f.redact.ReplaceAllString(text, tombstone)
}

// withoutIn does so in every string of a JSON value.
func (f finder) withoutIn(value json.RawMessage) (json.RawMessage, error) {
	var v any
	if err := json.Unmarshal(value, &v); err != nil {
		return nil, err
	}
	return json.Marshal(f.cleaned(v))
}

func (f finder) cleaned(v any) any {
	switch v := v.(type) {
	case string:
		return f.without(v)
	case []any:
		for i := range v {
			v[i] = f.cleaned(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = f.cleaned(v[k])
		}
	}
	return v
}
