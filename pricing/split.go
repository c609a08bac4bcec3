package pricing

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/kvitto/kvitto/order"
)

// ErrWeights is a split without a usable weight: none, all zero, or one below zero.
var ErrWeights = errors.New("no weights to split by")

// Split divides total in proportion to the weights by largest remainder: every part is its exact share rounded
// towards zero, and the units left over go one each to the parts that lost most; a tie goes to the first. The
// parts sum to total exactly, and each is less than one unit from its exact share. A negative total splits like
// the positive one. It returns ErrWeights or ErrOverflow.
func Split(total order.Amount, weights []int64) ([]order.Amount, error) {
	out := make([]order.Amount, len(weights))
	if err := splitInto(out, total, weights); err != nil {
		return nil, err
	}
	return out, nil
}

// remainder is what part i lost by rounding towards zero.
type remainder struct {
	i    int
	lost uint64
}

// splitInto is Split into a slice as long as weights.
func splitInto(out []order.Amount, total order.Amount, weights []int64) error {
	sum, err := sumWeights(weights)
	if err != nil {
		return err
	}
	var room [8]remainder
	rest, left := room[:0], magnitude(int64(total))
	for i, w := range weights {
		// Neither fails: w <= sum keeps the quotient within total.
		q, r, _ := mulDiv(magnitude(int64(total)), uint64(w), sum)
		v, _ := signed(q, total < 0)
		out[i], left = order.Amount(v), left-q
		rest = append(rest, remainder{i, r})
	}
	if left == 0 {
		return nil
	}
	slices.SortFunc(rest, func(a, b remainder) int {
		return cmp.Or(cmp.Compare(b.lost, a.lost), cmp.Compare(a.i, b.i))
	})
	one := order.Amount(1)
	if total < 0 {
		one = -1
	}
	for _, r := range rest[:left] { // fewer units are left over than parts lost something
		out[r.i] += one
	}
	return nil
}

func sumWeights(weights []int64) (uint64, error) {
	var sum order.Amount
	for i, w := range weights {
		if w < 0 {
			return 0, fmt.Errorf("weight %d is %d: %w", i, w, ErrWeights)
		}
		var err error
		if sum, err = Add(sum, order.Amount(w)); err != nil {
			return 0, err
		}
	}
	if sum == 0 {
		return 0, fmt.Errorf("%d weights, all zero: %w", len(weights), ErrWeights)
	}
	return uint64(sum), nil
}
