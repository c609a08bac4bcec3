package lint

import "github.com/kvitto/kvitto/rules/diag"

// The codes of findings that need a second look at a whole rulebook. They are permanent.
const (
	codeRow       = "W310" // shared with package shipping
	codeNever     = "W311"
	codeUseless   = "W312"
	codeColumns   = "W313"
	codeFree      = "W314"
	codeList      = "W315"
	codeGap       = "W316"
	codeFalling   = "W317"
	codeNowhere   = "W320"
	codeCountry   = "W321"
	codeCurrency  = "W322"
	codeExpired   = "W330"
	codeFar       = "W331"
	codeNotToday  = "W332"
	codeShort     = "W333"
	codeYear      = "W334"
	codeDays      = "W335"
	codeChange    = "W421"
	codeTwin      = "W505"
	codeNoText    = "W506"
	codeLongName  = "W507"
	codeAllows    = "W508"
	maxNameLength = 255
)

// Codes lists the findings that only this package tells, by code.
func Codes() []diag.CodeInfo {
	return []diag.CodeInfo{
		{Code: codeNever, Meaning: "an option can never be offered"},
		{Code: codeUseless, Meaning: "a condition always holds, or never"},
		{Code: codeColumns, Meaning: "the zones of two price columns share places, and the left one wins there"},
		{Code: codeFree, Meaning: "free_from is below the smallest order that is offered the option"},
		{Code: codeList, Meaning: "hides or one_of has no effect"},
		{Code: codeGap, Meaning: "there is no price for a stretch of weights, pieces or values between others that have one"},
		{Code: codeFalling, Meaning: "a heavier parcel costs less than a lighter one"},
		{Code: codeNowhere, Meaning: "some postcodes of a country are never offered anything, others are"},
		{Code: codeCountry, Meaning: "a country has shipping and no entry under destinations, or the other way round"},
		{Code: codeCurrency, Meaning: "an amount is missing in a currency in which the option has prices"},
		{Code: codeExpired, Meaning: "something has expired"},
		{Code: codeFar, Meaning: "something begins in more than a year"},
		{Code: codeNotToday, Meaning: "a value by date has none for today"},
		{Code: codeShort, Meaning: "a calendar ends within 30 days"},
		{Code: codeYear, Meaning: "a calendar has no closed days in a year between others"},
		{Code: codeDays, Meaning: "there is no price for a few days between others that have one"},
		{Code: codeChange, Meaning: "a rate changes on a day, and no test asks before and after it"},
		{Code: codeTwin, Meaning: "two options have the same price list"},
		{Code: codeNoText, Meaning: "a text is missing in a language of the file"},
		{Code: codeLongName, Meaning: "a name is longer than the checkout takes"},
		{Code: codeAllows, Meaning: "a comment that should allow a warning allows none"},
	}
}
