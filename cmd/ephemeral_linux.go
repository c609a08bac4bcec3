package cmd

import (
	"os"
	"syscall"
)

// Types of file systems by statfs(2) that are gone with the machine or the container.
const (
	tmpfsMagic   = 0x01021994
	ramfsMagic   = 0x858458f6
	overlayMagic = 0x794c7630
	aufsMagic    = 0x61756673
)

// diskKind names the disk that an existing path is on where it vanishes, else "".
func diskKind(path string) (string, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(path, &s); err != nil {
		return "", &os.PathError{Op: "statfs", Path: path, Err: err}
	}
	switch uint32(s.Type) { // of another width on each machine
	case tmpfsMagic:
		return "a disk in memory (tmpfs)", nil
	case ramfsMagic:
		return "a disk in memory (ramfs)", nil
	case overlayMagic, aufsMagic:
		return "the container's own layer (overlay)", nil
	default:
		return "", nil
	}
}
