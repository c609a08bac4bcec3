package confirm_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/boltstore"
	"github.com/kvitto/kvitto/order/management"
	"github.com/kvitto/kvitto/rules"
)

// wire is all that a process has to the world: its store, the provider and the sink. Cut, the process is as dead.
type wire struct {
	cut     atomic.Bool
	mu      sync.Mutex
	calls   map[string]int
	disturb func(op string, n int) fault // n counts the calls of an op from 1
}

// fault is what happens to a call: an error before it, so that it has no effect, or instead of its answer.
type fault struct{ before, after error }

var errCut = fmt.Errorf("%w: cut off", confirm.ErrDown)

// call makes a call, unless the wire is cut or disturbed.
func (w *wire) call(op string, f func() error) error {
	if w.cut.Load() {
		return errCut
	}
	w.mu.Lock()
	w.calls[op]++
	var d fault
	if w.disturb != nil {
		d = w.disturb(op, w.calls[op])
	}
	w.mu.Unlock()
	if d.before != nil {
		w.cutIf(d.before)
		return d.before
	}
	err := f()
	if d.after != nil {
		w.cutIf(d.after)
		return d.after
	}
	if w.cut.Load() { // meanwhile
		return errCut
	}
	return err
}

func (w *wire) cutIf(err error) {
	if err == errCut { //nolint:errorlint // that value, which cuts
		w.cut.Store(true)
	}
}

// count is how often an op was called.
func (w *wire) count(op string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.calls[op]
}

// wired is a store at the other end of a wire.
type wired struct {
	confirm.Store // nil: what the machine does not call
	*wire
	at func() *boltstore.Store
}

func (s *wired) Enqueue(ctx context.Context, k confirm.Key, n confirm.Nudge) (r confirm.Record, made bool, err error) {
	err = s.call("Enqueue", func() (err error) { r, made, err = s.at().Enqueue(ctx, k, n); return })
	return
}

func (s *wired) Due(ctx context.Context, merchant string, limit int) (d confirm.Due, err error) {
	err = s.call("Due", func() (err error) { d, err = s.at().Due(ctx, merchant, limit); return })
	return
}

func (s *wired) Claim(ctx context.Context, k confirm.Key, attempt string, lease time.Duration) (r confirm.Record, age time.Duration, err error) {
	err = s.call("Claim", func() (err error) { r, age, err = s.at().Claim(ctx, k, attempt, lease); return })
	return
}

func (s *wired) Renew(ctx context.Context, k confirm.Key, attempt string, lease time.Duration) error {
	return s.call("Renew", func() error { return s.at().Renew(ctx, k, attempt, lease) })
}

func (s *wired) Fail(ctx context.Context, k confirm.Key, attempt string, why confirm.Why, delay time.Duration) error {
	return s.call("Fail", func() error { return s.at().Fail(ctx, k, attempt, why, delay) })
}

func (s *wired) Yield(ctx context.Context, k confirm.Key, attempt string) error {
	return s.call("Yield", func() error { return s.at().Yield(ctx, k, attempt) })
}

func (s *wired) Prepare(ctx context.Context, k confirm.Key, attempt string, p confirm.Prepared) (won confirm.Prepared, err error) {
	err = s.call("Prepare", func() (err error) { won, err = s.at().Prepare(ctx, k, attempt, p); return })
	return
}

func (s *wired) Handed(ctx context.Context, k confirm.Key, sha string, r confirm.Receipt) error {
	return s.call("Handed", func() error { return s.at().Handed(ctx, k, sha, r) })
}

func (s *wired) Acked(ctx context.Context, k confirm.Key) error {
	return s.call("Acked", func() error { return s.at().Acked(ctx, k) })
}

func (s *wired) Finish(ctx context.Context, k confirm.Key, w confirm.Work, o confirm.Outcome) error {
	return s.call("Finish", func() error { return s.at().Finish(ctx, k, w, o) })
}

func (s *wired) Park(ctx context.Context, k confirm.Key, why confirm.Why) error {
	return s.call("Park", func() error { return s.at().Park(ctx, k, why) })
}

func (s *wired) Release(ctx context.Context, k confirm.Key) error {
	return s.call("Release", func() error { return s.at().Release(ctx, k) })
}

func (s *wired) Forget(ctx context.Context, k confirm.Key, attempt string) error {
	return s.call("Forget", func() error { return s.at().Forget(ctx, k, attempt) })
}

func (s *wired) Discard(ctx context.Context, k confirm.Key) error {
	return s.call("Discard", func() error { return s.at().Discard(ctx, k) })
}

func (s *wired) Get(ctx context.Context, k confirm.Key) (r confirm.Record, err error) {
	err = s.call("Get", func() (err error) { r, err = s.at().Get(ctx, k); return })
	return
}

func (s *wired) Epoch(ctx context.Context, merchant string) (e confirm.Epoch, err error) {
	err = s.call("Epoch", func() (err error) { e, err = s.at().Epoch(ctx, merchant); return })
	return
}

// call of the provider at the other end, with what it does written down.
func (p *process) provided(of *provider) *provider {
	return &provider{
		order: func(ctx context.Context, id string) (o *management.Order, err error) {
			err = p.call("Order", func() (err error) { o, err = of.order(ctx, id); return })
			return
		},
		ack: func(ctx context.Context, id, key string) error {
			return p.call("Acknowledge", func() error {
				p.w.log.add(entry{op: "ack", order: id, key: key}) // the request is out
				return of.ack(ctx, id, key)
			})
		},
		refs: func(ctx context.Context, id string, r management.References, key string) error {
			return p.call("SetReferences", func() error { return of.refs(ctx, id, r, key) })
		},
		capture: func(ctx context.Context, id string, r management.CaptureRequest, key string) (cid string, err error) {
			err = p.call("Capture", func() (err error) { cid, err = of.capture(ctx, id, r, key); return })
			return
		},
	}
}

// sunk is a sink at the other end, with what it took written down.
func (p *process) sunk(of rules.OrderSink) rules.OrderSink {
	return sink{func(ctx context.Context, e *rules.Event) (t rules.Taken, err error) {
		err = p.call("Take", func() (err error) {
			body, started := string(e.Body), time.Now()
			t, err = of.Take(ctx, e)
			p.w.log.add(entry{op: "take", order: e.OrderID, id: e.ID, kind: e.Type, body: body, ok: err == nil, attempt: e.Attempt, started: started})
			return err
		})
		return
	}}
}
