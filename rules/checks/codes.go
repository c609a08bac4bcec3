package checks

import "github.com/kvitto/kvitto/rules/diag"

// The codes that a checks file can have besides those of packages diag and table. They are permanent.
const (
	codeVersion  = "E020" // shared with package shipping
	codeTogether = "E025"
	codeAlways   = "E026"
	codeNumber   = "E115" // shared with package table
	codeWord     = "E117" // shared with package table
	codeForm     = "E119" // shared with package table
	codeTwice    = "E205" // shared with package shipping
	codeID       = "E209" // shared with package shipping
)

// Codes lists the faults that only a checks file can have, by code.
func Codes() []diag.CodeInfo {
	return []diag.CodeInfo{
		{Code: codeTogether, Meaning: "a check says both or neither of reject and redirect"},
		{Code: codeAlways, Meaning: "a check has no condition, so it would stop every order"},
	}
}
