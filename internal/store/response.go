package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/study"
)

// A Response is one questionnaire in progress, with the study and the unit it
// belongs to.
type Response struct {
	ID        int64
	Key       string // in addresses; random, no secret
	Audience  string
	Edition   string
	Unit      int64
	UnitCode  string
	UnitName  string
	Version   int
	Values    answer.Values
	Passed    map[string]bool // pages
	Mode      answer.Mode
	Core      bool      // the core questions only
	Started   time.Time // zero before the first answer
	Saved     time.Time // zero before the first save
	Sent      time.Time // zero before the first submission
	Reopened  time.Time // zero unless it is being corrected after sending
	TakenBack time.Time // zero unless its answers were withdrawn: it counts for nobody
	Receipt   string    // of the latest submission
	Revision  int       // of the latest submission, 0 for none
	Late      bool
	Study     study.Study
}

// Draft reports whether answers can still change: never sent, or reopened.
func (r *Response) Draft() bool { return r.Sent.IsZero() || !r.Reopened.IsZero() }

const responseSelect = `
	select r.id, r.key, r.audience, r.edition, r.unit, u.code, u.name, r.version, r.state, r.passed, r.mode, r.core,
		coalesce(r.started, '0001-01-01T00:00:00Z'), coalesce(r.saved, '0001-01-01T00:00:00Z'),
		coalesce(r.sent, '0001-01-01T00:00:00Z'), coalesce(r.reopened, '0001-01-01T00:00:00Z'), coalesce(r.withdrawn, '0001-01-01T00:00:00Z'),
		coalesce(b.receipt, ''), coalesce(b.revision, 0), coalesce(b.late, false),
		` + studyColumns + `
	from answer.response r
	join register.unit u on u.id = r.unit
	join register.study s on s.id = r.study
	left join lateral (select receipt, revision, late from answer.submission b
		where b.response = r.id order by revision desc limit 1) b on true`

func scanResponse(row pgx.CollectableRow) (Response, error) {
	var r Response
	var passed []string
	r.Values = answer.Values{}
	err := row.Scan(append([]any{&r.ID, &r.Key, &r.Audience, &r.Edition, &r.Unit, &r.UnitCode, &r.UnitName, &r.Version, &r.Values, &passed, &r.Mode, &r.Core,
		&r.Started, &r.Saved, &r.Sent, &r.Reopened, &r.TakenBack, &r.Receipt, &r.Revision, &r.Late}, studyFields(&r.Study)...)...)
	if err != nil {
		return r, err
	}
	r.Passed = map[string]bool{}
	for _, p := range passed {
		r.Passed[p] = true
	}
	return r, nil
}

const (
	noUnit     = "Deze eenheid is er niet."
	noResponse = "Deze vragenlijst is er niet, of hij is niet van u. Open de link uit uw e-mail of brief opnieuw."
)

// responseByKey reads a response, locked where the transaction will write it.
func responseByKey(ctx context.Context, tx pgx.Tx, key string, lock bool) (Response, error) {
	sql := responseSelect + ` where r.key = $1 -- store.responseByKey`
	if lock {
		// The lock first: what is read after it is what the last holder left.
		var id int64
		err := tx.QueryRow(ctx, `select id from answer.response where key = $1 for update -- store.responseByKey`, key).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			return Response{}, errs.Errorf(errs.NotFound, noResponse)
		}
		if err != nil {
			return Response{}, err
		}
	}
	return one(ctx, tx, scanResponse, noResponse, sql, key)
}

// A Save is one page that somebody posted.
type Save struct {
	Response  string // key
	Form      *form.Form
	Page      *instrument.Page
	Posted    answer.Values // every variable of the page
	Rendered  int           // version of the answers when the page was rendered; negative: as they are now
	Rendering string        // id of the page as it was rendered: what it saved before is no colleague's work
	Request   string        // id of what was posted: the same again is a repeat
	Seen      bool          // posted by the respondent: what is open was left open
	Pass      bool          // the respondent goes on from this page
	Action    string
	Mode      answer.Mode
	By        Actor
	Now       time.Time
}

// Saved is what a save led to.
type Saved struct {
	Response  Response // after the save
	Before    answer.Values
	Conflicts []answer.Conflict
	Others    time.Time // when the last conflicting save was made
	Repeat    bool      // this request was saved before; nothing happened now
}

// SavePage stores a page in one transaction: the log, the state, and an event
// where the response starts. When it returns without error the answers are on
// disk (promise P1). What conflicts is logged too, but does not change the state.
func (s *Store) SavePage(ctx context.Context, in Save) (Saved, error) {
	var out Saved
	err := s.tx(ctx, collect, func(tx pgx.Tx) error {
		out = Saved{}
		return savePage(ctx, tx, in, &out)
	})
	if err != nil {
		return out, fmt.Errorf("save page: %w", err)
	}
	return out, nil
}

