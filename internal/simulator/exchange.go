package simulator

import (
	"sync"
	"time"

	"github.com/kvitto/kvitto/internal/simulator/judge"
)

// Callback is one that the checkout fires.
type Callback string

// The callbacks.
const (
	AddressUpdate        Callback = "address_update"
	CountryChange        Callback = "country_change"
	ShippingOptionUpdate Callback = "shipping_option_update"
	Validation           Callback = "validation"
)

// Exchange is one callback: what was asked, what came back, and how the provider took it. It never changes once it is
// recorded; its bodies are not to be written to. URL holds the merchant's token: it is for whoever runs the simulator.
type Exchange struct {
	Seq      int64 // from 1
	Order    string
	Callback Callback
	Repeat   int // of a validation: 1 after the first 3-D Secure
	At       time.Time
	URL      string
	Request  []byte
	Status   int // 0: none
	Answer   []byte
	Took     time.Duration
	Deadline time.Duration
	Trouble  string // what the connection said where there is no whole answer
	Verdict  judge.Verdict
}

// Bounds of what is kept.
const (
	keptExchanges = 1000
	keptBytes     = 64 << 20
)

// ring keeps the last exchanges. It is safe for concurrent use.
type ring struct {
	mu      sync.Mutex
	seq     int64
	list    []*Exchange
	bytes   int
	changed chan struct{}
}

func (r *ring) add(e *Exchange) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seq++
	e.Seq = r.seq
	r.list = append(r.list, e)
	r.bytes += e.size()
	drop := 0
	for len(r.list)-drop > keptExchanges || r.bytes > keptBytes && len(r.list)-drop > 1 {
		r.bytes -= r.list[drop].size()
		r.list[drop] = nil
		drop++
	}
	r.list = r.list[drop:]
	r.tell()
}

// tell wakes who waits for a change; r.mu is held.
func (r *ring) tell() {
	if r.changed != nil {
		close(r.changed)
		r.changed = nil
	}
}

func (r *ring) wait() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.changed == nil {
		r.changed = make(chan struct{})
	}
	return r.changed
}

func (e *Exchange) size() int { return len(e.Request) + len(e.Answer) }

// after returns the exchanges of an order, of all where it is "", with a greater Seq.
func (r *ring) after(order string, seq int64) []*Exchange {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []*Exchange
	for _, e := range r.list {
		if e.Seq > seq && (order == "" || e.Order == order) {
			out = append(out, e)
		}
	}
	return out
}
