package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// A Draft is an edition of a questionnaire in the making, with who did what and
// when. Names of people are as pages call them, "" for a command.
type Draft struct {
	instrument.Draft
	Basis      string   // what it began with, in words
	Missed     []string // what did not come along when it was read from another program
	Hash       string   // of the last version
	Saved      time.Time
	SavedBy    string
	Approved   time.Time // zero while it is not
	ApprovedBy string
	Studies    []string // titles of the studies that took exactly this text
}

// A DraftVersion is one text of a draft. It never changes.
type DraftVersion struct {
	Number int
	At     time.Time
	By     string
	Note   string
	Hash   string
}

// A DraftStep is what somebody decided about a version.
type DraftStep struct {
	Version int
	Step    string // "voorgesteld"
	At      time.Time
	By      string
	Remark  string
}

// maxDrafts bounds how many drafts there can be: pages list them all.
const maxDrafts = 500

const noDraft = "Deze vragenlijst is er niet."

// ErrDraftMoved says that somebody else made a version in the meantime. Nothing
// was saved.
var ErrDraftMoved = errs.Errorf(errs.Conflict, "Iemand anders heeft deze vragenlijst intussen opgeslagen.")

const draftSelect = `
	select d.id, d.name, d.edition, d.title, d.stage, d.version, coalesce(v.actor_id, 0),
		coalesce((select s.actor_id from register.draft_step s where s.draft = d.id and s.step = 'voorgesteld' order by s.id desc limit 1), 0),
		d.basis, d.missed, v.hash, v.at, coalesce(nullif(a.name, ''), a.email, ''),
		coalesce(d.approved, '0001-01-01T00:00:00Z'), coalesce(nullif(p.name, ''), p.email, ''),
		array(select s.title from register.instrument i join register.study s on s.id = i.study where i.hash = v.hash order by s.opens, s.id)
	from register.draft d join register.draft_version v on v.draft = d.id and v.number = d.version
		left join staff.account a on a.id = v.actor_id left join staff.account p on p.id = d.approver`

func scanDraft(row pgx.CollectableRow) (d Draft, err error) {
	err = row.Scan(&d.ID, &d.Name, &d.Edition, &d.Title, &d.Stage, &d.Version, &d.Editor, &d.Proposer,
		&d.Basis, &d.Missed, &d.Hash, &d.Saved, &d.SavedBy, &d.Approved, &d.ApprovedBy, &d.Studies)
	return d, err
}

// Drafts returns all drafts, by name; of one name the last made comes first.
func (s *Store) Drafts(ctx context.Context) ([]Draft, error) {
	var out []Draft
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, scanDraft, draftSelect+` order by d.name, d.id desc -- store.Drafts`)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("drafts: %w", err)
	}
	return out, nil
}

// Draft returns one draft and the text of its last version.
func (s *Store) Draft(ctx context.Context, id int64) (Draft, []byte, error) {
	var d Draft
	var text []byte
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		if d, err = one(ctx, tx, scanDraft, noDraft, draftSelect+` where d.id = $1 -- store.Draft`, id); err != nil {
			return err
		}
		text, err = draftText(ctx, tx, id, d.Version)
		return err
	})
	if err != nil {
		return d, nil, fmt.Errorf("draft: %w", err)
	}
	return d, text, nil
}

// DraftText returns the text of one version of a draft.
func (s *Store) DraftText(ctx context.Context, id int64, version int) ([]byte, error) {
	var text []byte
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		text, err = draftText(ctx, tx, id, version)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("draft text: %w", err)
	}
	return text, nil
}

func draftText(ctx context.Context, tx pgx.Tx, id int64, version int) ([]byte, error) {
	text, err := one(ctx, tx, pgx.RowTo[string], "Deze versie is er niet.", `
		select text from register.draft_version where draft = $1 and number = $2 -- store.draftText`, id, version)
	return []byte(text), err
}

// DraftHistory returns the versions of a draft, and what was decided about them,
// the latest first.
func (s *Store) DraftHistory(ctx context.Context, id int64) (versions []DraftVersion, steps []DraftStep, err error) {
	err = s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		versions, err = all(ctx, tx, pgx.RowToStructByPos[DraftVersion], `
			select v.number, v.at, coalesce(nullif(a.name, ''), a.email, ''), v.note, v.hash -- store.DraftHistory
			from register.draft_version v left join staff.account a on a.id = v.actor_id where v.draft = $1 order by v.number desc`, id)
		if err != nil {
			return err
		}
		steps, err = all(ctx, tx, pgx.RowToStructByPos[DraftStep], `
			select s.version, s.step, s.at, coalesce(nullif(a.name, ''), a.email, ''), s.remark -- store.DraftHistory
			from register.draft_step s left join staff.account a on a.id = s.actor_id where s.draft = $1 order by s.id desc`, id)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("draft history: %w", err)
	}
	return versions, steps, nil
}

// A DraftSave is a text to keep as the next version of a draft.
type DraftSave struct {
	ID     int64
	After  int // the version that it was made from
	Text   []byte
	Note   string // what changed, in the words of who did it
	Basis  string // of a new draft
	Missed []string
	By     Actor
	Now    time.Time
}

