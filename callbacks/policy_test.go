package callbacks_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
)

const secretText = "Storgatan 1, Kim Lind" // stands for text of an order in an error or a panic

func shortDeadlines(m *callbacks.Merchant) {
	m.UpdateDeadline, m.ValidationDeadline = 100*time.Millisecond, 100*time.Millisecond
}

func approve(m *callbacks.Merchant) { m.ApproveOnDeadline = true }

// call asks the handler without a connection.
func (s *shop) call(path, body string) *reply {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	s.server.Handler().ServeHTTP(w, r)
	return &reply{status: w.Code, header: w.Header(), body: w.Body.String()}
}

// block waits for the end of the callback, as a table never would.
func block(ctx context.Context, _ *rules.Query) error {
	<-ctx.Done()
	return ctx.Err()
}

// plugin is a validator and nothing else.
type plugin struct {
	validate func(context.Context, *rules.Query) (rules.Decision, error)
}

func (p *plugin) Validate(ctx context.Context, q *rules.Query) (rules.Decision, error) {
	return p.validate(ctx, q)
}

// TestUndecided lets the rules fail in every way. On validation the merchant's default decides; the updates refuse.
func TestUndecided(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		tax     func(context.Context, *rules.Query) error
		outcome string
		class   string
	}{
		{"late", block, "deadline", "deadline"},
		{"an error", func(context.Context, *rules.Query) error { return errors.New("no data") }, "fault", "engine"},
		{"a panic", func(context.Context, *rules.Query) error { panic(secretText) }, "panic", "panic"},
		{"a panic of the runtime", func(_ context.Context, q *rules.Query) error {
			return errors.New(q.Order.Lines[len(q.Order.Lines)].Name)
		}, "panic", "panic"},
		{"an overflow", func(context.Context, *rules.Query) error { return fmt.Errorf("goods: %w", pricing.ErrOverflow) }, "fault", "overflow"},
	}
	for _, tt := range tests {
		for _, approves := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, approve %v", tt.name, approves), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					e := newEngine(t, &tables{tax: tt.tax})
					s := newServer(t, withEngine(e, func(m *callbacks.Merchant) { m.ApproveOnDeadline = approves }))
					s.wantUndecided("/address-update", cartJSON(""), 400, tt.outcome, tt.class, "deny")
					if approves {
						s.wantUndecided("/validation", orderJSON(""), 200, tt.outcome, tt.class, "approve")
					} else {
						s.wantUndecided("/validation", orderJSON(""), 400, tt.outcome, tt.class, "deny")
					}
					broken := strings.Replace(orderJSON(""), `"order_amount":17400`, `"order_amount":1`, 1)
					if got := s.call(base+"/validation", broken); got.status != 400 {
						t.Errorf("broken sums: got %v, want 400: no default approves them", got)
					}
					if strings.Contains(s.log.String(), secretText) {
						t.Errorf("log holds the text of a panic: %s", s.log)
					}
				})
			})
		}
	}
}

func (s *shop) wantUndecided(path, body string, status int, outcome, class, fallback string) {
	s.t.Helper()
	began := time.Now()
	got := s.call(base+path, body)
	if took := time.Since(began); took > 2500*time.Millisecond {
		s.t.Errorf("%s: took %v, want at most the deadline", path, took)
	}
	want := fault
	if status == 200 {
		want = "{}"
	}
	if got.status != status || got.body != want {
		s.t.Errorf("%s: got %v, want %d %s", path, got, status, want)
	}
	lines := s.log.lines()
	line := lines[len(lines)-1]
	for name, want := range map[string]string{"level": "error", "outcome": outcome, "class": class, "fallback": fallback} {
		if have := field(line, name); have != want {
			s.t.Errorf("%s: got %s %q, want %q in %s", path, name, have, want, line)
		}
	}
	if (outcome == "panic") != strings.Contains(line, `"stack":[`) {
		s.t.Errorf("%s: stack in the wrong line or missing: %s", path, line)
	}
	callback := strings.ReplaceAll(path[1:], "-", "_")
	if n := s.counter("kvitto_callback_fallbacks_total", "merchant", "demo", "callback", callback, "answer", fallback); n != 1 {
		s.t.Errorf("%s: got %v fallbacks counted, want 1", path, n)
	}
}

