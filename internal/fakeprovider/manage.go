package fakeprovider

import (
	"net/http"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// do does what a call asks for.
func (p *Provider) do(c *call) reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.now()
	switch c.kind {
	case Unknown:
		if c.order != "" {
			return refuse(http.StatusMethodNotAllowed, "HTTP_ERROR", "")
		}
		return refuse(http.StatusNotFound, "NOT_FOUND", "Not found")
	case CheckoutCreate, CheckoutRead, CheckoutUpdate, CheckoutAbort:
		return p.doCheckout(c, now)
	}
	if !orderID.MatchString(c.order) {
		return refuse(http.StatusBadRequest, "INVALID_ORDER_ID", "Invalid order id")
	}
	e := p.orders[c.order]
	if e == nil || e.managed == nil || !e.seenBy(c.merchant) {
		return noSuchOrder(c.order)
	}
	e.managed.age(now)
	r := p.manage(c, e.managed, now)
	if e.managed.acked {
		p.agenda.drop(c.order)
	}
	return r
}

// seenBy reports whether a merchant sees an order.
func (e *entry) seenBy(merchant string) bool {
	return merchant == "" || e.merchant == "" || e.merchant == merchant
}

// manage does a call of Order Management to an order that exists.
func (p *Provider) manage(c *call, m *managed, now time.Time) reply {
	switch c.kind {
	case Read:
		return answer(http.StatusOK, m.view(p.o.Restless))
	case Acknowledge:
		// Of a dead order nothing is published but "update not allowed"; a second acknowledgement is taken to be fine.
		if m.dead() && !p.o.AckDead {
			return notAllowed("Update not allowed")
		}
		m.acked = true
		return done()
	case Authorization:
		return m.authorize(c)
	case CustomerDetails:
		return m.update(c, m.dead(), "shipping_address")
	case MerchantReferences:
		return m.update(c, m.status == "CANCELLED", "merchant_reference1", "merchant_reference2")
	case ExtendAuthorization, Release, Cancel:
		return m.transition(c.kind, now)
	case ShippingInfo:
		return appendInfo(c, &m.info)
	case Capture:
		return m.capture(c, now)
	case Captures:
		return answer(http.StatusOK, views(m.captures, "capture", m.passed))
	case Refund:
		return m.refund(c, now)
	case RefundRead:
		if back := find(m.refunds, c.part); back != nil {
			return answer(http.StatusOK, back.view("refund", m.passed))
		}
		return refuse(http.StatusNotFound, "NO_SUCH_REFUND", "No such refund: "+c.part)
	}
	return m.manageCapture(c)
}

// manageCapture does a call to one capture.
func (m *managed) manageCapture(c *call) reply {
	changes := c.kind == CaptureShippingInfo || c.kind == TriggerSendOut
	if changes && len(m.captures) == 0 {
		return notAllowed("Order has no captures")
	}
	taken := find(m.captures, c.part)
	if taken == nil {
		return refuse(http.StatusNotFound, "NO_SUCH_CAPTURE", "No such capture: "+c.part)
	}
	switch c.kind {
	case CaptureRead:
		return answer(http.StatusOK, taken.view("capture", m.passed))
	case CaptureShippingInfo:
		return appendInfo(c, &taken.info)
	case TriggerSendOut:
		return done()
	case DueDateOptions:
		return m.dueOptions()
	}
	sent, err := parse(c.body)
	days, ok := sent.number("number_of_days")
	if err != nil || !ok {
		return badValue("number_of_days")
	}
	if taken.extended || !slices.Contains(dueDays(), days) {
		return notAllowed("Extension of due date is not possible")
	}
	taken.extended, taken.due = true, days
	return done()
}

func notAllowed(message string) reply { return refuse(http.StatusForbidden, "NOT_ALLOWED", message) }

// authorize changes the authorized amount, not below what is captured.
func (m *managed) authorize(c *call) reply {
	sent, err := parse(c.body)
	if err != nil {
		return badValue("body")
	}
	amount, ok := sent.number("order_amount")
	if !ok || amount < 0 || amount > maxManaged {
		return badValue("order_amount")
	}
	if lines, err := sent.objects("order_lines"); sent["order_lines"] != nil && (err != nil || len(lines) > 1000) {
		return badValue("order_lines")
	}
	if m.dead() || m.status == "CAPTURED" || m.fraud != "ACCEPTED" || amount < m.captured {
		return notAllowed("Update authorization not allowed")
	}
	m.amount, m.remaining = amount, amount-m.captured
	m.passed.take(sent, "order_lines")
	return done()
}

// update overwrites members.
func (m *managed) update(c *call, refused bool, members ...string) reply {
	sent, err := parse(c.body)
	if err != nil {
		return badValue("body")
	}
	for _, name := range members {
		if len([]rune(sent.text(name))) > 255 {
			return badValue(name)
		}
	}
	if _, ok := sent["billing_address"]; refused || ok {
		return notAllowed("Update not allowed")
	}
	m.passed.take(sent, members...)
	return done()
}

// transition does a call without a body that moves the order to another state.
func (m *managed) transition(k Kind, now time.Time) reply {
	switch k {
	case ExtendAuthorization:
		if m.dead() {
			return notAllowed("Extension of authorization time not allowed")
		}
		m.expires = now.Add(authorizedFor)
	case Release:
		if m.dead() || len(m.captures) == 0 {
			return notAllowed("Release not allowed: order is cancelled or has no captures")
		}
		m.remaining, m.status = 0, "CAPTURED"
	case Cancel:
		if m.dead() || len(m.captures) > 0 {
			return refuse(http.StatusForbidden, "CANCEL_NOT_ALLOWED", "Cancel not allowed: order has captures or is "+m.status)
		}
		m.status = "CANCELLED" // what remained authorized is still shown
	}
	return done()
}

// appendInfo appends shipping_info, 1 to 500 entries.
func appendInfo(c *call, to *[]jsontext.Value) reply {
	sent, err := parse(c.body)
	if err != nil {
		return badValue("body")
	}
	info := infoOf(sent)
	if len(info) == 0 || len(info)+len(*to) > 500 {
		return badValue("shipping_info")
	}
	*to = append(*to, info...)
	return done()
}
