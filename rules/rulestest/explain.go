package rulestest

import (
	"strings"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// Explanation is why an answer is as it is. Amounts are in minor units of Currency.
type Explanation struct {
	Revision string
	Asked    bool // false: the order never got to the tables, see Faults
	Now      time.Time
	Address  string // "" where none is known
	Zones    []string
	Currency string
	Cart     ExplainedCart
	Notes    []rules.Step
	Goods    []rules.Step // tax of the goods
	Options  []ExplainedOption
	Refusal  *ExplainedRefusal // nil: there is an answer
	Paid     string            // id of the option that is paid for; "" where none is
	Sums     *ExplainedSums    // nil: there is no answer
	Checks   []ExplainedCheck
	Stop     *ExplainedStop // nil: the buyer may buy, or there are no checks
	Faults   []string       // what would break the checkout

	Query   *rules.Query // the question, as the tables saw it; nil where it never got to them
	Changes []Change     // what would be otherwise if one thing were; for those who look for it, empty until then
	All     bool         // Text tells all of Changes
}

// ExplainedCart is the goods in short. Grams is 0 where no line has a weight.
type ExplainedCart struct {
	Pieces int64
	Grams  int64
	Goods  order.Amount // of the goods lines, as they came in
	Off    order.Amount // of discount lines, zero or less
}

// ExplainedOption is the story of one option, offered or not.
type ExplainedOption struct {
	ID          string
	Name        string
	Offered     bool
	Preselected bool
	Price, Tax  order.Amount
	Rate        order.Rate
	Steps       []rules.Step
	Parts       []pricing.Part // its price by tax rate
}

// ExplainedRefusal is an answer that is not a list of options.
type ExplainedRefusal struct {
	Error    string // an error_type; "" for a redirect
	Text     string // what the buyer reads; "" where the service's own text is shown
	Location string
	Reasons  []rules.Step
}

// ExplainedSums are the sums of the answer. Goods is what is neither freight nor a line of fees or sales tax.
type ExplainedSums struct {
	Goods, Freight, Fees, SalesTax, Amount, Tax order.Amount
}

// Explain asks a question and tells the story of its answer. Faults of the question are errors in r with the flag as
// their file; then the result is nil. now counts where the question names none.
func Explain(s Subject, a Asked, now time.Time, r *diag.Report) *Explanation {
	in, ok := a.input(&s, now, r)
	if !ok || r.Failed() {
		return nil
	}
	out := ask(&s, &in)
	if len(s.Checks) > 0 {
		out.buy(&s, &in)
	}
	x := &Explanation{Revision: s.Engine.Revision(), Now: in.now.In(s.location()), Currency: string(in.currency), Faults: out.faults}
	if out.query == nil {
		return x
	}
	x.Asked, x.Query = true, out.query
	d := out.query.Destination
	x.Address = address{country: d.Country, region: strings.TrimPrefix(d.Region, d.Country+"-"), postcode: d.Postcode}.text()
	x.Zones, x.Notes, x.Goods = out.trace.Zones, out.trace.Notes, out.trace.Goods
	x.cart(out.query)
	x.options(out)
	x.outcome(out)
	x.checks(out)
	return x
}

// cart sums the goods up; weights that the order lacks come from the shop's list, cut to grams.
func (x *Explanation) cart(q *rules.Query) {
	for i := range q.Order.Lines {
		l := &q.Order.Lines[i]
		switch {
		case l.Kind() == order.Discount:
			x.Cart.Off += l.TotalAmount
		case l.Goods():
			x.Cart.Pieces += l.Quantity
			x.Cart.Goods += l.TotalAmount
			if l.ShippingAttributes != nil && l.ShippingAttributes.Weight > 0 {
				x.Cart.Grams += l.Quantity * l.ShippingAttributes.Weight
			} else if p := q.Product(l); p != nil && l.Ships() {
				x.Cart.Grams += l.Quantity * p.Micrograms / microgramsPerGram
			}
		}
	}
}

// options puts the options of the answer beside the stories of all of them, in the order of the tables.
func (x *Explanation) options(out *outcome) {
	told := map[string]bool{}
	for i := range out.trace.Options {
		t := &out.trace.Options[i]
		found := false
		if out.plan != nil {
			for k := range out.plan.Options {
				head, _, _ := strings.Cut(out.plan.Options[k].ID, ":")
				if head == t.ID || out.plan.Options[k].ID == t.ID {
					found = true
					told[out.plan.Options[k].ID] = true
					x.Options = append(x.Options, explained(out.plan, k, t.Steps))
				}
			}
		}
		if !found {
			x.Options = append(x.Options, ExplainedOption{ID: t.ID, Steps: t.Steps})
		}
	}
	if out.plan == nil {
		return
	}
	for k := range out.plan.Options { // of engines that tell no story
		if !told[out.plan.Options[k].ID] {
			x.Options = append(x.Options, explained(out.plan, k, nil))
		}
	}
}

func explained(p *pricing.Plan, k int, steps []rules.Step) ExplainedOption {
	o := &p.Options[k]
	return ExplainedOption{ID: o.ID, Name: o.Name, Offered: true, Preselected: o.Preselected, Price: o.Price, Tax: o.TaxAmount,
		Rate: o.TaxRate, Steps: steps, Parts: p.Priced[k].Parts}
}

// outcome tells the sums, or why there are none.
func (x *Explanation) outcome(out *outcome) {
	if out.answer == nil {
		if len(out.faults) > 0 {
			return
		}
		v := verdict{out: out}
		d := &out.decision
		x.Refusal = &ExplainedRefusal{Error: string(d.Reject.Kind), Text: d.Reject.Text, Location: d.Location, Reasons: v.reasons()}
		if d.Verdict == rules.Redirected {
			x.Refusal.Error = ""
		}
		return
	}
	if p := out.plan; p.Effective >= 0 {
		x.Paid = p.Options[p.Effective].ID
	}
	x.Sums = &ExplainedSums{Amount: out.answer.OrderAmount, Tax: out.answer.OrderTaxAmount}
	x.Sums.split(out.answer.Lines)
}

func (x *Explanation) currency() table.Currency { return table.Currency(x.Currency) }
