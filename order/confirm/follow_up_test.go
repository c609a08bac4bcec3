package confirm_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/management"
	"github.com/kvitto/kvitto/rules"
)

type (
	takenEvent = rules.Event
	taken      = rules.Taken
)

// capturing is a shop that captures everything at once, and whose sink names its order number.
func (w *world) capturing() {
	w.taken = taken{Receipt: "r-1", Reference1: "no. 7", Reference2: "web"}
	w.merchant = func() *confirm.Merchant {
		return &confirm.Merchant{ID: shop, Provider: w.office.provider(), Sink: w.sink(), Capture: always}
	}
}

func TestReferencesAndCapture(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.capturing()
		w.office.add(lamp)
		w.start().push(lamp)
		w.pass(0)
		r := w.wantDone(lamp)
		if want := []confirm.Work{confirm.References, confirm.Capture}; !slices.Equal(r.Closed, want) || r.Receipt != "r-1" {
			t.Errorf("closed %v with receipt %q, want %v", r.Closed, r.Receipt, want)
		}
		o := w.office.look(lamp)
		if o.references != (management.References{Reference1: "no. 7", Reference2: "web"}) || o.captures != 1 || o.captured != 12500 {
			t.Errorf("order %+v", o)
		}
		if told := w.told(confirm.StepHanded); len(told) != 1 || told[0].Receipt != "r-1" {
			t.Errorf("told %v, want the receipt", told)
		}
	})
}

// What is left to do survives a death at any step after the acknowledgement, and nothing is captured twice although this
// provider forgets idempotency keys at once.
func TestWorkSurvivesDeath(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		op     string
		n      int
		before bool
	}{
		{"Acknowledge", 1, false}, {"Acked", 1, true}, {"Acked", 1, false}, {"Get", 1, false},
		{"SetReferences", 1, true}, {"SetReferences", 1, false}, {"Finish", 1, true}, {"Finish", 1, false},
		{"Order", 2, false}, {"Capture", 1, true}, {"Capture", 1, false}, {"Finish", 2, true}, {"Finish", 2, false},
	} {
		name := "row 10 after " + c.op
		if c.before {
			name = "row 10 before " + c.op
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, func(w *world) {
				w.capturing()
				w.office.add(lamp)
				p := w.startWith(func(op string, n int) fault {
					switch {
					case op != c.op || n != c.n:
						return fault{}
					case c.before:
						return fault{before: errCut}
					default:
						return fault{after: errCut}
					}
				})
				if _, err := p.Push(w.Context(), key(lamp), confirm.ByPush); err != nil && !p.cut.Load() {
					t.Fatal(err)
				}
				w.pass(0)
				if !p.cut.Load() {
					t.Fatal("the process lives")
				}
				w.start()
				w.pass(32 * time.Second)
				w.wantDone(lamp)
				if o := w.office.look(lamp); o.captures != 1 || o.references.Reference1 != "no. 7" {
					t.Errorf("order %+v, want one capture and the reference", o)
				}
				if n := len(w.takes(lamp)); n != 1 {
					t.Errorf("%d deliveries", n)
				}
			})
		})
	}
}

// One kind of work that fails does not hold up the others.
func TestWorkIsIndependent(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		(&failing{refs: upTo(1000, status(500))}).shop(w)
		made := w.merchant
		w.taken = taken{Reference1: "no. 7"}
		w.merchant = func() *confirm.Merchant {
			x := made()
			x.Capture = always
			return x
		}
		w.office.add(lamp)
		w.start().push(lamp)
		w.pass(0)
		r := w.wantState(lamp, confirm.Acked)
		if !slices.Equal(r.Open, []confirm.Work{confirm.References}) || w.office.look(lamp).captures != 1 {
			t.Errorf("open %v, %d captures", r.Open, w.office.look(lamp).captures)
		}
	})
}

func TestReferencesRefused(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		(&failing{refs: upTo(9, status(403))}).shop(w)
		w.taken = taken{Reference1: "no. 7"}
		w.office.add(lamp)
		w.start().push(lamp)
		w.pass(0)
		w.wantDone(lamp)
		if told := w.told(confirm.StepFinished); len(told) != 1 || told[0].Reason != confirm.ReasonRefused {
			t.Errorf("told %v", told)
		}
	})
}

