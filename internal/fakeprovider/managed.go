package fakeprovider

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// authorizedFor is how long an authorization lasts, and how much an extension adds.
const authorizedFor = 28 * 24 * time.Hour

// maxManaged bounds amounts of Order Management.
const maxManaged = 200_000_000

// managed is an order in Order Management. Amounts are minor units.
type managed struct {
	id        string
	passed    document // members that are handed through
	status    string
	fraud     string
	amount    int64
	original  int64
	captured  int64
	refunded  int64
	remaining int64
	created   time.Time
	expires   time.Time
	captures  []*part
	refunds   []*part
	info      []jsontext.Value
	reads     int64
	acked     bool
	pushes    int
}

// part is a capture or a refund.
type part struct {
	id       string
	amount   int64
	refunded int64
	at       time.Time
	sent     document // of the request: description, reference, order_lines
	info     []jsontext.Value
	due      int64 // days that the due date was extended by
	extended bool
}

// newManaged makes the order that a completed checkout becomes.
func newManaged(id string, from document, fraud string, now time.Time) (*managed, error) {
	amount, ok := from.number("order_amount")
	if !ok || amount < 0 || amount > maxManaged {
		return nil, fmt.Errorf("order_amount %s: an integer from 0 to %d is needed", from["order_amount"], maxManaged)
	}
	passed := document{}
	passed.take(from, "purchase_country", "purchase_currency", "locale", "order_lines", "billing_address", "shipping_address",
		"customer", "merchant_reference1", "merchant_reference2", "merchant_data")
	if option := from.object("selected_shipping_option"); option != nil {
		passed.set("selected_shipping_option", managedOption(option))
	}
	passed.set("klarna_reference", "K"+id[:min(6, len(id))])
	passed.set("initial_payment_method", map[string]any{"type": "INVOICE", "description": "Pay later", "number_of_installments": 1})
	return &managed{
		id: id, passed: passed, status: "AUTHORIZED", fraud: fraud, amount: amount, original: amount, remaining: amount,
		created: now, expires: now.Add(authorizedFor),
	}, nil
}

// managedOption is a shipping option as Order Management shows it.
func managedOption(option document) document {
	m := document{}
	m.take(option, "id", "name", "price", "tax_amount", "tax_rate", "tms_reference", "selected_addons")
	if method, ok := option["shipping_method"]; ok {
		m["method"] = method
	}
	details := option.object("delivery_details")
	m.take(details, "carrier", "class", "timeslot")
	if product := details.object("product"); product != nil {
		p := document{}
		p.take(product, "name", "identifier")
		m.set("carrier_product", p)
	}
	if place := details.object("pickup_location"); place != nil {
		m.set("location", place)
	}
	return m
}

// age lets an authorization run out.
func (m *managed) age(now time.Time) {
	if now.Before(m.expires) {
		return
	}
	switch m.status {
	case "AUTHORIZED":
		m.status, m.remaining = "EXPIRED", 0
	case "PART_CAPTURED":
		m.status, m.remaining = "CLOSED", 0
	}
}

// dead reports whether nothing can be changed any more.
func (m *managed) dead() bool {
	return m.status == "CANCELLED" || m.status == "EXPIRED" || m.status == "CLOSED"
}

// view is the order as reading it shows it. A restless order shows another body each time.
func (m *managed) view(restless bool) document {
	d := m.passed.clone()
	d.set("order_id", m.id)
	d.set("status", m.status)
	d.set("fraud_status", m.fraud)
	for name, amount := range map[string]int64{
		"order_amount": m.amount, "original_order_amount": m.original, "captured_amount": m.captured,
		"refunded_amount": m.refunded, "remaining_authorized_amount": m.remaining,
	} {
		d.set(name, amount)
	}
	d.set("created_at", stampMillis(m.created))
	d.set("expires_at", stampMillis(m.expires))
	d.set("captures", views(m.captures, "capture", m.passed))
	d.set("refunds", views(m.refunds, "refund", m.passed))
	d.set("shipping_info", append([]jsontext.Value{}, m.info...))
	if restless {
		m.reads++
		d.set("last_modified_at", stampMillis(m.created.Add(time.Duration(m.reads)*time.Millisecond)))
	}
	return d
}

func views(parts []*part, kind string, order document) []document {
	list := []document{}
	for _, p := range parts {
		list = append(list, p.view(kind, order))
	}
	return list
}

