package cmd

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/kvitto/kvitto/internal/junit"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// writeJUnit writes suites to a file for a build server; "" is no file.
func writeJUnit(name string, suites []junit.Suite) error {
	if name == "" {
		return nil
	}
	out, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(junit.Write(out, suites), out.Close())
}

// testSuites are the tests of a rulebook. Where it cannot be read, each error is a failed case: a build server that sees no case
// would call it a success.
func testSuites(t *testRun) []junit.Suite {
	suites := make([]junit.Suite, len(t.results))
	for i, res := range t.results {
		suites[i].Name = res.File
		for k := range res.Cases {
			suites[i].Cases = append(suites[i].Cases, testCase(&res.Cases[k]))
		}
	}
	if t.broken {
		suites = append(suites, brokenSuite(t.report))
	}
	return suites
}

func testCase(c *rulestest.CaseResult) junit.Case {
	out := junit.Case{Name: c.Name, Class: strings.TrimSuffix(c.File, ".test.yaml"), File: c.File, Line: c.Line}
	if len(c.Failures) > 0 {
		f := &c.Failures[0]
		out.Failure = &junit.Failure{Message: f.String(), Type: f.What, Text: c.Text()}
	}
	return out
}

func brokenSuite(r *diag.Report) junit.Suite {
	s := junit.Suite{Name: "rulebook"}
	for _, f := range r.Findings() {
		if f.Severity != diag.Error {
			continue
		}
		s.Cases = append(s.Cases, junit.Case{Name: f.Code, Class: f.File, File: f.File, Line: f.Line,
			Failure: &junit.Failure{Message: f.Message, Type: f.Code, Text: fmt.Sprint(f.Place) + ": " + f.Message + "\n" + f.Help}})
	}
	return s
}
