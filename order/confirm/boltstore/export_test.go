package boltstore

import "go.etcd.io/bbolt"

// OpenUnsynced is Open of a file that is not synced, for tests that make thousands of changes.
func OpenUnsynced(path string, o Options) *Store {
	s := newStore(path, o)
	s.noSync = true
	s.working.Go(s.opening)
	return s
}

// DB is the database of an open store.
func (s *Store) DB() *bbolt.DB { return s.db }

// Recode decodes a stored record and encodes it again.
func Recode(raw []byte) ([]byte, error) {
	var e entry
	if err := decode(raw, &e); err != nil {
		return nil, err
	}
	return encode(&e), nil
}

// Schema is the number of the layout.
const Schema = schema
