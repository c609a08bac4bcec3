package callbacks_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/rules"
)

// pushes sends n pushes for ids of a name, and returns how many were taken.
func (s *shop) pushes(name string, n int) (taken int) {
	s.t.Helper()
	for i := range n {
		switch got := s.call(fmt.Sprintf("%s/push?klarna_order_id=%s-%d", base, name, i), ""); {
		case got.status == 202:
			taken++
		case got.status != 503 || got.header.Get("Retry-After") == "" || field(lastLine(s), "class") != "rate":
			s.t.Fatalf("got %v and %s, want 503, class rate", got, lastLine(s))
		}
		if i%200 == 199 {
			s.log.reset()
		}
	}
	return taken
}

func (l *logBuffer) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.buf.Reset()
}

// validated has an order approved.
func (s *shop) validated(id string) {
	s.t.Helper()
	if got := s.call(base+"/validation", strings.Replace(orderJSON(""), orderID, id, 1)); got.status != 200 {
		s.t.Fatalf("validation of %s: got %v", id, got)
	}
}

// TestForgedPushes: whoever has a token can trigger so much and no more, and the pushes of real orders still get through.
func TestForgedPushes(t *testing.T) {
	t.Parallel()
	d := &desk{standing: callbacks.Standing{State: callbacks.Pending}}
	s := newDesk(t, d)
	s.validated("real-0")
	s.validated("real-1")
	if got := s.pushes("forged", 10_000); got != 2000 {
		t.Errorf("row 78: got %d of 10,000 forged pushes at one instant, want 2000", got)
	}
	for kind, got := range map[string]*reply{
		"notification": s.call(base+"/notification", event("forged", "FRAUD_RISK_ACCEPTED")),
		"webhook":      s.signed(base+"/webhook", created("forged")),
	} {
		if got.status != 503 {
			t.Errorf("row 78: %s: got %v, want 503: all share what may be triggered", kind, got)
		}
	}
	if got := s.call(base+"/notification", event("forged", "NEW")); got.status != 200 {
		t.Errorf("an event that asks for nothing: got %v, want 200", got)
	}
	if got := s.pushes("real", 3); got != 2 {
		t.Errorf("row 78: got %d pushes of two real orders and a forged one, want 2", got)
	}
	if got := s.call(shopBase+"/ensure?klarna_order_id=any", ""); got.status != 202 {
		t.Errorf("ensure: got %v, want 202: it has a share of its own", got)
	}
	if err := s.server.SetMerchants([]*callbacks.Merchant{takingMerchant(t, d)}); err != nil {
		t.Fatal(err)
	}
	if got := s.pushes("forged", 1) + s.pushes("real", 1); got != 1 {
		t.Errorf("after a reload: got %d, want the real one and not the forged one", got)
	}
	s.now = func() time.Time { return noon().Add(time.Second) }
	if got := s.pushes("forged", 1000); got != 200 {
		t.Errorf("row 80: a second later: got %d, want 200", got)
	}
}

func takingMerchant(t *testing.T, d *desk) *callbacks.Merchant {
	m := newMerchant("demo", newEngine(t, &tables{}))
	taking(d)(m)
	return m
}

// TestExpectedOrders: at least 4096 orders are remembered, and not without end.
func TestExpectedOrders(t *testing.T) {
	t.Parallel()
	c := callbacks.NewCarried()
	for i := range 3 * 4096 {
		c.Expect(fmt.Sprint(i))
	}
	if n := c.Expected(); n < 4096 || n > 2*4096 {
		t.Errorf("got %d orders remembered, want 4096 to 8192", n)
	}
	for range 2000 {
		if !c.MayPush("unknown", noon()) {
			t.Fatal("refused before the burst was used up")
		}
	}
	for i, want := range map[string]bool{fmt.Sprint(3*4096 - 1): true, fmt.Sprint(2 * 4096): true, "0": false, "unknown": false} {
		if got := c.MayPush(i, noon()); got != want {
			t.Errorf("%s: got %v, want %v", i, got, want)
		}
	}
}

// TestTriggersOfOthers: the flood of one merchant leaves the pushes of another alone.
func TestTriggersOfOthers(t *testing.T) {
	t.Parallel()
	d := &desk{standing: callbacks.Standing{State: callbacks.Pending}}
	s := newServer(t, func(o *callbacks.Options) {
		other := takingMerchant(t, d)
		other.ID = "other"
		o.Merchants = []*callbacks.Merchant{takingMerchant(t, d), other}
	})
	if got := s.pushes("forged", 2001); got != 2000 {
		t.Fatalf("got %d taken, want 2000", got)
	}
	if got := s.call("/v1/other/"+token+"/push"+query, ""); got.status != 202 {
		t.Errorf("I19: the push of another merchant: got %v, want 202", got)
	}
}

// TestTriggersShedFirst: with half of the room in use no trigger is taken, while carts are still priced.
func TestTriggersShedFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &desk{standing: callbacks.Standing{State: callbacks.Pending}}
		c := &crowd{held: &sync.WaitGroup{}, release: make(chan struct{})}
		e := newEngine(t, &tables{tax: func(context.Context, *rules.Query) error { <-c.release; return nil }})
		c.shop = newServer(t, withEngine(e, taking(d)), func(o *callbacks.Options) { o.Concurrency = 10 })
		for range 5 {
			c.hold("demo", "address-update", cartJSON(""))
		}
		for name, got := range map[string]*reply{
			"push":         c.call(base+"/push"+query, ""),
			"notification": c.call(base+"/notification", event(orderID, "FRAUD_RISK_ACCEPTED")),
			"webhook":      c.signed(base+"/webhook", created(orderID)),
			"ensure":       c.call(shopBase+"/ensure"+query, ""),
		} {
			if got.status != 503 || got.header.Get("Retry-After") == "" {
				t.Errorf("I7c: %s with half in use: got %v, want 503 with Retry-After", name, got)
			}
		}
		c.hold("demo", "address-update", cartJSON(""))
		c.letGo()
		if asked := d.all(); len(asked) != 0 {
			t.Errorf("got %q, want nothing asked", asked)
		}
		if got := c.call(base+"/push"+query, ""); got.status != 202 {
			t.Errorf("afterwards: got %v, want 202", got)
		}
	})
}
