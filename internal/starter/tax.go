package starter

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// vatRates is the table of VAT rates that comes with the program.
const vatRates = "vat-rates.yaml"

// state is a state of the USA in which sales tax is collected.
type state struct {
	key     string // US-CA
	rate    order.Rate
	freight string // all, follow goods, none
}

// CheckCollect tells what is wrong with an entry of Answers.Collect.
func CheckCollect(text string) error {
	_, err := stateOf(text)
	return err
}

// stateOf reads "US-CA 7.25% none".
func stateOf(text string) (state, error) {
	const form = `want a state, its rate and whether freight is taxed: all, follow goods or none; such as "US-CA 7.25% none"`
	words := strings.Fields(text)
	if len(words) < 3 {
		return state{}, fmt.Errorf("collect in %q: %s", text, form)
	}
	s := state{key: strings.ToUpper(words[0]), freight: strings.Join(words[2:], " ")}
	if zip(s.key) == "" {
		return s, fmt.Errorf("collect in %q: %q is not a state of the USA; %s", text, words[0], form)
	}
	if !slices.Contains([]string{"all", "follow goods", "none"}, s.freight) {
		return s, fmt.Errorf("collect in %q: %q: %s", text, s.freight, form)
	}
	r := new(diag.Report)
	const decimals, perBasisPoint = 2, 100
	p, ok := (&table.Scope{Report: r}).Percent(&diag.Node{Kind: diag.Scalar, Text: words[1]}, decimals)
	if !ok || p <= 0 {
		return s, fmt.Errorf("collect in %q: %q is not a rate such as 7.25%%%s; rates with more decimals can be written into tax.yaml later", text, words[1], because(r))
	}
	s.rate = order.Rate(p / perBasisPoint)
	return s, nil
}

// states reads Collect.
func (b *book) states() error {
	for _, text := range b.Collect {
		s, err := stateOf(text)
		switch {
		case err != nil:
			return err
		case b.Country != usa:
			return fmt.Errorf("collect in %q: sales tax is for shops in the USA, and this one is in %s", text, b.Country)
		case slices.ContainsFunc(b.collect, func(o state) bool { return o.key == s.key }):
			return fmt.Errorf("collect in %q: this state stands twice", text)
		}
		b.collect = append(b.collect, s)
	}
	if len(b.collect) > 0 && b.Prices != ExcludeTax {
		return fmt.Errorf("prices %q: with sales tax, prices never include tax; want %s", b.Prices, ExcludeTax)
	}
	return nil
}

// noAdvice ends the head of a tax file.
const noAdvice = "# This is a start, no tax advice: show it to whoever does your books.\n"

// taxFile writes tax.yaml.
func (b *book) taxFile() string {
	switch {
	case b.Country != usa:
		return b.vatFile()
	case len(b.collect) == 0:
		return "# Tax of a shop in the USA that collects sales tax nowhere: nothing is added to any order.\n" + noAdvice +
			"# Once it has to collect, `mode: sales_tax` says in which states, at which rates and what is exempt: docs/sales-tax.md.\n" +
			"# Rates by ZIP come from a file that you keep up to date (rate_files); the program brings none.\n" +
			"version: 1\nmode: vat                          # the mode without sales_tax lines\nhome: US\n" +
			"data: vat-rates.yaml               # dated VAT rates, part of the program\nprices: include tax                # what the cart carries is what is paid\n" +
			"\ndestinations:\n" + b.exports() + "  \"*\": none\n" +
			"rates: {US: {standard: 0%}}\n"
	default:
		return b.salesFile()
	}
}

