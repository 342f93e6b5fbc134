// Command uitvraag runs national surveys among organisations: a register goes
// in, a book of tables and an honest response account come out.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/study"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, shell{args: os.Args[1:], getenv: os.Getenv, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, now: time.Now})
	stop()
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "uitvraag:", message(err))
	os.Exit(exitStatus(err))
}

// exitStatus is 1, or 2 for a wrong command line, unless an error has its own.
func exitStatus(err error) int {
	if own, ok := errors.AsType[*exitError](err); ok {
		return own.status
	}
	if errors.Is(err, errUsage) {
		return 2
	}
	return 1
}

// An exitError ends the program with a status that its caller knows.
type exitError struct {
	error
	status int
}

func (e *exitError) Unwrap() error { return e.error }

// A shell is what a command has of the world outside.
type shell struct {
	args           []string
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
	now            func() time.Time
}

// tell writes a line for the person at the terminal. When that fails, nobody is
// left to tell.
func (sh shell) tell(format string, args ...any) { _, _ = fmt.Fprintf(sh.stderr, format+"\n", args...) }

// errUsage says that the command line itself was wrong.
var errUsage = errors.New("usage")

// message is what an operator reads: the safe text where there is one.
func message(err error) string {
	if text := errs.Public(err); text != "" && errs.KindOf(err) != errs.Unavailable {
		return text
	}
	return err.Error()
}

// A command is one verb of the program.
type command struct {
	name string // one or two words
	args string
	does string
	run  func(context.Context, shell, *flag.FlagSet) error
}

// commands is the table of contents of the program.
func commands() []command {
	return []command{
		{"serve", "[--only web|worker]", "the site and the worker", serve},
		{"migrate", "", "bring the database to this program's schema, as its owner", migrate},
		{"backup check", "[--identity F] [--test] FILE", "read a backup to its end", checkBackup},
		{"backup", "[--to KEY] [--keep N] [--test] FILE|FOLDER", "copy the whole database, as its owner", makeBackup},
		{"restore", "[--identity F] [--other-secret] [--erasures F] FILE", "fill an empty database from a backup, as its owner; sending comes up locked", restoreBackup},
		{"demo", "[--open]", "make a demonstration study", runDemo},
		{"study create", "--definition D --title T --opens T0 --closes T1", "make a study", createStudy},
		{"study disclosure", "[--study S] [--traceable] [--few-units N] [--small-base N] [--dominance N] [--json]", "what may be published, and what to merge first", studyDisclosure},
		{"study pause", "[--study S] --why TEXT [--hold]", "send nothing until it is resumed; with --hold respondents wait too", turnStudy(study.Pause)},
		{"study resume", "[--study S] --why TEXT", "go on after a pause", turnStudy(study.Resume)},
		{"study extend", "[--study S] --why TEXT --closes T", "close later", turnStudy(study.Extend)},
		{"study close", "[--study S] --why TEXT", "close now", turnStudy(study.Close)},
		{"study reopen", "[--study S] --why TEXT --closes T", "open again until T; what was sent stays, sending waits for a resume", turnStudy(study.Reopen)},
		{"sample import", "[--study S] --audience A [--add] FILE", "read a register (CSV or XLSX)", importSample},
		{"sample areas", "[--skip] FILE", "read which gemeenten each samenwerkingsverband works in", importAreas},
		{"sample links", "[--study S] --audience A [--replace]", "a personal link per unit, as CSV", sampleLinks},
		{"fieldwork release", "[--study S]", "let the worker send for a study", releaseFieldwork},
		{"fieldwork sweep", "[--study S] [--at T --simulate] [--json]", "decide what is due, and send it", sweepFieldwork},
		{"fieldwork unlock", "--all-sent|--nothing-sent|--decide-later", "let a restored database send again", unlockFieldwork},
		{"fieldwork account", "[--study S] [--json]", "what came of all units, and the response rates", accountFieldwork},
		{"mail receive", "", "take one mail that came back, from a mail server's pipe", receiveMail},
		{"codebook", "[--study S] --instrument I --json | --format html|pdf", "the variables of an instrument", codebook},
		{"responses import", "[--study S] --instrument I FILE", "read answers from a file", importResponses},
		{"tables", "[--study S] --instrument I --format xlsx|docx|pdf|html|csv|json [--by COLUMN] [--weight COLUMN | --weight-to COLUMN] [--without-missing] [--no-telephone] [--no-covered] [--beside I2 | --against 2018] [--public] [--snapshot NAME]", "the book of tables", tables},
		{"analysis changes", "[--study S] --instrument I --from SNAPSHOT [--to SNAPSHOT] [--json]", "which drafts of the text read otherwise than of a snapshot", changedText},
		{"analysis", "[--study S] [--instrument I] --format json|html|docx|xlsx|pdf|csv|r [--only scales|hypotheses] [--valid SHARE] [--units]", "the scales of a study, and what came of its expectations", analysis},
		{"hypothesis check", "[--study S] [--json] FILE", "find the faults in a file with expectations", checkHypothesis},
		{"hypothesis add", "[--study S] FILE", "put expectations down for a study", addHypothesis},
		{"hypothesis list", "[--study S] [--json]", "what was put down, when, and whether before the study closed", listHypotheses},
		{"hypothesis remove", "[--study S] [--why TEXT] REGISTER", "take a file away, or withdraw one that may have been used", removeHypothesis},
		{"export", "[--study S] --instrument I --format csv|csv-excel|sav|xlsx|ddi|zip [--pseudonym | --public] [--snapshot NAME]", "the data of an instrument", exportData},
		{"snapshot make", "[--study S] --instrument I NAME [--json]", "keep the data as they are now, to make their numbers again", makeSnapshot},
		{"snapshot list", "[--study S] [--json]", "the snapshots of a study, the latest first", listSnapshots},
		{"snapshot check", "[--study S] [--json]", "read every snapshot whole, and compare it with its hash", checkSnapshots},
		{"snapshot erase", "[--study S] --why TEXT NAME", "remove what a snapshot holds; name, hash and reason stay", eraseSnapshot},
		{"instrument check", "FILE", "find the faults in an instrument", checkInstrument},
		{"instrument diff", "A B", "what changed between two instruments", diffInstruments},
		{"instrument import", "FILE", "a questionnaire of LimeSurvey (.lss, or the table with tabs) as YAML; what does not fit on stderr", importInstrument},
		{"instrument export", "[--format lss|tsv] FILE", "an instrument for LimeSurvey; what does not go along on stderr", exportInstrument},
		{"privacy find", "[--study S] TEXT", "the contacts that a name, address, telephone number or unit fits", findPeople},
		{"privacy export", "[--study S] --contact N --why TEXT FILE", "everything about a person in one zip, to answer a request for access", exportPerson},
		{"privacy erase", "[--study S] --contact N [--keep T] [--yes --why TEXT]", "what there is of a person; with --yes, erase it", erasePerson},
		{"privacy withdraw", "[--study S] --audience A --why TEXT UNIT", "take the answers of a unit back", withdrawAnswers},
		{"privacy ledger", "", "what was erased, by ids: to be kept apart from the database, for a restore", printLedger},
		{"api tokens", "[--study S] [--json]", "the tokens with which programs read a study", apiTokens},
		{"api token", "[--study S] --for EMAIL --scope monitoring,codebook,tables,data [--days N] NAME", "let a program read a study; prints the token, once", apiToken},
		{"api revoke", "[--study S] ID", "take a token back", apiRevoke},
		{"version", "[--sbom]", "which program this is, and what it is made of", version},
		{"user add", "EMAIL --role R [--study S] [--name N]", "a role in a study for a member of staff, and a one-time login link", addUser},
		{"user break-glass", "EMAIL", "emergency access for a beheerder: a link for fifteen minutes; every beheerder is told", breakGlass},
	}
}

