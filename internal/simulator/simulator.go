package simulator

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/simulator/judge"
)

// Deadlines are how long the provider waits for answers, in real time.
type Deadlines struct {
	Update   time.Duration // of address, country and option
	Default  time.Duration // of a validation without require_validate_callback_success
	Required time.Duration // and with it
}

// ProviderDeadlines are the published ones of validations; for the others no source gives one, and 3 s are assumed.
func ProviderDeadlines() Deadlines {
	return Deadlines{Update: 3 * time.Second, Default: 3 * time.Second, Required: 10 * time.Second}
}

// Options of a simulator. Now and Provider are mandatory.
type Options struct {
	Now       func() time.Time       // real time
	Provider  *fakeprovider.Provider // keeps the orders; its owner closes it
	Transport http.RoundTripper      // of callbacks; nil: a transport of its own that asks no proxy
	Deadlines Deadlines              // the zero value is the provider's own
	Seed      uint64                 // of order ids: the same seed gives the same ids
}

// Simulator plays checkouts. It is safe for concurrent use.
type Simulator struct {
	o      Options
	client *http.Client
	own    *http.Transport // closed with the simulator; nil where a transport was given
	ring   ring

	mu       sync.Mutex
	dice     *rand.Rand
	sessions map[string]*Session
	order    []string // ids of sessions, oldest first
}

// maxSessions is how many checkouts are kept; the oldest go first.
const maxSessions = 1000

// New makes a simulator; Close ends it.
func New(o Options) (*Simulator, error) {
	if o.Now == nil || o.Provider == nil {
		return nil, errors.New("simulator: Options.Now and Options.Provider are needed")
	}
	if o.Deadlines == (Deadlines{}) {
		o.Deadlines = ProviderDeadlines()
	}
	s := &Simulator{o: o, dice: rand.New(rand.NewPCG(o.Seed, 2)), sessions: map[string]*Session{}}
	transport := o.Transport
	if transport == nil {
		s.own = &http.Transport{Proxy: nil, MaxIdleConnsPerHost: 16, IdleConnTimeout: time.Minute}
		transport = s.own
	}
	s.client = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return s, nil
}

// Close lets connections go. Steps that are under way are ended by their own contexts.
func (s *Simulator) Close() {
	if s.own != nil {
		s.own.CloseIdleConnections()
	}
}

// Provider is the one that keeps the orders.
func (s *Simulator) Provider() *fakeprovider.Provider { return s.o.Provider }

// Exchanges returns the recorded callbacks of an order, of all where it is "", that came after seq, oldest first. The last
// 1,000 are kept.
func (s *Simulator) Exchanges(order string, seq int64) []*Exchange { return s.ring.after(order, seq) }

// Changed is closed as soon as anything changes in any checkout. Who waits asks for it before looking.
func (s *Simulator) Changed() <-chan struct{} { return s.ring.wait() }

// Session returns the checkout of an order; ok is false where there is none.
func (s *Simulator) Session(id string) (x *Session, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, ok = s.sessions[id]
	return x, ok
}

// Sessions returns all checkouts, the newest first.
func (s *Simulator) Sessions() []*Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]*Session, 0, len(s.order))
	for _, id := range slices.Backward(s.order) {
		list = append(list, s.sessions[id])
	}
	return list
}

// Start creates an order of a cart at the provider, as the shop does, and opens no checkout yet. urls are its merchant_urls by
// name, put over those of the cart. It fails where the provider would refuse the order; the error then names the members.
func (s *Simulator) Start(cart []byte, urls map[string]string) (*Session, error) {
	d, err := parse(cart)
	if err != nil {
		return nil, fmt.Errorf("cart: %w", err)
	}
	if faults := judge.Order(cart); len(faults) > 0 {
		return nil, &RefusedError{Faults: faults}
	}
	all := map[string]string{}
	for name, v := range d.object("merchant_urls") {
		all[name] = document{name: v}.text(name)
	}
	maps.Copy(all, urls)
	if err := checkURLs(all); err != nil {
		return nil, fmt.Errorf("cart: %w", err)
	}
	if len(all) > 0 {
		d.set("merchant_urls", all)
	}
	x := &Session{sim: s, turn: make(chan struct{}, 1), stage: Open}
	s.mu.Lock()
	defer s.mu.Unlock()
	if x.id, err = s.newID(); err != nil {
		return nil, err
	}
	d.set("order_id", x.id)
	if err := s.o.Provider.Open(d.encode(), ""); err != nil {
		return nil, fmt.Errorf("cart: %w", err)
	}
	s.sessions[x.id] = x
	s.order = append(s.order, x.id)
	if len(s.order) > maxSessions {
		delete(s.sessions, s.order[0])
		s.order = s.order[1:]
	}
	return x, nil
}

// newID makes the next order id; s.mu is held.
func (s *Simulator) newID() (string, error) {
	var raw [16]byte
	for i := range raw {
		raw[i] = byte(s.dice.UintN(256))
	}
	raw[6], raw[8] = raw[6]&0x0f|0x40, raw[8]&0x3f|0x80
	id, err := uuid.FromBytes(raw[:])
	return id.String(), err
}

// RefusedError is an order that the provider does not take.
type RefusedError struct{ Faults []judge.Fault }

// Error names the first fault and how many there are.
func (e *RefusedError) Error() string {
	more := ""
	if n := len(e.Faults) - 1; n > 0 {
		more = fmt.Sprintf(" (and %d more)", n)
	}
	return "the provider refuses this order: " + e.Faults[0].String() + more
}

// maxURL is the most characters of a merchant URL, contract 1.1.
const maxURL = 2000

// checkURLs tells a URL that the provider would not take. It demands https; here http is fine, since it is loopback.
func checkURLs(urls map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(urls)) {
		u := urls[name]
		if !strings.HasPrefix(u, "https://") && !strings.HasPrefix(u, "http://") || len(u) > maxURL {
			return fmt.Errorf("merchant_urls.%s: want an absolute URL of at most %d characters", name, maxURL)
		}
	}
	return nil
}
