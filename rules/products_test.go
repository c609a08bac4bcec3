package rules_test

import (
	"testing"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

// TestLacksWeight: goods to be shipped need a weight of their own or of the list; all other lines do not.
func TestLacksWeight(t *testing.T) {
	t.Parallel()
	list := rules.Products{"heavy": {Micrograms: 1}, "unknown": {Tags: []string{"x"}}}
	weighed := &order.ShippingAttributes{Weight: 1}
	tests := []struct {
		name string
		line order.Line
		want bool
	}{
		{"its own", order.Line{ShippingAttributes: weighed}, false},
		{"none", order.Line{}, true},
		{"zero", order.Line{ShippingAttributes: &order.ShippingAttributes{}}, true},
		{"in the list", order.Line{Reference: "heavy"}, false},
		{"in the list without a weight", order.Line{Reference: "unknown"}, true},
		{"not in the list", order.Line{Reference: "other"}, true},
		{"digital", order.Line{Type: order.Digital}, false},
		{"a fee", order.Line{Type: order.ShippingFee}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			q := rules.Query{Products: list, Lines: []order.Line{{ShippingAttributes: weighed}, tt.line}}
			if got := q.LacksWeight(); got != tt.want {
				t.Errorf("got %v", got)
			}
		})
	}
}
