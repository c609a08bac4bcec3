package rest_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/order/rest"
)

func now() time.Time { return time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC) }

func options(t *testing.T, base string) rest.Options {
	t.Helper()
	credentials, err := rest.UserPassword("M123_abc", "s3cr3t-word")
	if err != nil {
		t.Fatal(err)
	}
	way := &http.Transport{}
	t.Cleanup(way.CloseIdleConnections)
	return rest.Options{BaseURL: base, Credentials: credentials, Transport: way, Now: now}
}

func client(t *testing.T, o rest.Options) *rest.Client {
	t.Helper()
	c, err := rest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// serve starts a provider and a client of it.
func serve(t *testing.T, answer http.HandlerFunc) (*rest.Client, *httptest.Server) {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return client(t, options(t, s.URL)), s
}

// answer sends headers ("Name: value", one a line) and a body.
func answer(status int, headers, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for line := range strings.Lines(headers) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
			w.Header()[name] = nil // as it is without a value: nothing is guessed
			if value != "" {
				w.Header().Set(name, strings.TrimSpace(value))
			}
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

const isJSON = "Content-Type: application/json"

func get() rest.Call {
	return rest.Call{Op: "read", Method: http.MethodGet, Path: "/x", Want: rest.Object}
}

func post() rest.Call {
	return rest.Call{Op: "acknowledge", Method: http.MethodPost, Path: "/x/acknowledge", Key: rest.Key("demo", "o", "acknowledge")}
}

// way is a transport as a function.
type way func(*http.Request) (*http.Response, error)

func (w way) RoundTrip(r *http.Request) (*http.Response, error) { return w(r) }

func overWay(t *testing.T, w way) *rest.Client {
	t.Helper()
	o := options(t, "https://api.example")
	o.Transport = w
	return client(t, o)
}

// response is an answer without a network.
func response(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}
}

func do(ctx context.Context, c *rest.Client, call rest.Call) error {
	_, err := c.Do(ctx, call)
	return err
}
