package callbacks

import (
	"context"
	"errors"
	"net/http"
)

// taken has the order of a push recorded.
func (x *exchange) taken() (Standing, error) {
	if err := x.mayTake(); err != nil {
		return Standing{}, err
	}
	ctx, cancel := x.recording()
	defer cancel()
	st, err := x.tenant.Taker.Push(ctx, x.orderID)
	return st, x.untaken(err)
}

// mayTake refuses what the provider triggers where there is nobody to take it, or where too much comes: whoever has a
// token can make us ask the provider about orders, so often and no more.
func (x *exchange) mayTake() error {
	if err := x.bodyRead(); err != nil {
		return err
	}
	if x.tenant.Taker == nil {
		return x.tenant.untaken()
	}
	if !x.tenant.carried.mayPush(x.orderID, x.begun) {
		return refuse(classRate)
	}
	return nil
}

// untaken refuses an order that there is nobody to take.
func (m *Merchant) untaken() error {
	if m.Untaken {
		return refuse(classUntaken)
	}
	return refuse(classStore)
}

// recording is the context in which an order is recorded. It has the deadline of the request but outlives its client: an
// order that a client has told us and that can be recorded is.
func (x *exchange) recording() (context.Context, context.CancelFunc) {
	until, _ := x.ctx.Deadline()
	return context.WithDeadline(context.WithoutCancel(x.ctx), until)
}

// untaken sorts what a Taker says.
func (x *exchange) untaken(err error) error {
	switch {
	case err == nil:
		return nil
	case x.r.Context().Err() != nil && errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, ErrShed):
		return refuse(classShed)
	case errors.Is(err, ErrStoreDown), errors.Is(err, context.DeadlineExceeded):
		x.cause = err.Error()
		return refuse(classStoreDown)
	default:
		return &fault{class: classTaker, cause: err}
	}
}

// stands says in the log and the metrics where an order stands.
func (x *exchange) stands(st Standing) {
	switch st.State {
	case Acked:
		x.outcome = outcomeDone
	case Parked:
		x.outcome = outcomeParked
	default:
		x.outcome = outcomeTaken
	}
}

// approve answers a validation that the order may complete, and lets that be known: a push is to follow.
func (x *exchange) approve() {
	x.send(http.StatusOK, mediaJSON, append(x.out[:0], approval...))
	if x.rank != rankValidation || x.orderID == "" {
		return
	}
	if x.tenant.Taker != nil {
		x.tenant.carried.expect(x.orderID)
	}
	if x.tenant.Seen != nil {
		x.tenant.Seen(x.orderID)
	}
}
