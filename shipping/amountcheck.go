package shipping

import (
	"slices"
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// foreignAmounts tells amounts in currencies that the option has no price in: they could never count. What comes
// from defaults may be meant for other options.
func (c *optionCompiler) foreignAmounts() {
	var have []table.Currency
	for _, p := range c.o.price.Values {
		if p == nil {
			return
		}
		list, all := p.currencies()
		if all {
			return
		}
		have = append(have, list...)
	}
	if len(have) == 0 {
		return
	}
	for i := range c.o.surcharges {
		for j := range c.o.surcharges[i].add.Values {
			a := &c.o.surcharges[i].add.Values[j]
			c.foreign("surcharges", a.money, a.place, have, "no order would ever pay these %s")
		}
	}
	for key, b := range map[string]*bound{"min_price": c.o.minPrice, "max_price": c.o.maxPrice} {
		if b != nil {
			for i, m := range b.money.Values {
				c.foreign(key, m, b.money.Places[i], have, "no price would ever be held against these %s")
			}
		}
	}
	if c.o.round != nil {
		c.foreign("round", c.o.round.to, c.o.round.at, have, "no price would ever be rounded to %s")
	}
	c.foreignLimits(have)
	if c.o.free != nil {
		for i, m := range c.o.free.total.Values {
			c.foreign("free_from", m, c.o.free.total.Places[i], have, "no order would ever be free from these %s")
		}
	}
}

// foreignLimits tells totals in conditions that no order with a price can be compared with.
func (c *optionCompiler) foreignLimits(have []table.Currency) {
	check := func(key string, when *table.Condition, have []table.Currency) {
		for _, w := range [...]table.Word{table.WordMinTotal, table.WordMaxTotal} {
			if t := when.Term(w); t != nil {
				c.foreign(key, t.Money, t.ValueAt, have, "no order would ever be held against these %s")
			}
		}
	}
	for key, list := range map[string]table.Conditions{"when": c.o.when, "unless": c.o.unless} {
		for i := range list {
			check(key, &list[i], have)
		}
	}
	for _, p := range c.o.price.Values {
		for i := range p.rows {
			row := priceList{rows: p.rows[i : i+1]}
			own, all := row.currencies()
			if !all && len(own) > 0 {
				check("price", &p.rows[i].when, own)
			}
		}
	}
	for i := range c.o.surcharges {
		check("surcharges", &c.o.surcharges[i].when, have)
	}
}

func (c *optionCompiler) foreign(key string, list table.MoneyList, at diag.Place, have []table.Currency, note string) {
	if len(list) == 0 || c.inherited(key) {
		return
	}
	for _, m := range list {
		if m.Currency == "" || slices.Contains(have, m.Currency) {
			return
		}
	}
	names := make([]string, 0, len(have))
	for _, h := range have {
		if !slices.Contains(names, string(h)) {
			names = append(names, string(h))
		}
	}
	amount := list[0].String()
	f := c.r.Errorf(codeCurrency, at, "`%s` has no price in %s", c.o.id, list[0].Currency)
	f.Label = "this amount is in " + string(list[0].Currency)
	f.Help = "write it in " + strings.Join(names, " or ") + ", or add a price in " + string(list[0].Currency)
	f.Notes = []string{"as it stands, " + strings.Replace(note, "%s", amount, 1)}
	f.Cause = &diag.Cause{Place: c.o.priceAt, Label: "the prices are in " + strings.Join(names, ", ")}
}

// hugeAmounts tells amounts that the checkout takes on no line: an order that met one could not be answered.
func (c *optionCompiler) hugeAmounts() {
	for _, p := range c.o.price.Values {
		if p == nil {
			continue
		}
		for i := range p.rows {
			for j := range p.rows[i].cells {
				c.huge(p.rows[i].cells[j].money, p.rows[i].cells[j].place)
			}
			for j := range p.rows[i].price.Values {
				c.huge(p.rows[i].price.Values[j].money, p.rows[i].price.Values[j].place)
			}
		}
	}
	for i := range c.o.surcharges {
		for _, a := range c.o.surcharges[i].add.Values {
			c.huge(a.money, a.place)
		}
	}
	if b := c.o.minPrice; b != nil {
		for i, m := range b.money.Values {
			c.huge(m, b.money.Places[i])
		}
	}
}

func (c *optionCompiler) huge(list table.MoneyList, at diag.Place) {
	for _, m := range list {
		if m.Amount <= order.MaxLineAmount {
			continue
		}
		f := c.r.Errorf("E115", at, "%s is more than a line of an order can carry", m)
		f.Label = "at most " + table.Money{Amount: order.MaxLineAmount, Currency: m.Currency}.String()
		f.Help = "write a smaller amount; is a point missing?"
	}
}
