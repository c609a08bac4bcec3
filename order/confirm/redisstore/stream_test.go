package redisstore_test

import (
	"errors"
	"testing"

	"github.com/kvitto/kvitto/internal/redistest"
	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/rules"
)

func TestStreamTakesEachEventOnce(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	s, ctx := at(t, server.Addr()), t.Context()
	e := &rules.Event{ID: "evt_1", Type: rules.OrderConfirmed, Body: []byte("{}")}
	entries := func(want int64) {
		t.Helper()
		if n := server.Must(t, "XLEN", out); n != want {
			t.Fatalf("%v entries, want %d", n, want)
		}
	}

	ok(t, s.Stream(ctx, key("a"), "s1", e)) // makes a record
	entries(1)
	if r := get(t, s, key("a")); r.State != confirm.Handed || r.SHA != "s1" || !r.Known || r.Due.IsZero() {
		t.Fatalf("record %+v", r)
	}
	ok(t, s.Stream(ctx, key("a"), "s1", e))
	entries(1)
	if err := s.Stream(ctx, key("a"), "s2", e); !errors.Is(err, confirm.ErrConflict) {
		t.Fatalf("error %v of another body", err)
	}
	ok(t, s.Acked(ctx, key("a")))
	ok(t, s.Stream(ctx, key("a"), "s1", e))
	entries(1)

	ok(t, s.Acked(ctx, key("lost"))) // the store had lost that it was handed over
	ok(t, s.Stream(ctx, key("lost"), "s1", e))
	entries(1)
	if r := get(t, s, key("lost")); r.SHA != "s1" || !r.Done() {
		t.Fatalf("record %+v", r)
	}
}

func TestStreamOfAParkedOrder(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	s, ctx := at(t, server.Addr()), t.Context()
	enqueue(t, s, key("a"))
	ok(t, s.Park(ctx, key("a"), confirm.Why{Reason: "horizon"}))
	ok(t, s.Stream(ctx, key("a"), "s1", &rules.Event{ID: "evt_1", Type: rules.OrderConfirmed}))
	if r := get(t, s, key("a")); r.State != confirm.Parked || r.Prev != confirm.Handed {
		t.Fatalf("record %+v", r)
	}
	if n := server.Must(t, "XLEN", out); n != int64(1) {
		t.Fatalf("%v entries", n)
	}
}

func TestStreamWorkOnlyWhatIsOpen(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	s, ctx := at(t, server.Addr()), t.Context()
	e := &rules.Event{ID: "evt_2", Type: rules.FraudAccepted, Body: []byte("{}")}
	if err := s.StreamWork(ctx, key("a"), confirm.Fraud, e); !errors.Is(err, confirm.ErrNotFound) {
		t.Fatalf("error %v of an order that is not there", err)
	}
	_, _, err := s.Enqueue(ctx, key("a"), confirm.Nudge{Work: []confirm.Work{confirm.Fraud}})
	ok(t, err)
	ok(t, s.Acked(ctx, key("a")))
	ok(t, s.StreamWork(ctx, key("a"), confirm.Stop, e)) // was never open: closed, and nobody is told
	for range 2 {
		ok(t, s.StreamWork(ctx, key("a"), confirm.Fraud, e))
	}
	entries, err := raw(t, server.Addr()).XRange(ctx, out, "-", "+").Result()
	ok(t, err)
	if len(entries) != 1 || entries[0].Values["type"] != string(rules.FraudAccepted) {
		t.Fatalf("entries %v, want one of the decision", entries)
	}
	if r := get(t, s, key("a")); !r.Done() || len(r.Closed) != 2 {
		t.Fatalf("record %+v", r)
	}
}

func TestStreamThatCannotTakeLeavesTheRecord(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	s := at(t, server.Addr())
	before := enqueue(t, s, key("a"))
	server.Must(t, "SET", out, "no stream")
	isDown(t, s.Stream(t.Context(), key("a"), "s1", &rules.Event{ID: "evt_1"}), "other")
	if r := get(t, s, key("a")); outcome(r) != outcome(before) {
		t.Fatalf("record %+v", r)
	}
}

func TestEpochThatWasMadeWithoutAnAnswerIsNew(t *testing.T) {
	t.Parallel()
	between := proxy(t, redistest.New(t))
	s := at(t, between.Addr())
	if _, err := s.Get(t.Context(), key("a")); !errors.Is(err, confirm.ErrNotFound) {
		t.Fatal(err)
	}
	_, err := s.Epoch(t.Context(), "other") // the script is there, and the connection
	ok(t, err)
	between.Cut(1, 0)
	e, err := s.Epoch(t.Context(), "shop")
	ok(t, err)
	if !e.New || between.WasCut() != 1 {
		t.Fatalf("epoch %+v, %d answers cut", e, between.WasCut())
	}
}