// vatFile writes a tax.yaml of mode vat.
func (b *book) vatFile() string {
	var w strings.Builder
	w.WriteString("# Which VAT goods and freight carry, and where. The rates by date and the special areas are in vat-rates.yaml, which is\n" +
		"# part of the program.\n" + noAdvice + "version: 1\nmode: vat\n")
	line(&w, "home: "+b.Country, "where the shop sells from")
	line(&w, "data: "+vatRates, "rates and areas by date")
	line(&w, "prices: include tax", "what the cart carries; with VAT it is always so")
	line(&w, "keep: gross", "one shelf price everywhere; net: the price without VAT stays")
	w.WriteString("\ndestinations:\n")
	line(&w, "  "+b.Country+": charge", "the rates of the country; its standard rate today: "+percent(b.standard(b.Country)))
	for _, to := range b.ShipTo[1:] {
		if !b.inUnion(to) {
			continue
		}
		if b.VAT == VATHome {
			line(&w, "  "+to+": home_rate", "the rates of "+b.Country+": small sales, below the limit of 10,000 euro a year")
		} else {
			line(&w, "  "+to+": charge", "the buyer's rate, declared by the One-Stop Shop")
		}
	}
	w.WriteString(b.exports())
	line(&w, `  "*": none`, "everywhere else: an export without VAT")
	w.WriteString("\n# Goods that are not at the standard rate are a class, by a tag that the shop puts on the order line:\n" +
		"#   classes: {books: {tags: [book]}}\n" +
		"#   rates: {" + b.Country + ": {books: 5%}}      # a per cent, or a slot of " + vatRates + " that follows its changes\n\n")
	line(&w, "shipping_tax: split", "freight carries the rates of the goods, each its share")
	return w.String()
}

// exports are the destinations without VAT that the shop sends to.
func (b *book) exports() string {
	remark := "an export without VAT; customs may ask the buyer for theirs"
	if b.Country == usa {
		remark = "no tax is added"
	}
	var w strings.Builder
	for _, to := range b.ShipTo {
		if to == usa && b.Country == usa {
			line(&w, "  "+to+": charge", "at 0 %, below")
			continue
		}
		if b.Country == usa || to != b.Country && !b.inUnion(to) {
			line(&w, "  "+to+": none", remark)
		}
	}
	return w.String()
}

// inUnion reports whether a sale from the shop to a country, or to EU, stays within the EU's VAT.
func (b *book) inUnion(to string) bool {
	home, _ := countryOf(b.Country)
	c, ok := countryOf(to)
	return home.eu && (to == union || ok && c.eu)
}

// salesFile writes a tax.yaml of mode sales_tax.
func (b *book) salesFile() string {
	var keys, rates, freight strings.Builder
	for i, s := range b.collect {
		if i > 0 {
			keys.WriteString(", ")
		}
		keys.WriteString(s.key)
		line(&rates, "  "+s.key+": "+percent(s.rate), "of the whole state; rates by ZIP: rate_files")
		fmt.Fprintf(&freight, "  %s: %s\n", s.key, s.freight)
	}
	return "# Sales tax, a skeleton: docs/sales-tax.md has the rest (rates by ZIP, exemptions, delivery fees).\n" + noAdvice +
		"# The rates below are the ones you gave, for a whole state. Counties and cities add theirs: get a file of rates by ZIP,\n" +
		"# name it under rate_files and keep it up to date; the program brings none.\n" +
		"version: 1\nmode: sales_tax\nprices: exclude tax\n" +
		"collect_in: [" + keys.String() + "]      # elsewhere no tax is added\n" +
		"\nrates:\n" + rates.String() +
		"\nshipping_tax:                      # all: freight is taxed; follow goods: as the goods; none\n" + freight.String() +
		"\nlines: by_level                    # one sales_tax line for each of state, county, city, special\n" +
		"round: order                       # add everything up, then round once\n"
}

// standard is the standard rate of a country on the day of today; 0 where none is known.
func (b *book) standard(code string) order.Rate {
	n := b.rates.Get("countries").Get(code).Get("standard")
	if n == nil {
		return 0
	}
	var rate order.Rate
	for i, key := range n.Keys {
		if key.Text > b.today.Format(time.DateOnly) {
			break
		}
		p, ok := (&table.Scope{Report: new(diag.Report)}).Percent(n.Values[i], 2)
		if ok {
			rate = order.Rate(p / 100)
		}
	}
	return rate
}

// percent writes a rate: 25%, 25.5%.
func percent(r order.Rate) string {
	text := fmt.Sprintf("%d.%02d", r/100, r%100)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".") + "%"
}
