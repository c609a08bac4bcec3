package quantitylimit_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/quantitylimit"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// configured makes the plug-in as the service does: by its name, out of a registry.
func configured(t testing.TB, config string) (rules.Validator, *diag.Report) {
	t.Helper()
	registry, err := rules.NewRegistry(quantitylimit.Plugin())
	if err != nil {
		t.Fatal(err)
	}
	rep := new(diag.Report)
	var n *diag.Node
	if config != "" {
		n = diag.Parse("kvitto.yaml", []byte(config), rep)
	}
	impl, ok := registry.New("kvitto.quantity_limit", diag.Place{File: "kvitto.yaml", Line: 1, Col: 1}, n, rep)
	if !ok {
		return nil, rep
	}
	return impl.(rules.Validator), rep
}

const config = `limits:
  - {sku: "LEGO-*", most: 2}
  - {sku: POSTER, most: 0}
  - {sku: "*", most: 99}
text:
  sv: Högst {most} exemplar per kund.
  en: At most {most} per customer.
`

func line(sku string, quantity int64) order.Line {
	return order.Line{Reference: sku, Name: sku, Quantity: quantity}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	v, rep := configured(t, config)
	if v == nil {
		t.Fatal(rep.Findings())
	}
	fee := line("LEGO-FREIGHT", 9)
	fee.Type = order.ShippingFee
	tests := []struct {
		name, lang string
		lines      []order.Line
		text       string // empty: accepted
		row        int    // line in the configuration
	}{
		{name: "nothing"},
		{name: "as many as allowed", lines: []order.Line{line("LEGO-1", 2), line("BOOK", 99)}},
		{name: "one more", lang: "en", lines: []order.Line{line("LEGO-1", 3)}, text: "At most 2 per customer.", row: 2},
		{name: "over two lines", lang: "sv", lines: []order.Line{line("LEGO-1", 1), line("LEGO-2", 2)}, text: "Högst 2 exemplar per kund.", row: 2},
		{name: "a language that is not there", lang: "fi", lines: []order.Line{line("LEGO-1", 3)}, text: "Högst 2 exemplar per kund.", row: 2},
		{name: "none at all", lang: "en", lines: []order.Line{line("POSTER", 1)}, text: "At most 0 per customer.", row: 3},
		{name: "only the whole article", lang: "en", lines: []order.Line{line("POSTER-2", 99)}},
		{name: "any other", lang: "en", lines: []order.Line{line("BOOK", 100)}, text: "At most 99 per customer.", row: 4},
		{name: "freight is no article", lines: []order.Line{fee}},
		{name: "sums do not wrap", lang: "en", lines: []order.Line{line("LEGO-1", 1), line("LEGO-1", math.MaxInt64)}, text: "At most 2 per customer.", row: 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := v.Validate(t.Context(), &rules.Query{Order: &order.Order{Lines: tt.lines}, Language: tt.lang})
			if err != nil {
				t.Fatal(err)
			}
			if tt.text == "" {
				if got.Verdict != rules.Accept {
					t.Errorf("got %+v, want accepted", got)
				}
				return
			}
			if diff := cmp.Diff(rules.Reject{Kind: rules.ApprovalFailed, Text: tt.text}, got.Reject); diff != "" {
				t.Errorf("reject (-want +got):\n%s", diff)
			}
			if r := got.Reasons[0]; r.File != "kvitto.yaml" || r.Line != tt.row || r.Rule != "kvitto.quantity_limit" {
				t.Errorf("reason: got %+v, want line %d", r, tt.row)
			}
		})
	}
}

// TestConfigure: every fault in one run, each at the word that is wrong.
func TestConfigure(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, config string
		want         []string // "line:col code part of the message"
	}{
		{"one text", "limits: [{sku: A, most: 1}]\ntext: No.\n", nil},
		{"nothing", "", []string{"1:1 E218 is not configured"}},
		{"a list", "- limits\n", []string{"1:1 E005 "}},
		{"both keys missing", "{}\n", []string{"1:1 E016 ", "1:1 E016 "}},
		{"unknown keys", "limits: [{sku: A, most: 1, mots: 2}]\ntext: No.\ntxt: No.\n", []string{"1:28 E004 ", "3:1 E004 "}},
		{"no number", "limits: [{sku: A, most: two}, {sku: B, most: -1}, {sku: C, most: 3000000000}]\ntext: No.\n",
			[]string{`1:25 E218 "two"`, `1:46 E218 "-1"`, `1:66 E218 "3000000000"`}},
		{"star in the middle", "limits: [{sku: \"A*B\", most: 1}]\ntext: No.\n", []string{`1:16 E218 "A*B" is no article`}},
		{"rows of other shapes", "limits: [A, {sku: A}]\ntext: [No.]\n", []string{"1:10 E005 ", "1:13 E016 ", "2:7 E005 ", "2:7 E218 text says nothing"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v, rep := configured(t, tt.config)
			if (v != nil) != (tt.want == nil) {
				t.Errorf("made: %v, want findings %v", v != nil, tt.want)
			}
			got := rep.Findings()
			if len(got) != len(tt.want) {
				t.Fatalf("findings: got %+v, want %v", got, tt.want)
			}
			for i, f := range got {
				place, message, _ := strings.Cut(tt.want[i], " ")
				code, part, _ := strings.Cut(message, " ")
				at := f.Place
				if at.File != "kvitto.yaml" || !strings.HasPrefix(place, strconv.Itoa(at.Line)+":"+strconv.Itoa(at.Col)) || f.Code != code || !strings.Contains(f.Message, part) {
					t.Errorf("finding %d: got %s:%d:%d %s %q, want %q", i, at.File, at.Line, at.Col, f.Code, f.Message, tt.want[i])
				}
			}
		})
	}
}

func BenchmarkValidate(b *testing.B) {
	v, _ := configured(b, config)
	q := &rules.Query{Order: &order.Order{Lines: []order.Line{line("LEGO-1", 1), line("BOOK", 2), line("PEN", 3), line("LEGO-2", 1)}}}
	b.ReportAllocs()
	for b.Loop() {
		if d, err := v.Validate(b.Context(), q); err != nil || d.Verdict != rules.Accept {
			b.Fatal(d, err)
		}
	}
}
