package pricing

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kvitto/kvitto/order"
)

// ErrTooManyLines is an answer with more than order.MaxLines lines.
var ErrTooManyLines = errors.New("too many lines")

// ErrPlan is a plan that contradicts itself.
var ErrPlan = errors.New("plan does not fit together")

// Recompute turns a plan into the answer. From top to bottom:
//
//  1. The lines that stay, and among them the freight lines of the effective option: one per part, reference =
//     option id, name = option name. They stand where the first shipping_fee line stood that did not stay, else
//     behind the last incoming line; so an answer that comes back gives the same answer.
//  2. What is due; gift cards and store credit resized to it, see payCards.
//  3. Sums, exact. Nothing is rounded here: each line's tax has been rounded once, and the order's tax is their sum,
//     not the tax inside the order's amount. A sales_tax line is tax as a whole, and the amount holds it once.
//
// The plan is not changed; the answer shares its options. Errors: ErrPlan, ErrTooManyLines, ErrOverflow, and
// ErrNegative where the amount or the tax of the order would be below zero.
func Recompute(p *Plan) (*order.Answer, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	lines := p.withFreight()
	if len(lines) > order.MaxLines {
		return nil, fmt.Errorf("lines: %d exceed %d: %w", len(lines), order.MaxLines, ErrTooManyLines)
	}
	due, err := dueBeforeCards(lines)
	if err != nil {
		return nil, err
	}
	if err := payCards(lines, due); err != nil {
		return nil, err
	}
	amount, tax, err := sums(lines)
	if err != nil {
		return nil, err
	}
	return &order.Answer{
		OrderAmount:      amount,
		OrderTaxAmount:   tax,
		Lines:            lines,
		PurchaseCurrency: strings.ToUpper(p.Order.PurchaseCurrency),
		Options:          p.Options,
	}, nil
}

func (p *Plan) check() error {
	switch {
	case len(p.Priced) != len(p.Options):
		return fmt.Errorf("options: %d, priced: %d: %w", len(p.Options), len(p.Priced), ErrPlan)
	case p.Effective >= len(p.Options):
		return fmt.Errorf("effective: %d of %d options: %w", p.Effective, len(p.Options), ErrPlan)
	}
	return nil
}

// withFreight returns the lines of the answer, before cards; the slice is new.
func (p *Plan) withFreight() []order.Line {
	var parts []Part
	if p.Effective >= 0 && !p.Policy.Provider {
		parts = p.Priced[p.Effective].Parts
	}
	lines := make([]order.Line, 0, len(p.Lines)+len(parts))
	at := p.place()
	lines = append(lines, p.Lines[:at]...)
	for i := range parts {
		lines = append(lines, freightLine(&p.Options[p.Effective], parts[i]))
	}
	return append(lines, p.Lines[at:]...)
}

// place is the index among p.Lines where freight lines go. Lines that were added behind those that stay (fees, tax
// lines) come after it in either case.
func (p *Plan) place() int {
	n := 0
	for i := range p.Order.Lines {
		switch l := &p.Order.Lines[i]; {
		case p.Policy.stays(l):
			n++
		case l.Kind() == order.ShippingFee:
			return min(n, len(p.Lines))
		}
	}
	return min(n, len(p.Lines))
}

func freightLine(o *order.ShippingOption, part Part) order.Line {
	return order.Line{
		Type:           order.ShippingFee,
		Reference:      o.ID,
		Name:           o.Name,
		Quantity:       1,
		UnitPrice:      part.Gross,
		TaxRate:        part.Rate,
		TotalAmount:    part.Gross,
		TotalTaxAmount: part.Tax,
	}
}

// dueBeforeCards sums what is not payment.
func dueBeforeCards(lines []order.Line) (order.Amount, error) {
	var due order.Amount
	for i := range lines {
		if Pays(&lines[i]) {
			continue
		}
		var err error
		if due, err = Add(due, lines[i].TotalAmount); err != nil {
			return 0, fmt.Errorf("order_amount: %w", err)
		}
	}
	return due, nil
}

// sums returns order_amount and order_tax_amount, and refuses amounts outside the contract's limits.
func sums(lines []order.Line) (amount, tax order.Amount, err error) {
	for i := range lines {
		l := &lines[i]
		if err := errors.Join(inRange(l.UnitPrice), inRange(l.TotalAmount)); err != nil {
			return 0, 0, fmt.Errorf("lines[%d]: %w", i, err)
		}
		if amount, err = Add(amount, l.TotalAmount); err != nil {
			return 0, 0, fmt.Errorf("order_amount: %w", err)
		}
		if tax, err = Add(tax, taxOf(l)); err != nil {
			return 0, 0, fmt.Errorf("order_tax_amount: %w", err)
		}
	}
	if amount < 0 {
		return 0, 0, fmt.Errorf("order_amount: %d: %w", amount, ErrNegative)
	}
	if tax < 0 {
		return 0, 0, fmt.Errorf("order_tax_amount: %d: %w", tax, ErrNegative)
	}
	return amount, tax, nil
}

// taxOf is what a line adds to the order's tax.
func taxOf(l *order.Line) order.Amount {
	if l.Kind() == order.SalesTax {
		return l.TotalAmount
	}
	return l.TotalTaxAmount
}