func savePage(ctx context.Context, tx pgx.Tx, in Save, out *Saved) error {
	r, err := responseByKey(ctx, tx, in.Response, true)
	if err != nil {
		return err
	}
	out.Before = r.Values.Clone()
	if err := writable(&r, in.Now); err != nil {
		return err
	}
	if in.Rendering == "" {
		in.Rendering = in.Request
	}
	if out.Repeat, err = repeats(ctx, tx, r.ID, in); err != nil {
		return err
	}
	if out.Repeat {
		out.Response = r
		return nil
	}
	var later []answer.Change
	if in.Rendered >= 0 && in.Rendered < r.Version {
		if later, out.Others, err = changesSince(ctx, tx, r.ID, in.Rendered, in.Rendering); err != nil {
			return err
		}
	}
	changes, conflicts := answer.Merge(in.Page.Items, r.Values, in.Posted, later)
	out.Conflicts = conflicts
	answer.Apply(r.Values, changes)
	if in.Seen && len(conflicts) == 0 {
		seen := answer.Seen(in.Page.Items, r.Values)
		answer.Apply(r.Values, seen)
		changes = append(changes, seen...)
	}
	passes := in.Pass && len(conflicts) == 0 && !r.Passed[in.Page.ID]
	if passes {
		r.Passed[in.Page.ID] = true
	}
	if len(changes) > 0 || len(conflicts) > 0 || passes || in.Seen {
		if err := writeSave(ctx, tx, &r, in, changes, conflicts); err != nil {
			return err
		}
	}
	out.Response = r
	return nil
}

// writable refuses what comes before opening, after closing or after sending.
func writable(r *Response, now time.Time) error {
	switch r.Study.At(now) {
	case study.NotYet:
		return errs.Errorf(errs.Forbidden, "De vragenlijst is nog niet open.")
	case study.Paused:
		if !now.Before(r.Study.Held.Add(study.Grace)) {
			return errs.Errorf(errs.Unavailable, "De vragenlijst is even gesloten. Uw laatste wijziging is niet opgeslagen; wat u eerder opsloeg, is bewaard. Probeer het later nog eens.")
		}
	case study.Closed:
		return errs.Errorf(errs.Gone, "Het onderzoek is gesloten. Uw laatste wijziging is niet opgeslagen; wat u eerder opsloeg, is bewaard.")
	}
	if !r.TakenBack.IsZero() {
		return errs.Errorf(errs.Gone, "De antwoorden op deze vragenlijst zijn ingetrokken. Wilt u toch meedoen? Neem dan contact op.")
	}
	if !r.Draft() {
		return errs.Errorf(errs.Conflict, "Deze vragenlijst is al verstuurd. Daarom kunt u de antwoorden niet meer wijzigen.")
	}
	return nil
}

// repeats reports whether a post brings nothing new: it is what its page saved
// last (a double click, a reload), or an autosave that comes after the button
// of its page was pressed. What met a conflict is no repeat: the conflict must
// be shown again.
func repeats(ctx context.Context, tx pgx.Tx, response int64, in Save) (bool, error) {
	var last string
	var conflict, pressed bool
	err := tx.QueryRow(ctx, `
		select request, refused <> '[]', bool_or(action <> $3) over () from answer.save -- store.repeats
		where response = $1 and rendering = $2 order by version desc limit 1`, response, in.Rendering, Autosave).Scan(&last, &conflict, &pressed)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	return !conflict && last == in.Request || pressed && in.Action == Autosave, err
}

// Autosave is the action of a save by the page's own script.
const Autosave = "autosave"

// changesSince returns what was saved after a version, oldest first, and when
// the last of it was; what the given rendering saved itself is left out.
func changesSince(ctx context.Context, tx pgx.Tx, response int64, version int, rendering string) ([]answer.Change, time.Time, error) {
	var last time.Time
	saves, err := all(ctx, tx, func(row pgx.CollectableRow) ([]answer.Change, error) {
		var changed []byte
		var changes []answer.Change
		if err := row.Scan(&changed, &last); err != nil {
			return nil, err
		}
		return changes, json.Unmarshal(changed, &changes)
	}, `select changed, at from answer.save where response = $1 and version > $2 and rendering <> $3 order by version -- store.changesSince`, response, version, rendering)
	return slices.Concat(saves...), last, err
}

