package confirm_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/management"
	"github.com/kvitto/kvitto/rules"
)

var errDown = fmt.Errorf("%w: test", confirm.ErrDown)

// storeOps are the calls of a store.
func storeOp(op string) bool {
	switch op {
	case "Order", "Acknowledge", "SetReferences", "Capture", "Take":
		return false
	default:
		return true
	}
}

func downStore(op string, _ int) fault {
	if storeOp(op) {
		return fault{before: errDown}
	}
	return fault{}
}

func (p *process) setDisturb(f func(op string, n int) fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.disturb = f
}

// inlineShop takes orders without the store.
func (w *world) inlineShop() {
	w.merchant = func() *confirm.Merchant {
		return &confirm.Merchant{ID: shop, Provider: w.office.provider(), Sink: w.sink(), Inline: true}
	}
}

// I4b, refuse: nothing durable and nothing done is never a success.
func TestStoreDownRefuses(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		p := w.startWith(downStore)
		if _, err := p.Push(w.Context(), key(lamp), confirm.ByPush); !errors.Is(err, confirm.ErrDown) {
			t.Errorf("error %v, want ErrDown", err)
		}
		w.pass(time.Hour)
		w.wantCalls(lamp, 0, 0)
		if n := len(w.told(confirm.StepStoreDown)); n != 1 {
			t.Errorf("told %d times that the store is down, want once", n)
		}
		p.setDisturb(nil)
		w.pass(2 * time.Minute)
		if n := len(w.told(confirm.StepStoreUp)); n != 1 {
			t.Errorf("told %d times that the store is up, want once", n)
		}
		p.push(lamp)
		w.pass(0)
		w.wantDone(lamp)
	})
}

// I4b, inline: read, hand, acknowledge within the push.
func TestStoreDownInline(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.inlineShop()
		w.office.add(lamp)
		w.taken = rules.Taken{Reference1: "no. 7"}
		p := w.startWith(downStore)
		for range 3 {
			if r := p.push(lamp); r.State != confirm.Acked {
				t.Fatalf("push says %s, want ACKED", r.State)
			}
		}
		w.wantCalls(lamp, 1, 1)
		if r := w.office.look(lamp).references; r.Reference1 != "no. 7" {
			t.Errorf("references %v", r)
		}
		p.setDisturb(nil)
		if r := p.push(lamp); r.State != confirm.Acked {
			t.Errorf("with the store back the push says %s, want ACKED", r.State)
		}
		w.pass(time.Hour)
		w.wantCalls(lamp, 1, 1)
		w.wantDone(lamp)
	})
}

// Inline: a push that cannot wait is refused, the work goes on, and the next push finds it done.
func TestStoreDownInlineSlow(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.inlineShop()
		w.office.add(lamp)
		w.sinks(func(context.Context, *rules.Event) (rules.Taken, error) {
			time.Sleep(5 * time.Second)
			return rules.Taken{}, nil
		})
		p := w.startWith(downStore)
		began := time.Now()
		for range 2 {
			if _, err := p.Push(w.Context(), key(lamp), confirm.ByPush); !errors.Is(err, confirm.ErrDown) {
				t.Fatalf("error %v, want ErrDown", err)
			}
		}
		if d := time.Since(began); d > 2*time.Second {
			t.Errorf("two pushes waited %v", d)
		}
		w.pass(5 * time.Second)
		if r := p.push(lamp); r.State != confirm.Acked {
			t.Errorf("push says %s, want ACKED", r.State)
		}
		w.wantCalls(lamp, 1, 1)
	})
}

