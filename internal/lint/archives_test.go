package lint_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestArchives: in the rulebooks that show what each word of the format costs, no row and no option is called useless that
// their own tests prove to be used.
func TestArchives(t *testing.T) {
	t.Parallel()
	found, err := filepath.Glob("../rulebook/testdata/format/*.txtar")
	if err != nil || len(found) < 10 {
		t.Fatal(found, err)
	}
	for _, file := range found {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			files := map[string]string{}
			for _, f := range a.Files {
				files[f.Name] = string(f.Data)
			}
			b, r := check(t, files)
			if b == nil {
				t.Fatal(told(r))
			}
			for _, f := range r.Findings() {
				if slices.Contains([]string{"W310", "W311", "W313"}, f.Code) {
					t.Errorf("%s:%d: %s %s", f.File, f.Line, f.Code, f.Message)
				}
			}
		})
	}
}
