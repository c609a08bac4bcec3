package callbacks_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/callbacks"
)

// desk takes orders as it is told to, and remembers what it was asked.
type desk struct {
	standing callbacks.Standing
	err      error
	during   func(ctx context.Context, call string)
	forgets  bool // what it was asked

	mu    sync.Mutex
	calls []string
}

var _ callbacks.Taker = (*desk)(nil)

func (d *desk) asked(ctx context.Context, call string) {
	if !d.forgets {
		d.mu.Lock()
		d.calls = append(d.calls, call)
		d.mu.Unlock()
	}
	if d.during != nil {
		d.during(ctx, call)
	}
}

// all returns what was asked, and forgets it.
func (d *desk) all() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := d.calls
	d.calls = nil
	return out
}

func (d *desk) Push(ctx context.Context, id string) (callbacks.Standing, error) {
	d.asked(ctx, "push "+id)
	return d.standing, d.err
}

func (d *desk) Notify(ctx context.Context, id string, e callbacks.FraudEvent) error {
	d.asked(ctx, "notify "+id+" "+string(e))
	return d.err
}

func (d *desk) Ensure(ctx context.Context, id string) (callbacks.Standing, error) {
	d.asked(ctx, "ensure "+id)
	return d.standing, d.err
}

// seal is a signature that is one word in a header of its own.
type seal struct{}

const sealed = "sealed-at-noon"

// Verify implements callbacks.WebhookVerifier.
func (seal) Verify(h http.Header, body []byte, now time.Time) error {
	if h.Get("Webhook-Signature") != sealed || now.Before(noon()) || now.After(noon().Add(time.Hour)) {
		return errors.New("no signature fits")
	}
	return nil
}

// taking is a merchant whose orders are taken over.
func taking(d *desk) func(*callbacks.Merchant) {
	return func(m *callbacks.Merchant) {
		m.Taker, m.Webhook = d, seal{}
		m.ShopTokens = []callbacks.Token{{Hash: sha256.Sum256([]byte(shopToken))}}
	}
}

// newDesk makes a server that listens nowhere, with one merchant whose orders d takes.
func newDesk(t testing.TB, d *desk, change ...func(*callbacks.Merchant)) *shop {
	t.Helper()
	return newServer(t, withEngine(newEngine(t, &tables{}), append([]func(*callbacks.Merchant){taking(d)}, change...)...))
}

// signed posts a webhook with a good signature.
func (s *shop) signed(path, body string) *reply {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Webhook-Signature", sealed)
	w := httptest.NewRecorder()
	s.server.Handler().ServeHTTP(w, r)
	return &reply{status: w.Code, header: w.Header(), body: w.Body.String()}
}

func created(id string) string {
	return `{"id":"kevt_1","merchant_id":"N1","timestamp":1764072000000000000,"type":"order.created","data":{"order_id":"` + id + `"}}`
}

func event(id, kind string) string { return `{"order_id":"` + id + `","event_type":"` + kind + `"}` }

