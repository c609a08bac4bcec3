package cmd_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/cmd"
	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules/diag"
)

// serving is an admin listener that serves one merchant by a revision.
func serving(t *testing.T, revision string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/rules" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = fmt.Fprintf(w, `{"merchants":[{"id":"demo","revision":%q}]}`, revision)
	}))
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://")
}

func diffLive(t *testing.T, args ...string) (status int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	p := &cmd.Program{Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, Plugins: cmd.Included(),
		Now: func() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) }}
	status = p.Run(t.Context(), append([]string{"rules", "diff"}, args...))
	return status, stdout.String(), stderr.String()
}

func revisionOf(t *testing.T, dir string) string {
	t.Helper()
	b := rulebook.LoadFS(os.DirFS(dir), rulebook.Options{Shipped: configs.FS()}, new(diag.Report))
	if b == nil {
		t.Fatalf("%s does not load", dir)
	}
	return b.Revision
}

// TestDiffLive: what is served is the folder itself, one of its commits, or neither, which is told.
func TestDiffLive(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir := t.TempDir()
	shop := filepath.Join(dir, "rules")
	if err := os.CopyFS(shop, os.DirFS("../configs/examples/nordic")); err != nil {
		t.Fatal(err)
	}
	before := revisionOf(t, shop)
	if status, out, errs := diffLive(t, "--live", serving(t, before), shop); status != 0 || !strings.Contains(out, "serves exactly these files") {
		t.Errorf("the same: status %d\n%s%s", status, out, errs)
	}
	commit := func(message string) {
		t.Helper()
		for _, args := range [][]string{{"init", "-q"}, {"add", "."}, {"-c", "user.name=a", "-c", "user.email=a@shop.example", "commit", "-q", "-m", message}} {
			c := exec.Command("git", args...)
			c.Dir = dir
			if out, err := c.CombinedOutput(); err != nil {
				t.Fatalf("git %v: %v\n%s", args, err, out)
			}
		}
	}
	commit("before")
	file := filepath.Join(shop, "shipping.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, bytes.Replace(text, []byte("price: 495.00"), []byte("price: 515.00"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	commit("after")
	if status, out, errs := diffLive(t, "--live", serving(t, before), shop); status != 1 || !strings.Contains(out, "+20.00 SEK, as 495.00 → 515.00") {
		t.Errorf("an earlier commit: status %d\n%s%s", status, out, errs)
	}
	if status, _, errs := diffLive(t, "--live", serving(t, "0123456789ab"), shop); status != 2 || !strings.Contains(errs, "serves revision 0123456789ab, which is neither this folder") {
		t.Errorf("unknown: status %d\n%s", status, errs)
	}
	if status, _, errs := diffLive(t, "--live", serving(t, before), "--merchant", "other", shop); status != 2 || !strings.Contains(errs, `--merchant "other": want one of demo`) {
		t.Errorf("another merchant: status %d\n%s", status, errs)
	}
}
