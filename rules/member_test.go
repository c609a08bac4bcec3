package rules_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

// deaf is a shipping engine that answers after d and does not look at its context.
func deaf(d time.Duration, o rules.Offers) *fakeShipping {
	return &fakeShipping{offer: func(context.Context, *rules.Query) (rules.Offers, error) {
		time.Sleep(d) // a fake clock's
		return o, nil
	}}
}

// within returns a context that ends after d.
func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

var errBoom = errors.New("boom")

func broken(context.Context, *rules.Query) (rules.Offers, error) { return rules.Offers{}, errBoom }

// TestFaults: whatever a plug-in does wrong costs its own call, the declared fallback serves, and it is told.
func TestFaults(t *testing.T) {
	t.Parallel()
	many := make([]string, 1001)
	for i := range many {
		many[i] = fmt.Sprint("o", i)
	}
	tests := []struct {
		name  string
		offer func(context.Context, *rules.Query) (rules.Offers, error)
		cause error
	}{
		{"error", broken, errBoom},
		{"panic", func(context.Context, *rules.Query) (rules.Offers, error) { panic("Anna Andersson") }, nil},
		{"index out of range", func(_ context.Context, q *rules.Query) (rules.Offers, error) {
			_ = q.Lines[len(q.Lines)]
			return rules.Offers{}, nil
		}, nil},
		{"exit", func(context.Context, *rules.Query) (rules.Offers, error) {
			runtime.Goexit()
			return rules.Offers{}, nil
		}, nil},
		{"late", deaf(time.Minute, rules.Offers{}).offer, rules.ErrLate},
		{"obeys its context", func(ctx context.Context, _ *rules.Query) (rules.Offers, error) {
			<-ctx.Done()
			return rules.Offers{}, ctx.Err()
		}, rules.ErrLate},
		{"no id", offers(priced([]string{""}, 1)).offer, rules.ErrNonsense},
		{"negative", offers(priced([]string{"a"}, -1)).offer, rules.ErrNonsense},
		{"over the contract", offers(priced([]string{"a"}, order.MaxLineAmount+1)).offer, rules.ErrNonsense},
		{"too many", offers(priced(many, make([]order.Amount, len(many))...)).offer, rules.ErrNonsense},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var told faults
				bad := rules.Member{Name: "acme.bad", Impl: &fakeShipping{offer: tt.offer}, Deadline: time.Second}
				good := table("s", offers(priced([]string{"a"}, 100)))

				e := engine(t, rules.Options{OnFault: told.add}, bad, good)
				plan, d, err := e.Price(within(t, 2*time.Second), e.Query(rules.AddressUpdate, cart(shirt()), noon()))
				if err != nil || plan != nil {
					t.Fatalf("deny: got plan %v, error %v", plan, err)
				}
				if d.Reject != (rules.Reject{Kind: rules.ApprovalFailed, TextKey: "fault"}) || d.Reasons[0].Rule != "acme.bad" {
					t.Errorf("deny: got %+v", d)
				}
				if strings.Contains(fmt.Sprint(d, told.last(t).Cause), "Anna") {
					t.Error("the text of a panic got out")
				}
				if tt.cause != nil && !errors.Is(told.last(t).Cause, tt.cause) {
					t.Errorf("cause: got %v, want %v", told.last(t).Cause, tt.cause)
				}

				bad.OnFault = rules.FaultSkip
				e = engine(t, rules.Options{OnFault: told.add}, bad, good)
				plan, _, err = e.Price(within(t, 2*time.Second), e.Query(rules.AddressUpdate, cart(shirt()), noon()))
				if err != nil || plan == nil {
					t.Fatalf("skip: got plan %v, error %v", plan, err)
				}
				if diff := cmp.Diff([]string{"acme.bad ShippingEngine deny", "acme.bad ShippingEngine skip"}, told.told()); diff != "" {
					t.Errorf("told (-want +got):\n%s", diff)
				}
				time.Sleep(time.Hour) // goroutines that were cut off come back
			})
		})
	}
}

func TestPanicKeepsItsStack(t *testing.T) {
	t.Parallel()
	var told faults
	bad := &fakeShipping{offer: func(context.Context, *rules.Query) (rules.Offers, error) { panic(errBoom) }}
	e := engine(t, rules.Options{OnFault: told.add}, rules.Member{Name: "acme.bad", Impl: bad})
	price(t, e, cart(shirt()))
	p, ok := errors.AsType[*rules.PanicError](told.last(t).Cause)
	if !ok || !strings.Contains(string(p.Stack), "TestPanicKeepsItsStack") {
		t.Fatalf("cause: got %v, want a panic with the stack of its goroutine", told.last(t).Cause)
	}
	if got, want := p.Error(), "panic: a value of type *errors.errorString in rules_test.TestPanicKeepsItsStack"; !strings.HasPrefix(got, want) {
		t.Errorf("text: got %q, want %q", got, want)
	}
}

