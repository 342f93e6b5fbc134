package server_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/store"
)

const loopback = "127.0.0.1:40000"

var metricLine = regexp.MustCompile(`^([a-z_]+)(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? (-?[0-9.e+]+)$`)

// scrape reads /metrics as monitoring on the machine does: values by name and
// labels. A line that the format does not know is an error.
func (l *lab) scrape(t *testing.T) map[string]string {
	t.Helper()
	resp := l.do(t, request{method: "GET", path: "/metrics", from: loopback, host: "anders:9"})
	out, typed := map[string]string{}, map[string]bool{}
	for line := range strings.Lines(bodyOf(t, resp)) {
		line = strings.TrimSuffix(line, "\n")
		if name, ok := strings.CutPrefix(line, "# TYPE "); ok {
			typed[strings.Fields(name)[0]] = true
			continue
		}
		if strings.HasPrefix(line, "# HELP ") {
			continue
		}
		m := metricLine.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("no line of the format: %q", line)
		}
		base := m[1]
		for _, end := range []string{"_bucket", "_sum", "_count"} {
			base = strings.TrimSuffix(base, end)
		}
		if !typed[base] && !typed[m[1]] {
			t.Errorf("%s has no type", m[1])
		}
		out[m[1]+m[2]] = m[4]
	}
	return out
}

// TestMonitoringSeesWhatGoesOn does things and looks whether the numbers tell.
func TestMonitoringSeesWhatGoesOn(t *testing.T) {
	t.Parallel()
	certified := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(certified.Close)
	l := newLab(t, 1, certified.URL)
	host := strings.TrimPrefix(certified.URL, "https://")
	before := l.scrape(t)
	token := l.Links["swv"][0].Token
	entered := l.do(t, request{method: "POST", path: "/v/" + token, host: host})
	open := l.pageOf(t, "swv", instrument.Open)
	path := "/vragenlijst/" + strings.Split(entered.Header.Get("Location"), "/")[2] + "/" + open.ID
	wantStatus(t, "a save", l.do(t, request{method: "POST", path: path, host: host, cookies: entered.Cookies(), body: open.ID + "=x&actie=later"}), http.StatusSeeOther)
	l.do(t, request{method: "POST", path: "/v/" + strings.Repeat("x", 22), host: host})
	made := fixture.Now.Add(-time.Hour)
	if err := store.RecordBackup(t.Context(), l.pool.Config().ConnString(), made, 10, false, true); err != nil {
		t.Fatal(err)
	}
	l.exec(t, `update contact.contact set bounced = now() where id = (select min(id) from contact.contact)`)
	after := l.scrape(t)
	for name, want := range map[string]string{
		"uitvraag_database_up": "1", "uitvraag_bounced_contacts": "1", `uitvraag_messages{state="klaar"}`: "0", "uitvraag_sending_locked": "0",
		`uitvraag_request_seconds_count{area="questionnaire",method="POST",status="3xx"}`: "1", `uitvraag_failed_attempts{kind="link"}`: "1",
	} {
		if after[name] != want {
			t.Errorf("%s is %q, want %s", name, after[name], want)
		}
	}
	if before["uitvraag_saves_total"] == after["uitvraag_saves_total"] || after["uitvraag_last_save_seconds"] == "0" || after["uitvraag_certificate_expires_seconds"] == "" || after[`uitvraag_backup_seconds{tested="yes"}`] == "0" {
		t.Errorf("saves, backup or certificate are not told: %v", after)
	}
	for name := range after {
		if strings.Contains(name, token) || strings.Contains(name, "PO9001") {
			t.Errorf("%s names somebody", name)
		}
	}
	known := func(file, text string) {
		t.Helper()
		for _, name := range regexp.MustCompile(`uitvraag_[a-z_]+`).FindAllString(text, -1) {
			found := false
			for have := range after {
				found = found || have == name || strings.HasPrefix(have, name+"{")
			}
			if !found {
				t.Errorf("%s asks for %s, which /metrics does not tell", file, name)
			}
		}
	}
	for _, file := range []string{"alerts.yml", "dashboard.json"} {
		text, err := os.ReadFile("../../deploy/" + file)
		if err != nil {
			t.Fatal(err)
		}
		known(file, string(text))
	}
}

