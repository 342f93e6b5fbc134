package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
)

// apiToken makes a token for a program, on the rights of a member of staff, and
// prints its secret alone on stdout.
func apiToken(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	email := fs.String("for", "", "the member of staff whose rights it gets, and with whose role it ends")
	scopes := fs.String("scope", "", "what it reads, with commas between: monitoring, codebook, tables, data")
	days := fs.Int("days", 90, "how long it works: 30, 90 or 365")
	names, err := parse(sh, fs, 1)
	if err != nil {
		return err
	}
	if err := required(fs, "for", "scope"); err != nil {
		return err
	}
	return withStudy(ctx, sh, *slug, func(db *database, st study.Study) error {
		maker, err := db.Colleague(ctx, *email, st.ID)
		if err != nil {
			return err
		}
		asked := strings.Split(*scopes, ",")
		t, problems := account.NewToken(st.ID, maker, names[0], asked, *days, sh.now())
		if len(problems) == 0 && len(t.Scopes) != len(asked) {
			problems["bereik"] = fmt.Sprintf("--scope kent: %v.", account.Scopes)
		}
		for _, field := range []string{"naam", "bereik", "geldig"} {
			if problems[field] != "" {
				return errs.Errorf(errs.Invalid, "%s", problems[field])
			}
		}
		secret, err := db.AddToken(ctx, t, store.BySystem)
		if err != nil {
			return err
		}
		sh.tell("Deze sleutel werkt tot %s. Hij is maar één keer te zien.", t.Expires.Format(time.DateOnly))
		_, err = fmt.Fprintln(sh.stdout, secret)
		return err
	})
}

// apiTokens lists the tokens of a study.
func apiTokens(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	asJSON := fs.Bool("json", false, "print JSON")
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	return withStudy(ctx, sh, *slug, func(db *database, st study.Study) error {
		tokens, err := db.Tokens(ctx, st.ID)
		if err != nil {
			return err
		}
		type line struct {
			ID      int64           `json:"id"`
			Name    string          `json:"name"`
			Scopes  []account.Scope `json:"scopes"`
			For     string          `json:"for"`
			Expires time.Time       `json:"expires"`
			Used    *time.Time      `json:"used"`
			Ended   string          `json:"ended,omitempty"`
		}
		lines := []line{}
		for _, t := range tokens {
			x := line{ID: t.ID, Name: t.Name, Scopes: t.Scopes, For: t.Maker.Email, Expires: t.Expires.UTC(), Ended: t.Standing(sh.now())}
			if !t.Used.IsZero() {
				used := t.Used.UTC()
				x.Used = &used
			}
			lines = append(lines, x)
		}
		if *asJSON {
			e := json.NewEncoder(sh.stdout)
			e.SetIndent("", " ")
			return e.Encode(lines)
		}
		for _, x := range lines {
			if _, err := fmt.Fprintf(sh.stdout, "%4d  %-40s %v  tot %s  %s\n", x.ID, x.Name, x.Scopes, x.Expires.Format(time.DateOnly), x.Ended); err != nil {
				return err
			}
		}
		return nil
	})
}

// apiRevoke takes a token back.
func apiRevoke(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	ids, err := parse(sh, fs, 1)
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(ids[0], 10, 64)
	if err != nil {
		return fmt.Errorf("%w: name a token by its number, see api tokens", errUsage)
	}
	return withStudy(ctx, sh, *slug, func(db *database, st study.Study) error {
		return db.EndToken(ctx, st.ID, id, store.BySystem, sh.now())
	})
}
