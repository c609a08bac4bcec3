package pricing_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

func TestRerate(t *testing.T) {
	t.Parallel()
	three := order.Line{Reference: "three", Quantity: 3, UnitPrice: 1250, TotalDiscountAmount: 250, TotalAmount: 3500,
		TaxRate: 2500, TotalTaxAmount: 700}
	untaxed := order.Line{Reference: "untaxed", Quantity: 1, UnitPrice: 1000, TotalAmount: 1000}
	tests := []struct {
		name  string
		lines []order.Line
		rates []pricing.LineRate
		keep  pricing.Keep
		want  []priced
	}{
		{"gross keeps the shelf price", []order.Line{three}, to(1200), pricing.KeepGross,
			[]priced{{"three", 1250, 250, 3500, 1200, 375}}},
		{"net moves unit and discount", []order.Line{three}, to(1200), pricing.KeepNet,
			[]priced{{"three", 1120, 224, 3136, 1200, 336}}},
		{"net to rate 0, as for reverse charge", []order.Line{three}, to(0), pricing.KeepNet,
			[]priced{{"three", 1000, 200, 2800, 0, 0}}},
		{"net never takes a line below zero", []order.Line{{Reference: "free", Quantity: 20, UnitPrice: 4, TotalDiscountAmount: 80,
			TaxRate: 2500}}, to(0), pricing.KeepNet, []priced{{"free", 3, 60, 0, 0, 0}}},
		{"not applied", []order.Line{three}, to(-1), pricing.KeepNet,
			[]priced{{"three", 1250, 250, 3500, 2500, 700}}},
		{"without tax members, gross", []order.Line{untaxed}, to(2500), pricing.KeepGross,
			[]priced{{"untaxed", 1000, 0, 1000, 2500, 200}}},
		{"without tax members, net", []order.Line{untaxed}, to(2500), pricing.KeepNet,
			[]priced{{"untaxed", 1250, 0, 1250, 2500, 250}}},
		{"payment, fees of others and unknown types stay",
			[]order.Line{line(order.GiftCard, "card", -500, 0), line(order.StoreCredit, "credit", -500, 2500),
				line(order.ReturnFee, "return", 500, 2500), line("package", "box", 500, 2500)},
			to(1200, 1200, 1200, 1200), pricing.KeepNet,
			[]priced{{"card", -500, 0, -500, 0, 0}, {"credit", -500, 0, -500, 2500, -100},
				{"return", 500, 0, 500, 2500, 100}, {"box", 500, 0, 500, 2500, 100}}},
		{"surcharge and digital move", []order.Line{line(order.Surcharge, "fee", 1250, 2500), line(order.Digital, "song", 1250, 2500)},
			to(0, 1200), pricing.KeepGross,
			[]priced{{"fee", 1250, 0, 1250, 0, 0}, {"song", 1250, 0, 1250, 1200, 134}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := pricing.Rerate(tt.lines, tt.rates, tt.keep)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(pricesOf(got), tt.want); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestRerateLineWitness: a line is taxed once, on its total. Three pieces of 3.33 at 25 % hold 2.00; the taxes of the
// pieces, 0.67 each, would sum to 2.01.
func TestRerateLineWitness(t *testing.T) {
	t.Parallel()
	l := order.Line{Quantity: 3, UnitPrice: 333, TotalAmount: 999}
	got, err := pricing.Rerate([]order.Line{l}, to(2500), pricing.KeepGross)
	if err != nil {
		t.Fatal(err)
	}
	if got[0].TotalTaxAmount != 200 || 3*within(333, 2500) != 201 {
		t.Errorf("tax %d, of the pieces %d; want 200 and 201", got[0].TotalTaxAmount, 3*within(333, 2500))
	}
}

// TestRerateNetWitness: the net is a whole unit before the new rate is put on. 37 at 25 % is 29.6, so 30 net and 32 at
// 6 %; in one step it would be 31.
func TestRerateNetWitness(t *testing.T) {
	t.Parallel()
	got, err := pricing.Rerate([]order.Line{goods("a", 37, 2500)}, to(600), pricing.KeepNet)
	if err != nil {
		t.Fatal(err)
	}
	once, err := pricing.MulDiv(37, 10600, 12500)
	if err != nil || got[0].UnitPrice != 32 || once != 31 {
		t.Errorf("unit %d, in one step %d, %v; want 32 and 31", got[0].UnitPrice, once, err)
	}
}

func TestRerateDiscounts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		lines []order.Line
		rates []pricing.LineRate
		keep  pricing.Keep
		want  priced // of the last line
	}{
		{"with the goods of its rate",
			[]order.Line{goods("a", 10000, 2500), goods("b", 10000, 1200), discount("d", 1000, 2500)},
			to(2400, 1400, -1), pricing.KeepGross, priced{"d", -1000, 0, -1000, 2400, -194}},
		{"its own element is not looked at",
			[]order.Line{goods("a", 10000, 2500), discount("d", 1000, 2500)},
			to(2400, 600), pricing.KeepGross, priced{"d", -1000, 0, -1000, 2400, -194}},
		{"net moves as well",
			[]order.Line{goods("a", 10000, 2500), discount("d", 1250, 2500)},
			to(0, -1), pricing.KeepNet, priced{"d", -1000, 0, -1000, 0, 0}},
		{"goods part: blended by value", // 25000 holds 5000, 11200 holds 1200: 6200 on 30000
			[]order.Line{goods("a", 25000, 2500), goods("b", 11200, 2500), goods("c", 99999, 600), discount("d", 1000, 2500)},
			to(2500, 1200, 600, -1), pricing.KeepGross, priced{"d", -1000, 0, -1000, 2067, -171}},
		{"at no goods' rate while the goods move: blended over all",
			[]order.Line{goods("a", 25000, 2400), goods("b", 11200, 2400), discount("d", 1000, 1700)},
			to(2500, 1200, -1), pricing.KeepGross, priced{"d", -1000, 0, -1000, 2067, -171}},
		{"at no goods' rate while they stay: stays",
			[]order.Line{goods("a", 25000, 2500), goods("b", 11200, 1200), discount("d", 1000, 1700)},
			to(2500, 1200, -1), pricing.KeepGross, priced{"d", -1000, 0, -1000, 1700, -145}},
		{"at 0 on goods that stay: the shop's choice",
			[]order.Line{goods("a", 25000, 2500), goods("b", 11200, 1200), discount("d", 1000, 0)},
			to(2500, 1200, -1), pricing.KeepGross, priced{"d", -1000, 0, -1000, 0, 0}},
		{"without a rate among goods without one: with them",
			[]order.Line{goods("a", 25000, 0), discount("d", 1000, 0)},
			to(2500, -1), pricing.KeepGross, priced{"d", -1000, 0, -1000, 2500, -200}},
		{"small values blend exactly", // taxes of 1 and 1 at 25 % and 12 % round to 0
			[]order.Line{goods("a", 1, 600), goods("b", 1, 600), discount("d", 1000, 600)},
			to(2500, 1200, -1), pricing.KeepGross, priced{"d", -1000, 0, -1000, 1814, -154}},
		{"goods without value, one rate",
			[]order.Line{goods("a", 0, 600), discount("d", 1000, 600)},
			to(2500, -1), pricing.KeepGross, priced{"d", -1000, 0, -1000, 2500, -200}},
		{"goods without value, two rates: stays",
			[]order.Line{goods("a", 0, 600), goods("b", 0, 600), discount("d", 1000, 600)},
			to(2500, 1200, -1), pricing.KeepGross, priced{"d", -1000, 0, -1000, 600, -57}},
		{"goods of its rate without value: blended over all",
			[]order.Line{goods("a", 0, 0), goods("b", 0, 0), goods("c", 10000, 2500), discount("d", 1000, 0)},
			to(600, 1200, 2500, -1), pricing.KeepGross, priced{"d", -1000, 0, -1000, 2500, -200}},
		{"no goods: stays", []order.Line{discount("d", 1000, 0)}, to(2500), pricing.KeepGross,
			priced{"d", -1000, 0, -1000, 0, 0}},
		{"an unknown type is goods that stay",
			[]order.Line{line("package", "a", 10000, 2500), goods("b", 10000, 2500), discount("d", 1000, 2500)},
			to(0, 0, -1), pricing.KeepGross, priced{"d", -1000, 0, -1000, 1111, -100}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := pricing.Rerate(tt.lines, tt.rates, tt.keep)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(pricesOf(got)[len(got)-1], tt.want); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestRerateUntaxed: lines that came without tax members leave with both, whatever their type and also where no rate
// is applied.
func TestRerateUntaxed(t *testing.T) {
	t.Parallel()
	const common = `"quantity":1,"name":"n"`
	in := decode(t, `{"order_amount":0,"order_tax_amount":0,"purchase_currency":"SEK","order_lines":[
		{"reference":"a",`+common+`,"unit_price":25000,"total_amount":25000,"tax_rate":2500},
		{"reference":"b",`+common+`,"unit_price":11200,"total_amount":11200,"tax_rate":1200,"total_tax_amount":1200},
		{"reference":"box","type":"package",`+common+`,"unit_price":1000,"total_amount":1000,"tax_rate":2500},
		{"reference":"odd","type":"return_fee",`+common+`,"unit_price":1000,"total_amount":1000,"total_tax_amount":200},
		{"reference":"card","type":"gift_card",`+common+`,"unit_price":-1000,"total_amount":-1000},
		{"reference":"d","type":"discount",`+common+`,"unit_price":-1000,"total_amount":-1000}]}`)
	got, err := pricing.Rerate(in.Lines, to(-1, 1200, -1, -1, -1, -1), pricing.KeepNet)
	if err != nil {
		t.Fatal(err)
	}
	// 25000 and 1000 at 25 %, 11200 at 12 %: 6400 of tax on 30800. Without tax the discount is net.
	want := []priced{{"a", 25000, 0, 25000, 2500, 5000}, {"b", 11200, 0, 11200, 1200, 1200}, {"box", 1000, 0, 1000, 2500, 200},
		{"odd", 1000, 0, 1000, 0, 0}, {"card", -1000, 0, -1000, 0, 0}, {"d", -1208, 0, -1208, 2078, -208}}
	if d := cmp.Diff(pricesOf(got), want); d != "" {
		t.Error(d)
	}
}

// TestRerateStays: where no rate changes, the very slice comes back; a tax that is one unit off, or wrong, is left.
func TestRerateStays(t *testing.T) {
	t.Parallel()
	off, wrong := goods("off", 1000, 2500), goods("wrong", 1000, 2500)
	off.TotalTaxAmount++
	wrong.TotalTaxAmount += 50
	lines := []order.Line{off, wrong, discount("d", 100, 2500)}
	got, err := pricing.Rerate(lines, to(2500, 2500, -1), pricing.KeepNet)
	if err != nil || &got[0] != &lines[0] {
		t.Errorf("a new slice, %v", err)
	}
}

func TestRerateLeavesTheInput(t *testing.T) {
	t.Parallel()
	lines := []order.Line{goods("a", 1000, 2500), discount("d", 100, 2500)}
	before := pricesOf(lines)
	if _, err := pricing.Rerate(lines, to(1200, -1), pricing.KeepNet); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(pricesOf(lines), before); d != "" {
		t.Error(d)
	}
}

func TestRerateErrors(t *testing.T) {
	t.Parallel()
	huge := goods("huge", order.MaxLineAmount, 0)
	many := order.Line{Quantity: 100_000, UnitPrice: 1000, TotalAmount: 100_000_000}
	bad := goods("bad", 1000, 0)
	bad.TaxRate = 12500
	tests := []struct {
		name  string
		lines []order.Line
		rates []pricing.LineRate
		want  error
		text  string
	}{
		{"rates missing", []order.Line{huge}, nil, nil, "rates: 0 for 1 lines"},
		{"unit price over the limit", []order.Line{goods("ok", 1, 0), huge}, to(0, 2500), pricing.ErrOverflow, "lines[1]: unit_price"},
		{"total over the limit", []order.Line{many}, to(2500), pricing.ErrOverflow, "lines[0]: total_amount"},
		{"total beyond int64", []order.Line{{Quantity: 1 << 40, UnitPrice: 1 << 26}}, to(2500), pricing.ErrOverflow, "lines[0]: total_amount"},
		{"discount over the limit", []order.Line{{UnitPrice: 1, TotalDiscountAmount: order.MaxLineAmount}}, to(2500),
			pricing.ErrOverflow, "lines[0]: total_discount_amount"},
		{"goods beyond int64, with a discount", []order.Line{{TotalAmount: 1 << 62}, {TotalAmount: 1 << 62}, discount("d", 1, 0)},
			to(-1, -1, -1), pricing.ErrOverflow, ""},
		{"a discount's rate cannot be blended", []order.Line{{TotalAmount: 1 << 60}, {TotalAmount: 1, TaxRate: 600}, discount("d", 1, 1200)},
			to(-1, 2500, -1), pricing.ErrOverflow, "lines[2].tax_rate"},
		{"a discount over the limit", []order.Line{goods("a", 100, 0), discount("d", order.MaxLineAmount, 0)}, to(2500, -1),
			pricing.ErrOverflow, "lines[1]: unit_price"},
		{"rate that came", []order.Line{bad}, to(2500), pricing.ErrRate, "lines[0]: unit_price"},
		{"rate to go to", []order.Line{goods("a", 1000, 0)}, to(12500), pricing.ErrRate, "lines[0]: unit_price"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := pricing.Rerate(tt.lines, tt.rates, pricing.KeepNet)
			if err == nil || (tt.want != nil && !errors.Is(err, tt.want)) || !strings.HasPrefix(err.Error(), tt.text) {
				t.Errorf("got %v; want %v, %q", err, tt.want, tt.text)
			}
		})
	}
}
