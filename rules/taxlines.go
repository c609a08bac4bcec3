package rules

import (
	"context"
	"fmt"
	"slices"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

// LineTaxer is implemented by a TaxEngine whose tax is lines of its own (sales tax), see GoodsTax.ByLine.
type LineTaxer interface {
	// TaxLines is asked last, when the option that is paid for is known: fees (surcharge lines with pricing.Mark), then
	// sales_tax lines, all of them without a rate. They go behind the lines that stay, in this order. q.Lines are those that
	// stay, without tax.
	TaxLines(ctx context.Context, q *Query, paid *Paid) ([]order.Line, error)
	// FeeIDs are the references of all fees that TaxLines can make: such surcharge lines are ours when they come back, also
	// where they have lost their mark.
	FeeIDs() []string
}

// Paid is the freight of an order whose tax is lines of its own.
type Paid struct {
	Ships  bool         // there is something to ship
	Chosen bool         // an option is paid for; false: the other members say nothing
	Price  order.Amount // minor units
	Method string       // shipping method of the option; may be empty
}

// feesOf are the fee ids of a member, nil where it makes none.
func feesOf(m *member) []string {
	if t, ok := m.Impl.(LineTaxer); ok && m.tax != nil {
		return slices.Clone(t.FeeIDs())
	}
	return nil
}

// apply takes the goods out of tax, or moves them to other rates, as the tax engine says.
func (g *GoodsTax) apply(lines []order.Line) ([]order.Line, error) {
	if g.ByLine {
		return pricing.Untax(lines, g.Keep)
	}
	return pricing.Rerate(lines, g.Rates, g.Keep)
}

// addTaxLines appends fees and sales tax to the lines of a plan that is complete otherwise.
func (e *Engine) addTaxLines(ctx context.Context, q *Query, out *outcome, plan *pricing.Plan) error {
	paid := e.paid(q, out, plan)
	lines, err := ask(ctx, e.tax, q, "", func(ctx context.Context, m *member, q *Query, _ string) ([]order.Line, error) {
		return askTaxLines(ctx, m, q, &paid)
	})
	if err != nil {
		out.decision, err = e.fallback(ctx, e.tax, HookTax, err)
		out.failed = true
		return err
	}
	plan.Lines = append(q.Lines[:len(q.Lines):len(q.Lines)], lines...)
	return nil
}

// paid is the freight that is taxed. An order at validation that has neither a selected option nor a freight line is
// judged without freight.
func (e *Engine) paid(q *Query, out *outcome, plan *pricing.Plan) Paid {
	p := Paid{Ships: out.ships}
	if plan.Effective < 0 || q.Callback == Validation && q.Selected == "" && !e.charged(q.Order) {
		return p
	}
	o := &plan.Options[plan.Effective]
	p.Chosen, p.Price, p.Method = true, o.Price, o.ShippingMethod
	return p
}

// charged reports whether an order holds a freight line that is ours.
func (e *Engine) charged(o *order.Order) bool {
	for i := range o.Lines {
		if l := &o.Lines[i]; l.Kind() == order.ShippingFee && goes(l, &e.o.Policy) {
			return true
		}
	}
	return false
}

func askTaxLines(ctx context.Context, m *member, q *Query, paid *Paid) ([]order.Line, error) {
	t, ok := m.Impl.(LineTaxer)
	if !ok {
		return nil, fmt.Errorf("%w: the tax is to be lines of its own, and %T is no LineTaxer", ErrNonsense, m.Impl)
	}
	lines, err := t.TaxLines(ctx, q, paid)
	if err != nil {
		return nil, err
	}
	for i := range lines {
		l := &lines[i]
		ours := l.Type == order.SalesTax || l.Type == order.Surcharge && l.MerchantData == pricing.Mark
		if !ours || l.TotalAmount < 0 || l.TaxRate != 0 || l.TotalTaxAmount != 0 {
			return nil, fmt.Errorf("%w: tax line %d is neither sales tax nor a fee without a rate", ErrNonsense, i)
		}
	}
	return lines, nil
}
