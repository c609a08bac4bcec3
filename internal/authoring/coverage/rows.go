package coverage

import (
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
	"github.com/kvitto/kvitto/rules/table"
)

// Rows is what the tests of a rulebook touch. A row is a price, a `-`, a supplement, a limit of free_from, a bound or a check;
// it is used where it decided about an answer. A word of a condition is touched both ways where it held in one test and did not
// in another.
type Rows struct {
	Tests     int // cases that were run
	Rows      []Row
	Words     []Word
	RowsUsed  int
	WordSides int // of 2 × len(Words)
}

// Row is a row of the tables.
type Row struct {
	Option string     `json:"option,omitzero"`
	Kind   string     `json:"kind"`
	At     diag.Place `json:"at"`
	Source string     `json:"source,omitzero"` // its line in the file
	Used   bool       `json:"used"`
}

// Word is a word of a condition with its value.
type Word struct {
	Option string     `json:"option"`
	Kind   string     `json:"kind"` // option, when, unless, price, surcharge, free_from
	Text   string     `json:"text"`
	At     diag.Place `json:"at"`
	Held   bool       `json:"held"`
	Failed bool       `json:"failed"`
}

// Watch notes what tests touch while they run. It is not for concurrent use.
type Watch struct {
	book   *authoring.Book
	places map[string]bool
	taxed  map[diag.Place]bool
	checks map[string]bool
	words  map[[3]int][2]bool
	err    error
}

// NewWatch notes what the tests of a rulebook touch: Subject.Traced is to be its See.
func NewWatch(b *authoring.Book) *Watch {
	return &Watch{book: b, places: map[string]bool{}, taxed: map[diag.Place]bool{}, checks: map[string]bool{}, words: map[[3]int][2]bool{}}
}

// Rows tells what was touched by a number of cases. An error is one of the tables that a question met.
func (w *Watch) Rows(fsys fs.FS, cases int) (*Rows, error) {
	if w.err != nil {
		return nil, w.err
	}
	out := &Rows{Tests: cases}
	out.collect(fsys, w)
	return out, nil
}

// TestRows runs all test files of a rulebook and tells what they touch. Faults of test files are errors in r, and then the
// result is nil.
func TestRows(fsys fs.FS, b *authoring.Book, r *diag.Report) (*Rows, error) {
	files, err := rulestest.Files(fsys)
	if err != nil {
		return nil, fmt.Errorf("listing test files: %w", err)
	}
	subject, err := b.Rules.Subject(rules.Options{})
	if err != nil {
		return nil, err
	}
	w, cases := NewWatch(b), 0
	subject.Traced = w.See
	for _, file := range files {
		if res := rulestest.Run(fsys, file, subject, r); res != nil {
			cases += len(res.Cases)
		}
	}
	if r.Failed() {
		return nil, nil
	}
	return w.Rows(fsys, cases)
}

// See notes what decided about one answer.
func (w *Watch) See(q *rules.Query, t *rules.Trace) {
	for i := range t.Options {
		for _, s := range t.Options[i].Steps {
			w.places[placeKey(t.Options[i].ID, s.File, s.Line, s.Col)] = true
		}
	}
	for _, s := range t.Goods {
		w.taxed[diag.Place{File: s.File, Line: s.Line, Col: s.Col}] = true
	}
	w.book.Rules.Tax.Decides(q, func(p diag.Place) { w.taxed[diag.Place{File: p.File, Line: p.Line, Col: p.Col}] = true })
	for i := range t.Checks {
		if t.Checks[i].Holds {
			w.checks[t.Checks[i].ID] = true
		}
	}
	asked := *q
	asked.Trace = nil
	err := w.book.Rules.Shipping.Judge(&asked, func(option, condition, term int, truth table.Truth) {
		key := [3]int{option, condition, term}
		sides := w.words[key]
		sides[0], sides[1] = sides[0] || truth == table.Yes, sides[1] || truth == table.No
		w.words[key] = sides
	})
	w.err = cmp.Or(w.err, err)
}

func placeKey(option, file string, line, col int) string {
	return fmt.Sprintf("%s %s:%d:%d", option, file, line, col)
}

