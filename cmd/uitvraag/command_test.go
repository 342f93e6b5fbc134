package main_test

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A result is what a command left behind.
type result struct {
	code           int
	stdout, stderr string
}

func (p *plant) try(stdin string, args ...string) result {
	p.t.Helper()
	return p.tryWith(nil, stdin, args...)
}

func (p *plant) tryWith(env []string, stdin string, args ...string) result {
	p.t.Helper()
	c := p.command(args...)
	c.Env = append(c.Env, env...)
	var stdout, stderr bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(stdin), &stdout, &stderr
	err := c.Run()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		p.t.Fatal(err)
	}
	return result{c.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// wants checks the exit code and that stderr holds each text.
func (p *plant) wants(what string, r result, code int, texts ...string) result {
	p.t.Helper()
	if r.code != code {
		p.t.Errorf("%s: exit code %d, want %d; stdout %q, stderr %q", what, r.code, code, r.stdout, r.stderr)
	}
	for _, text := range texts {
		if !strings.Contains(r.stderr, text) {
			p.t.Errorf("%s: stderr does not say %q: %s", what, text, r.stderr)
		}
	}
	if code != 0 && strings.Contains(r.stderr+r.stdout, "goroutine ") {
		p.t.Errorf("%s: panic: %s", what, r.stderr)
	}
	return r
}

func TestAWrongCommandLineSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	for _, tt := range []struct {
		args  string
		code  int
		texts string
	}{
		{"", 2, "name a command"},
		{"vlieg", 2, `no command "vlieg"`},
		{"study", 2, "no command"},
		{"study create", 2, "--definition and --title and --opens and --closes"},
		{"study create --definition x --title T --opens 2026-11-02T09:00:00+01:00 --closes 2026-12-02T09:00:00+01:00", 1, "ketenpartner"},
		{"study create --definition ketenpartner --title T --opens gisteren --closes 2026-12-02T09:00:00+01:00", 2, "--opens"},
		{"study create --definition ketenpartner --title T --opens 2026-12-02T09:00:00+01:00 --closes 2026-11-02T09:00:00+01:00", 1, "later sluiten"},
		{"study create --definition ketenpartner --title ... --opens 2026-11-02T09:00:00+01:00 --closes 2026-12-02T09:00:00+01:00", 1, "titel"},
		{"sample import --audience swv", 2, "1 operand"},
		{"sample import a.csv", 2, "--audience"},
		{"sample import --audience swv /bestaat/niet.csv", 1, "/bestaat/niet.csv"},
		{"sample links", 2, "--audience"},
		{"sample links --audience swv extra", 2, "0 operand"},
		{"codebook --json", 2, "--instrument"},
		{"export --instrument swv --format pdf", 2, "csv-excel"},
		{"export --instrument swv --nonsense", 2, "nonsense"},
		{"user add", 2, "1 operand"},
		{"user add jan --role lezer", 1, "e-mailadres"},
		{"user add jan@example.nl --role baas", 1, "projectleider"},
		{"serve --only mail", 2, "web or worker"},
		{"instrument check /bestaat/niet.yaml", 1, "/bestaat/niet.yaml"},
	} {
		p.wants(tt.args, p.try("", strings.Fields(tt.args)...), tt.code, tt.texts)
	}
	help := p.wants("help", p.try("", "help"), 0)
	for _, command := range []string{"serve", "migrate", "demo", "study create", "sample import", "sample links", "codebook", "responses import", "tables", "export", "snapshot make", "snapshot check", "instrument check", "instrument diff", "user add"} {
		if !strings.Contains(help.stdout, command) {
			t.Errorf("help does not name %q", command)
		}
	}
	if entries, err := os.ReadDir(p.dir); err != nil || len(entries) != 0 {
		t.Errorf("a wrong command line made %v (%v)", entries, err)
	}
}

