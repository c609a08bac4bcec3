package scenario

import "github.com/kvitto/kvitto/rules/diag"

// The codes of scenario files. They are permanent.
const (
	codeVersion = "S001"
	codeEmpty   = "S002"
	codeStep    = "S003"
	codeCart    = "S004"
	codeOrder   = "S005"
	codeWord    = "S006"
	codeAmount  = "S007"
	codeTime    = "S008"
	codeCountry = "S009"
	codeFault   = "S010"
	codeNumber  = "S011"
	codeValue   = "S012"
	codeTwice   = "S101"
	codeNothing = "S102"
)

// Codes lists the findings that only a scenario file can have, by code. Those from S101 on are warnings.
func Codes() []diag.CodeInfo {
	return []diag.CodeInfo{
		{Code: codeVersion, Meaning: "a scenario file of another version"},
		{Code: codeEmpty, Meaning: "a file without scenarios, or a scenario without steps"},
		{Code: codeStep, Meaning: "a step that does nothing, or several things at once"},
		{Code: codeCart, Meaning: "not a ready-made cart, or a cart that says nothing or several things"},
		{Code: codeOrder, Meaning: "an order that the provider would refuse, or that cannot be read"},
		{Code: codeWord, Meaning: "a word that is not among those allowed"},
		{Code: codeAmount, Meaning: "not an amount such as 49.00, or not a rate such as 25%"},
		{Code: codeTime, Meaning: "not a moment such as 2026-11-24 09:00, or not a length of time such as 30 min"},
		{Code: codeCountry, Meaning: "not an address with a country of two letters"},
		{Code: codeFault, Meaning: "not a fault of the provider's, or not of that call"},
		{Code: codeNumber, Meaning: "not a number, or one that is too large"},
		{Code: codeValue, Meaning: "a member of the order that cannot be set here"},
		{Code: codeTwice, Meaning: "two scenarios of a file have the same name"},
		{Code: codeNothing, Meaning: "a scenario expects nothing"},
	}
}
