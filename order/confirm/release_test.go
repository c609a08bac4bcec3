package confirm_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/management"
)

// refusing is an office that refuses a call with 403 while shut says so, and gives the same answer again to the same idempotency
// key, as the provider does for a day.
type refusing struct {
	shut    bool
	answers map[string]error
	keys    []string
}

func (r *refusing) answer(key string, do func() error) error {
	if r.answers == nil {
		r.answers = map[string]error{}
	}
	r.keys = append(r.keys, key)
	if err, ok := r.answers[key]; ok {
		return err
	}
	var err error
	if r.shut {
		err = &management.Error{Op: "acknowledge", Status: 403, Code: "NOT_ALLOWED", CorrelationID: "c-7", Messages: []string{canaryName}}
	} else {
		err = do()
	}
	r.answers[key] = err
	return err
}

// A release by hand is a new try: the provider would answer the old idempotency key with the refusal for which the order was
// parked. Between releases the key stays, so that a crash does nothing twice.
func TestReleaseHasAKeyOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, action := range []string{"acknowledge", "capture"} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			run(t, func(w *world) {
				of, r := w.office.provider(), &refusing{shut: true}
				take := of.capture
				x := &confirm.Merchant{ID: shop, Provider: of, Sink: w.sink()}
				if action == "capture" {
					x.Capture = always
					of.capture = func(ctx context.Context, id string, c management.CaptureRequest, key string) (string, error) {
						return "capture-1", r.answer(key, func() error { _, err := take(ctx, id, c, key); return err })
					}
				} else {
					ack := of.ack
					of.ack = func(ctx context.Context, id, key string) error {
						return r.answer(key, func() error { return ack(ctx, id, key) })
					}
				}
				w.merchant = func() *confirm.Merchant { return x }
				w.office.add(lamp)
				p := w.start()
				p.push(lamp)
				w.pass(time.Minute)
				w.wantState(lamp, confirm.Parked)
				p.release(lamp) // too early
				w.pass(time.Minute)
				w.wantState(lamp, confirm.Parked)
				r.shut = false
				p.release(lamp)
				w.pass(time.Minute)
				if got := w.wantDone(lamp); got.Releases != 2 {
					t.Errorf("%d releases", got.Releases)
				}
				if len(r.keys) != 3 || r.keys[0] == r.keys[1] || r.keys[1] == r.keys[2] || r.keys[0] == r.keys[2] {
					t.Errorf("keys %q, want one of its own for each release", r.keys)
				}
				if first := management.Key(shop, lamp, map[string]string{"acknowledge": "ack", "capture": "capture"}[action]); r.keys[0] != first {
					t.Errorf("the first key is %s, want %s as ever", r.keys[0], first)
				}
			})
		})
	}
}

// release gives an order back, by hand.
func (p *process) release(id string) {
	p.w.Helper()
	if _, err := p.Release(p.w.Context(), key(id), "anna"); err != nil {
		p.w.Fatal(err)
	}
}

// A release keeps its key over crashes: whoever goes on sends the one that was sent.
func TestKeyOfAReleaseOutlivesACrash(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		refused := &failing{ack: upTo(1, status(403))}
		refused.shop(w)
		w.office.add(lamp)
		p := w.start()
		p.push(lamp)
		w.pass(time.Second)
		w.wantState(lamp, confirm.Parked)
		p.stop()
		q := w.startWith(func(op string, n int) fault {
			if op == "Acknowledge" && n == 1 {
				return fault{after: errCut} // the provider did it, and nobody heard
			}
			return fault{}
		})
		q.release(lamp)
		w.pass(time.Second)
		w.start()
		w.pass(time.Minute)
		w.wantDone(lamp)
		acks := w.log.of(lamp, "ack")
		if len(acks) != 3 || acks[0].key == acks[1].key || acks[1].key != acks[2].key {
			t.Errorf("keys of %d acknowledgements: %+v", len(acks), acks)
		}
	})
}

