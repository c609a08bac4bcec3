//go:build !linux && !darwin

package cmd

// mayWrite knows nothing here: the service runs on Linux and macOS.
func mayWrite(string) (ok, known bool) { return false, false }

// freeSpace knows nothing here.
func freeSpace(string) (n uint64, known bool) { return 0, false }

// lockHolder knows nothing here.
func lockHolder(string) (held bool, by string, known bool) { return false, "", false }
