//go:build unix

package diag_test

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/diag"
)

// TestReadFileOfPipe would hang if the pipe were opened.
func TestReadFileOfPipe(t *testing.T) {
	t.Parallel()
	dir, fsys := folder(t, nil)
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.csv"), 0o600); err != nil {
		t.Skip(err)
	}
	var r diag.Report
	_, ok := diag.ReadFile(fsys, "pipe.csv", 100, diag.Place{}, &r)
	if diff := cmp.Diff([]string{"1:1 E011"}, places(&r)); ok || diff != "" {
		t.Error(ok, diff)
	}
}
