package importer

import "strings"

// home is the country of the shop: as given, else of the currency, else the first one of the source.
func (d *draft) home() string {
	if d.options.Home != "" {
		return strings.ToUpper(d.options.Home)
	}
	switch d.options.Currency {
	case "SEK":
		return "SE"
	case "NOK":
		return "NO"
	case "DKK":
		return "DK"
	case "GBP":
		return "GB"
	case "USD":
		return "US"
	case "CHF":
		return "CH"
	case "PLN":
		return "PL"
	}
	if len(d.book.countries) > 0 {
		return d.book.countries[0]
	}
	return "SE"
}

// currency is that of the file; a source of taxes may have none.
func (d *draft) currency() string {
	switch {
	case d.options.Currency != "":
		return d.options.Currency
	case d.book.tax != nil && d.book.tax.sales:
		return "USD"
	default:
		return "EUR"
	}
}

// zoneOfHome is the time zone in which dates of the rulebook are read.
func zoneOfHome(country string) string {
	switch country {
	case "SE":
		return "Europe/Stockholm"
	case "NO":
		return "Europe/Oslo"
	case "DK":
		return "Europe/Copenhagen"
	case "FI":
		return "Europe/Helsinki"
	case "DE":
		return "Europe/Berlin"
	case "AT":
		return "Europe/Vienna"
	case "NL":
		return "Europe/Amsterdam"
	case "GB":
		return "Europe/London"
	case "US":
		return "America/New_York"
	default:
		return "UTC"
	}
}

// languageOf is the language of the texts; those of a source are of one language that it does not name.
func languageOf(country string) string {
	switch country {
	case "SE":
		return "sv"
	case "NO":
		return "nb"
	case "DK":
		return "da"
	case "FI":
		return "fi"
	case "DE", "AT", "CH":
		return "de"
	case "NL":
		return "nl"
	default:
		return "en"
	}
}

// charges reports whether the shipped data file has the VAT rates of a country.
func charges(country string) bool {
	return len(country) == 2 && strings.Contains(vatCountries, " "+country+" ")
}

// vatCountries are those of the data file.
const vatCountries = " AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK "
