package rest_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kvitto/kvitto/order/rest"
)

var errNetwork = errors.New("reset")

// TestBreaker: five faults in a row of the network or 5xx open it; then nothing is sent for 5 s, and one request decides.
func TestBreaker(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sent, status := 0, 503
		c := overWay(t, func(*http.Request) (*http.Response, error) {
			sent++
			if status == 0 {
				return nil, errNetwork
			}
			return response(status, ""), nil
		})
		expect := func(kind string, requests int) {
			t.Helper()
			if err := do(t.Context(), c, post()); kindOf(err) != kind || sent != requests {
				t.Fatalf("got %v (%s) after %d requests, want %s after %d", err, kindOf(err), sent, kind, requests)
			}
		}
		for i := range 4 {
			expect("unavailable", i+1)
		}
		status = 404 // an answer: the count begins anew
		expect("not found", 5)
		status = 0
		for i := range 5 {
			expect("unavailable", i+6)
		}
		var e *rest.Error
		if err := do(t.Context(), c, get()); !errors.Is(err, rest.ErrBreaker) || !errors.Is(err, rest.ErrUnavailable) || !errors.As(err, &e) || e.Status != 0 {
			t.Fatalf("open: got %v", err)
		}
		if sent != 10 {
			t.Fatalf("open: %d requests were sent", sent)
		}
		time.Sleep(5*time.Second + time.Millisecond)
		expect("unavailable", 11) // half open, and shut again
		if err := do(t.Context(), c, get()); !errors.Is(err, rest.ErrBreaker) || sent != 11 {
			t.Fatalf("open again: got %v", err)
		}
		status = 204
		time.Sleep(5*time.Second + time.Millisecond)
		expect("", 12)
		expect("", 13)
	})
}

// TestBreakerIgnores: refusals (4xx), odd answers and callers that give up never open it; nor does every other 5xx (row 47).
func TestBreakerIgnores(t *testing.T) {
	t.Parallel()
	for name, send := range map[string]func(n int) (*http.Response, error){
		"401":                    func(int) (*http.Response, error) { return response(401, ""), nil },
		"403":                    func(int) (*http.Response, error) { return response(403, ""), nil },
		"404":                    func(int) (*http.Response, error) { return response(404, ""), nil },
		"429":                    func(int) (*http.Response, error) { return response(429, ""), nil },
		"HTML":                   func(int) (*http.Response, error) { return response(200, "<html>"), nil },
		"302":                    func(int) (*http.Response, error) { return response(302, ""), nil },
		"a caller that gives up": func(int) (*http.Response, error) { return nil, context.Canceled },
		"row 47: every other 5xx": func(n int) (*http.Response, error) {
			return response(204+n%2*296, ""), nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sent := 0
			c := overWay(t, func(*http.Request) (*http.Response, error) {
				sent++
				return send(sent)
			})
			for range 20 {
				if err := do(t.Context(), c, post()); errors.Is(err, rest.ErrBreaker) {
					t.Fatalf("open after %d", sent)
				}
			}
			if sent != 20 {
				t.Errorf("%d requests were sent", sent)
			}
		})
	}
}

// TestBudget: a merchant's requests come at their rate; what would not be sent before the deadline is not sent.
func TestBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		o := options(t, "https://api.example")
		o.PerSecond = 2
		o.Transport = way(func(*http.Request) (*http.Response, error) {
			sent++
			return response(204, ""), nil
		})
		c := client(t, o)
		begin := time.Now()
		for range 6 { // two at once, then two a second
			if err := do(t.Context(), c, post()); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begin); took != 2*time.Second {
			t.Errorf("six requests took %v, want 2s", took)
		}
		short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		var e *rest.Error
		err := do(short, c, post())
		if !errors.As(err, &e) || !errors.Is(err, rest.ErrBudget) || !errors.Is(err, rest.ErrRateLimited) || e.RetryAfter != time.Second {
			t.Errorf("got %v", err)
		}
		gone, give := context.WithCancel(t.Context())
		give()
		if err := do(gone, c, post()); !errors.Is(err, rest.ErrNotSent) || !errors.Is(err, rest.ErrUnavailable) || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if sent != 6 {
			t.Errorf("%d requests were sent", sent)
		}
	})
}