func TestAllFaultsOfTheEnvironmentAreToldAtOnce(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	r := p.tryWith([]string{"UITVRAAG_ADDR=nergens", "DATABASE_URL=mysql://jan:geheim@db/x", "UITVRAAG_BASE_URL=http://onderzoek.example.nl", "UITVRAAG_TRUSTED_PROXIES=10.0.0.0/8 proxy"}, "", "serve")
	p.wants("faults", r, 1, "UITVRAAG_ADDR", "DATABASE_URL", "UITVRAAG_BASE_URL", "UITVRAAG_TRUSTED_PROXIES")
	if strings.Contains(r.stderr, "geheim") {
		t.Error("the message holds the password of the database")
	}
	r = p.tryWith([]string{"UITVRAAG_ADDR=0.0.0.0:8080", "DATABASE_URL=postgres://x/y", "UITVRAAG_BASE_URL=https://onderzoek.example.nl", "UITVRAAG_SECRET=kort"}, "", "serve")
	p.wants("faults of serving", r, 1, "UITVRAAG_SMTP_URL", "UITVRAAG_SECRET")
	r = p.tryWith([]string{"UITVRAAG_ADDR=0.0.0.0:8080", "DATABASE_URL=postgres://x/y", "UITVRAAG_BASE_URL=https://onderzoek.example.nl", "UITVRAAG_SMTP_URL=smtp://mail.example.nl"}, "", "serve")
	p.wants("faults of mailing", r, 1, "UITVRAAG_MAIL_FROM", "UITVRAAG_SECRET")
}

// TestFromRegisterToData is the thin line of the product, over real processes
// and HTTP: a register in, a questionnaire filled in, the data out.
func TestFromRegisterToData(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	stop := p.start()
	defer stop()
	p.ready(time.Minute)

	p.wants("no study yet", p.try("", "codebook", "--instrument", "swv", "--json"), 1, "study create")
	now := time.Now()
	create := []string{"study", "create", "--definition", "inventarisatie-2026", "--title", "Súdwest & Co", "--opens", now.AddDate(0, 0, -1).Format(time.RFC3339), "--closes", now.AddDate(0, 0, 1).Format(time.RFC3339)}
	if r := p.wants("create", p.try("", create...), 0); r.stdout != "sudwest-co\n" {
		t.Errorf("study create prints %q", r.stdout)
	}
	p.wants("create again", p.try("", create...), 1, "sudwest-co")

	bad := "code;naam\nPO2001;Een\nPO20;Twee\nPO2001;Drie\nzomaar;Vier\n"
	r := p.wants("a faulty register", p.try(bad, "sample", "import", "--audience", "swv", "-"), 1, "regel 3", "regel 4", "regel 5")
	if r.stdout != "" {
		t.Errorf("a refused register prints %q", r.stdout)
	}
	p.wants("an unknown audience", p.try("code\n1\n", "sample", "import", "--audience", "niemand", "-"), 1, "doelgroep")
	register := "code;naam;sector;regio\nPO2001;Groningen <b>;PO;Noord\nVO2001;'s-Gravenhage;VO;Zuid\nPO2002;=1+1;PO;Noord\n"
	p.wants("a register", p.try(register, "sample", "import", "--audience", "swv", "-"), 0)
	var again struct{ Units, Added, Changed int }
	r = p.wants("the same register", p.try(register, "sample", "import", "--audience", "swv", "--json", "-"), 0)
	if err := json.Unmarshal([]byte(r.stdout), &again); err != nil || again.Units != 3 || again.Added+again.Changed != 0 {
		t.Errorf("the same register again: %s (%v)", r.stdout, err)
	}

	links := p.links("--audience", "swv")
	if len(links) != 3 || !strings.HasPrefix(links["PO2001"], "http://"+p.address+"/v/") {
		t.Fatalf("links %v", links)
	}
	r = p.wants("replaced links", p.try("", "sample", "links", "--audience", "swv", "--replace"), 0, "3 ")
	fresh, err := csv.NewReader(strings.NewReader(r.stdout)).ReadAll()
	if err != nil || len(fresh) != 4 {
		t.Fatal(fresh, err)
	}
	if resp, err := http.Get(links["PO2001"]); err != nil || resp.StatusCode != http.StatusGone {
		t.Errorf("a replaced link: %v, %v", resp.StatusCode, err)
	}
	p.fillIn(fresh[1][1])

	p.wants("codebook", p.try("", "codebook", "--instrument", "swv"), 0)
	variables := p.codebook("swv")
	rows := p.export("--instrument", "swv", "--format", "csv")
	if want := append([]string{"unit", "mode", "status", "covers", "ingediend_op", "gestart_op", "revisie", "versie"}, variables...); !slices.Equal(rows[0], want) {
		t.Errorf("head of the export is %v", rows[0][:10])
	}
	if len(rows) != 2 || rows[1][0] != "PO2001" || rows[1][1] != "web" || rows[1][2] != "submitted" {
		t.Fatalf("data: %v", rows[1:])
	}

	file := filepath.Join(t.TempDir(), "antwoorden.csv")
	text := "unit,mode,status,b5_12,b5_24\nVO2001,tel,kernvragen,\"=HYPERLINK(\"\"x\"\");a\r\nb\",ja\nPO2002,paper,partial,'x,0\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p.wants("faulty answers", p.try("unit,b5_24\nVO2001,misschien\nXX,1\n", "responses", "import", "--instrument", "swv", "-"), 1, "regel 2, kolom b5_24")
	p.wants("answers", p.try("", "responses", "import", "--instrument", "swv", file), 0)
	p.wants("the same answers again", p.try("", "responses", "import", "--instrument", "swv", file), 1, "regel 2", "regel 4")
	rows = p.export("--instrument", "swv")
	at := slices.Index(rows[0], "b5_12")
	if len(rows) != 4 || rows[2][0] != "PO2002" || rows[2][at] != "'x" || rows[3][at] != "=HYPERLINK(\"x\");a\nb" || rows[3][slices.Index(rows[0], "b5_24")] != "1" {
		t.Errorf("data after importing: %v", rows)
	}
	if raw := p.run("export", "--instrument", "swv"); !strings.Contains(raw, "a\r\nb") {
		t.Error("the line end of a text is not as it was typed")
	}
	excel := p.run("export", "--instrument", "swv", "--format", "csv-excel")
	if !strings.HasPrefix(excel, "\ufeffunit;") || !strings.Contains(excel, `"'=HYPERLINK(""x"");a`) {
		t.Errorf("the copy for spreadsheets begins %.40q or holds a formula", excel)
	}
	pseudo := p.run("export", "--instrument", "swv", "--pseudonym")
	if strings.Contains(pseudo, "PO2001") || strings.Contains(pseudo, "VO2001") || !strings.HasPrefix(pseudo, "id_resp,") {
		t.Error("the pseudonymous export names units")
	}
	p.tables()
	p.snapshots()
	p.wants("export of nothing", p.try("", "export", "--instrument", "niemand"), 1, "doelgroep")

	p.staff()
	create[5] = "Tweede"
	p.wants("a second study", p.try("", create...), 0)
	p.wants("two studies", p.try("", "export", "--instrument", "swv"), 1, "--study")
	p.wants("two studies, one named", p.try("", "export", "--study", "sudwest-co", "--instrument", "swv"), 0)
	p.wants("an unknown study", p.try("", "export", "--study", "weg", "--instrument", "swv"), 1, "onderzoek")
}

