package diag_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/diag"
)

// TestRebase: findings of two folders in one report keep their lines, their paths and their causes.
func TestRebase(t *testing.T) {
	t.Parallel()
	var all diag.Report
	for _, dir := range []string{"shops/a", "b", "."} {
		var r diag.Report
		n := diag.Parse("s.yaml", []byte("# "+dir+"\nzones:\n  x: 1\n"), &r)
		f := r.Errorf("E203", n.Get("zones").Get("x").Place, "no")
		f.Cause = &diag.Cause{Place: diag.Place{File: "s.yaml", Line: 1, Col: 1}, Label: "why"}
		r.Warnf("W420", diag.Place{File: "shipped", Line: 1, Col: 1}, "elsewhere")
		r.Rebase(dir, func(file string) bool { return file != "shipped" })
		all.Add(&r, diag.Place{}, "")
	}
	var got []string
	for _, f := range all.Findings() {
		if f.Cause == nil {
			got = append(got, f.String())
			continue
		}
		got = append(got, f.String()+" "+f.Cause.String()+" "+f.Path)
	}
	want := []string{"b/s.yaml:3:6 b/s.yaml:1:1 zones.x", "s.yaml:3:6 s.yaml:1:1 zones.x", "shipped:1:1", "shops/a/s.yaml:3:6 shops/a/s.yaml:1:1 zones.x"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var shown strings.Builder
	if err := all.Render(&shown, false); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"1 | # shops/a", "1 | # b", "--> shops/a/s.yaml:3:6", "4 findings: 3 errors, 1 warning"} {
		if !strings.Contains(shown.String(), line) {
			t.Errorf("not shown: %s\n%s", line, shown.String())
		}
	}
}