func TestCaptureOutcomes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		order    func(*managed)
		err      error
		state    confirm.State
		captures int
	}{
		{"captured by somebody else", func(m *managed) { m.captured, m.status = 100, management.PartCaptured }, nil, confirm.Acked, 0},
		{"cancelled", func(m *managed) { m.status = management.Cancelled }, nil, confirm.Acked, 0},
		{"rejected", func(m *managed) { m.fraud = management.FraudRejected }, nil, confirm.Acked, 0},
		{"refused", nil, status(403), confirm.Parked, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			run(t, func(w *world) {
				(&failing{capture: upTo(9, c.err)}).shop(w)
				made := w.merchant
				w.merchant = func() *confirm.Merchant {
					x := made()
					x.Capture = always
					return x
				}
				w.office.add(lamp)
				if c.order != nil {
					w.office.change(lamp, c.order)
				}
				w.start().push(lamp)
				w.pass(0)
				r := w.wantState(lamp, c.state)
				if c.state == confirm.Acked && !r.Done() {
					t.Errorf("open %v", r.Open)
				}
				if n := w.office.look(lamp).captures; n != c.captures {
					t.Errorf("%d captures", n)
				}
			})
		})
	}
}

// A capture that is refused because somebody was quicker is done.
func TestCaptureByAnother(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		(&failing{capture: func(int) error {
			w.office.change(lamp, func(m *managed) { m.captured, m.status = m.amount, management.Captured })
			return status(403)
		}}).shop(w)
		made := w.merchant
		w.merchant = func() *confirm.Merchant {
			x := made()
			x.Capture = always
			return x
		}
		w.office.add(lamp)
		w.start().push(lamp)
		w.pass(0)
		w.wantDone(lamp)
	})
}

// Capture waits for the decision about fraud.
func TestCaptureWaitsForFraud(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.capturing()
		w.slow()
		w.office.add(lamp, func(m *managed) { m.fraud = management.FraudPending })
		w.start().push(lamp)
		w.pass(5 * time.Hour)
		r := w.wantState(lamp, confirm.Acked)
		if want := []confirm.Work{confirm.Capture, confirm.Fraud}; !slices.Equal(r.Open, want) || w.office.look(lamp).captures != 0 {
			t.Errorf("open %v, want %v", r.Open, want)
		}
		w.office.change(lamp, func(m *managed) { m.fraud = management.FraudAccepted })
		w.pass(17 * time.Minute)
		w.wantDone(lamp)
		if n := w.office.look(lamp).captures; n != 1 {
			t.Errorf("%d captures", n)
		}
		w.wantKinds(lamp, rules.OrderConfirmed, rules.FraudAccepted)
	})
}

// wantKinds ends the test unless the sink took events of these kinds.
func (w *world) wantKinds(id string, want ...rules.EventType) {
	w.Helper()
	var got []rules.EventType
	for _, e := range w.takes(id) {
		got = append(got, e.kind)
	}
	if !slices.Equal(got, want) {
		w.Fatalf("order %s: the sink took %v, want %v", id, got, want)
	}
}

// I22: an order that was pending is followed by exactly one decision.
func TestFraudDecision(t *testing.T) {
	t.Parallel()
	accept := func(m *managed) { m.fraud = management.FraudAccepted }
	reject := func(m *managed) { m.fraud, m.status = management.FraudRejected, management.Cancelled }
	for _, c := range []struct {
		name   string
		decide func(*managed)
		notify func(w *world, p *process)
		want   []rules.EventType
		done   bool
	}{
		{"accepted, NO never sent", accept, nil, []rules.EventType{rules.FraudAccepted}, true},
		{"rejected, NO never sent", reject, nil, []rules.EventType{rules.FraudRejected}, true},
		{"accepted, NO five times", accept, func(w *world, p *process) { w.notify(p, 5, false) }, []rules.EventType{rules.FraudAccepted}, true},
		{"rejected, NO five times", reject, func(w *world, p *process) { w.notify(p, 5, true) }, []rules.EventType{rules.FraudRejected}, true},
		{"forged acceptance", nil, func(w *world, p *process) { w.notify(p, 5, false) }, nil, false},
		{"forged stop", nil, func(w *world, p *process) { w.notify(p, 5, true) }, nil, false},
		{"cancelled beats a late acceptance", func(m *managed) { m.fraud, m.status = management.FraudAccepted, management.Cancelled }, nil,
			[]rules.EventType{rules.FraudRejected}, true},
		{"expired", func(m *managed) { m.status = management.Expired }, nil, []rules.EventType{rules.FraudRejected}, true},
	} {
		t.Run("I22 "+c.name, func(t *testing.T) {
			t.Parallel()
			run(t, func(w *world) {
				w.slow()
				w.office.add(lamp, func(m *managed) { m.fraud = management.FraudPending })
				p := w.start()
				p.push(lamp)
				w.pass(time.Hour)
				w.wantKinds(lamp, rules.OrderConfirmed)
				if c.decide != nil {
					w.office.change(lamp, c.decide)
				}
				if c.notify != nil {
					c.notify(w, p)
					w.pass(time.Second)
				} else {
					w.pass(17 * time.Minute)
				}
				w.wantKinds(lamp, append([]rules.EventType{rules.OrderConfirmed}, c.want...)...)
				if r := w.record(lamp); r.Done() != c.done {
					t.Errorf("done %v, want %v: open %v", r.Done(), c.done, r.Open)
				}
				w.pass(20 * time.Hour)
				w.wantKinds(lamp, append([]rules.EventType{rules.OrderConfirmed}, c.want...)...)
			})
		})
	}
}

