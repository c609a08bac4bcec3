package cmd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/cmd"
)

// examined is what the doctor said about a set-up.
type examined struct {
	t      *testing.T
	status int
	text   string
	Checks []struct {
		Status, Area, Merchant, Check, Found, Do string
		Looked                                   string `json:"looked_at"`
	}
	OK, Warnings, Failed, Skipped int
}

// setUp is a service that runs, a proxy with TLS before it, and how the doctor is asked.
type setUp struct {
	t                       *testing.T
	config, base, admin, ca string // base, admin and ca may be ""
	now                     func() time.Time
	disk                    func(string) (string, error)
}

// proxied puts a proxy before a service; change may answer in its place, or change what passes.
func proxied(t *testing.T, r *running, config string, change func(next http.Handler) http.Handler) *setUp {
	t.Helper()
	return proxiedOn(t, r, config, change, func(l net.Listener) net.Listener { return l })
}

// proxiedOn is proxied on a listener that may look at connections first.
func proxiedOn(t *testing.T, r *running, config string, change func(http.Handler) http.Handler, on func(net.Listener) net.Listener) *setUp {
	t.Helper()
	target, err := url.Parse("http://" + r.listen)
	if err != nil {
		t.Fatal(err)
	}
	way := &http.Transport{}
	var h http.Handler = &httputil.ReverseProxy{Transport: way, Rewrite: func(p *httputil.ProxyRequest) {
		p.Out.URL.Scheme, p.Out.URL.Host = target.Scheme, target.Host
	}}
	if change != nil {
		h = change(h)
	}
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // it is asked without TLS too
	s.Listener = on(s.Listener)
	s.StartTLS()
	t.Cleanup(func() { s.Close(); way.CloseIdleConnections() })
	ca := filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if err := os.WriteFile(ca, block, 0o600); err != nil {
		t.Fatal(err)
	}
	return &setUp{t: t, config: config, base: s.URL, admin: r.admin, ca: ca, now: time.Now}
}

// doctor runs the command and demands that nothing secret is in what it says.
func (s *setUp) doctor(args ...string) *examined {
	s.t.Helper()
	var out, errs bytes.Buffer
	p := &cmd.Program{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Now: s.now, Plugins: cmd.Included(),
		Disk: s.disk, Environ: []string{"KVITTO_SHOP_TOKEN=" + shopToken}}
	all := []string{"doctor", "--config", s.config, "--format", "json"}
	for flag, value := range map[string]string{"--base": s.base, "--admin": s.admin, "--ca": s.ca} {
		if value != "" {
			all = append(all, flag, value)
		}
	}
	e := &examined{t: s.t, status: p.Run(context.Background(), append(all, args...))}
	e.text = out.String()
	if err := json.Unmarshal(out.Bytes(), e); err != nil {
		s.t.Fatalf("%v: %d %s%s", err, e.status, &out, &errs)
	}
	for _, secret := range []string{shopToken, "secret-of-the-provider"} {
		if strings.Contains(e.text+errs.String(), secret) {
			s.t.Errorf("a secret is shown: %s", e.text)
		}
	}
	return e
}

// want demands the line of a check: "status area check", and a part of what was found or what to do.
func (e *examined) want(line, part string) {
	e.t.Helper()
	var seen []string
	for _, c := range e.Checks {
		if c.Area+" "+c.Check != line[strings.Index(line, " ")+1:] {
			continue
		}
		seen = append(seen, c.Status+": "+c.Looked+": "+c.Found+" -> "+c.Do)
		if strings.HasPrefix(line, c.Status+" ") && strings.Contains(c.Found+" -> "+c.Do, part) {
			return
		}
	}
	e.t.Errorf("no %q with %q; there is %q", line, part, seen)
}

// drop reads a body to its end.
func drop(r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }

