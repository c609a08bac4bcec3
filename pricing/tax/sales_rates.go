package tax

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// rateRow is a row of a rate file: ZIPs from one to another, both included.
type rateRow struct {
	from, to int32
	rate     uint32 // index into sales.levels
	line     int32
	file     uint16 // index into sales.files
}

// period holds the rows of a state that begin on one day: apart from each other, in the order of their ZIPs.
type period struct {
	from table.Date
	rows []rateRow
}

// find returns the row of a ZIP that holds on a day: of those that hold it, the one with the latest date.
func (st *taxState) find(zip int32, day table.Date) *rateRow {
	for i := len(st.periods) - 1; i >= 0; i-- {
		p := &st.periods[i]
		if p.from > day {
			continue
		}
		at, found := slices.BinarySearchFunc(p.rows, zip, func(r rateRow, zip int32) int { return cmp.Compare(r.from, zip) })
		if !found {
			at--
		}
		if at >= 0 && zip <= p.rows[at].to {
			return &p.rows[at]
		}
	}
	return nil
}

// rateRows collects the rows of all rate files.
type rateRows struct {
	sales  *sales
	report *diag.Report
	known  map[levels]uint32
	rows   map[rowKey][]rateRow
}

type rowKey struct {
	state string
	from  table.Date
}

func (c *rateRows) add(state string, from table.Date, row rateRow, rate levels) {
	id, ok := c.known[rate]
	if !ok {
		id = uint32(len(c.sales.levels)) //nolint:gosec // a file has fewer rows
		c.known[rate] = id
		c.sales.levels = append(c.sales.levels, rate)
	}
	row.rate = id
	key := rowKey{state, from}
	c.rows[key] = append(c.rows[key], row)
}

// build gives the states their rows and tells those that share a ZIP on the same day.
func (c *rateRows) build() {
	for key, rows := range c.rows {
		slices.SortFunc(rows, func(a, b rateRow) int {
			return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line))
		})
		c.apart(key, rows)
		st := c.sales.states[key.state]
		st.periods = append(st.periods, period{key.from, slices.Clip(rows)})
	}
	for _, st := range c.sales.states {
		slices.SortFunc(st.periods, func(a, b period) int { return cmp.Compare(a.from, b.from) })
	}
}

// apart tells rows that share a ZIP with one above them in the order of ZIPs.
func (c *rateRows) apart(key rowKey, rows []rateRow) {
	far := 0 // the row that reaches farthest so far
	for i := 1; i < len(rows); i++ {
		if rows[i].from <= rows[far].to {
			c.tellShared(key, &rows[far], &rows[i])
		}
		if rows[i].to > rows[far].to {
			far = i
		}
	}
}

func (c *rateRows) tellShared(key rowKey, a, b *rateRow) {
	if b.file < a.file || b.file == a.file && b.line < a.line {
		a, b = b, a
	}
	both := zipText(max(a.from, b.from))
	if end := min(a.to, b.to); end > max(a.from, b.from) {
		both += " to " + zipText(end)
	}
	f := c.report.Errorf(codeRateRows, c.sales.place(b), "two rows for ZIP %s of US-%s begin on the same day", both, key.state)
	f.Label = "it is not said which of them holds"
	f.Help = "leave one of them out, part the ranges, or give the newer one a later date"
	f.Cause = &diag.Cause{Place: c.sales.place(a), Label: "the other one"}
}

// rateSource is a rate file, or a sheet of a workbook.
type rateSource struct {
	name  string
	sheet string // as places of workbooks name it: "sheet Rates"; "" in a text file
}

// place is where a row stands.
func (s *sales) place(r *rateRow) diag.Place {
	f := &s.files[r.file]
	at := diag.Place{File: f.name, Line: int(r.line), Col: 1}
	if f.sheet != "" {
		at.Cell = f.sheet + ", row " + strconv.Itoa(at.Line)
	}
	return at
}

func zipText(zip int32) string { return fmt.Sprintf("%05d", zip) }
