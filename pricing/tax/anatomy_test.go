package tax_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAnatomy(t *testing.T) {
	t.Parallel()
	vat, r := load(`version: 1
mode: vat
home: SE
classes: {food: {tags: [food]}}
zones: {gotland: {SE: [620 to 624]}}
areas: {gotland: none}
destinations: {SE: charge, NO: {charge_below_item_value: 3000.00 NOK}, "*": none}
rates: {SE: {standard: 25%, food: 12%}, NO: {standard: 25%}}
`, nil)
	if vat == nil {
		t.Fatal(r.Findings())
	}
	a := vat.Anatomy()
	if diff := cmp.Diff([]string{"NO", "SE"}, a.Countries); diff != "" {
		t.Errorf("countries (-want +got):\n%s", diff)
	}
	limits := 0
	for _, l := range a.Limits {
		if v, ok := l.In("NOK"); ok && v == 3000_00 {
			limits++
		}
	}
	if limits != 1 || a.VATID || len(a.Classes.Names()) != 1 || len(a.Zones.Countries()) != 1 {
		t.Errorf("got %d limits, VAT id %v, classes %v, zones of %v", limits, a.VATID, a.Classes.Names(), a.Zones.Countries())
	}
	us, r := load(`version: 1
mode: sales_tax
prices: exclude tax
collect_in: [US-CA, US-NY]
rates: {US-CA: 7.25%, US-NY: 4%}
shipping_tax: {US-CA: none, US-NY: all}
classes: {clothing: {tags: [clothing]}}
exempt: [{class: clothing, in: US-NY, below_item_price: 110.00}]
rate_files: [rates.csv]
`, map[string]string{"rates.csv": "state,zip_from,zip_to,state_rate,county_rate,city_rate,special_rate,from\nUS-NY,10001,10099,4,0,0.5,0,2024-01-01\n"})
	if us == nil {
		t.Fatal(r.Findings())
	}
	a = us.Anatomy()
	if diff := cmp.Diff([]string{"US-CA", "US-NY"}, a.Regions); diff != "" {
		t.Errorf("regions (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([][2]string{{"10001", "10099"}}, a.ZIPs); diff != "" {
		t.Errorf("ZIPs (-want +got):\n%s", diff)
	}
	if len(a.Limits) != 1 {
		t.Errorf("limits: %v", a.Limits)
	}
}
