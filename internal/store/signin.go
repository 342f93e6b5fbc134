package store

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/credential"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/event"
)

// A Password is what is needed to check one, with the second step. That of an
// address that nobody has is zero, and can be checked all the same.
type Password struct {
	Account int64
	Hash    string
	App     []byte // the secret that their app has too
	Step    int64  // of the last code of it that was used
}

// PasswordOf returns the password of who has an address.
func (s *Store) PasswordOf(ctx context.Context, email string) (Password, error) {
	var p Password
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) error {
		var sealed []byte
		err := tx.QueryRow(ctx, `
			select a.id, p.hash, t.secret, t.step from staff.account a -- store.PasswordOf
			join staff.password p on p.account = a.id join staff.app t on t.account = a.id
			where lower(a.email) = lower($1) and a.ended is null`, email).Scan(&p.Account, &p.Hash, &sealed, &p.Step)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		p.App, err = s.unseal(p.Account, sealed)
		return err
	})
	if err != nil {
		return Password{}, fmt.Errorf("password: %w", err)
	}
	return p, nil
}

// A Second is the second step beside a password: the step of a code, or a
// recovery code.
type Second struct {
	Step     int64
	Recovery []byte // hash; nil with a step
}

// use takes a second step, once; false when it was used before.
func (x Second) use(ctx context.Context, tx pgx.Tx, id int64, now time.Time) (bool, error) {
	if x.Recovery == nil {
		tag, err := tx.Exec(ctx, `update staff.app set step = $2 where account = $1 and step < $2 -- store.use`, id, x.Step)
		return tag.RowsAffected() == 1, err
	}
	tag, err := tx.Exec(ctx, `update staff.recovery set used = $3 where account = $1 and hash = $2 and used is null -- store.use`, id, x.Recovery, now)
	if err != nil || tag.RowsAffected() == 0 {
		return false, err
	}
	return true, audit(ctx, tx, now, Actor{Kind: event.ByStaff, ID: id}, 0, "herstelcode gebruikt", fmt.Sprint("account ", id), nil)
}

// A Client is the browser that somebody signs in with, as "mijn sessies" tells it.
type Client struct{ Agent, Origin string }

// A Session is one browser in which somebody is signed in.
type Session struct {
	ID     int64
	Method credential.Method
	Made   time.Time
	Seen   time.Time
	Proved time.Time // zero: never, but by a link
	Client
}

// ErrUsed is what a second step gives that was used before, or is none.
var ErrUsed = errs.Errorf(errs.Invalid, "Deze code is al gebruikt.")

// SignIn opens a session for somebody who has shown who they are, and returns its
// token. A second step that was used before gives ErrUsed.
func (s *Store) SignIn(ctx context.Context, id int64, m credential.Method, second *Second, from Client, now time.Time) (string, error) {
	var token string
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		if second != nil {
			if ok, err := second.use(ctx, tx, id, now); err != nil || !ok {
				return errors.Join(err, ErrUsed)
			}
		}
		token, err = openSession(ctx, tx, id, m, from, now)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	return token, nil
}

func openSession(ctx context.Context, tx pgx.Tx, id int64, m credential.Method, from Client, now time.Time) (string, error) {
	token := NewToken()
	var proved *time.Time
	if m.Proves() {
		proved = &now
	}
	_, err := tx.Exec(ctx, `
		insert into staff.session (hash, account, made, seen, method, proved, agent, origin) -- store.openSession
		select $1, id, $3, $3, $4, $5, left($6, 300), $7 from staff.account where id = $2 and ended is null`, hash(token), id, now, m, proved, from.Agent, from.Origin)
	if err != nil {
		return "", err
	}
	if _, err := tx.Exec(ctx, `update staff.account set seen = $2 where id = $1 -- store.openSession`, id, now); err != nil {
		return "", err
	}
	return token, audit(ctx, tx, now, Actor{Kind: event.ByStaff, ID: id}, 0, "ingelogd", "", map[string]any{"manier": m})
}

// Prove notes that who has a session showed once more who they are.
func (s *Store) Prove(ctx context.Context, session Session, id int64, m credential.Method, second *Second, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		if second != nil {
			if ok, err := second.use(ctx, tx, id, now); err != nil || !ok {
				return errors.Join(err, ErrUsed)
			}
		}
		return prove(ctx, tx, session, id, m, now)
	})
	if err != nil {
		return fmt.Errorf("prove: %w", err)
	}
	return nil
}

