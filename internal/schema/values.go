package schema

import (
	"slices"

	"github.com/kvitto/kvitto/rules/table"
)

// Patterns of values. The loader reads the raw text, so a number of YAML is as good as its text.
const (
	number      = `[0-9]+(\.[0-9]*)?|\.[0-9]+`
	datePattern = `^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*$`
	clock       = `[0-9]{1,2}:[0-9]{2}`
	weekday     = `(mon|tue|wed|thu|fri|sat|sun)`
	placeNames  = `^([A-Z]{2}(-[A-Z0-9]{1,3})?)$`
)

// measured is a text such as "5 kg"; a number alone has no unit.
func measured(units string) object {
	return object{"type": "string", "pattern": `^\s*(` + number + `)\s*(` + units + `)\s*$`}
}

// counted is a number, or the text of one with what may stand behind it.
func counted(behind string) object {
	return object{"type": []string{"number", "string"}, "minimum": 0, "pattern": `^\s*(` + number + `)` + behind + `\s*$`}
}

// word is one of a few texts.
func word(words ...string) object { return object{"type": "string", "enum": words} }

// commonDefs are the values that all files know.
func commonDefs() object {
	money := counted(`\s*([A-Z]{3})?`)
	return object{
		"money":     described(money, "An amount in major units: 49.00, or 4.90 EUR. Without a code it is in the file's currency."),
		"moneyList": described(oneOrMore(ref("money")), "An amount, or a list with one for each currency: [599.00, 69.00 EUR]."),
		"weight":    described(measured("kg|g|lb|oz|mg|t"), "A weight with its unit: 500 g, 1.5 kg, 2 lb, 8 oz."),
		"length":    described(measured("cm|m|mm|in|ft"), "A length with its unit: 150 cm, 1.2 m, 12 in."),
		"size": described(object{"type": "string", "pattern": `^\s*(` + number + `)\s*[xX×]\s*(` + number + `)\s*[xX×]\s*(` + number + `)\s*(cm|m|mm|in|ft)\s*$`},
			"Three sides in any order, the unit at the end: 60 x 40 x 40 cm."),
		"count":   described(object{"type": []string{"integer", "string"}, "minimum": 0, "pattern": `^\s*[0-9]+\s*$`}, "A whole number."),
		"percent": described(counted(`\s*%?`), "A per cent: 25, 25% or 25.5 %."),
		"date":    described(object{"type": "string", "pattern": datePattern}, "A day: 2026-01-31."),
		"yesNo":   object{"enum": []any{"yes", "no", "true", "false", true, false}},
		"scalar":  object{"type": []string{"string", "number", "boolean"}},
		"names":   oneOrMore(ref("scalar")),
		"text": described(either(ref("scalar"), object{"type": "object", "propertyNames": object{"pattern": "^[a-z]{2,3}$"}, "additionalProperties": ref("scalar"), "minProperties": 1}),
			"A text, or one for each language: {sv: Hem, en: Home}."),
		"days": described(oneOrMore(object{"type": "string", "pattern": `^\s*` + weekday + `(\s+to\s+` + weekday + `)?\s*$`}), "Days of the week: mon to fri, or [mon, wed]."),
		"version": described(object{"enum": []any{1, "1"}},
			"Of the format. A newer file stops an older program with a clear message."),
	}
}

// dated is a value, or one by date: from that day until the next.
func dated(value object) object {
	return either(value, object{"type": "object", "propertyNames": object{"pattern": datePattern}, "additionalProperties": value, "minProperties": 1})
}

// sourceDef is a side file.
func sourceDef(more ...prop) object {
	return closed([]string{"csv"}, append([]prop{
		{"csv", "A CSV file, or a workbook (.xlsx), from the folder of this file.", ref("scalar")},
		{"sheet", "The sheet of a workbook; without it the only one that is not hidden.", ref("scalar")},
	}, more...)...)
}

// zoneProps are the keys that declare places and goods.
func zoneProps() []prop {
	postcode := described(object{"type": []string{"string", "number"}},
		"all, a complete code, all that begins with something (22*), or a range with both ends (620 to 624).")
	except := prop{"except", "Zones that are taken out of this one.", ref("names")}
	zone := closed(nil, except)
	zone["patternProperties"] = object{own: true, placeNames: oneOrMore(postcode)}
	zone["properties"].(object)["EU"] = described(word("all"), "The members of the EU.")
	return []prop{
		{"zones", "Names for places: {gotland: {SE: [620 to 624]}}. A zone may lie in several countries.", open("", zone)},
		{"zone_files", "Files with the columns country, from, to, zone.", either(ref("scalar"), ref("source"), object{"type": "array", "items": either(ref("scalar"), ref("source"))})},
		{"classes", "Names for goods. Goods of several classes belong to the one that is declared first.", open("", classDef())},
	}
}

