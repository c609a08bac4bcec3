package tax

import (
	"context"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// sales is what a tax file of mode sales_tax holds. It is read-only.
type sales struct {
	states  map[string]*taxState // of collect_in, by code without the country: "CA"
	levels  []levels             // rates that occur in rate files, each once
	files   []rateSource         // rate files
	feeIDs  []string
	single  bool // lines: one
	perLine bool // round: line
	days    []table.Date
}

// levels are the rates of a place: state, county, city, special.
type levels [levelCount]table.Percent

const levelCount = 4

// sum is the rate that a buyer pays in all.
func (l *levels) sum() (p table.Percent) {
	for _, rate := range l {
		p += rate
	}
	return p
}

// taxState is a state in which the shop collects tax.
type taxState struct {
	code     string
	at       diag.Place // in collect_in
	fallback table.Dated[table.Percent]
	freight  table.Dated[freightWord]
	exempt   []*exemption
	fees     []*fee
	periods  []period // of the rate files, by date, ascending
}

// freightWord says how a state taxes freight.
type freightWord uint8

const (
	freightAll freightWord = iota
	freightFollows
	freightNone
)

// String is the word in the file.
func (w freightWord) String() string { return salesFreightWords()[w] }

func salesFreightWords() []string { return []string{"all", "follow goods", "none"} }

// exemption frees goods of some classes, from one day until another, cheaper than a limit.
type exemption struct {
	classes     table.ClassSet
	limited     bool
	below       table.Dated[table.MoneyList] // of limited
	from, until table.Date                   // both included
	at          diag.Place
}

// fee is a line of its own that some orders carry.
type fee struct {
	id           string
	name         table.Text
	when, unless table.Conditions
	amount       table.Dated[table.MoneyList]
	byMethod     bool // a condition looks at the shipping method
	at           diag.Place
}

var _ rules.LineTaxer = (*Table)(nil)

// salesGoods is Goods of sales tax: the lines leave without tax, and TaxLines makes the tax.
func (t *Table) salesGoods() rules.GoodsTax {
	return rules.GoodsTax{ByLine: true, Keep: t.keep}
}

// FeeIDs implements rules.LineTaxer.
func (t *Table) FeeIDs() []string {
	if t.sales == nil {
		return nil
	}
	return t.sales.feeIDs
}

// SalesTax reports whether the file is one of sales tax.
func (t *Table) SalesTax() bool { return t.sales != nil }

// TaxesFreight reports whether some state of collect_in taxes freight: its tax then depends on the option that is paid for.
func (t *Table) TaxesFreight() bool {
	if t.sales == nil {
		return false
	}
	for _, st := range t.sales.states {
		for _, word := range st.freight.Values {
			if word != freightNone {
				return true
			}
		}
	}
	return false
}

// TaxLines implements rules.LineTaxer: fees of the state in the order of the file, then sales tax by level or as one line.
// Lines of nothing are left out. Where the state is not known, or is not one of collect_in, there are none.
func (t *Table) TaxLines(_ context.Context, q *rules.Query, paid *rules.Paid) ([]order.Line, error) {
	if t.sales == nil {
		return nil, nil
	}
	st := t.taxState(q)
	if st == nil {
		return nil, nil
	}
	day, _, _ := table.DateOf(q.Now.In(t.loc))
	var room [16]baseLine
	b := base{t: t, st: st, q: q, day: day, lines: room[:0]}
	if err := b.read(); err != nil {
		return nil, err
	}
	if err := b.freight(paid); err != nil {
		return nil, err
	}
	lines, err := b.fees(paid)
	if err != nil {
		return nil, err
	}
	return b.taxLines(lines)
}

// taxState is the state of an order if tax is collected there, else nil with a note why.
func (t *Table) taxState(q *rules.Query) *taxState {
	code := stateOf(&q.Destination)
	st := t.sales.states[code]
	if st == nil && q.Trace != nil {
		note := "no sales tax outside collect_in"
		if code == "" && q.Destination.Country == usa {
			note = "the state is not known yet, so there is no sales tax in this answer"
		}
		q.Trace.Goods = append(q.Trace.Goods, rules.Step{Text: note, File: t.file})
	}
	return st
}

// rates finds what holds for an order's ZIP on a day: the row with the latest date in the rate files, else the state's own
// rate; at is what says so. Without either there is no tax yet.
func (s *sales) rates(st *taxState, d *rules.Destination, day table.Date) (rate levels, at diag.Place, ok bool) {
	if zip, known := parseZIP(d.Postcode); known {
		if row := st.find(zip, day); row != nil {
			return s.levels[row.rate], s.place(row), true
		}
	}
	i := st.fallback.Index(day)
	if i < 0 {
		return levels{}, st.at, false
	}
	return levels{st.fallback.Values[i]}, st.fallback.Places[i], true
}

// changes are the instants in (from, to] at which an answer can change.
func (t *Table) salesChanges(from, to time.Time) []time.Time {
	in := table.NewInstants(from, to, t.loc)
	for _, day := range t.sales.days {
		in.Day(day)
	}
	for _, st := range t.sales.states {
		for _, f := range st.fees {
			f.when.Instants(in)
			f.unless.Instants(in)
		}
	}
	return in.Times()
}

// salesFreight is Freight of sales tax: the option and its line carry no tax, the order's sales_tax lines do.
func salesFreight() pricing.FreightTax { return pricing.FreightTax{Mode: pricing.FreightFixed} }
