package storetest

import (
	"errors"
	"maps"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/order/confirm"
)

// againstModel does random operations to the store and to the model: after each, both must have said the same and hold the
// same.
func againstModel(t *testing.T, s Subject) {
	if s.Advance == nil {
		t.Skip("the clock of this store cannot be moved")
	}
	store := s.Open()
	var serial atomic.Int64
	now, _, err := store.Enqueue(t.Context(), confirm.Key{Merchant: "clock", Order: "clock"}, confirm.Nudge{})
	if err != nil {
		t.Fatal(err)
	}
	clock := now.First
	rapid.Check(t, func(rt *rapid.T) {
		w := &walk{T: rt, bench: &bench{T: t, Store: store, ctx: t.Context()}, model: newModel(clock)}
		w.merchants = []string{fresh(&serial), fresh(&serial)}
		actions := w.actions()
		actions["advance"] = func(rt *rapid.T) {
			d := rapid.SampledFrom([]time.Duration{time.Millisecond, lease / 2, lease, time.Hour, 7 * 24 * time.Hour}).Draw(rt, "advance")
			clock = clock.Add(d)
			s.Advance(d)
			w.model.advance(d)
		}
		actions[""] = w.compare
		rt.Repeat(actions)
	})
}

// walk is one random history.
type walk struct {
	*rapid.T
	bench     *bench
	model     *model
	merchants []string
}

func (w *walk) key(rt *rapid.T) confirm.Key {
	return confirm.Key{Merchant: rapid.SampledFrom(w.merchants).Draw(rt, "merchant"), Order: rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "order")}
}

func attempt(rt *rapid.T) string {
	return rapid.SampledFrom([]string{"x", "y", "z"}).Draw(rt, "attempt")
}

func work(rt *rapid.T) []confirm.Work {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(confirm.AllWork()), 0, 2, func(w confirm.Work) confirm.Work { return w }).Draw(rt, "work")
}

func why(rt *rapid.T) confirm.Why {
	return confirm.Why{Reason: rapid.SampledFrom([]string{"later", "unknown_order"}).Draw(rt, "reason"),
		Fault: rapid.SampledFrom([]string{"", "status 403"}).Draw(rt, "fault"), Known: rapid.IntRange(0, 3).Draw(rt, "known") == 0}
}

func span(rt *rapid.T) time.Duration {
	return rapid.SampledFrom([]time.Duration{time.Millisecond, lease, time.Hour}).Draw(rt, "span")
}

// agree holds that store and model said the same.
func agree(rt *rapid.T, got, want error) {
	rt.Helper()
	if !errors.Is(got, want) || (got == nil) != (want == nil) {
		rt.Fatalf("the store said %v, the model %v", got, want)
	}
}

func agreeOn(rt *rapid.T, got, want any) {
	rt.Helper()
	if d := difference(got, want); d != "" {
		rt.Fatalf("store - / model +:\n%s", d)
	}
}

func (w *walk) actions() map[string]func(*rapid.T) {
	a := w.leaseActions()
	maps.Copy(a, w.factActions())
	maps.Copy(a, w.shelfActions())
	return a
}

func (w *walk) leaseActions() map[string]func(*rapid.T) {
	s, m, ctx := w.bench.Store, w.model, w.bench.ctx
	return map[string]func(*rapid.T){
		"enqueue": func(rt *rapid.T) {
			k, n := w.key(rt), confirm.Nudge{Work: work(rt), Hurry: rapid.Bool().Draw(rt, "hurry"), Vouched: rapid.Bool().Draw(rt, "vouched")}
			got, made, err := s.Enqueue(ctx, k, n)
			want, new := m.enqueue(k, n)
			agree(rt, err, nil)
			agreeOn(rt, got, want)
			agreeOn(rt, made, new)
		},
		"claim": func(rt *rapid.T) {
			k, x, d := w.key(rt), attempt(rt), span(rt)
			got, age, err := s.Claim(ctx, k, x, d)
			want, wantAge, wantErr := m.claim(k, x, d)
			agree(rt, err, wantErr)
			if err == nil {
				agreeOn(rt, got, want)
				agreeOn(rt, age, wantAge)
			}
		},
		"renew": func(rt *rapid.T) {
			k, x, d := w.key(rt), attempt(rt), span(rt)
			agree(rt, s.Renew(ctx, k, x, d), m.renew(k, x, d))
		},
		"fail": func(rt *rapid.T) {
			k, x, d := w.key(rt), attempt(rt), span(rt)
			y := why(rt)
			agree(rt, s.Fail(ctx, k, x, y, d), m.fail(k, x, y, d))
		},
		"yield": func(rt *rapid.T) {
			k, x := w.key(rt), attempt(rt)
			agree(rt, s.Yield(ctx, k, x), m.yield(k, x))
		},
	}
}

