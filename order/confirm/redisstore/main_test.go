package redisstore_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"github.com/kvitto/kvitto/internal/faultproxy"
	"github.com/kvitto/kvitto/internal/redistest"
	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/redisstore"
)

// TestMain looks for goroutines that are left. One of a pool whose server was dead sleeps for a second before it sees that
// the pool is closed.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/redis/go-redis/v9/internal/pool.(*ConnPool).tryDial"))
}

const lease = time.Minute

func key(order string) confirm.Key { return confirm.Key{Merchant: "shop", Order: order} }

// at opens a store at a server, with the patience that a busy machine needs.
func at(t testing.TB, addr string) *redisstore.Store {
	t.Helper()
	return open(t, redisstore.Options{Addrs: []string{addr}, Patience: 20 * time.Second})
}

// hasty opens one with the patience of the service, for faults that cost time.
func hasty(t testing.TB, addr string) *redisstore.Store {
	t.Helper()
	return open(t, redisstore.Options{Addrs: []string{addr}})
}

// behind opens a hasty store that reaches a server through a proxy, and a patient one past it.
func behind(t testing.TB, s *redistest.Server) (through, past *redisstore.Store, p *faultproxy.Proxy) {
	t.Helper()
	p = proxy(t, s)
	return hasty(t, p.Addr()), at(t, s.Addr()), p
}

func proxy(t testing.TB, s *redistest.Server) *faultproxy.Proxy {
	t.Helper()
	p, err := faultproxy.Listen(s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("unexpected error: %v", err)
	}
}

func enqueue(t testing.TB, s confirm.Store, k confirm.Key) confirm.Record {
	t.Helper()
	r, _, err := s.Enqueue(t.Context(), k, confirm.Nudge{})
	ok(t, err)
	return r
}

func claim(t testing.TB, s confirm.Store, k confirm.Key, attempt string) confirm.Record {
	t.Helper()
	r, _, err := s.Claim(t.Context(), k, attempt, lease)
	ok(t, err)
	return r
}

func get(t testing.TB, s confirm.Store, k confirm.Key) confirm.Record {
	t.Helper()
	r, err := s.Get(t.Context(), k)
	ok(t, err)
	return r
}

// isDown holds that a store did not answer, for one of some reasons.
func isDown(t testing.TB, err error, classes ...string) {
	t.Helper()
	if !errors.Is(err, confirm.ErrDown) {
		t.Fatalf("error %v, want one that wraps %v", err, confirm.ErrDown)
	}
	got := redisstore.Class(err)
	for _, c := range classes {
		if got == c {
			return
		}
	}
	t.Fatalf("class %q of %v, want one of %q", got, err, classes)
}

// push is what the push does, as an error.
func push(t testing.TB, s confirm.Store, k confirm.Key) error {
	t.Helper()
	_, _, err := s.Enqueue(t.Context(), k, confirm.Nudge{})
	return err
}

// eventually repeats an operation while the store is down.
func eventually(t testing.TB, op func() error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := op()
		if err == nil {
			return
		}
		if !errors.Is(err, confirm.ErrDown) {
			t.Fatalf("error %v, want none or one that wraps %v", err, confirm.ErrDown)
		}
		select {
		case <-ctx.Done():
			t.Fatalf("still down: %v", err)
		case <-tick.C:
		}
	}
}

// raw is a plain client, for what the store does not do.
func raw(t testing.TB, addr string) *redis.Client {
	t.Helper()
	c := redis.NewClient(&redis.Options{Addr: addr, Protocol: 2, DisableIdentity: true})
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// slow marks a test that needs several processes and some seconds.
func slow(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped with -short: several processes, some seconds")
	}
	t.Parallel()
}
