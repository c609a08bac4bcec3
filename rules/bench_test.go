package rules_test

import (
	"context"
	"testing"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

// still is a tax and shipping engine whose answers are made beforehand: what is measured is the engine around it.
type still struct {
	goods  rules.GoodsTax
	offers rules.Offers
	fakeTax
}

func (s *still) Goods(context.Context, *rules.Query) (rules.GoodsTax, error) { return s.goods, nil }
func (s *still) Offer(context.Context, *rules.Query) (rules.Offers, error)   { return s.offers, nil }
func (s *still) Validate(context.Context, *rules.Query) (rules.Decision, error) {
	return rules.Decision{}, nil
}

// benchmarked is an engine of tables, and an order of four lines that it priced before.
func benchmarked(b *testing.B) (*rules.Engine, *order.Order) {
	o := choose(cart(shirt(), ebook(), shirt(), freight("hem", 9_900)), "hem")
	s := &still{offers: priced([]string{"hem", "ombud", "butik"}, 9_900, 4_900, 0)}
	s.goods = flat(&rules.Query{Lines: o.Lines[:3]}, 2500)
	return engine(b, rules.Options{}, table("tables", s)), o
}

func BenchmarkQuery(b *testing.B) {
	e, o := benchmarked(b)
	b.ReportAllocs()
	for b.Loop() {
		if q := e.Query(rules.AddressUpdate, o, noon()); q.Destination.Country != "SE" {
			b.Fatal(q)
		}
	}
}

func BenchmarkPrice(b *testing.B) {
	e, o := benchmarked(b)
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		plan, _, err := e.Price(ctx, e.Query(rules.AddressUpdate, o, noon()))
		if err != nil || len(plan.Options) != 3 {
			b.Fatal(plan, err)
		}
	}
}

// BenchmarkPriceApart is BenchmarkPrice with one plug-in that is no table: a goroutine, a timer, a breaker.
func BenchmarkPriceApart(b *testing.B) {
	_, o := benchmarked(b)
	s := &still{offers: priced([]string{"hem", "ombud", "butik"}, 9_900, 4_900, 0)}
	s.goods = flat(&rules.Query{Lines: o.Lines[:3]}, 2500)
	facts := &fakeFacts{facts: func(context.Context, *rules.Query) (rules.Facts, error) { return rules.Facts{}, nil }}
	e := engine(b, rules.Options{}, rules.Member{Name: "acme.facts", Impl: facts}, table("tables", s))
	ctx, cancel := context.WithTimeout(b.Context(), time.Hour)
	defer cancel()
	b.ReportAllocs()
	for b.Loop() {
		plan, _, err := e.Price(ctx, e.Query(rules.AddressUpdate, o, noon()))
		if err != nil || len(plan.Options) != 3 {
			b.Fatal(plan, err)
		}
	}
}

func BenchmarkJudge(b *testing.B) {
	e, o := benchmarked(b)
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		d, err := e.Judge(ctx, e.Query(rules.Validation, o, noon()), nil, time.Hour)
		if err != nil || d.Verdict != rules.Accept {
			b.Fatal(d, err)
		}
	}
}
