package confirm

// Without is a JSON value but for members of some names, for tests.
func Without(raw []byte, names ...string) ([]byte, error) { return without(raw, names) }
