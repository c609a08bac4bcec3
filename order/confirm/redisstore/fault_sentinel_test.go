package redisstore_test

import (
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/internal/faultproxy"
	"github.com/kvitto/kvitto/internal/redistest"
	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/redisstore"
)

// watched is a primary with replicas under three Sentinels, and a store that asks these.
type watched struct {
	primary   *redistest.Server
	replicas  []*redistest.Server
	sentinels *redistest.Sentinels
	store     *redisstore.Store
}

func watch(t *testing.T, replicas int, settings ...string) *watched {
	t.Helper()
	w := &watched{primary: redistest.New(t, settings...)}
	for range replicas {
		w.replicas = append(w.replicas, redistest.Replica(t, w.primary, settings...))
	}
	w.sentinels = redistest.NewSentinels(t, 3, w.primary, replicas)
	w.store = open(t, redisstore.Options{Addrs: w.sentinels.Addrs(), Sentinel: redistest.Primary, PoolSize: 20, Patience: time.Second})
	eventually(t, func() error { return push(t, w.store, key("first")) })
	return w
}

// everywhere waits until the replicas have what the primary has.
func (w *watched) everywhere(t *testing.T) {
	t.Helper()
	w.primary.Await(t, "the replicas have it all", func() bool {
		n, err := w.store.Unreplicated(t.Context(), "shop")
		return err == nil && n == 0
	})
}

func TestRow38PrimaryDead(t *testing.T) {
	slow(t)
	w := watch(t, 1)
	first := claim(t, w.store, key("first"), "x")
	w.everywhere(t)
	w.primary.Kill()
	isDown(t, push(t, w.store, key("a")), "refused", "reset", "timeout")
	eventually(t, func() error { return push(t, w.store, key("a")) })
	if again := claim(t, w.store, key("first"), "x"); again.Token != first.Token {
		t.Fatalf("token %d, had %d", again.Token, first.Token)
	}
}

func TestRow39PrimaryHung(t *testing.T) {
	slow(t)
	w := watch(t, 2, "--min-replicas-to-write", "1", "--min-replicas-max-lag", "2")
	w.everywhere(t)
	start := clock(t, w.replicas[0])
	w.primary.MustPause(t)
	isDown(t, push(t, w.store, key("a")), "timeout", "noreplicas", "readonly", "reset")
	eventually(t, func() error { return push(t, w.store, key("a")) })
	w.replicas[0].Await(t, "the pause is longer than the lag", func() bool {
		return clock(t, w.replicas[0]).Sub(start) > 4*time.Second
	})
	old := at(t, w.primary.Addr()) // a worker that has not heard of the failover
	w.primary.MustResume(t)
	for range 100 {
		if err := push(t, old, key("a worker of the past")); redisstore.Class(err) != "readonly" {
			isDown(t, err, "noreplicas")
		}
	}
	if r := get(t, w.store, key("a")); r.State != confirm.Pending {
		t.Fatalf("record %+v", r)
	}
}

// clock is a server's own.
func clock(t *testing.T, s *redistest.Server) time.Time {
	t.Helper()
	now, err := raw(t, s.Addr()).Time(t.Context()).Result()
	ok(t, err)
	return now
}

func TestRow40AckedWriteLost(t *testing.T) {
	slow(t)
	primary := redistest.New(t)
	between := proxy(t, primary)
	_, port, err := net.SplitHostPort(between.Addr())
	ok(t, err)
	replica := redistest.New(t, "--replicaof", "127.0.0.1 "+port)
	replica.AwaitInfo(t, "replication", "master_link_status:up")
	w := &watched{primary: primary, replicas: []*redistest.Server{replica}, sentinels: redistest.NewSentinels(t, 3, primary, 1)}
	w.store = open(t, redisstore.Options{Addrs: w.sentinels.Addrs(), Sentinel: redistest.Primary, Patience: time.Second})
	w.everywhere(t)
	between.Set(faultproxy.Fault{Hole: true}) // replication is cut
	eventually(t, func() error { return push(t, w.store, key("a")) })
	claim(t, w.store, key("a"), "x")
	if n, err := w.store.Unreplicated(t.Context(), "shop"); err != nil || n != 1 {
		t.Fatalf("%d unreplicated, %v; want 1", n, err)
	}
	w.primary.Kill()
	eventually(t, func() error { return push(t, w.store, key("a")) }) // the next push
	if r := claim(t, w.store, key("a"), "y"); r.Token != 1 {          // claimed twice: two attempts with one number
		t.Fatalf("token %d: the claim was not lost", r.Token)
	}
	ok(t, w.store.Handed(t.Context(), key("a"), "s1", confirm.Receipt{}))
	ok(t, w.store.Handed(t.Context(), key("a"), "s1", confirm.Receipt{})) // both report the same fact
	ok(t, w.store.Acked(t.Context(), key("a")))
}

func TestRow41AllSentinelsDead(t *testing.T) {
	slow(t)
	w := watch(t, 1)
	w.primary.Await(t, "all connections are made", func() bool {
		return strings.Count(w.primary.Must(t, "CLIENT", "LIST", "TYPE", "NORMAL").(string), "\n") > 20
	})
	for _, s := range w.sentinels.All {
		s.Kill()
	}
	for _, op := range operations() {
		ok(t, op.run(t.Context(), w.store, key("a")))
	}
	errs := make(chan error)
	for i := range 40 {
		go func() {
			_, _, err := w.store.Enqueue(t.Context(), key(strconv.Itoa(i)), confirm.Nudge{})
			errs <- err
		}()
	}
	for range 40 {
		ok(t, <-errs)
	}
}

func TestRow42TwoSentinelsAndPrimaryDead(t *testing.T) {
	slow(t)
	w := watch(t, 1)
	w.everywhere(t)
	for _, s := range w.sentinels.All[:2] {
		s.Kill()
	}
	w.primary.Kill()
	left := w.sentinels.All[2]
	left.Await(t, "it holds the primary to be down", func() bool {
		isDown(t, push(t, w.store, key("a")), "refused", "reset", "timeout", "sentinel", "network")
		flags := raw(t, left.Addr()).Do(t.Context(), "SENTINEL", "MASTER", redistest.Primary).Val()
		list, _ := flags.([]any)
		for _, v := range list {
			if v == "s_down,master,disconnected" || v == "s_down,master" {
				return true
			}
		}
		return false
	})
	isDown(t, push(t, w.store, key("a")), "refused", "reset", "timeout", "sentinel", "network") // nobody can decide
	w.primary.MustRestart(t)                                                                    // a person does
	eventually(t, func() error { return push(t, w.store, key("a")) })
}
