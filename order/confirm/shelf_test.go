package confirm_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/management"
	"github.com/kvitto/kvitto/rules"
)

// I23: an order that is not shown for 60 s is handed over within 30 s of the change.
func TestUnknownForAMinute(t *testing.T) {
	t.Parallel()
	for _, lag := range []time.Duration{time.Second, 6 * time.Second, 37 * time.Second, time.Minute} {
		t.Run(fmt.Sprintf("row 50 404 for %v", lag), func(t *testing.T) {
			t.Parallel()
			run(t, func(w *world) {
				w.office.add(lamp, func(m *managed) { m.shownFrom = m.created.Add(lag) })
				w.start().push(lamp)
				w.pass(lag - time.Millisecond)
				w.wantCalls(lamp, 0, 0)
				w.pass(30*time.Second + time.Millisecond)
				w.wantDone(lamp)
				w.wantCalls(lamp, 1, 1)
			})
		})
	}
}

// Row 38, I6: an id that nobody knows costs a bounded number of reads, and is forgotten after the horizon.
func TestUnknownIsForgotten(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.slow()
		p := w.start()
		p.push(lamp)
		w.pass(time.Hour)
		if n := p.count("Order"); n > 18 {
			t.Errorf("%d reads within the first hour", n)
		}
		w.wantState(lamp, confirm.Pending)
		w.pass(48 * time.Hour)
		if _, err := w.disk().Get(w.Context(), key(lamp)); !errors.Is(err, confirm.ErrNotFound) {
			t.Errorf("error %v, want no record", err)
		}
		if n := p.count("Order"); n > 70 {
			t.Errorf("%d reads in all", n)
		}
		if len(w.told(confirm.StepForgotten)) != 1 || len(w.told(confirm.StepParked)) != 0 {
			t.Errorf("told %v and %v", w.told(confirm.StepForgotten), w.told(confirm.StepParked))
		}
	})
}

// I3c: an order that nobody could ask for is no unknown one. It is parked, not forgotten.
func TestWhatCouldNotBeAskedForIsParked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		order func(int) error
		shop  bool
	}{
		{"row 49 401 for two days", upTo(1<<30, status(401)), true},
		{"row 47 5xx for two days", upTo(1<<30, status(503)), true},
		{"404 and then 5xx", func(n int) error {
			if n == 1 {
				return status(404)
			}
			return status(500)
		}, true},
		{"no process for two days", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			run(t, func(w *world) {
				w.slow()
				w.office.add(lamp)
				(&failing{order: c.order}).shop(w)
				p := w.prepare(nil)
				if c.shop {
					p.Start()
				} else if _, _, err := w.disk().Enqueue(w.Context(), key(lamp), confirm.Nudge{}); err != nil {
					t.Fatal(err)
				}
				if c.shop {
					p.push(lamp)
				}
				w.pass(49 * time.Hour)
				if !c.shop {
					p.Start()
					w.pass(2 * time.Minute)
				}
				if r := w.wantState(lamp, confirm.Parked); r.Reason != string(confirm.ReasonHorizon) || r.Prev != confirm.Pending {
					t.Errorf("parked for %q, before %s", r.Reason, r.Prev)
				}
				w.wantCalls(lamp, 0, 0)
				r, err := p.Release(w.Context(), key(lamp), "anna")
				if err != nil || r.State != confirm.Pending {
					t.Errorf("released: %v, %v", r.State, err)
				}
			})
		})
	}
}

// I6b: an order that is older than any push is parked, and handed over once a person says so, whatever fails meanwhile.
func TestStale(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		fault func(op string, n int) fault
	}{
		{"row 40 stale", nil},
		{"row 40 and the process dies before it is parked", func(op string, n int) fault {
			if op == "Park" && n == 1 {
				return fault{before: errDown}
			}
			return fault{}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			run(t, func(w *world) {
				w.office.add(lamp, func(m *managed) { m.created = m.created.Add(-50 * time.Hour) })
				f := &failing{}
				f.shop(w)
				p := w.startWith(c.fault)
				p.push(lamp)
				w.pass(time.Minute)
				if r := w.wantState(lamp, confirm.Parked); r.Reason != string(confirm.ReasonStale) {
					t.Errorf("parked for %q, want stale", r.Reason)
				}
				w.wantCalls(lamp, 0, 0)
				if r := p.push(lamp); r.State != confirm.Parked {
					t.Errorf("a push makes it %s", r.State)
				}
				w.pass(time.Hour)
				w.wantCalls(lamp, 0, 0)
				f.reads(func(n int) error {
					if n < 6 {
						return status(503)
					}
					return nil
				})
				if _, err := p.Release(w.Context(), key(lamp), "anna"); err != nil {
					t.Fatal(err)
				}
				w.pass(5 * time.Minute)
				w.wantDone(lamp)
				w.wantCalls(lamp, 1, 1)
				if told := w.told(confirm.StepReleased); len(told) != 1 || told[0].By != "anna" || told[0].Reason != confirm.ReasonStale {
					t.Errorf("told %v", told)
				}
			})
		})
	}
}

