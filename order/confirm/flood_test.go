package confirm_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/management"
	"github.com/kvitto/kvitto/rules"
)

// flood has thousands of made-up ids pushed, of which the provider says only after a while that it knows none.
func (w *world) flood(p *process, n int) {
	w.Helper()
	for i := range n {
		p.push(fmt.Sprintf("forged-%d", i))
	}
}

// slowly has the provider take its time over each read.
func (w *world) slowly(d time.Duration) {
	of := w.office.provider()
	read := of.order
	of.order = func(ctx context.Context, id string) (*management.Order, error) {
		time.Sleep(d)
		return read(ctx, id)
	}
	w.merchant = func() *confirm.Merchant { return &confirm.Merchant{ID: shop, Provider: of, Sink: w.sink()} }
}

// Row 78: while made-up ids wait to be asked about, an order that was validated here, one that the shop names and one that the
// provider has shown go on at once.
func TestFloodLeavesRoomForTrustedOrders(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.slowly(400 * time.Millisecond)
		w.office.add(lamp)
		w.office.add(vase)
		w.office.add("shown")
		down := true
		w.sinks(func(_ context.Context, e *rules.Event) (rules.Taken, error) {
			if down {
				return rules.Taken{}, errors.New("500")
			}
			return rules.Taken{}, nil
		})
		p := w.start()
		p.push("shown")
		w.pass(time.Second)
		w.wantState("shown", confirm.Pending)
		w.flood(p, 1000)
		w.pass(10 * time.Second)
		down = false
		p.Expect(key(lamp))
		began := time.Now()
		p.push(lamp)
		r, err := p.Ensure(w.Context(), key(vase))
		if d := time.Since(began); err != nil || r.State != confirm.Acked || d > 2*time.Second {
			t.Errorf("ensure says %s after %v, %v", r.State, d, err)
		}
		w.pass(2 * time.Second)
		w.wantDone(lamp)
		w.pass(27 * time.Second) // it waited 30 s at most, and is seen within a poll
		w.wantDone("shown")
		s, err := w.disk().Stats(w.Context(), shop)
		if err != nil {
			t.Fatal(err)
		}
		if s.Unknown == 0 || s.Unknown == 1000 {
			t.Errorf("%d of 1000 made-up ids were asked about: the flood was to last, and to go on", s.Unknown)
		}
	})
}

// Row 78: trusted orders that another replica took in come before the rest of a flood, though nobody rings here; and what is
// real in the flood itself has its turn.
func TestFloodGivesWayToWhatOthersTookIn(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.slowly(3 * time.Second) // as long as a read may take
		w.office.add(lamp)
		w.office.add(vase)
		p := w.start()
		w.flood(p, 200)
		p.push(vase)
		w.pass(5 * time.Second)
		if _, _, err := w.disk().Enqueue(w.Context(), key(lamp), confirm.Nudge{Vouched: true}); err != nil {
			t.Fatal(err)
		}
		w.pass(5 * time.Second)
		w.wantDone(lamp)
		w.pass(3 * time.Minute)
		w.wantDone(vase)
	})
}

// Of the provider's rate a flood takes what its seats allow, on the way to a provider that hangs as well.
func TestFloodDoesNotFillTheSeats(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.options = func(o *confirm.Options) { o.Workers = 1 } // there is nothing to keep: they take turns
		w.slowly(100 * time.Millisecond)
		w.office.add(lamp)
		p := w.start()
		w.flood(p, 100)
		p.Expect(key(lamp))
		p.push(lamp)
		w.pass(2 * time.Second)
		w.wantDone(lamp)
	})
}

// An id that the provider never showed can be dropped by hand: while it is tried it is left alone.
func TestForgetByHand(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.slowly(time.Second)
		w.office.add(vase)
		p := w.start()
		if _, err := p.Forget(w.Context(), key(lamp), "anna"); !errors.Is(err, confirm.ErrNotFound) {
			t.Errorf("of what is not there: %v", err)
		}
		p.push(lamp)
		p.push(vase)
		w.pass(500 * time.Millisecond)
		if _, err := p.Forget(w.Context(), key(lamp), "anna"); !errors.Is(err, confirm.ErrBusy) {
			t.Errorf("of what is being tried: %v", err)
		}
		w.pass(2 * time.Second)
		if r, err := p.Forget(w.Context(), key(lamp), "anna"); err != nil || r.Reason != string(confirm.ReasonUnknown) {
			t.Errorf("record %+v, %v", r, err)
		}
		if _, err := p.Forget(w.Context(), key(vase), "anna"); !errors.Is(err, confirm.ErrShown) {
			t.Errorf("of what was shown: %v", err)
		}
		if _, err := w.disk().Get(w.Context(), key(lamp)); !errors.Is(err, confirm.ErrNotFound) {
			t.Errorf("error %v, want no record", err)
		}
		told := w.told(confirm.StepForgotten)
		if len(told) != 1 || told[0].By != "anna" || told[0].Order != lamp || told[0].From != confirm.Pending {
			t.Errorf("told %+v", told)
		}
		reads := p.count("Order")
		w.pass(time.Hour)
		if n := p.count("Order"); n != reads {
			t.Errorf("%d more reads", n-reads)
		}
	})
}

