package mail_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"github.com/uitvraag/uitvraag/internal/mail"
)

var (
	rsaPrivate = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })
	edPrivate  = sync.OnceValue(func() ed25519.PrivateKey {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return must(key, err)
	})
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func pkcs8(key any) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: must(x509.MarshalPKCS8PrivateKey(key))})
}

func rsaKey(t *testing.T) *mail.DKIM {
	t.Helper()
	return must(mail.NewDKIM(pkcs8(rsaPrivate()), "uitvraag.example", "rsa2026"))
}

func edKey(t *testing.T) *mail.DKIM {
	t.Helper()
	return must(mail.NewDKIM(pkcs8(edPrivate()), "uitvraag.example", "ed2026"))
}

// dns answers for the two selectors.
func dns(name string) ([]string, error) {
	switch name {
	case "rsa2026._domainkey.uitvraag.example":
		return []string{"v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(must(x509.MarshalPKIXPublicKey(rsaPrivate().Public())))}, nil
	case "ed2026._domainkey.uitvraag.example":
		return []string{"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(edPrivate().Public().(ed25519.PublicKey))}, nil
	}
	return nil, nil
}

func verify(data []byte) (*dkim.Verification, error) {
	found, err := dkim.VerifyWithOptions(bytes.NewReader(data), &dkim.VerifyOptions{LookupTXT: dns})
	if err != nil || len(found) != 1 {
		return nil, err
	}
	return found[0], found[0].Err
}

func TestSignaturesAreRightAndCoverListUnsubscribe(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]*mail.DKIM{"rsa": rsaKey(t), "ed25519": edKey(t)} {
		data, err := message().Bytes(key)
		if err != nil {
			t.Fatal(err)
		}
		v, err := verify(data)
		if err != nil || v == nil || v.Domain != "uitvraag.example" {
			t.Fatalf("%s: %+v, %v\n%s", name, v, err, data)
		}
		if v.Time.Unix() != message().Date.Unix() {
			t.Errorf("%s: signed at %v", name, v.Time)
		}
		for _, change := range [][2]string{
			{"/afmelden/K", "/afmelden/L"}, {"List-Unsubscribe=One-Click", "List-Unsubscribe=Two-Click"}, {"auto-generated", "no"},
			{"onderzoek@", "0nderzoek@"}, {"vragen@", "vr4gen@"}, {"\r\nSubject:", "\r\nSubject: x"}, {"/v/abc", "/v/abd"},
			{"\r\nSubject:", "\r\nFrom: x@evil.example\r\nSubject:"}, {"\r\nSubject:", "\r\nSubject: een ander\r\nSubject:"},
		} {
			changed := strings.Replace(string(data), change[0], change[1], 1)
			if changed == string(data) {
				t.Fatalf("%s: nothing to change in %q", name, change[0])
			}
			if _, err := verify([]byte(changed)); err == nil {
				t.Errorf("%s: %q for %q is not noticed", name, change[1], change[0])
			}
		}
	}
}

func TestKeysThatReceiversRefuseAreRefused(t *testing.T) {
	t.Parallel()
	good := pkcs8(edPrivate())
	for name, try := range map[string][3]string{
		"no PEM":      {"sleutel", "x.example", "s"},
		"public":      {string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: must(x509.MarshalPKIXPublicKey(edPrivate().Public()))})), "x.example", "s"},
		"no domain":   {string(good), "", "s"},
		"no selector": {string(good), "x.example", ""},
		"injection":   {string(good), "x.example; h=from", "s"},
		"line end":    {string(good), "x.example", "s\r\nBcc: a"},
	} {
		if _, err := mail.NewDKIM([]byte(try[0]), try[1], try[2]); err == nil {
			t.Errorf("%s: no error", name)
		} else if strings.Contains(err.Error(), "sleutel") {
			t.Errorf("%s: the key stands in the error: %v", name, err)
		}
	}
	pkcs1 := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(rsaPrivate())})
	if _, err := mail.NewDKIM(pkcs1, "uitvraag.example", "rsa2026"); err != nil {
		t.Errorf("PKCS#1: %v", err)
	}
}

func TestOneKeySignsForSeveralAtOnce(t *testing.T) {
	t.Parallel()
	key := edKey(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			data, err := message().Bytes(key)
			if err != nil {
				t.Error(err)
			}
			if _, err := verify(data); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
