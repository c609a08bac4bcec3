package shopcheck_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/kvitto/kvitto/internal/egress"
	"github.com/kvitto/kvitto/internal/shopcheck"
	"github.com/kvitto/kvitto/internal/standardwebhooks"
	"github.com/kvitto/kvitto/rules"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// body is an order as only a shop writes it: a copy that was decoded and encoded again would differ.
const body = `{ "order_id":"0b1d2c3e-4f50-6172-8394-a5b6c7d8e9f0","order_amount":10000, "x" : [1.0, "å\u00e5"] }` + "\n"

func at() time.Time { return time.Unix(1614265330, 0) }

// TestBadOptions: what cannot work is told at once, and never with the secret in it.
func TestBadOptions(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]shopcheck.Options{
		"not base64":  {URL: "https://shop.example/", Secret: "whsec_canary!canary!canary!canary!"},
		"short":       {URL: "https://shop.example/", Secret: "canary"},
		"long":        {URL: "https://shop.example/", Secret: strings.Repeat("canary", 100)},
		"empty":       {URL: "https://shop.example/"},
		"http":        {URL: "http://shop.example/", Secret: secret},
		"no host":     {URL: "https:///x", Secret: secret},
		"user":        {URL: "https://canary:pw@shop.example/", Secret: secret},
		"not a URL":   {URL: "https://shop.example/%zzcanary", Secret: secret},
		"http inside": {URL: "http://10.0.0.1/", Secret: secret},
	} {
		if c, err := shopcheck.New(o); err == nil || c != nil || strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "MfKQ") {
			t.Errorf("%s: got %v, %v", name, c, err)
		}
	}
}

