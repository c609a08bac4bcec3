package shipping

import (
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// refuse is the word of item_weight_if_missing by which no option that looks at the weight is offered to a cart with goods
// of unknown weight.
const refuse = "refuse"

// missingWeight parses item_weight_if_missing: a weight, or refuse.
func (l *loader) missingWeight(n *diag.Node, rules *table.CartRules) {
	rules.RefuseMissing = n.Kind == diag.Scalar && strings.TrimSpace(n.Text) == refuse
	rules.WeightIfMissing = 0
	if !rules.RefuseMissing {
		rules.WeightIfMissing, _ = l.scope.Weight(n)
	}
}

// isWeightWord reports whether a condition looks at the weight of the goods.
func isWeightWord(w table.Word) bool {
	return w == table.WordMinWeight || w == table.WordMaxWeight || w == table.WordMaxItemWeight
}

// weighs finds the first place where an option looks at the weight of the goods, and the word there.
func (o *option) weighs() (word string, at diag.Place) {
	o.conditions(func(c *table.Condition) {
		for _, t := range c.Terms() {
			if word == "" && isWeightWord(t.Word) {
				word, at = t.Word.String(), t.Place
			}
		}
	})
	for i := range o.surcharges {
		for _, u := range []struct {
			word string
			units
		}{{"over", o.surcharges[i].over}, {"each", o.surcharges[i].each}} {
			if word == "" && u.set && u.weight {
				word, at = u.word, u.at
			}
		}
	}
	return word, at
}

// knownWeights tells the first option that looks at the weight where nothing says what goods of unknown weight weigh: as
// 0 g they would go by the cheapest row.
func (c *optionCompiler) knownWeights() {
	c.o.weightWord, c.o.weightAt = c.o.weighs()
	if c.o.weightWord == "" || c.fileMissing || c.n.Get("item_weight_if_missing") != nil || c.unknownTold {
		return
	}
	c.unknownTold = true
	f := c.r.Errorf(diag.CodeMissingKey, c.o.weightAt, "`%s` looks at the weight, but nothing says what goods without a weight count", c.o.weightWord)
	f.Label = "the first place that looks at it"
	f.Help = "write `item_weight_if_missing: 300 g` at the top of the file, with a weight that is typical of the shop,\n" +
		"to offer such a cart no option that looks at the weight, write `item_weight_if_missing: refuse`"
	f.Notes = []string{"carts often carry no weight; at 0 g a pallet would be priced as a letter"}
}

// refusesWeight reports whether an option is withheld because goods in the cart have no weight.
func (s *state) refusesWeight(o *option) bool {
	if o.weightWord == "" || !s.t.carts[o.cart].RefuseMissing {
		return false
	}
	s.facts.Look(o.weightWord, o.weightAt)
	n := s.facts.Cart.WithoutWeight()
	if n > 0 {
		s.tr.step(o.weightAt, o.weightWord+"; "+linesHave(n)+" no weight, and item_weight_if_missing is refuse")
	}
	return n > 0
}