// view is a capture or a refund as reading it shows it.
func (p *part) view(kind string, order document) document {
	d := document{}
	d.take(p.sent, "description", "reference", "order_lines")
	d.set(kind+"_id", p.id)
	done := map[string]string{"capture": "captured", "refund": "refunded"}[kind]
	d.set(done+"_amount", p.amount)
	d.set(done+"_at", stamp(p.at))
	if kind == "capture" {
		d.set("refunded_amount", p.refunded)
		d.set("klarna_reference", "C"+p.id[:6])
		d.set("shipping_info", append([]jsontext.Value{}, p.info...))
		d.take(order, "billing_address", "shipping_address")
	} else {
		d.set("credit_invoice", false)
	}
	return d
}

// capture takes money. It acknowledges, too.
func (m *managed) capture(c *call, now time.Time) reply {
	sent, amount, bad := sentAmount(c, "captured_amount")
	if bad != nil {
		return *bad
	}
	open := m.status == "AUTHORIZED" || m.status == "PART_CAPTURED"
	switch {
	case !open:
		return refuse(http.StatusForbidden, "CAPTURE_NOT_ALLOWED", "Capture not allowed: order is "+m.status)
	case m.fraud != "ACCEPTED":
		return refuse(http.StatusForbidden, "CAPTURE_NOT_ALLOWED", "Capture not allowed: fraud status is "+m.fraud)
	case amount > m.remaining:
		return refuse(http.StatusForbidden, "CAPTURE_NOT_ALLOWED", fmt.Sprintf("Capture not allowed: %d is more than the %d that remain", amount, m.remaining))
	}
	taken := &part{id: uuid.NewString(), amount: amount, at: now, sent: sent, info: infoOf(sent)}
	m.captures = append(m.captures, taken)
	m.captured += amount
	m.remaining -= amount
	m.acked = true
	m.status = "PART_CAPTURED"
	if m.remaining == 0 {
		m.status = "CAPTURED"
	}
	return made("Capture-Id", taken.id, c.base+"/captures/"+taken.id)
}

// refund gives money back, of the oldest capture first.
func (m *managed) refund(c *call, now time.Time) reply {
	sent, amount, bad := sentAmount(c, "refunded_amount")
	if bad != nil {
		return *bad
	}
	if left := m.captured - m.refunded; amount > left || len(m.captures) == 0 {
		return refuse(http.StatusForbidden, "REFUND_NOT_ALLOWED", fmt.Sprintf("Refund not allowed: %d is more than the %d that can be refunded", amount, left))
	}
	back := &part{id: uuid.NewString(), amount: amount, at: now, sent: sent}
	m.refunds = append(m.refunds, back)
	m.refunded += amount
	for _, taken := range m.captures {
		share := min(amount, taken.amount-taken.refunded)
		taken.refunded += share
		amount -= share
	}
	return made("Refund-Id", back.id, c.base+"/refunds/"+back.id)
}

// sentAmount reads the body of a capture or refund.
func sentAmount(c *call, member string) (document, int64, *reply) {
	sent, err := parse(c.body)
	if err != nil {
		r := badValue("body")
		return nil, 0, &r
	}
	amount, ok := sent.number(member)
	if !ok || amount < 0 || amount > maxManaged {
		r := badValue(member)
		return nil, 0, &r
	}
	for name, most := range map[string]int{"description": 255, "reference": 255} {
		if len([]rune(sent.text(name))) > most {
			r := badValue(name)
			return nil, 0, &r
		}
	}
	return sent, amount, nil
}

// infoOf is the shipping_info of a body.
func infoOf(sent document) []jsontext.Value {
	list, err := sent.objects("shipping_info")
	if err != nil {
		return nil
	}
	var info []jsontext.Value
	for _, entry := range list {
		holder := document{}
		holder.set("entry", entry)
		info = append(info, holder["entry"])
	}
	return info
}

// dueDays are the extensions of a due date that are offered.
func dueDays() []int64 { return []int64{14, 30, 60} }

func dueFee(days int64) int64 { return days * 10 }

func (m *managed) dueOptions() reply {
	options := []map[string]int64{}
	for _, days := range dueDays() {
		options = append(options, map[string]int64{"number_of_days": days, "amount": dueFee(days)})
	}
	return answer(http.StatusOK, map[string]any{"currency": m.passed.text("purchase_currency"), "options": options})
}

// find returns a capture or refund.
func find(parts []*part, id string) *part {
	for _, p := range parts {
		if p.id == id {
			return p
		}
	}
	return nil
}

// code is the error_code of a refusal.
func code(r *reply) string {
	if r.status < 400 {
		return ""
	}
	d, err := parse(r.body)
	if err != nil {
		return strconv.Itoa(r.status)
	}
	return d.text("error_code")
}
