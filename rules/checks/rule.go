package checks

import (
	"context"
	"fmt"
	"sync"

	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// Rule is a single condition in the words of a rulebook that stands outside of it, such as capture: when in the
// configuration. It is read-only and safe for concurrent use.
type Rule struct{ t *Table }

// NewRule compiles a condition, a map or a list of maps of which one has to hold; nil where r has an error in it. Where the
// rulebook declares no class `digital`, the condition knows one: the lines of type digital.
func NewRule(n *diag.Node, what string, o Options, r *diag.Report) *Rule {
	t := &Table{scope: o.Scope, cart: o.Cart}
	t.scope.Classes, t.cart.Classes = o.Scope.Classes.WithDigital(), o.Cart.Classes.WithDigital()
	t.scope.Report, t.cart.Digital = nil, true
	own := t.scope
	own.Report = r
	when, ok := own.Conditions(n, what)
	if !ok || n == nil {
		return nil
	}
	t.checks = []check{{id: what, at: n.Place, when: when, on: setOf(rules.Validation)}}
	t.pool = sync.Pool{New: func() any { return new(state) }}
	return &Rule{t}
}

// Holds reports whether the condition certainly holds for a question; where only an unknown postcode could tell, it does not.
// An error is a cart out of range.
func (r *Rule) Holds(ctx context.Context, q *rules.Query) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	s := r.t.pool.Get().(*state)
	defer s.end()
	if err := s.begin(r.t, q); err != nil {
		return false, fmt.Errorf("goods: %w", err)
	}
	return s.holds(&r.t.checks[0]) == table.Yes, nil
}
