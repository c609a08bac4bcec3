package confirm_test

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order/confirm"
)

func TestWithout(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"at the top", `{"a":1,"x":{"y":[1]},"b":"x"}`, `{"a":1,"b":"x"}`},
		{"alone", `{"x":"x"}`, `{}`},
		{"deep", `{"a":[{"b":{"x":1,"c":[[{"x":null}]]}}]}`, `{"a":[{"b":{"c":[[{}]]}}]}`},
		{"in other letters", "{\"a\":0,\"\\u0078\":1}", `{"a":0}`},
		{"values that are called so stay", `{"a":"x","b":["x","x"],"X":1,"xx":2}`, `{"a":"x","b":["x","x"],"X":1,"xx":2}`},
		{"numbers and strings as they came", `{"a":1.50,"b":1e2,"c":"\u00e5\/"}`, `{"a":1.50,"b":1e2,"c":"\u00e5\/"}`},
		{"no object", `["x",{"x":1}]`, `["x",{}]`},
	} {
		got, err := confirm.Without([]byte(c.in), "x")
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %s, %v; want %s", c.name, got, err, c.want)
		}
	}
	if _, err := confirm.Without([]byte(`{"a":`), "x"); err == nil {
		t.Error("half a body is no error")
	}
}

// strip is Without by another way: over a tree.
func strip(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, m := range v {
			if k != "date_of_birth" && k != "national_identification_number" {
				out[k] = strip(m)
			}
		}
		return out
	case []any:
		out := []any{}
		for _, m := range v {
			out = append(out, strip(m))
		}
		return out
	default:
		return v
	}
}

func FuzzWithout(f *testing.F) {
	f.Add(`{"customer":{"date_of_birth":"1912-12-12","type":"person"},"order_lines":[{"a":[{"date_of_birth":{}}]}]}`)
	f.Add(`{"national_identification_number":null}`)
	f.Add(`["date_of_birth",{"\u0064ate_of_birth":1}]`)
	f.Fuzz(func(t *testing.T, in string) {
		var before, after any
		if err := json.Unmarshal([]byte(in), &before); err != nil {
			return
		}
		out, err := confirm.Without([]byte(in), "date_of_birth", "national_identification_number")
		if err != nil {
			t.Fatalf("%q: %v", in, err)
		}
		if err := json.Unmarshal(out, &after); err != nil {
			t.Fatalf("%q became %q: %v", in, out, err)
		}
		if d := cmp.Diff(strip(before), after); d != "" {
			t.Fatalf("%q: %s", in, d)
		}
		if !jsontext.Value(out).IsValid() || strings.Contains(string(out), `"date_of_birth":`) {
			t.Fatalf("%q became %q", in, out)
		}
	})
}
