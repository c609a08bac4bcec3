package rulebook_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules/diag"
)

const soundShop = `version: 1
currency: SEK
time_zone: Europe/Stockholm
languages: [sv]
item_weight_if_missing: 300 g
zones: {sweden: {SE: all}, gotland: {SE: [620 to 624]}}
options:
  - id: ombud
    name: Ombud
    to: [sweden, gotland]
    price: [{max_weight: 5 kg, price: 59.00}, {max_weight: 20 kg, price: 99.00}]
  - id: kampanj
    name: Kampanj
    from: 2026-11-24
    until: 2026-11-30
    price: 9.00
`

const soundTax = `version: 1
mode: vat
home: SE
data: vat-rates.yaml
classes: {food: {tags: [food]}}
zones: {port: {SE: [11*]}, quay: {SE: [12*]}}
destinations: {SE: charge, "*": none}
rates: {SE: {food: {2024-01-01: reduced_1, 2026-04-01: reduced_2}}}
areas: {port: none, quay: none}
`

// bomb is a text whose aliases would grow to 3^20 words.
func bomb() string {
	var b strings.Builder
	b.WriteString("x-a0: &a0 [x, x, x]\n")
	for i := range 20 {
		fmt.Fprintf(&b, "x-a%d: &a%d [*a%d, *a%d, *a%d]\n", i+1, i+1, i, i, i)
	}
	return b.String()
}

// loadFolder writes a sound rulebook with one slip into a folder and loads it.
func loadFolder(t *testing.T, file, from, to string) (*rulebook.Rulebook, *diag.Report) {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{"shipping.yaml": soundShop, "tax.yaml": soundTax}
	if !strings.Contains(files[file], from) {
		t.Fatalf("%s holds no %q", file, from)
	}
	files[file] = strings.Replace(files[file], from, to, 1)
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var r diag.Report
	return loadDir(dir, &r), &r
}

// firstOf writes the first finding as place and code, and the whole list where there is none.
func firstOf(r *diag.Report) string {
	for _, f := range r.Findings() {
		return fmt.Sprintf("%s:%d:%d %s", f.File, f.Line, f.Col, f.Code)
	}
	return ""
}