// TestDoctorFindsNothing: a set-up as it should be. Nothing is recorded, handed over or left behind.
func TestDoctorFindsNothing(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	edit(t, shop.config, "    rules: rules", "    rules: rules\n    expect_push: 10m")
	r := start(t, "--config", shop.config)
	e := proxied(t, r, shop.config, nil).doctor()
	if e.status != 0 || e.Failed != 0 || e.OK < 30 || len(e.Checks) != e.OK+e.Warnings+e.Skipped {
		t.Errorf("%d %s", e.status, e.text)
	}
	for line, part := range map[string]string{
		"ok configuration file":               "merchants: 1",
		"ok configuration rulebook":           "3 tests passed",
		"ok configuration tokens":             "no `until`",
		"warning public tls":                  "known only by --ca",
		"ok public clock":                     "agrees",
		"ok public unknown path":              "404 of Kvitto",
		"ok public plain http":                "does not answer",
		"ok public admin outside":             "nothing of the admin listener",
		"ok public wrong token":               "the same 404",
		"ok public address-update":            "200 with the cart",
		"ok public country-change":            "200 with the cart",
		"ok public shipping-option-update":    "200 with the cart",
		"ok public validation":                "400 with a text",
		"ok public push":                      "nothing recorded",
		"ok public notification":              "nothing recorded",
		"ok public query":                     "arrives",
		"ok public header":                    "arrives as it was sent",
		"ok public path":                      "unchanged",
		"ok public methods":                   "the same 404",
		"ok public body size":                 "arrives whole",
		"ok public latency":                   "deadline 2s",
		"ok admin reachable":                  "ready",
		"ok admin token":                      "this machine only",
		"ok admin in use":                     "revision ",
		"ok store space":                      "MiB free",
		"ok store writable":                   "may write",
		"ok store lock":                       "held by ",
		"ok provider form":                    "user and password",
		"ok provider credentials":             "404: they are taken",
		"ok sink writable":                    "may write",
		"ok egress metadata":                  "none can be dialled",
		"skipped acknowledge pushes":          "too little to judge",
		"ok acknowledge found without a push": "none of 0 orders",
		"ok acknowledge parked":               "none",
		"skipped acknowledge second party":    "stands in no answer of its API",
	} {
		e.want(line, part)
	}
	if _, list := r.get("/api/orders"); !strings.Contains(list, `"orders":[]`) {
		t.Errorf("the doctor made an order: %s", list)
	}
	if files, err := filepath.Glob(filepath.Join(shop.dir, "var/orders/*.json")); err != nil || len(files) > 0 {
		t.Errorf("the doctor handed over: %v %v", files, err)
	}
}

