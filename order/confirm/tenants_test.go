package confirm_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/management"
	"github.com/kvitto/kvitto/rules"
)

// I19, row 64: one merchant's sink hangs with a thousand orders, and the other's orders flow.
func TestMerchantsApart(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.sinks(func(ctx context.Context, e *rules.Event) (rules.Taken, error) {
			if e.Merchant == "dead" {
				<-ctx.Done()
				return rules.Taken{}, ctx.Err()
			}
			return rules.Taken{}, nil
		})
		p := w.prepare(nil)
		for n := range 1000 {
			id := fmt.Sprintf("dead-%d", n)
			w.office.add(id)
			if _, _, err := w.disk().Enqueue(w.Context(), confirm.Key{Merchant: "dead", Order: id}, confirm.Nudge{}); err != nil {
				t.Fatal(err)
			}
		}
		dead := &confirm.Merchant{ID: "dead", Provider: w.office.provider(), Sink: w.sink()}
		if err := p.SetMerchants([]*confirm.Merchant{p.merchant(w.merchant()), p.merchant(dead)}); err != nil {
			t.Fatal(err)
		}
		p.Start()
		w.pass(time.Second)
		for n := range 50 {
			id := fmt.Sprintf("live-%d", n)
			w.office.add(id)
			p.push(id)
			w.pass(0) // no more than this moment
			w.wantDone(id)
		}
	})
}

// Merchants come and go while orders are under way.
func TestSetMerchants(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		w.office.add(vase)
		w.sinks(func(context.Context, *rules.Event) (rules.Taken, error) {
			time.Sleep(2 * time.Second)
			return rules.Taken{}, nil
		})
		p := w.start()
		p.push(lamp)
		w.pass(time.Second)
		if err := p.SetMerchants(nil); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Push(w.Context(), key(vase), confirm.ByPush); err == nil || errors.Is(err, confirm.ErrDown) {
			t.Errorf("error %v, want that of an unknown merchant", err)
		}
		w.pass(2 * time.Second)
		w.wantDone(lamp) // what was under way ends as it began
		if _, _, err := w.disk().Enqueue(w.Context(), key(vase), confirm.Nudge{}); err != nil {
			t.Fatal(err)
		}
		w.pass(time.Hour)
		w.wantState(vase, confirm.Pending)
		if err := p.SetMerchants([]*confirm.Merchant{p.merchant(w.merchant())}); err != nil {
			t.Fatal(err)
		}
		w.pass(4 * time.Second)
		w.wantDone(vase)
	})
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		good := func() *confirm.Merchant {
			return &confirm.Merchant{ID: shop, Provider: w.office.provider(), Sink: w.sink()}
		}
		for _, c := range []struct {
			name string
			bad  func(*confirm.Options)
			want string
		}{
			{"no store", func(o *confirm.Options) { o.Store = nil }, "mandatory"},
			{"no clock", func(o *confirm.Options) { o.Now = nil }, "mandatory"},
			{"no observer", func(o *confirm.Options) { o.Observe = nil }, "mandatory"},
			{"no lease", func(o *confirm.Options) { o.Lease = 0 }, "mandatory"},
			{"no poll", func(o *confirm.Options) { o.Poll = 0 }, "mandatory"},
			{"no horizon", func(o *confirm.Options) { o.Horizon = 0 }, "mandatory"},
			{"no backoff", func(o *confirm.Options) { o.Backoff = nil }, "mandatory"},
			{"a wait of nothing", func(o *confirm.Options) { o.Backoff = []time.Duration{0} }, "not above 0"},
			{"fewer workers than none", func(o *confirm.Options) { o.Workers = -1 }, "-1 workers"},
			{"a merchant twice", func(o *confirm.Options) { o.Merchants = []*confirm.Merchant{good(), good()} }, `"shop": given twice`},
			{"no merchant id", bad(good, func(m *confirm.Merchant) { m.ID = "" }), "without ID"},
			{"no provider", bad(good, func(m *confirm.Merchant) { m.Provider = nil }), `"shop": Provider is missing`},
			{"no sink", bad(good, func(m *confirm.Merchant) { m.Sink = nil }), "either Sink or Stream"},
			{"no stream here", bad(good, func(m *confirm.Merchant) { m.Sink, m.Stream = nil, true }), "no stream"},
		} {
			o := w.defaults()
			o.Store = w.disk()
			c.bad(&o)
			if _, err := confirm.New(o); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: error %v, want %q", c.name, err, c.want)
			}
		}
	})
}

func bad(good func() *confirm.Merchant, change func(*confirm.Merchant)) func(*confirm.Options) {
	return func(o *confirm.Options) {
		m := good()
		change(m)
		o.Merchants = []*confirm.Merchant{m}
	}
}

