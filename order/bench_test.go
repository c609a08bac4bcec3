package order_test

import (
	stdjson "encoding/json"
	"testing"

	"github.com/kvitto/kvitto/order"
)

func BenchmarkDecode(b *testing.B) {
	body := fullBody(4)
	b.Run("kvitto", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			if _, err := order.DecodeOrder(body, order.DefaultLimits()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			var o order.Order
			if err := stdjson.Unmarshal(body, &o); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkDecode1000Lines(b *testing.B) {
	body := fullBody(1000)
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if _, err := order.DecodeOrder(body, order.DefaultLimits()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	a := benchAnswer(b)
	b.Run("kvitto", func(b *testing.B) {
		b.ReportAllocs()
		buf := make([]byte, 0, 16<<10)
		for b.Loop() {
			if _, err := a.AppendJSON(buf); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := stdjson.Marshal(a); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// benchAnswer has four lines of which two are repriced, a freight line and three options.
func benchAnswer(b *testing.B) *order.Answer {
	b.Helper()
	o, err := order.DecodeOrder(fullBody(4), order.DefaultLimits())
	if err != nil {
		b.Fatal(err)
	}
	a := &order.Answer{OrderAmount: 49284, OrderTaxAmount: 3884, PurchaseCurrency: "SEK", Lines: o.Lines}
	for i := range 2 {
		p := o.Lines[i].Prices()
		p.TaxRate, p.TotalTaxAmount = 1200, 1189
		a.Lines[i] = o.Lines[i].Reprice(p)
	}
	a.Lines = append(a.Lines, order.Line{Type: order.ShippingFee, Reference: "home", Name: "To your door", Quantity: 1,
		UnitPrice: 4900, TaxRate: 2500, TotalAmount: 4900, TotalTaxAmount: 980})
	for _, id := range []string{"home", "box", "shop"} {
		a.Options = append(a.Options, order.ShippingOption{ID: id, Name: "To your döör", Price: 4900, TaxAmount: 980,
			TaxRate: 2500, Preselected: id == "home", ShippingMethod: "Home",
			DeliveryDetails: &order.DeliveryDetails{Carrier: "post", Class: "standard"}})
	}
	return a
}
