package storetest

import (
	"context"
	"slices"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
)

// leases holds the laws of Claim, Renew, Fail and Yield.
func leases() []law {
	return slices.Concat(claims(), claimable(), endings(), holding())
}

func claims() []law {
	k := key("a")
	return []law{
		{"claim takes the lease", func(b *bench) {
			first := b.put(k)
			r, age, err := b.Claim(b.ctx, k, "x", lease)
			b.ok(err)
			if age < 0 || age > lease {
				b.Fatalf("age %v of an order that was just made", age)
			}
			want := first
			want.Token, want.LeaseUntil, want.Due = 1, r.LeaseUntil, r.LeaseUntil
			b.same(r, want)
			b.same(b.get(k), r)
			b.same(b.dueNow(), nil)
		}},
		{"the lease and the age are by the store's clock", func(b *bench) {
			first := b.put(k)
			b.pass(time.Hour)
			r, age, err := b.Claim(b.ctx, k, "x", lease)
			b.ok(err)
			b.same(age, time.Hour)
			b.same(r.LeaseUntil, first.First.Add(time.Hour+lease))
		}},
		{"an order may be claimed before it is due", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.ok(b.Fail(b.ctx, k, "x", confirm.Why{Reason: "later"}, time.Hour))
			b.same(b.take(k, "y").Token, int64(2))
		}},
		{"the same attempt asking again gets the same answer", func(b *bench) {
			b.put(k)
			r := b.take(k, "x")
			again, _, err := b.Claim(b.ctx, k, "x", 2*lease)
			b.ok(err)
			b.same(again, r)
			b.same(b.get(k), r)
		}},
		{"another attempt is told that it is busy", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.untouched(k, func() { b.claimFails(k, "y", confirm.ErrBusy) })
		}},
		{"a lease that ends makes the order due, and another may claim", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.pass(lease - time.Millisecond)
			b.claimFails(k, "y", confirm.ErrBusy)
			b.same(b.dueNow(), nil)
			b.pass(time.Millisecond)
			b.same(b.dueNow(), []string{"a"})
			b.same(b.take(k, "y").Token, int64(2))
			b.claimFails(k, "x", confirm.ErrBusy)
		}},
	}
}

func claimable() []law {
	k := key("a")
	return []law{
		{"a short lease ends on a clock that runs", func(b *bench) {
			b.put(k)
			_, _, err := b.Claim(b.ctx, k, "x", 20*time.Millisecond)
			b.ok(err)
			b.eventually(20*time.Millisecond, func() bool {
				_, _, err := b.Claim(b.ctx, k, "y", lease)
				return err == nil
			})
			b.same(b.get(k).Token, int64(2))
		}},
		{"the same attempt after the end of its lease makes a new claim", func(b *bench) {
			b.put(k)
			old := b.take(k, "x")
			b.pass(lease)
			r := b.take(k, "x")
			b.same(r.Token, int64(2))
			b.same(r.LeaseUntil, old.LeaseUntil.Add(lease))
		}},
		{"claim of an order that nobody enqueued", func(b *bench) { b.claimFails(k, "x", confirm.ErrNotFound) }},
		{"claim of a parked order", func(b *bench) {
			b.put(k)
			b.ok(b.Park(b.ctx, k, confirm.Why{Reason: "stale"}))
			b.untouched(k, func() { b.claimFails(k, "x", confirm.ErrParked) })
		}},
		{"claim of a done order", func(b *bench) {
			b.acked(k)
			b.untouched(k, func() { b.claimFails(k, "x", confirm.ErrDone) })
		}},
		{"claim of an acknowledged order with work left", func(b *bench) {
			b.acked(k)
			b.put(k, confirm.Fraud)
			b.same(b.take(k, "x").State, confirm.Acked)
		}},
	}
}

