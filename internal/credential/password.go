// Package credential owns how people prove who they are with something they know
// or carry: passwords, codes of an app, recovery codes. It knows neither accounts
// nor sessions. Passkeys and sign-in elsewhere are conversations with a browser,
// and belong to server.
package credential

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// What a hash costs: the first choice of OWASP for argon2id, which needs the
// least memory of those that are equally strong. It takes some 20 ms.
const (
	argonMemory = 19 * 1024 // KiB
	argonTime   = 2
	argonLanes  = 1
	saltBytes   = 16
	hashBytes   = 32
)

// A Hasher makes and checks hashes of passwords, a few at a time: each takes 19
// MiB, and somebody who tries many must not exhaust the memory.
type Hasher struct{ slots chan struct{} }

// NewHasher makes a hasher that works on n passwords at once.
func NewHasher(n int) *Hasher { return &Hasher{make(chan struct{}, n)} }

// Hash returns what to keep of a password, as a PHC string.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails (crypto/rand)
	key, err := h.key(ctx, password, salt, argonTime, argonMemory, argonLanes, hashBytes)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// nobody is the hash of a password that nobody has.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// Check reports whether a hash was made of a password. With hash "" it does the
// same work and says no, so that the time it takes does not tell whether somebody
// has a password.
func (h *Hasher) Check(ctx context.Context, hash, password string) (bool, error) {
	none := hash == ""
	if none {
		hash = nobody
	}
	var version, memory, time, lanes int
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, fmt.Errorf("a hash of another kind: %.12q", hash)
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &time, &lanes); err != nil || version != argon2.Version {
		return false, fmt.Errorf("a hash with other costs: %q %q", parts[2], parts[3])
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, fmt.Errorf("salt of a hash: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false, fmt.Errorf("hash: %w", err)
	}
	got, err := h.key(ctx, password, salt, time, memory, lanes, len(want))
	return err == nil && subtle.ConstantTimeCompare(got, want) == 1 && !none, err
}

func (h *Hasher) key(ctx context.Context, password string, salt []byte, time, memory, lanes, length int) ([]byte, error) {
	if len(password) > maxPassword {
		password = "" // nobody's, by Problem; and no work for who posts megabytes
	}
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-h.slots }()
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, uint32(time), uint32(memory), uint8(lanes), uint32(length)), nil
}

// Limits of a password. Length is what makes one hard to guess; rules about
// capitals and signs make people choose "Welkom2026!", so there are none.
const (
	MinPassword = 12  // characters
	maxPassword = 512 // bytes
)

// common are words that many passwords begin with, one a line.
//
//go:embed common.txt
var common string

// runs are rows of keys and letters that people slide along.
var runs = []string{"01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiop", "azertyuiop", "1q2w3e4r5t6y7u8i9o0p", "1qaz2wsx3edc4rfv5tgb"}

// Problem says why a password will not do, or "". about are words that somebody
// who guesses tries first: the address and the name of its owner.
func Problem(password string, about ...string) string {
	n := utf8.RuneCountInString(password)
	plain := letters(password)
	switch {
	case !utf8.ValidString(password) || strings.ContainsRune(password, 0):
		return "Dit wachtwoord heeft tekens die wij niet kunnen lezen. Kies een ander."
	case n < MinPassword:
		return fmt.Sprintf("Kies een langer wachtwoord: minstens %d tekens. Een paar woorden achter elkaar onthoudt u makkelijk.", MinPassword)
	case len(password) > maxPassword:
		return "Kies een korter wachtwoord."
	case distinct(password) < 6:
		return "Dit wachtwoord herhaalt dezelfde tekens. Kies een ander."
	}
	lower := strings.ToLower(password)
	for _, run := range runs {
		if strings.Contains(run, strings.Trim(lower, "!.?@# ")) {
			return "Dit wachtwoord is een rij van het toetsenbord. Kies een ander."
		}
	}
	for word := range strings.Lines(common) {
		word = strings.TrimSpace(word)
		if rest := strings.ReplaceAll(plain, word, ""); rest != plain && len(rest) < 4 {
			return "Dit wachtwoord proberen inbrekers als eerste. Kies een ander."
		}
	}
	rest := plain
	for _, text := range about {
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if word = letters(word); len(word) >= 4 {
				rest = strings.ReplaceAll(rest, word, "")
			}
		}
	}
	if rest != plain && len(rest) < 4 {
		return "Uw naam of adres is als wachtwoord te makkelijk te raden. Kies een ander."
	}
	return ""
}

// letters is a password as somebody would say it who knows the usual tricks: small
// letters only, a 0 read as an o.
func letters(password string) string {
	text := strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i").Replace(strings.ToLower(strings.TrimRight(password, "0123456789!@#$%&*?.-_ ")))
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, text)
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}
