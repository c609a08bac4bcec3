package compare

import (
	"maps"
	"slices"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/table"
	"github.com/kvitto/kvitto/shipping"
)

// marks are what the goods can be: without a class, of one, of one and others, of two.
func (d *differ) marks(parts []*shipping.Anatomy, taxed bool) axis {
	var used [2]table.ClassSet
	for _, p := range parts {
		for k := range used {
			if !d.is(k, p) {
				continue
			}
			if p.Apart {
				used[k] = ^table.ClassSet(0)
			}
			for i := range p.Conditions {
				for _, t := range p.Conditions[i].Condition.Terms() {
					used[k] |= t.Classes
				}
			}
		}
	}
	samples := d.samples(used)
	if taxed {
		samples = append(samples, d.taxSamples()...)
	}
	a := axis{word: "class", cells: []cell{{text: "goods without a class", low: func(p *point) { p.marks = nil }}}}
	const most = 5 // classes of which every two are tried together
	for i, s := range samples {
		name := d.markName(s)
		a.cells = append(a.cells,
			cell{text: "only " + name, low: func(p *point) { p.marks = []table.Sample{s} }},
			cell{text: name + " and other goods", low: func(p *point) { p.marks = []table.Sample{s, {}} }})
		for k := range i {
			if other := samples[k]; len(samples) <= most {
				a.cells = append(a.cells, cell{text: name + " and " + d.markName(other), low: func(p *point) { p.marks = []table.Sample{s, other} }})
			}
		}
	}
	return a
}

// samples are goods that the classes in use tell apart.
func (d *differ) samples(used [2]table.ClassSet) []table.Sample {
	var list []table.Sample
	seen := map[[2]table.ClassSet]bool{{}: true}
	for _, s := range append(d.a.Classes().Samples(), d.b.Classes().Samples()...) {
		l := s.Line()
		key := [2]table.ClassSet{d.a.Classes().Of(&l, nil) & used[0], d.b.Classes().Of(&l, nil) & used[1]}
		if !seen[key] {
			seen[key] = true
			list = append(list, s)
		}
	}
	return list
}

// markName is how goods are called: by their class where both rulebooks agree on it, else by what classes know them by.
func (d *differ) markName(s table.Sample) string {
	l := s.Line()
	for _, b := range []*authoring.Book{d.a, d.b} {
		set := b.Classes().Of(&l, nil)
		for i, name := range b.Classes().Names() {
			if id, both := d.b.Classes().ID(name); set == 1<<i && both && d.b.Classes().Of(&l, nil) == 1<<id {
				return name
			}
		}
	}
	switch {
	case s.Tag != "":
		return "goods tagged " + s.Tag
	case s.SKU != "":
		return "article " + s.SKU
	default:
		return "category " + s.Category
	}
}

// sizes are pieces without dimensions and pieces at the limits of size.
func sizes(list [][3]int64) axis {
	a := axis{word: "size", cells: []cell{{text: "small pieces", low: func(*point) {}}}}
	for _, s := range list {
		const micrometres = 1000
		size := table.Size{table.Length(s[0] * micrometres), table.Length(s[1] * micrometres), table.Length(s[2] * micrometres)}
		a.cells = append(a.cells, cell{text: "a piece of " + size.String(), low: func(p *point) { p.sides = s }})
	}
	return a
}

// names are who buys, and what they have.
func (d *differ) names(parts []*shipping.Anatomy) []axis {
	found := map[table.Word][]string{}
	for _, p := range parts {
		for i := range p.Conditions {
			for _, t := range p.Conditions[i].Condition.Terms() {
				for _, name := range t.Names {
					if !slices.Contains(found[t.Word], name) {
						found[t.Word] = append(found[t.Word], name)
					}
				}
			}
		}
	}
	var list []axis
	if len(found[table.WordCustomer]) > 0 {
		list = append(list, axis{word: "customer", cells: []cell{{text: "persons", low: func(p *point) { p.q.Customer = "" }},
			{text: "organizations", low: func(p *point) { p.q.Customer = "organization" }}}})
	}
	for _, part := range []struct {
		word       table.Word
		text, none string
		set        func(*point, string)
	}{
		{table.WordGroup, "group", "without a group", func(p *point, v string) { p.q.Group = v }},
		{table.WordCoupon, "coupon", "without a coupon", func(p *point, v string) { p.q.Coupon = v }},
		{table.WordTag, "tag", "without a tag", func(p *point, v string) { p.q.Tag = v }},
		{table.WordLanguage, "language", "other languages", func(p *point, v string) { p.q.Language = v }},
	} {
		if list2 := found[part.word]; len(list2) > 0 {
			slices.Sort(list2)
			list = append(list, named(part.text, part.none, list2, part.set))
		}
	}
	return list
}

// special are carts by which the two rulebooks may differ in how they read a cart at all.
func (d *differ) special(parts []*shipping.Anatomy) axis {
	a := axis{word: "cart", cells: []cell{{text: "plain carts", low: func(*point) {}}}}
	var missing, discounts, ignored bool
	first := &parts[0].Cart
	for _, p := range parts[1:] {
		c := &p.Cart
		missing = missing || c.WeightIfMissing != first.WeightIfMissing || c.RefuseMissing != first.RefuseMissing
		discounts = discounts || c.AfterDiscounts != first.AfterDiscounts
		ignored = ignored || !maps.Equal(c.Ignore, first.Ignore)
	}
	if missing {
		a.cells = append(a.cells, cell{text: "goods without a weight", low: func(p *point) { p.unweighd = true }})
	}
	if discounts {
		a.cells = append(a.cells, cell{text: "with a discount of a tenth", low: func(p *point) { p.off = true }})
	}
	if ignored {
		for _, kind := range []order.LineType{order.Physical, order.Digital, order.Surcharge, order.GiftCard} {
			a.cells = append(a.cells, cell{text: "with a further line of type " + string(kind), low: func(p *point) { p.more = kind }})
		}
	}
	return a
}
