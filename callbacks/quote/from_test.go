package quote_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/callbacks/quote"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
)

// tables is a shop at home in Sweden that keeps net prices: 25 % there, nothing in Norway, 6 % on books.
type tables struct{ fault error }

// Home implements rules.Homed.
func (*tables) Home() string { return "SE" }

// Goods implements rules.TaxEngine.
func (s *tables) Goods(_ context.Context, q *rules.Query) (rules.GoodsTax, error) {
	g := rules.GoodsTax{Keep: pricing.KeepNet}
	for i := range q.Lines {
		rate := order.Rate(2500)
		if a := q.Lines[i].ShippingAttributes; a != nil && len(a.Tags) > 0 && a.Tags[0] == "book" {
			rate = 600
		}
		if q.Destination.Country == "NO" {
			rate = 0
		}
		g.Rates = append(g.Rates, pricing.LineRate{Rate: rate, Apply: true})
	}
	if q.Destination.Country == "JP" {
		g.Reject = &rules.Reject{Kind: rules.UnsupportedShippingAddress}
	}
	return g, s.fault
}

// Freight implements rules.TaxEngine.
func (*tables) Freight(context.Context, *rules.Query, string) (pricing.FreightTax, error) {
	return pricing.FreightTax{Mode: pricing.FreightHighest}, nil
}

// Offer tells in its prices what it was asked: 1 for each krona of goods, 1 000 000 for each kilogram, 100 for a postcode.
func (*tables) Offer(_ context.Context, q *rules.Query) (rules.Offers, error) {
	price := q.Lines[0].TotalAmount / 100
	if a := q.Lines[0].ShippingAttributes; a != nil {
		price += order.Amount(a.Weight * 1000)
	}
	if q.Destination.Postcode != "" {
		price += 100
	}
	return rules.Offers{Options: []rules.Offer{
		{ID: "dear", Name: "Dear", Price: price + 1}, {ID: "cheap", Name: "Cheap", Price: price}, {ID: "as-cheap", Name: "Too", Price: price},
	}}, nil
}

func engine(t testing.TB, s *tables) *rules.Engine {
	t.Helper()
	e, err := rules.NewEngine(rules.Options{Revision: "r", Members: []rules.Member{{Name: "tables", Impl: s, Inline: true}}})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func noon() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }

// TestAsk: the value counts with the tax of home, so that a price that is kept without tax is not grossed up twice.
func TestAsk(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body string
		price      order.Amount
		rate       order.Rate
	}{
		{"at home", `{"country":"SE","currency":"SEK","value":12500}`, 125, 2500},
		{"abroad, without the tax of home", `{"country":"no","currency":"SEK","value":12500}`, 100, 0},
		{"with a rate", `{"country":"NO","currency":"SEK","value":11200,"tax_rate":1200}`, 100, 0},
		{"without tax at home", `{"country":"SE","currency":"SEK","value":10000,"tax_rate":0}`, 125, 2500},
		{"a class", `{"country":"SE","currency":"SEK","value":10600,"tags":["book"]}`, 106, 600},
		{"a class abroad", `{"country":"NO","currency":"SEK","value":10600,"tags":["book"]}`, 100, 0},
		{"by weight", `{"country":"SE","currency":"SEK","weight":2}`, 2000, 2500},
		{"by postcode", `{"country":"SE","currency":"SEK","postcode":"621 57"}`, 100, 2500},
		{"for nothing", `{"country":"SE","currency":"SEK"}`, 0, 2500},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := quote.ReadPiece([]byte(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			plan, d, err := quote.Ask(t.Context(), engine(t, &tables{}), p, noon())
			if err != nil || plan == nil {
				t.Fatalf("got %v, %v", d, err)
			}
			got := quote.Cheapest(plan)
			if got.ID != "cheap" || got.Price != tt.price || got.TaxRate != tt.rate {
				t.Errorf("got %s at %d with %d; want cheap at %d with %d", got.ID, got.Price, got.TaxRate, tt.price, tt.rate)
			}
		})
	}
}

// TestAskNotSold: what the rules decide comes back, and so does a failure, also of the question about home.
func TestAskNotSold(t *testing.T) {
	t.Parallel()
	p := &quote.Piece{Country: "JP", Currency: "SEK"}
	if plan, d, err := quote.Ask(t.Context(), engine(t, &tables{}), p, noon()); plan != nil || d.Verdict != rules.Rejected || err != nil {
		t.Errorf("got %v, %v, %v; want a rejection", plan, d, err)
	}
	broken := errors.New("no rate")
	if _, _, err := quote.Ask(t.Context(), engine(t, &tables{fault: broken}), p, noon()); !errors.Is(err, broken) {
		t.Errorf("got %v; want %v", err, broken)
	}
}

// FuzzReadPiece wants of every question that is taken that it can be asked, and of every other a text without any of it.
func FuzzReadPiece(f *testing.F) {
	f.Add(`{"country":"SE","currency":"SEK","weight":900,"value":39900,"tax_rate":2500,"tags":["a"]}`)
	f.Add(`{"country":"SE","currency":"SEK","canaryZq7":1}`)
	f.Add(`{"country":"canaryZq7","tags":["canaryZq7",{"canaryZq7":1}]}`)
	e := engine(f, &tables{})
	f.Fuzz(func(t *testing.T, body string) {
		p, err := quote.ReadPiece([]byte(body))
		if err != nil {
			if !errors.Is(err, quote.ErrPiece) || strings.Contains(err.Error(), "Zq7") {
				t.Errorf("%q: got %v", body, err)
			}
			return
		}
		plan, d, err := quote.Ask(t.Context(), e, p, noon())
		if err != nil && !errors.Is(err, pricing.ErrOverflow) || err == nil && plan == nil && d.Verdict == rules.Accept {
			t.Errorf("%q: got %v, %v", body, d, err)
		}
	})
}
