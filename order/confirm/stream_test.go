package confirm_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/management"
	"github.com/kvitto/kvitto/rules"
)

// streaming is a store that is the sink too.
type streaming struct {
	*wired
	w *world
}

func (s streaming) Stream(ctx context.Context, k confirm.Key, sha string, e *rules.Event) error {
	return s.call("Stream", func() error {
		r, err := s.at().Get(ctx, k)
		if err != nil {
			return err
		}
		if r.State == confirm.Pending {
			s.w.log.add(entry{op: "take", order: k.Order, id: e.ID, kind: e.Type, body: string(e.Body), ok: true})
		}
		return s.at().Handed(ctx, k, sha, confirm.Receipt{})
	})
}

func (s streaming) StreamWork(ctx context.Context, k confirm.Key, work confirm.Work, e *rules.Event) error {
	return s.call("StreamWork", func() error {
		s.w.log.add(entry{op: "take", order: k.Order, id: e.ID, kind: e.Type, body: string(e.Body), ok: true})
		return s.at().Finish(ctx, k, work, confirm.Did)
	})
}

func (w *world) streams() {
	w.merchant = func() *confirm.Merchant {
		return &confirm.Merchant{ID: shop, Provider: w.office.provider(), Stream: true}
	}
	w.options = func(o *confirm.Options) {
		o.Store = streaming{o.Store.(*wired), w}
		o.Poll = time.Minute
	}
}

// With the stream of the store as the sink, no death makes a duplicate.
func TestStream(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		op     string
		before bool
	}{{"none", false}, {"Stream", true}, {"Stream", false}, {"Acknowledge", true}, {"StreamWork", true}, {"StreamWork", false}} {
		t.Run(c.op, func(t *testing.T) {
			t.Parallel()
			run(t, func(w *world) {
				w.streams()
				w.office.add(lamp, func(m *managed) { m.fraud = management.FraudPending })
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
					t.Fatal(err)
				}
				w.pass(time.Minute)
				w.office.change(lamp, func(m *managed) { m.fraud = management.FraudAccepted })
				w.pass(20 * time.Minute)
				w.start()
				w.pass(20 * time.Minute)
				w.wantDone(lamp)
				w.wantKinds(lamp, rules.OrderConfirmed, rules.FraudAccepted)
			})
		})
	}
}

// What a sink answers is kept within the contract.
func TestAnswersOfTheSinkAreClipped(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("å", 300)
	for _, c := range []struct{ name, says, receipt, reference string }{
		{"short", "no. 7", "no. 7", "no. 7"},
		{"long", long, strings.Repeat("å", 127), strings.Repeat("å", 255)},
		{"not UTF-8", "a\xff", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			run(t, func(w *world) {
				w.taken = taken{Receipt: c.says, Reference1: c.says}
				w.office.add(lamp)
				w.start().push(lamp)
				w.pass(0)
				if r := w.wantDone(lamp); r.Receipt != c.receipt || r.Reference1 != c.reference {
					t.Errorf("receipt %q, reference %q", r.Receipt, r.Reference1)
				}
				if got := w.office.look(lamp).references.Reference1; got != c.reference {
					t.Errorf("reference at the provider %q", got)
				}
			})
		})
	}
}

// A panic of the merchant's own rule about captures costs that attempt, and its text is told nobody.
func TestPanicOfTheCaptureRule(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		made := w.merchant
		w.merchant = func() *confirm.Merchant {
			x := made()
			x.Capture = func(*management.Order) bool { panic(errors.New(canaryMail)) }
			return x
		}
		w.office.add(lamp)
		w.start().push(lamp)
		w.pass(time.Minute)
		w.wantState(lamp, confirm.Pending)
		w.wantCalls(lamp, 0, 0)
	})
}
