package rules

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

// compare tells the first thing in which an order differs from what the tables say, in words without text of the
// order; the zero Reason is none. The sums of the order must hold by themselves.
func (e *Engine) compare(q *Query, out *outcome) Reason {
	if out.plan == nil {
		return Reason{Rule: "destination", Detail: "the tables refuse it"}
	}
	if r := e.compareGoods(q, out); r != (Reason{}) {
		return r
	}
	return e.compareFreight(q, out)
}

// compareGoods wants each line that stays to have the rate and the amounts that the tables give it, tax within one
// unit, and the lines that the tables make (fees, sales tax) to be there.
func (e *Engine) compareGoods(q *Query, out *outcome) Reason {
	lines := out.plan.Lines
	for i := range out.stay {
		is, want := &out.stay[i], &lines[i]
		switch {
		case is.TaxRate != want.TaxRate:
			return Reason{Rule: "goods_tax", Detail: fmt.Sprintf("lines[%d].tax_rate: %d, the tables say %d",
				place(q.Order.Lines, i, &e.o.Policy), is.TaxRate, want.TaxRate)}
		case is.TotalAmount != want.TotalAmount || !near(is.TotalTaxAmount, want.TotalTaxAmount):
			return Reason{Rule: "goods_tax", Detail: fmt.Sprintf("lines[%d]: total %d with tax %d, the tables say %d with tax %d",
				place(q.Order.Lines, i, &e.o.Policy), is.TotalAmount, is.TotalTaxAmount, want.TotalAmount, want.TotalTaxAmount)}
		}
	}
	var had, made []charge
	for i := range q.Order.Lines {
		if l := &q.Order.Lines[i]; l.Kind() != order.ShippingFee && goes(l, &e.o.Policy) {
			had = append(had, chargeOf(l))
		}
	}
	for i := len(out.stay); i < len(lines); i++ {
		made = append(made, chargeOf(&lines[i]))
	}
	if !same(had, made) {
		return Reason{Rule: "tax_line", Detail: fmt.Sprintf("tax and fee lines %v, the tables say %v", had, made)}
	}
	return Reason{}
}

// compareFreight wants the shipping_fee lines that are not the shop's own to be those of the selected option.
func (e *Engine) compareFreight(q *Query, out *outcome) Reason {
	var room, room2 [4]charge
	had := room[:0]
	for i := range q.Order.Lines {
		if l := &q.Order.Lines[i]; l.Kind() == order.ShippingFee && goes(l, &e.o.Policy) {
			had = append(had, chargeOf(l))
		}
	}
	p := out.plan
	if len(p.Options) == 0 { // nothing to ship
		return differ(had, nil, "")
	}
	if q.Selected == "" {
		if e.o.RequireOption {
			return Reason{Rule: "require_option", Detail: "something to ship and no option is selected"}
		}
		if len(had) == 0 {
			return Reason{}
		}
	}
	if p.Effective < 0 || (q.Selected != "" && p.Options[p.Effective].ID != q.Selected) {
		return Reason{Rule: "selected_option", Detail: "the selected option is not offered"}
	}
	if len(had) == 0 && e.o.RequireOption {
		return Reason{Rule: "shipping_line", Detail: "something to ship and no shipping_fee line"}
	}
	option, priced := &p.Options[p.Effective], &p.Priced[p.Effective]
	if p.Policy.Provider {
		return e.compareProvider(q, option, priced, had)
	}
	want := room2[:0]
	for _, part := range priced.Parts {
		want = append(want, charge{part.Gross, part.Rate, part.Tax})
	}
	return differ(had, want, option.ID)
}

// compareProvider wants the line that the provider added to be the option's price, tax within one unit, and the
// option that the buyer saw to have had that price.
func (e *Engine) compareProvider(q *Query, option *order.ShippingOption, priced *pricing.Priced, had []charge) Reason {
	var sum, tax order.Amount
	for _, c := range had {
		sum, tax = sum+c.gross, tax+c.tax // in range: the order's own sums hold
	}
	if sum != priced.Price || !near(tax, priced.Tax) {
		return Reason{Rule: "shipping_line", Detail: fmt.Sprintf("shipping_fee lines %v, option %s costs %d with tax %d",
			had, quote(option.ID), priced.Price, priced.Tax)}
	}
	if s := q.Order.SelectedShippingOption; s != nil && s.Price != priced.Price {
		return Reason{Rule: "selected_option", Detail: fmt.Sprintf("option %s was sold at %d, the tables say %d",
			quote(option.ID), s.Price, priced.Price)}
	}
	return Reason{}
}

// charge is what a line charges.
type charge struct {
	gross order.Amount
	rate  order.Rate
	tax   order.Amount
}

// String is for reasons: amounts only.
func (c charge) String() string { return fmt.Sprintf("%d at %d with tax %d", c.gross, c.rate, c.tax) }

func chargeOf(l *order.Line) charge { return charge{l.TotalAmount, l.TaxRate, l.TotalTaxAmount} }

// same compares two multisets and sorts them.
func same(a, b []charge) bool {
	slices.SortFunc(a, charge.compare)
	slices.SortFunc(b, charge.compare)
	return slices.Equal(a, b)
}

func (c charge) compare(d charge) int {
	return cmp.Or(cmp.Compare(c.gross, d.gross), cmp.Compare(c.rate, d.rate), cmp.Compare(c.tax, d.tax))
}

// differ wants the same charges for an option (empty: none); those of nothing do not count, as free shipping is a line of 0 or no line.
func differ(had, want []charge, option string) Reason {
	if same(slices.DeleteFunc(had, charge.free), slices.DeleteFunc(want, charge.free)) {
		return Reason{}
	}
	whose := "there is nothing to ship"
	if option != "" {
		whose = "option " + quote(option)
	}
	return Reason{Rule: "shipping_line", Detail: fmt.Sprintf("shipping_fee lines %v, the tables say %v: %s", had, want, whose)}
}

func (c charge) free() bool { return c.gross == 0 && c.tax == 0 }

// goes reports whether an incoming line is replaced by what the tables make.
func goes(l *order.Line, p *pricing.ShippingPolicy) bool { return p.Replaces(l) }

// place is the index in lines of the i-th one that stays.
func place(lines []order.Line, i int, p *pricing.ShippingPolicy) int {
	for at := range lines {
		if goes(&lines[at], p) {
			continue
		}
		if i == 0 {
			return at
		}
		i--
	}
	return -1
}

func near(a, b order.Amount) bool { return a-b <= 1 && b-a <= 1 }

func quote(id string) string { return fmt.Sprintf("%q", id) }
