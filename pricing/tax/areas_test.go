package tax_test

import (
	"strings"
	"testing"
)

func TestAreas(t *testing.T) {
	t.Parallel()
	const base = header + "destinations: {SE: charge, PT: charge, GB: charge, FI: charge, FR: charge, EU: charge}\n" +
		"rates: {PT: {food: reduced_1, books: 6%, standard: 20%}}\n"
	tests := []struct{ name, more, to, now, want string }{
		{"slots of the area", "", "PT 9000-001", "2026-01-01 00:00", "1200 600 2200"},
		{"the mainland's standard as the file says", "", "PT 1000-001", "2026-01-01 00:00", "1300 600 2000"},
		{"the area without a postcode", "", "PT", "2026-01-01 00:00", "1300 600 2000"},
		{"overridden: outside", "areas: {pt-madeira: none}", "PT 9000-001", "2026-01-01 00:00", "0 0 0"},
		{"overridden: a rate", "areas: {pt-madeira: {food: 4%, standard: 21%}}", "PT 9000-001", "2026-01-01 00:00", "400 600 2100"},
		{"overridden: a slot by date", "areas: {pt-madeira: {books: reduced_2}}", "PT 9000-001", "2024-09-30 23:59", "1200 500 2200"},
		{"the day of the change", "areas: {pt-madeira: {books: reduced_2}}", "PT 9000-001", "2024-10-01 00:00", "1200 400 2200"},
		{"an ordinary part made special", "areas: {fr-corsica: {food: 2.1%}}", "FR 20000", "2026-01-01 00:00", "210 2000 2000"},
		{"an own zone", "zones: {campus: {SE: [75*], FI: [75*]}}\nareas: {campus: {books: 0%}}", "SE 75000", "2026-01-01 00:00", "2500 0 2500"},
		{"an own zone in two countries", "zones: {campus: {SE: [75*], FI: [75*]}}\nareas: {campus: {books: reduced_2}}", "FI 75000",
			"2026-01-01 00:00", "2550 1000 2550"},
		{"an own zone outside", "zones: {port: {SE: [11*]}}\nareas: {port: none}", "SE 11351", "2026-01-01 00:00", "0 0 0"},
		{"beside it", "zones: {port: {SE: [11*]}}\nareas: {port: none}", "SE 12351", "2026-01-01 00:00", "2500 2500 2500"},
		{"a zone without an effect", "zones: {port: {SE: [11*]}}", "SE 11351", "2026-01-01 00:00", "2500 2500 2500"},
		{"a zone from a file", "zone_files: [z.csv]\nareas: {port: none}", "SE 11351", "2026-01-01 00:00", "0 0 0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			table, r := load(base+tt.more+"\n", map[string]string{"z.csv": "country,from,zone\nSE,11*,port\n"})
			if table == nil {
				t.Fatal(brief(r))
			}
			if got := rates(t, table, query(tt.to, at(t, tt.now), "EUR", goods(1, "food"), goods(1, "book"), goods(1))); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestFindings(t *testing.T) {
	t.Parallel()
	const top = "version: 1\nmode: vat\nhome: SE\n"
	const data = "data: vat-rates.yaml\n"
	tests := []struct{ name, text, want string }{
		{"unknown mode", "version: 1\nmode: vta\n", "tax.yaml:2:7 E117 `vta` is not a mode |  | did you mean vat? | vat"},
		{"version", "version: 2\nmode: vat\nhome: SE\ndestinations: {SE: none}\n",
			"tax.yaml:1:10 E117 version `2` is not known |  | this program reads version 1 | "},
		{"exclude tax", top + "prices: exclude tax\ndestinations: {SE: none}\n",
			"tax.yaml:4:9 E406 with VAT, unit prices always include tax | the checkout takes no other lines | " +
				"write include tax; freight tables may be without tax | include tax"},
		{"keep", top + "keep: brutto\ndestinations: {SE: none}\n",
			"tax.yaml:4:7 E117 `brutto` is not a price to keep |  | write one of gross, net | "},
		{"home", "version: 1\nmode: vat\nhome: UK\ndestinations: {SE: none}\n",
			"tax.yaml:3:7 E216 `UK` is not a country or region |  | write GB | GB"},
		{"home without rates", "version: 1\nmode: vat\nhome: SV\ndata: vat-rates.yaml\ndestinations: {SE: charge}\n",
			"tax.yaml:3:7 W427 there are no rates for `SV`, the home of the shop | two letters of a country | " +
				"write the country from which the shop sells, e.g. SE | "},
		{"a rate as a fraction", top + "destinations: {SE: charge}\nrates: {SE: {standard: 0.25}}\n",
			"tax.yaml:5:24 W428 `0.25` is less than one per cent | no country has such a rate | write 25% for twenty-five per cent, not 0.25 | "},
		{"a class named standard", top + data + "destinations: {SE: charge}\nclasses: {standard: {tags: [a]}, split: {tags: [b]}}\n",
			"tax.yaml:6:11 E205 `standard` cannot be the name of a class | so is called what has no class | give the class another name | \n" +
				"tax.yaml:6:34 E205 `split` cannot be the name of a class | it has a meaning of its own | give the class another name | "},
		{"no data file", top + "data: vat-rate.yaml\ndestinations: {SE: charge, DK: charge}\nrates: {SE: {standard: reduced_1}}\nareas: {fi-aland: none}\n",
			"tax.yaml:4:7 E010 there is no file \"vat-rate.yaml\" |  |  | "},
		{"a limit without a currency", top + data + "destinations: {NO: {charge_below_item_value: 3000.00}}\n",
			"tax.yaml:5:46 E101 `3000.00` has no currency |  | write it with its currency, e.g. 3000.00 NOK | "},
		{"no rate", top + "destinations: {SE: charge}\n",
			"tax.yaml:4:20 E401 there is no rate for SE | nothing to charge | " +
				"name a data file under `data`, or write rates: {SE: {standard: …}} | "},
		{"no rate for the world", top + data + "destinations: {'*': charge}\n",
			"tax.yaml:5:21 E401 there is no rate for every country of the world | nothing to charge in most of them | " +
				"name the countries, or EU, and write none or home_rate here | "},
		{"no rate at home", top + "destinations: {'*': home_rate}\n",
			"tax.yaml:4:21 E401 there is no rate for SE | nothing to charge | " +
				"name a data file under `data`, or write rates: {SE: {standard: …}} | "},
		{"no rate for the union", top + "destinations: {EU: charge}\nrates: {SE: {standard: 25}}\n",
			"tax.yaml:4:20 E401 there is no rate for AT | nothing to charge | " +
				"name a data file under `data`, or write rates: {AT: {standard: …}} | "},
		{"slot", top + data + "destinations: {SE: charge}\nclasses: {food: {tags: [food]}}\nrates: {SE: {food: reduced1}}\n",
			"tax.yaml:7:20 E404 SE has no slot `reduced1` | not in the data file | did you mean reduced_1? | reduced_1"},
		{"slot of another country", top + data + "destinations: {DK: charge}\nclasses: {food: {tags: [food]}}\nrates: {DK: {food: reduced_1}}\n",
			"tax.yaml:7:20 E404 DK has no slot `reduced_1` | not in the data file | its slots are standard; or write a per cent | "},
		{"slot without data", top + "destinations: {SE: charge}\nrates: {SE: {standard: reduced_1}}\n",
			"tax.yaml:5:24 E404 SE has no slot `reduced_1` | not in the data file | " +
				"there are no rates of SE in a data file; write a per cent | "},
		{"no rate on a day", top + data + "destinations: {SK: charge}\nclasses: {food: {tags: [food]}}\nrates: {SK: {food: {2024-06-01: reduced_1}}}\n",
			"tax.yaml:7:33 E401 `reduced_1` of SK has no rate before 2025-01-01, but is `food` from 2024-06-01 on | no rate on 2024-06-01 | " +
				"write from which day on, e.g. {2025-01-01: reduced_1} | "},
		{"three decimals", top + "destinations: {SE: charge}\nrates: {SE: {standard: 8.875%}}\n",
			"tax.yaml:5:24 E405 the checkout cannot carry 8.875 % | more than two decimals | a VAT rate has at most two decimals | "},
		{"over 100", top + "destinations: {SE: charge}\nrates: {SE: {standard: 250}}\n",
			"tax.yaml:5:24 E110 `250` per cent is over 100 |  | write a number from 0 to 100 | "},
		{"class", top + data + "destinations: {SE: charge}\nclasses: {food: {tags: [food]}}\nrates: {SE: {fodo: 6%}}\n",
			"tax.yaml:7:14 E201 there is no class `fodo` | not declared under `classes` | did you mean food? | food"},
		{"country of rates", top + "destinations: {SE: none}\nrates: {se: {standard: 6%}}\n",
			"tax.yaml:5:9 E216 `se` is not a country or region |  | write SE | SE"},
		{"regime", top + "destinations: {SE: charged}\n",
			"tax.yaml:4:20 E117 `charged` is not a way to tax a destination |  | did you mean charge? | charge"},
		{"two limits", top + data + "destinations: {NO: {charge_below_item_value: 1 NOK, charge_up_to_order_value: 1 NOK}}\n",
			"tax.yaml:5:20 E005 a destination has one limit |  | " +
				"write e.g. {charge_below_item_value: 3000.00 NOK} or {charge_up_to_order_value: 135.00 GBP} | "},
		{"shared postcode", top + data + "destinations: {FI: charge}\nzones: {islands: {FI: [22*, 23*]}}\nareas: {islands: none}\n",
			"tax.yaml:7:9 E402 the areas `islands` and `fi-aland` share FI 22000 | which of the two holds there? | " +
				"leave the postcodes out of one, or set `fi-aland` itself under `areas` | "},
		{"shared in all regions but one", top + "destinations: {US: none}\nzones:\n  ca: {US-CA: all}\n  a: {US: all, except: ca}\n  b: {US: [94*]}\n" +
			"areas: {a: none, b: none}\n",
			"tax.yaml:9:18 E402 the areas `b` and `a` share US 940000000 | which of the two holds there? | " +
				"leave the postcodes out of one, or set `a` itself under `areas` | "},
		{"unknown area", top + data + "destinations: {FI: charge}\nareas: {fi-alnd: none}\n",
			"tax.yaml:6:9 E203 there is no zone or area `fi-alnd` | neither under `zones` of this file nor in the data file | did you mean fi-aland? | fi-aland"},
		{"area without postcodes", top + data + "destinations: {GR: charge}\nareas: {gr-islands: none}\n",
			"tax.yaml:6:9 E409 the area `gr-islands` has no postcodes in the data file |  | " +
				"declare a zone with its postcodes under `zones` and name that | "},
		{"word for an area", top + data + "destinations: {FI: charge}\nareas: {fi-aland: outside}\n",
			"tax.yaml:6:19 E117 `outside` is not a way to tax an area |  | write one of none, {standard: …} | "},
		{"area without a rate", top + "destinations: {SE: none}\nzones: {a: {SE: [11*]}}\nareas: {a: {}}\n",
			"tax.yaml:6:9 E401 there is no standard rate for the area `a` |  | write {standard: …} | "},
		{"zone named as an area", top + data + "destinations: {SE: charge}\nzones: {fi-aland: {FI: [22*]}}\n",
			"tax.yaml:6:9 E003 the data file has an area `fi-aland` already |  | give the zone another name | "},
		{"freight", top + data + "destinations: {SE: charge}\nshipping_tax: follow goods\n",
			"tax.yaml:6:15 E117 `follow goods` is not a way to tax freight with VAT |  | write one of split, highest, largest, standard, none | "},
		{"reverse charge where", top + data + "destinations: {SE: charge}\nb2b: {reverse_charge: US}\n",
			"tax.yaml:6:23 E117 `US` is not a place for reverse charge |  | write one of EU | "},
		{"reverse charge unchecked", top + data + "destinations: {SE: charge}\nb2b: {reverse_charge: EU}\n",
			"tax.yaml:6:23 W424 reverse charge is never applied: `vat_id` does not say how a VAT id is checked |  | " +
				"write vat_id: {plugin: …}, or vat_id: format | "},
		{"unknown key", top + data + "destinations: {SE: charge}\nratse: {}\n",
			"tax.yaml:6:1 E004 unknown key `ratse` in a tax file; did you mean `rates`? | not known here | " +
				"allowed are version, mode, home, prices, keep, data, classes, zones, zone_files, destinations, rates, areas, shipping_tax, b2b | rates"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			table, r := load(tt.text, nil)
			if got := brief(r); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			if (table == nil) != (!strings.Contains(tt.want, " W")) {
				t.Errorf("got a table: %v", table != nil)
			}
		})
	}
}

func TestDataFindings(t *testing.T) {
	t.Parallel()
	const top = "version: 1\nkind: vat-rates\ncountries:\n  SE: {name: Sweden, eu: yes, standard: {2024-01-01: 25}}\n"
	tests := []struct{ name, data, want string }{
		{"kind", strings.Replace(top, "vat-rates", "rates", 1), "d.yaml:2:7 E408 `rates` is not a kind of data file |  | write vat-rates | "},
		{"country", top + "  QQ: {standard: {2024-01-01: 25}}\n", "d.yaml:5:3 E216 `QQ` is not a country |  |  | "},
		{"no standard", top + "  DK: {reduced_1: {2024-01-01: 25}}\n", "d.yaml:5:3 E401 DK has no standard rate |  |  | "},
		{"same as nobody", top + "  MC: {same_as: FR}\n", "d.yaml:5:17 E216 `FR` is not a country of this file with rates of its own |  |  | "},
		{"decimals", top + "  DK: {standard: {2024-01-01: 25.125}}\n",
			"d.yaml:5:31 E405 the checkout cannot carry 25.125 % | more than two decimals | a VAT rate has at most two decimals | "},
		{"slot", top + "  DK: {standard: {2024-01-01: 25}, reduced1: {2024-01-01: 5}}\n",
			"d.yaml:5:36 E004"},
		{"area kind", top + "areas:\n  a: {state: SE, vat: away}\n", "d.yaml:6:23 E117 `away` is not one of outside, own, state |  |  | "},
		{"area without rates", top + "areas:\n  a: {state: SE, vat: own}\n",
			"d.yaml:6:23 E409 the area `a` has no rates of its own |  | write rates: {standard: …} | "},
		{"two areas share a postcode", top + "areas:\n  a: {state: SE, vat: outside, postcodes: {SE: [11*]}}\n  b: {state: SE, vat: outside, postcodes: {SE: [113 to 114]}}\n",
			"d.yaml:7:3 E402 the areas `b` and `a` share SE 11300 | which of the two holds there? | " +
				"leave the postcodes out of one, or set `a` itself under `areas` | "},
		{"postcode", top + "areas:\n  a: {state: SE, vat: outside, postcodes: {SE: [11]}}\n", "d.yaml:6:49 E212"},
		{"not there", "", "tax.yaml:4:7 E010"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{"d.yaml": tt.data}
			if tt.data == "" {
				files = nil
			}
			table, r := load("version: 1\nmode: vat\nhome: SE\ndata: d.yaml\ndestinations: {SE: none}\n", files)
			if got := brief(r); table != nil || !strings.HasPrefix(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}
