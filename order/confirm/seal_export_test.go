package confirm

// CloseSeal seals a body as the machine does.
func CloseSeal(s Seal, k Key, body []byte) []byte { return s.close(k, body) }

// OpenSeal opens a body as the machine does.
func OpenSeal(s Seal, k Key, body []byte) ([]byte, error) { return s.open(k, body) }
