package tax_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kvitto/kvitto/pricing/tax"
	"github.com/kvitto/kvitto/rules/diag"
)

// texas is a sound file that collects in one state.
const texas = "version: 1\nmode: sales_tax\ncollect_in: [US-TX]\nrates: {US-TX: 6.25%}\nshipping_tax: {US-TX: all}\n"

func TestSalesFindings(t *testing.T) {
	t.Parallel()
	const collectHelp = "name the states in which the shop is registered, e.g. collect_in: [US-CA]; a shop that collects nowhere " +
		`writes mode: vat and destinations: {"*": none}`
	const classes = "classes: {food: {tags: [food]}}\n"
	tests := []struct{ name, text, want string }{
		{"sound", texas, ""},
		{"nothing", "version: 1\nmode: sales_tax\n", "tax.yaml:1:1 E016 a tax file of sales tax needs `collect_in` | " +
			"nothing says where tax is collected | " + collectHelp + " | "},
		{"no state", "version: 1\nmode: sales_tax\ncollect_in: []\n", "tax.yaml:3:13 E005 `collect_in` names no state | " +
			"nothing says where tax is collected | " + collectHelp + " | "},
		{"no rate", "version: 1\nmode: sales_tax\ncollect_in: [US-TX]\nshipping_tax: {US-TX: all}\n",
			"tax.yaml:3:14 E401 US-TX has no rate under `rates` | addresses without a ZIP, and ZIPs that no rate file has, could not be taxed | " +
				"write the rate of the state there, e.g. rates: {US-TX: 6%} | "},
		{"no freight", "version: 1\nmode: sales_tax\ncollect_in: [US-TX]\nrates: {US-TX: 6.25%}\n",
			"tax.yaml:3:14 E403 `shipping_tax` does not say how US-TX taxes freight | tax is collected here | " +
				"write shipping_tax: {US-TX: all}, or follow goods (the part that carries taxable goods), or none | "},
		{"one word for all freight", "version: 1\nmode: sales_tax\ncollect_in: [US-TX]\nrates: {US-TX: 6.25%}\nshipping_tax: all\n",
			"tax.yaml:3:14 E403 `shipping_tax` does not say how US-TX taxes freight | tax is collected here | " +
				"write shipping_tax: {US-TX: all}, or follow goods (the part that carries taxable goods), or none | \n" +
				"tax.yaml:5:15 E005 `shipping_tax` is a map; found a text |  | write it as `name: value` lines, or as {name: value} | "},
		{"word of VAT", strings.Replace(texas, "US-TX: all", "US-TX: split", 1),
			"tax.yaml:5:23 E117 `split` is not a way to tax freight with sales tax |  | write one of all, follow goods, none | "},
		{"state without its country", strings.Replace(texas, "[US-TX]", "[TX, US-TX]", 1),
			"tax.yaml:3:14 E216 `TX` is not a state of the USA |  | write US-TX | US-TX"},
		{"small letters", strings.Replace(texas, "[US-TX]", "[us-tx, US-TX]", 1),
			"tax.yaml:3:14 E216 `us-tx` is not a state of the USA |  | write US-TX | US-TX"},
		{"province", strings.Replace(texas, "[US-TX]", "[CA-ON, US-TX]", 1),
			"tax.yaml:3:14 E216 `CA-ON` is not a state of the USA |  | states are written with their country, e.g. US-CA | "},
		{"state twice", strings.Replace(texas, "[US-TX]", "[US-TX, US-TX]", 1), "tax.yaml:3:21 E116 `US-TX` stands twice |  | keep one of them | "},
		{"rate of another state", strings.Replace(texas, "US-TX: 6.25%", "US-TX: 6.25%, US-OK: 4.5%", 1),
			"tax.yaml:4:23 W426 this entry of `rates` has no effect: US-OK is not in collect_in |  | " +
				"add US-OK to collect_in if tax is to be collected there, or leave this out | "},
		{"exempt elsewhere", texas + classes + "exempt: [{class: food, in: [US-OK]}]\n",
			"tax.yaml:7:29 W426 this exemption has no effect: US-OK is not in collect_in |  | " +
				"add US-OK to collect_in if tax is to be collected there, or leave this out | "},
		{"five decimals", strings.Replace(texas, "6.25%", "6.25001%", 1),
			"tax.yaml:4:16 E111 `6.25001` has 5 decimals; the tax here can carry 4 |  | write at most 4 decimals | "},
		{"fraction", strings.Replace(texas, "6.25%", "0.0625", 1),
			"tax.yaml:4:16 W428 `0.0625` is less than one per cent | no state has such a rate | write per cents: 6.25 for six and a quarter per cent, not 0.0625 | "},
		{"prices", texas + "prices: include tax\n",
			"tax.yaml:6:9 E406 with sales tax, prices never include tax | the tax is lines of its own | write exclude tax | exclude tax"},
		{"key of VAT", texas + "destinations: {SE: charge}\n",
			"tax.yaml:6:1 E004 `destinations` is a key of VAT, and the mode of this file is sales_tax | not known here | " +
				"allowed are version, mode, home, prices, keep, classes, zones, zone_files, collect_in, rate_files, rates, exempt, shipping_tax, fees, lines, round | "},
		{"lines", texas + "lines: by_levle\n", "tax.yaml:6:8 E117 `by_levle` is not a word for `lines` |  | did you mean by_level? | by_level"},
		{"round", texas + "round: cent\n", "tax.yaml:6:8 E117 `cent` is not a word for `round` |  | write one of order, line | "},
		{"keep", texas + "keep: nett\n", "tax.yaml:6:7 E117 `nett` is not a word for `keep` |  | did you mean net? | net"},
		{"exempt class", texas + classes + "exempt: [{class: fod}]\n",
			"tax.yaml:7:18 E201 there is no class `fod` | not declared under `classes` | did you mean `food`? | food"},
		{"exempt without class", texas + classes + "exempt: [{in: US-TX}]\n", "tax.yaml:7:10 E016 an exemption needs `class` |  |  | "},
		{"exempt backwards", texas + classes + "exempt: [{class: food, from: 2026-08-03, until: 2026-08-01}]\n",
			"tax.yaml:7:49 E106 until 2026-08-01 is before from 2026-08-03 |  | write a later day for until, or exchange the two | "},
		{"fee without all", texas + "fees: [{id: a}]\n", "tax.yaml:6:8 E016 a fee needs `amount` |  |  | \n" +
			"tax.yaml:6:8 E016 a fee needs `in` |  |  | \ntax.yaml:6:8 E016 a fee needs `name` |  |  | "},
		{"fees of one id", texas + "fees:\n  - {id: a, name: A, in: US-TX, amount: 1.00}\n  - {id: a, name: B, in: US-TX, amount: 1.00}\n",
			"tax.yaml:8:10 E205 there are two fees `a` |  | give one of them another id | "},
		{"name of a fee", texas + "fees: [{id: a, in: US-TX, amount: 1.00, name: " + strings.Repeat("n", 256) + "}]\n",
			"tax.yaml:6:47 E412 the name is longer than 255 characters |  | the checkout takes no longer name; shorten it | "},
		{"id of a fee", texas + "fees: [{name: A, in: US-TX, amount: 1.00, id: " + strings.Repeat("n", 256) + "}]\n",
			"tax.yaml:6:47 E412 the id is longer than 255 characters |  | the checkout takes no longer reference; shorten it | "},
		{"amount of a fee", texas + "fees: [{id: a, name: A, in: US-TX, amount: 1000000.01}]\n",
			"tax.yaml:6:44 E115 1000000.01 USD is more than a line can carry |  | write a smaller amount | "},
		{"word of a fee", texas + "fees: [{id: a, name: A, in: US-TX, amount: 1.00, when: {min_taxabel: 1.00}}]\n",
			"tax.yaml:6:57 E004 unknown key `min_taxabel` in `when` of a fee; did you mean `min_taxable`? | not known here | " +
				"allowed are to, not_to, min_total, max_total, min_weight, max_weight, min_items, max_items, max_item_weight, max_item_length, " +
				"max_item_girth, max_item_size, class, only_class, no_class, customer, group, coupon, tag, currency, language, from, until, days, time, " +
				"method, min_taxable | min_taxable"},
		{"no file", texas + "rate_files: [rates.csv]\n", "tax.yaml:6:14 E010 there is no file \"rates.csv\" |  |  | "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			table, r := load(tt.text, nil)
			if got := brief(r); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			if (table == nil) != r.Failed() {
				t.Error("a table in spite of an error, or none without one")
			}
		})
	}
}

