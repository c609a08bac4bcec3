package shipping

import (
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// surcharge is added to the price wherever its condition holds.
type surcharge struct {
	when       table.Condition
	add        table.Dated[amount]
	label      table.Text
	hasLabel   bool
	over, each units
	classes    table.ClassSet // only what is of these counts for over and each; empty: everything
}

// units is a number of pieces or a weight.
type units struct {
	n      int64
	weight bool // n is in micrograms, else in pieces
	set    bool
	at     diag.Place
}

func surchargeKeys() []string { return []string{"add", "each", "over", "label"} }

// surcharges parses the list under surcharges.
func (l *loader) surcharges(n *diag.Node) []surcharge {
	if n == nil {
		return nil
	}
	items := n.Items
	if n.Kind == diag.Map {
		items = []*diag.Node{n}
	}
	if n.Kind == diag.Scalar {
		f := l.r.Errorf(diag.CodeShape, n.Place, "`surcharges` is a list")
		f.Help = "write - {add: " + n.Text + "} below it"
		return nil
	}
	list := make([]surcharge, 0, len(items))
	for _, item := range items {
		if s, ok := l.surcharge(item); ok {
			list = append(list, s)
		}
	}
	return list
}

func (l *loader) surcharge(n *diag.Node) (surcharge, bool) {
	s := surcharge{}
	if n.Kind != diag.Map {
		f := l.r.Errorf(diag.CodeShape, n.Place, "a surcharge is a map, `%s` is not one", n.Text)
		f.Help = "write - {add: " + n.Text + "}"
		return s, false
	}
	ok := l.withNote(n, func(l *loader) bool {
		var ok bool
		s.when, ok = l.scope.Condition(n, "a surcharge", surchargeKeys())
		return ok
	})
	add := n.Get("add")
	if add == nil {
		f := l.r.Errorf(diag.CodeMissingKey, n.Place, "this surcharge has no `add`")
		f.Help = "add add: 20.00, or add: 5% of goods"
		return s, false
	}
	var okAdd bool
	s.add, okAdd = l.datedAmount(add)
	ok = l.steps(n, &s) && ok && okAdd
	if v := n.Get("label"); v != nil {
		var okLabel bool
		s.label, okLabel = l.scope.Text(v)
		s.hasLabel, ok = okLabel, ok && okLabel
	}
	return s, ok
}

// withNote parses conditions of a surcharge; an unknown zone gets a note on what it costs.
func (l *loader) withNote(n *diag.Node, parse func(*loader) bool) bool {
	inner := *l
	scope := *l.scope
	scope.Report = &diag.Report{}
	inner.scope, inner.r = &scope, scope.Report
	ok := parse(&inner)
	for _, f := range scope.Report.Findings() {
		if f.Code == codeZone && n.Get("to") != nil {
			if add := n.Get("add"); add != nil && add.Kind == diag.Scalar {
				f.Notes = append(f.Notes, "as it stands, no address would ever pay these "+l.moneyText(add.Text))
			}
		}
		tell := l.r.Errorf
		if f.Severity == diag.Warning {
			tell = l.r.Warnf
		}
		*tell(f.Code, f.Place, "%s", f.Message) = f
	}
	return ok
}

// moneyText writes an amount with the file's currency where it names none.
func (l *loader) moneyText(text string) string {
	if isDigits(strings.ReplaceAll(text, ".", "")) {
		return text + " " + string(l.t.currency)
	}
	return text
}

// steps parses over, each and the classes that they count.
func (l *loader) steps(n *diag.Node, s *surcharge) bool {
	ok := true
	for _, key := range []string{"over", "each"} {
		v := n.Get(key)
		if v == nil {
			continue
		}
		u, okUnits := l.units(v, key)
		if ok = ok && okUnits; key == "over" {
			s.over = u
		} else {
			s.each = u
		}
	}
	if ok && s.over.set && s.each.set && s.over.weight != s.each.weight {
		f := l.r.Errorf(codeWord, n.Get("each").Place, "`over` and `each` do not go together")
		f.Label = "one counts pieces, the other weighs"
		f.Help = "use the same unit for both, e.g. over: 5 kg, each: 1 kg"
		ok = false
	}
	if t := s.when.Term(table.WordClass); t != nil {
		s.classes = t.Classes
	}
	return ok
}

// units parses `1 kg`, `1 item`, `3 items`; each has to be more than nothing.
func (l *loader) units(n *diag.Node, key string) (units, bool) {
	text, ok := l.scalar(n, key, "1 kg")
	if !ok {
		return units{}, false
	}
	u := units{set: true, weight: true, at: n.Place}
	num, unit, _ := strings.Cut(text, " ")
	switch strings.TrimSpace(unit) {
	case "item", "items":
		u.weight = false
		at := n.Place
		at.EndCol = at.Col + len(num)
		u.n, ok = l.scope.Count(&diag.Node{Text: num, Place: at, Path: n.Path})
	default:
		if isDigits(text) {
			f := l.r.Errorf("E101", n.Place, "`%s` has no unit", text)
			f.Help = "write " + text + " item, or " + text + " kg"
			return u, false
		}
		var w table.Weight
		w, ok = l.scope.Weight(n)
		u.n = int64(w)
	}
	if ok && key == "each" && u.n <= 0 {
		f := l.r.Errorf("E104", n.Place, "`each: %s` is nothing", text)
		f.Help = "write how much one step is, e.g. 1 kg or 1 item"
		return u, false
	}
	return u, ok
}

// count says how many times a surcharge is added: once, or once for each started unit above the limit.
func (s *surcharge) count(c *table.Cart) (int64, error) {
	if !s.over.set && !s.each.set {
		return 1, nil
	}
	var have order.Amount
	var err error
	weigh := s.over.weight || s.each.weight
	for i := range c.Items {
		item := &c.Items[i]
		if s.classes != 0 && item.Classes&s.classes == 0 {
			continue
		}
		n := order.Amount(item.Quantity)
		if weigh {
			if n, err = times(order.Amount(item.Chargeable), item.Quantity); err != nil {
				return 0, err
			}
		}
		if have, err = plus(have, n); err != nil {
			return 0, err
		}
	}
	above := int64(have) - s.over.n
	switch {
	case above <= 0:
		return 0, nil
	case !s.each.set:
		return 1, nil
	default:
		return (above-1)/s.each.n + 1, nil
	}
}
