package shipping_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules"
)

// TestTrace tells why an option is there or not, one sentence for each thing that decided.
func TestTrace(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, yaml string
		ask        ask
		want       string
	}{
		{"off, dates, unless", "options:\n  - {id: a, name: A, price: 1.00, off: yes}\n  - {id: b, name: B, price: 1.00, until: 2026-01-01}\n  - {id: c, name: C, price: 1.00, unless: [{to: denmark}, {max_weight: 5 kg, to: sweden}]}\n", ask{}, `zones: sweden, mainland
- a
     off @shipping.yaml:18:40
- b
     until 2026-01-01; today is 2026-11-23 @shipping.yaml:19:35
- c
     unless: up to 5 kg, to sweden @shipping.yaml:20:60
`},
		{"no price", "options:\n  - {id: a, name: A, price: {2027-01-01: 1.00}}\n  - {id: b, name: B, price: 1.00 EUR}\n  - {id: c, name: C, price: [{max_weight: 5 kg, price: \"-\"}, {price: 9.00}]}\n  - id: d\n    name: D\n    price:\n      table: |\n        denmark\n        5.00\n", ask{}, `zones: sweden, mainland
- a
     price: none for this day yet @shipping.yaml:18:29
- b
     price: no row fits in SEK @shipping.yaml:19:29
- c
     price row 1: not offered (-) @shipping.yaml:20:56
- d
     price: no column for this address in SEK @shipping.yaml:24:7
`},
		{"money step by step", "options:\n  - id: a\n    name: A\n    price: 8% of goods\n    min_price: 40.00\n    max_price: 50.00\n    surcharges: [{class: bulky, over: 1 item, each: 1 item, add: 5.00}, {add: 1.00, label: {sv: Alltid}}]\n    round: {to: 10.00, mode: up}\n", ask{items: []item{{n: 3, price: 10000, tags: "bulky"}}}, `zones: sweden, mainland
+ a
    2400 SEK price row 1: 8% of goods @shipping.yaml:20:12
    1000 SEK surcharge: class bulky (2 ×) @shipping.yaml:23:66
     100 SEK Alltid @shipping.yaml:23:79
     500 SEK min_price @shipping.yaml:21:16
`},
		{"rounding", "options:\n  - {id: a, name: A, price: 41.00, max_price: 40.50, round: {to: 10.00, mode: up}, free_from: {total: 9000.00, class: bulky}}\n", ask{}, `zones: sweden, mainland
+ a
    4100 SEK price @shipping.yaml:18:29
     -50 SEK max_price @shipping.yaml:18:47
     950 SEK round @shipping.yaml:18:61
`},
		{"groups", "options:\n  - id: a\n    name: A\n    price: [{class: bulky, price: 100.00}, {price: 30.00}]\n    price_per: class\n  - {id: b, name: B, price: 5.00, price_per: item}\n  - {id: c, name: C, price: 5.00, price_per: line}\n  - {id: d, name: D, price: [{class: bulky, price: 5.00}], price_per: line}\n", ask{items: []item{{n: 3, price: 1, tags: "bulky"}, {price: 1}}}, `zones: sweden, mainland
+ a
   10000 SEK class bulky: price row 1: class bulky @shipping.yaml:20:35
    3000 SEK no class: price row 2 @shipping.yaml:20:52
+ b
     500 SEK 3 × one piece: price @shipping.yaml:22:29
     500 SEK 1 × one piece: price @shipping.yaml:22:29
+ c
     500 SEK a line: price @shipping.yaml:23:29
     500 SEK a line: price @shipping.yaml:23:29
- d
     500 SEK a line: price row 1: class bulky @shipping.yaml:24:52
     price: no row fits in SEK @shipping.yaml:24:29
`},
		{"words in a row", "options:\n  - id: a\n    name: A\n    price:\n      - {min_total: 10.00, max_total: 5000.00, min_weight: 10 g, max_items: 1, price: 1.00}\n  - id: b\n    name: B\n    price:\n      - {min_items: 1, max_items: 2, customer: person, only_class: letter, price: 2.00}\n      - {min_items: 1, no_class: [letter, bulky], price: 3.00}\n    free_from: {total: 400.00, max_item_size: 10 x 10 x 10 cm}\n", ask{}, `zones: sweden, mainland
note: 1 line has no dimensions; size limits pass, and the real weight counts
+ a
     100 SEK price row 1: from 10.00 SEK, up to 5000.00 SEK, from 10 g, up to 1 item @shipping.yaml:21:87
+ b
     300 SEK price row 2: from 1 item, no class letter or bulky @shipping.yaml:26:58
    -300 SEK free from 400.00, max item size 10 x 10 x 10 cm @shipping.yaml:27:24
`},
		{"a share in a column", "options:\n  - id: a\n    name: A\n    price:\n      table: |\n        max_items | sweden\n        1 | 10% of goods\n        5 | 1.00\n", ask{}, `zones: sweden, mainland
+ a
    4000 SEK price row 1: sweden, up to 1 item, 10% of goods @shipping.yaml:23:13
`},
		{"a plug-in without points", "options:\n  - {id: a, name: A, price: 1.00, pickup_points: {plugin: postnord}}\n  - {id: b, name: B, price: 1.00, pickup_points: {plugin: postnord, if_unavailable: hide}}\n", ask{facts: rules.Facts{Pickup: map[string][]rules.PickupPoint{"postnord": nil}}}, `zones: sweden, mainland
- a
     100 SEK price @shipping.yaml:18:29
     pickup_points: postnord knows no point near the address @shipping.yaml:18:50
- b
     100 SEK price @shipping.yaml:19:29
     pickup_points: postnord knows no point near the address @shipping.yaml:19:50
`},
		{"the list", "max_options: 2\noptions:\n  - {id: a, name: A, price: 1.00, one_of: g, hides: c}\n  - {id: b, name: B, price: 1.00, one_of: g}\n  - {id: c, name: C, price: 1.00}\n  - {id: d, name: D, price: 1.00}\n  - {id: e, name: E, price: 1.00}\n", ask{}, "zones: sweden, mainland\n" +
			"+ a\n     100 SEK price @shipping.yaml:19:29\n" +
			"- b\n     100 SEK price @shipping.yaml:20:29\n     one_of: the first of the group is `a` @shipping.yaml:19:10\n" +
			"- c\n     100 SEK price @shipping.yaml:21:29\n     hidden by `a` @shipping.yaml:19:53\n" +
			"+ d\n     100 SEK price @shipping.yaml:22:29\n" +
			"- e\n     100 SEK price @shipping.yaml:23:29\n     max_options: there are enough options before it @shipping.yaml:17:14\n"},
		{"a thin address", "options:\n  - {id: a, name: A, price: 1.00, to: gotland}\n  - {id: b, name: B, price: 1.00}\n", ask{to: "SE"}, `zones: sweden
note: the postcode is not known yet: what depends on it is left out
- a
     100 SEK price @shipping.yaml:18:29
     the postcode decides and is not known @shipping.yaml:18:10
+ b
     100 SEK price @shipping.yaml:19:29
`},
		{"a thin address, nothing certain", "options:\n  - {id: a, name: A, price: 1.00, to: gotland}\n", ask{to: "SE"}, `zones: sweden
note: the postcode is not known yet: what depends on it is left out
+ a
     100 SEK price @shipping.yaml:18:29
     possible, the postcode decides
`},
		{"an impossible postcode", "options:\n  - {id: a, name: A, price: 1.00}\n", ask{to: "SE 9"}, `zones: sweden
note: the postcode cannot exist in the country: the buyer is asked to mend it
- a
     100 SEK price @shipping.yaml:18:29
     the postcode cannot exist in the country @shipping.yaml:18:10
`},
		{"goods without weight and size", "item_weight_if_missing: 300 g\noptions:\n  - {id: a, name: A, price: 1.00, when: {max_weight: 5 kg, max_item_length: 1 m}}\n", ask{items: []item{{n: 2, price: 1}, {grams: 5, price: 1, size: [3]int64{1, 1, 1}}}}, `zones: sweden, mainland
note: 1 line has no weight; a piece counts as 300 g
note: 1 line has no dimensions; size limits pass, and the real weight counts
+ a
     100 SEK price @shipping.yaml:18:29
`},
		{"goods whose weight nobody knows", "item_weight_if_missing: refuse\noptions:\n  - {id: a, name: A, price: [{max_weight: 5 kg, price: 1.00}]}\n  - {id: b, name: B, price: 2.00}\n", ask{items: []item{{price: 1}}}, `zones: sweden, mainland
note: 1 line has no weight; options that look at the weight are not offered
- a
     max_weight; 1 line has no weight, and item_weight_if_missing is refuse @shipping.yaml:18:31
+ b
     200 SEK price @shipping.yaml:19:29
`},
		{"nothing to ship", "options:\n  - {id: a, name: A, price: 1.00}\n", ask{items: []item{{price: 1, kind: "digital"}}}, "zones: sweden, mainland\nnote: there is nothing to ship\n"},
		{"no promise", "options:\n  - {id: a, name: A, price: 1.00, delivery: {days: 1, calendar: xmas}}\n", ask{now: "2027-02-01 10:00"}, `zones: sweden, mainland
+ a
     100 SEK price @shipping.yaml:18:29
     delivery: not told, the calendar ends before @shipping.yaml:18:45
`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tr := &rules.Trace{}
			tt.ask.trace = tr
			table := load(t, shopWith(tt.yaml))
			traced := offer(t, table, tt.ask)
			if diff := cmp.Diff(tt.want, story(tr)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			tt.ask.trace = nil
			if diff := cmp.Diff(offer(t, table, tt.ask), traced); diff != "" {
				t.Errorf("a trace changes the answer (-without +with):\n%s", diff)
			}
		})
	}
}
