package tax

import (
	"context"
	"fmt"
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// freightRule says how freight is taxed.
type freightRule struct {
	mode  pricing.FreightMode
	class table.ClassID // of FreightFixed; table.NoClass: standard
	free  bool          // no tax at all
}

// freightRules are those of the countries and regions, EU and *; the zero value splits everywhere.
type freightRules struct {
	places map[[2]string]freightRule // by country, or EU, and region
	all    freightRule
}

// freightRuleOf reads a word: one of the modes, none, standard, or a class.
func freightRuleOf(word string, classes *table.Classes) (freightRule, bool) {
	r := freightRule{class: table.NoClass}
	switch word {
	case "split":
		r.mode = pricing.FreightSplit
	case "highest":
		r.mode = pricing.FreightHighest
	case "largest":
		r.mode = pricing.FreightLargest
	case "none":
		r.free = true
	case standard:
	default:
		id, ok := classes.ID(word)
		r.class = id
		return r, ok
	}
	return r, true
}

func freightWords() []string { return []string{"split", "highest", "largest", standard, "none"} }

func (l *loader) readShippingTax(n *diag.Node) {
	f := &l.table.freight
	f.all = freightRule{mode: pricing.FreightSplit, class: table.NoClass}
	if n == nil {
		return
	}
	if n.Kind != diag.Map {
		if r, ok := l.readFreightRule(n); ok {
			f.all = r
		}
		return
	}
	f.places = map[[2]string]freightRule{}
	for i, key := range n.Keys {
		if strings.HasPrefix(key.Text, "x-") || key.Text != starKey && key.Text != unionKey && !l.knownPlace(key) {
			continue
		}
		r, ok := l.readFreightRule(n.Values[i])
		if !ok {
			continue
		}
		if key.Text == starKey {
			f.all = r
			continue
		}
		code, region, _ := strings.Cut(key.Text, "-")
		f.places[[2]string{code, region}] = r
	}
}

func (l *loader) readFreightRule(n *diag.Node) (freightRule, bool) {
	if !diag.WantText(n, "how freight is taxed", l.report) {
		return freightRule{}, false
	}
	r, ok := freightRuleOf(n.Text, l.classes)
	if !ok {
		l.tellWord(n, "way to tax freight with VAT", append(freightWords(), l.classes.Names()...)...)
	}
	if ok && r.class != table.NoClass {
		l.table.uses.Classes(1 << r.class)
	}
	return r, ok
}

// of returns the rule of an address.
func (f *freightRules) of(p *spot) freightRule {
	if len(f.places) == 0 {
		return f.all
	}
	for _, code := range p.codes {
		if code == "" {
			continue
		}
		if r, ok := f.places[[2]string{code, p.region}]; ok {
			return r
		}
		if r, ok := f.places[[2]string{code, ""}]; ok {
			return r
		}
	}
	if r, ok := f.places[[2]string{unionKey, ""}]; ok && p.union {
		return r
	}
	return f.all
}

// Freight implements rules.TaxEngine. class is a tax class of this file or a word of shipping_tax; empty is what
// shipping_tax says. An unknown one is rules.ErrTaxClass.
func (t *Table) Freight(_ context.Context, q *rules.Query, class string) (pricing.FreightTax, error) {
	if t.sales != nil {
		return salesFreight(), nil
	}
	p := t.locate(q)
	rule := t.freight.of(&p)
	if class != "" {
		var ok bool
		if rule, ok = freightRuleOf(class, t.classes); !ok {
			return pricing.FreightTax{}, fmt.Errorf("%s: %w %q", t.file, rules.ErrTaxClass, class)
		}
	}
	if rule.free || p.dest == nil || p.card == nil || !anyCharged(q, &p) {
		return pricing.FreightTax{}, nil
	}
	day, _, _ := table.DateOf(q.Now.In(t.loc))
	tax := pricing.FreightTax{Mode: rule.mode, Rate: p.card.of(rule.class).on(day).rate, Owed: p.reverse}
	if !p.reverse {
		return tax, nil
	}
	var err error
	tax.OwedGoods, err = t.owedGoods(q, &p, day)
	return tax, err
}

// owedGoods are the goods of a buyer who owes the tax as one who does not would pay for them. The lines of q are without tax by
// now, in every callback alike, and so are discount lines, which have lost their rate and count against all goods.
func (t *Table) owedGoods(q *rules.Query, p *spot, day table.Date) ([]pricing.RateValue, error) {
	charged := *p
	charged.reverse = false
	tags := q.LineTags()
	var out []pricing.RateValue
	for i := range q.Lines {
		l := &q.Lines[i]
		if !l.Goods() || l.TotalAmount < 0 {
			continue
		}
		rate := t.rate(&charged, l, t.classes.In(q, l, tags.Of(i)).First(), day).rate
		gross, err := pricing.GrossOf(l.TotalAmount, rate)
		if err != nil {
			return nil, fmt.Errorf("freight: %w", err)
		}
		out = append(out, pricing.RateValue{Rate: rate, Gross: gross})
	}
	return out, nil
}

// anyCharged reports whether the destination's rule taxes some goods of the order, or there are none.
func anyCharged(q *rules.Query, p *spot) bool {
	if p.dest.regime != itemBelow && p.dest.regime != orderUpTo {
		return true
	}
	goods := false
	lines := sentLines(q)
	for i := range lines {
		if l := &lines[i]; l.Goods() && l.Rated() {
			if goods = true; p.charged(l) {
				return true
			}
		}
	}
	return !goods
}

// sentLines are the lines as they came in: limits look at the prices that were sent, also when lines are re-rated already.
func sentLines(q *rules.Query) []order.Line {
	if q.Order != nil && len(q.Order.Lines) > 0 {
		return q.Order.Lines
	}
	return q.Lines
}

// orderValue is the value of the goods after discounts, in minor units, as the lines say it.
func orderValue(lines []order.Line) order.Amount {
	var sum order.Amount
	for i := range lines {
		if l := &lines[i]; l.Goods() || l.Kind() == order.Discount {
			sum += l.TotalAmount
		}
	}
	return sum
}