// writeSave adds to the log and brings the state up to it.
func writeSave(ctx context.Context, tx pgx.Tx, r *Response, in Save, changes []answer.Change, conflicts []answer.Conflict) error {
	refused := []answer.Change{}
	for _, c := range conflicts {
		for _, v := range c.Variables {
			refused = append(refused, answer.Change{Variable: v, Was: c.Theirs[v], Is: c.Mine[v]})
		}
	}
	if changes == nil {
		changes = []answer.Change{}
	}
	changed, err1 := json.Marshal(changes)
	lost, err2 := json.Marshal(refused)
	state, err3 := json.Marshal(r.Values)
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	r.Version++
	r.Saved = in.Now
	_, err := tx.Exec(ctx, `
		insert into answer.save (response, version, request, rendering, actor, actor_id, mode, at, page, action, changed, refused) -- store.writeSave
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		r.ID, r.Version, in.Request, in.Rendering, in.By.Kind, in.By.id(), in.Mode, in.Now, in.Page.ID, in.Action, changed, lost)
	if err != nil {
		return err
	}
	if r.Started.IsZero() && answer.Starts(in.Form.Variables, r.Values) {
		r.Started = in.Now
		err := addEvent(ctx, tx, event.Event{Unit: r.Unit, Kind: event.Started, Occurred: in.Now, Recorded: in.Now,
			Channel: string(in.Mode), Actor: in.By.Kind, ActorID: in.By.ID})
		if err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `
		update answer.response set version = $2, state = $3, passed = $4, saved = $5, started = $6 -- store.writeSave
		where id = $1`, r.ID, r.Version, state, passedList(r), in.Now, nullTime(r.Started))
	return err
}

func passedList(r *Response) []string {
	list := make([]string, 0, len(r.Passed))
	for p := range r.Passed {
		list = append(list, p)
	}
	slices.Sort(list)
	return list
}

func nullTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Take opens the questionnaire of a unit for a member of staff who fills it in
// on its behalf; it is made where there is none yet. With core only the core
// questions are asked, also of who began with the rest.
func (s *Store) Take(ctx context.Context, unit int64, edition string, core bool, by Actor, now time.Time) (Response, error) {
	var r Response
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		l, err := one(ctx, tx, func(row pgx.CollectableRow) (l Link, err error) {
			return l, row.Scan(append([]any{&l.Unit, &l.Audience}, studyFields(&l.Study)...)...)
		}, noUnit, `
			select u.id, u.audience, `+studyColumns+` from register.unit u join register.study s on s.id = u.study where u.id = $1 -- store.Take`, unit)
		if err != nil {
			return err
		}
		key, err := ownResponse(ctx, tx, l, edition, now)
		if err != nil {
			return err
		}
		if r, err = responseByKey(ctx, tx, key, true); err != nil {
			return err
		}
		if err := writable(&r, now); err != nil {
			return err
		}
		r.Core = core
		if _, err := tx.Exec(ctx, `update answer.response set core = $2 where id = $1 -- store.Take`, r.ID, core); err != nil {
			return err
		}
		return audit(ctx, tx, now, by, r.Study.ID, "vragenlijst afgenomen", fmt.Sprint("eenheid ", unit), map[string]any{"kernvragen": core})
	})
	if err != nil {
		return r, fmt.Errorf("take: %w", err)
	}
	return r, nil
}

// ResponseOf returns the own response of a unit.
func (s *Store) ResponseOf(ctx context.Context, unit int64) (Response, error) {
	var r Response
	err := s.read(ctx, collect, func(tx pgx.Tx) (err error) {
		r, err = one(ctx, tx, scanResponse, "Deze eenheid heeft nog geen vragenlijst.", responseSelect+` where r.unit = $1 -- store.ResponseOf`, unit)
		return err
	})
	if err != nil {
		return r, fmt.Errorf("response of: %w", err)
	}
	return r, nil
}

// Rebuilt returns the answers of a response as its log tells them, beside the
// stored state. They are equal, or something is broken.
func (s *Store) Rebuilt(ctx context.Context, key string) (state, rebuilt answer.Values, err error) {
	err = s.read(ctx, collect, func(tx pgx.Tx) error {
		r, err := responseByKey(ctx, tx, key, false)
		if err != nil {
			return err
		}
		changes, _, err := changesSince(ctx, tx, r.ID, 0, "-")
		state, rebuilt = r.Values, answer.Rebuild([][]answer.Change{changes})
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("rebuilt: %w", err)
	}
	return state, rebuilt, nil
}

// ResponseKeys returns the keys of all responses of a study, by unit code.
func (s *Store) ResponseKeys(ctx context.Context, studyID int64) ([]string, error) {
	var keys []string
	err := s.read(ctx, collect, func(tx pgx.Tx) (err error) {
		keys, err = all(ctx, tx, pgx.RowTo[string], `
			select r.key from answer.response r join register.unit u on u.id = r.unit -- store.ResponseKeys
			where r.study = $1 order by u.code, r.id`, studyID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("response keys: %w", err)
	}
	return keys, nil
}
