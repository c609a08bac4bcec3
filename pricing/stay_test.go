package pricing_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

func TestStay(t *testing.T) {
	t.Parallel()
	lines := []order.Line{
		{Reference: "untyped"},
		{Type: order.ShippingFee, Reference: "home"},
		{Type: order.ShippingFee, Reference: "parcel-1"},
		{Type: order.SalesTax, Reference: "state"},
		{Type: order.Surcharge, Reference: "handling"},
		{Type: order.Surcharge, Reference: "ours", MerchantData: pricing.Mark},
		{Type: order.Physical, Reference: "goods with our mark", MerchantData: pricing.Mark},
		{Type: order.GiftCard, Reference: "card"},
		{Type: "package", Reference: "unknown"},
	}
	tests := []struct {
		name   string
		policy pricing.ShippingPolicy
		want   []string
	}{
		{"nothing kept", pricing.ShippingPolicy{},
			[]string{"untyped", "handling", "goods with our mark", "card", "unknown"}},
		{"kept by wildcard", pricing.ShippingPolicy{Kept: []string{"x", "parcel-*"}},
			[]string{"untyped", "parcel-1", "handling", "goods with our mark", "card", "unknown"}},
		{"provider removes them as well", pricing.ShippingPolicy{Provider: true},
			[]string{"untyped", "handling", "goods with our mark", "card", "unknown"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, l := range pricing.Stay(lines, &tt.policy) {
				got = append(got, l.Reference)
			}
			if d := cmp.Diff(got, tt.want); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestStayIsClipped: appending to what stays must not write into the order that came in.
func TestStayIsClipped(t *testing.T) {
	t.Parallel()
	backing := []order.Line{{Reference: "a"}, {Reference: "b"}}
	got := pricing.Stay(backing[:1], &pricing.ShippingPolicy{})
	_ = append(got, order.Line{Reference: "c"})
	if backing[1].Reference != "b" {
		t.Errorf("backing[1] = %q; want b", backing[1].Reference)
	}
}

func TestKeeps(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pattern, reference string
		want               bool
	}{
		{"parcel", "parcel", true}, {"parcel", "parcel-1", false}, {"parcel", "Parcel", false},
		{"*", "", true}, {"*", "anything", true}, {"", "", true}, {"", "x", false},
		{"p*l", "parcel", true}, {"p*l", "parcels", false}, {"*-1", "parcel-1", true}, {"*-1", "a-1-1", true},
		{"a*b*c", "abbc", true}, {"a*b*c", "acb", false}, {"**x**", "x", true}, {"å*", "ål", true},
		{"*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
	} {
		p := pricing.ShippingPolicy{Kept: []string{tt.pattern}}
		if got := p.Keeps(tt.reference); got != tt.want {
			t.Errorf("%q keeps %q: %v; want %v", tt.pattern, tt.reference, got, tt.want)
		}
	}
}