// TestAlertsSayWhatToDo reads the rules as Prometheus does.
func TestAlertsSayWhatToDo(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../deploy/alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	var rules struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(text, &rules); err != nil || len(rules.Groups) != 1 || len(rules.Groups[0].Rules) < 10 {
		t.Fatalf("%v: %d groups", err, len(rules.Groups))
	}
	for _, r := range rules.Groups[0].Rules {
		if r.Expr == "" || r.Annotations["summary"] == "" || r.Annotations["action"] == "" || r.Labels["severity"] == "" {
			t.Errorf("%s is not whole: %+v", r.Alert, r)
		}
	}
}

// TestMetricsAreForTheMachineAndForMonitoring tries from elsewhere.
func TestMetricsAreForTheMachineAndForMonitoring(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	for name, q := range map[string]request{
		"from elsewhere": {from: "192.0.2.1:1"}, "through a proxy on this machine": {from: loopback, header: map[string]string{"X-Forwarded-For": "192.0.2.1"}},
		"with a wrong token": {from: "192.0.2.1:1", header: map[string]string{"Authorization": "Bearer x"}}, "with an empty one": {from: "192.0.2.1:1", header: map[string]string{"Authorization": "Bearer "}},
	} {
		q.method, q.path = "GET", "/metrics"
		wantStatus(t, name, l.do(t, q), http.StatusNotFound)
	}
	wantStatus(t, "with the token", l.do(t, request{method: "GET", path: "/metrics", from: "192.0.2.1:1", header: map[string]string{"Authorization": "Bearer " + labMetrics}}), http.StatusOK)
}

// TestReadinessSaysWhatIsWrong to the machine, and to others only whether it serves.
func TestReadinessSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1, "")
	ask := func(from string) (int, string, []string) {
		t.Helper()
		resp := l.do(t, request{method: "GET", path: "/readyz", from: from, header: map[string]string{"Accept": "application/json"}})
		var state struct{ Wrong, Notes []string }
		if err := json.Unmarshal([]byte(bodyOf(t, resp)), &state); err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, strings.Join(state.Wrong, "; "), state.Notes
	}
	if status, wrong, notes := ask(loopback); status != http.StatusOK || wrong != "" || len(notes) != 1 || !strings.Contains(notes[0], "no backup") {
		t.Errorf("at first: %d %s %q", status, wrong, notes)
	}
	if _, _, notes := ask("192.0.2.1:1"); len(notes) > 0 {
		t.Errorf("others learn %q", notes)
	}
	l.exec(t, `update field.sending set locked = now()`)
	if _, _, notes := ask(loopback); len(notes) != 2 || !strings.Contains(notes[0], "locked") {
		t.Errorf("after a restore: %q", notes)
	}
	l.exec(t, `insert into public.goose_db_version (version_id, is_applied) values (99999, true)`)
	l.exec(t, `comment on table public.goose_db_version is 'serves programs from schema 99999'`)
	if status, wrong, _ := ask(loopback); status != http.StatusServiceUnavailable || !strings.Contains(wrong, "run migrate") {
		t.Errorf("another schema: %d %s", status, wrong)
	}
	if body := bodyOf(t, l.get(t, "/status")); !strings.Contains(body, "opslaan lukt nu niet") {
		t.Error("the status page does not tell")
	}
	l.exec(t, `delete from public.goose_db_version where version_id = 99999`)
	if body := bodyOf(t, l.get(t, "/status")); !strings.Contains(body, "alles werkt") {
		t.Error("the status page does not tell that it is over")
	}
	l.at(fixture.Now.Add(time.Minute))
	l.pool.Close()
	if body := bodyOf(t, l.get(t, "/status")); !strings.Contains(body, "Wat al was opgeslagen, is veilig") {
		t.Error("without a database the status page does not work")
	}
	wantStatus(t, "the process", l.get(t, "/healthz"), http.StatusOK)
}
