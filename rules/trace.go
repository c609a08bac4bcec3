package rules

import (
	"maps"
	"strings"

	"github.com/kvitto/kvitto/order"
)

// Trace collects why an answer is as it is. Engines fill it where Query.Trace is not nil. Not for
// concurrent use.
type Trace struct {
	Zones   []string // names of the zones the address is certainly in, in file order
	Notes   []Step
	Options []OptionTrace   // in file order, taken or not
	Goods   []Step          // one per line that was looked at
	Checks  []CheckTrace    // in file order, up to the one that decided
	Looked  map[string]Step // condition word → first place that looked at it
}

// CheckRule begins the Rule of a reason that a check of the tables is the cause of; the check's id follows.
const CheckRule = "check:"

// CheckTrace is the story of one check: whether it holds on a callback, and why not.
type CheckTrace struct {
	ID       string
	Callback Callback
	Holds    bool
	Step     Step
}

// OptionTrace is the story of one option.
type OptionTrace struct {
	ID    string
	Taken bool
	Steps []Step
}

// Step is one sentence of the story, with its place in the tables.
type Step struct {
	Amount    order.Amount // the effect on the price, where HasAmount
	HasAmount bool
	Currency  string
	Text      string
	File      string
	Line, Col int
}

// owed ends the story of an option with the tax that was taken out of its price, because the buyer owes it.
func (t *Trace) owed(option string, tax order.Amount, currency string) {
	if t == nil {
		return
	}
	id, _, _ := strings.Cut(option, ":")
	for i := range t.Options {
		if o := &t.Options[i]; o.ID == id || o.ID == option {
			o.Steps = append(o.Steps, Step{Amount: -tax, HasAmount: true, Currency: currency, Text: "the tax in it, which the buyer owes (reverse charge)"})
			return
		}
	}
}

// add appends what another trace holds; the first place that looked at a word stays. Both may be nil.
func (t *Trace) add(o *Trace) {
	if t == nil || o == nil {
		return
	}
	t.Zones = append(t.Zones, o.Zones...)
	t.Notes = append(t.Notes, o.Notes...)
	t.Options = append(t.Options, o.Options...)
	t.Goods = append(t.Goods, o.Goods...)
	t.Checks = append(t.Checks, o.Checks...)
	if len(o.Looked) == 0 {
		return
	}
	looked := maps.Clone(o.Looked)
	maps.Copy(looked, t.Looked)
	t.Looked = looked
}
