package shipping

import (
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// Layout is an option as it decides, for those who look for what can never happen. Nothing in it may be changed.
type Layout struct {
	ID           string
	At           diag.Place
	Off          bool
	Gates        []table.Condition // all must hold: from and until, to, not_to
	When, Unless table.Conditions
	Apart        bool // price_per: the rows see groups of the goods, everything else the whole cart
	Prices       []PriceLayout
	Surcharges   []SurchargeLayout
	Free         *FreeLayout
	Bounds       []BoundLayout
	Group        int // of one_of, from 1; 0: none
	GroupAt      diag.Place
	Hides        []int // indexes of options
	HidesAt      diag.Place
	Texts        []TextLayout
	Calendar     *table.Calendar // of delivery; nil: none
	DeliveryAt   diag.Place
}

// PriceLayout is a price list and the day from which on it holds.
type PriceLayout struct {
	From  table.Date
	Dated bool // From counts
	At    diag.Place
	Rows  []RowLayout
	Cols  []ColLayout // none: each row has its own price
	list  *priceList
}

// RowLayout is a row of a price list. Of Price and Cells one is filled.
type RowLayout struct {
	When  *table.Condition
	Price table.Dated[AmountLayout]
	Cells []AmountLayout
}

// ColLayout is a price column.
type ColLayout struct {
	Zone       table.ZoneID
	Everywhere bool
	Currency   table.Currency
}

// AmountLayout is money, a share of the goods, or a `-`.
type AmountLayout struct {
	Money      table.MoneyList
	Share, Off bool
	At         diag.Place
}

// In reports whether an order in a currency can use the amount; a `-` has none.
func (a *AmountLayout) In(c table.Currency) bool {
	_, ok := a.Money.In(c)
	return ok || a.Share
}

// SurchargeLayout is a supplement.
type SurchargeLayout struct {
	When   *table.Condition
	Add    table.Dated[AmountLayout]
	Over   int64 // pieces, or with Weighs micrograms, above which it counts
	Weighs bool
}

// FreeLayout is free_from. Without HasTotal the condition alone makes the option free.
type FreeLayout struct {
	At       diag.Place
	When     *table.Condition
	Total    table.Dated[table.MoneyList]
	HasTotal bool
}

// BoundLayout is min_price, max_price or round.
type BoundLayout struct {
	Word  string
	Money table.Dated[table.MoneyList]
}

// TextLayout is a text for the buyer.
type TextLayout struct {
	Word string // name, description, promo
	Text table.Text
}

// Column returns the column that decides for an address and a currency; Maybe where only some postcodes lead to it.
func (p *PriceLayout) Column(w table.Where, c table.Currency) (col int, t table.Truth) {
	return p.list.column(w, c)
}

// Zones are the zones of the file.
func (t *Table) Zones() *table.Zones { return t.zones }

// Layouts lists all options in file order, those that are off too.
func (t *Table) Layouts() []Layout {
	list := make([]Layout, len(t.options))
	for i := range t.options {
		list[i] = t.options[i].layout()
	}
	return list
}

func (o *option) layout() Layout {
	l := Layout{ID: o.id, At: o.at, Off: o.off, Gates: o.gates, When: o.when, Unless: o.unless, Apart: o.per != perCart,
		Group: o.group, GroupAt: o.groupAt, Hides: o.hides, HidesAt: o.hidesAt}
	for i, p := range o.price.Values {
		list := PriceLayout{At: o.price.Places[i], list: p}
		if len(o.price.From) > 0 {
			list.From, list.Dated = o.price.From[i], true
		}
		list.fill(p)
		l.Prices = append(l.Prices, list)
	}
	for i := range o.surcharges {
		s := &o.surcharges[i]
		l.Surcharges = append(l.Surcharges, SurchargeLayout{When: &s.when, Add: amounts(&s.add), Over: s.over.n, Weighs: s.over.weight || s.each.weight})
	}
	if f := o.free; f != nil {
		l.Free = &FreeLayout{At: f.at, When: &f.when, Total: f.total, HasTotal: f.hasTotal}
	}
	for _, b := range []struct {
		word  string
		bound *bound
	}{{"min_price", o.minPrice}, {"max_price", o.maxPrice}} {
		if b.bound != nil {
			l.Bounds = append(l.Bounds, BoundLayout{Word: b.word, Money: b.bound.money})
		}
	}
	if o.round != nil {
		l.Bounds = append(l.Bounds, BoundLayout{Word: "round", Money: table.Always(o.round.to, o.round.at)})
	}
	if o.promise != nil {
		l.Calendar, l.DeliveryAt = o.promise.calendar, o.promise.at
	}
	for _, t := range []TextLayout{{"name", o.name.Text}, {"description", o.description.Text}, {"promo", o.promo.Text}} {
		if !t.Text.Empty() {
			l.Texts = append(l.Texts, t)
		}
	}
	return l
}

func (p *PriceLayout) fill(list *priceList) {
	for _, c := range list.cols {
		p.Cols = append(p.Cols, ColLayout{Zone: c.zone, Everywhere: c.everywhere, Currency: c.currency})
	}
	for i := range list.rows {
		r := &list.rows[i]
		row := RowLayout{When: &r.when}
		if r.cells == nil {
			row.Price = amounts(&r.price)
		}
		for j := range r.cells {
			row.Cells = append(row.Cells, r.cells[j].layout())
		}
		p.Rows = append(p.Rows, row)
	}
}

func amounts(d *table.Dated[amount]) table.Dated[AmountLayout] {
	out := table.Dated[AmountLayout]{From: d.From, Places: d.Places}
	for i := range d.Values {
		out.Values = append(out.Values, d.Values[i].layout())
	}
	return out
}

func (a *amount) layout() AmountLayout {
	return AmountLayout{Money: a.money, Share: a.kind == shareOfGoods, Off: a.kind == notOffered, At: a.place}
}
