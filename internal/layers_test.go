package internal_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/uitvraag/uitvraag/"

// order is the import order: a package imports only packages that stand before
// it. Names that are not made yet keep their place.
var order = []string{
	"errs", "sheet", "stat", "mail", "localpg", "migrations", "web/static", "logic", "instrument", "limesurvey", "sample", "event",
	"disposition", "contactplan", "study", "checklist", "account", "credential", "answer", "form", "dataset", "table", "disclosure", "scale", "hypothesis", "coding",
	"representativity", "forecast", "standing", "call", "baseline", "chart", "report", "publication", "mirror", "export", "api", "backup", "queue", "store", "demo", "web/ui", "web/page", "worker",
	"server", "pgtest", "htmltest", "fixture", "cmd/uitvraag", "web/e2e/gallery",
}

// onlyTests are imported by tests, and by each other.
var onlyTests = []string{"pgtest", "htmltest", "fixture"}

// commands stand at the end and may use every tool.
var commands = []string{"cmd/uitvraag", "web/e2e/gallery"}

// A tool is what only some packages may use: modules and stdlib packages, each
// with what is below them, and functions of the stdlib.
type tool struct {
	name      string
	imports   []string
	functions []string // package.Name
	users     []string // beside the commands
}

// tools is who may use which tool.
var tools = []tool{
	{"pgx", []string{"github.com/jackc", "database/sql"}, nil, []string{"store", "queue", "localpg", "pgtest"}},
	{"goose", []string{"github.com/pressly/goose"}, nil, []string{"store"}},
	{"River", []string{"github.com/riverqueue"}, nil, []string{"queue", "worker", "store"}},
	{"chi", []string{"github.com/go-chi"}, nil, []string{"server"}},
	{"net/http", []string{"net/http"}, nil, []string{"server"}},
	{"templ", []string{"github.com/a-h/templ"}, nil, []string{"web/static", "web/ui", "web/page", "server"}},
	{"the environment", nil, []string{"os.Getenv", "os.LookupEnv", "os.Environ", "os.ExpandEnv", "os.Setenv", "os.Unsetenv"}, []string{"pgtest"}},
	{"flags", []string{"flag"}, nil, nil},
	{"the clock", nil, []string{"time.Now", "time.Since", "time.Until"}, []string{"worker", "server", "pgtest"}},
	{"slog", []string{"log"}, nil, []string{"worker", "server"}},
	{"YAML", []string{"go.yaml.in", "gopkg.in/yaml.v3"}, nil, []string{"instrument", "hypothesis", "coding"}},
	{"excelize", []string{"github.com/xuri"}, nil, []string{"sheet", "export"}},
	{"testing", []string{"testing"}, nil, onlyTests},
}

// forbidden are names that say nothing about what a package owns.
var forbidden = []string{"util", "utils", "common", "helper", "helpers", "misc", "shared", "base", "lib", "models", "types", "services", "service", "core"}

// A source is a file that is part of the product: no test.
type source struct {
	path string // from the root of the module
	pkg  string // as in order
	*ast.File
}

func (s source) at(fset *token.FileSet, pos token.Pos) string {
	return s.path + ":" + strconv.Itoa(fset.Position(pos).Line)
}

// sources reads all files that are no tests.
func sources(t *testing.T) ([]source, *token.FileSet) {
	t.Helper()
	fset := token.NewFileSet()
	var all []source
	root := os.DirFS("..")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || d.Name() == "testdata"):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(fset, filepath.Join("..", name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		all = append(all, source{name, strings.TrimPrefix(path.Dir(name), "internal/"), f})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Fatalf("found %d files; is the test run in its own folder?", len(all))
	}
	return slices.DeleteFunc(all, func(s source) bool { return s.pkg == "internal" }), fset
}

func TestPackagesImportOnlyWhatStandsBeforeThem(t *testing.T) {
	t.Parallel()
	files, fset := sources(t)
	for _, f := range files {
		own := slices.Index(order, f.pkg)
		if own < 0 {
			t.Errorf("%s: package %s has no place in the import order; give it one in layers_test.go and doc.go", f.path, f.pkg)
			continue
		}
		for _, spec := range f.Imports {
			name, ours := strings.CutPrefix(importPath(spec), module)
			if !ours {
				continue
			}
			name = strings.TrimPrefix(name, "internal/")
			switch other := slices.Index(order, name); {
			case other < 0:
				t.Errorf("%s: imports %s, which has no place in the import order", f.at(fset, spec.Pos()), name)
			case other >= own:
				t.Errorf("%s: %s may not import %s, which stands after it in the import order", f.at(fset, spec.Pos()), f.pkg, name)
			case slices.Contains(onlyTests, name) && !slices.Contains(onlyTests, f.pkg):
				t.Errorf("%s: %s is for tests only", f.at(fset, spec.Pos()), name)
			}
		}
	}
}

