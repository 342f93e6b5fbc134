package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/publication"
)

// A Publication is an edition, or the draft of one.
type Publication struct {
	ID        int64
	Study     int64
	Draft     publication.Draft
	Snapshots map[string]string // name by audience
	Made      time.Time
	Published time.Time // zero: a draft
	From      time.Time // the end of the embargo
	Reason    string    // why it takes the place of an earlier one
	Changes   []publication.Change
	Withdrawn time.Time // zero while it stands
	Why       string
}

const (
	noPublication   = "Deze publicatie is er niet."
	notPublic       = "Deze pagina is er (nog) niet."
	publicationGone = "Deze publicatie is ingetrokken. %s"
)

const publicationColumns = `id, study, heading, lede, titles, report, snapshots, made, coalesce(published, '0001-01-01T00:00:00Z'), coalesce(public_from, '0001-01-01T00:00:00Z'), reason, changes, coalesce(withdrawn, '0001-01-01T00:00:00Z'), why`

func scanPublication(row pgx.CollectableRow) (Publication, error) {
	var p Publication
	return p, row.Scan(p.fields()...)
}

func (p *Publication) fields() []any {
	return []any{&p.ID, &p.Study, &p.Draft.Heading, &p.Draft.Lede, &p.Draft.Titles, &p.Draft.Report, &p.Snapshots, &p.Made, &p.Published, &p.From, &p.Reason, &p.Changes, &p.Withdrawn, &p.Why}
}

// Publications returns the editions and drafts of a study, the latest first.
func (s *Store) Publications(ctx context.Context, studyID int64) ([]Publication, error) {
	var out []Publication
	err := s.read(ctx, analysis, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, scanPublication, `select `+publicationColumns+` from analysis.publication where study = $1 order by id desc -- store.Publications`, studyID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("publications: %w", err)
	}
	return out, nil
}

// Publication returns one of a study, with its edition where it was published.
func (s *Store) Publication(ctx context.Context, studyID, id int64) (Publication, *publication.Edition, error) {
	return s.publication(ctx, noPublication, `study = $1 and id = $2`, studyID, id)
}

// PublicEdition returns what everybody may read of a study now: the edition whose
// embargo ended last. Where there is none the error is a NotFound, and where that
// one was withdrawn a Gone that says why.
func (s *Store) PublicEdition(ctx context.Context, studyID int64, now time.Time) (Publication, *publication.Edition, error) {
	p, e, err := s.publication(ctx, notPublic, `study = $1 and public_from <= $2 order by public_from desc, id desc limit 1`, studyID, now)
	if err == nil && !p.Withdrawn.IsZero() {
		return p, nil, errs.Errorf(errs.Gone, publicationGone, p.Why)
	}
	return p, e, err
}

func (s *Store) publication(ctx context.Context, missing, where string, args ...any) (Publication, *publication.Edition, error) {
	var p Publication
	var edition []byte
	err := s.read(ctx, analysis, func(tx pgx.Tx) error {
		_, err := one(ctx, tx, func(row pgx.CollectableRow) (struct{}, error) {
			return struct{}{}, row.Scan(append(p.fields(), &edition)...)
		}, missing, `select `+publicationColumns+`, edition from analysis.publication where `+where+` -- store.publication`, args...)
		return err
	})
	if err != nil {
		return p, nil, fmt.Errorf("publication: %w", err)
	}
	if edition == nil {
		return p, nil, nil
	}
	e := new(publication.Edition)
	if err := json.Unmarshal(edition, e); err != nil {
		return p, nil, fmt.Errorf("publication %d: %w", p.ID, err)
	}
	return p, e, nil
}

