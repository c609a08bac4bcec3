package tidy_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/internal/tidy"
	"github.com/kvitto/kvitto/rules/diag"
)

// formatted formats a text that must be readable, twice.
func formatted(t *testing.T, text string, o tidy.Options) (string, []tidy.Note) {
	t.Helper()
	r := new(diag.Report)
	out, notes, ok := tidy.Format("f.yaml", []byte(text), o, r)
	if !ok {
		t.Fatalf("%v", r.Findings())
	}
	again, more, ok := tidy.Format("f.yaml", out, o, r)
	if !ok || !bytes.Equal(out, again) || len(more) > 0 {
		t.Errorf("formatting again changes it (%v):\n%s", more, cmp.Diff(string(out), string(again)))
	}
	return string(out), notes
}

func TestFormat(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, in, want string }{
		{"ends of lines", "\ufeffa: 1  \r\n# note \t\r\nb: 2\t\r\n\r\n\r\n", "a: 1\n# note\nb: 2\n"},
		{"no line break at the end", "a: 1", "a: 1\n"},
		{"table", "price:\n  table: |\n    max_weight|sweden  | denmark DKK\n    # letters\n    1 kg |39.00|   49.00\n\n    20 kg|  -|  119.00 \n",
			"price:\n  table: |\n    max_weight | sweden | denmark DKK\n    # letters\n    1 kg       |  39.00 |       49.00\n\n    20 kg      |      - |      119.00\n"},
		{"table of conditions", "price:\n  table: |\n    to | max_items | price\n    gotland | any | 9.00\n    se | 3 | 149.00\n",
			"price:\n  table: |\n    to      | max_items | price\n    gotland | any       |   9.00\n    se      | 3         | 149.00\n"},
		{"test table", "cases:\n  - table: |\n      to|price\n      SE 11111|9.00\n      SE 1|not offered\n",
			"cases:\n  - table: |\n      to       | price\n      SE 11111 | 9.00\n      SE 1     | not offered\n"},
		{"wide letters", "price:\n  table: |\n    to | price\n    åäö | 1.00\n    日本 | 2.00\n", "price:\n  table: |\n    to   | price\n    åäö  |  1.00\n    日本 |  2.00\n"},
		{"ragged row", "price:\n  table: |\n    to | price\n    a|1.00|2.00\n    bcdefg | 1.00\n", "price:\n  table: |\n    to     | price\n    a | 1.00 | 2.00\n    bcdefg |  1.00\n"},
		{"entries", "p:\n  - {max_weight: 5 kg, price: 59.00}\n  - {max_weight: 20 kg,price: 99.00 }\n",
			"p:\n  - {max_weight: 5 kg,  price: 59.00}\n  - {max_weight: 20 kg, price: 99.00}\n"},
		{"entries of other keys stay apart", "p:\n  - {max_weight: 5 kg, customer: organization, price: 39.00}\n  - {max_weight: 5 kg,   price: 49.00}\n",
			"p:\n  - {max_weight: 5 kg, customer: organization, price: 39.00}\n  - {max_weight: 5 kg, price: 49.00}\n"},
		{"as far as they have the same keys", "p:\n  - {to: a, add: 1}\n  - {to: long, add: 100, label: x}\n  - {to: b, add: 1, label: y}\n  - {class: q, add: 1}\n",
			"p:\n  - {to: a,    add: 1}\n  - {to: long, add: 100, label: x}\n  - {to: b,    add: 1,   label: y}\n  - {class: q, add: 1}\n"},
		{"nested and quoted", "p:\n  - {to: [a,  b], name: {sv: \"x, }y\", en: z}, add: 1.00}   # one\n  - {to: c, name: {sv: q}, add: 20.00}\n",
			"p:\n  - {to: [a,  b], name: {sv: \"x, }y\", en: z}, add: 1.00}   # one\n  - {to: c,       name: {sv: q},              add: 20.00}\n"},
		{"comments keep their column", "p:\n  - {a: 1, b: 2}      # one\n  - {a: 100, b: 2}    # two\n", "p:\n  - {a: 1,   b: 2}    # one\n  - {a: 100, b: 2}    # two\n"},
		{"comments move together", "p:\n  - {a: 1, b: 2} # one\n  - {a: 100000, b: 2} # two\n  - {a: 1, b: 333}\n",
			"p:\n  - {a: 1,      b: 2} # one\n  - {a: 100000, b: 2} # two\n  - {a: 1,      b: 333}\n"},
		{"a comment between", "p:\n  - {a: 1, b: 2}\n  # then\n  - {a: 100, b: 2}\n", "p:\n  - {a: 1, b: 2}\n  # then\n  - {a: 100, b: 2}\n"},
		{"over two lines", "p:\n  - {a: 1,  b: 2,\n     c: 3}\n  - {a: 1,  b: 2}\n", "p:\n  - {a: 1,  b: 2,\n     c: 3}\n  - {a: 1, b: 2}\n"},
		{"spaces of a text", "p: |\n  a  \n  b\nq: >\n  c  \n  d\nr: 1  \n", "p: |\n  a  \n  b\nq: >\n  c  \n  d\nr: 1\n"},
		{"lines of a text", "p: |+\n  a\n\n\n", "p: |+\n  a\n\n\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, notes := formatted(t, test.in, tidy.Options{})
			if d := cmp.Diff(test.want, got); d != "" || len(notes) > 0 {
				t.Errorf("%s%v", d, notes)
			}
		})
	}
}

