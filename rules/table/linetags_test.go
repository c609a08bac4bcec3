package table_test

import (
	"testing"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// TestLineTagsCountTheOrder gives tags by the order's lines to the lines that stay: a freight line in front is gone.
func TestLineTagsCountTheOrder(t *testing.T) {
	t.Parallel()
	var r diag.Report
	root := diag.Parse("x.yaml", []byte("bulky: {tags: [bulky]}\n"), &r)
	classes := table.CompileClasses(root, &r)
	goods := []order.Line{{Reference: "A", Name: "a", Quantity: 1}, {Reference: "B", Name: "b", Quantity: 1}}
	in := append([]order.Line{{Type: order.ShippingFee, Name: "freight", Quantity: 1}}, goods...)
	q := &rules.Query{Order: &order.Order{Lines: in}, Lines: goods, Facts: rules.Facts{LineTags: map[int][]string{2: {"bulky"}}}}
	var c table.Cart
	if err := c.Fill(q, &table.CartRules{Classes: classes}); err != nil {
		t.Fatal(err)
	}
	if c.Items[0].Classes != 0 || c.Items[1].Classes != 1 {
		t.Errorf("got %v and %v", c.Items[0].Classes, c.Items[1].Classes)
	}
}
