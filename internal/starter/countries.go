package starter

import "strings"

// Keys of destinations that are no country, and the country with sales tax.
const (
	union = "EU"
	usa   = "US"
)

// country is what a new rulebook needs to know of a place.
type country struct {
	code, name string // the name is that of its zone
	currency   string
	zone       string // of time
	languages  string // with spaces
	postcode   string // of the capital: no special area
	eu         bool
}

// countries are those that a shop can be in, or send to, by code. What is true of rates is in the table of VAT rates.
func countries() []country {
	return []country{
		{"AT", "austria", "EUR", "Europe/Vienna", "de", "1010", true},
		{"BE", "belgium", "EUR", "Europe/Brussels", "nl fr", "1000", true},
		{"BG", "bulgaria", "EUR", "Europe/Sofia", "bg", "1000", true},
		{"CH", "switzerland", "CHF", "Europe/Zurich", "de fr it", "3011", false},
		{"CY", "cyprus", "EUR", "Asia/Nicosia", "el", "1010", true},
		{"CZ", "czechia", "CZK", "Europe/Prague", "cs", "110 00", true},
		{"DE", "germany", "EUR", "Europe/Berlin", "de", "10115", true},
		{"DK", "denmark", "DKK", "Europe/Copenhagen", "da", "1050", true},
		{"EE", "estonia", "EUR", "Europe/Tallinn", "et", "10111", true},
		{"ES", "spain", "EUR", "Europe/Madrid", "es", "28013", true},
		{"FI", "finland", "EUR", "Europe/Helsinki", "fi sv", "00100", true},
		{"FR", "france", "EUR", "Europe/Paris", "fr", "75001", true},
		{"GB", "united_kingdom", "GBP", "Europe/London", "en", "SW1A 1AA", false},
		{"GR", "greece", "EUR", "Europe/Athens", "el", "105 57", true},
		{"HR", "croatia", "EUR", "Europe/Zagreb", "hr", "10000", true},
		{"HU", "hungary", "HUF", "Europe/Budapest", "hu", "1051", true},
		{"IE", "ireland", "EUR", "Europe/Dublin", "en", "D02 X285", true},
		{"IT", "italy", "EUR", "Europe/Rome", "it", "00184", true},
		{"LT", "lithuania", "EUR", "Europe/Vilnius", "lt", "01100", true},
		{"LU", "luxembourg", "EUR", "Europe/Luxembourg", "fr de", "1111", true},
		{"LV", "latvia", "EUR", "Europe/Riga", "lv", "LV-1050", true},
		{"MT", "malta", "EUR", "Europe/Malta", "mt", "VLT 1117", true},
		{"NL", "netherlands", "EUR", "Europe/Amsterdam", "nl", "1012 JS", true},
		{"NO", "norway", "NOK", "Europe/Oslo", "nb", "0150", false},
		{"PL", "poland", "PLN", "Europe/Warsaw", "pl", "00-001", true},
		{"PT", "portugal", "EUR", "Europe/Lisbon", "pt", "1100-148", true},
		{"RO", "romania", "RON", "Europe/Bucharest", "ro", "010011", true},
		{"SE", "sweden", "SEK", "Europe/Stockholm", "sv", "111 52", true},
		{"SI", "slovenia", "EUR", "Europe/Ljubljana", "sl", "1000", true},
		{"SK", "slovakia", "EUR", "Europe/Bratislava", "sk", "811 01", true},
		{usa, "usa", "USD", "America/New_York", "en", "20001", false},
	}
}

func countryOf(code string) (country, bool) {
	for _, c := range countries() {
		if c.code == code {
			return c, true
		}
	}
	return country{}, false
}

// Countries lists the codes of the countries that a shop can be in, or send to, ascending.
func Countries() []string {
	var all []string
	for _, c := range countries() {
		all = append(all, c.code)
	}
	return all
}

// zip returns a ZIP code of the capital of a state of the USA such as US-CA, "" where there is no such state.
func zip(state string) string {
	const capitals = " AL:36104 AK:99801 AZ:85007 AR:72201 CA:95814 CO:80203 CT:06103 DE:19901 DC:20001 FL:32301 GA:30303 HI:96813 ID:83702 " +
		"IL:62701 IN:46204 IA:50309 KS:66603 KY:40601 LA:70802 ME:04330 MD:21401 MA:02201 MI:48933 MN:55102 MS:39205 MO:65101 MT:59623 " +
		"NE:68502 NV:89701 NH:03301 NJ:08608 NM:87501 NY:12207 NC:27601 ND:58501 OH:43215 OK:73102 OR:97301 PA:17101 RI:02903 SC:29217 " +
		"SD:57501 TN:37219 TX:78701 UT:84111 VT:05602 VA:23219 WA:98507 WV:25301 WI:53703 WY:82001 "
	code, ok := strings.CutPrefix(state, usa+"-")
	if !ok || len(code) != 2 {
		return ""
	}
	_, rest, found := strings.Cut(capitals, " "+code+":")
	if !found {
		return ""
	}
	return rest[:5]
}

// defaultPrices are amounts that look usual in a currency: freight at home, freight abroad, free from.
func defaultPrices(currency string) (home, abroad, free string) {
	switch currency {
	case "SEK", "NOK", "DKK":
		return "49.00", "129.00", "500.00"
	case "CZK":
		return "99.00", "249.00", "1500.00"
	case "HUF":
		return "1490.00", "3990.00", "20000.00"
	case "PLN", "RON":
		return "14.90", "49.00", "200.00"
	case "ISK", "JPY":
		return "990", "2990", "9900"
	default:
		return "4.90", "14.90", "50.00"
	}
}
