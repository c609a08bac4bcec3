package confirm

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kvitto/kvitto/internal/failpoint"
	"github.com/kvitto/kvitto/order/management"
)

// Deadlines nest: two reads, the checkout order, the sink and two acknowledgements fit into the shortest lease.
const (
	leaseMargin  = 2 * time.Second // no step begins later than this before the lease ends; a fifth of a lease below 10 s
	readTime     = 3 * time.Second
	checkoutTime = 2 * time.Second
	sinkTime     = 10 * time.Second
	ackTime      = 3 * time.Second
	settleTime   = 2 * time.Second // to give a lease back
)

// attempt is one try to bring an order further, by one replica.
type attempt struct {
	m      *Machine
	t      *tenant
	x      *Merchant
	k      Key
	id     string
	rec    Record        // as claimed or read later, and what has happened since
	age    time.Duration // since First, when it was claimed
	until  time.Time     // no step begins after this
	renew  time.Time     // from here on the lease is extended before a step
	talked bool          // the provider answered us as whom it takes us for
	shown  bool          // the provider showed the order
	// storeless: there is no lease to renew and no record to write, see redis_down
	storeless bool
}

// attempt claims an order, brings it as far as it goes, and gives the lease back.
func (m *Machine) attempt(ctx context.Context, t *tenant, k Key, pass ticket) {
	a := &attempt{m: m, t: t, x: t.current.Load(), k: k, id: newAttempt()}
	defer func() { t.pace.leave(pass, a.talked) }()
	err := a.claim(ctx)
	m.storeWrote(t, err)
	if err != nil { // busy, parked, done, gone: somebody else's business; a store that is down is asked again by the loop
		if !errors.Is(err, ErrBusy) && !errors.Is(err, ErrDone) {
			t.refused.Add(1)
		}
		return
	}
	failpoint.At(failpoint.AfterClaim)
	a.settle(ctx, a.guard(ctx, a.work))
}

// guard is a last resort: what panics on an order costs that attempt.
func (a *attempt) guard(ctx context.Context, work func(context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %T", p) // its text may hold what came from outside
		}
	}()
	return work(ctx)
}

func (a *attempt) claim(ctx context.Context) error {
	begun := a.m.o.Now()
	rec, age, err := a.m.o.Store.Claim(ctx, a.k, a.id, a.m.o.Lease)
	if err != nil {
		return err
	}
	a.rec, a.age = rec, age
	a.holds(begun)
	return nil
}

// holds counts the lease from before it was asked for.
func (a *attempt) holds(begun time.Time) {
	a.until = begun.Add(a.m.o.Lease - min(leaseMargin, a.m.o.Lease/5))
	a.renew = begun.Add(a.m.o.Lease / 3)
}

// step gives the next outside call its deadline: at most limit, and no longer than the lease allows.
func (a *attempt) step(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc, error) {
	if now := a.m.o.Now(); !a.storeless && !now.Before(a.renew) {
		if err := a.m.o.Store.Renew(ctx, a.k, a.id, a.m.o.Lease); err == nil {
			a.holds(now)
		} else if !errors.Is(err, ErrDown) { // what is down may keep the lease for us: it is held until it ends
			return nil, nil, err
		}
	}
	left := a.until.Sub(a.m.o.Now())
	if left <= 0 {
		return nil, nil, errLease
	}
	ctx, cancel := context.WithTimeout(ctx, min(limit, left))
	return ctx, cancel, nil
}

// call asks the provider, and once more where the first time got no answer.
func call[T any](ctx context.Context, a *attempt, limit time.Duration, f func(context.Context) (T, error)) (T, error) {
	for again := false; ; again = true {
		sctx, cancel, err := a.step(ctx, limit)
		if err != nil {
			var none T
			return none, err
		}
		out, err := f(sctx)
		cancel()
		a.talked = a.talked || err == nil || errors.Is(err, management.ErrNotFound) || errors.Is(err, management.ErrNotAllowed)
		lost := errors.Is(err, management.ErrUnavailable) && !errors.Is(err, management.ErrBreaker) || errors.Is(err, context.DeadlineExceeded)
		if again || !lost || later(err) > 0 || ctx.Err() != nil {
			return out, err
		}
	}
}

// work brings the order as far as it goes.
func (a *attempt) work(ctx context.Context) error {
	if a.age > a.m.o.Horizon {
		return a.giveUp(ctx)
	}
	if a.rec.State != Acked {
		r, err := a.receipt(ctx)
		if err != nil {
			return err
		}
		if err := a.acknowledge(ctx, r); err != nil {
			return err
		}
	}
	return a.followUp(ctx)
}

// giveUp ends what was tried for too long: an order that the provider said last not to know, and never showed, is forgotten, a
// stop that the order never confirmed is dropped with a word, everything else waits for a person. What could not even be asked
// for is no unknown order.
func (a *attempt) giveUp(ctx context.Context) error {
	switch {
	case a.rec.State == Pending && !a.rec.Known && a.rec.Reason == string(ReasonUnknown):
		if err := a.m.o.Store.Forget(ctx, a.k, a.id); err != nil {
			return err
		}
		a.tell(Change{Step: StepForgotten, From: Pending, Reason: ReasonUnknown})
		return nil
	case a.rec.State == Acked && len(a.rec.Open) == 1 && a.rec.open(Stop):
		return a.dropStop(ctx)
	default:
		return &parking{reason: ReasonHorizon}
	}
}

// dropStop looks at the order once more, since another notification may be the true one, and drops a stop that it does not
// confirm: the next one begins anew.
func (a *attempt) dropStop(ctx context.Context) error {
	err := a.decision(ctx, Stop)
	if errors.Is(err, errUnconfirmed) {
		return a.finish(ctx, Stop, ReasonUnconfirmed)
	}
	return err
}

// lasting is a context for writing down what has happened: a stop does not undo it, and a store that hangs does not hold up a
// stop.
func lasting(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), settleTime)
}

// tell reports a change of this order.
func (a *attempt) tell(c Change) {
	c.Key, c.Token = a.k, a.rec.Token
	a.m.mention(c)
}
