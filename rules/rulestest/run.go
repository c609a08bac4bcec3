// Package rulestest runs test files of a rulebook and explains decisions.
//
// Its one rule: tests see no real clock and no network, and go the way a callback goes.
package rulestest

import (
	"io/fs"

	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// Subject is the rulebook under test.
type Subject struct {
	Engine    *rules.Engine
	Currency  string // of amounts without a code
	Languages []string
	Home      string
}

// Result of a run.
type Result struct {
	Cases        []CaseResult
	Passed       int
	Failed       int
	ChecksPassed int
	Checks       int
}

// CaseResult is one case.
type CaseResult struct {
	File     string
	Line     int
	Name     string
	Failures []string // readable, empty: passed
}

// Files lists the test files (*.test.yaml) of a rulebook.
func Files(fsys fs.FS) ([]string, error) { return nil, nil }

// Run runs the cases of a test file; faults of the file itself are findings in r.
func Run(fsys fs.FS, file string, s Subject, r *diag.Report) *Result { return nil }
