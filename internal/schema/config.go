package schema

import "github.com/kvitto/kvitto/configs"

// config is the schema of kvitto.yaml: its keys, as the loader knows them. What they mean stands in configs/kvitto.yaml.
func config() object {
	root := configs.Keys()
	o := configOf(&root)
	o["required"] = []string{"merchants"}
	return o
}

// configOf describes one place. A key without a value is as good as none.
func configOf(k *configs.Key) object {
	nothing := object{"type": "null"}
	switch {
	case k.Any:
		return object{}
	case k.Keys != nil:
		props := make([]prop, len(k.Keys))
		for i := range k.Keys {
			props[i] = prop{key: k.Keys[i].Name, value: configOf(&k.Keys[i])}
		}
		o := closed(nil, props...)
		o["type"] = []string{"object", "null"}
		return o
	case k.Item != nil:
		return either(object{"type": "array", "items": configOf(k.Item)}, nothing)
	case k.Free != nil:
		return either(open("", configOf(k.Free)), nothing)
	default:
		return object{"type": []string{"string", "number", "boolean"}}
	}
}
