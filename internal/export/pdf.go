package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"
)

// ErrNoPrinter says that there is no browser to print with.
var ErrNoPrinter = errors.New("no browser found to make a PDF with")

// A Printer turns a page into a tagged PDF, or a drawing into a picture, with a browser that runs without a
// window. Its zero value has no browser.
type Printer struct {
	browser string
	root    bool          // the process is the superuser, whose browser has no sandbox
	turns   chan struct{} // a browser takes much memory: so many at a time
}

// printing is how long one document may take. Five hundred letters take a quarter
// of it on two cores.
const printing = 90 * time.Second

// NewPrinter returns a printer that uses the given browser, at most two at a
// time.
func NewPrinter(browser string, root bool) *Printer {
	return &Printer{browser: browser, root: root, turns: make(chan struct{}, 2)}
}

// Ready reports whether there is a browser.
func (p *Printer) Ready() bool { return p != nil && p.browser != "" }

// PDF prints index.html of files, which may refer to the others by name. The
// document is tagged, as the page is, and asks nothing of a network.
func (p *Printer) PDF(ctx context.Context, files map[string][]byte) ([]byte, error) {
	return p.make(ctx, files, "index.html", "out.pdf", "--no-pdf-header-footer", "--export-tagged-pdf", "--print-to-pdf=")
}

// PNG makes a picture of an SVG of this size, with two pixels for each of its own.
func (p *Printer) PNG(ctx context.Context, svg []byte, width, height int) ([]byte, error) {
	return p.make(ctx, map[string][]byte{"index.svg": svg}, "index.svg", "out.png", "--hide-scrollbars", "--force-device-scale-factor=2", fmt.Sprintf("--window-size=%d,%d", width, height), "--screenshot=")
}

// make has the browser open one of the files, and returns what it writes; the
// last argument takes the name of that.
func (p *Printer) make(ctx context.Context, files map[string][]byte, open, made string, args ...string) ([]byte, error) {
	if !p.Ready() {
		return nil, ErrNoPrinter
	}
	select {
	case p.turns <- struct{}{}:
		defer func() { <-p.turns }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	dir, err := os.MkdirTemp("", "uitvraag-print-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // a temporary folder
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return nil, err
		}
	}
	out := filepath.Join(dir, made)
	args[len(args)-1] += out
	return p.run(ctx, dir, out, append(args, "file://"+filepath.Join(dir, open)))
}

func (p *Printer) run(ctx context.Context, dir, out string, own []string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, printing)
	defer cancel()
	args := []string{"--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
		"--disable-sync", "--disable-extensions", "--disable-javascript", "--proxy-server=127.0.0.1:9", "--user-data-dir=" + filepath.Join(dir, "profile")}
	if p.root {
		args = append(args, "--no-sandbox")
	}
	cmd := exec.CommandContext(ctx, p.browser, append(args, own...)...)
	cmd.WaitDelay = 2 * time.Second
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("print: %w: %.300s", err, said.String())
	}
	return os.ReadFile(out)
}

var pageObject = regexp.MustCompile(`/Type\s*/Page\b`)

// Pages counts the pages of a document that a Printer made: the browser writes an
// object for each, not compressed. It is not for documents from elsewhere.
func Pages(pdf []byte) int { return len(pageObject.FindAllIndex(pdf, -1)) }
