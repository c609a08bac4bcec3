package rulestest

import (
	"context"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// wantStop is what should keep a buyer from buying.
type wantStop struct {
	check    string // id of a check; "none": no check; "": not asked
	redirect string // "": not asked
}

// noCheck is how a test says that no check holds.
const noCheck = "none"

// stop reads rejected and redirect; nil where neither is there.
func (b *builder) stop(n *diag.Node) *wantStop {
	var want wantStop
	b.into(n, "rejected", &want.check)
	b.into(n, "redirect", &want.redirect)
	if want == (wantStop{}) {
		return nil
	}
	known := b.p.s.Checks
	at := n.Get("rejected")
	switch {
	case want.check == "" || slices.Contains(known, want.check):
	case len(known) == 0:
		b.r.Errorf(codeNoCheck, at.Place, "the rulebook has no checks").Help = "write them into checks.yaml, beside shipping.yaml"
	case want.check != noCheck:
		f := b.r.Errorf(codeNoCheck, at.Place, "there is no check `%s`", want.check)
		f.Help = "the checks are " + strings.Join(known, ", ") + "; or write none, where no check should hold"
		if f.Fix = diag.Suggest(want.check, known); f.Fix != "" {
			f.Help = "did you mean `" + f.Fix + "`?"
		}
	case want.redirect != "":
		b.r.Errorf(codeTogether, n.Get("redirect").Place, "`rejected: none` and `redirect` do not go together").Help = "keep one of them"
	}
	if want.redirect != "" && n.Get("error") != nil {
		b.r.Errorf(codeTogether, n.Get("redirect").Place, "`error` and `redirect` do not go together").Help = "keep one of them"
	}
	return &want
}

// buy goes the buyer's whole way: country, address, option, and the button. What stops them first is kept; faults are as
// everywhere.
func (o *outcome) buy(s *Subject, in *input) {
	if o.query == nil || len(o.faults) > 0 {
		return
	}
	for _, cb := range []rules.Callback{rules.CountryChange, rules.AddressUpdate, rules.ShippingOptionUpdate} {
		d := o.decision
		if cb != o.query.Callback {
			q := in.query(s, cb, o.query.Order, in.now)
			q.Trace = &rules.Trace{}
			var err error
			if _, d, err = s.Engine.Price(context.Background(), q); err != nil {
				o.fault("%s: the tables could not answer: %v", cb, err)
				return
			}
			o.trace.Checks = append(o.trace.Checks, q.Trace.Checks...)
		}
		if d.Verdict != rules.Accept {
			o.bought, o.stopsOn = d, cb
			return
		}
	}
	q := in.query(s, rules.Validation, o.order(), in.now)
	q.Trace = &rules.Trace{}
	d, err := s.Engine.Judge(context.Background(), q, nil, 0)
	if err != nil {
		o.fault("validation: the tables could not answer: %v", err)
		return
	}
	o.trace.Checks = append(o.trace.Checks, q.Trace.Checks...)
	if d.Verdict != rules.Accept {
		o.bought, o.stopsOn = d, rules.Validation
	}
}

// order is the order as it would be when the buyer presses buy: with the cart of the answer and the option that is paid.
func (o *outcome) order() *order.Order {
	whole := *o.query.Order
	whole.Lines, whole.OrderAmount, whole.OrderTaxAmount = o.answer.Lines, o.answer.OrderAmount, o.answer.OrderTaxAmount
	whole.SelectedShippingOption = nil
	if p := o.plan; p.Effective >= 0 {
		whole.SelectedShippingOption = &p.Options[p.Effective]
	}
	return &whole
}

// stopper names what stopped the buyer: a check, or another rule.
func (o *outcome) stopper() string {
	if o.stopsOn == "" {
		return noCheck
	}
	return strings.TrimPrefix(o.bought.Reasons[0].Rule, rules.CheckRule)
}

// stopped checks which check holds, and what is said beside it.
func (v *verdict) stopped(want *expectation) {
	d := &v.out.bought
	if len(v.out.faults) > 0 {
		return
	}
	if w := want.stop.check; w != "" {
		v.check("rejected", w, v.out.stopper(), func() []rules.Step { return v.out.checkStory(w) })
	}
	if w := want.stop.redirect; w != "" {
		got := d.Location
		if got == "" {
			got = "none"
		}
		v.check("redirect", w, got, func() []rules.Step { return stepsOf(d) })
	}
	if want.error != "" {
		got := string(d.Reject.Kind)
		if d.Verdict != rules.Rejected {
			got = "none"
		}
		v.check("error", want.error, got, func() []rules.Step { return stepsOf(d) })
		return
	}
	switch asks := want.aboutAnswer(); {
	case asks && v.out.answer != nil:
		v.answer(want)
	case asks:
		v.broken("answer", "the order is refused: "+v.refusal(), v.reasons())
	}
}

// aboutAnswer reports whether options or sums are expected.
func (want *expectation) aboutAnswer() bool {
	return want.options != nil || len(want.with) > 0 || len(want.without) > 0 || want.goodsTax != nil || want.amount != nil ||
		want.tax != nil || want.freight != nil || want.salesTax != nil || want.fees != nil
}

// checkStory is what stopped the buyer, and why a check did not; none stands for the one that did.
func (o *outcome) checkStory(id string) []rules.Step {
	steps := stepsOf(&o.bought)
	for i := range o.trace.Checks {
		if c := &o.trace.Checks[i]; c.ID == id && !c.Holds {
			s := c.Step
			s.Text = string(c.Callback) + ": " + s.Text
			steps = append(steps, s)
		}
	}
	return steps
}
