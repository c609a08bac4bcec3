package page_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/internal/simulator/page"
)

// TestHosts: the pages answer to names of loopback only, so that no page of the internet can have its name point here.
func TestHosts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, http.NotFoundHandler(), func(o *page.Options) { o.Hosts = []string{"simulator.internal"} })
	for host, want := range map[string]int{
		"localhost": 200, "LOCALHOST:8081": 200, "127.0.0.1:1": 200, "127.1.2.3": 200, "[::1]:8081": 200, "simulator.internal:8081": 200,
		"evil.example": 421, "evil.example:8081": 421, "localhost.evil.example": 421, "10.0.0.1": 421, "[::2]:80": 421, "0.0.0.0": 421, "127.0.0.1.evil.example": 421,
	} {
		if got := w.get(t, "/", "Host", host); got.status != want {
			t.Errorf("%s: status %d, want %d", host, got.status, want)
		}
	}
}

// TestOrigins: what changes something is refused from another origin, and done from our own and from tools without one.
func TestOrigins(t *testing.T) {
	t.Parallel()
	w := newWorld(t, http.NotFoundHandler(), nil)
	for _, c := range []struct {
		name    string
		headers []string
		want    int
	}{
		{"own page", []string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"typed", []string{"Sec-Fetch-Site", "none"}, 200},
		{"another site", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"another port", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"another origin", []string{"Origin", "http://evil.example"}, 403},
		{"no origin at all", []string{"Origin", "null"}, 403},
		{"a tool", []string{"Origin", ""}, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, path := range []string{"/theme", "/provider/clock", "/checkouts", "/provider/fault"} {
				res := w.ask(t, http.MethodPost, path, map[string][]string{"theme": {"dark"}, "speed": {"1"}, "cart": {"digital"}, "fault": {"slow"}, "on": {"no"}}, c.headers...)
				if refused := res.status == http.StatusForbidden; refused != (c.want == 403) {
					t.Errorf("%s: status %d, want %d", path, res.status, c.want)
				}
			}
		})
	}
}

// TestPolicy: every answer lets a page have what this origin serves and nothing else.
func TestPolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, http.NotFoundHandler(), nil)
	for _, path := range []string{"/", "/callbacks", "/help", "/nowhere", "/static/x", "/callbacks/7"} {
		h := w.get(t, path).header
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self' data:", "form-action 'self'",
			"base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(h.Get("Content-Security-Policy"), part) {
				t.Errorf("%s: the policy lacks %s: %s", path, part, h.Get("Content-Security-Policy"))
			}
		}
		if strings.Contains(h.Get("Content-Security-Policy"), "unsafe") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", path, h)
		}
	}
}

// TestTheme: the switch is remembered in a cookie, and leads back to a page of ours.
func TestTheme(t *testing.T) {
	t.Parallel()
	w := newWorld(t, http.NotFoundHandler(), nil)
	client := *w.site.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for back, want := range map[string]string{"/help": "/help", "/callbacks?show=stopped": "/callbacks?show=stopped", "https://evil.example": "/", "//evil.example": "/", "/\\evil.example": "/", "": "/"} {
		res, err := client.PostForm(w.site.URL+"/theme", map[string][]string{"theme": {"dark"}, "back": {back}})
		if err != nil {
			t.Fatal(err)
		}
		if err := res.Body.Close(); err != nil {
			t.Fatal(err)
		}
		cookie := res.Header.Get("Set-Cookie")
		if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != want || !strings.Contains(cookie, "kvitto_theme=dark") || !strings.Contains(cookie, "SameSite=Strict") {
			t.Errorf("%q: status %d to %q, cookie %q", back, res.StatusCode, res.Header.Get("Location"), cookie)
		}
	}
	for _, theme := range page.Themes() {
		if got := w.get(t, "/", "Cookie", "kvitto_theme="+theme).body; !strings.Contains(got, `data-theme="`+theme+`"`) {
			t.Errorf("the page is not %s", theme)
		}
	}
	if got := w.get(t, "/", "Cookie", `kvitto_theme="><script>`).body; !strings.Contains(got, `data-theme="auto"`) {
		t.Error("a cookie of nobody's is not ignored")
	}
	if res := w.post(t, "/theme", "theme", "pink"); res.status != http.StatusBadRequest {
		t.Errorf("pink: status %d", res.status)
	}
}
