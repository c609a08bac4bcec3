package simulator_test

import (
	"strings"
	"testing"

	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/internal/simulator/judge"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing/gate"
)

// TestCarts: every ready-made cart is an order that the provider takes, by four readers that know nothing of each other.
func TestCarts(t *testing.T) {
	t.Parallel()
	for _, c := range simulator.Carts() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			if faults := judge.Order(c.Body); faults != nil {
				t.Error(faults)
			}
			if bad := fakeprovider.CheckOrder(c.Body); bad != nil {
				t.Error(bad)
			}
			o, err := order.DecodeOrder(c.Body, order.DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			if v := gate.Order(o); v != nil {
				t.Error(v)
			}
			if c.Title == "" || len(o.Lines) == 0 {
				t.Errorf("%+v", c)
			}
		})
	}
	if _, err := simulator.FindCart("sofas"); err == nil || !strings.Contains(err.Error(), "sofa, digital") {
		t.Error(err)
	}
}
