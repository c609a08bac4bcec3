package decisions

import (
	"encoding/json"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/order"
)

// maxBody is the most that is kept of an answer without a cart, in bytes.
const maxBody = 4 << 10

// What an answer is, as it is kept.
const (
	isBody = iota
	isRedirect
	isCart
)

// answer notes what went back: of a cart its options and sums, anything else as it was if that is JSON.
func (t *tape) answer(d *callbacks.Decision) {
	a := d.Answer
	switch n := len(d.Body); {
	case d.Location != "":
		t.number(isRedirect)
		t.text(d.Location)
		return
	case a == nil && (n < 2 || n > maxBody || d.Body[0] != '{' || d.Body[n-1] != '}'):
		t.number(isBody)
		t.text("{}")
		return
	case a == nil:
		t.number(isBody)
		t.bytes(d.Body)
		return
	}
	t.number(isCart)
	t.text(d.Paid)
	t.text(a.PurchaseCurrency)
	t.number(int64(a.OrderAmount))
	t.number(int64(a.OrderTaxAmount))
	t.number(int64(len(a.Options)))
	for i := range a.Options {
		o := &a.Options[i]
		t.text(o.ID)
		t.number(int64(o.Price))
		t.number(int64(o.TaxAmount))
		t.number(int64(o.TaxRate))
		t.flag(o.Preselected)
	}
}

// Cart is an answer with a cart.
type Cart struct {
	Options        []Option     `json:"options"`
	Paid           string       `json:"paid,omitempty"`
	Currency       string       `json:"currency"`
	OrderAmount    order.Amount `json:"order_amount"`
	OrderTaxAmount order.Amount `json:"order_tax_amount"`
}

// Option is one of its shipping options.
type Option struct {
	ID          string       `json:"id"`
	Price       order.Amount `json:"price"`
	TaxAmount   order.Amount `json:"tax_amount"`
	TaxRate     order.Rate   `json:"tax_rate"`
	Preselected bool         `json:"preselected,omitempty"`
}

// answer is an answer as JSON.
func (r *reader) answer() (json.RawMessage, error) {
	switch r.number() {
	case isBody:
		return json.RawMessage(r.text()), nil
	case isRedirect:
		return json.Marshal(map[string]string{"location": r.text()})
	}
	c := Cart{Paid: r.text(), Currency: r.text(), OrderAmount: order.Amount(r.number()), OrderTaxAmount: order.Amount(r.number())}
	c.Options = make([]Option, r.number())
	for i := range c.Options {
		c.Options[i] = Option{r.text(), order.Amount(r.number()), order.Amount(r.number()), order.Rate(r.number()), r.flag()}
	}
	return json.Marshal(c)
}
