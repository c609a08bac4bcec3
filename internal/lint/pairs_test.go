package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTooManyCells: a list that cannot be cut into cells is still compared row by row, and nothing else is concluded from it.
func TestTooManyCells(t *testing.T) {
	t.Parallel()
	const many = 1100
	var rows strings.Builder
	for i := range many {
		fmt.Fprintf(&rows, "\n  - {max_weight: %d g, max_total: %d.00, price: 1.00}", i+1, 2*many-i)
	}
	for _, tc := range []struct {
		row  string
		used bool
	}{
		{"max_weight: 3 g, max_total: 2.00, price: 2.00", false},
		{"max_weight: 3 g, max_total: 2.00, class: bulky, customer: person, price: \"-\"", true}, // a dash has no price to compare
		{"max_weight: 3 g, max_total: 2.00, to: gotland, days: mon, time: \"08:00 to 09:00\", price: 2.00", false},
		{"max_weight: 3 g, max_total: [2.00, 2.00 EUR], price: [2.00, 2.00 EUR]", true},
		{"max_weight: 3 g, max_total: 2.00, price: [2.00, 2.00 EUR]", true},
		{"max_weight: 3 g, price: 2.00", true},
		{"max_weight: 3 kg, max_total: 2.00, price: 2.00", true},
	} {
		_, r := check(t, map[string]string{"shipping.yaml": option("price:" + rows.String() + "\n  - {" + tc.row + "}")})
		var want []string
		if !tc.used {
			want = []string{fmt.Sprintf("W310 %d:22 this row can never be used", 12+many)}
		}
		if diff := cmp.Diff(want, told(r)); diff != "" {
			t.Errorf("%s: %s", tc.row, diff)
		}
	}
}

// TestPairs: what one row takes from a later one, word by word.
func TestPairs(t *testing.T) {
	t.Parallel()
	filler := func() string {
		var b strings.Builder
		for i := range 1100 {
			fmt.Fprintf(&b, "\n  - {min_weight: %d kg, max_total: %d.00, tag: x, price: 1.00}", i+100, i+1)
		}
		return b.String()
	}()
	for _, tc := range []struct {
		early, late string
		taken       bool
	}{
		{"to: sweden", "to: sweden, min_weight: 1 kg", true},
		{"to: [sweden, gotland]", "to: gotland", true},
		{"to: gotland", "to: [sweden, gotland]", false},
		{"not_to: gotland", "not_to: [gotland, north]", true},
		{"not_to: [gotland, north]", "not_to: gotland", false},
		{"class: [bulky, small]", "class: small", true},
		{"class: small", "class: [bulky, small]", false},
		{"no_class: small", "no_class: [bulky, small]", true},
		{"only_class: small", "class: small", false},
		{"min_total: 50.00", "min_total: 60.00", true},
		{"min_total: 60.00", "min_total: 50.00", false},
		{"max_item_size: 3 x 2 x 1 cm", "max_item_size: 2 x 2 x 1 cm", true},
		{"max_item_size: 2 x 2 x 2 cm", "max_item_size: 3 x 1 x 1 cm", false},
		{"days: mon to fri", "days: tue", true},
		{"days: tue", "days: mon to fri", false},
		{"time: \"08:00 to 09:00\"", "time: \"08:00 to 09:00\"", true},
		{"from: 2026-01-01", "from: 2027-01-01", true},
		{"until: 2026-12-31", "until: 2026-12-30", true},
		{"language: [sv, en]", "language: en", true},
		{"max_items: 2", "max_items: 3", false},
	} {
		keys := "price:\n  - {" + tc.early + ", price: 1.00}\n  - {" + tc.late + ", price: 2.00}" + filler
		_, r := check(t, map[string]string{"shipping.yaml": option(keys)})
		taken := strings.Contains(strings.Join(told(r), "\n"), "W310 13:")
		if taken != tc.taken {
			t.Errorf("%s before %s: taken %v, want %v", tc.early, tc.late, taken, tc.taken)
		}
	}
}
