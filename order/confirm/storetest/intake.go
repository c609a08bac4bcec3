package storetest

import (
	"fmt"
	"slices"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
)

// intake holds the laws of Enqueue.
func intake() []law { return slices.Concat(making(), adding(), hurrying()) }

func making() []law {
	k := key("a")
	return []law{
		{"makes a record that is due now", func(b *bench) {
			r := b.put(k)
			b.same(r, confirm.Record{Key: k, State: confirm.Pending, Seen: r.First, First: r.First, Due: r.First})
			if r.First.IsZero() || r.First != r.First.Truncate(time.Millisecond) {
				b.Fatalf("First %v, want whole milliseconds of the store's clock", r.First)
			}
			b.same(b.get(k), r)
			b.same(b.dueNow(), []string{"a"})
		}},
		{"says which call made the record", func(b *bench) {
			for _, want := range []bool{true, false} {
				_, made, err := b.Enqueue(b.ctx, k, confirm.Nudge{})
				b.ok(err)
				b.same(made, want)
			}
			b.acked(k)
			_, made, err := b.Enqueue(b.ctx, k, confirm.Nudge{Work: []confirm.Work{confirm.Stop}})
			b.ok(err)
			b.same(made, false)
		}},
		{"vouched for stays vouched for", func(b *bench) {
			for i, first := range []bool{true, false} {
				k := key(string(rune('a' + i)))
				for _, vouched := range []bool{first, !first, false} {
					_, _, err := b.Enqueue(b.ctx, k, confirm.Nudge{Vouched: vouched})
					b.ok(err)
				}
				b.same(b.get(k).Vouched, true)
			}
		}},
		{"a new record gets the work in the order of AllWork, each once", func(b *bench) {
			b.same(b.put(k, confirm.Stop, confirm.Capture, confirm.Stop).Open, []confirm.Work{confirm.Capture, confirm.Stop})
		}},
		{"a repetition changes nothing", func(b *bench) {
			b.put(k, confirm.Stop)
			b.untouched(k, func() { b.put(k, confirm.Stop) })
			b.take(k, "x")
			b.untouched(k, func() { b.put(k, confirm.Stop) })
		}},
		{"returns the record as it is now", func(b *bench) {
			b.put(k)
			b.handed(k, "s1")
			b.same(b.put(k, confirm.Fraud), b.get(k))
		}},
		{"adds work to a record that waits, which stays due when it was", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.ok(b.Fail(b.ctx, k, "x", confirm.Why{Reason: "later"}, time.Hour))
			before := b.get(k)
			after := b.put(k, confirm.Stop)
			b.same(after.Open, []confirm.Work{confirm.Stop})
			b.same(after.Due, before.Due)
		}},
	}
}

func adding() []law {
	k := key("a")
	return []law{
		{"does not open again what was closed", func(b *bench) {
			b.acked(k)
			b.put(k, confirm.Stop, confirm.Fraud)
			b.ok(b.Finish(b.ctx, k, confirm.Stop, confirm.Did))
			r := b.put(k, confirm.Stop)
			b.same(r.Open, []confirm.Work{confirm.Fraud})
			b.same(r.Closed, []confirm.Work{confirm.Stop})
		}},
		{"a done record that gets work begins anew", func(b *bench) {
			first := b.put(k)
			b.take(k, "x")
			b.ok(b.Fail(b.ctx, k, "x", confirm.Why{Reason: "later"}, 0))
			b.acked(k)
			b.pass(time.Hour)
			r := b.put(k, confirm.Stop)
			now := first.First.Add(time.Hour)
			b.same([]time.Time{r.First, r.Due, r.AckedAt}, []time.Time{now, now, first.First})
			b.same(r.Attempts, int64(0))
			b.same(b.dueNow(), []string{"a"})
		}},
		{"a done record that gets nothing new stays done", func(b *bench) {
			b.acked(k)
			b.ok(b.Finish(b.ctx, k, confirm.Stop, confirm.Did))
			b.untouched(k, func() {
				for _, n := range []confirm.Nudge{{}, {Hurry: true}, {Work: []confirm.Work{confirm.Stop}, Hurry: true}} {
					_, _, err := b.Enqueue(b.ctx, k, n)
					b.ok(err)
				}
			})
			b.same(b.dueNow(), nil)
		}},
		{"a parked order stays parked, and gets the work", func(b *bench) {
			b.put(k)
			b.ok(b.Park(b.ctx, k, confirm.Why{Reason: "stale"}))
			r, _, err := b.Enqueue(b.ctx, k, confirm.Nudge{Work: []confirm.Work{confirm.Stop}, Hurry: true})
			b.ok(err)
			b.same(r.State, confirm.Parked)
			b.same(r.Open, []confirm.Work{confirm.Stop})
			b.same(b.dueNow(), nil)
		}},
	}
}

