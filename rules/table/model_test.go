package table_test

import (
	"slices"
	"testing"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/table"
	"pgregory.net/rapid"
)

// TestWordsAgainstAModel compares every word about goods with a plain count over the lines, at limits near the truth.
func TestWordsAgainstAModel(t *testing.T) {
	t.Parallel()
	all := classes(t, "a: {tags: a}\nb: {tags: b}\nc: {tags: c}\n")
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.Custom(drawLine), 0, 5).Draw(t, "lines")
		r := defaultRules()
		r.Classes, r.WeightIfMissing = all, 300*g
		if rapid.Bool().Draw(t, "volumetric") {
			r.Volumetric = table.Density{Micrograms: 250, CubicMillimetres: 1}
		}
		cart := &table.Cart{}
		if err := cart.Fill(&rules.Query{Lines: lines}, r); err != nil {
			t.Fatal(err)
		}
		f := &table.Facts{Query: &rules.Query{Lines: lines}, Cart: cart, Currency: "SEK"}
		m := modelOf(lines, r)
		near := rapid.Int64Range(-1, 1).Draw(t, "near")
		set := table.ClassSet(rapid.Uint64Range(1, 7).Draw(t, "classes"))
		meets := func(of table.ClassSet) bool { return of&set != 0 }
		misses := func(of table.ClassSet) bool { return of&set == 0 }
		for _, tt := range []struct {
			term table.Term
			want bool
		}{
			{limit(table.WordMinWeight, m.weight+near), near <= 0},
			{limit(table.WordMaxWeight, m.weight+near), near >= 0},
			{limit(table.WordMinItems, m.pieces+near), near <= 0},
			{limit(table.WordMaxItems, m.pieces+near), near >= 0},
			{limit(table.WordMaxItemWeight, m.heaviest+near), near >= 0},
			{limit(table.WordMaxItemLength, m.longest+near), near >= 0},
			{limit(table.WordMaxItemGirth, m.girth+near), near >= 0},
			{total(table.WordMinTotal, m.value+near), near <= 0},
			{total(table.WordMaxTotal, m.value+near), near >= 0},
			{table.Term{Word: table.WordMaxItemSize, Size: m.box}, m.fits(m.box)},
			{table.Term{Word: table.WordMaxItemSize, Size: table.Size{30 * cm, 20 * cm, 10 * cm}}, m.fits(table.Size{30 * cm, 20 * cm, 10 * cm})},
			{table.Term{Word: table.WordClass, Classes: set}, slices.ContainsFunc(m.classes, meets)},
			{table.Term{Word: table.WordNoClass, Classes: set}, !slices.ContainsFunc(m.classes, meets)},
			{table.Term{Word: table.WordOnlyClass, Classes: set}, len(m.classes) > 0 && !slices.ContainsFunc(m.classes, misses)},
		} {
			c := table.NewCondition(tt.term)
			if got := c.Holds(f); (got == table.Yes) != tt.want || got == table.Maybe {
				t.Errorf("%s: %d, want %v; model %+v", tt.term.String(), got, tt.want, m)
			}
			if why, _ := c.Explain(f); (why == "") != tt.want {
				t.Errorf("%s is explained as %q", tt.term.String(), why)
			}
		}
	})
}

// model is what conditions look at, counted line by line.
type model struct {
	weight, pieces, heaviest, longest, girth, value int64
	box                                             table.Size
	sizes                                           []table.Size
	classes                                         []table.ClassSet
}

func (m *model) fits(box table.Size) bool {
	return !slices.ContainsFunc(m.sizes, func(z table.Size) bool { return z[0] > box[0] || z[1] > box[1] || z[2] > box[2] })
}

func modelOf(lines []order.Line, r *table.CartRules) *model {
	m := &model{}
	for _, l := range lines {
		if l.Type == order.Discount || l.Type == "" {
			m.value += int64(l.TotalAmount)
		}
		if l.Type != "" {
			continue
		}
		weight := l.ShippingAttributes.Weight * 1_000_000
		if weight == 0 {
			weight = int64(r.WeightIfMissing)
		}
		d := l.ShippingAttributes.Dimensions
		sides := []int64{d.Height, d.Width, d.Length}
		slices.Sort(sides)
		if r.Volumetric.Micrograms > 0 {
			weight = max(weight, sides[0]*sides[1]*sides[2]*r.Volumetric.Micrograms)
		}
		m.weight += weight * l.Quantity
		m.pieces += l.Quantity
		m.heaviest = max(m.heaviest, weight)
		m.longest = max(m.longest, sides[2]*1000)
		m.girth = max(m.girth, (sides[2]+2*sides[1]+2*sides[0])*1000)
		size := table.Size{table.Length(sides[2]) * 1000, table.Length(sides[1]) * 1000, table.Length(sides[0]) * 1000}
		m.sizes = append(m.sizes, size)
		for i := range size {
			m.box[i] = max(m.box[i], size[i])
		}
		var set table.ClassSet
		for i, tag := range []string{"a", "b", "c"} {
			if slices.Contains(l.ShippingAttributes.Tags, tag) {
				set |= 1 << i
			}
		}
		m.classes = append(m.classes, set)
	}
	return m
}

func drawLine(t *rapid.T) order.Line {
	l := order.Line{
		Type:        rapid.SampledFrom([]order.LineType{"", "", "", order.Discount, order.Digital, order.GiftCard, order.ShippingFee}).Draw(t, "type"),
		Quantity:    rapid.Int64Range(1, 4).Draw(t, "quantity"),
		TotalAmount: order.Amount(rapid.Int64Range(0, 9999).Draw(t, "total")),
	}
	side := rapid.Int64Range(0, 400)
	l.ShippingAttributes = &order.ShippingAttributes{
		Weight:     rapid.Int64Range(0, 3000).Draw(t, "grams"),
		Dimensions: &order.Dimensions{Height: side.Draw(t, "height"), Width: side.Draw(t, "width"), Length: side.Draw(t, "length")},
		Tags:       rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 2, rapid.ID).Draw(t, "tags"),
	}
	if l.Type == order.Discount || l.Type == order.GiftCard {
		l.TotalAmount = -l.TotalAmount
	}
	return l
}

func limit(w table.Word, n int64) table.Term { return table.Term{Word: w, Limit: n} }

func total(w table.Word, n int64) table.Term {
	return table.Term{Word: w, Money: table.MoneyList{{Amount: order.Amount(n), Currency: "SEK"}}}
}
