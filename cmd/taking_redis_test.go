package cmd_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/fakesink"
	"github.com/kvitto/kvitto/internal/faultproxy"
	"github.com/kvitto/kvitto/internal/redistest"
)

// hookShop is a shop whose sink is a webhook.
func hookShop(t *testing.T) (*shopWithOrders, *fakesink.Sink) {
	t.Helper()
	events, err := fakesink.New(fakesink.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(events.Handler())
	t.Cleanup(func() { events.Close(); server.Close() })
	return takingShop(t, fmt.Sprintf("{webhook: {url: %q, secret_file: user-of-the-sink}}", server.URL)).withSecret(t), events
}

func (s *shopWithOrders) withSecret(t *testing.T) *shopWithOrders {
	t.Helper()
	write(t, filepath.Join(s.dir, "user-of-the-sink"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	return s
}

// redisShop is a shop whose orders are in Redis and go to a webhook.
func redisShop(t *testing.T) (*shopWithOrders, *fakesink.Sink) {
	t.Helper()
	shop, events := hookShop(t)
	shop.onRedis(t, redistest.New(t).Addr())
	return shop, events
}

// pricedCallbacks posts all four and returns the statuses that are not 200.
func (r *running) pricedCallbacks(body string) (odd []string) {
	r.t.Helper()
	for _, c := range []string{"address-update", "country-change", "shipping-option-update", "validation"} {
		status, got := r.post(c, body)
		denied := c == "validation" && status == http.StatusBadRequest && strings.Contains(got, "error_type")
		if status != http.StatusOK && !denied {
			odd = append(odd, fmt.Sprintf("%s: %d %s", c, status, got))
		}
	}
	return odd
}

// TestPricingDoesNotNoticeRedis is I4: priced callbacks answer while Redis hangs, vanishes and is back; pushes are refused or
// taken, as the merchant wants, and I20: the service stays ready.
func TestPricingDoesNotNoticeRedis(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	way, err := faultproxy.Listen(server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := way.Close(); err != nil {
			t.Error(err)
		}
	})
	shop, _ := hookShop(t)
	shop.onRedis(t, way.Addr())
	shop.addMany(t, 3)
	r := start(t, "--config", shop.config)
	if status := r.push("klarna_order_id=" + manyID(0)); status != http.StatusAccepted {
		t.Fatalf("push: %d", status)
	}
	r.await(`"step":"acked"`)
	for _, tt := range []struct {
		name  string
		fault faultproxy.Fault
	}{{"hung", faultproxy.Fault{Hole: true}}, {"refused", faultproxy.Fault{Hole: true, Refuse: true}}} { // new connections; those that are open stay a hole
		name := tt.name
		way.Set(tt.fault)
		if status := r.push("klarna_order_id=" + manyID(1)); status != http.StatusServiceUnavailable {
			t.Errorf("%s: push %d", name, status)
		}
		for range 5 {
			if odd := r.pricedCallbacks(body(t)); len(odd) > 0 {
				t.Errorf("%s: %v", name, odd)
			}
		}
		if status, _ := r.get("/readyz"); status != http.StatusOK {
			t.Errorf("%s: readyz %d", name, status)
		}
		r.eventually("/metrics", `kvitto_orders_store_up{merchant="shop"} 0`)
	}
	if strings.Count(r.logs.String(), `"step":"store_down"`) > 2 {
		t.Errorf("the log is full of it: %s", r.logs)
	}
	way.Set(faultproxy.Fault{})
	// 200 where what was sent into the hole arrived after all, and the loop was faster.
	if status := r.push("klarna_order_id=" + manyID(1)); status != http.StatusAccepted && status != http.StatusOK {
		t.Errorf("push once it is back: %d", status)
	}
	r.await(`"step":"acked"`)
	r.eventually("/metrics", `kvitto_orders_store_up{merchant="shop"} 1`) // with the first write; without one a minute later
}

// TestRedisDown is I4b: without Redis a push is refused, or the order is taken over within it.
func TestRedisDown(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		policy string
		status int
		events int
	}{"refuse": {"refuse", 503, 0}, "inline": {"inline", 200, 1}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := redistest.New(t)
			shop, events := hookShop(t)
			shop.onRedis(t, server.Addr())
			edit(t, shop.config, "    sink:", "    redis_down: "+tt.policy+"\n    sink:")
			shop.add(t, fakeprovider.Completion{NoPush: true})
			r := start(t, "--config", shop.config)
			server.Kill()
			resp, err := http.Post("http://"+r.listen+"/v1/shop/"+shopToken+"/push?klarna_order_id="+confirmedID, "", nil)
			if err != nil {
				t.Fatal(err)
			}
			retry := resp.Header.Get("Retry-After")
			if status, got := read(t, resp); status != tt.status || (status == 503) != (retry != "") {
				t.Errorf("push: %d %s, Retry-After %q; log:\n%s", status, got, retry, r.logs)
			}
			s, _ := shop.provider.Standing(confirmedID)
			if n := len(events.Events()); n != tt.events || s.Acknowledged != (tt.events == 1) {
				t.Errorf("%d events, %+v", n, s)
			}
			if tt.events == 1 {
				r.eventually("/metrics", `step="handed"} 1`) // a repeat, or a revision where the epoch was read before Redis died
			}
		})
	}
}

