package callbacks_test

import (
	"crypto/sha256"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/callbacks"
)

// TestUniform asks in every wrong way; the answers must not differ in a byte.
func TestUniform(t *testing.T) {
	t.Parallel()
	e := newEngine(t, &tables{})
	other := newMerchant("other", e)
	other.Tokens = []callbacks.Token{{Hash: sha256.Sum256([]byte("another"))}, {Hash: sha256.Sum256([]byte("more"))}}
	s := newShop(t, func(o *callbacks.Options) {
		o.Merchants = []*callbacks.Merchant{newMerchant("demo", e), other}
	})
	tests := []struct{ name, method, target string }{
		{"an unknown path", "POST", "/nothing/here"},
		{"the root", "POST", "/"},
		{"row 16: GET", "GET", base + "/validation" + query},
		{"row 16: PUT", "PUT", base + "/validation" + query},
		{"row 16: OPTIONS", "OPTIONS", base + "/validation" + query},
		{"row 16: OPTIONS of all", "OPTIONS", "*"},
		{"row 17: TRACE", "TRACE", base + "/validation"},
		{"row 17: CONNECT", "CONNECT", base + "/validation"},
		{"row 18: two slashes", "POST", "/" + base + "/validation"},
		{"row 18: two slashes inside", "POST", "/v1//demo/" + token + "/validation"},
		{"row 18: dots", "POST", "/x/.." + base + "/validation"},
		{"row 18: dots at the end", "POST", base + "/validation/../push"},
		{"row 19: trailing slash", "POST", base + "/validation/"},
		{"row 19: upper case", "POST", base + "/VALIDATION"},
		{"row 19: upper case of the version", "POST", "/V1/demo/" + token + "/validation"},
		{"row 20: %2f", "POST", "/v1/demo%2f" + token + "/validation"},
		{"row 20: %2F in the token", "POST", base + "%2Fx/validation"},
		{"row 20: %00", "POST", base + "%00/validation"},
		{"row 20: %2e%2e", "POST", base + "/%2e%2e/validation"},
		{"row 20: an escape that is not needed", "POST", "/v1/%64emo/" + token + "/validation"},
		{"row 20: a space", "POST", base + "%20/validation"},
		{"row 22: wrong token", "POST", "/v1/demo/wrong/validation" + query},
		{"row 22: token cut short", "POST", base[:len(base)-1] + "/validation" + query},
		{"row 22: token in another case", "POST", "/v1/demo/" + strings.ToLower(token) + "/validation"},
		{"row 22: token of another merchant", "POST", "/v1/demo/another/validation" + query},
		{"row 22: own token at another merchant", "POST", "/v1/other/" + token + "/validation"},
		{"row 22: unknown merchant", "POST", "/v1/nobody/" + token + "/validation"},
		{"row 22: long token", "POST", "/v1/demo/" + strings.Repeat("a", 1900) + "/validation"},
		{"no token", "POST", "/v1/demo//validation"},
		{"the quote, which is not there", "POST", base + "/quote"},
		{"the ensure, with the provider's token", "POST", base + "/ensure" + query},
		{"the webhook of a merchant without secrets", "POST", base + "/webhook"},
		{"a URL over 2048 bytes", "POST", base + "/validation" + query + "&x=" + strings.Repeat("a", 2048)},
		{"the admin paths", "POST", "/metrics"},
	}
	want := s.post("/unknown", cartJSON(""))
	if want.status != http.StatusNotFound {
		t.Fatalf("got %v, want 404", want)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := s.target(t, tt.method, tt.target)
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(reply{})); diff != "" {
				t.Errorf("differs from an unknown path (-want +got):\n%s", diff)
			}
		})
	}
	if head := s.target(t, "HEAD", base+"/validation"); head.status != 404 || head.header.Get("Content-Length") != "19" {
		t.Errorf("row 16: HEAD: got %d %v, want the same headers as for others", head.status, head.header)
	}
	s.served()
}

// target sends a request whose target net/http would not write.
func (s *shop) target(t *testing.T, method, target string) *reply {
	t.Helper()
	body := cartJSON("")
	if method == "HEAD" || method == "CONNECT" || method == "TRACE" {
		body = ""
	}
	req := request(target, body, "Connection: close")
	return s.rawReply(t, method+strings.TrimPrefix(req, "POST"), method)
}

func TestHostAndOverrides(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	path := base + "/address-update" + query
	want := s.post(path, cartJSON("")).body
	for name, send := range map[string]string{
		"row 21: absolute form with another host": request("http://evil.example"+path, cartJSON(""), "Connection: close"),
		"row 24: three forwarded addresses": request(path, cartJSON(""), "Connection: close",
			"X-Forwarded-For: 10.0.0.1", "X-Forwarded-For: 10.0.0.2", "X-Forwarded-For: "+strings.Repeat("1", 4000)),
		"row 25: overrides": request(path, cartJSON(""), "Connection: close", "X-HTTP-Method-Override: GET",
			"X-Original-URL: /admin", "X-Rewrite-URL: /admin"),
	} {
		t.Run(name, func(t *testing.T) {
			if got := s.rawReply(t, send, "POST"); got.status != 200 || got.body != want {
				t.Errorf("got %v, want 200 %s", got, want)
			}
		})
	}
	if log := s.log.String(); strings.Contains(log, "evil") || strings.Contains(log, "10.0.0") {
		t.Errorf("log holds what the client sent: %s", log)
	}
}

func TestTokenRotation(t *testing.T) {
	t.Parallel()
	e := newEngine(t, &tables{})
	now := noon()
	s := newShop(t, withEngine(e, func(m *callbacks.Merchant) {
		m.Tokens = []callbacks.Token{
			{Hash: sha256.Sum256([]byte("new"))},
			{Hash: sha256.Sum256([]byte("old")), Until: now.Add(time.Hour)},
		}
	}))
	steps := []struct {
		name, token string
		after       time.Duration
		want        int
	}{
		{"row 23: new", "new", 0, 200},
		{"row 23: old until its end", "old", time.Hour - time.Second, 200},
		{"row 23: old at its end", "old", time.Hour, 404},
		{"row 23: new later", "new", 1000 * time.Hour, 200},
	}
	for _, st := range steps {
		s.now = func() time.Time { return now.Add(st.after) }
		if got := s.post("/v1/demo/"+st.token+"/address-update", cartJSON("")); got.status != st.want {
			t.Errorf("%s: got %v, want %d", st.name, got, st.want)
		}
	}
	for labels, want := range map[string]float64{"demo current": 2, "demo retiring": 1, "none expired": 1} {
		merchant, age, _ := strings.Cut(labels, " ")
		if got := s.counter("kvitto_callback_tokens_total", "merchant", merchant, "age", age); got != want {
			t.Errorf("tokens of %s: got %v, want %v", labels, got, want)
		}
	}
	if !strings.Contains(s.log.String(), `"class":"expired_token"`) {
		t.Errorf("got log %s, want the class of the expired token", s.log)
	}
}
