package order

// Amount is a sum of money in the minor units of its currency (öre, cents; JPY and ISK have none).
// It may be negative (discounts, gift cards). The wire's own limit for a line is MaxLineAmount.
type Amount int64

// Rate is a tax rate in basis points: 2500 is 25 %. The wire allows 0 to MaxRate.
type Rate int64

// Limits of the wire, contract read 2026-11-22.
const (
	// MaxLineAmount bounds unit_price and total_amount of a line: 100 000 000 minor units.
	MaxLineAmount Amount = 100_000_000
	// MaxRate is 100 %.
	MaxRate Rate = 10_000
	// MaxLines is the most lines an order may have, in and out.
	MaxLines = 1000
)
