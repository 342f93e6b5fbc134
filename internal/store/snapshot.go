package store

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/study"
)

// A Snapshot is a dataset as it was at a moment, kept so that a number in a
// report can be made again. It never changes; it can only be erased, and then
// says so.
type Snapshot struct {
	ID       int64
	Study    int64
	Audience string
	Name     string // unique in the study, without regard to case
	Made     time.Time
	Manifest dataset.Manifest
	Source   []byte // of the questionnaire
	Bytes    int64  // of the content
	Erased   time.Time
	Why      string // it was erased
}

// maxSnapshotName bounds the name of a snapshot, in characters.
const maxSnapshotName = 100

// partSize is how much of the content of a snapshot one row holds: a million
// responses take more than a field can have.
const partSize = 1 << 20

// Dutch texts that more than one function says.
const (
	noSnapshot     = "Deze momentopname is er niet."
	snapshotErased = "De inhoud van momentopname %s is gewist: %s"
)

// MakeSnapshot keeps the dataset of an audience as it is now. Freezing partial
// responses of a closed study is for the caller.
func (s *Store) MakeSnapshot(ctx context.Context, st study.Study, audience, name, software string, by Actor, now time.Time) (Snapshot, error) {
	name = strings.TrimSpace(name)
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return Snapshot{}, errs.Errorf(errs.Invalid, "Geef de momentopname een naam.")
	case n > maxSnapshotName:
		return Snapshot{}, errs.Errorf(errs.Invalid, "Deze naam is te lang: er passen %d tekens in.", maxSnapshotName)
	}
	a, err := s.Audience(ctx, st.ID, audience)
	if err != nil {
		return Snapshot{}, err
	}
	d, err := s.Dataset(ctx, st, audience, now)
	if err != nil {
		return Snapshot{}, err
	}
	out := Snapshot{Study: st.ID, Audience: audience, Name: name, Made: now, Source: a.Source}
	err = s.tx(ctx, analysis, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1, $2) -- store.MakeSnapshot`, freezing, int32(st.ID)); err != nil {
			return err
		}
		return out.insert(ctx, tx, st.ID, d, software, by)
	})
	if violates(err, "snapshot_name") {
		return out, errs.Wrap(err, errs.Conflict, "Er is al een momentopname met de naam %s.", name)
	}
	if err != nil {
		return out, fmt.Errorf("make snapshot: %w", err)
	}
	return out, nil
}

func (x *Snapshot) insert(ctx context.Context, tx pgx.Tx, studyID int64, d *dataset.Dataset, software string, by Actor) error {
	// The manifest has the hash of the content, and is wanted before it.
	var err error
	size := new(sizer)
	if x.Manifest, err = d.Write(size, software); err != nil {
		return err
	}
	x.Bytes = int64(*size)
	manifest, err := json.Marshal(x.Manifest)
	if err != nil {
		return err
	}
	err = tx.QueryRow(ctx, `
		insert into analysis.snapshot (study, audience, name, made, actor, actor_id, manifest, instrument, bytes) -- store.MakeSnapshot
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
		studyID, x.Audience, x.Name, x.Made, by.Kind, by.id(), manifest, x.Source, x.Bytes).Scan(&x.ID)
	if err != nil {
		return err
	}
	parts := &partWriter{ctx: ctx, tx: tx, snapshot: x.ID, part: make([]byte, 0, partSize)}
	if _, err := d.Write(parts, software); err != nil {
		return err
	}
	if err := parts.flush(); err != nil {
		return err
	}
	return audit(ctx, tx, x.Made, by, studyID, "momentopname gemaakt", x.Name, map[string]any{"vragenlijst": x.Audience, "eenheden": x.Manifest.Units, "sha256": x.Manifest.SHA256})
}

// A sizer counts bytes.
type sizer int64

func (n *sizer) Write(p []byte) (int, error) {
	*n += sizer(len(p))
	return len(p), nil
}

// A partWriter writes the content of a snapshot in rows of partSize.
type partWriter struct {
	ctx      context.Context
	tx       pgx.Tx
	snapshot int64
	place    int
	part     []byte
}

func (w *partWriter) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		k := min(len(p), partSize-len(w.part))
		w.part = append(w.part, p[:k]...)
		if p = p[k:]; len(w.part) == partSize {
			if err := w.flush(); err != nil {
				return 0, err
			}
		}
	}
	return n, nil
}

func (w *partWriter) flush() error {
	if len(w.part) == 0 {
		return nil
	}
	_, err := w.tx.Exec(w.ctx, `
		insert into analysis.snapshot_part (snapshot, place, content) values ($1, $2, $3) -- store.partWriter`, w.snapshot, w.place, w.part)
	w.place++
	w.part = w.part[:0]
	return err
}

const snapshotColumns = `id, study, audience, name, made, manifest, instrument, bytes, coalesce(erased, '0001-01-01T00:00:00Z'), why`

