package storetest

import (
	"slices"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
)

// prepare holds the laws of Prepare.
func prepare() []law { return append(freezing(), frozenLate()...) }

func freezing() []law {
	k := key("a")
	return []law{
		{"freezes the body", func(b *bench) {
			b.put(k)
			held := b.take(k, "x")
			p := body(1)
			p.Work, p.Revision = []confirm.Work{confirm.Fraud, confirm.Capture}, 2
			b.frozen(k, "x", p, p)
			want := held
			want.Known, want.SHA, want.Revision, want.Open = true, p.SHA, 2, []confirm.Work{confirm.Capture, confirm.Fraud}
			b.same(b.get(k), want)
		}},
		{"the first one wins, byte for byte", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.frozen(k, "x", body(1), body(1))
			b.untouched(k, func() { b.frozen(k, "x", body(2), body(1)) })
			b.ok(b.Fail(b.ctx, k, "x", confirm.Why{Reason: "later"}, 0))
			b.take(k, "y")
			p := body(3)
			p.Revision, p.Work = 2, confirm.AllWork()
			b.untouched(k, func() { b.frozen(k, "y", p, body(1)) })
		}},
		{"an empty body is a body", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			p := confirm.Prepared{SHA: "e", Revision: 1}
			b.frozen(k, "x", p, p)
			b.untouched(k, func() { b.frozen(k, "x", body(1), p) })
		}},
		{"a large body survives", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			p := body(1)
			for len(p.Body) < 1<<20 {
				p.Body = append(p.Body, p.Body...)
			}
			b.frozen(k, "x", p, p)
			b.frozen(k, "x", body(2), p)
		}},
	}
}

func frozenLate() []law {
	k := key("a")
	return []law{
		{"whoever asks gets the body that was frozen", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.frozen(k, "x", body(1), body(1))
			b.untouched(k, func() { b.frozen(k, "nobody", body(2), body(1)) })
		}},
		{"only the holder is the first", func(b *bench) {
			b.put(k)
			b.untouched(k, func() { b.prepareFails(k, "x", confirm.ErrStale) })
			b.take(k, "x")
			b.untouched(k, func() { b.prepareFails(k, "y", confirm.ErrStale) })
			b.ok(b.Park(b.ctx, k, confirm.Why{Reason: "stale"}))
			b.untouched(k, func() { b.prepareFails(k, "x", confirm.ErrStale) })
		}},
		{"a lease that ran out freezes until another claims", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.pass(2 * lease)
			b.frozen(k, "x", body(1), body(1))
		}},
		{"a record that is handed over returns its SHA and no body", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.frozen(k, "x", body(1), body(1))
			b.handed(k, body(1).SHA)
			want := confirm.Prepared{SHA: body(1).SHA, Revision: 1}
			b.frozen(k, "x", body(2), want)
			b.ok(b.Park(b.ctx, k, confirm.Why{Reason: "refused"}))
			b.frozen(k, "y", body(2), want)
			b.acked(k)
			b.ok(b.Release(b.ctx, k))
			b.frozen(k, "y", body(2), want)
		}},
		{"work that is closed stays closed", func(b *bench) {
			b.put(k)
			b.ok(b.Finish(b.ctx, k, confirm.Fraud, confirm.Did))
			b.take(k, "x")
			p := body(1)
			p.Work = []confirm.Work{confirm.Capture, confirm.Fraud}
			b.frozen(k, "x", p, p)
			b.same(b.get(k).Open, []confirm.Work{confirm.Capture})
		}},
		{"of an order that is not there", func(b *bench) { b.prepareFails(k, "x", confirm.ErrNotFound) }},
	}
}

// frozen prepares and compares what is to be used.
func (b *bench) frozen(k confirm.Key, attempt string, p, want confirm.Prepared) {
	b.Helper()
	got, err := b.Prepare(b.ctx, k, attempt, p)
	b.ok(err)
	got.Work, want.Work = nil, nil
	b.same(got, want)
}

func (b *bench) prepareFails(k confirm.Key, attempt string, want error) {
	b.Helper()
	_, err := b.Prepare(b.ctx, k, attempt, body(9))
	b.fails(err, want)
}

// facts holds the laws of Handed and Acked.
func facts() []law { return slices.Concat(handing(), handedLate(), acking(), history(), ackedLate()) }

