package confirm_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/management"
)

// failing is an office whose calls fail as a test says; nil lets them through.
type failing struct {
	mu                        sync.Mutex
	order, ack, refs, capture func(n int) error
}

// reads sets how reads fail from now on.
func (f *failing) reads(fails func(n int) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.order = fails
}

// shop is a merchant at an office that fails.
func (f *failing) shop(w *world) {
	of := w.office.provider()
	order, ack, refs, capture := of.order, of.ack, of.refs, of.capture
	var orders, acks, refers, captures int
	fails := func(which *func(int) error, n *int) error {
		f.mu.Lock()
		*n++
		do, i := *which, *n
		f.mu.Unlock()
		if do == nil {
			return nil
		}
		return do(i)
	}
	of.order = func(ctx context.Context, id string) (*management.Order, error) {
		if err := fails(&f.order, &orders); err != nil {
			return nil, err
		}
		return order(ctx, id)
	}
	of.ack = func(ctx context.Context, id, key string) error {
		return errors.Join(fails(&f.ack, &acks), ack(ctx, id, key))
	}
	of.refs = func(ctx context.Context, id string, r management.References, key string) error {
		if err := fails(&f.refs, &refers); err != nil {
			return err
		}
		return refs(ctx, id, r, key)
	}
	of.capture = func(ctx context.Context, id string, r management.CaptureRequest, key string) (string, error) {
		if err := fails(&f.capture, &captures); err != nil {
			return "", err
		}
		return capture(ctx, id, r, key)
	}
	w.merchant = func() *confirm.Merchant { return &confirm.Merchant{ID: shop, Provider: of, Sink: w.sink()} }
}

// always fails with the same error, up to call n.
func upTo(n int, err error) func(int) error {
	return func(i int) error {
		if i <= n {
			return err
		}
		return nil
	}
}

// The answers to an acknowledgement.
func TestAcknowledgeOutcomes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		err    error
		times  int
		order  func(*managed)
		wait   time.Duration
		state  confirm.State
		reason confirm.Reason
		acks   int
	}{
		{"204 is done", nil, 0, nil, 0, confirm.Acked, "", 1},
		{"404 comes again", status(404), 1, nil, 6 * time.Second, confirm.Acked, confirm.ReasonUnknown, 2},
		{"row 47 5xx comes again at once", status(503), 1, nil, 0, confirm.Acked, "", 2},
		{"row 47 5xx twice comes again later", status(503), 2, nil, 2 * time.Second, confirm.Acked, confirm.ReasonUnavailable, 3},
		{"row 55 403 of a live order parks", status(403), 9, nil, 0, confirm.Parked, confirm.ReasonRefused, 1},
		{"row 55 403 of a captured one is done", status(403), 9, func(m *managed) { m.status = management.Captured }, 0, confirm.Acked, "", 1},
		{"row 55 403 of a partly captured one is done", status(403), 9, func(m *managed) { m.status = management.PartCaptured }, 0, confirm.Acked, "", 1},
		{"row 55 403 of a cancelled one is done", status(403), 9, func(m *managed) { m.status = management.Cancelled }, 0, confirm.Acked, "", 1},
		{"row 55 403 of an expired one is done", status(403), 9, func(m *managed) { m.status = management.Expired }, 0, confirm.Acked, "", 1},
		{"row 55 403 of a closed one is done", status(403), 9, func(m *managed) { m.status = management.Closed }, 0, confirm.Acked, "", 1},
		{"409 comes again", status(409), 1, nil, 2 * time.Second, confirm.Acked, confirm.ReasonRefused, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			run(t, func(w *world) {
				w.office.add(lamp)
				if c.order != nil {
					w.office.change(lamp, c.order)
				}
				(&failing{ack: upTo(c.times, c.err)}).shop(w)
				w.start().push(lamp)
				w.pass(c.wait)
				if r := w.wantState(lamp, c.state); c.state == confirm.Parked && r.Reason != string(c.reason) || c.state == confirm.Acked && r.Reason != "" {
					t.Errorf("reason %q, want %q where it is parked, and none where it got further", r.Reason, c.reason)
				}
				if failed := w.told(confirm.StepFailed); c.state == confirm.Acked && c.reason != "" && (len(failed) != 1 || failed[0].Reason != c.reason) {
					t.Errorf("told of %+v, want one fault, %s", failed, c.reason)
				}
				w.wantCalls(lamp, 1, c.acks)
				if acked := w.told(confirm.StepAcked); len(acked) == 1 && (acked[0].Reason == confirm.ReasonOver) != (c.state == confirm.Acked && c.times == 9) {
					t.Errorf("told of the acknowledgement: %+v", acked[0])
				}
				keys := map[string]bool{}
				for _, e := range w.log.of(lamp, "ack") {
					keys[e.key] = true
				}
				if len(keys) != 1 {
					t.Errorf("idempotency keys %v, want one", keys)
				}
			})
		})
	}
}

