package table_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// products reads a list for tables that know the classes bulky and food.
func products(text string, r *diag.Report) (rules.Products, bool) {
	fsys := fstest.MapFS{"products.csv": &fstest.MapFile{Data: []byte(text)}}
	return table.ReadProducts(fsys, table.Source{File: "products.csv"}, []string{"bulky", "food"}, r)
}

func TestReadProducts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     rules.Products
	}{
		{"all columns", "sku,weight,size,tags,class\nA-1,500 g,30 x 20 x 5 cm,glass fragile,bulky\n", rules.Products{
			"A-1": {Micrograms: 500_000_000, Micrometres: [3]int64{300_000, 200_000, 50_000}, Tags: []string{"glass", "fragile"}, Classes: []string{"bulky"}}}},
		{"in any order, semicolons, decimal commas", "class;sku;tags;weight\nfood, bulky;A;\"glass;fragile\";1,5 kg\n", rules.Products{
			"A": {Micrograms: 1_500_000_000, Tags: []string{"glass", "fragile"}, Classes: []string{"food", "bulky"}}}},
		{"empty cells are not known", "sku,weight,size,tags,class\nA,,,,\n", rules.Products{"A": {}}},
		{"pounds and inches", "sku,weight,size\nA,2 lb,10 x 5 x 1 in\n", rules.Products{
			"A": {Micrograms: 907_184_740, Micrometres: [3]int64{254_000, 127_000, 25_400}}}},
		{"numbers stay what they are", "sku,weight\n007,1 g\n7,2 g\n", rules.Products{"007": {Micrograms: 1_000_000}, "7": {Micrograms: 2_000_000}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var r diag.Report
			got, ok := products(tt.in, &r)
			for _, p := range tt.want {
				if p.Tags == nil {
					p.Tags = []string{}
				}
			}
			if d := cmp.Diff(tt.want, got); d != "" || !ok || r.Failed() {
				t.Errorf("%s\n%s", d, told(&r))
			}
		})
	}
}

func TestReadProductsFaults(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"an unknown column", "sku,wieght\nA,1 g\n", "1:5-11 E302 `wieght` is not a column of a list of products; did you mean `weight`? [possible here: sku, weight, size, tags, class]"},
		{"no sku", "weight\n1 g\n", "1:1-7 E302 there is no column `sku` [add the numbers by which orders name their goods (`reference`)]"},
		{"a weight without a unit", "sku,weight\nA,500\n", "2:3-6 E101"},
		{"a weight of nothing", "sku,weight\nA,0 g\n", "2:3-6 E104 an article cannot weigh nothing [leave the cell empty where the weight is not known]"},
		{"a size of two sides", "sku,size\nA,3 x 2 cm\n", "2:3-11 E119"},
		{"twice", "sku\nA\nB\nA\n", "4:1-2 E205 the article `A` stands twice [keep one of the rows]"},
		{"no number", "sku,weight\n,1 g\n", "2:1-2 E309 the row names no article [write the number of the article, or take the row away]"},
		{"no such class", "sku,class\nA,food bulkey\n", "2:8-14 E201 there is no class `bulkey` [known are bulky, food]"},
		{"ragged", "sku,weight\nA\n", "2:1-2 E301"},
		{"a decimal comma in a comma-separated file", "sku,weight\nA,\"1,5 kg\"\n", "2:4-10 E108"},
		{"read in two ways", "sku;weight\nA;1,5 kg\nB;1.500 g\n", "3:3-8 E112"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var r diag.Report
			if list, ok := products(tt.in, &r); ok || list != nil {
				t.Errorf("got %v", list)
			}
			if got := told(&r); !strings.HasPrefix(got, tt.want) {
				t.Errorf("told\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// TestDuplicateShowsBoth: the finding about the second row has the place of the first.
func TestDuplicateShowsBoth(t *testing.T) {
	t.Parallel()
	var r diag.Report
	products("sku\nA\nA\n", &r)
	if f := r.Findings(); len(f) != 1 || f[0].Cause == nil || f[0].Cause.Line != 2 {
		t.Errorf("told %+v", f)
	}
}

// TestFillFromProducts: the cart wins where it has a value; the list has the rest.
func TestFillFromProducts(t *testing.T) {
	t.Parallel()
	var r diag.Report
	classes := table.CompileClasses(yaml(t, "bulky: {tags: [big]}\nfood: {sku: F-*}\nglass: {tags: [glass]}\n", &r), &r)
	list := rules.Products{"A": {Micrograms: 1_500_000_000, Micrometres: [3]int64{100_000, 500_000, 200_000}, Tags: []string{"big"}, Classes: []string{"food", "elsewhere"}},
		"B": {Tags: []string{"big"}}}
	cut := &order.Dimensions{Length: 10, Width: 20, Height: 30}
	tests := []struct {
		name     string
		line     order.Line
		weight   table.Weight
		known    bool
		longest  table.Length
		heavy    table.Weight // by volume, at 280 kg/m3
		belongs  string
		excluded string
	}{
		{"nothing of its own", order.Line{Reference: "A"}, 1500 * g, true, 500_000, 2800 * g, "bulky food", "glass"},
		{"its own weight", order.Line{Reference: "A", ShippingAttributes: &order.ShippingAttributes{Weight: 9000}}, 9000 * g, true, 500_000, 9000 * g, "bulky food", "glass"},
		{"its own size", order.Line{Reference: "A", ShippingAttributes: &order.ShippingAttributes{Dimensions: cut}}, 1500 * g, true, 30_000, 1500 * g, "bulky", ""},
		{"its own tags", order.Line{Reference: "A", ShippingAttributes: &order.ShippingAttributes{Tags: []string{"glass"}}}, 1500 * g, true, 500_000, 2800 * g, "glass food", "bulky"},
		{"in the list without a weight", order.Line{Reference: "B"}, 300 * g, false, 0, 300 * g, "bulky", "food"},
		{"not in the list", order.Line{Reference: "C"}, 300 * g, false, 0, 300 * g, "", "bulky food"},
		{"no reference", order.Line{}, 300 * g, false, 0, 300 * g, "", "bulky food"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.line.Quantity = 1
			rule := table.CartRules{Classes: classes, WeightIfMissing: 300 * g, Volumetric: table.Density{Micrograms: 280_000_000_000, CubicMillimetres: 1_000_000_000}}
			var c table.Cart
			if err := c.Fill(&rules.Query{Lines: []order.Line{tt.line}, Products: list}, &rule); err != nil {
				t.Fatal(err)
			}
			it := c.Items[0]
			if it.Weight != tt.weight || it.NoWeight == tt.known || it.Size[0] != tt.longest || it.Chargeable != tt.heavy {
				t.Errorf("got %+v", it)
			}
			for _, name := range strings.Fields(tt.belongs) {
				if id, _ := classes.ID(name); !it.Classes.Has(id) {
					t.Errorf("not of class %s", name)
				}
			}
			for _, name := range strings.Fields(tt.excluded) {
				if id, _ := classes.ID(name); it.Classes.Has(id) {
					t.Errorf("of class %s", name)
				}
			}
		})
	}
}
