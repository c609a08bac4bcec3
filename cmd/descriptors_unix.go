//go:build unix

package cmd

import "syscall"

// spareDescriptors are kept for files, the admin listener and calls outwards.
const spareDescriptors = 32

// maxConnections is how many connections the public listener may keep open: its own cap, or fewer where the process may not
// have that many descriptors.
func maxConnections(most int) int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Cur > 1<<20 {
		return most
	}
	return max(1, min(most, int(limit.Cur)-spareDescriptors))
}
