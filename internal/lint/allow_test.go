package lint_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAllow: a comment with a code and a reason takes a warning away, on its own line and nowhere else.
func TestAllow(t *testing.T) {
	t.Parallel()
	row := func(comment string) string {
		return option("price:\n  - {price: 1.00}\n  - {class: bulky, price: 2.00}" + comment)
	}
	const never = "W310 13:17 this row can never be used"
	for _, tc := range []struct {
		name, shop string
		want       []string
	}{
		{"none", row(""), []string{never}},
		{"on the line", row(" # lint: allow W310 because the carrier sends it so"), nil},
		{"above the line", option("price:\n  - {price: 1.00}\n  # lint: allow W310 because the carrier sends it so\n  # and will do so\n\n  - {class: bulky, price: 2.00}"), nil},
		{"one of several", row(" # lint: allow W311, W310 because the carrier sends it so"), nil},
		{"another code", row(" # lint: allow W311 because the carrier sends it so"), []string{never}},
		{"another line", option("price:\n  - {price: 1.00} # lint: allow W310 because it is so\n  - {class: bulky, price: 2.00}"), []string{never}},
		{"no reason", row(" # lint: allow W310"), []string{never, "W508 13:37 this comment allows no warning"}},
		{"an error", row(" # lint: allow E203 because I know better"), []string{never, "W508 13:37 this comment allows no warning"}},
		{"within a text", option("price: 1.00\ndescription: \"#lint: x\""), nil},
		{"the last line", option("price: 1.00\n# lint: allow W310 because it is so"), nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, r := check(t, map[string]string{"shipping.yaml": tc.shop})
			if diff := cmp.Diff(tc.want, told(r)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
