package mail_test

import (
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/mail"
)

func TestAnUnsubscribeTokenIsOursOrRefused(t *testing.T) {
	t.Parallel()
	token := keys.UnsubscribeToken("m9007199254740993")
	if !strings.HasPrefix(keys.UnsubscribeAddress("m9007199254740993"), "afmelden+"+token+"@") || len("https://onderzoek.bureau-linde.nl/afmelden/"+keys.UnsubscribeToken("m12345678")) > 76 {
		t.Errorf("the token is %s", token)
	}
	for _, typed := range []string{token, strings.ToUpper(token), token + ".", token + ">", token + "%0d", token + "\r\n", token + ", zegt men"} {
		if id, clean, err := keys.ParseUnsubscribeToken(typed); err != nil || id != "m9007199254740993" || clean != token {
			t.Errorf("%q is %q, %q, %v", typed, id, clean, err)
		}
	}
	other := mail.Keys{Secret: []byte("another secret of ours"), Domain: keys.Domain}
	bounce, _, _ := strings.Cut(strings.TrimPrefix(keys.ReturnPath("m9007199254740993"), "bounce+"), "@")
	for _, bad := range []string{"", ".", token + "a", token + "-", "x" + token, token[:len(token)-1], strings.Replace(token, "0993", "0994", 1), other.UnsubscribeToken("m9007199254740993"), bounce,
		"afmelden+" + token, token + strings.Repeat(".", 30)} {
		if id, _, err := keys.ParseUnsubscribeToken(bad); errs.KindOf(err) != errs.NotFound {
			t.Errorf("%q is taken for %q (%v)", bad, id, err)
		}
	}
}

// FuzzUnsubscribeToken looks for a token that was not made with the secret.
func FuzzUnsubscribeToken(f *testing.F) {
	f.Add(keys.UnsubscribeToken("m1"))
	f.Add("m1." + strings.Repeat("a", 20))
	f.Add("\u212a." + strings.Repeat("\u017f", 20) + ".")
	f.Fuzz(func(t *testing.T, typed string) {
		id, clean, err := keys.ParseUnsubscribeToken(typed)
		if err == nil && (keys.UnsubscribeToken(id) != clean || !strings.EqualFold(typed[:min(len(clean), len(typed))], clean) && !strings.Contains(typed, "\u212a")) {
			t.Errorf("%q is taken for %q", typed, id)
		}
	})
}