func (p *plant) links(args ...string) map[string]string {
	p.t.Helper()
	rows, err := csv.NewReader(strings.NewReader(p.run(append([]string{"sample", "links"}, args...)...))).ReadAll()
	if err != nil || len(rows) == 0 || !slices.Equal(rows[0], []string{"unit", "url"}) {
		p.t.Fatalf("links: %v, %v", rows, err)
	}
	out := map[string]string{}
	for _, row := range rows[1:] {
		out[row[0]] = row[1]
	}
	return out
}

func (p *plant) codebook(name string) []string {
	p.t.Helper()
	var variables []struct {
		Name, Label, Question, Row, Column, Type string
		Values                                   []struct {
			Code    int
			ID      string
			Label   string
			Missing bool
		}
	}
	if err := json.Unmarshal([]byte(p.run("codebook", "--instrument", name, "--json")), &variables); err != nil {
		p.t.Fatal(err)
	}
	var names []string
	for _, v := range variables {
		names = append(names, v.Name)
		if v.Values == nil || v.Label == "" || v.Type == "" {
			p.t.Errorf("variable %+v", v)
		}
	}
	return names
}

func (p *plant) export(args ...string) [][]string {
	p.t.Helper()
	rows, err := csv.NewReader(strings.NewReader(p.run(append([]string{"export"}, args...)...))).ReadAll()
	if err != nil {
		p.t.Fatal(err)
	}
	return rows
}

