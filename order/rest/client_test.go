package rest_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order/rest"
)

func TestNew(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		edit func(*rest.Options)
		want string // "": taken
	}{
		{"all", func(*rest.Options) {}, ""},
		{"a path", func(o *rest.Options) { o.BaseURL = "https://proxy.example/kustom/" }, ""},
		{"this machine", func(o *rest.Options) { o.BaseURL = "http://127.0.0.1:8085" }, ""},
		{"this machine by name", func(o *rest.Options) { o.BaseURL = "http://localhost:8085" }, ""},
		{"plain http", func(o *rest.Options) { o.BaseURL = "http://api.example" }, "not https"},
		{"ftp", func(o *rest.Options) { o.BaseURL = "ftp://api.example" }, "not https"},
		{"none", func(o *rest.Options) { o.BaseURL = "" }, "has no host"},
		{"no URL", func(o *rest.Options) { o.BaseURL = "https://a b" }, "cannot be read"},
		{"a user", func(o *rest.Options) { o.BaseURL = "https://me:hidden@api.example" }, "has a user"},
		{"a query", func(o *rest.Options) { o.BaseURL = "https://api.example?x=1" }, "more than a host"},
		{"a question mark", func(o *rest.Options) { o.BaseURL = "https://api.example?" }, "more than a host"},
		{"a fragment", func(o *rest.Options) { o.BaseURL = "https://api.example#x" }, "more than a host"},
		{"no credentials", func(o *rest.Options) { o.Credentials = rest.Credentials{} }, "credentials"},
		{"no transport", func(o *rest.Options) { o.Transport = nil }, "transport"},
		{"no clock", func(o *rest.Options) { o.Now = nil }, "clock"},
		{"a negative rate", func(o *rest.Options) { o.PerSecond = -1 }, "want 1 or more"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := options(t, "https://api.example")
			tt.edit(&o)
			_, err := rest.New(o)
			switch {
			case (err == nil) != (tt.want == ""), err != nil && !strings.Contains(err.Error(), tt.want):
				t.Errorf("got %v, want %q", err, tt.want)
			case err != nil && (strings.Contains(err.Error(), "s3cr3t") || strings.Contains(err.Error(), "hidden")):
				t.Errorf("it tells the secret: %v", err)
			}
		})
	}
}

// TestRequest looks at what is sent, below a base with a path.
func TestRequest(t *testing.T) {
	t.Parallel()
	var got []string
	o := options(t, "https://proxy.example/kustom/")
	o.Transport = way(func(r *http.Request) (*http.Response, error) {
		body := ""
		if r.Body != nil {
			raw, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			body = string(raw)
		}
		got = append(got, r.Method+" "+r.URL.String()+" "+body)
		for _, h := range []string{"Authorization", "Accept", "Accept-Encoding", "User-Agent", "Content-Type", "Klarna-Idempotency-Key"} {
			got = append(got, h+": "+r.Header.Get(h))
		}
		return response(http.StatusNoContent, ""), nil
	})
	c := client(t, o)
	call := post()
	if err := do(t.Context(), c, call); err != nil {
		t.Error(err)
	}
	call.Method, call.Path, call.Body = http.MethodPatch, "/y", []byte(`{"a":1}`)
	if err := do(t.Context(), c, call); err != nil {
		t.Error(err)
	}
	want := []string{
		"POST https://proxy.example/kustom/x/acknowledge ", "Authorization: Basic TTEyM19hYmM6czNjcjN0LXdvcmQ=", "Accept: application/json",
		"Accept-Encoding: identity", "User-Agent: kvitto", "Content-Type: ", "Klarna-Idempotency-Key: " + call.Key,
		`PATCH https://proxy.example/kustom/y {"a":1}`, "Authorization: Basic TTEyM19hYmM6czNjcjN0LXdvcmQ=", "Accept: application/json",
		"Accept-Encoding: identity", "User-Agent: kvitto", "Content-Type: application/json", "Klarna-Idempotency-Key: " + call.Key,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestKeyIsNeeded: whatever changes something has a key, a UUID; nothing goes out without.
func TestKeyIsNeeded(t *testing.T) {
	t.Parallel()
	c := overWay(t, func(r *http.Request) (*http.Response, error) {
		t.Errorf("sent %s", r.Method)
		return response(http.StatusNoContent, ""), nil
	})
	for _, key := range []string{"", "acknowledge", "{5f2f1cb9-6d5a-4d3b-9d0c-25f1f2a4b7d1}", "5f2f1cb96d5a4d3b9d0c25f1f2a4b7d1",
		"urn:uuid:5f2f1cb9-6d5a-4d3b-9d0c-25f1f2a4b7d1", "5f2f1cb9-6d5a-4d3b-9d0c-25f1f2a4b7d1\r\nX: y"} {
		for _, method := range []string{http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete} {
			call := post()
			call.Key, call.Method = key, method
			if err := do(t.Context(), c, call); err == nil || !strings.Contains(err.Error(), "want a UUID") {
				t.Errorf("%s with %q: got %v", method, key, err)
			}
		}
	}
}

// TestOddTransport: what net/http cannot send is our own mistake, and what inflates is not trusted.
func TestOddTransport(t *testing.T) {
	t.Parallel()
	c := overWay(t, func(*http.Request) (*http.Response, error) {
		res := response(http.StatusOK, "{}")
		res.Uncompressed = true
		return res, nil
	})
	call := get()
	if err := do(t.Context(), c, call); !errors.Is(err, rest.ErrAnswer) {
		t.Errorf("inflated: got %v", err)
	}
	call.Path = "/\x7f"
	if err := do(t.Context(), c, call); !errors.Is(err, rest.ErrRequest) {
		t.Errorf("a path that is none: got %v", err)
	}
}

// TestOneBodyAtMostOnce: a connection that dies in mid-answer is told, not tried again.
func TestOneBodyAtMostOnce(t *testing.T) {
	t.Parallel()
	asked := 0
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, `{"order_id":"half`)
	})
	err := do(t.Context(), c, get())
	if !errors.Is(err, rest.ErrUnavailable) || asked != 1 {
		t.Errorf("got %v after %d requests", err, asked)
	}
	if want := "read: the provider does not answer: status 200: the connection broke"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}
