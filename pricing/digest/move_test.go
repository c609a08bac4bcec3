package digest_test

import (
	"testing"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing/digest"
)

// TestMoved: which prices an answer of ours may have made of what was quoted.
func TestMoved(t *testing.T) {
	t.Parallel()
	at := func(unit order.Amount, rate order.Rate) order.Line {
		return order.Line{Reference: "A", Name: "Mug", Quantity: 1, UnitPrice: unit, TaxRate: rate, TotalAmount: unit}
	}
	tests := []struct {
		name     string
		was, now []order.Line
		same     bool
	}{
		{"keep gross", []order.Line{at(12500, 2500)}, []order.Line{at(12500, 1900)}, true},
		{"keep net", []order.Line{at(12500, 2500)}, []order.Line{at(11900, 1900)}, true},
		{"reverse charge", []order.Line{at(12500, 2500)}, []order.Line{at(10000, 0)}, true},
		{"reverse charge after keep gross at 19 %", []order.Line{at(12500, 2500)}, []order.Line{at(10504, 0)}, true},
		{"no rate makes this of it", []order.Line{at(12500, 2500)}, []order.Line{at(9000, 0)}, false},
		{"more than it was", []order.Line{at(12500, 2500)}, []order.Line{at(12501, 0)}, false},
		{"another rate and a bit less", []order.Line{at(12500, 2500)}, []order.Line{at(12400, 1900)}, false},
		{"to another rate and back, a unit off", []order.Line{at(79, 600)}, []order.Line{at(80, 600)}, true},
		{"two units off", []order.Line{at(79, 600)}, []order.Line{at(81, 600)}, false},
		{"no tax before and after", []order.Line{at(12500, 0)}, []order.Line{at(10504, 0)}, false},
		{"tax comes on top", []order.Line{at(10000, 0)}, []order.Line{at(12500, 2500)}, true},
		{"two of a product, without tax", []order.Line{at(12500, 2500), at(10000, 2500)}, []order.Line{at(10000, 0), at(8000, 0)}, true},
		{"two of a product, with tax", []order.Line{at(12500, 2500), at(10000, 2500)}, []order.Line{at(10000, 0), at(12500, 0)}, true},
		{"two of a product, one moved", []order.Line{at(12500, 2500), at(10000, 0)}, []order.Line{at(10000, 0), at(11900, 1900)}, true},
	}
	free := func(unit, off order.Amount, rate order.Rate) []order.Line {
		l := at(unit, rate)
		l.Quantity, l.TotalDiscountAmount = 3, off
		return []order.Line{l}
	}
	tests = append(tests, []struct {
		name     string
		was, now []order.Line
		same     bool
	}{
		{"three for nothing, cut to their line", free(333, 999, 2500), free(266, 798, 0), true},
		{"three for nothing, and a discount of much less", free(333, 999, 2500), free(266, 700, 0), false},
		{"a discount that was not there", free(333, 0, 2500), free(266, 3, 0), false},
	}...)
	k := key(t, "secret")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			state, told := (digest.Keys{k}).Check(sealed(t, k, "", tt.was), "SEK", tt.now)
			if (state == digest.Same) != tt.same {
				t.Errorf("got %d, %s; want the same: %v", state, told, tt.same)
			}
		})
	}
}
