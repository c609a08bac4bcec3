package rules_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
)

// shop is a random rulebook: a rate per article, options with prices, one way to tax freight.
type shop struct {
	rates   map[string]order.Rate
	keep    pricing.Keep
	freight pricing.FreightTax
	offers  rules.Offers
}

func (s *shop) Goods(_ context.Context, q *rules.Query) (rules.GoodsTax, error) {
	g := rules.GoodsTax{Keep: s.keep}
	for i := range q.Lines {
		rate, known := s.rates[q.Lines[i].Reference]
		g.Rates = append(g.Rates, pricing.LineRate{Rate: rate, Apply: known})
	}
	return g, nil
}

func (s *shop) Freight(context.Context, *rules.Query, string) (pricing.FreightTax, error) {
	return s.freight, nil
}

func (s *shop) Offer(context.Context, *rules.Query) (rules.Offers, error) { return s.offers, nil }

func drawRate(t *rapid.T, label string) order.Rate {
	return rapid.SampledFrom([]order.Rate{0, 600, 1200, 2500}).Draw(t, label)
}

func drawShop(t *rapid.T) *shop {
	s := &shop{
		rates:   map[string]order.Rate{},
		keep:    rapid.SampledFrom([]pricing.Keep{pricing.KeepGross, pricing.KeepNet}).Draw(t, "keep"),
		freight: pricing.FreightTax{Mode: pricing.FreightMode(rapid.IntRange(0, 3).Draw(t, "mode")), Rate: drawRate(t, "freight rate")},
	}
	for i := range 4 {
		s.rates[fmt.Sprint("sku", i)] = drawRate(t, "rate")
	}
	n := rapid.IntRange(1, 4).Draw(t, "options")
	for i := range n {
		s.offers.Options = append(s.offers.Options, rules.Offer{ID: fmt.Sprint("option", i), Name: "Option",
			Price: order.Amount(rapid.IntRange(0, 30_000).Draw(t, "price")), ExclTax: rapid.Bool().Draw(t, "without tax")})
	}
	s.offers.Preselect = rules.PreselectMode(rapid.IntRange(0, 3).Draw(t, "preselect"))
	s.offers.PreselectID = fmt.Sprint("option", rapid.IntRange(0, 5).Draw(t, "preselected"))
	return s
}

// drawCart makes goods whose sums hold, at any rate, and perhaps an old shipping line.
func drawCart(t *rapid.T) *order.Order {
	o := cart()
	for i := range rapid.IntRange(1, 6).Draw(t, "lines") {
		l := order.Line{Name: "Article", Reference: fmt.Sprint("sku", rapid.IntRange(0, 5).Draw(t, "sku")),
			Type:      rapid.SampledFrom([]order.LineType{"", order.Physical, order.Digital, order.Surcharge, "package"}).Draw(t, "type"),
			Quantity:  int64(rapid.IntRange(0, 5).Draw(t, "quantity")),
			UnitPrice: order.Amount(rapid.IntRange(0, 50_000).Draw(t, "unit price")), TaxRate: drawRate(t, "old rate")}
		l.TotalAmount = order.Amount(l.Quantity) * l.UnitPrice
		tax, err := pricing.TaxWithin(l.TotalAmount, l.TaxRate)
		if err != nil {
			t.Fatal(err)
		}
		l.TotalTaxAmount = tax
		if i == 2 && rapid.Bool().Draw(t, "old freight") {
			l.Type = order.ShippingFee
		}
		o.Lines = append(o.Lines, l)
	}
	if rapid.Bool().Draw(t, "chosen") {
		o = choose(o, fmt.Sprint("option", rapid.IntRange(0, 5).Draw(t, "choice")))
	}
	return o
}

// answered prices an order and returns the order that the provider then holds.
func answered(t *rapid.T, e *rules.Engine, o *order.Order, provider bool) (*order.Order, *order.Answer) {
	plan, d, err := e.Price(context.Background(), e.Query(rules.AddressUpdate, o, noon()))
	if err != nil || plan == nil {
		t.Fatalf("decision %+v, error %v", d, err)
	}
	a, err := pricing.Recompute(plan)
	if err != nil {
		t.Fatal(err)
	}
	back := *o
	back.Lines, back.ShippingOptions, back.SelectedShippingOption = a.Lines, a.Options, nil
	if plan.Effective >= 0 {
		chosen := a.Options[plan.Effective]
		back.SelectedShippingOption = &chosen
		if provider {
			back.Lines = append(back.Lines[:len(back.Lines):len(back.Lines)], order.Line{Type: order.ShippingFee, Name: chosen.Name, Quantity: 1,
				UnitPrice: chosen.Price, TotalAmount: chosen.Price, TaxRate: chosen.TaxRate, TotalTaxAmount: chosen.TaxAmount})
		}
	}
	return &back, a
}

// TestAnswersHold: what we answered passes our validation, and gives the same answer when it comes back; moved by any
// amount it does not pass.
func TestAnswersHold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, provider := drawShop(t), rapid.Bool().Draw(t, "provider")
		e, err := rules.NewEngine(rules.Options{Revision: "r", Members: []rules.Member{{Name: "shop", Impl: s, Inline: true}},
			Policy: pricing.ShippingPolicy{Provider: provider}})
		if err != nil {
			t.Fatal(err)
		}
		back, first := answered(t, e, drawCart(t), provider)
		_, second := answered(t, e, back, provider)
		if diff := cmp.Diff(first, second, cmpopts.IgnoreUnexported(order.Line{})); diff != "" {
			t.Fatalf("the answer's answer differs (-first +second):\n%s", diff)
		}
		judged := func() rules.Decision {
			d, err := e.Judge(context.Background(), e.Query(rules.Validation, back, noon()), nil, time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		if d := judged(); d.Verdict != rules.Accept {
			t.Fatalf("our own answer is denied: %+v", d)
		}
		for i := range back.Lines {
			if l := &back.Lines[i]; l.Type == order.ShippingFee {
				by := order.Amount(rapid.IntRange(1, 1000).Draw(t, "moved by"))
				l.UnitPrice, l.TotalAmount = l.UnitPrice+by, l.TotalAmount+by
				if d := judged(); d.Verdict == rules.Accept {
					t.Fatalf("freight moved by %d passes: %+v", by, d)
				}
				return
			}
		}
	})
}