// TestTaken answers what each trigger says, by where the order stands or what fails.
func TestTaken(t *testing.T) {
	t.Parallel()
	at := func(s callbacks.State) callbacks.Standing { return callbacks.Standing{State: s} }
	tests := []struct {
		name                   string
		standing               callbacks.Standing
		err                    error
		push, notice, ensure   int
		pushed, class, ensured string // outcomes of push and ensure
	}{
		{"row 38: an id that nobody knows is recorded", at(callbacks.Pending), nil, 202, 200, 202, "taken", "", "taken"},
		{"row 39: so is one of another merchant", at(callbacks.Pending), nil, 202, 200, 202, "taken", "", "taken"},
		{"handed over", at(callbacks.Handed), nil, 202, 200, 200, "taken", "", "done"},
		{"row 40: acknowledged long ago", at(callbacks.Acked), nil, 200, 200, 200, "done", "", "done"},
		{"row 40: after our memory", at(callbacks.Parked), nil, 202, 200, 409, "parked", "", "parked"},
		{"I4b: store down", at(""), fmt.Errorf("%w: connection refused", callbacks.ErrStoreDown), 503, 503, 503, "unavailable", "store_down", "unavailable"},
		{"store hangs", at(""), context.DeadlineExceeded, 503, 503, 503, "unavailable", "store_down", "unavailable"},
		{"row 80: shed", at(""), callbacks.ErrShed, 503, 503, 503, "shed", "shed", "shed"},
		{"fails", at(""), errors.New("disk full"), 503, 503, 503, "fault", "taker", "fault"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := &desk{standing: tt.standing, err: tt.err}
			s := newDesk(t, d)
			check := func(call string, got *reply, status int, outcome string) {
				t.Helper()
				line := lastLine(s)
				if got.status != status || field(line, "outcome") != outcome || field(line, "class") != tt.class || field(line, "order_id") != orderID {
					t.Errorf("%s: got %v and %s, want %d, outcome %q, class %q", call, got, line, status, outcome, tt.class)
				}
				if (status == 503) != (got.header.Get("Retry-After") != "") || status == 503 && got.header.Get("Content-Type") != "application/problem+json" {
					t.Errorf("%s: got %v, want Retry-After and a problem with 503 only", call, got.header)
				}
				if status < 300 && call != "ensure" && got.body != "{}" {
					t.Errorf("%s: got %s, want an empty object", call, got.body)
				}
			}
			noticed, hooked := tt.pushed, 200
			if tt.err == nil {
				noticed = "taken"
			} else {
				hooked = 503
			}
			check("push", s.call(base+"/push"+query, ""), tt.push, tt.pushed)
			check("notification", s.call(base+"/notification", event(orderID, "FRAUD_RISK_ACCEPTED")), tt.notice, noticed)
			check("webhook", s.signed(base+"/webhook", created(orderID)), hooked, tt.pushed)
			check("ensure", s.call(shopBase+"/ensure"+query, ""), tt.ensure, tt.ensured)
			want := []string{"push " + orderID, "notify " + orderID + " FRAUD_RISK_ACCEPTED", "push " + orderID, "ensure " + orderID}
			if diff := cmp.Diff(want, d.all()); diff != "" {
				t.Errorf("the desk was asked (-want +got):\n%s", diff)
			}
		})
	}
}

// TestTakenIDs sends every order id of the matrix to the two paths that take it from the URL: only clean ones arrive.
func TestTakenIDs(t *testing.T) {
	t.Parallel()
	for _, tt := range idRows() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := &desk{standing: callbacks.Standing{State: callbacks.Pending}}
			s := newShop(t, withEngine(newEngine(t, &tables{}), taking(d)))
			for call, path := range map[string]string{"push": base + "/push", "ensure": shopBase + "/ensure"} {
				got := s.post(path+tt.query, "")
				want, status := []string(nil), 400
				if tt.class == "" {
					want, status = []string{call + " " + tt.logged}, 202
				}
				if diff := cmp.Diff(want, d.all()); diff != "" || got.status != status {
					t.Errorf("%s: got %v, want %d; the desk was asked (-want +got):\n%s", call, got, status, diff)
				}
			}
			for _, line := range s.log.lines() {
				if field(line, "class") != tt.class || field(line, "order_id") != tt.logged {
					t.Errorf("got %s, want class %q and id %q", line, tt.class, tt.logged)
				}
			}
		})
	}
}

// TestPushBody: the body is no business of ours, up to its limit.
func TestPushBody(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body string
		want       int
	}{
		{"row 42: empty", "", 202},
		{"row 42: JSON", event("ffffffff-4f50-6172-8394-a5b6c7d8e9f0", "X"), 202},
		{"row 42: half JSON", `{"order_id":`, 202},
		{"row 42: a form", "klarna_order_id=other", 202},
		{"row 42: 16 KiB", strings.Repeat("x", 16<<10), 202},
		{"row 42: one byte more", strings.Repeat("x", 16<<10+1), 413},
		{"row 42: 1 MB", strings.Repeat("x", 1<<20), 413},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := &desk{standing: callbacks.Standing{State: callbacks.Pending}}
			s := newShop(t, withEngine(newEngine(t, &tables{}), taking(d)))
			for call, path := range map[string]string{"push": base + "/push", "ensure": shopBase + "/ensure"} {
				got, want := s.post(path+query, tt.body, "Content-Type", "application/octet-stream"), []string(nil)
				if tt.want == 202 {
					want = []string{call + " " + orderID}
				}
				if diff := cmp.Diff(want, d.all()); diff != "" || got.status != tt.want {
					t.Errorf("%s: got %v, want %d; the desk was asked (-want +got):\n%s", call, got, tt.want, diff)
				}
			}
		})
	}
}

