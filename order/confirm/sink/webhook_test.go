package sink_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/standardwebhooks"
	"github.com/kvitto/kvitto/order/confirm/sink"
	"github.com/kvitto/kvitto/rules"
)

func keys(t testing.TB, secrets ...string) standardwebhooks.Keys {
	t.Helper()
	k, err := standardwebhooks.NewKeys(secrets...)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// shop answers for a merchant.
func shop(t testing.TB, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// webhook calls a URL with one secret and a transport as cmd gives it.
func webhook(t testing.TB, o sink.Options) *sink.Webhook {
	t.Helper()
	if o.Keys.Empty() {
		o.Keys = keys(t, secret)
	}
	if o.Transport == nil {
		way := &http.Transport{DisableCompression: true}
		t.Cleanup(way.CloseIdleConnections)
		o.Transport = way
	}
	w, err := sink.NewWebhook(o)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// trip is a transport that is a function.
type trip func(*http.Request) (*http.Response, error)

func (f trip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// answers is a transport that gives one status after the other.
func answers(status func(n int) int) (way trip, asked *int) {
	n := new(int)
	return func(*http.Request) (*http.Response, error) {
		*n++
		return &http.Response{StatusCode: status(*n), Header: http.Header{}, Body: http.NoBody}, nil
	}, n
}

// TestRequest: each attempt is one POST with the same id and the same bytes, with its own time and number, signed with every
// secret that is valid.
func TestRequest(t *testing.T) {
	t.Parallel()
	const next = "whsec_bmV4dCBuZXh0IG5leHQgbmV4dCBuZXh0IG5leHQ="
	var attempts []string
	s := shop(t, func(w http.ResponseWriter, r *http.Request) {
		got, err := io.ReadAll(r.Body)
		if err != nil || string(got) != body || r.Method != http.MethodPost || r.URL.RequestURI() != "/orders?shop=1" {
			t.Errorf("got %s %s %q, %v", r.Method, r.URL, got, err)
		}
		now := at().Add(time.Duration(len(attempts)) * time.Hour)
		for _, known := range []string{secret, next} {
			if got, err := keys(t, known).Verify(r.Header, got, now, 0); got != id || err != nil {
				t.Errorf("got %q, %v", got, err)
			}
		}
		want := map[string]string{"Content-Type": "application/json", "Accept-Encoding": "identity", "User-Agent": "kvitto",
			"Idempotency-Key": ""} // with one, the transport would send again by itself
		for name, value := range want {
			if r.Header.Get(name) != value {
				t.Errorf("%s: got %q, want %q", name, r.Header.Get(name), value)
			}
		}
		attempts = append(attempts, r.Header.Get("Kvitto-Attempt"))
		w.WriteHeader(http.StatusNoContent)
	})
	w := webhook(t, sink.Options{URL: s.URL + "/orders?shop=1", Keys: keys(t, next, secret)})
	for n := range 2 {
		e := event()
		e.Attempt, e.At = int64(n+1), at().Add(time.Duration(n)*time.Hour)
		if taken, err := w.Take(t.Context(), e); err != nil || taken != (rules.Taken{}) {
			t.Fatalf("got %+v, %v", taken, err)
		}
	}
	if d := cmp.Diff([]string{"1", "2"}, attempts); d != "" {
		t.Error(d)
	}
}

// TestStatus: 2xx is taken; what else there is has a kind of its own.
func TestStatus(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 201, 202, 204, 226, 299} {
		way, _ := answers(func(int) int { return status })
		if _, err := webhook(t, sink.Options{URL: "https://shop.example/", Transport: way}).Take(t.Context(), event()); err != nil {
			t.Errorf("%d: got %v", status, err)
		}
	}
	for _, status := range []int{101, 300, 302, 304, 307, 308, 400, 401, 404, 409, 410, 422, 429, 500, 502, 503, 504, 599} {
		way, asked := answers(func(int) int { return status })
		_, err := webhook(t, sink.Options{URL: "https://shop.example/", Transport: way}).Take(t.Context(), event())
		var fault *sink.StatusError
		if !errors.As(err, &fault) || fault.Status != status || !strings.Contains(err.Error(), fmt.Sprint(status)) {
			t.Errorf("%d: got %v", status, err)
		}
		if errors.Is(err, rules.ErrSinkGone) != (status == http.StatusGone) {
			t.Errorf("%d: %v is or is not gone", status, err)
		}
		if *asked != 1 {
			t.Errorf("%d: %d requests", status, *asked)
		}
	}
}

// TestBreaker: after five faults in a row nothing is sent for 5 s, then one request tries. Refusals and calls that were
// given up count for nothing.
func TestBreaker(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		up := false
		way, asked := answers(func(int) int { return map[bool]int{true: 200, false: 500}[up] })
		w := webhook(t, sink.Options{URL: "https://shop.example/", Transport: way})
		take := func() error {
			_, err := w.Take(t.Context(), event())
			return err
		}
		for range 5 {
			if err := take(); errors.Is(err, sink.ErrBreaker) || err == nil {
				t.Fatalf("got %v", err)
			}
		}
		for range 100 {
			if err := take(); !errors.Is(err, sink.ErrBreaker) {
				t.Fatalf("got %v", err)
			}
		}
		time.Sleep(5*time.Second + time.Millisecond) // of the bubble
		if err := take(); errors.Is(err, sink.ErrBreaker) || err == nil {
			t.Fatalf("the one that tries: got %v", err)
		}
		if err := take(); !errors.Is(err, sink.ErrBreaker) || *asked != 6 {
			t.Fatalf("got %v after %d requests", err, *asked)
		}
		up = true
		time.Sleep(5*time.Second + time.Millisecond)
		for range 10 {
			if err := take(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestBreakerStaysClosed: an order that the shop refuses and a worker that is told to stop hold up no other order.
func TestBreakerStaysClosed(t *testing.T) {
	t.Parallel()
	for name, way := range map[string]trip{
		"refused": func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 422, Body: http.NoBody}, nil
		},
		"called off": func(*http.Request) (*http.Response, error) { return nil, context.Canceled },
		"gone": func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 410, Body: http.NoBody}, nil
		},
		"redirecting": func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 302, Body: http.NoBody}, nil
		},
	} {
		w := webhook(t, sink.Options{URL: "https://shop.example/", Transport: way})
		for range 20 {
			if _, err := w.Take(t.Context(), event()); err == nil || errors.Is(err, sink.ErrBreaker) {
				t.Fatalf("%s: got %v", name, err)
			}
		}
	}
}

