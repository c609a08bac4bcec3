package replay

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/table"
)

// Named is an order with what is to be said about it. Number is its place in the source, from 0.
type Named struct {
	Number int64  `json:"number"`
	Name   string `json:"name"`
	Text   string `json:"text,omitzero"`
}

// list counts orders and names the first of them.
type list struct {
	n     int64
	first []Named
}

func (l *list) add(keep int, n Named) {
	l.n++
	if len(l.first) < keep {
		l.first = append(l.first, n)
	}
}

func (l *list) merge(o *list) {
	l.n += o.n
	l.first = append(l.first, o.first...)
}

// named are the first orders of all goroutines.
func (l *list) named(keep int) []Named {
	slices.SortFunc(l.first, func(a, b Named) int { return cmp.Compare(a.Number, b.Number) })
	return l.first[:min(keep, len(l.first))]
}

// prices are how often each price occurred, by currency.
type prices map[string]map[order.Amount]int64

func (p prices) add(currency string, a order.Amount, n int64) {
	m := p[currency]
	if m == nil {
		m = map[order.Amount]int64{}
		p[currency] = m
	}
	m[a] += n
}

// share is what one option comes to.
type share struct {
	offered, cheapest, free, paid int64
	prices                        prices
}

// tally is what one goroutine counted.
type tally struct {
	orders, with, empty int64
	options             map[string]*share
	unreadable, without list
	failed              list
	why                 map[string]int64 // of without: how many, by goods and country
}

func newTally() tally { return tally{options: map[string]*share{}, why: map[string]int64{}} }

func (t *tally) share(id string) *share {
	s := t.options[id]
	if s == nil {
		s = &share{prices: prices{}}
		t.options[id] = s
	}
	return s
}

// count takes an answer in.
func (t *tally) count(keep int, b *authoring.Book, o *order.Order, a *authoring.Answer, n Named) {
	switch {
	case a.Err != nil:
		n.Text = a.Err.Error()
		t.failed.add(keep, n)
		return
	case a.Decision.Verdict != rules.Accept:
		n.Text = without(b, o, a)
		t.without.add(keep, n)
		t.why[n.Text]++
		return
	case len(a.Options) == 0:
		t.empty++
		return
	}
	t.with++
	least := a.Options[0].Price
	for i := range a.Options {
		least = min(least, a.Options[i].Price)
	}
	currency := order.Upper(o.PurchaseCurrency)
	for i := range a.Options {
		id, first := base(a.Options, i)
		if !first {
			continue
		}
		s, price := t.share(id), a.Options[i].Price
		s.offered++
		s.prices.add(currency, price, 1)
		if price == least {
			s.cheapest++
		}
		if price == 0 {
			s.free++
		}
	}
	if p := a.Paid(); p != nil {
		id, _, _ := strings.Cut(p.ID, ":")
		t.share(id).paid++
	}
}

// base is the id of option i without a pickup point, and whether it is the first of that option.
func base(options []order.ShippingOption, i int) (id string, first bool) {
	id, _, _ = strings.Cut(options[i].ID, ":")
	for k := range i {
		if other, _, _ := strings.Cut(options[k].ID, ":"); other == id {
			return id, false
		}
	}
	return id, true
}

// without says in a few words what gets no option: "bulky to DK".
func without(b *authoring.Book, o *order.Order, a *authoring.Answer) string {
	to := "an unknown country"
	if o.ShippingAddress != nil && o.ShippingAddress.Country != "" {
		to = order.Upper(o.ShippingAddress.Country)
	} else if o.BillingAddress != nil && o.BillingAddress.Country != "" {
		to = order.Upper(o.BillingAddress.Country)
	}
	if !table.KnownCountry(to) {
		to = "an unknown country"
	}
	var set table.ClassSet
	for i := range o.Lines {
		set |= b.Classes().Of(&o.Lines[i], nil)
	}
	var names []string
	for i, name := range b.Classes().Names() {
		if set.Has(table.ClassID(i)) {
			names = append(names, name)
		}
	}
	goods := "goods without a class"
	if len(names) > 0 {
		goods = strings.Join(names, " and ")
	}
	text := goods + " to " + to
	if c := order.Upper(o.PurchaseCurrency); !slices.Contains(b.Currencies(), c) {
		text += " in a currency without prices"
	}
	for _, r := range a.Decision.Reasons {
		if id, ok := strings.CutPrefix(r.Rule, rules.CheckRule); ok {
			return text + ", stopped by the check " + id
		}
	}
	return text
}

func (t *tally) merge(o *tally) {
	t.orders, t.with, t.empty = t.orders+o.orders, t.with+o.with, t.empty+o.empty
	t.unreadable.merge(&o.unreadable)
	t.without.merge(&o.without)
	t.failed.merge(&o.failed)
	for text, n := range o.why {
		t.why[text] += n
	}
	for id, from := range o.options {
		s := t.share(id)
		s.offered, s.cheapest, s.free, s.paid = s.offered+from.offered, s.cheapest+from.cheapest, s.free+from.free, s.paid+from.paid
		for currency, m := range from.prices {
			for a, n := range m {
				s.prices.add(currency, a, n)
			}
		}
	}
}