func TestSort(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, in, want, note string }{
		{"list", "options:\n  - id: a\n    price:\n      - {max_weight: 20 kg, price: 99.00}\n      - {max_weight: 900 g, price: 19.00} # light\n      - {price: 200.00}\n      - {max_weight: 5 kg, price: 49.00}\n",
			"options:\n  - id: a\n    price:\n      - {max_weight: 900 g, price: 19.00} # light\n      - {max_weight: 5 kg,  price: 49.00}\n      - {max_weight: 20 kg, price: 99.00}\n      - {price: 200.00}\n",
			"4: rows sorted by max_weight: 900 g, 5 kg came too late before and decide from now on, so prices change"},
		{"table", "currency: SEK\nprice:\n  table: |\n    sweden | min_total\n    # dear\n    9.00 | 50.00\n    5.00 | 100.00\n    19.00 | any\n",
			"currency: SEK\nprice:\n  table: |\n    sweden | min_total\n      5.00 | 100.00\n    # dear\n      9.00 | 50.00\n     19.00 | any\n", "3: rows sorted by min_total: 100.00 came too late"},
		{"lengths", "price:\n  - {max_item_length: 1 m, price: 9.00}\n  - {max_item_length: 30 cm, price: 5.00}\n",
			"price:\n  - {max_item_length: 30 cm, price: 5.00}\n  - {max_item_length: 1 m,   price: 9.00}\n", "rows sorted by max_item_length: 30 cm"},
		{"pieces", "price:\n  - {max_items: 10, price: 9.00}\n  - {max_items: 9, price: 5.00}\n", "price:\n  - {max_items: 9,  price: 5.00}\n  - {max_items: 10, price: 9.00}\n", "by max_items: 9"},
		{"in order", "price:\n  - {max_weight: 1 kg, price: 9.00}\n  - {max_weight: 2 kg, price: 5.00}\n", "", ""},
		{"two limits", "price:\n  - {max_weight: 2 kg, max_items: 1, price: 9.00}\n  - {max_weight: 1 kg, max_items: 2, price: 5.00}\n", "", ""},
		{"two words in a head", "price:\n  table: |\n    to | max_weight | price\n    a  | 2 kg       |  1.00\n    b  | 1 kg       |  2.00\n", "", ""},
		{"no limit", "price:\n  table: |\n    to | price\n    b  |  1.00\n    a  |  2.00\n", "", ""},
		{"not readable", "price:\n  - {max_weight: 2 kg, price: 9.00}\n  - {max_weight: 1,    price: 5.00}\n", "", ""},
		{"another currency", "currency: SEK\nprice:\n  - {max_total: 20.00,    price: 9.00}\n  - {max_total: 1.00 EUR, price: 5.00}\n", "", ""},
		{"not beside each other", "price:\n  - {max_weight: 2 kg, price: 9.00}\n\n  - {max_weight: 1 kg, price: 5.00}\n", "", ""},
		{"surcharges", "surcharges:\n  - {max_weight: 2 kg, add: 9.00}\n  - {max_weight: 1 kg, add: 5.00}\n", "", ""},
		{"tests", "cases:\n  - table: |\n      max_weight | price\n      2 kg       | 1\n      1 kg       | 2\n", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			want := test.want
			if want == "" {
				want = test.in
			}
			got, notes := formatted(t, test.in, tidy.Options{Sort: true})
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
			if said := fmt.Sprint(notes); len(notes) > 1 || !strings.Contains(said, test.note) || test.note == "" && len(notes) > 0 {
				t.Errorf("said %s, want %s", said, test.note)
			}
		})
	}
}

