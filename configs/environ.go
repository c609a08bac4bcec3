package configs

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
)

// prefix of the variables that override the file: KVITTO_LISTEN, KVITTO_MERCHANTS_0_RULES.
const prefix = "KVITTO_"

// environment is what the process was given, by name; the last of two equal names holds.
type environment map[string]string

func newEnvironment(environ []string) environment {
	out := make(environment, len(environ))
	for _, e := range environ {
		if name, value, ok := strings.Cut(e, "="); ok {
			out[name] = value
		}
	}
	return out
}

// overrides returns the names of variables that begin with our prefix, indexes in the order of numbers.
func (e environment) overrides() []string {
	var out []string
	for name := range e {
		if strings.HasPrefix(name, prefix) {
			out = append(out, name)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		return slices.CompareFunc(strings.Split(a, "_"), strings.Split(b, "_"), compareWords)
	})
	return out
}

func compareWords(a, b string) int {
	if isIndex(a) && isIndex(b) {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	}
	return cmp.Compare(a, b)
}

// step leads from a node to one below it: to a key of a map, or to an index of a list.
type step struct {
	key   string
	index int
	list  bool
}

// variable is the place of what a variable of the environment says.
func variable(name string) diag.Place { return diag.Place{File: "$" + name, Line: 1, Col: 1} }

// apply puts what variables say into the tree, before anything is checked, so that their values are checked as those of
// the file. It returns the variables that it knew nothing to do with.
func (e environment) apply(root *diag.Node, r *diag.Report) (unknown []string) {
	schema := fileShape()
	for _, name := range e.overrides() {
		words := strings.Split(strings.TrimPrefix(name, prefix), "_")
		steps, ok := schema.resolve(words)
		if !ok {
			unknown = append(unknown, name)
			continue
		}
		set(root, steps, name, e[name], r)
	}
	return unknown
}

// resolve turns the words of a variable into the way to a text. Keys hold underscores too, so it tries what fits.
func (s *shape) resolve(words []string) ([]step, bool) {
	switch {
	case s.item != nil:
		if len(words) == 0 || !isIndex(words[0]) {
			return nil, false
		}
		i, err := strconv.Atoi(words[0])
		if err != nil {
			return nil, false
		}
		return follow(step{index: i, list: true}, s.item, words[1:])
	case s.free != nil:
		return s.resolveFree(words)
	case s.keys != nil:
		return s.resolveKey(words)
	}
	return nil, len(words) == 0 && !s.own
}

// resolveFree takes the longest key that leaves a way below it: TEXTS_SOLD_OUT_SV is sold_out, then sv.
func (s *shape) resolveFree(words []string) ([]step, bool) {
	for n := len(words); n > 0; n-- {
		key := strings.Join(words[:n], "_")
		if !s.upper {
			key = strings.ToLower(key)
		}
		if steps, ok := follow(step{key: key}, s.free, words[n:]); ok {
			return steps, true
		}
	}
	return nil, false
}

func (s *shape) resolveKey(words []string) ([]step, bool) {
	for i := range s.keys {
		key := strings.Split(strings.ToUpper(s.keys[i].key), "_")
		if len(words) < len(key) || !slices.Equal(words[:len(key)], key) {
			continue
		}
		if steps, ok := follow(step{key: s.keys[i].key}, &s.keys[i], words[len(key):]); ok {
			return steps, true
		}
	}
	return nil, false
}

func follow(first step, next *shape, words []string) ([]step, bool) {
	rest, ok := next.resolve(words)
	if !ok {
		return nil, false
	}
	return append([]step{first}, rest...), true
}

func isIndex(word string) bool {
	if word == "" || len(word) > 4 {
		return false
	}
	return strings.Trim(word, "0123456789") == ""
}

// set puts a value at the end of a way, making what is missing on it.
func set(n *diag.Node, steps []step, name, value string, r *diag.Report) {
	for _, s := range steps {
		if n = below(n, s, name, r); n == nil {
			return
		}
	}
	*n = diag.Node{Kind: diag.Scalar, Text: value, Quoted: true, Place: variable(name), Path: n.Path}
}

// below goes one step, making the node where it is not there yet. It returns nil where that cannot be.
func below(n *diag.Node, s step, name string, r *diag.Report) *diag.Node {
	if n.Null {
		n.Null, n.Kind = false, diag.Map
		if s.list {
			n.Kind = diag.List
		}
	}
	switch {
	case s.list && n.Kind == diag.List:
		return entry(n, s.index, name, r)
	case !s.list && n.Kind == diag.Map:
		return value(n, s.key, name)
	}
	r.Errorf(CodeOverride, variable(name), "%s is %s in the file, so nothing below it can be set", n.Path, n.Kind)
	return nil
}

// entry returns an entry of a list; that after the last is made.
func entry(n *diag.Node, index int, name string, r *diag.Report) *diag.Node {
	if index > len(n.Items) {
		f := r.Errorf(CodeOverride, variable(name), "number %d of %s cannot be set, the next one is %d", index, n.Path, len(n.Items))
		f.Help = "entries are counted from 0; add them without a gap"
		return nil
	}
	if index == len(n.Items) {
		n.Items = append(n.Items, fresh(name, n.Path+"["+strconv.Itoa(index)+"]"))
	}
	return n.Items[index]
}

// value returns the value of a key of a map; one that is missing is made.
func value(n *diag.Node, key, name string) *diag.Node {
	if v := n.Get(key); v != nil {
		return v
	}
	v := fresh(name, strings.TrimPrefix(n.Path+"."+key, "."))
	n.Keys = append(n.Keys, &diag.Node{Kind: diag.Scalar, Text: key, Place: variable(name), Path: v.Path})
	n.Values = append(n.Values, v)
	return v
}

func fresh(name, path string) *diag.Node {
	return &diag.Node{Kind: diag.Scalar, Null: true, Place: variable(name), Path: path}
}

// tellUnknown warns of variables that look like overrides and are none. Those that the file refers to are not, nor
// what a cluster sets for a service of our name (KVITTO_SERVICE_HOST, KVITTO_PORT).
func (e environment) tellUnknown(names []string, referred map[string]bool, r *diag.Report) {
	schema := fileShape()
	first := make([]string, 0, len(schema.keys))
	for _, key := range schema.names() {
		first = append(first, prefix+strings.ToUpper(key))
	}
	for _, name := range names {
		like := slices.ContainsFunc(first, func(key string) bool { return name == key || strings.HasPrefix(name, key+"_") })
		near := diag.Suggest(name, schema.variables(strings.TrimSuffix(prefix, "_")))
		if referred[name] || !like && near == "" {
			continue
		}
		f := r.Warnf(CodeVariable, variable(name), "the variable %s overrides nothing", name)
		if near != "" {
			f.Message += "; did you mean `" + near + "`?"
		}
		f.Help = "it is KVITTO_ and the way to a single value in the file, as in KVITTO_LOG_LEVEL or KVITTO_MERCHANTS_0_RULES"
	}
}

// variables lists the names of all variables below a shape, for a suggestion; of lists the first entry.
func (s *shape) variables(name string) []string {
	switch {
	case s.own && s.keys == nil:
		return nil
	case s.item != nil:
		return s.item.variables(name + "_0")
	case s.keys != nil:
		var out []string
		for i := range s.keys {
			out = append(out, s.keys[i].variables(name+"_"+strings.ToUpper(s.keys[i].key))...)
		}
		return out
	case s.free != nil:
		return nil
	}
	return []string{name}
}
