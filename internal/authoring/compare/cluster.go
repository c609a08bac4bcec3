package compare

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/table"
	"github.com/kvitto/kvitto/shipping"
)

// cluster is the options whose answers depend on each other, by one_of, hides, sort or max_options; most are alone.
type cluster struct {
	ids    []string
	before []*shipping.Anatomy // those of a
	after  []*shipping.Anatomy
}

func (c *cluster) parts() []*shipping.Anatomy { return slices.Concat(c.before, c.after) }

// clusters finds them in both rulebooks.
func (d *differ) clusters() []*cluster {
	ids := append(ids(d.a), ids(d.b)...)
	group := map[string]string{} // id → the first id of its cluster
	for _, id := range ids {
		group[id] = id
	}
	link := func(x, y string) {
		gx, gy := group[x], group[y]
		if gx == "" || gy == "" || gx == gy {
			return
		}
		for id, g := range group {
			if g == gy {
				group[id] = gx
			}
		}
	}
	for _, b := range []*authoring.Book{d.a, d.b} {
		linkBook(b, link)
	}
	var list []*cluster
	at := map[string]*cluster{}
	for _, id := range ids {
		c := at[group[id]]
		if c == nil {
			c = &cluster{}
			at[group[id]] = c
			list = append(list, c)
		}
		if slices.Contains(c.ids, id) {
			continue
		}
		c.ids = append(c.ids, id)
		if p := d.a.Part(id); p != nil {
			c.before = append(c.before, p)
		}
		if p := d.b.Part(id); p != nil {
			c.after = append(c.after, p)
		}
	}
	return list
}

func ids(b *authoring.Book) []string {
	var list []string
	for i := range b.Parts {
		if !b.Parts[i].Off {
			list = append(list, b.Parts[i].ID)
		}
	}
	return list
}

// linkBook links the options that decide about each other.
func linkBook(b *authoring.Book, link func(x, y string)) {
	first := map[int]string{}
	for i := range b.Parts {
		p := &b.Parts[i]
		if p.Off {
			continue
		}
		for _, other := range p.Hides {
			link(p.ID, other)
		}
		if p.Group > 0 {
			link(cmp.Or(first[p.Group], p.ID), p.ID)
			first[p.Group] = cmp.Or(first[p.Group], p.ID)
		}
		if b.Rules.Shipping.Trims() {
			link(ids(b)[0], p.ID)
		}
	}
}

// grids are the questions about a cluster, one grid for each currency.
func (d *differ) grids(ctx context.Context, c *cluster) []*grid {
	var currencies []string
	for _, p := range c.parts() {
		for _, cur := range p.Currencies {
			if !slices.Contains(currencies, string(cur)) {
				currencies = append(currencies, string(cur))
			}
		}
		if p.Shares {
			for _, cur := range append(d.a.Currencies(), d.b.Currencies()...) {
				if !slices.Contains(currencies, cur) {
					currencies = append(currencies, cur)
				}
			}
		}
	}
	slices.Sort(currencies)
	list := make([]*grid, 0, len(currencies))
	for _, cur := range currencies {
		list = append(list, &grid{d: d, kind: KindPrice, ids: c.ids, currency: cur, axes: d.axes(ctx, c.parts(), cur), ask: askOptions(d, c.ids)})
	}
	return list
}

// askOptions observes what each option of a cluster costs.
func askOptions(d *differ, ids []string) func(ctx context.Context, p *point, before, after []Value) {
	return func(ctx context.Context, p *point, before, after []Value) {
		q := p.question()
		o := d.a.Order(ctx, q)
		x, y := d.a.Price(ctx, o, q.Now, q.Group), d.b.Price(ctx, o, q.Now, q.Group)
		for i, id := range ids {
			before[i], after[i] = priced(&x, id, q.Currency), priced(&y, id, q.Currency)
		}
	}
}

func priced(a *authoring.Answer, id, currency string) Value {
	o := a.Option(id)
	if o == nil {
		return Value{}
	}
	return Value{Offered: true, Amount: o.Price, Currency: currency}
}

