//go:build !linux

package main

import "syscall"

// withParent does nothing where the system has nothing for it.
func withParent() *syscall.SysProcAttr { return nil }
