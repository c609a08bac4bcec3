package checks_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// FuzzChecks loads whatever it is given: every fault has a place; a file that is accepted answers every question twice
// the same, with a decision that can be sent.
func FuzzChecks(f *testing.F) {
	names, err := filepath.Glob("testdata/golden/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(a.Files[0].Data, "Box 12", "1990-01-01", uint8(1))
	}
	sample, err := os.ReadFile("../../configs/examples/checks/checks.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sample, "Box 12", "2015-02-29", uint8(0))
	f.Fuzz(func(t *testing.T, yaml []byte, street, born string, cb uint8) {
		r := new(diag.Report)
		tb := compile(t, string(yaml), r)
		if (tb == nil) != r.Failed() {
			t.Fatalf("table: %v, failed: %v", tb != nil, r.Failed())
		}
		for _, fault := range r.Findings() {
			if fault.File == "" || fault.Line < 1 || fault.Col < 1 || fault.Code == "" || fault.Message == "" {
				t.Fatalf("a fault without a place: %+v", fault)
			}
		}
		if tb == nil {
			return
		}
		o := buyer()
		o.ShippingAddress.StreetAddress, o.Customer.DateOfBirth = street, born
		on := []rules.Callback{rules.Validation, rules.AddressUpdate, rules.CountryChange, rules.ShippingOptionUpdate}[cb%4]
		first, again := decide(t, tb, query(t, o, on)), decide(t, tb, query(t, o, on))
		if !cmp.Equal(first, again) {
			t.Fatal(cmp.Diff(first, again))
		}
		sendable(t, &first)
	})
}

func sendable(t *testing.T, d *rules.Decision) {
	t.Helper()
	switch d.Verdict {
	case rules.Accept:
		return
	case rules.Redirected:
		if !strings.HasPrefix(d.Location, "https://") {
			t.Fatalf("location %q", d.Location)
		}
	default:
		if d.Reject.Text == "" && d.Reject.TextKey == "" || d.Reject.Kind == "" {
			t.Fatalf("nothing to tell the buyer: %+v", d)
		}
	}
	if len(d.Reasons) != 1 || d.Reasons[0].Line == 0 {
		t.Fatalf("reasons %+v", d.Reasons)
	}
}

// TestPatternsMatchTheModel compares patterns with a regular expression of the same meaning.
func TestPatternsMatchTheModel(t *testing.T) {
	t.Parallel()
	letters := rapid.SampledFrom([]rune("aAbB *å\u00a0x"))
	rapid.Check(t, func(t2 *rapid.T) {
		pattern := "a" + rapid.StringOfN(letters, 0, 8, -1).Draw(t2, "pattern")
		value := rapid.StringOfN(rapid.SampledFrom([]rune("aAbB å\u00a0x")), 0, 12, -1).Draw(t2, "value")
		o := &order.Order{ShippingAddress: &order.Address{Country: "SE", City: value}}
		tb := load(t, "  - {id: c, matches: {city: \""+pattern+"\"}, reject: {text: no}}\n")
		got := decide(t, tb, query(t, o, rules.Validation)).Verdict == rules.Rejected
		if want := model(pattern, value); got != want {
			t2.Fatalf("%q fits %q: %v, want %v", pattern, value, got, want)
		}
	})
}

func model(pattern, value string) bool {
	plain := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
	var parts []string
	for _, part := range strings.Split(plain(pattern), "*") {
		parts = append(parts, regexp.QuoteMeta(part))
	}
	return plain(value) != "" && regexp.MustCompile("^(?s)"+strings.Join(parts, ".*")+"$").MatchString(plain(value))
}
