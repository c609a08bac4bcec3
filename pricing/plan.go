// Package pricing is the arithmetic of an order: pure functions over minor units and basis points with
// checked operations and named rounding.
//
// Its one rule: a sum is exact or it is an error.
package pricing

import "github.com/kvitto/kvitto/order"

// Keep says what stays when a line moves to another rate.
type Keep uint8

const (
	// KeepGross keeps the shelf price: amounts stay, rate and tax change.
	KeepGross Keep = iota
	// KeepNet keeps the price without tax: gross changes with the rate.
	KeepNet
)

// ShippingPolicy says what becomes of shipping lines. It is safe for concurrent use.
type ShippingPolicy struct {
	// Provider is true for shipping_line: provider: no line of ours, incoming ones removed.
	Provider bool
	// Kept are references of shipping_fee lines to leave alone; * stands for any characters.
	Kept []string
	// Fees are references of surcharge lines that are ours even where they come back without Mark.
	Fees []string
}

// LineRate is the rate that a line leaves with. Apply false leaves the line as it is.
type LineRate struct {
	Rate  order.Rate
	Apply bool
}

// FreightMode says how the tax of a freight price follows the goods.
type FreightMode uint8

const (
	// FreightFixed taxes the whole freight at FreightTax.Rate.
	FreightFixed FreightMode = iota
	// FreightSplit splits it over the outgoing goods rates in proportion to the goods' gross values.
	FreightSplit
	// FreightHighest taxes it at the highest rate among the goods.
	FreightHighest
	// FreightLargest taxes it at the rate with the greatest goods value; a tie takes the higher rate.
	FreightLargest
)

// FreightTax says how a freight price is taxed.
type FreightTax struct {
	Mode FreightMode
	Rate order.Rate // of FreightFixed; of the other modes where there are no goods to follow
	// Owed says that the buyer owes the tax (reverse charge): the tax that a buyer who does not would pay is taken out of the
	// price, and what is left has rate 0. A price without tax stays as it is.
	Owed bool
	// OwedGoods are the goods for the modes that follow them: their value with tax at the rate that such a buyer would pay.
	OwedGoods []RateValue
}

// RateValue is the value of goods at one rate, tax included.
type RateValue struct {
	Rate  order.Rate
	Gross order.Amount
}

// Rounding is the table's round: to the nearest multiple of To in the given Mode.
type Rounding struct {
	To   order.Amount // 0: none
	Mode RoundMode
}

// RoundMode names a rounding.
type RoundMode uint8

const (
	// RoundHalfUp rounds halves away from zero.
	RoundHalfUp RoundMode = iota
	// RoundUp rounds towards the buyer paying more.
	RoundUp
	// RoundDown rounds towards the buyer paying less.
	RoundDown
)

// Freight is a price to be taxed.
type Freight struct {
	Price    order.Amount
	ExclTax  bool     // Price has no tax in it yet: gross up, then Round
	Round    Rounding // applied after grossing up; of no effect where To is 0
	TaxRules FreightTax
}

// Part is the share of a freight price at one rate. Gross includes Tax.
type Part struct {
	Rate       order.Rate
	Gross, Tax order.Amount
}

// Priced is a freight price with its tax: Price and Tax and the blended Rate as the shipping option carries
// them, Parts as the shipping_fee lines carry them, in the order the rates first appear in the request.
type Priced struct {
	Price, Tax order.Amount
	Rate       order.Rate
	Parts      []Part
	Owed       order.Amount // the tax that was taken out of the price because the buyer owes it, 0 or more
}

// Plan is what was decided about an order; Recompute turns it into the answer.
type Plan struct {
	Order     *order.Order           // as it came in
	Lines     []order.Line           // what stays: incoming lines less those of ours, re-rated, in order; then fees and sales tax
	Options   []order.ShippingOption // complete, in order, one or none Preselected
	Priced    []Priced               // same length and order as Options
	Effective int                    // index into Options of the option that is paid for; -1: none
	Policy    ShippingPolicy
}
