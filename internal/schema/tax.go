package schema

import (
	"maps"
	"slices"

	"github.com/kvitto/kvitto/rules/table"
)

// tax is the schema of tax.yaml: its mode says which keys there are.
func tax() object {
	mode := object{"properties": object{"mode": object{"const": "sales_tax"}}, "required": []string{"mode"}}
	defs := commonDefs()
	maps.Copy(defs, conditionDefs(table.FeeWords))
	defs["source"] = sourceDef()
	defs["vat"], defs["sales_tax"] = vat(), salesTax()
	return object{"type": "object", "if": mode, "then": ref("sales_tax"), "else": ref("vat"), "$defs": defs}
}

// taxHead are the keys of both modes.
func taxHead(prices ...string) []prop {
	return []prop{
		{"version", "", ref("version")},
		{"mode", "vat, or sales_tax in the USA.", word("vat", "sales_tax")},
		{"home", "The country from which the shop sells.", object{"type": "string", "pattern": "^[A-Z]{2}$"}},
		{"prices", "What the prices in a cart hold.", word(prices...)},
		{"keep", "gross: one shelf price everywhere; net: the price without tax stays.", word("gross", "net")},
	}
}

// places is a map from countries, regions, EU and "*".
func places(value object) object { return open(`^([A-Z]{2}(-[A-Z0-9]{1,3})?|\*)$`, value) }

// states is a map from states of the USA.
func states(value object) object { return open(`^US-[A-Z]{2}$`, value) }

func vat() object {
	limit := closed(nil,
		prop{"charge_below_item_value", "The destination's rates for each piece that costs less, none for the others (Norway's VOEC).", ref("moneyList")},
		prop{"charge_up_to_order_value", "The destination's rates for orders up to there, none above.", ref("moneyList")})
	limit["minProperties"] = 1
	destination := either(object{"type": "string", "enum": []string{"charge", "home_rate", "none"}}, limit)
	rate := dated(either(ref("percent"), object{"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}))
	freight := object{"type": "string"}
	return closed([]string{"version", "mode", "home", "destinations"}, slices.Concat(taxHead("include tax", "exclude tax"), zoneProps(), []prop{
		{"data", "A table of rates by date: the shipped vat-rates.yaml, or one of the folder.", ref("scalar")},
		{"destinations", "What is charged where: charge (its own rates), home_rate (the shop's), none, or a limit. The most specific wins.", places(destination)},
		{"rates", "Country, class: a per cent or a slot of the data file; either also by date.", open(placeNames, open("", rate))},
		{"areas", "Zones of this file or areas of the data file, with none or rates of their own.", open("", either(word("none"), open("", rate)))},
		{"shipping_tax", "What freight carries: split, highest, largest, standard, a class or none; one word, or one for each place.",
			either(freight, places(freight))},
		{"b2b", "Organizations abroad.", closed(nil,
			prop{"reverse_charge", "EU: an organization in another member that has a VAT id owes the tax itself.", object{"type": "string"}},
			prop{"vat_id", "How a VAT id is checked.", either(word("format"), closed([]string{"plugin"},
				prop{"plugin", "The plug-in that asks the register.", ref("scalar")},
				prop{"if_unavailable", "What happens without an answer.", word("charge")}))})},
	})...)
}

func salesTax() object {
	rate := dated(ref("percent"))
	in := prop{"in", "States of collect_in; all of them if nothing is said.", ref("names")}
	exempt := closed([]string{"class"},
		prop{"class", "Goods without tax.", ref("names")}, in,
		prop{"below_item_price", "Only pieces that cost less.", dated(ref("moneyList"))},
		prop{"from", "The first day.", ref("date")}, prop{"until", "The last day.", ref("date")})
	fee := closed([]string{"id", "name", "in", "amount"},
		prop{"id", "The reference of its line.", ref("scalar")}, prop{"name", "What the buyer reads.", ref("text")},
		prop{"in", "States in which it is owed.", ref("names")},
		prop{"when", "It is owed where this holds.", ref("conditions")}, prop{"unless", "It is not owed where this holds.", ref("conditions")},
		prop{"amount", "What is owed for an order.", dated(ref("moneyList"))})
	return closed([]string{"version", "mode", "collect_in"}, slices.Concat(taxHead("exclude tax"), zoneProps(), []prop{
		{"collect_in", "States in which the shop collects tax.", oneOrMore(object{"type": "string", "pattern": `^\s*US-[A-Z]{2}\s*$`})},
		{"rate_files", "Rates by ZIP and date: state, zip_from, zip_to, state_rate, county_rate, city_rate, special_rate, from.",
			oneOrMore(either(ref("scalar"), ref("source")))},
		{"rates", "Of a whole state, where no file has the ZIP; also by date.", states(rate)},
		{"exempt", "Goods that are not taxed.", object{"type": "array", "items": exempt}},
		{"shipping_tax", "How each state taxes freight. There is no default.", states(dated(word("all", "follow goods", "none")))},
		{"fees", "What a state wants for each delivery.", object{"type": "array", "items": fee}},
		{"lines", "One sales_tax line for each level, or one in all.", word("by_level", "one")},
		{"round", "Once for the order, or line by line.", word("order", "line")},
	})...)
}
