package confirm_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/management"
	"github.com/kvitto/kvitto/rules"
)

func TestOnceWhenNothingFails(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		p := w.start()
		if r := p.push(lamp); r.State != confirm.Pending {
			t.Errorf("push says %s, want PENDING", r.State)
		}
		w.pass(0)
		w.wantDone(lamp)
		w.wantCalls(lamp, 1, 1)
		if r := p.push(lamp); r.State != confirm.Acked {
			t.Errorf("push says %s, want ACKED", r.State)
		}
		w.pass(time.Hour)
		w.wantCalls(lamp, 1, 1)
	})
}

// I2: N duplicates over M replicas, exactly one delivery and one acknowledgement each.
func TestDuplicatesOverReplicas(t *testing.T) {
	t.Parallel()
	const orders, duplicates, replicas = 40, 12, 3
	run(t, func(w *world) {
		var ps []*process
		for range replicas {
			ps = append(ps, w.start())
		}
		var wait sync.WaitGroup
		for n := range orders {
			id := fmt.Sprintf("order-%d", n)
			w.office.add(id)
			for d := range duplicates {
				wait.Go(func() { ps[d%replicas].push(id) })
			}
		}
		wait.Wait()
		w.pass(time.Minute)
		for n := range orders {
			id := fmt.Sprintf("order-%d", n)
			w.wantDone(id)
			w.wantCalls(id, 1, 1)
		}
	})
}

// I1: whatever the sink says but success, nothing is acknowledged. The history is checked in every test.
func TestNoAcknowledgementWithoutTheSink(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		err  error
	}{
		{"a fault", errors.New("no")},
		{"come later", &rules.Later{After: 40 * time.Minute, Cause: errors.New("busy")}},
		{"gone", fmt.Errorf("%w: 410", rules.ErrSinkGone)},
		{"the deadline", context.DeadlineExceeded},
	} {
		t.Run(c.name, func(t *testing.T) {
			run(t, func(w *world) {
				w.office.add(lamp)
				w.slow()
				w.sinks(func(context.Context, *rules.Event) (rules.Taken, error) { return rules.Taken{}, c.err })
				w.start().push(lamp)
				w.pass(46 * time.Hour)
				w.wantCalls(lamp, 0, 0)
			})
		})
	}
	t.Run("a panic", func(t *testing.T) {
		run(t, func(w *world) {
			w.office.add(lamp)
			w.sinks(func(context.Context, *rules.Event) (rules.Taken, error) { panic(canaryName) })
			w.start().push(lamp)
			w.pass(time.Hour)
			w.wantCalls(lamp, 0, 0)
			if f := w.told(confirm.StepFailed); len(f) == 0 || f[0].Reason != confirm.ReasonInternal {
				t.Errorf("told %v, want failures of our own", f)
			}
			w.sinks(nil)
			w.pass(time.Hour)
			w.wantDone(lamp)
		})
	})
}

// I3: a death between any two steps, and the order is acknowledged within lease and poll.
func TestDeathBetweenAnyTwoSteps(t *testing.T) {
	t.Parallel()
	const lease, poll = 30 * time.Second, time.Second
	for _, c := range []struct {
		row         string
		op          string
		before      bool
		takes, acks int // in all
	}{
		{"row 3 after enqueue", "Claim", true, 1, 1},
		{"row 4 after claim", "Claim", false, 1, 1},
		{"row 4 before the order is read", "Order", true, 1, 1},
		{"row 5 after the order was read", "Order", false, 1, 1},
		{"row 5 before the body is frozen", "Prepare", true, 1, 1},
		{"row 6 after the body was frozen", "Prepare", false, 1, 1},
		{"row 6 before the sink", "Take", true, 1, 1},
		{"row 7 after the sink took it", "Take", false, 2, 1},
		{"row 7 before HANDED", "Handed", true, 2, 1},
		{"row 8 after HANDED", "Handed", false, 1, 1},
		{"row 8 before the acknowledgement", "Acknowledge", true, 1, 1},
		{"row 9 after the acknowledgement, reply lost", "Acknowledge", false, 1, 2},
		{"row 10 before ACKED", "Acked", true, 1, 2},
		{"row 10 after ACKED", "Acked", false, 1, 1},
	} {
		t.Run(c.row, func(t *testing.T) {
			t.Parallel()
			run(t, func(w *world) {
				w.office.add(lamp)
				p := w.startWith(func(op string, n int) fault {
					switch {
					case op != c.op || n != 1:
						return fault{}
					case c.before:
						return fault{before: errCut}
					default:
						return fault{after: errCut}
					}
				})
				if _, err := p.Push(w.Context(), key(lamp), confirm.ByPush); err != nil && !p.cut.Load() {
					t.Fatal(err) // a dead process answers nothing
				}
				w.pass(0)
				if !p.cut.Load() {
					t.Fatal("the process lives")
				}
				w.start()
				w.pass(lease + poll)
				w.wantDone(lamp)
				w.wantCalls(lamp, c.takes, c.acks)
			})
		})
	}
}

