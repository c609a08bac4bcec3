package table_test

import (
	"testing"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// shop is a file with three zones and three classes, and an order to look at: 2 letters and a sofa.
func shop(t testing.TB) (*table.Scope, *table.Facts) {
	t.Helper()
	s := newScope()
	root := yaml(t, `
zones:
  sweden: {SE: all}
  gotland: {SE: [620 to 624]}
  denmark: {DK: all}
classes:
  letter: {tags: [letter]}
  bulky: {tags: [bulky]}
  dangerous: {tags: [dangerous]}
`, s.Report)
	s.Classes = table.CompileClasses(root.Get("classes"), s.Report)
	s.Zones = table.CompileZones(table.ZonesSource{Zones: root.Get("zones")}, s.Report)
	if s.Report.Failed() {
		t.Fatal(told(s.Report))
	}
	letter, sofa := goods("L", 2, 5000, 10000, 50), goods("S", 1, 50000, 50000, 3950, 800, 600, 400)
	letter.ShippingAttributes.Tags, sofa.ShippingAttributes.Tags = []string{"letter"}, []string{"bulky"}
	coupon := typed(order.Discount, -10000)
	coupon.Reference = "SPRING"
	q := &rules.Query{
		Order:    &order.Order{Tags: []string{"gift"}, Customer: &order.Customer{Type: "organization"}},
		Lines:    []order.Line{letter, sofa, coupon},
		Language: "nb",
		Facts:    rules.Facts{Group: "gold", Coupons: []string{"FreeShip"}, Tags: []string{"vip"}},
	}
	cart := &table.Cart{}
	r := defaultRules()
	r.Classes = s.Classes
	if err := cart.Fill(q, r); err != nil {
		t.Fatal(err)
	}
	f := &table.Facts{
		Query: q, Zones: s.Zones, Where: s.Zones.Locate("SE", "", "62157"), Cart: cart, Currency: "SEK",
		Method: "Home", Taxable: 100,
	}
	var weekday time.Weekday
	f.Day, f.Clock, weekday = table.DateOf(time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC))
	f.Weekday = uint8(weekday)
	return s, f
}

func TestConditionWords(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{ // want: "" where it holds, else why not
		{"{}", ""},
		{"{to: sweden}", ""},
		{"{to: [denmark, gotland]}", ""},
		{"{to: denmark}", "to denmark; the address is not there"},
		{"{not_to: denmark}", ""},
		{"{not_to: [denmark, gotland]}", "not_to: the address is in gotland"},
		{"{min_total: 500.00}", ""},
		{"{min_total: 500.01}", "min_total 500.01 SEK; the goods are worth 500.00 SEK"},
		{"{max_total: [500.00, 5.00 EUR]}", ""},
		{"{max_total: 499.99}", "max_total 499.99 SEK; the goods are worth 500.00 SEK"},
		{"{max_total: [100.00 EUR, 800.00 DKK]}", "max_total 100.00 EUR, 800.00 DKK; there is no amount in SEK"},
		{"{min_weight: 4.05 kg}", ""},
		{"{min_weight: 4.051 kg}", "min_weight 4.051 kg; the goods weigh 4.05 kg"},
		{"{max_weight: 4050 g}", ""},
		{"{max_weight: 4 kg}", "max_weight 4 kg; the goods weigh 4.05 kg"},
		{"{min_items: 3, max_items: 3}", ""},
		{"{min_items: 4}", "min_items 4; there are 3"},
		{"{max_items: 2}", "max_items 2; there are 3"},
		{"{max_item_weight: 3.95 kg}", ""},
		{"{max_item_weight: 3 kg}", "max_item_weight 3 kg; the heaviest piece weighs 3.95 kg"},
		{"{max_item_length: 80 cm}", ""},
		{"{max_item_length: 79.9 cm}", "max_item_length 79.9 cm; the longest piece is 80 cm"},
		{"{max_item_girth: 280 cm}", ""},
		{"{max_item_girth: 279 cm}", "max_item_girth 279 cm; the largest girth is 280 cm"},
		{"{max_item_size: 40 x 80 x 60 cm}", ""},
		{"{max_item_size: 40 x 80 x 59 cm}", "max_item_size 80 x 59 x 40 cm; the largest sides are 80 x 60 x 40 cm"},
		{"{class: bulky}", ""},
		{"{class: [dangerous, letter]}", ""},
		{"{class: dangerous}", "class dangerous; nothing in the cart is dangerous"},
		{"{only_class: [letter, bulky]}", ""},
		{"{only_class: letter}", "only_class letter; 1 item of another class"},
		{"{no_class: dangerous}", ""},
		{"{no_class: letter}", "no_class letter; 2 items of letter"},
		{"{customer: organization}", ""},
		{"{customer: person}", "customer person; the customer is an organization"},
		{"{group: [silver, gold]}", ""},
		{"{group: silver}", "group silver; the customer's group is gold"},
		{"{coupon: FREESHIP}", ""},
		{"{coupon: spring}", ""},
		{"{coupon: autumn}", "coupon autumn; the order has no such coupon"},
		{"{tag: vip}", ""},
		{"{tag: gift}", ""},
		{"{tag: GIFT}", "tag GIFT; the order has no such tag"},
		{"{currency: [EUR, SEK]}", ""},
		{"{currency: EUR}", "currency EUR; the order is in SEK"},
		{"{language: nb}", ""},
		{"{language: no}", ""},
		{"{language: sv}", "language sv; the order's language is nb"},
		{"{from: 2026-11-23, until: 2026-11-23}", ""},
		{"{from: 2026-11-24}", "from 2026-11-24; today is 2026-11-23"},
		{"{until: 2026-11-22}", "until 2026-11-22; today is 2026-11-23"},
		{"{days: mon to fri}", ""},
		{"{days: [sat, sun]}", "days sat, sun; today is mon"},
		{"{time: 10:00 to 14:00}", ""},
		{"{time: 08:00 to 10:00}", "time 08:00 to 10:00; it is 10:00"},
		{"{time: 22:00 to 10:01}", ""},
		{"{time: 22:00 to 06:00}", "time 22:00 to 06:00; it is 10:00"},
		{"{method: [Home, Postal]}", ""},
		{"{method: Postal}", "method Postal; the method is Home"},
		{"{min_taxable: 1.00}", ""},
		{"{min_taxable: 1.01}", "min_taxable 1.01 SEK; taxable goods are worth 1.00 SEK"},
		{"{to: sweden, class: bulky, min_items: 9}", "min_items 9; there are 3"},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			t.Parallel()
			s, f := shop(t)
			s.Extra = table.FeeWords
			c, ok := s.Condition(node(t, tt.in, s.Report), "a test", nil)
			if !ok {
				t.Fatal(told(s.Report))
			}
			got, at := c.Explain(f)
			if got != tt.want {
				t.Errorf("explained as %q, want %q", got, tt.want)
			}
			want := table.Yes
			if tt.want != "" {
				want = table.No
				if at.Line != 1 || at.Col < 5 {
					t.Errorf("no place of the word: %v", at)
				}
			}
			if holds := c.Holds(f); holds != want {
				t.Errorf("holds: %d, want %d", holds, want)
			}
		})
	}
}

