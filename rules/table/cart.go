package table

import (
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

// Item is one goods line seen by conditions.
type Item struct {
	Line       int // index into rules.Query.Lines
	Quantity   int64
	Weight     Weight       // of one piece: as given, or item_weight_if_missing
	Chargeable Weight       // of one piece: the larger of real and volumetric weight
	Size       Size         // zero: not given
	Total      order.Amount // of the line
	Gross      order.Amount // before discounts: quantity × unit price
	Classes    ClassSet
	NoWeight   bool
	Ignored    bool // its value does not count (order_value.ignore)
}

// Cart is the goods of an order that are to be shipped, with their sums. Reset and Fill allow reuse.
type Cart struct {
	Items     []Item
	Value     order.Amount // as order_value says
	Discounts order.Amount // sum of discount lines (negative)
}

// CartRules say how a cart is read.
type CartRules struct {
	AfterDiscounts  bool
	Ignore          map[order.LineType]bool
	WeightIfMissing Weight
	Volumetric      Density // zero: none
	Classes         *Classes
}

// Fill reads the goods of q into c. An error is an overflow.
func (c *Cart) Fill(q *rules.Query, r *CartRules) error { return nil }

// Facts is what conditions look at; one per request and file, reused through a pool by its owner.
type Facts struct {
	Query    *rules.Query
	Zones    *Zones
	Where    Where
	Cart     *Cart
	Currency Currency
	Day      Date
	Clock    Clock
	Weekday  uint8 // time.Weekday
}

// Truth of a condition: Maybe only where the postcode is not known yet.
type Truth uint8

// The three truths, ordered so that AND is the minimum and OR the maximum.
const (
	No Truth = iota
	Maybe
	Yes
)
