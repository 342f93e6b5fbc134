// Package pgtest gives each test a database of its own, with the schema of the migrations, on a real PostgreSQL.
//
// All test binaries of a machine share one throw-away server, which the first one that needs it starts and which stays
// for the next run. It trades durability for speed and holds nothing worth keeping: its folder may be deleted.
// UITVRAAG_TEST_DATABASE_URL, the address of a role that may create databases, replaces it.
// A database that cannot be had fails the test; nothing is ever skipped.
//
// Only tests import this package. It never knows what the schema is for.
package pgtest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	poolSize  = 8               // connections of a test's pool at most
	patience  = 2 * time.Minute // for a server to start, a schema to be made or a clone to be copied
	giveBacks = 10 * time.Second
)

// shared is the way to the server, the same for all tests of a binary.
var shared = sync.OnceValues(func() (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return connect(ctx)
})

// URL returns the address of a migrated database that no other test has. It logs in as the owner, who may take on the
// group roles, create databases and change the schema. The database stays behind for a later run to remove.
func URL(t testing.TB) string {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatalf("no database to test on: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience) // a cut-off test must not break the shared connection
	defer cancel()
	url, err := s.clone(ctx)
	if err != nil {
		t.Fatalf("no database to test on: %v", err)
	}
	return url
}

// Pool returns a pool on a database as URL gives it, and closes it at the end of the test.
func Pool(t testing.TB) *pgxpool.Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(URL(t))
	if err != nil {
		t.Fatal(err)
	}
	config.MaxConns = poolSize
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closePool(t, pool) })
	return pool
}

// closePool waits for connections that are in use, but not for ever: one that was never given back fails the test.
func closePool(t testing.TB, pool *pgxpool.Pool) {
	t.Helper()
	closed := make(chan struct{})
	go func() {
		pool.Close()
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(giveBacks):
		t.Errorf("%d connections of the pool were never given back", pool.Stat().AcquiredConns())
	}
}
