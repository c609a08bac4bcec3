package importer

import (
	"bytes"
	"io/fs"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// readJSON reads a JSON file with places. JSON is read as the YAML that it also is, but that tabs may part its words.
func (d *draft) readJSON(fsys fs.FS, name string) (*diag.Node, bool) {
	data, ok := diag.ReadFile(fsys, name, diag.MaxYAML, diag.Place{}, d.report)
	if !ok {
		return nil, false
	}
	if text := bytes.TrimLeft(data, " \t\r\n"); len(text) == 0 || text[0] != '{' && text[0] != '[' {
		d.report.Errorf(codeSource, diag.Place{File: name, Line: 1, Col: 1}, "this is not JSON: it begins with neither { nor [").Help =
			"save what the shop's REST interface answers, as it is"
		return nil, false
	}
	n := diag.Parse(name, spaced(data), d.report)
	return n, n != nil && !d.report.Failed()
}

// spaced makes a blank of each tab outside of texts.
func spaced(data []byte) []byte {
	if !bytes.ContainsRune(data, '\t') {
		return data
	}
	out := bytes.Clone(data)
	quoted := false
	for i := 0; i < len(out); i++ {
		switch c := out[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == '\t' && !quoted:
			out[i] = ' '
		}
	}
	return out
}

// textAt is the text of a key of a map, "" where there is none.
func textAt(n *diag.Node, key string) string {
	v := n.Get(key)
	if v == nil || v.Kind != diag.Scalar {
		return ""
	}
	return strings.TrimSpace(v.Text)
}

// placeOf is the place of a key of a map, that of the map where there is none.
func placeOf(n *diag.Node, key string) diag.Place {
	if v := n.Get(key); v != nil {
		return v.Place
	}
	return n.Place
}

// itemsAt are the maps of a list under a key.
func itemsAt(n *diag.Node, key string) []*diag.Node {
	return mapsOf(n.Get(key))
}

// mapsOf are the maps of a list.
func mapsOf(n *diag.Node) []*diag.Node {
	if n == nil || n.Kind != diag.List {
		return nil
	}
	var list []*diag.Node
	for _, i := range n.Items {
		if i.Kind == diag.Map {
			list = append(list, i)
		}
	}
	return list
}

// cellAt makes a cell of a value, for those who read cells.
func cellAt(n *diag.Node, key string) table.Cell {
	return table.Cell{Text: textAt(n, key), Place: placeOf(n, key)}
}
