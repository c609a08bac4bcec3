package shipping_test

import (
	"context"
	"fmt"
	"os"
	"testing/fstest"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/shipping"
)

// The shop of the guide for rule authors, asked for an address on Gotland.
func ExampleLoad() {
	fsys := fstest.MapFS{"shipping.yaml": {Data: []byte(`version: 1
currency: SEK
time_zone: Europe/Stockholm
languages: [sv, en]
zones:
  sweden: {SE: all}
  gotland: {SE: [620 to 624]}
options:
  - id: parcel
    name: {sv: Paket, en: Parcel}
    to: sweden
    price: 49.00
    surcharges:
      - {to: gotland, add: 20.00}
`)}}
	var r diag.Report
	table := shipping.Load(fsys, "shipping.yaml", shipping.Options{}, &r)
	lines := []order.Line{{Name: "Lamp", Quantity: 1, UnitPrice: 19900, TotalAmount: 19900}}
	offers, err := table.Offer(context.Background(), &rules.Query{
		Now:         time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC),
		Order:       &order.Order{Lines: lines},
		Lines:       lines,
		Destination: rules.Destination{Country: "SE", Postcode: "621 57"},
		Currency:    "SEK",
		Language:    "en",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range offers.Options {
		fmt.Println(o.ID, o.Name, o.Price)
	}
	// Output: parcel Parcel 6900
}

// A fault is told with its place, what it costs and what would be right.
func ExampleLoad_fault() {
	fsys := fstest.MapFS{"shipping.yaml": {Data: []byte(`version: 1
currency: SEK
time_zone: Europe/Stockholm
languages: [sv]
zones:
  gotland: {SE: [620 to 624]}
options:
  - id: parcel
    name: Paket
    price: 49.00
    surcharges:
      - {to: gotlnad, add: 20.00}
`)}}
	var r diag.Report
	fmt.Println(shipping.Load(fsys, "shipping.yaml", shipping.Options{}, &r) == nil)
	if err := r.Render(os.Stdout, false); err != nil {
		fmt.Println(err)
	}
	// Output:
	// true
	// error[E203]: there is no zone `gotlnad`
	//   --> shipping.yaml:12:14
	//    |
	// 6  |   gotland: {SE: [620 to 624]}
	//    |   ------- a zone with a similar name
	// ...
	// 12 |       - {to: gotlnad, add: 20.00}
	//    |              ^^^^^^^ not declared under `zones`
	//    |
	// help: did you mean `gotland`?
	//    |
	// 12 |       - {to: gotland, add: 20.00}
	//    |              ~~~~~~~
	//    = note: as it stands, no address would ever pay these 20.00 SEK
	//
	// 1 finding: 1 error
}
