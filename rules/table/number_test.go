package table_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
	"pgregory.net/rapid"
)

// drawDecimal draws a number as people write it, with at most some decimals.
func drawDecimal(t *rapid.T, decimals int) (text string, value *big.Rat) {
	text = fmt.Sprint(rapid.Int64Range(0, 999_999).Draw(t, "whole"))
	if n := rapid.IntRange(0, decimals).Draw(t, "decimals"); n > 0 {
		text += "." + fmt.Sprintf("%0*d", n, rapid.Int64Range(0, pow(n)-1).Draw(t, "fraction"))
	}
	value, _ = new(big.Rat).SetString(text)
	return text, value
}

func pow(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// ceil rounds up, half rounds half away from zero, both for numbers that are not negative.
func ceil(v *big.Rat) int64 {
	q, m := new(big.Int).DivMod(v.Num(), v.Denom(), new(big.Int))
	if m.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return q.Int64()
}

func half(v *big.Rat) int64 {
	v = new(big.Rat).Add(v, big.NewRat(1, 2))
	return new(big.Int).Div(v.Num(), v.Denom()).Int64()
}

// TestMeasuresAgainstFractions compares every unit with arithmetic in fractions.
func TestMeasuresAgainstFractions(t *testing.T) {
	t.Parallel()
	weights := map[string]*big.Rat{
		"g": big.NewRat(1_000_000, 1), "kg": big.NewRat(1_000_000_000, 1), "lb": big.NewRat(453_592_370, 1),
		"oz": big.NewRat(453_592_370, 16), "mg": big.NewRat(1000, 1), "t": big.NewRat(1_000_000_000_000, 1),
	}
	lengths := map[string]*big.Rat{
		"mm": big.NewRat(1000, 1), "cm": big.NewRat(10_000, 1), "m": big.NewRat(1_000_000, 1), "in": big.NewRat(25_400, 1),
		"ft": big.NewRat(304_800, 1),
	}
	rapid.Check(t, func(t *rapid.T) {
		text, value := drawDecimal(t, 9)
		unit := rapid.SampledFrom([]string{"g", "kg", "lb", "oz", "mg", "t"}).Draw(t, "unit")
		s := newScope()
		w, ok := s.Weight(cellNode(text + " " + unit))
		if want := ceil(new(big.Rat).Mul(value, weights[unit])); !ok || int64(w) != want {
			t.Fatalf("%s %s is %d µg, want %d", text, unit, w, want)
		}
		unit = rapid.SampledFrom([]string{"mm", "cm", "m", "in", "ft"}).Draw(t, "length")
		l, ok := s.Length(cellNode(text + " " + unit))
		if want := ceil(new(big.Rat).Mul(value, lengths[unit])); !ok || int64(l) != want {
			t.Fatalf("%s %s is %d µm, want %d", text, unit, l, want)
		}
	})
}

// TestMoneyAgainstFractions: what fits the currency is exact, what does not is refused.
func TestMoneyAgainstFractions(t *testing.T) {
	t.Parallel()
	exponents := map[string]int{"SEK": 2, "JPY": 0, "ISK": 0, "KWD": 3}
	rapid.Check(t, func(t *rapid.T) {
		text, value := drawDecimal(t, 4)
		code := rapid.SampledFrom([]string{"SEK", "JPY", "ISK", "KWD"}).Draw(t, "currency")
		exp := exponents[code]
		s := newScope()
		m, ok := s.Money(cellNode(text + " " + code))
		_, frac, _ := strings.Cut(text, ".")
		if ok != (len(frac) <= exp) {
			t.Fatalf("%s %s is accepted: %v", text, code, ok)
		}
		if want := half(new(big.Rat).Mul(value, big.NewRat(pow(exp), 1))); ok && int64(m.Amount) != want {
			t.Fatalf("%s %s is %d, want %d", text, code, m.Amount, want)
		}
	})
}

// TestVolumetricAgainstFractions: a volume by a divisor, half away from zero.
func TestVolumetricAgainstFractions(t *testing.T) {
	t.Parallel()
	inch := big.NewRat(16_387_064, 1000)
	rapid.Check(t, func(t *rapid.T) {
		text, value := drawDecimal(t, 0)
		if value.Sign() == 0 {
			t.Skip("no density")
		}
		volume := rapid.Int64Range(0, 8_000_000_000).Draw(t, "cubic millimetres")
		v := big.NewRat(volume, 1)
		per := new(big.Rat).Inv(value)
		want := map[string]*big.Rat{
			"kg/m3":  new(big.Rat).Mul(v, value),
			"cm3/kg": new(big.Rat).Mul(new(big.Rat).Mul(v, per), big.NewRat(1_000_000, 1)),
			"in3/lb": new(big.Rat).Quo(new(big.Rat).Mul(new(big.Rat).Mul(v, per), big.NewRat(453_592_370, 1)), inch),
		}
		unit := rapid.SampledFrom([]string{"kg/m3", "cm3/kg", "in3/lb"}).Draw(t, "unit")
		s := newScope()
		d, ok := s.Density(cellNode(text + " " + unit))
		if !ok {
			t.Fatal(told(s.Report))
		}
		if got, ok := d.Weigh(volume); !ok || int64(got) != half(want[unit]) {
			t.Fatalf("%d mm³ at %s %s count for %d µg, want %d", volume, text, unit, got, half(want[unit]))
		}
	})
}

// TestGroupedNumbers: whatever sign parts the thousands, the help says the number that was meant.
func TestGroupedNumbers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		thousands := rapid.Int64Range(1, 999).Draw(t, "thousands")
		rest := rapid.Int64Range(0, 999).Draw(t, "rest")
		sign := rapid.SampledFrom([]string{" ", "\u00a0", "\u202f", "'", "\u2019", "_", ",", "."}).Draw(t, "sign")
		tail := ".50"
		if sign == "." {
			tail = ",50"
		}
		s := newScope()
		_, ok := s.Money(cellNode(fmt.Sprintf("%d%s%03d%s", thousands, sign, rest, tail)))
		want := fmt.Sprintf("write %d%03d.50", thousands, rest)
		if f := s.Report.Findings(); ok || len(f) != 1 || f[0].Code != "E112" || f[0].Help != want || "write "+f[0].Fix != want {
			t.Fatalf("told\n%s\nwant %s", told(s.Report), want)
		}
	})
}

