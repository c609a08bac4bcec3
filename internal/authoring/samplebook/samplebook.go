// Package samplebook is the rulebooks that the tests of authoring ask: a small shop that can be edited, and the samples that come
// with the program.
//
// Its one rule: it is for tests only.
package samplebook

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// Shop is the small shop.
const Shop = `version: 1
currency: SEK
time_zone: Europe/Stockholm
languages: [sv]
prices: include tax
item_weight_if_missing: 300 g
zones:
  sweden: {SE: all}
  gotland: {SE: [620 to 624]}
  denmark: {DK: all}
classes: {bulky: {tags: [bulky]}}
options:
  - id: parcel
    name: Parcel
    to: [sweden, denmark]
    unless: {class: bulky}
    price:
      table: |
        max_weight | sweden | denmark DKK
        5 kg       |  59.00 |       69.00
        20 kg      |  99.00 |      119.00
    surcharges: [{to: gotland, add: 20.00}]
    free_from: [599.00, 499.00 DKK]
  - id: pallet
    name: Pallet
    to: sweden
    price: 495.00
`

// VAT is its tax.yaml.
const VAT = `version: 1
mode: vat
home: SE
data: vat-rates.yaml
destinations: {SE: charge, DK: charge, "*": none}
`

// Edited is the shop with pairs of texts replaced.
func Edited(t testing.TB, pairs ...string) *authoring.Book {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(Shop, pairs[i]) {
			t.Fatalf("the shop holds no %q", pairs[i])
		}
	}
	return Load(t, strings.NewReplacer(pairs...).Replace(Shop), VAT, nil)
}

// Load is a rulebook of these texts; files are side files.
func Load(t testing.TB, shipping, tax string, files map[string]string) *authoring.Book {
	t.Helper()
	fsys := fstest.MapFS{"shipping.yaml": {Data: []byte(shipping)}, "tax.yaml": {Data: []byte(tax)}}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return Open(t, fsys)
}

// Example is one of the rulebooks that come with the program; up leads from the test's folder to the root of the repository.
func Example(t testing.TB, up, name string) *authoring.Book {
	t.Helper()
	return Open(t, os.DirFS(filepath.Join(up, "configs", "examples", name)))
}

// Open reads a rulebook.
func Open(t testing.TB, fsys fs.FS) *authoring.Book {
	t.Helper()
	var r diag.Report
	b := rulebook.LoadFS(fsys, rulebook.Options{Shipped: configs.FS()}, &r)
	if b == nil {
		var text strings.Builder
		if err := r.Render(&text, false); err != nil {
			t.Fatal(err)
		}
		t.Fatal(text.String())
	}
	book, err := authoring.Open(b, rules.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// Monday is a working day in November 2026.
func Monday() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) }
