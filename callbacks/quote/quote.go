// Package quote puts a priced order together for the shop that asked for it before it creates the order.
//
// Its one rule: what the shop sent goes back as it came, but for the members that are priced, addressed or sealed here, so
// that the answer can be posted to the Checkout API as it is.
package quote

import (
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/pricing/digest"
)

// URL is one of the service's own addresses: Name is its member of merchant_urls.
type URL struct{ Name, Address string }

// Terms are what a merchant's quotes hold beside the prices.
type Terms struct {
	URLs []URL       // put into merchant_urls; none: these stay as the shop sent them
	Key  *digest.Key // signs the cart digest; nil: merchant_data stays as the shop sent it
}

// Assemble appends the whole order to dst: body, the draft as it came in, with order_lines, order_amount, order_tax_amount
// and shipping_options from a. A selected_shipping_option of the draft becomes the option that is paid for, as priced now,
// and goes where there is none. Errors: those of digest.Key.Seal; any other is a fault of ours.
func Assemble(dst, body []byte, p *pricing.Plan, a *order.Answer, t Terms) ([]byte, error) {
	lines, err := appendList(a.Lines, (*order.Line).AppendJSON)
	if err != nil {
		return nil, fmt.Errorf("order_lines: %w", err)
	}
	options, err := appendList(a.Options, (*order.ShippingOption).AppendJSON)
	if err != nil {
		return nil, fmt.Errorf("shipping_options: %w", err)
	}
	members := []order.Member{
		{Name: "order_amount", Value: number(a.OrderAmount)},
		{Name: "order_tax_amount", Value: number(a.OrderTaxAmount)},
		{Name: "order_lines", Value: lines},
		{Name: "shipping_options", Value: options},
	}
	if p.Order.SelectedShippingOption != nil {
		selected := order.Member{Name: "selected_shipping_option"}
		if p.Effective >= 0 {
			if selected.Value, err = a.Options[p.Effective].AppendJSON(nil); err != nil {
				return nil, fmt.Errorf("selected_shipping_option: %w", err)
			}
		}
		members = append(members, selected)
	}
	more, err := t.members(body, p, a)
	if err != nil {
		return nil, err
	}
	return order.Replace(dst, body, append(members, more...)...)
}

// members are merchant_urls and merchant_data.
func (t *Terms) members(body []byte, p *pricing.Plan, a *order.Answer) ([]order.Member, error) {
	var out []order.Member
	if len(t.URLs) > 0 {
		urls, err := addresses(body, t.URLs)
		if err != nil {
			return nil, fmt.Errorf("merchant_urls: %w", err)
		}
		out = append(out, order.Member{Name: "merchant_urls", Value: urls})
	}
	if t.Key == nil {
		return out, nil
	}
	data, err := t.Key.Seal(p.Order.MerchantData, a.PurchaseCurrency, a.Lines, p.Policy.Kept...)
	if err != nil {
		return nil, err
	}
	quoted, err := jsontext.AppendQuote(nil, data)
	if err != nil {
		return nil, fmt.Errorf("merchant_data: %w", err)
	}
	return append(out, order.Member{Name: "merchant_data", Value: quoted}), nil
}

// addresses puts ours into the merchant_urls of the draft.
func addresses(body []byte, urls []URL) (jsontext.Value, error) {
	var draft struct {
		URLs jsontext.Value `json:"merchant_urls"`
	}
	if err := json.Unmarshal(body, &draft); err != nil {
		return nil, err
	}
	if draft.URLs.Kind() != '{' { // missing or null
		draft.URLs = jsontext.Value("{}")
	}
	members := make([]order.Member, 0, len(urls))
	for _, u := range urls {
		quoted, err := jsontext.AppendQuote(nil, u.Address)
		if err != nil {
			return nil, err
		}
		members = append(members, order.Member{Name: u.Name, Value: quoted})
	}
	return order.Replace(nil, draft.URLs, members...)
}

func number(a order.Amount) jsontext.Value { return strconv.AppendInt(nil, int64(a), 10) }

// appendList writes a list of what appends itself.
func appendList[T any](list []T, one func(*T, []byte) ([]byte, error)) (jsontext.Value, error) {
	out := []byte{'['}
	var err error
	for i := range list {
		if i > 0 {
			out = append(out, ',')
		}
		if out, err = one(&list[i], out); err != nil {
			return nil, fmt.Errorf("%d: %w", i, err)
		}
	}
	return append(out, ']'), nil
}
