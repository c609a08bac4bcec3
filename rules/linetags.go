package rules

import "github.com/kvitto/kvitto/order"

// LineTags are the tags that fact providers gave to lines, by element of Query.Lines. Facts.LineTags counts the lines of
// the order as it came in, of which Query.Lines are those that stay, in the same order.
type LineTags struct {
	q    *Query
	next int // in the order's lines
}

// LineTags begins to read the tags of q.Lines. What it returns is for one goroutine.
func (q *Query) LineTags() LineTags { return LineTags{q: q} }

// Of returns the tags of q.Lines[i], not to be changed; i must grow from call to call.
func (t *LineTags) Of(i int) []string {
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
