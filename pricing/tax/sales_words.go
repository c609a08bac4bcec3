package tax

import (
	"math"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// in reads the states of an exemption or a fee; without a word it is all of collect_in.
func (l *loader) in(n *diag.Node, what string) []*taxState {
	if n == nil {
		return l.table.sales.sorted()
	}
	nodes, ok := l.scope.Names(n)
	if !ok {
		return nil
	}
	var states []*taxState
	for _, node := range nodes {
		if st := l.collected(node, what); st != nil {
			states = append(states, st)
		}
	}
	return states
}

func (l *loader) readExempt(n *diag.Node) {
	if n == nil || !diag.WantList(n, "`exempt`", l.report) {
		return
	}
	const what = "an exemption"
	for _, item := range n.Items {
		if !diag.Fields(item, what, []string{"class", "in", "below_item_price", "from", "until"}, l.report) {
			continue
		}
		x := &exemption{from: everSince, until: math.MaxInt32, at: item.Place}
		if v := diag.Need(item, what, "class", l.report); v != nil {
			x.classes = l.classSet(v)
		}
		if v := item.Get("below_item_price"); v != nil {
			x.limited = true
			x.below, _ = l.scope.DatedMoneyList(v)
		}
		l.readSpan(item, x)
		for _, st := range l.in(item.Get("in"), "this exemption") {
			st.exempt = append(st.exempt, x)
		}
	}
}

// readSpan reads the days of an exemption.
func (l *loader) readSpan(n *diag.Node, x *exemption) {
	from, until := n.Get("from"), n.Get("until")
	ok := true
	if from != nil {
		x.from, ok = l.scope.Date(from)
	}
	if until == nil {
		return
	}
	day, okUntil := l.scope.Date(until)
	if x.until = day; ok && okUntil && day < x.from {
		f := l.report.Errorf("E106", until.Place, "until %s is before from %s", day, x.from)
		f.Help = "write a later day for until, or exchange the two"
	}
}

// classSet reads a class or a list of classes.
func (l *loader) classSet(n *diag.Node) (set table.ClassSet) {
	nodes, _ := l.scope.Names(n)
	for _, node := range nodes {
		if id, ok := l.scope.Class(node); ok {
			set |= 1 << id
		}
	}
	return set
}

func (l *loader) readFees(n *diag.Node) {
	if n == nil || !diag.WantList(n, "`fees`", l.report) {
		return
	}
	ids := map[string]diag.Place{}
	for _, item := range n.Items {
		if f := l.readFee(item, ids); f != nil {
			for _, st := range l.in(diag.Need(item, "a fee", "in", l.report), "this fee") {
				st.fees = append(st.fees, f)
			}
		}
	}
}

func (l *loader) readFee(n *diag.Node, ids map[string]diag.Place) *fee {
	const what = "a fee"
	if !diag.Fields(n, what, []string{"id", "name", "in", "when", "unless", "amount"}, l.report) {
		return nil
	}
	f := &fee{at: n.Place}
	if v := diag.Need(n, what, "id", l.report); v != nil && diag.WantText(v, "`id`", l.report) {
		f.id = l.feeID(v, ids)
	}
	if v := diag.Need(n, what, "name", l.report); v != nil {
		f.name, _ = l.scope.Text(v)
		l.checkName(f.name, v)
	}
	f.when, _ = l.scope.Conditions(n.Get("when"), "`when` of a fee")
	f.unless, _ = l.scope.Conditions(n.Get("unless"), "`unless` of a fee")
	for _, c := range slices.Concat(f.when, f.unless) {
		f.byMethod = f.byMethod || c.Term(table.WordMethod) != nil
	}
	if v := diag.Need(n, what, "amount", l.report); v != nil {
		f.amount, _ = l.scope.DatedMoneyList(v)
		for i, list := range f.amount.Values {
			for _, m := range list {
				if m.Amount > order.MaxLineAmount {
					l.report.Errorf("E115", f.amount.Places[i], "%s is more than a line can carry", m).Help = "write a smaller amount"
				}
			}
		}
	}
	return f
}

// feeID reads the id of a fee, which becomes the reference of its line.
func (l *loader) feeID(n *diag.Node, ids map[string]diag.Place) string {
	id := strings.TrimSpace(n.Text)
	switch first, twice := ids[id]; {
	case twice:
		f := l.report.Errorf(codeTwice, n.Place, "there are two fees `%s`", id)
		f.Help = "give one of them another id"
		f.Cause = &diag.Cause{Place: first, Label: "the first one"}
	case len(id) > maxLineText:
		l.report.Errorf(codeLongText, n.Place, "the id is longer than %d characters", maxLineText).Help = "the checkout takes no longer reference; shorten it"
	}
	if _, twice := ids[id]; !twice {
		ids[id] = n.Place
		l.table.sales.feeIDs = append(l.table.sales.feeIDs, id)
	}
	return id
}

// maxLineText is the most characters of a line's reference and name.
const maxLineText = 255

// checkName tells texts that no line can carry.
func (l *loader) checkName(t table.Text, n *diag.Node) {
	for _, text := range t.Texts {
		if len([]rune(text)) > maxLineText {
			l.report.Errorf(codeLongText, n.Place, "the name is longer than %d characters", maxLineText).Help = "the checkout takes no longer name; shorten it"
		}
	}
}
