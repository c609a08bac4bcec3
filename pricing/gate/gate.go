// Package gate checks an order's sums and limits the way the provider would, before anything leaves.
//
// Its one rule: it shares no code with the calculation it checks; it imports nothing but the model.
package gate

import "github.com/kvitto/kvitto/order"

// Violation is one thing the provider would refuse. Sent and Allowed are numbers or short words of the
// contract, never text from the order.
type Violation struct {
	Pointer string // RFC 6901
	Line    int    // index into the lines; -1: not of a line
	Field   string
	Sent    string
	Allowed string
	Rule    string // the rule in a sentence, with its section of the contract
}

// Order checks an order that came in.
func Order(o *order.Order) []Violation { return nil }

// Answer checks an answer before it leaves, also against the order it answers.
func Answer(in *order.Order, a *order.Answer) []Violation { return nil }