func scanSnapshot(row pgx.CollectableRow) (Snapshot, error) {
	var x Snapshot
	var manifest []byte
	err := row.Scan(&x.ID, &x.Study, &x.Audience, &x.Name, &x.Made, &manifest, &x.Source, &x.Bytes, &x.Erased, &x.Why)
	if err != nil {
		return x, err
	}
	return x, json.Unmarshal(manifest, &x.Manifest)
}

// Snapshots returns the snapshots of a study, the latest first.
func (s *Store) Snapshots(ctx context.Context, studyID int64) ([]Snapshot, error) {
	var out []Snapshot
	err := s.read(ctx, analysis, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, scanSnapshot, `select `+snapshotColumns+` from analysis.snapshot where study = $1 order by id desc -- store.Snapshots`, studyID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("snapshots: %w", err)
	}
	return out, nil
}

// SnapshotData reads a snapshot by its name, and compares what it holds with its
// hash and with what was said of it when it was made.
func (s *Store) SnapshotData(ctx context.Context, studyID int64, name string) (Snapshot, *dataset.Dataset, error) {
	var x Snapshot
	var d *dataset.Dataset
	err := s.read(ctx, analysis, func(tx pgx.Tx) (err error) {
		x, err = one(ctx, tx, scanSnapshot, noSnapshot, `
			select `+snapshotColumns+` from analysis.snapshot where study = $1 and lower(name) = lower($2) -- store.SnapshotData`, studyID, name)
		if err != nil {
			return err
		}
		if !x.Erased.IsZero() {
			return errs.Errorf(errs.Gone, snapshotErased, x.Name, x.Why)
		}
		d, err = x.read(ctx, tx)
		return err
	})
	if err != nil {
		return x, nil, fmt.Errorf("snapshot data: %w", err)
	}
	return x, d, nil
}

func (x *Snapshot) read(ctx context.Context, tx pgx.Tx) (*dataset.Dataset, error) {
	// One of a million takes longer than a page may.
	if _, err := tx.Exec(ctx, `set local statement_timeout = '10min' -- store.SnapshotData`); err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `select content from analysis.snapshot_part where snapshot = $1 order by place -- store.SnapshotData`, x.ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	size := new(sizer)
	d, m, err := dataset.Read(io.TeeReader(&partReader{rows: rows}, size))
	if err == nil {
		err = sameManifest(x, m, int64(*size))
	}
	if err != nil {
		if rows.Err() != nil {
			return nil, rows.Err() // the database went away; the snapshot may be sound
		}
		return nil, errs.Wrap(err, errs.Conflict, "Momentopname %s is beschadigd: de inhoud past niet bij de hash. Maak er geen cijfers van.", x.Name)
	}
	return d, nil
}

// sameManifest compares what stands in the content with what stands beside it.
func sameManifest(x *Snapshot, m dataset.Manifest, size int64) error {
	in, err := json.Marshal(m)
	if err != nil {
		return err
	}
	beside, err := json.Marshal(x.Manifest)
	if err != nil {
		return err
	}
	if string(in) != string(beside) || size != x.Bytes {
		return fmt.Errorf("%d bytes, manifest %s; kept are %d bytes, manifest %s", size, in, x.Bytes, beside)
	}
	return nil
}

// A partReader reads the rows of a content one after another.
type partReader struct {
	rows pgx.Rows
	part []byte
}

func (r *partReader) Read(p []byte) (int, error) {
	for len(r.part) == 0 {
		if !r.rows.Next() {
			if err := r.rows.Err(); err != nil {
				return 0, err
			}
			return 0, io.EOF
		}
		if err := r.rows.Scan(&r.part); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.part)
	r.part = r.part[n:]
	return n, nil
}

// EraseSnapshot removes the content of a snapshot: at the end of what a study
// promised to keep, or because it holds a text that had to be erased. Its
// manifest stays, with the reason.
func (s *Store) EraseSnapshot(ctx context.Context, studyID int64, name, why string, by Actor, now time.Time) error {
	why = strings.TrimSpace(why)
	if why == "" {
		return errs.Errorf(errs.Invalid, "Zeg waarom de momentopname gewist wordt.")
	}
	var id int64
	err := s.tx(ctx, analysis, func(tx pgx.Tx) (err error) {
		id, err = one(ctx, tx, pgx.RowTo[int64], noSnapshot, `
			update analysis.snapshot set erased = $3, why = $4 where study = $1 and lower(name) = lower($2) and erased is null returning id -- store.EraseSnapshot`, studyID, name, now, why)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `delete from analysis.snapshot_part where snapshot = $1 -- store.EraseSnapshot`, id); err != nil {
			return err
		}
		return audit(ctx, tx, now, by, studyID, "momentopname gewist", name, map[string]any{"reden": why})
	})
	if err == nil { // who may touch data may not see the ledger, which has hashes of addresses
		err = s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
			return enter(ctx, tx, Erased{At: now, What: ErasedSnapshot, Study: studyID, Object: id, By: by})
		})
	}
	if err != nil {
		return fmt.Errorf("erase snapshot: %w", err)
	}
	return nil
}
