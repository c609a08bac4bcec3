package rulestest

import (
	"time"

	"github.com/kvitto/kvitto/order"
)

// Piece is what Split makes lines of.
type Piece struct {
	Quantity        int64
	Price, Discount order.Amount
	Grams           int64
}

// Split divides a made-up cart into lines.
func Split(pieces, grams int64, total, discount order.Amount) (out []Piece) {
	it := item{grams: grams, discount: discount}
	for _, p := range it.split(pieces, total) {
		out = append(out, Piece{p.quantity, p.price, p.discount, p.grams})
	}
	return out
}

// ParseInstant reads a point of time.
func ParseInstant(text string, loc *time.Location) (time.Time, bool) { return parseInstant(text, loc) }