// Row 49: 401 pauses the merchant, and one attempt a minute probes; new credentials lift it at once.
func TestUnauthorizedPauses(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		w.office.add(vase)
		(&failing{order: upTo(1000, status(401))}).shop(w)
		p := w.start()
		p.push(lamp)
		w.pass(0)
		if why := p.Paused(shop); why != confirm.ReasonUnauthorized {
			t.Fatalf("paused by %q", why)
		}
		p.push(vase)
		w.pass(10*time.Minute - time.Second)
		if n := p.count("Order"); n > 10 {
			t.Errorf("%d reads within 10 min of 401", n)
		}
		if told := w.told(confirm.StepPaused); len(told) == 0 || told[0].Wait != time.Minute || told[0].Order != "" {
			t.Errorf("told %v", told)
		}
		if err := p.SetMerchants([]*confirm.Merchant{p.merchant(&confirm.Merchant{ID: shop, Provider: w.office.provider(), Sink: w.sink()})}); err != nil {
			t.Fatal(err)
		}
		if why := p.Paused(shop); why != "" {
			t.Errorf("still paused by %q", why)
		}
		w.pass(10 * time.Minute)
		w.wantDone(lamp)
		w.wantDone(vase)
	})
}

// Row 49: when the provider takes the credentials again, the probe lifts the pause.
func TestProbeLiftsThePause(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		(&failing{order: upTo(2, status(401))}).shop(w)
		p := w.start()
		p.push(lamp)
		w.pass(3 * time.Minute)
		w.wantDone(lamp)
		if why := p.Paused(shop); why != "" {
			t.Errorf("still paused by %q", why)
		}
	})
}

// An attempt that ends without a word from the provider does not keep the merchant paused.
func TestProbeThatDoesNotAsk(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		w.office.add(vase)
		(&failing{order: upTo(1, status(401))}).shop(w)
		p := w.start()
		p.push(lamp)
		w.pass(0)
		p.setDisturb(func(op string, n int) fault {
			if op == "Claim" && n <= 4 {
				return fault{before: confirm.ErrBusy}
			}
			return fault{}
		})
		w.pass(3 * time.Minute)
		p.push(vase)
		w.pass(time.Minute)
		w.wantDone(lamp)
		w.wantDone(vase)
	})
}

// What the old credentials were answered does not pause the new ones.
func TestPauseOfOldCredentials(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		old := w.office.provider()
		old.order = func(context.Context, string) (*management.Order, error) {
			time.Sleep(2 * time.Second)
			return nil, status(401)
		}
		w.merchant = func() *confirm.Merchant { return &confirm.Merchant{ID: shop, Provider: old, Sink: w.sink()} }
		p := w.start()
		p.push(lamp)
		w.pass(time.Second)
		if err := p.SetMerchants([]*confirm.Merchant{p.merchant(&confirm.Merchant{ID: shop, Provider: w.office.provider(), Sink: w.sink()})}); err != nil {
			t.Fatal(err)
		}
		w.pass(3 * time.Second)
		if why := p.Paused(shop); why != "" {
			t.Errorf("paused by %q", why)
		}
		w.wantDone(lamp)
	})
}

