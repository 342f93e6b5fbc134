package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/study"
)

// A PlanVersion is the plan of a study as it once was, or is.
type PlanVersion struct {
	contactplan.Revision
	Version  int
	Reason   string
	Restores int // the version that was put back; -1 for none
	Made     time.Time
	By       Actor
	Who      string // of the staff, as pages call them
}

// PlanVersions returns the history of the plan of a study, newest first. A plan
// that was never changed has none.
func (s *Store) PlanVersions(ctx context.Context, studyID int64) ([]PlanVersion, error) {
	var out []PlanVersion
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, scanPlanVersion, planVersionSelect+` where v.study = $1 order by v.version desc -- store.PlanVersions`, studyID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("plan versions: %w", err)
	}
	return out, nil
}

const planVersionSelect = `
	select v.plan, v.calendar, v.version, v.reason, coalesce(v.restores, -1), v.made, v.actor, coalesce(v.actor_id, 0), coalesce(nullif(a.name, ''), a.email, '')
	from register.plan_version v left join staff.account a on v.actor = 'staff' and a.id = v.actor_id`

func scanPlanVersion(row pgx.CollectableRow) (PlanVersion, error) {
	var v PlanVersion
	return v, row.Scan(&v.Plan, &v.Calendar, &v.Version, &v.Reason, &v.Restores, &v.Made, &v.By.Kind, &v.By.ID, &v.Who)
}

// A PlanChange puts another plan in the place of the one of Study.
type PlanChange struct {
	Study    study.Study // as whoever changes it saw it
	New      contactplan.Revision
	Judge    func(had map[string]int) []contactplan.Fault // asked under lock, with how many units had which step
	Reason   string
	Restores int // the version that is put back; -1 for none
	By       Actor
	Now      time.Time
}

// ChangePlan keeps a new version of the plan, unless Judge finds a fault. Nothing
// can be put down by the old plan meanwhile or afterwards. When somebody else
// changed it first the error is a Conflict.
func (s *Store) ChangePlan(ctx context.Context, c PlanChange) ([]contactplan.Fault, error) {
	var faults []contactplan.Fault
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		faults = nil
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1, $2) -- store.ChangePlan`, deciding, int32(c.Study.ID)); err != nil {
			return err
		}
		if err := samePlan(ctx, tx, c.Study); err != nil {
			return err
		}
		had, err := stepsHad(ctx, tx, c.Study.ID)
		if err != nil {
			return err
		}
		if faults = c.Judge(had); len(faults) > 0 {
			return nil
		}
		return changePlan(ctx, tx, c)
	})
	if err != nil {
		return nil, fmt.Errorf("change plan: %w", err)
	}
	return faults, nil
}

func changePlan(ctx context.Context, tx pgx.Tx, c PlanChange) error {
	first := c.Study.Revision()
	_, err := tx.Exec(ctx, `
		insert into register.plan_version (study, version, plan, calendar, made, actor) -- store.changePlan
		select id, 0, $2, $3, made, 'system' from register.study where id = $1 on conflict do nothing`, c.Study.ID, first.Plan, first.Calendar)
	if err != nil {
		return err
	}
	version := c.Study.PlanVersion + 1
	var restores *int
	if c.Restores >= 0 {
		restores = &c.Restores
	}
	_, err = tx.Exec(ctx, `
		insert into register.plan_version (study, version, plan, calendar, reason, restores, made, actor, actor_id) -- store.changePlan
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, c.Study.ID, version, c.New.Plan, c.New.Calendar, c.Reason, restores, c.Now, c.By.Kind, c.By.id())
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update register.study set plan = $2, calendar = $3, plan_version = $4 where id = $1 -- store.changePlan`, c.Study.ID, c.New.Plan, c.New.Calendar, version)
	if err != nil {
		return err
	}
	detail := map[string]any{"versie": version, "reden": c.Reason, "wijzigingen": contactplan.Edit{Old: first, New: c.New}.Changes()}
	if restores != nil {
		detail["teruggezet"] = c.Restores
	}
	return audit(ctx, tx, c.Now, c.By, c.Study.ID, "contactplan gewijzigd", "", detail)
}

// samePlan reports a Conflict when the plan of a study is another than the one
// that somebody decides by.
func samePlan(ctx context.Context, tx pgx.Tx, st study.Study) error {
	version, err := one(ctx, tx, pgx.RowTo[int], "Dit onderzoek is er niet.", `select plan_version from register.study where id = $1 -- store.samePlan`, st.ID)
	if err == nil && version != st.PlanVersion {
		err = errs.Errorf(errs.Conflict, "Iemand heeft het contactplan intussen gewijzigd. Kijk naar het nieuwe plan en probeer het opnieuw.")
	}
	return err
}

// stepsHad counts the units that had a step, or for which it waits, by its id.
func stepsHad(ctx context.Context, tx pgx.Tx, studyID int64) (map[string]int, error) {
	had := map[string]int{}
	var step string
	var n int
	rows, _ := tx.Query(ctx, `
		select step, count(distinct unit) from ( -- store.stepsHad
			select step, unit from field.message where study = $1 and step is not null and state <> 'ingetrokken'
			union all
			select c.step, c.unit from field.call c join register.unit u on u.id = c.unit
			where u.study = $1 and c.step <> '' and not exists (select from field.event x where x.recalls = c.event)) x
		group by step`, studyID)
	_, err := pgx.ForEachRow(rows, []any{&step, &n}, func() error {
		had[step] = n
		return nil
	})
	return had, err
}