func (w *world) notify(p *process, times int, stop bool) {
	w.Helper()
	for range times {
		if _, err := p.Notify(w.Context(), key(lamp), stop); err != nil {
			w.Fatal(err)
		}
	}
}

// A stop of an order that never was pending is believed once the order says so.
func TestStopOfAnOrderThatWasNotPending(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.slow()
		w.office.add(lamp)
		p := w.start()
		p.push(lamp)
		w.pass(0)
		w.wantDone(lamp)
		w.notify(p, 1, true)
		w.pass(time.Hour)
		w.wantKinds(lamp, rules.OrderConfirmed)
		if r := w.record(lamp); r.Reason != string(confirm.ReasonUnconfirmed) {
			t.Errorf("reason %q, want stop_unconfirmed", r.Reason)
		}
		w.office.change(lamp, func(m *managed) { m.status = management.Cancelled })
		w.notify(p, 3, true)
		w.pass(time.Minute)
		w.wantDone(lamp)
		w.wantKinds(lamp, rules.OrderConfirmed, rules.FraudRejected)
	})
}

// A forged stop is dropped with a word, never parked.
func TestForgedStopEnds(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.slow()
		w.office.add(lamp)
		p := w.start()
		p.push(lamp)
		w.pass(0)
		reads := w.office.look(lamp).reads
		w.notify(p, 1, true)
		w.pass(48 * time.Hour)
		w.wantDone(lamp)
		w.wantKinds(lamp, rules.OrderConfirmed)
		if told := w.told(confirm.StepFinished); len(told) != 1 || told[0].Reason != confirm.ReasonUnconfirmed {
			t.Errorf("told %v", told)
		}
		if n := w.office.look(lamp).reads - reads; n > 250 {
			t.Errorf("%d reads for a forged stop", n)
		}
	})
}

// A decision that the sink does not take comes again with the same bytes.
func TestDecisionComesAgain(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp, func(m *managed) { m.fraud = management.FraudPending })
		var n atomic.Int32
		w.sinks(func(_ context.Context, e *rules.Event) (rules.Taken, error) {
			if n.Add(1) < 4 && e.Type == rules.FraudAccepted {
				return rules.Taken{}, errors.New("down")
			}
			return rules.Taken{}, nil
		})
		p := w.start()
		p.push(lamp)
		w.pass(0)
		w.office.change(lamp, func(m *managed) { m.fraud = management.FraudAccepted })
		w.notify(p, 1, false)
		w.pass(5 * time.Minute)
		w.wantDone(lamp)
		w.wantKinds(lamp, rules.OrderConfirmed, rules.FraudAccepted)
		const want = `{"type":"order.fraud_accepted","timestamp":"2000-01-01T00:00:00Z","data":{"merchant":"shop",` +
			`"order_id":"f3392f8b-6116-4073-ab96-e330819e2c07","fraud_status":"ACCEPTED"}}`
		if got := w.takes(lamp)[1].body; got != want {
			t.Errorf("body %s\nwant %s", got, want)
		}
	})
}

// A notification that comes while an attempt is under way is not lost with what that attempt has read before.
func TestNotificationDuringAnAttempt(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.slow()
		w.office.add(lamp, func(m *managed) { m.fraud = management.FraudPending })
		of := w.office.provider()
		read := of.order
		of.order = func(ctx context.Context, id string) (*management.Order, error) {
			o, err := read(ctx, id)
			time.Sleep(2 * time.Second) // what was read gets old
			return o, err
		}
		w.merchant = func() *confirm.Merchant { return &confirm.Merchant{ID: shop, Provider: of, Sink: w.sink()} }
		p := w.start()
		p.push(lamp)
		w.pass(3 * time.Second) // it reads for the second time: still pending
		w.office.change(lamp, func(m *managed) { m.fraud = management.FraudAccepted })
		w.notify(p, 2, false)
		w.pass(10 * time.Second)
		w.wantDone(lamp)
		w.wantKinds(lamp, rules.OrderConfirmed, rules.FraudAccepted)
	})
}
