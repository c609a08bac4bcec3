package rulestest

import (
	"context"
	"fmt"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/pricing/gate"
	"github.com/kvitto/kvitto/rules"
)

// outcome is what came of a question.
type outcome struct {
	body     []byte
	query    *rules.Query
	plan     *pricing.Plan // nil: see decision
	answer   *order.Answer // nil: see decision
	decision rules.Decision
	trace    *rules.Trace
	bought   rules.Decision // of the first callback that stops the buyer, once buy was asked; the zero value: none does
	stopsOn  rules.Callback // that callback; "": none
	faults   []string       // what would break the checkout, or keep a callback from being answered
}

// fault notes what would have ended the callback.
func (o *outcome) fault(format string, args ...any) *outcome {
	o.faults = append(o.faults, fmt.Sprintf(format, args...))
	return o
}

// ask goes the way of a callback: body, decode, decide, recompute, gate, encode.
func ask(s *Subject, in *input) *outcome {
	out := &outcome{trace: &rules.Trace{}}
	body, err := in.body(s)
	if err != nil {
		return out.fault("%v", err)
	}
	out.body = body
	o, err := order.DecodeUpdate(body, order.DefaultLimits())
	if err != nil {
		return out.fault("the order is not one that the checkout could send: %v", err)
	}
	for _, v := range gate.Order(o) {
		if in.recorded == nil || v.Line >= 0 { // wrong sums of an order are made anew, wrong lines are refused
			out.fault("the order that comes in: %s", violation(v))
		}
	}
	if len(out.faults) > 0 {
		return out
	}
	return out.decide(s, in, o, in.now)
}

// decide asks the engine about a decoded order and makes the answer.
func (o *outcome) decide(s *Subject, in *input, ord *order.Order, now time.Time) *outcome {
	callback := rules.AddressUpdate
	if in.choose != "" {
		callback = rules.ShippingOptionUpdate
	}
	q := in.query(s, callback, ord, now)
	q.Trace = o.trace
	o.query = q
	plan, d, err := s.Engine.Price(context.Background(), q)
	if err != nil {
		return o.fault("the tables could not answer: %v", err)
	}
	o.plan, o.decision = plan, d
	if d.Verdict != rules.Accept {
		return o
	}
	a, err := pricing.Recompute(plan)
	if err != nil {
		return o.fault("the answer cannot be computed: %v", err)
	}
	for _, v := range gate.Answer(ord, a, plan.Policy.Fees...) {
		o.fault("the checkout would refuse the answer: %s", violation(v))
	}
	if _, err := a.AppendJSON(nil); err != nil {
		return o.fault("the answer cannot be encoded: %v", err)
	}
	o.answer = a
	return o
}

// query is the question of a callback, with the facts that a case gives beside the order.
func (in *input) query(s *Subject, cb rules.Callback, o *order.Order, now time.Time) *rules.Query {
	q := s.Engine.Query(cb, o, now)
	if in.group != "" {
		q.Facts.Group = in.group
	}
	q.Facts.Coupons = append(q.Facts.Coupons[:len(q.Facts.Coupons):len(q.Facts.Coupons)], in.coupons...)
	return q
}

func violation(v gate.Violation) string {
	return fmt.Sprintf("%s: sent %s, allowed %s: %s", v.Pointer, v.Sent, v.Allowed, v.Rule)
}