// TestRows96And97 plants one slip of these rows in a sound rulebook: it is not loaded, and the finding names the place.
func TestRows96And97(t *testing.T) {
	t.Parallel()
	const shop, tax = "shipping.yaml", "tax.yaml"
	tests := []struct{ name, file, from, to, want string }{
		{"row 96: alias bomb", shop, "version: 1\n", "version: 1\n" + bomb(), "shipping.yaml:2:7 E006"},
		{"row 96: alias bomb in tax", tax, "version: 1\n", "version: 1\n" + bomb(), "tax.yaml:2:7 E006"},
		{"row 96: a file over the cap", shop, "version: 1\n", "version: 1\n# " + strings.Repeat("x", diag.MaxYAML) + "\n", "shipping.yaml:1:1 E009"},
		{"row 96: too many entries", shop, "version: 1\n", "version: 1\nx-a: [" + strings.Repeat("1,", diag.MaxEntries) + "1]\n", "shipping.yaml:1:1 E009"},
		{"row 96: tab", shop, "    to: [", "\tto: [", "shipping.yaml:10:1 E002"},
		{"row 96: duplicate key", shop, "    price: 9.00", "    price: 9.00\n    price: 19.00", "shipping.yaml:17:5 E003"},
		{"row 96: duplicate key of an option in braces", tax, "{SE: charge,", "{SE: charge, SE: none,", "tax.yaml:7:28 E003"},
		{"row 96: !!binary", shop, "name: Kampanj", "name: !!binary S2FtcGFuag==", "shipping.yaml:13:11 E007"},
		{"row 96: yes as an amount", shop, "price: 9.00", "price: yes", "shipping.yaml:16:12 E119"},
		{"row 96: yes as a text that is a word", tax, `"*": none`, `"*": no`, "tax.yaml:7:33 E117"},
		{"row 96: octal amount", shop, "price: 9.00", "price: 0123", "shipping.yaml:16:12 E119"},
		{"row 96: octal weight", shop, "max_weight: 5 kg", "max_weight: 05 kg", "shipping.yaml:11:26 E119"},
		{"row 96: 0o17", shop, "price: 9.00", "price: 0o17", "shipping.yaml:16:13 E107"},
		{"row 96: hexadecimal", shop, "price: 9.00", "price: 0x1F", "shipping.yaml:16:13 E107"},
		{"row 96: sexagesimal", shop, "price: 9.00", "price: 1:30", "shipping.yaml:16:13 E107"},
		{"row 96: a date as an amount", shop, "price: 9.00", "price: 2026-01-01", "shipping.yaml:16:16 E107"},
		{"row 96: a day that is not", shop, "until: 2026-11-30", "until: 2026-11-31", "shipping.yaml:15:12 E105"},
		{"row 96: a date of another order", shop, "until: 2026-11-30", "until: 30.11.2026", "shipping.yaml:15:12 E105"},

		{"row 97: areas overlap", tax, "quay: {SE: [12*]}", "quay: {SE: [110 to 120]}", "tax.yaml:9:21 E402"},
		{"row 97: the same limit in two zones' prices", shop, "price: [{max_weight: 5 kg, price: 59.00}, {max_weight: 20 kg, price: 99.00}]",
			"price:\n      table: |\n        max_weight | sweden | sweden\n        1 kg | 1.00 | 2.00", "shipping.yaml:13:31 E302"},
		{"row 97: gap in a row", shop, "price: [{max_weight: 5 kg, price: 59.00}, {max_weight: 20 kg, price: 99.00}]",
			"price:\n      table: |\n        max_weight | sweden\n        1 kg |", "shipping.yaml:14:15 E304"},
		{"row 97: gap before the first rate of a slot", tax, "2024-01-01: reduced_1", "2024-01-01: reduced_3", "tax.yaml:8:33 E404"},
		{"row 97: rate 250", tax, "2024-01-01: reduced_1", "2024-01-01: 250", "tax.yaml:8:33 E110"},
		{"row 97: rate with three decimals", tax, "2024-01-01: reduced_1", "2024-01-01: 8.875%", "tax.yaml:8:33 E405"},
		{"row 97: negative rate", tax, "2024-01-01: reduced_1", "2024-01-01: -5", "tax.yaml:8:33 E104"},
		{"row 97: negative price", shop, "price: 99.00", "price: -99.00", "shipping.yaml:11:74 E104"},
		{"row 97: end before start", shop, "until: 2026-11-30", "until: 2026-11-03", "shipping.yaml:15:12 E106"},
		{"row 97: end of a postcode range before its start", shop, "620 to 624", "624 to 620", "shipping.yaml:6:43 E213"},
		{"row 97: lower limit above the upper one", shop, "{max_weight: 5 kg,", "{min_weight: 6 kg, max_weight: 5 kg,", "shipping.yaml:11:26 E114"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			book, r := loadFolder(t, tt.file, tt.from, tt.to)
			if book != nil {
				t.Error("the rulebook is used")
			}
			if diff := cmp.Diff(tt.want, firstOf(r)); diff != "" {
				t.Errorf("%s\n%s", diff, rendered(t, r))
			}
		})
	}
	t.Run("the same without a slip", func(t *testing.T) {
		t.Parallel()
		if book, r := loadFolder(t, shop, "", ""); book == nil || len(r.Findings()) > 0 {
			t.Error(rendered(t, r))
		}
	})
}

// TestRow97Unreachable: rows that an earlier one covers are a warning at the row; the shop goes on with the first.
func TestRow97Unreachable(t *testing.T) {
	t.Parallel()
	book, r := loadFolder(t, "shipping.yaml", "max_weight: 20 kg", "max_weight: 2 kg")
	if got := firstOf(r); book == nil || got != "shipping.yaml:11:60 W310" {
		t.Errorf("got %q\n%s", got, rendered(t, r))
	}
}
