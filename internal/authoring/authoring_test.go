package authoring_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/authoring/samplebook"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/table"
)

func TestRangeInWords(t *testing.T) {
	t.Parallel()
	tests := []struct{ from, to, want string }{
		{"", "", "all"},
		{"62000", "62499", "620–624"},
		{"22000", "22999", "22*"},
		{"11351", "11351", "11351"},
		{"11351", "11360", "11351–11360"},
		{"1000AA", "1109ZZ", "100–110"},
		{"GX0 0AA", "GX99Z 9ZZ", "GX"},
		{"IV41 0AA", "IV51Z 9ZZ", "IV41–IV51Z"},
		{"00000", "99999", "all"},
	}
	for _, tt := range tests {
		if got := (authoring.Range{From: tt.from, To: tt.to}).String(); got != tt.want {
			t.Errorf("%s to %s: got %q, want %q", tt.from, tt.to, got, tt.want)
		}
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	b := samplebook.Edited(t, "denmark: {DK: all}", "denmark: {EE: all}\n  west: {US-CA: all, US: [10001]}")
	var got []string
	for _, p := range authoring.Places(b) {
		if p.Country != "DK" && (b.Names(p.Country) || p.Elsewhere) {
			got = append(got, p.Name())
		}
	}
	want := []string{"EE", "SE 10–61, 625–999", "SE 620–624", "SE, postcode not known yet", "US-CA",
		"US, other regions 00000–10000, 10002–99999", "US, other regions 10001*", "US, postcode not known yet", "other countries"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	var places []authoring.Place
	b := samplebook.Edited(t, "denmark: {DK: all}", "denmark: {EE: all}")
	for _, p := range authoring.Places(b) {
		if p.Country == "SE" || p.Country == "EE" || p.Elsewhere {
			places = append(places, p)
		}
	}
	tests := []struct {
		held []int
		want string
	}{
		{[]int{0, 1, 2, 4}, "everywhere"},
		{[]int{0}, "EE"},
		{[]int{1, 2}, "SE"},
		{[]int{1}, "SE except 620–624"},
		{[]int{2, 4}, "SE 620–624; other countries"},
		{[]int{3}, "SE while the postcode is not known"},
		{nil, "nowhere"},
	}
	for _, tt := range tests {
		if got := authoring.Names(places, func(i int) bool { return slices.Contains(tt.held, i) }, "everywhere"); got != tt.want {
			t.Errorf("%v: got %q, want %q", tt.held, got, tt.want)
		}
	}
}

// TestPlacesAreAPartition: whatever the zones, the stretches of a country follow each other without a gap.
func TestPlacesAreAPartition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var zones []string
		for i := range rapid.IntRange(1, 5).Draw(rt, "zones") {
			from := rapid.IntRange(1000, 9990).Draw(rt, "from")
			to := rapid.IntRange(from, 9999).Draw(rt, "to")
			zones = append(zones, "  z"+string(rune('0'+i))+": {DK: ["+digits(from)+" to "+digits(to)+"]}")
		}
		b := samplebook.Edited(t, "denmark: {DK: all}", "denmark: {DK: all}\n"+strings.Join(zones, "\n"))
		var all []authoring.Range
		for _, p := range authoring.Places(b, b) {
			if p.Country == "DK" && !p.Thin {
				all = append(all, p.Ranges...)
			}
		}
		slices.SortFunc(all, func(a, b authoring.Range) int { return strings.Compare(a.From, b.From) })
		next := 0
		for _, r := range all {
			if r.From != digits(next) || r.To < r.From {
				rt.Fatalf("%v after %04d", r, next)
			}
			next = number(r.To) + 1
		}
		if next != 10_000 {
			rt.Fatalf("the last stretch ends at %d", next-1)
		}
	})
}

func digits(n int) string {
	return string([]byte{byte('0' + n/1000), byte('0' + n/100%10), byte('0' + n/10%10), byte('0' + n%10)})
}

func number(text string) (n int) {
	for _, c := range text {
		n = n*10 + int(c-'0')
	}
	return n
}

func TestLimits(t *testing.T) {
	t.Parallel()
	b := samplebook.Edited(t, "    price: 495.00", "    when: {min_weight: 2 kg, max_item_length: 150 cm, max_total: 9000.00}\n    price: 495.00\n    surcharges: [{over: 10 kg, each: 5 kg, add: 1.00}]")
	l := authoring.LimitsOf(b.Part("parcel"), b.Part("pallet"))
	var weights []string
	for i := range len(l.Weight) + 1 {
		weights = append(weights, authoring.Between(l.Weight, i, i))
	}
	want := []string{"below 2 kg", "from 2 kg up to 5 kg", "over 5 kg up to 10 kg", "over 10 kg up to 15 kg", "over 15 kg up to 20 kg", "over 20 kg"}
	if diff := cmp.Diff(want, weights); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]authoring.Cut{{Start: 599_00, Text: "599.00 SEK", From: true}, {Start: 9000_01, Text: "9000.00 SEK"}}, l.Totals["SEK"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]authoring.Cut{{Start: 1501, Text: "150 cm"}}, l.Length); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for i := range len(l.Weight) + 1 {
		low, high := authoring.Ends(l.Weight, i, 1)
		if low > high || i > 0 && low != l.Weight[i-1].Start || i < len(l.Weight) && high != l.Weight[i].Start-1 {
			t.Errorf("cell %d is from %d to %d", i, low, high)
		}
	}
}

// TestMadeUpGoods: lines of equal pieces sum up to the weight and value that were asked about.
func TestMadeUpGoods(t *testing.T) {
	t.Parallel()
	b := samplebook.Edited(t)
	rapid.Check(t, func(rt *rapid.T) {
		g := authoring.Goods{Pieces: rapid.Int64Range(0, 50).Draw(rt, "pieces"), Grams: rapid.Int64Range(0, 100_000).Draw(rt, "grams"),
			Total: order.Amount(rapid.Int64Range(0, 1_000_000).Draw(rt, "total")), Mark: table.Sample{Tag: "bulky"}}
		q := authoring.Question{Country: "SE", Currency: "SEK", Now: samplebook.Monday(), Goods: []authoring.Goods{g}}
		o := b.Order(t.Context(), &q)
		var pieces, grams int64
		for i := range o.Lines {
			l := &o.Lines[i]
			pieces += l.Quantity
			grams += l.Quantity * l.ShippingAttributes.Weight
			if l.TaxRate != 2500 || l.ShippingAttributes.Tags[0] != "bulky" {
				rt.Fatalf("line %+v", l)
			}
		}
		if pieces != max(g.Pieces, 1) || grams != g.Grams || o.OrderAmount != g.Total || len(o.Lines) > 3 {
			rt.Fatalf("%d pieces, %d g, %d in %d lines of %+v", pieces, grams, o.OrderAmount, len(o.Lines), g)
		}
	})
}
