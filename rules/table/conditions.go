package table

import "github.com/kvitto/kvitto/rules/diag"

// Words are the condition words that a place in a file may use; see rule-format 5.4.
type Words uint64

// Condition is a compiled AND of words. The zero value always holds.
type Condition struct{}

// Conditions is a compiled when or unless: OR over its members. Empty holds always (when) or never (unless).
type Conditions []Condition

// Condition parses the condition words among the keys of n (a map that may also hold keys named in other, which are skipped;
// all further keys are unknown: E0xx).
func (s *Scope) Condition(n *diag.Node, what string, other []string) (Condition, bool) {
	return Condition{}, false
}

// Conditions parses a map or a list of maps.
func (s *Scope) Conditions(n *diag.Node, what string) (Conditions, bool) { return nil, false }

// Holds evaluates c over the items in f.Cart. It allocates nothing.
func (c *Condition) Holds(f *Facts) Truth { return No }

// Any is the OR over cs; why is the index of the member that decided.
func (cs Conditions) Any(f *Facts) (t Truth, why int) { return No, -1 }

// Explain says in a few words why c does not hold, e.g. "only_class letter; 1 item has no class".
func (c *Condition) Explain(f *Facts) (text string, at diag.Place) { return "", diag.Place{} }

// Empty reports whether there is no word in c.
func (c *Condition) Empty() bool { return true }
