//go:build !linux

package cmd

// diskKind knows nothing here: containers run on Linux.
func diskKind(string) (string, error) { return "", nil }
