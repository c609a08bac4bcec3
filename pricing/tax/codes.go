package tax

import "github.com/kvitto/kvitto/rules/table"

// Codes of findings about taxes. They are permanent: one may be retired, never given a new meaning.
const (
	codeNoRate   = "E401"
	codeShared   = "E402"
	codeSlot     = "E404"
	codeDecimals = "E405"
	codePrices   = "E406"
	codeData     = "E408"
	codeArea     = "E409"

	// Of sales tax. E407 said that it was not in this version and is retired.
	codeStateFreight = "E403"
	codeRateRows     = "E410"
	codeZIP          = "E411"
	codeLongText     = "E412"
	codeNoEffect     = "W426"
	codeTwice        = "E205" // as for options
	codeZIPRange     = "E213" // as for zones

	codeLow      = "W420"
	codeOld      = "W422"
	codeFormOnly = "W423"
	codeNoVATID  = "W424"
	codePlanned  = "W425"
	codeNoHome   = "W427"
	codeTinyRate = "W428"

	codeCountry = "E216" // as for zones
	codeZone    = "E203"
	codeClass   = "E201"
	codeWord    = "E117"
)

// Codes lists the faults that this package tells beside those of values, classes and zones, by code.
func Codes() []table.Code {
	return []table.Code{
		{Code: codeNoRate, Meaning: "there is no rate for a country, or for a class from a day on"},
		{Code: codeShared, Meaning: "two areas share a postcode"},
		{Code: codeStateFreight, Meaning: "a state in collect_in has no entry under shipping_tax"},
		{Code: codeSlot, Meaning: "the data file has no such slot"},
		{Code: codeDecimals, Meaning: "the checkout cannot carry a rate with more than two decimals"},
		{Code: codePrices, Meaning: "VAT lines always include tax"},
		{Code: codeData, Meaning: "the data file is not a table of VAT rates"},
		{Code: codeArea, Meaning: "an area has no postcodes, or no rates"},
		{Code: codeRateRows, Meaning: "two rows of the rate files for the same ZIP begin on the same day"},
		{Code: codeZIP, Meaning: "not a ZIP of five digits"},
		{Code: codeLongText, Meaning: "the id or the name of a fee is longer than a line can carry"},
		{Code: "E413", Meaning: "a tax_class in shipping.yaml, where the tax is sales tax"}, // told by package rulebook
		{Code: codeLow, Meaning: "an entry of the data file with low confidence is in use"},
		{Code: codeOld, Meaning: "the data file is older than 180 days"},
		{Code: codeFormOnly, Meaning: "only the form of a VAT id is checked before tax is left out"},
		{Code: codeNoVATID, Meaning: "reverse charge without a check of the VAT id is never applied"},
		{Code: codeNoEffect, Meaning: "a word about a state in which no tax is collected"},
		{Code: codePlanned, Meaning: "a change that the data file expects is less than 60 days away"},
		{Code: codeNoHome, Meaning: "there are no rates for the home of the shop"},
		{Code: codeTinyRate, Meaning: "a rate is above 0 and below 1 per cent"},
	}
}
