package rulebook_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// TestTaxClassWithSalesTax tells a word of VAT in an option, as E413.
func TestTaxClassWithSalesTax(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{
		"shipping.yaml": {Data: []byte("version: 1\ncurrency: USD\ntime_zone: America/Chicago\nlanguages: [en]\nprices: exclude tax\n" +
			"options: [{id: a, name: A, price: 1.00, tax_class: none}]\n")},
		"tax.yaml": {Data: []byte("version: 1\nmode: sales_tax\ncollect_in: [US-TX]\nrates: {US-TX: 6.25%}\nshipping_tax: {US-TX: all}\n")},
	}
	r := new(diag.Report)
	book := rulebook.LoadFS(fsys, rulebook.Options{Shipped: configs.FS()}, r)
	var got []string
	for _, f := range r.Findings() {
		got = append(got, fmt.Sprintf("%s %s", f.Place, f.Code))
	}
	if book != nil || strings.Join(got, "\n") != "shipping.yaml:6:52 E413" {
		t.Errorf("got %q", got)
	}
}

// TestProviderLineWithSalesTax refuses a merchant whose tax would not follow the option.
func TestProviderLineWithSalesTax(t *testing.T) {
	t.Parallel()
	r := new(diag.Report)
	book := rulebook.LoadFS(os.DirFS(examples+"/us"), rulebook.Options{Shipped: configs.FS()}, r)
	if book == nil {
		t.Fatal(r.Findings())
	}
	if _, err := book.Engine(rules.Options{Policy: pricing.ShippingPolicy{Provider: true}}); err == nil || !strings.Contains(err.Error(), "shipping_line") {
		t.Errorf("got %v", err)
	}
	if e, err := book.Engine(rules.Options{}); err != nil || e == nil {
		t.Errorf("got %v", err)
	}
}
