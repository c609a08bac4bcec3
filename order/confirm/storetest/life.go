package storetest

import (
	"time"

	"github.com/kvitto/kvitto/order/confirm"
)

// life holds the laws of how long records are kept.
func life() []law { return append(ending(), lasting()...) }

func ending() []law {
	k := key("a")
	return []law{
		{"a done record lives 14 days", func(b *bench) {
			b.acked(k)
			b.pass(confirm.Life - time.Millisecond)
			b.get(k)
			b.pass(time.Millisecond)
			b.gone(k)
			r := b.put(k)
			b.same([]any{r.State, r.Known}, []any{confirm.Pending, false})
		}},
		{"the life of a done record counts from its last work", func(b *bench) {
			b.put(k, confirm.Stop)
			b.acked(k)
			b.pass(2 * confirm.Life)
			b.get(k)
			b.ok(b.Finish(b.ctx, k, confirm.Stop, confirm.Did))
			b.pass(confirm.Life - time.Millisecond)
			b.get(k)
			b.pass(time.Millisecond)
			b.gone(k)
		}},
		{"what is repeated on a done record does not lengthen its life", func(b *bench) {
			b.acked(k)
			b.pass(confirm.Life / 2)
			b.acked(k)
			b.put(k)
			b.ok(b.Finish(b.ctx, k, confirm.Capture, confirm.Did))
			b.ok(b.Release(b.ctx, k))
			b.pass(confirm.Life / 2)
			b.gone(k)
		}},
	}
}

func lasting() []law {
	k := key("a")
	return []law{
		{"a done record that gets work has no end of life", func(b *bench) {
			b.acked(k)
			b.put(k, confirm.Stop)
			b.pass(2 * confirm.Life)
			b.same(b.get(k).Open, []confirm.Work{confirm.Stop})
			b.same(b.dueNow(), []string{"a"})
		}},
		{"open and parked records have no end of life", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.frozen(k, "x", body(1), body(1))
			b.put(key("b"))
			b.ok(b.Park(b.ctx, key("b"), confirm.Why{Reason: "horizon"}))
			b.pass(10 * confirm.Life)
			b.get(key("b"))
			b.take(k, "y")
		}},
		{"a frozen body lives 49 hours, then the next one is the first", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.frozen(k, "x", body(1), body(1))
			b.pass(confirm.BodyLife - time.Millisecond)
			b.take(k, "y")
			b.frozen(k, "y", body(2), body(1))
			b.pass(time.Millisecond)
			b.prepareFails(k, "x", confirm.ErrStale)
			b.frozen(k, "y", body(2), body(2))
			b.same(b.get(k).SHA, body(2).SHA)
			b.pass(confirm.BodyLife - time.Millisecond)
			b.frozen(k, "x", body(3), body(2))
		}},
		{"a released order that is done lives 14 days", func(b *bench) {
			b.put(k)
			b.ok(b.Park(b.ctx, k, confirm.Why{Reason: "refused"}))
			b.acked(k)
			b.pass(2 * confirm.Life)
			b.ok(b.Release(b.ctx, k))
			b.get(k)
			b.pass(confirm.Life)
			b.gone(k)
		}},
	}
}

// gone holds that an order has no record.
func (b *bench) gone(k confirm.Key) {
	b.Helper()
	_, err := b.Get(b.ctx, k)
	b.fails(err, confirm.ErrNotFound)
	b.claimFails(k, "x", confirm.ErrNotFound)
	b.fails(b.Finish(b.ctx, k, confirm.Stop, confirm.Did), confirm.ErrNotFound)
	b.fails(b.Park(b.ctx, k, confirm.Why{Reason: "late"}), confirm.ErrNotFound)
}
