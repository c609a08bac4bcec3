//go:build !unix

package cmd

// maxConnections is the listener's own cap: this system does not say how many descriptors a process may have.
func maxConnections(most int) int { return most }
