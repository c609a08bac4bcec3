package scenario

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/internal/simulator/judge"
	"github.com/kvitto/kvitto/rules/diag"
)

// maxCart is the most bytes of a cart's file.
const maxCart = 5 << 20

func cartKeys() []string { return []string{"ready", "file", "items", "country", "currency", "locale"} }

func itemKeys() []string {
	return []string{"type", "reference", "name", "quantity", "price", "discount", "rate", "tags", "weight", "lines"}
}

// order reads a cart, and data over it: an order as the shop creates it. It returns nil where something was told.
func (p *parser) order(cart, data *diag.Node) []byte {
	if cart == nil {
		return nil
	}
	own := &parser{fsys: p.fsys, name: p.name, r: new(diag.Report)} // what is told of this cart alone
	defer func() { p.r.Add(own.r, cart.Place, codeOrder) }()
	members, ok := own.cart(cart)
	if !ok {
		return nil
	}
	if data != nil {
		maps.Copy(members, own.members(data))
	}
	body, err := json.Marshal(members)
	if err != nil || own.r.Failed() {
		return nil
	}
	if faults := judge.Order(body); len(faults) > 0 {
		f := own.r.Errorf(codeOrder, cart.Place, "the provider would refuse this order")
		f.Help = "mend the cart"
		for _, x := range faults {
			f.Notes = append(f.Notes, x.String())
		}
		return nil
	}
	return body
}

// cart reads the name of a ready-made cart, or a map that says where the cart comes from.
func (p *parser) cart(n *diag.Node) (map[string]json.RawMessage, bool) {
	if n.Kind == diag.Scalar && !n.Null {
		return p.ready(n)
	}
	if !diag.Fields(n, "a cart", cartKeys(), p.r) {
		return nil, false
	}
	ready, file, items := n.Get("ready"), n.Get("file"), n.Get("items")
	given := 0
	for _, x := range []*diag.Node{ready, file, items} {
		if x != nil {
			given++
		}
	}
	if given != 1 {
		p.r.Errorf(codeCart, n.Place, "a cart has exactly one of `ready`, `file` and `items`; this one has %d", given).Help =
			"ready-made carts are " + strings.Join(simulator.CartNames(), ", ")
		return nil, false
	}
	var members map[string]json.RawMessage
	var ok bool
	switch {
	case ready != nil:
		members, ok = p.ready(ready)
	case file != nil:
		members, ok = p.cartFile(file)
	default:
		members, ok = p.items(items)
	}
	if !ok {
		return nil, false
	}
	for key, member := range map[string]string{"country": "purchase_country", "currency": "purchase_currency", "locale": "locale"} {
		if v := n.Get(key); v != nil && diag.WantText(v, key, p.r) {
			members[member] = quoted(v.Text)
		}
	}
	return members, true
}

func (p *parser) ready(n *diag.Node) (map[string]json.RawMessage, bool) {
	if !diag.WantText(n, "a ready-made cart", p.r) {
		return nil, false
	}
	c, err := simulator.FindCart(n.Text)
	if err != nil {
		f := p.r.Errorf(codeCart, n.Place, "there is no ready-made cart %q", n.Text)
		f.Help = "there are " + strings.Join(simulator.CartNames(), ", ")
		f.Fix = diag.Suggest(n.Text, simulator.CartNames())
		return nil, false
	}
	return p.decode(c.Body, n)
}

// cartFile reads an order from a file beside the scenario.
func (p *parser) cartFile(n *diag.Node) (map[string]json.RawMessage, bool) {
	if !diag.WantText(n, "a cart's file", p.r) {
		return nil, false
	}
	if !fs.ValidPath(n.Text) {
		p.r.Errorf(diag.CodeOutside, n.Place, "%q is not a name inside the folder", n.Text)
		return nil, false
	}
	body, ok := diag.ReadBytes(p.fsys, n.Text, maxCart, n.Place, p.r)
	if !ok {
		return nil, false
	}
	return p.decode(body, n)
}

func (p *parser) decode(body []byte, n *diag.Node) (map[string]json.RawMessage, bool) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil || members == nil {
		p.r.Errorf(codeOrder, n.Place, "this is not an order: %v", errors.Join(err, errors.New("want one JSON object")))
		return nil, false
	}
	return members, true
}

