package shipping

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/table"
)

var (
	_ rules.ShippingEngine = (*Table)(nil)
	_ rules.Dated          = (*Table)(nil)
)

// state is what answering one question needs; it is reused.
type state struct {
	t       *Table
	q       *rules.Query
	facts   table.Facts
	carts   []table.Cart
	filled  []bool
	group   table.Cart // of price_per
	picks   []pick
	leaders []int // first option of each one_of group, plus one; 0: none yet
	tr      *tracer
}

// pick is an option that has a price.
type pick struct {
	option int // index into Table.options
	truth  table.Truth
	price  order.Amount
	points pointChoice
}

func newState(t *Table) *state {
	return &state{t: t, carts: make([]table.Cart, len(t.carts)), filled: make([]bool, len(t.carts)), leaders: make([]int, t.groups)}
}

// begin reads the question.
func (s *state) begin(q *rules.Query) {
	s.q, s.picks = q, s.picks[:0]
	clear(s.filled)
	day, clock, weekday := table.DateOf(q.Now.In(s.t.location))
	s.facts = table.Facts{Query: q, Zones: s.t.zones, Currency: table.Currency(q.Currency), Day: day, Clock: clock,
		Weekday: uint8(weekday)}
	s.facts.Where = s.t.zones.Locate(q.Destination.Country, region(&q.Destination), q.Destination.Postcode)
	s.tr = newTracer(s)
}

// end lets go of everything that belongs to the question.
func (s *state) end() {
	s.q, s.tr, s.facts = nil, nil, table.Facts{}
	clear(s.picks[:cap(s.picks)])
	s.t.pool.Put(s)
}

// region returns the region without the country mark that some shops send: CA, not US-CA.
func region(d *rules.Destination) string {
	if rest, ok := strings.CutPrefix(d.Region, d.Country); ok && strings.HasPrefix(rest, "-") {
		return rest[1:]
	}
	return d.Region
}

// weigh points the facts at the cart as an option weighs it.
func (s *state) weigh(i int) error {
	if !s.filled[i] {
		if err := s.carts[i].Fill(s.q, &s.t.carts[i]); err != nil {
			return fmt.Errorf("goods: %w", err)
		}
		s.filled[i] = true
	}
	s.facts.Cart = &s.carts[i]
	return nil
}

// Offer implements rules.ShippingEngine. It looks at nothing but q and allocates nothing but its result. An error is
// an amount out of range.
//
// Options that are certain for the address come back; only where there are none, those that are possible somewhere in
// the country, because the postcode or the region is not known. A postcode that cannot exist in the country counts as
// unknown, but nothing that depends on it is offered: without a certain option that is an address_error.
func (t *Table) Offer(ctx context.Context, q *rules.Query) (rules.Offers, error) {
	if err := ctx.Err(); err != nil {
		return rules.Offers{}, err
	}
	s := t.pool.Get().(*state)
	defer s.end()
	s.begin(q)
	if err := s.weigh(0); err != nil {
		return rules.Offers{}, err
	}
	if len(s.facts.Cart.Items) == 0 {
		s.tr.note("there is nothing to ship")
		return rules.Offers{}, nil
	}
	for i := range t.options {
		if err := s.option(i); err != nil {
			return rules.Offers{}, fmt.Errorf("option %q: %w", t.options[i].id, err)
		}
	}
	s.tr.unmeasured(s)
	s.trim()
	return s.offers(), nil
}

// option decides whether an option is offered and at which price.
func (s *state) option(i int) error {
	o := &s.t.options[i]
	s.tr.begin(o)
	if err := s.weigh(o.cart); err != nil {
		return err
	}
	truth := s.admits(o)
	if truth == table.No || s.refusesWeight(o) {
		return nil
	}
	price, t, err := s.price(o)
	if err != nil || t == table.No {
		return err
	}
	p := pick{option: i, truth: min(truth, t), price: price}
	if o.pickup != nil {
		if t = s.points(o, &p.points); t == table.No {
			return nil
		}
		p.truth = min(p.truth, t)
	}
	s.tr.taken()
	s.picks = append(s.picks, p)
	return nil
}

