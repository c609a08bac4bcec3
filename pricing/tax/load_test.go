package tax_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kvitto/kvitto/pricing/tax"
	"github.com/kvitto/kvitto/rules/diag"
)

func TestEU(t *testing.T) {
	t.Parallel()
	got, err := tax.EU(os.DirFS("../../configs"))
	if err != nil || len(got) != 27 || !slices.IsSorted(got) || !slices.Contains(got, "SE") || slices.Contains(got, "XI") || slices.Contains(got, "NO") {
		t.Errorf("got %v %v", got, err)
	}
	if _, err := tax.EU(nil); err == nil {
		t.Error("no shipped data: want an error")
	}
	if _, err := tax.EU(fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), "vat-rates.yaml") {
		t.Errorf("no file: got %v", err)
	}
}

// TestOwnDataWins puts a data file of the same name into the rulebook.
func TestOwnDataWins(t *testing.T) {
	t.Parallel()
	own := "version: 1\nkind: vat-rates\ncountries:\n  SE: {eu: yes, standard: {2024-01-01: 7}}\n"
	table, r := load(header+"destinations: {SE: charge}\n", map[string]string{"vat-rates.yaml": own})
	if table == nil {
		t.Fatal(brief(r))
	}
	if got := rates(t, table, query("SE", at(t, "2026-01-01 00:00"), "SEK", goods(1))); got != "700" {
		t.Errorf("got %q", got)
	}
}

func TestWithoutData(t *testing.T) {
	t.Parallel()
	table := sound(t, "version: 1\nmode: vat\nhome: CH\nclasses: {food: {tags: [food]}}\ndestinations: {CH: charge, '*': none}\n"+
		"rates: {CH: {standard: {2024-01-01: 8.1, 2028-01-01: 8.5}, food: 2.6%}}\n")
	for now, want := range map[string]string{"2020-01-01 00:00": "260 810", "2027-12-31 23:59": "260 810", "2028-01-01 00:00": "260 850"} {
		if got := rates(t, table, query("CH 8000", at(t, now), "CHF", goods(1, "food"), goods(1))); got != want {
			t.Errorf("%s: got %q, want %q", now, got, want)
		}
	}
}

// TestRegionRates lets a region set a class, and its country the rest.
func TestRegionRates(t *testing.T) {
	t.Parallel()
	table := sound(t, "version: 1\nmode: vat\nhome: CH\nclasses: {food: {tags: [food]}}\ndestinations: {CA: charge}\n"+
		"rates: {CA: {standard: 5%, food: 0%}, CA-ON: {standard: 13%}}\n")
	now := at(t, "2026-01-01 00:00")
	for to, want := range map[string]string{"CA": "0 500", "CA-ON": "0 1300", "CA-ON M5V 3L9": "0 1300", "CA-AB": "0 500"} {
		if got := rates(t, table, query(to, now, "CAD", goods(1, "food"), goods(1))); got != want {
			t.Errorf("%s: got %q, want %q", to, got, want)
		}
	}
	q := query("CA", now, "CAD", goods(1))
	q.Destination.Region = "CA-ON"
	if got := rates(t, table, q); got != "1300" {
		t.Errorf("region with its country's mark: got %q", got)
	}
}

func TestEarlierFaultsStop(t *testing.T) {
	t.Parallel()
	r := &diag.Report{}
	r.Errorf("E001", diag.Place{File: "shipping.yaml", Line: 1, Col: 1}, "something else")
	fsys := fstest.MapFS{"tax.yaml": &fstest.MapFile{Data: []byte(header + "destinations: {SE: charge}\n")}}
	if tax.Load(fsys, "tax.yaml", tax.Options{Shipped: os.DirFS("../../configs")}, r) != nil {
		t.Error("a rulebook with an error is not used")
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^(E4[01]\d|W42\d)$`)
	var seen []string
	for _, c := range tax.Codes() {
		if !form.MatchString(c.Code) || c.Meaning == "" || slices.Contains(seen, c.Code) {
			t.Errorf("%+v", c)
		}
		seen = append(seen, c.Code)
	}
}
