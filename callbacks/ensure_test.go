package callbacks_test

import (
	"context"
	"crypto/sha256"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/callbacks"
)

// TestEnsureAnswer compares the whole answer.
func TestEnsureAnswer(t *testing.T) {
	t.Parallel()
	d := &desk{standing: callbacks.Standing{State: callbacks.Acked, Done: true, Reference1: "10\"01", Reference2: "B-7", Receipt: "r1"}}
	s := newDesk(t, d)
	got := s.call(shopBase+"/ensure"+query, "")
	want := `{"order_id":"` + orderID + `","state":"ACKED","done":true,"merchant_reference1":"10\"01","merchant_reference2":"B-7","receipt":"r1"}`
	if got.status != 200 || got.body != want || got.header.Get("Content-Type") != "application/json" {
		t.Errorf("got %v %v, want 200 %s", got, got.header, want)
	}
	d.standing = callbacks.Standing{State: callbacks.Pending}
	want = `{"order_id":"` + orderID + `","state":"PENDING","done":false,"merchant_reference1":"","merchant_reference2":"","receipt":""}`
	if got := s.call(shopBase+"/ensure"+query, ""); got.status != 202 || got.body != want {
		t.Errorf("got %v, want 202 %s", got, want)
	}
}

// TestEnsureWait: the desk has as long as the shop wants to wait, and where that is no time the order is only recorded.
func TestEnsureWait(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, query string
		want        time.Duration // 0: not asked
		asked       string
		status      int
	}{
		{"not said", query, 2 * time.Second, "ensure", 202},
		{"500 ms", query + "&wait=500", 500 * time.Millisecond, "ensure", 202},
		{"first in the query", "?wait=500&klarna_order_id=" + orderID, 500 * time.Millisecond, "ensure", 202},
		{"the most", query + "&wait=8000", 8 * time.Second, "ensure", 202},
		{"no time", query + "&wait=0", 2 * time.Second, "push", 202},
		{"too long", query + "&wait=8001", 0, "", 400},
		{"very long", query + "&wait=99999999999999999999", 0, "", 400},
		{"negative", query + "&wait=-1", 0, "", 400},
		{"a unit", query + "&wait=2s", 0, "", 400},
		{"a fraction", query + "&wait=1.5", 0, "", 400},
		{"empty", query + "&wait=", 0, "", 400},
		{"twice", query + "&wait=1&wait=1", 0, "", 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := &desk{standing: callbacks.Standing{State: callbacks.Pending}}
				d.during = func(ctx context.Context, call string) {
					if until, _ := ctx.Deadline(); time.Until(until) != tt.want {
						t.Errorf("%s: got %v, want %v", call, time.Until(until), tt.want)
					}
				}
				s := newDesk(t, d)
				got := s.call(shopBase+"/ensure"+tt.query, "")
				var want []string
				if tt.asked != "" {
					want = []string{tt.asked + " " + orderID}
				}
				if diff := cmp.Diff(want, d.all()); diff != "" || got.status != tt.status {
					t.Errorf("got %v, want %d; the desk was asked (-want +got):\n%s", got, tt.status, diff)
				}
				if tt.status == 400 && field(lastLine(s), "class") != "wait" {
					t.Errorf("got %s, want class wait", lastLine(s))
				}
			})
		})
	}
}

// TestEnsureEnds: the wait ends, and the answer says where the order stands by then.
func TestEnsureEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &desk{standing: callbacks.Standing{State: callbacks.Pending}, during: func(ctx context.Context, _ string) { <-ctx.Done() }}
		s := newDesk(t, d)
		begun := time.Now()
		if got := s.call(shopBase+"/ensure"+query+"&wait=1500", ""); got.status != 202 || time.Since(begun) != 1500*time.Millisecond {
			t.Errorf("got %v after %v, want 202 after 1.5 s", got, time.Since(begun))
		}
	})
}

// TestEnsureCrowd: where many wait, further ones are answered at once, and pushes still get in.
func TestEnsureCrowd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		d := &desk{standing: callbacks.Standing{State: callbacks.Pending}}
		d.during = func(_ context.Context, call string) {
			if call == "ensure "+orderID {
				<-release
			}
		}
		s := newServer(t, func(o *callbacks.Options) {
			m := newMerchant("demo", newEngine(t, &tables{}))
			taking(d)(m)
			o.Concurrency, o.Merchants = 16, []*callbacks.Merchant{m}
		})
		var crowd sync.WaitGroup
		for range 8 {
			crowd.Go(func() {
				if got := s.call(shopBase+"/ensure"+query, ""); got.status != 202 {
					t.Errorf("got %v, want 202", got)
				}
			})
			synctest.Wait()
		}
		count := map[string]int{}
		for _, call := range d.all() {
			count[call]++
		}
		if diff := cmp.Diff(map[string]int{"ensure " + orderID: 2, "push " + orderID: 6}, count); diff != "" {
			t.Errorf("of eight, with room for sixteen requests, (-want +got):\n%s", diff)
		}
		if got := s.call(base+"/push"+query, ""); got.status != 202 {
			t.Errorf("push: got %v, want 202", got)
		}
		close(release)
		crowd.Wait()
		if got := s.call(shopBase+"/ensure"+query, ""); got.status != 202 || d.all()[1] != "ensure "+orderID {
			t.Errorf("afterwards: got %v, want it to wait again", got)
		}
	})
}

// TestEnsureDoor: only the shop's token opens it, and a merchant whose orders nobody takes says so.
func TestEnsureDoor(t *testing.T) {
	t.Parallel()
	d := &desk{}
	s := newDesk(t, d, func(m *callbacks.Merchant) { m.Taker = nil })
	if got := s.call(base+"/ensure"+query, ""); got.status != 404 {
		t.Errorf("the provider's token: got %v, want 404", got)
	}
	if got := s.call(shopBase+"/ensure"+query, ""); got.status != 503 || got.header.Get("Retry-After") == "" ||
		field(lastLine(s), "class") != "no_store" || field(lastLine(s), "hint") == "" {
		t.Errorf("mode pricing: got %v and %s, want 503 with a hint in the log", got, lastLine(s))
	}
	none := newDesk(t, d, func(m *callbacks.Merchant) { m.ShopTokens = nil })
	if got := none.call(shopBase+"/ensure"+query, ""); got.status != 404 {
		t.Errorf("no shop tokens: got %v, want 404", got)
	}
	if asked := d.all(); len(asked) != 0 {
		t.Errorf("got %q, want nothing asked", asked)
	}
	old := newDesk(t, d, func(m *callbacks.Merchant) {
		m.ShopTokens = []callbacks.Token{{Hash: sha256.Sum256([]byte(shopToken)), Until: noon()}}
	})
	if got := old.call(shopBase+"/ensure"+query, ""); got.status != 404 {
		t.Errorf("a token past its end: got %v, want 404", got)
	}
}
