package cmd_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/cmd"
	"github.com/kvitto/kvitto/order"
)

func TestMajorUnits(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text, currency string
		want           order.Amount
		fault          string // "": read, and written as text and currency again where it has all decimals
	}{
		{"199.00", "SEK", 19900, ""},
		{"199", "SEK", 19900, ""},
		{"199.5", "sek", 19950, ""},
		{"0.05", "EUR", 5, ""},
		{"007.10", "EUR", 710, ""},
		{"0", "SEK", 0, ""},
		{"1990", "JPY", 1990, ""},
		{"1.234", "KWD", 1234, ""},
		{"92233720368547758.07", "SEK", 9223372036854775807, ""},
		{"92233720368547758.08", "SEK", 0, "is too large"},
		{strings.Repeat("9", 400), "SEK", 0, "is too large"},
		{"1990.0", "JPY", 0, "has 1 decimals; JPY has 0"},
		{"1.005", "SEK", 0, "has 3 decimals; SEK has 2"},
		{"199,00", "SEK", 0, "want digits and a point, such as 199.00 SEK"},
		{"1 990", "SEK", 0, "want digits"},
		{"-1", "SEK", 0, "want digits"},
		{"+1", "SEK", 0, "want digits"},
		{"1e2", "SEK", 0, "want digits"},
		{"0x10", "SEK", 0, "want digits"},
		{"1.", "SEK", 0, "want digits"},
		{".5", "SEK", 0, "want digits"},
		{"1.2.3", "SEK", 0, "want digits"},
		{"", "SEK", 0, "want digits"},
		{"١", "SEK", 0, "want digits"},
		{"NaN", "SEK", 0, "want digits"},
		{"1", "XXX", 0, `currency "XXX" is none`},
	} {
		got, err := cmd.ParseMajor(tt.text, tt.currency)
		if got != tt.want || (err == nil) != (tt.fault == "") || err != nil && !strings.Contains(err.Error(), tt.fault) {
			t.Errorf("%s %s: got %d, %v, want %d, %q", tt.text, tt.currency, got, err, tt.want, tt.fault)
		}
	}
	for text, got := range map[string]string{
		"199.00 SEK":              cmd.MajorUnits(19900, "sek"),
		"0.05 EUR":                cmd.MajorUnits(5, "EUR"),
		"-0.05 EUR":               cmd.MajorUnits(-5, "EUR"),
		"1990 JPY":                cmd.MajorUnits(1990, "JPY"),
		"1.234 KWD":               cmd.MajorUnits(1234, "KWD"),
		"5 minor units of XXX":    cmd.MajorUnits(5, "xxx"),
		"-92233720368547758.08 X": strings.TrimSuffix(cmd.MajorUnits(-9223372036854775808, "XCD"), "CD"),
	} {
		if got != text {
			t.Errorf("got %s, want %s", got, text)
		}
	}
}

// TestMajorUnitsRoundTrip: what is written is read again to the last minor unit.
func TestMajorUnitsRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := order.Amount(rapid.Int64Min(0).Draw(t, "amount"))
		currency := rapid.SampledFrom([]string{"SEK", "JPY", "KWD", "CLF", "eur"}).Draw(t, "currency")
		text, _, _ := strings.Cut(cmd.MajorUnits(a, currency), " ")
		if back, err := cmd.ParseMajor(text, currency); err != nil || back != a {
			t.Fatalf("%d is %s is %d, %v", a, text, back, err)
		}
	})
}