func TestUnknownPostcode(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		want table.Truth
		why  string
	}{
		{"{to: sweden}", table.Yes, ""},
		{"{to: gotland}", table.Maybe, "to gotland; the postcode is not known yet"},
		{"{to: denmark}", table.No, "to denmark; the address is not there"},
		{"{not_to: gotland}", table.Maybe, "not_to gotland; the postcode is not known yet"},
		{"{not_to: [gotland, sweden]}", table.No, "not_to: the address is in sweden"},
		{"{to: gotland, class: dangerous}", table.No, "class dangerous; nothing in the cart is dangerous"},
		{"{to: gotland, class: bulky}", table.Maybe, "to gotland; the postcode is not known yet"},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			t.Parallel()
			s, f := shop(t)
			f.Where = s.Zones.Locate("SE", "", "")
			c, ok := s.Condition(node(t, tt.in, s.Report), "a test", nil)
			if !ok {
				t.Fatal(told(s.Report))
			}
			why, _ := c.Explain(f)
			if got := c.Holds(f); got != tt.want || why != tt.why {
				t.Errorf("got %d because %q, want %d because %q", got, why, tt.want, tt.why)
			}
		})
	}
}

// TestZonesThatCoverACountry: an address is surely in one of two zones that leave no postcode out.
func TestZonesThatCoverACountry(t *testing.T) {
	t.Parallel()
	s, f := shop(t)
	root := yaml(t, `
north: {SE: [500 to 999]}
south: {SE: all, except: north}
west: {US-CA: all}
east: {US: all, except: west}
`, s.Report)
	s.Zones = table.CompileZones(table.ZonesSource{Zones: root}, s.Report)
	f.Zones = s.Zones
	tests := []struct {
		in, country string
		want        table.Truth
	}{
		{"{to: [north, south]}", "SE", table.Yes},
		{"{not_to: [north, south]}", "SE", table.No},
		{"{to: [north, west]}", "SE", table.Maybe},
		{"{to: [west, east]}", "US", table.Yes},
		{"{to: [west, north, south]}", "US", table.Maybe},
		{"{to: [north, south]}", "US", table.No},
	}
	for _, tt := range tests {
		c, ok := s.Condition(node(t, tt.in, s.Report), "a test", nil)
		if !ok {
			t.Fatal(told(s.Report))
		}
		f.Query.Destination.Country = tt.country
		f.Where = s.Zones.Locate(tt.country, "", "")
		if got := c.Holds(f); got != tt.want {
			t.Errorf("%s in %s: %d, want %d", tt.in, tt.country, got, tt.want)
		}
	}
}

