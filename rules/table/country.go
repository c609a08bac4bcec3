package table

import "strings"

// countries are the codes of ISO 3166-1, and the reserved ones that addresses carry: Ascension, Ceuta and Melilla, Canary
// Islands, Tristan da Cunha, Northern Ireland, Kosovo. Read 2026-11-24.
const countries = " AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ " +
	"CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EA EC EE EG EH ER ES ET FI FJ FK FM FO FR " +
	"GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU IC ID IE IL IM IN IO IQ IR IS IT JE JM JO JP " +
	"KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU " +
	"MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB " +
	"SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US " +
	"UY UZ VA VC VE VG VI VN VU WF WS XI XK YE YT ZA ZM ZW "

// KnownCountry reports whether a code is a country: ISO 3166-1, upper case, and the reserved codes that addresses carry (XI, IC, EA, XK …).
func KnownCountry(code string) bool {
	return len(code) == 2 && strings.Contains(countries, " "+code+" ")
}

// KnownRegion reports whether a country has a region of that code, without the country's mark: "CA" of "US". For
// countries whose regions are not listed here any code of one to three letters and digits passes.
func KnownRegion(country, region string) bool {
	if list := regionsOf(country); list != "" {
		return len(region) > 1 && !strings.Contains(region, " ") && strings.Contains(list, " "+region+" ")
	}
	if len(region) < 1 || len(region) > 3 {
		return false
	}
	for i := range len(region) {
		if !isDigit(region[i]) && !isLetter(region[i]) {
			return false
		}
	}
	return true
}

// regionsOf lists the regions of the countries where sales tax or freight usually depends on them, ISO 3166-2.
func regionsOf(country string) string {
	switch country {
	case "US":
		return " AL AK AZ AR CA CO CT DC DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK " +
			"OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR UM VI AA AE AP "
	case "CA":
		return " AB BC MB NB NL NS NT NU ON PE QC SK YT "
	case "AU":
		return " ACT NSW NT QLD SA TAS VIC WA "
	case "MX":
		return " AGU BCN BCS CAM CHH CHP CMX COA COL DUR GRO GUA HID JAL MEX MIC MOR NAY NLE OAX PUE QUE ROO SIN SLP SON TAB TAM TLA VER YUC ZAC "
	case "BR":
		return " AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO "
	default:
		return ""
	}
}

// eu is the name that stands for all members of the Union.
const eu = "EU"

// splitRegion takes US-CA apart. ok is false where text is not of that form.
func splitRegion(text string) (country, region string, ok bool) {
	country, region, ok = strings.Cut(text, "-")
	return country, region, ok && len(country) == 2 && region != ""
}

// countryHint says what a wrong country code may have meant.
func countryHint(code string) (fix string) {
	switch up := strings.ToUpper(code); up {
	case "UK":
		return "GB"
	case "EL":
		return "GR"
	default:
		if up != code && (KnownCountry(up) || up == eu) {
			return up
		}
		if c, r, ok := splitRegion(up); ok && up != code && KnownCountry(c) && KnownRegion(c, r) {
			return up
		}
		return ""
	}
}
