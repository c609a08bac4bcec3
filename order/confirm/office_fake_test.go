package confirm_test

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/management"
	"github.com/kvitto/kvitto/rules"
)

// provider is a confirm.Provider of functions; nil is a call that the test does not expect.
type provider struct {
	order   func(ctx context.Context, id string) (*management.Order, error)
	ack     func(ctx context.Context, id, key string) error
	refs    func(ctx context.Context, id string, r management.References, key string) error
	capture func(ctx context.Context, id string, r management.CaptureRequest, key string) (string, error)
}

func (p *provider) Order(ctx context.Context, id string) (*management.Order, error) {
	return p.order(ctx, id)
}
func (p *provider) Acknowledge(ctx context.Context, id, key string) error { return p.ack(ctx, id, key) }
func (p *provider) SetReferences(ctx context.Context, id string, r management.References, key string) error {
	return p.refs(ctx, id, r, key)
}
func (p *provider) Capture(ctx context.Context, id string, r management.CaptureRequest, key string) (string, error) {
	return p.capture(ctx, id, r, key)
}

// checkout is a confirm.Checkout of a function.
type checkout struct {
	read func(ctx context.Context, id string) ([]byte, error)
}

func (c checkout) Read(ctx context.Context, id string) ([]byte, error) { return c.read(ctx, id) }

// sink is a rules.OrderSink of a function.
type sink struct {
	take func(ctx context.Context, e *rules.Event) (rules.Taken, error)
}

func (s sink) Take(ctx context.Context, e *rules.Event) (rules.Taken, error) { return s.take(ctx, e) }

// status is an answer of the provider that is not 2xx.
func status(code int) *management.Error { return &management.Error{Op: "test", Status: code} }

// limited is 429 with Retry-After.
func limited(after time.Duration) *management.Error {
	return &management.Error{Op: "test", Status: 429, RetryAfter: after}
}

// managed is an order as the provider's office has it.
type managed struct {
	id         string
	created    time.Time
	shownFrom  time.Time // 404 before
	status     management.Status
	fraud      management.FraudStatus
	amount     order.Amount
	captured   order.Amount
	acked      bool
	reads      int
	acks       int
	captures   int
	references management.References
	office     *office
}

// later changes the order after a time, from now.
func (m *managed) later(d time.Duration, change func()) {
	time.AfterFunc(d, func() {
		m.office.mu.Lock()
		defer m.office.mu.Unlock()
		change()
	})
}

// office is the provider's Order Management: its orders change with every read, as real ones may.
type office struct {
	mu     sync.Mutex
	orders map[string]*managed
	keys   map[string]time.Time // of captures
}

// keysSeen is how long the office remembers an idempotency key: less than a lease.
const keysSeen = 20 * time.Second

// Personal data that must not leave but to the sink, and ids that must not leave at all unless asked for.
const (
	canaryName  = "Canary-Ostrich"
	canaryMail  = "canary@ostrich.example"
	canaryID    = "19121212-1212"
	canaryBirth = "1912-12-12"
)

// add makes an order that is complete now.
func (o *office) add(id string, change ...func(*managed)) *managed {
	m := &managed{id: id, created: time.Now(), status: management.Authorized, fraud: management.FraudAccepted, amount: 12500, office: o}
	for _, c := range change {
		c(m)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.orders[id] = m
	return m
}

// change changes an order.
func (o *office) change(id string, f func(*managed)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	f(o.orders[id])
}

// look copies an order.
func (o *office) look(id string) managed {
	o.mu.Lock()
	defer o.mu.Unlock()
	return *o.orders[id]
}

func (o *office) find(id string) (*managed, error) {
	if m := o.orders[id]; m != nil && !time.Now().Before(m.shownFrom) {
		return m, nil
	}
	return nil, status(404)
}

func (o *office) read(_ context.Context, id string) (*management.Order, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	m, err := o.find(id)
	if err != nil {
		return nil, err
	}
	m.reads++
	return m.shown(), nil
}

// shown is the order as a read shows it: never twice the same.
func (m *managed) shown() *management.Order {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"order_id":%q,"status":%q,"fraud_status":%q,"order_amount":%d,"captured_amount":%d,"refunded_amount":0,`,
		m.id, m.status, m.fraud, m.amount, m.captured)
	fmt.Fprintf(&b, `"purchase_currency":"SEK","purchase_country":"SE","created_at":%q,"merchant_data":"read %d",`,
		m.created.UTC().Format(time.RFC3339), m.reads)
	fmt.Fprintf(&b, `"billing_address":{"given_name":%q,"email":%q},`, canaryName, canaryMail)
	fmt.Fprintf(&b, `"customer":{"type":"person","date_of_birth":%q,"national_identification_number":%q,`, canaryBirth, canaryID)
	fmt.Fprintf(&b, `"deep":[{"er":{"date_of_birth":{"year":1912},"kept":true}}]},"order_lines":[{"name":"Cup","unit_price":12500,"quantity":1e0}]}`)
	return &management.Order{OrderID: m.id, Status: m.status, FraudStatus: m.fraud, OrderAmount: m.amount,
		CapturedAmount: m.captured, PurchaseCurrency: "SEK", PurchaseCountry: "SE", CreatedAt: m.created, Raw: b.Bytes()}
}

func (o *office) acknowledge(_ context.Context, id, _ string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	m, err := o.find(id)
	if err != nil {
		return err
	}
	m.acked = true
	m.acks++
	return nil
}

func (o *office) refer(_ context.Context, id string, r management.References, _ string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	m, err := o.find(id)
	if err != nil {
		return err
	}
	m.references = r
	return nil
}

// take captures, as often as it is asked to, but for a key that it has seen within the last seconds: it forgets them soon.
func (o *office) take(_ context.Context, id string, r management.CaptureRequest, key string) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	m, err := o.find(id)
	if err != nil {
		return "", err
	}
	if m.status != management.Authorized {
		return "", status(403)
	}
	if seen, ok := o.keys[key]; ok && time.Since(seen) < keysSeen {
		return "capture-1", nil
	}
	o.keys[key] = time.Now()
	m.captured += r.Amount
	m.captures++
	m.acked = true
	return "capture-1", nil
}

// provider is the office as one merchant's client sees it.
func (o *office) provider() *provider {
	return &provider{order: o.read, ack: o.acknowledge, refs: o.refer, capture: o.take}
}

var (
	_ confirm.Provider = (*provider)(nil)
	_ confirm.Checkout = checkout{}
	_ rules.OrderSink  = sink{}
)
