package backup_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/uitvraag/uitvraag/internal/backup"
)

// tables are rows by table, one of them larger than a part.
func tables() map[string]string {
	var large strings.Builder
	for i := range 120_000 {
		fmt.Fprintf(&large, "%d\tPO%04d\t\\N\tgeen zicht op \\\\ n.v.t. \\n en een tab \\t erbij\n", i, i)
	}
	return map[string]string{"answer.save": large.String(), "register.unit": "1\tPO0001\n2\tÜñï\n", "staff.audit": ""}
}

func header(of map[string]string) backup.Header {
	h := backup.Header{Made: time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC), Schema: 8, Postgres: "18.4"}
	for name := range of {
		h.Tables = append(h.Tables, backup.Table{Name: name, Columns: []string{"id", "code"}})
	}
	slices.SortFunc(h.Tables, func(a, b backup.Table) int { return strings.Compare(a.Name, b.Name) })
	return h
}

func write(t testing.TB, of map[string]string, to ...age.Recipient) []byte {
	t.Helper()
	var file bytes.Buffer
	h := header(of)
	w, err := backup.NewWriter(&file, h, to...)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range h.Tables {
		err := w.Table(func(rows io.Writer) error {
			for line := range strings.Lines(of[table.Name]) {
				if _, err := io.WriteString(rows, line); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Close([]backup.Sequence{{Name: "register.unit_id_seq", Value: 2}}); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func read(file []byte, keys ...age.Identity) (map[string]string, backup.Manifest, error) {
	r, err := backup.NewReader(bytes.NewReader(file), keys...)
	if err != nil {
		return nil, backup.Manifest{}, err
	}
	got := map[string]string{}
	for {
		table, rows, err := r.Table()
		if errors.Is(err, io.EOF) {
			m, err := r.Finish()
			return got, m, err
		}
		if err != nil {
			return nil, backup.Manifest{}, err
		}
		all, err := io.ReadAll(rows)
		if err != nil {
			return nil, backup.Manifest{}, err
		}
		got[table.Name] = string(all)
	}
}

func same(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for name, rows := range a {
		if b[name] != rows {
			return false
		}
	}
	return true
}

func TestABackupIsReadBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	want := tables()
	got, m, err := read(write(t, want))
	if err != nil || !same(got, want) {
		t.Fatalf("what was read is not what was written: %v", err)
	}
	if m.Rows() != 120_002 || len(m.Sequences) != 1 || m.Sequences[0].Value != 2 {
		t.Errorf("manifest %d rows, %v", m.Rows(), m.Sequences)
	}
	r, err := backup.NewReader(bytes.NewReader(write(t, want)))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := backup.Check(r); err != nil || again.Rows() != m.Rows() {
		t.Errorf("check: %v, %v", again.Rows(), err)
	}
}

func TestABackupCanBeOpenedWithTar(t *testing.T) {
	t.Parallel()
	z, err := gzip.NewReader(bytes.NewReader(write(t, tables())))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, h.Name)
	}
	if want := []string{"header.json", "tables/answer.save/000001", "tables/answer.save/000002", "tables/register.unit/000001", "tables/staff.audit/000001", "manifest.json"}; !slices.Equal(names[:2], want[:2]) || !slices.Equal(names[len(names)-3:], want[3:]) {
		t.Errorf("entries %v", names)
	}
}

func TestAnEncryptedBackupOpensForItsReaderOnly(t *testing.T) {
	t.Parallel()
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	file := write(t, tables(), key.Recipient())
	if bytes.Contains(file, []byte("register.unit")) {
		t.Error("an encrypted backup can be read")
	}
	if got, _, err := read(file, other, key); err != nil || !same(got, tables()) {
		t.Errorf("with its key: %v", err)
	}
	for what, keys := range map[string][]age.Identity{"no key": nil, "another key": {other}} {
		if _, _, err := read(file, keys...); !errors.Is(err, backup.ErrEncrypted) {
			t.Errorf("with %s: %v", what, err)
		}
	}
}

// A backup that was cut off or changed anywhere is refused, or is still whole.
func TestADamagedBackupIsRefused(t *testing.T) {
	t.Parallel()
	want := map[string]string{"register.unit": "1\tPO0001\n2\tPO0002\n", "answer.save": "1\t{}\n"}
	file := write(t, want)
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	sealed := write(t, want, key.Recipient())
	for n := range len(file) {
		if _, _, err := read(file[:n]); err == nil {
			t.Fatalf("cut off at %d of %d bytes, and read as if whole", n, len(file))
		}
		changed := slices.Clone(file)
		changed[n] ^= 0x10
		if got, _, err := read(changed); err == nil && !same(got, want) {
			t.Fatalf("byte %d changed, and other rows come out", n)
		}
	}
	for n := 0; n < len(sealed); n += 7 {
		if _, _, err := read(sealed[:n], key); err == nil {
			t.Fatalf("encrypted and cut off at %d of %d bytes, and read as if whole", n, len(sealed))
		}
	}
}

func TestTheSameRowsInAnotherOrderHaveTheSameDigest(t *testing.T) {
	t.Parallel()
	total := func(pieces ...string) backup.Total {
		var d backup.Digest
		for _, p := range pieces {
			_, _ = d.Write([]byte(p))
		}
		return d.Total("x")
	}
	a := total("een\ntwee\ndrie\n")
	if b := total("dr", "ie\ne", "en\ntw", "ee\n"); a != b {
		t.Errorf("%v and %v", a, b)
	}
	for _, other := range []string{"een\ntwee\n", "een\ntwee\ndrie\ndrie\n", "een\ntweedrie\n\n", "een\ntwee\ndrie\nvier", "een\ntwee\ndrei\n"} {
		if a == total(other) {
			t.Errorf("%q has the same digest", other)
		}
	}
}

func FuzzNewReader(f *testing.F) {
	file := write(f, map[string]string{"register.unit": "1\tPO0001\n"})
	f.Add(file)
	f.Add(file[:len(file)/2])
	f.Add([]byte("age-encryption.org/v1\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		got, m, err := read(file)
		if err == nil && len(got) != len(m.Tables) {
			t.Errorf("%d tables, and the manifest has %d", len(got), len(m.Tables))
		}
	})
}