// TestDoctorProxies: what a proxy may do to the callbacks, each by one that does it.
func TestDoctorProxies(t *testing.T) {
	t.Parallel()
	_, config := shopFolder(t)
	r := start(t, "--config", config)
	for _, tt := range []struct {
		name   string
		change func(http.Handler) http.Handler
		lines  map[string]string
		status int
	}{
		{name: "redirects a path that is none", status: 1, change: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !strings.HasPrefix(r.URL.Path, "/v1/shop/") {
					http.Redirect(w, r, "https://www.shop.example/", http.StatusFound)
					return
				}
				next.ServeHTTP(w, r)
			})
		}, lines: map[string]string{"failed public unknown path": "302, a redirect to https://www.shop.example/", "failed public wrong token": "404 of Kvitto; a path that is none: 302"}},
		{name: "redirects all", status: 1, change: func(http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "https://www.shop.example"+r.URL.Path, http.StatusMovedPermanently)
			})
		}, lines: map[string]string{"failed public address-update": "takes every 3xx for a denial", "failed public validation": "301, a redirect to https://www.shop.example/v1/shop/6f1d…/validation",
			"skipped public proxy": "an empty cart is not priced"}},
		{name: "redirects a slash at the end", status: 1, change: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if plain := strings.TrimSuffix(r.URL.Path, "/"); plain != r.URL.Path {
					http.Redirect(w, r, plain, http.StatusPermanentRedirect)
					return
				}
				next.ServeHTTP(w, r)
			})
		}, lines: map[string]string{"failed public path": "a slash at the end: 308", "ok public address-update": "200"}},
		{name: "redirects GET", status: 1, change: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/v1/") {
					http.Redirect(w, r, "/", http.StatusSeeOther)
					return
				}
				next.ServeHTTP(w, r)
			})
		}, lines: map[string]string{"failed public methods": "GET: 303"}},
		{name: "answers other methods itself", change: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodPost {
					http.Error(w, "no", http.StatusMethodNotAllowed)
					return
				}
				next.ServeHTTP(w, r)
			})
		}, lines: map[string]string{"warning public methods": "GET: 405 text/plain, 3 bytes; PUT: 405"}},
		{name: "merges slashes", change: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				r.URL.Path, r.URL.RawPath = strings.ReplaceAll(r.URL.Path, "//", "/"), ""
				next.ServeHTTP(w, r)
			})
		}, lines: map[string]string{"warning public path": "the proxy makes a hit of //, %2F -> let it pass on the path unchanged (nginx: merge_slashes off"}},
		{name: "takes small bodies only", status: 1, change: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.ContentLength > 1<<20 {
					drop(r)
					w.Header().Set("Server", "nginx")
					w.Header().Set("Content-Type", "text/html")
					w.WriteHeader(http.StatusRequestEntityTooLarge)
					return
				}
				next.ServeHTTP(w, r)
			})
		}, lines: map[string]string{"failed public body size": "413 text/html by nginx, 0 bytes, not by Kvitto -> let the proxy take bodies of 5242880 bytes"}},
		{name: "cuts bodies", status: 0, change: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.ContentLength > 1<<20 {
					drop(r)
					r.Body, r.ContentLength = io.NopCloser(strings.NewReader(`{"order_amount":0`)), -1
				}
				next.ServeHTTP(w, r)
			})
		}, lines: map[string]string{"warning public body size": "Kvitto refuses it"}},
		{name: "loses the query", status: 1, change: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { r.URL.RawQuery = ""; next.ServeHTTP(w, r) })
		}, lines: map[string]string{"failed public query": "the query does not arrive"}},
		{name: "changes the media type", change: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				r.Header.Set("Content-Type", "application/json")
				next.ServeHTTP(w, r)
			})
		}, lines: map[string]string{"warning public header": "was changed on the way"}},
		{name: "has a page of its own for errors", status: 1, change: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				rec := httptest.NewRecorder()
				next.ServeHTTP(rec, r)
				if rec.Code >= 400 {
					w.Header().Set("Content-Type", "text/html")
					w.WriteHeader(rec.Code)
					_, _ = io.WriteString(w, "<h1>Oops</h1>")
					return
				}
				_, _ = w.Write(rec.Body.Bytes())
			})
		}, lines: map[string]string{"warning public unknown path": "404 text/html, 13 bytes: the proxy answers itself", "failed public validation": "400 text/html"}},
		{name: "blocks what looks odd", status: 1, change: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/validation") && !strings.Contains(r.URL.Path, "0000") {
					http.Error(w, "blocked", http.StatusForbidden)
					return
				}
				next.ServeHTTP(w, r)
			})
		}, lines: map[string]string{"failed public validation": "403 text/plain, 8 bytes -> a firewall of web applications blocks it"}},
		{name: "passes on too much", status: 1, change: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
				if !strings.HasPrefix(q.URL.Path, "/v1/") {
					_, body := r.get(q.URL.Path)
					_, _ = io.WriteString(w, body)
					return
				}
				next.ServeHTTP(w, q)
			})
		}, lines: map[string]string{"failed public admin outside": "the admin listener answers -> keep `admin` on loopback"}},
		{name: "has another time", status: 1, change: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				rec := httptest.NewRecorder()
				next.ServeHTTP(rec, r)
				for k, v := range rec.Header() {
					w.Header()[k] = v
				}
				w.Header().Set("Date", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat))
				w.WriteHeader(rec.Code)
				_, _ = w.Write(rec.Body.Bytes())
			})
		}, lines: map[string]string{"failed public clock": "this machine is at least "}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := proxied(t, r, config, tt.change).doctor()
			if e.status != tt.status {
				t.Errorf("status %d", e.status)
			}
			for line, part := range tt.lines {
				e.want(line, part)
			}
		})
	}
}