// A person can have an order tried now that waits; what is parked or done says so.
func TestRetryByHand(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		w.sinks(func(context.Context, *rules.Event) (rules.Taken, error) { return rules.Taken{}, errors.New("500") })
		p := w.start()
		if _, err := p.Retry(w.Context(), key(vase), "anna"); !errors.Is(err, confirm.ErrNotFound) {
			t.Errorf("of what is not there: %v", err)
		}
		p.push(lamp)
		w.pass(time.Hour)
		w.wantState(lamp, confirm.Pending)
		if _, err := p.Park(w.Context(), key(lamp), "anna"); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Retry(w.Context(), key(lamp), "anna"); !errors.Is(err, confirm.ErrParked) {
			t.Errorf("of what is parked: %v", err)
		}
		p.release(lamp)
		w.pass(time.Hour)
		before := w.wantState(lamp, confirm.Pending)
		w.sinks(nil)
		w.pass(0)
		if !before.Due.After(time.Now()) {
			t.Fatalf("it is due at %v", before.Due)
		}
		if _, err := p.Retry(w.Context(), key(lamp), "anna"); err != nil {
			t.Fatal(err)
		}
		w.pass(0)
		w.wantDone(lamp)
		if _, err := p.Retry(w.Context(), key(lamp), "anna"); !errors.Is(err, confirm.ErrDone) {
			t.Errorf("of what is done: %v", err)
		}
		if told := w.told(confirm.StepRetried); len(told) != 1 || told[0].By != "anna" || told[0].To != confirm.Pending {
			t.Errorf("told %+v", told)
		}
	})
}

// I21: of however many triggers at however many replicas, before the first attempt and after the last, one is told to have made
// the order's record.
func TestOneTriggerMakesTheRecord(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		a, b := w.prepare(nil), w.prepare(nil) // nobody works on it yet
		for range 5 {
			a.push(lamp)
			b.push(lamp)
		}
		b.Start()
		w.pass(time.Minute)
		w.wantDone(lamp)
		b.push(lamp)
		w.notify(a, 1, true)
		var made int
		for _, c := range w.told(confirm.StepEnqueued) {
			if c.From == "" {
				made++
			}
		}
		if n := len(w.told(confirm.StepEnqueued)); made != 1 || n != 12 {
			t.Errorf("%d of %d triggers made the record, want 1 of 12", made, n)
		}
	})
}

// I22: a stop that was forged ended after the horizon; a true one after that is told to the shop all the same.
func TestTrueStopAfterAForgedOne(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.slow()
		w.office.add(lamp)
		p := w.start()
		p.push(lamp)
		w.pass(time.Minute)
		w.notify(p, 1, true)
		w.pass(48 * time.Hour)
		if r := w.wantDone(lamp); len(r.Closed) != 0 {
			t.Errorf("closed %v", r.Closed)
		}
		w.office.change(lamp, func(m *managed) { m.status = management.Cancelled })
		w.notify(p, 2, true)
		w.pass(time.Minute)
		w.wantDone(lamp)
		w.wantKinds(lamp, rules.OrderConfirmed, rules.FraudRejected)
		w.notify(p, 2, true) // and told once
		w.pass(time.Minute)
		w.wantKinds(lamp, rules.OrderConfirmed, rules.FraudRejected)
	})
}

// I22: a stop that comes true in the last moment is not dropped with the forged one before it, and one that cannot be asked
// about is not dropped at all.
func TestStopThatComesTrueAtTheHorizon(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.slow()
		f := &failing{}
		f.shop(w)
		w.office.add(lamp)
		p := w.start()
		p.push(lamp)
		w.pass(time.Minute)
		w.notify(p, 1, true)
		w.pass(46 * time.Hour)
		f.reads(func(int) error { return status(503) })
		w.pass(4 * time.Hour)
		if r := w.wantState(lamp, confirm.Acked); r.Done() {
			t.Fatal("a stop was dropped that nobody could ask about")
		}
		w.office.change(lamp, func(m *managed) { m.status = management.Cancelled })
		f.reads(nil)
		w.pass(2 * time.Hour)
		w.wantDone(lamp)
		w.wantKinds(lamp, rules.OrderConfirmed, rules.FraudRejected)
	})
}

// I4b, inline: the confirmation page gets its answer while the store is down, within its own wait.
func TestEnsureInline(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.inlineShop()
		w.office.add(lamp)
		w.office.add(vase)
		slow := 3 * time.Second
		w.sinks(func(context.Context, *rules.Event) (rules.Taken, error) {
			time.Sleep(slow)
			return rules.Taken{}, nil
		})
		p := w.startWith(downStore)
		wait := func(d time.Duration, id string) (confirm.Record, time.Duration, error) {
			ctx, cancel := context.WithTimeout(w.Context(), d)
			defer cancel()
			began := time.Now()
			r, err := p.Ensure(ctx, key(id))
			return r, time.Since(began), err
		}
		if r, d, err := wait(8*time.Second, lamp); err != nil || r.State != confirm.Acked || d > 4*time.Second {
			t.Errorf("it says %s after %v, %v", r.State, d, err)
		}
		if _, d, err := wait(2*time.Second, vase); !errors.Is(err, confirm.ErrDown) || d != 2*time.Second {
			t.Errorf("after %v: %v, want ErrDown at the end of its wait", d, err)
		}
		w.pass(2 * time.Second)
		if r, _, err := wait(2*time.Second, vase); err != nil || r.State != confirm.Acked {
			t.Errorf("it says %s, %v: the work went on", r.State, err)
		}
		w.wantCalls(vase, 1, 1)
		p.setDisturb(nil)
		if r, _, err := wait(2*time.Second, vase); err != nil || r.State != confirm.Acked {
			t.Errorf("with the store back it says %s, %v", r.State, err)
		}
		w.pass(time.Hour)
		w.wantCalls(vase, 1, 1)
		w.wantCalls(lamp, 1, 1)
	})
}
