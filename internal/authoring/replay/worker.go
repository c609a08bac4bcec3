package replay

import (
	"context"
	"time"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

// worker asks about cases and counts; it belongs to one goroutine.
type worker struct {
	book, other *authoring.Book
	o           *Options
	t           tally
	diff        difference
	times       spread
}

func newWorker(book, other *authoring.Book, o *Options) *worker {
	return &worker{book: book, other: other, o: o, t: newTally(), diff: newDifference()}
}

func (w *worker) work(ctx context.Context, b block) {
	for i, c := range b.cases {
		if ctx.Err() != nil {
			return
		}
		w.one(ctx, b.first+int64(i), c)
	}
}

func (w *worker) one(ctx context.Context, number int64, c Case) {
	w.t.orders++
	o, group, err := c.Make(ctx)
	if err != nil {
		w.t.unreadable.add(w.o.Keep, Named{Number: number, Name: c.Name, Text: err.Error()})
		return
	}
	a := w.price(ctx, w.book, o, group, c.Name, number)
	w.t.count(w.o.Keep, w.book, o, &a, Named{Number: number, Name: c.Name})
	if w.other != nil {
		b := w.other.Price(ctx, o, w.o.Now, group)
		stops := w.stops(ctx, o, group)
		w.diff.compare(w.o.Keep, o, &a, &b, stops, Named{Number: number, Name: c.Name})
	}
}

// stops asks the checks of both rulebooks. An order out of their range is one that prices are out of range of too, and counts there.
func (w *worker) stops(ctx context.Context, o *order.Order, group string) (s [2]rules.Decision) {
	for i, b := range []*authoring.Book{w.book, w.other} {
		if d, err := b.Stopped(ctx, o, w.o.Now, group); err == nil {
			s[i] = d
		}
	}
	return s
}

// price asks and measures how long the answer took.
func (w *worker) price(ctx context.Context, b *authoring.Book, o *order.Order, group, name string, number int64) authoring.Answer {
	if w.o.Clock == nil {
		return b.Price(ctx, o, w.o.Now, group)
	}
	from := w.o.Clock()
	a := b.Price(ctx, o, w.o.Now, group)
	w.times.add(w.o.Clock()-from, Named{Number: number, Name: name})
	return a
}

// spread is how long evaluations took: how many of each tenth of a microsecond.
type spread struct {
	buckets [1 << 14]int64
	n       int64
	slowest time.Duration
	of      Named
}

const tick = 100 * time.Nanosecond

func (s *spread) add(d time.Duration, of Named) {
	s.buckets[min(max(d/tick, 0), time.Duration(len(s.buckets)-1))]++
	s.n++
	if d > s.slowest {
		s.slowest, s.of = d, of
	}
}

func (s *spread) merge(o *spread) {
	for i, n := range o.buckets {
		s.buckets[i] += n
	}
	s.n += o.n
	if o.slowest > s.slowest {
		s.slowest, s.of = o.slowest, o.of
	}
}

// median is in steps of a tenth of a microsecond; above 1.6 ms it says no more than that.
func (s *spread) median() time.Duration {
	seen := int64(0)
	for i, n := range s.buckets {
		if seen += n; seen*2 >= s.n {
			return time.Duration(i) * tick
		}
	}
	return 0
}
