// Package rulestest runs test files of a rulebook and explains decisions.
//
// Its one rule: tests see no real clock and no network, and go the way a callback goes.
package rulestest

import (
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// Subject is the rulebook under test. It is read-only and may be shared by concurrent runs.
type Subject struct {
	Engine    *rules.Engine
	Tax       rules.TaxEngine // what made-up goods are taxed at, at Home; nil: rate 0
	Currency  string          // of amounts without a code, and of orders that name none
	Languages []string        // the first one is the language of orders that name none
	Home      string          // country of the shop
	Location  *time.Location  // of dates and times without an offset; nil: UTC
	Options   []string        // ids of all options; empty: ids are not checked
	Checks    []string        // ids of all checks; empty: there are none

	// Traced is shown each question that reached the tables and the story of its answer, before it is judged; it must not
	// keep or change them. nil: nobody looks.
	Traced func(*rules.Query, *rules.Trace)
}

// location is where times without an offset are read.
func (s *Subject) location() *time.Location {
	if s.Location == nil {
		return time.UTC
	}
	return s.Location
}

// Result of a run over one test file.
type Result struct {
	File         string
	Cases        []CaseResult
	Passed       int // cases
	Failed       int // cases
	ChecksPassed int
	Checks       int
}

// CaseResult is one case.
type CaseResult struct {
	File     string
	Line     int
	Name     string
	Failures []Failure // empty: passed
	Checks   int       // passed or not
	renewals []renewal // what its table would have to say to pass
}

// suffix is how the name of a test file ends.
const suffix = ".test.yaml"

// Files lists the test files (*.test.yaml) of a rulebook, those in its folders too, by name. Hidden folders and folders
// that hold a rulebook of their own are left out.
func Files(fsys fs.FS) ([]string, error) {
	var files []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch {
		case !d.IsDir():
			if strings.HasSuffix(name, suffix) {
				files = append(files, name)
			}
		case name == ".":
		case strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		default:
			if _, err := fs.Stat(fsys, path.Join(name, "shipping.yaml")); err == nil {
				return fs.SkipDir
			}
		}
		return nil
	})
	return files, err
}

// Run runs the cases of a test file. Faults of the file itself are errors in r, and then the result is nil; what makes a
// test worth less (W601 to W604) are warnings.
func Run(fsys fs.FS, file string, s Subject, r *diag.Report) *Result {
	p := newParser(fsys, file, &s, r)
	cases, ok := p.parse()
	if !ok {
		return nil
	}
	out := &Result{File: file}
	w := newWatch(r)
	for i := range cases {
		out.add(runCase(&s, file, &cases[i], w))
	}
	w.tell()
	return out
}

func (r *Result) add(c CaseResult) {
	r.Cases = append(r.Cases, c)
	r.Checks += c.Checks
	r.ChecksPassed += c.Checks - len(c.Failures)
	if len(c.Failures) == 0 {
		r.Passed++
	} else {
		r.Failed++
	}
}

// runCase asks the engine once for each address or row of a case.
func runCase(s *Subject, file string, c *testCase, w *watch) CaseResult {
	res := CaseResult{File: file, Line: c.at.Line, Name: c.name}
	if c.empty {
		w.expectsNothing(c)
	}
	for i := range c.runs {
		run := &c.runs[i]
		out := ask(s, &run.in)
		if run.want.stop != nil {
			out.buy(s, &run.in)
		}
		if s.Traced != nil && out.query != nil {
			s.Traced(out.query, out.trace)
		}
		w.saw(c, run, out)
		v := verdict{s: s, run: run, out: out}
		v.judge()
		res.Checks += v.checks
		res.Failures = append(res.Failures, v.failures...)
		res.renewals = append(res.renewals, v.renewals()...)
	}
	return res
}
