package compare

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/table"
)

// taxSamples are one of each word of the tax classes of both.
func (d *differ) taxSamples() []table.Sample {
	var list []table.Sample
	seen := map[[2]table.ClassSet]bool{{}: true}
	for _, s := range append(d.a.Tax.Classes.Samples(), d.b.Tax.Classes.Samples()...) {
		l := s.Line()
		key := [2]table.ClassSet{d.a.Tax.Classes.Of(&l, nil), d.b.Tax.Classes.Of(&l, nil)}
		if !seen[key] {
			seen[key] = true
			list = append(list, s)
		}
	}
	return list
}

// taxGrids are the questions about tax: of goods of each class, and of freight.
func (d *differ) taxGrids() []*grid {
	if d.a.Rules.Tax.SalesTax() != d.b.Rules.Tax.SalesTax() {
		return []*grid{{kind: KindTax, d: d, changes: []Change{{Kind: KindTax, Option: "mode", Sign: "~", Where: "everywhere",
			Before: Value{Text: taxMode(d.a)}, After: Value{Text: taxMode(d.b)}}}}}
	}
	var list []*grid
	for _, currency := range d.taxCurrencies() {
		g := &grid{d: d, kind: KindTax, currency: currency}
		g.axes = append(d.taxDates(), d.taxPlaces(), d.taxMarks(), d.taxTotals(currency), d.buyers())
		if d.a.Rules.Tax.SalesTax() {
			g.ids, g.ask = []string{"sales tax", "fees"}, d.askSales
		} else {
			g.ids = d.freights()
			g.ask = d.askVAT(g.ids)
		}
		list = append(list, g)
	}
	return list
}

func taxMode(b *authoring.Book) string {
	if b.Rules.Tax.SalesTax() {
		return "sales tax"
	}
	return "VAT"
}

// taxCurrencies are those that limits of tax are in, or that of the file where there are none.
func (d *differ) taxCurrencies() []string {
	list := []string{string(d.a.Rules.Shipping.Currency())}
	for _, b := range []*authoring.Book{d.a, d.b} {
		for _, l := range b.Tax.Limits {
			for _, m := range l {
				if !slices.Contains(list, string(m.Currency)) {
					list = append(list, string(m.Currency))
				}
			}
		}
	}
	return list
}

func (d *differ) taxDates() []axis {
	until := d.o.Now.Add(d.o.Horizon)
	days := slices.Concat(d.a.Rules.Tax.Changes(d.o.Now, until), d.b.Rules.Tax.Changes(d.o.Now, until))
	slices.SortFunc(days, time.Time.Compare)
	return []axis{dateAxis(d.o.Now, slices.CompactFunc(days, time.Time.Equal), d.a.Rules.Shipping.Location())}
}

func (d *differ) taxPlaces() axis {
	places := d.places
	if d.a.Rules.Tax.SalesTax() {
		places = append(slices.Clone(places), d.zips()...)
	}
	return placeAxis(places, func(p *authoring.Place) string {
		zip := ""
		if d.a.Rules.Tax.SalesTax() && p.Country == "US" {
			zip = p.Postcode
		}
		return fmt.Sprint(p.Country, p.Region, p.Thin, zip, d.a.TaxWhere(p).Certain, d.b.TaxWhere(p).Certain)
	})
}

// zips are the stretches of US ZIP codes between the ends of all rows of rate files.
func (d *differ) zips() []authoring.Place {
	var starts []int
	for _, b := range []*authoring.Book{d.a, d.b} {
		for _, z := range b.Tax.ZIPs {
			from, err1 := strconv.Atoi(z[0])
			to, err2 := strconv.Atoi(z[1])
			if err1 == nil && err2 == nil {
				starts = append(starts, from, to+1)
			}
		}
	}
	slices.Sort(starts)
	starts = slices.Compact(starts)
	var list []authoring.Place
	for i := 0; i+1 < len(starts); i++ {
		from, to := fmt.Sprintf("%05d", starts[i]), fmt.Sprintf("%05d", starts[i+1]-1)
		list = append(list, authoring.Place{Country: "US", Region: "ZIP", Ranges: []authoring.Range{{From: from, To: to}}, Postcode: from})
	}
	return list
}