var button = regexp.MustCompile(`name="(versie|verzoek)" value="([^"]*)"`)

// tables reads the book of tables as a program of somebody else would.
func (p *plant) tables() {
	p.t.Helper()
	var book struct {
		Instrument string
		Generated  time.Time
		Tables     []struct {
			ID, Question, Title, Layout string
			Rows                        []struct {
				Row, Label string
				N          *int
				Cells      []map[string]any
			}
			Notes []string
		}
	}
	if err := json.Unmarshal([]byte(p.run("tables", "--instrument", "swv", "--format", "json")), &book); err != nil {
		p.t.Fatal(err)
	}
	if book.Instrument != "swv" || book.Generated.IsZero() || len(book.Tables) != 30 {
		p.t.Fatalf("tables of %q at %v: %d", book.Instrument, book.Generated, len(book.Tables))
	}
	for _, t := range book.Tables {
		if t.ID == "" || t.Question == "" || t.Title == "" || t.Layout == "" || t.Rows == nil || t.Notes == nil {
			p.t.Errorf("table %+v", t)
		}
		for _, r := range t.Rows {
			if r.N == nil || r.Label == "" || len(r.Cells) == 0 {
				p.t.Errorf("%s: row %+v", t.ID, r)
			}
			for _, c := range r.Cells {
				if count, ok := c["count"].(float64); c["column"] == nil || !ok && c["mean"] == nil && c["n"] == nil || *r.N > 0 && t.Layout == "matrix" && c["percent"] != 100*count/float64(*r.N) {
					p.t.Errorf("%s/%s: cell %v of %d", t.ID, r.Row, c, *r.N)
				}
			}
		}
	}
	p.wants("a format that is none", p.try("", "tables", "--instrument", "swv", "--format", "wp"), 2, "--format")
	p.wants("a column that is none", p.try("", "tables", "--instrument", "swv", "--by", "weg"), 1, "weg")
}

// snapshots keeps the data, makes everything of them twice, and erases them.
func (p *plant) snapshots() {
	p.t.Helper()
	made := p.run("snapshot", "make", "--instrument", "swv", "--json", "Rapport 1")
	var list []struct {
		Name, Instrument, SHA256, Erased string
		Units                            int
		Sound                            *bool
	}
	if err := json.Unmarshal([]byte(made), &list); err != nil || len(list) != 1 || list[0].Units != 3 || len(list[0].SHA256) != 64 {
		p.t.Fatalf("a snapshot: %v, %s", err, made)
	}
	generated := regexp.MustCompile(`"generated": "[^"]*"`)
	live, kept := p.run("tables", "--instrument", "swv"), p.run("tables", "--instrument", "swv", "--snapshot", "rapport 1")
	if generated.ReplaceAllString(live, "") != generated.ReplaceAllString(kept, "") {
		p.t.Error("the tables of the snapshot are not those of the data it was made of")
	}
	for _, command := range []string{"tables --instrument swv --format docx", "export --instrument swv", "export --instrument swv --format sav --pseudonym", "export --instrument swv --format zip"} {
		args := append(strings.Fields(command), "--snapshot", "Rapport 1")
		if first := p.run(args...); first != p.run(args...) {
			p.t.Errorf("%s gives other bytes a second time", command)
		}
	}
	p.wants("its name again", p.try("", "snapshot", "make", "--instrument", "swv", "RAPPORT 1"), 1, "Er is al een momentopname")
	p.wants("another one", p.try("", "tables", "--instrument", "swv", "--snapshot", "weg"), 1, "Deze momentopname is er niet")
	said := func(want string, args ...string) {
		if got := p.run(args...); !strings.Contains(got, want) {
			p.t.Errorf("%v says %q", args, got)
		}
	}
	said("in orde", "snapshot", "check")
	p.wants("erase", p.try("", "snapshot", "erase", "Rapport 1", "--why", "proef"), 0)
	said("gewist: proef", "snapshot", "list")
	said(`"erased":"proef"`, "snapshot", "check", "--json")
	p.wants("one that was erased", p.try("", "export", "--instrument", "swv", "--snapshot", "Rapport 1"), 1, "gewist: proef")
}

