package schema

// tests is the schema of a test file.
func tests() object {
	defs := commonDefs()
	defs["address"] = either(object{"type": "string", "pattern": `^\s*[A-Z]{2}(-[A-Z0-9]{1,3})?(\s+\S.*)?\s*$`}, address())
	defs["instant"] = described(object{"type": "string", "pattern": `^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}`},
		"A point of time: 2026-11-23 10:00, in the time zone of shipping.yaml, or with an offset.")
	defs["expect"] = expectation()
	input := inputProps()
	one := closed([]string{"name"}, append([]prop{
		{"name", "What a failure is told under.", ref("scalar")},
		{"each_to", "Several addresses with the same expectation.", oneOrMore(ref("address"))},
		{"order", "A recorded callback (JSON) instead of to and cart.", ref("scalar")},
		{"option", "The option whose prices the table lists.", ref("scalar")},
		{"table", "Lines of cells parted by |: what is asked, then price and what else is expected.", object{"type": "string", "pattern": `\S`}},
		{"expect", "What the answer should be; what is not named is not looked at.", ref("expect")},
	}, input...)...)
	return withDefs(closed([]string{"version", "cases"},
		prop{"version", "", ref("version")},
		prop{"rules", "The files under test.", ref("names")},
		prop{"now", "The clock of all cases that have none of their own.", ref("instant")},
		prop{"defaults", "What holds for each case that does not say it.", closed(nil, input...)},
		prop{"cases", "Questions and their answers.", list(one)}), defs)
}

// inputProps are what a question is made of.
func inputProps() []prop {
	return []prop{
		{"now", "The clock of this case.", ref("instant")},
		{"to", "Where the goods go: SE 113 51, US-NY 10001, or {country, postcode, street_address, …}.", ref("address")},
		{"currency", "Of the order.", object{"type": "string", "pattern": "^[A-Z]{3}$"}},
		{"language", "Of the order.", ref("scalar")},
		{"customer", "Who buys.", either(word("person", "organization"), closed(nil,
			prop{"type", "", word("person", "organization")}, prop{"vat_id", "", ref("scalar")},
			prop{"date_of_birth", "", ref("scalar")}, prop{"organization_registration_id", "", ref("scalar")}))},
		{"group", "The customer's group.", ref("scalar")},
		{"coupon", "Vouchers.", ref("names")},
		{"tag", "Tags of the order.", ref("names")},
		{"cart", "The goods: one made-up item {weight, total}, or a list of items.", cart()},
		{"discounts", "Lines of discount.", object{"type": "array", "items": closed([]string{"total"},
			prop{"total", "", ref("money")}, prop{"rate", "The VAT rate of the goods that it is given on.", ref("percent")}, prop{"coupon", "", ref("scalar")})}},
		{"choose", "The option that the buyer takes.", ref("scalar")},
	}
}

// address is one with its parts.
func address() object {
	props := []prop{{"country", "", ref("scalar")}, {"postcode", "", ref("scalar")}, {"region", "", ref("scalar")}}
	for _, key := range []string{"given_name", "family_name", "email", "phone", "title", "street_address", "street_address2", "street_name",
		"street_number", "house_extension", "city", "care_of", "organization_name", "reference", "attention"} {
		props = append(props, prop{key, "", ref("scalar")})
	}
	return closed(nil, props...)
}

// itemProps are what an item and the made-up item have in common.
func itemProps() []prop {
	return []prop{
		{"sku", "", ref("scalar")}, {"name", "", ref("scalar")}, {"weight", "", ref("weight")}, {"size", "", ref("size")},
		{"tags", "Tags of the order line.", ref("names")}, {"category", "", ref("scalar")},
		{"type", "physical if nothing is said.", word("physical", "digital", "surcharge", "shipping_fee", "gift_card", "store_credit")},
		{"discount", "What is taken off this line.", ref("money")},
	}
}

func cart() object {
	item := closed([]string{"price"}, append(itemProps(), prop{"quantity", "1 if nothing is said.", ref("count")}, prop{"price", "Of a piece.", ref("money")})...)
	return closed(nil, append(itemProps(),
		prop{"total", "The value of all pieces together.", ref("money")},
		prop{"items", "How many pieces, or a list of items.", either(ref("count"), object{"type": "array", "items": item})})...)
}

// expectation is what an answer should be.
func expectation() object {
	text := ref("scalar")
	option := closed([]string{"id"},
		prop{"id", "", text}, prop{"name", "", text}, prop{"description", "", text}, prop{"promo", "", text},
		prop{"price", "", ref("money")}, prop{"tax", "", ref("money")}, prop{"tax_rate", "", ref("percent")}, prop{"method", "", method()},
		prop{"preselected", "", ref("yesNo")}, prop{"carrier", "", text}, prop{"delivery_class", "", text}, prop{"product", "", text},
		prop{"tms_reference", "", text})
	options := object{"type": "array", "items": either(text, option)}
	level := prop{"total", "All of it.", ref("money")}
	return closed(nil,
		prop{"options", "Exactly these, in this order.", options},
		prop{"with", "These among others.", options},
		prop{"without", "None of these.", ref("names")},
		prop{"goods_tax", "The VAT of the goods.", ref("money")},
		prop{"order_amount", "", ref("money")},
		prop{"order_tax_amount", "", ref("money")},
		prop{"freight", "The freight by VAT rate: {25%: 29.50, 6%: 29.50}.", open("", ref("money"))},
		prop{"error", "The order is refused with this.", rejectKind()},
		prop{"sales_tax", "All sales tax, or by level; levels that are not named are not looked at.", either(ref("money"), closed(nil,
			prop{"state", "", ref("money")}, prop{"county", "", ref("money")}, prop{"city", "", ref("money")}, prop{"special", "", ref("money")}, level))},
		prop{"fees", "Exactly these fees, by id.", open("", ref("money"))},
		prop{"rejected", "The id of the check that stops the buyer; none: no check does.", text},
		prop{"redirect", "Where the buyer is sent.", text})
}
