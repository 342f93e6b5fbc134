package store_test

import (
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/store"
)

func TestNoTokenStandsInTheDatabase(t *testing.T) {
	t.Parallel()
	f := newField(t, 3)
	session, key := f.enter(t, "swv", 0)
	fill(t, f, "swv", key)
	a, err := account.New("staf@example.nl", "veldwerker")
	if err != nil {
		t.Fatal(err)
	}
	login, err := f.Store.AddLogin(t.Context(), a, store.BySystem, fixture.Now)
	if err != nil {
		t.Fatal(err)
	}
	staff, _, err := f.Store.Login(t.Context(), login, store.Client{}, fixture.Now)
	if err != nil {
		t.Fatal(err)
	}
	unit := f.unit(t, "swv", "PO9001")
	extra, err := f.Store.AddLink(t.Context(), unit.ID, store.BySystem, fixture.Now)
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{session, login, staff, extra}
	for _, links := range f.Links {
		for _, l := range links {
			secrets = append(secrets, l.Token)
		}
	}
	dump := f.everything(t)
	for _, s := range secrets {
		raw, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil || len(raw) != 16 {
			t.Errorf("%q is no token of 128 bits", s)
		}
		if strings.Contains(dump, s) || strings.Contains(dump, hex.EncodeToString(raw)) || strings.Contains(dump, hex.EncodeToString([]byte(s))) {
			t.Errorf("token %s stands in the database", s)
		}
	}
}

func TestTokensFitAnAddressAndDiffer(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`^[A-Za-z0-9_-]{22}$`)
	seen := map[string]bool{}
	for range 1000 {
		token := store.NewToken()
		if !shape.MatchString(token) || seen[token] {
			t.Fatalf("token %q", token)
		}
		seen[token] = true
	}
}

func TestReplacingLinksEndsTheEarlierOnesAndTheirSessions(t *testing.T) {
	t.Parallel()
	f := newField(t, 2)
	session, key := f.enter(t, "swv", 0)
	other, otherKey := f.enter(t, "gemeente", 0)
	again, revoked, err := f.Store.AddLinks(t.Context(), f.Study.ID, "swv", false, store.BySystem, fixture.Now)
	if err != nil || revoked != 0 || len(again) != 2 {
		t.Fatal(again, revoked, err)
	}
	if _, _, err := f.Store.Granted(t.Context(), session, key, fixture.Now); err != nil {
		t.Errorf("adding links shut a session: %v", err)
	}
	fresh, revoked, err := f.Store.AddLinks(t.Context(), f.Study.ID, "swv", true, store.BySystem, fixture.Now)
	if err != nil || revoked != 4 || len(fresh) != 2 {
		t.Fatal(fresh, revoked, err)
	}
	for _, l := range append(again, f.Links["swv"]...) {
		if got, err := f.Store.LinkByToken(t.Context(), l.Token); err != nil || got.Revoked.IsZero() {
			t.Errorf("an earlier link still works: %+v, %v", got, err)
		}
	}
	for _, l := range append(fresh, f.Links["gemeente"]...) {
		if got, err := f.Store.LinkByToken(t.Context(), l.Token); err != nil || !got.Revoked.IsZero() {
			t.Errorf("a new link does not work: %+v, %v", got, err)
		}
	}
	_, _, err = f.Store.Granted(t.Context(), session, key, fixture.Now)
	wantKind(t, "a session from a revoked link", err, errs.NotFound)
	if _, _, err := f.Store.Granted(t.Context(), other, otherKey, fixture.Now); err != nil {
		t.Errorf("another audience's session was shut: %v", err)
	}
	if n := one[int](t, f, `select count(*) from contact.contact c join register.unit u on u.id = c.unit where u.audience = 'swv'`); n != 2 {
		t.Errorf("%d contacts for two units: a unit has one unnamed contact", n)
	}
}

func TestEndingAContactShutsItsSessions(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	session, key := f.enter(t, "swv", 0)
	f.exec(t, `update contact.contact set ended = now() where unit = (select id from register.unit where code = 'PO9001')`)
	_, _, err := f.Store.Granted(t.Context(), session, key, fixture.Now)
	wantKind(t, "the session of a contact that ended", err, errs.NotFound)
	if l := f.link(t, "swv", 0); l.Revoked.IsZero() {
		t.Error("the link of a contact that ended still works")
	}
}