// AddDraft begins a draft with its first version, and returns its id.
func (s *Store) AddDraft(ctx context.Context, in DraftSave) (int64, error) {
	var id int64
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		var n int
		if err := tx.QueryRow(ctx, `select count(*) from register.draft -- store.AddDraft`).Scan(&n); err != nil {
			return err
		}
		if n >= maxDrafts {
			return errs.Errorf(errs.Conflict, "Er zijn al %d vragenlijsten. Meer kan deze site er niet bewaren.", maxDrafts)
		}
		missed := in.Missed
		if missed == nil {
			missed = []string{}
		}
		err := tx.QueryRow(ctx, `insert into register.draft (basis, missed, made) values ($1, $2, $3) returning id -- store.AddDraft`, in.Basis, missed, in.Now).Scan(&id)
		if err != nil {
			return err
		}
		in.ID = id
		if err := in.keep(ctx, tx, 1); err != nil {
			return err
		}
		return audit(ctx, tx, in.Now, in.By, 0, "vragenlijst begonnen", draftName(id), map[string]any{"begin": in.Basis})
	})
	if err != nil {
		return 0, fmt.Errorf("add draft: %w", err)
	}
	return id, nil
}

// keep writes a version and what the draft is called by it.
func (in DraftSave) keep(ctx context.Context, tx pgx.Tx, number int) error {
	_, err := tx.Exec(ctx, `
		insert into register.draft_version (draft, number, text, hash, at, actor, actor_id, note) values ($1, $2, $3, $4, $5, $6, $7, $8) -- store.keep`,
		in.ID, number, string(in.Text), instrument.Hash(in.Text), in.Now, in.By.Kind, in.By.id(), in.Note)
	if err != nil {
		return err
	}
	name, edition, title := instrument.Head(in.Text)
	_, err = tx.Exec(ctx, `
		update register.draft set version = $2, stage = 'concept', name = coalesce(nullif($3, ''), name), -- store.keep
			edition = coalesce(nullif($4, ''), edition), title = coalesce(nullif($5, ''), title) where id = $1`, in.ID, number, name, edition, title)
	return err
}

func draftName(id int64) string { return fmt.Sprint("vragenlijst ", id) }

// SaveDraft keeps a text as the next version, and returns its number. What is the
// same as the last version makes none. A version made from an older one is not
// kept: the error is then ErrDraftMoved.
func (s *Store) SaveDraft(ctx context.Context, in DraftSave) (int, error) {
	var number int
	err := s.change(ctx, in.ID, func(tx pgx.Tx, d Draft) error {
		number = d.Version
		if why := d.MayEdit(); why != "" {
			return errs.Errorf(errs.Conflict, "%s", why)
		}
		if d.Hash == instrument.Hash(in.Text) {
			return nil
		}
		if d.Version != in.After {
			return ErrDraftMoved
		}
		number++
		if err := in.keep(ctx, tx, number); err != nil {
			return err
		}
		return audit(ctx, tx, in.Now, in.By, 0, "vragenlijst opgeslagen", draftName(in.ID), map[string]any{"versie": number})
	})
	if err != nil {
		return 0, fmt.Errorf("save draft: %w", err)
	}
	return number, nil
}