// SavePublication keeps a draft, a new one where its id is 0, and returns its id.
// What was published is a Conflict.
func (s *Store) SavePublication(ctx context.Context, p Publication, by Actor, now time.Time) (int64, error) {
	if p.Draft.Titles == nil {
		p.Draft.Titles = map[string]string{}
	}
	err := s.tx(ctx, analysis, func(tx pgx.Tx) error {
		if p.ID == 0 {
			err := tx.QueryRow(ctx, `
				insert into analysis.publication (study, heading, lede, titles, report, snapshots, made, actor, actor_id) -- store.SavePublication
				values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
				p.Study, p.Draft.Heading, p.Draft.Lede, p.Draft.Titles, p.Draft.Report, p.Snapshots, now, by.Kind, by.id()).Scan(&p.ID)
			if err != nil {
				return err
			}
			return audit(ctx, tx, now, by, p.Study, "concept van publicatie gemaakt", fmt.Sprint("publicatie ", p.ID), map[string]any{"momentopnamen": p.Snapshots})
		}
		tag, err := tx.Exec(ctx, `
			update analysis.publication set heading = $3, lede = $4, titles = $5, report = $6, snapshots = $7 -- store.SavePublication
			where study = $1 and id = $2 and edition is null`, p.Study, p.ID, p.Draft.Heading, p.Draft.Lede, p.Draft.Titles, p.Draft.Report, p.Snapshots)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return errs.Errorf(errs.Conflict, "Dit concept is intussen gepubliceerd of weggegooid.")
		}
		return audit(ctx, tx, now, by, p.Study, "concept van publicatie gewijzigd", fmt.Sprint("publicatie ", p.ID), map[string]any{"momentopnamen": p.Snapshots})
	})
	if err != nil {
		return 0, fmt.Errorf("save publication: %w", err)
	}
	return p.ID, nil
}

// DropPublication throws a draft away.
func (s *Store) DropPublication(ctx context.Context, studyID, id int64, by Actor, now time.Time) error {
	err := s.tx(ctx, analysis, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `delete from analysis.publication where study = $1 and id = $2 and edition is null -- store.DropPublication`, studyID, id)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return errs.Errorf(errs.Conflict, "Dit concept is er niet meer, of het is gepubliceerd.")
		}
		return audit(ctx, tx, now, by, studyID, "concept van publicatie weggegooid", fmt.Sprint("publicatie ", id), nil)
	})
	if err != nil {
		return fmt.Errorf("drop publication: %w", err)
	}
	return nil
}

// Publish makes an edition of a draft. What it changes of an edition that somebody
// may have read goes with it; then it needs a reason.
func (s *Store) Publish(ctx context.Context, p Publication, e publication.Edition, by Actor, now time.Time) error {
	edition, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	_, before, err := s.publication(ctx, notPublic, `study = $1 and edition is not null and public_from < $2 order by public_from desc, id desc limit 1`, p.Study, p.From)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return err
	}
	p.Changes = []publication.Change{}
	if before != nil {
		if p.Reason == "" {
			return errs.Errorf(errs.Invalid, "Er is al gepubliceerd. Schrijf waarom er een nieuwe versie komt.")
		}
		p.Changes = append(p.Changes, publication.Changes(*before, e)...)
	}
	err = s.tx(ctx, analysis, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			update analysis.publication set edition = $3, published = $4, public_from = $5, reason = $6, changes = $7 -- store.Publish
			where study = $1 and id = $2 and edition is null`, p.Study, p.ID, edition, now, p.From, p.Reason, p.Changes)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return errs.Errorf(errs.Conflict, "Dit concept is intussen gepubliceerd of weggegooid.")
		}
		hashes := map[string]string{}
		for _, x := range e.Sources {
			hashes[x.Audience] = x.Snapshot + " " + x.Hash
		}
		return audit(ctx, tx, now, by, p.Study, "gepubliceerd", fmt.Sprint("publicatie ", p.ID), map[string]any{"vanaf": p.From, "reden": p.Reason, "gewijzigd": len(p.Changes), "momentopnamen": hashes})
	})
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return nil
}

// WithdrawPublication takes an edition back: readers see that it was, and why.
func (s *Store) WithdrawPublication(ctx context.Context, studyID, id int64, why string, by Actor, now time.Time) error {
	err := s.tx(ctx, analysis, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			update analysis.publication set withdrawn = $3, why = $4 where study = $1 and id = $2 and edition is not null and withdrawn is null -- store.WithdrawPublication`, studyID, id, now, why)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return errs.Errorf(errs.Conflict, "Deze publicatie is er niet, of is al ingetrokken.")
		}
		return audit(ctx, tx, now, by, studyID, "publicatie ingetrokken", fmt.Sprint("publicatie ", id), map[string]any{"reden": why})
	})
	if err != nil {
		return fmt.Errorf("withdraw publication: %w", err)
	}
	return nil
}
