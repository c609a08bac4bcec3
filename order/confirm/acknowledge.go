package confirm

import (
	"context"
	"errors"
	"strconv"

	"github.com/kvitto/kvitto/internal/failpoint"
	"github.com/kvitto/kvitto/order/management"
)

// acknowledge stops the provider's pushes. It asks for the receipt that only the sink's word makes.
func (a *attempt) acknowledge(ctx context.Context, r receipt) error {
	key := a.key("ack")
	_, err := call(ctx, a, ackTime, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, a.x.Provider.Acknowledge(ctx, r.key.Order, key)
	})
	var why Reason
	if errors.Is(err, management.ErrNotAllowed) {
		why, err = ReasonOver, a.refused(ctx, err)
	}
	if err != nil {
		return err
	}
	a.rec.State = Acked
	failpoint.At(failpoint.AfterAck)
	if err := a.ackedFact(ctx); err != nil && !a.storeless {
		return err
	}
	failpoint.At(failpoint.AfterAcked)
	a.tell(Change{Step: StepAcked, From: Handed, To: Acked, Reason: why})
	return nil
}

func (a *attempt) ackedFact(ctx context.Context) error {
	ctx, cancel := lasting(ctx)
	defer cancel()
	return a.m.o.Store.Acked(ctx, a.k)
}

// key is the idempotency key of an action: the same after a crash, so that the provider does it once, and another one after a
// release, since the provider would answer a repeated key with the refusal for which the order was parked.
func (a *attempt) key(action string) string {
	if n := a.rec.Releases; n > 0 {
		action += "#" + strconv.FormatInt(n, 10)
	}
	return management.Key(a.k.Merchant, a.k.Order, action)
}

// refused looks at an order whose acknowledgement was refused: one that is over needs none.
func (a *attempt) refused(ctx context.Context, refusal error) error {
	o, err := a.read(ctx)
	if err != nil {
		return err
	}
	switch o.Status {
	case management.Cancelled, management.Expired, management.Closed, management.Captured, management.PartCaptured:
		return nil
	default:
		return &parking{ReasonRefused, refusal}
	}
}
