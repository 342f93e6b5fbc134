package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

const imapTimeout = 2 * time.Minute

// A mailbox is a [Source] of the unseen mails in an IMAP folder, oldest first.
// It looks without touching, and marks what is done as seen.
type mailbox struct {
	client *imapclient.Client
	uids   []imap.UID
	listed bool
}

func openIMAP(ctx context.Context, u *url.URL, roots *x509.CertPool) (Source, error) {
	password, set := u.User.Password()
	if u.Hostname() == "" || !set {
		return nil, errors.New("bounce URL: want imaps://user:password@host/mailbox")
	}
	client, err := dialIMAP(ctx, u, roots)
	if err != nil {
		return nil, fmt.Errorf("mailbox: %w", err)
	}
	m := &mailbox{client: client}
	defer m.watch(ctx)()
	folder := strings.Trim(u.Path, "/")
	if folder == "" {
		folder = "INBOX"
	}
	if err = client.Login(u.User.Username(), password).Wait(); err == nil {
		_, err = client.Select(folder, nil).Wait()
	}
	if err != nil {
		_ = client.Close() // the first error tells
		return nil, fmt.Errorf("mailbox: %w", m.cause(ctx, err))
	}
	return m, nil
}

// dialIMAP connects; off loopback only a line under TLS will do.
func dialIMAP(ctx context.Context, u *url.URL, roots *x509.CertPool) (*imapclient.Client, error) {
	port := u.Port()
	if port == "" {
		port = map[string]string{"imap": "143", "imaps": "993"}[u.Scheme]
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return nil, err
	}
	config := &tls.Config{ServerName: u.Hostname(), RootCAs: roots, MinVersion: tls.VersionTLS12}
	if u.Scheme == "imaps" {
		secure := tls.Client(conn, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			_ = conn.Close() // the handshake's error tells
			return nil, err
		}
		return imapclient.New(secure, nil), nil
	}
	if isLoopback(u.Hostname()) && conn.RemoteAddr().(*net.TCPAddr).IP.IsLoopback() {
		return imapclient.New(conn, nil), nil
	}
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })() // NewStartTLS has no limit of its own
	return imapclient.NewStartTLS(conn, &imapclient.Options{TLSConfig: config})
}

// watch hangs up when ctx ends or a server leaves us waiting.
func (m *mailbox) watch(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithTimeout(ctx, imapTimeout)
	off := context.AfterFunc(ctx, func() { _ = m.client.Close() }) // whoever waits gets the error
	return func() { off(); cancel() }
}

// cause prefers the end of ctx to what came of it.
func (m *mailbox) cause(ctx context.Context, err error) error {
	if cause := ctx.Err(); cause != nil {
		return errors.Join(cause, err)
	}
	return err
}

// Next implements [Source].
func (m *mailbox) Next(ctx context.Context) (Letter, error) {
	defer m.watch(ctx)()
	if !m.listed {
		found, err := m.client.UIDSearch(&imap.SearchCriteria{NotFlag: []imap.Flag{imap.FlagSeen, imap.FlagDeleted}}, nil).Wait()
		if err != nil {
			return Letter{}, fmt.Errorf("mailbox: %w", m.cause(ctx, err))
		}
		m.uids, m.listed = found.AllUIDs(), true
	}
	for len(m.uids) > 0 {
		uid := m.uids[0]
		m.uids = m.uids[1:]
		data, err := m.fetch(uid)
		if err != nil {
			return Letter{}, fmt.Errorf("mailbox: %w", m.cause(ctx, err))
		}
		if len(data) > 0 { // else it was removed in the meantime
			return Letter{Data: data, uid: uint32(uid)}, nil
		}
	}
	return Letter{}, io.EOF
}

// fetch reads the beginning of one mail and leaves it unseen.
func (m *mailbox) fetch(uid imap.UID) ([]byte, error) {
	section := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Size: MaxIncoming + 1}}
	cmd := m.client.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}})
	var data []byte
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		for item := msg.Next(); item != nil; item = msg.Next() {
			body, ok := item.(imapclient.FetchItemDataBodySection)
			if !ok || body.Literal == nil {
				continue
			}
			read, err := readLetter(body.Literal)
			if err != nil {
				_ = cmd.Close() // the first error tells
				return nil, err
			}
			data = read
		}
	}
	return data, cmd.Close()
}

// Done implements [Source].
func (m *mailbox) Done(ctx context.Context, l Letter) error {
	if l.uid == 0 {
		return errors.New("mailbox: this mail is not from a mailbox")
	}
	defer m.watch(ctx)()
	seen := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagSeen}}
	if err := m.client.Store(imap.UIDSetNum(imap.UID(l.uid)), seen, nil).Close(); err != nil {
		return fmt.Errorf("mailbox: %w", m.cause(ctx, err))
	}
	return nil
}

// Close implements [Source].
func (m *mailbox) Close() error {
	defer m.watch(context.Background())()
	_ = m.client.Logout().Wait() // a server that does not say goodbye is left all the same
	_ = m.client.Close()
	return nil
}
