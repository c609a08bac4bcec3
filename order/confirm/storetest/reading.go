package storetest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
)

// reading holds the laws of Get, List, Stats and Epoch.
func reading() []law { return slices.Concat(looking(), choosing(), counting(), unknowns(), epochs()) }

// listed reads the orders of one page.
func (b *bench) listed(p confirm.Page) []string {
	b.Helper()
	records, err := b.List(b.ctx, shop, p)
	b.ok(err)
	var ids []string
	for _, r := range records {
		b.same(r, b.get(r.Key))
		ids = append(ids, r.Order)
	}
	return ids
}

// paged walks through all pages and sorts what was seen.
func (b *bench) paged(p confirm.Page) []string {
	b.Helper()
	var all []string
	for {
		ids := b.listed(p)
		if len(ids) == 0 {
			break
		}
		if len(ids) > p.Limit {
			b.Fatalf("a page of %d, limit %d", len(ids), p.Limit)
		}
		all = append(all, ids...)
		p.After = ids[len(ids)-1]
		if len(all) > 1000 {
			b.Fatalf("the pages do not end: %v", all[:20])
		}
	}
	slices.Sort(all)
	return all
}

// mixed makes two orders of each kind: the first letter is the state, of ACKED with (a) and without (d) work left.
func (b *bench) mixed() {
	b.Helper()
	for i := range 2 {
		id := func(kind string) confirm.Key { return key(fmt.Sprintf("%s%d", kind, i)) }
		b.put(id("p"))
		b.handed(id("h"), "s1")
		b.put(id("a"), confirm.Fraud)
		b.acked(id("a"))
		b.put(id("k"))
		b.ok(b.Park(b.ctx, id("k"), confirm.Why{Reason: "horizon"}))
		b.put(id("d"))
		b.acked(id("d"))
	}
}

func choosing() []law {
	return []law{
		{"list of a reason, and of what the provider has shown or not", func(b *bench) {
			b.mixed()
			b.put(key("u"))
			b.take(key("u"), "x")
			b.ok(b.Fail(b.ctx, key("u"), "x", confirm.Why{Reason: "unknown_order"}, 0))
			for _, limit := range []int{1, 2, 1000} {
				b.same(b.paged(confirm.Page{Why: "unknown_order", Limit: limit}), []string{"u"})
				b.same(b.paged(confirm.Page{Why: "horizon", State: confirm.Parked, Limit: limit}), strings.Fields("k0 k1"))
				b.same(b.paged(confirm.Page{Shown: confirm.Yes, Limit: limit}), strings.Fields("a0 a1 h0 h1"))
				b.same(b.paged(confirm.Page{Shown: confirm.No, Limit: limit}), strings.Fields("k0 k1 p0 p1 u"))
			}
		}},
	}
}

func looking() []law {
	return []law{
		{"get of an order that is not there", func(b *bench) {
			_, err := b.Get(b.ctx, key("a"))
			b.fails(err, confirm.ErrNotFound)
		}},
		{"list shows what is due or parked, each once, in pages of any size", func(b *bench) {
			b.mixed()
			for _, limit := range []int{1, 2, 3, 8, 1000} {
				b.same(b.paged(confirm.Page{Limit: limit}), strings.Fields("a0 a1 h0 h1 k0 k1 p0 p1"))
			}
		}},
		{"list of a state", func(b *bench) {
			b.mixed()
			for state, want := range map[confirm.State]string{confirm.Pending: "p0 p1", confirm.Handed: "h0 h1",
				confirm.Acked: "a0 a1", confirm.Parked: "k0 k1"} {
				for _, limit := range []int{1, 1000} {
					b.same(b.paged(confirm.Page{State: state, Limit: limit}), strings.Fields(want))
				}
			}
		}},
		{"list and due of an empty merchant", func(b *bench) {
			b.same(b.listed(confirm.Page{Limit: 10}), nil)
			b.same(b.dueNow(), nil)
		}},
		{"list shows leased orders", func(b *bench) {
			b.put(key("a"))
			b.take(key("a"), "x")
			b.same(b.listed(confirm.Page{Limit: 10}), []string{"a"})
		}},
		{"merchants do not see each other", func(b *bench) {
			b.mixed()
			other := confirm.Key{Merchant: "shop2", Order: "p0"}
			b.untouched(key("p0"), func() {
				b.put(other)
				b.take(other, "x")
				b.frozen(other, "x", body(5), body(5))
				b.handed(other, body(5).SHA)
				b.acked(other)
			})
			stats, err := b.Stats(b.ctx, "shop2")
			b.ok(err)
			b.same(total(stats), int64(0))
			_, err = b.Get(b.ctx, confirm.Key{Merchant: "shop2", Order: "p1"})
			b.fails(err, confirm.ErrNotFound)
		}},
		{"ids of every form that the service lets in", func(b *bench) {
			ids := []string{"0", strings.Repeat("Z", 64), "0e1f2a3b-4c5d-6e7f-8091-a2b3c4d5e6f7", "-a", "a-", "A", "a"}
			for _, id := range ids {
				b.put(key(id))
			}
			slices.Sort(ids)
			b.same(b.paged(confirm.Page{Limit: 2}), ids)
		}},
	}
}