// TestDeadlineOfPlugins cuts a plug-in off; its own policy decides, long before the provider gives up.
func TestDeadlineOfPlugins(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		policy rules.FaultPolicy
		want   int
	}{{rules.FaultSkip, 200}, {rules.FaultDeny, 400}} {
		synctest.Test(t, func(t *testing.T) {
			slow := &plugin{validate: func(ctx context.Context, q *rules.Query) (rules.Decision, error) {
				return rules.Decision{}, block(ctx, q)
			}}
			e := newEngine(t, &tables{}, func(o *rules.Options) {
				o.Members = append(o.Members, rules.Member{Name: "slow", Impl: slow, OnFault: tt.policy})
			})
			s := newServer(t, withEngine(e))
			began := time.Now()
			if got := s.call(base+"/validation", orderJSON("")); got.status != tt.want {
				t.Errorf("policy %d: got %v, want %d", tt.policy, got, tt.want)
			}
			if took := time.Since(began); took >= 2500*time.Millisecond {
				t.Errorf("policy %d: took %v, want less than the deadline", tt.policy, took)
			}
		})
	}
}

// TestPanicOfOurs panics outside of every guard of the engine.
func TestPanicOfOurs(t *testing.T) {
	t.Parallel()
	failing := &plugin{validate: func(context.Context, *rules.Query) (rules.Decision, error) {
		return rules.Decision{}, errors.New("no")
	}}
	e := newEngine(t, &tables{}, func(o *rules.Options) {
		o.Members = append(o.Members, rules.Member{Name: "failing", Impl: failing})
		o.OnFault = func(rules.Fault) { panic(errors.New(secretText)) }
	})
	s := newShop(t, withEngine(e, approve))
	got := s.post(base+"/validation", orderJSON(""))
	if got.status != 200 || got.body != "{}" {
		t.Errorf("got %v, want the default", got)
	}
	line := s.log.lines()[0]
	if field(line, "panic") != "*errors.errorString" || !strings.Contains(line, "callbacks.") || strings.Contains(line, secretText) {
		t.Errorf("got %s, want type and stack and no text", line)
	}
	s.served()
}

// reader panics or fails while a body is read.
type reader func() error

func (r reader) Read([]byte) (int, error) { return 0, r() }

func TestBodyThatFails(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		read  reader
		class string
	}{
		{"a panic", func() error { panic(secretText) }, "panic"},
		{"an error", func() error { return errors.New(secretText) }, "broken_body"},
	} {
		s := newServer(t, withEngine(newEngine(t, &tables{}), approve))
		w := httptest.NewRecorder()
		s.server.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, base+"/validation", tt.read))
		if w.Code != 400 || w.Body.String() != fault {
			t.Errorf("%s: got %d %s, want 400: nothing is known about the sums", tt.name, w.Code, w.Body)
		}
		if line := s.log.String(); field(line, "class") != tt.class || strings.Contains(line, secretText) {
			t.Errorf("%s: got %s, want class %s and no text", tt.name, line, tt.class)
		}
		if n, held := s.server.InFlight(); n != 0 || held != 0 {
			t.Errorf("%s: got %d requests, %d bytes in flight, want none", tt.name, n, held)
		}
	}
}

