package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// wooZone writes a zone of an export.
func wooZone(id, order int, name, locations string, methods ...string) string {
	return fmt.Sprintf(`{"id":%d,"name":%q,"order":%d,"locations":[%s],"methods":[%s]}`, id, name, order, locations, strings.Join(methods, ","))
}

// wooFlat writes a flat rate.
func wooFlat(title, cost string, more ...string) string {
	return fmt.Sprintf(`{"enabled":true,"method_id":"flat_rate","settings":{"title":{"value":%q},"cost":{"value":%q}%s}}`, title, cost, strings.Join(more, ""))
}

const (
	inSweden  = `{"code":"SE","type":"country"}`
	onGotland = inSweden + `,{"code":"62*","type":"postcode"}`
)

func TestWooZones(t *testing.T) {
	t.Parallel()
	i := run(t, "woocommerce-zones", "zones.json", "[\n\t"+strings.Join([]string{
		wooZone(2, 1, "Sverige", inSweden, wooFlat("Hem", "49", `,"class_cost_12":{"value":"100 + [qty] * 5","label":"\"Bulky goods\" shipping class cost"},"no_class_cost":{"value":"10"},"type":{"value":"class"}`),
			`{"enabled":true,"method_id":"free_shipping","settings":{"title":{"value":"Fri"},"requires":{"value":"min_amount"},"min_amount":{"value":"599,50"}}}`,
			`{"enabled":true,"method_id":"local_pickup","settings":{"title":{"value":"Hämta"}}}`),
		wooZone(1, 0, "Gotland", onGotland, wooFlat("Post", "99 + ( 2,50 * [qty] )")),
		wooZone(3, 2, "Europa", `{"code":"EU","type":"continent"}`, wooFlat("Parcel", "5 + [fee percent='10' min_fee='20' max_fee='200']")),
		wooZone(0, 0, "Rest", "", wooFlat("World", "[cost] * 0.125")),
	}, ",\n\t")+"]", nil)
	i.sound(t)
	equal(t, "findings", "", i.short(t))
	_, got, _ := strings.Cut(i.file(t, "shipping.yaml"), "\nclasses:\n")
	equal(t, "options", `
  bulky_goods: {tags: [bulky-goods]}

options:
  # zone Gotland
  - id: post
    name: Post
    to: gotland
    price: 99.00
    surcharges: [{each: 1 item, add: 2.50}]

  # zone Sverige
  - id: hem
    name: Hem
    to: sverige
    not_to: gotland
    surcharges: [{add: 49.00}, {class: bulky_goods, each: 1 item, add: 5.00}]
    price_per: class
    price:
      table: |
        class       | price
        bulky_goods | 100.00
        any         | 10.00

  # zone Sverige
  - id: fri
    name: Fri
    to: sverige
    price: 0.00
    not_to: gotland
    when: {min_total: 599.50}

  # zone Sverige
  - id: hamta
    name: Hämta
    method: PickUpStore
    to: sverige
    price: 0.00
    not_to: gotland

  # zone Europa
  - id: parcel
    name: Parcel
    to: europa
    price: 10% of goods
    not_to: [gotland, sverige]
    surcharges: [{add: 5.00}]
    min_price: 25.00
    max_price: 205.00

  # zone Rest
  - id: world
    name: World
    price: 12.5% of goods
    not_to: [gotland, sverige, europa]

`, got)
}

// TestWooHighest: only the dearest class counts.
func TestWooHighest(t *testing.T) {
	t.Parallel()
	i := run(t, "woocommerce-zones", "z.json", `{"shipping_classes":[{"id":7,"slug":"glass"},{"id":8,"slug":"sofa"}],"zones":[`+
		wooZone(1, 0, "Sverige", inSweden, wooFlat("Hem", "10", `,"class_cost_7":{"value":"30"},"class_cost_8":{"value":"500"},"no_class_cost":{"value":""},"type":{"value":"order"}`))+`]}`, withoutVAT)
	i.sound(t)
	if got := squeeze(i.file(t, "shipping.yaml")); !strings.Contains(got, "price_per: class combine: highest price: table: | class | price glass | 30.00 sofa | 500.00 any | 0.00") {
		t.Errorf("shipping.yaml: %s", got)
	}
}

// TestWooBeyond: what a rulebook cannot say is told, and the rest is imported.
func TestWooBeyond(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, method, want string }{
		{"a product", wooFlat("A", "[qty]*[cost]"), "pieces, values or fees are multiplied, or two shares of the goods added"},
		{"two fees", wooFlat("A", `[fee percent='1' min_fee='2'] + [fee percent='1' min_fee='2']`), "pieces, values or fees are multiplied, or two shares of the goods added"},
		{"no sum", wooFlat("A", "12 %"), "it is not a sum of numbers, [qty], [cost] and [fee]"},
		{"a word of another plug-in", wooFlat("A", "[weight]"), "it is not a sum of numbers"},
		{"negative", wooFlat("A", "1 - 5"), "an amount is negative or too exact"},
		{"too exact", wooFlat("A", "10 / 3"), "an amount is negative or too exact"},
		{"a fee and pieces", wooFlat("A", `[qty] + [fee percent='1' min_fee='2']`), "a fee with bounds goes only with a fixed amount"},
		{"a share of a class", wooFlat("A", "1", `,"class_cost_7":{"value":"[cost] * 0.1"}`), "a class cost can be an amount"},
		{"a coupon", `{"enabled":true,"method_id":"free_shipping","settings":{"requires":{"value":"coupon"}}}`, "needs a coupon (coupon), whose code the export does not hold"},
		{"another plug-in", `{"enabled":true,"method_id":"acme","settings":{"title":"A"}}`, "a method of the kind `acme` cannot be imported"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			i := run(t, "woocommerce-zones", "z.json", "["+wooZone(1, 0, "Sverige", inSweden, wooFlat("B", "1"), c.method)+"]", withoutVAT)
			i.sound(t)
			if got := i.short(t); !strings.Contains(got, c.want) || !strings.Contains(got, "[W904]") || strings.Count(got, "\n") != 1 {
				t.Errorf("findings:\n%s", got)
			}
		})
	}
}