// change runs fn with a draft that nobody else changes meanwhile.
func (s *Store) change(ctx context.Context, id int64, fn func(pgx.Tx, Draft) error) error {
	return s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select from register.draft where id = $1 for update -- store.change`, id); err != nil {
			return err
		}
		d, err := one(ctx, tx, scanDraft, noDraft, draftSelect+` where d.id = $1 -- store.change`, id)
		if err != nil {
			return err
		}
		return fn(tx, d)
	})
}

// A DraftDecision is what somebody decides about the version that they saw.
type DraftDecision struct {
	ID      int64
	Version int
	Remark  string
	By      Actor
	Now     time.Time
}

// decide takes a step with a draft when may gives no reason against it and the
// version is still the last one.
func (s *Store) decide(ctx context.Context, in DraftDecision, step string, stage instrument.Stage, may func(pgx.Tx, Draft) (string, error)) error {
	err := s.change(ctx, in.ID, func(tx pgx.Tx, d Draft) error {
		if d.Version != in.Version {
			return ErrDraftMoved
		}
		why, err := may(tx, d)
		if err != nil {
			return err
		}
		if why != "" {
			return errs.Errorf(errs.Conflict, "%s", why)
		}
		_, err = tx.Exec(ctx, `insert into register.draft_step (draft, version, step, at, actor, actor_id, remark) values ($1, $2, $3, $4, $5, $6, $7) -- store.decide`,
			in.ID, in.Version, step, in.Now, in.By.Kind, in.By.id(), in.Remark)
		if err != nil {
			return err
		}
		var approved *time.Time
		var approver *int64
		if stage == instrument.Approved {
			approved, approver = &in.Now, in.By.id()
		}
		_, err = tx.Exec(ctx, `update register.draft set stage = $2, approved = $3, approver = $4 where id = $1 -- store.decide`, in.ID, stage, approved, approver)
		if violates(err, "draft_approved") {
			return errs.Errorf(errs.Conflict, "Er is al een goedgekeurde vragenlijst %s met editie %s. Kies een andere editie.", d.Name, d.Edition)
		}
		if err != nil {
			return err
		}
		return audit(ctx, tx, in.Now, in.By, 0, "vragenlijst "+step, draftName(in.ID), map[string]any{"versie": in.Version})
	})
	if err != nil {
		return fmt.Errorf("draft %s: %w", step, err)
	}
	return nil
}

// ProposeDraft puts the last version of a draft before a second person. A text
// with faults cannot be proposed, nor an edition that is taken.
func (s *Store) ProposeDraft(ctx context.Context, in DraftDecision) error {
	return s.decide(ctx, in, "voorgesteld", instrument.Proposed, func(tx pgx.Tx, d Draft) (string, error) {
		text, err := draftText(ctx, tx, d.ID, d.Version)
		if err != nil {
			return "", err
		}
		if why := d.MayPropose(instrument.Check(text)); why != "" {
			return why, nil
		}
		return editionTaken(ctx, tx, d)
	})
}

// ApproveDraft approves the version that was proposed, as a second person. It
// never changes after that.
func (s *Store) ApproveDraft(ctx context.Context, in DraftDecision) error {
	return s.decide(ctx, in, "goedgekeurd", instrument.Approved, func(tx pgx.Tx, d Draft) (string, error) {
		if why := d.MayApprove(in.By.ID); why != "" {
			return why, nil
		}
		return editionTaken(ctx, tx, d)
	})
}

// editionTaken returns why a draft cannot have its edition, "" where it can.
func editionTaken(ctx context.Context, tx pgx.Tx, d Draft) (string, error) {
	var taken bool
	err := tx.QueryRow(ctx, `
		select exists (select from register.draft where name = $1 and edition = $2 and stage = 'goedgekeurd' and id <> $3) -- store.editionTaken`, d.Name, d.Edition, d.ID).Scan(&taken)
	if err != nil {
		return "", err
	}
	if taken || builtIn(d.Name, d.Edition) {
		return fmt.Sprintf("Er is al een goedgekeurde vragenlijst %s met editie %s. Kies een andere editie.", d.Name, d.Edition), nil
	}
	return "", nil
}

func builtIn(name, edition string) bool {
	for _, def := range instrument.StudyDefinitions() {
		for _, src := range def.Sources {
			if src.Name == name && src.Edition == edition {
				return true
			}
		}
	}
	return false
}

// ReturnDraft sends a proposed version back to who makes it.
func (s *Store) ReturnDraft(ctx context.Context, in DraftDecision) error {
	return s.decide(ctx, in, "teruggestuurd", instrument.Concept, func(_ pgx.Tx, d Draft) (string, error) {
		if d.Stage != instrument.Proposed {
			return "Deze vragenlijst ligt niet ter goedkeuring.", nil
		}
		return "", nil
	})
}

// DropDraft puts a draft away; nothing of it is lost.
func (s *Store) DropDraft(ctx context.Context, in DraftDecision) error {
	return s.decide(ctx, in, "weggelegd", instrument.Dropped, func(_ pgx.Tx, d Draft) (string, error) { return d.MayEdit(), nil })
}

// FetchDraft makes a draft that was put away a concept again.
func (s *Store) FetchDraft(ctx context.Context, in DraftDecision) error {
	return s.decide(ctx, in, "teruggehaald", instrument.Concept, func(_ pgx.Tx, d Draft) (string, error) {
		if d.Stage != instrument.Dropped {
			return "Deze vragenlijst is niet weggelegd.", nil
		}
		return "", nil
	})
}

// An ApprovedInstrument is a questionnaire that a study can take: one that comes
// with the product, or a draft that a second person approved.
type ApprovedInstrument struct {
	instrument.Source
	Title string
	Draft int64 // 0 for what comes with the product
}

// ApprovedInstruments returns what a study can take, by name, and of one name the
// latest edition first. AddStudy freezes the text of those that are chosen.
func (s *Store) ApprovedInstruments(ctx context.Context) ([]ApprovedInstrument, error) {
	var out []ApprovedInstrument
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, func(row pgx.CollectableRow) (x ApprovedInstrument, err error) {
			var text string
			err = row.Scan(&x.Name, &x.Edition, &x.Title, &x.Draft, &text)
			x.Text = []byte(text)
			return x, err
		}, `
			select d.name, d.edition, d.title, d.id, v.text from register.draft d -- store.ApprovedInstruments
			join register.draft_version v on v.draft = d.id and v.number = d.version where d.stage = 'goedgekeurd'`)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("approved instruments: %w", err)
	}
	for _, def := range instrument.StudyDefinitions() {
		for _, src := range def.Sources {
			_, _, title := instrument.Head(src.Text)
			out = append(out, ApprovedInstrument{Source: src, Title: title})
		}
	}
	slices.SortStableFunc(out, func(a, b ApprovedInstrument) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(b.Edition, a.Edition))
	})
	return out, nil
}
