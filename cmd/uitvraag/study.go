package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
)

func createStudy(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	definition := fs.String("definition", "", "what to make it from: "+strings.Join(definitionNames(), ", "))
	title := fs.String("title", "", "title, as respondents see it")
	opens := fs.String("opens", "", "when it opens, RFC 3339")
	closes := fs.String("closes", "", "when it closes, RFC 3339")
	settings := study.Settings{}
	fs.StringVar(&settings.Organiser, "organiser", "", "who does the work")
	fs.StringVar(&settings.Client, "client", "", "who asks")
	fs.StringVar(&settings.Phone, "phone", "", "help desk")
	fs.StringVar(&settings.Email, "email", "", "help desk")
	disclosureFlags(fs, &settings.Disclosure)
	asJSON := fs.Bool("json", false, "print JSON")
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	if err := required(fs, "definition", "title", "opens", "closes"); err != nil {
		return err
	}
	d, ok := instrument.StudyByName(*definition)
	if !ok {
		return errs.Errorf(errs.NotFound, "there is no definition %q; choose from %s", *definition, strings.Join(definitionNames(), ", "))
	}
	from, err := moment("opens", *opens)
	if err != nil {
		return err
	}
	to, err := moment("closes", *closes)
	if err != nil {
		return err
	}
	st, err := study.New(*title, *definition, from, to)
	if err != nil {
		return err
	}
	st.Settings = settings
	if problem := st.MayChange(settings.Disclosure); problem != "" {
		return errs.Errorf(errs.Invalid, "%s", problem)
	}
	return withDatabase(ctx, sh, func(db *database) error {
		st, err := db.AddStudy(ctx, st, d.Sources, sh.now())
		if err != nil {
			return err
		}
		if *asJSON {
			return json.NewEncoder(sh.stdout).Encode(map[string]any{"study": st.Slug, "title": st.Title, "opens": st.Opens, "closes": st.Closes})
		}
		_, err = fmt.Fprintln(sh.stdout, st.Slug)
		return err
	})
}

func definitionNames() []string {
	var names []string
	for _, d := range instrument.StudyDefinitions() {
		names = append(names, d.Name)
	}
	return names
}

func moment(flagName, value string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return t, fmt.Errorf("%w: --%s takes a time such as 2026-11-02T09:00:00+01:00, not %q", errUsage, flagName, value)
	}
	return t, nil
}

func addUser(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	role := fs.String("role", "", "projectleider, onderzoeker, veldwerker, codeur, lezer or beheerder")
	name := fs.String("name", "", "name, as colleagues see it")
	slug := fs.String("study", "", "the study in which the role holds, where there is more than one")
	operands, err := parse(sh, fs, 1)
	if err != nil {
		return err
	}
	if err := required(fs, "role"); err != nil {
		return err
	}
	a, err := account.New(operands[0], *role)
	if err != nil {
		return err
	}
	a.Name = *name
	if a.Beheerder && *slug != "" {
		return fmt.Errorf("%w: a beheerder looks after the whole installation; leave --study out", errUsage)
	}
	c, err := readConfig(sh.getenv, false)
	if err != nil {
		return err
	}
	return withDatabase(ctx, sh, func(db *database) error {
		if *slug != "" {
			st, err := db.Study(ctx, *slug)
			if err != nil {
				return err
			}
			a.Study = st.ID
		}
		token, err := db.AddLogin(ctx, a, store.BySystem, sh.now())
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(sh.stdout, c.link("/inloggen/"+token))
		return err
	})
}

// breakGlass prints a link for a beheerder who lost every way in. It is meant to be
// noticed: in the log, on stderr, and on the page of every beheerder.
func breakGlass(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	operands, err := parse(sh, fs, 1)
	if err != nil {
		return err
	}
	c, err := readConfig(sh.getenv, false)
	if err != nil {
		return err
	}
	return withDatabase(ctx, sh, func(db *database) error {
		token, err := db.Emergency(ctx, operands[0], sh.now())
		if err != nil {
			return err
		}
		sh.tell("EMERGENCY ACCESS for %s. The link works once, for fifteen minutes. It is in the audit log, and every beheerder is told.", operands[0])
		_, err = fmt.Fprintln(sh.stdout, c.link("/inloggen/"+token))
		return err
	})
}

// link returns an address of the site.
func (c *config) link(path string) string {
	u := *c.baseURL
	u.Path = path
	return u.String()
}

// turnStudy makes the command that takes a turn with a study.
func turnStudy(t study.Turn) func(context.Context, shell, *flag.FlagSet) error {
	return func(ctx context.Context, sh shell, fs *flag.FlagSet) error {
		slug := fs.String("study", "", "the study")
		why := fs.String("why", "", "the reason, for the time line")
		closes, hold := "", false
		needs := []string{"why"}
		switch t {
		case study.Pause:
			fs.BoolVar(&hold, "hold", false, "respondents wait too")
		case study.Extend, study.Reopen:
			fs.StringVar(&closes, "closes", "", "when it closes, RFC 3339")
			needs = append(needs, "closes")
		}
		if _, err := parse(sh, fs, 0); err != nil {
			return err
		}
		if err := required(fs, needs...); err != nil {
			return err
		}
		if problem := study.CheckReason(*why); problem != "" {
			return errs.Errorf(errs.Invalid, "%s", problem)
		}
		var to time.Time
		if closes != "" {
			var err error
			if to, err = moment("closes", closes); err != nil {
				return err
			}
		}
		return withStudy(ctx, sh, *slug, func(db *database, st study.Study) error {
			switch t {
			case study.Pause:
				return db.Pause(ctx, st.ID, hold, *why, store.BySystem, sh.now())
			case study.Resume:
				return db.ResumeFor(ctx, st.ID, *why, store.BySystem, sh.now())
			case study.Extend:
				return db.Extend(ctx, st.ID, to, *why, store.BySystem, sh.now())
			case study.Close:
				return db.CloseStudy(ctx, st.ID, *why, store.BySystem, sh.now())
			}
			drafts, err := db.ReopenStudy(ctx, st.ID, to, *why, store.BySystem, sh.now())
			if err == nil {
				sh.tell("%d questionnaires can be finished again", drafts)
			}
			return err
		})
	}
}
