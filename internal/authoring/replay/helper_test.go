package replay_test

import (
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

const shop = `version: 1
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

const vat = `version: 1
mode: vat
home: SE
data: vat-rates.yaml
destinations: {SE: charge, DK: charge, "*": none}
`

// edited is the shop with pairs of texts replaced.
func edited(t testing.TB, pairs ...string) *authoring.Book {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(shop, pairs[i]) {
			t.Fatalf("the shop holds no %q", pairs[i])
		}
	}
	fsys := fstest.MapFS{"shipping.yaml": {Data: []byte(strings.NewReplacer(pairs...).Replace(shop))}, "tax.yaml": {Data: []byte(vat)}}
	var r diag.Report
	b := rulebook.LoadFS(fsys, rulebook.Options{Shipped: configs.FS()}, &r)
	return opened(t, b, &r)
}

// example is one of the sample rulebooks.
func example(t testing.TB, name string) *authoring.Book {
	t.Helper()
	var r diag.Report
	b := rulebook.LoadFS(os.DirFS(filepath.Join("..", "..", "..", "configs", "examples", name)), rulebook.Options{Shipped: configs.FS()}, &r)
	return opened(t, b, &r)
}

func opened(t testing.TB, b *rulebook.Rulebook, r *diag.Report) *authoring.Book {
	t.Helper()
	if b == nil {
		t.Fatalf("it does not load: %v", r.Findings())
	}
	book, err := authoring.Open(b, rules.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func monday() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) }
