package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/hypothesis"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/report"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
	"github.com/uitvraag/uitvraag/internal/table"
)

// errFaultyRegister ends a command that found faults in a file and printed them.
var errFaultyRegister = errors.New("het bestand met verwachtingen heeft fouten")

// checkHypothesis finds the faults in a file with expectations: by itself, or as one
// of a study.
func checkHypothesis(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "also check it against the questionnaires and the expectations of this study")
	asJSON := fs.Bool("json", false, "print JSON")
	operands, err := parse(sh, fs, 1)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(operands[0])
	if err != nil {
		return err
	}
	var problems []instrument.Problem
	if *slug == "" {
		_, problems = hypothesis.Check(text, nil, nil)
	} else if err := withStudy(ctx, sh, *slug, func(db *database, st study.Study) error {
		_, problems, err = checkFor(ctx, db, st, text)
		return err
	}); err != nil {
		return err
	}
	if *asJSON {
		if err := json.NewEncoder(sh.stdout).Encode(append([]instrument.Problem{}, problems...)); err != nil {
			return err
		}
	} else if err := printProblems(sh, operands[0], problems); err != nil {
		return err
	}
	if len(problems) > 0 {
		return errFaultyRegister
	}
	return nil
}

// checkFor reads a file as one of a study.
func checkFor(ctx context.Context, db *database, st study.Study, text []byte) (*hypothesis.Register, []instrument.Problem, error) {
	audiences, err := db.Audiences(ctx, st.ID)
	if err != nil {
		return nil, nil, err
	}
	var names []string
	var all []*instrument.Instrument
	background := map[string][]string{}
	for _, a := range audiences {
		in, problems := instrument.Parse(a.Source)
		if in == nil {
			return nil, nil, fmt.Errorf("the instrument %s of %s cannot be read: %v", a.Name, st.Slug, problems)
		}
		names, all = append(names, a.Name), append(all, in)
		for _, c := range a.Columns {
			background[a.Name] = append(background[a.Name], c.ID)
		}
	}
	files, err := db.Registers(ctx, st.ID)
	if err != nil {
		return nil, nil, err
	}
	r, err := hypothesis.InForce(names, files, st.Opens, st.Closes)
	if err != nil {
		return nil, nil, err
	}
	found, problems := hypothesis.Check(text, r, hypothesis.Knows(all, func(name string) []string { return background[name] }))
	return found, problems, nil
}

// addHypothesis puts a file with expectations down for a study.
func addHypothesis(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	operands, err := parse(sh, fs, 1)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(operands[0])
	if err != nil {
		return err
	}
	return withStudy(ctx, sh, *slug, func(db *database, st study.Study) error {
		r, problems, err := checkFor(ctx, db, st, text)
		if err != nil {
			return err
		}
		if r == nil {
			if err := printProblems(sh, operands[0], problems); err != nil {
				return err
			}
			return errFaultyRegister
		}
		if err := db.AddRegister(ctx, st.ID, r, text, "", store.BySystem, sh.now()); err != nil {
			return err
		}
		many := "verwachtingen"
		if len(r.Hypotheses) == 1 {
			many = "verwachting"
		}
		sh.tell("%d %s vastgelegd (%s).", len(r.Hypotheses), many, hypothesis.PhaseOf(sh.now(), st.Opens, st.Closes))
		return nil
	})
}

// A registerReport is a file with expectations for machines.
type registerReport struct {
	ID        int64            `json:"id"`
	Name      string           `json:"register"`
	Title     string           `json:"title"`
	Added     time.Time        `json:"added"`
	Phase     hypothesis.Phase `json:"phase"`
	By        string           `json:"by,omitempty"`
	SHA256    string           `json:"sha256"`
	Withdrawn *time.Time       `json:"withdrawn,omitempty"`
	Why       string           `json:"why,omitempty"`
}

// listHypotheses prints the files with expectations that were added to a study.
func listHypotheses(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	asJSON := fs.Bool("json", false, "print JSON")
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	return withStudy(ctx, sh, *slug, func(db *database, st study.Study) error {
		files, err := db.Registers(ctx, st.ID)
		if err != nil {
			return err
		}
		list := []registerReport{}
		for _, f := range files {
			x := registerReport{ID: f.ID, Name: f.Name, Title: f.Title, Added: f.Added.UTC(), Phase: hypothesis.PhaseOf(f.Added, st.Opens, st.Closes), By: f.By, SHA256: f.SHA256, Why: f.Why}
			if !f.Withdrawn.IsZero() {
				at := f.Withdrawn.UTC()
				x.Withdrawn = &at
			}
			list = append(list, x)
		}
		if *asJSON {
			return json.NewEncoder(sh.stdout).Encode(list)
		}
		for _, x := range list {
			state := string(x.Phase)
			if x.Withdrawn != nil {
				state = "ingetrokken: " + x.Why
			}
			if _, err := fmt.Fprintf(sh.stdout, "%d\t%s\t%s\t%s\t%s\n", x.ID, x.Name, x.Added.Format(time.RFC3339), state, x.SHA256); err != nil {
				return err
			}
		}
		return nil
	})
}

// removeHypothesis takes a file with expectations away, or withdraws it.
func removeHypothesis(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	why := fs.String("why", "", "the reason, for one that may have been used: it is then withdrawn and stays to be seen")
	operands, err := parse(sh, fs, 1)
	if err != nil {
		return err
	}
	return withStudy(ctx, sh, *slug, func(db *database, st study.Study) error {
		files, err := db.Registers(ctx, st.ID)
		if err != nil {
			return err
		}
		for _, f := range files {
			if f.Name != operands[0] || !f.Withdrawn.IsZero() {
				continue
			}
			removed, err := db.RemoveRegister(ctx, st, f.ID, *why, store.BySystem, sh.now())
			if err == nil {
				sh.tell("%s", map[bool]string{true: "Verwijderd.", false: "Ingetrokken; het blijft te zien."}[removed])
			}
			return err
		}
		return errs.Errorf(errs.NotFound, "Dit onderzoek heeft geen bestand ‘%s’ met verwachtingen.", operands[0])
	})
}

// changedText prints which drafts read otherwise than of a snapshot.
func changedText(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	slug := fs.String("study", "", "the study")
	name := fs.String("instrument", "", "swv, gemeente, ketenpartner")
	from := fs.String("from", "", "the snapshot that was written of")
	to := fs.String("to", "", "another snapshot; the data as they are now where it is left out")
	asJSON := fs.Bool("json", false, "print JSON")
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	if err := required(fs, "instrument", "from"); err != nil {
		return err
	}
	return withDatabase(ctx, sh, func(db *database) error {
		st, f, err := studyForm(ctx, db, *slug, *name)
		if err != nil {
			return err
		}
		var books [2]*table.Book
		for i, snapshot := range []string{*from, *to} {
			in, d, err := data(ctx, sh, db, st, f, snapshot)
			if err != nil {
				return err
			}
			if books[i], err = table.NewBook(table.Spec{}, in, d); err != nil {
				return err
			}
		}
		changes := report.Changes(books[0], books[1])
		if *asJSON {
			return json.NewEncoder(sh.stdout).Encode(append([]report.Change{}, changes...))
		}
		for _, c := range changes {
			if _, err := fmt.Fprintf(sh.stdout, "%s\n  was:   %s\n  wordt: %s\n", c.Table, c.Before, c.After); err != nil {
				return err
			}
		}
		sh.tell("Bij %d van de %d tabellen luidt de tekst anders.", len(changes), len(books[1].Tables))
		return nil
	})
}