func prove(ctx context.Context, tx pgx.Tx, session Session, id int64, m credential.Method, now time.Time) error {
	_, err := tx.Exec(ctx, `update staff.session set proved = $3, method = $4 where id = $1 and account = $2 -- store.prove`, session.ID, id, now, m)
	if err != nil {
		return err
	}
	return audit(ctx, tx, now, Actor{Kind: event.ByStaff, ID: id}, 0, "opnieuw bevestigd", "", map[string]any{"manier": m})
}

// SetPassword gives an account a password with its app and recovery codes, in
// place of earlier ones. It counts as having shown who one is, and ends the other
// sessions: somebody changes a password when another may know it.
func (s *Store) SetPassword(ctx context.Context, session Session, p Password, recovery [][]byte, now time.Time) error {
	sealed, err := s.seal(p.Account, p.App)
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	err = s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into staff.password (account, hash, made) values ($1, $2, $3) -- store.SetPassword
			on conflict (account) do update set hash = excluded.hash, made = excluded.made`, p.Account, p.Hash, now)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			insert into staff.app (account, secret, step, made) values ($1, $2, $3, $4) -- store.SetPassword
			on conflict (account) do update set secret = excluded.secret, step = excluded.step, made = excluded.made`, p.Account, sealed, p.Step, now)
		if err != nil {
			return err
		}
		if err := setRecovery(ctx, tx, p.Account, recovery); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, p.Account, session.ID); err != nil {
			return err
		}
		if err := audit(ctx, tx, now, Actor{Kind: event.ByStaff, ID: p.Account}, 0, "wachtwoord ingesteld", fmt.Sprint("account ", p.Account), nil); err != nil {
			return err
		}
		return prove(ctx, tx, session, p.Account, credential.Password, now)
	})
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	return nil
}

func setRecovery(ctx context.Context, tx pgx.Tx, id int64, hashes [][]byte) error {
	if _, err := tx.Exec(ctx, `delete from staff.recovery where account = $1 -- store.setRecovery`, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `insert into staff.recovery (account, hash) select $1, unnest($2::bytea[]) -- store.setRecovery`, id, hashes)
	return err
}

// SetRecovery gives an account other recovery codes; the earlier ones end.
func (s *Store) SetRecovery(ctx context.Context, id int64, hashes [][]byte, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		if err := setRecovery(ctx, tx, id, hashes); err != nil {
			return err
		}
		return audit(ctx, tx, now, Actor{Kind: event.ByStaff, ID: id}, 0, "herstelcodes gemaakt", fmt.Sprint("account ", id), nil)
	})
	if err != nil {
		return fmt.Errorf("set recovery: %w", err)
	}
	return nil
}

// Methods are the ways in which somebody can sign in.
type Methods struct {
	Password   time.Time // when it was set; zero: there is none
	Recovery   int       // codes left
	Passkeys   []Passkey
	Identities []Identity
}

// Any reports whether there is a way at all.
func (m Methods) Any() bool { return m.count() > 0 }

func (m Methods) count() int {
	n := len(m.Passkeys) + len(m.Identities)
	if !m.Password.IsZero() {
		n++
	}
	return n
}

// Methods returns how an account can sign in.
func (s *Store) Methods(ctx context.Context, id int64) (Methods, error) {
	var m Methods
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		m, err = methods(ctx, tx, id)
		return err
	})
	if err != nil {
		return m, fmt.Errorf("methods: %w", err)
	}
	return m, nil
}

func methods(ctx context.Context, tx pgx.Tx, id int64) (Methods, error) {
	var m Methods
	var made *time.Time
	err := tx.QueryRow(ctx, `
		select (select made from staff.password where account = $1), (select count(*) from staff.recovery where account = $1 and used is null) -- store.methods`, id).Scan(&made, &m.Recovery)
	if err != nil {
		return m, err
	}
	if made != nil {
		m.Password = *made
	}
	if m.Passkeys, err = passkeys(ctx, tx, id); err != nil {
		return m, err
	}
	m.Identities, err = all(ctx, tx, pgx.RowToStructByPos[Identity], `select issuer, subject, made from staff.identity where account = $1 order by made -- store.methods`, id)
	return m, err
}

