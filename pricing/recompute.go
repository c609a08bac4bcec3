package pricing

import (
	"errors"

	"github.com/kvitto/kvitto/order"
)

// ErrOverflow is a sum outside int64 or outside what the contract allows.
var ErrOverflow = errors.New("amount out of range")

// Stay returns the incoming lines that stay in the order, in order: all but shipping_fee lines (unless kept)
// and, in VAT mode, sales_tax lines. The elements are the incoming ones.
func Stay(lines []order.Line, p *ShippingPolicy) []order.Line { return nil }

// Rerate returns lines with the rates applied, see design 5.5; rates has one element per line. Lines whose rate does
// not change, and lines that are not Rated, are returned as they are. Discount lines are moved by Rerate itself.
func Rerate(lines []order.Line, rates []LineRate, keep Keep) ([]order.Line, error) { return nil, nil }

// PriceFreight taxes a freight price by the goods among lines, which are re-rated and in the order of the request.
func PriceFreight(f Freight, lines []order.Line) (Priced, error) { return Priced{}, nil }

// Recompute turns a plan into the answer: lines that stay, freight lines of the effective option (reference = option
// id, name = option name, one per part), gift cards and credit resized, sums.
func Recompute(p *Plan) (*order.Answer, error) { return nil, nil }
