package rules

import "github.com/kvitto/kvitto/order"

// Trace collects why an answer is as it is. Engines fill it where Query.Trace is not nil. Not for
// concurrent use.
type Trace struct {
	Zones   []string // names of the zones the address is certainly in, in file order
	Notes   []Step
	Options []OptionTrace   // in file order, taken or not
	Goods   []Step          // one per line that was looked at
	Looked  map[string]Step // condition word → first place that looked at it
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
