package rules

import (
	"context"
	"errors"
	"fmt"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

// list puts the offers of all shipping engines together, in the order of the members.
type list struct {
	e    *Engine
	q    *Query
	plan *pricing.Plan

	room      [2]classTax
	taxes     []classTax    // of the classes seen so far; begins in room
	preselect PreselectMode // of the first engine that offers something
	id        string        // of PreselectID
	noOption  *Reject       // the first one
	priced    bool          // some engine has a price in this currency, or no opinion
	lacking   bool          // some engine needs the postcode
	skipped   bool          // some engine or option failed and nothing stands in for it
	denied    Decision      // the tax engine failed
	reasons   []Reason
}

// classTax is the freight tax of a tax class.
type classTax struct {
	class string
	tax   pricing.FreightTax
}

// add takes in the offers of a member.
func (l *list) add(ctx context.Context, m *member, offers *Offers) error {
	p := l.plan
	if len(p.Options) == 0 && len(offers.Options) > 0 {
		l.preselect, l.id = offers.Preselect, offers.PreselectID
		p.Options = make([]order.ShippingOption, 0, len(offers.Options))
		p.Priced = make([]pricing.Priced, 0, len(offers.Options))
	}
	if l.noOption == nil {
		l.noOption = offers.NoOption
	}
	l.priced = l.priced || !offers.Unpriced
	l.lacking = l.lacking || offers.NeedsCode
	l.reasons = append(l.reasons, offers.Reasons...)
	for i := range offers.Options {
		o := &offers.Options[i]
		if l.index(o.ID) >= 0 {
			l.e.tell(m, HookShipping, fmt.Errorf("%w: the id of options[%d] is offered twice", ErrNonsense, i), FallbackSkip)
			continue
		}
		priced, own, err := l.price(ctx, o)
		switch {
		case l.denied.Verdict != Accept:
			return nil
		case own && !m.Inline:
			l.skipped = true
			l.e.tell(m, HookShipping, fmt.Errorf("%w: options[%d]: %w", ErrNonsense, i, err), FallbackSkip)
			continue
		case own:
			return fmt.Errorf("%s: options[%d]: %w", m.Name, i, err)
		case err != nil:
			return err
		}
		p.Options = append(p.Options, o.priced(&priced))
		p.Priced = append(p.Priced, priced)
	}
	return nil
}

// price taxes an offer; own is true where the offer itself is what is wrong.
func (l *list) price(ctx context.Context, o *Offer) (priced pricing.Priced, own bool, err error) {
	tax, err := l.freight(ctx, o.TaxClass)
	if err != nil || l.denied.Verdict != Accept {
		return pricing.Priced{}, errors.Is(err, ErrTaxClass), err
	}
	priced, err = pricing.PriceFreight(
		pricing.Freight{Price: o.Price, ExclTax: o.ExclTax, Round: o.Round, TaxRules: tax}, l.q.Lines)
	if priced.Owed != 0 {
		l.q.Trace.owed(o.ID, priced.Owed, l.q.Currency)
	}
	return priced, err != nil, err
}

// freight is the tax of a class, asked once per request.
func (l *list) freight(ctx context.Context, class string) (pricing.FreightTax, error) {
	for i := range l.taxes {
		if l.taxes[i].class == class {
			return l.taxes[i].tax, nil
		}
	}
	tax, err := ask(ctx, l.e.tax, l.q, class, askFreight)
	if errors.Is(err, ErrTaxClass) {
		return tax, err
	}
	if err != nil {
		l.denied, err = l.e.fallback(ctx, l.e.tax, HookTax, err)
		return tax, err
	}
	l.taxes = append(l.taxes, classTax{class, tax})
	return tax, nil
}

// priced is the option as the checkout shows it.
func (o *Offer) priced(p *pricing.Priced) order.ShippingOption {
	return order.ShippingOption{
		ID:              o.ID,
		Name:            o.Name,
		Description:     o.Description,
		Promo:           o.Promo,
		Price:           p.Price,
		TaxAmount:       p.Tax,
		TaxRate:         p.Rate,
		ShippingMethod:  o.Method,
		DeliveryDetails: o.Details,
		TMSReference:    o.TMSReference,
	}
}

// index is the place of an option with this id; -1: none.
func (l *list) index(id string) int {
	for i := range l.plan.Options {
		if l.plan.Options[i].ID == id {
			return i
		}
	}
	return -1
}

// effective is the option that is paid for: the selected one if it is still offered, else the preselected one. It is
// the one that the answer marks, so an answer that comes back changes nothing. -1: none until one is chosen.
func (l *list) effective() int {
	if l.q.Selected != "" {
		if i := l.index(l.q.Selected); i >= 0 {
			return i
		}
	}
	switch l.preselect {
	case PreselectNone:
		return -1
	case PreselectCheapest:
		best := 0
		for i := range l.plan.Priced {
			if l.plan.Priced[i].Price < l.plan.Priced[best].Price {
				best = i
			}
		}
		return best
	case PreselectID:
		return max(l.index(l.id), 0)
	default:
		return 0
	}
}

// nothing is the decision where there is something to ship and no option.
func (l *list) nothing(reasons []Reason) Decision {
	e := l.e
	if l.skipped {
		return e.reject(Reject{Kind: ApprovalFailed, TextKey: TextFault},
			Reason{Rule: "no_option", Detail: "an engine failed and no other offers anything"}, reasons...)
	}
	if to := e.elsewhere(l.q); to != "" && !l.priced {
		return e.redirect(to, Reason{Rule: "country_change", Detail: "no price in " + currencyOf(l.q)}, reasons...)
	}
	var say Reject
	if l.noOption != nil {
		say = *l.noOption
	}
	return e.reject(say, Reason{Rule: "no_option", Detail: "something to ship and no option"}, reasons...)
}

// currencyOf names a currency only where it looks like one: a reason holds no text of the order.
func currencyOf(q *Query) string {
	if len(q.Currency) != 3 {
		return "the order's currency"
	}
	return q.Currency
}
