// Package backup owns the file of a backup: every table of one moment as rows of
// text, with a digest of each, in one stream. It knows no database; store fills
// the file and reads it back.
//
// The file is a gzipped tar, so that it can be opened by hand as well:
//
//	header.json                    what it is of: see Header
//	tables/register.unit/000001    rows as PostgreSQL's COPY writes them as text
//	tables/register.unit/000002    … in parts, so that nothing has to fit in memory
//	manifest.json                  rows and digest of every table: see Manifest
//
// Encrypted, the whole is an age file (https://age-encryption.org/v1). The
// manifest comes last: a file without it was cut off, and is refused.
package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"path"
	"slices"
	"strings"
	"time"

	"filippo.io/age"
)

// Format is the format of the files that this package writes, and the newest
// that it reads.
const Format = 1

// Failures that a caller tells apart.
var (
	ErrEncrypted = errors.New("the backup is encrypted, and none of the given keys opens it")
	ErrDamaged   = errors.New("the backup is damaged or cut off")
	ErrNewer     = errors.New("the backup was made by a newer version of Uitvraag")
)

// A Header says what a backup is of. It stands first in the file.
type Header struct {
	Format   int       `json:"format"`
	Made     time.Time `json:"made"`   // the moment of which it is
	Schema   int64     `json:"schema"` // number of the last migration
	Postgres string    `json:"postgres"`
	Secret   string    `json:"secret,omitempty"` // see Mark
	Tables   []Table   `json:"tables"`
}

// A Table is a table with the columns that its rows hold, in order.
type Table struct {
	Name    string   `json:"name"` // register.unit
	Columns []string `json:"columns"`
}

// A Manifest says what the tables of a backup hold. It stands last in the file.
type Manifest struct {
	Tables    []Total    `json:"tables"` // in the order of the header
	Sequences []Sequence `json:"sequences"`
}

// Rows returns the number of rows of all tables.
func (m Manifest) Rows() int64 {
	var n int64
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

// A Total is what one table holds.
type Total struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"`
	Digest string `json:"digest"` // see Digest
}

// A Sequence is the last number that a sequence gave out.
type Sequence struct {
	Name  string `json:"name"`
	Value int64  `json:"value"`
}

// Mark recognises a secret without holding it: HMAC-SHA-256 of a fixed text, the
// first 16 bytes. A database that is restored beside another secret cannot know
// which addresses asked to be left alone.
func Mark(secret string) string {
	h := hmac.New(sha256.New, []byte(secret))
	_, _ = io.WriteString(h, "uitvraag backup") // a hash never fails
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// A Digest is the sum, modulo 2^256, of the SHA-256 of every line written to it:
// it says whether two tables hold the same rows, in whatever order.
type Digest struct {
	Rows int64
	sum  [4]uint64
	rest []byte
}

// Write takes whole and half lines; it never fails.
func (d *Digest) Write(p []byte) (int, error) {
	n := len(p)
	for {
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			d.rest = append(d.rest, p...)
			return n, nil
		}
		if len(d.rest) > 0 {
			d.rest = append(d.rest, p[:i]...)
			d.add(d.rest)
			d.rest = d.rest[:0]
		} else {
			d.add(p[:i])
		}
		p = p[i+1:]
	}
}

func (d *Digest) add(line []byte) {
	h := sha256.Sum256(line)
	var carry uint64
	for i := range d.sum {
		var word uint64
		for _, b := range h[8*i : 8*i+8] {
			word = word<<8 | uint64(b)
		}
		d.sum[i], carry = bits.Add64(d.sum[i], word, carry)
	}
	d.Rows++
}

// Total returns what was written so far, as that of a table. A half line at the
// end makes it the total of no table.
func (d *Digest) Total(table string) Total {
	t := Total{Name: table, Rows: d.Rows, Digest: fmt.Sprintf("%016x%016x%016x%016x", d.sum[3], d.sum[2], d.sum[1], d.sum[0])}
	if len(d.rest) > 0 {
		t.Digest += "+"
	}
	return t
}

// partSize is how much of a table stands in one part of the file.
const partSize = 4 << 20

// A Writer writes a backup.
type Writer struct {
	made     time.Time
	tables   []Table
	manifest Manifest
	tar      *tar.Writer
	closers  []io.Closer // in the order in which they are closed
}

