package rulestest

import (
	"strings"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// input is everything that a question is made of.
type input struct {
	now       time.Time
	to        address
	currency  table.Currency
	language  string
	customer  order.Customer
	group     string
	coupons   []string
	tags      []string
	items     []item
	discounts []discount
	recorded  *recorded // instead of address, currency, language, customer, tags, items and discounts
	choose    string
	open      open
}

// open says which facts nobody has given.
type open struct {
	address, total, weight bool
}

// recorded is a callback body that was kept.
type recorded struct {
	name string
	body []byte
}

// source looks a key up: in the row of a table, in the case, in the defaults.
type source struct {
	cells map[string]*diag.Node
	node  *diag.Node
	p     *parser
}

// get returns the value that counts; nil where there is none. A recorded order leaves no room for defaults.
func (s source) get(key string) *diag.Node {
	if n := s.cells[key]; n != nil {
		return n
	}
	if n := s.node.Get(key); n != nil {
		return n
	}
	if s.p == nil || s.recorded() && !beside(key) {
		return nil
	}
	if n := s.p.defaults.Get(key); n != nil {
		return n
	}
	if key == "now" {
		return s.p.root.Get(key)
	}
	return nil
}

func (s source) recorded() bool { return s.node.Get("order") != nil }

// beside reports whether a key may stand beside a recorded order.
func beside(key string) bool {
	switch key {
	case "now", "group", "coupon", "choose":
		return true
	default:
		return false
	}
}

// builder reads one question. Its report holds errors only.
type builder struct {
	p     *parser
	src   source
	r     *diag.Report
	scope table.Scope
}

// input reads all of it; ok is false where there is a fault.
func (b *builder) input() (in input, ok bool) {
	s := b.p.s
	b.scope = table.Scope{Currency: table.Currency(s.Currency), Location: s.location(), Report: b.r}
	in.currency = b.scope.Currency
	if n := b.src.get("currency"); n != nil {
		if c, ok := b.scope.CurrencyOf(n); ok {
			in.currency = c
		}
	}
	b.scope.Currency = in.currency
	if len(s.Languages) > 0 {
		in.language = s.Languages[0]
	}
	b.now(&in)
	b.text("language", &in.language)
	b.text("group", &in.group)
	b.text("choose", &in.choose)
	b.knownOption("choose", in.choose)
	in.coupons, in.tags = b.names(b.src.get("coupon")), b.names(b.src.get("tag"))
	if n := b.src.node.Get("order"); n != nil {
		b.recorded(n, &in)
		return in, !b.r.Failed()
	}
	if n := b.src.get("to"); n != nil {
		in.to = b.address(n)
	} else {
		in.open.address = true
	}
	b.customer(&in)
	b.cart(&in)
	b.discounts(&in)
	return in, !b.r.Failed()
}

// text reads a single text.
func (b *builder) text(key string, to *string) {
	if n := b.src.get(key); n != nil && diag.WantText(n, "`"+key+"`", b.r) {
		*to = strings.TrimSpace(n.Text)
	}
}

// names reads a text or a list of texts; nil gives none.
func (b *builder) names(n *diag.Node) []string {
	if n == nil {
		return nil
	}
	nodes, ok := b.scope.Names(n)
	if !ok {
		return nil
	}
	var names []string
	for _, node := range nodes {
		names = append(names, strings.TrimSpace(node.Text))
	}
	return names
}

func (b *builder) now(in *input) {
	n := b.src.get("now")
	if n == nil {
		f := b.r.Errorf(diag.CodeMissingKey, b.src.node.Place, "`now` is missing: tests have no real clock")
		f.Help = "write e.g. `now: 2026-11-23 10:00` at the top of the file, or in this case"
		return
	}
	in.now = b.instant(n)
}

// customer reads `organization` or {type, vat_id}; the columns customer and vat_id of a table win.
func (b *builder) customer(in *input) {
	n := b.src.get("customer")
	if n != nil && n.Kind == diag.Map {
		diag.Fields(n, "a customer", []string{"type", "vat_id", "date_of_birth", "organization_registration_id"}, b.r)
		b.customerType(n.Get("type"), in)
		b.into(n, "vat_id", &in.customer.VATID)
		b.into(n, "date_of_birth", &in.customer.DateOfBirth)
		b.into(n, "organization_registration_id", &in.customer.OrganizationRegistrationID)
	} else {
		b.customerType(n, in)
	}
	if v := b.src.cells["vat_id"]; v != nil {
		in.customer.VATID = strings.TrimSpace(v.Text)
	}
}

func (b *builder) customerType(n *diag.Node, in *input) {
	if n == nil || !diag.WantText(n, "`customer`", b.r) {
		return
	}
	switch t := strings.TrimSpace(n.Text); t {
	case "person", "organization":
		in.customer.Type = t
	default:
		f := b.r.Errorf(codeWord, n.Place, "`%s` is not a kind of customer", n.Text)
		f.Help = "possible here: person, organization"
		f.Fix = diag.Suggest(t, []string{"person", "organization"})
	}
}

// recorded reads and checks a kept callback body.
func (b *builder) recorded(n *diag.Node, in *input) {
	if !diag.WantText(n, "`order`", b.r) {
		return
	}
	rec, ok := b.p.orders[n.Text]
	if !ok {
		rec = b.p.readOrder(n)
		b.p.orders[n.Text] = rec
	}
	if rec == nil {
		return
	}
	in.recorded = rec
	if o, err := order.DecodeUpdate(rec.body, order.DefaultLimits()); err == nil {
		in.currency = table.Currency(order.Upper(o.PurchaseCurrency))
		b.scope.Currency = in.currency
	}
}

// readOrder reads a body; nil where it cannot be one of a callback, which is then told.
func (p *parser) readOrder(n *diag.Node) *recorded {
	body, ok := diag.ReadFile(p.fsys, n.Text, int64(order.DefaultLimits().Bytes), n.Place, p.r)
	if !ok {
		return nil
	}
	if _, err := order.DecodeUpdate(body, order.DefaultLimits()); err != nil {
		f := p.r.Errorf(codeRecorded, n.Place, "%q is not the body of a callback: %v", n.Text, err)
		f.Help = "keep the JSON exactly as the checkout sent it"
		return nil
	}
	return &recorded{name: n.Text, body: body}
}

// knownOption tells an id that no option of the rulebook has; a pickup point is known by its option.
func (b *builder) knownOption(key, id string) bool {
	if id == "" {
		return true
	}
	return b.optionID(b.src.get(key), id)
}

func (b *builder) optionID(n *diag.Node, id string) bool {
	known := b.p.s.Options
	option, _, _ := strings.Cut(id, ":")
	if len(known) == 0 {
		return true
	}
	for _, k := range known {
		if k == id || k == option {
			return true
		}
	}
	f := b.r.Errorf(codeOption, n.Place, "there is no option `%s`", id)
	if f.Fix = diag.Suggest(id, known); f.Fix != "" {
		f.Help = "did you mean `" + f.Fix + "`?"
	} else {
		f.Help = "the options are " + strings.Join(known, ", ")
	}
	return false
}
