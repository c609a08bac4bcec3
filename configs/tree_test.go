package configs_test

import (
	"io/fs"
	"testing/fstest"
)

// tree is a folder with a configuration, an empty rulebook in rules, and other files.
func tree(config string, files map[string]string) fs.FS {
	out := fstest.MapFS{"kvitto.yaml": {Data: []byte(config)}, "rules/shipping.yaml": {Data: []byte("version: 1\n")}}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}
