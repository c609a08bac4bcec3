package lint_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// wordyOption is a shop with one option of which each word, row and supplement stands on a line of its own.
func wordyOption(rt *rapid.T) string {
	var b strings.Builder
	b.WriteString(shopHead + zones + "options:\n  - id: a\n    name: A\n")
	maybe := func(key string, values ...string) {
		if rapid.Bool().Draw(rt, key) {
			b.WriteString("    " + key + ": " + rapid.SampledFrom(values).Draw(rt, "value") + "\n")
		}
	}
	places := []string{"sweden", "gotland", "denmark", "[north, denmark]", "far"}
	maybe("to", places...)
	maybe("not_to", places...)
	for _, key := range []string{"when", "unless"} {
		if w := condition(rt, 2); w != "" {
			maybe(key, "{"+w+"}")
		}
	}
	b.WriteString("    price:\n")
	if rapid.Bool().Draw(rt, "columns") {
		cols := rapid.Permutation([]string{"sweden", "gotland", "north", "far", "denmark EUR"}).Draw(rt, "columns")[:3]
		b.WriteString("      table: |\n        max_items | " + strings.Join(cols, " | ") + "\n")
		for range rapid.IntRange(1, 4).Draw(rt, "rows") {
			b.WriteString("        " + rapid.SampledFrom([]string{"1", "2", "3", "5", "any"}).Draw(rt, "limit") + " | 1.00 | 2.00 | " + rapid.SampledFrom([]string{"3.00", "-"}).Draw(rt, "cell") + "\n")
		}
	} else {
		for i := range rapid.IntRange(1, 4).Draw(rt, "rows") {
			w := condition(rt, 2)
			if w != "" {
				w += ", "
			}
			fmt.Fprintf(&b, "      - {%sprice: [%d.00, 1.00 EUR]}\n", w, i+1)
		}
	}
	b.WriteString("    surcharges:\n")
	for range rapid.IntRange(1, 2).Draw(rt, "surcharges") {
		if w := condition(rt, 2); w != "" {
			b.WriteString("      - {" + w + ", add: 7.00}\n")
		}
	}
	b.WriteString("      - {add: 0.50}\n")
	maybe("free_from", "100.00", "300.00", "1000000.00", "{to: gotland, total: 50.00}")
	return b.String()
}

// offers asks a shop and writes the answers.
func offers(rt *rapid.T, b *rulebook.Rulebook, asked []*rules.Query) []string {
	var out []string
	for _, q := range asked {
		again := *q
		again.Trace = nil
		o, err := b.Shipping.Offer(context.Background(), &again)
		if err != nil {
			rt.Fatal(err)
		}
		text := "-"
		for _, x := range o.Options {
			text = fmt.Sprint(x.ID, " ", x.Price)
		}
		out = append(out, text)
	}
	return out
}

// TestUselessLinesCanGo takes away each line that lint calls useless: a row that is never used, a word, supplement or free_from
// that changes nothing. No order may be answered differently.
func TestUselessLinesCanGo(t *testing.T) {
	t.Parallel()
	gone := 0
	rapid.Check(t, func(rt *rapid.T) {
		shop := wordyOption(rt)
		b, r := check(t, map[string]string{"shipping.yaml": shop})
		if b == nil {
			return
		}
		var asked []*rules.Query
		for range 30 {
			asked = append(asked, ask(rt, b.Shipping.Location()))
		}
		before := offers(rt, b, asked)
		for _, f := range r.Findings() {
			useless := f.Code == "W310" || f.Code == "W312" && !strings.Contains(f.Message, "this condition never")
			if !useless || strings.Contains(f.Message, "in EUR") || strings.Contains(f.Message, "in SEK") {
				continue
			}
			lines := strings.Split(shop, "\n")
			lines = slices.Delete(lines, f.Line-1, f.Line)
			less := load(strings.Join(lines, "\n"))
			if less == nil {
				continue // the last row, or the like
			}
			gone++
			if after := offers(rt, less, asked); !slices.Equal(before, after) {
				rt.Fatalf("without line %d (%s %s)\n%v\n%v\n%s", f.Line, f.Code, f.Message, before, after, shop)
			}
		}
		refuteWhole(rt, shop, r, before)
	})
	if gone == 0 {
		t.Error("no line was ever called useless")
	}
}

// refuteWhole compares answers with what is told of the option as a whole.
func refuteWhole(rt *rapid.T, shop string, r *diag.Report, answers []string) {
	for _, f := range r.Findings() {
		for _, a := range answers {
			if f.Code == "W311" && strings.Contains(f.Message, "never") && a != "-" {
				rt.Fatalf("%s, and yet %s\n%s", f.Message, a, shop)
			}
		}
	}
}

// load reads a rulebook; nil where it has an error.
func load(shop string) *rulebook.Rulebook {
	fsys := fstest.MapFS{"shipping.yaml": {Data: []byte(shop)}, "tax.yaml": {Data: []byte(flatTax)}}
	return rulebook.LoadFS(fsys, rulebook.Options{Shipped: configs.FS()}, new(diag.Report))
}