func total(s confirm.Stats) (n int64) {
	for _, count := range s.States {
		n += count
	}
	return n
}

func counting() []law {
	return []law{
		{"stats count open orders by state", func(b *bench) {
			b.mixed()
			s, err := b.Stats(b.ctx, shop)
			b.ok(err)
			b.same(s.States, map[confirm.State]int64{confirm.Pending: 2, confirm.Handed: 2, confirm.Acked: 2, confirm.Parked: 2})
		}},
		{"stats of an empty merchant", func(b *bench) {
			s, err := b.Stats(b.ctx, shop)
			b.ok(err)
			b.same([]any{total(s), s.Oldest}, []any{int64(0), time.Duration(0)})
		}},
		{"the oldest order that is not acknowledged, parked ones included", func(b *bench) {
			oldest := func(want time.Duration) {
				b.Helper()
				s, err := b.Stats(b.ctx, shop)
				b.ok(err)
				b.same(s.Oldest, want)
			}
			b.put(key("acked"), confirm.Fraud)
			b.acked(key("acked"))
			b.pass(time.Hour)
			oldest(0)
			b.put(key("parked"))
			b.ok(b.Park(b.ctx, key("parked"), confirm.Why{Reason: "horizon"}))
			b.pass(time.Hour)
			b.put(key("new"))
			b.pass(time.Hour)
			oldest(2 * time.Hour)
			b.acked(key("parked"))
			oldest(time.Hour)
			b.handed(key("new"), "s1")
			oldest(time.Hour)
			b.acked(key("new"))
			oldest(0)
		}},
	}
}

// unknowns holds how made-up ids are counted.
func unknowns() []law {
	look := func(b *bench, k confirm.Key, w confirm.Why) {
		b.Helper()
		b.take(k, "x")
		b.ok(b.Fail(b.ctx, k, "x", w, time.Hour))
	}
	stats := func(b *bench) []any {
		b.Helper()
		s, err := b.Stats(b.ctx, shop)
		b.ok(err)
		return []any{s.Oldest, s.Unknown, s.OldestUnknown}
	}
	nobody := confirm.Why{Reason: "unknown_order"}
	return []law{
		{"an id that the provider does not show is counted apart", func(b *bench) {
			b.put(key("made-up"))
			b.pass(time.Minute)
			b.same(stats(b), []any{time.Minute, int64(0), time.Duration(0)})
			look(b, key("made-up"), nobody)
			b.put(key("real"))
			b.pass(time.Minute)
			b.same(stats(b), []any{time.Minute, int64(1), 2 * time.Minute})
			b.take(key("made-up"), "y")
			b.frozen(key("made-up"), "y", body(1), body(1)) // it lagged behind
			b.same(stats(b), []any{2 * time.Minute, int64(0), time.Duration(0)})
		}},
		{"what could not be asked about, was shown or is vouched for is not counted apart", func(b *bench) {
			_, _, err := b.Enqueue(b.ctx, key("vouched"), confirm.Nudge{Vouched: true})
			b.ok(err)
			b.put(key("shown"))
			b.put(key("unasked"))
			look(b, key("vouched"), nobody)
			look(b, key("shown"), confirm.Why{Reason: "unknown_order", Known: true})
			look(b, key("unasked"), confirm.Why{Reason: "unavailable"})
			b.pass(time.Minute)
			b.same(stats(b), []any{time.Minute, int64(0), time.Duration(0)})
		}},
		{"what is dropped is not counted any more", func(b *bench) {
			b.put(key("a"))
			look(b, key("a"), nobody)
			b.ok(b.Discard(b.ctx, key("a")))
			b.same(stats(b), []any{time.Duration(0), int64(0), time.Duration(0)})
		}},
	}
}

func epochs() []law {
	return []law{
		{"an epoch is made once and stays", func(b *bench) {
			first, err := b.Epoch(b.ctx, shop)
			b.ok(err)
			if !first.New || first.ID == "" || first.Began.IsZero() {
				b.Fatalf("first epoch: %+v", first)
			}
			again, err := b.Epoch(b.ctx, shop)
			b.ok(err)
			first.New = false
			b.same(again, first)
		}},
		{"an epoch is no sign of orders", func(b *bench) {
			_, err := b.Epoch(b.ctx, shop)
			b.ok(err)
			b.same(b.listed(confirm.Page{Limit: 10}), nil)
			b.same(b.dueNow(), nil)
		}},
		{"epochs of two stores or merchants differ", func(b *bench) {
			a, err := b.Epoch(b.ctx, shop)
			b.ok(err)
			c, err := b.Epoch(b.ctx, "other")
			b.ok(err)
			if a.ID == c.ID {
				b.Fatalf("both are %q", a.ID)
			}
		}},
	}
}
