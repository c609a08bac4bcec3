package rules

import (
	"context"
	"fmt"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

// Price answers address_update, country_change and shipping_option_update: a plan to recompute, or a Decision
// that is not Accept. An error means that we failed; it is ErrDeadline where ctx ended first and no fallback
// served. q is not changed, except that q.Trace is filled.
//
// The order of steps: fact providers, tax of the goods, offers of all shipping engines, tax of the freight, the
// effective option, the lines of sales tax and fees, the validators that are Early. With a Decision the plan is nil.
func (e *Engine) Price(ctx context.Context, q *Query) (*pricing.Plan, Decision, error) {
	if ctx.Err() != nil {
		return nil, Decision{}, cutOff(ctx)
	}
	own := *q
	d, err := e.gather(ctx, &own)
	if err != nil || d.Verdict != Accept {
		return nil, d, err
	}
	out, err := e.plan(ctx, &own)
	if err != nil || out.plan == nil {
		return out.plan, out.decision, err
	}
	if d, err = e.validators(ctx, &own); err != nil || d.Verdict != Accept {
		return nil, d, err
	}
	return out.plan, Decision{}, nil
}

// outcome is what the tables say about a query.
type outcome struct {
	plan     *pricing.Plan // nil: see decision
	decision Decision
	stay     []order.Line // the incoming lines that stay, parallel to plan.Lines
	ships    bool         // there is something to ship
	lacking  bool         // the postcode is unknown and the tables would have looked at it
	failed   bool         // decision is that of a member that failed
	reasons  []Reason     // of the tables, whatever the decision
}

// plan asks the tax engine and the shipping engines. q is the engine's own: its lines are replaced.
func (e *Engine) plan(ctx context.Context, q *Query) (outcome, error) {
	if q.Destination.Country == "" {
		return outcome{decision: e.reject(Reject{Kind: UnsupportedShippingAddress},
			Reason{Rule: "destination", Detail: "no country is named and the tables have no home"})}, nil
	}
	out := outcome{stay: pricing.Stay(q.Order.Lines, &e.o.Policy)}
	q.Lines = out.stay
	goods, err := ask(ctx, e.tax, q, "", askGoods)
	if err != nil {
		out.decision, err = e.fallback(ctx, e.tax, HookTax, err)
		out.failed = true
		return out, err
	}
	out.reasons = goods.Reasons
	if goods.Reject != nil {
		out.decision = e.notServed(q, goods.Reject, goods.Reasons)
		return out, nil
	}
	if q.Lines, err = goods.apply(out.stay); err != nil {
		return out, fmt.Errorf("%s: %w", e.tax.Name, err)
	}
	plan := &pricing.Plan{Order: q.Order, Lines: q.Lines, Effective: -1, Policy: e.o.Policy}
	for i := range q.Lines {
		out.ships = out.ships || q.Lines[i].Ships()
	}
	if out.ships {
		if err := e.offer(ctx, q, plan, &out); err != nil || out.decision.Verdict != Accept {
			return out, err
		}
	}
	if goods.ByLine {
		if err := e.addTaxLines(ctx, q, &out, plan); err != nil || out.failed {
			return out, err
		}
	}
	out.plan = plan
	return out, nil
}

// offer fills in the options of a plan, or the decision where there are none.
func (e *Engine) offer(ctx context.Context, q *Query, plan *pricing.Plan, out *outcome) error {
	l := list{e: e, q: q, plan: plan}
	l.taxes = l.room[:0]
	for _, m := range e.members {
		if m.shipping == nil {
			continue
		}
		offers, err := ask(ctx, m, q, "", askOffers)
		if err != nil {
			if offers, out.decision, err = e.instead(ctx, m, q, err); err != nil || out.decision.Verdict != Accept {
				out.failed = true
				return err
			}
			l.skipped = l.skipped || len(offers.Options) == 0
		}
		if err := l.add(ctx, m, &offers); err != nil {
			return err
		}
		if l.denied.Verdict != Accept {
			out.decision, out.failed = l.denied, true
			return nil
		}
	}
	out.lacking = l.lacking
	out.reasons = append(out.reasons[:len(out.reasons):len(out.reasons)], l.reasons...)
	if len(plan.Options) == 0 {
		out.decision, out.failed = l.nothing(out.reasons), l.skipped
		return nil
	}
	if plan.Effective = l.effective(); plan.Effective >= 0 {
		plan.Options[plan.Effective].Preselected = true
	}
	return nil
}

// instead is what serves where a shipping engine failed: its backup offers, nothing, or a denial.
func (e *Engine) instead(ctx context.Context, m *member, q *Query, cause error) (Offers, Decision, error) {
	if m.backup != nil && !m.Inline {
		offers, err := guarded(ctx, m, q, "", askBackup)
		if err == nil {
			e.tell(m, HookShipping, cause, FallbackBackup)
			return offers, Decision{}, nil
		}
		e.tell(m, "Backup", err, FallbackSkip)
	}
	d, err := e.fallback(ctx, m, HookShipping, cause)
	return Offers{}, d, err
}

// notServed is the answer where the tax tables do not know the destination: a configured page for its buyers, else
// what the tables say.
func (e *Engine) notServed(q *Query, r *Reject, reasons []Reason) Decision {
	if to := e.elsewhere(q); to != "" {
		return e.redirect(to, Reason{Rule: "country_change", Detail: "the destination is not served"}, reasons...)
	}
	return e.reject(*r, Reason{Rule: "destination", Detail: "the destination is not served"}, reasons...)
}

// elsewhere is the page that buyers of the destination are sent to on CC and AU; empty: none.
func (e *Engine) elsewhere(q *Query) string {
	if q.Callback != CountryChange && q.Callback != AddressUpdate {
		return ""
	}
	return e.o.CountryChange[q.Destination.Country]
}

func askGoods(ctx context.Context, m *member, q *Query, _ string) (GoodsTax, error) {
	g, err := m.tax.Goods(ctx, q)
	if err != nil || g.Reject != nil || g.ByLine {
		return g, err
	}
	if len(g.Rates) != len(q.Lines) {
		return g, fmt.Errorf("%w: %d rates for %d lines", ErrNonsense, len(g.Rates), len(q.Lines))
	}
	for i, r := range g.Rates {
		if r.Apply && (r.Rate < 0 || r.Rate > order.MaxRate) {
			return g, fmt.Errorf("%w: rates[%d]: %d is not from 0 to %d", ErrNonsense, i, r.Rate, order.MaxRate)
		}
	}
	return g, nil
}

func askFreight(ctx context.Context, m *member, q *Query, class string) (pricing.FreightTax, error) {
	t, err := m.tax.Freight(ctx, q, class)
	if err == nil && (t.Rate < 0 || t.Rate > order.MaxRate || t.Mode > pricing.FreightLargest) {
		return t, fmt.Errorf("%w: freight rate %d, mode %d", ErrNonsense, t.Rate, t.Mode)
	}
	return t, err
}

func askOffers(ctx context.Context, m *member, q *Query, _ string) (Offers, error) {
	o, err := m.shipping.Offer(ctx, q)
	if err != nil {
		return Offers{}, err
	}
	return o, o.check(m.Inline)
}

func askBackup(_ context.Context, m *member, q *Query, _ string) (Offers, error) {
	o := m.backup.BackupOffers(q)
	return o, o.check(m.Inline)
}