// A parked order says what the provider said: in the record and in what is told, without the provider's own sentences.
func TestParkedOrderSaysWhatTheProviderSaid(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		of, r := w.office.provider(), &refusing{shut: true}
		of.ack = func(_ context.Context, _, key string) error { return r.answer(key, nil) }
		w.merchant = func() *confirm.Merchant { return &confirm.Merchant{ID: shop, Provider: of, Sink: w.sink()} }
		w.office.add(lamp)
		w.start().push(lamp)
		w.pass(time.Second)
		got := w.wantState(lamp, confirm.Parked)
		const want = "acknowledge: the provider does not allow this for the order as it is: status 403 NOT_ALLOWED (correlation id c-7)"
		if got.Fault != want || got.Reason != string(confirm.ReasonRefused) {
			t.Errorf("record says %q (%s), want %q", got.Fault, got.Reason, want)
		}
		told := w.told(confirm.StepParked)
		var e *management.Error
		if len(told) != 1 || !errors.As(told[0].Err, &e) || e.CorrelationID != "c-7" || strings.Contains(told[0].Err.Error(), canaryName) {
			t.Errorf("told %+v", told)
		}
	})
}

// What was tried for too long says what was last wrong.
func TestHorizonSaysWhatWasLastWrong(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.slow()
		of := w.office.provider()
		of.order = func(context.Context, string) (*management.Order, error) {
			return nil, &management.Error{Op: "read the order", Status: 503, Code: "TEMPORARILY_UNAVAILABLE", CorrelationID: strings.Repeat("c", 255)}
		}
		w.merchant = func() *confirm.Merchant { return &confirm.Merchant{ID: shop, Provider: of, Sink: w.sink()} }
		w.start().push(lamp)
		w.pass(50 * time.Hour)
		got := w.wantState(lamp, confirm.Parked)
		if !strings.HasPrefix(got.Fault, "last unavailable: read the order: the provider does not answer: status 503 TEMPORARILY_UNAVAILABLE") {
			t.Errorf("record says %q", got.Fault)
		}
		if got.Reason != string(confirm.ReasonHorizon) || len(got.Fault) != confirm.MaxFault {
			t.Errorf("%s with %d bytes, want horizon with %d", got.Reason, len(got.Fault), confirm.MaxFault)
		}
	})
}

// A stale order is one that the provider has shown: it says so, keeps when it first came over a release, and is not forgotten.
func TestStaleOrderWasShown(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp, func(m *managed) { m.created = time.Now().Add(-50 * time.Hour) })
		p := w.start()
		p.push(lamp)
		w.pass(time.Second)
		parked := w.wantState(lamp, confirm.Parked)
		if !parked.Known {
			t.Error("the provider showed it, and the record does not say so")
		}
		if _, err := p.Forget(w.Context(), key(lamp), "anna"); !errors.Is(err, confirm.ErrShown) {
			t.Errorf("forgetting it: %v", err)
		}
		w.pass(time.Hour)
		p.release(lamp)
		w.pass(time.Second)
		if got := w.wantDone(lamp); got.Seen != parked.Seen || !got.First.After(parked.First) {
			t.Errorf("first came %v and counts from %v, before %v and %v", got.Seen, got.First, parked.Seen, parked.First)
		}
	})
}

// A capture that succeeds without an id is looked at: where the order does not show it, it comes again with the same key, and no
// money is said to be taken that is not.
func TestCaptureWithoutAnIDIsLookedAt(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		of := w.office.provider()
		take, keys := of.capture, []string{}
		of.capture = func(ctx context.Context, id string, r management.CaptureRequest, key string) (string, error) {
			if keys = append(keys, key); len(keys) == 1 {
				return "", nil // a page of somebody in between
			}
			_, err := take(ctx, id, r, key)
			return "", err
		}
		w.merchant = func() *confirm.Merchant {
			return &confirm.Merchant{ID: shop, Provider: of, Sink: w.sink(), Capture: always}
		}
		w.office.add(lamp)
		w.start().push(lamp)
		w.pass(500 * time.Millisecond)
		if r := w.wantState(lamp, confirm.Acked); r.Reason != string(confirm.ReasonAnswer) || r.Done() {
			t.Errorf("%s, done %t; want it to come again", r.Reason, r.Done())
		}
		w.pass(2 * time.Second)
		w.wantDone(lamp)
		if m := w.office.look(lamp); m.captures != 1 || len(keys) != 2 || keys[0] != keys[1] {
			t.Errorf("%d captures, keys %q", m.captures, keys)
		}
	})
}
