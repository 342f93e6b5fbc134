package credential_test

import (
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/credential"
)

func TestAPasswordOpensItsOwnHashOnly(t *testing.T) {
	t.Parallel()
	h := credential.NewHasher(2)
	hash, err := h.Hash(t.Context(), "een zin met é")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatal(hash, err)
	}
	for password, want := range map[string]bool{"een zin met é": true, "een zin met e\u0301": true, "een zin met e": false, "": false, strings.Repeat("x", 1<<20): false} {
		if got, err := h.Check(t.Context(), hash, password); err != nil || got != want {
			t.Errorf("%.20q: %v, %v", password, got, err)
		}
	}
	if again, _ := h.Hash(t.Context(), "een zin met é"); again == hash {
		t.Error("the same password has the same hash twice: no salt")
	}
	if ok, err := h.Check(t.Context(), "", ""); ok || err != nil {
		t.Error("who has no password gets in without one")
	}
	for _, odd := range []string{"x", "$argon2i$v=19$m=1,t=1,p=1$AA$AA", "$argon2id$v=18$m=1,t=1,p=1$AA$AA", "$argon2id$v=19$m=1,t=1,p=1$!$AA"} {
		if ok, err := h.Check(t.Context(), odd, "x"); ok || err == nil {
			t.Errorf("%q is read as a hash", odd)
		}
	}
}

// TestSomebodyWithoutAPasswordTakesAsLong compares the work for an unknown account
// with that for a known one (standards 4 row 10).
func TestSomebodyWithoutAPasswordTakesAsLong(t *testing.T) {
	t.Parallel()
	h := credential.NewHasher(1)
	hash, err := h.Hash(t.Context(), "een zin met woorden")
	if err != nil {
		t.Fatal(err)
	}
	least := func(hash string) time.Duration {
		best := time.Hour
		for range 4 {
			start := time.Now()
			if _, err := h.Check(t.Context(), hash, "een andere zin"); err != nil {
				t.Fatal(err)
			}
			best = min(best, time.Since(start))
		}
		return best
	}
	known, unknown := least(hash), least("")
	if unknown < known/10 || known < unknown/10 { // without the work it is a thousandth; a busy machine is not the point
		t.Errorf("known %v, unknown %v", known, unknown)
	}
}

func TestEasyPasswordsAreRefusedAndLongOnesAreNot(t *testing.T) {
	t.Parallel()
	for _, p := range []string{"kort", "elf tekens!", "Wachtwoord123!", "W@chtw00rd2026", "welkom2026welkom", "123456789012", "qwertyuiop123!", "aaaaaaaaaaaaaa", "Sanne.Jansen2026", "sannejansen!!!", "onderzoek2026!", "abcabcabcabc", "qwertyuiopas", "langgenoeg\x00tekst", "correcthorsebatterystaple"} {
		if credential.Problem(p, "sanne@jansen.example", "Sanne Jansen") == "" {
			t.Errorf("%q is taken", p)
		}
	}
	for _, p := range []string{"vier woorden achter elkaar", "fietsbel kaasschaaf dinsdag", "Rk8#vQ2pLz!w", "het welkom van de buurvrouw", "ügenböck straße 9"} {
		if why := credential.Problem(p, "sanne@jansen.example", "Sanne Jansen"); why != "" {
			t.Errorf("%q is refused: %s", p, why)
		}
	}
}

// TestCodesAreThoseOfTheStandard holds codes against appendix B of RFC 6238, of
// which an app shows the last six digits.
func TestCodesAreThoseOfTheStandard(t *testing.T) {
	t.Parallel()
	secret := []byte("12345678901234567890")
	for unix, want := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		if got := credential.Code(secret, credential.Step(time.Unix(unix, 0))); got != want {
			t.Errorf("at %d: %s, want %s", unix, got, want)
		}
	}
	if got, want := credential.SecretURL(secret, "Uitvraag", "u@example.nl"), "otpauth://totp/Uitvraag:u@example.nl?issuer=Uitvraag&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := credential.SecretText(secret); got != "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ" {
		t.Error(got)
	}
}

func TestACodeWorksOnceAndShortly(t *testing.T) {
	t.Parallel()
	secret, now := []byte("12345678901234567890"), time.Unix(1_700_000_000, 0)
	at := credential.Step(now)
	for d, want := range map[int64]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		if step, ok := credential.Match(secret, credential.Code(secret, at+d), 0, now); ok != want || ok && step != at+d {
			t.Errorf("%d periods off: %v", d, ok)
		}
	}
	code := credential.Code(secret, at)
	step, ok := credential.Match(secret, code[:3]+" "+code[3:], 0, now)
	if !ok {
		t.Fatal("a code with a space is not read")
	}
	if _, ok := credential.Match(secret, code, step, now); ok {
		t.Error("a code works twice")
	}
	if _, ok := credential.Match(secret, credential.Code(secret, at-1), step, now); ok {
		t.Error("an earlier code works after a later one")
	}
	for _, odd := range []string{"", "12345", "1234567", "абвгде", strings.Repeat("0", 1000)} {
		if _, ok := credential.Match(secret, odd, 0, now); ok {
			t.Errorf("%q works", odd)
		}
	}
}

func TestRecoveryCodesAreReadAsTheyAreTyped(t *testing.T) {
	t.Parallel()
	codes, seen := credential.NewRecovery(), map[string]bool{}
	if len(codes) != credential.RecoveryCodes {
		t.Fatal(codes)
	}
	for _, c := range codes {
		if len(c) != 19 || seen[c] {
			t.Errorf("code %q", c)
		}
		seen[c] = true
		if string(credential.RecoveryHash(strings.ToUpper(strings.ReplaceAll(c, "-", " ")))) != string(credential.RecoveryHash(c)) {
			t.Errorf("%q is not read in capitals", c)
		}
		if string(credential.RecoveryHash(c[:18])) == string(credential.RecoveryHash(c)) {
			t.Error("half a code is read")
		}
	}
}
