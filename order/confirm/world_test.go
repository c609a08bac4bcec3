package confirm_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/boltstore"
	"github.com/kvitto/kvitto/rules"
)

const (
	shop = "shop"
	lamp = "f3392f8b-6116-4073-ab96-e330819e2c07" // ids of orders
	vase = "0e8b1b0f-7c5a-4d0e-9c53-0a6b3f2f5c11"
)

func key(id string) confirm.Key { return confirm.Key{Merchant: shop, Order: id} }

// entry is one call of the history.
type entry struct {
	at      time.Time
	started time.Time
	op      string // take, ack
	order   string
	id      string // of the event
	key     string // idempotency key
	kind    rules.EventType
	body    string
	attempt int64
	ok      bool
}

// history is what the sink and the provider saw, in order.
type history struct {
	mu      sync.Mutex
	entries []entry
}

func (h *history) add(e entry) {
	h.mu.Lock()
	defer h.mu.Unlock()
	e.at = time.Now()
	h.entries = append(h.entries, e)
}

// of lists the entries of an order and an op.
func (h *history) of(id, op string) []entry {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []entry
	for _, e := range h.entries {
		if e.order == id && e.op == op {
			out = append(out, e)
		}
	}
	return out
}

// world is a provider, a merchant and a store under virtual time; processes come and go.
type world struct {
	*testing.T
	office   *office
	log      *history
	dir      string
	skew     time.Duration // of the wall clock of processes and store
	store    atomic.Pointer[boltstore.Store]
	procs    []*process
	bodies   bool // one body per event id is promised
	mu       sync.Mutex
	changes  []confirm.Change
	observe  func(confirm.Change) error
	merchant func() *confirm.Merchant // of shop, for each process
	taken    rules.Taken              // what the sink answers
	sinkFn   func(ctx context.Context, e *rules.Event) (rules.Taken, error)
	seal     confirm.Seal
	options  func(*confirm.Options)
}

// run plays a test in virtual time, and checks in the end what holds always.
func run(t *testing.T, f func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(newWorld(t)) })
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, office: &office{orders: map[string]*managed{}, keys: map[string]time.Time{}}, log: &history{}, dir: t.TempDir(), bodies: true}
	w.seal = must(confirm.NewSeal(strings.Repeat("k", 32)))
	w.use("orders.db")
	w.merchant = func() *confirm.Merchant {
		return &confirm.Merchant{ID: shop, Provider: w.office.provider(), Sink: w.sink()}
	}
	t.Cleanup(func() {
		for _, p := range w.procs {
			p.mu.Lock()
			p.disturb = nil
			p.mu.Unlock()
			p.stop()
		}
		if err := w.disk().Close(); err != nil {
			t.Error(err)
		}
		w.check()
	})
	return w
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// now is the wall clock, without a monotonic reading once it was set.
func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.skew == 0 {
		return time.Now()
	}
	return time.Now().Round(0).Add(w.skew)
}

func (w *world) setClock(skew time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.skew = skew
}

// use opens a store for all processes.
func (w *world) use(name string) {
	w.store.Store(boltstore.Open(filepath.Join(w.dir, name), boltstore.Options{Now: w.now}))
}

func (w *world) disk() *boltstore.Store { return w.store.Load() }

// lose is FLUSHALL: the store begins anew.
func (w *world) lose() {
	w.Helper()
	if err := w.disk().Close(); err != nil {
		w.Fatal(err)
	}
	w.use(fmt.Sprintf("orders-%d.db", time.Now().UnixNano()))
	w.bodies = false
}

// sink takes everything, unless the test says otherwise.
func (w *world) sink() rules.OrderSink {
	return sink{func(ctx context.Context, e *rules.Event) (rules.Taken, error) {
		w.mu.Lock()
		f := w.sinkFn
		w.mu.Unlock()
		if f != nil {
			return f(ctx, e)
		}
		return w.taken, nil
	}}
}

// sinks sets what the sink does from now on.
func (w *world) sinks(f func(ctx context.Context, e *rules.Event) (rules.Taken, error)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sinkFn = f
}

// process is one replica.
type process struct {
	*wire
	*confirm.Machine
	w    *world
	once sync.Once
}

// slow has processes look for work every minute, for tests of days.
func (w *world) slow() { w.options = func(o *confirm.Options) { o.Poll = time.Minute } }

// defaults are the options as the service has them by default, without jitter.
func (w *world) defaults() confirm.Options {
	return confirm.Options{
		Now: w.now, Observe: w.note, Lease: 30 * time.Second, Poll: time.Second, Horizon: 47 * time.Hour, Seal: w.seal,
		Backoff: []time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour},
		Jitter:  func(d time.Duration) time.Duration { return d },
	}
}