func endings() []law {
	k := key("a")
	return []law{
		{"renew extends the lease from now", func(b *bench) {
			b.put(k)
			old := b.take(k, "x")
			b.pass(lease / 2)
			b.ok(b.Renew(b.ctx, k, "x", lease))
			r := b.get(k)
			b.same([]time.Time{r.LeaseUntil, r.Due}, []time.Time{old.LeaseUntil.Add(lease / 2), old.LeaseUntil.Add(lease / 2)})
			b.same(r.Token, old.Token)
			b.pass(lease / 2)
			b.claimFails(k, "y", confirm.ErrBusy)
		}},
		{"a lease that has run out is still its attempt's until another claims", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.pass(2 * lease)
			b.ok(b.Renew(b.ctx, k, "x", lease))
			b.claimFails(k, "y", confirm.ErrBusy)
			b.pass(2 * lease)
			b.take(k, "y")
			b.untouched(k, func() { b.stale(k, "x") })
		}},
		{"fail counts the attempt and makes the order due after the delay", func(b *bench) {
			b.put(k)
			held := b.take(k, "x")
			b.ok(b.Fail(b.ctx, k, "x", confirm.Why{Reason: "sink_failed"}, 30*time.Second))
			r, want := b.get(k), held
			want.LeaseUntil, want.Due, want.Attempts, want.Reason = time.Time{}, r.Due, 1, "sink_failed"
			b.same(r, want)
			b.pass(0)
			b.same(r.Due, held.First.Add(30*time.Second))
		}},
		{"fail without a delay makes the order due now", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.ok(b.Fail(b.ctx, k, "x", confirm.Why{Reason: "later"}, 0))
			b.same(b.dueNow(), []string{"a"})
		}},
	}
}

func holding() []law {
	k := key("a")
	return []law{
		{"yield makes the order due now and counts nothing", func(b *bench) {
			b.put(k)
			held := b.take(k, "x")
			b.ok(b.Yield(b.ctx, k, "x"))
			r, want := b.get(k), held
			want.LeaseUntil, want.Due = time.Time{}, r.Due
			b.same(r, want)
			b.same(b.dueNow(), []string{"a"})
			b.same(b.take(k, "y").Token, int64(2))
		}},
		{"ending a lease twice changes nothing", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.ok(b.Fail(b.ctx, k, "x", confirm.Why{Reason: "later"}, time.Hour))
			b.untouched(k, func() { b.stale(k, "x") })
			b.take(k, "y")
			b.ok(b.Yield(b.ctx, k, "y"))
			b.untouched(k, func() { b.stale(k, "y") })
		}},
		{"only the holder renews and ends", func(b *bench) {
			b.put(k)
			b.untouched(k, func() { b.stale(k, "x") })
			b.take(k, "x")
			b.untouched(k, func() { b.stale(k, "y") })
		}},
		{"an attempt whose id begins like the holder's is not the holder", func(b *bench) {
			b.put(k)
			b.take(k, "xy")
			b.untouched(k, func() { b.stale(k, "x"); b.stale(k, "xyz"); b.stale(k, "") })
		}},
		{"leases of orders that are not there", func(b *bench) {
			b.fails(b.Renew(b.ctx, k, "x", lease), confirm.ErrNotFound)
			b.fails(b.Fail(b.ctx, k, "x", confirm.Why{Reason: "later"}, 0), confirm.ErrNotFound)
			b.fails(b.Yield(b.ctx, k, "x"), confirm.ErrNotFound)
			b.same(b.dueNow(), nil)
		}},
		{"a cancelled call is no answer of the store", func(b *bench) {
			b.put(k)
			ctx, cancel := context.WithCancel(b.ctx)
			cancel()
			_, _, err := b.Claim(ctx, k, "x", lease)
			b.fails(err, confirm.ErrDown)
			b.same(b.take(k, "x").Token, int64(1)) // the first may have happened
		}},
	}
}

func (b *bench) claimFails(k confirm.Key, attempt string, want error) {
	b.Helper()
	_, _, err := b.Claim(b.ctx, k, attempt, lease)
	b.fails(err, want)
}

// stale holds that an attempt has no lease.
func (b *bench) stale(k confirm.Key, attempt string) {
	b.Helper()
	b.fails(b.Renew(b.ctx, k, attempt, lease), confirm.ErrStale)
	b.fails(b.Fail(b.ctx, k, attempt, confirm.Why{Reason: "late"}, time.Second), confirm.ErrStale)
	b.fails(b.Yield(b.ctx, k, attempt), confirm.ErrStale)
}

// eventually waits for a condition of a clock that runs, or lets d pass on one that can be moved.
func (b *bench) eventually(d time.Duration, done func() bool) {
	b.Helper()
	if b.advance != nil {
		b.advance(d)
	}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for range 2000 {
		if done() {
			return
		}
		<-tick.C
	}
	b.Fatal("it did not happen")
}
