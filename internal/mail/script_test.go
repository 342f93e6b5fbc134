package mail_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// A wire is a server's side of one connection, for tests that say byte by byte
// what a server does.
type wire struct {
	net.Conn
	r *bufio.Reader
	t *testing.T
}

// line reads a command.
func (w *wire) line() string {
	line, err := w.r.ReadString('\n')
	if err != nil {
		return ""
	}
	return strings.TrimRight(line, "\r\n")
}

func (w *wire) say(lines ...string) {
	for _, line := range lines {
		if _, err := w.Write([]byte(line + "\r\n")); err != nil {
			return // the client has gone: it is what some tests are about
		}
	}
}

// until answers commands with answer until one begins with stop.
func (w *wire) until(stop, answer string) string {
	for {
		line := w.line()
		if line == "" || strings.HasPrefix(line, stop) {
			return line
		}
		w.say(answer)
	}
}

// data reads a message to its last dot.
func (w *wire) data() string {
	var b strings.Builder
	for {
		line, err := w.r.ReadString('\n')
		if err != nil || line == ".\r\n" {
			return b.String()
		}
		b.WriteString(line)
	}
}

// reset drops the connection as a crash does, without a goodbye.
func (w *wire) reset() {
	if c, ok := w.Conn.(*net.TCPConn); ok {
		_ = c.SetLinger(0)
	}
	_ = w.Close()
}

func (w *wire) upgrade(config *tls.Config) bool {
	c := tls.Server(w.Conn, config)
	if err := c.Handshake(); err != nil {
		return false
	}
	w.Conn, w.r = c, bufio.NewReader(c)
	return true
}

// A script is a server that does exactly what it is told.
type script struct {
	net.Listener
	wg    sync.WaitGroup
	mu    sync.Mutex
	calls int
}

// serve runs do for each connection, after the greeting.
func serve(t *testing.T, do func(w *wire, call int)) *script {
	t.Helper()
	s := &script{Listener: must(net.Listen("tcp", "127.0.0.1:0"))}
	t.Cleanup(func() {
		_ = s.Close()
		s.wg.Wait()
	})
	s.wg.Go(func() {
		for {
			c, err := s.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.calls++
			call := s.calls
			s.mu.Unlock()
			s.wg.Go(func() {
				_ = c.SetDeadline(time.Now().Add(20 * time.Second)) // a test that hangs should fail
				defer func() { _ = c.Close() }()
				do(&wire{Conn: c, r: bufio.NewReader(c), t: t}, call)
			})
		}
	})
	return s
}

func (s *script) url() string { return "smtp://" + s.Addr().String() }

func (s *script) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

// certificate is one that signs itself, for a host.
func certificate(host string, ends time.Time) (tls.Certificate, *x509.CertPool) {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: host}, NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: ends,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))
	pool := x509.NewCertPool()
	pool.AddCert(must(x509.ParseCertificate(der)))
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}
