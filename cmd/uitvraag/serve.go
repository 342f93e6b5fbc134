package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/internal/export"
	"github.com/uitvraag/uitvraag/internal/server"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/worker"
)

// serve runs the site until it is told to stop, then finishes what is under way.
func serve(ctx context.Context, sh shell, fs *flag.FlagSet) error {
	only := fs.String("only", "", "web or worker: run only that")
	if _, err := parse(sh, fs, 0); err != nil {
		return err
	}
	if *only != "" && *only != "web" && *only != "worker" {
		return fmt.Errorf("%w: --only takes web or worker", errUsage)
	}
	c, err := readConfig(sh.getenv, os.Geteuid() == 0)
	if err == nil {
		err = c.serveFaults()
	}
	if err != nil {
		return err
	}
	d, err := openDatabase(ctx, sh, c)
	if err != nil {
		return err
	}
	defer func() { _ = d.close() }() // stopping; what was acknowledged is committed
	if err := d.needSecret(); err != nil {
		return err
	}
	c.secret = d.secret
	log := slog.New(slog.NewJSONHandler(sh.stderr, nil))
	tasks := []func(context.Context) error{}
	m, stop, err := newMailer(sh, c, d, sh.now)
	if err != nil {
		return err
	}
	defer stop()
	if *only != "web" {
		w := worker.New(d.Store, sh.now, log)
		tasks = append(tasks, w.Run, m.Run, guardLedger(d.Store, c.data, log))
		if c.bounceURL != "" {
			tasks = append(tasks, newReader(c, d, sh.now, log).Run)
		}
	}
	if *only != "worker" {
		site, err := newSite(sh, c, d.Store, m, log)
		if err != nil {
			return err
		}
		tasks = append(tasks, site)
	}
	return together(ctx, tasks)
}

// newSite listens at once, so that a taken port is told before anything else.
func newSite(sh shell, c config, st *store.Store, m *worker.Mailer, log *slog.Logger) (func(context.Context) error, error) {
	listener, err := net.Listen("tcp", c.addr)
	if err != nil {
		return nil, fmt.Errorf("listen on UITVRAAG_ADDR: %w", err)
	}
	if _, port, _ := net.SplitHostPort(c.addr); port == "0" && c.baseURL.Port() == "0" {
		c.baseURL.Host = listener.Addr().String()
	}
	s := server.New(st, server.Config{BaseURL: c.baseURL, TrustedProxies: c.proxies, Now: sh.now, Log: log, Software: software(),
		Printer: export.NewPrinter(browser(c), os.Geteuid() == 0), Gallery: c.gallery, Inbox: c.smtpURL == "", Keys: c.keys(), Selector: selector(c.dkimKey), MetricsToken: c.metrics, Organisation: c.organisation()})
	s.ProofsBy(m)
	h := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 60 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	log.Info("listening", "address", listener.Addr().String(), "base", c.baseURL.String())
	return func(ctx context.Context) error {
		failed := make(chan error, 1)
		go func() { failed <- h.Serve(listener) }()
		select {
		case err := <-failed:
			return fmt.Errorf("serve: %w", err)
		case <-ctx.Done():
		}
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
		defer cancel()
		if err := h.Shutdown(end); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("shut down: %w", err)
		}
		return nil
	}, nil
}

// browser finds what prints PDFs: CHROMIUM_PATH, or a Chromium on the PATH.
func browser(c config) string {
	if c.chromium != "" {
		return c.chromium
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// together runs tasks until the context ends or one fails; then all stop.
func together(ctx context.Context, tasks []func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	results := make(chan error, len(tasks))
	for _, task := range tasks {
		go func() { results <- task(ctx) }()
	}
	var faults []error
	for range tasks {
		if err := <-results; err != nil && !errors.Is(err, context.Canceled) {
			faults = append(faults, err)
		}
		cancel()
	}
	return errors.Join(faults...)
}

// keptSecret returns the secret of a private database, made at first use. Two
// commands that make one at once end up with the same.
func keptSecret(c config) (string, error) {
	if c.secret != "" {
		return c.secret, c.secretFault()
	}
	path := filepath.Join(c.data, "secret")
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		if err := makeSecret(path); err != nil {
			return "", fmt.Errorf("secret: %w", err)
		}
	}
	kept, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("secret: %w", err)
	}
	return strings.TrimSpace(string(kept)), nil
}

// makeSecret writes a secret whole, and leaves one alone that came first.
func makeSecret(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), "secret")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // it has its other name, or is not needed
	_, err = f.WriteString(store.NewToken() + store.NewToken() + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return nil
}
