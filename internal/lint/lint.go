// Package lint takes a second look at a rulebook: what is wrong with it although every file can be read.
//
// Its one rule: it never cries wolf. A warning about reach is told only where no order whatever could prove it false.
package lint

import (
	"io/fs"
	"time"

	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// Options of Check.
type Options struct {
	rulebook.Options
	Now time.Time // the day on which something is old, over or far away
}

// Check reads a rulebook with its test files and tells everything that is wrong, errors and warnings. It returns nil where
// there is an error in the rulebook itself: what needs a whole rulebook is then not looked for. The error is one of reading
// the folder.
func Check(fsys fs.FS, o Options, r *diag.Report) (*rulebook.Rulebook, error) {
	b := rulebook.LoadFS(fsys, o.Options, r)
	if b == nil {
		return nil, nil
	}
	b.Tax.Warn(o.Now, r)
	return b, checkTests(fsys, b, r)
}

// checkTests runs the test files for what is wrong with them; whether they pass is not asked.
func checkTests(fsys fs.FS, b *rulebook.Rulebook, r *diag.Report) error {
	s, err := b.Subject(rules.Options{})
	if err != nil {
		return err
	}
	files, err := rulestest.Files(fsys)
	if err != nil {
		return err
	}
	for _, file := range files {
		own := new(diag.Report)
		rulestest.Run(fsys, file, s, own)
		r.Add(own, diag.Place{}, "")
	}
	return nil
}
