package configs_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/rules/diag"
)

// TestPublish: people may hold their token themselves, of which the file has only the hash; the name of a rulebook is the folder
// as it is written, wherever the file lies.
func TestPublish(t *testing.T) {
	t.Parallel()
	text := `publish:
  people:
    - {name: Åsa Berg, token: {env: A}}
    - {name: bo@shop.example, token: {sha256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, until: 2027-01-31}}
merchants:
  - {id: se, rules: ./rules//nordic, tokens: [{env: T}]}
`
	for name, tt := range map[string]struct{ file, dir string }{
		"beside": {"kvitto.yaml", "var/rules"}, "below": {"etc/kvitto.yaml", "etc/var/rules"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var r diag.Report
			files := tree(text, map[string]string{"etc/kvitto.yaml": text, "rules/nordic/shipping.yaml": "", "etc/rules/nordic/shipping.yaml": ""})
			c := configs.LoadFS(files, tt.file, []string{"T=" + goodToken, "A=" + goodToken + "ff"}, &r)
			if c == nil {
				t.Fatal(r.Findings())
			}
			want := configs.Publish{Dir: tt.dir, Poll: 4 * time.Second, People: []configs.Person{
				{Name: "Åsa Berg", Token: configs.Token{Hash: hash(goodToken + "ff"), Plain: configs.NewSecret(goodToken + "ff")}},
				{Name: "bo@shop.example", Token: configs.Token{Hash: [32]byte{1, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 1, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
					1, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 1, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef}, Until: time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC)}},
			}}
			if d := cmp.Diff(want, c.Publish, cmp.Comparer(func(a, b configs.Secret) bool { return a.Reveal() == b.Reveal() })); d != "" {
				t.Error(d)
			}
			if got := c.Merchants[0].Rulebook; got != "rules/nordic" {
				t.Errorf("rulebook %q", got)
			}
		})
	}
}
