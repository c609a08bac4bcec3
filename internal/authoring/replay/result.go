package replay

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/order"
)

// Result is what came of a run. Amounts are in minor units of their currency.
type Result struct {
	Orders     int64       `json:"orders"`
	With       int64       `json:"with_options"`
	Without    int64       `json:"without_options"`
	Empty      int64       `json:"nothing_to_ship"`
	Unreadable int64       `json:"unreadable"`
	Failed     int64       `json:"failed"` // the tables could not answer
	Options    []Share     `json:"options"`
	Reasons    []Reason    `json:"without"`
	Named      NamedOrders `json:"named"`
	Times      *Times      `json:"times,omitzero"`
	Compared   *Compared   `json:"compared,omitzero"`
}

// Share is what one option comes to, in the order of the file.
type Share struct {
	ID       string  `json:"id"`
	Offered  int64   `json:"offered"`
	Cheapest int64   `json:"cheapest"`
	Paid     int64   `json:"paid"` // chosen or preselected
	Free     int64   `json:"free"`
	Prices   []Price `json:"prices"` // by currency
}

// Price is how the prices of an option lie in one currency.
type Price struct {
	Currency string       `json:"currency"`
	Orders   int64        `json:"orders"`
	Least    order.Amount `json:"least"`
	Median   order.Amount `json:"median"` // the lower of two
	Most     order.Amount `json:"most"`
}

// Reason is how many orders of a kind are without an option.
type Reason struct {
	Text   string `json:"text"`
	Orders int64  `json:"orders"`
}

// NamedOrders are the first orders of each kind.
type NamedOrders struct {
	Without    []Named `json:"without"`
	Unreadable []Named `json:"unreadable"`
	Failed     []Named `json:"failed"`
	Changed    []Named `json:"changed,omitzero"`
	Lost       []Named `json:"lost,omitzero"`
}

// Times are how long one evaluation took: the tables and the engine, from the decoded order to the plan, by the clock that was
// given. Goroutines share the processors, so the slowest may have waited.
type Times struct {
	Slowest time.Duration `json:"slowest_ns"`
	Median  time.Duration `json:"median_ns"` // in steps of 100 ns
	Of      string        `json:"slowest"`
}

// Compared is what the other rulebook changes.
type Compared struct {
	Changed int64        `json:"changed"`
	Lost    int64        `json:"lose_an_option"`
	Gained  int64        `json:"gain_an_option"`
	Tax     int64        `json:"other_tax"`
	Stopped int64        `json:"stopped"` // by a check of the other rulebook, and by none before
	Freed   int64        `json:"freed"`   // by a check before, and by none of the other rulebook
	Moved   []Moved      `json:"moved"`   // by currency; where both have an option that is paid for
	Options []OptionDiff `json:"options"`
}

// Moved is the sum of what is paid for freight after less before.
type Moved struct {
	Currency string       `json:"currency"`
	Amount   order.Amount `json:"amount"`
}

// collect puts together what the goroutines counted.
func collect(workers []*worker, book *authoring.Book, o *Options) *Result {
	w := workers[0]
	for _, other := range workers[1:] {
		w.t.merge(&other.t)
		w.diff.merge(&other.diff)
		w.times.merge(&other.times)
	}
	t := &w.t
	r := &Result{Orders: t.orders, With: t.with, Without: t.without.n, Empty: t.empty, Unreadable: t.unreadable.n, Failed: t.failed.n,
		Named: NamedOrders{Without: t.without.named(o.Keep), Unreadable: t.unreadable.named(o.Keep), Failed: t.failed.named(o.Keep)}}
	for _, id := range book.Rules.Shipping.OptionIDs() {
		r.Options = append(r.Options, t.share(id).result(id))
	}
	for _, text := range slices.Sorted(maps.Keys(t.why)) {
		r.Reasons = append(r.Reasons, Reason{text, t.why[text]})
	}
	slices.SortStableFunc(r.Reasons, func(a, b Reason) int { return cmp.Compare(b.Orders, a.Orders) })
	if o.Clock != nil {
		r.Times = &Times{Slowest: w.times.slowest, Median: w.times.median(), Of: w.times.of.Name}
	}
	if w.other != nil {
		r.Compared = w.diff.result(book, w.other)
		r.Named.Changed, r.Named.Lost = w.diff.changed.named(o.Keep), w.diff.lost.named(o.Keep)
	}
	return r
}

func (s *share) result(id string) Share {
	out := Share{ID: id, Offered: s.offered, Cheapest: s.cheapest, Paid: s.paid, Free: s.free}
	for _, currency := range slices.Sorted(maps.Keys(s.prices)) {
		m := s.prices[currency]
		amounts := slices.Sorted(maps.Keys(m))
		p := Price{Currency: currency, Least: amounts[0], Most: amounts[len(amounts)-1]}
		for _, a := range amounts {
			p.Orders += m[a]
		}
		seen := int64(0)
		for _, a := range amounts {
			if seen += m[a]; seen*2 >= p.Orders {
				p.Median = a
				break
			}
		}
		out.Prices = append(out.Prices, p)
	}
	slices.SortStableFunc(out.Prices, func(a, b Price) int { return cmp.Compare(b.Orders, a.Orders) })
	return out
}

func (d *difference) result(book, other *authoring.Book) *Compared {
	c := &Compared{Changed: d.changed.n, Lost: d.lost.n, Gained: d.gained.n, Tax: d.tax, Stopped: d.stopped, Freed: d.freed}
	for _, currency := range slices.Sorted(maps.Keys(d.moved)) {
		if a := d.moved[currency]; a != 0 {
			c.Moved = append(c.Moved, Moved{currency, a})
		}
	}
	told := map[string]bool{}
	for _, id := range append(book.Rules.Shipping.OptionIDs(), other.Rules.Shipping.OptionIDs()...) {
		if o := d.options[id]; o != nil && !told[id] {
			told[id] = true
			c.Options = append(c.Options, *o)
		}
	}
	return c
}
