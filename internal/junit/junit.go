// Package junit writes results of tests as the XML that build servers read.
//
// Its one rule: it knows no kind of test; whoever ran them says what is a suite and what a case.
package junit

import (
	"encoding/xml"
	"fmt"
	"io"
)

// Suite is a file of tests.
type Suite struct {
	Name  string
	Cases []Case
}

// Case is one test.
type Case struct {
	Name, Class string
	File        string
	Line        int      // from 1
	Failure     *Failure // nil: it passed
}

// Failure says what is not as wanted.
type Failure struct {
	Message string // one line
	Type    string // what was looked at
	Text    string // the whole story
}

type suites struct {
	XMLName  xml.Name `xml:"testsuites"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Suites   []suite  `xml:"testsuite"`
}

type suite struct {
	Name     string     `xml:"name,attr"`
	Tests    int        `xml:"tests,attr"`
	Failures int        `xml:"failures,attr"`
	Cases    []testCase `xml:"testcase"`
}

type testCase struct {
	Name    string   `xml:"name,attr"`
	Class   string   `xml:"classname,attr"`
	File    string   `xml:"file,attr"`
	Line    int      `xml:"line,attr"`
	Failure *failure `xml:"failure"`
}

type failure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// Write writes suites in their order. An error is that of w.
func Write(w io.Writer, list []Suite) error {
	var all suites
	for i := range list {
		s := list[i].xml()
		all.Tests, all.Failures, all.Suites = all.Tests+s.Tests, all.Failures+s.Failures, append(all.Suites, s)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return fmt.Errorf("results as JUnit: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (s *Suite) xml() suite {
	out := suite{Name: s.Name, Tests: len(s.Cases)}
	for _, c := range s.Cases {
		x := testCase{Name: c.Name, Class: c.Class, File: c.File, Line: c.Line}
		if c.Failure != nil {
			out.Failures++
			x.Failure = &failure{Message: c.Failure.Message, Type: c.Failure.Type, Text: c.Failure.Text}
		}
		out.Cases = append(out.Cases, x)
	}
	return out
}
