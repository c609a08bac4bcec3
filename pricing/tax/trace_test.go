package tax_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

func TestTrace(t *testing.T) {
	t.Parallel()
	const text = header + "destinations:\n" +
		"  SE: charge\n  FI: charge\n  NO: {charge_below_item_value: 3000.00 NOK}\n  GB: {charge_up_to_order_value: 135.00 GBP}\n  DE: charge\n  '*': none\n" +
		"rates: {SE: {food: reduced_2}}\nb2b: {reverse_charge: EU, vat_id: format}\n"
	tests := []struct {
		name, to, currency, vat string
		want                    []string
	}{
		{"by class", "SE", "SEK", "", []string{
			"goods line 1: VAT 6 %, food in SE tax.yaml:13", "goods line 2: VAT 25 %, standard in SE vat-rates.yaml",
			"reason destinations SE: charge tax.yaml:7"}},
		{"by area", "FI 22100", "EUR", "", []string{
			"goods line 1: VAT 0 %, the area fi-aland is outside the VAT area vat-rates.yaml",
			"goods line 2: VAT 0 %, the area fi-aland is outside the VAT area vat-rates.yaml",
			"reason destinations FI: charge tax.yaml:8", "reason areas fi-aland vat-rates.yaml"}},
		{"half a per cent", "FI 00100", "EUR", "", []string{
			"goods line 1: VAT 25.5 %, standard in FI (food has no rate there) vat-rates.yaml", "goods line 2: VAT 25.5 %, standard in FI vat-rates.yaml",
			"reason destinations FI: charge tax.yaml:8"}},
		{"by a limit for pieces", "NO", "NOK", "", []string{
			"goods line 1: VAT 25 %, standard in NO (food has no rate there) vat-rates.yaml",
			"goods line 2: VAT 0 %, a piece is not below 3000.00 NOK, below which NO is charged tax.yaml:9",
			"reason destinations NO: charge_below_item_value tax.yaml:9"}},
		{"by a limit in another currency", "NO", "SEK", "", []string{
			"goods line 1: VAT 25 %, standard in NO (food has no rate there) vat-rates.yaml", "goods line 2: VAT 25 %, standard in NO vat-rates.yaml",
			"note the limit 3000.00 NOK has no amount in the order's currency; everything is charged tax.yaml:9",
			"reason destinations NO: charge_below_item_value tax.yaml:9",
			"reason destinations the limit 3000.00 NOK has no amount in the order's currency; everything is charged tax.yaml:9"}},
		{"by a limit for orders", "GB", "GBP", "", []string{
			"goods line 1: VAT 0 %, the order is over 135.00 GBP, up to which GB is charged tax.yaml:10",
			"goods line 2: VAT 0 %, the order is over 135.00 GBP, up to which GB is charged tax.yaml:10",
			"reason destinations GB: charge_up_to_order_value tax.yaml:10"}},
		{"none", "JP", "JPY", "", []string{
			"goods line 1: VAT 0 %, destinations says none for * tax.yaml:12", "goods line 2: VAT 0 %, destinations says none for * tax.yaml:12",
			"reason destinations *: none tax.yaml:12"}},
		{"reverse charge", "DE", "EUR", "DE123456789", []string{
			"goods line 1: VAT 0 %, the buyer owes the tax (reverse charge) tax.yaml:14",
			"goods line 2: VAT 0 %, the buyer owes the tax (reverse charge) tax.yaml:14",
			"reason destinations DE: charge tax.yaml:11", "reason b2b reverse charge tax.yaml:14"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			q := query(tt.to, at(t, "2026-11-23 10:00"), tt.currency, goods(299999, "food"), goods(300000))
			q.Trace = &rules.Trace{}
			q.Order.Customer = &order.Customer{Type: "organization", VATID: tt.vat}
			g, err := sound(t, text).Goods(context.Background(), q)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			add := func(text, file string, line int) {
				if file != "vat-rates.yaml" { // its lines move with every update
					file += fmt.Sprintf(":%d", line)
				} else if line < 1 {
					t.Errorf("%s has no line", text)
				}
				got = append(got, text+" "+file)
			}
			for _, s := range q.Trace.Goods {
				add("goods "+s.Text, s.File, s.Line)
			}
			for _, s := range q.Trace.Notes {
				add("note "+s.Text, s.File, s.Line)
			}
			for _, r := range g.Reasons {
				add("reason "+r.Rule+" "+r.Detail, r.File, r.Line)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRejectSaysWhy(t *testing.T) {
	t.Parallel()
	g, err := sound(t, header+"destinations: {SE: charge}\n").Goods(context.Background(), query("JP", at(t, "2026-11-23 10:00"), "JPY", goods(1)))
	if err != nil || g.Reject == nil || g.Reject.Kind != rules.UnsupportedShippingAddress || len(g.Reasons) != 1 ||
		!strings.Contains(g.Reasons[0].Detail, "not listed") {
		t.Errorf("got %+v %v", g, err)
	}
}
