package cmd_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/cmd"
)

// TestInitServes: what init writes serves at once, and answers a callback with the token that it made.
func TestInitServes(t *testing.T) {
	body := readRepo(t, "configs/examples/first/address-update.json")
	for _, mode := range []string{"pricing", "full"} {
		t.Run(mode, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "shop")
			p := &cmd.Program{Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: os.Stderr, Now: time.Now, Plugins: cmd.Included()}
			if status := p.Run(t.Context(), []string{"init", dir, "--country", "SE", "--mode", mode, "--yes"}); status != 0 {
				t.Fatalf("init ends with %d", status)
			}
			r := startOn(t, func(string) (string, error) { return "", nil }, "--config", filepath.Join(dir, "kvitto.yaml"))
			token, err := os.ReadFile(filepath.Join(dir, "secrets", "token"))
			if err != nil {
				t.Fatal(err)
			}
			resp, err := http.Post("http://"+r.listen+"/v1/shop/"+strings.TrimSpace(string(token))+"/address-update", "application/json", strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if status, answer := read(t, resp); status != http.StatusOK || !strings.Contains(answer, `"id":"paket"`) {
				t.Errorf("%d %s", status, answer)
			}
			if status := r.stop(); status != 0 {
				t.Errorf("serve ends with %d:\n%s", status, r.logs)
			}
		})
	}
}