// items makes an order of lines that are written in the file; prices are whole cents of a currency with two decimals.
func (p *parser) items(n *diag.Node) (map[string]json.RawMessage, bool) {
	if !diag.WantList(n, "items", p.r) {
		return nil, false
	}
	var lines []json.RawMessage
	total, tax, sales := new(big.Int), new(big.Int), new(big.Int)
	for _, item := range n.Items {
		if !diag.Fields(item, "an item", itemKeys(), p.r) {
			continue
		}
		l, times := p.item(item), 1
		if v := item.Get("lines"); v != nil {
			times = p.number(v, "lines", 1000)
		}
		raw, err := json.Marshal(l)
		if err != nil {
			return nil, false
		}
		for range times {
			total.Add(total, big.NewInt(l.Total))
			tax.Add(tax, big.NewInt(l.Tax))
			if l.Type == "sales_tax" {
				sales.Add(sales, big.NewInt(l.Total))
			}
			lines = append(lines, raw)
		}
	}
	if sales.Sign() != 0 {
		tax = sales
	}
	members := map[string]json.RawMessage{"purchase_country": quoted("SE"), "purchase_currency": quoted("SEK"), "locale": quoted("sv-SE"),
		"order_amount": json.RawMessage(total.String()), "order_tax_amount": json.RawMessage(tax.String()), "order_lines": json.RawMessage("[]")}
	if len(lines) > 0 {
		raw, err := json.Marshal(lines)
		if err != nil {
			return nil, false
		}
		members["order_lines"] = raw
	}
	return members, true
}

// item is an order line.
type item struct {
	Type       string     `json:"type"`
	Reference  string     `json:"reference,omitempty"`
	Name       string     `json:"name"`
	Quantity   int64      `json:"quantity"`
	UnitPrice  int64      `json:"unit_price"`
	Rate       int64      `json:"tax_rate"`
	Total      int64      `json:"total_amount"`
	Discount   int64      `json:"total_discount_amount,omitempty"`
	Tax        int64      `json:"total_tax_amount"`
	Attributes attributes `json:"shipping_attributes"`
}

type attributes struct {
	Weight int64    `json:"weight,omitempty"` // grams
	Tags   []string `json:"tags,omitempty"`
}

func (p *parser) item(n *diag.Node) item {
	l := item{Type: "physical", Name: "Article", Quantity: 1}
	for key, to := range map[string]*string{"type": &l.Type, "reference": &l.Reference, "name": &l.Name} {
		if v := n.Get(key); v != nil && diag.WantText(v, key, p.r) {
			*to = v.Text
		}
	}
	if v := n.Get("quantity"); v != nil {
		l.Quantity = int64(p.number(v, "quantity", 1_000_000))
	}
	if v := n.Get("weight"); v != nil {
		l.Attributes.Weight = int64(p.number(v, "weight, in grams", 10_000_000))
	}
	if v := n.Get("tags"); v != nil {
		l.Attributes.Tags = p.names(v, "tags")
	}
	l.UnitPrice = p.cents(diag.Need(n, "an item", "price", p.r), "price")
	l.Discount = p.cents(n.Get("discount"), "discount")
	if v := n.Get("rate"); v != nil {
		l.Rate = p.rate(v)
	}
	l.Total = l.Quantity*l.UnitPrice - l.Discount
	l.Tax = included(l.Total, l.Rate)
	return l
}

// included is the tax in an amount, rounded half away from zero.
func included(total, rate int64) int64 {
	n := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(total), big.NewInt(rate)), big.NewInt(10_000+rate))
	half := big.NewRat(1, 2)
	if n.Sign() < 0 {
		n.Sub(n, half)
	} else {
		n.Add(n, half)
	}
	return new(big.Int).Quo(n.Num(), n.Denom()).Int64()
}

func quoted(s string) json.RawMessage {
	raw, err := json.Marshal(s)
	if err != nil {
		panic("scenario: a string does not encode: " + err.Error())
	}
	return raw
}

