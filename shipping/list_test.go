package shipping_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/shipping"
)

// TestList shows what becomes of the options together.
func TestList(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, yaml, want string
	}{
		{"file order", "options:\n  - {id: a, name: A, price: 3.00}\n  - {id: b, name: B, price: 1.00}\n", "a 300, b 100"},
		{"sort by price, ties in file order", "sort: price\noptions:\n  - {id: a, name: A, price: 3.00}\n  - {id: b, name: B, price: 1.00}\n  - {id: c, name: C, price: 1.00}\n", "b 100, c 100, a 300"},
		{"max_options after sort", "sort: price\nmax_options: 2\noptions:\n  - {id: a, name: A, price: 3.00}\n  - {id: b, name: B, price: 1.00}\n  - {id: c, name: C, price: 1.00}\n", "b 100, c 100"},
		{"one_of: the first of a group", "options:\n  - {id: a, name: A, price: 3.00, one_of: home, to: denmark}\n  - {id: b, name: B, price: 1.00, one_of: home}\n  - {id: c, name: C, price: 1.00, one_of: home}\n  - {id: d, name: D, price: 2.00, one_of: box}\n", "b 100, d 200"},
		{"hides", "options:\n  - {id: a, name: A, price: 3.00}\n  - {id: b, name: B, price: 0, hides: [a, c]}\n  - {id: c, name: C, price: 1.00}\n  - {id: d, name: D, price: 1.00}\n", "b 0, d 100"},
		{"what is not offered hides nothing", "options:\n  - {id: a, name: A, price: 3.00}\n  - {id: b, name: B, price: 0, hides: a, to: denmark}\n", "a 300"},
		{"what is hidden hides nothing", "options:\n  - {id: a, name: A, price: 3.00, hides: b}\n  - {id: b, name: B, price: 0, hides: [c, a]}\n  - {id: c, name: C, price: 1.00}\n", "a 300, c 100"},
		{"two that hide each other: the first stays", "options:\n  - {id: a, name: A, price: 3.00, hides: b}\n  - {id: b, name: B, price: 0, hides: a}\n", "a 300"},
		{"one_of comes before hides", "options:\n  - {id: a, name: A, price: 3.00, one_of: g}\n  - {id: b, name: B, price: 0, one_of: g, hides: a}\n", "a 300"},
		{"defaults", "defaults: {price: 7.00, method: Home}\noptions:\n  - {id: a, name: A}\n  - {id: b, name: B, price: 1.00}\n", "a 700, b 100"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := short(offer(t, load(t, shopHead+tt.yaml), ask{})); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestPreselect(t *testing.T) {
	t.Parallel()
	const stores = "id,name\nx,X\ny,Y\n"
	const options = "options:\n  - {id: a, name: A, price: 1.00}\n  - {id: b, name: B, price: 2.00}\n" +
		"  - {id: c, name: C, price: 3.00, pickup_points: {csv: stores.csv}}\n  - {id: d, name: D, price: 4.00, to: denmark}\n"
	tests := []struct {
		yaml string
		mode rules.PreselectMode
		id   string
	}{
		{"", rules.PreselectFirst, ""},
		{"preselect: first\n", rules.PreselectFirst, ""},
		{"preselect: cheapest\n", rules.PreselectCheapest, ""},
		{"preselect: none\n", rules.PreselectNone, ""},
		{"preselect: b\n", rules.PreselectID, "b"},
		{"preselect: c\n", rules.PreselectID, "c:x"},
		{"preselect: d\n", rules.PreselectID, "d"},
	}
	for _, tt := range tests {
		got := offer(t, load(t, shopHead+tt.yaml+options, "stores.csv", stores), ask{})
		if got.Preselect != tt.mode || got.PreselectID != tt.id {
			t.Errorf("%q: got %v %q, want %v %q", tt.yaml, got.Preselect, got.PreselectID, tt.mode, tt.id)
		}
	}
}

// TestInclude reads options and zones from several files, what is included first.
func TestInclude(t *testing.T) {
	t.Parallel()
	table := load(t, "version: 1\ninclude: [base.yaml, more/dk.yaml]\noptions:\n  - {id: se, name: SE, to: sweden, price: 1.00}\n",
		"base.yaml", "version: 1\ncurrency: SEK\ntime_zone: Europe/Stockholm\nlanguages: [sv]\nitem_weight_if_missing: 1 kg\nzones: {sweden: {SE: all}}\nx-note: ours\n",
		"more/dk.yaml", "zones: {denmark: {DK: all}}\noptions:\n  - {id: dk, name: DK, to: denmark, price: {csv: more/dk.csv}}\n",
		"more/dk.csv", "max_weight,price\n5 kg,2.00\n")
	if diff := cmp.Diff([]string{"dk", "se"}, table.OptionIDs()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := short(offer(t, table, ask{to: "DK 2100"})); got != "dk 200" {
		t.Errorf("got %s", got)
	}
	if table.Currency() != "SEK" || table.Location().String() != "Europe/Stockholm" || !cmp.Equal(table.Languages(), []string{"sv"}) {
		t.Errorf("got %s, %s, %v", table.Currency(), table.Location(), table.Languages())
	}
}

// TestTaxClasses lists what a rulebook holds against its tax file.
func TestTaxClasses(t *testing.T) {
	t.Parallel()
	got := load(t, shopHead+"options:\n  - {id: a, name: A, price: 1.00}\n  - {id: b, name: B, price: 1.00, tax_class: food}\n"+
		"  - {id: c, name: C, price: 1.00, tax_class: books}\n  - {id: d, name: D, price: 1.00, tax_class: food}\n").TaxClasses()
	want := []shipping.ClassUse{
		{Name: "food", Place: diag.Place{File: "shipping.yaml", Line: 19, Col: 46, EndCol: 50}},
		{Name: "books", Place: diag.Place{File: "shipping.yaml", Line: 20, Col: 46, EndCol: 51}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestEU lets a zone name the members of the EU.
func TestEU(t *testing.T) {
	t.Parallel()
	table := load(t, "version: 1\ncurrency: EUR\ntime_zone: Europe/Berlin\nlanguages: [de]\nzones: {eu: {EU: all}}\noptions:\n  - {id: a, name: A, to: eu, price: 1.00}\n")
	for to, want := range map[string]string{"DE 10115": "a 100", "SE 11351": "a 100", "NO 0150": "-"} {
		if got := short(offer(t, table, ask{to: to, currency: "EUR"})); got != want {
			t.Errorf("%s: got %s, want %s", to, got, want)
		}
	}
}
