package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/uitvraag/uitvraag/internal/pgtest"
)

// A swept is the JSON of a sweep (DESIGN 6).
type swept struct {
	Sent, Deferred, Uncertain, Skipped, Letters []string
	Messages                                    []struct{ Unit, Audience, Step, Channel, Outcome, Why string }
}

func (p *plant) swept(r result) swept {
	p.t.Helper()
	var s swept
	d := json.NewDecoder(strings.NewReader(r.stdout))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		p.t.Fatalf("%v: %s", err, r.stdout)
	}
	return s
}

func TestASweepTellsWhatBecameOfEachMessage(t *testing.T) {
	t.Parallel()
	s, address := newSlowServer(t)
	p := newPlant(t)
	p.smtp = address
	wave(t, p, 3)
	register := filepath.Join(t.TempDir(), "swv.csv")
	if err := os.WriteFile(register, []byte("code,naam,email,adres\nPO1001,Zonder adres,,\nPO1002,Met post,,Straat 1 1234 AB Ommen\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.run("sample", "import", "--audience", "swv", register)
	at := func(moment string) []string {
		return []string{"fieldwork", "sweep", "--simulate", "--at", moment, "--json"}
	}
	first := p.swept(p.wants("the invitation", p.try("", at("2025-11-04T10:00:00+01:00")...), 0))
	slices.Sort(first.Sent)
	if !slices.Equal(first.Sent, []string{"GM10001", "GM10002", "GM10003"}) || len(first.Deferred)+len(first.Uncertain) != 0 ||
		!slices.Equal(first.Skipped, []string{"PO1001"}) || !slices.Equal(first.Letters, []string{"PO1002"}) || len(first.Messages) != 5 {
		t.Errorf("%+v", first)
	}
	for _, m := range first.Messages {
		if m.Outcome == "sent" && (m.Step != "uitnodiging" || m.Channel != "mail" || m.Audience != "gemeente" || m.Why != "") || m.Outcome == "skipped" && m.Why == "" {
			t.Errorf("%+v", m)
		}
	}
	again := p.swept(p.wants("the same day", p.try("", at("2025-11-04T11:00:00+01:00")...), 0))
	if len(again.Sent) != 0 || again.Sent == nil || s.count() != 3 {
		t.Errorf("%+v, %d mails", again, s.count())
	}
	p.smtp = "smtp://127.0.0.1:1" // nobody is there
	away := p.swept(p.wants("without a server", p.try("", at("2025-11-18T10:00:00+01:00")...), 0))
	if len(away.Deferred) != 3 || len(away.Sent) != 0 {
		t.Errorf("%+v", away)
	}
	p.smtp = address
	text := p.wants("the reminder, as text", p.try("", "fieldwork", "sweep", "--simulate", "--at", "2025-11-18T12:00:00+01:00"), 0, "PO1001")
	if !strings.Contains(text.stdout, "3 sent") || s.count() != 6 {
		t.Errorf("%q, %d mails", text.stdout, s.count())
	}
	p.wants("release", p.try("", "fieldwork", "release"), 0, "released")
	p.wants("release once more", p.try("", "fieldwork", "release"), 0, "already")
	pool, leave := p.database()
	if _, err := pool.Exec(t.Context(), `update register.study set stopped = now(), stop_reason = 'fout in de tekst'`); err != nil {
		t.Fatal(err)
	}
	leave()
	p.wants("a study that was stopped", p.try("", at("2025-12-02T10:00:00+01:00")...), 1, "fout in de tekst")
	if s.count() != 6 {
		t.Errorf("%d mails", s.count())
	}
}

func TestASweepThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	p.wants("another time without --simulate", p.try("", "fieldwork", "sweep", "--at", "2025-11-04T10:00:00+01:00"), 2, "--simulate")
	p.wants("no moment", p.try("", "fieldwork", "sweep", "--simulate", "--at", "gisteren"), 2, "--at")
	p.wants("an operand", p.try("", "fieldwork", "sweep", "alles"), 2)
	for name, key := range map[string]string{"away": filepath.Join(dir, "niets.pem"), "no key": write("tekst.pem", "tekst"), "public": write("openbaar.pem", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")} {
		p.wants("the DKIM key: "+name, p.tryWith([]string{"UITVRAAG_DKIM_KEY=" + key}, "", "fieldwork", "sweep"), 1, "UITVRAAG_DKIM_KEY")
	}
	faults := []string{"UITVRAAG_SMTP_URL=mail.example.nl", "UITVRAAG_MAIL_FROM=niemand", "UITVRAAG_SECRET=kort", "UITVRAAG_DKIM_KEY=" + filepath.Join(dir, "niets.pem"), "UITVRAAG_BASE_URL=http://onderzoek.example.nl"}
	p.wants("all faults at once", p.tryWith(faults, "", "fieldwork", "sweep"), 1, "UITVRAAG_SMTP_URL", "UITVRAAG_MAIL_FROM", "UITVRAAG_SECRET", "UITVRAAG_DKIM_KEY", "UITVRAAG_BASE_URL")
	if entries, err := os.ReadDir(p.dir); err != nil || len(entries) != 0 {
		t.Errorf("a refused command made %v (%v)", entries, err)
	}
}

// On a database that others use, a played time would write to real people.
func TestAReleasedStudyElsewhereCannotBeSimulated(t *testing.T) {
	t.Parallel()
	s, address := newSlowServer(t)
	p := newPlant(t)
	p.smtp = address
	elsewhere := []string{"DATABASE_URL=" + pgtest.URL(t), "UITVRAAG_SECRET=zestien tekens!!"}
	must := func(args ...string) result { return p.wants(args[0], p.tryWith(elsewhere, "", args...), 0) }
	must("study", "create", "--definition", "inventarisatie-2026", "--title", "Golf", "--opens", "2025-11-03T09:00:00+01:00", "--closes", "2025-12-12T00:00:00+01:00", "--organiser", "Bureau X", "--email", "help@example.nl")
	register := filepath.Join(t.TempDir(), "register.csv")
	if err := os.WriteFile(register, []byte("code,naam,email\nGM1001,Ommen,jeugd@ommen.example\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	must("sample", "import", "--audience", "gemeente", register)
	sweep := func(moment string) []string {
		return []string{"fieldwork", "sweep", "--simulate", "--at", moment, "--json"}
	}
	if got := p.swept(must(sweep("2025-11-04T10:00:00+01:00")...)); len(got.Sent) != 1 {
		t.Errorf("before release: %+v", got)
	}
	p.wants("without a secret", p.tryWith(elsewhere[:1], "", sweep("2025-11-18T10:00:00+01:00")...), 1, "UITVRAAG_SECRET")
	must("fieldwork", "release")
	p.wants("after release", p.tryWith(elsewhere, "", sweep("2025-11-18T10:00:00+01:00")...), 1, "released")
	if s.count() != 1 {
		t.Errorf("%d mails", s.count())
	}
}
