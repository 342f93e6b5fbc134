package server_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/htmltest"
	"github.com/uitvraag/uitvraag/internal/mail"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/worker"
)

// inboxed sends what is due to every unit over SMTP into the built-in inbox, and
// returns the mails from there.
func (l *lab) inboxed(t *testing.T) []store.InboxMail {
	t.Helper()
	for _, sql := range []string{
		`update contact.contact set name = 'Jan ' || id, email = 'p' || id || '@example.nl'`,
		`update contact.contact set general = true, name = '' where id % 2 = 0`,
		`update register.study set released = opens`,
		`update field.sending set rate = 60000, domain_rate = 60000`,
	} {
		if _, err := l.pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	inbox, err := mail.ListenInbox("127.0.0.1:0", func(ctx context.Context, m mail.Received) error { return l.Store.AddInboxMail(ctx, m, fixture.Now) })
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() { _ = inbox.Serve(ctx) }) // that it fails, the sender finds out
	defer done.Wait()
	defer cancel()
	out, err := mail.NewSMTP("smtp://"+inbox.Addr(), mail.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = out.Close() }() // all is sent
	base, err := url.Parse(l.URL)
	if err != nil {
		t.Fatal(err)
	}
	st, err := l.Store.Study(t.Context(), l.Study.Slug)
	if err != nil {
		t.Fatal(err)
	}
	m := worker.Mailer{Store: l.Store, Sender: out, Keys: labKeys, From: mail.Address{Email: "uitvraag@localhost"}, Base: base, Now: l.clock.Load().UTC, Log: slog.New(slog.DiscardHandler)}
	swept, err := m.Sweep(t.Context(), st, false, store.BySystem)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range swept.Deliveries {
		if d.State != store.Sent {
			t.Fatalf("%+v", d)
		}
	}
	list, _, err := l.Store.Inbox(t.Context(), "", 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for i := range list {
		if list[i], err = l.Store.InboxMail(t.Context(), list[i].ID); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

var mailLink = regexp.MustCompile(`https?://[^\s"<>]+`)

// A scanner opens links as the mail systems of organisations do: it looks, follows
// and presses, and keeps cookies.
type scanner struct {
	*http.Client
	t    *testing.T
	seen []string
}

// open opens a page with GET, after HEAD, and presses the first button of what it
// lands on; after that it does the same to the page that follows, depth times.
func (s *scanner) open(link string, depth int) {
	s.t.Helper()
	if resp, err := s.Head(link); err != nil {
		s.t.Fatal(err)
	} else {
		_ = resp.Body.Close() // HEAD has none
	}
	resp, err := s.Get(link)
	if err != nil {
		s.t.Fatal(err)
	}
	for range depth {
		address := resp.Request.URL
		s.seen = append(s.seen, fmt.Sprint(resp.StatusCode, " ", address.Path))
		if resp.StatusCode >= http.StatusInternalServerError {
			s.t.Errorf("%s answers %d", address, resp.StatusCode)
		}
		page := bodyOf(s.t, resp)
		_ = resp.Body.Close() // it was read
		doc := htmltest.Parse(s.t, page)
		form, ok := doc.First("form", "method", "post")
		if !ok {
			return
		}
		values := doc.PostForm(s.t).Values
		if button, ok := form.First("button"); ok && button.Attr("name") != "" {
			values.Set(button.Attr("name"), button.Attr("value"))
		}
		to := address
		if action := form.Attr("action"); action != "" {
			if to, err = address.Parse(action); err != nil {
				s.t.Fatal(err)
			}
		}
		if resp, err = s.PostForm(to.String(), values); err != nil {
			s.t.Fatal(err)
		}
	}
	_ = resp.Body.Close() // not looked at
}

// TestAScannerThatPressesEveryFirstButtonChangesNothing is row 23 of the fault
// matrix (standards 5C).
func TestAScannerThatPressesEveryFirstButtonChangesNothing(t *testing.T) {
	t.Parallel()
	l := newLab(t, 3, "")
	mails := l.inboxed(t)
	if len(mails) != 6 {
		t.Fatalf("%d mails for 6 units", len(mails))
	}
	standing := func() string {
		return one[string](t, l, `
			select string_agg(format('%s %s %s %s', u.code, c.opted_out, c.ended, (select string_agg(kind, ',' order by id) from field.event e where e.unit = u.id)), E'\n' order by c.id)
				|| (select count(*)::text from contact.suppressed) || (select count(*)::text from answer.submission) || (select count(*)::text from answer.coverage)
				|| (select coalesce(string_agg(state, ' ' order by id), '') from field.message)
			from register.unit u join contact.contact c on c.unit = u.id`)
	}
	units := func() string {
		var all []string
		for audience := range l.Forms {
			list, err := l.Store.Units(t.Context(), l.Study.ID, audience)
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range list {
				all = append(all, fmt.Sprintf("%+v", u))
			}
		}
		slices.Sort(all)
		return strings.Join(all, "\n")
	}
	before, unitsBefore := standing(), units()
	opened := map[string]bool{}
	for _, m := range mails {
		plain := strings.NewReplacer("=\r\n", "", "=3D", "=", "&amp;", "&").Replace(string(m.Data))
		links := mailLink.FindAllString(plain, -1)
		if len(links) < 4 {
			t.Errorf("only the links %v in %s", links, plain)
		}
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		s := &scanner{Client: &http.Client{Jar: jar}, t: t}
		for _, link := range links {
			link = strings.TrimRight(link, ".,;)")
			if !strings.HasPrefix(link, l.URL) {
				t.Errorf("the mail leads away from the site: %s", link)
				continue
			}
			s.open(link, 3)
		}
		for _, seen := range s.seen {
			opened[seen[:strings.LastIndexByte(seen, '/')]] = true
		}
	}
	if len(opened) < 4 {
		t.Errorf("the scanner saw only %v", opened)
	}
	if after := standing(); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
	if after := units(); after != unitsBefore {
		t.Errorf("before:\n%s\nafter:\n%s", unitsBefore, after)
	}
	t.Log(opened)
}
