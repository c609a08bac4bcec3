//go:build linux || darwin

package cmd

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// accessWrite is W_OK of access(2).
const accessWrite = 2

// mayWrite reports whether this user may write to a file or a folder.
func mayWrite(path string) (ok, known bool) { return syscall.Access(path, accessWrite) == nil, true }

// freeSpace is what this user may still write to the disk of a folder, in bytes.
func freeSpace(dir string) (n uint64, known bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, false
	}
	return s.Bavail * uint64(s.Bsize), true
}

// lockHolder reports whether somebody holds the lock of a store's file, and who. It asks for the lock that any number of
// readers may have at a time, and gives it back at once.
func lockHolder(file string) (held bool, by string, known bool) {
	f, err := os.Open(file)
	if err != nil {
		return false, "", false
	}
	defer func() { _ = f.Close() }() // nothing was written
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB)
	switch {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return true, holderOf(f), true
	case err != nil:
		return false, "", false
	}
	return false, "", syscall.Flock(int(f.Fd()), syscall.LOCK_UN) == nil
}

// holderOf names the process that holds a lock, as far as the system tells.
func holderOf(f *os.File) string {
	const nobody = "another process"
	info, err := f.Stat()
	if err != nil {
		return nobody
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	raw, err := os.ReadFile("/proc/locks") // Linux only
	if !ok || err != nil {
		return nobody
	}
	inode := ":" + strconv.FormatUint(stat.Ino, 10)
	for line := range strings.Lines(string(raw)) {
		// 1: FLOCK  ADVISORY  WRITE 708 00:15:13972 0 EOF
		parts := strings.Fields(line)
		if len(parts) < 6 || parts[1] != "FLOCK" || !strings.HasSuffix(parts[5], inode) {
			continue
		}
		name, err := os.ReadFile("/proc/" + parts[4] + "/comm")
		if err != nil {
			return "process " + parts[4]
		}
		return fmt.Sprintf("process %s (%s)", parts[4], strings.TrimSpace(string(name)))
	}
	return nobody
}