// Inline is for orders that are over with the acknowledgement, and for true and fresh ones.
func TestStoreDownInlineRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		order  func(*managed)
		shop   func(*confirm.Merchant)
		reason confirm.Reason
	}{
		{"I6b a stale order", func(m *managed) { m.created = time.Now().Add(-50 * time.Hour) }, nil, confirm.ReasonStale},
		{"pending fraud", func(m *managed) { m.fraud = management.FraudPending }, nil, confirm.ReasonStore},
		{"capture", nil, func(x *confirm.Merchant) { x.Capture = always }, confirm.ReasonStore},
		{"an order that is not shown", func(m *managed) { m.shownFrom = time.Now().Add(time.Hour) }, nil, confirm.ReasonUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			run(t, func(w *world) {
				w.inlineShop()
				made := w.merchant
				w.merchant = func() *confirm.Merchant {
					x := made()
					if c.shop != nil {
						c.shop(x)
					}
					return x
				}
				w.office.add(lamp)
				if c.order != nil {
					w.office.change(lamp, c.order)
				}
				p := w.startWith(downStore)
				if _, err := p.Push(w.Context(), key(lamp), confirm.ByPush); !errors.Is(err, confirm.ErrDown) {
					t.Errorf("error %v, want ErrDown", err)
				}
				w.wantCalls(lamp, 0, 0)
				if f := w.told(confirm.StepFailed); len(f) != 1 || f[0].Reason != c.reason {
					t.Errorf("told %v, want one failure: %s", f, c.reason)
				}
			})
		})
	}
}

func always(*management.Order) bool { return true }

// An order that an attempt has in hand is not handed over a second time within the push when the store goes.
func TestInlineLeavesARunningAttemptAlone(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.inlineShop()
		w.office.add(lamp)
		w.sinks(func(context.Context, *rules.Event) (rules.Taken, error) {
			time.Sleep(3 * time.Second)
			return rules.Taken{}, nil
		})
		p := w.start()
		p.push(lamp)
		w.pass(time.Second)
		p.setDisturb(downStore)
		if _, err := p.Push(w.Context(), key(lamp), confirm.ByPush); !errors.Is(err, confirm.ErrDown) {
			t.Errorf("error %v, want ErrDown", err)
		}
		w.pass(time.Second)
		if n := p.count("Take"); n != 1 {
			t.Errorf("the sink was asked %d times", n)
		}
		p.setDisturb(nil)
		w.pass(time.Minute)
		w.wantDone(lamp)
		w.wantCalls(lamp, 1, 1)
	})
}

// Rows 30, 32, 35: the store reads and does not write. It is down, is said to be so once, and nobody hammers it.
func TestStoreThatOnlyReads(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		p := w.prepare(nil)
		const orders = 200
		for n := range orders {
			id := fmt.Sprintf("order-%d", n)
			w.office.add(id)
			if _, _, err := w.disk().Enqueue(w.Context(), key(id), confirm.Nudge{}); err != nil {
				t.Fatal(err)
			}
		}
		p.setDisturb(func(op string, _ int) fault {
			if storeOp(op) && op != "Due" && op != "Get" && op != "Epoch" {
				return fault{before: errDown}
			}
			return fault{}
		})
		p.Start()
		w.pass(30 * time.Second)
		if n := p.count("Claim"); n > 31*2*confirm.DefaultWorkers {
			t.Errorf("%d claims within 30 s", n)
		}
		if n, m := len(w.told(confirm.StepStoreDown)), len(w.told(confirm.StepStoreUp)); n != 1 || m != 0 {
			t.Errorf("told %d times down and %d times up, want once down", n, m)
		}
		p.setDisturb(nil)
		w.pass(time.Minute)
		for n := range orders {
			w.wantDone(fmt.Sprintf("order-%d", n))
		}
		if m := len(w.told(confirm.StepStoreUp)); m != 1 {
			t.Errorf("told %d times up, want once", m)
		}
	})
}

