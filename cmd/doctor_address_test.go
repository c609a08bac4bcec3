package cmd_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/cmd"
)

// TestDoctorTrustsNoStranger: where the certificate is not known, or the address is not https, no token leaves.
func TestDoctorTrustsNoStranger(t *testing.T) {
	t.Parallel()
	_, config := shopFolder(t)
	var asked atomic.Int32
	h := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) })
	stranger := httptest.NewUnstartedServer(h)
	stranger.Config.ErrorLog = log.New(io.Discard, "", 0)
	stranger.StartTLS()
	t.Cleanup(stranger.Close)
	for _, tt := range []struct{ name, base, line, part string }{
		{"unknown authority", stranger.URL, "failed public reachable", "not signed by an authority that is known here -> the provider cannot reach it either; no token was sent"},
		{"plain http", "http://192.0.2.1", "failed public address", "anybody on the way could read the token"},
		{"no address", "kvitto.shop.example", "failed public address", "no absolute https address"},
		{"a query", "https://kvitto.shop.example/?a=b", "failed public address", "no absolute https address"},
		{"nobody there", "https://127.0.0.1:1", "failed public reachable", "connection refused"},
		{"none", "", "skipped public address", "give --base"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := &setUp{t: t, config: config, base: tt.base, admin: "127.0.0.1:1", now: time.Now}
			e := s.doctor()
			e.want(tt.line, tt.part)
			e.want("failed admin reachable", "connection refused -> is the service running")
			e.want("skipped acknowledge pushes", "did not show it")
		})
	}
	t.Cleanup(func() {
		if n := asked.Load(); n > 0 {
			t.Errorf("a stranger was asked %d times", n)
		}
	})
}

// TestDoctorOnThisMachine: without a proxy, plain http to this machine is looked at too.
func TestDoctorOnThisMachine(t *testing.T) {
	t.Parallel()
	_, config := shopFolder(t)
	r := start(t, "--config", config)
	s := &setUp{t: t, config: config, base: "http://" + r.listen + "/", admin: r.admin, now: time.Now}
	e := s.doctor()
	if e.status != 0 {
		t.Errorf("%d %s", e.status, e.text)
	}
	e.want("warning public tls", "plain http")
	e.want("skipped public plain http", "the address itself is http")
	e.want("skipped public push", "stays with the shop's own plug-in")
	e.want("skipped store orders", "no merchant is in mode full")
	e.want("skipped provider credentials", "none is configured")
	e.want("skipped sink place", "mode pricing")
	e.want("ok acknowledge pushes", "none came here")
	if status := r.push("klarna_order_id=" + confirmedID); status != http.StatusServiceUnavailable {
		t.Fatalf("push: %d", status)
	}
	s.doctor().want("failed acknowledge pushes", "1 pushes or notifications came here and were answered 503")
}

// TestDoctorDemo: the shop that a newcomer starts is well.
func TestDoctorDemo(t *testing.T) {
	t.Parallel()
	r := start(t, "--demo")
	status, out, errs := runCommand(new(counted), "doctor", "--demo", "--base", "http://"+r.listen, "--admin", r.admin)
	if status != 0 || !strings.Contains(out, "ok       public        demo: address-update: ") || !strings.Contains(out, ", 0 failed, ") || errs != "" {
		t.Errorf("%d %s%s", status, out, errs)
	}
}

// TestDoctorAndTokens: a token that the configuration has as a hash only, one that ends, and one that is not in use.
func TestDoctorAndTokens(t *testing.T) {
	t.Parallel()
	dir, config := shopFolder(t)
	r := start(t, "--config", config)
	const hash = "{sha256: 6f1d1c0a4b8e4f7d9a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7081}" // of nobody's token
	other := filepath.Join(dir, "other.yaml")
	text := "merchants:\n  - {id: shop, mode: pricing, rules: rules, tokens: ["
	for _, tt := range []struct{ name, tokens, line, part string }{
		{"a hash", hash, "skipped public callbacks", "give the token itself with --token FILE"},
		{"not in use", "{file: unused}", "failed public address-update", "404 of Kvitto -> the token does not open"},
		{"ends soon", "{env: KVITTO_SHOP_TOKEN, until: 2026-12-05}", "warning configuration tokens", "the newest ends at 2026-12-0"},
		{"ends too soon", "{env: KVITTO_SHOP_TOKEN, until: 2026-11-27}", "failed configuration tokens", "pushed after that, for up to four days"},
		{"ended", "{env: KVITTO_SHOP_TOKEN, until: 2026-11-20}", "failed configuration tokens", "every URL answers 404"},
		{"one of two ended", "{env: KVITTO_SHOP_TOKEN}, {file: unused, until: 2026-11-20}", "ok configuration tokens", "no `until`; ended and of no more use: 1"},
	} {
		write(t, filepath.Join(dir, "unused"), strings.Repeat("fedcba9876543210", 4))
		write(t, other, text+tt.tokens+"]}\n")
		s := &setUp{t: t, config: other, base: "http://" + r.listen, admin: r.admin,
			now: func() time.Time { return time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC) }}
		e := s.doctor()
		e.want(tt.line, tt.part)
		e.want("ok public wrong token", "the same 404")
	}
}

