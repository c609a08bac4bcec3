package shipping

import (
	"io/fs"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
)

// includer reads a file and those it names under include, each once, into one map: what is included comes
// first, in its order; maps and lists grow together, any other key may be given once.
type includer struct {
	fsys fs.FS
	r    *diag.Report
	seen []string     // files that were read, in order
	from []diag.Place // where each was named
}

// read returns the merged map, nil where the first file cannot be used at all.
func (c *includer) read(file string) *diag.Node {
	return c.file(file, diag.Place{File: file, Line: 1, Col: 1})
}

func (c *includer) file(name string, at diag.Place) *diag.Node {
	c.seen, c.from = append(c.seen, name), append(c.from, at)
	data, ok := diag.ReadFile(c.fsys, name, diag.MaxYAML, at, c.r)
	if !ok {
		return nil
	}
	root := diag.Parse(name, data, c.r)
	if root == nil {
		return nil
	}
	if root.Kind != diag.Map {
		f := c.r.Errorf(diag.CodeShape, root.Place, "a shipping file is a map of keys")
		f.Help = "begin with `version: 1`"
		return nil
	}
	return c.include(root)
}

// include puts the files that root names in front of root's own keys.
func (c *includer) include(root *diag.Node) *diag.Node {
	list := root.Get("include")
	if list == nil {
		return root
	}
	items := list.Items
	if list.Kind == diag.Scalar {
		items = []*diag.Node{list}
	}
	if list.Kind == diag.Map || len(items) == 0 {
		f := c.r.Errorf(diag.CodeShape, list.Place, "`include` is a list of files")
		f.Help = "write include: [more.yaml]"
		return without(root, "include")
	}
	merged := &diag.Node{Kind: diag.Map, Place: root.Place}
	for _, n := range items {
		if part := c.part(n); part != nil {
			c.merge(merged, part)
		}
	}
	c.merge(merged, without(root, "include"))
	return merged
}

// part reads one included file; a version is checked and does not count as given twice.
func (c *includer) part(n *diag.Node) *diag.Node {
	if n.Kind != diag.Scalar {
		f := c.r.Errorf(diag.CodeShape, n.Place, "`include` is a list of files")
		f.Help = "write include: [more.yaml]"
		return nil
	}
	for i, name := range c.seen {
		if name != n.Text {
			continue
		}
		f := c.r.Errorf(codeInclude, n.Place, "%q is included twice", n.Text)
		if i == 0 {
			f.Message = "the file includes itself"
		} else {
			f.Cause = &diag.Cause{Place: c.from[i], Label: "it is already read here"}
		}
		f.Help = "take one of them away"
		c.r.Silence("E201", codeCalendar, codeZone, codeOption) // another file may be meant
		return nil
	}
	part := c.file(n.Text, n.Place)
	if part == nil {
		c.r.Silence("E201", codeCalendar, codeZone, codeOption) // the file may declare what seems to be missing
		return nil
	}
	if part.Get("version") != nil && !checkVersion(part, c.r) {
		return nil
	}
	return without(part, "version")
}

// merge adds the keys of part to whole.
func (c *includer) merge(whole, part *diag.Node) {
	for i, key := range part.Keys {
		at := indexOf(whole, key.Text)
		if at >= 0 && isPrivate(key.Text) {
			continue
		}
		if at < 0 {
			whole.Keys, whole.Values = append(whole.Keys, key), append(whole.Values, part.Values[i])
			continue
		}
		old, add := whole.Values[at], part.Values[i]
		switch {
		case old.Kind == diag.List && add.Kind == diag.List:
			joined := *old
			joined.Items = append(append([]*diag.Node(nil), old.Items...), add.Items...)
			whole.Values[at] = &joined
		case old.Kind == diag.Map && add.Kind == diag.Map && growing(key.Text):
			whole.Values[at] = c.join(old, add, key.Text)
		default:
			f := c.r.Errorf(codeTwoFiles, key.Place, "`%s` is given in two files", key.Text)
			f.Cause = &diag.Cause{Place: whole.Keys[at].Place, Label: "already given here"}
			f.Help = "keep one of them"
		}
	}
}

// isPrivate reports whether a key is the author's own, which no program reads.
func isPrivate(key string) bool { return strings.HasPrefix(key, "x-") }

// growing are the maps that may be spread over files.
func growing(key string) bool {
	switch key {
	case "zones", "classes", "calendars":
		return true
	default:
		return false
	}
}

// join puts two maps of names together; a name may be declared once.
func (c *includer) join(old, add *diag.Node, what string) *diag.Node {
	joined := *old
	joined.Keys = append([]*diag.Node(nil), old.Keys...)
	joined.Values = append([]*diag.Node(nil), old.Values...)
	for i, key := range add.Keys {
		at := indexOf(old, key.Text)
		if at >= 0 && isPrivate(key.Text) {
			continue
		}
		if at >= 0 {
			f := c.r.Errorf(codeTwice, key.Place, "`%s` is declared twice under `%s`", key.Text, what)
			f.Cause = &diag.Cause{Place: old.Keys[at].Place, Label: "already declared here"}
			f.Help = "give one of them another name"
			continue
		}
		joined.Keys, joined.Values = append(joined.Keys, key), append(joined.Values, add.Values[i])
	}
	return &joined
}

// indexOf returns the position of a key in a map, -1 where it is not there.
func indexOf(n *diag.Node, key string) int {
	for i, k := range n.Keys {
		if k.Text == key {
			return i
		}
	}
	return -1
}

// without returns a copy of a map that lacks a key.
func without(n *diag.Node, key string) *diag.Node {
	c := *n
	c.Keys, c.Values = nil, nil
	for i, k := range n.Keys {
		if k.Text != key {
			c.Keys, c.Values = append(c.Keys, k), append(c.Values, n.Values[i])
		}
	}
	return &c
}

// only returns a map with those keys of n that are named, nil where none is there.
func only(n *diag.Node, keys ...string) *diag.Node {
	c := *n
	c.Keys, c.Values = nil, nil
	for i, k := range n.Keys {
		for _, key := range keys {
			if k.Text == key {
				c.Keys, c.Values = append(c.Keys, k), append(c.Values, n.Values[i])
			}
		}
	}
	if c.Keys == nil {
		return nil
	}
	return &c
}
