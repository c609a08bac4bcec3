package coverage_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/authoring/coverage"
	"github.com/kvitto/kvitto/internal/authoring/samplebook"
	"github.com/kvitto/kvitto/rules/diag"
)

func ask(t testing.TB, b *authoring.Book, carts ...coverage.Cart) *coverage.Places {
	t.Helper()
	merge := len(carts) == 0
	if merge {
		carts = coverage.StandardCarts(b)
	}
	p, err := coverage.Ask(t.Context(), b, carts, "", samplebook.Monday(), merge)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		edits []string
		want  string
	}{
		{"as it is", nil, `cart                    DK       SE
up to 20 kg             all, 1   all, 2
over 20 kg              none     all, 1
bulky                   none     all, 1
`},
		{"a gap of one postcode", []string{"{SE: all}", "{SE: [10000 to 55554, 55556 to 99999]}"}, `cart          DK       SE
up to 20 kg   all, 1   some places, 2
over 20 kg    none     some places, 1
bulky         none     some places, 1

Places with fewer options than the rest of their country:
  SE 55555: no option   (parcel: to sweden or denmark, shipping.yaml:15; pallet: to sweden, shipping.yaml:26)
      with up to 20 kg
  SE 55555: no option   (pallet: to sweden, shipping.yaml:26)
      with over 20 kg; bulky

Gap: SE 55555 gets no option, whatever is in the cart: 1 code
`},
		{"a zone without a price", []string{"gotland: {SE: [620 to 624]}", "gotland: {SE: [620 to 624], NO: all}"}, `cart          DK       SE
up to 20 kg   all, 1   all, 2
over 20 kg    none     all, 1
bulky         none     all, 1

No option anywhere in NO: the tables name them, and no option goes there
`},
		{"a least value", []string{"    to: sweden\n", "    to: sweden\n    when: {min_total: 50.00, max_total: 1000.00}\n"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := samplebook.Edited(t, tt.edits...)
			var out bytes.Buffer
			if err := ask(t, b).Text(t.Context(), &out, b); err != nil {
				t.Fatal(err)
			}
			if tt.want == "" {
				if !strings.Contains(out.String(), "goods from 50.00 SEK up to 1000.00 SEK") || !strings.Contains(out.String(), "–") {
					t.Errorf("no row for the value:\n%s", &out)
				}
				return
			}
			if diff := cmp.Diff(strings.Fields(tt.want), strings.Fields(out.String())); diff != "" {
				t.Errorf("(-want +got):\n%s\n%s", diff, &out)
			}
		})
	}
}

// TestPlacesAreExact asks about any address: what it is offered is what coverage says of its place.
func TestPlacesAreExact(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"nordic", "german", "dutch", "british"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := samplebook.Example(t, "../../..", name)
			carts := coverage.StandardCarts(b)
			p := ask(t, b, carts...)
			rapid.Check(t, func(rt *rapid.T) {
				i := rapid.IntRange(0, len(p.Places)-1).Draw(rt, "place")
				place := p.Places[i]
				r := place.Ranges[rapid.IntRange(0, len(place.Ranges)-1).Draw(rt, "stretch")]
				c := rapid.IntRange(0, len(carts)-1).Draw(rt, "cart")
				q := authoring.Question{Currency: p.Carts[c].Answers[i].Currency, Now: samplebook.Monday(), Goods: []authoring.Goods{carts[c].Goods}}
				if q.Goods[0].Total = authoring.Amount(q.Currency); carts[c].Total.Currency != "" {
					q.Goods[0].Total = carts[c].Total.Amount
				}
				place.Address(&q)
				if q.Postcode = between(rt, r); q.Currency == "" {
					rt.Skip("not asked")
				}
				a := b.Ask(t.Context(), &q)
				var got []string
				for k := range a.Options {
					id, _, _ := strings.Cut(a.Options[k].ID, ":")
					if !slices.Contains(got, id) {
						got = append(got, id)
					}
				}
				if diff := cmp.Diff(p.Carts[c].Answers[i].Options, got); diff != "" {
					rt.Fatalf("%s, %s of %v, cart %+v:\n%s", place.Name(), q.Postcode, r, carts[c].Goods, diff)
				}
			})
		})
	}
}

// between draws a code of a stretch; of codes with letters only its ends.
func between(rt *rapid.T, r authoring.Range) string {
	var from, to int
	if n, _ := fmt.Sscanf(r.From+" "+r.To, "%d %d", &from, &to); n == 2 && strings.Trim(r.From+r.To, "0123456789") == "" {
		return fmt.Sprintf("%0*d", len(r.From), rapid.IntRange(from, to).Draw(rt, "code"))
	}
	return rapid.SampledFrom([]string{r.From, r.To}).Draw(rt, "code")
}

