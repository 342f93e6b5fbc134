package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/uitvraag/uitvraag/internal/backup"
	"github.com/uitvraag/uitvraag/internal/contactplan"
	"github.com/uitvraag/uitvraag/internal/localpg"
	"github.com/uitvraag/uitvraag/internal/store"
)

// An owned database is one that this command may change the schema of.
type owned struct {
	url   string
	close func() error
	mark  string // of the secret; "" where there is none
	data  string // folder
}

// own opens the database of the environment as its owner. A private one is
// started, or joined, and left at the schema that it has.
func own(ctx context.Context, sh shell) (owned, error) {
	c, err := readConfig(sh.getenv, os.Geteuid() == 0)
	if err != nil {
		return owned{}, err
	}
	o := owned{url: c.databaseURL, data: c.data, close: func() error { return nil }}
	if o.url == "" {
		s, err := localpg.Open(ctx, localpg.Config{Dir: c.data, BinDir: c.pgBin, Archive: c.archive, SudoUser: c.sudoUser, Logf: sh.tell})
		if err != nil {
			return owned{}, err
		}
		o.url, o.close = s.OwnerURL(), s.Close
	}
	if secret, err := secretOf(c); err == nil {
		o.mark = backup.Mark(secret)
	}
	return o, nil
}

// withOwned runs fn on the database of the environment as its owner.
func withOwned(ctx context.Context, sh shell, fn func(owned) error) error {
	o, err := own(ctx, sh)
	if err != nil {
		return err
	}
	return errors.Join(fn(o), o.close())
}

// makeBackup writes a backup to a file, or to a new file in a folder.
func makeBackup(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	var to []age.Recipient
	fs.Func("to", "public age key (age1…) of who may read it; may be given more than once", func(key string) error {
		r, err := age.ParseX25519Recipient(key)
		to = append(to, r)
		return err
	})
	keep := fs.Int("keep", 0, "in a folder: how many backups to keep, the newest; 0 keeps all")
	test := fs.Bool("test", false, "restore it into a database of its own, compare, and remove that again")
	operands, err := parse(sh, fs, 1)
	if err != nil {
		return err
	}
	if *test && len(to) > 0 {
		return fmt.Errorf("%w: --test cannot read what is encrypted to somebody else; use `backup check --test --identity F FILE` where the key is", errUsage)
	}
	path, folder := operands[0], ""
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		folder, path = path, filepath.Join(path, backupName(sh.now(), len(to) > 0))
	} else if *keep > 0 {
		return fmt.Errorf("%w: --keep needs a folder, and %s is none", errUsage, path)
	}
	return withOwned(ctx, sh, func(o owned) error {
		m, err := writeBackup(ctx, o, path, sh.now(), to)
		if err != nil {
			return err
		}
		if *test {
			if err := rehearse(ctx, o, path, nil, sh.now()); err != nil {
				return err
			}
		}
		if err := store.RecordBackup(ctx, o.url, sh.now(), m.Rows(), len(to) > 0, *test); err != nil {
			return err
		}
		if folder != "" && *keep > 0 {
			if err := rotate(folder, *keep); err != nil {
				return err
			}
		}
		_, err = fmt.Fprintf(sh.stdout, "%s: %d rows of %d tables\n", path, m.Rows(), len(m.Tables))
		return err
	})
}

// backupName sorts by time.
func backupName(now time.Time, encrypted bool) string {
	name := "uitvraag-" + now.UTC().Format("20060102T150405Z") + ".tar.gz"
	if encrypted {
		name += ".age"
	}
	return name
}

