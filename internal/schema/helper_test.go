package schema_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/lint"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/internal/schema"
	"github.com/kvitto/kvitto/rules/diag"
)

// compiled is each schema, by the name of its file.
func compiled(t testing.TB) map[string]*jsonschema.Schema {
	t.Helper()
	all := map[string]*jsonschema.Schema{}
	for _, f := range schema.Files() {
		text, err := f.JSON()
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		c := jsonschema.NewCompiler()
		if err := c.AddResource(f.Name, doc); err != nil {
			t.Fatal(err)
		}
		s, err := c.Compile(f.Name)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		all[f.Name] = s
	}
	return all
}

// schemaOf is the name of the schema for a file of a rulebook, "" for other files.
func schemaOf(name string) string {
	switch {
	case strings.HasSuffix(name, ".test.yaml"):
		return "test.v1.json"
	case strings.HasSuffix(name, "tax.yaml"):
		return "tax.v1.json"
	case strings.HasSuffix(name, "checks.yaml"):
		return "checks.v1.json"
	case strings.HasSuffix(name, "kvitto.yaml"):
		return "kvitto.v1.json"
	case strings.HasSuffix(name, ".yaml"):
		return "shipping.v1.json"
	default:
		return ""
	}
}

var yamlNumber = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)

// value is a node as an editor sees it, which guesses numbers and truth by the core schema of YAML 1.2; with raw every value is
// the text that the parser reads.
func value(n *diag.Node, raw bool) any {
	switch {
	case n.Kind == diag.List:
		list := make([]any, len(n.Items))
		for i, item := range n.Items {
			list[i] = value(item, raw)
		}
		return list
	case n.Kind == diag.Map:
		m := map[string]any{}
		for i, key := range n.Keys {
			m[key.Text] = value(n.Values[i], raw)
		}
		return m
	case n.Null:
		return nil
	case n.Quoted || n.Block || raw:
		return n.Text
	case n.Text == "true" || n.Text == "false":
		return n.Text == "true"
	case yamlNumber.MatchString(n.Text):
		return json.Number(strings.TrimPrefix(strings.TrimSuffix(trimZeros(n.Text), "."), "+"))
	default:
		return n.Text
	}
}

// trimZeros makes a number of YAML one of JSON: 01067 is 1067, .5 is 0.5.
func trimZeros(text string) string {
	whole, rest, _ := strings.Cut(text, ".")
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	if rest == "" {
		return whole
	}
	return whole + "." + rest
}

// accepts tells why a schema does not accept a file, nil where it does, both as an editor and as the parser reads it.
func accepts(s *jsonschema.Schema, n *diag.Node) error {
	for _, raw := range []bool{false, true} {
		if err := s.Validate(value(n, raw)); err != nil {
			return err
		}
	}
	return nil
}

// findings reads a rulebook and its tests.
func findings(t testing.TB, fsys fs.FS) []diag.Finding {
	t.Helper()
	r := new(diag.Report)
	o := lint.Options{Options: rulebook.Options{Shipped: configs.FS()}, Now: time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)}
	if _, err := lint.Check(fsys, o, r); err != nil {
		t.Fatal(err)
	}
	return r.Findings()
}
