package cmd_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kvitto/kvitto/cmd"
)

// fullFolder is a shop in mode full, with lines before the merchants.
func fullFolder(t *testing.T, top string) (dir, config string) {
	t.Helper()
	dir, config = shopFolder(t)
	write(t, filepath.Join(dir, "key"), "kco_test_api_0123456789")
	write(t, filepath.Join(dir, "seal"), "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=")
	write(t, config, top+"merchants:\n  - {id: shop, mode: full, rules: rules, tokens: [{env: KVITTO_SHOP_TOKEN}],\n"+
		"     provider: {base_url: \"https://api.example\", credentials: {raw_file: key}}, sink: {spool: {dir: spool/orders}}}\n")
	return dir, config
}

// runOn runs a command on a machine whose disks are as kind says; a service that starts is stopped.
func runOn(t *testing.T, kind func(string) (string, error), args ...string) (status int, stderr string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out := &stopper{text: `"message":"serving"`, stop: cancel}
	p := &cmd.Program{Stdin: strings.NewReader(""), Stdout: &bytes.Buffer{}, Stderr: out, Now: time.Now, Disk: kind,
		Plugins: cmd.Included(), Environ: []string{"KVITTO_SHOP_TOKEN=" + shopToken}}
	return p.Run(ctx, args), out.String()
}

// stopper stops a service once it serves. It is read when the service has ended.
type stopper struct {
	mu sync.Mutex
	bytes.Buffer
	text string
	stop func()
}

// Write implements io.Writer.
func (s *stopper) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if strings.Contains(string(p), s.text) {
		s.stop()
	}
	return s.Buffer.Write(p)
}

// TestVanishingDisks: in mode full a store or a spool that a container loses stops the start, with a reason.
func TestVanishingDisks(t *testing.T) {
	under := func(part, kind string) func(string) (string, error) {
		return func(path string) (string, error) {
			if strings.HasSuffix(path, "spool") || strings.HasSuffix(path, "var") || strings.HasSuffix(path, "orders") {
				return "", &fs.PathError{Op: "statfs", Path: path, Err: fs.ErrNotExist} // not made yet: the folder above counts
			}
			if strings.Contains(path, part) {
				return kind, nil
			}
			return "", nil
		}
	}
	dir, config := fullFolder(t, "store: {file: var/kvitto.db}\n")
	whole := filepath.Base(dir)
	_, accepted := fullFolder(t, "ephemeral: accepted\n")
	redis, redisConfig := fullFolder(t, "store: {redis: {addrs: [\"127.0.0.1:6379\"]}}\nconfirm: {seal: [{file: seal}]}\n")
	_, unaudited := fullFolder(t, "audit: {file: \"\"}\n")
	_, pricing := shopFolder(t)
	volume := t.TempDir()
	_, apart := fullFolder(t, "store: {file: "+filepath.Join(volume, "var", "kvitto.db")+"}\n")
	tests := []struct {
		name, config string
		kind         func(string) (string, error)
		status       int
		says         []string
		not          string
	}{
		{"both in memory", config, under(whole, "a disk in memory (tmpfs)"), 2,
			[]string{"store.file: ", "merchant shop: sink.spool.dir: ", "audit.file: ", "audit: {file: \"\"}", "is on a disk in memory (tmpfs)", "gone with the container", "`ephemeral: accepted`"}, "serving"},
		{"accepted", accepted, under("", "a disk in memory (tmpfs)"), 0, []string{`"message":"serving"`}, "tmpfs"},
		{"a volume", config, under(whole, ""), 0, []string{`"message":"serving"`}, "tmpfs"},
		{"the store on a volume, the spool not", apart, func(p string) (string, error) {
			if strings.HasPrefix(p, volume) {
				return "", nil
			}
			return "the container's own layer (overlay)", nil
		}, 2, []string{"sink.spool.dir", "overlay"}, "store.file"},
		{"Redis needs no disk, the spool does", redisConfig, under(filepath.Base(redis), "x"), 2, []string{"sink.spool.dir", "audit.file"}, "store.file"},
		{"no audit", unaudited, under("", "x"), 2, []string{"store.file"}, "audit.file"},
		{"mode pricing has nothing to lose", pricing, under("", "a disk in memory (tmpfs)"), 0, []string{`"message":"serving"`}, "tmpfs"},
		{"a disk that cannot be seen", config, func(string) (string, error) { return "", errors.New("no such call") }, 2,
			[]string{"what disk", "no such call"}, "serving"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, stderr := runOn(t, tt.kind, "serve", "--config", tt.config, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0")
			if status != tt.status || tt.not != "" && strings.Contains(stderr, tt.not) {
				t.Errorf("got %d, want %d:\n%s", status, tt.status, stderr)
			}
			for _, text := range tt.says {
				if !strings.Contains(stderr, text) {
					t.Errorf("got\n%s\nwant %s", stderr, text)
				}
			}
		})
	}
	status, stderr := runOn(t, under(whole, "a disk in memory (tmpfs)"), "check", "--config", config)
	if status != 0 || !strings.Contains(stderr, "on this machine the service would not start") {
		t.Errorf("check: got %d\n%s\nwant it told, and 0: another machine may serve", status, stderr)
	}
}

// TestVanishingDiskReload: a reload that would begin to take orders onto such a disk changes nothing.
func TestVanishingDiskReload(t *testing.T) {
	dir, config := shopFolder(t)
	r := startOn(t, func(string) (string, error) { return "a disk in memory (tmpfs)", nil }, "--config", config)
	_, full := fullFolder(t, "")
	write(t, filepath.Join(dir, "key"), "kco_test_api_0123456789")
	text, err := os.ReadFile(full)
	if err != nil {
		t.Fatal(err)
	}
	write(t, config, string(text))
	if e := r.await("configuration refused"); !strings.Contains(e["error"].(string), "tmpfs") {
		t.Errorf("got %v", e)
	}
	if status, got := r.post("address-update", body(t)); status != http.StatusOK {
		t.Errorf("got %d %s, want the service as it was", status, got)
	}
}

// TestDiskOfThisMachine looks at a real disk in memory, where there is one.
func TestDiskOfThisMachine(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("disks are only told apart on Linux")
	}
	mounts, err := os.ReadFile("/proc/mounts")
	if err != nil || !strings.Contains(string(mounts), " /dev/shm tmpfs ") {
		t.Skip("no disk in memory at /dev/shm")
	}
	_, config := fullFolder(t, "store: {file: /dev/shm/kvitto-test-that-is-never-made/kvitto.db}\n")
	status, stderr := runOn(t, nil, "serve", "--config", config, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0")
	if status != 2 || !strings.Contains(stderr, "a disk in memory (tmpfs)") {
		t.Errorf("got %d, %s; want it refused", status, stderr)
	}
}