func TestMissingFacts(t *testing.T) {
	t.Parallel()
	s, f := shop(t)
	f.Query.Order.Customer, f.Query.Language, f.Method = nil, "", ""
	f.Query.Facts = rules.Facts{}
	f.Cart = &table.Cart{}
	s.Extra = table.FeeWords
	tests := []struct{ in, want string }{
		{"{customer: person}", ""}, // the checkout's default
		{"{customer: organization}", "customer organization; the customer is a person"},
		{"{language: sv}", "language sv; the order names no language"},
		{"{group: gold}", "group gold; the customer is in no group"},
		{"{method: Home}", "method Home; no method is chosen"},
		{"{class: bulky}", "class bulky; there are no goods"},
		{"{only_class: bulky}", "only_class bulky; there are no goods"},
		{"{no_class: bulky}", ""},
		{"{max_item_size: 1 x 1 x 1 cm, max_weight: 0 g}", ""},
	}
	for _, tt := range tests {
		c, _ := s.Condition(node(t, tt.in, s.Report), "a test", nil)
		if got, _ := c.Explain(f); got != tt.want {
			t.Errorf("%s explained as %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestPartOfTheCart(t *testing.T) {
	t.Parallel()
	s, f := shop(t)
	c, _ := s.Condition(node(t, "{only_class: letter, max_weight: 100 g, max_total: 83.33}", s.Report), "a row", nil)
	if c.Holds(f) != table.No {
		t.Error("holds for the whole cart, which has a sofa")
	}
	var part table.Cart
	f.Cart.Group(&part, 0)
	f.Cart = &part
	if why, _ := c.Explain(f); c.Holds(f) != table.Yes {
		t.Errorf("does not hold for the letters alone: %s", why)
	}
}

func TestConditionLists(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in           string
		when, unless table.Truth
		why          int
	}{
		{"", table.Yes, table.Yes, -1},
		{"{class: bulky}", table.Yes, table.No, 0},
		{"[{class: dangerous}, {class: bulky}]", table.Yes, table.No, 1},
		{"[{class: dangerous}, {max_items: 1}]", table.No, table.Yes, -1},
		{"[{to: gotland}, {max_items: 1}]", table.Maybe, table.Maybe, 0},
		{"[{to: gotland}, {max_items: 3}]", table.Yes, table.No, 1},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			t.Parallel()
			s, f := shop(t)
			f.Where = s.Zones.Locate("SE", "", "")
			var n *diag.Node
			if tt.in != "" {
				n = node(t, tt.in, s.Report)
			}
			cs, ok := s.Conditions(n, "when")
			if !ok {
				t.Fatal(told(s.Report))
			}
			when, why := cs.When(f)
			unless, _ := cs.Unless(f)
			if when != tt.when || unless != tt.unless || why != tt.why {
				t.Errorf("when %d (%d), unless %d; want %d (%d), %d", when, why, unless, tt.when, tt.why, tt.unless)
			}
		})
	}
}

