package starter

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules/table"
)

// nowhere is an address that no shop sends to that began here.
const nowhere = "JP 100-0001"

// testFile writes shop.test.yaml.
func (b *book) testFile() (string, error) {
	var w strings.Builder
	w.WriteString("# What must stay so. The service runs these tests whenever the rules change, and goes on with the last good ones\n" +
		"# where one fails. Change a price: `kvitto rules test FOLDER` shows what it changes.\n" +
		"version: 1\nrules: [shipping.yaml, tax.yaml]\n")
	line(&w, "now: "+b.today.Format(time.DateOnly)+" 10:00", "tests have a clock of their own")
	fmt.Fprintf(&w, "defaults: {cart: {weight: %s, total: %s}}\n\ncases:\n", b.light(), b.amount(b.usual(nil)))
	for i := range b.options {
		if err := b.writePrices(&w, &b.options[i]); err != nil {
			return "", err
		}
	}
	for _, to := range b.ShipTo {
		if err := b.writeTax(&w, to); err != nil {
			return "", err
		}
	}
	for i := range b.collect {
		b.writeState(&w, &b.collect[i])
	}
	fmt.Fprintf(&w, "  - name: Nothing is sent to Japan\n    to: %s\n    expect: {error: unsupported_shipping_address}\n", nowhere)
	return w.String(), nil
}

// usual is a value of goods at which an option, or any of them, still costs something.
func (b *book) usual(o *option) order.Amount {
	exp, _ := order.CurrencyExponent(b.Currency)
	total := order.Amount(20)
	for range exp {
		total *= 10
	}
	for i := range b.options {
		if free := b.options[i].free; free > 0 && (o == nil || o.id == b.options[i].id) {
			total = min(total, free/2)
		}
	}
	return total
}

// address is one of a country, of a member of the EU, or of a state.
func (b *book) address(to string) string {
	if to == union {
		if to = "DE"; b.Country == to {
			to = "FR"
		}
	}
	if strings.HasPrefix(to, usa+"-") {
		return to + " " + zip(to)
	}
	c, _ := countryOf(to)
	if to == usa {
		return b.untaxed()
	}
	return to + " " + c.postcode
}

// untaxed is an address in the USA where no sales tax is collected.
func (b *book) untaxed() string {
	for _, key := range []string{"US-DC", "US-OR", "US-MT", "US-NH"} {
		if !slices.ContainsFunc(b.collect, func(s state) bool { return s.key == key }) {
			return b.address(key)
		}
	}
	return b.address("US-AK")
}

// light is a weight that each option takes.
func (b *book) light() string {
	text, least := "100 g", table.Weight(100_000_000) // micrograms
	for i := range b.options {
		if t := &b.options[i].tiers[0]; t.limit != "" && t.weight < least {
			text, least = t.limit, t.weight
		}
	}
	return text
}

// Address is one of a country that Countries lists, as tests and explain write it; "" of any other.
func Address(code string) string {
	if _, ok := countryOf(code); !ok {
		return ""
	}
	return (&book{}).address(code)
}

// row of a table of prices.
type row struct {
	to, weight string
	total      order.Amount
	price      string
}

// writePrices writes a table with both sides of each limit of an option.
func (b *book) writePrices(w *strings.Builder, o *option) error {
	rows, err := b.rowsOf(o)
	if err != nil {
		return err
	}
	cells := [][]string{{"to", "weight", "total", "price"}}
	for _, r := range rows {
		cells = append(cells, []string{r.to, r.weight, b.amount(r.total), r.price})
	}
	fmt.Fprintf(w, "  - name: \"%s: both sides of every limit\"\n    option: %s\n    table: |\n", o.name, o.id)
	for _, cell := range cells {
		w.WriteString("      ")
		for col, text := range cell[:3] {
			width := 0
			for _, other := range cells {
				width = max(width, len(other[col]))
			}
			fmt.Fprintf(w, "%-*s | ", width, text)
		}
		w.WriteString(cell[3] + "\n")
	}
	w.WriteByte('\n')
	return nil
}

// notOffered is the price of what is not offered.
const notOffered = "not offered"

