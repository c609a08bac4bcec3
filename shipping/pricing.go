package shipping

import (
	"slices"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// freeFrom makes the price zero where its limit is reached and its condition holds.
type freeFrom struct {
	total    table.Dated[table.MoneyList]
	hasTotal bool
	when     table.Condition
	keep     bool // supplements stay
	at       diag.Place
}

// pricing reads what the price is made of.
func (c *optionCompiler) pricing() {
	n := c.n.Get("price")
	if n == nil {
		f := c.r.Errorf(diag.CodeMissingKey, c.o.at, "this option has no `price`")
		f.Help = "add price: 49.00; 0.00 is free"
	} else {
		c.o.price, c.o.priceAt = c.price(n), n.Place
	}
	c.grouping()
	c.o.surcharges = c.surcharges(c.n.Get("surcharges"))
	c.o.minPrice, c.o.maxPrice = c.bound("min_price"), c.bound("max_price")
	c.reversed()
	if n := c.n.Get("free_from"); n != nil {
		c.o.free = c.freeFrom(n)
	}
	if n := c.n.Get("round"); n != nil {
		c.o.round = c.rounding(n)
	}
	c.foreignAmounts()
	c.hugeAmounts()
}

// grouping reads price_per and combine.
func (c *optionCompiler) grouping() {
	n, m := c.n.Get("price_per"), c.n.Get("combine")
	if n != nil {
		words := []string{"class", "line", "item"}
		w, _ := c.word(n, "price_per", words...)
		c.o.per = per(slices.Index(words, w) + 1)
		if c.o.per == perClass {
			c.scope.Uses.Classes(^table.ClassSet(0)) // each class is a group
		}
	}
	if m != nil {
		words := []string{"sum", "highest", "lowest"}
		w, ok := c.word(m, "combine", words...)
		if ok {
			c.o.combine = combine(slices.Index(words, w))
		}
		if n == nil {
			f := c.r.Errorf(diag.CodeMissingKey, m.Place, "`combine` does nothing without `price_per`")
			f.Help = "add price_per: class, line or item"
		}
	}
}

func (c *optionCompiler) bound(key string) *bound {
	n := c.n.Get(key)
	if n == nil {
		return nil
	}
	m, _ := c.datedMoney(n)
	return &bound{money: m, at: n.Place}
}

// reversed tells a lower bound above the upper one, where neither depends on the date.
func (c *optionCompiler) reversed() {
	low, high := c.o.minPrice, c.o.maxPrice
	if low == nil || high == nil || len(low.money.From)+len(high.money.From) > 0 {
		return
	}
	for _, m := range low.money.Values[0] {
		top, ok := high.money.Values[0].In(m.Currency)
		if !ok || m.Amount <= top {
			continue
		}
		f := c.r.Errorf("E114", low.at, "`min_price` is above `max_price`")
		f.Label = m.String() + " at least, and " + table.Money{Amount: top, Currency: m.Currency}.String() + " at most"
		f.Cause = &diag.Cause{Place: high.at, Label: "the upper bound"}
		f.Help = "exchange them"
	}
}

func (l *loader) freeFrom(n *diag.Node) *freeFrom {
	free := &freeFrom{at: n.Place}
	if n.Kind != diag.Map || isDated(n) {
		l.freeTotal(free, n)
		return free
	}
	if v := n.Get("total"); v != nil {
		l.freeTotal(free, v)
	}
	if v := n.Get("keep_surcharges"); v != nil {
		free.keep, _ = l.scope.YesNo(v)
	}
	free.when, _ = l.scope.Condition(n, "`free_from`", []string{"total", "keep_surcharges"})
	if free.when.Empty() && !free.hasTotal && n.Get("total") == nil {
		f := l.r.Errorf(diag.CodeMissingKey, n.Place, "`free_from` has neither a total nor a condition")
		f.Help = "write free_from: 599.00, or free_from: {coupon: FREESHIP}"
	}
	return free
}

// freeTotal parses the total that makes an option free.
func (l *loader) freeTotal(free *freeFrom, n *diag.Node) {
	free.total, _ = l.datedMoney(n)
	free.hasTotal, free.at = true, n.Place
}

// rounding parses {to: 1.00, mode: up}.
func (l *loader) rounding(n *diag.Node) *rounding {
	if !diag.Fields(n, "`round`", []string{"to", "mode"}, l.r) {
		return nil
	}
	r := &rounding{at: n.Place}
	to := n.Get("to")
	if to == nil {
		f := l.r.Errorf(diag.CodeMissingKey, n.Place, "`round` has no `to`")
		f.Help = "write round: {to: 1.00, mode: up}"
		return nil
	}
	r.to, _ = l.scope.MoneyList(to)
	for _, m := range r.to {
		if m.Amount <= 0 {
			f := l.r.Errorf("E104", to.Place, "nothing can be rounded to a multiple of 0")
			f.Help = "write e.g. to: 1.00 for whole kronor"
			return nil
		}
	}
	if v := n.Get("mode"); v != nil {
		w, _ := l.word(v, "mode", "up", "down", "nearest")
		r.mode = map[string]pricing.RoundMode{"up": pricing.RoundUp, "down": pricing.RoundDown}[w]
	}
	return r
}

// inherited reports whether a key comes from defaults.
func (c *optionCompiler) inherited(key string) bool {
	return c.defaults != nil && c.n.Get(key) == c.defaults.Get(key)
}

// apply rounds an amount that is not negative to a multiple of to.
func roundTo(v, to order.Amount, mode pricing.RoundMode) (order.Amount, error) {
	rest := v % to
	if rest == 0 {
		return v, nil
	}
	if mode == pricing.RoundUp || mode == pricing.RoundHalfUp && rest >= to-rest {
		return plus(v-rest, to)
	}
	return v - rest, nil
}

// weighing finds the option's way of weighing a cart among those of the file, or adds it.
func (c *optionCompiler) weighing() {
	missing, volume := c.n.Get("item_weight_if_missing"), c.n.Get("volumetric")
	if missing == nil && volume == nil {
		return
	}
	rules := c.t.carts[0]
	c.weights(&rules, missing, volume)
	for i := range c.t.carts {
		o := &c.t.carts[i]
		if o.WeightIfMissing == rules.WeightIfMissing && o.RefuseMissing == rules.RefuseMissing && o.Volumetric == rules.Volumetric {
			c.o.cart = i
			return
		}
	}
	c.o.cart = len(c.t.carts)
	c.t.carts = append(c.t.carts, rules)
}

func (l *loader) weights(rules *table.CartRules, missing, volume *diag.Node) {
	if missing != nil {
		l.missingWeight(missing, rules)
	}
	if volume != nil {
		rules.Volumetric, _ = l.scope.Density(volume)
	}
}

// carts reads how the file weighs and values a cart.
func (l *loader) carts(root *diag.Node) {
	rules := table.CartRules{AfterDiscounts: true, Classes: l.t.classes,
		Ignore: map[order.LineType]bool{order.GiftCard: true, order.Digital: true}}
	l.fileMissing = root.Get("item_weight_if_missing") != nil
	l.weights(&rules, root.Get("item_weight_if_missing"), root.Get("volumetric"))
	if n := root.Get("order_value"); n != nil && diag.Fields(n, "`order_value`", []string{"after_discounts", "ignore"}, l.r) {
		if v := n.Get("after_discounts"); v != nil {
			rules.AfterDiscounts, _ = l.scope.YesNo(v)
		}
		if v := n.Get("ignore"); v != nil {
			rules.Ignore = l.ignored(v)
		}
	}
	l.t.carts = []table.CartRules{rules}
}

func (l *loader) ignored(n *diag.Node) map[order.LineType]bool {
	ignore := map[order.LineType]bool{}
	if n.Kind == diag.List && len(n.Items) == 0 {
		return ignore
	}
	names, _ := l.scope.Names(n)
	for _, name := range names {
		w, ok := l.word(name, "ignore", string(order.Physical), string(order.Digital), string(order.GiftCard),
			string(order.StoreCredit), string(order.Surcharge), string(order.ReturnFee))
		if ok {
			ignore[order.LineType(w)] = true
		}
	}
	return ignore
}
