package confirm

import (
	"context"
	"errors"

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
	case errors.Is(err, ErrStale), errors.Is(err, ErrNotFound):
		// the order is somebody else's by now, or its record was lost: the next push or replica goes on
	case errors.As(err, &p), errors.Is(err, rules.ErrSinkGone), errors.Is(err, ErrConflict):
		a.park(ctx, reasonOf(err), err)
	default:
		a.fail(ctx, err)
	}
}

// settled notes whether the store is there. What it could not take is made good when the lease ends.
func (a *attempt) settled(err error) { a.m.storeAnswered(a.t, err) }

func (a *attempt) park(ctx context.Context, why Reason, cause error) {
	err := a.m.o.Store.Park(ctx, a.k, string(why))
	a.settled(err)
	if err == nil {
		a.tell(Change{Step: StepParked, From: a.rec.State, To: Parked, Reason: why, Err: cause})
	}
}

func (a *attempt) fail(ctx context.Context, cause error) {
	why := reasonOf(cause)
	if d := pauseOf(cause); d > 0 {
		a.t.pace.pause(why, d)
		a.m.mention(Change{Key: Key{Merchant: a.k.Merchant}, Step: StepPaused, Reason: why, Wait: d, Err: cause})
	}
	wait := a.m.backoff(why, cause, a.rec.Attempts, a.age)
	err := a.m.o.Store.Fail(ctx, a.k, a.id, string(why), wait)
	a.settled(err)
	a.tell(Change{Step: StepFailed, From: a.rec.State, To: a.rec.State, Reason: why, Wait: wait, Err: cause})
}
