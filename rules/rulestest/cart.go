package rulestest

import (
	"math"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// item is a line of made-up goods. Price and discount are without sign.
type item struct {
	sku, name, category string
	kind                order.LineType
	quantity            int64
	price               order.Amount // of one piece
	discount            order.Amount // of the line
	grams               int64        // of one piece; 0: not given
	sides               [3]int64     // millimetres; 0: not given
	tags                []string
}

// discount is a line that takes off from the whole order.
type discount struct {
	total     order.Amount // without sign
	rate      order.Rate
	rated     bool
	reference string
}

// maxPieces bounds quantities: a test needs no more, and sums stay in range.
const maxPieces = 1_000_000

func madeUpKeys() []string {
	return []string{"weight", "total", "items", "size", "sku", "name", "tags", "category", "type", "discount"}
}

func itemKeys() []string {
	return []string{"sku", "name", "quantity", "price", "weight", "size", "tags", "category", "type", "discount"}
}

func itemTypes() []string {
	return []string{string(order.Physical), string(order.Digital), string(order.Surcharge), string(order.ShippingFee),
		string(order.GiftCard), string(order.StoreCredit)}
}

// cart reads the goods: a list of items, or one made-up item of which columns of a table say more.
func (b *builder) cart(in *input) {
	n := b.src.get("cart")
	if n != nil && !diag.Fields(n, "a cart", madeUpKeys(), b.r) {
		return
	}
	if list := n.Get("items"); list != nil && list.Kind == diag.List {
		b.listed(n, list, in)
		return
	}
	b.madeUp(in)
}

// made returns what is said about the made-up item; a column of the table wins over the cart.
func (b *builder) made(key string) *diag.Node {
	if n := b.src.cells[key]; n != nil {
		return n
	}
	return b.src.get("cart").Get(key)
}

// listed reads a cart that lists its items.
func (b *builder) listed(cart, list *diag.Node, in *input) {
	for i, key := range cart.Keys {
		if cart.Values[i] != list && !strings.HasPrefix(key.Text, "x-") {
			f := b.r.Errorf(codeTogether, key.Place, "`%s` does not go with a list of items", key.Text)
			f.Help = "write it for each item, or leave the list out"
		}
	}
	for _, key := range madeUpKeys() {
		if n := b.src.cells[key]; n != nil {
			f := b.r.Errorf(codeTogether, n.Place, "the column `%s` does not go with a list of items", key)
			f.Help = "leave the column out, or the items: then one item is made up"
		}
	}
	for _, n := range list.Items {
		if !diag.Fields(n, "an item", itemKeys(), b.r) {
			continue
		}
		it := b.item(n.Get)
		if it.name == "" {
			it.name = it.sku
		}
		price := n.Get("price")
		if price == nil {
			diag.Need(n, "an item", "price", b.r)
		} else {
			it.price = b.money(price)
		}
		if q := n.Get("quantity"); q != nil {
			it.quantity = b.count(q)
		}
		in.open.weight = in.open.weight || it.grams == 0 && ships(it.kind)
		in.items = append(in.items, it)
	}
}

func ships(k order.LineType) bool {
	l := order.Line{Type: k}
	return l.Ships()
}

// item reads what an item and the made-up item have in common.
func (b *builder) item(get func(string) *diag.Node) item {
	it := item{kind: order.Physical, quantity: 1}
	for _, part := range []struct {
		key string
		to  *string
	}{{"sku", &it.sku}, {"name", &it.name}, {"category", &it.category}} {
		if v := get(part.key); v != nil && diag.WantText(v, "`"+part.key+"`", b.r) {
			*part.to = strings.TrimSpace(v.Text)
		}
	}
	if v := get("type"); v != nil && diag.WantText(v, "`type`", b.r) {
		it.kind = order.LineType(strings.TrimSpace(v.Text))
		if types := itemTypes(); !slices.Contains(types, string(it.kind)) {
			f := b.r.Errorf(codeWord, v.Place, "`%s` is not a type of an item", v.Text)
			f.Help = "possible here: " + strings.Join(types, ", ") + "; discounts of the order stand under `discounts`"
			f.Fix = diag.Suggest(v.Text, types)
		}
	}
	it.tags = b.names(get("tags"))
	if v := get("weight"); v != nil {
		it.grams = b.grams(v)
	}
	if v := get("size"); v != nil {
		it.sides = b.sides(v)
	}
	if v := get("discount"); v != nil {
		it.discount = b.money(v)
	}
	return it
}

// madeUp reads the one item that stands for the goods: weight and total are those of all pieces together.
func (b *builder) madeUp(in *input) {
	it := b.item(b.made)
	if it.name == "" {
		it.name = "made-up goods"
	}
	pieces := int64(1)
	if n := b.made("items"); n != nil {
		pieces = b.count(n)
	}
	var total order.Amount
	if n := b.made("total"); n != nil {
		total = b.money(n)
	} else {
		in.open.total = true
	}
	in.open.weight = it.grams == 0 && b.made("weight") == nil && ships(it.kind)
	in.items = append(in.items, it.split(pieces, total)...)
}

// split makes lines of equal pieces whose prices and weights sum up exactly: at most three of them, the dearer and
// heavier pieces first. The discount stays on the first line.
func (it item) split(pieces int64, total order.Amount) []item {
	if pieces < 1 {
		pieces = 1
	}
	total += it.discount
	dear, heavy := int64(total)%pieces, it.grams%pieces
	cuts := []int64{dear, heavy, pieces}
	slices.Sort(cuts)
	var out []item
	from := int64(0)
	for _, to := range cuts {
		if to == from {
			continue
		}
		part := it
		part.quantity = to - from
		part.price = order.Amount(int64(total) / pieces)
		part.grams = it.grams / pieces
		if from < dear {
			part.price++
		}
		if from < heavy {
			part.grams++
		}
		if from > 0 {
			part.discount = 0
		}
		out = append(out, part)
		from = to
	}
	return out
}

// money reads an amount in the currency of the order.
func (b *builder) money(n *diag.Node) order.Amount {
	m, ok := b.scope.Money(n)
	if ok && m.Currency != b.scope.Currency {
		f := b.r.Errorf(codeCurrency, n.Place, "`%s` is in %s, the order in %s", n.Text, m.Currency, b.scope.Currency)
		f.Help = "write `currency: " + string(m.Currency) + "` in this case, or the amount in " + string(b.scope.Currency) +
			"; nothing is ever converted"
	}
	return m.Amount
}

// count reads a number of pieces, 1 or more.
func (b *builder) count(n *diag.Node) int64 {
	c, ok := b.scope.Count(n)
	if ok && (c < 1 || c > maxPieces) {
		b.r.Errorf(codeForm, n.Place, "%d pieces cannot be in a cart", c).Help = "write a number from 1 to 1000000"
		return 1
	}
	return c
}

const (
	microgramsPerGram        = 1_000_000
	micrometresPerMillimetre = 1000
)

// grams reads a weight as the checkout carries it, in whole grams. Pounds and ounces are cut to whole grams, so that a
// weight at a limit stays within it; what is written finer in grams or kilograms could never arrive.
func (b *builder) grams(n *diag.Node) int64 {
	w, ok := b.scope.Weight(n)
	if ok && w == 0 {
		b.r.Errorf(codeMeasure, n.Place, "a weight of 0 counts as not given").Help = "leave `weight` out, or write 1 g"
	}
	if ok && w%microgramsPerGram != 0 && metric(n.Text) {
		f := b.r.Errorf(codeMeasure, n.Place, "`%s` is finer than a gram", n.Text)
		f.Help = "the checkout carries whole grams: write " + table.Weight(int64(w)/microgramsPerGram*microgramsPerGram).String() +
			" or " + table.Weight((int64(w)/microgramsPerGram+1)*microgramsPerGram).String()
	}
	grams := int64(w) / microgramsPerGram
	if grams > math.MaxInt32 {
		b.r.Errorf(codeMeasure, n.Place, "`%s` is too heavy for a cart", n.Text)
	}
	return grams
}

// metric reports whether a measure is written in units of grams or metres.
func metric(text string) bool {
	text = strings.TrimSpace(text)
	return strings.HasSuffix(text, "g") || strings.HasSuffix(text, "m") || strings.HasSuffix(text, "t") && !strings.HasSuffix(text, "ft")
}

// sides reads a size in whole millimetres, as the checkout carries it; inches and feet are cut.
func (b *builder) sides(n *diag.Node) (mm [3]int64) {
	size, ok := b.scope.Size(n)
	for i, side := range size {
		mm[i] = int64(side) / micrometresPerMillimetre
		if ok && (mm[i] == 0 || int64(side)%micrometresPerMillimetre != 0 && metric(n.Text)) {
			f := b.r.Errorf(codeMeasure, n.Place, "`%s` is finer than a millimetre", n.Text)
			f.Help = "the checkout carries whole millimetres"
			break
		}
	}
	return mm
}

// discounts reads the discount lines of the order.
func (b *builder) discounts(in *input) {
	n := b.src.get("discounts")
	if n == nil || !diag.WantList(n, "discounts", b.r) {
		return
	}
	for _, item := range n.Items {
		if !diag.Fields(item, "a discount", []string{"total", "rate", "coupon"}, b.r) {
			continue
		}
		var d discount
		if v := diag.Need(item, "a discount", "total", b.r); v != nil {
			d.total = b.money(v)
		}
		if v := item.Get("rate"); v != nil {
			p, _ := b.scope.Percent(v, 2)
			d.rate, d.rated = rateOf(p), true
		}
		if v := item.Get("coupon"); v != nil && diag.WantText(v, "`coupon`", b.r) {
			d.reference = strings.TrimSpace(v.Text)
		}
		in.discounts = append(in.discounts, d)
	}
}

// rateOf turns a per cent with at most two decimals into basis points.
func rateOf(p table.Percent) order.Rate { return order.Rate(int64(p) / 100) }
