package rules_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

// TestLineTags: facts count the lines as they came in; an engine sees those that stay, at other rates and amounts.
func TestLineTags(t *testing.T) {
	t.Parallel()
	in := []order.Line{freight("ombud", 4_900), shirt(), freight("hem", 9_900), shirt(), ebook()}
	stay := []order.Line{shirt(), shirt(), ebook()}
	stay[2].TaxRate, stay[2].TotalAmount = 600, 1
	q := &rules.Query{Order: cart(in...), Lines: stay, Facts: rules.Facts{LineTags: map[int][]string{
		0: {"freight"}, 1: {"first"}, 3: {"second"}, 4: {"book", "gift"},
	}}}
	tags := q.LineTags()
	got := [][]string{tags.Of(0), tags.Of(1), tags.Of(2)}
	if diff := cmp.Diff([][]string{{"first"}, {"second"}, {"book", "gift"}}, got); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	later := q.LineTags()
	if got := later.Of(2); len(got) != 2 {
		t.Errorf("lines may be left out: got %v, want the tags of the book", got)
	}
	if got := later.Of(2); got != nil {
		t.Errorf("behind the last line: got %v, want none", got)
	}
	for _, q := range []*rules.Query{{Order: q.Order, Lines: stay}, {Lines: stay, Facts: q.Facts}} {
		if tags := q.LineTags(); tags.Of(0) != nil {
			t.Error("tags without facts, or without an order")
		}
	}
}