func TestInlinePanicIsAnError(t *testing.T) {
	t.Parallel()
	e := engine(t, rules.Options{}, table("shipping", &fakeShipping{
		offer: func(context.Context, *rules.Query) (rules.Offers, error) { panic("x") }}))
	_, _, err := e.Price(t.Context(), e.Query(rules.AddressUpdate, cart(shirt()), noon()))
	if p, ok := errors.AsType[*rules.PanicError](err); !ok || !strings.HasPrefix(err.Error(), "shipping: ShippingEngine: panic: ") {
		t.Errorf("error: got %v (%v)", err, p)
	}
}

// TestSkippedAndNothingElse: a failure of ours is not told as an address that is not served.
func TestSkippedAndNothingElse(t *testing.T) {
	t.Parallel()
	e := engine(t, rules.Options{}, rules.Member{Name: "acme.bad", Impl: &fakeShipping{offer: broken}, OnFault: rules.FaultSkip})
	_, d := price(t, e, cart(shirt()))
	if d.Reject != (rules.Reject{Kind: rules.ApprovalFailed, TextKey: "fault"}) {
		t.Errorf("decision: got %+v", d)
	}
}

func TestBackupServes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		backup func(*rules.Query) rules.Offers
		want   []string
		told   []string
	}{
		{"offers", func(*rules.Query) rules.Offers { return priced([]string{"backup"}, 100) }, []string{"backup*"},
			[]string{"acme.carrier ShippingEngine backup"}},
		{"panics", func(*rules.Query) rules.Offers { panic("x") }, nil,
			[]string{"acme.carrier Backup skip", "acme.carrier ShippingEngine deny"}},
		{"nonsense", func(*rules.Query) rules.Offers { return priced([]string{""}, 100) }, nil,
			[]string{"acme.carrier Backup skip", "acme.carrier ShippingEngine deny"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var told faults
			e := engine(t, rules.Options{OnFault: told.add}, rules.Member{Name: "acme.carrier",
				Impl: &backedShipping{fakeShipping: fakeShipping{offer: broken}, backup: tt.backup}})
			plan, d := price(t, e, cart(shirt()))
			if plan != nil {
				if diff := cmp.Diff(tt.want, ids(plan)); diff != "" {
					t.Errorf("options (-want +got):\n%s", diff)
				}
			} else if tt.want != nil {
				t.Errorf("decision: got %+v, want %v", d, tt.want)
			}
			if diff := cmp.Diff(tt.told, told.told()); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
		})
	}
}

// TestBreaker: five failures in a row open it, after its rest one call may try, a success closes it.
func TestBreaker(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var told faults
		asked, healthy := 0, false
		s := &fakeShipping{offer: func(context.Context, *rules.Query) (rules.Offers, error) {
			asked++
			if !healthy {
				return rules.Offers{}, errBoom
			}
			return priced([]string{"a"}, 100), nil
		}}
		e := engine(t, rules.Options{OnFault: told.add}, rules.Member{Name: "acme.carrier", Impl: s})
		ask := func(times, want int) {
			t.Helper()
			before := asked
			for range times {
				price(t, e, cart(shirt()))
			}
			if asked-before != want {
				t.Errorf("asked %d times of %d, want %d", asked-before, times, want)
			}
		}
		ask(8, 5)
		if cause := told.last(t).Cause; !errors.Is(cause, rules.ErrBreaker) {
			t.Errorf("cause: got %v, want an open breaker", cause)
		}
		time.Sleep(11 * time.Second)
		ask(3, 1) // half open: one failure opens it again
		time.Sleep(11 * time.Second)
		healthy = true
		ask(3, 3)
	})
}

// TestGoneDoesNotCount: a client that hung up says nothing about the plug-in.
func TestGoneDoesNotCount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var told faults
		s := &fakeShipping{offer: func(ctx context.Context, _ *rules.Query) (rules.Offers, error) {
			<-ctx.Done()
			return rules.Offers{}, ctx.Err()
		}}
		e := engine(t, rules.Options{OnFault: told.add}, rules.Member{Name: "acme.carrier", Impl: s, OnFault: rules.FaultSkip})
		for range 10 {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			_, _, err := e.Price(ctx, e.Query(rules.AddressUpdate, cart(shirt()), noon()))
			if !errors.Is(err, rules.ErrDeadline) || !errors.Is(err, context.Canceled) {
				t.Fatalf("error: got %v, want the end of the context", err)
			}
		}
		if got := told.told(); got != nil {
			t.Errorf("told: got %v, want nothing", got)
		}
	})
}

