//go:build !unix

package publication

// syncDir does nothing where folders cannot be synced; the service is for unix systems.
func syncDir(string) error { return nil }