// TestUnreadable: a file that cannot be read is told and not touched.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"a tab": "a:\n\tb: 1\n", "not YAML": "a: [1\n", "empty": "", "twice": "a: 1\na: 2\n", "not UTF-8": "a: \xff\n"} {
		r := new(diag.Report)
		if _, _, ok := tidy.Format("f.yaml", []byte(text), tidy.Options{}, r); ok || !r.Failed() || r.Findings()[0].Line == 0 {
			t.Errorf("%s: %v %v", name, ok, r.Findings())
		}
	}
}

// yamlFiles are the samples and fixtures of the program.
func yamlFiles(t testing.TB) map[string][]byte {
	all := map[string][]byte{}
	for _, root := range []string{"../../configs", "../rulebook/testdata", "../lint/testdata", "../../shipping/testdata", "../../rules", "../../pricing/tax"} {
		err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(name) != ".yaml" {
				return nil // rooms without such a folder
			}
			all[name], err = os.ReadFile(name)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(all) < 20 {
		t.Fatalf("%d files", len(all))
	}
	return all
}

// TestSamples formats every sample: what can be read is formatted, and once is enough.
func TestSamples(t *testing.T) {
	t.Parallel()
	for name, data := range yamlFiles(t) {
		r := new(diag.Report)
		if diag.Parse(name, data, r) != nil && !r.Failed() {
			formatted(t, string(data), tidy.Options{})
			formatted(t, string(data), tidy.Options{Sort: true})
		}
	}
}

// TestSameRules loads each sample rulebook before and after: the options, their layouts and the tax stay what they are.
func TestSameRules(t *testing.T) {
	t.Parallel()
	dirs, err := filepath.Glob("../../configs/examples/*")
	if err != nil || len(dirs) < 5 {
		t.Fatalf("%v %v", dirs, err)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			to := t.TempDir()
			if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			files, err := filepath.Glob(filepath.Join(to, "*.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				data, err := os.ReadFile(f)
				if err != nil {
					t.Fatal(err)
				}
				// squeeze it first, so that there is something to do
				text := strings.ReplaceAll(strings.ReplaceAll(string(data), " | ", "|"), ",  ", ",")
				out, _ := formatted(t, text, tidy.Options{Sort: true})
				if err := os.WriteFile(f, []byte(out), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			before, after := load(t, dir), load(t, to)
			if d := cmp.Diff(describe(before), describe(after)); d != "" {
				t.Error(d)
			}
		})
	}
}

func load(t *testing.T, dir string) *rulebook.Rulebook {
	t.Helper()
	r := new(diag.Report)
	b := rulebook.LoadFS(os.DirFS(dir), rulebook.Options{Shipped: configs.FS()}, r)
	if b == nil {
		t.Fatalf("%v", r.Findings())
	}
	return b
}

// describe writes what the options of a rulebook are made of.
func describe(b *rulebook.Rulebook) string {
	var out strings.Builder
	layouts := b.Shipping.Layouts()
	for i := range layouts {
		o := &layouts[i]
		fmt.Fprintln(&out, o.ID, o.Off, o.Texts)
		for j := range o.Prices {
			for k := range o.Prices[j].Rows {
				row := &o.Prices[j].Rows[k]
				for _, term := range row.When.Terms() {
					fmt.Fprint(&out, term.String(), " ")
				}
				for _, m := range append(slices.Clone(row.Price.Values), row.Cells...) {
					fmt.Fprint(&out, m.Money.String(), m.Off, m.Share, " ")
				}
				fmt.Fprintln(&out)
			}
		}
	}
	return out.String()
}

// FuzzFormat holds: what can be read is formatted to something that reads the same, and formatting again changes nothing.
func FuzzFormat(f *testing.F) {
	for _, data := range yamlFiles(f) {
		if len(data) < 2_000 {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r := new(diag.Report)
		readable := diag.Parse("f.yaml", data, r) != nil && !r.Failed()
		for _, o := range []tidy.Options{{}, {Sort: true}} {
			out, _, ok := tidy.Format("f.yaml", data, o, new(diag.Report))
			if ok != readable {
				t.Fatalf("formatted %v, readable %v: %v", ok, readable, r.Findings())
			}
			if !ok {
				return
			}
			again, notes, ok := tidy.Format("f.yaml", out, o, new(diag.Report))
			if !ok || !bytes.Equal(out, again) || len(notes) > 0 {
				t.Fatalf("again %v %v:\n%q\n%q", ok, notes, out, again)
			}
		}
	})
}
