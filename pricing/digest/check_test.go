package digest_test

import (
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/pricing/digest"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	freight := order.Line{Type: order.ShippingFee, Reference: "door", Name: "Home", Quantity: 1, UnitPrice: 4900, TaxRate: 2500, TotalAmount: 4900, TotalTaxAmount: 980}
	tests := []struct {
		name   string
		change func([]order.Line) []order.Line
		want   string // "": the same
	}{
		{"nothing", func(l []order.Line) []order.Line { return l }, ""},
		{"another order of lines", func(l []order.Line) []order.Line { slices.Reverse(l); return l }, ""},
		{"freight, sales tax and a fee of ours", func(l []order.Line) []order.Line {
			return append(l, freight, order.Line{Type: order.SalesTax, Name: "Tax", Quantity: 1, UnitPrice: 7, TotalAmount: 7},
				order.Line{Type: order.Surcharge, Name: "Fee", Quantity: 1, UnitPrice: 7, TotalAmount: 7, MerchantData: pricing.Mark})
		}, ""},
		{"a name", func(l []order.Line) []order.Line { l[0].Name = "Krus"; return l }, ""},
		{"a surcharge of the shop", func(l []order.Line) []order.Line {
			return append(l, order.Line{Type: order.Surcharge, Name: "Wrapping", Quantity: 1, UnitPrice: 7, TotalAmount: 7})
		}, "line 6 was added"},
		{"a quantity", func(l []order.Line) []order.Line { l[1].Quantity = 4; return l }, "line 2: the quantity was 3, is 4"},
		{"a price", func(l []order.Line) []order.Line { l[0].UnitPrice = 12499; return l }, "line 1: the price was 12500 at 2500, is 12499 at 2500"},
		{"a discount", func(l []order.Line) []order.Line { l[2].TotalDiscountAmount = 2000; return l }, "line 3: the discount was 1000 at 2500, is 2000 at 2500"},
		{"a discount line", func(l []order.Line) []order.Line { l[3].UnitPrice = -3000; return l }, "line 4: the price was -2000 at 2500, is -3000 at 2500"},
		{"another product", func(l []order.Line) []order.Line { l[0].Reference = "Z"; return l }, "line 1 was added; a line of 1 at 12500 is gone"},
		{"another type", func(l []order.Line) []order.Line { l[0].Type = order.Digital; return l }, "line 1 was added; a line of 1 at 12500 is gone"},
		{"a line less", func(l []order.Line) []order.Line { return l[1:] }, "a line of 1 at 12500 is gone"},
		{"a line twice", func(l []order.Line) []order.Line { return append(l, l[0]) }, "line 6 was added"},
		{"a card less", func(l []order.Line) []order.Line { return l[:4] }, "a gift card or credit line is gone"},
		{"a card pays less", func(l []order.Line) []order.Line { l[4] = card(2999, ""); return l }, ""},
		{"a card pays more", func(l []order.Line) []order.Line { l[4] = card(3001, ""); return l }, "line 5: it pays 3001, 3000 at most were quoted"},
		{"a card with a new balance", func(l []order.Line) []order.Line { l[4] = card(9000, `{"balance":9000}`); return l }, "line 5: it pays 9000, 3000 at most were quoted"},
		{"a card that asks for money", func(l []order.Line) []order.Line { l[4] = card(-1, ""); return l }, "line 5: it was a payment and is none, or the other way round"},
		{"much", func(l []order.Line) []order.Line {
			l[0].Quantity, l[1].Quantity, l[2].Quantity = 9, 9, 9
			return append(l, goods("N", 1, 1), goods("O", 1, 1), goods("P", 1, 1))
		}, "line 1: the quantity was 1, is 9; line 2: the quantity was 3, is 9; line 3: the quantity was 2, is 9; line 6 was added; and 2 more"},
	}
	k := key(t, "secret")
	data := sealed(t, k, "", cart())
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want := digest.Same
			if tt.want != "" {
				want = digest.Changed
			}
			state, told := (digest.Keys{k}).Check(data, "SEK", tt.change(cart()))
			if state != want || told != tt.want {
				t.Errorf("got %d, %s; want %d, %s", state, told, want, tt.want)
			}
		})
	}
	if state, told := (digest.Keys{k}).Check(data, "NOK", cart()); state != digest.Changed || told != "the currency was SEK, another one now" {
		t.Errorf("currency: got %d, %s", state, told)
	}
}

