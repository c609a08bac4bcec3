package fakeprovider

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
)

// Completion says how an order is completed. The zero value is an accepted order that belongs to who created it.
type Completion struct {
	Fraud    string        // fraud_status: ACCEPTED if "", PENDING, REJECTED
	Age      time.Duration // completed this long ago by the provider's clock
	NoPush   bool          // no push is ever sent, as where a firewall eats them
	Merchant string        // of AddOrder: whose order it is; "" is everybody's
}

// AddOrder makes a completed order of the JSON of a checkout order and returns its id: the order_id in it if there is one,
// which must be a UUID, else a new one. Nothing but order_amount is demanded of it.
func (p *Provider) AddOrder(body []byte, how Completion) (string, error) {
	doc, err := parse(body)
	if err != nil {
		return "", fmt.Errorf("order: %w", err)
	}
	id := doc.text("order_id")
	if id == "" {
		id = newID()
		doc.set("order_id", id)
	}
	if !orderID.MatchString(id) {
		return "", fmt.Errorf("order: order_id %q is no UUID", id)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.orders[id] != nil {
		return "", fmt.Errorf("order: there is one with id %q already", id)
	}
	e := &entry{checkout: &checkout{doc: doc, changed: p.clock.now()}, merchant: how.Merchant}
	if err := p.complete(id, e, how); err != nil {
		return "", err
	}
	p.keep(id, e)
	return id, nil
}

// Complete completes a checkout order, as when the buyer has bought: it becomes read-only, appears in Order Management, and
// its pushes begin.
func (p *Provider) Complete(id string, how Completion) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.orders[id]
	switch {
	case e == nil:
		return fmt.Errorf("complete: no such checkout order: %q", id)
	case e.checkout.closed:
		return fmt.Errorf("complete: order %q is completed or aborted already", id)
	}
	return p.complete(id, e, how)
}

func (p *Provider) complete(id string, e *entry, how Completion) error {
	now := p.clock.now().Add(-how.Age)
	fraud := how.Fraud
	if fraud == "" {
		fraud = "ACCEPTED"
	}
	m, err := newManaged(id, e.checkout.doc, fraud, now)
	if err != nil {
		return fmt.Errorf("order %s: %w", id, err)
	}
	e.managed = m
	doc := e.checkout.doc.clone()
	doc.set("status", "checkout_complete")
	doc.set("completed_at", stamp(now))
	doc.set("last_modified_at", stamp(now))
	e.checkout.doc, e.checkout.closed = doc, true
	if !how.NoPush {
		p.agenda.add(&p.o.Schedule, id, now, 0)
	}
	return nil
}

// Decide decides about an order whose fraud status is pending, and sends the notification event if it is not "":
// FRAUD_RISK_ACCEPTED, FRAUD_RISK_REJECTED or FRAUD_RISK_STOPPED. With fraud "" the order stays as it is, as for a forged
// notification.
func (p *Provider) Decide(id, fraud, event string) error {
	p.mu.Lock()
	e := p.orders[id]
	if e == nil || e.managed == nil {
		p.mu.Unlock()
		return fmt.Errorf("decide: no such order: %q", id)
	}
	if fraud != "" {
		e.managed.fraud = fraud
	}
	at := p.clock.now()
	p.mu.Unlock()
	if event == "" {
		return nil
	}
	body, err := json.Marshal(map[string]string{"order_id": id, "event_type": event, "event_time": stamp(at)}, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("decide: %w", err)
	}
	return p.outside("notification", id, func(e *entry) *message {
		return &message{kind: Notification, order: id, target: fill(p.urlOf(e, "notification", p.o.NotifyURLs), id), body: string(body)}
	})
}

// Standing is how an order stands.
type Standing struct {
	Order          string    `json:"order"`
	CheckoutStatus string    `json:"checkout_status"`
	Status         string    `json:"status,omitzero"` // of Order Management; "" until it is completed
	FraudStatus    string    `json:"fraud_status,omitzero"`
	Acknowledged   bool      `json:"acknowledged"`
	Pushes         int       `json:"pushes"`           // that were sent
	Next           time.Time `json:"next,omitzero"`    // when the next push comes, by the provider's clock; zero: none
	Created        time.Time `json:"created,omitzero"` // when it was completed, by the provider's clock
}

// Standing tells how an order stands; ok is false where there is none.
func (p *Provider) Standing(id string) (s Standing, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.orders[id]
	if e == nil {
		return Standing{}, false
	}
	return p.standing(id, e), true
}

// Standings tells how all orders stand, by id.
func (p *Provider) Standings() []Standing {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := make([]Standing, 0, len(p.orders))
	for _, id := range slices.Sorted(maps.Keys(p.orders)) {
		list = append(list, p.standing(id, p.orders[id]))
	}
	return list
}

func (p *Provider) standing(id string, e *entry) Standing {
	s := Standing{Order: id, CheckoutStatus: e.checkout.doc.text("status")}
	if m := e.managed; m != nil {
		m.age(p.clock.now())
		s.Status, s.FraudStatus, s.Acknowledged, s.Pushes, s.Created = m.status, m.fraud, m.acked, m.pushes, m.created
		s.Next = p.agenda.next(id)
	}
	return s
}

// CheckoutJSON is a checkout order as reading it shows it; ok is false where there is none.
func (p *Provider) CheckoutJSON(id string) (body []byte, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.orders[id]
	if e == nil {
		return nil, false
	}
	return answer(200, e.checkout.doc).body, true
}

// ManagedJSON is an order as reading it in Order Management shows it; ok is false where there is none.
func (p *Provider) ManagedJSON(id string) (body []byte, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.orders[id]
	if e == nil || e.managed == nil {
		return nil, false
	}
	e.managed.age(p.clock.now())
	return answer(200, e.managed.view(false)).body, true
}

// SetRestless switches Options.Restless.
func (p *Provider) SetRestless(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.o.Restless = on
}