// TestDoctorNeedsNoHash: --token gives what the configuration has only as a hash.
func TestDoctorNeedsNoHash(t *testing.T) {
	t.Parallel()
	dir, config := shopFolder(t)
	r := start(t, "--config", config)
	write(t, filepath.Join(dir, "token"), shopToken+"\n")
	s := &setUp{t: t, config: config, base: "http://" + r.listen, admin: r.admin, now: time.Now}
	args := []string{"--merchant", "shop", "--token", filepath.Join(dir, "token")}
	hash := sha256.Sum256([]byte(shopToken))
	edit(t, config, "{env: KVITTO_SHOP_TOKEN}", "{sha256: "+hex.EncodeToString(hash[:])+"}")
	s.doctor(args...).want("ok public address-update", "200 with the cart")
	away := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		http.Redirect(w, q, "https://shop.example"+q.URL.Path, http.StatusFound)
	}))
	t.Cleanup(away.Close)
	s.base = away.URL
	s.doctor(args...).want("failed public address-update", "302, a redirect to https://shop.example/v1/shop/6f1d…/address-update")
}

// sniffed is a listener whose connections without TLS are redirected, as some proxies do on their own port.
type sniffed struct{ net.Listener }

type peeked struct {
	net.Conn
	r io.Reader
}

func (p *peeked) Read(b []byte) (int, error) { return p.r.Read(b) }

// Accept answers plain connections itself.
func (l *sniffed) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		r := bufio.NewReader(c)
		if first, err := r.Peek(1); err == nil && first[0] == 22 { // a TLS handshake
			return &peeked{c, r}, nil
		}
		if _, err := http.ReadRequest(r); err == nil {
			_, _ = io.WriteString(c, "HTTP/1.1 301 Moved Permanently\r\nLocation: https://kvitto.shop.example/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
		}
		_ = c.Close()
	}
}

// TestDoctorPlainHTTP: a redirect from http to https is told, with why it matters.
func TestDoctorPlainHTTP(t *testing.T) {
	t.Parallel()
	_, config := shopFolder(t)
	r := start(t, "--config", config)
	s := proxiedOn(t, r, config, nil, func(l net.Listener) net.Listener { return &sniffed{l} })
	e := s.doctor()
	if e.status != 0 {
		t.Errorf("%d %s", e.status, e.text)
	}
	e.want("warning public plain http", "301, a redirect to https://kvitto.shop.example/ -> harmless as long as merchant_urls say https")
}

// TestDoctorLatency: on a machine whose clock jumps by a second at each look, every answer takes longer than its deadline.
func TestDoctorLatency(t *testing.T) {
	t.Parallel()
	_, config := shopFolder(t)
	r := start(t, "--config", config)
	for step, line := range map[time.Duration]string{3 * time.Second: "failed public latency", 1500 * time.Millisecond: "warning public latency"} {
		var n atomic.Int64
		began := time.Now()
		s := &setUp{t: t, config: config, base: "http://" + r.listen, admin: r.admin,
			now: func() time.Time { return began.Add(time.Duration(n.Add(1)) * step) }}
		s.doctor().want(line, "median "+step.String()+", deadline 2s -> look at kvitto_callback_duration_seconds")
	}
}

// TestSkew: a clock is called wrong only where no moment within the second of the header, and within the way, would do.
func TestSkew(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		server := time.UnixMilli(rapid.Int64Range(1_700_000_000_000, 1_800_000_000_000).Draw(t, "server"))
		ahead := time.Duration(rapid.Int64Range(-100_000, 100_000).Draw(t, "ahead")) * time.Millisecond
		there := time.Duration(rapid.Int64Range(0, 3000).Draw(t, "there")) * time.Millisecond
		back := time.Duration(rapid.Int64Range(0, 3000).Draw(t, "back")) * time.Millisecond
		date := server.UTC().Format(http.TimeFormat)
		by, ok := cmd.Skew(date, server.Add(ahead-there), server.Add(ahead+back))
		switch {
		case !ok:
			t.Fatalf("%q is not read", date)
		case by > 0 && by > ahead, by < 0 && by < ahead, by > 0 && ahead <= 0, by < 0 && ahead >= 0:
			t.Fatalf("told %v, is %v", by, ahead)
		case by == 0 && (ahead > 2*time.Second+2*(there+back) || ahead < -time.Second-2*(there+back)):
			t.Fatalf("nothing told, is %v", ahead)
		}
	})
	if _, ok := cmd.Skew("yesterday", time.Now(), time.Now()); ok {
		t.Error("a date that is none is read")
	}
}

// TestMasked: of a long secret four characters, of a short one nothing.
func TestMasked(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[a-z0-9]{0,80}`).Draw(t, "secret")
		if got := cmd.Masked(secret); len(strings.TrimSuffix(got, "…")) > len(secret)/4 || got == secret {
			t.Fatalf("%q shows %q", secret, got)
		}
	})
}

// TestDoctorFlags: what cannot run ends with 2 and says why.
func TestDoctorFlags(t *testing.T) {
	t.Parallel()
	dir, config := shopFolder(t)
	empty := filepath.Join(dir, "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, want string
		args       []string
	}{
		{"format", `--format "xml": want text or json`, []string{"--config", config, "--format", "xml"}},
		{"merchant", "there is no such merchant", []string{"--config", config, "--merchant", "other"}},
		{"ca", "--ca: open ", []string{"--config", config, "--ca", "none.pem"}},
		{"empty ca", "holds no certificate in PEM", []string{"--config", config, "--ca", empty}},
		{"no config", "at least one of the flags in the group [config demo] is required", nil},
	} {
		if status, out, errs := runCommand(new(counted), append([]string{"doctor"}, tt.args...)...); status != 2 || out != "" || !strings.Contains(errs, tt.want) {
			t.Errorf("%s: %d %s%s", tt.name, status, out, errs)
		}
	}
}
