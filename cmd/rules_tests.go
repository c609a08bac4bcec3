package cmd

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

func (p *Program) rulesTestCommand(registry *rules.Registry) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "test DIR",
		Short: "Run the tests of a rulebook",
		Long: "Runs every *.test.yaml of a rulebook folder against its tables, with the clock that each test names and without\n" +
			"a network. Findings go to standard error, results to standard output; the last line is \"N passed, N failed\".\n" +
			"Exit status: 0 all passed, 1 findings that are errors or failed tests, 2 the rulebook cannot be read.",
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return p.rulesTest(registry, args[0], format) },
	}
	addFormat(c, &format)
	return c
}

// rulesTest runs the tests of a folder and tells what came of them.
func (p *Program) rulesTest(registry *rules.Registry, dir, format string) error {
	if err := checkFormat(format); err != nil {
		return err
	}
	r := new(diag.Report)
	var results []*rulestest.Result
	err := openBook(registry, dir, r, func(fsys fs.FS, b *rulebook.Rulebook) (err error) {
		results, err = runTests(fsys, b, r)
		return err
	})
	if err != nil && !errors.Is(err, errRules) {
		return err
	}
	if err == nil && len(results) == 0 {
		return fmt.Errorf("%s: this folder holds no test file; want one such as prices.test.yaml", dir)
	}
	if tellErr := p.tellTests(r, results, err != nil, format); tellErr != nil {
		return tellErr
	}
	for _, res := range results {
		if res.Failed > 0 {
			return errFindings
		}
	}
	if err != nil {
		return errFindings
	}
	return nil
}

// tellTests writes findings and results. Where the rulebook or a test file has an error no result counts.
func (p *Program) tellTests(r *diag.Report, results []*rulestest.Result, broken bool, format string) error {
	if format == "json" {
		return p.testsJSON(r, results)
	}
	if err := p.show(p.Stderr, r); err != nil {
		return err
	}
	if broken {
		_, err := fmt.Fprintln(p.Stdout, "no test was run: the rulebook or a test file has errors")
		return err
	}
	return rulestest.Text(p.Stdout, results)
}

// testsJSON writes one object: findings and tests.
func (p *Program) testsJSON(r *diag.Report, results []*rulestest.Result) error {
	var findings, tests bytes.Buffer
	if err := errors.Join(r.JSON(&findings), rulestest.JSON(&tests, results)); err != nil {
		return err
	}
	enc := json.NewEncoder(p.Stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(struct {
		Report json.RawMessage `json:"report"`
		Tests  json.RawMessage `json:"tests"`
	}{findings.Bytes(), tests.Bytes()})
}