// Row 12: Stop waits for what is under way.
func TestStopWaits(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		w.office.add(vase)
		w.sinks(func(context.Context, *rules.Event) (rules.Taken, error) {
			time.Sleep(2 * time.Second)
			return rules.Taken{}, nil
		})
		p := w.start()
		p.push(lamp)
		w.pass(time.Second)
		p.stop()
		w.wantDone(lamp)
		p.push(vase) // still recorded, for others
		w.pass(time.Hour)
		if r := w.wantState(vase, confirm.Pending); r.Token != 0 || r.Due.IsZero() {
			t.Errorf("record %+v, want it due and untouched", r)
		}
	})
}

// Row 12: a Stop that runs out of patience cuts off, and the leases are given back.
func TestStopCutsOff(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"Order", "Take", "Acknowledge", "SetReferences"} {
		t.Run("row 12 during "+op, func(t *testing.T) {
			t.Parallel()
			run(t, func(w *world) {
				hang := func(ctx context.Context) error {
					<-ctx.Done()
					return &management.Error{Op: "test", Kind: management.ErrUnavailable, Cause: ctx.Err()}
				}
				of := w.office.provider()
				w.taken = taken{Reference1: "no. 7"}
				switch op {
				case "Order":
					of.order = func(ctx context.Context, _ string) (*management.Order, error) { return nil, hang(ctx) }
				case "Take":
					w.sinks(func(ctx context.Context, _ *rules.Event) (rules.Taken, error) { return rules.Taken{}, hang(ctx) })
				case "Acknowledge":
					of.ack = func(ctx context.Context, _, _ string) error { return hang(ctx) }
				case "SetReferences":
					of.refs = func(ctx context.Context, _ string, _ management.References, _ string) error { return hang(ctx) }
				}
				w.merchant = func() *confirm.Merchant { return &confirm.Merchant{ID: shop, Provider: of, Sink: w.sink()} }
				w.office.add(lamp)
				p := w.start()
				p.push(lamp)
				w.pass(time.Second)
				if r := w.record(lamp); r.LeaseUntil.IsZero() {
					t.Fatal("no lease")
				}
				ctx, cancel := context.WithTimeout(w.Context(), time.Second)
				defer cancel()
				began := time.Now()
				if err := p.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("error %v, want the deadline", err)
				}
				if d := time.Since(began); d != time.Second {
					t.Errorf("stopped after %v", d)
				}
				if r := w.record(lamp); !r.LeaseUntil.IsZero() || r.Attempts != 0 || r.Due.After(time.Now()) {
					t.Errorf("record %+v, want it due now and without a lease or a fault", r)
				}
			})
		})
	}
}

// A sink that does not look at its context cannot hold up Stop for ever.
func TestStopOfADeafSink(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		wake := make(chan struct{})
		w.sinks(func(context.Context, *rules.Event) (rules.Taken, error) {
			<-wake
			return rules.Taken{}, nil
		})
		p := w.start()
		p.push(lamp)
		w.pass(time.Second)
		ctx, cancel := context.WithTimeout(w.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if err := p.Stop(ctx); err == nil || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		if d := time.Since(began); d > 10*time.Second {
			t.Errorf("stopped after %v", d)
		}
		close(wake)
		w.pass(0)
	})
}

// Ensure takes the order over and waits.
func TestEnsure(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		w.taken = taken{Reference1: "no. 7"}
		p := w.start()
		began := time.Now()
		r, err := p.Ensure(w.Context(), key(lamp))
		if err != nil || r.State != confirm.Acked || r.Reference1 != "no. 7" {
			t.Errorf("record %+v, error %v", r, err)
		}
		if d := time.Since(began); d > 200*time.Millisecond {
			t.Errorf("took %v", d)
		}
		w.office.add(vase)
		w.sinks(func(context.Context, *rules.Event) (rules.Taken, error) { return rules.Taken{}, errors.New("500") })
		ctx, cancel := context.WithTimeout(w.Context(), 3*time.Second)
		defer cancel()
		if r, err := p.Ensure(ctx, key(vase)); err != nil || r.State != confirm.Pending {
			t.Errorf("record %+v, error %v", r, err)
		}
		w.sinks(nil)
		if r, err := p.Ensure(w.Context(), key(vase)); err != nil || r.State != confirm.Acked { // it does not wait for the backoff
			t.Errorf("record %+v, error %v", r, err)
		}
		p.setDisturb(downStore)
		if _, err := p.Ensure(w.Context(), key(lamp)); !errors.Is(err, confirm.ErrDown) {
			t.Errorf("error %v, want ErrDown", err)
		}
	})
}

