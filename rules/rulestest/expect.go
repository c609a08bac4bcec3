package rulestest

import (
	"slices"
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// expectation is what the answer should be. What is nil is not asked.
type expectation struct {
	options  []wantOption // exactly these, in this order; nil: not asked
	with     []wantOption
	without  []string
	goodsTax *order.Amount
	amount   *order.Amount
	tax      *order.Amount
	freight  []wantPart // exactly these; nil: not asked
	salesTax []wantCharge
	fees     []wantCharge // exactly these; nil: not asked
	error    string       // an error_type
	row      *wantOption
	absent   bool // of row: not offered
	stop     *wantStop
}

// wantOption is what an option should be.
type wantOption struct {
	id     string
	fields []wantField
}

// wantField is one member of an option, both sides written out.
type wantField struct {
	name, want string
	at         diag.Place // of what is wanted
	got        func(o *order.ShippingOption, c table.Currency) string
}

// wantPart is the freight at one tax rate.
type wantPart struct {
	rate  table.Percent
	gross order.Amount
}

func expectKeys() []string {
	return []string{"options", "with", "without", "goods_tax", "order_amount", "order_tax_amount", "freight", "error",
		"sales_tax", "fees", "rejected", "redirect"}
}

func optionKeys() []string {
	return []string{"id", "name", "description", "promo", "price", "tax", "tax_rate", "method", "preselected", "carrier",
		"delivery_class", "product", "tms_reference"}
}

// expect reads the map under expect (may be nil); ok is false where there is a fault.
func (b *builder) expect(n *diag.Node) (want expectation, ok bool) {
	if n == nil {
		return want, true
	}
	if !diag.Fields(n, "expect", expectKeys(), b.r) {
		return want, false
	}
	if v := n.Get("options"); v != nil {
		want.options = b.wantOptions(v, "options")
	}
	if v := n.Get("with"); v != nil {
		want.with = b.wantOptions(v, "with")
	}
	b.without(n.Get("without"), &want)
	for _, part := range []struct {
		key string
		to  **order.Amount
	}{{"goods_tax", &want.goodsTax}, {"order_amount", &want.amount}, {"order_tax_amount", &want.tax}} {
		if v := n.Get(part.key); v != nil {
			a := b.money(v)
			*part.to = &a
		}
	}
	if v := n.Get("freight"); v != nil {
		want.freight = b.parts(v)
	}
	want.salesTax, want.fees = b.salesTax(n.Get("sales_tax")), b.fees(n.Get("fees"))
	b.error(n, &want)
	want.stop = b.stop(n)
	return want, !b.r.Failed()
}

// wantOptions reads a list of options; it is not nil.
func (b *builder) wantOptions(n *diag.Node, what string) []wantOption {
	list := []wantOption{}
	if !diag.WantList(n, "`"+what+"`", b.r) {
		return list
	}
	for _, item := range n.Items {
		if item.Kind == diag.Scalar {
			if diag.WantText(item, "an option", b.r) && b.optionID(item, item.Text) {
				list = append(list, wantOption{id: item.Text})
			}
			continue
		}
		if !diag.Fields(item, "an option", optionKeys(), b.r) {
			continue
		}
		id := diag.Need(item, "an option", "id", b.r)
		if id == nil || !diag.WantText(id, "`id`", b.r) || !b.optionID(id, id.Text) {
			continue
		}
		w := wantOption{id: id.Text}
		for i, key := range item.Keys {
			if f, ok := b.field(key.Text, item.Values[i]); ok {
				w.fields = append(w.fields, f)
			}
		}
		list = append(list, w)
	}
	return list
}

// field reads one member of an expected option; ok is false for id and keys that begin with x-.
func (b *builder) field(key string, n *diag.Node) (wantField, bool) {
	f := wantField{name: key, at: n.Place, got: fieldOf(key)}
	if f.got == nil {
		return f, false
	}
	switch key {
	case "price", "tax":
		f.want = moneyText(b.money(n), b.scope.Currency)
	case "tax_rate":
		p, _ := b.scope.Percent(n, 2)
		f.want = p.String()
	case "preselected":
		yes, _ := b.scope.YesNo(n)
		f.want = yesNo(yes)
	case "method":
		f.want, _ = b.scope.Method(n)
	default:
		if diag.WantText(n, "`"+key+"`", b.r) {
			f.want = strings.TrimSpace(n.Text)
		}
	}
	return f, true
}

// fieldOf returns what writes a member of an option out, nil where there is none of that name.
func fieldOf(key string) func(*order.ShippingOption, table.Currency) string {
	switch key {
	case "price":
		return func(o *order.ShippingOption, c table.Currency) string { return moneyText(o.Price, c) }
	case "tax":
		return func(o *order.ShippingOption, c table.Currency) string { return moneyText(o.TaxAmount, c) }
	case "tax_rate":
		return func(o *order.ShippingOption, _ table.Currency) string { return rateText(o.TaxRate) }
	case "preselected":
		return func(o *order.ShippingOption, _ table.Currency) string { return yesNo(o.Preselected) }
	case "name", "description", "promo", "method", "tms_reference", "carrier", "delivery_class", "product":
		return func(o *order.ShippingOption, _ table.Currency) string { return textOf(o, key) }
	default:
		return nil
	}
}

// textOf is a text of an option by its key in the tables.
func textOf(o *order.ShippingOption, key string) string {
	d := o.DeliveryDetails
	if d == nil {
		d = &order.DeliveryDetails{}
	}
	switch key {
	case "name":
		return o.Name
	case "description":
		return o.Description
	case "promo":
		return o.Promo
	case "method":
		return o.ShippingMethod
	case "tms_reference":
		return o.TMSReference
	case "carrier":
		return d.Carrier
	case "delivery_class":
		return d.Class
	default:
		if d.Product == nil {
			return ""
		}
		return d.Product.Name
	}
}

func (b *builder) without(n *diag.Node, want *expectation) {
	if n == nil {
		return
	}
	nodes, _ := b.scope.Names(n)
	for _, node := range nodes {
		if node.Kind == diag.Scalar && b.optionID(node, node.Text) {
			want.without = append(want.without, node.Text)
		}
	}
}

// parts reads the freight by tax rate; it is not nil.
func (b *builder) parts(n *diag.Node) []wantPart {
	parts := []wantPart{}
	if !diag.WantMap(n, "`freight`", b.r) {
		return parts
	}
	for i, key := range n.Keys {
		if diag.TellDecimalComma(n, i, b.r) {
			continue
		}
		if rate, ok := b.scope.Percent(key, 2); ok {
			parts = append(parts, wantPart{rate, b.money(n.Values[i])})
		}
	}
	return parts
}

// error reads the error_type and tells what cannot stand beside it.
func (b *builder) error(n *diag.Node, want *expectation) {
	key, v := n.Entry("error")
	if v == nil || !diag.WantText(v, "`error`", b.r) {
		return
	}
	kinds := []string{string(rules.UnsupportedShippingAddress), string(rules.AddressError), string(rules.ApprovalFailed)}
	if want.error = strings.TrimSpace(v.Text); !slices.Contains(kinds, want.error) {
		f := b.r.Errorf(codeWord, v.Place, "`%s` is not an error that the checkout knows", v.Text)
		f.Help = "possible here: " + strings.Join(kinds, ", ")
		f.Fix = diag.Suggest(want.error, kinds)
	}
	for _, other := range []string{"options", "with", "goods_tax", "order_amount", "order_tax_amount", "freight", "sales_tax", "fees"} {
		if k, _ := n.Entry(other); k != nil {
			f := b.r.Errorf(codeTogether, k.Place, "`error` and `%s` do not go together", other)
			f.Help = "an answer with an error has no options and no sums"
			f.Cause = &diag.Cause{Place: key.Place, Label: "the error"}
		}
	}
}

func moneyText(a order.Amount, c table.Currency) string {
	return table.Money{Amount: a, Currency: c}.String()
}

func rateText(r order.Rate) string { return table.Percent(int64(r) * 100).String() }

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
