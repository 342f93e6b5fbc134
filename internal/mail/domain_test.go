package mail

import (
	"context"
	"net"
	"testing"
)

type zone map[string][]string

func (z zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	if z == nil {
		return nil, &net.DNSError{Err: "timeout", IsTimeout: true}
	}
	if t, ok := z[name]; ok {
		return t, nil
	}
	return nil, &net.DNSError{Err: "no such host", IsNotFound: true}
}

func TestLookDomainSaysWhatTheDNSHas(t *testing.T) {
	t.Parallel()
	good := zone{"example.nl": {"iets anders", "v=spf1 mx -all"}, "u26._domainkey.example.nl": {"v=DKIM1; k=rsa; p=MIIB"}, "_dmarc.example.nl": {"v=DMARC1; p=reject"}}
	for _, c := range []struct {
		zone zone
		want [3]Finding
	}{
		{good, [3]Finding{FoundGood, FoundGood, FoundGood}},
		{zone{}, [3]Finding{FoundWrong, FoundWrong, FoundWrong}},
		{nil, [3]Finding{NotLookedAt, NotLookedAt, NotLookedAt}},
		{zone{"example.nl": {"v=spf1 mx +all"}, "u26._domainkey.example.nl": {"v=DKIM1; p="}, "_dmarc.example.nl": {"v=DMARC1; p=none"}}, [3]Finding{FoundWrong, FoundWrong, FoundWrong}},
		{zone{"example.nl": {"v=spf1 -all", "v=spf1 mx -all"}}, [3]Finding{FoundWrong, FoundWrong, FoundWrong}},
	} {
		for i, r := range LookDomain(t.Context(), c.zone, "example.nl", "u26") {
			if r.Finding != c.want[i] || r.Text == "" {
				t.Errorf("%v: %+v, want %s", c.zone, r, c.want[i])
			}
		}
	}
	if r := LookDomain(t.Context(), good, "example.nl", "")[1]; r.Finding != NotLookedAt {
		t.Errorf("without a key of our own: %+v", r)
	}
}
