package checkout_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/kvitto/kvitto/order/checkout"
	"github.com/kvitto/kvitto/order/rest"
)

// way is a transport as a function.
type way func(*http.Request) (*http.Response, error)

func (w way) RoundTrip(r *http.Request) (*http.Response, error) { return w(r) }

// FuzzAnswer: whatever the provider says, an order is the one that was asked for, byte for byte, or there is ErrAnswer.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{whole, `{"order_id":"` + other + `"}`, `{"order_id":"F3392F8B-6116-4073-AB96-E330819E2C07","status":"X"}`,
		``, `null`, `{"order_id":1}`, `{"order_id":"` + id + `","order_id":"x"}`} {
		f.Add([]byte(seed))
	}
	credentials, err := rest.RawValue("x")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		c, err := checkout.New(rest.Options{BaseURL: "https://api.example", Credentials: credentials, Now: time.Now,
			Transport: way(func(*http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, ContentLength: -1, Body: io.NopCloser(bytes.NewReader(body))}, nil
			})})
		if err != nil {
			t.Fatal(err)
		}
		o, err := c.Order(t.Context(), id)
		switch {
		case err != nil && !errors.Is(err, rest.ErrAnswer):
			t.Errorf("got %v", err)
		case err == nil && (!rest.SameID(id, o.ID) || !bytes.Equal(o.Raw, body)):
			t.Errorf("taken: %q", body)
		}
	})
}
