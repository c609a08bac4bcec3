package shipping_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestChanges lists the instants at which a price or an option can change, and no others.
func TestChanges(t *testing.T) {
	t.Parallel()
	const times = "2006-01-02 15:04"
	tests := []struct {
		name, keys, from, to string
		want                 []string
	}{
		{"nothing", "price: 1.00\ndelivery: {days: 1 to 3, cutoff: \"14:00\", ships: mon to fri, calendar: xmas}", "2026-11-01 00:00", "2027-11-01 00:00", nil},
		{"from and until of an option", "price: 1.00\nfrom: 2026-11-24\nuntil: 2026-11-26", "2026-11-23 10:00", "2026-12-01 10:00", []string{"2026-11-24 00:00", "2026-11-27 00:00"}},
		{"the beginning is not among them, the end is", "price: 1.00\nfrom: 2026-11-24\nuntil: 2026-11-26", "2026-11-24 00:00", "2026-11-27 00:00", []string{"2026-11-27 00:00"}},
		{"price by date", "price: {2026-01-01: 1.00, 2026-12-01: 2.00, 2028-01-01: 3.00}", "2026-11-23 10:00", "2027-01-01 00:00", []string{"2026-12-01 00:00"}},
		{"a row by date", "price: [{max_weight: 5 kg, price: {2026-12-02: 1.00}}, {price: 2.00}]", "2026-11-23 10:00", "2027-01-01 00:00", []string{"2026-12-02 00:00"}},
		{"time of a row", "price: [{time: \"08:00 to 14:00\", price: 1.00}, {price: 2.00}]", "2026-11-23 10:00", "2026-11-24 10:00", []string{"2026-11-23 14:00", "2026-11-24 08:00"}},
		{"days of a row in a dated list", "price: {2026-01-01: [{days: mon, price: 1.00}, {price: 2.00}]}", "2026-11-23 10:00", "2026-11-24 10:00", []string{"2026-11-24 00:00"}},
		{"when and unless", "price: 1.00\nwhen: {from: 2026-11-24}\nunless: {from: 2026-11-25}", "2026-11-23 10:00", "2026-12-01 10:00", []string{"2026-11-24 00:00", "2026-11-25 00:00"}},
		{"supplements", "price: 1.00\nsurcharges: [{until: 2026-11-24, add: {2026-11-28: 1.00}}]", "2026-11-23 10:00", "2026-12-01 10:00", []string{"2026-11-25 00:00", "2026-11-28 00:00"}},
		{"bounds and free_from", "price: 1.00\nmin_price: {2026-11-24: 1.00}\nmax_price: {2026-11-25: 1.00}\nfree_from: {total: {2026-11-26: 1.00}, until: 2026-11-27}", "2026-11-23 10:00", "2026-12-01 10:00",
			[]string{"2026-11-24 00:00", "2026-11-25 00:00", "2026-11-26 00:00", "2026-11-28 00:00"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			table := load(t, oneOption(tt.keys))
			at := func(s string) time.Time {
				v, err := time.ParseInLocation(times, s, table.Location())
				if err != nil {
					t.Fatal(err)
				}
				return v
			}
			var got []string
			for _, v := range table.Changes(at(tt.from), at(tt.to)) {
				got = append(got, v.In(table.Location()).Format(times))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
