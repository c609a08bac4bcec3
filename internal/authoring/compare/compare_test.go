package compare_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/authoring/compare"
	"github.com/kvitto/kvitto/internal/authoring/samplebook"
)

func diff(t testing.TB, a, b *authoring.Book) *compare.Report {
	t.Helper()
	r, err := compare.Diff(t.Context(), a, b, compare.Options{Now: samplebook.Monday()})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func text(t testing.TB, r *compare.Report) string {
	t.Helper()
	var out bytes.Buffer
	if err := r.Text(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// lines are the rows of a report with one space between words.
func lines(t testing.TB, r *compare.Report) []string {
	t.Helper()
	var list []string
	for line := range strings.Lines(text(t, r)) {
		list = append(list, strings.Join(strings.Fields(line), " "))
	}
	return list
}

const none = "no difference: every order gets the same answer"

func TestDiff(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		edits []string
		want  []string
	}{
		{"a comment", []string{"classes:", "# said\nclasses:"}, []string{none}},
		{"a renamed zone", []string{"gotland", "visby"}, []string{none}},
		{"a renamed class", []string{"bulky: {tags: [bulky]}", "big: {tags: [bulky]}", "class: bulky", "class: big"}, []string{none}},
		{"a zone in two", []string{"sweden: {SE: all}", "sweden: {SE: [100 to 499]}\n  rest: {SE: [500 to 999]}", "to: [sweden, denmark]", "to: [sweden, rest, denmark]",
			"to: sweden", "to: [sweden, rest]", "| sweden |", "| sweden | rest |", "|  59.00 |", "| 59.00 | 59.00 |", "|  99.00 |", "| 99.00 | 99.00 |"},
			[]string{ // no column is certain before the postcode is known
				"~ parcel SE while the postcode is not known, goods without a class, up to 5 kg, below 599.00 SEK 59.00 SEK → no longer offered",
				"SE while the postcode is not known, goods without a class, up to 20 kg, from 599.00 SEK 0.00 SEK → no longer offered",
				"SE while the postcode is not known, goods without a class, over 5 kg up to 20 kg, below 599.00 SEK 99.00 SEK → no longer offered"}},
		{"a row that says nothing new", []string{"        20 kg      |  99.00", "        4 kg       |  59.00 |       69.00\n        20 kg      |  99.00"}, []string{none}},
		{"a price", []string{"59.00 ", "62.00 "}, []string{
			"~ parcel SE except 620–624, up to 5 kg, below 599.00 SEK 59.00 → 62.00 SEK",
			"SE 620–624, up to 5 kg, below 599.00 SEK 79.00 → 82.00 SEK"}},
		{"a limit of weight", []string{"5 kg       |", "6 kg       |"}, []string{
			"~ parcel DK, over 5 kg up to 6 kg, below 499.00 DKK 119.00 → 69.00 DKK",
			"SE except 620–624, over 5 kg up to 6 kg, below 599.00 SEK 99.00 → 59.00 SEK",
			"SE 620–624, over 5 kg up to 6 kg, below 599.00 SEK 119.00 → 79.00 SEK"}},
		{"one gram", []string{"20 kg      |", "20.001 kg  |"}, []string{
			"~ parcel DK, goods without a class, over 20 kg up to 20.001 kg, below 499.00 DKK not offered → 119.00 DKK",
			"DK, goods without a class, over 20 kg up to 20.001 kg, from 499.00 DKK not offered → 0.00 DKK",
			"SE except 620–624, goods without a class, over 20 kg up to 20.001 kg, below 599.00 SEK not offered → 99.00 SEK",
			"SE, goods without a class, over 20 kg up to 20.001 kg, from 599.00 SEK not offered → 0.00 SEK",
			"SE 620–624, goods without a class, over 20 kg up to 20.001 kg, below 599.00 SEK not offered → 119.00 SEK"}},
		{"one postcode", []string{"620 to 624", "620 to 624, 12345"}, []string{"~ parcel SE 12345, up to 5 kg, below 599.00 SEK 59.00 → 79.00 SEK",
			"SE 12345, over 5 kg up to 20 kg, below 599.00 SEK 99.00 → 119.00 SEK"}},
		{"a new and a lost option", []string{"id: pallet", "id: crate"}, []string{"- pallet SE 495.00 SEK", "+ crate SE 495.00 SEK"}},
		{"an option that is off", []string{"id: pallet\n", "id: pallet\n    off: yes\n"}, []string{"- pallet SE 495.00 SEK"}},
		{"a date", []string{"price: 495.00", "price: {2026-01-01: 495.00, 2027-01-01: 515.00}"},
			[]string{"~ pallet SE, from 2027-01-01 495.00 → 515.00 SEK"}},
		{"a campaign", []string{"    price: 495.00", "    from: 2026-12-01\n    until: 2026-12-24\n    price: 495.00"},
			[]string{"~ pallet SE, until 2026-11-30 or from 2026-12-25 495.00 SEK → no longer offered"}},
		{"hours and days", []string{"    to: sweden\n", "    to: sweden\n    unless: {days: [sat, sun]}\n    when: {time: \"08:00 to 18:00\"}\n"}, []string{
			"~ pallet SE, mon or tue or wed or thu or fri, 00:00–08:00 or 18:00–24:00 495.00 SEK → no longer offered",
			"SE, sat or sun 495.00 SEK → no longer offered"}},
		{"a group", []string{"    price: 495.00", "    price: [{group: vip, price: 395.00}, {price: 495.00}]"}, []string{"~ pallet SE, group vip 495.00 → 395.00 SEK"}},
		{"steps", []string{"    price: 495.00", "    price: 495.00\n    surcharges: [{over: 30 kg, each: 10 kg, add: 5.00}]"}, nil},
		{"goods without a weight", []string{"300 g", "6 kg"}, []string{
			"~ parcel DK, below 499.00 DKK, goods without a weight 69.00 → 119.00 DKK",
			"SE except 620–624, below 599.00 SEK, goods without a weight 59.00 → 99.00 SEK",
			"SE 620–624, below 599.00 SEK, goods without a weight 79.00 → 119.00 SEK"}},
		{"a name", []string{"name: Pallet", "name: Pall"}, []string{"~ pallet name in sv Pallet → Pall"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := diff(t, samplebook.Edited(t), samplebook.Edited(t, tt.edits...))
			if tt.want == nil {
				if r.Empty() {
					t.Error("no difference was found")
				}
				return
			}
			got := lines(t, r)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(r.Partly) > 0 || r.Asked == 0 {
				t.Errorf("%d questions, partly %v", r.Asked, r.Partly)
			}
			if back := diff(t, samplebook.Edited(t, tt.edits...), samplebook.Edited(t)); back.Empty() != r.Empty() {
				t.Errorf("the other way round:\n%s", text(t, back))
			}
		})
	}
}

// TestDiffOfTax: rates by date, destinations and modes.
func TestDiffOfTax(t *testing.T) {
	t.Parallel()
	const food = samplebook.VAT + "classes: {food: {tags: [food]}}\nrates: {SE: {food: {2024-01-01: 12%, 2026-04-01: 6%}}}\n"
	load := func(from, to string) *authoring.Book {
		if !strings.Contains(food, from) {
			t.Fatalf("no %q", from)
		}
		return samplebook.Load(t, samplebook.Shop, strings.Replace(food, from, to, 1), nil)
	}
	tests := []struct {
		name, from, to string
		want           []string
	}{
		{"nothing", "classes", "# x\nclasses", []string{none}},
		{"a day", "2026-04-01: 6%}", "2026-04-01: 6%, 2027-03-01: 12%}", []string{"! tax of goods SE, food, from 2027-03-01 6 % → 12 %"}},
		{"a past day", "2024-01-01: 12%", "2024-01-01: 13%", []string{none}},
		{"freight", "mode: vat", "mode: vat\nshipping_tax: standard", nil},
		{"a destination", "DK: charge", "DK: none", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := diff(t, load("classes", "classes"), load(tt.from, tt.to))
			switch {
			case tt.want == nil && (r.Empty() || r.Changes[0].Kind != compare.KindTax):
				t.Errorf("%+v", r.Changes)
			case tt.want != nil:
				if diff := cmp.Diff(tt.want, lines(t, r)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
		})
	}
	const sales = "version: 1\nmode: sales_tax\nprices: exclude tax\ncollect_in: [US-CA]\nrates: {US-CA: 7.25%}\nshipping_tax: {US-CA: none}\n"
	us := samplebook.Load(t, samplebook.Shop, sales, nil)
	if r := diff(t, load("classes", "classes"), us); !slices.ContainsFunc(r.Changes, func(c compare.Change) bool { return c.Option == "mode" }) {
		t.Errorf("another kind of tax: %+v", r.Changes)
	}
	r := diff(t, us, samplebook.Load(t, samplebook.Shop, strings.Replace(sales, "7.25%", "7.5%", 1), nil))
	if r.Empty() || r.Changes[0].Option != "sales tax" || !strings.Contains(r.Changes[0].Where, "US-CA") {
		t.Errorf("sales tax: %+v", r.Changes)
	}
}

// table is a small price list that can be mutated.
type table struct {
	limits []int // kg, ascending
	prices [][]int
	free   int
	zones  []string // names of the three zones
	extra  int      // supplement in the first zone
	shift  int      // first three digits of the first zone
}

func draw(rt *rapid.T) table {
	s := table{zones: []string{"a", "b", "c"}, free: rapid.IntRange(0, 3).Draw(rt, "free") * 300, shift: rapid.IntRange(101, 300).Draw(rt, "shift")}
	s.extra = rapid.IntRange(0, 40).Draw(rt, "extra")
	limit := 0
	for range rapid.IntRange(1, 4).Draw(rt, "rows") {
		limit += rapid.IntRange(1, 7).Draw(rt, "step")
		s.limits = append(s.limits, limit)
		s.prices = append(s.prices, rapid.SliceOfN(rapid.IntRange(0, 200), 3, 3).Draw(rt, "prices"))
	}
	return s
}

func (s *table) clone() table {
	c := *s
	c.limits, c.zones, c.prices = slices.Clone(s.limits), slices.Clone(s.zones), nil
	for _, row := range s.prices {
		c.prices = append(c.prices, slices.Clone(row))
	}
	return c
}

// yaml writes the shop; order says in which order zones are declared.
func (s *table) yaml(order []int) string {
	var b strings.Builder
	b.WriteString("version: 1\ncurrency: SEK\ntime_zone: Europe/Stockholm\nlanguages: [sv]\nprices: include tax\nitem_weight_if_missing: 300 g\nzones:\n")
	stretches := []string{fmt.Sprintf("[100 to %d]", s.shift), fmt.Sprintf("[%d to 500]", s.shift+1), "[501 to 999]"}
	for _, i := range order {
		fmt.Fprintf(&b, "  %s: {SE: %s}\n", s.zones[i], stretches[i])
	}
	fmt.Fprintf(&b, "options:\n  - id: parcel\n    name: Parcel\n    to: [%s]\n    price:\n      table: |\n        max_weight", strings.Join(s.zones, ", "))
	for i := range s.zones {
		b.WriteString(" | " + s.zones[i])
	}
	b.WriteString("\n")
	for k, limit := range s.limits {
		fmt.Fprintf(&b, "        %d kg", limit)
		for i := range s.zones {
			fmt.Fprintf(&b, " | %d.00", s.prices[k][i])
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "    surcharges: [{to: %s, add: %d.00}]\n", s.zones[0], s.extra)
	if s.free > 0 {
		fmt.Fprintf(&b, "    free_from: %d.00\n", s.free)
	}
	return b.String()
}

func (s *table) book(t testing.TB, order []int) *authoring.Book {
	return samplebook.Load(t, s.yaml(order), samplebook.VAT, nil)
}

// TestSameAnswersAreNoDifference: other names, another order of zones, a row split in two. (The order of columns does count: where
// the postcode is not known, the first one that is possible is taken.)
func TestSameAnswersAreNoDifference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := draw(rt)
		c := s.clone()
		c.zones = rapid.Permutation([]string{"north", "south", "isles"}).Draw(rt, "names")
		if k := rapid.IntRange(0, len(c.limits)-1).Draw(rt, "split"); rapid.Bool().Draw(rt, "splits") && c.limits[k] > 1 && (k == 0 || c.limits[k-1] < c.limits[k]-1) {
			c.limits = slices.Insert(c.limits, k, c.limits[k]-1)
			c.prices = slices.Insert(c.prices, k, slices.Clone(c.prices[k]))
		}
		r := diff(t, s.book(t, []int{0, 1, 2}), c.book(t, rapid.Permutation([]int{0, 1, 2}).Draw(rt, "order")))
		if !r.Empty() || len(r.Partly) > 0 {
			rt.Fatalf("%s\n%s\n%s", s.yaml([]int{0, 1, 2}), c.yaml([]int{0, 1, 2}), text(t, r))
		}
	})
}

// TestEveryChangeIsFound: one price, limit, supplement, free limit or end of a zone that moves is told, and what is told is so:
// asked at the place, both rulebooks answer as the report says.
func TestEveryChangeIsFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := draw(rt)
		c := s.clone()
		k, z := rapid.IntRange(0, len(s.limits)-1).Draw(rt, "row"), rapid.IntRange(0, 2).Draw(rt, "zone")
		seen := true // whether anything can be seen of the change
		switch kind := rapid.SampledFrom([]string{"price", "limit", "extra", "free", "shift"}).Draw(rt, "kind"); kind {
		case "price":
			c.prices[k][z] += rapid.IntRange(1, 50).Draw(rt, "by")
		case "limit":
			c.limits[len(c.limits)-1] += rapid.IntRange(1, 3).Draw(rt, "by")
		case "extra":
			c.extra += rapid.IntRange(1, 50).Draw(rt, "by")
		case "free":
			c.free += rapid.IntRange(1, 50).Draw(rt, "by")
			seen = slices.ContainsFunc(s.prices, func(row []int) bool { return slices.ContainsFunc(row, func(p int) bool { return p > 0 }) }) || s.extra > 0
		case "shift":
			c.shift += rapid.IntRange(1, 50).Draw(rt, "by")
			seen = slices.ContainsFunc(s.prices, func(row []int) bool { return row[0]+s.extra != row[1] })
		}
		order := []int{0, 1, 2}
		r := diff(t, s.book(t, order), c.book(t, order))
		if r.Empty() == seen {
			rt.Fatalf("seen %v:\n%s\n%s\n%s", seen, s.yaml(order), c.yaml(order), text(t, r))
		}
		for _, change := range r.Changes {
			if change.Before == change.After {
				rt.Fatalf("nothing changes: %+v", change)
			}
		}
	})
}

// TestTooManyCombinations: where there are too many, limits are still tried two by two, and that is told.
func TestTooManyCombinations(t *testing.T) {
	t.Parallel()
	a, b := samplebook.Edited(t), samplebook.Edited(t, "59.00 ", "62.00 ")
	r, err := compare.Diff(t.Context(), a, b, compare.Options{Now: samplebook.Monday(), Most: 20})
	if err != nil || r.Empty() || !slices.Contains(r.Partly, "parcel") || !strings.Contains(text(t, r), "not all their combinations were tried") {
		t.Errorf("%v: %+v", err, r)
	}
}

// TestExamplesDoNotDifferFromThemselves reads each sample twice; a comment makes the files differ.
func TestExamplesDoNotDifferFromThemselves(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"first", "nordic", "us", "british", "canadian", "checks"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := samplebook.Example(t, "../../..", name), samplebook.Example(t, "../../..", name)
			if r := diff(t, a, b); !r.Empty() {
				t.Error(text(t, r))
			}
		})
	}
}
