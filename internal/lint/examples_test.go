package lint_test

import (
	"os"
	"testing"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/lint"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules/diag"
)

// TestExamplesAreClean: no rulebook that comes with the program has anything that lint would tell.
func TestExamplesAreClean(t *testing.T) {
	t.Parallel()
	books, err := os.ReadDir("../../configs/examples")
	if err != nil || len(books) == 0 {
		t.Fatal("no examples", err)
	}
	dirs := []string{"../../configs/demo/rules"}
	for _, b := range books {
		dirs = append(dirs, "../../configs/examples/"+b.Name())
	}
	for _, dir := range dirs {
		r := new(diag.Report)
		if _, err := lint.Check(os.DirFS(dir), lint.Options{Options: rulebook.Options{Shipped: configs.FS()}, Now: today()}, r); err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Findings() {
			t.Errorf("%s: %s %s: %s", dir, f.Code, f.Place, f.Message)
		}
	}
}