// NewWriter begins a backup. With recipients only they can read it.
func NewWriter(w io.Writer, h Header, to ...age.Recipient) (*Writer, error) {
	out := &Writer{made: h.Made, tables: h.Tables}
	if len(to) > 0 {
		e, err := age.Encrypt(w, to...)
		if err != nil {
			return nil, fmt.Errorf("backup: %w", err)
		}
		out.closers, w = append(out.closers, e), e
	}
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	out.tar = tar.NewWriter(z)
	out.closers = append([]io.Closer{out.tar, z}, out.closers...)
	h.Format = Format
	return out, out.json("header.json", h)
}

func (w *Writer) json(name string, v any) error {
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return fmt.Errorf("backup: %s: %w", name, err)
	}
	return w.entry(name, append(text, '\n'))
}

func (w *Writer) entry(name string, content []byte) error {
	err := w.tar.WriteHeader(&tar.Header{Name: name, Size: int64(len(content)), Mode: 0o600, ModTime: w.made, Format: tar.FormatPAX})
	if err == nil {
		_, err = w.tar.Write(content)
	}
	if err != nil {
		return fmt.Errorf("backup: %s: %w", name, err)
	}
	return nil
}

// Table writes the next table of the header; fill writes its rows, a line each.
func (w *Writer) Table(fill func(io.Writer) error) error {
	name := w.tables[len(w.manifest.Tables)].Name
	p := part{w: w, name: name}
	if err := fill(&p); err != nil {
		return err
	}
	if err := p.flush(); err != nil {
		return err
	}
	w.manifest.Tables = append(w.manifest.Tables, p.digest.Total(name))
	return nil
}

// A part collects rows until they are worth an entry.
type part struct {
	w      *Writer
	name   string
	n      int
	digest Digest
	rows   bytes.Buffer
}

func (p *part) Write(rows []byte) (int, error) {
	_, _ = p.digest.Write(rows)
	p.rows.Write(rows)
	if p.rows.Len() < partSize {
		return len(rows), nil
	}
	return len(rows), p.flush()
}

func (p *part) flush() error {
	if p.rows.Len() == 0 && p.n > 0 {
		return nil
	}
	p.n++
	err := p.w.entry(fmt.Sprintf("tables/%s/%06d", p.name, p.n), p.rows.Bytes())
	p.rows.Reset()
	return err
}

// Close ends the backup. Without it the file is worth nothing.
func (w *Writer) Close(sequences []Sequence) (Manifest, error) {
	if n := len(w.manifest.Tables); n != len(w.tables) {
		return w.manifest, fmt.Errorf("backup: %d of %d tables were written", n, len(w.tables))
	}
	w.manifest.Sequences = sequences
	if err := w.json("manifest.json", w.manifest); err != nil {
		return w.manifest, err
	}
	for _, c := range w.closers {
		if err := c.Close(); err != nil {
			return w.manifest, fmt.Errorf("backup: %w", err)
		}
	}
	return w.manifest, nil
}

// A Reader reads a backup.
type Reader struct {
	Header
	tar    *tar.Reader
	end    io.Reader   // what must be read to its end for the file to be whole
	entry  *tar.Header // the one that Read reads now
	table  *rows
	totals []Total
}

// NewReader begins to read a backup, with the keys of whom it may be for.
func NewReader(r io.Reader, keys ...age.Identity) (*Reader, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	r = b
	if magic, err := b.Peek(len(ageMagic)); err == nil && string(magic) == ageMagic {
		if len(keys) == 0 {
			return nil, ErrEncrypted
		}
		open, err := age.Decrypt(b, keys...)
		if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
			return nil, ErrEncrypted
		}
		if err != nil {
			return nil, damaged(err)
		}
		r = open
	}
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, damaged(err)
	}
	out := &Reader{tar: tar.NewReader(z), end: z}
	if err := out.next(); err != nil {
		return nil, err
	}
	if out.entry.Name != "header.json" {
		return nil, damaged(fmt.Errorf("it begins with %q", out.entry.Name))
	}
	if err := out.json(&out.Header); err != nil {
		return nil, err
	}
	if out.Format > Format {
		return nil, ErrNewer
	}
	return out, out.next()
}

const ageMagic = "age-encryption.org/v1"

