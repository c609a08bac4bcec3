package shipping_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
	"github.com/kvitto/kvitto/shipping"
)

// FuzzTable loads whatever it is given: every fault has a place, and a file that is accepted answers every question
// with options that the provider can carry, twice the same.
func FuzzTable(f *testing.F) {
	seedTables(f)
	f.Fuzz(func(t *testing.T, yaml, csv []byte, grams, total int64, where uint8) {
		fsys := files("shipping.yaml", string(yaml), "stores.csv", string(csv), "rates.csv", string(csv), "zones.csv", string(csv))
		var r diag.Report
		tb := shipping.Load(fsys, "shipping.yaml", shipping.Options{EU: []string{"SE", "DE"}}, &r)
		if (tb == nil) != r.Failed() {
			t.Fatalf("table: %v, failed: %v", tb != nil, r.Failed())
		}
		for _, fault := range r.Findings() {
			if fault.File == "" || fault.Line < 1 || fault.Col < 1 || fault.Code == "" || fault.Message == "" {
				t.Fatalf("a fault without a place: %+v", fault)
			}
		}
		if tb == nil {
			return
		}
		for _, q := range questions(t, tb, grams, total, where) {
			judge(t, tb, q)
		}
	})
}

func seedTables(f *testing.F) {
	f.Helper()
	data, err := os.ReadFile("../configs/examples/nordic/shipping.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data, []byte(storesCSV), int64(1000), int64(40000), uint8(0))
	names, err := filepath.Glob("testdata/golden/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for i, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(a.Files[0].Data, []byte("max_weight,sweden\n5 kg,1.00\n"), int64(i)*1000, int64(10000), uint8(i))
	}
	f.Add([]byte(oneOption("price: {csv: rates.csv}\nprice_per: item\ncombine: lowest\nround: {to: 1.00, mode: up}")),
		[]byte("max_weight,price\n1 kg,1.00\n"), int64(500), int64(1), uint8(7))
	f.Add([]byte(oneOption("price: 8% of goods\npickup_points: {csv: stores.csv}\ndelivery: {days: 1 to 3, calendar: xmas}\nsurcharges: [{over: 1 kg, each: 500 g, add: 3% of goods}]")),
		[]byte(storesCSV), int64(70000), int64(99999999), uint8(3))
	f.Add([]byte(shopHead+"zone_files: [zones.csv]\noptions: [{id: a, name: \"{delivery}\", to: x, price: [{to: gotland, price: 1}, {price: 2 EUR}], delivery: {days: 0}}]\n"),
		[]byte("country,from,to,zone\nSE,100,200,x\n"), int64(1), int64(1), uint8(4))
}

// questions are about places the file may know and goods of any size.
func questions(t *testing.T, tb *shipping.Table, grams, total int64, where uint8) []*rules.Query {
	places := []string{"SE 113 51", "SE", "SE 621 57", "DK 2100", "DE 10115", "NO 0150", "US-CA 90001", "JP 1", "FI 22100"}
	currencies := []string{"SEK", "EUR", string(tb.Currency())}
	a := ask{to: places[int(where)%len(places)], currency: currencies[int(where/16)%3],
		items: []item{{grams: grams, price: order.Amount(total)}, {n: 3, grams: 10, price: 5, tags: "bulky"}}}
	first := a.query(t)
	a.to, a.trace = "SE", &rules.Trace{}
	a.items[0].n = int64(where)
	second := a.query(t)
	return []*rules.Query{first, second}
}

// judge asks twice and checks what came.
func judge(t *testing.T, tb *shipping.Table, q *rules.Query) {
	t.Helper()
	out, err := tb.Offer(t.Context(), q)
	if err != nil {
		if !errors.Is(err, pricing.ErrOverflow) && !errors.Is(err, table.ErrOverflow) {
			t.Fatalf("an error that is no overflow: %v", err)
		}
		return
	}
	again, err := tb.Offer(t.Context(), q)
	if err != nil || !cmp.Equal(out, again) {
		t.Fatalf("another answer: %v\n%s", err, cmp.Diff(out, again))
	}
	seen := map[string]bool{}
	for _, o := range out.Options {
		if o.ID == "" || seen[o.ID] || len(o.ID) > 255 || o.Name == "" || len([]rune(o.Name)) > 255 || o.Price < 0 || o.Price > order.MaxLineAmount {
			t.Fatalf("an option that nobody can carry: %+v", o)
		}
		seen[o.ID] = true
	}
	if len(out.Options) == 0 && out.NoOption == nil && hasGoods(q) {
		t.Fatal("neither an option nor a reason")
	}
}

func hasGoods(q *rules.Query) bool {
	for i := range q.Lines {
		if q.Lines[i].Ships() {
			return true
		}
	}
	return false
}