// writeBackup writes a file whole, or leaves what was there: the name is given
// when all is on disk.
func writeBackup(ctx context.Context, o owned, path string, now time.Time, to []age.Recipient) (backup.Manifest, error) {
	if err := sweepHalf(filepath.Dir(path), now); err != nil {
		return backup.Manifest{}, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), half)
	if err != nil {
		return backup.Manifest{}, err
	}
	defer func() { _ = os.Remove(f.Name()) }() // it has its own name by then, or is worth nothing
	b := bufio.NewWriterSize(f, 1<<20)
	m, err := store.Dump(ctx, o.url, backup.Header{Made: now.UTC(), Secret: o.mark}, func(h backup.Header) (*backup.Writer, error) {
		return backup.NewWriter(b, h, to...)
	})
	if err == nil {
		err = b.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return m, err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return m, err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return m, err
	}
	return m, errors.Join(dir.Sync(), dir.Close())
}

// half is how a backup is called that is not whole yet.
const half = ".uitvraag-backup-"

// sweepHalf removes what a backup left that was killed a day ago or longer: there
// are people in it.
func sweepHalf(folder string, now time.Time) error {
	names, err := filepath.Glob(filepath.Join(folder, half+"*"))
	if err != nil {
		return err
	}
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && now.Sub(info.ModTime()) > 24*time.Hour {
			if err := os.Remove(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// rotate removes the oldest backups of a folder, and nothing else.
func rotate(folder string, keep int) error {
	names, err := filepath.Glob(filepath.Join(folder, "uitvraag-????????T??????Z.tar.gz*"))
	if err != nil {
		return err
	}
	slices.Sort(names) // Glob sorts, and does not say so
	for _, old := range names[:max(0, len(names)-keep)] {
		if err := os.Remove(old); err != nil {
			return err
		}
	}
	return nil
}

// readBackup runs fn on the backup in a file.
func readBackup(path, identity string, fn func(*backup.Reader) error) error {
	var keys []age.Identity
	if identity != "" {
		text, err := os.ReadFile(identity)
		if err != nil {
			return err
		}
		if keys, err = age.ParseIdentities(strings.NewReader(string(text))); err != nil {
			return fmt.Errorf("%s: %w", identity, err)
		}
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // it was only read
	r, err := backup.NewReader(f, keys...)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := fn(r); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func rehearse(ctx context.Context, o owned, path string, identity *string, now time.Time) error {
	key := ""
	if identity != nil {
		key = *identity
	}
	return readBackup(path, key, func(r *backup.Reader) error {
		_, err := store.Rehearse(ctx, o.url, r, now)
		return err
	})
}

// checkBackup reads a backup to its end.
func checkBackup(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	identity := fs.String("identity", "", "file with the private age key, of an encrypted backup")
	test := fs.Bool("test", false, "restore it as well, into a database of its own that is removed again")
	operands, err := parse(sh, fs, 1)
	if err != nil {
		return err
	}
	err = readBackup(operands[0], *identity, func(r *backup.Reader) error {
		m, err := backup.Check(r)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(sh.stdout, "sound: of %s, schema %d, %d rows of %d tables\n", r.Made.Format(time.RFC3339), r.Schema, m.Rows(), len(m.Tables))
		return err
	})
	if err != nil || !*test {
		return err
	}
	return withOwned(ctx, sh, func(o owned) error { return rehearse(ctx, o, operands[0], identity, sh.now()) })
}

// restoreBackup fills an empty database from a backup.
func restoreBackup(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	identity := fs.String("identity", "", "file with the private age key, of an encrypted backup")
	other := fs.Bool("other-secret", false, "restore beside another secret: who asked for no more mail is then not recognised")
	erasures := fs.String("erasures", "", "a ledger of erasures that was kept elsewhere (`privacy ledger`); that of the data folder is always read")
	operands, err := parse(sh, fs, 1)
	if err != nil {
		return err
	}
	return withOwned(ctx, sh, func(o owned) error {
		return readBackup(operands[0], *identity, func(r *backup.Reader) error {
			if r.Secret != "" && r.Secret != o.mark && !*other {
				return errors.New("it was made with another secret. Give UITVRAAG_SECRET, or put the file `secret` of the old data folder in the new one. " +
					"If it is lost, --other-secret restores without: addresses that asked for no more mail are then not recognised")
			}
			ledger, err := ledgerFor(o.data, *erasures)
			if err != nil {
				return err
			}
			out, err := store.Load(ctx, o.url, r, ledger, sh.now())
			if err != nil {
				return err
			}
			sh.tell("Everything is as it was on %s: %d rows of %d tables, compared one by one.", r.Made.Format(time.RFC3339), out.Rows(), len(out.Tables))
			if len(ledger) == 0 {
				sh.tell("No ledger of erasures was found in %s. Who was erased after the backup was made is back: look for a file %s, and see `uitvraag privacy erase`.", o.data, ledgerName)
			} else {
				sh.tell("%d things that were erased since the backup are erased again.", out.Erased)
			}
			sh.tell("Sending is locked. %d messages were waiting and may have gone out since. `uitvraag fieldwork unlock` tells more, and takes the lock away.", out.Unsure)
			return nil
		})
	})
}

// unlockFieldwork takes the lock off that a restore leaves.
func unlockFieldwork(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	sent := fs.Bool("all-sent", false, "whatever came due since the backup was sent: the mail server's log says so")
	unsent := fs.Bool("nothing-sent", false, "nothing was sent since the backup: send it now")
	decide := fs.Bool("decide-later", false, "nobody knows: leave each message to be decided in the office")
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	fates := map[store.Fate]bool{store.Gone: *sent, store.Kept: *unsent, store.Unknown: *decide}
	chosen := 0
	for _, yes := range fates {
		if yes {
			chosen++
		}
	}
	return withDatabase(ctx, sh, func(db *database) error {
		since, reason, err := db.SendingLocked(ctx)
		if err != nil {
			return err
		}
		if since.IsZero() {
			sh.tell("Sending is not locked.")
			return nil
		}
		if chosen != 1 {
			if err := tellWaiting(ctx, sh, db); err != nil {
				return err
			}
			return fmt.Errorf("%w: sending is locked since %s (%s). Look above at what may have gone out, and say one of --all-sent, --nothing-sent and --decide-later", errUsage, since.Format(time.RFC3339), reason)
		}
		if err := queueDue(ctx, db, sh.now()); err != nil {
			return err
		}
		for fate, yes := range fates {
			if !yes {
				continue
			}
			n, err := db.Unlock(ctx, fate, store.BySystem, sh.now())
			if err != nil {
				return err
			}
			sh.tell("Sending is unlocked. This was about %d messages.", n)
		}
		return nil
	})
}

// queueDue puts down what is due in the studies that send by themselves. Nothing
// of it leaves while sending is locked.
func queueDue(ctx context.Context, db *database, now time.Time) error {
	studies, err := db.Studies(ctx)
	if err != nil {
		return err
	}
	for _, st := range studies {
		field := st.Field()
		if st.Released.IsZero() {
			continue
		}
		_, err := db.QueueDue(ctx, store.Queue{Study: st, By: store.BySystem, Now: now, Decide: func(u contactplan.Unit) contactplan.Decision { return field.Due(u, now) }})
		if err != nil {
			return err
		}
	}
	return nil
}

// tellWaiting prints what may have gone out, as CSV by study.
func tellWaiting(ctx context.Context, sh shell, db *database) error {
	if err := queueDue(ctx, db, sh.now()); err != nil {
		return err
	}
	studies, err := db.Studies(ctx)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(sh.stdout, "study,audience,unit,step,channel,state\n"); err != nil {
		return err
	}
	for _, st := range studies {
		for _, state := range []string{store.Waiting, store.Unsure} {
			messages, err := db.MessagesIn(ctx, st.ID, state, 1_000_000)
			if err != nil {
				return err
			}
			for _, m := range messages {
				if _, err := fmt.Fprintf(sh.stdout, "%s,%s,%s,%s,%s,%s\n", st.Slug, m.Audience, m.UnitCode, m.Step, m.Channel, m.State); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