// TestRateFiles tells what is wrong in a rate file by row and column.
func TestRateFiles(t *testing.T) {
	t.Parallel()
	const head = "state,zip_from,zip_to,state_rate,county_rate,city_rate,special_rate,from\n"
	const all = "the columns are state, zip_from, zip_to, state_rate, county_rate, city_rate, special_rate, from"
	tests := []struct{ name, csv, want string }{
		{"sound", head + "US-TX,78701,78799,6.25,0,1,1,2024-01-01\nUS-TX,78701,78799,6.25,0,1,1.5,2027-01-01\n\nUS-TX,78800,,6.25,0,1,1,\n", ""},
		{"few columns in another order", "zip_from,state_rate,state\n78701,6.25%,US-TX\n", ""},
		{"quotes and marks", "\ufeffstate,zip_from,zip_to,state_rate\r\n\"US-TX\", \"78701\" , 78799 ,\"6.25\"\r\n", ""},
		{"semicolons", "state;zip_from;zip_to;state_rate;county_rate;city_rate;special_rate;from\nUS-TX;78701;78799;6,25;0;1;1;2024-01-01\n", ""},
		{"empty", "", "rates.csv:1:1 E305 `rates.csv` has no rows |  | begin with a line " + strings.TrimSpace(head) + " | "},
		{"a workbook that is named like text", "PK\x03\x04\n", "rates.csv:1:1 E023"},
		{"unknown column", "state,zip_from,zip_to,sate_rate\n",
			"rates.csv:1:23 E302 `sate_rate` is not a column of a rate file |  | " + all + " | state_rate"},
		{"column twice", "state,zip_from,state_rate,state\n", "rates.csv:1:27 E302 the column `state` stands twice |  | leave one of them out | "},
		{"no column", "state,zip_from\n", "rates.csv:1:1 E302 there is no column `state_rate` |  | " + all + " | "},
		{"ragged", head + "US-TX,78701,78799,6.25\n", "rates.csv:2:1 E301 this row has 4 cells, the head has 8 |  | give every row a cell for each column | "},
		{"quote", head + "US-TX,\"78701,78799,6.25,0,1,1,\n", "rates.csv:2:7 E306 the quotes are wrong |  | a rate file needs none; leave them out | "},
		{"state", head + "TX,78701,78799,6.25,0,1,1,\n", "rates.csv:2:1 E216 `TX` is not a state of the USA |  | write US-TX | US-TX"},
		{"state in many rows", head + "TX,78701,,6.25,0,1,1,\nTX,78702,,6.25,0,1,1,\n", "rates.csv:2:1 E216 `TX` is not a state of the USA |  | write US-TX | US-TX"},
		{"no state", head + ",78701,,6.25,0,1,1,\n", "rates.csv:2:1 E005 a state has no value |  |  | "},
		{"lost zero", head + "US-TX,6010,06020,6.25,0,1,1,\n",
			"rates.csv:2:7 E411 `6010` is not a ZIP of five digits | a spreadsheet has taken off its leading zeros | write 06010 | 06010"},
		{"plus four", head + "US-TX,78701-1234,78799,6.25,0,1,1,\n",
			"rates.csv:2:7 E411 `78701-1234` is not a ZIP of five digits |  | write 78701; rates go by the first five digits | 78701"},
		{"no ZIP", head + "US-TX,,78799,6.25,0,1,1,\n",
			"rates.csv:2:7 E411 `` is not a ZIP of five digits |  | write e.g. 06010; a range goes from zip_from to zip_to | "},
		{"reversed", head + "US-TX,78799,78701,6.25,0,1,1,\n",
			"rates.csv:2:13 E213 the range ends at 78701, before it begins at 78799 |  | exchange the two | "},
		{"no rate", head + "US-TX,78701,78799,6.25,,1,1,\n", "rates.csv:2:24 E401 there is no county_rate here |  | write 0 where there is no such tax | "},
		{"decimal comma", head + "US-TX,78701,78799,\"6,25\",0,1,1,\n",
			"rates.csv:2:20 E108 `6,25` is written with a decimal comma |  | write 6.25 | 6.25"},
		{"a quote in a cell", head + "US-TX,78701,78799,\"6\"25\",0,1,1,\n", "rates.csv:2:20 E306 the quotes are wrong |  | a rate file needs none; leave them out | "},
		{"five decimals", head + "US-TX,78701,78799,6.25001,0,1,1,\n",
			"rates.csv:2:19 E111 `6.25001` has 5 decimals; the tax here can carry 4 |  | write at most 4 decimals | "},
		{"fractions", head + "US-TX,78701,78799,0.0625,0,0.01,0.01,\nUS-TX,78800,,0.0625,0,0.01,0.01,\n",
			"rates.csv:2:19 W428 `0.0625` is less than one per cent | no state has such a rate | write per cents: 6.25 for six and a quarter per cent, not 0.0625 | "},
		{"no tax of the state", head + "US-TX,78701,78799,0,1,1,1,\n", ""},
		{"over 100", head + "US-TX,78701,78799,62.5,0,30,10,\n",
			"rates.csv:2:19 E110 the rates of this row sum up to 102.5 %, over 100 |  | write rates in per cent: 4.5 for 4.5 % | "},
		{"date", head + "US-TX,78701,78799,6.25,0,1,1,2026-02-30\n",
			"rates.csv:2:30 E105 there is no `2026-02-30`: February 2026 has 28 days |  | write a day from 01 to 28 | "},
		{"shared", head + "US-TX,78701,78799,6.25,0,1,1,2024-01-01\nUS-TX,78750,78900,6.25,0,1,1,2024-01-01\n",
			"rates.csv:3:1 E410 two rows for ZIP 78750 to 78799 of US-TX begin on the same day | it is not said which of them holds | " +
				"leave one of them out, part the ranges, or give the newer one a later date | "},
		{"twice", head + "US-TX,78701,,6.25,0,1,1,\nUS-OK,78701,,6.25,0,1,1,\nUS-TX,78701,,6.25,0,1,1,\n",
			"rates.csv:4:1 E410 two rows for ZIP 78701 of US-TX begin on the same day | it is not said which of them holds | " +
				"leave one of them out, part the ranges, or give the newer one a later date | "},
		{"shared beyond the next", head + "US-TX,70000,79999,6.25,0,1,1,\nUS-TX,71000,71001,6.25,0,1,1,\nUS-TX,72000,72001,6.25,0,1,1,\n",
			"rates.csv:3:1 E410 two rows for ZIP 71000 to 71001 of US-TX begin on the same day | it is not said which of them holds | " +
				"leave one of them out, part the ranges, or give the newer one a later date | \n" +
				"rates.csv:4:1 E410 two rows for ZIP 72000 to 72001 of US-TX begin on the same day | it is not said which of them holds | " +
				"leave one of them out, part the ranges, or give the newer one a later date | "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, r := load(texas+"rate_files: [rates.csv]\n", map[string]string{"rates.csv": tt.csv})
			got := brief(r)
			if strings.HasSuffix(tt.want, "E023") { // its words are those of package table
				got = got[:min(len(got), len(tt.want))]
			}
			if got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// TestRateFileList tells entries of the list, and reads what a spreadsheet wrote with decimal commas.
func TestRateFileList(t *testing.T) {
	t.Parallel()
	semicolons := map[string]string{"a.csv": "state;zip_from;state_rate\nUS-TX;78701;6,25\n"}
	for entry, want := range map[string]string{
		"a.csv":        "",
		"{csv: a.csv}": "",
		"[a.csv]":      "E005",
		"a.csv, a.csv": "E116",
		"{file: a}":    "E004",
		"../a.csv":     "E012",
	} {
		_, r := load(texas+"rate_files: ["+entry+"]\n", semicolons)
		if got := brief(r); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: got %s, want %s", entry, got, want)
		}
	}
	table, r := load(texas+"rate_files: [a.csv]\n", semicolons)
	if table == nil {
		t.Fatal(brief(r))
	}
	if got := lines(t, table, query("US-TX 78701", today(t), "USD", piece(10000)), paidFor(0)); got != "state 625" {
		t.Errorf("got %q", got)
	}
	fsys := fstest.MapFS{"tax.yaml": &fstest.MapFile{Data: []byte(texas + "fees: [{id: a, name: A, in: US-TX, amount: 1.00}]\n")}}
	euro := tax.Load(fsys, "tax.yaml", tax.Options{Currency: "EUR"}, &diag.Report{})
	if got := lines(t, euro, query("US-TX", today(t), "EUR", piece(10000)), paidFor(0)); got != "a 100 state 625" {
		t.Errorf("a fee in the shop's currency: got %q", got)
	}
}
