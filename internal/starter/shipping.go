package starter

import (
	"fmt"
	"slices"
	"strings"
)

// shippingFile writes shipping.yaml.
func (b *book) shippingFile() string {
	var w strings.Builder
	w.WriteString("# Which shipping options a buyer sees, and what they cost. After each change:\n" +
		"#   kvitto rules lint FOLDER     tells every mistake, with its line\n" +
		"#   kvitto rules test FOLDER     asks what shop.test.yaml asks\n" +
		"# Keys and words complete themselves in an editor once `kvitto rules schema --write` has run here.\n" +
		"version: 1\n")
	home, _ := countryOf(b.Country)
	line(&w, "currency: "+b.Currency, "amounts without a code are in it")
	line(&w, "time_zone: "+home.zone, "dates and times are in it")
	line(&w, "languages: ["+strings.Join(b.Languages, ", ")+"]", "the first one is used where a text is missing")
	line(&w, "prices: "+b.Prices, "the freight prices below")
	if b.weighs() {
		line(&w, "item_weight_if_missing: "+b.typicalWeight(), "of a piece, where the shop sends no weight: set what is typical")
	}
	w.WriteString("\nzones:                             # names for places; one may also be a part: {SE: [620 to 624]}\n")
	for _, to := range b.ShipTo {
		fmt.Fprintf(&w, "  %s: {%s: all}\n", zoneOf(to), to)
	}
	w.WriteString("\noptions:                           # in the order in which the buyer sees them\n")
	for i := range b.options {
		if i > 0 {
			w.WriteByte('\n')
		}
		b.writeOption(&w, &b.options[i])
	}
	none, missing := b.byLanguage(nowhereText)
	w.WriteString("\nno_option:                         # where nothing is left to offer\n  error: unsupported_shipping_address\n")
	w.WriteString("  text: " + none + translate(missing) + "\n")
	return w.String()
}

// line writes a key with a remark that stands below those of its neighbours.
func line(w *strings.Builder, text, remark string) { column(w, usualColumn, text, remark) }

// usualColumn is the one in which remarks begin.
const usualColumn = 34

// column is line with a column of one's own.
func column(w *strings.Builder, column int, text, remark string) {
	fmt.Fprintf(w, "%-*s # %s\n", column, text, remark)
}

// translate is a remark about languages that a text is missing in.
func translate(missing []string) string {
	if len(missing) == 0 {
		return ""
	}
	return "   # add: " + strings.Join(missing, ", ")
}

// zoneOf is the name of the zone of a country, or of the EU.
func zoneOf(to string) string {
	if c, ok := countryOf(to); ok {
		return c.name
	}
	return strings.ToLower(to)
}

// weighs reports whether a price depends on the weight.
func (b *book) weighs() bool {
	return slices.ContainsFunc(b.options, func(o option) bool { return o.tiers[0].limit != "" })
}

func (b *book) typicalWeight() string {
	if b.Country == usa {
		return "1 lb"
	}
	return "500 g"
}

func (b *book) writeOption(w *strings.Builder, o *option) {
	name, rest := quoted(o.name), ""
	if what, ok := b.builtIn(o.name); ok {
		var missing []string
		name, missing = b.byLanguage(what)
		rest = translate(missing)
	}
	zones := make([]string, len(o.to))
	for i, to := range o.to {
		zones[i] = zoneOf(to)
	}
	to := "[" + strings.Join(zones, ", ") + "]"
	if len(zones) == 1 {
		to = zones[0]
	}
	fmt.Fprintf(w, "  - id: %s\n    name: %s%s\n    to: %s\n", o.id, name, rest, to)
	if home, _ := countryOf(b.Country); home.eu && o.goes(union) && !o.goes(b.Country) {
		fmt.Fprintf(w, "    not_to: %s\n", home.name)
	}
	if o.tiers[0].limit == "" {
		fmt.Fprintf(w, "    price: %s\n", b.amount(o.tiers[0].price))
	} else {
		w.WriteString("    price:                         # the first row that fits; heavier than the last: not offered\n")
		for i := range o.tiers {
			b.writeTier(w, &o.tiers[i])
		}
	}
	if o.free > 0 {
		fmt.Fprintf(w, "    free_from: %-20s# value of the goods, after discounts\n", b.amount(o.free)+" ")
	}
}

func (b *book) writeTier(w *strings.Builder, t *tier) {
	if t.limit == "" {
		fmt.Fprintf(w, "      - {price: %s}\n", b.amount(t.price))
		return
	}
	fmt.Fprintf(w, "      - {max_weight: %s, price: %s}\n", t.limit, b.amount(t.price))
}
