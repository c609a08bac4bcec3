package schema

import (
	"maps"
	"slices"
)

// shipping is the schema of shipping.yaml and of the files that it includes; nothing is required, since an included file may
// hold any part.
func shipping() object {
	options := optionProps()
	head := []prop{
		{"version", "", ref("version")},
		{"currency", "Of amounts without a code.", object{"type": "string", "pattern": "^[A-Z]{3}$"}},
		{"time_zone", "Of dates and times: Europe/Stockholm.", object{"type": "string"}},
		{"languages", "Of the texts; the first is used where one is missing.", oneOrMore(object{"type": "string", "pattern": "^[a-z]{2,3}$"})},
		{"prices", "Whether the freight prices of this file include tax.", word("include tax", "exclude tax")},
		{"order_value", "What counts as the value of the goods.", closed(nil,
			prop{"after_discounts", "yes if nothing is said.", ref("yesNo")},
			prop{"ignore", "Types of lines that do not count; [gift_card, digital] if nothing is said.",
				either(word(lineTypes()...), object{"type": "array", "items": word(lineTypes()...)})})},
		volumetricProp(), missingProp(),
	}
	tail := []prop{
		{"calendars", "Closed days, by name.", open("", closed([]string{"closed"},
			prop{"closed", "Days, or ranges of days: 2026-12-24 to 2026-12-26.", object{"type": "array", "items": object{"type": "string",
				"pattern": `^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}(\s+to\s+[0-9]{4}-[0-9]{2}-[0-9]{2})?\s*$`}}}))},
		{"defaults", "Keys that are given to every option that lacks them.", closed(nil, without(options, "id")...)},
		{"options", "What the buyer can choose, in this order.", list(closed([]string{"id"}, options...))},
		{"preselect", "first (if nothing is said), cheapest, none, or the id of an option.", ref("scalar")},
		{"max_options", "How many options are shown at most.", ref("count")},
		{"sort", "Shows the cheapest first.", word("price")},
		{"no_option", "What the buyer reads where nothing is left to offer.", closed(nil,
			prop{"error", "", rejectKind()}, prop{"text", "", ref("text")})},
		{"include", "Files that are read before this one.", ref("names")},
	}
	return withDefs(closed(nil, slices.Concat(head, zoneProps(), tail)...), shippingDefs())
}

func lineTypes() []string {
	return []string{"physical", "digital", "gift_card", "store_credit", "surcharge", "return_fee"}
}

func rejectKind() object {
	return word("unsupported_shipping_address", "address_error", "approval_failed")
}

func volumetricProp() prop {
	return prop{"volumetric", "What a volume counts as: 280 kg/m3 or 5000 cm3/kg. The larger of this and the real weight counts.",
		measured("kg ?/ ?m(3|³)|cm(3|³) ?/ ?kg|lb ?/ ?ft(3|³)|in(3|³) ?/ ?lb")}
}

func missingProp() prop {
	return prop{"item_weight_if_missing", "What a piece of unknown weight counts as; refuse: what looks at the weight is then not offered.",
		either(ref("weight"), word("refuse"))}
}

// shippingDefs are the values of shipping.yaml.
func shippingDefs() object {
	defs := commonDefs()
	maps.Copy(defs, conditionDefs(0))
	defs["source"] = sourceDef()
	share := object{"type": "string", "pattern": `^\s*(` + number + `)\s*%?\s*of goods\s*$`}
	defs["amount"] = described(either(ref("moneyList"), share), "An amount, one for each currency, or a share such as 8% of goods.")
	defs["price"] = described(either(word("-"), ref("amount")), "An amount, or - for not offered.")
	row := closed([]string{"price"}, append(conditionProps(0), prop{"price", "What it costs where all words of this row hold; - is not offered.", dated(ref("price"))})...)
	defs["row"] = row
	sheet := sourceDef(prop{"table", "Lines of cells parted by |. The head holds condition words, and zones (with a currency) or `price`.",
		object{"type": "string", "pattern": `\S`}})
	delete(sheet, "required")
	sheet["oneOf"] = []object{{"required": []string{"table"}}, {"required": []string{"csv"}}}
	defs["prices"] = described(dated(either(ref("price"), list(ref("row")), ref("row"), sheet)),
		"One price, rows of which the first that fits decides, a table, a file; each of them also by date.")
	return defs
}

// optionProps are the keys of an option.
func optionProps() []prop {
	return slices.Concat(identityProps(), offerProps(), moneyProps(), deliveryProps())
}

