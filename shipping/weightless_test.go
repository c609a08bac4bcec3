package shipping_test

import (
	"strings"
	"testing"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/shipping"
)

// TestUnknownWeightHasToBeSaid: a file that looks at the weight anywhere says what goods without one count.
func TestUnknownWeightHasToBeSaid(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, option, want string }{
		{"a row", "price: [{max_weight: 5 kg, price: 1.00}]", "`max_weight`"},
		{"when", "price: 1.00\nwhen: {min_weight: 1 kg}", "`min_weight`"},
		{"unless", "price: 1.00\nunless: [{class: bulky}, {max_item_weight: 1 kg}]", "`max_item_weight`"},
		{"a surcharge", "price: 1.00\nsurcharges: [{min_weight: 1 kg, add: 1.00}]", "`min_weight`"},
		{"over", "price: 1.00\nsurcharges: [{over: 1 kg, add: 1.00}]", "`over`"},
		{"each", "price: 1.00\nsurcharges: [{each: 1 kg, add: 1.00}]", "`each`"},
		{"free from", "price: 1.00\nfree_from: {max_weight: 1 kg}", "`max_weight`"},
		{"pieces are no weight", "price: 1.00\nsurcharges: [{over: 1 item, add: 1.00}]", ""},
		{"sizes are no weight", "price: 1.00\nwhen: {max_item_length: 1 m}", ""},
		{"the option says it", "price: [{max_weight: 5 kg, price: 1.00}]\nitem_weight_if_missing: 1 kg", ""},
		{"the option refuses", "price: [{max_weight: 5 kg, price: 1.00}]\nitem_weight_if_missing: refuse", ""},
		{"zero is allowed", "price: [{max_weight: 5 kg, price: 1.00}]\nitem_weight_if_missing: 0 g", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var r diag.Report
			text := strings.Replace(oneOption(tt.option), "item_weight_if_missing: 0 g\nzones", "zones", 1)
			shipping.Load(files("shipping.yaml", text), "shipping.yaml", shipping.Options{}, &r)
			told := ""
			for _, f := range r.Findings() {
				if f.Code == diag.CodeMissingKey && strings.Contains(f.Message, "nothing says what goods without a weight count") {
					told += f.Message
				}
			}
			if (told == "") != (tt.want == "") || !strings.HasPrefix(told, tt.want) {
				t.Errorf("told %q, want %q", told, tt.want)
			}
		})
	}
}

// TestUnknownWeightIsToldOnce: for a whole file, at the first word.
func TestUnknownWeightIsToldOnce(t *testing.T) {
	t.Parallel()
	var r diag.Report
	text := strings.Replace(shopHead, "item_weight_if_missing: 0 g\n", "", 1) + "options:\n" +
		"  - {id: a, name: A, price: 1.00, when: {max_weight: 1 kg}}\n  - {id: b, name: B, price: 1.00, when: {max_weight: 2 kg}}\n"
	shipping.Load(files("shipping.yaml", text), "shipping.yaml", shipping.Options{}, &r)
	if f := r.Findings(); len(f) != 1 || f[0].Line != 17 || !strings.Contains(f[0].Help, "item_weight_if_missing: refuse") {
		t.Errorf("told %+v", f)
	}
}

// TestRefuse: a cart with goods of unknown weight gets no option that looks at the weight, whatever the word would say.
func TestRefuse(t *testing.T) {
	t.Parallel()
	table := load(t, shopWith("item_weight_if_missing: refuse\noptions:\n"+
		"  - {id: row, name: A, price: [{max_weight: 5 kg, price: 1.00}, {price: 2.00}]}\n"+
		"  - {id: unless, name: B, price: 3.00, unless: {min_weight: 20 kg}}\n"+
		"  - {id: each, name: C, price: 4.00, surcharges: [{over: 1 kg, each: 1 kg, add: 1.00}]}\n"+
		"  - {id: plain, name: D, price: 5.00}\n"+
		"  - {id: guess, name: E, price: [{max_weight: 5 kg, price: 6.00}, {price: 7.00}], item_weight_if_missing: 6 kg}\n"))
	for _, tt := range []struct {
		name  string
		items []item
		want  string
	}{
		{"all weights known", []item{{grams: 500, price: 1}}, "row 100, unless 300, each 400, plain 500, guess 600"},
		{"one unknown", []item{{grams: 500, price: 1}, {price: 1}}, "plain 500, guess 700"},
		{"digital goods have no weight", []item{{grams: 500, price: 1}, {price: 1, kind: "digital"}}, "row 100, unless 300, each 400, plain 500, guess 600"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := short(offer(t, table, ask{items: tt.items})); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}
