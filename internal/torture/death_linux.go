package main

import "syscall"

// withParent makes a child die with this process, so that nothing is left of a run that is killed.
func withParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
