package mail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// A Spool is a [Source] of the mails in a folder, oldest name first. In a
// maildir it reads new/ and moves what is done to cur/, as seen; in any other
// folder it reads each file and moves what is done to done/. A file is to be
// put in the folder by renaming, or by a name that begins with a dot until it
// is whole.
type Spool struct {
	root     *os.Root // nothing outside the folder is read, through links neither
	maildir  bool
	from, to string
	names    []string
	listed   bool
}

// OpenSpool opens a folder.
func OpenSpool(dir string) (*Spool, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	s := &Spool{root: root, from: ".", to: "done"}
	if st, err := root.Stat("new"); err == nil && st.IsDir() {
		s.maildir, s.from, s.to = true, "new", "cur"
	}
	return s, nil
}

// Next implements [Source].
func (s *Spool) Next(ctx context.Context) (Letter, error) {
	if !s.listed {
		if err := s.list(); err != nil {
			return Letter{}, fmt.Errorf("spool: %w", err)
		}
	}
	for len(s.names) > 0 {
		if err := ctx.Err(); err != nil {
			return Letter{}, err
		}
		name := s.names[0]
		s.names = s.names[1:]
		data, err := s.read(path.Join(s.from, name))
		switch {
		case errors.Is(err, fs.ErrNotExist): // another has taken it
		case err != nil:
			return Letter{}, fmt.Errorf("spool: %w", err)
		case len(data) > 0:
			return Letter{Data: data, name: name}, nil
		}
	}
	return Letter{}, io.EOF
}

func (s *Spool) list() error {
	entries, err := fs.ReadDir(s.root.FS(), s.from)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Type().IsRegular() && !strings.HasPrefix(e.Name(), ".") {
			s.names = append(s.names, e.Name())
		}
	}
	slices.Sort(s.names)
	s.listed = true
	return nil
}

func (s *Spool) read(name string) ([]byte, error) {
	f, err := s.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	return readLetter(f)
}

// Done implements [Source]. A mail that is no longer there is done too.
func (s *Spool) Done(_ context.Context, l Letter) error {
	if l.name == "" {
		return errors.New("spool: this mail is not from a folder")
	}
	if err := s.root.Mkdir(s.to, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("spool: %w", err)
	}
	name := l.name
	if s.maildir && !strings.Contains(name, ":2,") {
		name += ":2,S"
	}
	err := s.root.Rename(path.Join(s.from, l.name), path.Join(s.to, name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("spool: %w", err)
	}
	return nil
}

// Close implements [Source].
func (s *Spool) Close() error { return s.root.Close() }
