package rulestest

import "github.com/kvitto/kvitto/rules/diag"

// The codes of test files. They are permanent.
const (
	codeVersion  = "E020" // shared with package shipping
	codeNoUnit   = "E101" // shared with package table
	codeInstant  = "E105" // shared with package table
	codeWord     = "E117" // shared with package table
	codeForm     = "E119" // shared with package table
	codeOption   = "E204" // shared with package shipping
	codeColumn   = "E302" // shared with package table
	codeNoPrice  = "E303" // shared with package table
	codeTogether = "E601"
	codeCurrency = "E603"
	codeRecorded = "E604"
	codeMeasure  = "E605"
	codeNoCheck  = "E606"
	codeNoCases  = "E607"
	codeOpen     = "W601"
	codeNothing  = "W602"
	codeSame     = "W603"
	codeTwice    = "W604"
)

// Codes lists the findings that only a test file can have, by code.
func Codes() []diag.CodeInfo {
	return []diag.CodeInfo{
		{Code: codeTogether, Meaning: "two keys of a test case do not go together"},
		{Code: codeCurrency, Meaning: "an amount of a test case is in another currency than its order"},
		{Code: codeRecorded, Meaning: "a recorded order is not one that a callback could carry"},
		{Code: codeMeasure, Meaning: "a weight or a size is finer than the checkout can carry"},
		{Code: codeNoCheck, Meaning: "the check is not declared in checks.yaml"},
		{Code: codeNoCases, Meaning: "a test file has no cases"},
		{Code: codeOpen, Meaning: "a rule looked at a fact that the test case leaves open"},
		{Code: codeNothing, Meaning: "a test case expects nothing"},
		{Code: codeSame, Meaning: "two test cases have the same input"},
		{Code: codeTwice, Meaning: "two test cases of a file have the same name"},
	}
}
