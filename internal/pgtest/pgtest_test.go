package pgtest_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/uitvraag/uitvraag/internal/localpg"
	"github.com/uitvraag/uitvraag/internal/pgtest"
)

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	a, b := pgtest.Pool(t), pgtest.Pool(t)
	if _, err := a.Exec(t.Context(), `create table only_here (n int)`); err != nil {
		t.Fatal(err)
	}
	var there bool
	err := b.QueryRow(t.Context(), `select to_regclass('only_here') is not null`).Scan(&there)
	if err != nil || there {
		t.Errorf("a table of one database is in the other: %v (%v)", there, err)
	}
	if a.Config().MaxConns != 8 {
		t.Errorf("the pool has %d connections, want 8", a.Config().MaxConns)
	}
}

func TestDatabaseIsMigratedAndRolesCanBeTakenOn(t *testing.T) {
	t.Parallel()
	conn, err := pgx.Connect(t.Context(), pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) }) // the test is over
	var version int
	err = conn.QueryRow(t.Context(), `select max(version_id) from public.goose_db_version`).Scan(&version)
	if err != nil || version < 1 {
		t.Errorf("schema is at version %d (%v)", version, err)
	}
	for _, role := range localpg.GroupRoles {
		if _, err := conn.Exec(t.Context(), "set role "+role); err != nil {
			t.Error(err)
		}
	}
}

func TestClonesCanBeMadeAtOnce(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	pools := make([]*pgxpool.Pool, 6)
	for i := range pools {
		pools[i] = pgtest.Pool(t)
		wg.Go(func() {
			if err := pools[i].Ping(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// The test binary is run again where there is no database: its tests must fail.
func TestMissingDatabaseFailsTheTest(t *testing.T) {
	t.Parallel()
	c := exec.Command(os.Args[0], "-test.run=TestEachTestHasADatabaseOfItsOwn")
	c.Env = append(os.Environ(), "UITVRAAG_TEST_DATABASE_URL=postgres://nobody@/nothing?host=/nowhere")
	out, err := c.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "no database to test on") {
		t.Errorf("test without a database: %v\n%s", err, out)
	}
}

func BenchmarkURL(b *testing.B) {
	for b.Loop() {
		pgtest.URL(b)
	}
}
