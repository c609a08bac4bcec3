package table

import (
	"io/fs"

	"github.com/kvitto/kvitto/rules/diag"
)

// Cell is the trimmed text of one cell and where it stands.
type Cell struct {
	Text  string
	Place diag.Place
}

// Sheet is a table of cells: from a | block (cells parted by |) or from a CSV side file. Every row has as many
// cells as the head; ragged rows are E301 and left out.
type Sheet struct {
	File string
	Head []Cell
	Rows [][]Cell
}

// PipeTable reads the | block under a table: key.
func PipeTable(n *diag.Node, r *diag.Report) (*Sheet, bool) { return nil, false }

// CSV reads a comma-separated side file with a head; at is where its name was written.
func CSV(fsys fs.FS, name string, at diag.Place, r *diag.Report) (*Sheet, bool) { return nil, false }
