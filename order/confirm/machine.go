package confirm

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Options of New.
type Options struct {
	Store     Store                             // mandatory
	Merchants []*Merchant                       // those in mode full; there may be none
	Now       func() time.Time                  // mandatory; with a monotonic reading, so that jumps of the wall clock do not matter
	Observe   func(Change) error                // mandatory, called concurrently; an error of StepEnqueued refuses the push
	Lease     time.Duration                     // how long one attempt may work on an order, mandatory
	Poll      time.Duration                     // how often due orders are looked for, mandatory
	Backoff   []time.Duration                   // waits between attempts, the last one repeats; mandatory
	Horizon   time.Duration                     // age at which an order is parked, mandatory
	Seal      Seal                              // of frozen bodies
	Workers   int                               // attempts of a merchant at once, DefaultWorkers where 0
	Jitter    func(time.Duration) time.Duration // nil: takes up to a fifth off
}

// DefaultWorkers is how many orders of one merchant are worked on at once.
const DefaultWorkers = 8

// Machine takes confirmed orders over. It is safe for concurrent use.
type Machine struct {
	o       Options
	base    context.Context // of all attempts; cancelled when Stop runs out of patience
	cancel  context.CancelFunc
	loops   sync.WaitGroup
	working sync.WaitGroup
	mu      sync.Mutex // of what follows
	tenants map[string]*tenant
	running map[Key]*job
	started bool
	stopped bool
}

// tenant is a merchant with what outlives its reloads.
type tenant struct {
	id       string
	current  atomic.Pointer[Merchant]
	pace     *pace
	seats    seats
	ended    map[string]int64 // when the last attempt of an order ended, by count; Machine.mu, as count
	count    int64            // attempts that ended
	refused  atomic.Int64     // claims that the store could not take, or of orders that it does not have
	stop     context.CancelFunc
	epoch    atomic.Pointer[Epoch]
	health   health
	expected expected
	inline   inline
}

// New checks the options. Nothing runs before Start, but for what Push does within its request.
func New(o Options) (*Machine, error) {
	switch {
	case o.Store == nil, o.Now == nil, o.Observe == nil:
		return nil, errors.New("confirm: Store, Now and Observe are mandatory")
	case o.Lease <= 0, o.Poll <= 0, o.Horizon <= 0, len(o.Backoff) == 0:
		return nil, errors.New("confirm: Lease, Poll, Horizon and Backoff are mandatory")
	case o.Workers < 0:
		return nil, fmt.Errorf("confirm: %d workers", o.Workers)
	}
	for _, d := range o.Backoff {
		if d <= 0 {
			return nil, fmt.Errorf("confirm: wait %v is not above 0", d)
		}
	}
	if o.Workers == 0 {
		o.Workers = DefaultWorkers
	}
	if o.Jitter == nil {
		o.Jitter = jitter
	}
	m := &Machine{o: o, tenants: map[string]*tenant{}, running: map[Key]*job{}}
	m.base, m.cancel = context.WithCancel(context.Background())
	if err := m.SetMerchants(o.Merchants); err != nil {
		m.cancel()
		return nil, err
	}
	return m, nil
}

// SetMerchants replaces all merchants at once. Attempts in flight end with the merchant they began with; a merchant whose
// Provider is another value is no longer paused.
func (m *Machine) SetMerchants(ms []*Merchant) error {
	next := map[string]*Merchant{}
	for _, x := range ms {
		if err := x.check(m.o.Store); err != nil {
			return err
		}
		if next[x.ID] != nil {
			return fmt.Errorf("confirm: merchant %q: given twice", x.ID)
		}
		next[x.ID] = x
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, t := range m.tenants {
		if next[id] == nil {
			if t.stop != nil {
				t.stop()
			}
			delete(m.tenants, id)
		}
	}
	for id, x := range next {
		t := m.tenants[id]
		if t == nil {
			t = &tenant{id: id, pace: &pace{now: m.o.Now}, seats: newSeats(m.o.Workers)}
			m.tenants[id] = t
		}
		if old := t.current.Swap(x); old != nil && !sameAccess(old, x) {
			t.pace.lift()
		}
		m.begin(t)
	}
	return nil
}

// begin starts a merchant's recovery loop once the machine runs. m.mu is held.
func (m *Machine) begin(t *tenant) {
	if !m.started || m.stopped || t.stop != nil {
		return
	}
	ctx, stop := context.WithCancel(m.base)
	t.stop = stop
	m.loops.Go(func() { m.recover(ctx, t) })
	m.loops.Go(func() { m.expecting(ctx, t) })
}

// Start begins the recovery of what is due.
func (m *Machine) Start() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.started = true
	for _, t := range m.tenants {
		m.begin(t)
	}
}

// stopTime is how long an attempt that was cut off may take to end: twice the time to give a lease back.
const stopTime = 2 * settleTime

// errDeaf is an attempt that does not end, because of a sink that does not look at its context.
var errDeaf = errors.New("confirm: an attempt that was cut off goes on")

// Stop takes nothing new, waits for the attempts in flight until ctx ends, and then cuts them off: their leases are given
// back. It returns the error of ctx where it had to, and does not wait for a sink that goes on all the same.
func (m *Machine) Stop(ctx context.Context) error {
	m.mu.Lock()
	m.stopped = true
	for _, t := range m.tenants {
		if t.stop != nil {
			t.stop()
		}
	}
	m.mu.Unlock()
	done := make(chan struct{})
	go func() {
		m.loops.Wait()
		m.working.Wait()
		close(done)
	}()
	defer m.cancel()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	m.cancel()
	late := time.NewTimer(stopTime)
	defer late.Stop()
	select {
	case <-done:
		return ctx.Err()
	case <-late.C:
		return errors.Join(ctx.Err(), errDeaf)
	}
}

// tenant finds a merchant.
func (m *Machine) tenant(id string) (*tenant, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if t := m.tenants[id]; t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("merchant %q takes no orders over here", id)
}

// owner finds the merchant of an order whose id may go into keys and paths.
func (m *Machine) owner(k Key) (*tenant, error) {
	if err := k.check(); err != nil {
		return nil, err
	}
	return m.tenant(k.Merchant)
}

// tell reports a change.
func (m *Machine) tell(c Change) error {
	c.At = m.o.Now()
	return m.o.Observe(c)
}

// mention reports a change that is a fact already: whoever cannot write it down tells so itself.
func (m *Machine) mention(c Change) { _ = m.tell(c) }
