package order_test

import (
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/order"
)

func TestReplace(t *testing.T) {
	t.Parallel()
	one := order.Member{Name: "a", Value: jsontext.Value(`1`)}
	gone := order.Member{Name: "b"}
	tests := []struct {
		name, object string
		with         []order.Member
		want         string
	}{
		{"nothing", `{}`, nil, `{}`},
		{"added", `{}`, []order.Member{one}, `{"a":1}`},
		{"added behind", `{"x": [1, 2]}`, []order.Member{one}, `{"x":[1, 2],"a":1}`},
		{"in its place", `{"x":1,"a":{"deep":[]},"y":2}`, []order.Member{one}, `{"x":1,"a":1,"y":2}`},
		{"taken away", `{"b":1,"x":2}`, []order.Member{gone}, `{"x":2}`},
		{"taken away, never there", `{"x":2}`, []order.Member{gone}, `{"x":2}`},
		{"alone and taken away", ` { "b" : 1 } `, []order.Member{gone}, `{}`},
		{"both", `{"b":0,"a":0}`, []order.Member{one, gone}, `{"a":1}`},
		{"a name with escapes", `{"\u0061":0}`, []order.Member{one}, `{"\u0061":1}`},
		{"escapes stay", `{"å\u00e5\"":"\u00e5","n":1.50e2}`, []order.Member{one}, `{"å\u00e5\"":"\u00e5","n":1.50e2,"a":1}`},
		{"not within", `{"x":{"a":0}}`, []order.Member{one}, `{"x":{"a":0},"a":1}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := order.Replace([]byte("before "), []byte(tt.object), tt.with...)
			if err != nil || string(got) != "before "+tt.want {
				t.Errorf("got %s, %v; want %s", got, err, tt.want)
			}
		})
	}
}

func TestReplaceErrors(t *testing.T) {
	t.Parallel()
	for _, object := range []string{``, `[]`, `1`, `{`, `{"a"}`, `{"a":1,}`, `{} {}`, `{"a":1}x`, `{"a":01}`, `null`, "{\"a\":\"\x01\"}"} {
		got, err := order.Replace([]byte("before"), []byte(object), order.Member{Name: "z", Value: jsontext.Value("1")})
		if err == nil || string(got) != "before" {
			t.Errorf("%s: got %s, %v; want an error and what was there", object, got, err)
		}
	}
}

// TestReplaceProperty: whatever the object, afterwards it is the same map with these members put in.
func TestReplaceProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.MapOf(rapid.String(), rapid.Int()).Draw(t, "object")
		with := rapid.MapOfN(rapid.StringMatching(`[a-z_]{0,3}`), rapid.Int(), 0, 4).Draw(t, "with")
		body, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]int{}
		for k, v := range in {
			want[k] = v
		}
		var members []order.Member
		for k, v := range with {
			want[k] = v
			value, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			members = append(members, order.Member{Name: k, Value: value})
		}
		out, err := order.Replace(nil, body, members...)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		if err := json.Unmarshal(out, &got); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		if len(got) != len(want) {
			t.Fatalf("got %v; want %v", got, want)
		}
		for k, v := range want {
			if got[k] != v {
				t.Fatalf("%q: got %d; want %d", k, got[k], v)
			}
		}
	})
}

func TestDecodeDraft(t *testing.T) {
	t.Parallel()
	draft := func(rest, line string) string {
		return `{"purchase_country":"SE","purchase_currency":"SEK","locale":"sv-SE"` + rest + `,"order_lines":[{"name":"Mug",` + line + `}]}`
	}
	tests := []struct {
		name, body string
		total      order.Amount
		leaves     string // the line's bytes
		fault      string
	}{
		{"nothing is priced", draft("", `"quantity":3,"unit_price":1250`), 3750,
			`{"name":"Mug","quantity":3,"unit_price":1250,"tax_rate":0,"total_amount":3750,"total_tax_amount":0}`, ""},
		{"with a discount", draft("", `"quantity":3,"unit_price":1250,"tax_rate":2500,"total_discount_amount":750,"total_tax_amount":600`), 3000,
			`{"name":"Mug","quantity":3,"unit_price":1250,"tax_rate":2500,"total_discount_amount":750,"total_tax_amount":600,"total_amount":3000}`, ""},
		{"a discount line", draft("", `"type":"discount","quantity":1,"unit_price":-500,"tax_rate":0,"total_tax_amount":0`), -500,
			`{"name":"Mug","type":"discount","quantity":1,"unit_price":-500,"tax_rate":0,"total_tax_amount":0,"total_amount":-500}`, ""},
		{"priced already", draft(`,"order_amount":1,"order_tax_amount":2`, `"quantity":1,"unit_price":5,"tax_rate":0,"total_amount":5,"total_tax_amount":0`), 5,
			`{"name":"Mug","quantity":1,"unit_price":5,"tax_rate":0,"total_amount":5,"total_tax_amount":0}`, ""},
		{"too large", draft("", `"quantity":9000000000000000000,"unit_price":100`), 0, "",
			"/order_lines/0/quantity: found quantity times unit_price less total_discount_amount beyond what a line may be; right is a total from -100000000 to 100000000"},
		{"a total that is null", draft("", `"quantity":1,"unit_price":5,"total_amount":null`), 0, "",
			"/order_lines/0/total_amount: found null; right is a whole number"},
		{"no price", draft("", `"quantity":1`), 0, "", "/order_lines/0/unit_price: found nothing; right is a whole number"},
		{"no country", `{"purchase_currency":"SEK","locale":"sv-SE","order_lines":[]}`, 0, "", "/purchase_country: found nothing; right is a string"},
		{"no locale", `{"purchase_currency":"SEK","purchase_country":"SE","order_lines":[]}`, 0, "", "/locale: found nothing; right is a string"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o, err := order.DecodeDraft([]byte(tt.body), order.DefaultLimits())
			if tt.fault != "" {
				if err == nil || err.Error() != tt.fault {
					t.Fatalf("got %v; want %s", err, tt.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			leaves, err := o.Lines[0].AppendJSON(nil)
			if err != nil || o.Lines[0].TotalAmount != tt.total || string(leaves) != tt.leaves {
				t.Errorf("got %d and %s, %v; want %d and %s", o.Lines[0].TotalAmount, leaves, err, tt.total, tt.leaves)
			}
		})
	}
}

// TestDecodeOrderWantsTotals: only a draft may leave them out.
func TestDecodeOrderWantsTotals(t *testing.T) {
	t.Parallel()
	_, err := order.DecodeOrder([]byte(`{"purchase_country":"SE","purchase_currency":"SEK","locale":"sv-SE","order_amount":0,"order_tax_amount":0,`+
		`"order_lines":[{"name":"Mug","quantity":1,"unit_price":5}]}`), order.DefaultLimits())
	if err == nil || err.Error() != "/order_lines/0/total_amount: found nothing; right is a whole number" {
		t.Errorf("got %v", err)
	}
}
