package scenario

import (
	"fmt"
	"strings"

	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
)

// wanted is an option, a freight line or another line of the order with what has to hold of it.
type wanted struct {
	id          string
	price, tax  *amount // total of a line
	rate        order.Rate
	hasRate     bool
	name        string
	preselected string // yes, no, "": either
}

// listExpected reads options, with, freight and lines.
func (p *parser) listExpected(key string, n *diag.Node) checker {
	if n.Kind == diag.Scalar && n.Text == "none" {
		return func(x *play) (string, string, bool) {
			got := offered(x, key)
			return "none", describe(got, x.view.Currency), len(got) == 0
		}
	}
	items := []*diag.Node{n}
	if n.Kind == diag.List {
		items = n.Items
	}
	var want []wanted
	for _, item := range items {
		want = append(want, p.wanted(key, item))
	}
	whole := key == "options" || key == "freight"
	return func(x *play) (string, string, bool) {
		got := offered(x, key)
		if whole && !sameIDs(want, got) {
			return ids(want), describe(got, x.view.Currency), false
		}
		return compare(want, got, x.view.Currency)
	}
}

// wanted reads an id, or an id with what has to hold.
func (p *parser) wanted(key string, n *diag.Node) wanted {
	if n.Kind == diag.Scalar && !n.Null {
		return wanted{id: n.Text}
	}
	if !diag.Fields(n, "an entry of `"+key+"`", []string{"id", "price", "tax", "rate", "name", "preselected"}, p.r) {
		return wanted{}
	}
	var w wanted
	if v := diag.Need(n, "an entry of `"+key+"`", "id", p.r); v != nil && diag.WantText(v, "id", p.r) {
		w.id = v.Text
	}
	for name, to := range map[string]**amount{"price": &w.price, "tax": &w.tax} {
		if v := n.Get(name); v != nil {
			a := p.amount(v, name)
			*to = &a
		}
	}
	if v := n.Get("rate"); v != nil {
		w.rate, w.hasRate = order.Rate(p.rate(v)), true
	}
	if v := n.Get("name"); v != nil && diag.WantText(v, "name", p.r) {
		w.name = v.Text
	}
	if v := n.Get("preselected"); v != nil {
		w.preselected = p.word(v, "preselected", "yes", "no")
	}
	return w
}

// offered are the options or lines that a key is about, as options.
func offered(x *play, key string) []simulator.Option {
	if key == "options" || key == "with" {
		return x.view.Options
	}
	var out []simulator.Option
	for _, l := range x.view.Lines {
		if key == "freight" && l.Type != "shipping_fee" {
			continue
		}
		id := l.Reference
		if id == "" {
			id = l.Name
		}
		out = append(out, simulator.Option{ID: id, Name: l.Name, Price: l.Total, Tax: l.Tax, Rate: l.Rate})
	}
	return out
}

func sameIDs(want []wanted, got []simulator.Option) bool {
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i].id != got[i].ID {
			return false
		}
	}
	return true
}

func ids(want []wanted) string {
	var names []string
	for i := range want {
		names = append(names, want[i].id)
	}
	return orNone(strings.Join(names, ", "))
}

func describe(got []simulator.Option, currency string) string {
	var names []string
	for i := range got {
		names = append(names, got[i].ID+" "+money(got[i].Price, currency))
	}
	return orNone(strings.Join(names, ", "))
}

// compare looks for each wanted entry among those that there are; of several with the same id each counts once.
func compare(want []wanted, got []simulator.Option, currency string) (string, string, bool) {
	used := make([]bool, len(got))
	for i := range want {
		found, near := false, ""
		w, g := want[i].id, describe(got, currency)
		for j := range got {
			if used[j] || got[j].ID != want[i].id {
				continue
			}
			ws, gs, ok := want[i].holds(&got[j], currency)
			if ok {
				used[j], found = true, true
				break
			}
			if near == "" {
				near, w, g = gs, want[i].id+" "+ws, want[i].id+" "+gs
			}
		}
		if !found {
			return w, g, false
		}
	}
	return "", "", true
}

// holds compares one entry and tells the first difference.
func (w *wanted) holds(g *simulator.Option, currency string) (ws, gs string, ok bool) {
	for _, m := range []struct {
		name string
		want *amount
		got  order.Amount
	}{{"", w.price, g.Price}, {"tax ", w.tax, g.Tax}} {
		if m.want == nil {
			continue
		}
		if ws, gs, ok := m.want.is(m.got, currency); !ok {
			return m.name + ws, m.name + gs, false
		}
	}
	switch {
	case w.hasRate && w.rate != g.Rate:
		return "rate " + percent(w.rate), "rate " + percent(g.Rate), false
	case w.name != "" && w.name != g.Name:
		return fmt.Sprintf("named %q", w.name), fmt.Sprintf("named %q", g.Name), false
	case w.preselected == "yes" && !g.Preselected:
		return "preselected", "not preselected", false
	case w.preselected == "no" && g.Preselected:
		return "not preselected", "preselected", false
	}
	return "", "", true
}