func TestParseCart(t *testing.T) {
	t.Parallel()
	b := samplebook.Edited(t)
	r := new(diag.Report)
	c := coverage.ParseCart(b, "25 kg, 400.00, 3 items, 60 x 40 x 30 cm, bulky", r)
	want := authoring.Goods{Pieces: 3, Grams: 25_000, Sides: [3]int64{600, 400, 300}, Mark: c.Goods.Mark}
	if diff := cmp.Diff(want, c.Goods); diff != "" || r.Failed() || c.Total.Amount != 400_00 || c.Goods.Mark.Tag != "bulky" {
		t.Errorf("total %v, findings %v (-want +got):\n%s", c.Total, r.Findings(), diff)
	}
	coverage.ParseCart(b, "25 kg, 4,5 kg", r)
	if len(r.Findings()) != 1 || r.Findings()[0].File != "--cart" || r.Findings()[0].Col < 8 {
		t.Errorf("findings %+v", r.Findings())
	}
}

// testedShop is the small shop with a test file.
func testedShop(cases string) fs.FS {
	return fstest.MapFS{"shipping.yaml": {Data: []byte(samplebook.Shop)}, "tax.yaml": {Data: []byte(samplebook.VAT)},
		"shop.test.yaml": {Data: []byte("version: 1\nnow: 2026-11-23 10:00\ncases:\n" + cases)}}
}

const goodCase = "  - {name: a, to: SE 62157, cart: {weight: 1 kg, total: 600.00}, expect: {with: [{id: parcel, price: 0.00}]}}\n"

func TestRows(t *testing.T) {
	t.Parallel()
	fsys := testedShop(goodCase)
	r := new(diag.Report)
	rows, err := coverage.TestRows(fsys, samplebook.Open(t, fsys), r)
	if err != nil || rows == nil {
		t.Fatal(err, r.Findings())
	}
	used := map[string]bool{}
	for _, row := range rows.Rows {
		used[fmt.Sprintf("%s %s %d:%d", row.Option, row.Kind, row.At.Line, row.At.Col)] = row.Used
	}
	want := map[string]bool{"parcel price 20:23": true, "parcel price 20:37": false, "parcel price 21:23": false, "parcel price 21:36": false,
		"parcel surcharge 22:37": true, "parcel free_from 23:16": true, "pallet price 27:12": true,
		" destination SE 5:20": true, " destination DK 5:32": false, " destination * 5:45": false}
	if diff := cmp.Diff(want, used); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	words := map[string][2]bool{}
	for _, w := range rows.Words {
		words[w.Option+" "+w.Kind+" "+w.Text] = [2]bool{w.Held, w.Failed}
	}
	both := map[string][2]bool{"parcel option to sweden or denmark": {true, false}, "parcel unless class bulky": {false, true},
		"parcel price max_weight 5 kg": {true, false}, "parcel price max_weight 20 kg": {true, false}, "parcel surcharge to gotland": {true, false},
		"pallet option to sweden": {true, false}}
	if diff := cmp.Diff(both, words); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if rows.RowShare() != 50 || rows.WordShare() != 50 || rows.Reached(51) || !rows.Reached(50) {
		t.Errorf("%d %% and %d %%", rows.RowShare(), rows.WordShare())
	}
	var out bytes.Buffer
	if err := rows.Text(&out); err != nil || !strings.Contains(out.String(), "50 % of 10 rows, 50 % of 6 conditions (both ways), by 1 test case") {
		t.Errorf("%v\n%s", err, &out)
	}
}

func TestRowsOfBrokenTests(t *testing.T) {
	t.Parallel()
	fsys := testedShop("  - {nam: a}\n")
	r := new(diag.Report)
	if rows, err := coverage.TestRows(fsys, samplebook.Open(t, fsys), r); rows != nil || err != nil || !r.Failed() {
		t.Error(rows, err, r.Findings())
	}
}

// TestExamplesAreCovered: the tests of every rulebook that comes with the program pass, use every row and see every condition
// hold and not hold.
func TestExamplesAreCovered(t *testing.T) {
	t.Parallel()
	books, err := os.ReadDir("../../../configs/examples")
	if err != nil || len(books) == 0 {
		t.Fatal("no examples", err)
	}
	dirs := []string{"../../../configs/demo/rules"}
	for _, b := range books {
		dirs = append(dirs, "../../../configs/examples/"+b.Name())
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			fsys := os.DirFS(dir)
			rows, err := coverage.TestRows(fsys, samplebook.Open(t, fsys), new(diag.Report))
			if err != nil || rows == nil {
				t.Fatal(err)
			}
			if !rows.Reached(100) {
				var out strings.Builder
				if err := rows.Text(&out); err != nil {
					t.Fatal(err)
				}
				t.Error(out.String())
			}
		})
	}
}
