package starter_test

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/authoring/coverage"
	"github.com/kvitto/kvitto/internal/lint"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/internal/starter"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// today is the day on which the rulebooks of these tests are made.
func today() time.Time { return time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC) }

func vatRates(t *testing.T) []byte {
	t.Helper()
	data, err := fs.ReadFile(configs.FS(), "vat-rates.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// made writes a rulebook into a file system.
func made(t *testing.T, a starter.Answers) fstest.MapFS {
	t.Helper()
	files, err := starter.Rulebook(a, vatRates(t), today())
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{}
	for _, f := range files {
		fsys[f.Name] = &fstest.MapFile{Data: []byte(f.Text)}
	}
	return fsys
}

// whole demands that a rulebook has no finding at all, that its tests pass, and that they touch each row and condition.
func whole(t *testing.T, fsys fstest.MapFS) {
	t.Helper()
	show := func(r *diag.Report) string {
		var out bytes.Buffer
		if err := r.Render(&out, false); err != nil {
			t.Fatal(err)
		}
		return out.String() + "\n" + string(fsys["shipping.yaml"].Data) + string(fsys["tax.yaml"].Data) + string(fsys["shop.test.yaml"].Data)
	}
	r := new(diag.Report)
	b, err := lint.Check(fsys, lint.Options{Options: rulebook.Options{Shipped: configs.FS()}, Now: today()}, r)
	if err != nil || len(r.Findings()) > 0 {
		t.Fatalf("%v\n%s", err, show(r))
	}
	s, err := b.Subject(rules.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, res := range rulestest.Run(fsys, "shop.test.yaml", s, r).Cases {
		for _, f := range res.Failures {
			t.Errorf("%s: %+v\n%s", res.Name, f, show(r))
		}
	}
	book, err := authoring.Open(b, rules.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := coverage.TestRows(fsys, book, r)
	if err != nil || !rows.Reached(100) {
		var out bytes.Buffer
		if rows != nil {
			_ = rows.Text(&out)
		}
		t.Fatalf("%v\n%s%s", err, out.String(), show(r))
	}
}

// TestEachCountry makes the rulebook of a shop in each country that is known, for its own country and for others.
func TestEachCountry(t *testing.T) {
	t.Parallel()
	for _, code := range starter.Countries() {
		for name, a := range map[string]starter.Answers{
			"alone":     {},
			"the EU":    {ShipTo: []string{"EU"}},
			"abroad":    {ShipTo: []string{"SE", "NO", "GB", "US"}},
			"home rate": {ShipTo: []string{"EU", "CH"}, VAT: starter.VATHome},
			"net":       {ShipTo: []string{"FI", "CH"}, Prices: starter.ExcludeTax},
		} {
			a.Country = code
			t.Run(code+" "+name, func(t *testing.T) {
				t.Parallel()
				whole(t, made(t, a))
			})
		}
	}
}

// TestOptions makes rulebooks with options of a person's own.
func TestOptions(t *testing.T) {
	t.Parallel()
	for name, a := range map[string]starter.Answers{
		"flat":            {Country: "SE", Options: []string{"Brev, 19"}},
		"tiers":           {Country: "SE", Options: []string{"Till ombud, up to 5 kg 59.00, up to 20 kg 99.00, free from 599", "Express: i dag, 1kg 149"}},
		"last for all":    {Country: "DE", Options: []string{"Paket, up to 2.5 kg 4.99, 8.99, free from 1.00"}},
		"light":           {Country: "DE", Options: []string{"Brief, up to 50 g 1.10", "Paket, 4.99"}},
		"falls to others": {Country: "SE", ShipTo: []string{"EU", "NO"}, Options: []string{"A, 49.00, to SE", "B, 99.00, to EU", "C, 10 kg 120, to NO SE, free from 900.00"}},
		"pounds": {Country: "US", Options: []string{"Ground, up to 0.25 lb 3.00, up to 5 lb 7.90, up to 150 lb 19.00, free from 75", "Mail, up to 12.5 oz 4.00"},
			Collect: []string{"US-DC 6% all", "US-CA 7.25% none", "US-MN 6.87% follow goods"}},
		"other currency": {Country: "SE", Currency: "EUR", Languages: []string{"en"}},
		"no decimals":    {Country: "SE", Currency: "JPY", Options: []string{"Parcel, up to 2 kg 900, free from 9000"}},
		"no words":       {Country: "HU", Languages: []string{"hu"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole(t, made(t, a))
		})
	}
}

// TestRefused tells answers that cannot be used, and says what would be right.
func TestRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		a    starter.Answers
		want string
	}{
		{"country", starter.Answers{Country: "ZZ"}, `country "ZZ": want one of AT, BE`},
		{"currency", starter.Answers{Country: "SE", Currency: "KRONOR"}, `currency "KRONOR": want three capital letters such as SEK`},
		{"language", starter.Answers{Country: "SE", Languages: []string{"svenska"}}, `language "svenska": want two letters`},
		{"prices", starter.Answers{Country: "SE", Prices: "gross"}, `prices "gross": want include tax or exclude tax`},
		{"vat", starter.Answers{Country: "SE", VAT: "both"}, `vat "both": want destination or home`},
		{"ship to", starter.Answers{Country: "SE", ShipTo: []string{"JP"}}, `ship to "JP": want EU or one of`},
		{"no name", starter.Answers{Country: "SE", Options: []string{", 49.00"}}, "want NAME, PRICE"},
		{"no price", starter.Answers{Country: "SE", Options: []string{"Parcel"}}, "there is no price"},
		{"decimal comma", starter.Answers{Country: "SE", Options: []string{"Parcel, 49,00"}}, "decimals are written with a point"},
		{"decimals", starter.Answers{Country: "SE", Options: []string{"Parcel, 49.001"}}, "want an amount such as 49.00"},
		{"no weight", starter.Answers{Country: "SE", Options: []string{"Parcel, up to 5 furlong 49.00"}}, "want a weight such as 20 kg"},
		{"falling", starter.Answers{Country: "SE", Options: []string{"Parcel, 5 kg 49.00, 5000 g 59.00"}}, "weights grow"},
		{"foreign money", starter.Answers{Country: "SE", Options: []string{"Parcel, 49.00 EUR"}}, "want an amount in SEK"},
		{"free at nothing", starter.Answers{Country: "SE", Options: []string{"Parcel, 49.00, free from 0"}}, "want an amount above 0"},
		{"elsewhere", starter.Answers{Country: "SE", Options: []string{"Parcel, 49.00, to NO"}}, "NO is not among the countries"},
		{"twice", starter.Answers{Country: "SE", Options: []string{"Parcel, 49.00", "parcel, 59.00"}}, "with the id parcel"},
		{"nobody goes there", starter.Answers{Country: "SE", ShipTo: []string{"NO"}, Options: []string{"Parcel, 49.00, to SE"}}, "no option goes to NO"},
		{"sales tax elsewhere", starter.Answers{Country: "SE", Collect: []string{"US-CA 7.25% all"}}, "sales tax is for shops in the USA"},
		{"no state", starter.Answers{Country: "US", Collect: []string{"CA 7.25% all"}}, `"CA" is not a state of the USA`},
		{"no freight", starter.Answers{Country: "US", Collect: []string{"US-CA 7.25%"}}, "whether freight is taxed"},
		{"freight", starter.Answers{Country: "US", Collect: []string{"US-CA 7.25% some"}}, "all, follow goods or none"},
		{"rate", starter.Answers{Country: "US", Collect: []string{"US-CA much all"}}, `"much" is not a rate`},
		{"state twice", starter.Answers{Country: "US", Collect: []string{"US-CA 7.25% all", "US-CA 7% none"}}, "stands twice"},
		{"tax in prices", starter.Answers{Country: "US", Prices: starter.IncludeTax, Collect: []string{"US-CA 7.25% all"}}, "prices never include tax"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := starter.Rulebook(test.a, vatRates(t), today())
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// TestKnowsTheUnion holds the countries against the table of VAT rates: each of its members is known, and so is its money.
func TestKnowsTheUnion(t *testing.T) {
	t.Parallel()
	rates := diag.Parse("vat-rates.yaml", vatRates(t), new(diag.Report)).Get("countries")
	for i, key := range rates.Keys {
		if eu := rates.Values[i].Get("eu"); eu == nil || eu.Text != "yes" {
			continue
		}
		a := starter.Answers{Country: key.Text}
		if err := a.Complete(); err != nil {
			t.Error(err)
		}
		currency := rates.Values[i].Get("currency")
		want := currency.Text
		if n := len(currency.Values); n > 0 {
			want = currency.Values[n-1].Text
		}
		if a.Currency != want {
			t.Errorf("%s has %s, want %s", key.Text, a.Currency, want)
		}
	}
}