// A store whose clock is not far off parks no order that the provider still pushes.
func TestNotStale(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp, func(m *managed) { m.created = m.created.Add(-48 * time.Hour) })
		w.office.add(vase, func(m *managed) { m.created = time.Time{} })
		p := w.start()
		p.push(lamp)
		p.push(vase)
		w.pass(0)
		w.wantDone(lamp)
		w.wantDone(vase)
	})
}

// Row 58: the sink is down for two days. The order is parked at the horizon, and the same bytes go out after the release.
func TestHorizon(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.slow()
		w.office.add(lamp)
		w.sinks(func(context.Context, *rules.Event) (rules.Taken, error) { return rules.Taken{}, errors.New("500") })
		p := w.start()
		p.push(lamp)
		w.pass(46*time.Hour + 59*time.Minute)
		w.wantState(lamp, confirm.Pending)
		w.pass(2 * time.Hour)
		if r := w.wantState(lamp, confirm.Parked); r.Reason != string(confirm.ReasonHorizon) || r.Prev != confirm.Pending {
			t.Errorf("parked for %q before %s", r.Reason, r.Prev)
		}
		w.sinks(nil)
		if _, err := p.Release(w.Context(), key(lamp), "anna"); err != nil {
			t.Fatal(err)
		}
		w.pass(0)
		w.wantDone(lamp)
		w.wantCalls(lamp, 1, 1)
	})
}

// Row 58: the sink fails for an hour, and takes the order at the next attempt.
func TestSinkDownForAnHour(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		w.sinks(func(context.Context, *rules.Event) (rules.Taken, error) { return rules.Taken{}, errors.New("500") })
		w.start().push(lamp)
		w.pass(time.Hour)
		w.wantCalls(lamp, 0, 0)
		if r := w.record(lamp); r.Reason != string(confirm.ReasonSink) || r.Attempts < 6 {
			t.Errorf("%d attempts, reason %q", r.Attempts, r.Reason)
		}
		w.sinks(nil)
		w.pass(time.Hour)
		w.wantDone(lamp)
		w.wantCalls(lamp, 1, 1)
	})
}

// Row 59: a sink that is gone parks; the release brings the order back.
func TestSinkGone(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		w.sinks(func(context.Context, *rules.Event) (rules.Taken, error) {
			return rules.Taken{}, fmt.Errorf("%w: 410", rules.ErrSinkGone)
		})
		p := w.start()
		p.push(lamp)
		w.pass(time.Hour)
		if r := w.wantState(lamp, confirm.Parked); r.Reason != string(confirm.ReasonSinkGone) {
			t.Errorf("parked for %q", r.Reason)
		}
		w.wantCalls(lamp, 0, 0)
		if n := p.count("Take"); n != 1 {
			t.Errorf("the sink was asked %d times", n)
		}
		w.sinks(nil)
		if _, err := p.Release(w.Context(), key(lamp), "anna"); err != nil {
			t.Fatal(err)
		}
		w.pass(0)
		w.wantDone(lamp)
	})
}

// Row 60: a sink that hangs is cut off after 10 s; row 61: what it took all the same comes again with the same bytes.
func TestSinkHangs(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		waits := make(chan time.Duration, 9)
		w.sinks(func(ctx context.Context, _ *rules.Event) (rules.Taken, error) {
			began := time.Now()
			<-ctx.Done()
			waits <- time.Since(began)
			return rules.Taken{}, ctx.Err()
		})
		p := w.start()
		p.push(lamp)
		w.pass(25 * time.Second)
		if len(waits) != 2 || <-waits != 10*time.Second || <-waits != 10*time.Second {
			t.Errorf("not cut off twice after 10 s each")
		}
		w.sinks(nil)
		w.pass(time.Minute)
		w.wantDone(lamp)
	})
}

// A sink that asks for rest gets it, between 1 s and 1 h.
func TestSinkAsksForRest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ asked, waits time.Duration }{
		{90 * time.Second, 90 * time.Second}, {0, time.Second}, {-time.Hour, time.Second}, {1 << 60, time.Hour},
	} {
		t.Run(fmt.Sprintf("row 100 %v", c.asked), func(t *testing.T) {
			t.Parallel()
			run(t, func(w *world) {
				w.office.add(lamp)
				var n atomic.Int32
				w.sinks(func(context.Context, *rules.Event) (rules.Taken, error) {
					if n.Add(1) == 1 {
						return rules.Taken{}, fmt.Errorf("429: %w", &rules.Later{After: c.asked, Cause: errors.New("busy")})
					}
					return rules.Taken{}, nil
				})
				w.start().push(lamp)
				w.pass(c.waits - time.Millisecond)
				if n.Load() != 1 {
					t.Errorf("the sink was asked %d times", n.Load())
				}
				w.pass(2 * time.Second)
				w.wantDone(lamp)
			})
		})
	}
}