// fillIn answers one page over HTTP and sends the questionnaire.
func (p *plant) fillIn(link string) {
	p.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	c := &http.Client{Jar: jar}
	post := func(address string, form url.Values) *http.Response {
		resp, err := c.PostForm(address, form)
		if err != nil {
			p.t.Fatal(err)
		}
		return resp
	}
	page := post(link, nil)
	body, err := io.ReadAll(page.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	parts := strings.Split(page.Request.URL.Path, "/")
	base := "http://" + p.address + "/vragenlijst/" + parts[2] + "/"
	form := url.Values{"b5_24": {"1"}, "actie": {"later"}}
	for _, m := range button.FindAllStringSubmatch(string(body), -1) {
		form.Set(m[1], m[2])
	}
	if resp := post(base+"b5_24", form); resp.StatusCode != http.StatusOK {
		p.t.Fatalf("saving: %d", resp.StatusCode)
	}
	if resp := post(base+"controleren", url.Values{"actie": {"versturen"}}); resp.StatusCode != http.StatusOK || !strings.HasSuffix(resp.Request.URL.Path, "/ontvangst") {
		p.t.Fatalf("sending: %d at %s", resp.StatusCode, resp.Request.URL)
	}
}

// staff adds a member of staff, whose link works once.
func (p *plant) staff() {
	p.t.Helper()
	out := p.run("user", "add", "jan@example.nl", "--role", "lezer")
	link, rest, _ := strings.Cut(out, "\n")
	if rest != "" || !strings.HasPrefix(link, "http://"+p.address+"/inloggen/") {
		p.t.Fatalf("user add prints %q", out)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	c := &http.Client{Jar: jar}
	for range 2 { // opening changes nothing
		if resp, err := c.Get(link); err != nil || resp.StatusCode != http.StatusOK {
			p.t.Fatal(resp, err)
		}
	}
	if resp, err := c.PostForm(link, nil); err != nil || resp.Request.URL.Path != "/beheer/" || resp.StatusCode != http.StatusOK {
		p.t.Fatal(resp, err)
	}
	if resp, err := http.PostForm(link, nil); err != nil || resp.StatusCode != http.StatusNotFound {
		p.t.Errorf("a used login link: %v, %v", resp.StatusCode, err)
	}
}

func TestServeTakesAnyPortAndStopsWhenTold(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	p.address = "127.0.0.1:0"
	c := p.command("serve", "--only", "web")
	stderr, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	address := ""
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		var line struct{ Msg, Address, Base string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "listening" {
			address = line.Address
			if line.Base != "http://"+address {
				t.Errorf("base URL %s, address %s", line.Base, address)
			}
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, stderr) }() // so that it can write on
	resp, err := http.Get("http://" + address + "/readyz")
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("readyz: %v, %v", resp, err)
	}
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("serve told to stop: %v", err)
	}
	if _, err := os.Stat(filepath.Join(p.dir, "pg", "postmaster.pid")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the private database still runs: %v", err)
	}
	p.address = "127.0.0.1:1" // a port that cannot be had
	if os.Geteuid() != 0 {
		p.wants("a port that cannot be had", p.try("", "serve"), 1, "UITVRAAG_ADDR")
	}
}

func TestInstrumentsAreCheckedWithPlaces(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	file := filepath.Join(t.TempDir(), "fout.yaml")
	if err := os.WriteFile(file, []byte("uitvraag: 1\ninstrument: swv\nsecties: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := p.wants("a faulty instrument", p.try("", "instrument", "check", file), 1)
	if !strings.Contains(r.stdout, "\n"+file+":3:1: fout: ") {
		t.Errorf("the fault is told as %q", r.stdout)
	}
	p.wants("a sound one", p.try("", "instrument", "check", "swv-2026"), 0)
	var diff []map[string]any
	r = p.wants("a difference", p.try("", "instrument", "diff", "--json", "swv-2018", "swv-2026"), 0)
	if err := json.Unmarshal([]byte(r.stdout), &diff); err != nil || len(diff) == 0 {
		t.Errorf("diff: %v, %s", err, r.stdout)
	}
	r = p.wants("no difference", p.try("", "instrument", "diff", "--json", "swv-2026", "swv-2026"), 0)
	if strings.TrimSpace(r.stdout) != "[]" {
		t.Errorf("no difference is printed as %q, want []", fmt.Sprint(r.stdout))
	}
}
