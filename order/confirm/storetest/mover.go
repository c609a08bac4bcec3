package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
)

// movers holds the laws of Mover, for a store that is one.
func movers(t *testing.T, s Subject) {
	t.Helper()
	if _, ok := s.Open().(confirm.Mover); !ok {
		t.Skip("this store is no confirm.Mover")
	}
	for _, l := range moves() {
		t.Run(l.name, func(t *testing.T) {
			b := newBench(t, s)
			to := &bench{T: t, Store: s.Open(), ctx: b.ctx, advance: s.Advance}
			l.test(b, to)
		})
	}
}

// move is a law about a store and another one without data.
type move struct {
	name string
	test func(from, to *bench)
}

func (b *bench) mover() confirm.Mover { return b.Store.(confirm.Mover) }

// snapshots dumps the merchant's records by order.
func (b *bench) snapshots() []confirm.Snapshot {
	b.Helper()
	var all []confirm.Snapshot
	b.ok(b.mover().Dump(b.ctx, shop, func(s confirm.Snapshot) error {
		s.Body = slices.Clone(s.Body)
		all = append(all, s)
		return nil
	}))
	slices.SortFunc(all, func(x, y confirm.Snapshot) int { return strings.Compare(x.Order, y.Order) })
	return all
}

func (b *bench) load(all []confirm.Snapshot) {
	b.Helper()
	for _, s := range all {
		b.ok(b.mover().Load(b.ctx, s))
	}
}

// rich makes an order of each kind, with every field set somewhere.
func (b *bench) rich() {
	b.Helper()
	b.mixed()
	k := key("frozen")
	b.put(k, confirm.Stop)
	b.take(k, "x")
	p := body(1)
	p.Work = []confirm.Work{confirm.Capture}
	b.frozen(k, "x", p, p)
	b.ok(b.Finish(b.ctx, k, confirm.Stop, confirm.Did))
	b.ok(b.Fail(b.ctx, k, "x", confirm.Why{Reason: "sink_failed"}, time.Hour))
	b.put(key("leased"))
	b.take(key("leased"), "x")
	b.ok(b.Handed(b.ctx, key("taken"), "s1", confirm.Receipt{Text: "r-1", Reference1: "1", Reference2: "2"}))
}

func moves() []move { return slices.Concat(dumps(), loads(), onward()) }

func dumps() []move {
	return []move{
		{"dump shows every record, done ones included, without leases", func(from, _ *bench) {
			from.rich()
			var ids []string
			for _, s := range from.snapshots() {
				ids = append(ids, s.Order)
				want := from.get(s.Key)
				want.LeaseUntil = time.Time{}
				from.same(s.Record, want)
				if s.Lapses.IsZero() == s.Done() {
					from.Fatalf("%s: done %t, lapses %v", s.Order, s.Done(), s.Lapses)
				}
				if s.Order == "frozen" {
					from.same(s.Body, body(1).Body)
				} else {
					from.same(s.Body, nil)
				}
			}
			from.same(ids, strings.Fields("a0 a1 d0 d1 frozen h0 h1 k0 k1 leased p0 p1 taken"))
		}},
		{"the frozen body is dropped with the acknowledgement", func(from, _ *bench) {
			for _, work := range [][]confirm.Work{nil, {confirm.Capture}} {
				k := key(fmt.Sprintf("o%d", len(work)))
				from.put(k, work...)
				from.take(k, "x")
				from.frozen(k, "x", body(1), body(1))
				from.acked(k)
			}
			for _, s := range from.snapshots() {
				from.same(s.Body, nil)
			}
		}},
		{"dump ends with the error of show", func(from, _ *bench) {
			from.mixed()
			stop, calls := errors.New("stop"), 0
			from.fails(from.mover().Dump(from.ctx, shop, func(confirm.Snapshot) error { calls++; return stop }), stop)
			from.same(calls, 1)
		}},
		{"a dump of a merchant without orders shows nothing", func(from, _ *bench) { from.same(from.snapshots(), nil) }},
	}
}

func loads() []move {
	return []move{
		{"what is loaded is what was dumped", func(from, to *bench) {
			from.rich()
			all := from.snapshots()
			to.load(all)
			to.same(to.snapshots(), all)
			to.same(to.paged(confirm.Page{Limit: 3}), from.paged(confirm.Page{Limit: 3}))
			a, err := from.Stats(from.ctx, shop)
			from.ok(err)
			b, err := to.Stats(to.ctx, shop)
			to.ok(err)
			to.same(b.States, a.States)
			ids, want := to.dueNow(), from.dueNow()
			slices.Sort(ids)
			slices.Sort(want)
			to.same(ids, want)
		}},
		{"loading again changes nothing", func(from, to *bench) {
			from.rich()
			all := from.snapshots()
			to.load(all)
			to.load(all)
			to.same(to.snapshots(), all)
		}},
		{"a record that differs is not overwritten", func(from, to *bench) {
			from.mixed()
			all := from.snapshots()
			for _, s := range all {
				to.put(s.Key, confirm.Stop, confirm.Fraud)
				to.untouched(s.Key, func() { to.fails(to.mover().Load(to.ctx, s), confirm.ErrExists) })
			}
		}},
		{"another frozen body is another record", func(from, to *bench) {
			from.rich()
			all := from.snapshots()
			to.load(all)
			for _, s := range all {
				if s.Order == "frozen" {
					s.Body = []byte("tampered")
					to.fails(to.mover().Load(to.ctx, s), confirm.ErrExists)
				}
			}
		}},
	}
}

func onward() []move {
	return []move{
		{"work goes on where it was, with the same bytes", func(from, to *bench) {
			from.rich()
			to.load(from.snapshots())
			k := key("frozen")
			to.same(to.take(k, "y").Token, int64(2))
			to.frozen(k, "y", body(2), body(1))
			to.ok(to.Release(to.ctx, key("k0")))
			to.take(key("k0"), "y")
			to.take(key("leased"), "y")
		}},
		{"a done record ends its life when it would have", func(from, to *bench) {
			from.mixed()
			all := from.snapshots()
			from.pass(confirm.Life - time.Hour)
			to.load(all)
			to.get(key("d0"))
			to.pass(time.Hour)
			_, err := to.Get(to.ctx, key("d0"))
			to.fails(err, confirm.ErrNotFound)
			for _, s := range all {
				if s.Done() {
					to.ok(to.mover().Load(to.ctx, s))
				}
			}
			_, err = to.Get(to.ctx, key("d0"))
			to.fails(err, confirm.ErrNotFound)
		}},
		{"the epoch comes along", func(from, to *bench) {
			e, err := from.Epoch(from.ctx, shop)
			from.ok(err)
			_, err = to.Epoch(to.ctx, shop)
			to.ok(err)
			to.ok(to.mover().Adopt(to.ctx, shop, e))
			got, err := to.Epoch(to.ctx, shop)
			to.ok(err)
			e.New = false
			to.same(got, e)
		}},
	}
}