func classDef() object {
	return closed(nil,
		prop{"tags", "Tags of the order line.", ref("names")},
		prop{"sku", "Article numbers; * stands for anything: CARD-*.", ref("names")},
		prop{"category", "Categories, and all below them: Home > Sofas.", ref("names")})
}

// conditionProps are the words of conditions, as the parser knows them. extra are those of a single file.
func conditionProps(extra table.Words) []prop {
	s := table.Scope{Extra: extra}
	var props []prop
	for _, name := range s.WordNames() {
		w, _ := s.Word(name)
		props = append(props, wordProp(w))
	}
	return props
}

// wordProp is one word of conditions.
func wordProp(w table.Word) prop {
	p := prop{key: w.String(), value: ref("names")}
	switch w {
	case table.WordTo:
		p.help = "The address is in one of these zones."
	case table.WordNotTo:
		p.help = "The address is in none of these zones."
	case table.WordMinTotal, table.WordMaxTotal:
		p.help, p.value = "The goods are worth at least (at most) this; the number itself included.", ref("moneyList")
	case table.WordMinTaxable:
		p.help, p.value = "What is taxed is worth at least this.", ref("moneyList")
	case table.WordMinWeight, table.WordMaxWeight:
		p.help, p.value = "The goods weigh at least (at most) this; the number itself included.", ref("weight")
	case table.WordMinItems, table.WordMaxItems:
		p.help, p.value = "There are at least (at most) so many pieces.", ref("count")
	case table.WordMaxItemWeight:
		p.help, p.value = "The heaviest piece weighs at most this.", ref("weight")
	case table.WordMaxItemLength, table.WordMaxItemGirth:
		p.help, p.value = "The longest side of any piece, or its girth (longest side plus twice each of the others), is at most this.", ref("length")
	case table.WordMaxItemSize:
		p.help, p.value = "Every piece fits into this box, however it is turned.", ref("size")
	case table.WordFrom, table.WordUntil:
		p.help, p.value = "From (until) this day, the day included.", ref("date")
	case table.WordDays:
		p.help, p.value = "Days of the week of the order.", ref("days")
	case table.WordTime:
		p.help, p.value = "Hours of the order: \"08:00 to 14:00\"; at 14:00 it is over.",
			object{"type": "string", "pattern": `^\s*` + clock + `\s+to\s+` + clock + `\s*$`}
	default:
		p.help, p.value = orderWord(w)
	}
	return p
}

// orderWord is a word that compares with a text of the order.
func orderWord(w table.Word) (help string, value object) {
	switch w {
	case table.WordClass:
		return "Some of the goods are of this class.", ref("names")
	case table.WordOnlyClass:
		return "All of the goods are of this class.", ref("names")
	case table.WordNoClass:
		return "None of the goods are of this class.", ref("names")
	case table.WordCustomer:
		return "Who buys.", oneOrMore(word("person", "organization"))
	case table.WordGroup:
		return "The customer's group.", ref("names")
	case table.WordCoupon:
		return "A voucher of the order.", ref("names")
	case table.WordTag:
		return "A tag of the order.", ref("names")
	case table.WordCurrency:
		return "The currency of the order.", oneOrMore(object{"type": "string", "pattern": "^[A-Z]{3}$"})
	case table.WordLanguage:
		return "The language of the order.", oneOrMore(object{"type": "string", "pattern": "^[a-z]{2,3}$"})
	case table.WordMethod:
		return "The shipping method that is chosen.", oneOrMore(method())
	default:
		return "", ref("names")
	}
}

// method is a shipping method of the checkout.
func method() object { return word(table.Methods()...) }

// conditionDefs are a condition and a list of them.
func conditionDefs(extra table.Words) object {
	one := closed(nil, conditionProps(extra)...)
	one["minProperties"] = 1
	return object{"condition": one, "conditions": described(oneOrMore(ref("condition")), "Several words in one map must all hold; of several maps in a list one must hold.")}
}

// without drops properties by key.
func without(props []prop, keys ...string) []prop {
	return slices.DeleteFunc(slices.Clone(props), func(p prop) bool { return slices.Contains(keys, p.key) })
}
