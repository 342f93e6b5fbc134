package localpg_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/localpg"
)

func TestRefusalsSayWhatToDo(t *testing.T) {
	t.Parallel()
	root := os.Geteuid() == 0
	for name, c := range map[string]struct {
		skip bool
		make func(dir string) localpg.Config
		want []string
	}{
		"no folder": {make: func(string) localpg.Config { return localpg.Config{} }, want: []string{"no data folder"}},
		"long path": {
			make: func(dir string) localpg.Config {
				return localpg.Config{Dir: filepath.Join(dir, strings.Repeat("x", 100))}
			},
			want: []string{"too long for a socket", "shorter"},
		},
		"closed parent": {
			skip: !root,
			make: func(dir string) localpg.Config {
				must(t, os.Mkdir(filepath.Join(dir, "root"), 0o700))
				return localpg.Config{Dir: filepath.Join(dir, "root", "data")}
			},
			want: []string{"may not enter", "root (mode 0700)", "another data folder"},
		},
		"not writable": {
			skip: root,
			make: func(dir string) localpg.Config {
				must(t, os.Chmod(dir, 0o555))
				return localpg.Config{Dir: dir}
			},
			want: []string{"cannot write in"},
		},
		"cluster of root": {
			skip: !root,
			make: func(dir string) localpg.Config {
				must(t, os.Mkdir(filepath.Join(dir, "pg"), 0o700))
				return localpg.Config{Dir: dir}
			},
			want: []string{"belongs to root", "chown"},
		},
		"other version": {
			skip: os.Getenv("PG_BIN") != "",
			make: func(dir string) localpg.Config { return fakeCluster(t, dir, "99") },
			want: []string{"no PostgreSQL 99 is on this machine", "DATABASE_URL", "postgresql-99", "PG_BIN"},
		},
		"lost passwords": {
			make: func(dir string) localpg.Config {
				c := fakeCluster(t, dir, "99")
				must(t, os.Remove(filepath.Join(dir, "pg.secret")))
				return c
			},
			want: []string{"pg.secret", "missing"},
		},
		"no binaries where told": {
			make: func(dir string) localpg.Config { return localpg.Config{Dir: dir, BinDir: "/nowhere"} },
			want: []string{"/nowhere", "cannot be used"},
		},
		"server that cannot start": {
			make: func(dir string) localpg.Config {
				return localpg.Config{Dir: dir, Settings: map[string]string{"no_such_setting": "1"}}
			},
			want: []string{"ended before it was ready", `unrecognized configuration parameter "no_such_setting"`},
		},
	} {
		if c.skip {
			continue // is about the other kind of user
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := tryOpen(t, c.make(folder(t)))
			if err == nil {
				must(t, s.Close())
				t.Fatal("opened")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not say %q", err, want)
				}
			}
		})
	}
}

// fakeCluster makes a folder that only looks like a cluster of a version.
func fakeCluster(t *testing.T, dir, version string) localpg.Config {
	t.Helper()
	pg := filepath.Join(dir, "pg")
	must(t, os.Mkdir(pg, 0o700))
	must(t, os.WriteFile(filepath.Join(pg, "PG_VERSION"), []byte(version+"\n"), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "pg.secret"), []byte(`{"uitvraag":"x"}`), 0o600))
	if os.Geteuid() == 0 {
		must(t, os.Chown(pg, 65534, 65534))
	}
	return localpg.Config{Dir: dir}
}

func TestUnpackTakesThePinnedContentOnly(t *testing.T) {
	t.Parallel()
	archive, sum := makeArchive(t, map[string]string{
		"package/native/bin/initdb":         "binary",
		"package/native/lib/libpq.so.5":     "library",
		"package/native/lib/libpq.a":        "static",
		"package/scripts/install.js":        "script",
		"package/native/pg-symlinks.json":   `[{"source":"native/lib/libpq.so.5","target":"native/lib/libpq.so"}]`,
		"package/native/share/deep/er/file": "text",
	})

	dir := t.TempDir()
	err := localpg.Unpack(archive, "x"+sum[1:], dir)
	if err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("an archive with other content: %v, want a refusal", err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("a refused archive left %v", left)
	}

	must(t, localpg.Unpack(archive, sum, dir))
	for name, want := range map[string]string{"bin/initdb": "binary", "lib/libpq.so": "library", "share/deep/er/file": "text"} {
		got, err := os.ReadFile(filepath.Join(dir, "native", name))
		if string(got) != want {
			t.Errorf("%s holds %q (%v), want %q", name, got, err, want)
		}
	}
	for _, name := range []string{"native/lib/libpq.a", "scripts", "package"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			t.Errorf("%s was unpacked", name)
		}
	}
}

func TestUnpackStaysInsideItsFolder(t *testing.T) {
	t.Parallel()
	archive, sum := makeArchive(t, map[string]string{"package/native/../../escaped": "x"})
	dir := filepath.Join(t.TempDir(), "a")
	must(t, os.Mkdir(dir, 0o700))
	if err := localpg.Unpack(archive, sum, dir); err == nil {
		t.Error("a path that leaves the folder was accepted")
	}
	if _, err := os.Stat(filepath.Join(dir, "..", "escaped")); err == nil {
		t.Error("a file was written outside the folder")
	}
}

func makeArchive(t *testing.T, files map[string]string) (path, sum string) {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for name, text := range files {
		must(t, w.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(text)), Typeflag: tar.TypeReg}))
		_, err := w.Write([]byte(text))
		must(t, err)
	}
	must(t, w.Close())
	must(t, z.Close())
	path = filepath.Join(t.TempDir(), "archive.tgz")
	must(t, os.WriteFile(path, b.Bytes(), 0o600))
	s := sha512.Sum512(b.Bytes())
	return path, base64.StdEncoding.EncodeToString(s[:])
}
