package confirm

import (
	"context"
	"errors"
	"strings"

	"github.com/kvitto/kvitto/rules"
)

// settle ends an attempt: done, parked, or due again later.
func (a *attempt) settle(ctx context.Context, err error) {
	if err == nil {
		return
	}
	stopping := ctx.Err() != nil
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	var p *parking
	switch {
	case stopping:
		a.settled(a.m.o.Store.Yield(ctx, a.k, a.id))
	case errors.Is(err, ErrStale):
		// the order is somebody else's by now
	case errors.Is(err, ErrNotFound):
		a.again(ctx)
	case errors.As(err, &p), errors.Is(err, rules.ErrSinkGone), errors.Is(err, ErrConflict):
		a.park(ctx, reasonOf(err), err)
	default:
		a.fail(ctx, err)
	}
}

// again makes a lost record of an order that the provider has shown, with what is known of it: no push may come any more.
func (a *attempt) again(ctx context.Context) {
	switch {
	case a.rec.State == Acked, !a.shown && !a.rec.Known:
		// done, but for work that nobody remembers; or not worth a record
	case a.rec.State == Handed:
		a.settled(a.m.o.Store.Handed(ctx, a.k, a.rec.SHA, Receipt{a.rec.Receipt, a.rec.Reference1, a.rec.Reference2}))
	default:
		_, _, err := a.m.o.Store.Enqueue(ctx, a.k, Nudge{Vouched: true})
		a.settled(err)
	}
}

// settled notes whether the store is there. What it could not take is made good when the lease ends.
func (a *attempt) settled(err error) { a.m.storeWrote(a.t, err) }

func (a *attempt) park(ctx context.Context, why Reason, cause error) {
	err := a.m.o.Store.Park(ctx, a.k, a.why(why, cause))
	a.settled(err)
	if err == nil {
		a.tell(Change{Step: StepParked, From: a.rec.State, To: Parked, Reason: why, Err: cause})
	}
}

// why is what the record keeps of a fault. An order that is tried for too long keeps what was last said.
func (a *attempt) why(r Reason, cause error) Why {
	w := Why{Reason: string(r), Fault: said(cause), Known: a.shown}
	if r == ReasonHorizon {
		w.Fault = bounded("last "+a.rec.Reason+": "+a.rec.Fault, MaxFault)
		w.Fault = strings.TrimSuffix(w.Fault, ": ")
	}
	return w
}

func (a *attempt) fail(ctx context.Context, cause error) {
	why := reasonOf(cause)
	a.m.pause(a.t, a.x, why, cause)
	wait := a.m.backoff(why, cause, a.rec.Attempts, a.age)
	err := a.m.o.Store.Fail(ctx, a.k, a.id, a.why(why, cause), wait)
	a.settled(err)
	if errors.Is(err, ErrNotFound) {
		a.again(ctx)
	}
	a.tell(Change{Step: StepFailed, From: a.rec.State, To: a.rec.State, Reason: why, Wait: wait, Err: cause})
}

// pause keeps the merchant's orders from the provider where its answer asks for that, unless the credentials that it answered
// were replaced meanwhile.
func (m *Machine) pause(t *tenant, x *Merchant, why Reason, cause error) {
	d := pauseOf(cause)
	if d <= 0 || !sameAccess(x, t.current.Load()) {
		return
	}
	t.pace.pause(why, d)
	m.mention(Change{Key: Key{Merchant: t.id}, Step: StepPaused, Reason: why, Wait: d, Err: cause})
}
