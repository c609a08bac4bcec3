package confirm

import (
	"context"
	"time"
)

// seats is how many attempts of a merchant may run at once. Orders that anybody may have made up have a share of them, so that
// a flood of such ids leaves room for those that are trusted.
type seats struct {
	all       chan struct{} // one per attempt that runs
	strangers chan struct{} // one per attempt at an order that is not trusted
	wake      chan struct{} // there was no room for an order
	urgent    chan struct{} // and it is a trusted one
}

// newSeats keeps a quarter, and at least one, for trusted orders, where there are two or more.
func newSeats(n int) seats {
	return seats{all: make(chan struct{}, n), strangers: make(chan struct{}, max(n-max(n/4, 1), 1)),
		wake: make(chan struct{}, 1), urgent: make(chan struct{}, 1)}
}

// take takes a seat where one is free.
func (s *seats) take(stranger bool) bool {
	if stranger {
		select {
		case s.strangers <- struct{}{}:
		default:
			return false
		}
	}
	select {
	case s.all <- struct{}{}:
		return true
	default:
	}
	if stranger {
		<-s.strangers
	}
	return false
}

// give gives a seat back.
func (s *seats) give(stranger bool) {
	<-s.all
	if stranger {
		<-s.strangers
	}
}

// call has the recovery loop look for work as soon as there is room.
func (s *seats) call(stranger bool) {
	ring(s.wake)
	if !stranger {
		ring(s.urgent)
	}
}

func ring(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // it was called already
	}
}

// waited is how a wait for a seat ended.
type waited int

const (
	seated waited = iota
	called        // something else may come first by now: look again
	ended         // the context
)

// wait waits for a seat. A stranger gives way to a trusted order that found no room, and looks at times whether there is one that
// others know of.
func (s *seats) wait(ctx context.Context, stranger bool, patience time.Duration) waited {
	if s.take(stranger) {
		return seated
	}
	if !stranger {
		return s.waitFor(ctx, s.all, nil, nil)
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	if w := s.waitFor(ctx, s.strangers, s.urgent, timer.C); w != seated {
		return w
	}
	w := s.waitFor(ctx, s.all, s.urgent, timer.C)
	if w != seated {
		<-s.strangers
	}
	return w
}

func (s *seats) waitFor(ctx context.Context, seat, urgent chan struct{}, late <-chan time.Time) waited {
	select {
	case seat <- struct{}{}:
		return seated
	case <-urgent:
		return called
	case <-late:
		return called
	case <-ctx.Done():
		return ended
	}
}
