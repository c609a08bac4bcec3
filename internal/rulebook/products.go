package rulebook

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// WithProducts returns a copy of b that also knows a list of products, and whose revision names it too; nil where r has an
// error. Classes of the list are those of shipping.yaml or tax.yaml. A link that leads out of the folder of the list is a
// finding.
func (b *Rulebook) WithProducts(file string, r *diag.Report) *Rulebook {
	dir, name := filepath.Split(file)
	root, err := os.OpenRoot(filepath.Clean(dir))
	if err != nil {
		r.Errorf(diag.CodeNoFile, diag.Place{File: name, Line: 1, Col: 1}, "the folder of the list of products cannot be opened: %v", pathless(err)).
			Help = "`products` names a file, relative to the configuration"
		return nil
	}
	rec := newRecorder(root.FS())
	classes := slices.Concat(b.Shipping.Classes(), b.Tax.Classes())
	slices.Sort(classes)
	list, ok := table.ReadProducts(rec, table.Source{File: name}, slices.Compact(classes), r)
	// A folder that was only read has nothing to lose when closing fails.
	_ = root.Close()
	if !ok {
		return nil
	}
	c := *b
	c.Products = list
	sum, _ := rec.revision()
	both := sha256.Sum256([]byte(strings.Join([]string{b.Revision, sum}, "\x00")))
	c.Revision = hex.EncodeToString(both[:])[:12]
	return &c
}
