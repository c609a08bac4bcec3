package tax_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/pricing/tax"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// load reads a tax file with the shipped data.
func load(text string, files map[string]string) (*tax.Table, *diag.Report) {
	fsys := fstest.MapFS{"tax.yaml": &fstest.MapFile{Data: []byte(text)}}
	for name, data := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(data)}
	}
	r := &diag.Report{}
	return tax.Load(fsys, "tax.yaml", tax.Options{Shipped: os.DirFS("../../configs"), Location: stockholm()}, r), r
}

func stockholm() *time.Location {
	loc, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		panic(err)
	}
	return loc
}

// sound is load for a file without an error.
func sound(t testing.TB, text string) *tax.Table {
	t.Helper()
	table, r := load(text, nil)
	if table == nil {
		t.Fatal(brief(r))
	}
	return table
}

// brief writes findings as "file:line:col code message | label | help | fix".
func brief(r *diag.Report) string {
	var lines []string
	for _, f := range r.Findings() {
		lines = append(lines, fmt.Sprintf("%s:%d:%d %s %s | %s | %s | %s", f.File, f.Line, f.Col, f.Code, f.Message, f.Label,
			strings.ReplaceAll(f.Help, "\n", " / "), f.Fix))
	}
	return strings.Join(lines, "\n")
}

// header is the beginning of a tax file of a Swedish shop.
const header = "version: 1\nmode: vat\nhome: SE\ndata: vat-rates.yaml\nclasses: {food: {tags: [food]}, books: {tags: [book]}}\n"

// at is an instant in Stockholm.
func at(t testing.TB, text string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", text, stockholm())
	if err != nil {
		t.Fatal(err)
	}
	return when
}

// goods is a line of one piece with tags.
func goods(price order.Amount, tags ...string) order.Line {
	return order.Line{Type: order.Physical, Reference: "A", Name: "A", Quantity: 1, UnitPrice: price, TotalAmount: price, TaxRate: 2500,
		ShippingAttributes: &order.ShippingAttributes{Tags: tags}}
}

// query asks about lines that go to "SE", "SE 113 51", "US-CA 94103".
func query(to string, now time.Time, currency string, lines ...order.Line) *rules.Query {
	country, postcode, _ := strings.Cut(to, " ")
	country, region, _ := strings.Cut(country, "-")
	return &rules.Query{Now: now, Order: &order.Order{Lines: lines}, Lines: lines, Currency: currency,
		Destination: rules.Destination{Country: country, Region: region, Postcode: postcode}}
}

