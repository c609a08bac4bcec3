package rulestest

import (
	"strings"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// Asked is a question as it stands on a command line. All members may be empty.
type Asked struct {
	To        string // as in a test file
	Cart      string // parts with commas between them: a weight, a total, "3 items", a size
	Currency  string
	Language  string
	Now       string // empty: Explain's now
	Customer  string
	VATID     string
	Group     string
	Choose    string
	Coupons   []string
	Tags      []string // of the goods
	OrderTags []string
	Order     []byte // a recorded callback body, instead of To, Cart, Currency, Language, Customer, VATID, Tags, OrderTags
}

// flag makes a value of a flag, with the flag as its place.
func flag(name, text string, r *diag.Report) *diag.Node {
	if text == "" {
		return nil
	}
	r.AddSource(name, []byte(text))
	return &diag.Node{Kind: diag.Scalar, Text: text,
		Place: diag.Place{File: name, Line: 1, Col: 1, EndCol: 1 + len([]rune(text))}}
}

// flagList makes a list of a flag that was given several times, each time a line of its source.
func flagList(name string, texts []string, r *diag.Report) *diag.Node {
	if len(texts) == 0 {
		return nil
	}
	r.AddSource(name, []byte(strings.Join(texts, "\n")))
	list := &diag.Node{Kind: diag.List, Place: diag.Place{File: name, Line: 1, Col: 1}}
	for i, t := range texts {
		list.Items = append(list.Items, &diag.Node{Kind: diag.Scalar, Text: t, Null: t == "",
			Place: diag.Place{File: name, Line: i + 1, Col: 1, EndCol: 1 + max(len([]rune(t)), 1)}})
	}
	return list
}

// input reads the question; ok is false where r got an error.
func (a *Asked) input(s *Subject, now time.Time, r *diag.Report) (in input, ok bool) {
	none := new(diag.Node)
	none.Kind = diag.Map
	cells := map[string]*diag.Node{}
	set := func(key string, n *diag.Node) {
		if n != nil {
			cells[key] = n
		}
	}
	set("to", flag("--to", a.To, r))
	set("currency", flag("--currency", a.Currency, r))
	set("language", flag("--language", a.Language, r))
	set("customer", flag("--customer", a.Customer, r))
	set("vat_id", flag("--vat-id", a.VATID, r))
	set("group", flag("--group", a.Group, r))
	set("choose", flag("--choose", a.Choose, r))
	set("coupon", flagList("--coupon", a.Coupons, r))
	set("tags", flagList("--tag", a.Tags, r))
	set("tag", flagList("--order-tag", a.OrderTags, r))
	nowText := now.In(s.location()).Format("2006-01-02 15:04:05Z07:00")
	if a.Now != "" {
		nowText = a.Now
	}
	set("now", flag("--now", nowText, r))
	a.cart(cells, r)
	p := &parser{s: s, r: r, root: none, defaults: none, orders: map[string]*recorded{}}
	b := builder{p: p, src: source{cells: cells, node: none, p: p}, r: r}
	if a.Order != nil {
		return b.fromBody(a.Order)
	}
	return b.input()
}

// fromBody reads the rest of a question about a recorded body.
func (b *builder) fromBody(body []byte) (in input, ok bool) {
	in, ok = b.input()
	in.recorded, in.items, in.discounts, in.open = &recorded{name: "--order", body: body}, nil, nil, open{}
	o, err := order.DecodeUpdate(body, order.DefaultLimits())
	if err != nil {
		f := b.r.Errorf(codeRecorded, diag.Place{File: "--order", Line: 1, Col: 1}, "this is not the body of a callback: %v", err)
		f.Help = "keep the JSON exactly as the checkout sent it"
		return in, false
	}
	in.currency = table.Currency(order.Upper(o.PurchaseCurrency))
	return in, ok
}

// cart reads the parts of --cart in any order, each once.
func (a *Asked) cart(cells map[string]*diag.Node, r *diag.Report) {
	if strings.TrimSpace(a.Cart) == "" {
		return
	}
	whole := flag("--cart", a.Cart, r)
	col := 1
	for _, part := range cartParts(a.Cart) {
		text := strings.TrimSpace(part)
		lead := len([]rune(part)) - len([]rune(strings.TrimLeft(part, " ")))
		n := &diag.Node{Kind: diag.Scalar, Text: text, Place: diag.Place{File: "--cart", Line: 1, Col: col + lead,
			EndCol: col + lead + max(len([]rune(text)), 1)}}
		col += len([]rune(part)) + 1
		key := cartPart(text)
		if key == "items" {
			n.Text = strings.TrimSpace(strings.TrimRight(text, letters))
			if n.Text == "" {
				n.Text = text // told as no number
			}
		}
		switch {
		case text == "":
			r.Errorf(codeForm, whole.Place, "a part of the cart is empty").Help = "write it like \"4 kg, 700.00\""
		case cells[key] != nil:
			r.Errorf(codeForm, n.Place, "the cart has two %s", several(key)).Help = "write it like \"4 kg, 700.00\", with points in the numbers"
		default:
			cells[key] = n
		}
	}
}

// cartParts parts at commas, but not within a number: there a comma is one that should be a point, which is told.
func cartParts(text string) []string {
	var parts []string
	from := 0
	for i := range len(text) {
		if text[i] == ',' && (i+1 == len(text) || text[i+1] < '0' || text[i+1] > '9') {
			parts = append(parts, text[from:i])
			from = i + 1
		}
	}
	return append(parts, text[from:])
}

// letters are those of the words that may follow a number of items.
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// several is the plural of a part of the cart.
func several(key string) string {
	if key == "items" {
		return "numbers of items"
	}
	return key + "s"
}

// cartPart tells what a part of --cart is by its last word, in capitals too, so that what is told is about a weight where
// one is meant.
func cartPart(text string) string {
	if strings.ContainsAny(text, "x×") {
		return "size"
	}
	words := strings.Fields(strings.TrimLeft(text, "-0123456789., "))
	if len(words) == 0 {
		return "total"
	}
	switch strings.ToLower(words[len(words)-1]) {
	case "item", "items", "piece", "pieces":
		return "items"
	case "kg", "g", "mg", "t", "lb", "lbs", "oz":
		return "weight"
	default:
		return "total"
	}
}
