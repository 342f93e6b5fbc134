package main_test

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
)

// cut starts a command and kills it within a while, unless it ends before.
func (p *plant) cut(within time.Duration, args ...string) (whole bool) {
	p.t.Helper()
	c := p.command(args...)
	if err := c.Start(); err != nil {
		p.t.Fatal(err)
	}
	time.AfterFunc(time.Duration(rand.Int64N(int64(within))), func() { _ = c.Process.Kill() }) // it may have ended
	err := c.Wait()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		p.t.Fatal(err)
	}
	return err == nil
}

// tablesOf is the book of tables without the moment at which it was made.
func (p *plant) tablesOf(study, instrument string) string {
	p.t.Helper()
	var out []string
	for line := range strings.Lines(p.run("tables", "--study", study, "--instrument", instrument, "--format", "json")) {
		if !strings.Contains(line, `"generated"`) {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

// A study is backed up, destroyed and restored, with both killed in the middle.
func TestABackupSurvivesTheDatabaseAndBothSurviveKills(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	p.run("demo")
	want := p.tablesOf("demo-2018", "swv")
	folder := t.TempDir()
	file := filepath.Join(folder, "kopie.tar.gz")
	rounds := max(3, number(t, "UITVRAAG_KILLS", 3)/10)
	for range rounds {
		if p.cut(1500*time.Millisecond, "backup", file); exists(t, file) {
			p.run("backup", "check", file)
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
		}
	}
	p.wants("a backup after kills", p.try("", "backup", file), 0)
	p.wants("a folder that keeps one", p.try("", "backup", "--keep", "1", "--test", folder), 0)
	p.wants("again", p.try("", "backup", "--keep", "1", folder), 0)
	if names, err := filepath.Glob(filepath.Join(folder, "uitvraag-*.tar.gz")); err != nil || len(names) != 1 {
		t.Errorf("the folder keeps %v, %v", names, err)
	}
	secret, err := os.ReadFile(filepath.Join(p.dir, "secret"))
	if err != nil {
		t.Fatal(err)
	}

	q := newPlant(t)
	q.wants("beside another secret", q.try("", "restore", file), 1, "another secret", "--other-secret")
	if err := os.WriteFile(filepath.Join(q.dir, "secret"), secret, 0o600); err != nil {
		t.Fatal(err)
	}
	for range rounds {
		q.cut(1500*time.Millisecond, "restore", file)
	}
	if r := q.try("", "restore", file); r.code == 0 {
		q.wants("a restore after kills", r, 0, "compared one by one", "Sending is locked")
	} else { // one was whole, whether or not it lived to tell
		q.wants("a restore after one that was whole", r, 1, "not empty")
	}
	if got := q.tablesOf("demo-2018", "swv"); got != want {
		t.Error("the tables of the restored database are other ones")
	}
	q.wants("over a study", q.try("", "restore", file), 1, "not empty")
	q.wants("locked", q.try("", "fieldwork", "unlock"), 2, "--all-sent", "--nothing-sent", "--decide-later")
	q.wants("unlocked", q.try("", "fieldwork", "unlock", "--decide-later"), 0, "unlocked")
	q.wants("no lock", q.try("", "fieldwork", "unlock"), 0, "not locked")
}

func TestABackupForSomebodyElseIsReadWithTheirKey(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	file, keys := filepath.Join(t.TempDir(), "kopie.age"), filepath.Join(t.TempDir(), "sleutel")
	if err := os.WriteFile(keys, []byte(key.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.wants("no key at all", p.try("", "backup", "--to", "age1zomaar", file), 2, "--to")
	p.wants("nothing there", p.try("", "backup", file), 1, "no schema")
	p.run("migrate")
	p.wants("encrypted", p.try("", "backup", "--to", key.Recipient().String(), file), 0)
	p.wants("without the key", p.try("", "backup", "check", file), 1, "encrypted")
	p.wants("with the key", p.try("", "backup", "check", "--test", "--identity", keys, file), 0)
}

func exists(t *testing.T, path string) bool {
	t.Helper()
	_, err := os.Stat(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return err == nil
}