func (w *walk) factActions() map[string]func(*rapid.T) {
	s, m, ctx := w.bench.Store, w.model, w.bench.ctx
	return map[string]func(*rapid.T){
		"prepare": func(rt *rapid.T) {
			k, x, p := w.key(rt), attempt(rt), body(rapid.IntRange(0, 2).Draw(rt, "body"))
			p.Work, p.Revision = work(rt), rapid.IntRange(1, 2).Draw(rt, "revision")
			got, err := s.Prepare(ctx, k, x, p)
			want, wantErr := m.prepare(k, x, p)
			agree(rt, err, wantErr)
			got.Work = nil
			if err == nil {
				agreeOn(rt, got, want)
			}
		},
		"handed": func(rt *rapid.T) {
			k, p := w.key(rt), body(rapid.IntRange(0, 2).Draw(rt, "body"))
			r := confirm.Receipt{Text: "r", Reference1: rapid.SampledFrom([]string{"", "1"}).Draw(rt, "reference")}
			agree(rt, s.Handed(ctx, k, p.SHA, r), m.handed(k, p.SHA, r))
		},
		"acked": func(rt *rapid.T) {
			k := w.key(rt)
			agree(rt, s.Acked(ctx, k), nil)
			m.acked(k)
		},
		"finish": func(rt *rapid.T) {
			k, x := w.key(rt), rapid.SampledFrom(confirm.AllWork()).Draw(rt, "work")
			o := rapid.SampledFrom([]confirm.Outcome{confirm.Did, confirm.Refuse, confirm.Dropped}).Draw(rt, "outcome")
			agree(rt, s.Finish(ctx, k, x, o), m.finish(k, x, o))
		},
	}
}

func (w *walk) shelfActions() map[string]func(*rapid.T) {
	s, m, ctx := w.bench.Store, w.model, w.bench.ctx
	return map[string]func(*rapid.T){
		"park": func(rt *rapid.T) {
			k := w.key(rt)
			y := why(rt)
			agree(rt, s.Park(ctx, k, y), m.park(k, y))
		},
		"release": func(rt *rapid.T) {
			k := w.key(rt)
			agree(rt, s.Release(ctx, k), m.release(k))
		},
		"forget": func(rt *rapid.T) {
			k, x := w.key(rt), attempt(rt)
			agree(rt, s.Forget(ctx, k, x), m.forget(k, x))
		},
		"discard": func(rt *rapid.T) {
			k := w.key(rt)
			agree(rt, s.Discard(ctx, k), m.discard(k))
		},
	}
}

// compare holds that store and model show the same.
func (w *walk) compare(rt *rapid.T) {
	for _, merchant := range w.merchants {
		for _, order := range []string{"a", "b"} {
			k := confirm.Key{Merchant: merchant, Order: order}
			got, err := w.bench.Get(w.bench.ctx, k)
			want, wantErr := w.model.find(k)
			agree(rt, err, wantErr)
			if err == nil {
				agreeOn(rt, got, want.Record)
			}
		}
		w.compareLists(rt, merchant)
	}
}

func (w *walk) compareLists(rt *rapid.T, merchant string) {
	s, m, ctx := w.bench.Store, w.model, w.bench.ctx
	due, err := s.Due(ctx, merchant, 10)
	agree(rt, err, nil)
	for trusted, ids := range map[bool][]string{true: due.Trusted, false: due.Others} {
		for i := 1; i < len(ids); i++ {
			a, b := m.rows[confirm.Key{Merchant: merchant, Order: ids[i-1]}], m.rows[confirm.Key{Merchant: merchant, Order: ids[i]}]
			if a == nil || b == nil || a.Due.After(b.Due) {
				rt.Fatalf("due: %q is not in order", ids)
			}
		}
		slices.Sort(ids)
		agreeOn(rt, ids, m.list(merchant, func(r *row) bool {
			return !r.Due.IsZero() && !r.Due.After(m.now) && (r.Known || r.Vouched) == trusted
		}))
	}
	records, err := s.List(ctx, merchant, confirm.Page{Limit: 10})
	agree(rt, err, nil)
	var ids []string
	for i := range records {
		ids = append(ids, records[i].Order)
		agreeOn(rt, records[i], m.rows[records[i].Key].Record)
	}
	slices.Sort(ids)
	agreeOn(rt, ids, m.list(merchant, func(*row) bool { return true }))
	stats, err := s.Stats(ctx, merchant)
	agree(rt, err, nil)
	maps.DeleteFunc(stats.States, func(_ confirm.State, n int64) bool { return n == 0 })
	agreeOn(rt, stats, m.stats(merchant))
}
