package tax_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing/tax"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

func rowsOf(t *tax.Table) []string {
	var list []string
	for _, r := range t.Rows() {
		list = append(list, fmt.Sprintf("%d:%d %s", r.Place.Line, r.Place.Col, r.Kind))
	}
	return list
}

const rowsShop = header + `zones: {gotland: {SE: [620 to 624]}}
areas: {gotland: none}
destinations: {SE: charge, FI: charge, NO: {charge_below_item_value: 3000.00 NOK}, DK: none, "*": none}
rates:
  SE: {food: {2024-01-01: reduced_1, 2026-04-01: reduced_2}}
  NO: {books: 0%}
shipping_tax: {SE: books, "*": split}
b2b: {reverse_charge: EU, vat_id: format}
`

// TestRows: every line of the file that can decide, once, and nothing of the data file.
func TestRows(t *testing.T) {
	t.Parallel()
	want := []string{"7:9 area gotland", "8:20 destination SE", "8:32 destination FI", "8:44 destination NO", "8:88 destination DK", "8:99 destination *",
		"10:27 rate of food in SE", "10:50 rate of food in SE", "11:15 rate of books in NO", "13:23 reverse charge"}
	if d := cmp.Diff(want, rowsOf(sound(t, rowsShop))); d != "" {
		t.Errorf("VAT (-want +got):\n%s", d)
	}
	want = []string{"3:14 collect in US-CA", "3:21 collect in US-CO", "3:28 collect in US-NY", "3:35 collect in US-TX", "3:42 collect in US-WA",
		"5:16 rate of US-CA", "5:30 rate of US-CO", "5:43 rate of US-NY", "5:54 rate of US-TX", "5:68 rate of US-WA",
		"8:5 exemption in US-CA", "9:5 exemption in US-NY",
		"10:23 freight in US-CA", "10:36 freight in US-CO", "10:49 freight in US-NY", "10:70 freight in US-TX", "10:91 freight in US-WA",
		"17:26 fee delivery", "17:44 fee delivery"}
	if d := cmp.Diff(want, rowsOf(usTable(t, usShop))); d != "" {
		t.Errorf("sales tax (-want +got):\n%s", d)
	}
}

// TestDecides: which lines decide about an order.
func TestDecides(t *testing.T) {
	t.Parallel()
	table := sound(t, rowsShop)
	for _, tt := range []struct {
		to, now, vat string
		tags         []string
		want         string
	}{
		{"SE 11351", "2026-01-10 10:00", "", []string{"food"}, "8:20 10:27"},
		{"SE 11351", "2026-06-10 10:00", "", []string{"food"}, "8:20 10:50"},
		{"SE 11351", "2026-06-10 10:00", "", nil, "8:20"}, // the standard rate is that of the data file
		{"SE 62157", "2026-06-10 10:00", "", []string{"food"}, "8:20 7:9"},
		{"NO 0150", "2026-06-10 10:00", "", []string{"book"}, "8:44 11:15"},
		{"DK 2100", "2026-06-10 10:00", "", []string{"food"}, "8:88"},
		{"JP 100-0001", "2026-06-10 10:00", "", nil, "8:99"},
		{"FI 00100", "2026-06-10 10:00", "FI12345671", nil, "8:32 13:23"},
	} {
		q := query(tt.to, at(t, tt.now), "NOK", goods(100_00, tt.tags...))
		if tt.vat != "" {
			q.Order.Customer = &order.Customer{Type: "organization", VATID: tt.vat}
		}
		var got []string
		table.Decides(q, func(p diag.Place) {
			text := fmt.Sprintf("%d:%d", p.Line, p.Col)
			if p.File == "tax.yaml" && (len(got) == 0 || got[len(got)-1] != text) {
				got = append(got, text)
			}
		})
		if d := cmp.Diff(tt.want, strings.Join(got, " ")); d != "" {
			t.Errorf("%s on %s (-want +got):\n%s", tt.to, tt.now, d)
		}
	}
	usTable(t, usShop).Decides(&rules.Query{}, func(p diag.Place) { t.Errorf("sales tax is told by its story, not by %v", p) })
	table.Decides(query("SE 11351", at(t, "2026-06-10 10:00"), "SEK"), func(p diag.Place) {
		if p.Line != 8 {
			t.Errorf("an order without lines is decided by %v", p)
		}
	})
}
