package simulator

import (
	"context"
	"fmt"

	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/simulator/judge"
)

// Purchase says how a buyer buys. The zero value is an accepted order without 3-D Secure.
type Purchase struct {
	ThreeDSecure int    // how often 3-D Secure follows; each repeats the validation
	Fraud        string // fraud_status: ACCEPTED if "", PENDING, REJECTED
	NoPush       bool   // no push is ever sent
}

// Buy lets the buyer press buy: validation, 3-D Secure and validation again, then the order is complete. Where the answer
// denies, the stage stays as it was, or is Left. It fails with ErrHeld where the checkout lets nobody buy yet.
func (x *Session) Buy(ctx context.Context, how Purchase) error {
	end, err := x.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	if err := x.mayBuy(); err != nil {
		return err
	}
	for repeat := range how.ThreeDSecure + 1 {
		ok, err := x.validate(ctx, repeat)
		if err != nil || !ok {
			return err
		}
	}
	if err := x.sim.o.Provider.Complete(x.id, fakeprovider.Completion{Fraud: how.Fraud, NoPush: how.NoPush}); err != nil {
		return err
	}
	x.mu.Lock()
	x.stage = Bought
	x.mu.Unlock()
	x.told()
	return nil
}

// mayBuy tells what keeps the buyer from pressing buy.
func (x *Session) mayBuy() error {
	v := x.View()
	d, err := x.document()
	switch {
	case err != nil:
		return err
	case !x.hasEntered():
		return fmt.Errorf("order %s: %w: the checkout was not opened", x.id, ErrHeld)
	case v.Stage == Held:
		return fmt.Errorf("order %s: %w: %s", x.id, ErrHeld, v.Last.Why)
	case len(d.object("billing_address")) < 2:
		return fmt.Errorf("order %s: %w: no address was entered but the country", x.id, ErrHeld)
	case len(d.list("shipping_options")) > 0 && d.object("selected_shipping_option") == nil:
		return fmt.Errorf("order %s: %w: an option has to be chosen", x.id, ErrHeld)
	}
	return nil
}

// validate fires a validation where the order has a URL for it, and reports whether the purchase goes on.
func (x *Session) validate(ctx context.Context, repeat int) (bool, error) {
	d, err := x.document()
	if err != nil {
		return false, err
	}
	target := d.object("merchant_urls").text(string(Validation))
	if target == "" {
		return true, nil
	}
	required := d.object("options").yes("require_validate_callback_success")
	deadline := x.sim.o.Deadlines.Default
	if required {
		deadline = x.sim.o.Deadlines.Required
	}
	x.flying(Validation)
	defer x.flying("")
	e, reply := x.send(ctx, Validation, target, d.encode(), deadline)
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	e.Repeat, e.Verdict = repeat, judge.Validation(reply, required)
	x.mu.Lock()
	x.last = e.Verdict
	if e.Verdict.Outcome == judge.Redirected {
		x.stage = Left
	}
	x.mu.Unlock()
	x.sim.ring.add(e)
	return e.Verdict.Outcome == judge.Approved, nil
}
