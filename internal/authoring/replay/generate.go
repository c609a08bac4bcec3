package replay

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/table"
	"github.com/kvitto/kvitto/shipping"
)

// generator makes orders up from what the tables themselves speak of. It is read-only once made.
type generator struct {
	book   *authoring.Book
	seed   uint64
	now    time.Time
	limits *authoring.Limits
	lands  []land
	marks  []table.Sample
	names  map[table.Word][]string
	sized  [][3]int64
}

// land is a country with its places and the currencies in which something is offered there.
type land struct {
	places     []authoring.Place
	currencies []string
}

// Generate makes n orders up: countries and stretches of postcodes of the tables, weights and values on both sides of their
// limits and between them, goods of their classes, their customers, groups, coupons and tags. The same rulebook, seed and day
// give the same orders.
func Generate(ctx context.Context, b *authoring.Book, n int64, seed uint64, now time.Time) Source {
	g := newGenerator(ctx, b, seed, now)
	return Source{Len: n, Each: func(yield func(Case) bool) error {
		if len(g.lands) == 0 {
			return fmt.Errorf("the tables name no country that an order could go to")
		}
		for i := range n {
			c := Case{Name: fmt.Sprintf("order %d of seed %d", i+1, seed)}
			c.Make = func(ctx context.Context) (*order.Order, string, error) {
				q := g.question(uint64(i)) //nolint:gosec // counts from 0
				return b.Order(ctx, &q), q.Group, nil
			}
			if !yield(c) {
				return nil
			}
		}
		return nil
	}}
}

func newGenerator(ctx context.Context, b *authoring.Book, seed uint64, now time.Time) *generator {
	g := &generator{book: b, seed: seed, now: now, marks: b.Classes().Samples(), names: map[table.Word][]string{}}
	var parts []*shipping.Anatomy
	for i := range b.Parts {
		if p := &b.Parts[i]; !p.Off {
			parts = append(parts, p)
			g.words(p)
		}
	}
	g.limits = authoring.LimitsOf(parts...)
	g.sized = g.limits.Sizes
	for _, c := range g.limits.Length {
		g.sized = append(g.sized, [3]int64{c.Start - 1, 1, 1}, [3]int64{c.Start, 1, 1})
	}
	for _, p := range authoring.Places(b) {
		if len(g.lands) == 0 || g.lands[len(g.lands)-1].places[0].Country != p.Country {
			g.lands = append(g.lands, land{})
		}
		l := &g.lands[len(g.lands)-1]
		l.places = append(l.places, p)
	}
	for i := range g.lands {
		g.lands[i].currencies = g.sold(ctx, &g.lands[i])
	}
	g.lands = slices.DeleteFunc(g.lands, func(l land) bool { return l.places[0].Elsewhere || len(l.currencies) == 0 })
	return g
}

// words collects the names that conditions ask for.
func (g *generator) words(p *shipping.Anatomy) {
	for i := range p.Conditions {
		for _, t := range p.Conditions[i].Condition.Terms() {
			for _, name := range t.Names {
				if !slices.Contains(g.names[t.Word], name) {
					g.names[t.Word] = append(g.names[t.Word], name)
				}
			}
		}
	}
}

// sold are the currencies in which a small parcel is offered somewhere in a country.
func (g *generator) sold(ctx context.Context, l *land) []string {
	var list []string
	for _, c := range g.book.Currencies() {
		for i := range l.places {
			q := authoring.Question{Currency: c, Now: g.now, Goods: []authoring.Goods{{Grams: 500, Total: authoring.Amount(c)}}}
			l.places[i].Address(&q)
			if a := g.book.Ask(ctx, &q); len(a.Options) > 0 {
				list = append(list, c)
				break
			}
		}
	}
	return list
}

// question makes order i up.
func (g *generator) question(i uint64) authoring.Question {
	r := rand.New(rand.NewPCG(g.seed, i)) //nolint:gosec // the same seed has to give the same orders
	l := &g.lands[r.IntN(len(g.lands))]
	p := &l.places[r.IntN(len(l.places))]
	q := authoring.Question{Currency: pick(r, l.currencies), Now: g.now}
	p.Address(&q)
	if stretch := pick(r, p.Ranges); r.IntN(2) == 0 {
		q.Postcode = stretch.From
	} else {
		q.Postcode = stretch.To
	}
	if langs := g.book.Rules.Shipping.Languages(); len(langs) > 0 {
		q.Language = pick(r, langs)
	}
	g.buyer(r, &q)
	g.cart(r, &q)
	return q
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// buyer fills in who buys; what the tables ask for is so in one of eight orders.
func (g *generator) buyer(r *rand.Rand, q *authoring.Question) {
	for _, part := range []struct {
		word table.Word
		to   *string
	}{{table.WordCustomer, &q.Customer}, {table.WordGroup, &q.Group}, {table.WordCoupon, &q.Coupon}, {table.WordTag, &q.Tag}} {
		const oneIn = 8
		if names := g.names[part.word]; len(names) > 0 && r.IntN(oneIn) == 0 {
			*part.to = pick(r, names)
		}
	}
}

// cart fills in one to three kinds of goods whose weight and value together are on a limit, just above one, or between two.
func (g *generator) cart(r *rand.Rand, q *authoring.Question) {
	const kinds, lightest = 3, 20
	c := table.Currency(q.Currency)
	grams := draw(r, g.limits.Weight, lightest)
	total := draw(r, g.limits.Totals[c], int64(authoring.Amount(q.Currency))/10)
	pieces := draw(r, g.limits.Pieces, 1)
	n := min(int64(1+r.IntN(kinds)), grams, total, pieces)
	for k := range n {
		goods := authoring.Goods{Pieces: 1, Grams: grams / n, Total: order.Amount(total / n)}
		if k == 0 {
			goods.Pieces, goods.Grams, goods.Total = pieces-n+1, grams-grams/n*(n-1), order.Amount(total-total/n*(n-1))
		}
		if len(g.marks) > 0 && r.IntN(4) == 0 {
			goods.Mark = pick(r, g.marks)
		}
		if len(g.sized) > 0 && r.IntN(10) == 0 {
			goods.Sides = pick(r, g.sized)
		}
		q.Goods = append(q.Goods, goods)
	}
}

// draw takes a value: a quarter each on a limit and just above one, else anything.
func draw(r *rand.Rand, cuts []authoring.Cut, least int64) int64 {
	const above = 4 // how much rarer values are above all limits
	i := r.IntN(len(cuts) + 1)
	if i == len(cuts) && i > 0 && r.IntN(above) > 0 {
		i = r.IntN(len(cuts))
	}
	low, high := authoring.Ends(cuts, i, least)
	switch r.IntN(4) {
	case 0:
		return cmp.Or(high, 1)
	case 1:
		return max(low, 1)
	default:
		return max(low+r.Int64N(max(high-low, 0)+1), 1)
	}
}