// TestCheckKept: freight lines of the shop's own are sealed; no answer of ours changes them, so nothing may. Others are not.
func TestCheckKept(t *testing.T) {
	t.Parallel()
	freight := func(reference string, price order.Amount, rate order.Rate) order.Line {
		return order.Line{Type: order.ShippingFee, Reference: reference, Name: "P", Quantity: 1, UnitPrice: price, TaxRate: rate, TotalAmount: price}
	}
	with := func(more ...order.Line) []order.Line { return append(cart(), more...) }
	long := func(more ...order.Line) []order.Line {
		var lines []order.Line
		for i := range 200 {
			lines = append(lines, goods("A"+strconv.Itoa(i), 1, 12500))
		}
		return append(lines, more...)
	}
	tests := []struct {
		name     string
		was, now []order.Line
		want     string // "": the same
	}{
		{"as it was", with(freight("PARCEL-1", 1500, 1900)), with(freight("door", 4900, 2500), freight("PARCEL-1", 1500, 1900)), ""},
		{"gone", with(freight("PARCEL-1", 1500, 1900)), with(), "a line of 1 at 1500 is gone"},
		{"cheaper", with(freight("PARCEL-1", 1500, 1900)), with(freight("PARCEL-1", 1, 1900)), "line 6: the price was 1500 at 1900, is 1 at 1900"},
		{"at another rate by its net", with(freight("PARCEL-1", 1190, 1900)), with(freight("PARCEL-1", 1000, 0)),
			"line 6: the rate was 1900, is 0; line 6: the price was 1190 at 1900, is 1000 at 0"},
		{"added", with(), with(freight("PARCEL-1", 1500, 1900)), "line 6 was added"},
		{"ours", with(freight("door", 4900, 2500)), with(freight("box", 100, 2500)), ""},
		{"long, as it was", long(freight("PARCEL-1", 1500, 1900)), long(freight("PARCEL-1", 1500, 1900)), ""},
		{"long, gone", long(freight("PARCEL-1", 1500, 1900)), long(), "the cart of now 200 lines is not the one that was quoted"},
	}
	k := key(t, "secret")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			data, err := k.Seal("", "SEK", tt.was, "PARCEL-*")
			if err != nil {
				t.Fatal(err)
			}
			want := digest.Same
			if tt.want != "" {
				want = digest.Changed
			}
			state, told := (digest.Keys{k}).Check(data, "SEK", tt.now, "PARCEL-*")
			if state != want || told != tt.want {
				t.Errorf("got %d, %s; want %d, %s", state, told, want, tt.want)
			}
		})
	}
}

// TestCheckSummed: a cart that is too long to be listed says that it changed.
func TestCheckSummed(t *testing.T) {
	t.Parallel()
	k := key(t, "secret")
	long := func() []order.Line {
		var out []order.Line
		for i := range 300 {
			out = append(out, goods("long-"+strconv.Itoa(i), 1+int64(i%7), order.Amount(100*i)))
		}
		return append(out, card(3000, ""))
	}
	data := sealed(t, k, "", long())
	same := func(lines []order.Line) bool {
		state, _ := (digest.Keys{k}).Check(data, "SEK", lines)
		return state == digest.Same
	}
	shuffled := long()
	slices.Reverse(shuffled)
	less := long()
	less[300] = card(100, "")
	if !same(long()) || !same(shuffled) || !same(less) {
		t.Error("got a change; want none for another order of lines and a card that pays less")
	}
	more, cheaper := long(), long()
	more[17].Quantity++
	cheaper[9].UnitPrice--
	for _, lines := range [][]order.Line{more, cheaper, long()[1:], append(long(), goods("new", 1, 1))} {
		state, told := (digest.Keys{k}).Check(data, "SEK", lines)
		if state != digest.Changed || told != "the cart of now "+strconv.Itoa(len(lines))+" lines is not the one that was quoted" {
			t.Errorf("got %d, %s; want a change", state, told)
		}
	}
	for _, keep := range []pricing.Keep{pricing.KeepGross, pricing.KeepNet} {
		moved, err := pricing.Rerate(long(), rates(301, 1900), keep)
		if err != nil {
			t.Fatal(err)
		}
		if !same(moved) {
			t.Errorf("keep %d: got a change; want none for lines at another rate", keep)
		}
	}
}

