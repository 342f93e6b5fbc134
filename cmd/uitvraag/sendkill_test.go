package main_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/uitvraag/uitvraag/internal/localpg"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/store"
)

// A slow server takes its time over each mail, before and after it keeps it.
type slowServer struct {
	mu    sync.Mutex
	times map[string]int // by address
	n     int
}

func newSlowServer(t *testing.T) (*slowServer, string) {
	t.Helper()
	s := &slowServer{times: map[string]int{}}
	inbox, err := mail.ListenInbox("127.0.0.1:0", func(_ context.Context, m mail.Received) error {
		time.Sleep(time.Duration(rand.IntN(25)) * time.Millisecond)
		s.mu.Lock()
		s.times[m.To[0]]++
		s.n++
		s.mu.Unlock()
		time.Sleep(time.Duration(rand.IntN(25)) * time.Millisecond)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() { _ = inbox.Serve(ctx) }) // that it failed, the test finds out
	t.Cleanup(func() { cancel(); done.Wait() })
	return s, "smtp://" + inbox.Addr()
}

func (s *slowServer) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n
}

// wave makes a study with n units that have an address, in a period that is over:
// only a sweep that plays another time has something to do.
func wave(t *testing.T, p *plant, n int) {
	t.Helper()
	p.run("study", "create", "--definition", "inventarisatie-2026", "--title", "Golf", "--opens", "2025-11-03T09:00:00+01:00", "--closes", "2025-12-12T00:00:00+01:00",
		"--organiser", "Bureau X", "--email", "help@example.nl")
	var register strings.Builder
	register.WriteString("code,naam,email\n")
	for i := range n {
		fmt.Fprintf(&register, "GM%05d,Gemeente %d,g%d@gemeente%d.example\n", 10001+i, i, i, i%7)
	}
	file := filepath.Join(t.TempDir(), "register.csv")
	if err := os.WriteFile(file, []byte(register.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	p.run("sample", "import", "--audience", "gemeente", file)
}

// database joins the server of the plant, for as long as the test wants.
func (p *plant) database() (pool *pgxpool.Pool, leave func()) {
	p.t.Helper()
	server, err := localpg.Open(p.t.Context(), localpg.Config{Dir: p.dir, BinDir: os.Getenv("PG_BIN"), NoInstall: true})
	if err != nil {
		p.t.Fatal(err)
	}
	if pool, err = pgxpool.New(p.t.Context(), server.OwnerURL()); err != nil {
		p.t.Fatal(err)
	}
	return pool, func() {
		pool.Close()
		if err := server.Close(); err != nil {
			p.t.Error(err)
		}
	}
}

// arrived compares what the server has with what the database says, when nobody
// sends any more: each message once, or unsure (promise P3).
func arrived(t *testing.T, pool *pgxpool.Pool, s *slowServer, messages int) (unsure int) {
	t.Helper()
	rows, err := pool.Query(t.Context(), `select m.state, c.email from field.message m join contact.contact c on c.id = m.contact`)
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	total := 0
	for rows.Next() {
		var state, email string
		if err := rows.Scan(&state, &email); err != nil {
			t.Fatal(err)
		}
		total++
		n := s.times[email]
		switch {
		case state == "onzeker" && n <= 1:
			unsure++
		case state != "verstuurd" || n != 1:
			t.Errorf("a message to %s is %s, and arrived %d times", email, state, n)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if total != messages {
		t.Errorf("%d messages for %d units", total, messages)
	}
	return unsure
}

// killSending ends a command at a random moment after mails began to arrive, and
// reports whether it was still at work.
func killSending(p *plant, s *slowServer, args ...string) bool {
	p.t.Helper()
	c := p.command(args...)
	from := s.count()
	if err := c.Start(); err != nil {
		p.t.Fatal(err)
	}
	done := make(chan bool)
	go func() {
		_ = c.Wait() // killed, or done
		close(done)
	}()
	for s.count() < from+3 {
		select {
		case <-done:
			return false
		case <-time.After(time.Millisecond):
		}
	}
	time.Sleep(rand.N(400 * time.Millisecond))
	_ = c.Process.Kill() // it may have ended
	<-done
	return true
}

// TestASweepThatIsKilledInMidWaveGoesOnWhereItStopped kills sweeps while they
// send, two at once, until one gets through.
func TestASweepThatIsKilledInMidWaveGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	kills := max(6, number(t, "UITVRAAG_KILLS", 0)/10)
	units := 45 * kills
	s, address := newSlowServer(t)
	p := newPlant(t)
	p.smtp = address
	wave(t, p, units)
	pool, leave := p.database() // keeps the server up
	defer leave()
	sweep := []string{"fieldwork", "sweep", "--simulate", "--at", "2025-11-04T10:00:00+01:00", "--json"}
	killed := 0
	for range kills / 2 {
		var both sync.WaitGroup
		var mu sync.Mutex
		for range 2 {
			both.Go(func() {
				if killSending(p, s, sweep...) {
					mu.Lock()
					killed++
					mu.Unlock()
				}
			})
		}
		both.Wait()
	}
	before := s.count()
	var last sync.WaitGroup
	for range 2 {
		last.Go(func() { p.run(sweep...) })
	}
	last.Wait()
	p.run(sweep...) // what the other of the two had
	unsure := arrived(t, pool, s, units)
	if unsure > 20*killed {
		t.Errorf("%d messages are unsure after %d kills", unsure, killed)
	}
	t.Logf("%d units, %d kills, %d mails before the last sweep, %d unsure", units, killed, before, unsure)
	if killed < kills/2 {
		t.Errorf("%d of %d sweeps were killed while they sent: nothing was tested", killed, kills)
	}
}

// TestAServeThatIsKilledInMidWaveGoesOnWhereItStopped does the same to the
// worker, with mails that go at any hour.
func TestAServeThatIsKilledInMidWaveGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	kills := max(3, number(t, "UITVRAAG_KILLS", 0)/10)
	units := 70 * kills
	s, address := newSlowServer(t)
	p := newPlant(t)
	p.smtp = address
	wave(t, p, units)
	p.run("fieldwork", "release")
	pool, leave := p.database()
	if _, err := pool.Exec(t.Context(), `update field.sending set rate = 60000, domain_rate = 60000`); err != nil {
		t.Fatal(err)
	}
	st := store.New(pool)
	for contact := range units {
		if _, err := st.AddMessage(t.Context(), store.NewMessage{Contact: int64(contact + 1), Template: "link", By: store.BySystem, Now: time.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	leave()
	stop := p.start()
	stopped := sync.OnceFunc(stop)
	defer stopped()
	for range kills {
		p.ready(time.Minute)
		from := s.count()
		for began := time.Now(); s.count() < from+10 && s.count() < units && time.Since(began) < 20*time.Second; {
			wait(t.Context(), time.Millisecond)
		}
		wait(t.Context(), rand.N(300*time.Millisecond))
		p.killServe()
	}
	p.ready(time.Minute)
	pool, leave = p.database()
	for began := time.Now(); time.Since(began) < 5*time.Minute; wait(t.Context(), 100*time.Millisecond) {
		left := 1 // also while the database recovers
		if err := pool.QueryRow(t.Context(), `select count(*) from field.message where state in ('klaar', 'bezig')`).Scan(&left); err == nil && left == 0 {
			break
		}
	}
	leave()
	stopped()
	pool, leave = p.database()
	defer leave()
	unsure := arrived(t, pool, s, units)
	if unsure > 10*kills {
		t.Errorf("%d messages are unsure after %d kills", unsure, kills)
	}
	t.Logf("%d messages, %d kills, %d unsure", units, kills, unsure)
}
