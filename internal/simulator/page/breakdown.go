package page

import (
	"cmp"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/order"
)

// priced is what an order, a callback's body and an answer have in common. Amounts are minor units.
type priced struct {
	Amount   order.Amount       `json:"order_amount"`
	Tax      order.Amount       `json:"order_tax_amount"`
	Currency string             `json:"purchase_currency"`
	Lines    []simulator.Line   `json:"order_lines"`
	Options  []simulator.Option `json:"shipping_options"`
}

// readPriced reads a body; ok is false where it is not the contract's.
func readPriced(raw []byte) (p priced, ok bool) {
	err := json.Unmarshal(raw, &p)
	return p, err == nil && p.Currency != ""
}

// breakdown is the money of a callback step by step, before and after it.
type breakdown struct {
	Currency string
	Lines    []simulator.Line // after it
	More     int              // lines that are not shown
	HasRates bool             // a line has a tax rate
	Steps    []moneyStep
	Taxes    []moneyStep // inside the total, by rate, or added by level
}

// moneyStep is one sum before and after.
type moneyStep struct {
	Label         string
	Before, After order.Amount
	Total         bool
}

// Changed reports whether the callback changed the sum.
func (s moneyStep) Changed() bool { return s.Before != s.After }

// maxLines is how many lines of a cart a page shows.
const maxLines = 40

// stepsOf tells how the total of a cart came about. after is that of the answer where it was taken over, else the cart itself.
func stepsOf(before, after *priced) *breakdown {
	b := &breakdown{Currency: order.Upper(after.Currency), Lines: after.Lines}
	if len(b.Lines) > maxLines {
		b.More, b.Lines = len(b.Lines)-maxLines, b.Lines[:maxLines]
	}
	b.HasRates = slices.ContainsFunc(after.Lines, func(l simulator.Line) bool { return l.Rate != 0 })
	was, is := sumsOf(before), sumsOf(after)
	for _, s := range []moneyStep{
		{Label: "Goods", Before: was.goods, After: is.goods},
		{Label: "Discounts", Before: was.discounts, After: is.discounts},
		{Label: "Freight", Before: was.freight, After: is.freight},
		{Label: "Fees", Before: was.fees, After: is.fees},
		{Label: "Sales tax", Before: was.salesTax, After: is.salesTax},
		{Label: "Gift cards and credit", Before: was.credit, After: is.credit},
	} {
		if s.Before != 0 || s.After != 0 || s.Label == "Goods" || s.Label == "Freight" {
			b.Steps = append(b.Steps, s)
		}
	}
	b.Steps = append(b.Steps, moneyStep{Label: "To pay", Before: before.Amount, After: after.Amount, Total: true})
	b.Taxes = taxSteps(was.rates, is.rates)
	b.Taxes = append(b.Taxes, moneyStep{Label: "Tax in all", Before: before.Tax, After: after.Tax, Total: true})
	return b
}

// sums are the parts of a total.
type sums struct {
	goods, discounts, freight, fees, salesTax, credit order.Amount
	rates                                             map[order.Rate]order.Amount // tax inside the lines
}

// sumsOf adds up the lines of a cart that the provider has accepted, so that nothing overflows: at most 1,000 of at most 10^8.
func sumsOf(p *priced) sums {
	s := sums{rates: map[order.Rate]order.Amount{}}
	for i := range p.Lines {
		l := &p.Lines[i]
		s.rates[l.Rate] += l.Tax
		switch order.LineType(l.Type) {
		case order.ShippingFee:
			s.freight += l.Total
		case order.Discount:
			s.discounts += l.Total
		case order.Surcharge:
			s.fees += l.Total
		case order.SalesTax:
			s.salesTax += l.Total
		case order.GiftCard, order.StoreCredit:
			s.credit += l.Total
		default:
			s.goods += l.Total + l.Discount
			s.discounts -= l.Discount
		}
	}
	return s
}

// taxSteps are the taxes by rate, highest first; rates without tax are left out.
func taxSteps(was, is map[order.Rate]order.Amount) []moneyStep {
	var rates []order.Rate
	for _, m := range []map[order.Rate]order.Amount{was, is} {
		for r := range m {
			if (was[r] != 0 || is[r] != 0) && !slices.Contains(rates, r) {
				rates = append(rates, r)
			}
		}
	}
	slices.SortFunc(rates, func(a, b order.Rate) int { return cmp.Compare(b, a) })
	var steps []moneyStep
	for _, r := range rates {
		steps = append(steps, moneyStep{Label: "Tax at " + percent(r), Before: was[r], After: is[r]})
	}
	return steps
}

// gone are the options of before that after lacks, by name.
func gone(before, after []simulator.Option) []simulator.Option {
	var lost []simulator.Option
	for _, o := range before {
		if !slices.ContainsFunc(after, func(n simulator.Option) bool { return n.ID == o.ID }) {
			lost = append(lost, o)
		}
	}
	return lost
}