// TestLateAnswerIsDropped: what comes back after the cut-off changes nothing, and what the late one still reads is
// not written to. The race detector is the second judge.
func TestLateAnswerIsDropped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var told faults
		lateRead := 0
		slow := &fakeFacts{facts: func(_ context.Context, q *rules.Query) (rules.Facts, error) {
			time.Sleep(time.Minute)
			lateRead = len(q.Lines) + len(q.Facts.Pickup) + len(q.Facts.LineTags) + len(q.Facts.Unavailable) + len(q.Facts.Coupons)
			q.Trace.Notes = append(q.Trace.Notes, rules.Step{Text: "too late"})
			return rules.Facts{Group: "late"}, nil
		}}
		quick := &fakeFacts{facts: func(context.Context, *rules.Query) (rules.Facts, error) {
			return rules.Facts{Coupons: []string{"B"}, LineTags: map[int][]string{0: {"t"}}, Pickup: map[string][]rules.PickupPoint{"": nil}}, nil
		}}
		var seen rules.Facts
		s := &fakeShipping{offer: func(_ context.Context, q *rules.Query) (rules.Offers, error) {
			seen = q.Facts
			return priced([]string{"a"}, 100), nil
		}}
		e := engine(t, rules.Options{OnFault: told.add},
			rules.Member{Name: "acme.quick", Impl: quick},
			rules.Member{Name: "acme.slow", Impl: slow, OnFault: rules.FaultSkip, Deadline: 100 * time.Millisecond},
			rules.Member{Name: "acme.quick2", Impl: quick},
			table("s", s))
		q := e.Query(rules.AddressUpdate, cart(shirt()), noon())
		q.Trace = &rules.Trace{}
		plan, _, err := e.Price(within(t, 2*time.Second), q)
		if err != nil || plan == nil {
			t.Fatalf("got plan %v, error %v", plan, err)
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if lateRead != 4 { // one line, one coupon, one provider's points, one line's tags
			t.Errorf("the late member read %d things, want 4", lateRead)
		}
		if seen.Group != "" || !seen.Unavailable["acme.slow"] || len(seen.Coupons) != 2 || len(q.Trace.Notes) != 0 {
			t.Errorf("facts: got %+v, notes %v", seen, q.Trace.Notes)
		}
	})
}

// TestBudget: a member without a share of its own leaves time for what comes after it.
func TestBudget(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		share time.Duration
		total time.Duration
		want  time.Duration
	}{
		{"what is left", 0, 8 * time.Second, 7 * time.Second},
		{"its own", time.Second, 8 * time.Second, time.Second},
		{"its own is more than there is", time.Minute, 8 * time.Second, 7 * time.Second},
		{"no end", 0, 0, 10 * time.Second},
		{"no end, its own", time.Minute, 0, time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if tt.total > 0 {
					ctx = within(t, tt.total)
				}
				e := engine(t, rules.Options{}, table("s", offers(priced([]string{"a"}, 100))), rules.Member{
					Name: "acme.slow", Impl: deaf(time.Hour, rules.Offers{}), Deadline: tt.share, OnFault: rules.FaultSkip})
				begin := time.Now()
				plan, _, err := e.Price(ctx, e.Query(rules.AddressUpdate, cart(shirt()), noon()))
				if err != nil || plan == nil {
					t.Fatalf("got plan %v, error %v", plan, err)
				}
				if got := time.Since(begin); got != tt.want {
					t.Errorf("cut off after %s, want %s", got, tt.want)
				}
				time.Sleep(2 * time.Hour)
			})
		})
	}
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	e := engine(t, rules.Options{}, table("s", offers(priced([]string{"a"}, 100))))
	ctx, cancel := context.WithDeadline(t.Context(), noon().AddDate(-10, 0, 0))
	defer cancel()
	q := e.Query(rules.Validation, cart(shirt()), noon())
	_, _, err := e.Price(ctx, q)
	if !errors.Is(err, rules.ErrDeadline) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Price: got %v", err)
	}
	_, err = e.Judge(ctx, q, nil, 0)
	if !errors.Is(err, rules.ErrDeadline) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Judge: got %v", err)
	}
}

// TestCrowd: a plug-in that never comes back holds a bounded number of goroutines, however long the flood.
func TestCrowd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var told faults
		release := make(chan struct{})
		s := &fakeShipping{offer: func(context.Context, *rules.Query) (rules.Offers, error) {
			<-release
			return rules.Offers{}, nil
		}}
		e := engine(t, rules.Options{OnFault: told.add},
			rules.Member{Name: "acme.stuck", Impl: s, OnFault: rules.FaultSkip, Deadline: time.Second}, table("s", offers(priced([]string{"a"}, 1))))
		for range 300 {
			go func() {
				if _, _, err := e.Price(t.Context(), e.Query(rules.AddressUpdate, cart(shirt()), noon())); err != nil {
					t.Error(err)
				}
			}()
		}
		synctest.Wait()
		if n := len(told.told()); n != 300-256 {
			t.Errorf("%d calls were refused at once, want %d", n, 300-256)
		}
		time.Sleep(2 * time.Second)
		close(release)
	})
}
