package tax_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
	rtable "github.com/kvitto/kvitto/rules/table"
)

func TestSalesTax(t *testing.T) {
	t.Parallel()
	table := usTable(t, usShop)
	now := "2026-11-24 10:00"
	tests := []struct {
		name, to, now string
		lines         []order.Line
		freight       order.Amount
		want          string
	}{
		{"by level", "US-NY 10001", now, []order.Line{piece(6000)}, 1190, "state 288 city 324 special 27"},
		{"plus four", "US-NY 10001-1234", now, []order.Line{piece(6000)}, 1190, "state 288 city 324 special 27"},
		{"nine digits", "US-NY 100011234", now, []order.Line{piece(6000)}, 1190, "state 288 city 324 special 27"},
		{"first and last ZIP", "US-NY 10282", now, []order.Line{piece(6000)}, 1190, "state 288 city 324 special 27"},
		{"behind the last", "US-NY 10283", now, []order.Line{piece(6000)}, 1190, "state 288"},
		{"no ZIP", "US-NY", now, []order.Line{piece(6000)}, 1190, "state 288"},
		{"a ZIP that is none", "US-NY 1000", now, []order.Line{piece(6000)}, 1190, "state 288"},
		{"no state, a ZIP", "US 10001", now, []order.Line{piece(6000)}, 1190, "state 288 city 324 special 27"},
		{"no state", "US", now, []order.Line{piece(6000)}, 1190, ""},
		{"a state that is none", "US-ZZ", now, []order.Line{piece(6000)}, 1190, ""},
		{"outside collect_in", "US-OR 97201", now, []order.Line{piece(6000)}, 1190, ""},
		{"another country", "SE 11351", now, []order.Line{piece(6000)}, 1190, ""},
		{"a ZIP of another state", "US-TX 10001", now, []order.Line{piece(6000)}, 0, "state 375"},
		{"freight free", "US-CA 90001", now, []order.Line{piece(6000)}, 1190, "state 360 county 15 special 210"},
		{"freight taxed", "US-WA 98101", now, []order.Line{piece(6000)}, 1390, "state 480 city 181 special 103"},
		{"freight of exempt goods taxed", "US-WA 98101", now, []order.Line{piece(6000, "grocery")}, 1390, "state 90 city 34 special 19"},
		{"freight follows exempt goods", "US-NY 10001", now, []order.Line{piece(6000, "grocery")}, 1190, ""},
		{"freight follows a part", "US-TX", now, []order.Line{piece(4000), piece(2000, "grocery")}, 1190, "state 300"}, // of 47.93
		{"freight of goods for nothing", "US-TX", now, []order.Line{piece(0)}, 1600, "state 100"},
		{"freight of exempt goods for nothing", "US-TX", now, []order.Line{piece(0, "grocery")}, 1600, ""},
		{"freight of no goods", "US-TX", now, []order.Line{{Type: order.GiftCard, TotalAmount: -5}}, 1600, ""},
		{"before the date of the row", "US-CA 90001", "2025-03-31 10:00", []order.Line{piece(6000)}, 0, "state 435"},
		{"the later row", "US-CO 80202", "2025-01-01 00:00", []order.Line{piece(10000)}, 0, "delivery 29 state 290 city 515 special 110"},
		{"the earlier row", "US-CO 80202", "2024-12-31 23:00", []order.Line{piece(10000)}, 0, "delivery 29 state 290 city 481 special 110"},
		{"a fee by date", "US-CO 80903", "2025-07-01 00:00", []order.Line{piece(10000)}, 0, "delivery 28 state 290"},
		{"before the fee", "US-CO 80903", "2024-06-30 23:00", []order.Line{piece(10000)}, 0, "state 290"},
		{"no fee without taxable goods", "US-CO 80903", now, []order.Line{piece(10000, "grocery")}, 900, ""},
		{"below a price", "US-NY", now, []order.Line{piece(10999, "clothing")}, 0, ""},
		{"at the price", "US-NY", now, []order.Line{piece(11000, "clothing")}, 0, "state 440"},
		{"elsewhere", "US-TX", now, []order.Line{piece(10999, "clothing")}, 0, "state 687"},
		{"cards pay", "US-TX", now, []order.Line{piece(1000), {Type: order.StoreCredit, TotalAmount: -300}}, 0, "state 63"},
		{"discount", "US-TX", now, []order.Line{piece(1000), off(100)}, 700, "state 100"},
		{"discount over exempt goods too", "US-TX", now, []order.Line{piece(1000), piece(1000, "grocery"), off(200)}, 0, "state 56"},
		{"discount larger than the goods", "US-TX", now, []order.Line{piece(1000), off(5000)}, 0, ""},
		{"surcharge of the shop", "US-TX", now, []order.Line{piece(1000), {Type: order.Surcharge, TotalAmount: 600}}, 0, "state 100"},
		{"surcharge below zero", "US-TX", now, []order.Line{piece(1000), {Type: order.Surcharge, TotalAmount: -200}}, 0, "state 50"},
		{"kept freight lines", "US-TX", now, []order.Line{piece(1000), {Type: order.ShippingFee, TotalAmount: 600}}, 0, "state 100"},
		{"half a cent", "US-TX", now, []order.Line{piece(8)}, 0, "state 1"},
		{"below half a cent", "US-TX", now, []order.Line{piece(7)}, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			q := query(tt.to, at(t, tt.now), "USD", tt.lines...)
			if got := lines(t, table, q, paidFor(tt.freight)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestLineOfPieces compares the limit with a piece, whatever their number.
func TestLineOfPieces(t *testing.T) {
	t.Parallel()
	table := usTable(t, usShop)
	l := piece(33_000, "clothing")
	l.Quantity = 3
	if got := lines(t, table, query("US-NY", today(t), "USD", l), paidFor(0)); got != "state 1320" {
		t.Errorf("three at the limit: got %q", got)
	}
	if l.TotalAmount--; lines(t, table, query("US-NY", today(t), "USD", l), paidFor(0)) != "" {
		t.Error("three just below it are taxed")
	}
	euro := query("US-NY", today(t), "EUR", piece(1000, "clothing"))
	if got := lines(t, table, euro, paidFor(0)); got != "state 40" {
		t.Errorf("no limit in the currency: got %q", got)
	}
}

func TestOneLine(t *testing.T) {
	t.Parallel()
	q := query("US-NY 10001", today(t), "USD", piece(6000))
	if got := lines(t, usTable(t, usShop+"lines: one\n"), q, paidFor(1190)); got != "sales_tax 638" { // 8.875 % of 71.90
		t.Errorf("got %q", got)
	}
}

// TestRoundByLine rounds three lines each by itself.
func TestRoundByLine(t *testing.T) {
	t.Parallel()
	q := query("US-TX", today(t), "USD", piece(8), piece(8), piece(8))
	if got := lines(t, usTable(t, usShop+"round: line\n"), q, paidFor(8)); got != "state 4" {
		t.Errorf("by line: got %q", got)
	}
	if got := lines(t, usTable(t, usShop+"round: order\n"), q, paidFor(8)); got != "state 2" {
		t.Errorf("by order: got %q", got)
	}
}

func TestFeeWaits(t *testing.T) {
	t.Parallel()
	table := usTable(t, usShop)
	for name, tt := range map[string]struct {
		paid rules.Paid
		want string
	}{
		"an option":          {*paidFor(0), "delivery 28 state 290"},
		"none is chosen yet": {rules.Paid{Ships: true}, "state 290"},
		"nothing to ship":    {rules.Paid{}, "state 290"},
		"fetched":            {rules.Paid{Ships: true, Chosen: true, Method: "PickUpStore"}, "state 290"},
	} {
		if got := lines(t, table, query("US-CO", today(t), "USD", piece(10000)), &tt.paid); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
	if got := lines(t, table, query("US-CO", today(t), "EUR", piece(10000)), paidFor(0)); got != "state 290" {
		t.Errorf("no amount in the currency: got %q", got)
	}
	if got := table.FeeIDs(); !slices.Equal(got, []string{"delivery"}) {
		t.Errorf("ids: %q", got)
	}
}

// TestNames gives the lines names in the buyer's language.
func TestNames(t *testing.T) {
	t.Parallel()
	for language, want := range map[string]string{
		"en": "Delivery fee, State tax, City tax, Special tax",
		"es": "Tasa, Impuesto estatal, Impuesto municipal, Impuesto especial",
		"":   "Delivery fee, State tax, City tax, Special tax",
	} {
		q := query("US-CO 80202", today(t), "USD", piece(10000))
		q.Language = language
		made, err := usTable(t, usShop).TaxLines(context.Background(), q, paidFor(0))
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for i := range made {
			names = append(names, made[i].Name)
		}
		if got := strings.Join(names, ", "); got != want {
			t.Errorf("%s: got %s", language, got)
		}
	}
}

// TestNotYet collects in a state from a day on, and exempts for some days.
func TestNotYet(t *testing.T) {
	t.Parallel()
	table := sound(t, "version: 1\nmode: sales_tax\nkeep: net\nhome: US\nprices: exclude tax\ncollect_in: US-WA\n"+
		"rates: {US-WA: {2027-01-01: 6.5%, 2027-07-01: 7%}}\nshipping_tax: {US-WA: {2027-01-01: all, 2027-02-01: none}}\n"+
		"classes: {school: {tags: [school]}}\nexempt: [{class: [school], in: [US-WA], from: 2027-08-01, until: 2027-08-03}]\n")
	for now, want := range map[string]string{"2026-12-31 23:59": "", "2027-01-01 00:00": "state 130", "2027-02-01 00:00": "state 65",
		"2027-07-31 23:59": "state 70", "2027-08-01 00:00": "", "2027-08-03 23:59": "", "2027-08-04 00:00": "state 70"} {
		if got := lines(t, table, query("US-WA", at(t, now), "USD", piece(1000, "school")), paidFor(1000)); got != want {
			t.Errorf("%s: got %q, want %q", now, got, want)
		}
	}
	var days []string
	for _, c := range table.Changes(at(t, "2026-06-01 00:00"), at(t, "2028-01-01 00:00")) {
		days = append(days, c.Format("2006-01-02 15:04"))
	}
	want := "2027-01-01 00:00 2027-02-01 00:00 2027-07-01 00:00 2027-08-01 00:00 2027-08-04 00:00"
	for _, day := range strings.Fields(want) {
		if strings.Contains(day, "-") && !slices.Contains(days, day+" 00:00") {
			t.Errorf("%s is not among %q", day, days)
		}
	}
	g, err := table.Goods(context.Background(), query("US-WA", today(t), "USD", goods(1000)))
	if err != nil || !g.ByLine || g.Keep != pricing.KeepNet || g.Reject != nil {
		t.Errorf("goods: %+v %v", g, err)
	}
	if f, err := table.Freight(context.Background(), query("US-WA", today(t), "USD"), ""); err != nil || !cmp.Equal(f, pricing.FreightTax{}) {
		t.Errorf("freight: %+v %v", f, err)
	}
	if !table.SalesTax() || !table.TaxesFreight() || table.Home() != "US" {
		t.Error("what kind of table it is")
	}
}

// TestVATHasNoTaxLines asks a table of VAT what only sales tax has.
func TestVATHasNoTaxLines(t *testing.T) {
	t.Parallel()
	table := sound(t, header+"destinations: {SE: charge}\n")
	made, err := table.TaxLines(context.Background(), query("SE", today(t), "SEK", goods(1)), paidFor(1))
	if made != nil || err != nil || table.FeeIDs() != nil || table.SalesTax() || table.TaxesFreight() {
		t.Errorf("got %v %v", made, err)
	}
}

// TestSalesTrace tells the story of an order.
func TestSalesTrace(t *testing.T) {
	t.Parallel()
	table := usTable(t, usShop)
	story := func(q *rules.Query) string {
		q.Trace = &rules.Trace{}
		lines(t, table, q, paidFor(1190))
		var out []string
		for _, s := range q.Trace.Goods {
			out = append(out, strings.TrimSpace(strings.Join([]string{s.Text, s.File}, " @ ")))
		}
		return strings.Join(out, "\n")
	}
	got := story(query("US-NY 10001", today(t), "USD", piece(4000), piece(2000, "clothing"), off(600)))
	want := `line 1: 40.00 USD taxable in US-NY @ tax.yaml
line 2: 20.00 USD exempt in US-NY, a piece is below 110.00 USD @ tax.yaml
discounts of 6.00 USD leave 36.00 USD taxable and 18.00 USD exempt @ tax.yaml
freight 11.90 USD: follow goods, so 7.93 USD is taxable @ tax.yaml
state tax 4 % of 43.93 USD = 1.76 USD @ rates.csv
city tax 4.5 % of 43.93 USD = 1.98 USD @ rates.csv
special tax 0.375 % of 43.93 USD = 0.16 USD @ rates.csv`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	got = story(query("US-CO", today(t), "USD", piece(4000)))
	want = `line 1: 40.00 USD taxable in US-CO @ tax.yaml
freight 11.90 USD: none, so 0.00 USD is taxable @ tax.yaml
fee delivery 0.28 USD @ tax.yaml
state tax 2.9 % of 40.00 USD = 1.16 USD @ tax.yaml`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := story(query("US", today(t), "USD", piece(1))); !strings.Contains(got, "the state is not known yet") {
		t.Errorf("no state: %s", got)
	}
	if got := story(query("US-OR", today(t), "USD", piece(1))); !strings.Contains(got, "no sales tax outside collect_in") {
		t.Errorf("outside: %s", got)
	}
}

// TestStates knows each state by one of its ZIPs.
func TestStates(t *testing.T) {
	t.Parallel()
	for zip, want := range map[string]string{"99501": "AK", "35203": "AL", "72201": "AR", "85001": "AZ", "90001": "CA", "80202": "CO", "06101": "CT",
		"20001": "DC", "19801": "DE", "33101": "FL", "30301": "GA", "96801": "HI", "50301": "IA", "83702": "ID", "60601": "IL", "46204": "IN",
		"66101": "KS", "40202": "KY", "70112": "LA", "02108": "MA", "21201": "MD", "04101": "ME", "48201": "MI", "55401": "MN", "63101": "MO",
		"39201": "MS", "59601": "MT", "27601": "NC", "58501": "ND", "68101": "NE", "03301": "NH", "07101": "NJ", "87101": "NM", "89101": "NV",
		"10001": "NY", "43201": "OH", "73101": "OK", "97201": "OR", "19106": "PA", "02901": "RI", "29201": "SC", "57501": "SD", "37201": "TN",
		"78701": "TX", "84101": "UT", "22030": "VA", "05401": "VT", "98101": "WA", "53202": "WI", "25301": "WV", "82001": "WY", "00901": "PR"} {
		table := sound(t, "version: 1\nmode: sales_tax\ncollect_in: [US-"+want+"]\nrates: {US-"+want+": 10%}\nshipping_tax: {US-"+want+": none}\n")
		for _, to := range []string{"US " + zip, "US-" + want, "US-" + want + " " + zip} {
			if got := lines(t, table, query(to, today(t), "USD", piece(1000)), paidFor(0)); got != "state 100" {
				t.Errorf("%s: got %q, want the tax of %s", to, got, want)
			}
		}
	}
	pr := sound(t, "version: 1\nmode: sales_tax\ncollect_in: [US-PR]\nrates: {US-PR: 10.5%}\nshipping_tax: {US-PR: none}\n")
	if got := lines(t, pr, query("PR 00901", today(t), "USD", piece(1000)), paidFor(0)); got != "state 105" {
		t.Errorf("a territory that is written as a country: got %q", got)
	}
	if at := pr.Changes(time.Time{}, today(t)); len(at) != 0 {
		t.Errorf("nothing changes: %v", at)
	}
}

// TestSalesOverflow returns an error where sums are beyond 64 bits, and never a wrong tax.
func TestSalesOverflow(t *testing.T) {
	t.Parallel()
	table := usTable(t, usShop)
	huge := func(kind order.LineType, amount order.Amount) order.Line {
		return order.Line{Type: kind, Name: "n", Quantity: 1, UnitPrice: amount, TotalAmount: amount}
	}
	const most order.Amount = math.MaxInt64
	for name, in := range map[string][]order.Line{
		"goods":           {huge(order.Physical, most), huge(order.Physical, most)},
		"exempt goods":    {piece(most, "grocery"), piece(most, "grocery")},
		"discounts":       {huge(order.Discount, -most), huge(order.Discount, -most)},
		"freight":         {huge(order.ShippingFee, most)},
		"goods of a fee":  {huge(order.Physical, most/2)},
		"discounted":      {huge(order.Physical, most), huge(order.Physical, most), off(5)},
		"a surcharge too": {huge(order.Physical, most), huge(order.Surcharge, most)},
	} {
		if made, err := table.TaxLines(context.Background(), query("US-CO", today(t), "USD", in...), paidFor(1000)); !errors.Is(err, pricing.ErrOverflow) && !errors.Is(err, rtable.ErrOverflow) {
			t.Errorf("%s: got %v %v", name, made, err)
		}
	}
	if _, err := table.TaxLines(context.Background(), query("US-TX", today(t), "USD", piece(most)), paidFor(1000)); !errors.Is(err, pricing.ErrOverflow) {
		t.Errorf("goods and freight: %v", err)
	}
}