// TestFixesAreRight: a text that is offered as the repair of a value is one that reads without a fault.
func TestFixesAreRight(t *testing.T) {
	t.Parallel()
	for kind, texts := range map[string][]string{
		"money":  {"79,00", "1 000.00", "1.000,00 EUR", ".5", "5.", "EUR 49", "€ 4.90", "49:-", "49,-", "49.005", "49.5 JPY", "1'000"},
		"weight": {"1,5 kg", "0,5 kg", "1 000.5 g", ".5 kg"},
		"date":   {"2026-1-5", "2026/01/05", "20260105", "31.1.2026"},
		"clock":  {"14.00", "1400", "2pm", "14h", "12am", "9.30 pm"},
		"window": {"08:00-14:00", "22:00 – 06:00"},
		"days":   {"mon-fri", "Monday", "TUE", "thurs", "sat."},
		"range":  {"1-3", "3 to 1"},
		"yesno":  {"yess", "noo"},
	} {
		for _, text := range texts {
			s := newScope()
			_, ok := parsers()[kind](s, cellNode(text))
			f := s.Report.Findings()
			if ok || len(f) != 1 || f[0].Fix == "" {
				t.Errorf("%s %q: no repair: %s", kind, text, told(s.Report))
				continue
			}
			right := splice(text, f[0])
			again := newScope()
			if _, ok := parsers()[kind](again, cellNode(right)); !ok {
				t.Errorf("%s %q: %q is no better: %s", kind, text, right, told(again.Report))
			}
		}
	}
}

// splice writes the repair in the place of the caret; cellNode begins in column 5.
func splice(text string, f diag.Finding) string {
	runes := []rune(text)
	return string(runes[:f.Col-5]) + f.Fix + string(runes[f.EndCol-5:])
}

func TestCells(t *testing.T) {
	t.Parallel()
	at := diag.Place{File: "a.csv", Line: 7, Col: 3, EndCol: 99}
	s := newScope()
	if m, ok := s.MoneyText(" 6.90 ", "EUR", at); !ok || m.String() != "6.90 EUR" {
		t.Errorf("money %v", m)
	}
	if p, ok := s.PercentText("8.875", 4, at); !ok || p.String() != "8.875 %" {
		t.Errorf("per cent %v", p)
	}
	if c, ok := s.CurrencyText("DKK", at); !ok || c != "DKK" {
		t.Errorf("currency %v", c)
	}
	if m, ok := s.Method(cellNode("Home")); !ok || m != "Home" {
		t.Errorf("method %v", m)
	}
	if s.Report.Failed() {
		t.Fatal(told(s.Report))
	}
	s.MoneyText("6,90", "EUR", at)
	s.MoneyText("6.90", "", at)
	s.PercentText("x", 4, at)
	s.CurrencyText("dkk", at)
	s.Method(cellNode("home"))
	want := "7:3-4 E119 `x` is not a per cent [write it like 25% or 25.5 %]\n" +
		"7:3-6 E107 `dkk` is not a currency [write DKK]\n" +
		"7:3-7 E101 `6.90` has no currency [write it with its currency, e.g. 6.90 NOK]\n" +
		"7:3-7 E108 `6,90` is written with a decimal comma [write 6.90]\n" +
		"2:5-9 E117 `home` is not a shipping method; did you mean `Home`? [possible here: PickUpStore, Home, BoxReg, BoxUnreg, PickUpPoint, Own, Postal, DHLPackstation, Digital]"
	got := told(s.Report)
	for _, line := range strings.Split(want, "\n") {
		if !strings.Contains(got+"\n", line+"\n") {
			t.Errorf("not told: %s\namong\n%s", line, got)
		}
	}
}

func TestWrittenBack(t *testing.T) {
	t.Parallel()
	tests := []struct{ got, want string }{
		{table.Money{Amount: -5, Currency: "SEK"}.String(), "-0.05 SEK"},
		{table.Money{Amount: 5, Currency: "JPY"}.String(), "5 JPY"},
		{table.Money{Amount: 5, Currency: "KWD"}.String(), "0.005 KWD"},
		{table.Weight(0).String(), "0 g"},
		{table.Weight(999 * g).String(), "999 g"},
		{table.Weight(kg + 1).String(), "1.000000001 kg"},
		{table.Weight(-2 * kg).String(), "-2 kg"},
		{table.Length(1).String(), "0.0001 cm"},
		{table.Percent(-5_000).String(), "-0.5 %"},
		{table.Date(-1).String(), "1969-12-31"},
		{table.Clock(1439).String(), "23:59"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}