func run(ctx context.Context, sh shell) error {
	for _, c := range commands() {
		words := strings.Fields(c.name)
		if len(sh.args) < len(words) || strings.Join(sh.args[:len(words)], " ") != c.name {
			continue
		}
		fs := flag.NewFlagSet("uitvraag "+c.name, flag.ContinueOnError)
		fs.SetOutput(sh.stderr)
		fs.Usage = func() {
			sh.tell("Usage: uitvraag %s %s\n  %s", c.name, c.args, c.does)
			fs.PrintDefaults()
		}
		sh.args = sh.args[len(words):]
		return c.run(ctx, sh, fs)
	}
	return help(sh)
}

// help prints the commands; asked for, it is not an error.
func help(sh shell) error {
	asked := len(sh.args) > 0 && (sh.args[0] == "help" || sh.args[0] == "--help" || sh.args[0] == "-h")
	text := "Usage: uitvraag COMMAND\n\nCommands:\n"
	for _, c := range commands() {
		text += fmt.Sprintf("  %-18s %s\n  %-18s %s\n", c.name, c.does, "", c.args)
	}
	if asked {
		_, err := io.WriteString(sh.stdout, text)
		return err
	}
	sh.tell("%s", text)
	if len(sh.args) > 0 {
		return fmt.Errorf("%w: there is no command %q", errUsage, strings.Join(sh.args, " "))
	}
	return fmt.Errorf("%w: name a command", errUsage)
}

// parse reads flags, which may stand before and after the operands, and returns
// exactly n operands.
func parse(sh shell, fs *flag.FlagSet, n int) ([]string, error) {
	var operands []string
	args := sh.args
	for {
		if err := fs.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, fmt.Errorf("%w: %w", errUsage, err)
		}
		if fs.NArg() == 0 {
			break
		}
		operands = append(operands, fs.Arg(0))
		args = fs.Args()[1:]
	}
	if len(operands) != n {
		fs.Usage()
		return nil, fmt.Errorf("%w: %s takes %d operand(s), got %d", errUsage, fs.Name(), n, len(operands))
	}
	return operands, nil
}

// required reports every flag in names that was left empty.
func required(fs *flag.FlagSet, names ...string) error {
	var missing []string
	for _, name := range names {
		if fs.Lookup(name).Value.String() == "" {
			missing = append(missing, "--"+name)
		}
	}
	if missing != nil {
		return fmt.Errorf("%w: %s needs %s", errUsage, fs.Name(), strings.Join(missing, " and "))
	}
	return nil
}
