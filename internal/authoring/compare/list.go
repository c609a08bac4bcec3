package compare

import (
	"context"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/table"
	"github.com/kvitto/kvitto/shipping"
)

// listGrids are the questions about the list as a whole: which option is preselected, and in which order the options stand. They
// are asked at each place, weight and value.
func (d *differ) listGrids(ctx context.Context) []*grid {
	var parts []*shipping.Anatomy
	for _, b := range []*authoring.Book{d.a, d.b} {
		for i := range b.Parts {
			if !b.Parts[i].Off {
				parts = append(parts, &b.Parts[i])
			}
		}
	}
	if len(parts) == 0 {
		return nil
	}
	var list []*grid
	for _, currency := range d.a.Currencies() {
		if !slices.Contains(d.b.Currencies(), currency) {
			continue
		}
		g := &grid{d: d, kind: KindList, currency: currency, ids: []string{"preselected", "order"}, ask: d.askList}
		for _, a := range d.axes(ctx, parts, currency) {
			if a.word == "to" || a.word == "weight" || a.word == "total" {
				g.axes = append(g.axes, a)
			}
		}
		list = append(list, g)
	}
	return list
}

// askList observes the list, as far as both offer the same options: what is new or gone is told as such.
func (d *differ) askList(ctx context.Context, p *point, before, after []Value) {
	q := p.question()
	o := d.a.Order(ctx, q)
	x, y := d.a.Price(ctx, o, q.Now, q.Group), d.b.Price(ctx, o, q.Now, q.Group)
	if x.Paid() != nil && y.Paid() != nil && y.Option(x.Paid().ID) != nil && x.Option(y.Paid().ID) != nil {
		before[0], after[0] = Value{Offered: true, Text: x.Paid().ID}, Value{Offered: true, Text: y.Paid().ID}
	}
	left, right := common(&x, &y), common(&y, &x)
	before[1], after[1] = Value{Offered: true, Text: strings.Join(left, ", ")}, Value{Offered: true, Text: strings.Join(right, ", ")}
}

// common are the ids of a that b has too, pickup points taken together.
func common(a, b *authoring.Answer) []string {
	var list []string
	for i := range a.Options {
		id, _, _ := strings.Cut(a.Options[i].ID, ":")
		if b.Option(id) != nil && !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}

// texts compares what buyers read about an option, at the first place where both offer it.
func (d *differ) texts(ctx context.Context) []Change {
	var changes []Change
	for _, id := range ids(d.a) {
		if d.b.Part(id) == nil {
			continue
		}
		for _, lang := range d.languages() {
			x, y := d.both(ctx, id, lang)
			if x == nil {
				continue
			}
			for _, f := range fields() {
				if was, is := f.of(x), f.of(y); was != is && !told(changes, id, was, is) {
					c := Change{Kind: KindText, Option: id, Sign: "~", Where: f.name, Before: Value{Offered: true, Text: was}, After: Value{Offered: true, Text: is}}
					if f.spoken {
						c.Where += " in " + lang
					}
					changes = append(changes, c)
				}
			}
		}
	}
	return changes
}

// told reports whether a change of texts was told in another language, which this one falls back to.
func told(changes []Change, id, was, is string) bool {
	return slices.ContainsFunc(changes, func(c Change) bool { return c.Option == id && c.Before.Text == was && c.After.Text == is })
}

func (d *differ) languages() []string {
	list := slices.Clone(d.a.Rules.Shipping.Languages())
	for _, l := range d.b.Rules.Shipping.Languages() {
		if !slices.Contains(list, l) {
			list = append(list, l)
		}
	}
	return list
}

// both are an option in the answers of both, to the first question that it fits.
func (d *differ) both(ctx context.Context, id, lang string) (x, y *order.ShippingOption) {
	part := d.a.Part(id)
	var marks [][]table.Sample
	for _, s := range d.a.Classes().Samples() {
		marks = append(marks, []table.Sample{s})
	}
	marks = append([][]table.Sample{nil}, marks...)
	for _, currency := range part.Currencies {
		for i := range d.places {
			for _, mark := range marks {
				p := &point{pieces: 1, grams: 500, total: authoring.Amount(string(currency)), marks: mark}
				p.q.Currency, p.q.Now, p.q.Language = string(currency), d.o.Now, lang
				d.places[i].Address(&p.q)
				q := p.question()
				o := d.a.Order(ctx, q)
				before := d.a.Price(ctx, o, q.Now, "")
				if x = before.Option(id); x == nil {
					continue
				}
				after := d.b.Price(ctx, o, q.Now, "")
				if y = after.Option(id); y != nil {
					return x, y
				}
			}
		}
	}
	return nil, nil
}

// field is something that buyers, or the checkout, read of an option.
type field struct {
	name   string
	spoken bool // it depends on the language
	of     func(*order.ShippingOption) string
}

func fields() []field {
	details := func(o *order.ShippingOption) order.DeliveryDetails {
		if o.DeliveryDetails == nil {
			return order.DeliveryDetails{}
		}
		return *o.DeliveryDetails
	}
	return []field{
		{"name", true, func(o *order.ShippingOption) string { return o.Name }},
		{"description", true, func(o *order.ShippingOption) string { return o.Description }},
		{"promo", true, func(o *order.ShippingOption) string { return o.Promo }},
		{"method", false, func(o *order.ShippingOption) string { return o.ShippingMethod }},
		{"tms_reference", false, func(o *order.ShippingOption) string { return o.TMSReference }},
		{"carrier", false, func(o *order.ShippingOption) string { return details(o).Carrier }},
		{"delivery_class", false, func(o *order.ShippingOption) string { return details(o).Class }},
		{"product", false, func(o *order.ShippingOption) string {
			if p := details(o).Product; p != nil {
				return strings.TrimSpace(p.Name + " " + p.Identifier)
			}
			return ""
		}},
		{"days of delivery", false, func(o *order.ShippingOption) string {
			if t := details(o).Timeslot; t != nil {
				return t.Start + " to " + t.End
			}
			return ""
		}},
	}
}
