package confirm

import (
	"context"
	"errors"

	"github.com/kvitto/kvitto/internal/failpoint"
	"github.com/kvitto/kvitto/order/management"
)

// acknowledge stops the provider's pushes. It asks for the receipt that only the sink's word makes.
func (a *attempt) acknowledge(ctx context.Context, r receipt) error {
	key := management.Key(r.key.Merchant, r.key.Order, "ack")
	_, err := call(ctx, a, ackTime, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, a.x.Provider.Acknowledge(ctx, r.key.Order, key)
	})
	var why Reason
	if errors.Is(err, management.ErrNotAllowed) {
		why, err = ReasonOver, a.refused(ctx)
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

// refused looks at an order whose acknowledgement was refused: one that is over needs none.
func (a *attempt) refused(ctx context.Context) error {
	o, err := a.read(ctx)
	if err != nil {
		return err
	}
	switch o.Status {
	case management.Cancelled, management.Expired, management.Closed, management.Captured, management.PartCaptured:
		return nil
	default:
		return &parking{ReasonRefused}
	}
}