// prepare makes a process that has not been started.
func (w *world) prepare(disturb func(op string, n int) fault) *process {
	w.Helper()
	p := &process{wire: &wire{calls: map[string]int{}, disturb: disturb}, w: w}
	o := w.defaults()
	o.Store = &wired{wire: p.wire, at: w.disk}
	o.Merchants = []*confirm.Merchant{p.merchant(w.merchant())}
	if w.options != nil {
		w.options(&o)
	}
	m, err := confirm.New(o)
	if err != nil {
		w.Fatal(err)
	}
	p.Machine = m
	w.procs = append(w.procs, p)
	return p
}

// merchant puts a merchant at the other end of the wire.
func (p *process) merchant(x *confirm.Merchant) *confirm.Merchant {
	if of, ok := x.Provider.(*provider); ok {
		x.Provider = p.provided(of)
	}
	if x.Sink != nil {
		x.Sink = p.sunk(x.Sink)
	}
	return x
}

// start makes a process and starts it.
func (w *world) start() *process { w.Helper(); return w.startWith(nil) }

func (w *world) startWith(disturb func(op string, n int) fault) *process {
	w.Helper()
	p := w.prepare(disturb)
	p.Start()
	return p
}

// stop ends a process in peace.
func (p *process) stop() {
	p.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := p.Stop(ctx); err != nil {
			p.w.Errorf("stop: %v", err)
		}
	})
}

// kill ends a process as SIGKILL does: from now on nothing of it reaches the world.
func (p *process) kill() {
	p.cut.Store(true)
	p.once.Do(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_ = p.Stop(ctx)
	})
}

// push pushes an order to a process, as the provider does.
func (p *process) push(id string) confirm.Record {
	p.w.Helper()
	r, err := p.Push(p.w.Context(), key(id), confirm.ByPush)
	if err != nil {
		p.w.Fatalf("push: %v", err)
	}
	return r
}

// note keeps what a process tells.
func (w *world) note(c confirm.Change) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.changes = append(w.changes, c)
	if w.observe != nil {
		return w.observe(c)
	}
	return nil
}

// told lists the changes of a step.
func (w *world) told(s confirm.Step) []confirm.Change {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []confirm.Change
	for _, c := range w.changes {
		if c.Step == s {
			out = append(out, c)
		}
	}
	return out
}

// pass lets time pass, and then all that is due at that moment.
func (w *world) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// record reads a record.
func (w *world) record(id string) confirm.Record {
	w.Helper()
	r, err := w.disk().Get(context.Background(), key(id))
	if err != nil {
		w.Fatalf("record of %s: %v", id, err)
	}
	return r
}

// wantState ends the test unless the record is in a state.
func (w *world) wantState(id string, s confirm.State) confirm.Record {
	w.Helper()
	r := w.record(id)
	if r.State != s {
		w.Fatalf("order %s is %s (%s), want %s", id, r.State, r.Reason, s)
	}
	return r
}

// wantDone ends the test unless all is done with an order.
func (w *world) wantDone(id string) confirm.Record {
	w.Helper()
	r := w.record(id)
	if !r.Done() {
		w.Fatalf("order %s is %s (%s) with %v open, want it done", id, r.State, r.Reason, r.Open)
	}
	return r
}

// wantCalls ends the test unless the sink took an order, and the provider was told, so often.
func (w *world) wantCalls(id string, takes, acks int) {
	w.Helper()
	if n := len(w.takes(id)); n != takes {
		w.Errorf("order %s: the sink took %d events, want %d", id, n, takes)
	}
	if n := len(w.log.of(id, "ack")); n != acks {
		w.Errorf("order %s: %d acknowledgements, want %d", id, n, acks)
	}
}

// takes are the events that the sink took.
func (w *world) takes(id string) []entry {
	var out []entry
	for _, e := range w.log.of(id, "take") {
		if e.ok {
			out = append(out, e)
		}
	}
	return out
}

// check looks at the whole history: I1, and I2b where it is promised.
func (w *world) check() {
	w.Helper()
	w.log.mu.Lock()
	defer w.log.mu.Unlock()
	taken := map[string]bool{}
	body := map[string]string{}
	for _, e := range w.log.entries {
		switch {
		case e.op == "take" && e.ok && e.kind == rules.OrderConfirmed:
			taken[e.order] = true
		case e.op == "ack" && !taken[e.order]:
			w.Errorf("I1: order %s was acknowledged before the sink had it", e.order)
		}
		if e.op != "take" || !w.bodies {
			continue
		}
		id := e.id
		if strings.Contains(e.body, `"revision":2`) {
			id += " again"
		}
		if was, ok := body[id]; ok && was != e.body {
			w.Errorf("I2b: event %s came with two bodies:\n%s\n%s", id, was, e.body)
		}
		body[id] = e.body
	}
	for _, c := range w.changes {
		for _, canary := range []string{canaryName, canaryMail, canaryID, canaryBirth} {
			if text := fmt.Sprintf("%+v", c); strings.Contains(text, canary) {
				w.Errorf("I11: personal data in a change: %s", text)
			}
		}
	}
}
