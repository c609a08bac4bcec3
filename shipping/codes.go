package shipping

import "github.com/kvitto/kvitto/rules/diag"

// The codes that only a shipping file can have. They are permanent.
const (
	codeVersion     = "E020"
	codeInclude     = "E021"
	codeTwoFiles    = "E022"
	codeWord        = "E117" // shared with package table
	codeNumber      = "E119" // shared with package table
	codeCalendar    = "E202"
	codeZone        = "E203" // shared with package table
	codeCountry     = "E216" // shared with package table
	codeOption      = "E204"
	codeTwice       = "E205"
	codePlugin      = "E206"
	codeID          = "E209"
	codePlaceholder = "E217"
	codeCurrency    = "E219"
	codeColumn      = "E302" // shared with package table
	codeNoPrice     = "E303" // shared with package table
	codeCell        = "E304" // shared with package table
	codeSideRow     = "E309"
	codeUnreachable = "W310"
	codeNoPlugin    = "W323"
)

// Codes lists the faults that this package tells besides those of packages diag and table, by code.
func Codes() []diag.CodeInfo {
	return []diag.CodeInfo{
		{Code: codeVersion, Meaning: "the file is written for another version of the format"},
		{Code: codeInclude, Meaning: "a file is included twice, or includes itself"},
		{Code: codeTwoFiles, Meaning: "a key that may be given once is given in two files"},
		{Code: codeCalendar, Meaning: "the calendar is not declared"},
		{Code: codeOption, Meaning: "the option is not declared"},
		{Code: codeTwice, Meaning: "an id or a name is declared twice"},
		{Code: codePlugin, Meaning: "no plug-in of that name is part of this program"},
		{Code: codeID, Meaning: "an id has signs that an id cannot have, or is too long"},
		{Code: codePlaceholder, Meaning: "a text has a placeholder that nothing fills"},
		{Code: codeCurrency, Meaning: "an amount is in a currency that its column or its option has no price in"},
		{Code: codeSideRow, Meaning: "a row of a side file cannot be used"},
		{Code: codeUnreachable, Meaning: "a row can never be used, an earlier one takes all it would take"},
		{Code: codeNoPlugin, Meaning: "a plug-in that is not part of this program always counts as unavailable"},
	}
}
