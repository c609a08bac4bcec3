package compare_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/authoring/samplebook"
)

// guarded is the small shop with checks; pairs of texts are replaced in all of its files.
func guarded(t *testing.T, pairs ...string) *authoring.Book {
	t.Helper()
	const checks = `version: 1
checks:
  - id: heavy
    when: {max_total: 100.00, to: gotland, customer: person}
    reject: {text: {sv: Nej}}
  - id: boxes
    matches: {street_address: ["box *"]}
    unless: {class: bulky}
    on: [address_update, validation]
    reject: {error: address_error, text: {sv: Ingen box}}
`
	fsys := fstest.MapFS{"tax.yaml": {Data: []byte(samplebook.VAT)}}
	for name, text := range map[string]string{"shipping.yaml": samplebook.Shop, "checks.yaml": checks} {
		fsys[name] = &fstest.MapFile{Data: []byte(strings.NewReplacer(pairs...).Replace(text))}
	}
	return samplebook.Open(t, fsys)
}

// TestChecks: which orders a check stops is compared as they are, not as it is written.
func TestChecks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		pairs []string
		want  []string
	}{
		{"a zone with another name", []string{"gotland", "visby"}, nil},
		{"words in another order", []string{"max_total: 100.00, to: gotland", "to: gotland, max_total: 100.00"}, nil},
		{"a limit", []string{"max_total: 100.00", "max_total: 200.00"},
			[]string{"~ heavy | SE 620–624, over 100.00 SEK up to 200.00 SEK, persons | passes > stopped"}},
		{"who", []string{"customer: person", "customer: organization"},
			[]string{"~ heavy | SE 620–624, up to 100.00 SEK, persons | stopped > passes",
				"~ heavy | SE 620–624, up to 100.00 SEK, organizations | passes > stopped"}},
		{"days", []string{"max_total: 100.00", "until: 2026-12-01"},
			[]string{"~ heavy | SE 620–624, over 100.00 SEK, persons, until 2026-12-01 | passes > stopped",
				"~ heavy | SE 620–624, up to 100.00 SEK, persons, from 2026-12-02 | stopped > passes",
				"~ heavy | SE 620–624, persons, orders in DKK, until 2026-12-01 | passes > stopped"}},
		{"patterns", []string{`["box *"]`, `["box *", "*postbox*"]`}, []string{"~ boxes | matches street_address | box * > box * or *postbox*"}},
		{"a text", []string{"Ingen box", "Aldrig box"}, []string{"~ boxes | text in sv | Ingen box > Aldrig box"}},
		{"where to", []string{"reject: {text: {sv: Nej}}", "redirect: https://shop.example/why"},
			[]string{"~ heavy | error | approval_failed > ", "~ heavy | text in sv | Nej > ", "~ heavy | redirect |  > https://shop.example/why"}},
		{"when it is asked", []string{"on: [address_update, validation]", "on: validation"}, []string{"~ boxes | on | validation, address_update > validation"}},
		{"another id", []string{"id: boxes", "id: box"}, []string{
			"- boxes | goods without a class | stopped > passes", "+ box | goods without a class | passes > stopped"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			r := diff(t, guarded(t), guarded(t, tt.pairs...))
			for _, c := range r.Changes {
				if c.Kind == "check" {
					got = append(got, fmt.Sprintf("%s %s | %s | %s > %s", c.Sign, c.Option, c.Where, c.Before.Text, c.After.Text))
				} else {
					t.Errorf("more than checks: %+v", c)
				}
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestFirstChecks: a rulebook without checks against one with them.
func TestFirstChecks(t *testing.T) {
	t.Parallel()
	r := diff(t, samplebook.Edited(t), guarded(t))
	if got := text(t, r); !strings.Contains(got, "+ check heavy   SE 620–624, up to 100.00 SEK, persons") || !strings.Contains(got, "new: it can stop orders") {
		t.Error(got)
	}
	r = diff(t, guarded(t), samplebook.Edited(t))
	if got := text(t, r); !strings.Contains(got, "- check boxes") || !strings.Contains(got, "gone: it stops no order any more") {
		t.Error(got)
	}
}
