//go:build unix && !linux

package redistest

import "syscall"

// withParent makes a child the head of a group of its own; where the system cannot let it die with us, Close must.
func withParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