func TestEachToolIsUsedWhereItBelongs(t *testing.T) {
	t.Parallel()
	files, fset := sources(t)
	for _, f := range files {
		if slices.Contains(commands, f.pkg) {
			if len(usesOf(f, tool{imports: []string{"testing"}})) > 0 {
				t.Errorf("%s: a command may not import testing", f.path)
			}
			continue
		}
		for _, u := range tools {
			if slices.Contains(u.users, f.pkg) {
				continue
			}
			for _, use := range usesOf(f, u) {
				t.Errorf("%s: %s may not use %s; that is for %s", f.at(fset, use), f.pkg, u.name,
					strings.Join(append([]string{"cmd"}, u.users...), ", "))
			}
		}
	}
}

// usesOf returns where a file imports or names a tool.
func usesOf(f source, u tool) []token.Pos {
	var found []token.Pos
	called := map[string]string{} // local name of a package, by import path
	for _, spec := range f.Imports {
		p := importPath(spec)
		called[p] = path.Base(p)
		if spec.Name != nil {
			called[p] = spec.Name.Name
		}
		for _, banned := range u.imports {
			if p == banned || strings.HasPrefix(p, banned+"/") {
				found = append(found, spec.Pos())
			}
		}
	}
	ast.Inspect(f.File, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		x, ok := sel.X.(*ast.Ident)
		if !ok {
			return true
		}
		for _, function := range u.functions {
			pkg, name, _ := strings.Cut(function, ".")
			if sel.Sel.Name == name && called[pkg] == x.Name {
				found = append(found, sel.Pos())
			}
		}
		return true
	})
	return found
}

func importPath(spec *ast.ImportSpec) string {
	p, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		panic(err) // the parser let it pass
	}
	return p
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	t.Parallel()
	files, _ := sources(t)
	docs := map[string]int{}
	for _, f := range files {
		docs[f.pkg] += 0
		want := "Package " + f.Name.Name + " "
		if f.Name.Name == "main" {
			want = "Command " + path.Base(f.pkg) + " "
		} else if f.Name.Name != path.Base(f.pkg) {
			t.Errorf("%s: package %s in a folder of another name", f.path, f.Name.Name)
		}
		if f.Doc == nil || strings.HasSuffix(f.path, "_templ.go") {
			continue
		}
		docs[f.pkg]++
		if text := f.Doc.Text(); !strings.HasPrefix(text, want) {
			t.Errorf("%s: the comment of the package must begin with %q, not %.30q", f.path, want, text)
		}
	}
	for pkg, n := range docs {
		if n != 1 {
			t.Errorf("package %s has %d package comments, want 1", pkg, n)
		}
	}
}

func TestNoPackageHasANameThatSaysNothing(t *testing.T) {
	t.Parallel()
	files, _ := sources(t)
	for _, f := range files {
		if slices.Contains(forbidden, f.Name.Name) {
			t.Errorf("%s: a package called %s owns nothing; name it after a noun of the trade", f.path, f.Name.Name)
		}
	}
}

// TestTheMapShowsEveryPackage keeps doc.go true: the packages that exist, in the
// order of imports, and no others.
func TestTheMapShowsEveryPackage(t *testing.T) {
	t.Parallel()
	files, _ := sources(t)
	exists := map[string]bool{}
	for _, f := range files {
		exists[f.pkg] = true
	}
	var want []string
	for _, pkg := range order {
		if exists[pkg] && pkg != "web/e2e/gallery" {
			want = append(want, pkg)
		}
	}
	if got := mapped(t); !slices.Equal(got, want) {
		t.Errorf("doc.go lists\n  %s\nand there are, in order,\n  %s", strings.Join(got, " "), strings.Join(want, " "))
	}
}

// mapped returns the packages in the list of doc.go.
func mapped(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, list, found := strings.Cut(string(text), "in reading order:\n")
	if !found {
		t.Fatal("doc.go has no list in reading order")
	}
	list, _, _ = strings.Cut(list, "// Begin with")
	var names []string
	for line := range strings.Lines(list) {
		if fields := strings.Fields(strings.TrimPrefix(line, "//")); len(fields) > 1 {
			names = append(names, fields[0])
		}
	}
	return names
}

// TestTheRulesFindWhatTheyForbid checks the checks on a file that breaks them.
func TestTheRulesFindWhatTheyForbid(t *testing.T) {
	t.Parallel()
	const text = `package answer
import (
	clock "time"
	"os"
	"net/http"
	"github.com/jackc/pgx/v5/pgxpool"
	"log/slog"
)
var _, _ = clock.Now, os.Getenv
`
	f, err := parser.ParseFile(token.NewFileSet(), "x.go", text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, u := range tools {
		if n := len(usesOf(source{"x.go", "answer", f}, u)); n > 0 {
			got = append(got, fmt.Sprint(u.name, " ", n))
		}
	}
	want := []string{"pgx 1", "net/http 1", "the environment 1", "the clock 1", "slog 1"}
	if !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}
