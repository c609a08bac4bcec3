package fakeprovider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/kvitto/kvitto/internal/faults"
)

// Options of a provider. Only Now is mandatory.
type Options struct {
	Now         func() time.Time  // real time
	Speed       int64             // how many times faster the provider's clock runs; 0 means 1
	Credentials []Credential      // who may call; where there is none, any Basic credentials do
	Origin      string            // scheme and host for Location, as https://api.example; "" takes the request's host over http
	PushURLs    []string          // for orders without merchant_urls.push, in turn; {checkout.order.id} is replaced
	NotifyURLs  []string          // the same for notifications
	Schedule    Schedule          // of pushes; the zero value is the provider's own
	Transport   http.RoundTripper // for pushes and notifications; nil: a transport of its own that asks no proxy
	Burst       int               // the first push of an order comes this often at once; 0 means 1
	Timeout     time.Duration     // real time until a push or notification is given up; 0 means 5 s
	Parallel    int               // pushes at a time; 0 means 64
	Rate        int               // calls a second and merchant beyond which 429 is answered; 0 never refuses
	Restless    bool              // another body on every read of an order, as if its captures and references moved on
	AckDead     bool              // an acknowledgement of a cancelled, expired or closed order gets 204 instead of 403
	Control     bool              // serve /_control/
	Sequence    func() int64      // numbers the history's entries; nil: from 1. One for several fakes makes one order of events
	Seed        uint64            // of the dice for faults
	Keep        int               // how many entries of the history, orders and idempotency keys are kept, the newest; 0 keeps all
}

// Provider is the fake. It is safe for concurrent use.
type Provider struct {
	o        Options
	clock    *clock
	history  *History
	switches *faults.Switches
	keys     *keys
	rate     *rate
	client   *http.Client
	own      *http.Transport // closed with the provider; nil where a transport was given

	mu     sync.Mutex // guards what follows
	orders map[string]*entry
	oldest []string // ids of orders, the oldest first
	turn   int      // of PushURLs
	closed bool

	agenda *agenda
	slots  chan struct{}
	ctx    context.Context
	cancel context.CancelFunc
	work   sync.WaitGroup
}

// entry is one order: what the checkout knows and, once completed, what Order Management knows.
type entry struct {
	checkout *checkout
	managed  *managed // nil until completed
	merchant string   // "" belongs to everybody
}

// New starts a provider; Close ends it.
func New(o Options) (*Provider, error) {
	if o.Now == nil {
		return nil, errors.New("fake provider: Options.Now is missing")
	}
	if min(o.Speed, int64(o.Parallel), int64(o.Rate), int64(o.Burst), int64(o.Keep)) < 0 {
		return nil, errors.New("fake provider: Speed, Parallel, Rate, Burst and Keep are not negative")
	}
	o.Speed, o.Burst, o.Parallel = max(o.Speed, 1), max(o.Burst, 1), orDefault(o.Parallel, 64)
	o.Timeout = orDefault(o.Timeout, 5*time.Second)
	if o.Schedule.Until == 0 {
		o.Schedule = ProviderSchedule()
	}
	p := &Provider{
		o: o, clock: newClock(o.Now, o.Speed), history: newHistory(o.Sequence, o.Keep), switches: faults.New(o.Now, o.Seed), keys: newKeys(o.Keep), rate: newRate(o.Rate),
		orders: map[string]*entry{}, agenda: newAgenda(), slots: make(chan struct{}, o.Parallel),
	}
	transport := o.Transport
	if transport == nil {
		p.own = &http.Transport{Proxy: nil, MaxIdleConnsPerHost: o.Parallel, MaxConnsPerHost: o.Parallel, IdleConnTimeout: time.Minute}
		transport = p.own
	}
	p.client = &http.Client{Transport: transport, Timeout: o.Timeout, CheckRedirect: noRedirect}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.work.Go(p.pushAll)
	return p, nil
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func orDefault[T int | time.Duration](v, d T) T {
	if v == 0 {
		return d
	}
	return v
}

// Close stops pushing and lets go of what hangs. It returns when no goroutine of the provider is left.
func (p *Provider) Close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.cancel()
	p.work.Wait()
	if p.own != nil {
		p.own.CloseIdleConnections()
	}
}

// History returns the record of all requests.
func (p *Provider) History() *History { return p.history }

// Now is the time by the provider's clock.
func (p *Provider) Now() time.Time { return p.clock.now() }

// Speed is how many times as fast as the real one the provider's clock runs.
func (p *Provider) Speed() int64 { return p.clock.rate() }

// SetSpeed lets the provider's clock run n times as fast as the real one from now on; n is at least 1.
func (p *Provider) SetSpeed(n int64) error {
	if n < 1 {
		return fmt.Errorf("speed %d: at least 1 is needed", n)
	}
	p.clock.setSpeed(n)
	p.agenda.wake()
	return nil
}

// keep takes an order in, and lets the oldest go where there are too many; p.mu is held.
func (p *Provider) keep(id string, e *entry) {
	p.orders[id] = e
	p.oldest = append(p.oldest, id)
	for p.o.Keep > 0 && len(p.oldest) > p.o.Keep {
		p.agenda.drop(p.oldest[0])
		delete(p.orders, p.oldest[0])
		p.oldest = p.oldest[1:]
	}
}

// fill puts an order id into a URL template.
func fill(template, id string) string { return strings.ReplaceAll(template, "{checkout.order.id}", id) }
