package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/server"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
)

// ledgerName is the file with the ledger of erasures in the data folder. It is
// kept outside the database because a backup cannot know what was erased after it
// was made. It holds ids and hashes, no persons.
const ledgerName = "erasures.jsonl"

// writeLedger writes rows as lines of JSON.
func writeLedger(w io.Writer, rows []store.Erased) error {
	out := json.NewEncoder(w)
	for _, e := range rows {
		if err := out.Encode(e); err != nil {
			return err
		}
	}
	return nil
}

// readLedger reads the rows of a file; none where there is no file.
func readLedger(path string) ([]store.Erased, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	var rows []store.Erased
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var e store.Erased
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", path, n, err)
		}
		rows = append(rows, e)
	}
	return rows, lines.Err()
}

// keepLedger brings the file in the data folder up to the database. Rows that the
// database does not have stay: they are of before a restore.
func keepLedger(ctx context.Context, st *store.Store, folder string) error {
	rows, err := st.Erasures(ctx)
	if err != nil {
		return err
	}
	path := filepath.Join(folder, ledgerName)
	kept, err := readLedger(path)
	if err != nil {
		return err
	}
	type key struct {
		what, variable string
		object, at     int64
	}
	there := map[key]bool{}
	for _, e := range kept {
		there[key{e.What, e.Variable, e.Object, e.At.UnixMicro()}] = true
	}
	n := len(kept)
	for _, e := range rows {
		if !there[key{e.What, e.Variable, e.Object, e.At.UnixMicro()}] {
			kept = append(kept, e)
		}
	}
	if len(kept) == n {
		return nil
	}
	var b bytes.Buffer
	if err := writeLedger(&b, kept); err != nil {
		return err
	}
	return writeWhole(path, b.Bytes())
}

