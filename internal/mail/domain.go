package mail

import (
	"context"
	"errors"
	"net"
	"strings"
)

// A Resolver answers what the DNS says of a name; net.Resolver is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

// A Finding is what came of looking for one record.
type Finding string

// The findings.
const (
	FoundGood   Finding = "goed"
	FoundWrong  Finding = "fout"        // absent, or it does not protect
	NotLookedAt Finding = "niet gezien" // the DNS did not answer, or there is nothing to ask for
)

// A Record is one record of a mail domain, with what is to be said of it in Dutch.
type Record struct {
	Name    string  `json:"naam"` // SPF, DKIM, DMARC
	Finding Finding `json:"bevinding"`
	Text    string  `json:"tekst"`
}

// LookDomain looks whether the DNS of a sending domain says who may send for it
// (standards B4, M1). selector is that of the key with which we sign, "" where a
// mail server signs. It never fails: what could not be looked at says so.
func LookDomain(ctx context.Context, r Resolver, domain, selector string) []Record {
	return []Record{spf(ctx, r, domain), dkim(ctx, r, domain, selector), dmarc(ctx, r, domain)}
}

// texts returns the records at a name that begin with a prefix.
func texts(ctx context.Context, r Resolver, name, prefix string) (found []string, silent bool) {
	all, err := r.LookupTXT(ctx, name)
	if err != nil {
		dns, ok := errors.AsType[*net.DNSError](err)
		return nil, !ok || !dns.IsNotFound
	}
	for _, t := range all {
		if strings.HasPrefix(strings.ToLower(t), prefix) {
			found = append(found, t)
		}
	}
	return found, false
}

func unseen(name, at string) Record {
	return Record{name, NotLookedAt, "De DNS gaf geen antwoord over " + at + "."}
}

func spf(ctx context.Context, r Resolver, domain string) Record {
	found, silent := texts(ctx, r, domain, "v=spf1")
	switch {
	case silent:
		return unseen("SPF", domain)
	case len(found) == 0:
		return Record{"SPF", FoundWrong, "Bij " + domain + " staat geen SPF-record."}
	case len(found) > 1:
		return Record{"SPF", FoundWrong, "Bij " + domain + " staan twee SPF-records; dan geldt er geen."}
	}
	fields := strings.Fields(strings.ToLower(found[0]))
	switch last := fields[len(fields)-1]; {
	case last == "-all", last == "~all", strings.HasPrefix(last, "redirect="):
		return Record{"SPF", FoundGood, "SPF staat goed bij " + domain + "."}
	}
	return Record{"SPF", FoundWrong, "Het SPF-record van " + domain + " eindigt niet op -all of ~all, zodat iedereen namens dit domein kan mailen."}
}

func dkim(ctx context.Context, r Resolver, domain, selector string) Record {
	if selector == "" {
		return Record{"DKIM", NotLookedAt, "Uitvraag ondertekent de mails niet zelf. Vraag uw mailprovider of die dat met DKIM doet."}
	}
	name := selector + "._domainkey." + domain
	all, silent := texts(ctx, r, name, "")
	if silent {
		return unseen("DKIM", name)
	}
	for _, t := range all {
		for part := range strings.SplitSeq(t, ";") {
			if key, ok := strings.CutPrefix(strings.TrimSpace(part), "p="); ok && key != "" {
				return Record{"DKIM", FoundGood, "De sleutel van DKIM staat bij " + name + "."}
			}
		}
	}
	return Record{"DKIM", FoundWrong, "Bij " + name + " staat geen sleutel van DKIM."}
}

func dmarc(ctx context.Context, r Resolver, domain string) Record {
	name := "_dmarc." + domain
	found, silent := texts(ctx, r, name, "v=dmarc1")
	if silent {
		return unseen("DMARC", name)
	}
	if len(found) == 0 {
		return Record{"DMARC", FoundWrong, "Bij " + name + " staat geen DMARC-record."}
	}
	for part := range strings.SplitSeq(strings.ToLower(found[0]), ";") {
		switch strings.ReplaceAll(part, " ", "") {
		case "p=reject", "p=quarantine":
			return Record{"DMARC", FoundGood, "DMARC staat goed bij " + name + "."}
		}
	}
	return Record{"DMARC", FoundWrong, "DMARC bij " + name + " vraagt niet om valse mail te weigeren (p=reject of p=quarantine)."}
}