// A push whose caller went away says nothing about the store.
func TestCallerGone(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		p := w.start()
		w.pass(time.Second)
		ctx, cancel := context.WithCancel(w.Context())
		cancel()
		if _, err := p.Push(ctx, key(lamp), confirm.ByPush); !errors.Is(err, confirm.ErrDown) {
			t.Errorf("error %v, want ErrDown", err)
		}
		w.pass(10 * time.Second)
		if n := len(w.told(confirm.StepStoreDown)) + len(w.told(confirm.StepStoreUp)); n != 0 {
			t.Errorf("told %d changes of the store", n)
		}
	})
}

// Row 24, I4c: the store loses its data between any two steps; while the provider pushes, no order is lost.
func TestStoreLosesItsData(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"Claim", "Order", "Prepare", "Take", "Handed", "Acknowledge", "Acked", "Get", "SetReferences", "Finish"} {
		t.Run("row 24 before "+at, func(t *testing.T) {
			t.Parallel()
			run(t, func(w *world) {
				w.office.add(lamp)
				w.taken = rules.Taken{Reference1: "no. 7"}
				p := w.start()
				w.pass(time.Minute)
				p.setDisturb(func(op string, n int) fault {
					if op == at && n == 1 {
						p.mu.Unlock()
						w.lose()
						p.mu.Lock()
					}
					return fault{}
				})
				p.push(lamp)
				w.pass(15 * time.Second)
				if lost := w.told(confirm.StepStoreLost); len(lost) != 2 || !lost[0].First || lost[1].First {
					t.Errorf("told %v, want the first start and the loss", lost)
				}
				if !w.office.look(lamp).acked {
					p.push(lamp) // as the provider does
					w.pass(time.Minute)
				}
				if !w.office.look(lamp).acked {
					t.Error("not acknowledged")
				}
				if takes := w.takes(lamp); len(takes) == 0 || len(takes) > 2 {
					t.Errorf("%d deliveries", len(takes))
				}
			})
		})
	}
}

// An order that the provider has shown is not forgotten with the store's data: the attempt that has it in hand enqueues it.
func TestLostRecordIsMadeAgain(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		p := w.start()
		p.setDisturb(func(op string, n int) fault {
			if op == "Prepare" && n == 1 {
				p.mu.Unlock()
				w.lose()
				p.mu.Lock()
			}
			return fault{}
		})
		p.push(lamp)
		w.pass(2 * time.Second)
		w.wantDone(lamp)
		w.wantCalls(lamp, 1, 1)
	})
}

// I2b: the body that is made after a loss says so.
func TestRevision(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		var taken atomic.Bool
		of := w.office.provider()
		of.ack = func(ctx context.Context, id, key string) error {
			if !taken.Load() {
				return status(503)
			}
			return w.office.acknowledge(ctx, id, key)
		}
		w.merchant = func() *confirm.Merchant { return &confirm.Merchant{ID: shop, Provider: of, Sink: w.sink()} }
		p := w.start()
		w.pass(11 * time.Second)
		w.office.add(lamp)
		p.push(lamp)
		w.pass(3 * time.Second)
		if r := w.record(lamp); r.Revision != 1 {
			t.Errorf("revision %d before the loss, want 1", r.Revision)
		}
		w.lose()
		taken.Store(true)
		p.push(lamp) // before the loop has seen the loss
		w.pass(time.Minute)
		if r := w.wantDone(lamp); r.Revision != 2 {
			t.Errorf("revision %d after the loss, want 2", r.Revision)
		}
		w.office.add(vase)
		p.push(vase)
		w.pass(0)
		if r := w.wantDone(vase); r.Revision != 1 {
			t.Errorf("revision %d of a later order, want 1", r.Revision)
		}
	})
}

// Row 18: where the trigger cannot be written down, the push is refused; the order itself goes on.
func TestPushThatCannotBeObserved(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		full := errors.New("disk full")
		w.observe = func(c confirm.Change) error {
			if c.Step == confirm.StepEnqueued {
				return full
			}
			return nil
		}
		p := w.start()
		if _, err := p.Push(w.Context(), key(lamp), confirm.ByPush); !errors.Is(err, full) {
			t.Errorf("error %v, want that of the observer", err)
		}
		w.pass(2 * time.Second)
		w.wantDone(lamp)
	})
}