func TestWooWrong(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"no JSON", "id,name\n", "z.json:1:1: this is not JSON: it begins with neither { nor [ [E901]\n"},
		{"cut off", `[{"id":1,`, "z.json:1:"},
		{"no zone", `{"zones":[]}`, "z.json:1:1: there is no shipping zone in this file [E901]\n"},
		{"no country", "[" + wooZone(1, 0, "A", `{"code":"XX","type":"country"}`, wooFlat("B", "1")) + "]", "`XX` is not a country [E902]"},
		{"no continent", "[" + wooZone(1, 0, "A", `{"code":"XX","type":"continent"}`, wooFlat("B", "1")) + "]", "`XX` is not a continent [E902]"},
		{"no kind", "[" + wooZone(1, 0, "A", `{"code":"XX","type":"planet"}`, wooFlat("B", "1")) + "]", "`planet` is not a kind of location [E902]"},
		{"no such region", "[" + wooZone(1, 0, "A", `{"code":"US:XX","type":"state"}`, wooFlat("B", "1")) + "]", "`XX` is not a region of `US` [E902]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			i := run(t, "woocommerce-zones", "z.json", c.text, withoutVAT)
			if got := i.short(t); i.Result != nil || !strings.Contains(got, c.want) {
				t.Errorf("findings:\n%s", got)
			}
		})
	}
}

// TestWooPlaces: states, ranges, and postcodes without a country.
func TestWooPlaces(t *testing.T) {
	t.Parallel()
	i := run(t, "woocommerce-zones", "z.json", "["+strings.Join([]string{
		wooZone(1, 0, "Kalifornien", `{"code":"US:CA","type":"state"}`, wooFlat("A", "1")),
		wooZone(2, 1, "Stockholm", `{"code":"10000...19999","type":"postcode"},{"code":"6215","type":"postcode"}`, wooFlat("B", "2"), `{"enabled":false,"method_id":"flat_rate"}`),
	}, ",")+"]", nil)
	i.sound(t)
	got := i.file(t, "shipping.yaml")
	for _, want := range []string{"kalifornien: {US-CA: all}", "stockholm: {SE: [10000 to 19999]}"} {
		if !strings.Contains(got, want) {
			t.Errorf("want %q in\n%s", want, got)
		}
	}
	if got := i.short(t); !strings.Contains(got, "the postcode `6215` cannot be taken over: `6215` is not a complete SE postcode [W904]") {
		t.Errorf("findings:\n%s", got)
	}
	if got := i.left(); !strings.Contains(got, "is disabled") {
		t.Errorf("left out:\n%s", got)
	}
}

// TestWooCostProperty: whatever sum a flat rate is, it costs the same in the rulebook, or it is told.
func TestWooCostProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var cost strings.Builder
		for n := range rapid.IntRange(1, 4).Draw(rt, "terms") {
			if n > 0 {
				cost.WriteString(rapid.SampledFrom([]string{" + ", " - ", " * ", "/"}).Draw(rt, "sign"))
			}
			cost.WriteString(rapid.SampledFrom([]string{"10", "2.5", "[qty]", "[cost]", "(1 + 2)", "0.1", `[fee percent="10"]`,
				`[fee percent="7.5" min_fee="20"]`, `[fee percent="3" max_fee="9"]`, "([qty] * 3)"}).Draw(rt, "term"))
		}
		i := run(t, "woocommerce-zones", "z.json", "["+wooZone(1, 0, "S", inSweden, wooFlat("A", "1"), wooFlat("B", cost.String()))+"]", withoutVAT)
		if fault := i.fault(t); fault != "" {
			rt.Fatal(cost.String(), fault)
		}
		if len(i.Left) == 0 && i.Proof.Rows != 2 {
			rt.Fatalf("%s: %d rows asked and nothing left out", cost.String(), i.Proof.Rows)
		}
	})
}

func FuzzWooZones(f *testing.F) {
	f.Add("[" + wooZone(1, 0, "A", onGotland, wooFlat("B", "99 + ( 2,50 * [qty] )")) + "," + wooZone(0, 0, "R", "", wooFlat("C", "[cost] * 0.125")) + "]")
	f.Add("{\"zones\":[\n\t" + wooZone(1, 0, "S", inSweden, wooFlat("Hem", "10", `,"class_cost_7":{"value":"30"},"type":{"value":"order"}`)) + "]}")
	f.Fuzz(func(t *testing.T, text string) { anySource(t, "woocommerce-zones", "z.json", text) })
}
