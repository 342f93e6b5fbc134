package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/errs"
)

// A Flagged is an open answer that seems to hold personal data.
type Flagged struct {
	Response int64
	Audience string
	UnitCode string
	Variable string
	Text     string
	Signs    []answer.Finding
	Decided  string // "blijft"; "" where nobody decided since it was last changed
	By       string
	At       time.Time
}

// FlaggedTexts returns the open answers of a study that seem to hold personal
// data, by unit: of what was sent, and of what is being filled in. Erased texts are
// not among them.
func (s *Store) FlaggedTexts(ctx context.Context, studyID int64) ([]Flagged, error) {
	var out []Flagged
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		out = nil
		var f Flagged
		rows, _ := tx.Query(ctx, `
			with said as ( -- store.FlaggedTexts
				select r.id, r.audience, r.unit, r.saved, t.k, t.v from answer.response r, jsonb_each_text(r.state) t (k, v) where r.study = $1
				union
				select r.id, r.audience, r.unit, r.saved, t.k, t.v from answer.response r join lateral
					(select answers from answer.submission b where b.response = r.id order by revision desc limit 1) b on true, jsonb_each_text(b.answers) t (k, v) where r.study = $1
			)
			select w.id, w.audience, u.code, w.k, w.v, coalesce(d.decision, ''), coalesce(nullif(a.name, ''), a.email, ''), coalesce(d.at, '0001-01-01T00:00:00Z')
			from said w join register.unit u on u.id = w.unit
			left join answer.review d on d.response = w.id and d.variable = w.k and d.decision = 'blijft' and d.at >= coalesce(w.saved, d.at) left join staff.account a on a.id = d.account
			where answer.erasable(w.v) and w.v ~ '@|[0-9].*[0-9].*[0-9].*[0-9].*[0-9].*[0-9].*[0-9].*[0-9]' order by u.code, w.id, w.k`, studyID)
		_, err := pgx.ForEachRow(rows, []any{&f.Response, &f.Audience, &f.UnitCode, &f.Variable, &f.Text, &f.Decided, &f.By, &f.At}, func() error {
			if f.Signs = answer.Personal(f.Text); len(f.Signs) > 0 {
				out = append(out, f)
			}
			return nil
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("flagged texts: %w", err)
	}
	return out, nil
}

// KeepText decides that an open answer stays as it is.
func (s *Store) KeepText(ctx context.Context, studyID, response int64, variable string, by Actor, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			insert into answer.review (response, variable, decision, at, account) select id, $3, 'blijft', $4, $5 from answer.response where id = $2 and study = $1 -- store.KeepText
			on conflict (response, variable) do update set decision = excluded.decision, at = excluded.at, account = excluded.account`, studyID, response, variable, now, by.id())
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return errs.Errorf(errs.NotFound, noResponse)
		}
		return audit(ctx, tx, now, by, studyID, "antwoordtekst blijft", fmt.Sprint("vragenlijst ", response), map[string]any{"vraag": variable})
	})
	if err != nil {
		return fmt.Errorf("keep text: %w", err)
	}
	return nil
}
