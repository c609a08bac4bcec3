package scenario

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/kvitto/kvitto/internal/junit"
)

// Result is a file that was played.
type Result struct {
	File  string `json:"file"`
	Cases []Case `json:"scenarios"`
}

// Case is a scenario that was played.
type Case struct {
	Name     string    `json:"name"`
	Line     int       `json:"line"`
	Steps    int       `json:"steps"`
	Played   int       `json:"played"` // steps, the failing one included
	Checks   int       `json:"checks"`
	Failures []Failure `json:"failures,omitempty"` // of the first step that has some
}

// Failure is an expectation that does not hold, or a step that could not be done.
type Failure struct {
	Step   int      `json:"step"` // from 1; 0: the cart
	Label  string   `json:"label"`
	Line   int      `json:"line"`
	What   string   `json:"what"` // the expectation; "step" where it could not be done
	Wanted string   `json:"wanted"`
	Got    string   `json:"got"`
	Why    []string `json:"why,omitempty"`
}

// Count returns how many scenarios passed and failed.
func Count(results []*Result) (passed, failed int) {
	for _, r := range results {
		for i := range r.Cases {
			if len(r.Cases[i].Failures) > 0 {
				failed++
			} else {
				passed++
			}
		}
	}
	return passed, failed
}

// Text writes results for a person; the last line is plain: "10 passed, 1 failed".
func Text(w io.Writer, results []*Result) error {
	var s strings.Builder
	for _, r := range results {
		for i := range r.Cases {
			c := &r.Cases[i]
			if len(c.Failures) == 0 {
				fmt.Fprintf(&s, "ok    %s   %s:%d   %d steps, %d checks\n", c.Name, r.File, c.Line, c.Steps, c.Checks)
				continue
			}
			c.text(&s, r.File)
		}
	}
	passed, failed := Count(results)
	fmt.Fprintf(&s, "%d passed, %d failed\n", passed, failed)
	_, err := io.WriteString(w, s.String())
	return err
}

// text writes a scenario that failed.
func (c *Case) text(s *strings.Builder, file string) {
	first := &c.Failures[0]
	fmt.Fprintf(s, "FAIL  %s   %s:%d\n      step %d of %d, %s   %s:%d\n", c.Name, file, c.Line, first.Step, c.Steps, first.Label, file, first.Line)
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Options.DrawBorder = false
	t.Style().Options.SeparateColumns = false
	t.Style().Format.Header = text.FormatDefault
	t.AppendHeader(table.Row{"line", "what", "wanted", "got"})
	for _, f := range c.Failures {
		t.AppendRow(table.Row{f.Line, f.What, f.Wanted, f.Got})
	}
	for line := range strings.Lines(t.Render() + "\n") {
		s.WriteString("      " + strings.TrimRight(line, " \n") + "\n")
	}
	if len(first.Why) > 0 {
		s.WriteString("      why\n")
	}
	for _, line := range first.Why {
		s.WriteString("        " + line + "\n")
	}
}

// JSON writes results for a machine. Member names are permanent.
func JSON(w io.Writer, results []*Result) error {
	out := struct {
		Files  []*Result `json:"files"`
		Passed int       `json:"passed"`
		Failed int       `json:"failed"`
	}{Files: results}
	if out.Files == nil {
		out.Files = []*Result{}
	}
	out.Passed, out.Failed = Count(results)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

// Suites are results for a build server: a suite a file, a case a scenario.
func Suites(results []*Result) []junit.Suite {
	suites := make([]junit.Suite, len(results))
	for i, r := range results {
		suites[i].Name = r.File
		for k := range r.Cases {
			suites[i].Cases = append(suites[i].Cases, r.Cases[k].junit(r.File))
		}
	}
	return suites
}

func (c *Case) junit(file string) junit.Case {
	j := junit.Case{Name: c.Name, Class: strings.TrimSuffix(file, Suffix), File: file, Line: c.Line}
	if len(c.Failures) == 0 {
		return j
	}
	var told strings.Builder
	c.text(&told, file)
	f := &c.Failures[0]
	j.Failure = &junit.Failure{Type: f.What, Text: told.String(),
		Message: fmt.Sprintf("step %d, %s: %s: wanted %s, got %s", f.Step, f.Label, f.What, f.Wanted, f.Got)}
	return j
}
