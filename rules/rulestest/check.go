package rulestest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// Failure is one thing that is not as expected.
type Failure struct {
	Input    string // which row or address of the case; "" where the case has one
	What     string // e.g. "price of ombud"
	Expected string // may be empty
	Got      string
	Why      []rules.Step // the lines that decided, in order; may be empty
	At       diag.Place   // of the row of a table or the value that was expected; the zero value: the case as a whole
}

// String writes the failure on one line.
func (f Failure) String() string {
	var s strings.Builder
	if f.Input != "" {
		s.WriteString(f.Input + ": ")
	}
	s.WriteString(f.What + ": ")
	if f.Expected != "" {
		s.WriteString("expected " + f.Expected + ", got ")
	}
	s.WriteString(f.Got)
	for _, w := range f.Why {
		s.WriteString("; " + w.Text)
		if w.File != "" {
			fmt.Fprintf(&s, " (%s)", placeText(w))
		}
	}
	return s.String()
}

// verdict compares an outcome with what was expected of it.
type verdict struct {
	s        *Subject
	run      *run
	out      *outcome
	checks   int
	failures []Failure
}

// check counts a check and notes where it fails.
func (v *verdict) check(what, expected, got string, why func() []rules.Step) {
	v.checks++
	if expected == got {
		return
	}
	f := Failure{Input: v.run.label, What: what, Expected: expected, Got: got, At: v.at()}
	if why != nil {
		f.Why = why()
	}
	v.failures = append(v.failures, f)
}

// broken notes a failure that nobody asked about.
func (v *verdict) broken(what, got string, why []rules.Step) {
	v.checks++
	v.failures = append(v.failures, Failure{Input: v.run.label, What: what, Got: got, Why: why, At: v.at()})
}

// at is the row of a table that is judged.
func (v *verdict) at() diag.Place {
	if v.run.sheet == nil {
		return diag.Place{}
	}
	return v.run.at
}

// judge makes all checks of a run.
func (v *verdict) judge() {
	for _, fault := range v.out.faults {
		v.broken("automatic check", fault, nil)
	}
	if len(v.out.faults) > 0 && v.out.answer == nil {
		return
	}
	want := &v.run.want
	switch {
	case want.row != nil:
		v.row(want.row, want.absent)
	case want.stop != nil:
		v.stopped(want)
	case want.error != "":
		v.refused(want.error)
		v.missing(want.without)
	case v.out.answer == nil:
		v.broken("answer", "the order is refused: "+v.refusal(), v.reasons())
	default:
		v.answer(want)
	}
}

// answer checks an answer that is a 200.
func (v *verdict) answer(want *expectation) {
	if want.options != nil {
		v.exactly(want.options)
	}
	for i := range want.with {
		v.has(&want.with[i])
	}
	v.missing(want.without)
	if want.goodsTax != nil {
		v.money("goods_tax", *want.goodsTax, v.goodsTax(), func() []rules.Step { return v.out.trace.Goods })
	}
	if want.freight != nil {
		v.check("freight", partsText(want.freight, v.currency()), partsText(v.freight(), v.currency()), v.paid)
	}
	v.taxLines(want)
	if want.amount != nil {
		v.money("order_amount", *want.amount, v.out.answer.OrderAmount, v.paid)
	}
	if want.tax != nil {
		v.money("order_tax_amount", *want.tax, v.out.answer.OrderTaxAmount, v.paid)
	}
}

func (v *verdict) currency() table.Currency { return v.run.in.currency }

func (v *verdict) money(what string, want, got order.Amount, why func() []rules.Step) {
	v.check(what, moneyText(want, v.currency()), moneyText(got, v.currency()), why)
}

// exactly checks that the options are these, in this order, and what is said about each. The place of an option is a
// check; its members are others.
func (v *verdict) exactly(want []wantOption) {
	got := v.out.answer.Options
	for i := range want {
		w := &want[i]
		is := "nothing"
		if i < len(got) {
			is = got[i].ID
		}
		v.check("option "+itoa(i+1), w.id, is, func() []rules.Step { return v.story(w.id) })
		if o := v.option(w.id); o != nil {
			v.fields(w, o)
		} else {
			v.checks += len(w.fields)
			for _, f := range w.fields {
				v.failures = append(v.failures, Failure{Input: v.run.label, What: f.name + " of " + w.id, Expected: f.want, Got: "not offered", At: f.at})
			}
		}
	}
	if len(got) > len(want) {
		var ids []string
		for i := len(want); i < len(got); i++ {
			ids = append(ids, got[i].ID)
		}
		v.broken("options", "more than expected: "+strings.Join(ids, ", "), v.story(ids[0]))
	} else if len(want) == 0 {
		v.checks++
	}
}

// has checks that an option is offered, and what is said about it.
func (v *verdict) has(w *wantOption) {
	o := v.option(w.id)
	if o == nil {
		v.checks += max(len(w.fields)-1, 0)
		v.check(w.id, "offered", "not offered", func() []rules.Step { return v.story(w.id) })
		return
	}
	if len(w.fields) == 0 {
		v.checks++
	}
	v.fields(w, o)
}

