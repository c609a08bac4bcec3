package fakeprovider

import (
	"container/heap"
	"sync"
	"time"
)

// Schedule says when pushes come, counted from the completion of the order by the provider's clock.
type Schedule struct {
	First []time.Duration // the first ones
	Every time.Duration   // after the last of them; 0: no more
	Until time.Duration   // none comes after this
}

// ProviderSchedule is what the provider publishes: after 2, 5, 15, 30 and 60 minutes, then every 4 hours, 48 hours in all.
func ProviderSchedule() Schedule {
	return Schedule{
		First: []time.Duration{2 * time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour},
		Every: 4 * time.Hour,
		Until: 48 * time.Hour,
	}
}

// At is when the push with number n comes, from 0; ok is false after the last one.
func (s *Schedule) At(n int) (d time.Duration, ok bool) {
	switch {
	case n < len(s.First):
		d = s.First[n]
	case s.Every <= 0:
		return 0, false
	default:
		if len(s.First) > 0 {
			d = s.First[len(s.First)-1]
		}
		d += s.Every * time.Duration(n-len(s.First)+1)
	}
	return d, d <= s.Until
}

// appointment is the next push of an order.
type appointment struct {
	order     string
	completed time.Time
	n         int
	at        time.Time
	index     int
}

// agenda holds at most one appointment an order.
type agenda struct {
	mu      sync.Mutex
	queue   queue
	byOrder map[string]*appointment
	changed chan struct{}
}

func newAgenda() *agenda {
	return &agenda{byOrder: map[string]*appointment{}, changed: make(chan struct{}, 1)}
}

// wake lets the loop look at the agenda again.
func (a *agenda) wake() {
	select {
	case a.changed <- struct{}{}:
	default:
	}
}

// add makes the appointment for push n of an order, if the schedule has one.
func (a *agenda) add(s *Schedule, order string, completed time.Time, n int) {
	d, ok := s.At(n)
	if !ok {
		return
	}
	a.mu.Lock()
	ap := &appointment{order: order, completed: completed, n: n, at: completed.Add(d)}
	heap.Push(&a.queue, ap)
	a.byOrder[order] = ap
	a.mu.Unlock()
	a.wake()
}

// drop ends the pushes of an order.
func (a *agenda) drop(order string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if ap := a.byOrder[order]; ap != nil {
		heap.Remove(&a.queue, ap.index)
		delete(a.byOrder, order)
	}
}

// take returns an appointment that is due and makes the order's next one, or else tells when the next is due.
func (a *agenda) take(s *Schedule, now time.Time) (due *appointment, next time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.queue) == 0 {
		return nil, time.Time{}
	}
	first := a.queue[0]
	if first.at.After(now) {
		return nil, first.at
	}
	taken := *first
	if d, ok := s.At(first.n + 1); ok {
		first.n++
		first.at = first.completed.Add(d)
		heap.Fix(&a.queue, 0)
	} else {
		heap.Pop(&a.queue)
		delete(a.byOrder, first.order)
	}
	return &taken, time.Time{}
}

// next is when an order is pushed next; zero: never.
func (a *agenda) next(order string) time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	if ap := a.byOrder[order]; ap != nil {
		return ap.at
	}
	return time.Time{}
}

// queue is a heap by time.
type queue []*appointment

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].at.Before(q[j].at) }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i]; q[i].index, q[j].index = i, j }

// Push is heap's.
func (q *queue) Push(x any) {
	ap := x.(*appointment)
	ap.index = len(*q)
	*q = append(*q, ap)
}

// Pop is heap's.
func (q *queue) Pop() any {
	last := len(*q) - 1
	ap := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	return ap
}