// Row 51: 429 with Retry-After is obeyed by all of the merchant's orders.
func TestRateLimited(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		w.office.add(vase)
		(&failing{order: upTo(1, limited(5*time.Minute))}).shop(w)
		p := w.start()
		p.push(lamp)
		w.pass(0)
		p.push(vase)
		w.pass(5*time.Minute - 2*time.Second)
		if n := p.count("Order"); n != 1 {
			t.Errorf("%d reads within Retry-After, want 1", n)
		}
		w.pass(5 * time.Second)
		w.wantDone(lamp)
		w.wantDone(vase)
	})
}

// Row 51: an attempt that began before the provider asked for rest does not end the rest.
func TestOlderAttemptDoesNotLift(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		w.office.add(vase)
		(&failing{order: func(n int) error {
			if n == 2 {
				return limited(5 * time.Minute)
			}
			return nil
		}}).shop(w)
		w.sinks(func(context.Context, *takenEvent) (taken, error) {
			time.Sleep(5 * time.Second)
			return taken{}, nil
		})
		p := w.start()
		p.push(lamp)
		w.pass(time.Second)
		p.push(vase)
		w.pass(time.Minute)
		w.wantDone(lamp)
		if why := p.Paused(shop); why != confirm.ReasonRateLimited {
			t.Errorf("paused by %q, want a rest", why)
		}
		w.pass(5 * time.Minute)
		w.wantDone(vase)
	})
}

// Row 48: a provider that never answers holds up neither pushes nor more workers than there are.
func TestBlackHole(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		of := w.office.provider()
		var mu sync.Mutex
		var now, most int
		count := func(d int) {
			mu.Lock()
			defer mu.Unlock()
			now += d
			most = max(most, now)
		}
		of.order = func(ctx context.Context, _ string) (*management.Order, error) {
			count(1)
			defer count(-1)
			<-ctx.Done()
			return nil, &management.Error{Op: "read", Kind: management.ErrUnavailable, Cause: ctx.Err()}
		}
		w.merchant = func() *confirm.Merchant { return &confirm.Merchant{ID: shop, Provider: of, Sink: w.sink()} }
		p := w.start()
		for n := range 30 {
			began := time.Now()
			p.push(fmt.Sprintf("order-%d", n))
			if d := time.Since(began); d > 0 {
				t.Errorf("a push waited %v", d)
			}
		}
		w.pass(time.Minute)
		mu.Lock()
		defer mu.Unlock()
		if most > confirm.DefaultWorkers {
			t.Errorf("%d attempts at once, want at most %d", most, confirm.DefaultWorkers)
		}
	})
}

// Row 52: an answer that is not the order that was asked for is a failure.
func TestUnusableAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*management.Order)
	}{
		{"row 52 another order's id", func(o *management.Order) { o.OrderID = vase }},
		{"row 52 no status", func(o *management.Order) { o.Status = "" }},
		{"row 52 no currency", func(o *management.Order) { o.PurchaseCurrency = "" }},
		{"row 52 a negative amount", func(o *management.Order) { o.OrderAmount = -1 }},
		{"row 52 negative captures", func(o *management.Order) { o.CapturedAmount = -1 }},
		{"row 52 half a body", func(o *management.Order) { o.Raw = o.Raw[:len(o.Raw)/2] }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			run(t, func(w *world) {
				w.office.add(lamp)
				of := w.office.provider()
				order := of.order
				of.order = func(ctx context.Context, id string) (*management.Order, error) {
					o, err := order(ctx, id)
					if o != nil {
						c.change(o)
					}
					return o, err
				}
				w.merchant = func() *confirm.Merchant { return &confirm.Merchant{ID: shop, Provider: of, Sink: w.sink()} }
				w.slow()
				w.start().push(lamp)
				w.pass(time.Hour)
				w.wantState(lamp, confirm.Pending)
				w.wantCalls(lamp, 0, 0)
				w.pass(48 * time.Hour)
				if r := w.wantState(lamp, confirm.Parked); r.Reason != string(confirm.ReasonHorizon) {
					t.Errorf("parked for %q, want horizon", r.Reason)
				}
			})
		})
	}
}
