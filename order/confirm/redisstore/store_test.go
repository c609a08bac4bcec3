package redisstore_test

import (
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/kvitto/kvitto/internal/redistest"
	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/redisstore"
	"github.com/kvitto/kvitto/order/confirm/storetest"
)

// mini is a kind of store over Redis servers in this process, with one clock that stands still.
type mini struct {
	t   *testing.T
	now time.Time
	all []*miniredis.Miniredis
}

func newMini(t *testing.T) *mini {
	return &mini{t: t, now: time.UnixMilli(1_764_000_000_000)}
}

func (m *mini) open() confirm.Store {
	server := miniredis.RunT(m.t)
	server.ClockTTL(true)
	server.SetTime(m.now)
	m.all = append(m.all, server)
	return at(m.t, server.Addr())
}

func (m *mini) advance(d time.Duration) {
	m.now = m.now.Add(d)
	for _, server := range m.all {
		server.SetTime(m.now)
	}
}

func open(t testing.TB, o redisstore.Options) *redisstore.Store {
	t.Helper()
	s, err := redisstore.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestLaws(t *testing.T) {
	t.Parallel()
	m := newMini(t)
	storetest.Run(t, storetest.Subject{Open: m.open, Advance: m.advance})
}

func TestLawsOnRealServer(t *testing.T) {
	t.Parallel()
	s := redistest.New(t, "--databases", "5000", "--appendonly", "no")
	database := 0
	storetest.Run(t, storetest.Subject{Open: func() confirm.Store {
		database++
		return open(t, redisstore.Options{Addrs: []string{s.Addr()}, Database: database, Patience: 20 * time.Second})
	}})
}

func TestLawsOnCluster(t *testing.T) {
	slow(t)
	c := redistest.NewCluster(t, 3, false, "--appendonly", "no")
	storetest.Run(t, storetest.Subject{Open: func() confirm.Store {
		for _, node := range c.Primaries {
			node.Must(t, "FLUSHALL")
		}
		return only{open(t, redisstore.Options{Addrs: c.Addrs(), Cluster: true, Patience: 20 * time.Second})}
	}})
}

// only hides that a store is a confirm.Mover: two stores without data need two clusters.
type only struct{ confirm.Store }
