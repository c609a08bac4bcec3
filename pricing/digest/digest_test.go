package digest_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/pricing/digest"
)

func key(t testing.TB, secret string) digest.Key {
	t.Helper()
	k, err := digest.FromSecret("shop", secret)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func goods(ref string, quantity int64, unit order.Amount) order.Line {
	total := order.Amount(quantity) * unit
	tax, err := pricing.TaxWithin(total, 2500)
	if err != nil {
		panic(err)
	}
	return order.Line{Reference: ref, Name: "Name of " + ref, Quantity: quantity, UnitPrice: unit, TaxRate: 2500,
		TotalAmount: total, TotalTaxAmount: tax}
}

func card(pays order.Amount, data string) order.Line {
	return order.Line{Type: order.GiftCard, Reference: "card", Name: "Card", Quantity: 1, UnitPrice: -pays, TotalAmount: -pays, MerchantData: data}
}

func cart() []order.Line {
	off := goods("C", 2, 5000)
	off.TotalDiscountAmount, off.TotalAmount = 1000, 9000
	return []order.Line{
		goods("A", 1, 12500), goods("B", 3, 900), off,
		{Type: order.Discount, Reference: "SUMMER", Name: "Summer", Quantity: 1, UnitPrice: -2000, TaxRate: 2500, TotalAmount: -2000, TotalTaxAmount: -400},
		card(3000, ""),
	}
}

// sealed is the merchant_data of an order for the cart.
func sealed(t testing.TB, k digest.Key, data string, lines []order.Line) string {
	t.Helper()
	out, err := k.Seal(data, "SEK", lines)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestGolden fixes the format: orders that are open outlive a release.
func TestGolden(t *testing.T) {
	t.Parallel()
	const want = `{"cart":"7","kvitto_cart":"1._6S2ILdy-vO-SuhJZITU3A.SEK:_8_59t8F/1/12500/2500/0,m29shIZX/3/900/2500/0,` +
		`wWp5HeJX/2/5000/2500/1000,lc9AS7d3/1/-2000/2500/0,jGJAsp7w/1/card/3000"}`
	if got := sealed(t, key(t, "secret"), `{"cart":"7"}`, cart()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if state, told := (digest.Keys{key(t, "secret")}).Check(want, "sek", cart()); state != digest.Same || told != "" {
		t.Errorf("got %d, %s; want the same", state, told)
	}
}

func TestSeal(t *testing.T) {
	t.Parallel()
	k := key(t, "secret")
	many := make([]order.Line, 1000)
	for i := range many {
		many[i] = goods(strings.Repeat("x", i%200)+"y", 2, 12500)
	}
	tests := []struct {
		name, data string
		lines      []order.Line
		starts     string
		most       int
		err        error
	}{
		{"nothing there", "", cart(), `{"kvitto_cart":"1.`, 250, nil},
		{"an empty object", " {} ", cart(), `{"kvitto_cart":"1.`, 250, nil},
		{"members stay as they are", `{"å": 1.50e1, "kvitto":{"kvitto_cart":1}}`, cart(), `{"å":1.50e1,"kvitto":{"kvitto_cart":1},"kvitto_cart":"1.`, 300, nil},
		{"an old digest goes", `{"kvitto_cart":"1.old","z":null}`, cart(), `{"kvitto_cart":"1.`, 250, nil},
		{"a thousand lines", "", many, `{"kvitto_cart":"1.`, 120, nil},
		{"little room", `{"a":"` + strings.Repeat("å", 5850) + `"}`, cart(), `{"a":"å`, 6000, nil},
		{"no room", `{"a":"` + strings.Repeat("a", 5950) + `"}`, cart(), "", 0, digest.ErrNoRoom},
		{"a text", "order 7", cart(), "", 0, digest.ErrNotObject},
		{"a list", `[1]`, cart(), "", 0, digest.ErrNotObject},
		{"half an object", `{"a":`, cart(), "", 0, digest.ErrNotObject},
		{"a member twice", `{"a":1,"a":2}`, cart(), "", 0, digest.ErrNotObject},
		{"no lines", "", nil, `{"kvitto_cart":"1.`, 60, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := k.Seal(tt.data, "sek", tt.lines)
			if !errors.Is(err, tt.err) {
				t.Fatalf("got %v; want %v", err, tt.err)
			}
			if err != nil {
				return
			}
			if n := len([]rune(got)); !strings.HasPrefix(got, tt.starts) || n > tt.most {
				t.Errorf("got %d characters, %s; want %d at most, %s", n, got, tt.most, tt.starts)
			}
			if state, told := (digest.Keys{k}).Check(got, "SEK", tt.lines); state != digest.Same || told != "" {
				t.Errorf("got %d, %s; want the same", state, told)
			}
			if again := sealed(t, k, got, tt.lines); again != got {
				t.Errorf("sealed twice: got %s; want %s", again, got)
			}
		})
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	old, next, other := key(t, "old"), key(t, "next"), key(t, "other")
	elsewhere, err := digest.FromSecret("another", "old")
	if err != nil {
		t.Fatal(err)
	}
	token, err := digest.FromToken("shop", [32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	data := sealed(t, old, "", cart())
	tests := []struct {
		name string
		keys digest.Keys
		want digest.State
	}{
		{"its own", digest.Keys{old}, digest.Same},
		{"while it is changed", digest.Keys{next, old}, digest.Same},
		{"after it was changed", digest.Keys{next}, digest.Forged},
		{"another secret", digest.Keys{other}, digest.Forged},
		{"another merchant with the same secret", digest.Keys{elsewhere}, digest.Forged},
		{"a token", digest.Keys{token}, digest.Forged},
		{"none", nil, digest.Absent},
	}
	for _, tt := range tests {
		if got, told := tt.keys.Check(data, "SEK", cart()); got != tt.want {
			t.Errorf("%s: got %d, %s; want %d", tt.name, got, told, tt.want)
		}
	}
}

func TestForeignMerchantData(t *testing.T) {
	t.Parallel()
	k := key(t, "secret")
	good := sealed(t, k, "", cart())
	tests := []struct {
		name, data string
		want       digest.State
	}{
		{"none", "", digest.Absent},
		{"a text", "order 7", digest.Absent},
		{"an object", `{"cart":"7"}`, digest.Absent},
		{"a broken object", `{"kvitto_cart":"1.a`, digest.Absent},
		{"a digest deep inside", `{"a":{"kvitto_cart":"1.a.b"}}`, digest.Absent},
		{"a later version", `{"kvitto_cart":"2.whatever"}`, digest.Absent},
		{"white space before", "\n " + good, digest.Same},
		{"not a string", `{"kvitto_cart":7}`, digest.Forged},
		{"empty", `{"kvitto_cart":""}`, digest.Forged},
		{"no content", `{"kvitto_cart":"1.abc"}`, digest.Forged},
		{"a digit changed", strings.Replace(good, "/1/12500", "/1/12400", 1), digest.Forged},
		{"cut", strings.Replace(good, ",", `"}`, 1)[:strings.Index(good, ",")+2], digest.Forged},
		{"another mac", strings.Replace(good, `"1.`, `"1.A`, 1), digest.Forged},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got, told := (digest.Keys{k}).Check(tt.data, "SEK", cart()); got != tt.want {
				t.Errorf("got %d, %s; want %d", got, told, tt.want)
			}
		})
	}
}
