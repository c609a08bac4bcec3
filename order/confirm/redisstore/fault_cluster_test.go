package redisstore_test

import (
	"errors"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/kvitto/kvitto/internal/redistest"
	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/redisstore"
)

// sharded is a cluster with a store, and a merchant on each primary.
type sharded struct {
	*redistest.Cluster
	store     *redisstore.Store
	merchants []confirm.Key
}

func shard(t *testing.T, replicas bool) *sharded {
	t.Helper()
	c := redistest.NewCluster(t, 3, replicas, "--cluster-require-full-coverage", "no")
	s := &sharded{Cluster: c, merchants: make([]confirm.Key, len(c.Primaries))}
	s.store = open(t, redisstore.Options{Addrs: c.Addrs(), Cluster: true, Patience: time.Second})
	for found, i := 0, 0; found < len(s.merchants); i++ {
		m := fmt.Sprintf("shop%d", i)
		if owner := c.Owner(t, "{"+m+"}"); s.merchants[owner].Merchant == "" {
			s.merchants[owner] = confirm.Key{Merchant: m, Order: "a"}
			found++
		}
	}
	for _, k := range s.merchants {
		eventually(t, func() error { return push(t, s.store, k) })
	}
	return s
}

func TestRow43SlotOwnerDead(t *testing.T) {
	slow(t)
	c := shard(t, true)
	mine, other := c.merchants[0], c.merchants[1]
	first := claim(t, c.store, mine, "x")
	c.Primaries[0].Await(t, "the replica has it all", func() bool {
		n, err := c.store.Unreplicated(t.Context(), mine.Merchant)
		return err == nil && n == 0
	})
	c.Primaries[0].Kill()
	isDown(t, push(t, c.store, confirm.Key{Merchant: mine.Merchant, Order: "b"}), "refused", "reset", "timeout", "clusterdown", "moved")
	eventually(t, func() error {
		ok(t, push(t, c.store, other)) // one merchant's server is no other's business
		_, err := c.store.Get(t.Context(), mine)
		return err
	})
	var again confirm.Record
	eventually(t, func() (err error) {
		again, _, err = c.store.Claim(t.Context(), mine, "x", lease)
		return err
	})
	if again.Token != first.Token {
		t.Fatalf("token %d, had %d", again.Token, first.Token)
	}
}

func TestRow44MajorityDead(t *testing.T) {
	slow(t)
	c := shard(t, false)
	c.Primaries[0].Kill()
	c.Primaries[1].Kill()
	left := c.Primaries[2]
	left.Await(t, "the cluster is down", func() bool { return !left.StateOK(t.Context()) })
	isDown(t, push(t, c.store, c.merchants[2]), "clusterdown")
	c.Primaries[0].MustRestart(t)
	c.Primaries[1].MustRestart(t)
	for _, k := range c.merchants {
		eventually(t, func() error { return push(t, c.store, k) })
	}
}

func TestRow45SlotMigrating(t *testing.T) {
	slow(t)
	c := shard(t, false)
	k := c.merchants[0]
	from, to := c.Primaries[0], c.Primaries[1]
	slot := from.Must(t, "CLUSTER", "KEYSLOT", "{"+k.Merchant+"}")
	fromID, toID := from.Must(t, "CLUSTER", "MYID"), to.Must(t, "CLUSTER", "MYID")
	claim(t, c.store, k, "x")
	to.Must(t, "CLUSTER", "SETSLOT", slot, "IMPORTING", fromID)
	from.Must(t, "CLUSTER", "SETSLOT", slot, "MIGRATING", toID)

	keys := from.Must(t, "CLUSTER", "GETKEYSINSLOT", slot, 100).([]any)
	if len(keys) < 3 {
		t.Fatalf("keys of the merchant: %v", keys)
	}
	move := func(some []any) {
		t.Helper()
		from.Must(t, append([]any{"MIGRATE", "127.0.0.1", strconv.Itoa(to.Port()), "", 0, 5000, "KEYS"}, some...)...)
	}
	move(keys[:1]) // some keys here, some there: nobody can run the script
	_, err := c.store.Get(t.Context(), k)
	isDown(t, err, "moved")
	move(keys[1:])
	for _, node := range []*redistest.Server{to, from, c.Primaries[2]} {
		node.Must(t, "CLUSTER", "SETSLOT", slot, "NODE", toID)
	}
	var r confirm.Record
	eventually(t, func() (err error) {
		r, _, err = c.store.Claim(t.Context(), k, "x", lease)
		return err
	})
	if r.Token != 1 {
		t.Fatalf("token %d after the move", r.Token)
	}
	if _, _, err := c.store.Claim(t.Context(), k, "y", lease); !errors.Is(err, confirm.ErrBusy) {
		t.Fatalf("error %v: the lease was lost on the way", err)
	}
}

func TestKeysOfAMerchantLieInOneSlot(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	s := at(t, server.Addr())
	for _, op := range operations() {
		ok(t, op.run(t.Context(), s, key("a")))
	}
	_, err := s.Epoch(t.Context(), "shop")
	ok(t, err)
	enqueue(t, s, key("b"))
	claim(t, s, key("b"), "x")
	_, err = s.Prepare(t.Context(), key("b"), "x", confirm.Prepared{SHA: "s", Body: []byte("b")})
	ok(t, err)
	want := server.Must(t, "EVAL", "return redis.sha1hex('')", "0") // scripts run
	if want == "" {
		t.Fatal("no scripts")
	}
	for _, k := range server.Must(t, "KEYS", "*").([]any) {
		if text := k.(string); len(text) < 10 || text[:10] != "kco:{shop}" {
			t.Errorf("key %q", text)
		}
	}
}
