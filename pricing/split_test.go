package pricing_test

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

func TestSplit(t *testing.T) {
	t.Parallel()
	type amounts = []order.Amount
	tests := []struct {
		name    string
		total   order.Amount
		weights []int64
		want    amounts
		err     error
	}{
		{"even", 3900, []int64{10000, 10000}, amounts{1950, 1950}, nil},
		{"tie to the first", 101, []int64{1, 1}, amounts{51, 50}, nil},
		{"two units, three ties", 101, []int64{1, 1, 1}, amounts{34, 34, 33}, nil},
		{"largest remainder, not the largest weight", 10, []int64{62, 19, 19}, amounts{6, 2, 2}, nil},
		{"negative is the mirror", -101, []int64{1, 1, 1}, amounts{-34, -34, -33}, nil},
		{"zero weights get nothing", 7, []int64{0, 3, 0}, amounts{0, 7, 0}, nil},
		{"nothing to split", 0, []int64{3, 4}, amounts{0, 0}, nil},
		{"whole range", math.MinInt64, []int64{1, 1}, amounts{math.MinInt64 / 2, math.MinInt64 / 2}, nil},
		{"all zero", 7, []int64{0, 0}, nil, pricing.ErrWeights},
		{"none", 7, nil, nil, pricing.ErrWeights},
		{"negative weight", 7, []int64{2, -1}, nil, pricing.ErrWeights},
		{"weights overflow", 7, []int64{math.MaxInt64, 1}, nil, pricing.ErrOverflow},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := pricing.Split(tt.total, tt.weights)
			if !errors.Is(err, tt.err) {
				t.Fatalf("error %v; want %v", err, tt.err)
			}
			if d := cmp.Diff(got, tt.want); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestSplitProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64().Draw(t, "total")
		weights := rapid.SliceOfN(rapid.Int64Range(0, math.MaxInt64/20), 1, 20).Draw(t, "weights")
		got, err := pricing.Split(order.Amount(total), weights)
		var all, sum big.Int
		for _, w := range weights {
			all.Add(&all, big.NewInt(w))
		}
		if all.Sign() == 0 {
			if !errors.Is(err, pricing.ErrWeights) {
				t.Fatalf("all zero: %v", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for i, part := range got {
			sum.Add(&sum, big.NewInt(int64(part)))
			// |part*all - total*weight| < all: less than one unit from the exact share.
			d := new(big.Int).Mul(big.NewInt(int64(part)), &all)
			d.Sub(d, new(big.Int).Mul(big.NewInt(total), big.NewInt(weights[i])))
			if d.CmpAbs(&all) >= 0 {
				t.Errorf("part %d of %d with weight %d is a unit or more off", part, total, weights[i])
			}
		}
		if sum.Cmp(big.NewInt(total)) != 0 {
			t.Errorf("parts sum to %s; want %d", &sum, total)
		}
	})
}