// rowsOf lists what a table asks about an option.
func (b *book) rowsOf(o *option) ([]row, error) {
	first, total := o.to[0], b.usual(o)
	weight := b.light()
	var rows []row
	var fault error
	add := func(to, weight string, total, net order.Amount) {
		price, err := b.paid(to, net)
		fault = firstOf(fault, err)
		rows = append(rows, row{b.address(to), weight, total, b.amount(price)})
	}
	for i := range o.tiers {
		t := &o.tiers[i]
		if t.limit == "" {
			if i == 0 {
				add(first, weight, total, t.price)
			}
			continue
		}
		if i == 0 {
			weight = t.limit
		}
		add(first, t.limit, total, t.price)
		if i+1 < len(o.tiers) {
			add(first, t.above(), total, o.tiers[i+1].price)
		} else {
			rows = append(rows, row{b.address(first), t.above(), total, notOffered})
		}
	}
	if o.free > 0 {
		add(first, weight, o.free-1, o.tiers[0].price)
		add(first, weight, o.free, 0)
	}
	for _, to := range b.ShipTo {
		switch {
		case to != first && o.goes(to):
			add(to, weight, total, o.tiers[0].price)
		case !o.goes(to):
			rows = append(rows, row{b.address(to), weight, total, notOffered})
		}
	}
	rows = append(rows, row{nowhere, weight, total, notOffered})
	return rows, fault
}

// firstOf returns the first error.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// rate is the VAT that an order to a country, or to EU, carries.
func (b *book) rate(to string) order.Rate {
	switch {
	case b.Country == usa:
		return 0
	case to == b.Country || b.inUnion(to) && b.VAT == VATHome:
		return b.standard(b.Country)
	case b.inUnion(to):
		code, _, _ := strings.Cut(b.address(to), " ")
		return b.standard(code)
	default:
		return 0
	}
}

// paid is what a buyer pays for freight at a price of the file.
func (b *book) paid(to string, price order.Amount) (order.Amount, error) {
	if b.Prices == IncludeTax {
		return price, nil
	}
	return pricing.GrossOf(price, b.rate(to))
}

// writeTax writes a case about the tax of one place that the shop sends to.
func (b *book) writeTax(w *strings.Builder, to string) error {
	i := slices.IndexFunc(b.options, func(o option) bool { return o.goes(to) })
	o := &b.options[i]
	total, rate := b.usual(nil), b.rate(to)
	price, err := b.paid(to, o.tiers[0].price)
	if err != nil {
		return err
	}
	if o.free > 0 && total >= o.free {
		price = 0
	}
	goods, err := pricing.TaxWithin(total, rate)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "  - name: \"To %s: %s\"\n    to: %s\n    choose: %s\n    expect: {", to, taxName(b.Country == usa, rate), b.address(to), o.id)
	if b.Country != usa {
		fmt.Fprintf(w, "goods_tax: %s, ", b.amount(goods))
	}
	fmt.Fprintf(w, "order_amount: %s}\n\n", b.amount(total+price))
	return nil
}

// taxName says what a case looks at.
func taxName(sales bool, rate order.Rate) string {
	switch {
	case sales:
		return "no tax where none is collected"
	case rate == 0:
		return "an export without VAT"
	default:
		return percent(rate) + " VAT"
	}
}

// writeState writes a case about sales tax.
func (b *book) writeState(w *strings.Builder, s *state) {
	i := slices.IndexFunc(b.options, func(o option) bool { return o.goes(usa) })
	o, total := &b.options[i], b.usual(nil)
	price := o.tiers[0].price
	if o.free > 0 && total >= o.free {
		price = 0
	}
	taxed := total
	if s.freight != "none" {
		taxed += price
	}
	const whole = 10_000
	sum := (taxed*order.Amount(s.rate) + whole/2) / whole
	fmt.Fprintf(w, "  - name: Sales tax in %s\n    to: %s\n    choose: %s\n    expect: {sales_tax: %s, order_amount: %s}\n\n",
		s.key, b.address(s.key), o.id, b.amount(sum), b.amount(total+price+sum))
}