// TestNotified: only the three decisions reach the desk, by the id that is agreed on.
func TestNotified(t *testing.T) {
	t.Parallel()
	const other = "ffffffff-4f50-6172-8394-a5b6c7d8e9f0"
	tests := []struct {
		name, query, body string
		want              int
		asked             string
	}{
		{"accepted", query, event(orderID, "FRAUD_RISK_ACCEPTED"), 200, "notify " + orderID + " FRAUD_RISK_ACCEPTED"},
		{"rejected", "", event(orderID, "FRAUD_RISK_REJECTED"), 200, "notify " + orderID + " FRAUD_RISK_REJECTED"},
		{"stopped", "", event(orderID, "FRAUD_RISK_STOPPED"), 200, "notify " + orderID + " FRAUD_RISK_STOPPED"},
		{"row 37: capitals", "", event(strings.ToUpper(orderID), "FRAUD_RISK_STOPPED"), 200, "notify " + orderID + " FRAUD_RISK_STOPPED"},
		{"row 43: an event of the old pages", "", event(orderID, "ORDER_ACCEPTED"), 200, ""},
		{"row 43: a new event", "", event(orderID, "FRAUD_RISK_NEW"), 200, ""},
		{"row 43: no event", "", `{"order_id":"` + orderID + `"}`, 200, ""},
		{"row 43: an event in small letters", "", event(orderID, "fraud_risk_accepted"), 200, ""},
		{"row 43: array", "", "[" + event(orderID, "FRAUD_RISK_ACCEPTED") + "]", 400, ""},
		{"row 43: missing id", "", `{"event_type":"FRAUD_RISK_ACCEPTED"}`, 400, ""},
		{"row 41: contradiction", "?klarna_order_id=" + other, event(orderID, "FRAUD_RISK_ACCEPTED"), 400, ""},
		{"row 30: path", "", event("../../../v1/x", "FRAUD_RISK_ACCEPTED"), 400, ""},
		{"row 29: placeholder", "", event("{checkout.order.id}", "FRAUD_RISK_ACCEPTED"), 400, ""},
		{"row 35: zero width", "", event("a\u200b", "FRAUD_RISK_ACCEPTED"), 400, ""},
		{"row 36: 65 characters", "", event(strings.Repeat("a", 65), "FRAUD_RISK_ACCEPTED"), 400, ""},
		{"row 47: member twice", "", `{"order_id":"a","order_id":"b","event_type":"FRAUD_RISK_ACCEPTED"}`, 400, ""},
	}
	d := &desk{}
	s := newDesk(t, d)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := s.call(base+"/notification"+tt.query, tt.body)
			if asked := strings.Join(d.all(), ", "); got.status != tt.want || asked != tt.asked {
				t.Errorf("got %v and asked %q, want %d and %q", got, asked, tt.want, tt.asked)
			}
			kind := ""
			if tt.asked != "" {
				kind = tt.asked[strings.LastIndexByte(tt.asked, ' ')+1:]
			}
			if line := lastLine(s); field(line, "event") != kind {
				t.Errorf("got %s, want event %q", line, kind)
			}
		})
	}
}

