package order_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kvitto/kvitto/order"
)

// sameOrder compares all that is exported: how a line's bytes are kept is not.
func sameOrder() cmp.Option {
	return cmp.Options{
		cmpopts.IgnoreUnexported(order.Line{}),
		cmp.Comparer(func(a, b jsontext.Value) bool {
			a, b = a.Clone(), b.Clone()
			return len(a) == 0 && len(b) == 0 || a.Compact() == nil && b.Compact() == nil && bytes.Equal(a, b)
		}),
	}
}

// bodies returns the sample bodies by file name.
func bodies(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("testdata: %v, %d files", err, len(files))
	}
	m := map[string][]byte{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		m[filepath.Base(f)] = b
	}
	return m
}

func TestSamplesDecodeEncodeAndDecodeTheSame(t *testing.T) {
	t.Parallel()
	for name, body := range bodies(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first, err := order.DecodeUpdate(body, order.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			encoded, err := json.Marshal(first)
			if err != nil {
				t.Fatal(err)
			}
			second, err := order.DecodeUpdate(encoded, order.Limits{})
			if err != nil {
				t.Fatalf("%v in\n%s", err, encoded)
			}
			if d := cmp.Diff(first, second, sameOrder()); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestDecoderAgreesWithTheLibrary decodes by the tags of the types instead of our tables of members. A known member that
// is null differs by intent: the library drops it, we keep it.
func TestDecoderAgreesWithTheLibrary(t *testing.T) {
	t.Parallel()
	for name, body := range bodies(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := nullMember.ReplaceAll(body, nil)
			ours, err := order.DecodeUpdate(body, order.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			var theirs order.Order
			if err := json.Unmarshal(body, &theirs); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(compact(t, &theirs), compact(t, ours)); d != "" {
				t.Error(d)
			}
		})
	}
}

var nullMember = regexp.MustCompile(`"[a-z_]+": null,`)

// compact encodes an order member by member, in one spelling.
func compact(t testing.TB, o *order.Order) string {
	t.Helper()
	c := *o
	c.Lines = nil
	for i := range o.Lines {
		l := &o.Lines[i]
		c.Lines = append(c.Lines, order.Line{Type: l.Type, Reference: l.Reference, Name: l.Name, Quantity: l.Quantity,
			QuantityUnit: l.QuantityUnit, UnitPrice: l.UnitPrice, TaxRate: l.TaxRate, TotalAmount: l.TotalAmount,
			TotalDiscountAmount: l.TotalDiscountAmount, TotalTaxAmount: l.TotalTaxAmount, MerchantData: l.MerchantData,
			ProductURL: l.ProductURL, ImageURL: l.ImageURL, ProductIdentifiers: l.ProductIdentifiers,
			ShippingAttributes: l.ShippingAttributes, Subscription: l.Subscription, Unknown: l.Unknown})
	}
	b, err := json.Marshal(&c)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestDecodeOrderAsksForTheCountry(t *testing.T) {
	t.Parallel()
	body := []byte(`{"purchase_currency":"SEK","order_amount":0,"order_tax_amount":0,"order_lines":[]}`)
	if _, err := order.DecodeUpdate(body, order.Limits{}); err != nil {
		t.Errorf("update: %v", err)
	}
	_, err := order.DecodeOrder(body, order.Limits{})
	var f *order.Fault
	if !errors.As(err, &f) || f.Pointer != "/purchase_country" || f.Class != order.FaultMissing {
		t.Errorf("order: %v", err)
	}
}

// TestNothingSentIsLost takes what a plain model loses: null, false where it is the default, empty lists and objects.
func TestNothingSentIsLost(t *testing.T) {
	t.Parallel()
	for _, member := range []string{
		`"locale":null`, `"billing_address":null`, `"shipping_address":{"phone":null}`, `"customer":{}`, `"external_checkouts":[]`,
		`"options":{"allow_separate_shipping_address":false}`, `"recurring":false`, `"merchant_requested":{"additional_checkbox":false}`,
		`"unheard_of":{"a":[null,1.50]}`,
	} {
		o, err := order.DecodeUpdate([]byte(with(member)), order.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(b, []byte(member)) {
			t.Errorf("%s is not in %s", member, b)
		}
	}
}

func TestBenchmarkBodyIsOfTheSizeItClaims(t *testing.T) {
	t.Parallel()
	body := fullBody(4)
	if n := len(body); n < 6500 || n > 6700 {
		t.Errorf("%d bytes", n)
	}
	o, err := order.DecodeOrder(body, order.DefaultLimits())
	if err != nil || len(o.Lines) != 4 || o.Language() != "sv" {
		t.Errorf("%v, %+v", err, o)
	}
}
