package rules_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
)

// lineTax is a tax engine of sales tax: 10 % of goods and freight, and a fee of 50 for what is delivered.
type lineTax struct {
	fakeTax
	make func(q *rules.Query, paid *rules.Paid) ([]order.Line, error) // nil: as above
}

func (f *lineTax) Goods(context.Context, *rules.Query) (rules.GoodsTax, error) {
	return rules.GoodsTax{ByLine: true, Keep: pricing.KeepNet}, nil
}

func (f *lineTax) Freight(context.Context, *rules.Query, string) (pricing.FreightTax, error) {
	return pricing.FreightTax{}, nil
}

func (f *lineTax) FeeIDs() []string { return []string{"road"} }

func (f *lineTax) TaxLines(_ context.Context, q *rules.Query, paid *rules.Paid) ([]order.Line, error) {
	if f.make != nil {
		return f.make(q, paid)
	}
	base := paid.Price
	for i := range q.Lines {
		base += q.Lines[i].TotalAmount
	}
	out := []order.Line{taxLine(base / 10)}
	if paid.Chosen {
		out = append([]order.Line{feeLine(50)}, out...)
	}
	return out, nil
}

func taxLine(amount order.Amount) order.Line {
	return order.Line{Type: order.SalesTax, Reference: "state", Name: "Tax", Quantity: 1, UnitPrice: amount, TotalAmount: amount}
}

func feeLine(amount order.Amount) order.Line {
	return order.Line{Type: order.Surcharge, Reference: "road", Name: "Fee", Quantity: 1, UnitPrice: amount, TotalAmount: amount, MerchantData: pricing.Mark}
}

// charges writes lines as "physical 16000".
func charges(lines []order.Line) string {
	var out []string
	for i := range lines {
		out = append(out, fmt.Sprintf("%s %d", lines[i].Kind(), lines[i].TotalAmount))
	}
	return strings.Join(out, ", ")
}

func TestTaxLines(t *testing.T) {
	t.Parallel()
	e := engine(t, rules.Options{}, table("tax", &lineTax{}), table("shipping", offers(priced([]string{"home"}, 1000))))
	o := cart(shirt(), taxLine(7), feeLine(30), order.Line{Type: order.Surcharge, Reference: "road", Name: "lost its mark", Quantity: 1, UnitPrice: 30, TotalAmount: 30})
	p, d, err := e.Price(context.Background(), e.Query(rules.AddressUpdate, o, noon()))
	if err != nil || d.Verdict != rules.Accept {
		t.Fatal(d, err)
	}
	if got := charges(p.Lines); got != "physical 16000, surcharge 50, sales_tax 1700" {
		t.Errorf("got %s", got)
	}
	if got := strings.Join(p.Policy.Fees, " "); got != "road" {
		t.Errorf("fees of the policy: %q", got)
	}
	a, err := pricing.Recompute(p)
	if err != nil {
		t.Fatal(err)
	}
	if a.OrderAmount != 18_750 || a.OrderTaxAmount != 1700 {
		t.Errorf("got %d with tax %d", a.OrderAmount, a.OrderTaxAmount)
	}
}

