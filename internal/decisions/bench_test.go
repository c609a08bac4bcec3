package decisions_test

import (
	"testing"
	"time"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/internal/decisions"
	"github.com/kvitto/kvitto/internal/floor"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

// BenchmarkKeep is what keeping adds to a callback: an order of 4 lines and 6.6 KB, six options, in the steady state.
func BenchmarkKeep(b *testing.B) {
	body, err := floor.Body("41119")
	if err != nil {
		b.Fatal(err)
	}
	o, err := order.DecodeUpdate(body, order.DefaultLimits())
	if err != nil {
		b.Fatal(err)
	}
	a := &order.Answer{OrderAmount: 55800, OrderTaxAmount: 9377, PurchaseCurrency: "SEK"}
	for _, id := range []string{"ombud", "hem", "butik:haga", "butik:sodermalm", "pall", "brev"} {
		a.Options = append(a.Options, order.ShippingOption{ID: id, Price: 4900, TaxAmount: 980, TaxRate: 2500, Preselected: id == "hem"})
	}
	d := &callbacks.Decision{At: time.Unix(1_800_000_000, 0), Took: time.Millisecond, Merchant: "demo", Callback: rules.AddressUpdate,
		OrderID: "f3392f8b-6116-4073-ab96-e330819e2c07", Revision: "3f9c2a71d0b4", Kind: "priced", Status: 200, Order: o, Answer: a, Paid: "hem"}
	s := decisions.New(1000, 16<<20, "bench")
	for range 1001 {
		s.Keep(d)
	}
	b.ReportAllocs()
	for b.Loop() {
		s.Keep(d)
	}
}
