package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"time"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/internal/worker"
)

// data returns the data of an instrument as they are now, or as they were in a
// snapshot, with the questionnaire that was asked.
func data(ctx context.Context, sh shell, db *database, st study.Study, f *form.Form, snapshot string) (*instrument.Instrument, *dataset.Dataset, error) {
	if snapshot == "" {
		if err := freeze(ctx, sh, db, st); err != nil {
			return nil, nil, err
		}
		d, err := db.Dataset(ctx, st, f.In.Name, sh.now())
		return f.In, d, err
	}
	x, d, err := db.SnapshotData(ctx, st.ID, snapshot)
	if err != nil {
		return nil, nil, err
	}
	if x.Audience != f.In.Name {
		return nil, nil, errs.Errorf(errs.Invalid, "Momentopname %s is van de vragenlijst %s.", x.Name, x.Audience)
	}
	in, problems := instrument.Parse(x.Source)
	if in == nil {
		return nil, nil, fmt.Errorf("the instrument of snapshot %s cannot be read: %v", x.Name, problems)
	}
	return in, d, nil
}

// freeze keeps partial responses of a closed study, which data then hold.
func freeze(ctx context.Context, sh shell, db *database, st study.Study) error {
	if st.At(sh.now()) != study.Closed {
		return nil
	}
	_, err := worker.Freeze(ctx, db.Store, st, sh.now())
	return err
}

// A snapshotReport is a snapshot for machines.
type snapshotReport struct {
	Name       string    `json:"name"`
	Instrument string    `json:"instrument"`
	Made       time.Time `json:"made"`
	Units      int       `json:"units"`
	Responses  int       `json:"questionnaires"`
	SHA256     string    `json:"sha256"`
	Bytes      int64     `json:"bytes"`
	Erased     string    `json:"erased,omitempty"` // why
	Sound      *bool     `json:"sound,omitempty"`  // of check
}

func reportOf(x store.Snapshot) snapshotReport {
	return snapshotReport{Name: x.Name, Instrument: x.Audience, Made: x.Made.UTC(), Units: x.Manifest.Units, Responses: x.Manifest.Questionnaires, SHA256: x.Manifest.SHA256, Bytes: x.Bytes, Erased: x.Why}
}

func (sh shell) snapshots(list []snapshotReport, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(sh.stdout).Encode(list)
	}
	for _, x := range list {
		line := fmt.Sprintf("%s\t%s\t%s\t%d eenheden\t%d vragenlijsten\t%s", x.Name, x.Instrument, x.Made.Format(time.RFC3339), x.Units, x.Responses, x.SHA256)
		switch {
		case x.Erased != "":
			line += "\tgewist: " + x.Erased
		case x.Sound != nil && *x.Sound:
			line += "\tin orde"
		case x.Sound != nil:
			line += "\tBESCHADIGD"
		}
		if _, err := fmt.Fprintln(sh.stdout, line); err != nil {
			return err
		}
	}
	return nil
}

// makeSnapshot keeps the data of an instrument as they are now.
func makeSnapshot(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	name := fs.String("instrument", "", "swv, gemeente, ketenpartner")
	asJSON := fs.Bool("json", false, "print JSON")
	operands, err := parse(sh, fs, 1)
	if err != nil {
		return err
	}
	if err := required(fs, "instrument"); err != nil {
		return err
	}
	return withDatabase(ctx, sh, func(db *database) error {
		st, f, err := studyForm(ctx, db, *slug, *name)
		if err != nil {
			return err
		}
		if err := freeze(ctx, sh, db, st); err != nil {
			return err
		}
		x, err := db.MakeSnapshot(ctx, st, f.In.Name, operands[0], software(), store.BySystem, sh.now())
		if err != nil {
			return err
		}
		return sh.snapshots([]snapshotReport{reportOf(x)}, *asJSON)
	})
}

// listSnapshots prints the snapshots of a study, the latest first.
func listSnapshots(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	return eachSnapshot(ctx, sh, fs, func(*database, study.Study, *snapshotReport) error { return nil })
}

// checkSnapshots reads every snapshot whole and compares it with its hash.
func checkSnapshots(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	damaged := 0
	err := eachSnapshot(ctx, sh, fs, func(db *database, st study.Study, x *snapshotReport) error {
		if x.Erased != "" {
			return nil
		}
		_, _, err := db.SnapshotData(ctx, st.ID, x.Name)
		sound := err == nil
		x.Sound = &sound
		if errs.KindOf(err) == errs.Conflict {
			sh.tell("%s", errs.Public(err))
			damaged++
			return nil
		}
		return err
	})
	if err == nil && damaged > 0 {
		err = errs.Errorf(errs.Conflict, "%d momentopnamen zijn beschadigd. Zet een back-up terug van voor die tijd en vergelijk.", damaged)
	}
	return err
}

func eachSnapshot(ctx context.Context, sh shell, fs *flag.FlagSet, look func(*database, study.Study, *snapshotReport) error) error {
	slug := fs.String("study", "", "the study")
	asJSON := fs.Bool("json", false, "print JSON")
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	return withStudy(ctx, sh, *slug, func(db *database, st study.Study) error {
		all, err := db.Snapshots(ctx, st.ID)
		if err != nil {
			return err
		}
		list := make([]snapshotReport, len(all))
		for i, x := range all {
			list[i] = reportOf(x)
			if err := look(db, st, &list[i]); err != nil {
				return err
			}
		}
		return sh.snapshots(list, *asJSON)
	})
}

// eraseSnapshot removes what a snapshot holds; that it was there stays.
func eraseSnapshot(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	why := fs.String("why", "", "why, as it is kept beside its hash; no names")
	operands, err := parse(sh, fs, 1)
	if err != nil {
		return err
	}
	if err := required(fs, "why"); err != nil {
		return err
	}
	return withStudy(ctx, sh, *slug, func(db *database, st study.Study) error {
		return db.EraseSnapshot(ctx, st.ID, operands[0], *why, store.BySystem, sh.now())
	})
}
