package decisions_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/authoring/samplebook"
	"github.com/kvitto/kvitto/internal/decisions"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

// asked reports whether tables ask for a member; everything else is personal, free text, or nothing to anybody.
func asked(path string) bool {
	for _, end := range []string{"purchase_country", "purchase_currency", "locale", "country", "region", "postal_code", "tags/*",
		"selected_shipping_option/id", "order_lines/*/type", "order_lines/*/reference", "customer/type", "category_path"} {
		if strings.HasSuffix(path, "/"+end) && !strings.Contains(path, "delivery_details") {
			return true
		}
	}
	return false
}

// each calls f with a setter for each text of v.
func each(v any, path string, set func(any), f func(path string, set func(any))) {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			each(inner, path+"/"+name, func(x any) { v[name] = x }, f)
		}
	case []any:
		for i, inner := range v {
			each(inner, path+"/*", func(x any) { v[i] = x }, f)
		}
	case string:
		f(path, set)
	}
}

// samples are bodies with every member of the contract that a person is in.
func samples(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("../../order/testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	list := map[string][]byte{"everything": []byte(everything)}
	for _, name := range files {
		if list[filepath.Base(name)], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

const address = `{"given_name":"Anna","family_name":"Berg","email":"anna@example.com","title":"Ms","street_address":"Storgatan 1","street_address2":"2 tr",
	"street_name":"Storgatan","street_number":"1","house_extension":"B","postal_code":"11351","city":"Stockholm","region":"AB","phone":"070","country":"SE",
	"care_of":"Berg","organization_name":"Berg AB","reference":"ref","attention":"Anna","x":"free"}`

const everything = `{"order_id":"o","name":"Order of Anna","purchase_country":"SE","purchase_currency":"SEK","locale":"sv-SE","order_amount":1000,"order_tax_amount":200,
	"billing_address":` + address + `,"shipping_address":` + address + `,
	"customer":{"type":"person","gender":"female","date_of_birth":"1990-01-01","organization_registration_id":"900101-1234","vat_id":"SE900101123401","national_identification_number":"900101-1234"},
	"merchant_urls":{"push":"https://shop.example/push?token=1"},"merchant_reference1":"r1","merchant_reference2":"r2","merchant_data":"{\"mail\":\"anna@example.com\"}",
	"attachment":{"content_type":"application/json","body":"{}"},"recurring_token":"rt","tags":["fragile"],
	"selected_shipping_option":{"id":"ombud","name":"Ombud hos Anna","description":"d","promo":"p","price":1,"tax_amount":0,"tax_rate":0,"tms_reference":"t",
		"delivery_details":{"pickup_location":{"id":"1","name":"n","address":` + address + `}},"selected_addons":[{"type":"a","price":0,"external_id":"e","user_input":"door code 1234"}]},
	"order_lines":[{"type":"physical","reference":"SKU","name":"Engraved for Anna","quantity":1,"unit_price":1000,"tax_rate":2500,"total_amount":1000,"total_tax_amount":200,
		"merchant_data":"for Anna","product_url":"https://shop.example/a","image_url":"https://shop.example/i","quantity_unit":"pcs",
		"product_identifiers":{"brand":"b","color":"c","category_path":"Home > Lamps","global_trade_item_number":"1","size":"s"},
		"shipping_attributes":{"weight":10,"dimensions":{"height":1,"width":2,"length":3},"tags":["bulky"]},"y":"free"},
		{"type":"gift_card","reference":"GIFT-1234-5678","name":"card","quantity":1,"unit_price":-100,"tax_rate":0,"total_amount":-100,"total_tax_amount":0}],
	"z":{"free":"text"}}`

// TestNothingPersonal plants a canary in every text of every sample that tables do not ask for, and one for all of them at once.
// None of it is in what is kept, and the rest is.
func TestNothingPersonal(t *testing.T) {
	t.Parallel()
	for name, body := range samples(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var doc any
			if err := json.Unmarshal(body, &doc); err != nil {
				t.Fatal(err)
			}
			planted, left := 0, 0
			each(doc, "", nil, func(path string, set func(any)) {
				switch {
				case asked(path):
					left++
				case strings.HasSuffix(path, "quantity_unit"):
					set("Zq7") // no longer texts are taken
					planted++
				default:
					set("CanaryZq7 900101-1234")
					planted++
				}
			})
			raw, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			o, err := order.DecodeUpdate(raw, order.DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			s := decisions.New(10, 1<<20, "x")
			d, ok := s.Get(s.Keep(&callbacks.Decision{Kind: "priced", Order: o}))
			if !ok || left < 2 {
				t.Fatalf("kept %v; %d texts planted, %d left", ok, planted, left)
			}
			kept, err := json.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			for _, bad := range []string{"Zq7", "ZQ7", "zq7", "900101", "1234", "GIFT"} {
				if bytes.Contains(kept, []byte(bad)) {
					t.Errorf("%s is kept: %s", bad, kept)
				}
			}
			if _, err := order.DecodeUpdate(d.Question, order.DefaultLimits()); err != nil {
				t.Errorf("it cannot be asked again: %v: %s", err, d.Question)
			}
		})
	}
}

// TestMasks: what is kept of members by which somebody could be found, or pay.
func TestMasks(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 100)
	for _, tt := range []struct {
		name  string
		order order.Order
		want  string // a part of the question
		never string
	}{
		{"a VAT id keeps its form", order.Order{Customer: &order.Customer{Type: "organization", VATID: "atu 1234.5678"}}, `"customer":{"type":"organization","vat_id":"ATU00000000"}`, "123"},
		{"what is no VAT id is only given", order.Order{Customer: &order.Customer{VATID: "Anna Berg 123456"}}, `"customer":{"vat_id":"given"}`, "Anna"},
		{"a VAT id of other letters", order.Order{Customer: &order.Customer{VATID: "SE12345678ÅÄ"}}, `"customer":{"vat_id":"given"}`, "Å"},
		{"an age is not kept", order.Order{Customer: &order.Customer{DateOfBirth: "1990-01-01"}}, `"customer":{}`, "1990"},
		{"a postcode that is a street", order.Order{ShippingAddress: &order.Address{Country: "SE", PostalCode: "Storgatan 1, 113 51"}}, `"shipping_address":{"country":"SE"}`, "Storgatan"},
		{"a region that is a text", order.Order{ShippingAddress: &order.Address{Country: "US", Region: "near Anna's house"}}, `"shipping_address":{"country":"US"}`, "Anna"},
		{"a tag that is a text", order.Order{Tags: []string{"a", long, "b"}}, `"tags":["a","b"]`, long},
		{"a blank is not given", order.Order{ShippingAddress: &order.Address{Phone: " "}}, `"shipping_address":{}`, "phone"},
		{"a gift card", order.Order{Lines: []order.Line{{Type: order.GiftCard, Reference: "G-1", Quantity: 1}}}, `"type":"gift_card","name":"line"`, "G-1"},
		{"store credit", order.Order{Lines: []order.Line{{Type: order.StoreCredit, Reference: "C-1", Quantity: 1}}}, `"type":"store_credit","name":"line"`, "C-1"},
		{"a coupon is", order.Order{Lines: []order.Line{{Type: order.Discount, Reference: "SUMMER \"26\"", Quantity: 1}}}, `"reference":"SUMMER \"26\""`, "nowhere"},
		{"a fee of ours", order.Order{Lines: []order.Line{{Type: order.Surcharge, Reference: "fee", MerchantData: "kvitto:v1"}}}, `"merchant_data":"kvitto:v1"`, "nowhere"},
		{"a choice that is a text", order.Order{SelectedShippingOption: &order.ShippingOption{ID: long}}, `"order_lines":[]`, long},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := decisions.New(10, 1<<20, "x")
			d, _ := s.Get(s.Keep(&callbacks.Decision{Kind: "priced", Order: &tt.order}))
			if q := string(d.Question); !strings.Contains(q, tt.want) || strings.Contains(q, tt.never) {
				t.Errorf("got %s, want %s and no %s", q, tt.want, tt.never)
			}
		})
	}
}