// server answers for a shop; check asks it.
func server(t testing.TB, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func check(t testing.TB, o shopcheck.Options) *shopcheck.Check {
	t.Helper()
	o.Secret = secret
	c, err := shopcheck.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func question() *rules.Query {
	return &rules.Query{Callback: rules.Validation, Now: at(), Body: []byte(body)}
}

// TestRequest: the body arrives byte for byte by POST with a signature over it; the same question has the same id.
func TestRequest(t *testing.T) {
	t.Parallel()
	var ids []string
	s := server(t, func(_ http.ResponseWriter, r *http.Request) {
		got, err := io.ReadAll(r.Body)
		if err != nil || string(got) != body || r.Method != http.MethodPost || r.URL.RawQuery != "shop=1" {
			t.Errorf("got %s %s %q, %v", r.Method, r.URL, got, err)
		}
		keys, err := standardwebhooks.NewKeys(secret)
		if err != nil {
			t.Error(err)
		}
		if _, err := keys.Verify(r.Header, got, at(), 0); err != nil {
			t.Error(err)
		}
		if r.Header.Get("Content-Type") != "application/json" || r.Header.Get("Accept-Encoding") != "" || r.ContentLength != int64(len(body)) {
			t.Errorf("headers %v", r.Header)
		}
		ids = append(ids, r.Header.Get("webhook-id"))
	})
	c := check(t, shopcheck.Options{URL: s.URL + "/check?shop=1"})
	other := question()
	other.Body = append([]byte(" "), other.Body...)
	for range 2 {
		if d, err := c.Validate(t.Context(), question()); err != nil || d.Verdict != rules.Accept {
			t.Fatalf("got %+v, %v", d, err)
		}
	}
	if len(ids) != 2 || ids[0] != ids[1] || !strings.HasPrefix(ids[0], "msg_") || len(ids[0]) != 28 {
		t.Errorf("ids %q", ids)
	}
}

// TestAnswers: three answers get through, each in its exact form; anything else is a fault.
func TestAnswers(t *testing.T) {
	t.Parallel()
	const jsonType, page = "application/json", "https://127.0.0.1/why?order=1"
	text := func(s string) string { return fmt.Sprintf(`{"error_type":"approval_failed","error_text":%q}`, s) }
	for _, tt := range []struct {
		name     string
		status   int
		kind     string // Content-Type
		body     string
		location []string
		want     rules.Decision // of the right answers
		fault    string         // else: part of the error
	}{
		{name: "yes", status: 200},
		{name: "yes, blank", status: 200, kind: "text/html", body: " \n"},
		{name: "yes, an object", status: 200, kind: jsonType, body: `{"stock":"reserved"}`},
		{name: "a page of a proxy", status: 200, kind: "text/html", body: "<html>maintenance", fault: "not application/json"},
		{name: "a list", status: 200, kind: jsonType, body: `[]`, fault: "no JSON object"},
		{name: "null", status: 200, kind: jsonType, body: `null`, fault: "no JSON object"},
		{name: "half an object", status: 200, kind: jsonType, body: `{"a":`, fault: "no JSON object"},
		{name: "no", status: 400, kind: "application/json; charset=UTF-8", body: text("Slut i lager."),
			want: rejected(rules.ApprovalFailed, "Slut i lager.")},
		{name: "no, of another kind and with more", status: 400, kind: jsonType, body: `{"error_type":"address_error","error_text":"1 < 2","x":1}`,
			want: rejected(rules.AddressError, "1 < 2")},
		{name: "no, of no type", status: 400, body: text("no"), fault: "not application/json"},
		{name: "no, Latin 1", status: 400, kind: "application/json; charset=iso-8859-1", body: text("no"), fault: "not application/json"},
		{name: "no, no JSON", status: 400, kind: jsonType, body: "Bad Request", fault: "no JSON object"},
		{name: "no, twice the same", status: 400, kind: jsonType, body: `{"error_type":"approval_failed","error_type":"approval_failed","error_text":"a"}`, fault: "no JSON object"},
		{name: "no, a number", status: 400, kind: jsonType, body: `{"error_type":"approval_failed","error_text":1}`, fault: "no JSON object"},
		{name: "no, trailing", status: 400, kind: jsonType, body: text("a") + "x", fault: "no JSON object"},
		{name: "no, bad UTF-8", status: 400, kind: jsonType, body: "{\"error_type\":\"approval_failed\",\"error_text\":\"\xff\"}", fault: "no JSON object"},
		{name: "no, of a kind that nobody knows", status: 400, kind: jsonType, body: `{"error_type":"sold_out","error_text":"a"}`, fault: "error_type"},
		{name: "no, without a text", status: 400, kind: jsonType, body: `{"error_type":"approval_failed"}`, fault: "error_text is empty"},
		{name: "no, blank", status: 400, kind: jsonType, body: text(" "), fault: "error_text is empty"},
		{name: "no, long", status: 400, kind: jsonType, body: text(strings.Repeat("å", 1001)), fault: "more than 1000"},
		{name: "no, just not long", status: 400, kind: jsonType, body: text(strings.Repeat("å", 1000)),
			want: rejected(rules.ApprovalFailed, strings.Repeat("å", 1000))},
		{name: "no, two lines", status: 400, kind: jsonType, body: text("a\nb"), fault: "line breaks"},
		{name: "no, right to left", status: 400, kind: jsonType, body: text("a\u202eb"), fault: "control characters"},
		{name: "no, markup", status: 400, kind: jsonType, body: text("a <b>b</b>"), fault: "markup"},
		{name: "page", status: 303, location: []string{page},
			want: rules.Decision{Verdict: rules.Redirected, Location: page, Reasons: []rules.Reason{{Rule: "shop_check", Detail: "the shop answered 303"}}}},
		{name: "page of deny_url", status: 303, location: []string{"https://SORRY.example/"},
			want: rules.Decision{Verdict: rules.Redirected, Location: "https://SORRY.example/", Reasons: []rules.Reason{{Rule: "shop_check", Detail: "the shop answered 303"}}}},
		{name: "page, another host", status: 303, location: []string{"https://evil.example/"}, fault: "host"},
		{name: "page, a host that ends alike", status: 303, location: []string{"https://evilsorry.example/"}, fault: "host"},
		{name: "page, a host behind a user", status: 303, location: []string{"https://sorry.example@evil.example/"}, fault: "https URL"},
		{name: "page, http", status: 303, location: []string{"http://sorry.example/"}, fault: "https URL"},
		{name: "page, relative", status: 303, location: []string{"/why"}, fault: "https URL"},
		{name: "page, no scheme", status: 303, location: []string{"//sorry.example/"}, fault: "https URL"},
		{name: "page, backslash", status: 303, location: []string{`https://sorry.example\@evil.example/`}, fault: "https URL"},
		{name: "page, blank", status: 303, location: []string{"https://sorry.example/a b"}, fault: "https URL"},
		{name: "page, long", status: 303, location: []string{"https://sorry.example/" + strings.Repeat("a", 2000)}, fault: "https URL"},
		{name: "page, none", status: 303, fault: "0 Location"},
		{name: "page, two", status: 303, location: []string{page, page}, fault: "2 Location"},
		{name: "302", status: 302, location: []string{page}, fault: "status 302"},
		{name: "301", status: 301, location: []string{page}, fault: "status 301"},
		{name: "307", status: 307, location: []string{page}, fault: "status 307"},
		{name: "204", status: 204, fault: "status 204"},
		{name: "401", status: 401, fault: "status 401"},
		{name: "409", status: 409, kind: jsonType, body: text("no"), fault: "status 409"},
		{name: "500", status: 500, body: "canary", fault: "status 500"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var hits atomic.Int64
			s := server(t, func(w http.ResponseWriter, _ *http.Request) {
				hits.Add(1)
				w.Header()["Location"] = tt.location
				w.Header()["Content-Type"] = nil
				if tt.kind != "" {
					w.Header().Set("Content-Type", tt.kind)
				}
				w.WriteHeader(tt.status)
				if _, err := io.WriteString(w, tt.body); err != nil && !errors.Is(err, http.ErrBodyNotAllowed) {
					t.Error(err)
				}
			})
			d, err := check(t, shopcheck.Options{URL: s.URL, Pages: []string{"", "https://sorry.example/denied"}}).Validate(t.Context(), question())
			if hits.Load() != 1 {
				t.Errorf("%d requests", hits.Load())
			}
			if tt.fault != "" {
				if !errors.Is(err, shopcheck.ErrAnswer) || !strings.Contains(err.Error(), tt.fault) || strings.Contains(err.Error(), "canary") {
					t.Errorf("got %+v, %v; want %q", d, err, tt.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, d); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func rejected(kind rules.RejectKind, text string) rules.Decision {
	return rules.Decision{Verdict: rules.Rejected, Reject: rules.Reject{Kind: kind, Text: text},
		Reasons: []rules.Reason{{Rule: "shop_check", Detail: "the shop answered 400 " + string(kind)}}}
}

// TestHuge: a body over the bound is a fault, announced or not, and no more than the bound is kept.
func TestHuge(t *testing.T) {
	t.Parallel()
	for name, announce := range map[string]bool{"announced": true, "streamed": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := server(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				if announce {
					w.Header().Set("Content-Length", "1000000")
				}
				for range 1000 {
					if _, err := w.Write(bytes.Repeat([]byte{' '}, 1000)); err != nil {
						return // the check hung up
					}
				}
			})
			_, err := check(t, shopcheck.Options{URL: s.URL}).Validate(t.Context(), question())
			if !errors.Is(err, shopcheck.ErrAnswer) || !strings.Contains(err.Error(), "bytes") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestSlow: a shop that does not answer, or not to the end, is left when the context ends.
func TestSlow(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]bool{"no answer": false, "half an answer": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			s := server(t, func(w http.ResponseWriter, r *http.Request) {
				if _, err := io.Copy(io.Discard, r.Body); err != nil {
					t.Error(err)
				}
				if begin {
					w.Header().Set("Content-Type", "application/json")
					if _, err := io.WriteString(w, "{"); err != nil {
						t.Error(err)
					}
					if err := http.NewResponseController(w).Flush(); err != nil {
						t.Error(err)
					}
				}
				cancel()
				<-r.Context().Done()
			})
			if _, err := check(t, shopcheck.Options{URL: s.URL}).Validate(ctx, question()); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestReuse: one connection serves question after question, also after a no.
func TestReuse(t *testing.T) {
	t.Parallel()
	from := map[string]bool{}
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		from[r.RemoteAddr] = true
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		if _, err := io.WriteString(w, `{"error_type":"approval_failed","error_text":"no"}`+strings.Repeat(" ", 5000)); err != nil {
			t.Error(err)
		}
	})
	c := check(t, shopcheck.Options{URL: s.URL})
	for range 5 {
		if d, err := c.Validate(t.Context(), question()); err != nil || d.Verdict != rules.Rejected {
			t.Fatalf("got %+v, %v", d, err)
		}
	}
	if len(from) != 1 {
		t.Errorf("%d connections", len(from))
	}
}

// TestNoBody: without the original body nothing is asked.
func TestNoBody(t *testing.T) {
	t.Parallel()
	c := check(t, shopcheck.Options{URL: "https://shop.example/"})
	if _, err := c.Validate(t.Context(), &rules.Query{Now: at()}); err == nil {
		t.Error("no fault")
	}
}

// TestForbidden: a URL whose host leads inside is refused when it is dialled; an allowed network is not.
func TestForbidden(t *testing.T) {
	t.Parallel()
	var hits atomic.Int64
	s := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	defer s.Close()
	port := s.URL[strings.LastIndex(s.URL, ":"):]
	for name, host := range map[string]string{"written oddly": "0x7f.1", "as IPv6": "[::ffff:10.0.0.1]", "metadata": "169.254.169.254", "any": "0.0.0.0"} {
		c := check(t, shopcheck.Options{URL: "https://" + host + port + "/?canary=1"})
		_, err := c.Validate(t.Context(), question())
		if err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: got %v", name, err)
		}
		if name != "written oddly" && !errors.Is(err, egress.ErrForbidden) { // a resolver may refuse that spelling itself
			t.Errorf("%s: got %v", name, err)
		}
	}
	if hits.Load() != 0 {
		t.Errorf("%d requests arrived", hits.Load())
	}
	g := egress.Guard{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	c := check(t, shopcheck.Options{URL: "https://127.0.0.1" + port, Guard: g})
	if _, err := c.Validate(t.Context(), question()); err == nil || errors.Is(err, egress.ErrForbidden) {
		t.Errorf("a certificate that nobody vouches for: got %v", err)
	}
}

// TestSecretIsNeverPrinted: neither a check nor an error shows it.
func TestSecretIsNeverPrinted(t *testing.T) {
	t.Parallel()
	s := server(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	c := check(t, shopcheck.Options{URL: s.URL})
	_, fault := c.Validate(t.Context(), question())
	c = check(t, shopcheck.Options{URL: s.URL}) // one that nothing runs in while it is printed
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
		text := fmt.Sprintf(format, fault) + fmt.Sprintf(format, c) + fmt.Sprintf(format, *c)
		for _, leak := range []string{"MfKQ9r8", string(raw[:8]), fmt.Sprintf("%x", raw[:8]), fmt.Sprint(raw[0]) + " " + fmt.Sprint(raw[1])} {
			if strings.Contains(text, leak) {
				t.Errorf("%s shows the secret: %q", format, text)
			}
		}
	}
}
