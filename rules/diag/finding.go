// Package diag is findings with a place: what is wrong in a file that a person wrote, where, and what would
// be right. It also holds the strict YAML walker that all tables and the configuration are read with.
//
// Its one rule: all faults of a file in one run, each with file, line and column.
package diag

import "strconv"

// Severity of a finding.
type Severity uint8

const (
	// Error stops the rulebook from being used.
	Error Severity = iota
	// Warning is told and does not stop it.
	Warning
)

// String returns "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// Place is a stretch of a file; Line and Col count from 1, Col in characters. EndCol is one past the end; 0: one character.
// In a workbook Cell says where, and Line and Col are the numbers of the row and the column.
type Place struct {
	File      string
	Line, Col int
	EndCol    int
	Cell      string // of a workbook, e.g. "sheet Prices, cell C7"; "" in a text file
}

// String writes file:line:column, or the file, sheet and cell of a workbook.
func (p Place) String() string {
	if p.Cell != "" {
		return p.File + ", " + p.Cell
	}
	return p.File + ":" + strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Col)
}

// Finding is one fault. Message says what was found, Label (beneath the caret) why it is wrong, Help what would be right.
type Finding struct {
	Place
	Code     string // permanent, e.g. "E203"
	Severity Severity
	Message  string
	Label    string
	Help     string   // several lines: several helps
	Fix      string   // the text that would be right in the place of the caret; "" where it is not known
	Notes    []string // consequence for money, and the like
	Cause    *Cause   // another place that explains it
	Path     string   // JSON path into the file, e.g. "options[2].surcharges[0].to"; filled in by Findings where it is empty
}

// Cause is another place that explains a finding.
type Cause struct {
	Place
	Label string
}
