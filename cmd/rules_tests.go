package cmd

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/authoring/coverage"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// testFlags are those of rules test.
type testFlags struct {
	format, junit              string
	watch, update, yes, strict bool
}

func (p *Program) rulesTestCommand(registry *rules.Registry) *cobra.Command {
	var f testFlags
	c := &cobra.Command{
		Use:   "test DIR",
		Short: "Run the tests of a rulebook",
		Long: "Runs every *.test.yaml of a rulebook folder against its tables, with the clock that each test names and without\n" +
			"a network. Findings go to standard error, results to standard output; the last line is \"N passed, N failed\".\n" +
			"Exit status: 0 all passed, 1 findings that are errors or failed tests (with --strict also warnings about tests),\n" +
			"2 the rulebook cannot be read.",
		Example: "  kvitto rules test rules/demo --watch\n" +
			"  kvitto rules test rules/demo --update\n" +
			"  kvitto rules test rules/demo --strict --junit tests.xml",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if f.watch {
				return p.watchTests(c.Context(), registry, args[0], &f)
			}
			return p.rulesTest(registry, args[0], &f)
		},
	}
	s := c.Flags()
	s.BoolVar(&f.watch, "watch", false, "run again whenever a file of the folder is saved, until interrupted")
	s.BoolVar(&f.update, "update", false, "write the prices, taxes and rates that came into the tables of failing cases, after a question")
	s.BoolVar(&f.yes, "yes", false, "with --update: do not ask")
	s.BoolVar(&f.strict, "strict", false, "fail on warnings about the tests too: W601 to W604")
	s.StringVar(&f.junit, "junit", "", "write results as JUnit XML to this file too")
	c.MarkFlagsMutuallyExclusive("watch", "update")
	c.MarkFlagsMutuallyExclusive("watch", "junit") // a file written into the folder would start the next run
	addFormat(c, &f.format)
	return c
}

// testRun is what came of the tests of a folder.
type testRun struct {
	report  *diag.Report
	results []*rulestest.Result
	rows    *coverage.Rows
	broken  bool // the rulebook or a test file has errors, so no result counts
}

// rulesTest runs the tests of a folder and tells what came of them.
func (p *Program) rulesTest(registry *rules.Registry, dir string, f *testFlags) error {
	if err := checkFormat(f.format); err != nil {
		return err
	}
	run, err := p.tested(registry, dir)
	if err != nil {
		return err
	}
	if f.update && !run.broken {
		if run, err = p.updateTests(registry, dir, run, f.yes); err != nil {
			return err
		}
	}
	if err := p.tellTests(run, f.format); err != nil {
		return err
	}
	if err := writeJUnit(f.junit, testSuites(run)); err != nil {
		return err
	}
	return run.status(f.strict)
}

// tested runs the tests once. An error means that nothing could be run.
func (p *Program) tested(registry *rules.Registry, dir string) (*testRun, error) {
	run := &testRun{report: new(diag.Report)}
	err := openBook(registry, dir, run.report, func(fsys fs.FS, b *rulebook.Rulebook) (err error) {
		run.results, run.rows, err = watchedTests(fsys, b, run.report)
		return err
	})
	switch {
	case errors.Is(err, errRules):
		run.broken = true
	case err != nil:
		return nil, err
	case len(run.results) == 0:
		return nil, fmt.Errorf("%s: this folder holds no test file; want one such as prices.test.yaml", dir)
	}
	return run, nil
}

// watchedTests runs every test file and notes which rows they use.
func watchedTests(fsys fs.FS, b *rulebook.Rulebook, r *diag.Report) ([]*rulestest.Result, *coverage.Rows, error) {
	book, err := authoring.Open(b, rules.Options{})
	if err != nil {
		return nil, nil, err
	}
	w := coverage.NewWatch(book)
	results, err := runTests(fsys, b, r, w.See)
	if err != nil {
		return nil, nil, err
	}
	cases := 0
	for _, res := range results {
		cases += len(res.Cases)
	}
	rows, err := w.Rows(fsys, cases)
	return results, rows, err
}

// status is the error that the run ends the command with.
func (t *testRun) status(strict bool) error {
	if t.broken {
		return errFindings
	}
	for _, res := range t.results {
		if res.Failed > 0 {
			return errFindings
		}
	}
	for _, f := range t.report.Findings() {
		if strict && strings.HasPrefix(f.Code, "W6") {
			return errFindings
		}
	}
	return nil
}

// tellTests writes findings and results. Where the rulebook or a test file has an error no result counts.
func (p *Program) tellTests(t *testRun, format string) error {
	if format == "json" {
		return p.testsJSON(t)
	}
	if err := p.show(p.Stderr, t.report); err != nil {
		return err
	}
	if t.broken {
		_, err := fmt.Fprintln(p.Stdout, "no test was run: the rulebook or a test file has errors")
		return err
	}
	var notes []string
	if unused := len(t.rows.Rows) - t.rows.RowsUsed; unused > 0 {
		notes = append(notes, fmt.Sprintf("Rows used by no test: %d of %d       (rules coverage --rows)", unused, len(t.rows.Rows)))
	}
	return rulestest.Text(p.Stdout, t.results, notes...)
}

// testsJSON writes one object: findings, tests, and how many rows no test uses.
func (p *Program) testsJSON(t *testRun) error {
	var findings, tests bytes.Buffer
	if err := errors.Join(t.report.JSON(&findings), rulestest.JSON(&tests, t.results)); err != nil {
		return err
	}
	type rows struct {
		All    int `json:"all"`
		Unused int `json:"unused"`
	}
	var told *rows
	if t.rows != nil {
		told = &rows{len(t.rows.Rows), len(t.rows.Rows) - t.rows.RowsUsed}
	}
	return p.writeJSON(struct {
		Report json.RawMessage `json:"report"`
		Tests  json.RawMessage `json:"tests"`
		Rows   *rows           `json:"rows,omitzero"`
	}{findings.Bytes(), tests.Bytes(), told})
}
