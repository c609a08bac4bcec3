package schema_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kvitto/kvitto/internal/schema"
	"github.com/kvitto/kvitto/rules/diag"
)

// probe is a key that nothing knows.
const probe = "zzz_probe"

// TestWords holds the schema against the parser: a key that nothing knows is put into each map of files that use every word; the
// parser tells which ones are allowed there, and they must be those of the schema. So neither can learn a word alone. Each map
// of the schema must have been reached.
func TestWords(t *testing.T) {
	t.Parallel()
	schemas := map[string]*walker{}
	for _, f := range schema.Files() {
		if f.Short() == "kvitto" {
			continue // made of what the loader checks by
		}
		schemas[f.Name] = newWalker(t, &f)
	}
	for _, dir := range []string{"testdata/vat", "testdata/us"} {
		fsys := fstest.MapFS{}
		err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				var data []byte
				data, err = fs.ReadFile(os.DirFS(dir), name)
				fsys[name] = &fstest.MapFile{Data: data}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range slices.Sorted(maps.Keys(fsys)) {
			if w := schemas[schemaOf(name)]; w != nil {
				probeFile(t, dir, fsys, name, w)
			}
		}
	}
	for name, w := range schemas {
		for words := range w.words {
			if !w.reached[words] {
				t.Errorf("%s: no sample has the map with the keys %s", name, words)
			}
		}
	}
}

// probeFile puts the probe into each map of one file.
func probeFile(t *testing.T, dir string, whole fstest.MapFS, name string, w *walker) {
	t.Helper()
	data := whole[name].Data
	root := diag.Parse(name, data, new(diag.Report))
	visit(root, nil, func(path []string, n *diag.Node) {
		fsys := maps.Clone(whole)
		fsys[name] = &fstest.MapFile{Data: withProbe(data, n)}
		allowed, told := "", false
		for _, f := range findings(t, fsys) {
			if f.File == name && f.Code == diag.CodeUnknownKey && strings.Contains(f.Message, probe) {
				allowed, told = strings.TrimPrefix(f.Help, "allowed are "), true
			}
		}
		if !told {
			return // names of the author's own, or keys that the parser tells in another way
		}
		want := strings.Split(allowed, ", ")
		slices.Sort(want)
		words := strings.Join(want, " ")
		if here := w.at(path); !slices.Contains(here, words) {
			t.Errorf("%s/%s:%d: the parser knows\n\t%s\nthe schema\n\t%s", dir, name, n.Place.Line, words, strings.Join(here, "\n\t"))
		}
		w.reached[words] = true
		if w.err(fsys[name].Data, name) == nil {
			t.Errorf("%s/%s:%d: the schema accepts a key that nothing knows", dir, name, n.Place.Line)
		}
	})
}

// visit calls do for each map with keys.
func visit(n *diag.Node, path []string, do func([]string, *diag.Node)) {
	for _, item := range n.Items {
		visit(item, append(slices.Clone(path), "[]"), do)
	}
	if n.Kind == diag.Map && len(n.Keys) > 0 {
		do(path, n)
	}
	for i, key := range n.Keys {
		visit(n.Values[i], append(slices.Clone(path), key.Text), do)
	}
}

// withProbe is a file with the probe before the first key of a map.
func withProbe(data []byte, n *diag.Node) []byte {
	lines := strings.Split(string(data), "\n")
	at := n.Keys[0].Place
	line := []rune(lines[at.Line-1])
	between := "\n" + strings.Repeat(" ", at.Col-1)
	if n.Flow {
		between = ", "
	}
	lines[at.Line-1] = string(line[:at.Col-1]) + probe + ": 1" + between + string(line[at.Col-1:])
	return []byte(strings.Join(lines, "\n"))
}

// walker finds what a schema says about a place in a file.
type walker struct {
	t       *testing.T
	root    map[string]any
	words   map[string]bool // keys of each map that knows its keys, sorted
	reached map[string]bool
	err     func(data []byte, name string) error
}

func newWalker(t *testing.T, f *schema.File) *walker {
	t.Helper()
	text, err := f.JSON()
	if err != nil {
		t.Fatal(err)
	}
	w := &walker{t: t, words: map[string]bool{}, reached: map[string]bool{}}
	if err := json.Unmarshal(text, &w.root); err != nil {
		t.Fatal(err)
	}
	s := compiled(t)[f.Name]
	w.err = func(data []byte, name string) error { return accepts(s, diag.Parse(name, data, new(diag.Report))) }
	w.collect(w.root)
	return w
}

// collect notes the keys of all maps that know theirs.
func (w *walker) collect(v any) {
	switch v := v.(type) {
	case map[string]any:
		if words := wordsOf(v); words != "" {
			w.words[words] = true
		}
		for _, child := range v {
			w.collect(child)
		}
	case []any:
		for _, child := range v {
			w.collect(child)
		}
	}
}

// wordsOf are the keys of a map that knows them, sorted; "" of any other.
func wordsOf(o map[string]any) string {
	props, ok := o["properties"].(map[string]any)
	_, private := o["patternProperties"].(map[string]any)
	if !ok || o["additionalProperties"] != false || !private || len(o["patternProperties"].(map[string]any)) != 1 {
		return ""
	}
	return strings.Join(slices.Sorted(maps.Keys(props)), " ")
}

// at lists the keys of each map that knows its keys and may stand at a place.
func (w *walker) at(path []string) []string {
	nodes := w.expand([]map[string]any{w.root})
	for _, step := range path {
		var next []map[string]any
		for _, n := range nodes {
			next = append(next, w.step(n, step)...)
		}
		nodes = w.expand(next)
	}
	var all []string
	for _, n := range nodes {
		if words := wordsOf(n); words != "" && !slices.Contains(all, words) {
			all = append(all, words)
		}
	}
	return all
}

// step goes into a key or an entry.
func (w *walker) step(n map[string]any, key string) (next []map[string]any) {
	add := func(v any) {
		if m, ok := v.(map[string]any); ok {
			next = append(next, m)
		}
	}
	if key == "[]" {
		add(n["items"])
		return next
	}
	if props, ok := n["properties"].(map[string]any); ok {
		add(props[key])
	}
	add(n["additionalProperties"])
	if patterns, ok := n["patternProperties"].(map[string]any); ok {
		for _, v := range patterns {
			add(v)
		}
	}
	return next
}

// expand follows references and alternatives.
func (w *walker) expand(nodes []map[string]any) (all []map[string]any) {
	for _, n := range nodes {
		all = append(all, n)
		var next []map[string]any
		if ref, ok := n["$ref"].(string); ok {
			def, ok := w.root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
			if !ok {
				w.t.Fatal(fmt.Errorf("%s leads nowhere", ref))
			}
			next = append(next, def)
		}
		if alternatives, ok := n["anyOf"].([]any); ok {
			for _, a := range alternatives {
				next = append(next, a.(map[string]any))
			}
		}
		for _, key := range []string{"then", "else"} {
			if m, ok := n[key].(map[string]any); ok {
				next = append(next, m)
			}
		}
		all = append(all, w.expand(next)...)
	}
	return all
}