// Bodies of two attempts that know nothing of each other: the second is set aside for a person.
func TestConflict(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		w.bodies = false
		p := w.start()
		p.setDisturb(func(op string, n int) fault {
			if op == "Handed" && n == 1 {
				if err := w.disk().Handed(w.Context(), key(lamp), strings.Repeat("0", 64), confirm.Receipt{}); err != nil {
					t.Error(err)
				}
			}
			return fault{}
		})
		p.push(lamp)
		w.pass(time.Minute)
		if r := w.wantState(lamp, confirm.Parked); r.Reason != string(confirm.ReasonConflict) || r.Prev != confirm.Handed {
			t.Errorf("parked for %q before %s", r.Reason, r.Prev)
		}
		w.wantCalls(lamp, 1, 0)
	})
}

// A person parks and releases; a push changes nothing about it.
func TestParkByHand(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		w.sinks(func(context.Context, *rules.Event) (rules.Taken, error) { return rules.Taken{}, errors.New("500") })
		p := w.start()
		if _, err := p.Park(w.Context(), key(lamp), "anna"); !errors.Is(err, confirm.ErrNotFound) {
			t.Errorf("error %v, want ErrNotFound", err)
		}
		if _, err := p.Release(w.Context(), key(lamp), "anna"); !errors.Is(err, confirm.ErrNotFound) {
			t.Errorf("error %v, want ErrNotFound", err)
		}
		p.push(lamp)
		w.pass(0)
		for range 2 {
			if r, err := p.Park(w.Context(), key(lamp), "anna"); err != nil || r.State != confirm.Parked {
				t.Fatalf("%v, %v", r, err)
			}
		}
		if told := w.told(confirm.StepParked); len(told) != 1 || told[0].By != "anna" || told[0].Reason != confirm.ReasonPerson {
			t.Errorf("told %v", told)
		}
		w.sinks(nil)
		p.push(lamp)
		w.pass(time.Hour)
		w.wantCalls(lamp, 0, 0)
		if _, err := p.Release(w.Context(), key(lamp), "anna"); err != nil {
			t.Fatal(err)
		}
		w.pass(0)
		w.wantDone(lamp)
		if _, err := p.Park(w.Context(), key(lamp), "anna"); !errors.Is(err, confirm.ErrDone) {
			t.Errorf("error %v, want ErrDone", err)
		}
	})
}

// Cancelled and expired orders are handed over as such.
func TestCancelledIsHandedOver(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp, func(m *managed) { m.status = management.Cancelled })
		w.start().push(lamp)
		w.pass(0)
		w.wantDone(lamp)
		w.wantCalls(lamp, 1, 1)
		if body := w.takes(lamp)[0].body; !strings.Contains(body, `"status":"CANCELLED"`) {
			t.Errorf("body %s", body)
		}
	})
}

// The seal: any of the keys opens, the first one seals, none of them is a fault that is told and no delivery.
func TestSealRotation(t *testing.T) {
	t.Parallel()
	long := func(c string) string { return strings.Repeat(c, 32) }
	for _, c := range []struct {
		name          string
		before, after []string
		opens         bool
	}{
		{"the same key", []string{long("a")}, []string{long("a")}, true},
		{"a new key before the old one", []string{long("a")}, []string{long("b"), long("a")}, true},
		{"sealing begins", nil, []string{long("a")}, true},
		{"wrong key", []string{long("a")}, []string{long("b")}, false},
		{"no key any more", []string{long("a")}, nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			run(t, func(w *world) {
				w.office.add(lamp)
				w.seal = must(confirm.NewSeal(c.before...))
				w.sinks(func(context.Context, *rules.Event) (rules.Taken, error) { return rules.Taken{}, errors.New("500") })
				p := w.start()
				p.push(lamp)
				w.pass(0)
				p.stop()
				w.wantSealed(len(c.before) > 0)
				w.seal = must(confirm.NewSeal(c.after...))
				w.sinks(nil)
				w.start()
				w.pass(time.Minute)
				if !c.opens {
					if r := w.wantState(lamp, confirm.Pending); r.Reason != string(confirm.ReasonSealed) {
						t.Errorf("reason %q, want sealed", r.Reason)
					}
					w.wantCalls(lamp, 0, 0)
					return
				}
				w.wantDone(lamp)
			})
		})
	}
}

// wantSealed ends the test unless what the store keeps of the order can be read, or cannot.
func (w *world) wantSealed(sealed bool) {
	w.Helper()
	var body string
	if err := w.disk().Dump(w.Context(), shop, func(s confirm.Snapshot) error { body = string(s.Body); return nil }); err != nil {
		w.Fatal(err)
	}
	if body == "" || strings.Contains(body, canaryName) == sealed {
		w.Fatalf("sealed: want %v, stored is %q", sealed, body)
	}
}
