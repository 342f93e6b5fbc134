package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var block = regexp.MustCompile("(?ms)^```([a-z]+(?: root)?)\n(.*?)^```$")

// blocks returns the blocks of OPERATIONS.md of one kind, in order.
func blocks(t *testing.T, kind string) []string {
	t.Helper()
	text, err := os.ReadFile("../../OPERATIONS.md")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count("\n"+string(text), "\n```"); n != 2*len(block.FindAllString(string(text), -1)) {
		t.Fatal("a block of OPERATIONS.md says no kind, so that nothing checks it")
	}
	var out []string
	for _, m := range block.FindAllStringSubmatch(string(text), -1) {
		if m[1] == kind {
			out = append(out, m[2])
		}
	}
	if len(out) == 0 {
		t.Fatalf("no block of kind %s", kind)
	}
	return out
}

// TestTheCommandsForOperatorsWork runs OPERATIONS.md from top to bottom, beside a
// site that serves.
func TestTheCommandsForOperatorsWork(t *testing.T) {
	t.Parallel()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	built.Store(true)
	work, data := folder(t), folder(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	env := append(os.Environ(), "PATH="+filepath.Dir(path)+":"+os.Getenv("PATH"), "WORK="+work, "UITVRAAG_DATA="+data, "UITVRAAG_ADDR="+address, "UITVRAAG_BASE_URL=http://"+address, "no_proxy=127.0.0.1")
	ctx, stop := context.WithCancel(t.Context())
	serve := exec.CommandContext(ctx, path, "serve")
	serve.Env = env
	serve.Cancel = func() error { return serve.Process.Signal(os.Interrupt) }
	serve.WaitDelay = 30 * time.Second
	var log bytes.Buffer
	serve.Stderr = &log
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		_ = serve.Wait() // interrupted
	})
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		if resp, err := http.Get("http://" + address + "/readyz"); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				break
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("the site does not come up: %s", log.String())
		}
	}
	for _, commands := range blocks(t, "sh") {
		c := exec.CommandContext(t.Context(), "bash", "-euxo", "pipefail", "-c", commands)
		c.Env = env
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%s\n%v\n%s", commands, err, out)
		}
	}
}

// TestTheRestForOperatorsIsWellFormed reads what needs root, systemd or a proxy.
func TestTheRestForOperatorsIsWellFormed(t *testing.T) {
	t.Parallel()
	verbs := map[string]bool{}
	help, err := exec.CommandContext(t.Context(), "go", "run", ".", "help").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(help)) {
		if fields := strings.Fields(line); strings.HasPrefix(line, "  ") && len(fields) > 0 {
			verbs[fields[0]] = true
		}
	}
	for _, commands := range blocks(t, "sh root") {
		if out, err := exec.CommandContext(t.Context(), "bash", "-n", "-c", commands).CombinedOutput(); err != nil {
			t.Errorf("%s\n%s", commands, out)
		}
		for _, m := range regexp.MustCompile(`(?m)^(?:[A-Z_]+=\S+ )*uitvraag ([a-z]+)`).FindAllStringSubmatch(commands, -1) {
			if !verbs[m[1]] {
				t.Errorf("there is no command %q", m[1])
			}
		}
		for _, file := range regexp.MustCompile(`deploy/[a-z.-]+`).FindAllString(commands, -1) {
			if file == "deploy/uitvraag.env" { // the operator fills it in
				continue
			}
			if _, err := os.Stat("../../" + file); err != nil {
				t.Error(err)
			}
		}
	}
	dir := t.TempDir()
	for _, name := range []string{"uitvraag.service", "uitvraag-backup.service", "uitvraag-backup.timer"} {
		text, err := os.ReadFile("../../deploy/" + name)
		if err != nil {
			t.Fatal(err)
		}
		// the program and its user are not on this machine
		text = regexp.MustCompile(`(?m)^(User|Group)=.*\n`).ReplaceAll(bytes.ReplaceAll(text, []byte("/usr/local/bin/uitvraag"), []byte("/bin/true")), nil)
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"uitvraag.service", "uitvraag-backup.service", "uitvraag-backup.timer"} {
		if out, err := exec.CommandContext(t.Context(), "systemd-analyze", "verify", "--man=no", filepath.Join(dir, name)).CombinedOutput(); err != nil || len(bytes.TrimSpace(out)) > 0 {
			t.Errorf("%s: %v %s", name, err, out)
		}
	}
}

// TestTheProgramTellsWhatItIsMadeOf compares its own list with the modules that are
// in LICENCES, which `make check` holds against the source.
func TestTheProgramTellsWhatItIsMadeOf(t *testing.T) {
	t.Parallel()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	built.Store(true)
	text, err := exec.CommandContext(t.Context(), path, "version", "--sbom").Output()
	if err != nil {
		t.Fatal(err)
	}
	var bill struct {
		BOMFormat, SpecVersion string
		Components             []struct{ Name, Version, PURL string }
	}
	if err := json.Unmarshal(text, &bill); err != nil || bill.BOMFormat != "CycloneDX" {
		t.Fatalf("%v: %.200s", err, text)
	}
	licences, err := os.ReadFile("../../LICENCES")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range bill.Components[1:] { // after the toolchain
		if !strings.Contains(string(licences), c.Name+" "+c.Version+" ") {
			t.Errorf("%s %s is in the program and not in LICENCES", c.Name, c.Version)
		}
	}
	if n := strings.Count(string(licences), "\n"); n != len(bill.Components)-1 {
		t.Errorf("%d modules in the program, %d in LICENCES", len(bill.Components)-1, n)
	}
}