// admits goes through off, from and until, to, not_to, when and unless.
func (s *state) admits(o *option) table.Truth {
	if o.off {
		s.tr.step(o.offAt, "off")
		return table.No
	}
	truth := table.Yes
	for i := range o.gates {
		g := &o.gates[i]
		t := g.Holds(&s.facts)
		if t == table.No {
			s.tr.gate(s, g)
			return table.No
		}
		truth = min(truth, t)
	}
	t, _ := o.when.When(&s.facts)
	if t == table.No {
		s.tr.when(s, o)
		return table.No
	}
	truth = min(truth, t)
	t, why := o.unless.Unless(&s.facts)
	if t == table.No {
		s.tr.unless(o, why)
	}
	return min(truth, t)
}

// offers turns the picks into the answer.
func (s *state) offers() rules.Offers {
	out := rules.Offers{Preselect: s.t.preselect}
	out.NeedsCode = s.undecided()
	if len(s.picks) == 0 {
		out.Unpriced = !s.pricedAt(s.facts.Where)
		s.reject(&out)
		return out
	}
	n := 0
	for i := range s.picks {
		n += s.picks[i].points.count()
	}
	out.Options = make([]rules.Offer, 0, n)
	out.PreselectID = s.t.preselectID
	for i := range s.picks {
		from := len(out.Options)
		out.Options = s.expand(out.Options, &s.picks[i])
		if from < len(out.Options) && s.t.options[s.picks[i].option].id == s.t.preselectID {
			out.PreselectID = out.Options[from].ID // the first point of an option with several
		}
	}
	return out
}

// reject says why there is no option.
func (s *state) reject(out *rules.Offers) {
	none := &s.t.none
	r := &rules.Reject{Kind: none.kind, Text: none.text.In(s.q.Language, s.t.languages), TextKey: textKey(none.kind)}
	detail := "no option fits the goods and the address"
	switch {
	case s.facts.Where.Odd:
		r = &rules.Reject{Kind: rules.AddressError, TextKey: "postcode"}
		detail = "the postcode cannot exist in the country"
	case out.Unpriced:
		detail = "no option for " + cmp.Or(s.q.Destination.Country, "this country") + " has a price in " + s.q.Currency
	}
	out.NoOption = r
	out.Reasons = []rules.Reason{{Rule: "no_option", File: none.at.File, Line: none.at.Line, Detail: detail}}
}

func textKey(k rules.RejectKind) string {
	if k == rules.AddressError {
		return "postcode"
	}
	return "unsupported"
}

// pricedAt reports whether an option of this country has any price in the order's currency, whatever the goods.
func (s *state) pricedAt(w table.Where) bool {
	if w.Known {
		d := &s.q.Destination
		w = s.t.zones.Locate(d.Country, region(d), "")
		s.facts.Where = w
	}
	for i := range s.t.options {
		o := &s.t.options[i]
		if o.off || !s.reaches(o) {
			continue
		}
		if list, ok := o.price.At(s.facts.Day); ok && list.priced(w, s.facts.Currency) {
			return true
		}
	}
	return false
}

// reaches reports whether an option is meant for some address in the country today.
func (s *state) reaches(o *option) bool {
	for i := range o.gates {
		if o.gates[i].Holds(&s.facts) == table.No {
			return false
		}
	}
	return true
}

// price goes from the price list to what the buyer pays before tax.
func (s *state) price(o *option) (order.Amount, table.Truth, error) {
	list, ok := o.price.At(s.facts.Day)
	if !ok {
		s.tr.step(o.priceAt, "price: none for this day yet")
		return 0, table.No, nil
	}
	b, err := s.base(o, list)
	if err != nil {
		return 0, table.No, err
	}
	if b.missing {
		s.tr.noPrice(s, o, b)
		return 0, table.No, nil
	}
	if o.per == perCart {
		s.tr.row(s, b.found)
	}
	total, err := s.total(o, b.value)
	if err == nil && total > order.MaxLineAmount {
		err = fmt.Errorf("price: %w", pricing.ErrOverflow)
	}
	return total, b.truth, err
}