func rates(n int, rate order.Rate) []pricing.LineRate {
	out := make([]pricing.LineRate, n)
	for i := range out {
		out[i] = pricing.LineRate{Rate: rate, Apply: true}
	}
	return out
}

// drawCart is a cart of goods, discounts and cards.
func drawCart(t *rapid.T) []order.Line {
	var out []order.Line
	for i := range rapid.IntRange(0, 8).Draw(t, "lines") {
		ref := rapid.SampledFrom([]string{"", "A", "B", "C"}).Draw(t, "reference") + strconv.Itoa(i/2)
		l := goods(ref, rapid.Int64Range(0, 50).Draw(t, "quantity"), order.Amount(rapid.Int64Range(0, 200_000).Draw(t, "unit")))
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0:
			l.Type, l.Quantity, l.UnitPrice = order.Discount, 1, -l.UnitPrice
		case 1:
			l = card(l.UnitPrice, rapid.SampledFrom([]string{"", `{"balance":200000}`}).Draw(t, "data"))
		case 2:
			l.TotalDiscountAmount = rapid.SampledFrom([]order.Amount{0, 1, 333}).Draw(t, "off")
		}
		l.TaxRate = rapid.SampledFrom([]order.Rate{0, 600, 1200, 2500}).Draw(t, "rate")
		l.TotalAmount = order.Amount(l.Quantity)*l.UnitPrice - l.TotalDiscountAmount
		out = append(out, l)
	}
	return out
}

// TestSealProperties: what was sealed is the same afterwards, whatever the order of the lines and however often it moved to
// other rates, and any one change of a quantity is seen.
func TestSealProperties(t *testing.T) {
	t.Parallel()
	k := key(t, "secret")
	rapid.Check(t, func(t *rapid.T) {
		lines := drawCart(t)
		data, err := k.Seal("", "SEK", lines)
		if err != nil {
			t.Fatal(err)
		}
		keep := rapid.SampledFrom([]pricing.Keep{pricing.KeepGross, pricing.KeepNet}).Draw(t, "keep")
		now := rapid.Permutation(lines).Draw(t, "order")
		for _, rate := range rapid.SliceOfN(rapid.SampledFrom([]order.Rate{0, 600, 1900, 2550, 2700}), 0, 3).Draw(t, "rates") {
			if now, err = pricing.Rerate(now, rates(len(now), rate), keep); err != nil {
				t.Fatal(err)
			}
		}
		if state, told := (digest.Keys{k}).Check(data, "SEK", now); state != digest.Same {
			t.Fatalf("got %d, %s; want the same", state, told)
		}
		if len(now) == 0 {
			return
		}
		i := rapid.IntRange(0, len(now)-1).Draw(t, "line")
		now = slices.Clone(now)
		now[i].Quantity++
		if state, told := (digest.Keys{k}).Check(data, "SEK", now); state != digest.Changed || told == "" {
			t.Fatalf("got %d, %s; want a change", state, told)
		}
	})
}

// FuzzCheck wants no panic whatever stands in merchant_data, and no order that passes with what was not sealed here.
func FuzzCheck(f *testing.F) {
	k := key(f, "secret")
	f.Add(sealed(f, k, "", cart()))
	f.Add(`{"kvitto_cart":"1.a.SEK:x/1/2/3/4,y/card/1"}`)
	f.Add(`{"kvitto_cart":"1.a.SEK:#/"}`)
	f.Fuzz(func(t *testing.T, data string) {
		state, told := (digest.Keys{key(t, "another")}).Check(data, "SEK", cart())
		if state == digest.Same || state == digest.Changed || (state == digest.Forged) != (told != "") {
			t.Errorf("%q: got %d, %q", data, state, told)
		}
		if _, err := k.Seal(data, "SEK", cart()); err == nil && len([]rune(data)) > digest.MaxMerchantData {
			t.Errorf("%d characters were taken", len(data))
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	k := key(b, "secret")
	data, lines := sealed(b, k, "", cart()), cart()
	b.ReportAllocs()
	for b.Loop() {
		if state, told := (digest.Keys{k}).Check(data, "SEK", lines); state != digest.Same {
			b.Fatal(state, told)
		}
	}
}
