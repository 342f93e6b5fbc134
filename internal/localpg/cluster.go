package localpg

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// secrets are the passwords of the login roles.
type secrets struct {
	Super string `json:"postgres"`
	Owner string `json:"uitvraag_owner"`
	App   string `json:"uitvraag"`
}

// loadSecrets reads the passwords, or makes them for a cluster that is still to be made. They are on disk before the
// cluster is, so a cluster without them has been tampered with.
func (s *Server) loadSecrets(version int) error {
	if s.secret.App != "" {
		return nil // read before; others may be reading it now
	}
	text, err := os.ReadFile(s.file("pg.secret"))
	switch {
	case err == nil:
		if err := json.Unmarshal(text, &s.secret); err != nil {
			return fmt.Errorf("%s: %w", s.file("pg.secret"), err)
		}
		return nil
	case errors.Is(err, os.ErrNotExist) && version == 0:
		s.secret = secrets{rand.Text(), rand.Text(), rand.Text()}
		return s.saveSecrets()
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("%s with the passwords of the cluster is missing: put it back from a backup", s.file("pg.secret"))
	}
	return err
}

// saveSecrets writes the passwords whole or not at all.
func (s *Server) saveSecrets() error {
	text, err := json.MarshalIndent(s.secret, "", "\t")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(s.dir, ".pg.secret-") // mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(append(text, '\n'))
	err = errors.Join(err, s.disown(f), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), s.file("pg.secret"))
	}
	if err == nil {
		err = syncFolder(s.dir)
	}
	return err
}

// initdb makes the cluster beside its place and then moves it there, so that half a cluster is never taken for one.
// The lock goes to the children too: whoever comes after a crash waits until they have stopped writing.
func (s *Server) initdb(ctx context.Context, b binaries, lock *os.File) error {
	tmp, password := s.file("pg.init"), s.file("pg.init.secret")
	for _, old := range []string{tmp, password} {
		if err := os.RemoveAll(old); err != nil {
			return err
		}
	}
	if err := os.Mkdir(tmp, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(password, []byte(s.secret.Super+"\n"), 0o600); err != nil {
		return err
	}
	defer func() { _ = os.Remove(password) }() // the next start tries again
	if err := errors.Join(s.account.give(tmp), s.account.give(password)); err != nil {
		return err
	}
	args := []string{
		"-D", tmp, "-U", superRole, "--pwfile=" + password, "--auth=scram-sha-256",
		"-E", "UTF8", "--locale=C.UTF-8", "--data-checksums",
	}
	if s.cfg.Settings["fsync"] == "off" {
		args = append(args, "--no-sync")
	}
	c := s.command(ctx, filepath.Join(b.dir, "initdb"), args...)
	c.ExtraFiles = []*os.File{lock}
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w%s\n%s", err, s.unnamedHint(), tail(out))
	}
	if err := os.Rename(tmp, s.data()); err != nil {
		return err
	}
	return syncFolder(s.dir)
}

// unnamedHint explains a failure of initdb that is common in containers.
func (s *Server) unnamedHint() string {
	id := strconv.FormatUint(uint64(s.account.uid), 10)
	if _, err := user.LookupId(id); err == nil {
		return ""
	}
	return fmt.Sprintf(" (user id %s has no name on this machine, which PostgreSQL demands: add it to /etc/passwd)", id)
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// bootstrap makes what is missing of the roles and the database, and sets the passwords. It can be cut off anywhere:
// the next start completes it.
func (s *Server) bootstrap(ctx context.Context) error {
	config, err := pgx.ParseConfig(s.url(superRole, s.secret.Super, "postgres"))
	if err != nil {
		return err
	}
	config.RuntimeParams["log_statement"] = "none" // keep the passwords out of the log
	config.RuntimeParams["log_min_error_statement"] = "panic"
	config.RuntimeParams["client_min_messages"] = "error"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // all is committed
	if err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return s.makeRoles(ctx, tx) }); err != nil {
		return fmt.Errorf("roles: %w", err)
	}
	var there bool
	err = conn.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, Database).Scan(&there)
	if err == nil && !there {
		_, err = conn.Exec(ctx, "create database "+Database+" owner "+OwnerRole)
	}
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	return nil
}

func (s *Server) makeRoles(ctx context.Context, tx pgx.Tx) error {
	rows, _ := tx.Query(ctx, `select rolname from pg_roles`)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	missing := map[string]bool{AppRole: true, OwnerRole: true}
	for _, r := range GroupRoles {
		missing[r] = true
	}
	for _, n := range names {
		delete(missing, n)
	}
	var sql []string
	for r := range missing {
		sql = append(sql, "create role "+r)
	}
	sql = append(sql,
		"alter role "+OwnerRole+" with login createdb createrole nosuperuser inherit password "+quote(s.secret.Owner),
		"alter role "+AppRole+" with login nocreatedb nocreaterole nosuperuser noinherit password "+quote(s.secret.App))
	for _, r := range GroupRoles { // since 16 a grant brings the right to set role, unless it says otherwise
		sql = append(sql, "grant "+r+" to "+AppRole, "grant "+r+" to "+OwnerRole+" with admin option")
	}
	_, err = tx.Exec(ctx, strings.Join(sql, ";\n"))
	return err
}

// quote makes a literal of a text without backslashes: rand.Text has none.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
