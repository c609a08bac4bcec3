package confirm

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/kvitto/kvitto/internal/failpoint"
	"github.com/kvitto/kvitto/order/management"
)

// staleAfter is the age of an order that the store does not know and the provider does not push any more.
const staleAfter = 49 * time.Hour

// errOrder is an order that is not what was asked for; it counts as an unusable answer.
var errOrder = fmt.Errorf("%w: it is not the order that was asked for, or its amounts make no sense", management.ErrAnswer)

// read asks the provider for the order: the only proof that there is one.
func (a *attempt) read(ctx context.Context) (*management.Order, error) {
	o, err := call(ctx, a, readTime, func(ctx context.Context) (*management.Order, error) {
		return a.x.Provider.Order(ctx, a.k.Order)
	})
	if err == nil {
		err = checkOrder(o, a.k)
	}
	if err != nil {
		return nil, err
	}
	a.shown = true
	return o, nil
}

func checkOrder(o *management.Order, k Key) error {
	switch {
	case !strings.EqualFold(o.OrderID, k.Order), o.Status == "", len(o.PurchaseCurrency) != 3,
		o.OrderAmount < 0, o.CapturedAmount < 0, o.RefundedAmount < 0:
		return errOrder
	default:
		return nil
	}
}

// consents reads the checkout order, best effort: an order is handed over without it rather than late.
func (a *attempt) consents(ctx context.Context) *consents {
	if a.x.Checkout == nil || a.x.Payload.Thin {
		return nil
	}
	ctx, cancel, err := a.step(ctx, checkoutTime)
	if err != nil {
		return nil
	}
	defer cancel()
	raw, err := a.x.Checkout.Read(ctx, a.k.Order)
	if err != nil {
		a.tell(Change{Step: StepNoConsents, Reason: providerReason(err), Err: err})
		return nil
	}
	return consentsIn(raw)
}

// frozen reads the order and freezes the body of its event: the first one that was made wins, now and after any fault.
func (a *attempt) frozen(ctx context.Context) (Prepared, error) {
	o, err := a.read(ctx)
	if err != nil {
		return Prepared{}, err
	}
	failpoint.At(failpoint.AfterRead)
	if a.fresh() && a.stale(o) {
		return Prepared{}, &parking{reason: ReasonStale}
	}
	a.m.checkEpoch(ctx, a.t) // a store that is down says so in Prepare
	p := Prepared{Revision: a.t.revision(o.CreatedAt), Work: a.workOf(o)}
	if a.rec.SHA != "" { // this body is used only where the frozen one is past its life
		p.Revision = 2
	}
	body, err := confirmedBody(a.x, o, a.consents(ctx), p.Revision)
	if err != nil {
		return Prepared{}, err
	}
	p.SHA, p.Body = shaOf(body), a.m.o.Seal.close(a.k, body)
	won, err := a.m.o.Store.Prepare(ctx, a.k, a.id, p)
	if err != nil {
		return Prepared{}, err
	}
	failpoint.At(failpoint.AfterPrepare)
	if won.SHA == p.SHA && a.rec.SHA != p.SHA {
		a.tell(Change{Step: StepPrepared, From: Pending, To: Pending, SHA: p.SHA, Revision: p.Revision})
	}
	if len(won.Body) == 0 { // handed over meanwhile, by somebody else
		return won, nil
	}
	if won.Body, err = a.m.o.Seal.open(a.k, won.Body); err != nil {
		return Prepared{}, err
	}
	if shaOf(won.Body) != won.SHA {
		return Prepared{}, errSealed
	}
	return won, nil
}

// fresh reports an order that nobody has looked at: neither is its body frozen, nor did a person release it once it was shown.
func (a *attempt) fresh() bool {
	judged := a.rec.Known && a.rec.Releases > 0
	return a.rec.SHA == "" && !judged && a.rec.Reason != string(ReasonStale)
}

// stale reports an order that came too long after its creation to be a push of the provider's: a replay.
func (a *attempt) stale(o *management.Order) bool {
	return !o.CreatedAt.IsZero() && a.rec.Seen.Sub(o.CreatedAt) > staleAfter
}

// workOf is what will be left to do once the order is acknowledged.
func (a *attempt) workOf(o *management.Order) []Work {
	var w []Work
	if a.x.Capture != nil && a.x.Capture(o) {
		w = append(w, Capture)
	}
	if o.FraudStatus == management.FraudPending {
		w = append(w, Fraud)
	}
	return w
}
