package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/errs"
)

// An ExampleText is a good example as it may be published: without who sent it.
type ExampleText struct {
	Title, About, Parties, Goal string
	Heading                     string
	Tags                        []string
}

// A GoodExample is one that a respondent sent, and what became of it.
type GoodExample struct {
	ID        int64 // 0 while nobody worked on it
	Audience  string
	Response  int64
	Question  string
	Place     int               // of the repeat
	Sent      map[string]string // by field, as it was sent
	Text      ExampleText       // the last version
	Version   int64             // 0 for none
	Consent   string            // toestemming, ingetrokken; "" while nobody said anything
	ConsentAt time.Time
	Shown     int64 // the version that was approved for publication, 0 for none
}

// Public reports whether everybody may see it.
func (g GoodExample) Public() bool { return g.Consent == ExampleConsent && g.Shown != 0 }

// What can happen to an example.
const (
	ExampleConsent   = "toestemming"
	ExampleWithdrawn = "ingetrokken"
	ExamplePublished = "gepubliceerd"
	ExampleTakenBack = "teruggehaald"
)

// ExampleField is where a field of an example stands in the answers.
func exampleField(question string, place int, field string) string {
	return question + "_" + strconv.Itoa(place) + "_" + field
}

// GoodExamples returns what respondents of an audience sent in the repeated group
// question with these fields, oldest first.
func (s *Store) GoodExamples(ctx context.Context, studyID int64, audience, question string, fields []string, repeats int) ([]GoodExample, error) {
	var out []GoodExample
	err := s.read(ctx, analysis, func(tx pgx.Tx) (err error) {
		out, err = goodExamples(ctx, tx, studyID, audience, question, fields, repeats)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("good examples: %w", err)
	}
	return out, nil
}

func goodExamples(ctx context.Context, tx pgx.Tx, studyID int64, audience, question string, fields []string, repeats int) ([]GoodExample, error) {
	known := map[[2]int64]GoodExample{}
	list, err := all(ctx, tx, func(row pgx.CollectableRow) (g GoodExample, err error) {
		return g, row.Scan(&g.ID, &g.Response, &g.Place, &g.Version, &g.Text.Title, &g.Text.About, &g.Text.Parties, &g.Text.Goal, &g.Text.Heading, &g.Text.Tags, &g.Consent, &g.ConsentAt, &g.Shown)
	}, `
		select e.id, e.response, e.place, coalesce(v.id, 0), coalesce(v.title, ''), coalesce(v.about, ''), coalesce(v.parties, ''), coalesce(v.goal, ''), coalesce(v.heading, ''), coalesce(v.tags, '{}'), -- store.goodExamples
			coalesce(c.kind, ''), coalesce(c.at, '0001-01-01T00:00:00Z'), case when p.kind = 'gepubliceerd' then p.version else 0 end
		from analysis.example e
		left join lateral (select * from analysis.example_version v where v.example = e.id order by v.id desc limit 1) v on true
		left join lateral (select kind, at from analysis.example_event x where x.example = e.id and x.kind in ('toestemming', 'ingetrokken') order by x.id desc limit 1) c on true
		left join lateral (select kind, version from analysis.example_event x where x.example = e.id and x.kind in ('gepubliceerd', 'teruggehaald') order by x.id desc limit 1) p on true
		where e.study = $1 and e.audience = $2 and e.question = $3`, studyID, audience, question)
	if err != nil {
		return nil, err
	}
	for _, g := range list {
		known[[2]int64{g.Response, int64(g.Place)}] = g
	}
	var out []GoodExample
	err = eachSent(ctx, tx, studyID, audience, func(response int64, values answer.Values) {
		for n := 1; n <= repeats; n++ {
			g := known[[2]int64{response, int64(n)}]
			g.Audience, g.Response, g.Question, g.Place, g.Sent = audience, response, question, n, map[string]string{}
			some := false
			for _, f := range fields {
				text := values[exampleField(question, n, f)]
				g.Sent[f] = text
				some = some || !answer.Blank(text)
			}
			if some {
				out = append(out, g)
			}
		}
	})
	return out, err
}

// eachSent gives the latest submission of every response that counts.
func eachSent(ctx context.Context, tx pgx.Tx, studyID int64, audience string, use func(response int64, values answer.Values)) error {
	var id int64
	var text []byte
	rows, _ := tx.Query(ctx, `
		select r.id, b.answers from answer.response r -- store.eachSent
		join lateral (select answers from answer.submission b where b.response = r.id order by revision desc limit 1) b on true
		where r.study = $1 and r.audience = $2 and r.withdrawn is null and r.sent is not null order by r.id`, studyID, audience)
	_, err := pgx.ForEachRow(rows, []any{&id, &text}, func() error {
		values, err := answer.ParseValues(text)
		if err == nil {
			use(id, values)
		}
		return err
	})
	return err
}

// exampleID returns the row of an example, and makes it where nobody did.
func exampleID(ctx context.Context, tx pgx.Tx, studyID int64, g GoodExample) (int64, error) {
	_, err := tx.Exec(ctx, `
		insert into analysis.example (study, audience, response, question, place) -- store.exampleID
		select study, audience, id, $3, $4 from answer.response where id = $2 and study = $1 on conflict on constraint example_once do nothing`, studyID, g.Response, g.Question, g.Place)
	if err != nil {
		return 0, err
	}
	return one(ctx, tx, pgx.RowTo[int64], noExample, `
		select id from analysis.example where study = $1 and response = $2 and question = $3 and place = $4 -- store.exampleID`, studyID, g.Response, g.Question, g.Place)
}

const noExample = "Dit voorbeeld is er niet (meer)."

// SaveExample keeps a text of an example. What was published before stays so,
// until this version is.
func (s *Store) SaveExample(ctx context.Context, studyID int64, g GoodExample, t ExampleText, by Actor, now time.Time) error {
	if t.Tags == nil {
		t.Tags = []string{}
	}
	return s.changeExample(ctx, studyID, g, "voorbeeld bewerkt", by, now, func(tx pgx.Tx, id int64) error {
		_, err := tx.Exec(ctx, `
			insert into analysis.example_version (example, at, account, title, about, parties, goal, heading, tags) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) -- store.SaveExample`,
			id, now, by.id(), t.Title, t.About, t.Parties, t.Goal, t.Heading, t.Tags)
		return err
	})
}

// MarkExample notes what happened to an example: one of the constants above. how is
// how consent came. Publishing is of the version that was looked at.
func (s *Store) MarkExample(ctx context.Context, studyID int64, g GoodExample, kind, how string, version int64, by Actor, now time.Time) error {
	var of *int64
	if version != 0 {
		of = &version
	}
	return s.changeExample(ctx, studyID, g, "voorbeeld "+kind, by, now, func(tx pgx.Tx, id int64) error {
		_, err := tx.Exec(ctx, `
			insert into analysis.example_event (example, at, account, kind, how, version) values ($1, $2, $3, $4, $5, (select id from analysis.example_version where id = $6 and example = $1)) -- store.MarkExample`,
			id, now, by.id(), kind, how, of)
		return err
	})
}

// LinkExample makes the link by which who sent an example says yes or no. An earlier
// one ends.
func (s *Store) LinkExample(ctx context.Context, studyID int64, g GoodExample, by Actor, now time.Time) (token string, err error) {
	token = NewToken()
	return token, s.changeExample(ctx, studyID, g, "link bij voorbeeld gemaakt", by, now, func(tx pgx.Tx, id int64) error {
		_, err := tx.Exec(ctx, `update analysis.example set link = $2 where id = $1 -- store.LinkExample`, id, hash(token))
		return err
	})
}

func (s *Store) changeExample(ctx context.Context, studyID int64, g GoodExample, action string, by Actor, now time.Time, change func(pgx.Tx, int64) error) error {
	err := s.tx(ctx, analysis, func(tx pgx.Tx) error {
		id, err := exampleID(ctx, tx, studyID, g)
		if err != nil {
			return err
		}
		if err := change(tx, id); err != nil {
			return err
		}
		return audit(ctx, tx, now, by, studyID, action, fmt.Sprint("voorbeeld ", id), nil)
	})
	if err != nil {
		return fmt.Errorf("change example: %w", err)
	}
	return nil
}

// A LinkedExample is what a link to an example opens.
type LinkedExample struct {
	ID      int64
	Study   int64
	Text    ExampleText // zero while nobody made one
	Consent string
}

// ExampleByLink returns the example of a link.
func (s *Store) ExampleByLink(ctx context.Context, token string) (LinkedExample, error) {
	var x LinkedExample
	err := s.read(ctx, analysis, func(tx pgx.Tx) (err error) {
		x, err = one(ctx, tx, func(row pgx.CollectableRow) (x LinkedExample, err error) {
			return x, row.Scan(&x.ID, &x.Study, &x.Text.Title, &x.Text.About, &x.Text.Parties, &x.Text.Goal, &x.Text.Heading, &x.Text.Tags, &x.Consent)
		}, noExample, `
			select e.id, e.study, coalesce(v.title, ''), coalesce(v.about, ''), coalesce(v.parties, ''), coalesce(v.goal, ''), coalesce(v.heading, ''), coalesce(v.tags, '{}'), coalesce(c.kind, '') -- store.ExampleByLink
			from analysis.example e
			left join lateral (select * from analysis.example_version v where v.example = e.id order by v.id desc limit 1) v on true
			left join lateral (select kind from analysis.example_event x where x.example = e.id and x.kind in ('toestemming', 'ingetrokken') order by x.id desc limit 1) c on true
			where e.link = $1`, hash(token))
		return err
	})
	if err != nil {
		return x, fmt.Errorf("example by link: %w", err)
	}
	return x, nil
}

// AnswerExample keeps what who sent an example says by its link.
func (s *Store) AnswerExample(ctx context.Context, token string, yes bool, now time.Time) error {
	kind := ExampleWithdrawn
	if yes {
		kind = ExampleConsent
	}
	err := s.tx(ctx, analysis, func(tx pgx.Tx) error {
		var id, studyID int64
		rows, _ := tx.Query(ctx, `insert into analysis.example_event (example, at, kind, how) select id, $2, $3, 'link' from analysis.example where link = $1 -- store.AnswerExample
			returning example, (select study from analysis.example e where e.id = example)`, hash(token), now, kind)
		n := 0
		if _, err := pgx.ForEachRow(rows, []any{&id, &studyID}, func() error { n++; return nil }); err != nil {
			return err
		}
		if n == 0 {
			return errs.Errorf(errs.NotFound, noExample)
		}
		return audit(ctx, tx, now, Actor{Kind: "respondent"}, studyID, "voorbeeld "+kind, fmt.Sprint("voorbeeld ", id), nil)
	})
	if err != nil {
		return fmt.Errorf("answer example: %w", err)
	}
	return nil
}

// A PublicExample is one that everybody may see.
type PublicExample struct {
	ID       int64
	Audience string
	Since    time.Time
	ExampleText
}

// PublicExamples returns what everybody may see of a study, the newest first: what
// who sent it agrees to, and a person approved, in the version that was approved.
func (s *Store) PublicExamples(ctx context.Context, studyID int64) ([]PublicExample, error) {
	var out []PublicExample
	err := s.read(ctx, analysis, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, func(row pgx.CollectableRow) (x PublicExample, err error) {
			return x, row.Scan(&x.ID, &x.Audience, &x.Since, &x.Title, &x.About, &x.Parties, &x.Goal, &x.Heading, &x.Tags)
		}, `select id, audience, since, title, about, parties, goal, heading, tags from analysis.public_example where study = $1 order by since desc, id desc -- store.PublicExamples`, studyID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("public examples: %w", err)
	}
	return out, nil
}
