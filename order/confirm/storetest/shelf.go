package storetest

import (
	"slices"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
)

// finish holds the laws of Finish.
func finish() []law { return append(closing(), undone()...) }

func undone() []law {
	k := key("a")
	return []law{
		{"what was refused is closed, and said so; the first outcome stays", func(b *bench) {
			b.put(k, confirm.Stop, confirm.Capture)
			b.acked(k)
			b.ok(b.Finish(b.ctx, k, confirm.Capture, confirm.Refuse))
			b.ok(b.Finish(b.ctx, k, confirm.Stop, confirm.Did))
			b.untouched(k, func() {
				b.ok(b.Finish(b.ctx, k, confirm.Stop, confirm.Refuse))
				b.ok(b.Finish(b.ctx, k, confirm.Capture, confirm.Did))
			})
			r := b.get(k)
			b.same([][]confirm.Work{r.Closed, r.Refused}, [][]confirm.Work{{confirm.Capture, confirm.Stop}, {confirm.Capture}})
		}},
		{"what was dropped may be opened again, and is no more than not open", func(b *bench) {
			b.put(k, confirm.Stop, confirm.Fraud)
			b.acked(k)
			b.ok(b.Finish(b.ctx, k, confirm.Stop, confirm.Dropped))
			r := b.get(k)
			b.same([]any{r.Open, len(r.Closed), len(r.Refused)}, []any{[]confirm.Work{confirm.Fraud}, 0, 0})
			b.ok(b.Finish(b.ctx, k, confirm.Fraud, confirm.Did))
			b.untouched(k, func() {
				b.ok(b.Finish(b.ctx, k, confirm.Stop, confirm.Dropped))
				b.ok(b.Finish(b.ctx, k, confirm.Fraud, confirm.Dropped))
			})
			b.same(b.put(k, confirm.Stop, confirm.Fraud).Open, []confirm.Work{confirm.Stop})
		}},
	}
}

func closing() []law {
	k := key("a")
	return []law{
		{"closes work; with the last one the record is done", func(b *bench) {
			b.put(k, confirm.Stop, confirm.Capture)
			b.acked(k)
			held := b.take(k, "x")
			b.ok(b.Finish(b.ctx, k, confirm.Stop, confirm.Did))
			want := held
			want.Open, want.Closed = []confirm.Work{confirm.Capture}, []confirm.Work{confirm.Stop}
			b.same(b.get(k), want)
			b.ok(b.Finish(b.ctx, k, confirm.Capture, confirm.Did))
			want.Open, want.Closed = nil, []confirm.Work{confirm.Capture, confirm.Stop}
			want.LeaseUntil, want.Due = time.Time{}, time.Time{}
			b.same(b.get(k), want)
			b.claimFails(k, "x", confirm.ErrDone)
			b.stale(k, "x")
			b.same(b.dueNow(), nil)
		}},
		{"a repetition changes nothing", func(b *bench) {
			b.put(k, confirm.Stop, confirm.Capture)
			b.acked(k)
			b.ok(b.Finish(b.ctx, k, confirm.Stop, confirm.Did))
			b.untouched(k, func() { b.ok(b.Finish(b.ctx, k, confirm.Stop, confirm.Did)) })
		}},
		{"closes what was never open, for good", func(b *bench) {
			b.acked(k)
			b.ok(b.Finish(b.ctx, k, confirm.Fraud, confirm.Did))
			b.same(b.get(k).Closed, []confirm.Work{confirm.Fraud})
			b.same(b.put(k, confirm.Fraud).Open, nil)
		}},
		{"an order that is not acknowledged stays due", func(b *bench) {
			want := b.put(k, confirm.Stop)
			b.ok(b.Finish(b.ctx, k, confirm.Stop, confirm.Did))
			want.Open, want.Closed = nil, []confirm.Work{confirm.Stop}
			b.same(b.get(k), want)
		}},
		{"a parked order stays parked", func(b *bench) {
			b.put(k, confirm.Stop)
			b.acked(k)
			b.ok(b.Park(b.ctx, k, confirm.Why{Reason: "horizon"}))
			b.ok(b.Finish(b.ctx, k, confirm.Stop, confirm.Did))
			r := b.get(k)
			b.same([]any{r.State, r.Prev, len(r.Open)}, []any{confirm.Parked, confirm.Acked, 0})
		}},
		{"of an order that is not there", func(b *bench) { b.fails(b.Finish(b.ctx, k, confirm.Stop, confirm.Did), confirm.ErrNotFound) }},
	}
}

