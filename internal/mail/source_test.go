package mail_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/mail"
)

// drain takes what a source offers, marks what done says, and returns the mails.
func drain(t *testing.T, s mail.Source, done func(data string) bool) []string {
	t.Helper()
	var all []string
	for {
		l, err := s.Next(t.Context())
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(l.Data))
		if done(string(l.Data)) {
			if err := s.Done(t.Context(), l); err != nil {
				t.Fatal(err)
			}
			if err := s.Done(t.Context(), l); err != nil { // twice is harmless
				t.Fatal(err)
			}
		}
	}
}

func yes(string) bool { return true }
func no(string) bool  { return false }

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, url string) mail.Source {
	t.Helper()
	s, err := mail.OpenSource(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestAFolderIsReadOnceEachMail(t *testing.T) {
	t.Parallel()
	for _, sub := range []string{"", "new"} {
		dir := t.TempDir()
		for _, name := range []string{"cur", "tmp"} {
			if sub != "" {
				put(t, filepath.Join(dir, name, "0"), "not to be read")
			}
		}
		for _, name := range []string{"b", "a", "c", ".half", "empty"} {
			put(t, filepath.Join(dir, sub, name), map[bool]string{true: "", false: "mail " + name}[name == "empty"])
		}
		put(t, filepath.Join(dir, "elsewhere", "secret"), "secret")
		outside := filepath.Join(t.TempDir(), "passwd")
		put(t, outside, "outside")
		if err := os.Symlink(outside, filepath.Join(dir, sub, "link")); err != nil {
			t.Fatal(err)
		}
		want := "mail a|mail b|mail c"
		if got := strings.Join(drain(t, open(t, "file://"+dir), no), "|"); got != want {
			t.Errorf("%q first: %s", sub, got)
		}
		// Whatever was not marked, after a crash too, comes again.
		if got := strings.Join(drain(t, open(t, "file://"+dir), func(m string) bool { return m != "mail b" }), "|"); got != want {
			t.Errorf("%q second: %s", sub, got)
		}
		if got := strings.Join(drain(t, open(t, "file://"+dir), yes), "|"); got != "mail b" {
			t.Errorf("%q third: %s", sub, got)
		}
		if got := drain(t, open(t, "file://"+dir), yes); got != nil {
			t.Errorf("%q fourth: %s", sub, got)
		}
		kept := map[string]string{"": "done/b", "new": "cur/b:2,S"}[sub]
		if data, err := os.ReadFile(filepath.Join(dir, kept)); string(data) != "mail b" {
			t.Errorf("%q: %q %v", sub, data, err)
		}
	}
}

func TestTwoReadersOfOneFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, filepath.Join(dir, "a"), "a")
	put(t, filepath.Join(dir, "b"), "b")
	one, two := open(t, "file://"+dir), open(t, "file://"+dir)
	if _, err := two.Next(t.Context()); err != nil {
		t.Fatal(err)
	}
	drain(t, one, yes)
	if got := drain(t, two, yes); got != nil {
		t.Errorf("the other got %q, which was gone", got)
	}
}

func TestALongMailIsReadInPart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, filepath.Join(dir, "a"), "Subject: lang\n\n"+strings.Repeat("tekst\n", 2<<20))
	for _, s := range []mail.Source{open(t, "file://"+dir), mail.NewPipe(must(os.Open(filepath.Join(dir, "a"))))} {
		l, err := s.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if in := keys.Read(l.Data); !in.Truncated || in.Subject != "lang" || len(l.Data) > mail.MaxIncoming+1 {
			t.Errorf("%d bytes, truncated %t", len(l.Data), in.Truncated)
		}
	}
}

func TestAPipeHoldsOneMail(t *testing.T) {
	t.Parallel()
	if got := drain(t, mail.NewPipe(bytes.NewReader(fixture(t, "qmail"))), yes); len(got) != 1 || keys.Read([]byte(got[0])).ID != "42" {
		t.Errorf("got %q", got)
	}
	if got := drain(t, mail.NewPipe(strings.NewReader("")), yes); got != nil {
		t.Errorf("got %q of nothing", got)
	}
	broken := mail.NewPipe(io.MultiReader(strings.NewReader("Subject: half"), brokenReader{}))
	if _, err := broken.Next(t.Context()); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("half a mail: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := mail.NewPipe(strings.NewReader("x")).Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestSourcesThatCannotBeOpened(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "pop3://u:geheim@x", "imap://x/INBOX", "imaps://u@x", "file://", "file://host/path", "file:///does/not/exist",
		"imap://u:geheim@127.0.0.1:1/INBOX", "imaps://u:geheim@127.0.0.1:1", "imap://u:ge heim@%zz", "/var/mail"} {
		if s, err := mail.OpenSource(t.Context(), url, nil); err == nil || strings.Contains(err.Error(), "heim") {
			t.Errorf("%s: %v %v", url, s, err)
		}
	}
}
