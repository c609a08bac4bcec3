package lint_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/diag"
)

const zones = "zones: {sweden: {SE: all}, gotland: {SE: [620 to 624]}, north: {SE: [80 to 98]}, far: {SE: [96 to 99]}, denmark: {DK: all}}\n" +
	"classes: {bulky: {tags: [bulky]}, small: {tags: [small]}}\n"

// option is a shop with one option; its first key stands on line 11, in column 5.
func option(keys string) string {
	return shopHead + zones + "options:\n  - id: a\n    name: A\n    " + strings.ReplaceAll(keys, "\n", "\n    ") + "\n"
}

// TestReach: what can never happen is told at its place, and what can is not.
func TestReach(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, keys string
		want       []string
	}{
		{"nothing", "price: 1.00", nil},
		{"row behind one without limits", "price: [{price: 1.00}, {class: bulky, price: 2.00}]", []string{"W310 11:36 this row can never be used"}},
		{"row that two others cover", "price: [{max_items: 3, price: 1.00}, {min_items: 3, price: 2.00}, {class: bulky, price: 3.00}]",
			[]string{"W310 11:79 this row can never be used"}},
		{"row that two others leave a hole for", "price: [{max_items: 3, price: 1.00}, {min_items: 5, price: 2.00}, {class: bulky, price: 3.00}]",
			[]string{"W316 11:12 `a` has no price from 4 to 4 items, but has one below and above"}},
		{"row for a zone that the option does not go to", "to: denmark\nprice: [{to: sweden, price: 1.00}, {price: 2.00}]", []string{"W310 12:18 this row can never be used"}},
		{"row that contradicts when", "when: {max_weight: 5 kg}\nprice: [{min_weight: 6 kg, price: 1.00}, {price: 2.00}]", []string{"W310 12:26 this row can never be used"}},
		{"weight and value together", "price: [{max_weight: 5 kg, max_total: 100.00, price: 1.00}, {max_weight: 5 kg, price: 2.00}, {max_total: 100.00, price: 3.00}, " +
			"{max_weight: 4 kg, min_total: 50.00, price: 9.00}, {price: 4.00}]", []string{"W310 11:145 this row can never be used"}},
		{"row in another currency", "price: [{price: 1.00}, {price: 1.00 EUR}]", nil},
		{"row that only an unknown postcode reaches", "price: [{to: [gotland], price: 1.00}, {not_to: gotland, price: 2.00}, {price: 3.00}]",
			[]string{"W310 11:83 this row is used only while the postcode is not known"}},
		{"person and organization", "price: [{customer: person, price: 1.00}, {customer: organization, price: 2.00}, {price: 3.00}]",
			[]string{"W310 11:93 this row can never be used"}},
		{"two coupons at once", "price: [{coupon: X, price: 1.00}, {coupon: [x, Y], price: 2.00}, {price: 3.00}]", nil},
		{"classes of different pieces", "price: [{only_class: bulky, price: 1.00}, {only_class: small, price: 2.00}, {class: bulky, price: 3.00}, {price: 4.00}]", nil},
		{"all of a class", "price: [{class: bulky, price: 1.00}, {only_class: bulky, price: 2.00}, {price: 4.00}]", []string{"W310 11:55 this row can never be used"}},
		{"rows of groups do not see the whole cart", "price_per: class\nwhen: {min_weight: 10 kg}\nprice: [{max_weight: 5 kg, price: 1.00}, {price: 2.00}]", nil},
		{"sizes", "price: [{max_item_length: 60 cm, price: 1.00}, {max_item_size: 60 x 5 x 5 cm, price: 2.00}, {price: 3.00}]",
			[]string{"W310 11:68 this row can never be used"}},
		{"girth within length", "price: [{max_item_girth: 50 cm, price: 1.00}, {max_item_size: 10 x 10 x 10 cm, price: 2.00}, {price: 3.00}]",
			[]string{"W310 11:67 this row can never be used"}},
		{"nights and days", "price: [{time: \"08:00 to 20:00\", price: 1.00}, {time: \"20:00 to 08:00\", price: 2.00}, {price: 3.00}]",
			[]string{"W310 11:99 this row can never be used"}},
		{"weekend", "price: [{days: mon to fri, price: 1.00}, {days: [sat, sun], price: 2.00}, {price: 3.00}]", []string{"W310 11:87 this row can never be used"}},
		{"heavy pieces", "when: {max_items: 2, max_item_weight: 1 kg}\nprice: [{max_weight: 2 kg, price: 1.00}, {price: 2.00}]",
			[]string{"W310 12:54 this row can never be used"}},

		{"never offered: place", "to: denmark\nnot_to: denmark\nprice: 1.00", []string{"W311 9:9 the option `a` can never be offered"}},
		{"never offered: price", "to: denmark\nprice: [{to: sweden, price: 1.00}]", []string{"W311 9:9 the option `a` can never be offered"}},
		{"never offered: only a dash", "price: [{price: \"-\"}]", []string{"W311 9:9 the option `a` can never be offered"}},
		{"only a thin address: not_to", "to: gotland\nnot_to: gotland\nprice: 1.00", []string{"W311 9:9 the option `a` is offered only while the postcode is not known"}},
		{"only a thin address: unless", "to: gotland\nunless: {to: gotland}\nprice: 1.00", []string{"W311 9:9 the option `a` is offered only while the postcode is not known"}},
		{"only a thin address: a dash that waits", "price:\n  table: |\n    class | gotland\n    any | -\n    bulky | 1.00",
			[]string{"W311 9:9 the option `a` is offered only while the postcode is not known"}},
		{"off is meant", "off: yes\nto: denmark\nnot_to: denmark\nprice: 1.00", nil},

		{"not_to elsewhere", "to: denmark\nnot_to: gotland\nprice: 1.00", []string{"W312 12:13 `not_to` keeps nobody out"}},
		{"when always", "when: {min_weight: 0 g}\nprice: 1.00", []string{"W312 11:24 `when` always holds"}},
		{"when never", "to: denmark\nwhen: [{to: gotland}, {max_items: 2}]\nprice: 1.00", []string{"W312 12:17 this condition never holds"}},
		{"unless never", "to: denmark\nunless: {to: gotland}\nprice: 1.00", []string{"W312 12:18 `unless` keeps nobody out"}},
		{"supplement never", "not_to: gotland\nprice: 1.00\nsurcharges: [{to: gotland, add: 2.00}]", []string{"W312 13:23 nobody ever pays this supplement"}},
		{"free never", "to: denmark\nprice: 1.00\nfree_from: {to: gotland, total: 5.00}", []string{"W312 13:21 `free_from` never makes this option free"}},
		{"free too late", "when: {max_total: 400.00}\nprice: 1.00\nfree_from: 500.00", []string{"W312 13:16 `free_from` is never reached in SEK"}},

		{"columns", "price:\n  table: |\n    max_items | sweden | gotland\n    5 | 1.00 | 2.00",
			[]string{"W313 14:20 the column `gotland` is never used: all its places are in columns before it, e.g. in `sweden`"}},
		{"columns that cross", "price:\n  table: |\n    north | far\n    1.00 | 2.00",
			[]string{"W320 6:9 postcodes of SE that are never offered anything: 10000 to 61999, 62000 to 62499, 62500 to 79999",
				"W313 14:16 the columns `north` and `far` share places, e.g. SE 96000: there `north` wins"}},
		{"columns: exception first", "price:\n  table: |\n    gotland | sweden\n    1.00 | 2.00", nil},
		{"columns of different currencies", "price:\n  table: |\n    sweden | gotland EUR\n    1.00 | 2.00", nil},

		{"always free", "when: {min_total: 400.00}\nprice: 9.00\nfree_from: 400.00",
			[]string{"W314 13:16 `a` is always free in SEK: it is offered from 400.00 SEK on, and free from 400.00 SEK"}},

		{"gap in weights", "price: [{max_weight: 5 kg, price: 1.00}, {min_weight: 10 kg, max_weight: 20 kg, price: 2.00}]",
			[]string{"W316 11:12 `a` has no price over 5 kg and below 10 kg, but has one below and above"}},
		{"gap in values", "price: [{max_total: 499.00, price: 9.00}, {min_total: 500.00, price: 1.00}]",
			[]string{"W316 11:12 `a` has no price over 499.00 SEK and below 500.00 SEK, but has one below and above"}},
		{"no gap between grams", "price: [{max_weight: 5 kg, price: 1.00}, {min_weight: 5001 g, price: 2.00}]", nil},
		{"a dash is no gap", "price: [{max_weight: 5 kg, price: 1.00}, {max_weight: 10 kg, price: \"-\"}, {price: 2.00}]", nil},
		{"falling", "price: [{max_weight: 5 kg, price: 99.00}, {max_weight: 20 kg, price: 49.00}]",
			[]string{"W317 11:74 the heavier parcel costs less: 99.00 SEK up to 5 kg, 49.00 SEK up to 20 kg"}},

		{"currency missing in a row", "price: [{max_weight: 5 kg, price: [1.00, 1.00 EUR]}, {price: 2.00}]", []string{"W322 11:66 this row has no price in EUR, other rows have"}},
		{"currency missing in a supplement", "price: [1.00, 1.00 EUR]\nsurcharges: [{to: gotland, add: 2.00}]",
			[]string{"W322 12:37 a supplement of `a` has no amount in EUR, its price has"}},
		{"currency missing in free_from", "price: [1.00, 1.00 EUR]\nfree_from: 500.00", []string{"W322 12:16 `free_from` of `a` has no amount in EUR, its price has"}},
		{"currency by place", "price:\n  table: |\n    sweden | denmark DKK\n    1.00 | 2.00\nsurcharges: [{to: gotland, add: 2.00}]", nil},
		{"currency of a supplement above what is priced", "price: [{max_weight: 5 kg, price: [1.00, 1.00 EUR]}, {currency: SEK, price: 2.00}]\nsurcharges: [{over: 5 kg, add: 2.00}]", nil},

		{"expired", "until: 2026-11-24\nprice: 1.00", []string{"W330 11:12 this ended on 2026-11-24"}},
		{"far", "from: 2028-11-26\nprice: 1.00", []string{"W331 11:11 this begins on 2028-11-26, in more than a year"}},
		{"not today", "price: {2026-12-01: 1.00}", []string{"W332 11:25 the option `a` has no price yet: the first one holds from 2026-12-01 on"}},
		{"a lost day", "price: [{until: 2026-11-30, price: 1.00}, {from: 2026-12-02, price: 2.00}]",
			[]string{"W335 11:12 `a` has no price from 2026-12-01 to 2026-12-01, but has one before and after"}},
		{"no day lost", "price: [{until: 2026-11-30, price: 1.00}, {from: 2026-12-01, price: 2.00}]", nil},
		{"long name", "price: 1.00\ndescription: D", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, r := check(t, map[string]string{"shipping.yaml": option(tc.keys)})
			if diff := cmp.Diff(tc.want, told(r)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestWhole: what only the whole rulebook shows.
func TestWhole(t *testing.T) {
	t.Parallel()
	two := func(a, b string) string {
		return shopHead + zones + "options:\n  - {id: a, name: A, price: 1.00, " + a + "}\n  - {id: b, name: B, price: 2.00, " + b + "}\n"
	}
	const tax = "version: 1\nmode: vat\nhome: SE\ndata: vat-rates.yaml\n"
	for _, tc := range []struct {
		name, shop, tax, test string
		want                  []string
	}{
		{"one_of alone", two("one_of: x", "to: sweden"), "", "", []string{"W315 9:43 `a` is the only option of its `one_of`"}},
		{"one_of", two("one_of: x", "one_of: x"), "", "", nil},
		{"hides elsewhere", two("to: sweden, hides: b", "to: denmark"), "", "", []string{"W315 9:54 `hides` of `a` hides nothing"}},
		{"hides", two("to: sweden, hides: b", "to: gotland"), "", "", nil},
		{"nowhere", two("to: gotland", "to: [north, far]"), "", "", []string{
			"W320 6:9 postcodes of SE that are never offered anything: 10000 to 61999, 62500 to 79999"}},
		{"left out by name", two("to: sweden, not_to: gotland", "to: sweden, not_to: gotland"), "", "", nil},
		{"country without shipping", two("to: sweden", "to: denmark"), tax + "destinations: {SE: charge, DK: charge, NO: none}\n", "",
			[]string{"W321 5:44 no option of shipping.yaml goes to NO"}},
		{"country that falls to everything else", two("to: sweden", "to: denmark"), tax + "destinations: {SE: charge, \"*\": none}\n", "",
			[]string{"W321 6:105 options go to DK, which tax.yaml does not name under `destinations`"}},
		{"country that is refused", two("to: sweden", "to: denmark"), tax + "destinations: {SE: charge}\n", "",
			[]string{"W321 6:105 options go to DK, which tax.yaml does not name under `destinations`"}},
		{"country of the union", two("to: sweden", "to: denmark"), tax + "destinations: {SE: charge, EU: home_rate}\n", "", nil},
		{"calendar ends", shopHead + "calendars: {c: {closed: [2026-11-01, 2026-12-01]}}\noptions: [{id: a, name: A, price: 1.00, delivery: {days: 1, calendar: c}}]\n", "", "",
			[]string{"W333 7:51 the calendar of `a` ends on 2026-12-01"}},
		{"calendar without a year", shopHead + "calendars: {c: {closed: [2026-12-24, 2028-12-24]}}\noptions: [{id: a, name: A, price: 1.00, delivery: {days: 1, calendar: c}}]\n", "", "",
			[]string{"W334 7:51 the calendar of `a` has no closed day in 2027, but one later"}},
		{"change untested", two("to: sweden", "to: sweden"), tax + "destinations: {SE: charge}\nclasses: {food: {tags: [food]}}\nrates: {SE: {food: {2024-01-01: 12%, 2026-12-01: 6%}}}\n", "",
			[]string{"W421 7:50 the rate of SE for `food` changes on 2026-12-01 (12 % to 6 %), untested"}},
		{"change tested", two("to: sweden", "to: sweden"), tax + "destinations: {SE: charge}\nclasses: {food: {tags: [food]}}\nrates: {SE: {food: {2024-01-01: 12%, 2026-12-01: 6%}}}\n",
			"version: 1\ndefaults: {to: SE 11122, tag: food, cart: {items: [{price: 10.00, tags: [food]}]}}\ncases:\n" +
				"  - {name: before, now: 2026-11-30 23:00, expect: {goods_tax: 1.07}}\n  - {name: from, now: 2026-12-01 00:00, expect: {goods_tax: 0.57}}\n", nil},
		{"twins", shopHead + "options:\n  - id: a\n    name: A\n    price: [{max_items: 1, price: 1.00}, {price: 2.00}]\n" +
			"  - id: b\n    name: B\n    price:\n      - {max_items: 1, price: 1.00}\n      - {price: 2.00}\n", "", "", []string{"W505 13:7 `b` has the same price list as `a`"}},
		{"text missing", strings.Replace(shopHead, "[sv]", "[sv, en]", 1) + "options: [{id: a, name: {sv: A, en: B}, price: 1.00}, {id: b, name: {sv: A, en: B}, description: {sv: C}, price: 1.00}]\n", "", "",
			[]string{"W506 6:60 the description of `b` has no text in en"}},
		{"name too long", shopHead + "options: [{id: a, name: " + strings.Repeat("long ", 60) + ", price: 1.00}]\n", "", "", []string{"W507 6:16 the name of `a` has 299 characters"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{"shipping.yaml": tc.shop}
			if tc.tax != "" {
				files["tax.yaml"] = tc.tax
			}
			if tc.test != "" {
				files["a.test.yaml"] = tc.test
			}
			_, r := check(t, files)
			if diff := cmp.Diff(tc.want, told(r)); diff != "" {
				t.Error(diff)
			}
			for _, f := range r.Findings() {
				if f.Severity == diag.Warning && (f.Label == "" || f.Help == "") {
					t.Errorf("%s says neither why nor what to do: %+v", f.Code, f)
				}
			}
		})
	}
}
