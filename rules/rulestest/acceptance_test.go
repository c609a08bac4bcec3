package rulestest_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// TestRulebooksPass: the rulebooks that come with the program, and one here that uses every word, pass.
func TestRulebooksPass(t *testing.T) {
	t.Parallel()
	configs := filepath.Join("..", "..", "configs")
	for _, tt := range []struct{ dir, want string }{
		{filepath.Join(configs, "examples", "nordic"), "nordic.test.yaml    11 cases  36 checks   ok\n11 passed, 0 failed\n"},
		{filepath.Join(configs, "examples", "first"), "first.test.yaml    2 cases  8 checks   ok\n2 passed, 0 failed\n"},
		{filepath.Join(configs, "demo", "rules"), "demo.test.yaml    12 cases  47 checks   ok\n12 passed, 0 failed\n"},
		{filepath.Join("testdata", "shop"), "shop.test.yaml    19 cases  64 checks   ok\n19 passed, 0 failed\n"},
	} {
		t.Run(filepath.Base(tt.dir), func(t *testing.T) {
			t.Parallel()
			s, fsys, r := subject(t, tt.dir), os.DirFS(tt.dir), new(diag.Report)
			files, err := rulestest.Files(fsys)
			if err != nil {
				t.Fatal(err)
			}
			var results []*rulestest.Result
			for _, file := range files {
				results = append(results, rulestest.Run(fsys, file, s, r))
			}
			if told := short(t, r); told != "" {
				t.Errorf("findings:\n%s", told)
			}
			if d := cmp.Diff(tt.want, textOf(t, results...)); d != "" {
				t.Errorf("want -, got +:\n%s", d)
			}
		})
	}
}