func handing() []law {
	k := key("a")
	receipt := confirm.Receipt{Text: "r-1", Reference1: "1001", Reference2: "web"}
	return []law{
		{"handed keeps lease and due time", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.frozen(k, "x", body(1), body(1))
			want := b.get(k)
			b.ok(b.Handed(b.ctx, k, body(1).SHA, confirm.Receipt{Text: "r-1"}))
			want.State, want.Receipt = confirm.Handed, "r-1"
			b.same(b.get(k), want)
		}},
		{"handed opens references where the receipt names one", func(b *bench) {
			for _, r := range []confirm.Receipt{receipt, {Reference1: "1"}, {Reference2: "2"}} {
				k := key(r.Text + r.Reference1 + r.Reference2)
				b.put(k)
				b.ok(b.Handed(b.ctx, k, "s1", r))
				got := b.get(k)
				b.same(got.Open, []confirm.Work{confirm.References})
				b.same([]string{got.Receipt, got.Reference1, got.Reference2}, []string{r.Text, r.Reference1, r.Reference2})
			}
		}},
		{"handed makes a record where there is none", func(b *bench) {
			b.ok(b.Handed(b.ctx, k, "s1", receipt))
			r := b.get(k)
			b.same(r, confirm.Record{Key: k, State: confirm.Handed, Seen: r.First, First: r.First, Due: r.First, Known: true, SHA: "s1",
				Receipt: "r-1", Reference1: "1001", Reference2: "web", Open: []confirm.Work{confirm.References}})
			b.same(b.dueNow(), []string{"a"})
		}},
		{"handed takes any body of a pending record, from a stale attempt too", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.frozen(k, "x", body(1), body(1))
			b.handed(k, "another")
			b.same(b.get(k).SHA, "another")
		}},
		{"handed again, the first receipt stays", func(b *bench) {
			b.put(k)
			b.ok(b.Handed(b.ctx, k, "s1", receipt))
			b.untouched(k, func() { b.ok(b.Handed(b.ctx, k, "s1", confirm.Receipt{Text: "r-2", Reference1: "2"})) })
			b.acked(k)
			b.untouched(k, func() { b.ok(b.Handed(b.ctx, k, "s1", receipt)) })
		}},
	}
}

func handedLate() []law {
	k := key("a")
	receipt := confirm.Receipt{Text: "r-1", Reference1: "1001", Reference2: "web"}
	return []law{
		{"handed with another body is a conflict", func(b *bench) {
			b.put(k)
			b.handed(k, "s1")
			conflict := func() { b.fails(b.Handed(b.ctx, k, "s2", receipt), confirm.ErrConflict) }
			b.untouched(k, conflict)
			b.ok(b.Park(b.ctx, k, confirm.Why{Reason: "conflict"}))
			b.untouched(k, conflict)
			b.ok(b.Release(b.ctx, k))
			b.acked(k)
			b.untouched(k, conflict)
		}},
		{"a parked order that is handed over stays parked and learns it", func(b *bench) {
			b.put(k)
			b.ok(b.Park(b.ctx, k, confirm.Why{Reason: "horizon"}))
			b.ok(b.Handed(b.ctx, k, "s1", receipt))
			r := b.get(k)
			b.same([]confirm.State{r.State, r.Prev}, []confirm.State{confirm.Parked, confirm.Handed})
			b.same(r.Open, []confirm.Work{confirm.References})
			b.same(b.dueNow(), nil)
		}},
		{"an acknowledged record learns late what was handed over", func(b *bench) {
			b.acked(k)
			b.ok(b.Handed(b.ctx, k, "s1", receipt))
			r := b.get(k)
			b.same([]any{r.State, r.SHA, r.Receipt}, []any{confirm.Acked, "s1", "r-1"})
			b.same(r.Open, []confirm.Work{confirm.References})
			b.same(b.dueNow(), []string{"a"})
		}},
		{"references that are set already are not opened", func(b *bench) {
			b.put(k)
			b.ok(b.Finish(b.ctx, k, confirm.References, confirm.Did))
			b.ok(b.Handed(b.ctx, k, "s1", receipt))
			b.same(b.get(k).Open, nil)
		}},
	}
}

