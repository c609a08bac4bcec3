package rules

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"
)

// Of the breaker of a member that is not Inline. A new Engine begins with closed breakers.
const (
	breakerFailures = 5                // in a row open it
	breakerRest     = 10 * time.Second // how long it stays open before one call may try
	maxOut          = 256              // calls of a member that may be out at once, late ones included
)

// reserve is the part of what is left of the budget that no member may use, so that its fallback, the tables and
// the answer still find time: one eighth.
const reserve = 8

// FaultPolicy says what a member that fails, panics or is late counts as.
type FaultPolicy uint8

const (
	// FaultDeny answers the callback with the configured fault text; a validator denies.
	FaultDeny FaultPolicy = iota
	// FaultSkip goes on as if the member had said nothing; a validator approves.
	FaultSkip
)

// Backup is implemented by shipping engines that can offer something without what they usually ask: backup
// rates. It is called where Offer failed or was cut off; it must not block.
type Backup interface {
	BackupOffers(q *Query) Offers
}

// Member is one engine of an Engine: a table or a plug-in. It is asked through every hook that it implements.
type Member struct {
	Name     string
	Impl     any           // implements at least one hook
	Inline   bool          // a table: called directly; not cut off, no breaker; its errors and panics are errors
	Deadline time.Duration // its share of the callback's budget; 0: what is left, less an eighth
	OnFault  FaultPolicy   // a TaxEngine cannot be skipped
}

// member is a Member sorted by hook, with its breaker.
type member struct {
	Member
	facts    FactProvider
	tax      TaxEngine
	shipping ShippingEngine
	validate Validator
	early    Early
	dated    Dated
	backup   Backup
	breaker  *gobreaker.TwoStepCircuitBreaker[struct{}] // nil: Inline
	out      atomic.Int64                               // goroutines that have not come back
}

func newMember(m Member) *member {
	s := &member{Member: m}
	s.facts, _ = m.Impl.(FactProvider)
	s.tax, _ = m.Impl.(TaxEngine)
	s.shipping, _ = m.Impl.(ShippingEngine)
	s.validate, _ = m.Impl.(Validator)
	s.early, _ = m.Impl.(Early)
	s.dated, _ = m.Impl.(Dated)
	s.backup, _ = m.Impl.(Backup)
	if !m.Inline {
		s.breaker = gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
			Name:        m.Name,
			Timeout:     breakerRest,
			ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= breakerFailures },
			IsExcluded:  func(err error) bool { return errors.Is(err, ErrDeadline) || errors.Is(err, ErrTaxClass) },
		})
	}
	return s
}

// call is one question to one member; f gets the member and the query it may see.
type call[T any] func(ctx context.Context, m *member, q *Query, arg string) (T, error)

// ask puts a question to a member. An Inline one is called directly. Any other runs in its own goroutine with its
// own copy of the query, for its share of the budget, behind its breaker; what comes back too late is dropped.
func ask[T any](ctx context.Context, m *member, q *Query, arg string, f call[T]) (T, error) {
	if m.Inline {
		return guarded(ctx, m, q, arg, f)
	}
	var zero T
	if ctx.Err() != nil {
		return zero, cutOff(ctx)
	}
	done, err := m.breaker.Allow()
	if err != nil {
		return zero, ErrBreaker
	}
	v, err := apart(ctx, m, q, arg, f)
	done(err)
	return v, err
}

// answer is what comes back from a member's goroutine.
type answer[T any] struct {
	v     T
	err   error
	trace *Trace
}

// apart runs f in a goroutine of its own and waits for it for the member's share.
func apart[T any](ctx context.Context, m *member, q *Query, arg string, f call[T]) (T, error) {
	var zero T
	if m.out.Add(1) > maxOut {
		m.out.Add(-1)
		return zero, ErrCrowded
	}
	share, cancel := context.WithTimeout(ctx, m.share(ctx))
	defer cancel()
	back := make(chan answer[T], 1) // holds the answer of a goroutine that nobody waits for any more
	own := q.apart()
	go func() {
		defer m.out.Add(-1)
		a := answer[T]{err: errExited, trace: own.Trace}
		defer func() { back <- a }()
		a.v, a.err = guarded(share, m, own, arg, f)
	}()
	select {
	case a := <-back:
		if a.err != nil && share.Err() != nil {
			return zero, late(ctx)
		}
		q.Trace.add(a.trace)
		return a.v, a.err
	case <-share.Done():
		return zero, late(ctx)
	}
}

// errExited is the answer of a member that ended its goroutine.
var errExited = errors.New("runtime.Goexit in a hook")

// share is how long a member may take. The timer of the context is monotonic; it decides no price.
func (m *member) share(ctx context.Context) time.Duration {
	end, bounded := ctx.Deadline()
	if !bounded {
		if m.Deadline > 0 {
			return m.Deadline
		}
		return maxShare
	}
	left := time.Until(end) //nolint:forbidigo // the length of a timer, no time of the order
	left -= left / reserve
	if m.Deadline > 0 && m.Deadline < left {
		return m.Deadline
	}
	return left
}

// maxShare bounds a member without a share in a callback without a deadline.
const maxShare = 10 * time.Second

// late tells a member that used up its share from a callback that ended.
func late(ctx context.Context) error {
	if ctx.Err() != nil {
		return cutOff(ctx)
	}
	return ErrLate
}

// cutOff is ErrDeadline with the context's own error.
func cutOff(ctx context.Context) error { return fmt.Errorf("%w: %w", ErrDeadline, ctx.Err()) }

// guarded calls f and turns a panic into an error.
func guarded[T any](ctx context.Context, m *member, q *Query, arg string, f call[T]) (v T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = newPanic(p)
		}
	}()
	return f(ctx, m, q, arg)
}

// apart returns a copy of q for a member that may still read it when the request is over: its own value, its own
// trace. What it refers to is never written to again.
func (q *Query) apart() *Query {
	own := *q
	if q.Trace != nil {
		own.Trace = &Trace{}
	}
	return &own
}