func hurrying() []law {
	k := key("a")
	return []law{
		{"hurry makes a record that waits due at once", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.ok(b.Fail(b.ctx, k, "x", confirm.Why{Reason: "later"}, time.Hour))
			b.same(b.dueNow(), nil)
			_, _, err := b.Enqueue(b.ctx, k, confirm.Nudge{Hurry: true})
			b.ok(err)
			b.same(b.dueNow(), []string{"a"})
		}},
		{"hurry keeps the place of what is due already", func(b *bench) {
			first := b.put(k)
			b.pass(time.Hour)
			r, _, err := b.Enqueue(b.ctx, k, confirm.Nudge{Hurry: true})
			b.ok(err)
			b.same(r.Due, first.Due)
		}},
		{"hurry leaves a leased order to its holder", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.untouched(k, func() {
				_, _, err := b.Enqueue(b.ctx, k, confirm.Nudge{Hurry: true})
				b.ok(err)
			})
			b.same(b.dueNow(), nil)
		}},
	}
}

// due holds the laws of Due.
func due() []law { return append(ordered(), apart()...) }

func apart() []law {
	return []law{
		{"trusted orders apart, however many others are due before", func(b *bench) {
			for i := range 5 {
				b.put(key(fmt.Sprintf("o%d", i)))
			}
			b.pass(time.Second)
			_, _, err := b.Enqueue(b.ctx, key("vouched"), confirm.Nudge{Vouched: true})
			b.ok(err)
			b.pass(time.Second)
			b.put(key("handed"))
			b.handed(key("handed"), "s1")
			b.pass(time.Second)
			b.put(key("shown"))
			b.take(key("shown"), "x")
			b.ok(b.Fail(b.ctx, key("shown"), "x", confirm.Why{Reason: "later", Known: true}, 0))
			b.pass(time.Second)
			_, _, err = b.Enqueue(b.ctx, key("o0"), confirm.Nudge{Vouched: true}) // it keeps its place in time
			b.ok(err)
			d, err := b.Due(b.ctx, shop, 4)
			b.ok(err)
			b.same(d.Trusted, []string{"o0", "vouched", "handed", "shown"})
			b.same(len(d.Others), 4)
		}},
	}
}

func ordered() []law {
	return []law{
		{"the longest due first", func(b *bench) {
			want := []string{"c", "a", "d", "b"}
			for _, id := range want {
				b.put(key(id))
				b.pass(time.Second)
			}
			b.same(b.dueNow(), want)
		}},
		{"at most limit, the longest due", func(b *bench) {
			for i := range 5 {
				b.put(key(fmt.Sprintf("o%d", 9-i)))
				b.pass(time.Millisecond)
			}
			d, err := b.Due(b.ctx, shop, 2)
			b.ok(err)
			b.same(d, confirm.Due{Others: []string{"o9", "o8"}})
		}},
		{"each once, however often it came", func(b *bench) {
			for range 3 {
				b.put(key("a"))
				b.put(key("b"))
			}
			ids := b.dueNow()
			slices.Sort(ids)
			b.same(ids, []string{"a", "b"})
		}},
		{"what becomes due at this millisecond is due", func(b *bench) {
			k := key("a")
			b.put(k)
			b.take(k, "x")
			b.ok(b.Fail(b.ctx, k, "x", confirm.Why{Reason: "later"}, time.Second))
			b.pass(999 * time.Millisecond)
			b.same(b.dueNow(), nil)
			b.pass(time.Millisecond)
			b.same(b.dueNow(), []string{"a"})
		}},
		{"nothing for a merchant without orders, or of another merchant", func(b *bench) {
			b.put(confirm.Key{Merchant: "other", Order: "a"})
			b.same(b.dueNow(), nil)
		}},
	}
}