// I3b: no further push comes, and the order is finished all the same.
func TestOnePushIsEnough(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		var broken atomic.Bool
		broken.Store(true)
		w.sinks(func(context.Context, *rules.Event) (rules.Taken, error) {
			if broken.Load() {
				return rules.Taken{}, errors.New("down")
			}
			return w.taken, nil
		})
		p := w.start()
		p.push(lamp)
		w.pass(20 * time.Second)
		p.kill()
		broken.Store(false)
		w.start()
		w.pass(3 * time.Minute)
		w.wantDone(lamp)
	})
}

// Row 13: a zombie. It sleeps at the sink for longer than its lease, and another finishes with the same body.
func TestZombie(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		row, op     string
		takes, acks int
	}{
		{"row 13 asleep before the sink", "Order", 1, 1},
		{"row 13 asleep after the sink", "Handed", 2, 1},
		{"row 13 asleep after the acknowledgement", "Acked", 1, 2},
	} {
		t.Run(c.row, func(t *testing.T) {
			t.Parallel()
			run(t, func(w *world) {
				w.office.add(lamp)
				sleeper := w.start()
				sleeper.setDisturb(func(op string, n int) fault {
					if op == c.op && n == 1 {
						sleeper.mu.Unlock()
						time.Sleep(35 * time.Second)
						sleeper.mu.Lock()
					}
					return fault{}
				})
				sleeper.push(lamp)
				w.pass(0)
				w.start()
				w.pass(time.Minute)
				w.wantDone(lamp)
				w.wantCalls(lamp, c.takes, c.acks)
			})
		})
	}
}

// A long attempt keeps its lease: nobody else begins meanwhile.
func TestLeaseIsRenewed(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		slow := w.office.provider()
		order, ack := slow.order, slow.ack
		slow.order = func(ctx context.Context, id string) (*management.Order, error) {
			time.Sleep(2900 * time.Millisecond)
			return order(ctx, id)
		}
		slow.ack = func(ctx context.Context, id, key string) error {
			time.Sleep(2900 * time.Millisecond)
			return ack(ctx, id, key)
		}
		w.merchant = func() *confirm.Merchant { return &confirm.Merchant{ID: shop, Provider: slow, Sink: w.sink()} }
		w.options = func(o *confirm.Options) { o.Lease = 14 * time.Second }
		w.sinks(func(context.Context, *rules.Event) (rules.Taken, error) {
			time.Sleep(9 * time.Second)
			return rules.Taken{}, nil
		})
		p := w.start()
		w.start()
		p.push(lamp)
		w.pass(time.Minute)
		w.wantDone(lamp)
		w.wantCalls(lamp, 1, 1)
	})
}

// I17: what is not an id reaches neither the store nor the provider.
func TestIDsAreClean(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		p := w.start()
		calls := p.count("Enqueue") + p.count("Get")
		for _, id := range []string{"", "-a", "a/b", "..", "a b", "a%2fb", "a?b", "a#b", "{checkout.order.id}", "a\r\nb", "å", strings.Repeat("a", 65), "a}b", "a\x00"} {
			k := key(id)
			p.Expect(k)
			for name, do := range map[string]func() error{
				"push":      func() error { _, err := p.Push(w.Context(), k, confirm.ByPush); return err },
				"notify":    func() error { _, err := p.Notify(w.Context(), k, true); return err },
				"ensure":    func() error { _, err := p.Ensure(w.Context(), k); return err },
				"reconcile": func() error { _, err := p.Reconcile(w.Context(), k); return err },
				"park":      func() error { _, err := p.Park(w.Context(), k, "me"); return err },
				"release":   func() error { _, err := p.Release(w.Context(), k, "me"); return err },
			} {
				if err := do(); err == nil || errors.Is(err, confirm.ErrDown) {
					t.Errorf("%s %q: error %v, want a refusal", name, id, err)
				}
			}
		}
		w.pass(time.Hour)
		if got := p.count("Enqueue") + p.count("Get"); got != calls {
			t.Errorf("the store was asked %d times", got-calls)
		}
		if _, err := p.Push(w.Context(), confirm.Key{Merchant: "nobody", Order: lamp}, confirm.ByPush); err == nil {
			t.Error("an unknown merchant is no error")
		}
	})
}

// I18, rows 20 and 46: the wall clock jumps, and all that comes of it are repeats.
func TestClockJumps(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{time.Hour, -time.Hour} {
		for _, at := range []string{"Order", "Take", "Acknowledge"} {
			t.Run(fmt.Sprintf("row 46 %v at %s", skew, at), func(t *testing.T) {
				t.Parallel()
				run(t, func(w *world) {
					w.office.add(lamp)
					p := w.startWith(func(op string, n int) fault {
						if op == at && n == 1 {
							w.setClock(skew)
						}
						return fault{}
					})
					p.push(lamp)
					w.start()
					w.pass(2 * time.Hour)
					w.wantDone(lamp)
					if n := len(w.takes(lamp)); n > 2 {
						t.Errorf("%d deliveries", n)
					}
				})
			})
		}
	}
}