// Ensure of a parked order says so at once, and of one that is lost under it, ends.
func TestEnsureEnds(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp, func(m *managed) { m.created = m.created.Add(-50 * time.Hour) })
		p := w.start()
		if r, err := p.Ensure(w.Context(), key(lamp)); err != nil || r.State != confirm.Parked {
			t.Errorf("record %+v, error %v", r, err)
		}
		time.AfterFunc(1050*time.Millisecond, func() { w.lose() }) // not while it is asked
		if r, err := p.Ensure(w.Context(), key(vase)); err != nil || r.State != confirm.Pending {
			t.Errorf("record %+v, error %v", r, err)
		}
	})
}

// Row 57: the push never comes, and the order that was seen at its validation is asked for.
func TestExpected(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		made := w.merchant
		w.merchant = func() *confirm.Merchant {
			x := made()
			x.Expect = 10 * time.Minute
			return x
		}
		w.office.add(lamp)
		w.office.add(vase)
		p := w.start()
		p.Expect(key(lamp))
		p.Expect(key(vase))
		p.Expect(key("given-up-by-the-buyer"))
		p.Expect(confirm.Key{Merchant: "nobody", Order: lamp})
		p.push(vase)
		w.pass(10*time.Minute - time.Second)
		w.wantCalls(lamp, 0, 0)
		w.pass(2 * time.Second)
		w.wantDone(lamp)
		w.wantDone(vase)
		w.wantCalls(vase, 1, 1)
		if n := w.office.look(vase).reads; n != 1 {
			t.Errorf("an order that was pushed was read %d times", n)
		}
		if told := w.told(confirm.StepEnqueued); told[len(told)-1].By != confirm.ByExpected {
			t.Errorf("told %v", told)
		}
		reads := p.count("Order")
		w.pass(24 * time.Hour)
		if n := p.count("Order"); n != reads {
			t.Errorf("the buyer gave up, and the order was asked for %d times more", n-reads)
		}
		if _, err := w.disk().Get(w.Context(), key("given-up-by-the-buyer")); !errors.Is(err, confirm.ErrNotFound) {
			t.Errorf("error %v, want no record", err)
		}
	})
}

// What is expected neither holds up recovery while the provider hangs, nor hammers one that refuses us, nor is lost meanwhile.
func TestExpectedWhileTheProviderFails(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		f := &failing{}
		f.shop(w)
		made := w.merchant
		w.merchant = func() *confirm.Merchant {
			x := made()
			x.Expect = time.Minute
			return x
		}
		f.reads(func(int) error {
			time.Sleep(3 * time.Second)
			return status(401)
		})
		p := w.start()
		for n := range 100 {
			id := fmt.Sprintf("seen-%d", n)
			w.office.add(id)
			p.Expect(key(id))
		}
		w.pass(10 * time.Minute)
		if n := p.count("Order"); n > 12 {
			t.Errorf("%d reads within 10 min of 401", n)
		}
		f.reads(nil)
		w.pass(5 * time.Minute)
		for n := range 100 {
			w.wantDone(fmt.Sprintf("seen-%d", n))
		}
	})
}

// Row 80: the herd after an outage is worked off, the longest due first.
func TestHerd(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		const orders = 500
		p := w.prepare(nil)
		for n := range orders {
			id := fmt.Sprintf("order-%d", n)
			w.office.add(id)
			if _, _, err := w.disk().Enqueue(w.Context(), key(id), confirm.Nudge{}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Millisecond)
		}
		w.sinks(func(context.Context, *rules.Event) (rules.Taken, error) {
			time.Sleep(10 * time.Millisecond)
			return rules.Taken{}, nil
		})
		began := time.Now()
		p.Start()
		w.pass(2 * time.Second)
		for n := range orders {
			w.wantDone(fmt.Sprintf("order-%d", n))
		}
		for n := range 6 { // of 8: two seats are kept for trusted orders
			if first := w.takes(fmt.Sprintf("order-%d", n)); !first[0].started.Equal(began) {
				t.Errorf("order %d was taken %v after the start", n, first[0].started.Sub(began))
			}
		}
	})
}

// A burst of pushes does not wait for the next poll: what finds no room goes on as soon as there is some.
func TestBurst(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.slow()
		const orders = 100
		w.sinks(func(context.Context, *rules.Event) (rules.Taken, error) {
			time.Sleep(100 * time.Millisecond)
			return rules.Taken{}, nil
		})
		p := w.start()
		for n := range orders {
			id := fmt.Sprintf("order-%d", n)
			w.office.add(id)
			p.push(id)
		}
		w.pass(2 * time.Second) // of a minute
		for n := range orders {
			w.wantDone(fmt.Sprintf("order-%d", n))
		}
	})
}