// RemovePassword takes away the password of an account, its app and its recovery
// codes. The last way in stays.
func (s *Store) RemovePassword(ctx context.Context, id int64, now time.Time) error {
	err := s.removeMethod(ctx, id, "wachtwoord verwijderd", now, func(tx pgx.Tx) error {
		for _, sql := range []string{`delete from staff.recovery where account = $1 -- store.RemovePassword`, `delete from staff.app where account = $1 -- store.RemovePassword`, `delete from staff.password where account = $1 -- store.RemovePassword`} {
			if _, err := tx.Exec(ctx, sql, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("remove password: %w", err)
	}
	return nil
}

// removeMethod takes a way in away, unless it is the last.
func (s *Store) removeMethod(ctx context.Context, id int64, action string, now time.Time, remove func(pgx.Tx) error) error {
	return s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select from staff.account where id = $1 for update -- store.removeMethod`, id); err != nil {
			return err
		}
		if err := remove(tx); err != nil {
			return err
		}
		left, err := methods(ctx, tx, id)
		if err != nil {
			return err
		}
		if !left.Any() {
			return errs.Errorf(errs.Conflict, "Dit is uw enige manier om in te loggen. Stel eerst een andere in.")
		}
		return audit(ctx, tx, now, Actor{Kind: event.ByStaff, ID: id}, 0, action, fmt.Sprint("account ", id), nil)
	})
}

// Begin remembers what a browser must come back with, and returns the token that
// it must show then.
func (s *Store) Begin(ctx context.Context, kind string, id int64, record any, now time.Time) (string, error) {
	token := NewToken()
	data, err := json.Marshal(record)
	if err != nil {
		return "", fmt.Errorf("begin: %w", err)
	}
	err = s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `delete from staff.ceremony where expires < $1 -- store.Begin`, now); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `
			insert into staff.ceremony (hash, kind, account, record, expires) values ($1, $2, nullif($3, 0), $4, $5) -- store.Begin`,
			hash(token), kind, id, data, now.Add(ceremonyLife))
		return err
	})
	if err != nil {
		return "", fmt.Errorf("begin: %w", err)
	}
	return token, nil
}

const ceremonyLife = 10 * time.Minute

// Finish returns what was remembered, once, and for which account (0: nobody yet).
func (s *Store) Finish(ctx context.Context, kind, token string, record any, now time.Time) (int64, error) {
	var id int64
	var data []byte
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `
			delete from staff.ceremony where hash = $1 and kind = $2 and expires > $3 returning coalesce(account, 0), record -- store.Finish`,
			hash(token), kind, now).Scan(&id, &data)
		if errors.Is(err, pgx.ErrNoRows) {
			return errs.Errorf(errs.Gone, "Dit duurde te lang of was al gedaan. Begin opnieuw.")
		}
		return err
	})
	if err == nil {
		err = json.Unmarshal(data, record)
	}
	if err != nil {
		return 0, fmt.Errorf("finish: %w", err)
	}
	return id, nil
}

// key derives a key of the secret of the installation, for one use.
func (s *Store) key(use string, n int) ([]byte, error) {
	if len(s.secret) == 0 {
		return nil, errNoSecret
	}
	return hkdf.Key(sha256.New, s.secret, nil, "uitvraag "+use, n)
}

// NewApp returns the secret that an app is to share in this session. It follows
// from the session, so that showing it stores nothing; once used it never comes
// back, because then there is a password of a later moment.
func (s *Store) NewApp(session Session, id int64, since time.Time) ([]byte, error) {
	key, err := s.key("app", 32)
	if err != nil {
		return nil, err
	}
	h := hmac.New(sha256.New, key)
	h.Write(fmt.Appendf(nil, "%d %d %d", id, session.ID, since.UnixMicro()))
	return h.Sum(nil)[:credential.SecretBytes], nil
}

func (s *Store) sealer() (cipher.AEAD, error) {
	key, err := s.key("seal", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// seal hides a secret of an account from who has the database alone.
func (s *Store) seal(id int64, secret []byte) ([]byte, error) {
	a, err := s.sealer()
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, a.NonceSize())
	_, _ = rand.Read(nonce) // never fails (crypto/rand)
	return a.Seal(nonce, nonce, secret, binary.BigEndian.AppendUint64(nil, uint64(id))), nil
}

// unseal returns a secret that was sealed. Under another secret of the
// installation it is lost: then recovery codes help, and a link.
func (s *Store) unseal(id int64, sealed []byte) ([]byte, error) {
	a, err := s.sealer()
	if err != nil {
		return nil, err
	}
	if len(sealed) < a.NonceSize() {
		return nil, errors.New("a sealed secret is cut off")
	}
	secret, err := a.Open(nil, sealed[:a.NonceSize()], sealed[a.NonceSize():], binary.BigEndian.AppendUint64(nil, uint64(id)))
	if err != nil {
		return nil, nil //nolint:nilerr // see above: no code fits an empty secret
	}
	return secret, nil
}

// A Try is one attempt that counts against a limit.
type Try struct {
	Limit
	Of string // origin or address; "" counts all together
}

// Attempt counts tries before they are made, so that many at once do not slip
// past, and reports whether a limit has been passed.
func (s *Store) Attempt(ctx context.Context, tries []Try, now time.Time) (blocked bool, err error) {
	err = s.tx(ctx, collect, func(tx pgx.Tx) error {
		blocked = false
		for _, t := range tries {
			var failed int
			err := tx.QueryRow(ctx, `
				insert into staff.attempt as a (kind, origin, since, failed) values ($1, $2, $3, 1) -- store.Attempt
				on conflict (kind, origin) do update set
					failed = case when a.since > $4 then least(a.failed + 1, 1000000) else 1 end,
					since = case when a.since > $4 then a.since else $3 end
				returning failed`, t.Kind, t.Of, now, now.Add(-t.Window)).Scan(&failed)
			if err != nil {
				return err
			}
			blocked = blocked || failed > t.Max
		}
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("attempt: %w", err)
	}
	return blocked, nil
}

// Succeeded takes back what Attempt counted: who may come in is never counted.
// What failed before at the same address is forgotten.
func (s *Store) Succeeded(ctx context.Context, tries []Try) error {
	err := s.tx(ctx, collect, func(tx pgx.Tx) error {
		for _, t := range tries {
			sql := `update staff.attempt set failed = greatest(failed - 1, 0) where kind = $1 and origin = $2 -- store.Succeeded`
			if t.Kind == AccountTries {
				sql = `delete from staff.attempt where kind = $1 and origin = $2 -- store.Succeeded`
			}
			if _, err := tx.Exec(ctx, sql, t.Kind, t.Of); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("succeeded: %w", err)
	}
	return nil
}

// AccountTries is the kind of the attempts at one address, also at one that nobody
// has.
const AccountTries = "wachtwoord"

// AddressKey is what stands for an address where attempts are counted, so that the
// counters do not tell who works here.
func (s *Store) AddressKey(email string) (string, error) {
	h, err := s.addressHash(email)
	return fmt.Sprintf("%x", h), err
}

// Alarms returns the uses of emergency access that a beheerder has not been told
// of yet.
func (s *Store) Alarms(ctx context.Context, a account.Account) ([]time.Time, error) {
	var out []time.Time
	err := s.read(ctx, fieldwork, func(tx pgx.Tx) (err error) {
		out, err = all(ctx, tx, pgx.RowTo[time.Time], `
			select l.made from staff.login_link l, staff.account a -- store.Alarms
			where l.kind = $2 and a.id = $1 and a.beheerder and l.made > a.alarms order by l.made`, a.ID, credential.Emergency)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("alarms: %w", err)
	}
	return out, nil
}

// SeenAlarms notes that a beheerder was told of emergency access until now.
func (s *Store) SeenAlarms(ctx context.Context, id int64, now time.Time) error {
	err := s.tx(ctx, fieldwork, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `update staff.account set alarms = $2 where id = $1 -- store.SeenAlarms`, id, now); err != nil {
			return err
		}
		return audit(ctx, tx, now, Actor{Kind: event.ByStaff, ID: id}, 0, "noodtoegang gezien", "", nil)
	})
	if err != nil {
		return fmt.Errorf("seen alarms: %w", err)
	}
	return nil
}