func acking() []law {
	k := key("a")
	return []law{
		{"acked without work left is done", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.frozen(k, "x", body(1), body(1))
			b.handed(k, body(1).SHA)
			want := b.get(k)
			b.acked(k)
			r := b.get(k)
			want.State, want.AckedAt, want.Due, want.LeaseUntil = confirm.Acked, r.AckedAt, time.Time{}, time.Time{}
			b.same(r, want)
			if !r.Done() || r.AckedAt.Before(r.First) {
				b.Fatalf("done %t, acknowledged at %v", r.Done(), r.AckedAt)
			}
			b.untouched(k, func() { b.stale(k, "x") })
			b.same(b.dueNow(), nil)
		}},
		{"acked with work left stays due, with its lease", func(b *bench) {
			b.put(k, confirm.Capture)
			b.take(k, "x")
			b.handed(k, "s1")
			want := b.get(k)
			b.acked(k)
			r := b.get(k)
			want.State, want.AckedAt, want.Due = confirm.Acked, r.AckedAt, r.AckedAt
			b.same(r, want)
			b.same(b.dueNow(), []string{"a"})
			b.claimFails(k, "y", confirm.ErrBusy)
			b.ok(b.Renew(b.ctx, k, "x", lease))
		}},
		{"acked again changes nothing", func(b *bench) {
			b.put(k, confirm.Capture)
			b.acked(k)
			b.take(k, "x")
			b.ok(b.Fail(b.ctx, k, "x", confirm.Why{Reason: "later"}, time.Hour))
			b.untouched(k, func() { b.acked(k) })
		}},
		{"acked makes a record where there is none", func(b *bench) {
			b.acked(k)
			r := b.get(k)
			b.same(r, confirm.Record{Key: k, State: confirm.Acked, Seen: r.First, First: r.First, AckedAt: r.First, Known: true})
		}},
	}
}

func history() []law {
	k := key("a")
	failed := confirm.Why{Reason: "refused", Fault: "status 403"}
	said := func(b *bench) []string { b.Helper(); r := b.get(k); return []string{r.Reason, r.Fault} }
	return []law{
		{"what brings an order further makes its last fault history", func(b *bench) {
			b.put(k, confirm.Capture)
			for _, further := range []func(){
				func() { b.frozen(k, "x", body(1), body(1)) }, func() { b.handed(k, body(1).SHA) }, func() { b.acked(k) },
				func() { b.ok(b.Finish(b.ctx, k, confirm.Capture, confirm.Did)) },
			} {
				b.take(k, "x")
				b.ok(b.Fail(b.ctx, k, "x", failed, 0))
				b.same(said(b), []string{"refused", "status 403"})
				b.take(k, "x")
				further()
				b.same(said(b), []string{"", ""})
				if r := b.get(k); !r.LeaseUntil.IsZero() {
					b.ok(b.Yield(b.ctx, k, "x"))
				}
			}
		}},
		{"why an order is parked stays, whatever it learns", func(b *bench) {
			b.put(k, confirm.Capture)
			b.ok(b.Park(b.ctx, k, failed))
			b.handed(k, "s1")
			b.acked(k)
			b.ok(b.Finish(b.ctx, k, confirm.Capture, confirm.Did))
			b.same(said(b), []string{"refused", "status 403"})
		}},
	}
}

func ackedLate() []law {
	k := key("a")
	return []law{
		{"acked from a stale attempt is a fact, and the holder loses only the work", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.pass(lease)
			b.take(k, "y")
			b.acked(k)
			b.claimFails(k, "y", confirm.ErrDone)
		}},
		{"facts never shrink", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			b.frozen(k, "x", body(1), body(1))
			b.acked(k)
			b.untouched(k, func() {
				b.ok(b.Handed(b.ctx, k, body(1).SHA, confirm.Receipt{}))
				b.frozen(k, "x", body(2), confirm.Prepared{SHA: body(1).SHA, Revision: 1})
				b.put(k)
			})
		}},
		{"a parked order that is acknowledged stays parked and learns it", func(b *bench) {
			b.put(k)
			b.handed(k, "s1")
			b.ok(b.Park(b.ctx, k, confirm.Why{Reason: "refused"}))
			b.acked(k)
			r := b.get(k)
			b.same([]confirm.State{r.State, r.Prev}, []confirm.State{confirm.Parked, confirm.Acked})
			if r.AckedAt.IsZero() {
				b.Fatal("AckedAt is missing")
			}
			b.untouched(k, func() { b.acked(k) })
		}},
	}
}
