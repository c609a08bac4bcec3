package gate

import (
	"bytes"
	"reflect"
	"slices"

	"github.com/kvitto/kvitto/order"
)

// mark is the merchant_data of surcharge lines that Kvitto made (design 5.3).
const mark = "kvitto:v1"

// foreign checks that the lines of the shop go back in order, changed in their prices at most. Freight, sales tax and
// our own surcharges may come, go and change.
func (c *check) foreign(in, out []order.Line) {
	j := 0
	for i := range in {
		if ours(&in[i]) || c.fee(&in[i]) || replaced(&in[i], out) {
			continue
		}
		for j < len(out) && ours(&out[j]) {
			j++
		}
		if j == len(out) {
			c.order("order_lines", "fewer lines of the shop than came", "all of them", ruleForeign)
			return
		}
		if field, ok := differs(&in[i], &out[j]); ok {
			c.line(j, field, "another than came", "as it came", ruleForeign)
			return // what follows is shifted by one and would be noise
		}
		j++
	}
	for ; j < len(out); j++ {
		if !ours(&out[j]) {
			c.line(j, "type", "a line that did not come", "freight, sales tax or a surcharge of ours", ruleForeign)
			return
		}
	}
}

// ours reports whether a line is one that Kvitto may make, drop and change.
func ours(l *order.Line) bool {
	return l.Type == order.ShippingFee || l.Type == order.SalesTax || l.Type == order.Surcharge && l.MerchantData == mark
}

// fee reports whether a surcharge that came without our mark is known by its id.
func (c *check) fee(l *order.Line) bool {
	return l.Type == order.Surcharge && len(c.fees) > 0 && slices.Contains(c.fees, l.Reference)
}

// replaced reports whether a surcharge that came without our mark gave way to one with it: it was known by its id.
func replaced(l *order.Line, out []order.Line) bool {
	if l.Type != order.Surcharge || l.Reference == "" {
		return false
	}
	for i := range out {
		if out[i].Type == order.Surcharge && out[i].MerchantData == mark && out[i].Reference == l.Reference {
			return true
		}
	}
	return false
}

// differs names the first member other than the five priced ones in which the lines differ, and whether there is one.
// The name is empty for a member that the contract does not know.
func differs(a, b *order.Line) (string, bool) {
	switch {
	case a.Type != b.Type:
		return "type", true
	case a.Reference != b.Reference:
		return "reference", true
	case a.Name != b.Name:
		return "name", true
	case a.Quantity != b.Quantity:
		return "quantity", true
	case a.QuantityUnit != b.QuantityUnit:
		return "quantity_unit", true
	case a.MerchantData != b.MerchantData:
		return "merchant_data", true
	case a.ProductURL != b.ProductURL:
		return "product_url", true
	case a.ImageURL != b.ImageURL:
		return "image_url", true
	default:
		return differsWithin(a, b)
	}
}

// differsWithin looks at the members that are objects. A repriced line shares them with the one that came.
func differsWithin(a, b *order.Line) (string, bool) {
	switch {
	case a.ProductIdentifiers != b.ProductIdentifiers && !reflect.DeepEqual(a.ProductIdentifiers, b.ProductIdentifiers):
		return "product_identifiers", true
	case a.ShippingAttributes != b.ShippingAttributes && !reflect.DeepEqual(a.ShippingAttributes, b.ShippingAttributes):
		return "shipping_attributes", true
	case a.Subscription != b.Subscription && !reflect.DeepEqual(a.Subscription, b.Subscription):
		return "subscription", true
	default:
		return "", !bytes.Equal(a.Unknown, b.Unknown)
	}
}
