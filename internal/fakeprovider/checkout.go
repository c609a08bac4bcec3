package fakeprovider

import (
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// checkoutLife is how long a checkout order lives after its last change.
const checkoutLife = 48 * time.Hour

// checkout is an order in the Checkout API.
type checkout struct {
	doc     document
	changed time.Time
	closed  bool // completed or aborted: read-only
	locks   int  // update callbacks that are out
}

// readOnly are members that a merchant cannot set.
func readOnly() []string {
	return []string{
		"order_id", "name", "status", "html_snippet", "started_at", "completed_at", "last_modified_at", "merchant_requested",
		"recurring_token", "recurring_description",
	}
}

func (p *Provider) doCheckout(c *call, now time.Time) reply {
	if c.kind == CheckoutCreate {
		return p.createCheckout(c, now)
	}
	e := p.orders[c.order]
	if e == nil || e.checkout == nil || !e.seenBy(c.merchant) || (!e.checkout.closed && now.Sub(e.checkout.changed) > checkoutLife) {
		return noSuchOrder(c.order)
	}
	if c.kind == CheckoutRead {
		return answer(http.StatusOK, e.checkout.doc)
	}
	if e.checkout.closed || e.checkout.locks > 0 {
		return refuse(http.StatusForbidden, "READ_ONLY_ORDER", "Order is read only")
	}
	if c.kind == CheckoutAbort {
		e.checkout.closed = true
		return reply{status: http.StatusOK, header: http.Header{}, commits: true}
	}
	next, bad := merge(e.checkout.doc, c.body, now)
	if bad != nil {
		return *bad
	}
	e.checkout.doc, e.checkout.changed = next, now
	r := answer(http.StatusOK, next)
	r.commits = true
	return r
}

func (p *Provider) createCheckout(c *call, now time.Time) reply {
	id := uuid.NewString()
	start := document{}
	start.set("order_id", id)
	start.set("status", "checkout_incomplete")
	start.set("started_at", stamp(now))
	start.set("html_snippet", `<div id="checkout-container" data-order="`+id+`"></div>`)
	doc, bad := merge(start, c.body, now)
	if bad != nil {
		return *bad
	}
	p.keep(id, &entry{checkout: &checkout{doc: doc, changed: now}, merchant: c.merchant})
	r := answer(http.StatusCreated, doc)
	r.header.Set("Location", c.base+id)
	r.commits = true
	return r
}

// merge is a checkout order with the members of a body over its own, if the provider accepts that.
func merge(old document, body []byte, now time.Time) (document, *reply) {
	sent, err := parse(body)
	if err != nil {
		r := badValue("body")
		return nil, &r
	}
	for _, name := range readOnly() {
		delete(sent, name)
	}
	next := old.clone()
	for name, v := range sent {
		next[name] = v
	}
	next.set("last_modified_at", stamp(now))
	if problems := checkOrder(next); len(problems) > 0 {
		r := badValue(problems[0])
		return nil, &r
	}
	return next, nil
}

// Lock refuses ordinary updates of a checkout order, as while an update callback is out, until unlock is called.
func (p *Provider) Lock(id string) (unlock func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.orders[id]
	if e == nil || e.checkout == nil {
		return nil, fmt.Errorf("lock: no such checkout order: %q", id)
	}
	e.checkout.locks++
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		e.checkout.locks--
	}, nil
}
