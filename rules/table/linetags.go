package table

import (
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

// lineTags finds the tags that fact providers gave to lines: they count the lines of the order as it came in, of which
// Query.Lines are those that stay, in the same order.
type lineTags struct {
	q    *rules.Query
	next int // in the order's lines
}

// of returns the tags of q.Lines[i]; i must grow from call to call.
func (t *lineTags) of(i int) []string {
	if len(t.q.Facts.LineTags) == 0 || t.q.Order == nil {
		return nil
	}
	in := t.q.Order.Lines
	for l := &t.q.Lines[i]; t.next < len(in); {
		o := &in[t.next]
		t.next++
		if sameLine(o, l) {
			return t.q.Facts.LineTags[t.next-1]
		}
	}
	return nil
}

// sameLine compares what no re-rating changes.
func sameLine(a, b *order.Line) bool {
	return a.Kind() == b.Kind() && a.Reference == b.Reference && a.Name == b.Name && a.Quantity == b.Quantity
}