// TestClientLeaves: an order that we were told of is recorded although the client is gone.
func TestClientLeaves(t *testing.T) {
	t.Parallel()
	for call, path := range map[string]string{
		"push":         base + "/push" + query,
		"notification": base + "/notification",
		"webhook":      base + "/webhook",
	} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			ctx, leave := context.WithCancel(t.Context())
			d := &desk{standing: callbacks.Standing{State: callbacks.Pending}, during: func(taking context.Context, _ string) {
				leave()
				if err := taking.Err(); err != nil {
					t.Errorf("got %v in the desk, want its context untouched", err)
				}
				if _, bounded := taking.Deadline(); !bounded {
					t.Error("the desk has no deadline")
				}
			}}
			s := newDesk(t, d)
			body := event(orderID, "FRAUD_RISK_ACCEPTED")
			if call == "webhook" {
				body = created(orderID)
			}
			r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body)).WithContext(ctx)
			r.Header.Set("Webhook-Signature", sealed)
			s.server.Handler().ServeHTTP(httptest.NewRecorder(), r)
			if n := len(d.all()); n != 1 || field(lastLine(s), "outcome") != "taken" {
				t.Errorf("got %d orders and %s, want it taken", n, lastLine(s))
			}
		})
	}
}

// TestDeskPanics: a fault of ours lets the provider come again.
func TestDeskPanics(t *testing.T) {
	t.Parallel()
	d := &desk{during: func(context.Context, string) { panic(secretText) }}
	s := newDesk(t, d)
	for _, path := range []string{base + "/push" + query, shopBase + "/ensure" + query} {
		got := s.call(path, "")
		line := lastLine(s)
		if got.status != 503 || got.header.Get("Retry-After") == "" || field(line, "outcome") != "panic" || field(line, "level") != "error" {
			t.Errorf("%s: got %v and %s, want 503 and a panic in the log", path, got, line)
		}
		if strings.Contains(line, secretText) || strings.Contains(got.body, "price") {
			t.Errorf("%s: got %v and %s, want no text of the panic, and none about prices", path, got, line)
		}
	}
	if n, held := s.server.InFlight(); n != 0 || held != 0 {
		t.Errorf("got %d requests, %d bytes in flight, want none", n, held)
	}
}

// TestSeen: whoever asks for orders without a push hears of each approval, and of nothing else.
func TestSeen(t *testing.T) {
	t.Parallel()
	var seen []string
	tests := []struct {
		name, path, body string
		approveLate      bool
		status           int
		want             []string
	}{
		{"approved", "/validation", orderJSON(""), false, 200, []string{orderID}},
		{"approved, id in the URL", "/validation" + query, strings.Replace(orderJSON(""), `"order_id":"`+orderID+`",`, "", 1), false, 200, []string{orderID}},
		{"approved without an id", "/validation", strings.Replace(orderJSON(""), `"order_id":"`+orderID+`",`, "", 1), false, 200, nil},
		{"approved with an id that is not clean", "/validation", strings.Replace(orderJSON(""), orderID, "../x", 1), false, 200, nil},
		{"denied", "/validation", strings.Replace(orderJSON(""), `"order_amount":17400`, `"order_amount":1`, 1), false, 400, nil},
		{"a cart", "/address-update" + query, cartJSON(""), false, 200, nil},
		{"a push", "/push" + query, "", false, 202, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			seen = nil
			s := newDesk(t, &desk{standing: callbacks.Standing{State: callbacks.Pending}}, func(m *callbacks.Merchant) {
				m.Seen = func(id string) { seen = append(seen, id) }
			})
			got := s.call(base+tt.path, tt.body)
			if diff := cmp.Diff(tt.want, seen); diff != "" || got.status != tt.status {
				t.Errorf("got %v, want %d; seen (-want +got):\n%s", got, tt.status, diff)
			}
		})
	}
	t.Run("approved by default", func(t *testing.T) {
		seen = nil
		late := &tables{offers: nil, tax: block}
		s := newServer(t, withEngine(newEngine(t, late), func(m *callbacks.Merchant) {
			m.ApproveOnDeadline, m.ValidationDeadline = true, time.Millisecond
			m.Seen = func(id string) { seen = append(seen, id) }
		}))
		if got := s.call(base+"/validation", orderJSON("")); got.status != 200 || len(seen) != 1 {
			t.Errorf("got %v and seen %q, want an approval that is told", got, seen)
		}
	})
}
