package redisstore_test

import (
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/kvitto/kvitto/internal/redistest"
	"github.com/kvitto/kvitto/order/confirm/redisstore"
	"github.com/kvitto/kvitto/rules"
)

const out = "kco:{shop}:out"

// streamed hands n orders over through the stream.
func streamed(t *testing.T, s *redisstore.Store, from, n int) {
	t.Helper()
	for i := range n {
		k := key(string(rune('a' + from + i)))
		ok(t, s.Stream(t.Context(), k, "s1", &rules.Event{ID: "evt_" + k.Order, Type: rules.OrderConfirmed, Body: []byte("{}"), Attempt: 3}))
	}
}

func TestStreamEntry(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	s := at(t, server.Addr())
	streamed(t, s, 0, 1)
	entries, err := raw(t, server.Addr()).XRange(t.Context(), out, "-", "+").Result()
	ok(t, err)
	if len(entries) != 1 {
		t.Fatalf("entries: %v", entries)
	}
	for field, want := range map[string]any{"webhook-id": "evt_a", "type": "order.confirmed", "order_id": "a", "body": "{}", "attempt": "3"} {
		if got := entries[0].Values[field]; got != want {
			t.Errorf("%s: %v, want %v", field, got, want)
		}
	}
	if n := len(entries[0].Values); n != 5 {
		t.Errorf("%d fields: %v", n, entries[0].Values)
	}
}

func TestRow65StreamTrimmed(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	s, c := at(t, server.Addr()), raw(t, server.Addr())
	ctx := t.Context()
	gap := func(want int64, group string) {
		t.Helper()
		g, err := s.StreamGap(ctx, "shop")
		ok(t, err)
		if g.Lost != want || g.Group != group {
			t.Fatalf("gap %+v, want %d of group %q", g, want, group)
		}
	}
	gap(0, "") // no stream yet
	streamed(t, s, 0, 5)
	gap(0, "") // no group: nobody knows
	ok(t, c.XGroupCreate(ctx, out, "erp", "0").Err())
	gap(0, "")
	read := func(n int64) []redis.XMessage {
		t.Helper()
		got, err := c.XReadGroup(ctx, &redis.XReadGroupArgs{Group: "erp", Consumer: "c", Streams: []string{out, ">"}, Count: n}).Result()
		ok(t, err)
		return got[0].Messages
	}
	confirmed := func(all []redis.XMessage) {
		t.Helper()
		for _, m := range all {
			ok(t, c.XAck(ctx, out, "erp", m.ID).Err())
		}
	}
	confirmed(read(2))
	ok(t, c.XTrimMaxLen(ctx, out, 3).Err())
	gap(0, "") // what is done may go
	two := read(2)
	ok(t, c.XTrimMaxLen(ctx, out, 1).Err())
	gap(1, "erp") // read, not confirmed, and gone
	confirmed(two)
	gap(0, "")
	ok(t, c.XTrimMaxLen(ctx, out, 0).Err())
	gap(1, "erp") // never read
	streamed(t, s, 5, 2)
	gap(1, "erp")
	confirmed(read(10))
	gap(0, "") // the group has passed it: the alarm was before

	g, err := s.StreamGap(ctx, "shop")
	ok(t, err)
	if g.Length != 2 || g.Added != 7 {
		t.Fatalf("gap %+v", g)
	}
}

func TestRow65StreamTrimmedBeforeAnyRead(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	s, c := at(t, server.Addr()), raw(t, server.Addr())
	streamed(t, s, 0, 4)
	ok(t, c.XGroupCreate(t.Context(), out, "new", "0").Err())
	ok(t, c.XGroupCreate(t.Context(), out, "late", "$").Err())
	ok(t, c.XTrimMaxLen(t.Context(), out, 1).Err())
	g, err := s.StreamGap(t.Context(), "shop")
	ok(t, err)
	if g.Lost != 3 || g.Group != "new" {
		t.Fatalf("gap %+v, want 3 of the group that had read nothing", g)
	}
}

func TestUnreplicated(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	s := at(t, server.Addr())
	want := func(n int) {
		t.Helper()
		got, err := s.Unreplicated(t.Context(), "shop")
		ok(t, err)
		if got != n {
			t.Fatalf("%d unreplicated, want %d", got, n)
		}
	}
	caughtUp := func() bool {
		n, err := s.Unreplicated(t.Context(), "shop")
		return err == nil && n == 0
	}
	want(0)
	replica := redistest.Replica(t, server)
	server.Await(t, "the replica has caught up", caughtUp)
	replica.MustPause(t)
	want(1)
	replica.MustResume(t)
	server.Await(t, "the replica has caught up again", caughtUp)
	server.Kill()
	_, err := s.Unreplicated(t.Context(), "shop")
	isDown(t, err, "refused", "reset")
}
