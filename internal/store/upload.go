package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/sample"
)

// AreasUpload is the audience of a file that says which swv works where.
const AreasUpload = ""

// UploadDays is how long a file waits for somebody to go on with it.
const UploadDays = 14

// An Upload is a register file on its way in, kept so that no step loses work.
type Upload struct {
	Study    int64
	Audience string // or AreasUpload
	Name     string // of the file, as its maker called it
	Data     []byte
	Meanings []sample.Meaning // of the columns; nil before somebody looked
	Made     time.Time
	Account  int64
}

// AddUpload keeps a file, in place of an earlier one for the same audience.
func (s *Store) AddUpload(ctx context.Context, u Upload) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into contact.upload (study, audience, name, data, made, account) values ($1, $2, $3, $4, $5, $6) -- store.AddUpload
			on conflict (study, audience) do update set name = excluded.name, data = excluded.data, meaning = null, made = excluded.made, account = excluded.account`,
			u.Study, u.Audience, u.Name, u.Data, u.Made, Actor{ID: u.Account}.id())
		return err
	})
	if err != nil {
		return fmt.Errorf("add upload: %w", err)
	}
	return nil
}

// SetMeanings says what the columns of an upload mean.
func (s *Store) SetMeanings(ctx context.Context, studyID int64, audience string, meanings []sample.Meaning) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		list, err := json.Marshal(meanings)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update contact.upload set meaning = $3 where study = $1 and audience = $2 -- store.SetMeanings`, studyID, audience, list)
		return err
	})
	if err != nil {
		return fmt.Errorf("set meanings: %w", err)
	}
	return nil
}

func scanUpload(row pgx.CollectableRow) (Upload, error) {
	var u Upload
	var meanings []byte
	var account *int64
	if err := row.Scan(&u.Study, &u.Audience, &u.Name, &u.Data, &meanings, &u.Made, &account); err != nil {
		return u, err
	}
	if account != nil {
		u.Account = *account
	}
	if meanings == nil {
		return u, nil
	}
	return u, json.Unmarshal(meanings, &u.Meanings)
}

// Upload returns the file that waits for an audience.
func (s *Store) Upload(ctx context.Context, studyID int64, audience string) (Upload, error) {
	var u Upload
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		u, err = one(ctx, tx, scanUpload, "Er staat geen bestand klaar. Kies eerst een bestand.", `
			select study, audience, name, data, meaning, made, account from contact.upload where study = $1 and audience = $2 -- store.Upload`, studyID, audience)
		return err
	})
	if err != nil {
		return u, fmt.Errorf("upload: %w", err)
	}
	return u, nil
}

// Uploads returns the files that wait, without their content.
func (s *Store) Uploads(ctx context.Context, studyID int64) ([]Upload, error) {
	var out []Upload
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, scanUpload, `
			select study, audience, name, ''::bytea, meaning, made, account from contact.upload where study = $1 order by audience -- store.Uploads`, studyID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("uploads: %w", err)
	}
	return out, nil
}

// DropUpload forgets the file that waits for an audience.
func (s *Store) DropUpload(ctx context.Context, studyID int64, audience string) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `delete from contact.upload where study = $1 and audience = $2 -- store.DropUpload`, studyID, audience)
		return err
	})
	if err != nil {
		return fmt.Errorf("drop upload: %w", err)
	}
	return nil
}

// RegisterCounts is what there is of the register of an audience.
type RegisterCounts struct {
	Units                     int
	Mail, Post, Phone, Nobody int // units with a contact that can be reached so; without any
	Unlisted                  int // no longer in the latest file
}

// RegisterCounts counts the units of a study and how they can be reached, by
// audience.
func (s *Store) RegisterCounts(ctx context.Context, studyID int64) (map[string]RegisterCounts, error) {
	out := map[string]RegisterCounts{}
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		clear(out)
		rows, _ := tx.Query(ctx, `
			select u.audience, count(*), count(*) filter (where c.mail), count(*) filter (where c.post), count(*) filter (where c.phone), -- store.RegisterCounts
				count(*) filter (where not (c.mail or c.post or c.phone)), count(*) filter (where not u.listed)
			from register.unit u join lateral (
				select coalesce(bool_or(email <> '' and bounced is null), false) as mail, coalesce(bool_or(address <> ''), false) as post, coalesce(bool_or(phone <> ''), false) as phone
				from contact.contact c where c.unit = u.id and c.ended is null) c on true
			where u.study = $1 group by 1`, studyID)
		var audience string
		var n RegisterCounts
		_, err := pgx.ForEachRow(rows, []any{&audience, &n.Units, &n.Mail, &n.Post, &n.Phone, &n.Nobody, &n.Unlisted}, func() error {
			out[audience] = n
			return nil
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("register counts: %w", err)
	}
	return out, nil
}

// Areas are the pairs of swv and gemeente that are known, by their codes.
func (s *Store) Areas(ctx context.Context) ([]sample.Area, error) {
	var out []sample.Area
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, func(row pgx.CollectableRow) (a sample.Area, err error) {
			return a, row.Scan(&a.SWV, &a.Gemeente, &a.Extent)
		}, `
			select s.code, g.code, a.extent -- store.Areas
			from register.area a join register.organisation s on s.id = a.swv join register.organisation g on g.id = a.gemeente
			order by s.code, g.code`)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("areas: %w", err)
	}
	return out, nil
}

// AreaCount is how many pairs of swv and gemeente are known.
func (s *Store) AreaCount(ctx context.Context) (int, error) {
	n := 0
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select count(*) from register.area -- store.AreaCount`).Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("area count: %w", err)
	}
	return n, nil
}
