package sink_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/kvitto/kvitto/order/confirm/sink"
)

// onFullDisk is set in the process that has a disk of 64 KiB of its own.
const onFullDisk = "KVITTO_TEST_FULL_DISK"

// TestFullDisk: a real disk that is full is an error and leaves no half file; once there is room the same event is taken.
// The disk is a tmpfs in a name space of its own, where the machine grants one.
func TestFullDisk(t *testing.T) {
	if dir := os.Getenv(onFullDisk); dir != "" {
		fullDisk(t, dir)
		return
	}
	t.Parallel()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(exe, "-test.run=^TestFullDisk$", "-test.v")
	c.Env = append(os.Environ(), onFullDisk+"="+t.TempDir())
	c.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
	}
	out, err := c.CombinedOutput()
	switch {
	case strings.Contains(string(out), "SKIP"), errors.Is(err, syscall.EPERM), errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EINVAL):
		t.Skipf("this machine grants no name space with a disk of its own: %v %s", err, out)
	case err != nil:
		t.Errorf("%v\n%s", err, out)
	}
}

func fullDisk(t *testing.T, dir string) {
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skip(err)
	}
	s := spool(t, dir)
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 48<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	e := event()
	e.Body = []byte(strings.Repeat("x", 32<<10))
	for range 3 {
		if _, err := s.Take(t.Context(), e); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("got %v", err)
		}
		if got := files(t, dir); len(got) != 2 { // ballast and done
			t.Errorf("%d files are left", len(got))
		}
	}
	if _, err := sink.NewSpool(dir); err != nil {
		t.Errorf("there is room for the probe: %v", err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Take(t.Context(), e); err != nil {
		t.Error(err)
	}
	wantFiles(t, dir, map[string]string{id + ".json": string(e.Body), "done": "/"})
}