// shelf holds the laws of Park, Release, Forget and Discard.
func shelf() []law { return slices.Concat(parking(), releasing(), forgetting(), discarding()) }

func parking() []law {
	k := key("a")
	return []law{
		{"park sets aside whoever holds the lease, and keeps the state before", func(b *bench) {
			b.put(k)
			b.handed(k, "s1")
			held := b.take(k, "x")
			b.ok(b.Park(b.ctx, k, confirm.Why{Reason: "refused"}))
			want := held
			want.State, want.Prev, want.Reason = confirm.Parked, confirm.Handed, "refused"
			want.Due, want.LeaseUntil = time.Time{}, time.Time{}
			b.same(b.get(k), want)
			b.stale(k, "x")
			b.same(b.dueNow(), nil)
		}},
		{"park again changes nothing", func(b *bench) {
			b.put(k)
			b.ok(b.Park(b.ctx, k, confirm.Why{Reason: "stale"}))
			b.untouched(k, func() { b.ok(b.Park(b.ctx, k, confirm.Why{Reason: "horizon"})) })
		}},
		{"park of a done order", func(b *bench) {
			b.acked(k)
			b.untouched(k, func() { b.fails(b.Park(b.ctx, k, confirm.Why{Reason: "horizon"}), confirm.ErrDone) })
		}},
		{"park of an order that is not there", func(b *bench) { b.fails(b.Park(b.ctx, k, confirm.Why{Reason: "horizon"}), confirm.ErrNotFound) }},
	}
}

func releasing() []law {
	k := key("a")
	return []law{
		{"release restores the state before, due now", func(b *bench) {
			for i, reach := range []func(confirm.Key){
				func(k confirm.Key) { b.put(k) },
				func(k confirm.Key) { b.handed(k, "s1") },
				func(k confirm.Key) { b.put(k, confirm.Capture); b.acked(k) },
			} {
				k := key(string(rune('a' + i)))
				reach(k)
				b.take(k, "x")
				b.ok(b.Fail(b.ctx, k, "x", confirm.Why{Reason: "later"}, time.Hour))
				before := b.get(k)
				b.ok(b.Park(b.ctx, k, confirm.Why{Reason: "horizon"}))
				b.ok(b.Release(b.ctx, k))
				r, want := b.get(k), before
				want.Reason, want.Attempts, want.First, want.Due, want.Releases = "horizon", 0, r.First, r.First, 1
				b.same(r, want)
				b.take(k, "y")
			}
		}},
		{"release counts the age from now", func(b *bench) {
			first := b.put(k)
			b.ok(b.Park(b.ctx, k, confirm.Why{Reason: "horizon"}))
			b.pass(time.Hour)
			b.ok(b.Release(b.ctx, k))
			b.same(b.get(k).First, first.First.Add(time.Hour))
			b.same(b.get(k).Seen, first.First)
			_, age, err := b.Claim(b.ctx, k, "x", lease)
			b.ok(err)
			b.same(age, time.Duration(0))
		}},
		{"release keeps the frozen body", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.frozen(k, "x", body(1), body(1))
			b.ok(b.Park(b.ctx, k, confirm.Why{Reason: "horizon"}))
			b.ok(b.Release(b.ctx, k))
			b.take(k, "y")
			b.frozen(k, "y", body(2), body(1))
		}},
		{"release of an order that has nothing left to do makes it done", func(b *bench) {
			b.put(k)
			b.ok(b.Park(b.ctx, k, confirm.Why{Reason: "refused"}))
			b.acked(k)
			b.ok(b.Release(b.ctx, k))
			r := b.get(k)
			if !r.Done() || !r.Due.IsZero() {
				b.Fatalf("done %t, due %v", r.Done(), r.Due)
			}
			b.same(b.dueNow(), nil)
		}},
		{"release of an order that is not parked changes nothing", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.ok(b.Fail(b.ctx, k, "x", confirm.Why{Reason: "later"}, time.Hour))
			b.untouched(k, func() { b.ok(b.Release(b.ctx, k)) })
			b.fails(b.Release(b.ctx, key("z")), confirm.ErrNotFound)
		}},
	}
}