func TestConditionFaults(t *testing.T) {
	t.Parallel()
	const allowed = "to, not_to, min_total, max_total, min_weight, max_weight, min_items, max_items, max_item_weight, " +
		"max_item_length, max_item_girth, max_item_size, class, only_class, no_class, customer, group, coupon, tag, currency, " +
		"language, from, until, days, time"
	tests := []struct{ in, want string }{
		{"{to: gotlnad}", "1:9-16 E203 there is no zone `gotlnad` [did you mean `gotland`?]"},
		{"{to: [sweden, mars]}", "1:18-22 E203 there is no zone `mars` [declared are sweden, gotland, denmark]"},
		{"{class: bulk}", "1:12-16 E201 there is no class `bulk` [did you mean `bulky`?]"},
		{"{no_class: zzzzzz}", "1:15-21 E201 there is no class `zzzzzz` [declared are letter, bulky, dangerous]"},
		{"{max_wieght: 5 kg}", "1:5-15 E004 unknown key `max_wieght` in a row; did you mean `max_weight`? [allowed are " + allowed + ", price]"},
		{"{method: Home}", "1:5-11 E004 unknown key `method` in a row [allowed are " + allowed + ", price]"},
		{"{max_weight: 5 kg, price: 79,00 NOK}", "1:30-39 E108 `79,00` is written with a decimal comma [write 79.00 NOK]"},
		{"{customer: company}", "1:15-22 E117 `company` is not a kind of customer [possible here: person, organization]"},
		{"{customer: organisation}", "1:15-27 E117 `organisation` is not a kind of customer; did you mean `organization`? [possible here: person, organization]"},
		{"{currency: kr}", "1:15-17 E107 `kr` is not a currency [write a code of three capital letters, e.g. SEK or EUR]"},
		{"{language: swedish}", "1:15-22 E109 `swedish` is not a language [write two small letters, e.g. sv, nb, da, fi, de or en]"},
		{"{from: 2026-12-01, until: 2026-11-01}", "1:30-40 E106 until 2026-11-01 is before from 2026-12-01 [write a later day for until, or exchange the two]"},
		{"{from: 2026-12-01, until: 2026-11-31}", "1:30-40 E105 there is no `2026-11-31`: November 2026 has 30 days [write a day from 01 to 30]"},
		{"{min_weight: 30 kg, max_weight: 20 kg}", "1:17-22 E114 `min_weight` is above `max_weight` [exchange the two limits]"},
		{"{max_items: 2, min_items: 3}", "1:30-31 E114 `min_items` is above `max_items` [exchange the two limits]"},
		{"{min_total: [100.00, 9.00 EUR], max_total: [200.00, 8.00 EUR]}", "1:16-34 E114 `min_total` is above `max_total` [exchange the two limits]"},
		{"{min_total: 100.00, max_total: 8.00 EUR, min_weight: 1 kg, max_weight: 1 kg}", ""},
		{"{max_weight: 5, max_items: x}", "1:17-18 E101 `5` has no unit [write 5 kg or 5 g]\n1:31-32 E119 `x` is not a whole number [write it like 3]"},
		{"[a]", "1:4-7 E005 a row is a map; found a list [write it as `name: value` lines, or as {name: value}]"},
		{"{class: {a: b}}", "1:12-18 E005 a map stands where a name or a list of names is wanted [write one value, e.g. [a, b]]"},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			t.Parallel()
			s, _ := shop(t)
			s.Condition(node(t, tt.in, s.Report), "a row", []string{"price"})
			if got := told(s.Report); got != tt.want {
				t.Errorf("told\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// TestEmptyConditions: conditions without a word would hold always, and so stop every order or take every option away.
func TestEmptyConditions(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"[]", "1:4-6 E005 `when` holds no condition [write a condition, e.g. {max_weight: 20 kg}]"},
		{"{}", "1:4-6 E005 `when` holds no condition [write a condition, e.g. {max_weight: 20 kg}]"},
		{"[{max_weight: 20 kg}, {}]", "1:26-28 E005 `when` holds no condition [write a condition, e.g. {max_weight: 20 kg}]"},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			t.Parallel()
			s, _ := shop(t)
			if _, ok := s.Conditions(node(t, tt.in, s.Report), "`when`"); ok {
				t.Error("accepted")
			}
			if got := told(s.Report); got != tt.want {
				t.Errorf("told\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestTraceOfLookedAtFacts(t *testing.T) {
	t.Parallel()
	s, f := shop(t)
	f.Query.Trace = &rules.Trace{}
	c, _ := s.Condition(node(t, "{max_weight: 20 kg, class: dangerous, min_total: 5.00}", s.Report), "a row", nil)
	for range 2 {
		c.Holds(f)
	}
	f.Look("free_from", diag.Place{File: "x", Line: 7, Col: 3})
	f.Look("free_from", diag.Place{File: "x", Line: 9, Col: 3})
	got := f.Query.Trace.Looked
	if len(got) != 3 || got["max_weight"].Col != 5 || got["class"].Col != 24 || got["free_from"].Line != 7 {
		t.Errorf("looked at %v; want max_weight, class and free_from, not min_total", got)
	}
}

func TestTerms(t *testing.T) {
	t.Parallel()
	s, _ := shop(t)
	c, _ := s.Condition(node(t, "{max_weight: 20 kg, to: [sweden, denmark]}", s.Report), "a row", nil)
	cell := table.Cell{Text: "mon to fri", Place: diag.Place{File: "t.yaml", Line: 9, Col: 9, EndCol: 19}}
	term, ok := s.Term(table.WordDays, cell.Node(), cell.Place)
	if !ok {
		t.Fatal(told(s.Report))
	}
	both := c.And(table.NewCondition(term))
	if len(both.Terms()) != 3 || len(c.Terms()) != 2 || both.Empty() {
		t.Errorf("%d terms, want 3", len(both.Terms()))
	}
	if got, want := both.Term(table.WordTo).String(), "to sweden or denmark"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := both.Term(table.WordDays).String(), "days mon, tue, wed, thu, fri"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if both.Term(table.WordTag) != nil {
		t.Error("a term that is not there")
	}
}
