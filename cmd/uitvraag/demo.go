package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/demo"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
)

func runDemo(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	open := fs.Bool("open", false, "the study demo-nu, in its third week, in place of demo-2018")
	ifAbsent := fs.Bool("if-absent", false, "make nothing where the study exists, and do not fail")
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	c, err := readConfig(sh.getenv, os.Geteuid() == 0)
	if err != nil {
		return err
	}
	return withDatabase(ctx, sh, func(db *database) error {
		if err := db.needSecret(); err != nil {
			return err
		}
		st, made, err := demoStudy(ctx, sh, db, *open, *ifAbsent)
		if err != nil {
			return err
		}
		if *open {
			return tellLinks(ctx, sh, db, c, st)
		}
		if !made {
			return nil
		}
		return tellDemo(ctx, sh, db, st)
	})
}

// demoStudy makes a demonstration, or finds it where that will do.
func demoStudy(ctx context.Context, sh shell, db *database, open, ifAbsent bool) (st study.Study, made bool, err error) {
	slug := demo.ClosedSlug
	if open {
		slug = demo.OpenSlug
	}
	st, err = db.Study(ctx, slug)
	switch {
	case err == nil && ifAbsent:
		return st, false, nil
	case err == nil:
		return st, false, errs.Errorf(errs.Conflict, "Het onderzoek %s bestaat al; er is niets gemaakt.", slug)
	case errs.KindOf(err) != errs.NotFound:
		return st, false, err
	}
	past, err := demo.Closed()
	if open {
		past, err = demo.Open(sh.now())
	}
	if err != nil {
		return st, false, err
	}
	if st, err = db.AddPast(ctx, past); err != nil {
		return st, false, err
	}
	if !open {
		err = demo.Code(ctx, db.Store, st)
	}
	return st, err == nil, err
}

// tellDemo prints what was made.
func tellDemo(ctx context.Context, sh shell, db *database, st study.Study) error {
	if _, err := fmt.Fprintf(sh.stdout, "Onderzoek:  %s (%s)\n", st.Title, st.Slug); err != nil {
		return err
	}
	for _, audience := range []string{"swv", "gemeente"} {
		units, err := db.Units(ctx, st.ID, audience)
		if err != nil {
			return err
		}
		n := map[string]int{}
		for _, u := range units {
			n[u.Status]++
			if u.Covered {
				n["covered"]++
			}
		}
		_, err = fmt.Fprintf(sh.stdout, "%-11s %d eenheden: %d verstuurd (waarvan %d door een ander), %d gedeeltelijk, %d kernvragen per telefoon, %d zonder antwoorden\n",
			audience+":", len(units), n["submitted"], n["covered"], n["partial"], n["kernvragen"], n[""])
		if err != nil {
			return err
		}
	}
	return nil
}

// tellLinks prints a personal link per audience, of a unit that has not begun,
// and a login link for staff.
func tellLinks(ctx context.Context, sh shell, db *database, c config, st study.Study) error {
	links := map[string]string{}
	for _, audience := range []string{"swv", "gemeente"} {
		units, err := db.Units(ctx, st.ID, audience)
		if err != nil {
			return err
		}
		for _, u := range units {
			if !u.Started.IsZero() || !u.Sent.IsZero() || u.Refused || u.Bounced {
				continue
			}
			token, err := db.AddLink(ctx, u.ID, store.BySystem, sh.now())
			if err != nil {
				return err
			}
			links[audience] = c.link("/v/" + token)
			// The same unit also gets its link by mail, so that there is something
			// to see in the inbox.
			file, err := db.UnitFile(ctx, u.ID)
			if err != nil {
				return err
			}
			if len(file.Contacts) > 0 {
				_, err := db.AddMessage(ctx, store.NewMessage{Contact: file.Contacts[0].ID, Template: "link", By: store.BySystem, Now: sh.now()})
				if err != nil && errs.KindOf(err) != errs.Invalid {
					return err
				}
			}
			break
		}
	}
	token, err := demoLogin(ctx, sh, db)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(sh.stdout, "Vragenlijst samenwerkingsverband:  %s\nVragenlijst gemeente:              %s\nInloggen als projectleider:        %s\n",
		links["swv"], links["gemeente"], c.link("/inloggen/"+token))
	return err
}

// demoLogin makes somebody who leads every study there is, and looks after the
// installation as well, and returns a one-time link.
func demoLogin(ctx context.Context, sh shell, db *database) (token string, err error) {
	a, err := account.New("demo@uitvraag.example", string(account.Beheerder))
	if err != nil {
		return "", err
	}
	a.Name = "Demo"
	if token, err = db.AddLogin(ctx, a, store.BySystem, sh.now()); err != nil {
		return "", err
	}
	if a, err = db.LoginAccount(ctx, token, sh.now()); err != nil {
		return "", err
	}
	studies, err := db.Studies(ctx)
	if err != nil {
		return "", err
	}
	for _, st := range studies {
		if err := db.GiveRole(ctx, a.ID, st.ID, account.Projectleider, store.BySystem, sh.now()); err != nil {
			return "", err
		}
	}
	return token, nil
}
