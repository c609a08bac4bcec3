package rulestest

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/table"
)

// Text writes results for a person, file by file, then notes, a line each; the last line is plain: "10 passed, 1 failed".
func Text(w io.Writer, results []*Result, notes ...string) error {
	var s strings.Builder
	width := 0
	for _, r := range results {
		width = max(width, utf8.RuneCountInString(r.File))
	}
	passed, failed := 0, 0
	for _, r := range results {
		passed, failed = passed+r.Passed, failed+r.Failed
		r.text(&s, width)
	}
	for _, note := range notes {
		s.WriteString(note + "\n")
	}
	fmt.Fprintf(&s, "%d passed, %d failed\n", passed, failed)
	_, err := io.WriteString(w, s.String())
	return err
}

// text writes one file: a line where all passed, else every failing case and a count.
func (r *Result) text(s *strings.Builder, width int) {
	if r.Failed == 0 {
		fmt.Fprintf(s, "%-*s  %s  %s   ok\n", width+2, r.File, count(len(r.Cases), "case"), count(r.Checks, "check"))
		return
	}
	s.WriteString(r.File + "\n")
	for i := range r.Cases {
		if c := &r.Cases[i]; len(c.Failures) > 0 {
			c.text(s)
		}
	}
	fmt.Fprintf(s, "%s, %d failed, %d of %s passed\n", count(len(r.Cases), "case"), r.Failed, r.ChecksPassed, count(r.Checks, "check"))
}

// maxWhy is how many lines of a story stand under one failure: a cart of a thousand lines has as many rates.
const maxWhy = 12

// text writes a failing case: its failures as columns, under each the lines that decided unless they are those of the
// failure before.
func (c *CaseResult) text(s *strings.Builder) {
	fmt.Fprintf(s, "  FAIL  %s   %s:%d\n", c.Name, c.File, c.Line)
	var rows [][]string
	for _, f := range c.Failures {
		rows = append(rows, f.row())
	}
	widths := columnWidths(rows)
	var last []rules.Step
	for i, f := range c.Failures {
		s.WriteString("        " + joined(rows[i], widths) + "\n")
		if len(f.Why) > 0 && i > 0 && slices.Equal(f.Why, last) {
			s.WriteString("            as above\n")
			continue
		}
		writeSteps(s, f.Why[:min(len(f.Why), maxWhy)], "            ")
		if more := len(f.Why) - maxWhy; more > 0 {
			fmt.Fprintf(s, "            and %d more; --format json has them all\n", more)
		}
		last = f.Why
	}
}

// Text writes what failed in a case for a person; nothing where it passed.
func (c *CaseResult) Text() string {
	var s strings.Builder
	if len(c.Failures) > 0 {
		c.text(&s)
	}
	return s.String()
}

// row are the columns of a failure.
func (f *Failure) row() []string {
	if f.Expected == "" {
		return []string{f.Input, f.What + ": " + f.Got}
	}
	return []string{f.Input, f.What, "expected " + f.Expected, "got " + f.Got}
}

// columnWidths are those of the widest cells; the last cell of a row does not count.
func columnWidths(rows [][]string) []int {
	var widths []int
	for _, row := range rows {
		for i, cell := range row[:len(row)-1] {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	return widths
}

// joined writes a row; a column that is empty in all rows takes no room.
func joined(row []string, widths []int) string {
	var s strings.Builder
	for i, cell := range row {
		if i == len(row)-1 {
			s.WriteString(cell)
			break
		}
		if widths[i] > 0 {
			s.WriteString(cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+3))
		}
	}
	return s.String()
}

// writeSteps writes lines of a story: effect on the price, what it is, where it stands.
func writeSteps(s *strings.Builder, steps []rules.Step, indent string) {
	width, money := 0, false
	for _, st := range steps {
		width = max(width, utf8.RuneCountInString(st.Text))
		money = money || st.HasAmount
	}
	first := true
	for _, st := range steps {
		line := indent
		if money {
			line += fmt.Sprintf("%9s  ", stepAmount(&st, first))
		}
		first = first && !st.HasAmount
		if at := placeText(st); at != "" {
			line += st.Text + strings.Repeat(" ", width-utf8.RuneCountInString(st.Text)+3) + at
		} else {
			line += st.Text
		}
		s.WriteString(line + "\n")
	}
}

// stepAmount writes an effect on the price; all but the first carry a sign.
func stepAmount(st *rules.Step, first bool) string {
	if !st.HasAmount {
		return ""
	}
	text := bareMoney(st.Amount, table.Currency(st.Currency))
	if !first && st.Amount >= 0 {
		return "+" + text
	}
	return text
}

// bareMoney writes an amount without its currency.
func bareMoney(a order.Amount, c table.Currency) string {
	return strings.TrimSuffix(moneyText(a, c), " "+string(c))
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return itoa(n) + " " + noun + "s"
}

type jsonRun struct {
	Files  []jsonFile `json:"files"`
	Passed int        `json:"passed"`
	Failed int        `json:"failed"`
}

type jsonFile struct {
	File         string     `json:"file"`
	Cases        []jsonCase `json:"cases"`
	Checks       int        `json:"checks"`
	ChecksPassed int        `json:"checks_passed"`
}

type jsonCase struct {
	Name     string        `json:"name"`
	Line     int           `json:"line"`
	Passed   bool          `json:"passed"`
	Checks   int           `json:"checks"`
	Failures []jsonFailure `json:"failures,omitempty"`
}

type jsonFailure struct {
	Input    string     `json:"input,omitempty"`
	What     string     `json:"what"`
	Expected string     `json:"expected,omitempty"`
	Got      string     `json:"got"`
	Line     int        `json:"line,omitempty"` // of the test file, of the row or the value that was expected
	Column   int        `json:"column,omitempty"`
	Why      []jsonStep `json:"why,omitempty"`
}

type jsonStep struct {
	Text     string        `json:"text"`
	Amount   *order.Amount `json:"amount,omitempty"` // minor units
	Currency string        `json:"currency,omitempty"`
	File     string        `json:"file,omitempty"`
	Line     int           `json:"line,omitempty"`
	Column   int           `json:"column,omitempty"`
}

// JSON writes results for a machine. Member names are permanent; amounts are minor units.
func JSON(w io.Writer, results []*Result) error {
	out := jsonRun{Files: []jsonFile{}}
	for _, r := range results {
		out.Passed, out.Failed = out.Passed+r.Passed, out.Failed+r.Failed
		f := jsonFile{File: r.File, Cases: []jsonCase{}, Checks: r.Checks, ChecksPassed: r.ChecksPassed}
		for _, c := range r.Cases {
			jc := jsonCase{Name: c.Name, Line: c.Line, Passed: len(c.Failures) == 0, Checks: c.Checks}
			for _, x := range c.Failures {
				jc.Failures = append(jc.Failures, jsonFailure{x.Input, x.What, x.Expected, x.Got, x.At.Line, x.At.Col, jsonSteps(x.Why)})
			}
			f.Cases = append(f.Cases, jc)
		}
		out.Files = append(out.Files, f)
	}
	return writeJSON(w, out)
}

func jsonSteps(steps []rules.Step) []jsonStep {
	var out []jsonStep
	for _, s := range steps {
		j := jsonStep{Text: s.Text, File: s.File, Line: s.Line, Column: s.Col}
		if s.HasAmount {
			a := s.Amount
			j.Amount, j.Currency = &a, s.Currency
		}
		out = append(out, j)
	}
	return out
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("results as JSON: %w", err)
	}
	return nil
}