// axes are the facts that options look at, in the order in which a person reads them.
func (d *differ) axes(ctx context.Context, parts []*shipping.Anatomy, currency string) []axis {
	limits := authoring.LimitsOf(parts...)
	shares, steps, apart, exclTax := false, false, false, false
	for _, p := range parts {
		shares, steps = shares || p.Shares, steps || len(p.Steps) > 0
		apart, exclTax = apart || p.Apart, exclTax || p.ExclTax
	}
	list := d.dates(parts, exclTax)
	list = append(list, placeAxis(d.places, d.placeKey(ctx, parts, exclTax)))
	if a := d.marks(parts, exclTax); len(a.cells) > 1 {
		list = append(list, a)
	}
	list = append(list, ordered("weight", weights(limits, apart), 1000, steps || apart, func(p *point, v int64) { p.grams = v }))
	round := int64(authoring.Amount(currency))
	list = append(list, ordered("total", limits.Totals[table.Currency(currency)], round, shares, func(p *point, v int64) { p.total = order.Amount(v) }))
	pieces := limits.Pieces
	if apart && len(pieces) == 0 {
		pieces = []authoring.Cut{{Start: 2, Text: "1"}}
	}
	list = append(list, labelled(ordered("items", pieces, 1, steps || apart, func(p *point, v int64) { p.pieces = v }), "items"))
	if len(limits.Length) > 0 {
		long := ordered("length", limits.Length, 1, false, func(p *point, v int64) { p.sides = [3]int64{v, 1, 1} })
		between := long.text
		long.text = func(cells []int) string { return "pieces " + between(cells) + " long" }
		list = append(list, long)
	}
	if len(limits.Sizes) > 0 {
		list = append(list, sizes(limits.Sizes))
	}
	list = append(list, d.names(parts)...)
	if a := d.special(parts); len(a.cells) > 1 {
		list = append(list, a)
	}
	return list
}

// labelled puts what is counted behind the text of an ordered axis.
func labelled(a axis, unit string) axis {
	text := a.text
	a.text = func(cells []int) string { return text(cells) + " " + unit }
	return a
}

// weights are the limits of all goods and of the heaviest piece; where pieces are priced by themselves also those of two.
func weights(l *authoring.Limits, apart bool) []authoring.Cut {
	cuts := slices.Concat(l.Weight, l.Heavy)
	if apart {
		for _, c := range slices.Clone(cuts) {
			cuts = append(cuts, authoring.Cut{Start: 2*(c.Start-1) + 1, Text: "twice " + c.Text, From: c.From})
		}
	}
	slices.SortStableFunc(cuts, func(a, b authoring.Cut) int { return cmp.Compare(a.Start, b.Start) })
	return slices.CompactFunc(cuts, func(a, b authoring.Cut) bool { return a.Start == b.Start })
}

// dates are the axes of time: the days on which something begins or ends, and where it matters the day of the week and the hour.
func (d *differ) dates(parts []*shipping.Anatomy, taxed bool) []axis {
	loc := d.a.Rules.Shipping.Location()
	until := d.o.Now.Add(d.o.Horizon)
	var days []time.Time
	week := false
	var clocks []table.Clock
	for _, p := range parts {
		days = append(days, p.Days(d.o.Now, until, loc)...)
		for i := range p.Conditions {
			for _, t := range p.Conditions[i].Condition.Terms() {
				week = week || t.Word == table.WordDays
				if t.Word == table.WordTime {
					clocks = append(clocks, t.Window.From, t.Window.To)
				}
			}
		}
	}
	if taxed {
		days = append(append(days, d.a.Rules.Tax.Changes(d.o.Now, until)...), d.b.Rules.Tax.Changes(d.o.Now, until)...)
	}
	slices.SortFunc(days, time.Time.Compare)
	days = slices.CompactFunc(days, time.Time.Equal)
	list := []axis{dateAxis(d.o.Now, days, loc)}
	if week {
		list = append(list, weekAxis(days, loc))
	}
	if len(clocks) > 0 {
		list = append(list, clockAxis(clocks, loc))
	}
	return list
}

// placeKey says which places some options cannot tell apart.
func (d *differ) placeKey(ctx context.Context, parts []*shipping.Anatomy, taxed bool) func(*authoring.Place) string {
	zones := [2]map[table.ZoneID]bool{{}, {}}
	books := [2]*authoring.Book{d.a, d.b}
	for _, p := range parts {
		for k := range books {
			if d.is(k, p) {
				for _, id := range p.Zones {
					zones[k][id] = true
				}
			}
		}
	}
	return func(p *authoring.Place) string {
		var key strings.Builder
		if p.Thin || taxed {
			key.WriteString(p.Country) // zones that together are a country count there as one
		}
		fmt.Fprint(&key, p.Thin)
		for k, b := range books {
			w := b.Where(p)
			for _, id := range slices.Sorted(maps.Keys(zones[k])) {
				fmt.Fprint(&key, b.Zones().Has(w.Certain, id), b.Zones().Has(w.Possible, id))
			}
			fmt.Fprint(&key, d.served(ctx, b, p))
			if taxed {
				fmt.Fprint(&key, p.Region, b.TaxWhere(p).Certain)
			}
		}
		return key.String()
	}
}

// served reports whether tax.yaml serves a place at all.
func (d *differ) served(ctx context.Context, b *authoring.Book, p *authoring.Place) bool {
	q := authoring.Question{Currency: string(b.Rules.Shipping.Currency()), Now: d.o.Now, Goods: []authoring.Goods{{Total: 100}}}
	p.Address(&q)
	a := b.Price(ctx, b.Order(ctx, &q), d.o.Now, "")
	return !slices.ContainsFunc(a.Decision.Reasons, func(r reason) bool { return r.Rule == "destination" })
}
