package gate_test

import (
	"testing"

	"github.com/kvitto/kvitto/pricing/gate"
)

// TestFeeWithoutItsMark lets a surcharge go that is known by its id, and no other.
func TestFeeWithoutItsMark(t *testing.T) {
	t.Parallel()
	in, a := answered()
	in.Lines = withFee(in.Lines, "road", "")
	if v := gate.Answer(in, a, "delivery", "road"); v != nil {
		t.Errorf("known by its id: %+v", v)
	}
	only(t, gate.Answer(in, a, "delivery"), "/order_lines", "(1.4)")
	only(t, gate.Answer(in, a), "/order_lines", "(1.4)")
}
