package page

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/order"
)

// members is a JSON object by its members, as they came.
type members map[string]jsontext.Value

// maxQuantity is the most of one thing that a page lets into a cart.
const maxQuantity = 999

// change is what happens to the goods of a cart.
type change func(lines []members) ([]members, error)

// product can be put into a cart.
type product struct {
	Reference, Name string
	Price           order.Amount
	line            members
}

// addable are the goods of the ready-made carts in the currency of a checkout, each once.
func (p *pages) addable(v *simulator.View) []product {
	var list []product
	for _, c := range p.o.Carts {
		var o struct {
			Currency string    `json:"purchase_currency"`
			Lines    []members `json:"order_lines"`
		}
		if json.Unmarshal(c.Body, &o) != nil || order.Upper(o.Currency) != v.Currency {
			continue
		}
		for _, raw := range o.Lines {
			l := lineOf(raw)
			if kindOfLine(l.Type) == "" && !slices.ContainsFunc(list, func(h product) bool { return h.Reference == l.Reference }) {
				list = append(list, product{l.Reference, l.Name, l.Price, raw})
			}
		}
	}
	return list
}

func lineOf(m members) simulator.Line {
	var l simulator.Line
	raw, err := json.Marshal(m)
	if err != nil || json.Unmarshal(raw, &l) != nil {
		return simulator.Line{}
	}
	return l
}

func changedQuantities(r *http.Request) change {
	return func(lines []members) ([]members, error) {
		for i := range lines {
			text := r.PostFormValue("quantity-" + strconv.Itoa(i))
			if text == "" {
				continue
			}
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil || n < 1 || n > maxQuantity {
				return nil, fmt.Errorf("quantity %q: want a whole number from 1 to %d", text, maxQuantity)
			}
			if err := setQuantity(lines[i], n); err != nil {
				return nil, err
			}
		}
		return lines, nil
	}
}

// removed takes one line out, which has to be the one that the page showed.
func removed(r *http.Request) change {
	return func(lines []members) ([]members, error) {
		i, err := strconv.Atoi(r.PostFormValue("line"))
		if err != nil || i < 0 || i >= len(lines) || lineOf(lines[i]).Reference != r.PostFormValue("reference") {
			return nil, errStep
		}
		return slices.Delete(lines, i, i+1), nil
	}
}

// added puts one more of a product in.
func (p *pages) added(r *http.Request) change {
	return func(lines []members) ([]members, error) {
		wanted := r.PostFormValue("product")
		for i := range lines {
			if l := lineOf(lines[i]); l.Reference == wanted && kindOfLine(l.Type) == "" {
				return lines, setQuantity(lines[i], min(l.Quantity+1, maxQuantity))
			}
		}
		for _, c := range p.o.Carts {
			var o struct {
				Lines []members `json:"order_lines"`
			}
			if json.Unmarshal(c.Body, &o) != nil {
				continue
			}
			for _, raw := range o.Lines {
				if lineOf(raw).Reference == wanted {
					line := maps.Clone(raw)
					return append(lines, line), setQuantity(line, 1)
				}
			}
		}
		return nil, errStep
	}
}

// setQuantity changes how many of a line there are: its total is exact, its tax the part inside it.
func setQuantity(m members, n int64) error {
	l := lineOf(m)
	total := order.Amount(n)*l.Price - l.Discount
	if l.Price > order.MaxLineAmount || total > order.MaxLineAmount || total < 0 {
		return fmt.Errorf("%d × %s: the amount of a line is 0 to %d", n, l.Name, order.MaxLineAmount)
	}
	m["quantity"] = number(n)
	m["total_amount"] = number(int64(total))
	m["total_tax_amount"] = number(int64(taxInside(total, l.Rate)))
	return nil
}

// taxInside is the tax inside an amount of 0 or more, rounded half away from zero, as contract 3.2 has it.
func taxInside(total order.Amount, rate order.Rate) order.Amount {
	whole := 10_000 + order.Amount(rate)
	return (2*total*order.Amount(rate) + whole) / (2 * whole)
}

func number(n int64) jsontext.Value { return jsontext.Value(strconv.FormatInt(n, 10)) }

// recart changes the cart as a shop does through the Checkout API. It leaves freight, fees and sales tax to the callbacks: their
// lines are taken out, and the address is entered once more, so that the service prices the new cart.
func (p *pages) recart(ctx context.Context, x *simulator.Session, how change) error {
	v := x.View()
	var o struct {
		Lines    []members         `json:"order_lines"`
		Billing  map[string]string `json:"billing_address"`
		Shipping map[string]string `json:"shipping_address"`
	}
	if err := json.Unmarshal(v.JSON, &o); err != nil {
		return err
	}
	lines, err := how(o.Lines)
	if err != nil {
		return err
	}
	lines = slices.DeleteFunc(lines, func(m members) bool { return serviceLine(lineOf(m).Type) })
	if !slices.ContainsFunc(lines, func(m members) bool { return kindOfLine(lineOf(m).Type) == "" }) {
		return errors.New("the last goods of a cart cannot be removed: an order has to hold something")
	}
	body, err := summed(lines)
	if err != nil {
		return err
	}
	if err := x.Change(body); err != nil {
		return err
	}
	return x.Address(ctx, o.Billing, o.Shipping)
}

// serviceLine reports whether the service under test adds lines of a type.
func serviceLine(t string) bool {
	return slices.Contains([]order.LineType{order.ShippingFee, order.SalesTax, order.Surcharge}, order.LineType(t))
}

// summed are the members of an order that a cart changes.
func summed(lines []members) ([]byte, error) {
	var total, tax order.Amount
	for _, m := range lines {
		l := lineOf(m)
		total, tax = total+l.Total, tax+l.Tax
	}
	if total < 0 {
		return nil, fmt.Errorf("the gift card is worth more than the goods: the provider refuses an order below zero")
	}
	return json.Marshal(map[string]any{"order_lines": lines, "order_amount": total, "order_tax_amount": tax}, json.Deterministic(true))
}