// most is how large a description in a backup may be: nothing is read of which
// the size is somebody else's choice.
const most = 16 << 20

func (r *Reader) json(into any) error {
	text, err := io.ReadAll(io.LimitReader(r.tar, most))
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		return damaged(fmt.Errorf("%s: %w", r.entry.Name, err))
	}
	return nil
}

func damaged(err error) error { return fmt.Errorf("%w: %w", ErrDamaged, err) }

func (r *Reader) next() error {
	var err error
	if r.entry, err = r.tar.Next(); err != nil {
		r.entry = &tar.Header{}
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF // the manifest ends a backup, not the file
		}
		return damaged(err)
	}
	return nil
}

// Table returns the next table with its rows, or io.EOF after the last one. What
// is left unread of the table before is read first.
func (r *Reader) Table() (Table, io.Reader, error) {
	if r.table != nil {
		if _, err := io.Copy(io.Discard, r.table); err != nil {
			return Table{}, nil, err
		}
		r.totals = append(r.totals, r.table.digest.Total(r.table.name))
		r.table = nil
	}
	name, ok := tableOf(r.entry.Name)
	n := len(r.totals)
	switch {
	case !ok && n < len(r.Tables), ok && (n >= len(r.Tables) || r.Tables[n].Name != name):
		return Table{}, nil, damaged(fmt.Errorf("%q is not what comes here", r.entry.Name))
	case !ok:
		return Table{}, nil, io.EOF
	}
	r.table = &rows{r: r, name: name}
	return r.Tables[n], r.table, nil
}

// tableOf returns the table of an entry.
func tableOf(entry string) (string, bool) {
	dir, _ := path.Split(entry)
	name, ok := strings.CutPrefix(dir, "tables/")
	return strings.TrimSuffix(name, "/"), ok
}

// rows reads the parts of one table as one.
type rows struct {
	r      *Reader
	name   string
	over   bool
	digest Digest
}

func (t *rows) Read(p []byte) (int, error) {
	for !t.over {
		n, err := t.r.tar.Read(p)
		_, _ = t.digest.Write(p[:n])
		if err == nil || n > 0 && errors.Is(err, io.EOF) {
			return n, nil
		}
		if !errors.Is(err, io.EOF) {
			return n, damaged(err)
		}
		if err := t.r.next(); err != nil {
			return 0, err
		}
		name, ok := tableOf(t.r.entry.Name)
		t.over = !ok || name != t.name
	}
	return 0, io.EOF
}

// Finish reads the manifest, after the last table, and compares what was read
// with it. Only now it is certain that the backup is whole.
func (r *Reader) Finish() (Manifest, error) {
	var m Manifest
	if r.entry.Name != "manifest.json" {
		return m, damaged(fmt.Errorf("%q stands where the manifest should", r.entry.Name))
	}
	if err := r.json(&m); err != nil {
		return m, err
	}
	if err := Compare(m.Tables, r.totals); err != nil {
		return m, damaged(err)
	}
	if _, err := r.tar.Next(); !errors.Is(err, io.EOF) {
		return m, damaged(errors.New("something follows the manifest"))
	}
	if _, err := io.Copy(io.Discard, r.end); err != nil { // the checksums stand at the end
		return m, damaged(err)
	}
	return m, nil
}

// Compare says which tables do not hold what they should.
func Compare(want, got []Total) error {
	var faults []error
	for _, w := range want {
		i := slices.IndexFunc(got, func(g Total) bool { return g.Name == w.Name })
		switch {
		case i < 0:
			faults = append(faults, fmt.Errorf("%s is missing", w.Name))
		case got[i].Rows != w.Rows:
			faults = append(faults, fmt.Errorf("%s has %d rows and should have %d", w.Name, got[i].Rows, w.Rows))
		case got[i] != w:
			faults = append(faults, fmt.Errorf("%s holds other rows than it should", w.Name))
		}
	}
	if len(got) > len(want) {
		faults = append(faults, fmt.Errorf("%d tables and not %d", len(got), len(want)))
	}
	return errors.Join(faults...)
}

// Check reads a whole backup and says whether it is sound.
func Check(r *Reader) (Manifest, error) {
	for {
		_, _, err := r.Table()
		if errors.Is(err, io.EOF) {
			return r.Finish()
		}
		if err != nil {
			return Manifest{}, err
		}
	}
}
