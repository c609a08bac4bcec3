package shipping_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRows lists every amount of an option at the place that the story of an answer names.
func TestRows(t *testing.T) {
	t.Parallel()
	above := strings.Count(oneOption("price: 1.00"), "\n") - 1 // lines before the option's keys
	for _, tt := range []struct {
		name, keys string
		want       []string
	}{
		{"one price", "price: 49.00", []string{"price 1:12"}},
		{"off", "price: 49.00\noff: yes", nil},
		{"dated rows", "price:\n  - {max_weight: 5 kg, price: {2026-01-01: 1.00, 2027-01-01: 2.00}}\n  - {price: \"-\"}",
			[]string{"price 2:48", "price 2:66", "price 3:17"}},
		{"cells", "price:\n  table: |\n    max_weight | sweden | denmark DKK\n    5 kg | 1.00 | -\n    9 kg | 2.00 | 3.00",
			[]string{"price 4:16", "price 4:23", "price 5:16", "price 5:23"}},
		{"dated lists", "price: {2026-01-01: [{price: 1.00}], 2027-01-01: 2.00}", []string{"price 1:34", "price 1:54"}},
		{"what stands beside a price", "price: 49.00\nsurcharges: [{add: 1.00}, {class: bulky, add: {2026-01-01: 2.00, 2027-01-01: 3.00}}]\n" +
			"min_price: 1.00\nmax_price: 90.00\nfree_from: 500.00\nround: {to: 1.00}",
			[]string{"price 1:12", "surcharge 2:24", "surcharge 2:64", "surcharge 2:82", "min_price 3:16", "max_price 4:16",
				"free_from 5:16", "round 6:12"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, r := range load(t, oneOption(tt.keys)).Rows() {
				if r.Option != "a" || r.Place.File != "shipping.yaml" {
					t.Errorf("%+v", r)
				}
				got = append(got, fmt.Sprintf("%s %d:%d", r.Kind, r.Place.Line-above, r.Place.Col))
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
