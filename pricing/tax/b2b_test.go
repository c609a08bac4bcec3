package tax_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/pricing/tax"
)

func TestReverseCharge(t *testing.T) {
	t.Parallel()
	const destinations = "destinations: {EU: charge, SE: charge, GB: none, XI: charge, NO: charge, '*': none}\n"
	tests := []struct{ name, b2b, kind, vat, to, want string }{
		{"applies", "{reverse_charge: EU, vat_id: format}", "organization", "ATU12345678", "AT 1010", "0 net"},
		{"spaces and small letters", "{reverse_charge: EU, vat_id: format}", "organization", "at u1234-5678", "AT", "0 net"},
		{"goods to another member", "{reverse_charge: EU, vat_id: format}", "organization", "ATU12345678", "DE", "0 net"},
		{"Greece is EL", "{reverse_charge: EU, vat_id: format}", "organization", "EL123456789", "GR", "0 net"},
		{"Greece is not GR", "{reverse_charge: EU, vat_id: format}", "organization", "GR123456789", "GR", "2400"},
		{"Northern Ireland", "{reverse_charge: EU, vat_id: format}", "organization", "XI123456789", "GB BT1 1AA", "0 net"},
		{"Great Britain", "{reverse_charge: EU, vat_id: format}", "organization", "GB123456789", "GB SW1A 1AA", "0"},
		{"a person", "{reverse_charge: EU, vat_id: format}", "person", "ATU12345678", "AT", "2000"},
		{"nobody said", "{reverse_charge: EU, vat_id: format}", "", "ATU12345678", "AT", "2000"},
		{"no id", "{reverse_charge: EU, vat_id: format}", "organization", "", "AT", "2000"},
		{"malformed", "{reverse_charge: EU, vat_id: format}", "organization", "ATU1234567", "AT", "2000"},
		{"home's own id", "{reverse_charge: EU, vat_id: format}", "organization", "SE556677889901", "DE", "1900"},
		{"goods stay at home", "{reverse_charge: EU, vat_id: format}", "organization", "ATU12345678", "SE", "2500"},
		{"goods leave the union", "{reverse_charge: EU, vat_id: format}", "organization", "ATU12345678", "NO", "2500"},
		{"not switched on", "{reverse_charge: EU}", "organization", "ATU12345678", "AT", "2000"},
		{"the register says no", "{reverse_charge: EU, vat_id: {plugin: vies}}", "organization", "ATU12345678", "AT", "2000"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			table := sound(t, header+destinations+"b2b: "+tt.b2b+"\n")
			q := query(tt.to, at(t, "2026-11-23 10:00"), "EUR", goods(100))
			q.Order.Customer = &order.Customer{Type: tt.kind, VATID: tt.vat}
			if got := rates(t, table, q); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			freight, err := table.Freight(context.Background(), q, "standard")
			if err != nil || freight.Owed != (tt.want == "0 net") || freight.Rate == 0 && tt.want != "0" {
				t.Errorf("freight: got %+v %v", freight, err)
			}
		})
	}
}

func TestReverseChargeByPlugin(t *testing.T) {
	t.Parallel()
	table := sound(t, header+"destinations: {EU: charge}\nb2b: {reverse_charge: EU, vat_id: {plugin: vies, if_unavailable: charge}}\n")
	q := query("AT", at(t, "2026-11-23 10:00"), "EUR", goods(100))
	q.Order.Customer = &order.Customer{Type: "organization", VATID: "ATU12345678"}
	q.Facts.Tags = []string{tax.VATIDTag}
	if got := rates(t, table, q); got != "0 net" || table.VATIDPlugin() != "vies" {
		t.Errorf("got %q by %q", got, table.VATIDPlugin())
	}
}

func TestReverseChargeNeedsAMemberAtHome(t *testing.T) {
	t.Parallel()
	table := sound(t, "version: 1\nmode: vat\nhome: CH\ndata: vat-rates.yaml\ndestinations: {EU: charge}\nb2b: {reverse_charge: EU, vat_id: format}\n")
	q := query("AT", at(t, "2026-11-23 10:00"), "EUR", goods(100))
	q.Order.Customer = &order.Customer{Type: "organization", VATID: "ATU12345678"}
	if got := rates(t, table, q); got != "2000" {
		t.Errorf("got %q", got)
	}
}

func TestVATIDForms(t *testing.T) {
	t.Parallel()
	table := sound(t, "version: 1\nmode: vat\nhome: DK\ndata: vat-rates.yaml\ndestinations: {EU: charge}\nb2b: {reverse_charge: EU, vat_id: format}\n")
	to := "SE"
	for _, tt := range []struct {
		ids  []string
		want string
	}{
		{[]string{"ATU12345678", "BE0123456789", "BG123456789", "BG1234567890", "CY12345678X", "CZ12345678", "CZ1234567890", "DE123456789",
			"EE123456789", "EL123456789", "ESX1234567X", "ES12345678Z", "FI12345678", "FRAB123456789", "FR12123456789", "HR12345678901", "HU12345678",
			"IE1234567A", "IE1A23456B", "IE1234567AB", "IT12345678901", "LT123456789", "LT123456789012", "LU12345678", "LV12345678901", "MT12345678",
			"NL123456789B01", "PL1234567890", "PT123456789", "RO12", "RO1234567890", "SE123456789001", "SI12345678", "SK1234567890", "XI123456789",
			"XI123456789012", "XIGD123", "XIHA999"}, "0 net"},
		{[]string{"AT12345678", "BE123456789", "CY123456789", "DE12345678", "DE1234567890", "ES123456789A0", "FR1234567890", "IE12345678", "NL123456789012",
			"SE1234567890", "XIAB123", "GB123456789", "NO123456789", "CHE123456789", "", "A", "AT", "ÅTU12345678", "DK12345678",
			"DE123456789 and a text that is longer than any", "EU123456789"}, "2500"},
	} {
		for _, id := range tt.ids {
			q := query(to, at(t, "2026-11-23 10:00"), "EUR", goods(100))
			q.Order.Customer = &order.Customer{Type: "organization", VATID: id}
			if got := rates(t, table, q); got != tt.want {
				t.Errorf("%q: got %q, want %q", id, got, tt.want)
			}
		}
	}
}

// TestReverseChargeFreight: a buyer who owes the tax pays freight without it; which goods it follows is what a person would pay
// for them, whether the lines still hold their tax or come back without.
func TestReverseChargeFreight(t *testing.T) {
	t.Parallel()
	const b2b = "b2b: {reverse_charge: EU, vat_id: format}\n"
	now := at(t, "2026-11-23 10:00")
	ask := func(rule string, lines ...order.Line) pricing.FreightTax {
		t.Helper()
		q := query("AT 1010", now, "EUR", lines...)
		q.Order.Customer = &order.Customer{Type: "organization", VATID: "ATU12345678"}
		got, err := sound(t, header+"destinations: {EU: charge}\nrates: {AT: {food: reduced_1}}\n"+b2b+rule).Freight(context.Background(), q, "")
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	want := pricing.FreightTax{Mode: pricing.FreightSplit, Rate: 2000, Owed: true,
		OwedGoods: []pricing.RateValue{{Rate: 1300, Gross: 1130}, {Rate: 2000, Gross: 2400}}}
	if diff := cmp.Diff(want, ask("shipping_tax: split\n", goods(1000, "food"), goods(2000))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := ask("shipping_tax: none\n", goods(1000)); got.Owed {
		t.Errorf("freight that nobody taxes: got %+v", got)
	}
}