// TestRollingRestart is row 12 and I13: replicas are stopped one by one while pushes come; a balancer that watches /readyz sees
// no 5xx, every order is taken over once, and no lease is left.
func TestRollingRestart(t *testing.T) {
	t.Parallel()
	const orders = 60
	shop, events := redisShop(t)
	shop.addMany(t, orders)
	replicas := newBalancer(t, start(t, "--config", shop.config, "--drain", "300ms"), start(t, "--config", shop.config, "--drain", "300ms"))
	var pushing sync.WaitGroup
	next := make(chan string)
	for range 4 {
		pushing.Go(func() {
			for id := range next {
				if status := replicas.push(id); status != http.StatusAccepted && status != http.StatusOK {
					t.Errorf("%s: %d", id, status)
				}
			}
		})
	}
	for i := range orders {
		next <- manyID(i)
		if i == orders/3 || i == 2*orders/3 {
			replicas.roll(t, start(t, "--config", shop.config, "--drain", "300ms"))
		}
	}
	close(next)
	pushing.Wait()
	last := replicas.all[len(replicas.all)-1]
	for i := range orders {
		last.eventually("/api/orders/shop/"+manyID(i), `"done":true`)
		if _, shown := last.get("/api/orders/shop/" + manyID(i)); strings.Contains(shown, "worked_on_until") {
			t.Errorf("a lease is left: %s", shown)
		}
	}
	if n := len(events.Deliveries()); n != orders {
		t.Errorf("%d deliveries of %d orders", n, orders)
	}
}

// balancer sends pushes to the replicas that are ready, in turn.
type balancer struct {
	mu   sync.Mutex
	all  []*running
	turn int
}

func newBalancer(_ *testing.T, all ...*running) *balancer { return &balancer{all: all} }

// push sends a push to the next replica that is ready.
func (b *balancer) push(id string) int {
	for {
		b.mu.Lock()
		b.turn++
		r := b.all[b.turn%len(b.all)]
		b.mu.Unlock()
		resp, err := http.Get("http://" + r.admin + "/readyz")
		if err != nil {
			continue // it is gone
		}
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			return r.push("klarna_order_id=" + id)
		}
	}
}

// roll replaces the replica that is longest there. It stays in the list until it has stopped.
func (b *balancer) roll(t *testing.T, next *running) {
	t.Helper()
	b.mu.Lock()
	b.all = append(b.all, next)
	oldest := b.all[0]
	b.mu.Unlock()
	if status := oldest.stop(); status != 0 {
		t.Errorf("exit status %d", status)
	}
	b.mu.Lock()
	b.all = b.all[1:]
	b.mu.Unlock()
}
