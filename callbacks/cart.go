package callbacks

import (
	"errors"
	"slices"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/pricing/gate"
	"github.com/kvitto/kvitto/rules"
)

// answerCart is the path that the three callbacks share whose 200 replaces the cart: decode, decide, recompute, gate,
// encode.
func (x *exchange) answerCart() error {
	o, err := x.decode(order.DecodeUpdate)
	if err != nil {
		return err
	}
	if err := x.checkLines(o); err != nil {
		return err
	}
	plan, d, err := x.price(o)
	if err != nil || plan == nil {
		return x.decided(d, err)
	}
	a, err := x.recompute(plan)
	if err != nil {
		return err
	}
	x.answered(a, plan.Effective)
	return x.encode(a)
}

// price asks the engine; plan is nil where it decided otherwise.
func (x *exchange) price(o *order.Order) (*pricing.Plan, rules.Decision, error) {
	e := x.tenant.Rules.Engine()
	x.revision = e.Revision()
	q := e.Query(x.callback, o, x.begun)
	x.language, x.weightless, x.query = q.Language, q.LacksWeight(), q
	plan, d, err := e.Price(x.ctx, q)
	if err != nil || d.Verdict != rules.Accept {
		return nil, d, err
	}
	if plan == nil {
		return nil, d, &fault{class: classEngine, cause: errNoPlan}
	}
	return plan, d, nil
}

var errNoPlan = errors.New("the engine accepted without a plan")

// recompute makes the answer and asks the gate, which shares no code with the calculation.
func (x *exchange) recompute(plan *pricing.Plan) (*order.Answer, error) {
	a, err := pricing.Recompute(plan)
	if err != nil {
		return nil, err
	}
	if v := gate.Answer(plan.Order, a, plan.Policy.Fees...); len(v) > 0 {
		return nil, &gateFault{violations: v}
	}
	return a, nil
}

// checkLines refuses an order whose lines are wrong, which is never repaired. Sums of the order that do not match its
// lines are computed anew and flagged.
func (x *exchange) checkLines(o *order.Order) error {
	found := gate.Incoming(o)
	wrong := slices.DeleteFunc(slices.Clone(found), func(v gate.Violation) bool { return v.Line < 0 && isOrderSum(v.Field) })
	if len(wrong) > 0 {
		return refuseSums(wrong)
	}
	if len(found) > 0 {
		x.flagged, x.violations = classOrderSums, found
	}
	return nil
}

// refuseSums tells a wrong line from a wrong order.
func refuseSums(found []gate.Violation) error {
	r := &refusal{class: classOrderSums, sums: found}
	if found[0].Line >= 0 {
		r.class = classLineSums
	}
	return r
}

func isOrderSum(field string) bool { return field == "order_amount" || field == "order_tax_amount" }
