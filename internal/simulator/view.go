package simulator

import (
	"github.com/go-json-experiment/json"

	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/simulator/judge"
	"github.com/kvitto/kvitto/order"
)

// View is how a checkout stands. Amounts are minor units of Currency.
type View struct {
	ID       string
	Stage    Stage
	Last     judge.Verdict // of the last callback; its Outcome is "" before the first
	Out      Callback      // that is out now; "": none
	Locked   bool          // the Checkout API refuses ordinary updates
	Country  string        // where the buyer is, upper case
	Currency string        // upper case
	Locale   string
	Total    order.Amount
	Tax      order.Amount
	Lines    []Line
	Options  []Option
	Selected string // id; "": none
	Standing fakeprovider.Standing
	JSON     []byte // the order as reading it shows it
}

// Line is an order line as the checkout shows it.
type Line struct {
	Type      string       `json:"type"`
	Reference string       `json:"reference"`
	Name      string       `json:"name"`
	Quantity  int64        `json:"quantity"`
	Price     order.Amount `json:"unit_price"`
	Rate      order.Rate   `json:"tax_rate"`
	Discount  order.Amount `json:"total_discount_amount"`
	Total     order.Amount `json:"total_amount"`
	Tax       order.Amount `json:"total_tax_amount"`
}

// Option is a shipping option as the checkout shows it.
type Option struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Description string       `json:"description"`
	Price       order.Amount `json:"price"`
	Tax         order.Amount `json:"tax_amount"`
	Rate        order.Rate   `json:"tax_rate"`
	Preselected bool         `json:"preselected"`
	Method      string       `json:"shipping_method"`
}

// View returns how the checkout stands now; it does not wait for a step that is under way. What cannot be read as the
// contract says is left out; JSON has it.
func (x *Session) View() View {
	x.mu.Lock()
	v := View{ID: x.id, Stage: x.stage, Last: x.last, Out: x.out}
	x.mu.Unlock()
	p := x.sim.o.Provider
	v.Locked = p.Locked(x.id)
	v.Standing, _ = p.Standing(x.id)
	v.JSON, _ = p.CheckoutJSON(x.id)
	d, err := parse(v.JSON)
	if err != nil {
		return v
	}
	v.Country, v.Currency, v.Locale = d.country(), d.upper("purchase_currency"), d.text("locale")
	v.Total, v.Tax = order.Amount(d.number("order_amount")), order.Amount(d.number("order_tax_amount"))
	v.Selected = d.object("selected_shipping_option").text("id")
	for _, raw := range d.list("order_lines") {
		var l Line
		if json.Unmarshal(raw, &l) == nil {
			v.Lines = append(v.Lines, l)
		}
	}
	for _, raw := range d.list("shipping_options") {
		var o Option
		if json.Unmarshal(raw, &o) == nil {
			v.Options = append(v.Options, o)
		}
	}
	return v
}

// Freight are the lines of type shipping_fee.
func (v *View) Freight() []Line {
	var out []Line
	for _, l := range v.Lines {
		if l.Type == "shipping_fee" {
			out = append(out, l)
		}
	}
	return out
}
