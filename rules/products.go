package rules

import "github.com/kvitto/kvitto/order"

// Product is what the shop's list says about an article, for carts that do not carry it. It is read-only.
type Product struct {
	Micrograms  int64    // weight of one piece; 0: not known
	Micrometres [3]int64 // sides of one piece, in any order; all 0: not known
	Tags        []string // as shipping_attributes.tags
	Classes     []string // names of classes in the tables
}

// Products is a list of articles by their number, which orders carry as the reference of a line. It is read-only and safe for
// concurrent use; a nil map knows none.
type Products map[string]*Product

// Product returns what the shop's list says about a line, nil where it has nothing.
func (q *Query) Product(l *order.Line) *Product {
	if len(q.Products) == 0 || l.Reference == "" {
		return nil
	}
	return q.Products[l.Reference]
}

// LacksWeight reports whether goods to be shipped have a weight neither in the order nor in the shop's list.
func (q *Query) LacksWeight() bool {
	for i := range q.Lines {
		l := &q.Lines[i]
		if !l.Ships() || l.ShippingAttributes != nil && l.ShippingAttributes.Weight > 0 {
			continue
		}
		if p := q.Product(l); p == nil || p.Micrograms <= 0 {
			return true
		}
	}
	return false
}
