package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/uitvraag/uitvraag/internal/server"
)

// A config is the environment of the program, read once.
type config struct {
	databaseURL string // "" for a private PostgreSQL
	data        string // its folder
	archive     string
	pgBin       string
	sudoUser    string
	addr        string
	baseURL     *url.URL
	smtpURL     string
	mailFrom    string
	bounceURL   string
	secret      string
	dkimKey     string // file of the key; its name is the selector
	proxies     []netip.Prefix
	gallery     bool
	chromium    string
	metrics     string // token of monitoring
	issuer      string // of the organisation where staff may sign in; "" for here only
	client      string // what it calls this site
	clientKey   string
}

// readConfig reads the environment and reports all faults at once. root says
// whether the process runs as the superuser.
func readConfig(getenv func(string) string, root bool) (config, error) {
	c := config{databaseURL: getenv("DATABASE_URL"), data: getenv("UITVRAAG_DATA"), archive: getenv("UITVRAAG_POSTGRES_ARCHIVE"),
		pgBin: getenv("PG_BIN"), sudoUser: getenv("SUDO_USER"), addr: getenv("UITVRAAG_ADDR"), smtpURL: getenv("UITVRAAG_SMTP_URL"),
		mailFrom: getenv("UITVRAAG_MAIL_FROM"), bounceURL: getenv("UITVRAAG_BOUNCE_URL"), secret: getenv("UITVRAAG_SECRET"), dkimKey: getenv("UITVRAAG_DKIM_KEY"), gallery: getenv("UITVRAAG_GALLERY") != "",
		chromium: getenv("CHROMIUM_PATH"), metrics: getenv("UITVRAAG_METRICS_TOKEN"),
		issuer: getenv("UITVRAAG_OIDC_ISSUER"), client: getenv("UITVRAAG_OIDC_CLIENT_ID"), clientKey: getenv("UITVRAAG_OIDC_CLIENT_SECRET")}
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }

	if c.data == "" {
		c.data = defaultData(getenv, root)
	}
	if c.data == "" {
		fault("UITVRAAG_DATA: name a folder; HOME is not set")
	} else if abs, err := filepath.Abs(c.data); err != nil {
		fault("UITVRAAG_DATA: %w", err)
	} else {
		c.data = abs
	}
	if c.addr == "" {
		c.addr = "127.0.0.1:8080"
	}
	if _, _, err := net.SplitHostPort(c.addr); err != nil {
		fault("UITVRAAG_ADDR: %q is no address and port, such as 127.0.0.1:8080", c.addr)
	}
	if c.metrics != "" && len(c.metrics) < 16 {
		fault("UITVRAAG_METRICS_TOKEN: at least 16 characters")
	}
	if c.databaseURL != "" {
		if u, err := url.Parse(c.databaseURL); err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
			fault("DATABASE_URL: must start with postgres://") // the value may hold a password
		}
	}
	c.proxies, faults = readProxies(getenv("UITVRAAG_TRUSTED_PROXIES"), faults)
	faults = append(faults, c.readBaseURL(getenv("UITVRAAG_BASE_URL"))...)
	faults = append(faults, c.organisationFaults()...)
	return c, errors.Join(faults...)
}

func defaultData(getenv func(string) string, root bool) string {
	switch {
	case root:
		return "/var/lib/uitvraag"
	case getenv("XDG_STATE_HOME") != "":
		return filepath.Join(getenv("XDG_STATE_HOME"), "uitvraag")
	case getenv("HOME") != "":
		return filepath.Join(getenv("HOME"), ".local", "state", "uitvraag")
	}
	return ""
}

func readProxies(list string, faults []error) ([]netip.Prefix, []error) {
	var out []netip.Prefix
	for _, field := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		if addr, err := netip.ParseAddr(field); err == nil {
			out = append(out, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(field)
		if err != nil {
			faults = append(faults, fmt.Errorf("UITVRAAG_TRUSTED_PROXIES: %q is no address or network", field))
			continue
		}
		out = append(out, p)
	}
	return out, faults
}

func (c *config) readBaseURL(value string) []error {
	if value == "" {
		value = "http://" + c.addr
	}
	u, err := url.Parse(strings.TrimRight(value, "/"))
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return []error{fmt.Errorf("UITVRAAG_BASE_URL: %q is no address, such as https://onderzoek.example.nl", value)}
	case u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return []error{fmt.Errorf("UITVRAAG_BASE_URL: %q may have a scheme and a host only", value)}
	case u.Scheme == "http" && !server.Loopback(u.Hostname()):
		return []error{fmt.Errorf("UITVRAAG_BASE_URL: %q must start with https://; http is for loopback only", value)}
	}
	c.baseURL = u
	return nil
}

// organisationFaults are what is wrong with where staff may sign in.
func (c *config) organisationFaults() []error {
	var faults []error
	if c.issuer == "" {
		if c.client != "" || c.clientKey != "" {
			faults = append(faults, errors.New("UITVRAAG_OIDC_ISSUER: required with UITVRAAG_OIDC_CLIENT_ID or UITVRAAG_OIDC_CLIENT_SECRET"))
		}
		return faults
	}
	u, err := url.Parse(c.issuer)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		faults = append(faults, fmt.Errorf("UITVRAAG_OIDC_ISSUER: %q is no address, such as https://login.example.nl", c.issuer))
	case u.Scheme == "http" && !server.Loopback(u.Hostname()):
		faults = append(faults, fmt.Errorf("UITVRAAG_OIDC_ISSUER: %q must start with https://; http is for loopback only", c.issuer))
	}
	if c.client == "" {
		faults = append(faults, errors.New("UITVRAAG_OIDC_CLIENT_ID: required with UITVRAAG_OIDC_ISSUER"))
	}
	return faults
}

// organisation is where staff may sign in, nil for here only.
func (c *config) organisation() *server.Organisation {
	if c.issuer == "" {
		return nil
	}
	return &server.Organisation{Issuer: c.issuer, ClientID: c.client, ClientSecret: c.clientKey}
}

// serveFaults are what keeps the site from being served, beside the faults of
// the environment itself.
func (c *config) serveFaults() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	host, _, _ := net.SplitHostPort(c.addr) // checked by readConfig
	if c.smtpURL == "" && (!server.Loopback(host) || !server.Loopback(c.baseURL.Hostname())) {
		fault("UITVRAAG_SMTP_URL: required, because UITVRAAG_ADDR or UITVRAAG_BASE_URL is not loopback")
	}
	return errors.Join(append(faults, c.mailFaults())...)
}

func (c *config) secretFault() error {
	switch {
	case c.databaseURL != "" && c.secret == "":
		return errors.New("UITVRAAG_SECRET: required with DATABASE_URL; make one with: openssl rand -base64 32")
	case c.secret != "" && len(c.secret) < 16:
		return errors.New("UITVRAAG_SECRET: at least 16 characters")
	}
	return nil
}
