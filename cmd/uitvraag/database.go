package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/localpg"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
)

// A database is the store with what holds it up.
type database struct {
	*store.Store
	private *localpg.Server // nil with DATABASE_URL
	secret  string
	lacks   error // why there is no secret
}

// needSecret fails where the secret is missing: for commands that sign something
// or add addresses.
func (d *database) needSecret() error { return d.lacks }

func (d *database) close() error {
	d.Close()
	if d.private != nil {
		return d.private.Close()
	}
	return nil
}

// openDatabase opens the database of the environment. A private one is joined
// or started, and brought to this program's schema; elsewhere an old schema is
// refused.
func openDatabase(ctx context.Context, sh shell, c config) (*database, error) {
	d := &database{}
	address := c.databaseURL
	if address == "" {
		var err error
		d.private, err = localpg.Open(ctx, localpg.Config{Dir: c.data, BinDir: c.pgBin, Archive: c.archive, SudoUser: c.sudoUser,
			Logf: sh.tell})
		if err != nil {
			return nil, err
		}
		address = d.private.URL()
		if err := store.Migrate(ctx, d.private.OwnerURL()); err != nil {
			_ = d.private.Close() // the first failure is the one to tell
			return nil, err
		}
	}
	st, err := store.Open(ctx, address)
	if err != nil {
		return nil, err
	}
	d.Store = st
	if d.secret, d.lacks = secretOf(c); d.lacks == nil {
		st = st.WithSecret(d.secret)
	}
	if d.Store, err = checked(ctx, st); err != nil {
		_ = d.close() // the first failure is the one to tell
		return nil, err
	}
	return d, nil
}

// checked refuses a schema that this program was not made for, and finds out
// whether the group roles are there.
func checked(ctx context.Context, st *store.Store) (*store.Store, error) {
	h, err := st.Ready(ctx)
	if err != nil {
		return st, err
	}
	if !h.Fits() {
		return st, fmt.Errorf("the database has schema %d and this program needs %d: run `uitvraag migrate` with the owner's DATABASE_URL", h.Schema, h.Program)
	}
	if !h.Roles {
		return st.WithoutRoles(), nil
	}
	return st, nil
}

// secretOf returns the secret of the environment, or that of a private database.
func secretOf(c config) (string, error) {
	if c.databaseURL == "" {
		return keptSecret(c)
	}
	return c.secret, c.secretFault()
}

// withDatabase runs fn on the database of the environment.
func withDatabase(ctx context.Context, sh shell, fn func(*database) error) error {
	c, err := readConfig(sh.getenv, os.Geteuid() == 0)
	if err != nil {
		return err
	}
	d, err := openDatabase(ctx, sh, c)
	if err != nil {
		return err
	}
	if err := fn(d); err != nil {
		_ = d.close() // the first failure is the one to tell
		return err
	}
	return d.close()
}

// withStudy runs fn on the study that slug names, or the only one.
func withStudy(ctx context.Context, sh shell, slug string, fn func(*database, study.Study) error) error {
	return withDatabase(ctx, sh, func(db *database) error {
		st, err := theStudy(ctx, db, slug)
		if err != nil {
			return err
		}
		return fn(db, st)
	})
}

func migrate(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	c, err := readConfig(sh.getenv, os.Geteuid() == 0)
	if err != nil {
		return err
	}
	if c.databaseURL != "" {
		if err := store.Migrate(ctx, c.databaseURL); err != nil {
			return err
		}
	}
	d, err := openDatabase(ctx, sh, c) // a private database is migrated here
	if err != nil {
		return err
	}
	h, err := d.Ready(ctx)
	if err == nil && !h.Roles {
		sh.tell("The roles collect, fieldwork, analysis and audit are missing: this login may not create roles. The site works, with one wall less.")
	}
	if err := d.close(); err != nil {
		return err
	}
	return err
}

// theStudy returns the study that --study names, or the only one.
func theStudy(ctx context.Context, d *database, slug string) (study.Study, error) {
	if slug != "" {
		return d.Study(ctx, slug)
	}
	all, err := d.Studies(ctx)
	switch {
	case err != nil:
		return study.Study{}, err
	case len(all) == 1:
		return all[0], nil
	case len(all) == 0:
		return study.Study{}, errs.Errorf(errs.NotFound, "there is no study yet: make one with `uitvraag study create`")
	}
	return study.Study{}, errs.Errorf(errs.Invalid, "there are %d studies: name one with --study", len(all))
}