func TestClientGone(t *testing.T) {
	t.Parallel()
	ctx, leave := context.WithCancel(t.Context())
	e := newEngine(t, &tables{tax: func(ctx context.Context, _ *rules.Query) error {
		leave()
		<-ctx.Done()
		return ctx.Err()
	}})
	s := newServer(t, withEngine(e))
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, base+"/address-update", strings.NewReader(cartJSON("")))
	s.server.Handler().ServeHTTP(httptest.NewRecorder(), r)
	if line := s.log.String(); field(line, "outcome") != "gone" || field(line, "level") != "info" {
		t.Errorf("got %s, want outcome gone, no alarm", line)
	}
}

// TestGate lets an engine offer what the provider would refuse.
func TestGate(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("n", 300)
	e := newEngine(t, &tables{offers: func(context.Context, *rules.Query) (rules.Offers, error) {
		return rules.Offers{Options: []rules.Offer{{ID: "shop", Name: long, Price: 4900}}}, nil
	}})
	s := newShop(t, withEngine(e))
	got := s.post(base+"/address-update", cartJSON(""))
	if got.status != 400 || got.body != fault {
		t.Errorf("got %v, want 400 %s", got, fault)
	}
	line := s.log.lines()[0]
	if field(line, "outcome") != "gate" || field(line, "level") != "error" || !strings.Contains(line, `/name"`) || strings.Contains(line, long) {
		t.Errorf("got %s, want the place of the name at error level, not the name", line)
	}
	if n := s.counter("kvitto_callback_gate_failures_total", "merchant", "demo", "callback", "address_update"); n != 1 {
		t.Errorf("got %v gate failures counted, want 1", n)
	}
}

// TestFlagged repairs the order's own sums from its lines and says so.
func TestFlagged(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	want := s.post(base+"/address-update", cartJSON(""))
	got := s.post(base+"/address-update", strings.Replace(cartJSON(""), `"order_amount":12500`, `"order_amount":999`, 1))
	if diff := cmp.Diff(want.body, got.body); diff != "" {
		t.Errorf("row 72: (-want +got)\n%s", diff)
	}
	if n := s.counter("kvitto_callback_order_sums_total", "merchant", "demo", "callback", "address_update"); n != 1 {
		t.Errorf("row 72: got %v counted, want 1", n)
	}
	if line := s.log.lines()[1]; field(line, "flagged") != "order_sums" {
		t.Errorf("row 72: got %s, want it flagged", line)
	}
}

// TestStable asks the same many times and feeds answers back in.
func TestStable(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	first := s.post(base+"/address-update"+query, cartJSON(""))
	for range 5 {
		again := s.post(base+"/address-update"+query, cartJSON(""))
		if diff := cmp.Diff(first, again, cmp.AllowUnexported(reply{})); diff != "" {
			t.Fatalf("row 92: (-first +again)\n%s", diff)
		}
	}
	o, err := order.DecodeUpdate([]byte(first.body), order.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if len(o.Lines) != 2 || o.Lines[1].Type != order.ShippingFee {
		t.Fatalf("got %d lines, want the freight behind the goods", len(o.Lines))
	}
	back := strings.Replace(first.body, `{`, `{"locale":"en-SE","shipping_address":{"country":"SE"},`, 1)
	if got := s.post(base+"/address-update"+query, back); got.body != first.body {
		t.Errorf("the answer fed back: got %s, want %s", got.body, first.body)
	}
}

// TestRedirects takes a location from a decision and from nowhere else.
func TestRedirects(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	body := strings.Replace(cartJSON(""), `"se"`, `"xx"`, 1)
	for path, want := range map[string]string{
		"/address-update":         "https://shop.example/xx",
		"/country-change":         "https://shop.example/xx",
		"/shipping-option-update": "",
	} {
		got := s.post(base+path+query+"&location=https://evil.example", body, "Location", "https://evil.example", "Referer", "https://evil.example")
		if got.header.Get("Location") != want || (got.status == 303) != (want != "") {
			t.Errorf("%s: got %v to %q, want %q", path, got, got.header.Get("Location"), want)
		}
		if want != "" && got.body != "" {
			t.Errorf("%s: got body %q, want none", path, got.body)
		}
	}
}