func TestALoginLinkWorksOnce(t *testing.T) {
	t.Parallel()
	f := newField(t, 0)
	link := func() string {
		token, err := f.Store.AddLogin(t.Context(), account.Account{Email: "Staf@example.nl", Role: account.Lezer}, store.BySystem, fixture.Now)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	token := link()
	for range 3 { // looking does not use it
		if a, err := f.Store.LoginAccount(t.Context(), token, fixture.Now); err != nil || a.Email != "Staf@example.nl" {
			t.Fatal(a, err)
		}
	}
	var ok int
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			if _, _, err := f.Store.Login(t.Context(), token, store.Client{}, fixture.Now); err == nil {
				mu.Lock()
				ok++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if ok != 1 {
		t.Errorf("the link worked %d times", ok)
	}
	_, err := f.Store.LoginAccount(t.Context(), token, fixture.Now)
	wantKind(t, "a used link", err, errs.NotFound)
	token = link()
	_, _, err = f.Store.Login(t.Context(), token, store.Client{}, fixture.Now.Add(store.LoginLinkLife))
	wantKind(t, "an old link", err, errs.NotFound)
	if n := one[int](t, f, `select count(*) from staff.account`); n != 1 {
		t.Errorf("%d accounts for one address", n)
	}
}

func TestAStaffSessionEnds(t *testing.T) {
	t.Parallel()
	f := newField(t, 0)
	login := func(role account.Role) string {
		token, err := f.Store.AddLogin(t.Context(), account.Account{Email: "staf@example.nl", Role: role}, store.BySystem, fixture.Now)
		if err != nil {
			t.Fatal(err)
		}
		session, _, err := f.Store.Login(t.Context(), token, store.Client{}, fixture.Now)
		if err != nil {
			t.Fatal(err)
		}
		return session
	}
	session := login(account.Lezer)
	now := fixture.Now
	for now.Sub(fixture.Now) < store.StaffAbsolute-store.StaffIdle {
		now = now.Add(store.StaffIdle - time.Second)
		if _, _, err := f.Store.StaffSession(t.Context(), session, f.Study.Slug, now); err != nil {
			t.Fatalf("after %v: %v", now.Sub(fixture.Now), err)
		}
	}
	for now = now.Add(store.StaffIdle / 2); now.Before(fixture.Now.Add(store.StaffAbsolute)); now = now.Add(store.StaffIdle / 2) {
		_, _, _ = f.Store.StaffSession(t.Context(), session, f.Study.Slug, now) // busy to the end
	}
	_, _, err := f.Store.StaffSession(t.Context(), session, f.Study.Slug, fixture.Now.Add(store.StaffAbsolute))
	wantKind(t, "after twelve hours", err, errs.NotFound)

	session = login(account.Lezer)
	_, _, err = f.Store.StaffSession(t.Context(), session, f.Study.Slug, fixture.Now.Add(store.StaffIdle+time.Second))
	wantKind(t, "after half an idle hour", err, errs.NotFound)

	session = login(account.Lezer)
	login(account.Projectleider)
	if a, _, err := f.Store.StaffSession(t.Context(), session, f.Study.Slug, fixture.Now); err != nil || a.Role != account.Projectleider {
		t.Errorf("a new role does not hold at once: %+v, %v", a, err)
	}
	f.exec(t, `update staff.account set ended = now()`)
	_, _, err = f.Store.StaffSession(t.Context(), session, f.Study.Slug, fixture.Now)
	wantKind(t, "the account ended", err, errs.NotFound)

	session = login(account.Lezer)
	if err := f.Store.Logout(t.Context(), session); err != nil {
		t.Fatal(err)
	}
	_, _, err = f.Store.StaffSession(t.Context(), session, f.Study.Slug, fixture.Now)
	wantKind(t, "after logging out", err, errs.NotFound)
}

func TestFailedAttemptsAreCountedPerOriginAndForgotten(t *testing.T) {
	t.Parallel()
	f := newField(t, 0)
	limit := store.Limit{Kind: "proef", Max: 3, Window: time.Minute}
	blocked := func(l store.Limit, origin string, now time.Time) bool {
		b, err := f.Store.Blocked(t.Context(), l, origin, now)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for i := range 3 {
		if blocked(limit, "a", fixture.Now) {
			t.Fatalf("blocked after %d failures", i)
		}
		if err := f.Store.Failed(t.Context(), limit, "a", fixture.Now); err != nil {
			t.Fatal(err)
		}
	}
	if !blocked(limit, "a", fixture.Now) {
		t.Error("not blocked after three failures")
	}
	if blocked(limit, "b", fixture.Now) || blocked(store.Limit{Kind: "ander", Max: 3, Window: time.Minute}, "a", fixture.Now) {
		t.Error("another origin or kind is blocked")
	}
	if blocked(limit, "a", fixture.Now.Add(time.Minute)) {
		t.Error("still blocked after the window")
	}
}
