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
		{filepath.Join(configs, "examples", "nordic"), "nordic.test.yaml    26 cases  67 checks   ok\n26 passed, 0 failed\n"},
		{filepath.Join(configs, "examples", "first"), "first.test.yaml    3 cases  9 checks   ok\n3 passed, 0 failed\n"},
		{filepath.Join(configs, "demo", "rules"), "demo.test.yaml    24 cases  75 checks   ok\n24 passed, 0 failed\n"},
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
