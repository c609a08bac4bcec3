package replay_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/authoring/replay"
	"github.com/kvitto/kvitto/internal/authoring/samplebook"
	"github.com/kvitto/kvitto/order"
)

func run(t testing.TB, a, b *authoring.Book, src replay.Source, workers int) *replay.Result {
	t.Helper()
	r, err := replay.Run(t.Context(), a, b, src, replay.Options{Now: samplebook.Monday(), Workers: workers, Keep: 5})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// body is a recorded callback: one line of goods.
func body(country, postcode, currency string, grams, ore int64, selected string) string {
	more := ""
	if selected != "" {
		more = `,"selected_shipping_option":{"id":"` + selected + `","name":"x","price":0,"tax_amount":0,"tax_rate":0}`
	}
	return fmt.Sprintf(`{"purchase_currency":%q,"locale":"sv-SE","shipping_address":{"country":%q,"postal_code":%q},"order_amount":%d,"order_tax_amount":0,`+
		`"order_lines":[{"name":"x","quantity":1,"unit_price":%d,"tax_rate":0,"total_amount":%d,"total_tax_amount":0,"shipping_attributes":{"weight":%d}}]%s}`,
		currency, country, postcode, ore, ore, ore, grams, more)
}

func recorded() string {
	return strings.Join([]string{
		body("SE", "11351", "SEK", 1000, 100_00, ""),
		body("SE", "62157", "SEK", 6000, 700_00, "pallet"),
		"",
		body("DK", "2100", "DKK", 5000, 100_00, ""),
		body("DK", "2100", "DKK", 21000, 100_00, ""),
		`{"order_lines": 7}`,
	}, "\n")
}

func TestRecorded(t *testing.T) {
	t.Parallel()
	r := run(t, samplebook.Edited(t), nil, replay.Lines("bodies.jsonl", strings.NewReader(recorded())), 3)
	r.Named.Unreadable[0].Text = "told"
	want := &replay.Result{Orders: 5, With: 3, Without: 1, Unreadable: 1,
		Options: []replay.Share{
			{ID: "parcel", Offered: 3, Cheapest: 3, Paid: 2, Free: 1, Prices: []replay.Price{
				{Currency: "SEK", Orders: 2, Least: 0, Median: 0, Most: 59_00}, {Currency: "DKK", Orders: 1, Least: 69_00, Median: 69_00, Most: 69_00}}},
			{ID: "pallet", Offered: 2, Paid: 1, Prices: []replay.Price{{Currency: "SEK", Orders: 2, Least: 495_00, Median: 495_00, Most: 495_00}}}},
		Reasons: []replay.Reason{{Text: "goods without a class to DK", Orders: 1}},
		Named: replay.NamedOrders{Without: []replay.Named{{Number: 3, Name: "bodies.jsonl:5", Text: "goods without a class to DK"}},
			Unreadable: []replay.Named{{Number: 4, Name: "bodies.jsonl:6", Text: "told"}}}}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestCompared: the Danish order pays 10.00 more, the chosen pallet costs 5.00 less, the heavy parcel is lost.
func TestCompared(t *testing.T) {
	t.Parallel()
	next := samplebook.Edited(t, "69.00", "79.00", "495.00", "490.00", "20 kg      |  99.00", "5.5 kg     |  99.00")
	r := run(t, samplebook.Edited(t), next, replay.Lines("bodies.jsonl", strings.NewReader(recorded())), 2)
	want := &replay.Compared{Changed: 3, Lost: 1, Moved: []replay.Moved{{Currency: "DKK", Amount: 10_00}, {Currency: "SEK", Amount: -5_00}},
		Options: []replay.OptionDiff{{ID: "parcel", Dearer: 1, Lost: 1}, {ID: "pallet", Cheaper: 2}}}
	if diff := cmp.Diff(want, r.Compared); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got, want := r.Compared.Text(r.Orders), "3 of 5 orders change, +10.00 DKK freight, -5.00 SEK freight, 1 lose an option"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestSameForAnyWorkers: how many goroutines work does not show, and a rulebook does not differ from itself.
func TestSameForAnyWorkers(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"nordic", "us", "british", "german", "dutch", "canadian"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := samplebook.Example(t, "../../..", name)
			var texts []string
			for _, workers := range []int{1, 2, 5} {
				r := run(t, b, b, replay.Generate(t.Context(), b, 1000, 7, samplebook.Monday()), workers)
				if r.Orders != 1000 || r.With+r.Without+r.Empty+r.Unreadable+r.Failed != r.Orders {
					t.Errorf("the parts are not the whole: %+v", r)
				}
				if r.Compared.Changed != 0 || r.Failed != 0 || r.Unreadable != 0 || r.With < 200 {
					t.Errorf("%d of %d with options, %d failed, %d unreadable, compared %+v", r.With, r.Orders, r.Failed, r.Unreadable, r.Compared)
				}
				var text bytes.Buffer
				if err := r.Text(&text, true); err != nil {
					t.Fatal(err)
				}
				texts = append(texts, text.String())
			}
			if texts[0] != texts[1] || texts[0] != texts[2] {
				t.Errorf("reports differ:\n%s\n%s\n%s", texts[0], texts[1], texts[2])
			}
		})
	}
}

