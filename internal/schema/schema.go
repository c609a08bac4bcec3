// Package schema writes JSON Schemas of the files of a rulebook, and of the configuration, for editors: which keys and words there are, what each means,
// and what its value looks like.
//
// Its one rule: what the parser reads without an error, the schema accepts. Names, tables and what can never happen it does not
// see; rules lint does.
package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
)

// Dialect is the JSON Schema version of what is written here.
const Dialect = "https://json-schema.org/draft/2020-12/schema"

// File is a schema with the name of its file.
type File struct {
	Name string // e.g. shipping.v1.json
	For  string // the files that it is for, e.g. shipping.yaml
	root object
}

// Files returns the schemas of all files.
func Files() []File {
	return []File{
		{"shipping.v1.json", "shipping.yaml and what it includes", shipping()},
		{"tax.v1.json", "tax.yaml", tax()},
		{"checks.v1.json", "checks.yaml", checkFile()},
		{"test.v1.json", "*.test.yaml", tests()},
		{"kvitto.v1.json", "kvitto.yaml", config()},
	}
}

// Short is the name that a person gives to the file: shipping, tax, checks, test, kvitto.
func (f *File) Short() string {
	short, _, _ := strings.Cut(f.Name, ".")
	return short
}

// JSON writes the schema. The same program always writes the same bytes.
func (f *File) JSON() ([]byte, error) {
	root := object{"$schema": Dialect, "title": f.For, "description": "Format v1 of " + f.For + " of Kvitto. Look for mistakes with kvitto rules lint and kvitto check."}
	maps.Copy(root, f.root)
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(root); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	return out.Bytes(), nil
}

// object is a part of a schema.
type object map[string]any

// prop is a key of a map with what it means.
type prop struct {
	key, help string
	value     object
}

// own is the pattern of keys that are the author's own.
const own = "^x-"

// closed is a map that knows its keys.
func closed(required []string, props ...prop) object {
	known := object{}
	for _, p := range props {
		known[p.key] = described(p.value, p.help)
	}
	o := object{"type": "object", "properties": known, "patternProperties": object{own: true}, "additionalProperties": false}
	if len(required) > 0 {
		o["required"] = required
	}
	return o
}

// open is a map with names of the author's own; names is a pattern, "" for any.
func open(names string, value object) object {
	o := object{"type": "object", "patternProperties": object{own: true}, "additionalProperties": value}
	if names != "" {
		o["propertyNames"] = object{"pattern": names + "|" + own}
	}
	return o
}

// described is a schema with what it means here.
func described(value object, help string) object {
	if help == "" {
		return value
	}
	o := maps.Clone(value)
	o["description"] = help
	return o
}

// ref points to a definition of the file.
func ref(name string) object { return object{"$ref": "#/$defs/" + name} }

// either accepts what one of its parts accepts.
func either(parts ...object) object { return object{"anyOf": parts} }

// list is a list of at least one entry.
func list(item object) object { return object{"type": "array", "items": item, "minItems": 1} }

// oneOrMore is a value or a list of them.
func oneOrMore(item object) object { return either(item, list(item)) }

// withDefs adds the definitions that a file refers to.
func withDefs(root, defs object) object {
	o := maps.Clone(root)
	o["$defs"] = defs
	return o
}
