package shipping_test

import (
	"testing"
)

// TestWords shows what each word of an option does, on both sides of where it changes something.
func TestWords(t *testing.T) {
	t.Parallel()
	heavy := []item{{n: 1, grams: 6000, price: 40000}}
	cheap := []item{{n: 1, grams: 1000, price: 10000}}
	bulky := []item{{n: 3, grams: 1000, price: 10000, tags: "bulky"}, {n: 2, grams: 500, price: 5000}}
	type try struct {
		ask  ask
		want string
	}
	tests := []struct {
		name, keys string
		try        []try
	}{
		{"price", "price: 49.00", []try{{ask{}, "a 4900"}, {ask{currency: "EUR"}, "-"}}},
		{"price in several currencies", "price: [49.00, 4.90 EUR, 500 JPY]", []try{
			{ask{}, "a 4900"}, {ask{currency: "EUR"}, "a 490"}, {ask{currency: "JPY"}, "a 500"}, {ask{currency: "NOK"}, "-"}}},
		{"price by date", "price: {2026-12-01: 59.00, 2026-11-01: 49.00}", []try{
			{ask{now: "2026-10-31 23:59"}, "-"}, {ask{now: "2026-11-01 00:00"}, "a 4900"},
			{ask{now: "2026-11-30 23:59"}, "a 4900"}, {ask{now: "2026-12-01 00:00"}, "a 5900"}}},
		{"price is a share of the goods", "price: 8% of goods\nmin_price: 20.00\nmax_price: 100.00", []try{
			{ask{}, "a 3200"}, {ask{items: cheap}, "a 2000"}, {ask{items: []item{{price: 500000}}}, "a 10000"},
			{ask{items: []item{{price: 40006}}}, "a 3200"}, {ask{items: []item{{price: 40007}}}, "a 3201"},
			{ask{currency: "EUR"}, "a 3200"}}},
		{"rows: the first that fits", "price:\n  - {max_weight: 5 kg, customer: organization, price: 39.00}\n  - {max_weight: 5 kg, price: 49.00}\n  - {price: 99.00}", []try{
			{ask{}, "a 4900"}, {ask{customer: "organization"}, "a 3900"}, {ask{items: heavy}, "a 9900"},
			{ask{items: []item{{grams: 5000, price: 1}}}, "a 4900"}, {ask{items: []item{{grams: 5001, price: 1}}}, "a 9900"}}},
		{"a row without money in the currency is skipped", "price:\n  - {max_weight: 5 kg, price: 4.90 EUR}\n  - {price: 99.00}", []try{
			{ask{}, "a 9900"}, {ask{currency: "EUR"}, "a 490"}}},
		{"a row by date", "price:\n  - {max_weight: 5 kg, price: {2026-12-01: 45.00}}\n  - {price: 99.00}", []try{
			{ask{}, "a 9900"}, {ask{now: "2026-12-01 00:00"}, "a 4500"}}},
		{"a row that is not offered", "price:\n  - {max_weight: 5 kg, price: \"-\"}\n  - {price: 99.00}", []try{
			{ask{}, "-"}, {ask{items: heavy}, "a 9900"}}},
		{"to", "price: 1.00\nto: sweden", []try{{ask{}, "a 100"}, {ask{to: "DK 2100"}, "-"}, {ask{to: "JP"}, "-"}}},
		{"no to: everywhere", "price: 1.00", []try{{ask{to: "JP 100-0001"}, "a 100"}}},
		{"not_to", "price: 1.00\nto: sweden\nnot_to: gotland", []try{{ask{}, "a 100"}, {ask{to: "SE 621 57"}, "-"}}},
		{"when", "price: 1.00\nwhen: [{max_weight: 2 kg}, {class: bulky}]", []try{
			{ask{}, "a 100"}, {ask{items: heavy}, "-"}, {ask{items: []item{{grams: 9000, price: 1, tags: "bulky"}}}, "a 100"}}},
		{"unless", "price: 1.00\nunless: {class: [bulky, fragile]}", []try{{ask{}, "a 100"}, {ask{items: bulky}, "-"}}},
		{"from and until", "price: 1.00\nfrom: 2026-11-24\nuntil: 2026-11-25", []try{
			{ask{}, "-"}, {ask{now: "2026-11-24 00:00"}, "a 100"}, {ask{now: "2026-11-25 23:59"}, "a 100"}, {ask{now: "2026-11-26 00:00"}, "-"}}},
		{"off", "price: 1.00\noff: yes", []try{{ask{}, "-"}}},
		{"not off", "price: 1.00\noff: no", []try{{ask{}, "a 100"}}},
		{"surcharges: all that fit", "price: [49.00, 4.90 EUR]\nsurcharges:\n  - {to: gotland, add: 20.00}\n  - {class: bulky, add: 30.00}\n  - {add: 1.00 EUR}", []try{
			{ask{}, "a 4900"}, {ask{to: "SE 62157"}, "a 6900"}, {ask{to: "SE 62157", items: bulky}, "a 9900"}}},
		{"surcharge for each started item above one", "price: 49.00\nsurcharges:\n  - {class: bulky, over: 1 item, each: 1 item, add: 20.00}", []try{
			{ask{}, "a 4900"}, {ask{items: bulky}, "a 8900"}}},
		{"surcharge for each started kilo", "price: 49.00\nsurcharges:\n  - {over: 5 kg, each: 1 kg, add: 7.00}", []try{
			{ask{items: []item{{grams: 5000, price: 1}}}, "a 4900"}, {ask{items: []item{{grams: 5001, price: 1}}}, "a 5600"},
			{ask{items: []item{{grams: 7000, price: 1}}}, "a 6300"}, {ask{items: []item{{n: 2, grams: 3501, price: 1}}}, "a 7000"}}},
		{"surcharge once above a limit", "price: 49.00\nsurcharges:\n  - {over: 5 kg, add: 7.00}", []try{
			{ask{}, "a 4900"}, {ask{items: []item{{grams: 25000, price: 1}}}, "a 5600"}}},
		{"surcharge as a share of the goods", "price: 49.00\nsurcharges: [{class: fragile, add: 5% of goods}]", []try{
			{ask{}, "a 4900"}, {ask{items: []item{{price: 10000, tags: "fragile"}}}, "a 5400"}}},
		{"surcharge by date", "price: 49.00\nsurcharges: [{add: {2026-12-01: 5.00}}]", []try{
			{ask{}, "a 4900"}, {ask{now: "2026-12-02 12:00"}, "a 5400"}}},
		{"min_price and max_price", "price: 49.00\nsurcharges: [{class: bulky, add: 100.00}]\nmin_price: 60.00\nmax_price: 120.00", []try{
			{ask{}, "a 6000"}, {ask{items: bulky}, "a 12000"}}},
		{"free_from", "price: [49.00, 4.90 EUR]\nfree_from: [400.00, 40.00 EUR]", []try{
			{ask{}, "a 0"}, {ask{items: []item{{price: 39999}}}, "a 4900"}, {ask{currency: "EUR", items: []item{{price: 3999}}}, "a 490"},
			{ask{currency: "EUR", items: []item{{price: 4000}}}, "a 0"}}},
		{"free_from takes supplements with it", "price: 49.00\nsurcharges: [{add: 5.00}]\nfree_from: 400.00", []try{{ask{}, "a 0"}}},
		{"free_from with keep_surcharges", "price: 49.00\nsurcharges: [{to: gotland, add: 5.00}]\nfree_from: {total: 400.00, keep_surcharges: yes}", []try{
			{ask{}, "a 0"}, {ask{to: "SE 62157"}, "a 500"}, {ask{to: "SE 62157", items: cheap}, "a 5400"}}},
		{"free_from with condition words only", "price: 49.00\nfree_from: {class: letter}", []try{
			{ask{}, "a 4900"}, {ask{items: []item{{price: 1, tags: "letter"}}}, "a 0"}}},
		{"free_from by date", "price: 49.00\nfree_from: {2026-12-01: 300.00}", []try{{ask{}, "a 4900"}, {ask{now: "2026-12-01 09:00"}, "a 0"}}},
		{"round up", "price: 8% of goods\nround: {to: 1.00, mode: up}", []try{{ask{items: []item{{price: 10100}}}, "a 900"}, {ask{items: cheap}, "a 800"}}},
		{"round down", "price: 8% of goods\nround: {to: 1.00, mode: down}", []try{{ask{items: []item{{price: 11200}}}, "a 800"}}},
		{"round to the nearest", "price: [8.49, 8.49 EUR]\nround: {to: 1.00}", []try{{ask{}, "a 800"}, {ask{currency: "EUR"}, "a 849"}}},
		{"round half away from zero", "price: 8.50\nround: {to: 1.00, mode: nearest}", []try{{ask{}, "a 900"}}},
		{"price_per class, summed", "price:\n  - {class: bulky, price: 100.00}\n  - {price: 30.00}\nprice_per: class", []try{
			{ask{items: bulky}, "a 13000"}, {ask{}, "a 3000"}}},
		{"price_per class, the highest", "price:\n  - {class: bulky, price: 100.00}\n  - {price: 30.00}\nprice_per: class\ncombine: highest", []try{{ask{items: bulky}, "a 10000"}}},
		{"price_per class, the lowest", "price:\n  - {class: bulky, price: 100.00}\n  - {price: 30.00}\nprice_per: class\ncombine: lowest", []try{{ask{items: bulky}, "a 3000"}}},
		{"an item of several classes belongs to the first declared", "price:\n  - {class: bulky, price: 100.00}\n  - {price: 30.00}\nprice_per: class", []try{
			{ask{items: []item{{price: 1, tags: "letter bulky"}, {price: 1, tags: "bulky"}}}, "a 10000"},
			{ask{items: []item{{price: 1, tags: "letter fragile"}, {price: 1, tags: "fragile"}}}, "a 6000"}}},
		{"price_per line", "price: 10.00\nprice_per: line", []try{{ask{items: bulky}, "a 2000"}}},
		{"price_per item", "price: 10.00\nprice_per: item", []try{{ask{items: bulky}, "a 5000"}}},
		{"price_per item, a share", "price: 10% of goods\nprice_per: item", []try{{ask{items: bulky}, "a 4000"}}},
		{"a group without a price", "price: [{class: bulky, price: 100.00}]\nprice_per: class", []try{{ask{items: bulky}, "-"}}},
		{"volumetric weight of the option", "volumetric: 280 kg/m3\nprice: [{max_weight: 5 kg, price: 1.00}, {price: 2.00}]", []try{
			{ask{items: []item{{grams: 100, price: 1, size: [3]int64{300, 300, 190}}}}, "a 100"},
			{ask{items: []item{{grams: 100, price: 1, size: [3]int64{300, 300, 200}}}}, "a 200"}}},
		{"weight if missing", "item_weight_if_missing: 6 kg\nprice: [{max_weight: 5 kg, price: 1.00}, {price: 2.00}]", []try{
			{ask{}, "a 100"}, {ask{items: []item{{price: 1}}}, "a 200"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			table := load(t, oneOption(tt.keys))
			for _, try := range tt.try {
				if got := short(offer(t, table, try.ask)); got != try.want {
					t.Errorf("%+v\ngot  %s\nwant %s", try.ask, got, try.want)
				}
			}
		})
	}
}

// TestTables prices by the table shape, where it differs from rows.
func TestTables(t *testing.T) {
	t.Parallel()
	weigh := func(g int64) []item { return []item{{grams: g, price: 10000}} }
	type try struct {
		ask  ask
		want string
	}
	tests := []struct {
		name, price string
		try         []try
	}{
		{"tiers and zone columns", "table: |\n  max_weight | sweden | denmark DKK | finland EUR\n  1 kg | 39.00 | 49.00 | 6.90\n  5 kg | 59.00 | - | 8.90\n  20 kg | 99.00 | 119.00 | 14.90", []try{
			{ask{items: weigh(1000)}, "a 3900"}, {ask{items: weigh(1001)}, "a 5900"}, {ask{items: weigh(5000)}, "a 5900"},
			{ask{items: weigh(20000)}, "a 9900"}, {ask{items: weigh(20001)}, "-"},
			{ask{to: "DK 2100", currency: "DKK", items: weigh(500)}, "a 4900"},
			{ask{to: "DK 2100", currency: "DKK", items: weigh(3000)}, "-"},
			{ask{to: "DK 2100", currency: "DKK", items: weigh(6000)}, "a 11900"},
			{ask{to: "DK 2100", currency: "SEK", items: weigh(500)}, "-"},
			{ask{to: "NO 0150"}, "-"}}},
		{"the leftmost column that fits", "table: |\n  gotland | sweden | sweden EUR\n  80.00 | 40.00 | 4.00", []try{
			{ask{}, "a 4000"}, {ask{to: "SE 62157"}, "a 8000"}, {ask{to: "SE 62157", currency: "EUR"}, "a 400"}}},
		{"price column", "table: |\n  to | max_items | price\n  gotland | 2 | 80.00\n  sweden | any | 40.00\n  sweden | | 4.00 EUR", []try{
			{ask{}, "a 4000"}, {ask{to: "SE 62157"}, "a 8000"}, {ask{currency: "EUR"}, "a 400"},
			{ask{to: "SE 62157", items: []item{{n: 3, price: 1}}}, "a 4000"}}},
		{"price column in another currency", "table: |\n  max_total | price EUR\n  50.00 EUR | 4.90\n  any | 0.00", []try{
			{ask{}, "-"}, {ask{currency: "EUR", items: []item{{price: 5000}}}, "a 490"}, {ask{currency: "EUR", items: []item{{price: 5001}}}, "a 0"}}},
		{"several names in a cell", "table: |\n  class | price\n  bulky, fragile | 80.00\n  any | 40.00", []try{
			{ask{}, "a 4000"}, {ask{items: []item{{price: 1, tags: "fragile"}}}, "a 8000"}}},
		{"a share in a cell", "table: |\n  max_total | sweden | denmark DKK\n  500.00 | 10% of goods | 49.00\n  any | 0 | 0", []try{
			{ask{items: weigh(1)}, "a 1000"}}},
		{"falling limits still take the first row", "table: |\n  max_weight | price\n  20 kg | 99.00\n  1 kg | 39.00\n  30 kg | 129.00", []try{
			{ask{items: weigh(500)}, "a 9900"}, {ask{items: weigh(25000)}, "a 12900"}, {ask{items: weigh(31000)}, "-"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			table := load(t, oneOption("price:\n"+indent(tt.price, "  ")))
			for _, try := range tt.try {
				if got := short(offer(t, table, try.ask)); got != try.want {
					t.Errorf("%+v\ngot  %s\nwant %s", try.ask, got, try.want)
				}
			}
		})
	}
}

// TestTableFromFile reads the same prices from a side file, and by date.
func TestTableFromFile(t *testing.T) {
	t.Parallel()
	table := load(t, oneOption("price: {2026-01-01: {csv: rates/old.csv}, 2026-12-01: {csv: rates/new.csv}}"),
		"rates/old.csv", "max_weight,sweden,denmark DKK\n5 kg,49.00,39.00\n20 kg,99.00,-\n",
		"rates/new.csv", "max_weight,sweden\n5 kg,51.00\n")
	tests := []struct {
		name string
		ask  ask
		want string
	}{
		{"old", ask{}, "a 4900"},
		{"old, abroad", ask{to: "DK 2100", currency: "DKK"}, "a 3900"},
		{"old, heavy", ask{items: []item{{grams: 6000, price: 1}}}, "a 9900"},
		{"new", ask{now: "2026-12-24 10:00"}, "a 5100"},
		{"new, heavy", ask{now: "2026-12-24 10:00", items: []item{{grams: 6000, price: 1}}}, "-"},
	}
	for _, tt := range tests {
		if got := short(offer(t, table, tt.ask)); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}