func (d *differ) taxMarks() axis {
	a := axis{word: "class", cells: []cell{{text: "goods without a tax class", low: func(p *point) { p.marks = nil }}}}
	for _, s := range d.taxSamples() {
		a.cells = append(a.cells, cell{text: d.taxName(s), low: func(p *point) { p.marks = []table.Sample{s} }})
	}
	return a
}

func (d *differ) taxName(s table.Sample) string {
	l := s.Line()
	for _, b := range []*authoring.Book{d.a, d.b} {
		set := b.Tax.Classes.Of(&l, nil)
		for i, name := range b.Tax.Classes.Names() {
			if set == 1<<i {
				return name
			}
		}
	}
	return cmp.Or(s.Tag, s.SKU, s.Category)
}

// taxTotals are the limits of value at which tax changes.
func (d *differ) taxTotals(currency string) axis {
	var cuts []authoring.Cut
	add := func(list table.MoneyList) {
		if v, ok := list.In(table.Currency(currency)); ok {
			text := authoring.Money(v, currency)
			cuts = append(cuts, authoring.Cut{Start: int64(v), Text: text, From: true}, authoring.Cut{Start: int64(v) + 1, Text: text})
		}
	}
	for _, b := range []*authoring.Book{d.a, d.b} {
		for _, l := range b.Tax.Limits {
			add(l)
		}
		for i := range b.Tax.Fees {
			for _, t := range b.Tax.Fees[i].Terms() {
				add(t.Money)
			}
		}
	}
	slices.SortStableFunc(cuts, func(a, b authoring.Cut) int { return cmp.Compare(a.Start, b.Start) })
	cuts = slices.CompactFunc(cuts, func(a, b authoring.Cut) bool { return a.Start == b.Start })
	return ordered("total", cuts, int64(authoring.Amount(currency)), false, func(p *point, v int64) { p.total = order.Amount(v) })
}

// buyers are persons and, where a VAT id counts, businesses with one of the destination.
func (d *differ) buyers() axis {
	a := axis{word: "customer", cells: []cell{{text: "persons", low: func(*point) {}}}}
	if d.a.Tax.VATID || d.b.Tax.VATID {
		a.cells = append(a.cells, cell{text: "businesses with a VAT id", low: func(p *point) {
			p.q.Customer, p.q.VATID = "organization", vatID(p.q.Country)
			p.q.Tag = taxTag
		}})
	}
	return a
}

// taxTag is the tag by which a plug-in says that a VAT id is valid.
const taxTag = "vat_id_valid"

// vatID is a number of the right form, for the countries that have one.
func vatID(country string) string {
	return map[string]string{"AT": "ATU12345678", "BE": "BE0123456789", "BG": "BG123456789", "CY": "CY12345678L", "CZ": "CZ12345678",
		"DE": "DE123456789", "DK": "DK12345678", "EE": "EE123456789", "ES": "ESX1234567X", "FI": "FI12345678", "FR": "FRXX123456789",
		"GR": "EL123456789", "HR": "HR12345678901", "HU": "HU12345678", "IE": "IE1234567WA", "IT": "IT12345678901", "LT": "LT123456789",
		"LU": "LU12345678", "LV": "LV12345678901", "MT": "MT12345678", "NL": "NL123456789B01", "PL": "PL1234567890", "PT": "PT123456789",
		"RO": "RO1234567890", "SE": "SE123456789001", "SI": "SI12345678", "SK": "SK1234567890"}[country]
}

// freights are what VAT is compared of: the goods, freight as the file taxes it, and each tax class that an option names.
func (d *differ) freights() []string {
	list := []string{"goods", "freight"}
	for _, b := range []*authoring.Book{d.a, d.b} {
		for i := range b.Parts {
			if p := &b.Parts[i]; p.TaxClass != "" && !p.Off && !slices.Contains(list, byOption+p.ID) {
				list = append(list, byOption+p.ID)
			}
		}
	}
	return list
}

