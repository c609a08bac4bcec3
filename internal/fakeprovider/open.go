package fakeprovider

import (
	"fmt"
	"strings"
	"time"
)

// Open makes a checkout order as the Checkout API would, of the same JSON, under the order_id in it, which must be a UUID.
// merchant is whose order it is; "" is everybody's. It fails where the API would refuse the order.
func (p *Provider) Open(body []byte, merchant string) error {
	doc, err := parse(body)
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	id := doc.text("order_id")
	if !orderID.MatchString(id) {
		return fmt.Errorf("open: order_id %q is no UUID", id)
	}
	if problems := checkOrder(doc); len(problems) > 0 {
		return fmt.Errorf("open: bad value: %s", strings.Join(problems, ", "))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.orders[id] != nil {
		return fmt.Errorf("open: there is an order with id %q already", id)
	}
	now := p.clock.now()
	doc.set("status", "checkout_incomplete")
	doc.set("started_at", stamp(now))
	doc.set("last_modified_at", stamp(now))
	p.keep(id, &entry{checkout: &checkout{doc: doc, changed: now}, merchant: merchant})
	return nil
}

// Put replaces members of a checkout order as the provider itself does while a buyer fills in the checkout: locks do not count,
// and nothing is checked. A member that is null is taken away. It fails where the order is completed or aborted.
func (p *Provider) Put(id string, members []byte) error {
	sent, err := parse(members)
	if err != nil {
		return fmt.Errorf("put: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.orders[id]
	switch {
	case e == nil || e.checkout == nil:
		return fmt.Errorf("put: no such checkout order: %q", id)
	case e.checkout.closed:
		return fmt.Errorf("put: order %q is completed or aborted", id)
	}
	next := e.checkout.doc.clone()
	for name, v := range sent {
		if v.Kind() == 'n' {
			delete(next, name)
			continue
		}
		next[name] = v
	}
	now := p.clock.now()
	next.set("last_modified_at", stamp(now))
	e.checkout.doc, e.checkout.changed = next, now
	return nil
}

// Update changes a checkout order as the shop does through the Checkout API: refused while an update callback is out.
func (p *Provider) Update(id string, members []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.orders[id]
	merchant := ""
	if e != nil {
		merchant = e.merchant
	}
	r := p.doCheckout(&call{kind: CheckoutUpdate, order: id, body: members, merchant: merchant}, p.clock.now())
	if r.status >= 300 {
		return fmt.Errorf("update of order %s: status %d: %s", id, r.status, r.body)
	}
	return nil
}

// Manage does a call of Order Management past the network, as the merchant itself may make it. It fails where it is refused.
func (p *Provider) Manage(k Kind, id string, body []byte) error {
	if r := p.do(&call{kind: k, order: id, body: body}); r.status >= 300 {
		return fmt.Errorf("%s of order %s: status %d: %s", k, id, r.status, r.body)
	}
	return nil
}

// Locked reports whether an update callback is out.
func (p *Provider) Locked(id string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.orders[id]
	return e != nil && e.checkout != nil && e.checkout.locks > 0
}

// Advance moves the provider's clock on at once: pushes that are due then are sent.
func (p *Provider) Advance(d time.Duration) error {
	if d < 0 {
		return fmt.Errorf("advance by %v: a clock does not run backwards", d)
	}
	p.clock.advance(d)
	p.agenda.wake()
	return nil
}