// TestGenerated: made-up orders are such that the checkout could send them, and each option of a shop is met.
func TestGenerated(t *testing.T) {
	t.Parallel()
	b := samplebook.Edited(t)
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		var first, again []string
		for _, list := range []*[]string{&first, &again} {
			err := replay.Generate(t.Context(), b, 20, seed, samplebook.Monday()).Each(func(c replay.Case) bool {
				o, group, err := c.Make(t.Context())
				if err != nil {
					rt.Fatal(err)
				}
				var sum order.Amount
				for i := range o.Lines {
					l := &o.Lines[i]
					if l.Quantity < 1 || l.TotalAmount < 1 || l.TotalAmount != l.UnitPrice*order.Amount(l.Quantity) || l.ShippingAttributes.Weight < 1 {
						rt.Fatalf("line %+v", l)
					}
					sum += l.TotalAmount
				}
				if sum != o.OrderAmount || len(o.Lines) == 0 {
					rt.Fatalf("order %+v", o)
				}
				*list = append(*list, fmt.Sprintf("%+v %+v %s", o.ShippingAddress, o.OrderAmount, group))
				return true
			})
			if err != nil {
				rt.Fatal(err)
			}
		}
		if diff := cmp.Diff(first, again); diff != "" {
			rt.Fatalf("the same seed gave other orders:\n%s", diff)
		}
	})
	for _, s := range run(t, b, nil, replay.Generate(t.Context(), b, 500, 1, samplebook.Monday()), 1).Options {
		if s.Offered == 0 {
			t.Errorf("%s is never offered", s.ID)
		}
	}
}

func TestSourcesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	b := samplebook.Edited(t)
	ask := func(src replay.Source) error {
		_, err := replay.Run(t.Context(), b, nil, src, replay.Options{Now: samplebook.Monday()})
		return err
	}
	if err := ask(replay.Lines("x", strings.NewReader("\n\n"))); !errors.Is(err, replay.ErrNoBodies) {
		t.Errorf("an empty file: %v", err)
	}
	if err := ask(replay.Lines("x", strings.NewReader(strings.Repeat("x", 6<<20)))); err == nil || !strings.Contains(err.Error(), "longer than a callback") {
		t.Errorf("a long line: %v", err)
	}
	if _, err := replay.Folder("d", fstest.MapFS{"readme.txt": {}}); !errors.Is(err, replay.ErrNoBodies) {
		t.Errorf("a folder without bodies: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := replay.Run(ctx, b, nil, replay.Generate(t.Context(), b, 1000, 1, samplebook.Monday()), replay.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestFolder(t *testing.T) {
	t.Parallel()
	src, err := replay.Folder("kept", fstest.MapFS{"b/2.json": {Data: []byte(body("SE", "11351", "SEK", 1, 100, ""))},
		"1.json": {Data: []byte("{}")}, "note.txt": {}, "z.json": {Data: make([]byte, 6<<20)}})
	if err != nil {
		t.Fatal(err)
	}
	r := run(t, samplebook.Edited(t), nil, src, 1)
	if r.Orders != 3 || r.With != 1 || r.Unreadable != 2 || r.Named.Unreadable[0].Name != "kept/1.json" || r.Named.Unreadable[1].Name != "kept/z.json" {
		t.Errorf("%+v", r)
	}
}

// TestMeasured: what the clock says is what is told.
func TestMeasured(t *testing.T) {
	t.Parallel()
	var now time.Duration
	done := int64(0)
	b := samplebook.Edited(t)
	o := replay.Options{Now: samplebook.Monday(), Workers: 1, Clock: func() time.Duration { now += 3 * time.Microsecond; return now },
		Progress: func(n int64) { done = n }}
	r, err := replay.Run(t.Context(), b, nil, replay.Generate(t.Context(), b, 100, 1, samplebook.Monday()), o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Times.Slowest != 3*time.Microsecond || r.Times.Median != 3*time.Microsecond || r.Times.Of != "order 1 of seed 1" || done != 100 {
		t.Errorf("%+v, %d done", r.Times, done)
	}
}

func FuzzLines(f *testing.F) {
	f.Add([]byte(recorded()))
	sample, err := os.ReadFile("../../../configs/demo/address-update.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(bytes.ReplaceAll(sample, []byte("\n"), nil))
	b := samplebook.Edited(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := replay.Run(t.Context(), b, b, replay.Lines("x", bytes.NewReader(data)), replay.Options{Now: samplebook.Monday(), Workers: 1, Keep: 3})
		if err != nil {
			return
		}
		if r.With+r.Without+r.Empty+r.Unreadable+r.Failed != r.Orders || r.Compared.Changed != 0 {
			t.Errorf("%+v %+v", r, r.Compared)
		}
	})
}