// writeWhole replaces a file, or leaves what was there.
func writeWhole(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // it has its own name by then
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// guardLedger keeps the ledger beside the database while the site runs.
func guardLedger(st *store.Store, folder string, log *slog.Logger) func(context.Context) error {
	return func(ctx context.Context) error {
		tick := time.NewTicker(time.Minute)
		defer tick.Stop()
		for {
			if err := keepLedger(ctx, st, folder); err != nil && ctx.Err() == nil {
				log.WarnContext(ctx, "the ledger of erasures is not kept beside the database", "folder", folder, "err", err)
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-tick.C:
			}
		}
	}
}

// printLedger prints the ledger of erasures.
func printLedger(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	return withDatabase(ctx, sh, func(db *database) error {
		rows, err := db.Erasures(ctx)
		if err != nil {
			return err
		}
		return writeLedger(sh.stdout, rows)
	})
}

// scope is the id of the study that --study names, 0 for all.
func scope(ctx context.Context, db *database, slug string) (int64, error) {
	if slug == "" {
		return 0, nil
	}
	st, err := db.Study(ctx, slug)
	return st.ID, err
}

// findPeople prints the contacts that fit a text.
func findPeople(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study; all studies where it is left out")
	operands, err := parse(sh, fs, 1)
	if err != nil {
		return err
	}
	return withDatabase(ctx, sh, func(db *database) error {
		id, err := scope(ctx, db, *slug)
		if err != nil {
			return err
		}
		people, err := db.FindPeople(ctx, id, operands[0])
		if err != nil {
			return err
		}
		for _, p := range people {
			if _, err := fmt.Fprintf(sh.stdout, "%d\t%s\t%s\t%s\t%s\t%s\n", p.ID, p.StudySlug, p.UnitCode, p.Name, p.Email, p.Phone); err != nil {
				return err
			}
		}
		return nil
	})
}

// exportPerson writes everything about a person to a file.
func exportPerson(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study; all studies where it is left out")
	contact := fs.Int64("contact", 0, "number of a contact of the person, as `privacy find` prints it")
	why := fs.String("why", "", "why, as it stays in the audit log; no names")
	operands, err := parse(sh, fs, 1)
	if err != nil {
		return err
	}
	if *contact == 0 || *why == "" {
		return fmt.Errorf("%w: %s needs --contact and --why", errUsage, fs.Name())
	}
	return withDatabase(ctx, sh, func(db *database) error {
		st := study.Study{Title: "alle onderzoeken"}
		if *slug != "" {
			if st, err = db.Study(ctx, *slug); err != nil {
				return err
			}
		}
		d, err := db.Dossier(ctx, st.ID, *contact, *why, store.BySystem, sh.now())
		if err != nil {
			return err
		}
		file, err := server.DossierZip(ctx, st, d)
		if err != nil {
			return err
		}
		return writeWhole(operands[0], file)
	})
}

// erasePerson says what would go of a person, and with --yes erases it.
func erasePerson(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study; all studies where it is left out")
	contact := fs.Int64("contact", 0, "number of a contact of the person, as `privacy find` prints it")
	why := fs.String("why", "", "why, as it stays in the audit log; no names")
	yes := fs.Bool("yes", false, "erase; without it nothing changes")
	var keep []string
	fs.Func("keep", "a text that is about somebody else, as the list without --yes names it; may be given more than once", func(key string) error {
		keep = append(keep, key)
		return nil
	})
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	if *contact == 0 || *yes && *why == "" {
		return fmt.Errorf("%w: %s needs --contact, and --why with --yes", errUsage, fs.Name())
	}
	return withDatabase(ctx, sh, func(db *database) error {
		if err := db.needSecret(); err != nil {
			return err
		}
		id, err := scope(ctx, db, *slug)
		if err != nil {
			return err
		}
		if !*yes {
			t, err := db.Traces(ctx, id, *contact)
			if err != nil {
				return err
			}
			return printTraces(sh, t)
		}
		if _, err := db.ErasePerson(ctx, store.Erasure{Study: id, Contact: *contact, Keep: keep, By: store.BySystem, Reason: *why, Now: sh.now()}); err != nil {
			return err
		}
		sh.tell("Erased. Backups that were made before hold the person until they expire; the ledger erases again when one is restored.")
		c, err := readConfig(sh.getenv, os.Geteuid() == 0)
		if err != nil {
			return err
		}
		return keepLedger(ctx, db.Store, c.data)
	})
}

func printTraces(sh shell, t store.Traces) error {
	w := bufio.NewWriter(sh.stdout)
	for _, c := range t.Contacts {
		_, _ = fmt.Fprintf(w, "contact %d\t%s\t%s\t%s\t%s\n", c.ID, c.StudySlug, c.UnitCode, c.Name, c.Email) // Flush tells
	}
	_, _ = fmt.Fprintf(w, "goes: %d links, the text of %d messages, %d call notes, %d incoming mails, %d mails in the inbox, the name in %d other places\n", t.Links, t.Messages, len(t.Notes), len(t.Mails), len(t.Inbox), t.Others)
	for _, x := range t.Texts {
		_, _ = fmt.Fprintf(w, "goes: text %s of %s: %s\n", x.Key(), x.UnitCode, oneLine(x.Text))
	}
	for _, x := range t.Snapshots {
		_, _ = fmt.Fprintf(w, "goes: the content of snapshot %s, which holds such a text\n", x.Name)
	}
	_, _ = fmt.Fprintf(w, "stays: %d saves with answers, which are the organisation's (AVG art. 89)\n", t.Saves)
	return w.Flush()
}

func oneLine(text string) string {
	b, _ := json.Marshal(text) // a string can always be written
	return string(b)
}

// withdrawAnswers takes the answers of a unit back.
func withdrawAnswers(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	audience := fs.String("audience", "", "swv, gemeente, ketenpartner")
	why := fs.String("why", "", "why, as it stays in the audit log; no names")
	operands, err := parse(sh, fs, 1)
	if err != nil {
		return err
	}
	if err := required(fs, "audience", "why"); err != nil {
		return err
	}
	return withDatabase(ctx, sh, func(db *database) error {
		st, err := theStudy(ctx, db, *slug)
		if err != nil {
			return err
		}
		u, err := db.Unit(ctx, st.ID, *audience, operands[0])
		if err != nil {
			return err
		}
		return db.WithdrawAnswers(ctx, st.ID, u.ID, *why, store.BySystem, sh.now())
	})
}

// ledgerFor is the ledger that a restore replays: that of the data folder, and of
// a file that was kept elsewhere.
func ledgerFor(folder, file string) ([]store.Erased, error) {
	rows, err := readLedger(filepath.Join(folder, ledgerName))
	if err != nil || file == "" {
		return rows, err
	}
	if _, err := os.Stat(file); err != nil {
		return nil, errs.Wrap(err, errs.NotFound, "there is no ledger of erasures in %s", file)
	}
	more, err := readLedger(file)
	return append(rows, more...), err
}