// tester is a testing.TB or a *rapid.T.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// rates writes the answer in short: "2500 600 -" and what is kept, or the error.
func rates(t tester, table *tax.Table, q *rules.Query) string {
	t.Helper()
	g, err := table.Goods(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	if g.Reject != nil {
		return string(g.Reject.Kind)
	}
	if len(g.Rates) != len(q.Lines) {
		t.Fatalf("%d rates for %d lines", len(g.Rates), len(q.Lines))
	}
	var words []string
	for _, r := range g.Rates {
		if !r.Apply {
			words = append(words, "-")
			continue
		}
		words = append(words, fmt.Sprint(int64(r.Rate)))
	}
	if g.Keep == pricing.KeepNet {
		words = append(words, "net")
	}
	return strings.Join(words, " ")
}

func TestNordicExample(t *testing.T) {
	t.Parallel()
	r := &diag.Report{}
	table := tax.Load(os.DirFS("../../configs/examples/nordic"), "tax.yaml", tax.Options{Shipped: os.DirFS("../../configs"), Location: stockholm()}, r)
	want := "tax.yaml:28:35 W423 only the form of a VAT id is checked before tax is left out | a made-up number of the right form is enough | " +
		"let a plug-in ask the register: vat_id: {plugin: …, if_unavailable: charge} | "
	if got := brief(r); got != want || table == nil {
		t.Fatalf("got\n%s\nwant\n%s", got, want)
	}
	if table.Home() != "SE" || strings.Join(table.Classes(), " ") != "food books" {
		t.Errorf("got %q %v", table.Home(), table.Classes())
	}
	food, book, lamp := goods(10000, "food"), goods(10000, "book"), goods(10000)
	tests := []struct{ name, to, now, currency, want string }{
		{"Sweden", "SE 113 51", "2026-11-23 10:00", "SEK", "600 600 2500"},
		{"the last minute of 12 %", "SE 113 51", "2026-03-31 23:59", "SEK", "1200 600 2500"},
		{"the first of 6 %", "SE 113 51", "2026-04-01 00:00", "SEK", "600 600 2500"},
		{"the last of 6 %", "SE", "2027-12-31 23:59", "SEK", "600 600 2500"},
		{"12 % again", "SE", "2028-01-01 00:00", "SEK", "1200 600 2500"},
		{"before the data begin", "SE", "2019-01-01 00:00", "SEK", "1200 600 2500"},
		{"Finland before 25.5 %", "FI 00100", "2024-08-31 23:59", "EUR", "1400 1400 2400"},
		{"Finland at 25.5 %", "FI 00100", "2024-09-01 00:00", "EUR", "1400 1400 2550"},
		{"Finland at 13.5 %", "FI 00100", "2026-01-01 00:00", "EUR", "1350 1350 2550"},
		{"Finland without a postcode", "FI", "2026-01-01 00:00", "EUR", "1350 1350 2550"},
		{"Finland with an impossible one", "FI ../../etc", "2026-01-01 00:00", "EUR", "1350 1350 2550"},
		{"Denmark has no reduced rate", "DK 2100", "2026-01-01 00:00", "DKK", "2500 2500 2500"},
		{"Aland by its postcode", "FI 22100", "2026-01-01 00:00", "EUR", "0 0 0"},
		{"Aland by its own code", "AX", "2026-01-01 00:00", "EUR", "0 0 0"},
		{"Greenland", "DK 3900", "2026-01-01 00:00", "DKK", "0 0 0"},
		{"Faroe Islands", "FO", "2026-01-01 00:00", "DKK", "0 0 0"},
		{"Norway", "NO 0150", "2026-01-01 00:00", "NOK", "1500 0 2500"},
		{"Norway, other currency", "NO 0150", "2026-01-01 00:00", "SEK", "1500 0 2500"},
		{"Svalbard", "NO 9170", "2026-01-01 00:00", "NOK", "0 0 0"},
		{"everywhere else", "JP", "2026-01-01 00:00", "EUR", "0 0 0"},
		{"Germany is elsewhere", "DE 10115", "2026-01-01 00:00", "EUR", "0 0 0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := rates(t, table, query(tt.to, at(t, tt.now), tt.currency, food, book, lamp)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestVOEC(t *testing.T) {
	t.Parallel()
	table := sound(t, header+"destinations: {NO: {charge_below_item_value: [3000.00 NOK, 270.00 EUR]}, '*': none}\n")
	now := at(t, "2026-11-23 10:00")
	piece := func(n int64, unit, discount order.Amount) order.Line {
		l := goods(unit)
		l.Quantity, l.TotalDiscountAmount, l.TotalAmount = n, discount, unit*order.Amount(n)-discount
		return l
	}
	tests := []struct {
		name, currency string
		line           order.Line
		want           string
	}{
		{"below", "NOK", goods(299900), "2500"},
		{"at", "NOK", goods(300000), "0"},
		{"two pieces below", "NOK", piece(2, 299900, 0), "2500"},
		{"an öre over all three", "NOK", piece(3, 300000, 1), "2500"},
		{"at with a discount of its own", "NOK", piece(1, 310000, 10000), "0"},
		{"below with a discount of its own", "NOK", piece(1, 310000, 10001), "2500"},
		{"other currency of the list", "EUR", goods(27000), "0"},
		{"a currency that is not there", "SEK", goods(27_000_000), "2500"},
		{"a currency with a lower limit", "EUR", goods(26999), "2500"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := rates(t, table, query("NO 0150", now, tt.currency, tt.line)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	g, err := table.Goods(context.Background(), query("NO", now, "SEK", goods(1)))
	if err != nil || len(g.Reasons) != 2 || !strings.Contains(g.Reasons[1].Detail, "no amount in the order's currency") {
		t.Errorf("got %+v, %v", g.Reasons, err)
	}
}

func TestDestinations(t *testing.T) {
	t.Parallel()
	discount := order.Line{Type: order.Discount, Quantity: 1, UnitPrice: -500, TotalAmount: -500}
	tests := []struct{ name, destinations, to, want string }{
		{"charge", "{DE: charge}", "DE 10115", "1900"},
		{"home_rate", "{DE: home_rate}", "DE 10115", "2500"},
		{"none", "{DE: none}", "DE 10115", "0"},
		{"not listed", "{DE: charge}", "FR", "unsupported_shipping_address"},
		{"star", "{DE: charge, '*': none}", "FR", "0"},
		{"star at home's rate", "{DE: charge, '*': home_rate}", "US-CA", "2500"},
		{"union", "{EU: charge, '*': none}", "FR 75001", "2000"},
		{"country before union", "{EU: charge, FR: none}", "FR 75001", "0"},
		{"union is not Norway", "{EU: charge, '*': none}", "NO", "0"},
		{"union is not Great Britain", "{EU: charge, '*': none}", "GB SW1A 1AA", "0"},
		{"union for goods", "{EU: charge, '*': none}", "GB BT1 1AA", "2000"},
		{"Northern Ireland by its code", "{EU: charge, '*': none}", "XI", "2000"},
		{"Northern Ireland listed", "{XI: charge, GB: none}", "GB BT1 1AA", "2000"},
		{"the rest of the kingdom", "{XI: charge, GB: none}", "GB SW1A 1AA", "0"},
		{"Monaco is France", "{FR: charge}", "MC", "2000"},
		{"Isle of Man is Great Britain", "{GB: charge}", "IM", "2000"},
		{"Jersey is not", "{GB: charge}", "JE", "0"},
		{"Jersey by postcode", "{GB: charge}", "GB JE2 3AB", "0"},
		{"region before country", "{US: none, US-CA: home_rate}", "US-CA", "2500"},
		{"another region", "{US: none, US-CA: home_rate}", "US-NY", "0"},
		{"Busingen", "{DE: charge}", "DE 78266", "0"},
		{"Busingen, the Swiss way", "{DE: charge, CH: charge}", "CH 8238", "0"},
		{"Schaffhausen", "{DE: charge, CH: charge}", "CH 8200", "810"},
		{"Canary Islands", "{ES: charge}", "ES 35001", "0"},
		{"Canary Islands by their code", "{ES: charge}", "IC", "0"},
		{"Madrid", "{ES: charge}", "ES 28001", "2100"},
		{"Livigno", "{IT: charge}", "IT 23041", "0"},
		{"Livigno's neighbours", "{IT: charge}", "IT 23030", "2200"},
		{"Madeira", "{PT: charge}", "PT 9000-001", "2200"},
		{"Azores", "{PT: charge}", "PT 9500-001", "1600"},
		{"Lisbon", "{PT: charge}", "PT 1000-001", "2300"},
		{"Jungholz", "{AT: charge}", "AT 6691", "1900"},
		{"Corsica is France", "{FR: charge}", "FR 20000", "2000"},
		{"order up to", "{GB: {charge_up_to_order_value: 135.00 GBP}}", "GB SW1A 1AA", "2000"},
		{"home's rate in Madeira", "{PT: home_rate}", "PT 9000-001", "2500"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			table := sound(t, header+"destinations: "+tt.destinations+"\n")
			want := tt.want
			if !strings.HasPrefix(want, "unsup") {
				want += " -"
			}
			if got := rates(t, table, query(tt.to, at(t, "2026-11-23 10:00"), "GBP", goods(13500), discount)); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestOrderValue(t *testing.T) {
	t.Parallel()
	table := sound(t, header+"destinations: {GB: {charge_up_to_order_value: 135.00 GBP}}\n")
	now := at(t, "2026-11-23 10:00")
	less := order.Line{Type: order.Discount, Quantity: 1, UnitPrice: -1, TotalAmount: -1}
	for _, tt := range []struct {
		name  string
		lines []order.Line
		want  string
	}{
		{"at", []order.Line{goods(10000), goods(3500)}, "2000 2000"},
		{"over", []order.Line{goods(10000), goods(3501)}, "0 0"},
		{"discounts count", []order.Line{goods(10000), goods(3501), less}, "2000 2000 -"},
	} {
		if got := rates(t, table, query("GB", now, "GBP", tt.lines...)); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestSlovakia(t *testing.T) {
	t.Parallel()
	table := sound(t, header+"destinations: {SK: charge}\nrates: {SK: {food: reduced_1, books: {2024-01-01: 10%, 2025-01-01: reduced_2}}}\n")
	for now, want := range map[string]string{
		"2024-12-31 23:59": "2000 1000 2000", // reduced_1 has no rate yet: standard
		"2025-01-01 00:00": "1900 500 2300",
	} {
		if got := rates(t, table, query("SK", at(t, now), "EUR", goods(1, "food"), goods(1, "book"), goods(1))); got != want {
			t.Errorf("%s: got %q, want %q", now, got, want)
		}
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	table := sound(t, header+"keep: net\ndestinations: {SE: charge}\nrates: {SE: {food: reduced_2}}\n")
	line := func(kind order.LineType, tags ...string) order.Line {
		l := goods(100, tags...)
		l.Type = kind
		return l
	}
	lines := []order.Line{line(order.Digital), line(order.Surcharge), line(order.Surcharge, "food"), line(order.GiftCard), line(order.StoreCredit),
		line("unheard_of"), line(order.ReturnFee), line("", "food", "book")}
	if got, want := rates(t, table, query("SE", at(t, "2026-11-23 10:00"), "SEK", lines...)), "2500 2500 600 - - - - 600 net"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLineTags(t *testing.T) {
	t.Parallel()
	table := sound(t, header+"destinations: {SE: charge}\nrates: {SE: {food: reduced_2}}\n")
	freight := order.Line{Type: order.ShippingFee, Reference: "ombud", Quantity: 1}
	jam := goods(100)
	jam.Reference = "JAM"
	q := query("SE", at(t, "2026-11-23 10:00"), "SEK", freight, goods(100), jam)
	q.Lines = q.Lines[1:] // freight does not stay
	q.Facts.LineTags = map[int][]string{2: {"food"}}
	if got := rates(t, table, q); got != "2500 600" {
		t.Errorf("got %q", got)
	}
}
