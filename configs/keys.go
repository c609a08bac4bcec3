package configs

// Key is what may stand in one place of the configuration, for those who describe the file: a map with Keys, a list of Item, a
// map from free names to Free, or a text where none of them is set. Any is what its reader checks by itself.
type Key struct {
	Name string // in the map around it, "" of an entry
	Keys []Key
	Item *Key
	Free *Key
	Any  bool
}

// Keys describes the whole file as the loader checks it.
func Keys() Key {
	root := fileShape()
	return root.describe()
}

func (s *shape) describe() Key {
	k := Key{Name: s.key, Any: s.own && len(s.keys) == 0}
	for i := range s.keys {
		k.Keys = append(k.Keys, s.keys[i].describe())
	}
	if s.item != nil {
		item := s.item.describe()
		k.Item = &item
	}
	if s.free != nil {
		free := s.free.describe()
		k.Free = &free
	}
	return k
}
