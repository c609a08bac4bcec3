package decisions

import (
	"github.com/kvitto/kvitto/callbacks"
)

// maxBody is the most that is kept of an answer without a cart, in bytes.
const maxBody = 4 << 10

// answer appends what went back: of a cart its options and sums, anything else as it was if that is JSON.
func (w *writer) answer(d *callbacks.Decision) {
	a := d.Answer
	if d.Location != "" {
		w.begin()
		w.text("location", d.Location)
		w.close()
		return
	}
	if a == nil {
		if n := len(d.Body); n < 2 || n > maxBody || d.Body[0] != '{' || d.Body[n-1] != '}' {
			w.dst = append(w.dst, "{}"...)
		} else {
			w.dst = append(w.dst, d.Body...)
		}
		return
	}
	w.begin()
	w.list("options")
	for i := range a.Options {
		o := &a.Options[i]
		w.item()
		w.begin()
		w.text("id", o.ID)
		w.number("price", int64(o.Price))
		w.number("tax_amount", int64(o.TaxAmount))
		w.number("tax_rate", int64(o.TaxRate))
		if o.Preselected {
			w.key("preselected")
			w.dst = append(w.dst, "true"...)
		}
		w.close()
	}
	w.end()
	if d.Paid != "" {
		w.text("paid", d.Paid)
	}
	w.text("currency", a.PurchaseCurrency)
	w.number("order_amount", int64(a.OrderAmount))
	w.number("order_tax_amount", int64(a.OrderTaxAmount))
	w.close()
}
