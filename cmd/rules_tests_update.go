package cmd

import (
	"io/fs"
	"path/filepath"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/lint"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// updateTests writes the numbers that came into the tables of failing cases, after a question, and runs the tests again.
func (p *Program) updateTests(registry *rules.Registry, dir string, t *testRun, yes bool) (*testRun, error) {
	fixes, numbers, err := renewed(dir, t)
	if err != nil {
		return nil, err
	}
	if numbers == 0 {
		p.tell("kvitto: there is no number to write: no table of a failing case expects another one\n")
		return t, nil
	}
	for i := range fixes {
		p.tell("%s", fixes[i].Diff(filepath.ToSlash(filepath.Clean(dir))))
	}
	what := "the tests will expect " + authoring.Plural(numbers, "other number", "other numbers")
	if err := p.agree(yes, what, "somebody has to say that they are right"); err != nil {
		return nil, err
	}
	for i := range fixes {
		if err := fixes[i].Write(dir); err != nil {
			return nil, err
		}
	}
	return p.tested(registry, dir)
}

// renewed are the test files with the numbers that came, and how many numbers are others.
func renewed(dir string, t *testRun) (fixes []lint.Fixed, numbers int, err error) {
	r := new(diag.Report)
	fsys, closeDir, ok := rulebook.Open(dir, r)
	if !ok {
		return nil, 0, errRules
	}
	defer closeDir()
	for _, res := range t.results {
		if res.Failed == 0 {
			continue
		}
		old, err := fs.ReadFile(fsys, res.File)
		if err != nil {
			return nil, 0, err
		}
		if now, n := res.Renew(old); n > 0 {
			fixes, numbers = append(fixes, lint.Fixed{File: res.File, Old: old, New: now}), numbers+n
		}
	}
	return fixes, numbers, nil
}
