package checkout_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order/checkout"
	"github.com/kvitto/kvitto/order/rest"
)

const (
	id    = "f3392f8b-6116-4073-ab96-e330819e2c07"
	other = "a25b2de3-0664-48b5-8a75-ac9111946a35"
	whole = `{"order_id":"` + id + `","status":"checkout_incomplete","html_snippet":"<div>\n</div>","x_new":[1]}`
)

func client(t *testing.T, answer http.HandlerFunc) *checkout.Client {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	credentials, err := rest.RawValue("kco_test_api_abc")
	if err != nil {
		t.Fatal(err)
	}
	c, err := checkout.New(rest.Options{BaseURL: server.URL, Credentials: credentials, Transport: &http.Transport{DisableKeepAlives: true},
		Now: func() time.Time { return time.Time{} }})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func answers(status int, location, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if location != "" {
			w.Header().Set("Location", location)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestCalls(t *testing.T) {
	t.Parallel()
	key := rest.Key("demo", id, "test")
	const body = `{"purchase_country":"SE"}`
	for _, tt := range []struct {
		name               string
		call               func(*checkout.Client) error
		method, path, sent string
	}{
		{"create", func(c *checkout.Client) error { _, err := c.Create(t.Context(), []byte(body), key); return err },
			"POST", "/checkout/v3/orders", body},
		{"update", func(c *checkout.Client) error { _, err := c.Update(t.Context(), id, []byte(body), key); return err },
			"POST", "/checkout/v3/orders/" + id, body},
		{"order", func(c *checkout.Client) error { _, err := c.Order(t.Context(), id); return err },
			"GET", "/checkout/v3/orders/" + id, ""},
		{"read", func(c *checkout.Client) error { _, err := c.Read(t.Context(), id); return err },
			"GET", "/checkout/v3/orders/" + id, ""},
		{"abort", func(c *checkout.Client) error { return c.Abort(t.Context(), id, key) },
			"POST", "/checkout/v3/orders/" + id + "/abort", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			c := client(t, func(w http.ResponseWriter, r *http.Request) {
				asked++
				sent, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				wantKey := key
				if tt.method == http.MethodGet {
					wantKey = ""
				}
				got := []string{r.Method, r.URL.EscapedPath(), string(sent), r.Header.Get("Klarna-Idempotency-Key"), r.Header.Get("Authorization")}
				if d := cmp.Diff([]string{tt.method, tt.path, tt.sent, wantKey, "Basic kco_test_api_abc"}, got); d != "" {
					t.Error(d)
				}
				answers(http.StatusOK, "", whole)(w, r)
			})
			if err := tt.call(c); err != nil || asked != 1 {
				t.Errorf("got %v after %d requests", err, asked)
			}
			refusing := client(t, answers(http.StatusForbidden, "", `{"error_code":"READ_ONLY_ORDER","error_messages":[],"correlation_id":"c-1"}`))
			var e *rest.Error
			if err := tt.call(refusing); !errors.Is(err, rest.ErrNotAllowed) || !errors.As(err, &e) || e.Code != "READ_ONLY_ORDER" {
				t.Errorf("403: got %v", err)
			}
		})
	}
}

func TestCreateAnswers(t *testing.T) {
	t.Parallel()
	want := &checkout.Order{ID: id, Status: "checkout_incomplete", Raw: []byte(whole)}
	for _, tt := range []struct {
		name           string
		location, body string
		want           *checkout.Order
	}{
		{"body and location", "https://api.example/checkout/v3/orders/" + id, whole, want},
		{"body alone", "", whole, want},
		{"location alone", "https://api.example/checkout/v3/orders/" + id, "", &checkout.Order{ID: id}},
		{"neither", "", "", nil},
		{"location of another order", "https://api.example/checkout/v3/orders/" + other, whole, nil},
		{"no id", "", `{"status":"checkout_incomplete"}`, nil},
		{"an id that is none", "", `{"order_id":"../x"}`, nil},
		{"an id of the wrong type", "", `{"order_id":17}`, nil},
		{"a list", "", `[]`, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := client(t, answers(http.StatusCreated, tt.location, tt.body)).Create(t.Context(), []byte(`{}`), rest.Key("a", "b", "c"))
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			if (tt.want == nil) != errors.Is(err, rest.ErrAnswer) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAnotherOrder(t *testing.T) {
	t.Parallel()
	c := client(t, answers(http.StatusOK, "", whole))
	if _, err := c.Order(t.Context(), other); !errors.Is(err, rest.ErrAnswer) {
		t.Errorf("read: got %v", err)
	}
	if raw, err := c.Read(t.Context(), other); !errors.Is(err, rest.ErrAnswer) || raw != nil {
		t.Errorf("read: got %q, %v", raw, err)
	}
	if _, err := c.Update(t.Context(), other, []byte(`{}`), rest.Key("a", "b", "c")); !errors.Is(err, rest.ErrAnswer) {
		t.Errorf("update: got %v", err)
	}
	if o, err := c.Order(t.Context(), id); err != nil || o.Complete() {
		t.Errorf("got %v, %v", o, err)
	}
	done := client(t, answers(http.StatusOK, "", `{"order_id":"`+id+`","status":"CHECKOUT_COMPLETE"}`))
	if o, err := done.Order(t.Context(), id); err != nil || !o.Complete() {
		t.Errorf("got %v, %v", o, err)
	}
}

// TestNothingSent: what is wrong here never reaches the provider.
func TestNothingSent(t *testing.T) {
	t.Parallel()
	c := client(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("sent %s %s", r.Method, r.URL) })
	key := rest.Key("a", "b", "c")
	for _, bad := range []string{"", "..", "a/b", "a?b", "{checkout.order.id}"} {
		for name, err := range map[string]error{
			"order":  second(c.Order(t.Context(), bad)),
			"read":   second(c.Read(t.Context(), bad)),
			"update": second(c.Update(t.Context(), bad, []byte(`{}`), key)),
			"abort":  c.Abort(t.Context(), bad, key),
		} {
			if !errors.Is(err, rest.ErrID) {
				t.Errorf("%s of %q: got %v", name, bad, err)
			}
		}
	}
	for _, body := range []string{"", "null", "[]", `{"a":1,"a":2}`, `{"a":`} {
		if _, err := c.Create(t.Context(), []byte(body), key); !errors.Is(err, rest.ErrRequest) {
			t.Errorf("create with %s: got %v", body, err)
		}
	}
	if _, err := c.Create(t.Context(), []byte(`{}`), ""); err == nil {
		t.Error("create without a key: got no error")
	}
	if _, err := checkout.New(rest.Options{}); err == nil {
		t.Error("no options: got no error")
	}
}

func second[T any](_ T, err error) error { return err }
