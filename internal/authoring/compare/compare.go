// Package compare says what changes for buyers between two rulebooks.
//
// Its one rule: answers are compared, not files. Both rulebooks are asked at every place and on both sides of every limit that
// either of them has; what they answer alike is no difference, however it is written.
package compare

import (
	"cmp"
	"context"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/shipping"
)

// Options of Diff.
type Options struct {
	Now     time.Time     // from when on
	Horizon time.Duration // how far ahead dates are looked at; 0: 400 days
	Most    int           // most questions for options that depend on each other, in one currency; 0: 120 000
}

const (
	defaultHorizon = 400 * 24 * time.Hour
	defaultMost    = 120_000
)

// Report is what changes. It is empty where every answer is the same.
type Report struct {
	Changes []Change `json:"changes"`
	Partly  []string `json:"not_every_combination,omitempty"` // options with so many limits that not all their combinations were tried
	Asked   int64    `json:"questions"`                       // that both were asked
	Notes   []string `json:"notes,omitempty"`
}

// Empty reports whether nothing changes.
func (r *Report) Empty() bool { return len(r.Changes) == 0 }

// Kinds of changes.
const (
	KindPrice = "price" // an option's price, or whether it is offered
	KindTax   = "tax"
	KindText  = "text" // what a buyer reads about an option
	KindList  = "list" // which option is preselected, and their order
	KindCheck = "check"
)

// Change is one difference, with all the places and carts where it is the same.
type Change struct {
	Kind   string       `json:"kind"`
	Option string       `json:"option,omitzero"` // id, or what is taxed
	Sign   string       `json:"sign"`            // ~ changed, + new, - gone
	Where  string       `json:"where"`           // in words; "" everywhere and always
	Before Value        `json:"before"`
	After  Value        `json:"after"`
	Moves  order.Amount `json:"moves,omitzero"` // after less before, of all prices that this stands for; Before and After are one of them
	When   []Condition  `json:"when,omitempty"` // the same as Where, part by part
}

// Condition is a part of Where.
type Condition struct {
	Word string `json:"word"`
	Text string `json:"text"`
}

// Value is one side of a change.
type Value struct {
	Offered  bool         `json:"offered"`
	Amount   order.Amount `json:"amount"` // minor units, of prices
	Currency string       `json:"currency,omitzero"`
	Text     string       `json:"text,omitzero"` // of everything else
}

// Diff compares two rulebooks: a before, b after. An error is that of ctx.
func Diff(ctx context.Context, a, b *authoring.Book, o Options) (*Report, error) {
	if o.Horizon == 0 {
		o.Horizon = defaultHorizon
	}
	if o.Most == 0 {
		o.Most = defaultMost
	}
	d := &differ{a: a, b: b, o: o, places: authoring.Places(a, b), own: map[*shipping.Anatomy]int{}}
	d.checks = d.checkList()
	var jobs []*grid
	for _, c := range d.clusters() {
		jobs = append(jobs, d.grids(ctx, c)...)
	}
	jobs = append(jobs, d.taxGrids()...)
	jobs = append(jobs, d.listGrids(ctx)...)
	jobs = append(jobs, d.checkGrids(ctx)...)
	d.run(ctx, jobs)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r := &Report{Changes: []Change{}}
	for _, g := range jobs {
		d.sign(g.changes)
		d.signChecks(g.changes)
		for _, c := range g.changes {
			if c.Kind != KindTax && c.Kind != KindCheck || !slices.ContainsFunc(r.Changes, func(o Change) bool { return reflect.DeepEqual(o, c) }) { // the same in several currencies
				d.otherCurrency(&c, g.currency)
				r.Changes = append(r.Changes, c)
			}
		}
		r.Asked += g.asked
		for _, id := range g.partly {
			if !slices.Contains(r.Partly, id) {
				r.Partly = append(r.Partly, id)
			}
		}
	}
	order := append(ids(d.a), ids(d.b)...)
	slices.SortStableFunc(r.Changes, func(x, y Change) int {
		return cmp.Or(cmp.Compare(rank(x.Kind), rank(y.Kind)), cmp.Compare(slices.Index(order, x.Option), slices.Index(order, y.Option)))
	})
	r.Changes = append(r.Changes, d.texts(ctx)...)
	r.Changes = append(r.Changes, d.saidChanges(r.Changes)...)
	return r, nil
}

// differ compares two rulebooks.
type differ struct {
	a, b   *authoring.Book
	o      Options
	places []authoring.Place
	checks []*checked
	own    map[*shipping.Anatomy]int // side of parts that are checks; not changed while grids are filled
}

// rank puts prices before tax, tax before the list, and checks last.
func rank(kind string) int {
	return slices.Index([]string{KindPrice, KindTax, KindList, KindCheck}, kind)
}

// sign marks the changes of options that only one of the rulebooks has.
func (d *differ) sign(changes []Change) {
	for i := range changes {
		c := &changes[i]
		switch before, after := d.a.Part(c.Option), d.b.Part(c.Option); {
		case c.Kind != KindPrice:
		case before == nil:
			c.Sign = "+"
		case after == nil:
			c.Sign = "-"
		}
	}
}

// run fills grids on all processors; each has its own place, so the order of the report does not depend on them.
func (d *differ) run(ctx context.Context, grids []*grid) {
	next := make(chan *grid)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for g := range next {
				g.fill(ctx, d.o.Most)
			}
		})
	}
	for _, g := range grids {
		next <- g
	}
	close(next)
	wg.Wait()
}