// TestJudgeTaxLines compares what the tables make with what the order holds.
func TestJudgeTaxLines(t *testing.T) {
	t.Parallel()
	e := engine(t, rules.Options{}, table("tax", &lineTax{}), table("shipping", offers(priced([]string{"home"}, 1000))))
	goods := order.Line{Type: order.Physical, Reference: "A", Name: "A", Quantity: 1, UnitPrice: 16_000, TotalAmount: 16_000}
	freight := order.Line{Type: order.ShippingFee, Reference: "home", Name: "Home", Quantity: 1, UnitPrice: 1000, TotalAmount: 1000}
	unmarked := feeLine(50)
	unmarked.MerchantData = ""
	for name, tt := range map[string]struct {
		lines  []order.Line
		chosen bool
		want   string // rule that denies; empty: approved
	}{
		"as answered":                 {[]order.Line{goods, freight, feeLine(50), taxLine(1700)}, true, ""},
		"in another order":            {[]order.Line{taxLine(1700), freight, unmarked, goods}, true, ""},
		"less tax":                    {[]order.Line{goods, freight, feeLine(50), taxLine(1699)}, true, "tax_line"},
		"no tax":                      {[]order.Line{goods, freight, feeLine(50)}, true, "tax_line"},
		"tax twice":                   {[]order.Line{goods, freight, feeLine(50), taxLine(1700), taxLine(1700)}, true, "tax_line"},
		"no fee":                      {[]order.Line{goods, freight, taxLine(1700)}, true, "tax_line"},
		"another fee":                 {[]order.Line{goods, freight, feeLine(49), taxLine(1700)}, true, "tax_line"},
		"no option and no freight":    {[]order.Line{goods, taxLine(1600)}, false, ""},
		"no option and a freight":     {[]order.Line{goods, freight, feeLine(50), taxLine(1700)}, false, ""},
		"no option, tax of a freight": {[]order.Line{goods, taxLine(1700)}, false, "tax_line"},
		"goods with a rate":           {[]order.Line{shirt(), freight, feeLine(50), taxLine(1700)}, true, "goods_tax"},
	} {
		o := cart(tt.lines...)
		if tt.chosen {
			o = choose(o, "home")
		}
		d, err := e.Judge(context.Background(), e.Query(rules.Validation, o, noon()), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if d.Verdict != rules.Accept {
			got = d.Reasons[0].Rule
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q: %+v", name, got, tt.want, d.Reasons)
		}
	}
}

// noLines promises tax lines and cannot make any.
type noLines struct{ fakeTax }

func TestTaxLinesNonsense(t *testing.T) {
	t.Parallel()
	rated := taxLine(5)
	rated.TaxRate = 1
	own := feeLine(5)
	own.MerchantData = ""
	broken := errors.New("no rates today")
	made := func(lines ...order.Line) rules.TaxEngine {
		return &lineTax{make: func(*rules.Query, *rules.Paid) ([]order.Line, error) { return lines, nil }}
	}
	promise := &noLines{fakeTax{goods: func(context.Context, *rules.Query) (rules.GoodsTax, error) { return rules.GoodsTax{ByLine: true}, nil }}}
	for name, tt := range map[string]struct {
		tax   rules.TaxEngine
		cause error
	}{
		"goods":            {made(shirt()), rules.ErrNonsense},
		"a rate":           {made(rated), rules.ErrNonsense},
		"a fee unmarked":   {made(own), rules.ErrNonsense},
		"below zero":       {made(taxLine(-1)), rules.ErrNonsense},
		"no LineTaxer":     {promise, rules.ErrNonsense},
		"an error":         {&lineTax{make: func(*rules.Query, *rules.Paid) ([]order.Line, error) { return nil, broken }}, broken},
		"nothing is right": {made(), nil},
	} {
		e := engine(t, rules.Options{}, table("tax", tt.tax), table("shipping", offers(priced([]string{"home"}, 1000))))
		p, _, err := e.Price(context.Background(), e.Query(rules.AddressUpdate, cart(shirt()), noon()))
		if !errors.Is(err, tt.cause) || (p == nil) != (tt.cause != nil) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	denied := engine(t, rules.Options{}, rules.Member{Name: "tax", Impl: promise}, table("shipping", offers(priced([]string{"home"}, 1000))))
	p, d, err := denied.Price(context.Background(), denied.Query(rules.AddressUpdate, cart(shirt()), noon()))
	if p != nil || err != nil || d.Verdict != rules.Rejected || d.Reject.Kind != rules.ApprovalFailed {
		t.Errorf("a plug-in that fails denies: %v %+v %v", p, d, err)
	}
}
