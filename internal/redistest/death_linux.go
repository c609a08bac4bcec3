package redistest

import "syscall"

// withParent makes a child the head of a group of its own, which holds what it forks to write its data, and makes it die
// with the thread that started it, so that a test that is killed leaves no servers.
func withParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