// TestAnswersAsBefore: the tables answer what is kept as they answered what came in.
func TestAnswersAsBefore(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"nordic", "us", "british", "german"} {
		b := samplebook.Example(t, "../..", name)
		for file, body := range samples(t) {
			o, err := order.DecodeUpdate(body, order.DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			s := decisions.New(10, 1<<20, "x")
			d, _ := s.Get(s.Keep(&callbacks.Decision{Kind: "priced", Order: o}))
			again, err := order.DecodeUpdate(d.Question, order.DefaultLimits())
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if was, is := told(t, b, o), told(t, b, again); was != is {
				t.Errorf("%s of %s: was %s, is %s", file, name, was, is)
			}
		}
	}
}

// told is an answer but for its texts.
func told(t *testing.T, b *authoring.Book, o *order.Order) string {
	t.Helper()
	a := b.Price(t.Context(), o, noon(), "")
	var s strings.Builder
	for _, o := range a.Options {
		fmt.Fprintf(&s, "%s %d %d, ", o.ID, o.Price, o.TaxAmount)
	}
	if a.Decision.Verdict != rules.Accept {
		s.WriteString(string(a.Decision.Reject.Kind))
	}
	return s.String()
}

// FuzzQuestion: of every order that can be read, what is kept can be read too, and keeping that keeps the same.
func FuzzQuestion(f *testing.F) {
	for _, body := range samples(f) {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		o, err := order.DecodeUpdate(body, order.DefaultLimits())
		if err != nil {
			return
		}
		s := decisions.New(10, 64<<20, "x")
		d, ok := s.Get(s.Keep(&callbacks.Decision{Kind: "priced", Order: o, Coupons: o.Tags, Group: o.Locale}))
		if !ok || !json.Valid(d.Question) {
			t.Fatalf("kept %v: %s", ok, d.Question)
		}
		again, err := order.DecodeUpdate(d.Question, order.DefaultLimits())
		if err != nil {
			if len(o.PurchaseCurrency) == 3 {
				t.Fatalf("%v: %s", err, d.Question)
			}
			return
		}
		if twice, _ := s.Get(s.Keep(&callbacks.Decision{Kind: "priced", Order: again})); !bytes.Equal(twice.Question, d.Question) {
			t.Fatalf("%s becomes %s", d.Question, twice.Question)
		}
	})
}
