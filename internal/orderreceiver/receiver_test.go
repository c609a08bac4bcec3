package orderreceiver_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/orderreceiver"
	"github.com/kvitto/kvitto/internal/standardwebhooks"
	"github.com/kvitto/kvitto/order/confirm/sink"
	"github.com/kvitto/kvitto/rules"
)

const (
	secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	next   = "whsec_bmV4dCBuZXh0IG5leHQgbmV4dCBuZXh0IG5leHQ="
)

func at() time.Time { return time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC) }

// table is a database with a unique key, and a fault.
type table struct {
	rows  map[string]string
	fault error
}

func (t *table) keep(_ context.Context, id string, body []byte) (string, error) {
	if t.fault != nil {
		return "", t.fault
	}
	if _, there := t.rows[id]; !there {
		t.rows[id] = string(body)
	}
	return "A-4711", nil
}

// deliver sends an event from Kvitto's webhook to the receiver.
func deliver(t *testing.T, r *orderreceiver.Receiver, e *rules.Event, secrets ...string) (rules.Taken, error) {
	t.Helper()
	keys, err := standardwebhooks.NewKeys(secrets...)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(r)
	defer s.Close()
	way := &http.Transport{DisableCompression: true}
	defer way.CloseIdleConnections()
	w, err := sink.NewWebhook(sink.Options{URL: s.URL, Keys: keys, Transport: way,
		OnOddAnswer: func(_ *rules.Event, why error) { t.Error(why) }})
	if err != nil {
		t.Fatal(err)
	}
	return w.Take(t.Context(), e)
}

func event() *rules.Event {
	return &rules.Event{ID: "evt_JBSWY3DPEHPK3PXP0123456789", Type: rules.OrderConfirmed, Attempt: 1, At: at(), Body: []byte(`{"data":{"revision":1}}`)}
}

// TestReceiver: the sample of the manual understands what Kvitto sends, in rotation too, keeps each id once, and takes
// nothing from a stranger.
func TestReceiver(t *testing.T) {
	t.Parallel()
	down := errors.New("the database is down")
	for _, tt := range []struct {
		name    string
		sender  []string
		shop    []string
		clock   time.Duration // of the shop, fast
		fault   error
		status  int // 0: taken
		waiting time.Duration
	}{
		{name: "taken", sender: []string{secret}, shop: []string{secret}},
		{name: "the shop changes first", sender: []string{secret}, shop: []string{next, secret}},
		{name: "Kvitto changes first", sender: []string{next, secret}, shop: []string{secret}},
		{name: "clocks apart", sender: []string{secret}, shop: []string{secret}, clock: -5 * time.Minute},
		{name: "a stranger", sender: []string{next}, shop: []string{secret}, status: 401},
		{name: "no secret", sender: []string{next}, shop: []string{"", "whsec_", "whsec_!"}, status: 401},
		{name: "an old request", sender: []string{secret}, shop: []string{secret}, clock: 5*time.Minute + time.Second, status: 401},
		{name: "a database that is down", sender: []string{secret}, shop: []string{secret}, fault: down, status: 503, waiting: 30 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			db := &table{rows: map[string]string{}, fault: tt.fault}
			r := &orderreceiver.Receiver{Secrets: tt.shop, Now: func() time.Time { return at().Add(tt.clock) }, Keep: db.keep}
			want := map[string]string{}
			for range 2 { // the second attempt changes nothing
				taken, err := deliver(t, r, event(), tt.sender...)
				if tt.status == 0 {
					want["evt_JBSWY3DPEHPK3PXP0123456789"] = `{"data":{"revision":1}}`
					if err != nil || taken.Reference1 != "A-4711" {
						t.Errorf("got %+v, %v", taken, err)
					}
				} else {
					refused(t, err, tt.status, tt.waiting)
				}
				if d := cmp.Diff(want, db.rows); d != "" {
					t.Error(d)
				}
			}
		})
	}
}

func refused(t *testing.T, err error, want int, after time.Duration) {
	t.Helper()
	var status *sink.StatusError
	var later *rules.Later
	if !errors.As(err, &status) || status.Status != want {
		t.Errorf("got %v, want %d", err, want)
	}
	if errors.As(err, &later) != (after > 0) || later != nil && later.After != after {
		t.Errorf("got %v, want to wait %v", err, after)
	}
}

// TestHugeBody: more than the bound is neither read nor kept.
func TestHugeBody(t *testing.T) {
	t.Parallel()
	db := &table{rows: map[string]string{}}
	r := &orderreceiver.Receiver{Secrets: []string{secret}, Now: at, Keep: db.keep}
	w := httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", io.MultiReader(strings.NewReader("{"), io.LimitReader(zeros{}, 9<<20))))
	if w.Code != http.StatusBadRequest || len(db.rows) != 0 {
		t.Errorf("got %d, %v", w.Code, db.rows)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