func discarding() []law {
	k := key("a")
	return []law{
		{"discard drops an order that the provider never showed, parked or not", func(b *bench) {
			b.put(k, confirm.Stop)
			b.ok(b.Discard(b.ctx, k))
			b.put(k)
			b.ok(b.Park(b.ctx, k, confirm.Why{Reason: "by_hand"}))
			b.ok(b.Discard(b.ctx, k))
			b.ok(b.Discard(b.ctx, k))
			_, err := b.Get(b.ctx, k)
			b.fails(err, confirm.ErrNotFound)
			b.same(b.dueNow(), nil)
			b.same(b.listed(confirm.Page{Limit: 1000}), nil)
		}},
		{"discard keeps what the provider has shown", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.ok(b.Fail(b.ctx, k, "x", confirm.Why{Reason: "later", Known: true}, 0))
			b.untouched(k, func() { b.fails(b.Discard(b.ctx, k), confirm.ErrShown) })
			for i, further := range []func(k confirm.Key){func(k confirm.Key) { b.handed(k, "s1") }, b.acked} {
				k := key(string(rune('b' + i)))
				further(k)
				b.untouched(k, func() { b.fails(b.Discard(b.ctx, k), confirm.ErrShown) })
			}
		}},
		{"discard leaves an order to whoever is at it", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.untouched(k, func() { b.fails(b.Discard(b.ctx, k), confirm.ErrBusy) })
			b.pass(lease)
			b.ok(b.Discard(b.ctx, k))
		}},
	}
}

func forgetting() []law {
	k := key("a")
	return []law{
		{"forget drops an order that the provider never showed", func(b *bench) {
			b.put(k, confirm.Stop)
			b.take(k, "x")
			b.ok(b.Forget(b.ctx, k, "x"))
			_, err := b.Get(b.ctx, k)
			b.fails(err, confirm.ErrNotFound)
			b.same(b.dueNow(), nil)
			b.same(b.listed(confirm.Page{Limit: 1000}), nil)
			b.ok(b.Forget(b.ctx, k, "x"))
			r := b.put(k)
			b.same([]any{r.Token, len(r.Open)}, []any{int64(0), 0})
		}},
		{"forget is the holder's", func(b *bench) {
			b.put(k)
			b.untouched(k, func() { b.fails(b.Forget(b.ctx, k, "x"), confirm.ErrStale) })
			b.take(k, "x")
			b.untouched(k, func() { b.fails(b.Forget(b.ctx, k, "y"), confirm.ErrStale) })
		}},
		{"forget keeps what the provider has shown", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.frozen(k, "x", body(1), body(1))
			b.untouched(k, func() { b.fails(b.Forget(b.ctx, k, "x"), confirm.ErrStale) })
		}},
		{"forget keeps what was handed over or acknowledged", func(b *bench) {
			b.put(k, confirm.Stop)
			b.take(k, "x")
			b.handed(k, "s1")
			b.untouched(k, func() { b.fails(b.Forget(b.ctx, k, "x"), confirm.ErrStale) })
			b.acked(k)
			b.untouched(k, func() { b.fails(b.Forget(b.ctx, k, "x"), confirm.ErrStale) })
		}},
	}
}