// askVAT observes the rates of goods and freight.
func (d *differ) askVAT(ids []string) func(ctx context.Context, p *point, before, after []Value) {
	return func(ctx context.Context, p *point, before, after []Value) {
		q := p.question()
		o := d.a.Order(ctx, q)
		vatOf(ctx, d.a, d.a.Engine.Query(rules.AddressUpdate, o, q.Now), ids, before)
		vatOf(ctx, d.b, d.b.Engine.Query(rules.AddressUpdate, o, q.Now), ids, after)
	}
}

func vatOf(ctx context.Context, b *authoring.Book, q *rules.Query, ids []string, to []Value) {
	g, err := b.Rules.Tax.Goods(ctx, q)
	switch {
	case err != nil:
		to[0] = Value{Text: err.Error()}
		return
	case g.Reject != nil:
		to[0] = Value{Text: "not served"}
		return
	case len(g.Rates) > 0 && g.Rates[0].Apply:
		to[0] = Value{Offered: true, Text: rateText(g.Rates[0].Rate)}
	}
	for i, id := range ids[1:] {
		class := ""
		if option, by := strings.CutPrefix(id, byOption); by {
			part := b.Part(option)
			if part == nil {
				continue
			}
			class = part.TaxClass
		}
		if f, err := b.Rules.Tax.Freight(ctx, q, class); err == nil {
			to[1+i] = Value{Offered: true, Text: owedText(f)}
		}
	}
}

// byOption begins what is observed of the freight of one option.
const byOption = "freight by "

func rateText(r order.Rate) string {
	const whole = 100
	text := strconv.FormatInt(int64(r/whole), 10)
	if rest := r % whole; rest != 0 {
		text += fmt.Sprintf(".%02d", rest)
	}
	return text + " %"
}

// owedText is freightText of a buyer who may owe the tax, which is then taken out.
func owedText(f pricing.FreightTax) string {
	if f.Owed {
		return "none, the buyer owes it: taken out " + freightText(f)
	}
	return freightText(f)
}

func freightText(f pricing.FreightTax) string {
	switch f.Mode {
	case pricing.FreightSplit:
		return "as the goods, in proportion"
	case pricing.FreightHighest:
		return "at the highest rate of the goods"
	case pricing.FreightLargest:
		return "at the rate of most of the goods"
	default:
		return rateText(f.Rate)
	}
}

// freightShare is which part of the goods the freight of a question about sales tax is.
const freightShare = 10

// askSales observes the sum of sales tax and of fees on an order.
func (d *differ) askSales(ctx context.Context, p *point, before, after []Value) {
	q := p.question()
	if q.Region == "ZIP" {
		q.Region = ""
	}
	for k, b := range []*authoring.Book{d.a, d.b} {
		to := before
		if k == 1 {
			to = after
		}
		query := b.Engine.Query(rules.AddressUpdate, d.a.Order(ctx, q), q.Now)
		freight := p.total / freightShare
		lines, err := b.Rules.Tax.TaxLines(ctx, query, &rules.Paid{Ships: true, Chosen: true, Price: freight})
		if err != nil {
			to[0] = Value{Text: err.Error()}
			continue
		}
		var tax, fees order.Amount
		for i := range lines {
			if lines[i].Kind() == order.SalesTax {
				tax += lines[i].TotalAmount
			} else {
				fees += lines[i].TotalAmount
			}
		}
		text := " on " + authoring.Money(p.total, q.Currency) + " and " + authoring.Money(freight, q.Currency) + " freight"
		to[0] = Value{Offered: true, Amount: tax, Currency: q.Currency, Text: authoring.Money(tax, q.Currency) + text}
		to[1] = Value{Offered: true, Amount: fees, Currency: q.Currency, Text: authoring.Money(fees, q.Currency)}
	}
}