func identityProps() []prop {
	return []prop{
		{"id", "Never changes once orders carry it. Letters, digits, -, _ and .", object{"type": []string{"string", "number"}, "pattern": `^\s*[A-Za-z0-9][A-Za-z0-9_.-]*\s*$`}},
		{"name", "What the buyer reads.", ref("text")},
		{"description", "Below the name; {delivery} stands for the days of delivery.", ref("text")},
		{"promo", "A short praise.", ref("text")},
		{"carrier", "Who carries it, as the checkout shows it.", ref("scalar")},
		{"product", "The carrier's product.", closed(nil, prop{"name", "", ref("scalar")}, prop{"id", "", ref("scalar")})},
		{"method", "The checkout's shipping method.", method()},
		{"delivery_class", "Passed on to the checkout.", ref("scalar")},
		{"tms_reference", "Passed on to the checkout.", ref("scalar")},
		{"tax_class", "Of tax.yaml, where the freight does not follow shipping_tax.", ref("scalar")},
	}
}

func offerProps() []prop {
	return []prop{
		{"to", "Zones that it goes to; without this it is offered everywhere.", ref("names")},
		{"not_to", "Zones that it does not go to.", ref("names")},
		{"when", "It is offered where this holds.", ref("conditions")},
		{"unless", "It is not offered where this holds.", ref("conditions")},
		{"from", "The first day on which it is offered.", ref("date")},
		{"until", "The last day on which it is offered.", ref("date")},
		{"off", "yes takes it out and keeps it in the file.", ref("yesNo")},
		{"one_of", "Of the options with the same name here only the first that is offered is shown.", ref("scalar")},
		{"hides", "Options that are not shown where this one is.", ref("names")},
	}
}

func moneyProps() []prop {
	label := prop{"label", "What explain and the buyer read.", ref("text")}
	units := object{"type": "string", "pattern": `^\s*(` + number + `)\s*(items?|kg|g|lb|oz|mg|t)\s*$`}
	surcharge := closed([]string{"add"}, append(conditionProps(0),
		prop{"add", "An amount, or a share such as 5% of goods.", dated(ref("amount"))},
		prop{"over", "Where counting begins: 20 kg, 1 item.", units},
		prop{"each", "The size of a step; begun steps count whole.", units}, label)...)
	free := append(conditionProps(0), prop{"total", "The value from which it is free.", dated(ref("moneyList"))},
		prop{"keep_surcharges", "yes: supplements are still paid.", ref("yesNo")})
	return []prop{
		{"price", "What it costs.", ref("prices")},
		{"price_per", "Each group is priced by itself.", word("class", "line", "item")},
		{"combine", "How groups are put together; sum if nothing is said.", word("sum", "highest", "lowest")},
		{"surcharges", "All that fit are added.", oneOrMore(surcharge)},
		{"min_price", "The least it costs.", dated(ref("moneyList"))},
		{"max_price", "The most it costs.", dated(ref("moneyList"))},
		{"free_from", "From this value of the goods on it costs nothing.", either(dated(ref("moneyList")), closed(nil, free...))},
		{"round", "To a multiple of an amount.", closed([]string{"to"}, prop{"to", "", ref("moneyList")}, prop{"mode", "nearest if nothing is said; half goes up.", word("up", "down", "nearest")})},
		volumetricProp(), missingProp(),
	}
}

func deliveryProps() []prop {
	point := closed(nil,
		prop{"csv", "Own shops: a file with the columns id, name, street, postcode, city, country, zone.", ref("scalar")},
		prop{"sheet", "The sheet of a workbook.", ref("scalar")},
		prop{"plugin", "The plug-in that knows the carrier's points.", ref("scalar")},
		prop{"nearest", "How many points are shown, 1 to 50; 5 if nothing is said.", ref("count")},
		prop{"if_unavailable", "What becomes of the option where the plug-in does not answer.", either(word("offer anyway", "hide"), ref("source"))})
	point["oneOf"] = []object{{"required": []string{"csv"}}, {"required": []string{"plugin"}}}
	return []prop{
		{"delivery", "The promise of days that {delivery} stands for.", closed([]string{"days"},
			prop{"days", "Working days on the way: 1 to 3.", object{"type": []string{"integer", "string"}, "minimum": 0, "pattern": `^\s*[0-9]+(\s+to\s+[0-9]+)?\s*$`}},
			prop{"cutoff", "Until when an order leaves the same day: \"14:00\".", object{"type": "string", "pattern": `^\s*` + clock + `\s*$`}},
			prop{"ships", "Days on which parcels leave and arrive.", ref("days")},
			prop{"calendar", "The name of a calendar.", ref("scalar")})},
		{"pickup_points", "Where the goods are fetched.", point},
	}
}