// TestBadEvents: what cannot be sent is told at once, and nothing is sent.
func TestBadEvents(t *testing.T) {
	t.Parallel()
	way, asked := answers(func(int) int { return 200 })
	w := webhook(t, sink.Options{URL: "https://shop.example/", Transport: way})
	for name, edit := range badEvents() {
		e := event()
		edit(e)
		if _, err := w.Take(t.Context(), e); !errors.Is(err, sink.ErrEvent) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.Take(ended, event()); !errors.Is(err, context.Canceled) || !strings.HasPrefix(err.Error(), "not sent") {
		t.Errorf("got %v", err)
	}
	if *asked != 0 {
		t.Errorf("%d requests", *asked)
	}
}

func badEvents() map[string]func(*rules.Event) {
	return map[string]func(*rules.Event){
		"no id":           func(e *rules.Event) { e.ID = "" },
		"a path":          func(e *rules.Event) { e.ID = "../evt" },
		"a full stop":     func(e *rules.Event) { e.ID = "evt.1" },
		"a line":          func(e *rules.Event) { e.ID = "evt\r\nx: y" },
		"not ASCII":       func(e *rules.Event) { e.ID = "evt_\u00e5" },
		"a long id":       func(e *rules.Event) { e.ID = strings.Repeat("a", 65) },
		"no time":         func(e *rules.Event) { e.At = time.Time{} },
		"nothing to tell": func(e *rules.Event) { e.Body = nil },
	}
}

// TestBadOptions: what cannot work is told at once, and never with what is in it.
func TestBadOptions(t *testing.T) {
	t.Parallel()
	good := sink.Options{URL: "https://shop.example/", Keys: keys(t, secret), Transport: http.DefaultTransport}
	for _, tt := range []struct {
		name string
		edit func(*sink.Options)
		want string
	}{
		{"no URL", func(o *sink.Options) { o.URL = "" }, "webhook.url: has no host"},
		{"not a URL", func(o *sink.Options) { o.URL = "https://shop.example/%zzcanary" }, "webhook.url: cannot be read"},
		{"http", func(o *sink.Options) { o.URL = "http://canary.example/" }, "webhook.url: is not https"},
		{"http inside", func(o *sink.Options) { o.URL = "http://10.0.0.1/canary" }, "webhook.url: is not https"},
		{"another scheme", func(o *sink.Options) { o.URL = "file://localhost/canary" }, "webhook.url: is not https"},
		{"a user", func(o *sink.Options) { o.URL = "https://canary:pw@shop.example/" }, "webhook.url: has a user in it"},
		{"no secret", func(o *sink.Options) { o.Keys = standardwebhooks.Keys{} }, "webhook: the secret is missing"},
		{"no transport", func(o *sink.Options) { o.Transport = nil }, "webhook: the transport is missing"},
	} {
		o := good
		tt.edit(&o)
		if w, err := sink.NewWebhook(o); w != nil || err == nil || !strings.HasPrefix(err.Error(), tt.want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
	for _, text := range []string{"https://shop.example/", "http://localhost:8000/x", "http://127.0.0.1/", "http://[::1]:8000/orders"} {
		o := good
		o.URL = text
		if _, err := sink.NewWebhook(o); err != nil {
			t.Errorf("%s: got %v", text, err)
		}
	}
}