// settable are members of an order that a file may set beside the cart.
func settable() []string {
	return []string{"customer", "locale", "merchant_data", "merchant_reference1", "merchant_reference2", "options", "tags", "purchase_country",
		"purchase_currency", "merchant_requested", "shipping_countries", "billing_countries", "order_lines", "order_amount", "order_tax_amount",
		"selected_shipping_option", "shipping_options"}
}

// members reads members of an order as YAML: whole numbers, yes and no are what they are, everything in quotes is a text.
func (p *parser) members(n *diag.Node) map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	if !diag.WantMap(n, "data", p.r) {
		return out
	}
	for i, key := range n.Keys {
		if !slices.Contains(settable(), key.Text) {
			f := p.r.Errorf(codeValue, key.Place, "%q cannot be set here", key.Text)
			f.Help, f.Fix = "allowed are "+strings.Join(settable(), ", "), diag.Suggest(key.Text, settable())
			continue
		}
		out[key.Text] = p.value(n.Values[i], key.Text)
	}
	return out
}

var wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,17})$`)

// value turns YAML into JSON.
func (p *parser) value(n *diag.Node, key string) json.RawMessage {
	switch {
	case n.Kind == diag.Map:
		out := map[string]json.RawMessage{}
		for i, k := range n.Keys {
			out[k.Text] = p.value(n.Values[i], k.Text)
		}
		return encoded(out)
	case n.Kind == diag.List:
		out := []json.RawMessage{}
		for _, item := range n.Items {
			out = append(out, p.value(item, key))
		}
		return encoded(out)
	case n.Null:
		return json.RawMessage("null")
	case n.Quoted || n.Block || textual(key):
		return quoted(n.Text)
	case n.Text == "yes" || n.Text == "true":
		return json.RawMessage("true")
	case n.Text == "no" || n.Text == "false":
		return json.RawMessage("false")
	case wholeNumber.MatchString(n.Text):
		return json.RawMessage(n.Text)
	}
	return quoted(n.Text)
}

// textual are members that are texts whatever they look like.
func textual(key string) bool {
	return slices.Contains([]string{"merchant_data", "merchant_reference1", "merchant_reference2", "organization_registration_id", "vat_id", "postal_code",
		"phone", "reference", "name", "country", "purchase_country", "tags", "locale", "id"}, key)
}

func encoded(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("scenario: a value that was read does not encode: " + err.Error())
	}
	return raw
}

// names reads one text or a list of texts.
func (p *parser) names(n *diag.Node, what string) []string {
	items := []*diag.Node{n}
	if n.Kind == diag.List {
		items = n.Items
	}
	var out []string
	for _, item := range items {
		if diag.WantText(item, what, p.r) {
			out = append(out, item.Text)
		}
	}
	return out
}

var centsForm = regexp.MustCompile(`^-?[0-9]{1,9}(\.[0-9]{2})?$`)

// cents reads an amount with two decimals or none as hundredths.
func (p *parser) cents(n *diag.Node, what string) int64 {
	if n == nil || !diag.WantText(n, what, p.r) {
		return 0
	}
	if !centsForm.MatchString(n.Text) {
		p.r.Errorf(codeAmount, n.Place, "%s: %q is not an amount", what, n.Text).Help = "write 49.00"
		return 0
	}
	whole, decimals, _ := strings.Cut(n.Text, ".")
	if decimals == "" {
		decimals = "00"
	}
	v, err := strconv.ParseInt(whole+decimals, 10, 64)
	if err != nil {
		p.r.Errorf(codeAmount, n.Place, "%s: %q is too large", what, n.Text)
	}
	return v
}

var rateForm = regexp.MustCompile(`^([0-9]{1,3})(?:\.([0-9]{1,2}))?%$`)

// rate reads a rate such as 25% as basis points.
func (p *parser) rate(n *diag.Node) int64 {
	if !diag.WantText(n, "rate", p.r) {
		return 0
	}
	m := rateForm.FindStringSubmatch(n.Text)
	if m == nil {
		p.r.Errorf(codeAmount, n.Place, "%q is not a rate", n.Text).Help = "write 25% or 6.5%"
		return 0
	}
	v, err := strconv.ParseInt(m[1]+(m[2] + "00")[:2], 10, 64)
	if err != nil {
		p.r.Errorf(codeAmount, n.Place, "%q is too large", n.Text)
	}
	return v
}
