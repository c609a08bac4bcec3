package confirm

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/kvitto/kvitto/internal/failpoint"
	"github.com/kvitto/kvitto/order/management"
	"github.com/kvitto/kvitto/rules"
)

// followUp does what is left once the order is acknowledged. One kind of work that fails does not hold up the others; the
// first fault is returned.
func (a *attempt) followUp(ctx context.Context) error {
	rec, err := a.m.o.Store.Get(ctx, a.k)
	if err != nil {
		return err
	}
	rec.Token = a.rec.Token
	a.rec = rec
	var first error
	for _, w := range rec.Open {
		if ctx.Err() != nil {
			return ctx.Err() // the lease is given back
		}
		if !a.rec.open(w) {
			continue
		}
		if err := a.do(ctx, w); err != nil && first == nil {
			first = err
		}
	}
	return first
}

func (a *attempt) do(ctx context.Context, w Work) error {
	switch w {
	case References:
		return a.references(ctx)
	case Capture:
		return a.capture(ctx)
	default:
		return a.decision(ctx, w)
	}
}

// finish closes work.
func (a *attempt) finish(ctx context.Context, w Work, why Reason) error {
	ctx, cancel := lasting(ctx)
	defer cancel()
	if err := a.m.o.Store.Finish(ctx, a.k, w, outcomeOf(why)); err != nil {
		return err
	}
	if a.rec.open(w) {
		a.rec.Open = slices.DeleteFunc(slices.Clone(a.rec.Open), func(o Work) bool { return o == w })
		a.tell(Change{Step: StepFinished, From: Acked, To: Acked, Work: w, Reason: why})
	}
	return nil
}

// outcomeOf is how work ended: a stop that the order never confirmed may come again.
func outcomeOf(why Reason) Outcome {
	switch why {
	case ReasonUnconfirmed:
		return Dropped
	case ReasonRefused:
		return Refuse
	default:
		return Did
	}
}

// references sets what the sink named. An order that takes none any more is left as it is.
func (a *attempt) references(ctx context.Context) error {
	r := management.References{Reference1: a.rec.Reference1, Reference2: a.rec.Reference2}
	key := a.key("references")
	_, err := call(ctx, a, ackTime, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, a.x.Provider.SetReferences(ctx, a.k.Order, r, key)
	})
	failpoint.At(failpoint.AfterEffect)
	switch {
	case errors.Is(err, management.ErrNotAllowed):
		return a.finish(ctx, References, ReasonRefused)
	case err != nil:
		return err
	default:
		return a.finish(ctx, References, "")
	}
}

// capture takes the whole amount of an order of which nothing was captured: the order itself says so, because an idempotency
// key is remembered for a day only.
func (a *attempt) capture(ctx context.Context) error {
	o, err := a.read(ctx)
	if err != nil {
		return err
	}
	if over, why := captured(o); over {
		return a.finish(ctx, Capture, why)
	}
	if o.FraudStatus == management.FraudPending {
		return errPendingFraud
	}
	req := management.CaptureRequest{Amount: o.OrderAmount}
	key := a.key("capture")
	made, err := call(ctx, a, ackTime, func(ctx context.Context) (string, error) {
		return a.x.Provider.Capture(ctx, a.k.Order, req, key)
	})
	failpoint.At(failpoint.AfterEffect)
	switch {
	case errors.Is(err, management.ErrNotAllowed):
		return a.captureRefused(ctx, err)
	case err != nil:
		return err
	case made == "":
		return a.captureUnnamed(ctx)
	}
	return a.finish(ctx, Capture, "")
}

// captureUnnamed looks at an order whose capture succeeded without an id: any 2xx is success, and a page of somebody in between
// may be one. Where the order shows no capture it comes again, with the same key.
func (a *attempt) captureUnnamed(ctx context.Context) error {
	o, err := a.read(ctx)
	if err != nil {
		return err
	}
	if over, why := captured(o); over {
		return a.finish(ctx, Capture, why)
	}
	return errNoCapture
}

// errNoCapture counts as an unusable answer.
var errNoCapture = fmt.Errorf("%w: a capture succeeded, and the order does not show it", management.ErrAnswer)

// captured reports an order of which nothing is to be captured any more, and why if not because it was.
func captured(o *management.Order) (bool, Reason) {
	switch {
	case o.CapturedAmount > 0:
		return true, ""
	case o.Status != management.Authorized, o.FraudStatus == management.FraudRejected:
		return true, ReasonRefused
	default:
		return false, ""
	}
}

// captureRefused looks at an order whose capture was refused: it may be because somebody was quicker.
func (a *attempt) captureRefused(ctx context.Context, refusal error) error {
	o, err := a.read(ctx)
	if err != nil {
		return err
	}
	if over, why := captured(o); over {
		return a.finish(ctx, Capture, why)
	}
	return &parking{ReasonRefused, refusal}
}

// decision tells the sink what the provider decided about fraud, as soon as the order itself says so.
func (a *attempt) decision(ctx context.Context, w Work) error {
	o, err := a.read(ctx)
	if err != nil {
		return err
	}
	t, err := decided(o, w)
	if err != nil {
		return err
	}
	body, err := decisionBody(a.k, t, o)
	if err != nil {
		return err
	}
	e := event(a.k, t, a.rec.Token, a.m.o.Now(), body)
	if a.x.Stream {
		err = a.m.o.Store.(Streamer).StreamWork(ctx, a.k, w, e)
	} else {
		_, err = a.ask(ctx, e)
	}
	if err != nil {
		return err
	}
	failpoint.At(failpoint.AfterEffect)
	if err := a.finish(ctx, w, ""); err != nil || t != rules.FraudRejected {
		return err
	}
	return errors.Join(a.finish(ctx, Fraud, ""), a.finish(ctx, Stop, "")) // the same event answers both
}

// decided is the event that an order's state calls for. What was cancelled is not to be delivered, whatever was decided.
func decided(o *management.Order, w Work) (rules.EventType, error) {
	over := o.Status == management.Cancelled || o.Status == management.Expired
	switch {
	case over, o.FraudStatus == management.FraudRejected:
		return rules.FraudRejected, nil
	case w == Stop:
		return "", errUnconfirmed
	case o.FraudStatus == management.FraudPending:
		return "", errPendingFraud
	default:
		return rules.FraudAccepted, nil
	}
}
