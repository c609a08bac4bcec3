//go:build !unix

package boltstore_test

// fill needs a limit of the file's size, which this system does not have.
func fill(string) {}