// A record that is lost while the acknowledgement fails comes back as HANDED: the sink is not asked again.
func TestLostRecordOfWhatWasHandedOver(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		(&failing{}).shop(w)
		p := w.start()
		p.setDisturb(func(op string, n int) fault {
			switch {
			case op == "Acknowledge" && n <= 4:
				return fault{before: status(503)}
			case op == "Fail" && n == 1: // after it was handed over by this attempt
				p.mu.Unlock()
				w.lose()
				p.mu.Lock()
			}
			return fault{}
		})
		p.push(lamp)
		w.pass(0)
		if r := w.wantState(lamp, confirm.Handed); r.SHA == "" || r.Due.IsZero() {
			t.Errorf("record %+v", r)
		}
		w.pass(time.Minute)
		w.wantDone(lamp)
		w.wantCalls(lamp, 1, 1)
	})
}

// I21: what is told about an order says where it stood.
func TestStatesThatAreTold(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		p := w.prepare(func(op string, n int) fault {
			if op == "Acknowledge" && n <= 2 || op == "Take" && n == 1 {
				return fault{before: status(503)}
			}
			return fault{}
		})
		p.push(lamp)
		w.pass(0)
		p.Start() // not before: the loop is quick enough to begin before the push is told
		w.pass(time.Minute)
		p.push(lamp)
		w.pass(0)
		type told struct {
			Step     confirm.Step
			From, To confirm.State
		}
		var got []told
		w.mu.Lock()
		for _, c := range w.changes {
			if c.Order == lamp {
				got = append(got, told{c.Step, c.From, c.To})
			}
		}
		w.mu.Unlock()
		want := []told{
			{confirm.StepEnqueued, "", confirm.Pending}, {confirm.StepPrepared, confirm.Pending, confirm.Pending},
			{confirm.StepFailed, confirm.Pending, confirm.Pending}, {confirm.StepHanded, confirm.Pending, confirm.Handed},
			{confirm.StepFailed, confirm.Handed, confirm.Handed}, {confirm.StepAcked, confirm.Handed, confirm.Acked},
			{confirm.StepEnqueued, confirm.Acked, confirm.Acked},
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("want - / got +:\n%s", d)
		}
	})
}

// A body that is frozen again after its life is another revision, and is told.
func TestBodyThatLapsed(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.slow()
		w.office.add(lamp)
		w.sinks(func(context.Context, *rules.Event) (rules.Taken, error) { return rules.Taken{}, errors.New("500") })
		p := w.start()
		p.push(lamp)
		w.pass(confirm.BodyLife + time.Hour)
		w.wantState(lamp, confirm.Parked)
		w.sinks(nil)
		if _, err := p.Release(w.Context(), key(lamp), "anna"); err != nil {
			t.Fatal(err)
		}
		w.pass(0)
		if r := w.wantDone(lamp); r.Revision != 2 {
			t.Errorf("revision %d, want 2", r.Revision)
		}
		if told := w.told(confirm.StepPrepared); len(told) != 2 || told[1].Revision != 2 {
			t.Errorf("told %v", told)
		}
	})
}

// Inline remembers no more orders than it needs for a burst.
func TestInlineForgets(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.inlineShop()
		p := w.startWith(downStore)
		const orders = 1005
		for n := range orders {
			id := fmt.Sprintf("order-%d", n)
			w.office.add(id)
			p.push(id)
			time.Sleep(time.Millisecond)
		}
		for id, takes := range map[string]int{"order-0": 2, "order-4": 2, "order-500": 1, "order-1004": 1} {
			p.push(id)
			if n := len(w.takes(id)); n != takes {
				t.Errorf("order %s: the sink took it %d times, want %d", id, n, takes)
			}
		}
		w.bodies = false // there is none frozen
	})
}
