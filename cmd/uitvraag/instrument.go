package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/limesurvey"
)

// readInstrument reads a file, or a definition that comes with the product:
// swv-2018.
func readInstrument(name string) ([]byte, error) {
	src, err := os.ReadFile(name)
	if err == nil {
		return src, nil
	}
	for _, d := range instrument.StudyDefinitions() {
		for _, s := range d.Sources {
			if s.Name+"-"+s.Edition == name {
				return s.Text, nil
			}
		}
	}
	return nil, err
}

func checkInstrument(_ context.Context, sh shell, fs *flag.FlagSet) error {
	asJSON := fs.Bool("json", false, "print JSON")
	operands, err := parse(sh, fs, 1)
	if err != nil {
		return err
	}
	src, err := readInstrument(operands[0])
	if err != nil {
		return err
	}
	problems := instrument.Check(src)
	faults := 0
	for _, p := range problems {
		if !p.Warning {
			faults++
		}
	}
	if *asJSON {
		if problems == nil {
			problems = []instrument.Problem{}
		}
		if err := json.NewEncoder(sh.stdout).Encode(problems); err != nil {
			return err
		}
	} else if err := printProblems(sh, operands[0], problems); err != nil {
		return err
	}
	if faults > 0 {
		return errFaulty
	}
	return nil
}

// printProblems prints each problem as editors understand it: file:line:column.
func printProblems(sh shell, file string, problems []instrument.Problem) error {
	for _, p := range problems {
		sort := "fout"
		if p.Warning {
			sort = "let op"
		}
		if _, err := fmt.Fprintf(sh.stdout, "%s:%d:%d: %s: %s %s\n", file, p.Line, p.Column, sort, p.Text, p.Remedy); err != nil {
			return err
		}
	}
	if len(problems) == 0 {
		_, err := fmt.Fprintln(sh.stdout, "Geen fouten gevonden.")
		return err
	}
	return nil
}

func diffInstruments(_ context.Context, sh shell, fs *flag.FlagSet) error {
	asJSON := fs.Bool("json", false, "print JSON")
	operands, err := parse(sh, fs, 2)
	if err != nil {
		return err
	}
	var both [2]*instrument.Instrument
	for i, name := range operands {
		src, err := readInstrument(name)
		if err != nil {
			return err
		}
		in, problems := instrument.Parse(src)
		if in == nil {
			if err := printProblems(sh, name, problems); err != nil {
				return err
			}
			return errs.Errorf(errs.Invalid, "%s heeft fouten; verbeter die eerst.", name)
		}
		both[i] = in
	}
	differences := instrument.Diff(both[0], both[1])
	if *asJSON {
		if differences == nil {
			differences = []instrument.Difference{}
		}
		return json.NewEncoder(sh.stdout).Encode(differences)
	}
	for _, d := range differences {
		if _, err := fmt.Fprintln(sh.stdout, d); err != nil {
			return err
		}
	}
	if len(differences) == 0 {
		_, err := fmt.Fprintln(sh.stdout, "Geen verschillen.")
		return err
	}
	return nil
}

// importInstrument turns a file of LimeSurvey into YAML.
func importInstrument(_ context.Context, sh shell, fs *flag.FlagSet) error {
	operands, err := parse(sh, fs, 1)
	if err != nil {
		return err
	}
	src, err := os.ReadFile(operands[0])
	if err != nil {
		return err
	}
	r, problems := limesurvey.Read(src)
	if r == nil {
		for _, p := range problems {
			sh.tell("%s:%d: %s", operands[0], p.Line, p.Text)
		}
		return errFaulty
	}
	tellMisses(sh, r.Misses)
	_, err = sh.stdout.Write(r.Text)
	return err
}

// exportInstrument writes an instrument as LimeSurvey reads it.
func exportInstrument(_ context.Context, sh shell, fs *flag.FlagSet) error {
	format := fs.String("format", "lss", "lss or tsv")
	operands, err := parse(sh, fs, 1)
	if err != nil {
		return err
	}
	write := map[string]func(*instrument.Instrument) ([]byte, []limesurvey.Miss){"lss": limesurvey.LSS, "tsv": limesurvey.TSV}[*format]
	if write == nil {
		return errs.Errorf(errs.Invalid, "Kies bij --format uit lss en tsv.")
	}
	src, err := readInstrument(operands[0])
	if err != nil {
		return err
	}
	in, problems := instrument.Parse(src)
	if in == nil {
		for _, p := range problems {
			sh.tell("%s:%d:%d: %s %s", operands[0], p.Line, p.Column, p.Text, p.Remedy)
		}
		return errFaulty
	}
	content, misses := write(in)
	tellMisses(sh, misses)
	_, err = sh.stdout.Write(content)
	return err
}

func tellMisses(sh shell, misses []limesurvey.Miss) {
	for _, m := range misses {
		sh.tell("%s", m)
	}
}