func (v *verdict) fields(w *wantOption, o *order.ShippingOption) {
	for _, f := range w.fields {
		before := len(v.failures)
		v.check(f.name+" of "+w.id, f.want, f.got(o, v.currency()), func() []rules.Step { return v.story(w.id) })
		for i := before; i < len(v.failures); i++ {
			v.failures[i].At = f.at
		}
	}
}

// missing checks that options are not offered. An id without a point stands for all its points.
func (v *verdict) missing(ids []string) {
	for _, id := range ids {
		got := "not offered"
		if v.out.answer != nil && v.option(id) != nil {
			got = "offered"
		}
		v.check(id, "not offered", got, func() []rules.Step { return v.story(id) })
	}
}

// row checks the option of a table's row.
func (v *verdict) row(w *wantOption, absent bool) {
	if absent {
		v.missing([]string{w.id})
		return
	}
	if v.out.answer == nil || v.option(w.id) == nil {
		v.checks += len(w.fields) - 1
		why := func() []rules.Step {
			if s := v.story(w.id); len(s) > 0 {
				return s
			}
			return v.reasons()
		}
		v.check("price of "+w.id, w.fields[0].want, "not offered", why)
		return
	}
	v.fields(w, v.option(w.id))
}

// refused checks that the order is refused with an error_type.
func (v *verdict) refused(kind string) {
	got := string(v.out.decision.Reject.Kind)
	if a := v.out.answer; a != nil {
		var ids []string
		for i := range a.Options {
			ids = append(ids, a.Options[i].ID)
		}
		got = "options " + strings.Join(ids, ", ")
		if len(ids) == 0 {
			got = "nothing to ship"
		}
	}
	v.check("error", kind, got, v.reasons)
}

// refusal says in a few words why there is no answer.
func (v *verdict) refusal() string {
	d := &v.out.decision
	if d.Verdict == rules.Redirected {
		return "redirect to " + d.Location
	}
	return string(d.Reject.Kind)
}

// reasons are those of a refusal as lines of a story.
func (v *verdict) reasons() []rules.Step { return stepsOf(&v.out.decision) }

func stepsOf(d *rules.Decision) []rules.Step {
	var steps []rules.Step
	for _, r := range d.Reasons {
		text := r.Rule
		switch {
		case strings.HasPrefix(r.Rule, rules.CheckRule):
			text = "check " + strings.TrimPrefix(r.Rule, rules.CheckRule) + ": " + r.Detail
		case r.Detail != "":
			text = r.Detail
		}
		steps = append(steps, rules.Step{Text: text, File: r.File, Line: r.Line})
	}
	return steps
}

// option finds an option by its id; the id of an option with several points finds the first of them.
func (v *verdict) option(id string) *order.ShippingOption {
	options := v.out.answer.Options
	for i := range options {
		if options[i].ID == id {
			return &options[i]
		}
	}
	for i := range options {
		if head, _, pointed := strings.Cut(options[i].ID, ":"); pointed && head == id {
			return &options[i]
		}
	}
	return nil
}

// story is what the tables did about an option.
func (v *verdict) story(id string) []rules.Step { return v.out.story(id) }

func (o *outcome) story(id string) []rules.Step {
	head, _, _ := strings.Cut(id, ":")
	for i := range o.trace.Options {
		if t := &o.trace.Options[i]; t.ID == id || t.ID == head {
			return t.Steps
		}
	}
	return nil
}

// paid is the story of the option that is paid for.
func (v *verdict) paid() []rules.Step {
	p := v.out.plan
	if p.Effective < 0 {
		return []rules.Step{{Text: "no option is chosen, so no freight is charged"}}
	}
	id := p.Options[p.Effective].ID
	return append([]rules.Step{{Text: "paid for: " + id}}, v.story(id)...)
}

// goodsTax is the tax of all lines but freight.
func (v *verdict) goodsTax() (sum order.Amount) {
	for i := range v.out.answer.Lines {
		if l := &v.out.answer.Lines[i]; l.Kind() != order.ShippingFee && l.Kind() != order.SalesTax {
			sum += l.TotalTaxAmount // in range: the order's sums are
		}
	}
	return sum
}

// freight is what the freight lines charge by rate, in order.
func (v *verdict) freight() []wantPart {
	var parts []wantPart
	for i := range v.out.answer.Lines {
		l := &v.out.answer.Lines[i]
		if l.Kind() != order.ShippingFee {
			continue
		}
		rate := table.Percent(int64(l.TaxRate) * 100)
		at := slices.IndexFunc(parts, func(p wantPart) bool { return p.rate == rate })
		if at < 0 {
			parts, at = append(parts, wantPart{rate: rate}), len(parts)
		}
		parts[at].gross += l.TotalAmount
	}
	return parts
}

// partsText writes freight parts from the highest rate down, so that their order does not count.
func partsText(parts []wantPart, c table.Currency) string {
	if len(parts) == 0 {
		return "none"
	}
	parts = slices.Clone(parts)
	slices.SortFunc(parts, func(a, b wantPart) int { return int(b.rate - a.rate) })
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = fmt.Sprintf("%s at %s", moneyText(p.gross, c), p.rate)
	}
	return strings.Join(texts, ", ")
}

func itoa(n int) string { return strconv.Itoa(n) }
