package rulestest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// wantCharge is a line of sales tax or a fee, by its reference.
type wantCharge struct {
	name   string // wholeTax: all sales tax
	amount order.Amount
}

// wholeTax is the sum of all sales_tax lines.
const wholeTax = "total"

func taxLevels() []string { return []string{"state", "county", "city", "special", wholeTax} }

// salesTax reads sales_tax: one amount for all of it, or amounts by level, of which those that are named are looked at.
func (b *builder) salesTax(n *diag.Node) []wantCharge {
	if n == nil {
		return nil
	}
	if n.Kind == diag.Scalar {
		return []wantCharge{{wholeTax, b.money(n)}}
	}
	if !diag.Fields(n, "sales_tax", taxLevels(), b.r) {
		return nil
	}
	return b.charges(n)
}

// fees reads fees: the amount of each fee by its id. They are all that may be there; the result is not nil where they are
// asked for.
func (b *builder) fees(n *diag.Node) []wantCharge {
	if n == nil || !diag.WantMap(n, "`fees`", b.r) {
		return nil
	}
	return append([]wantCharge{}, b.charges(n)...)
}

func (b *builder) charges(n *diag.Node) (list []wantCharge) {
	for i, key := range n.Keys {
		if strings.HasPrefix(key.Text, "x-") || diag.TellDecimalComma(n, i, b.r) {
			continue
		}
		list = append(list, wantCharge{key.Text, b.money(n.Values[i])})
	}
	return list
}

// taxLines checks the lines of sales tax and the fees.
func (v *verdict) taxLines(want *expectation) {
	why := func() []rules.Step { return v.out.trace.Goods }
	for _, w := range want.salesTax {
		v.money(w.name+" sales tax", w.amount, v.salesTax(w.name), why)
	}
	if want.fees != nil {
		v.check("fees", v.feesText(want.fees), v.feesText(v.fees()), why)
	}
}

// salesTax sums the sales_tax lines of a level, or all of them.
func (v *verdict) salesTax(level string) (sum order.Amount) {
	for i := range v.out.answer.Lines {
		if l := &v.out.answer.Lines[i]; l.Kind() == order.SalesTax && (level == wholeTax || l.Reference == level) {
			sum += l.TotalAmount // in range: the order's sums are
		}
	}
	return sum
}

// fees are the surcharge lines that the tables made.
func (v *verdict) fees() (list []wantCharge) {
	for i := range v.out.answer.Lines {
		if l := &v.out.answer.Lines[i]; l.Kind() == order.Surcharge && l.MerchantData == pricing.Mark {
			list = append(list, wantCharge{l.Reference, l.TotalAmount})
		}
	}
	return list
}

// feesText writes fees by id, so that their order does not count.
func (v *verdict) feesText(list []wantCharge) string {
	if len(list) == 0 {
		return "none"
	}
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b wantCharge) int { return strings.Compare(a.name, b.name) })
	texts := make([]string, len(list))
	for i, c := range list {
		texts[i] = c.name + " " + moneyText(c.amount, v.currency())
	}
	return strings.Join(texts, ", ")
}

// split sums the lines of an answer by what they are; Goods is the rest.
func (s *ExplainedSums) split(lines []order.Line) {
	s.Goods = s.Amount
	for i := range lines {
		l := &lines[i]
		to := (*order.Amount)(nil)
		switch {
		case l.Kind() == order.ShippingFee:
			to = &s.Freight
		case l.Kind() == order.SalesTax:
			to = &s.SalesTax
		case l.Kind() == order.Surcharge && l.MerchantData == pricing.Mark:
			to = &s.Fees
		default:
			continue
		}
		*to += l.TotalAmount // in range: the order's sums are
		s.Goods -= l.TotalAmount
	}
}

// text writes the sums on one line; how says which freight it is.
func (s *ExplainedSums) text(how string, c table.Currency) string {
	out := fmt.Sprintf("goods %s + freight %s (%s)", bareMoney(s.Goods, c), bareMoney(s.Freight, c), how)
	if s.Fees != 0 {
		out += " + fees " + bareMoney(s.Fees, c)
	}
	if s.SalesTax != 0 {
		return out + " + sales tax " + bareMoney(s.SalesTax, c) + " = " + moneyText(s.Amount, c)
	}
	return out + " = " + moneyText(s.Amount, c) + ", of which tax " + bareMoney(s.Tax, c)
}