// collect puts the rows beside what was touched.
func (r *Rows) collect(fsys fs.FS, w *Watch) {
	source := sources{fsys: fsys, lines: map[string][]string{}}
	for _, row := range w.book.Rules.Shipping.Rows() {
		p := row.Place
		r.Rows = append(r.Rows, Row{Option: row.Option, Kind: row.Kind, At: p, Source: source.line(p),
			Used: w.places[placeKey(row.Option, p.File, p.Line, p.Col)]})
	}
	for _, row := range w.book.Rules.Tax.Rows() {
		p := row.Place
		r.Rows = append(r.Rows, Row{Kind: row.Kind, At: p, Source: source.line(p), Used: w.taxed[diag.Place{File: p.File, Line: p.Line, Col: p.Col}]})
	}
	if c := w.book.Rules.Checks; c != nil {
		for _, id := range c.IDs() {
			r.Rows = append(r.Rows, Row{Kind: "check " + id, At: diag.Place{File: "checks.yaml"}, Used: w.checks[id]})
		}
	}
	for i := range w.book.Parts {
		p := &w.book.Parts[i]
		for k, c := range p.Conditions {
			for n := range c.Condition.Terms() {
				if p.Off {
					continue
				}
				t := &c.Condition.Terms()[n]
				sides := w.words[[3]int{i, k, n}]
				r.Words = append(r.Words, Word{Option: p.ID, Kind: c.Kind, Text: t.String(), At: t.Place, Held: sides[0], Failed: sides[1]})
			}
		}
	}
	for i := range r.Rows {
		if r.Rows[i].Used {
			r.RowsUsed++
		}
	}
	for i := range r.Words {
		for _, side := range []bool{r.Words[i].Held, r.Words[i].Failed} {
			if side {
				r.WordSides++
			}
		}
	}
}

// sources reads lines of text files, to show them.
type sources struct {
	fsys  fs.FS
	lines map[string][]string
}

func (s *sources) line(p diag.Place) string {
	lines, read := s.lines[p.File]
	if !read {
		if text, err := fs.ReadFile(s.fsys, p.File); err == nil && utf8.Valid(text) {
			lines = strings.Split(string(text), "\n")
		}
		s.lines[p.File] = lines
	}
	if p.Line < 1 || p.Line > len(lines) {
		return ""
	}
	return strings.Join(strings.Fields(lines[p.Line-1]), " ")
}

// RowShare is the share of rows that tests use in per cent, rounded down; 100 where there are none.
func (r *Rows) RowShare() int { return percent(r.RowsUsed, len(r.Rows)) }

// WordShare is the share of the two sides of all words that tests touch, in per cent, rounded down.
func (r *Rows) WordShare() int { return percent(r.WordSides, 2*len(r.Words)) }

func percent(n, of int) int {
	if of == 0 {
		return 100
	}
	return n * 100 / of
}

// Reached reports whether both shares reach a threshold in per cent.
func (r *Rows) Reached(threshold int) bool {
	return r.RowShare() >= threshold && r.WordShare() >= threshold
}

// maxSource is how much of a line is shown.
const maxSource = 56

// Text lists the rows and words that no test touches.
func (r *Rows) Text(w io.Writer) error {
	var out strings.Builder
	rows := [][]string{}
	for i := range r.Rows {
		if row := &r.Rows[i]; !row.Used {
			rows = append(rows, []string{where(row.At), strings.TrimSpace(row.Option + " " + row.Kind), "never used in a test", clip(row.Source)})
		}
	}
	for i := range r.Words {
		word := &r.Words[i]
		what := ""
		switch {
		case !word.Held && !word.Failed:
			what = "never looked at by a test"
		case !word.Held:
			what = "holds in no test"
		case !word.Failed:
			what = "holds in every test"
		default:
			continue
		}
		rows = append(rows, []string{where(word.At), word.Option + " " + word.Kind, what, clip(word.Text)})
	}
	if len(rows) > 0 {
		align(&out, rows)
	}
	if r.Tests == 0 {
		out.WriteString("there are no tests; write one such as prices.test.yaml\n")
	}
	fmt.Fprintf(&out, "%d %% of %s, %d %% of %s (both ways), by %s\n", r.RowShare(), authoring.Plural(len(r.Rows), "row", "rows"),
		r.WordShare(), authoring.Plural(len(r.Words), "condition", "conditions"), authoring.Plural(r.Tests, "test case", "test cases"))
	_, err := io.WriteString(w, out.String())
	return err
}

func where(p diag.Place) string {
	if p.Cell != "" {
		return p.File + ", " + p.Cell
	}
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

func clip(text string) string {
	if utf8.RuneCountInString(text) <= maxSource {
		return text
	}
	return string([]rune(text)[:maxSource-1]) + "…"
}

// RowsJSON is Rows for machines.
type RowsJSON struct {
	Tests     int    `json:"tests"`
	RowShare  int    `json:"rows_percent"`
	WordShare int    `json:"conditions_percent"`
	Rows      []Row  `json:"rows"`
	Words     []Word `json:"conditions"`
}

// JSON is r for machines.
func (r *Rows) JSON() RowsJSON {
	return RowsJSON{Tests: r.Tests, RowShare: r.RowShare(), WordShare: r.WordShare(), Rows: slices.Clone(r.Rows), Words: slices.Clone(r.Words)}
}
