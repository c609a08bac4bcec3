package tax

import (
	"strings"

	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/table"
)

// usa is the country whose states are those of collect_in.
const usa = "US"

// stateOf returns the state of an address without the country's mark: its region where that is one, else that of its
// ZIP. Territories may be written as countries. It is empty where neither is known.
func stateOf(d *rules.Destination) string {
	if d.Country != usa {
		switch d.Country {
		case "PR", "GU", "VI", "AS", "MP":
			return d.Country
		}
		return ""
	}
	if region := bareRegion(usa, d.Region); table.KnownRegion(usa, region) {
		return region
	}
	zip, ok := parseZIP(d.Postcode)
	if !ok {
		return ""
	}
	return stateOfZIP(zip)
}

// parseZIP reads 5 or 5+4 digits: 10001, 10001-1234, 100011234; the last four do not count.
func parseZIP(text string) (int32, bool) {
	text = strings.TrimSpace(text)
	switch len(text) {
	case 5, 9:
	case 10:
		if text[5] != '-' && text[5] != ' ' {
			return 0, false
		}
		text = text[:5] + text[6:]
	default:
		return 0, false
	}
	n := int32(0)
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
		if i < 5 {
			n = n*10 + int32(text[i]-'0')
		}
	}
	return n, true
}

// prefix says to which state the ZIPs belong whose first three digits are from on, up to the next prefix.
type prefix struct {
	from  int32
	state string
}

// prefixes are those of the post office, read 2026-11-24; "" is nowhere. Single ZIPs that are served from another state
// are not told apart.
func prefixes() []prefix {
	return []prefix{
		{0, ""}, {5, "NY"}, {6, "PR"}, {8, "VI"}, {9, "PR"}, {10, "MA"}, {28, "RI"}, {30, "NH"}, {39, "ME"}, {50, "VT"}, {55, "MA"}, {56, "VT"},
		{60, "CT"}, {70, "NJ"}, {90, "AE"}, {99, ""}, {100, "NY"}, {150, "PA"}, {197, "DE"}, {200, "DC"}, {201, "VA"}, {202, "DC"}, {206, "MD"},
		{213, ""}, {214, "MD"}, {220, "VA"}, {247, "WV"}, {269, ""}, {270, "NC"}, {290, "SC"}, {300, "GA"}, {320, "FL"}, {340, "AA"}, {341, "FL"},
		{350, "AL"}, {370, "TN"}, {386, "MS"}, {398, "GA"}, {400, "KY"}, {428, ""}, {430, "OH"}, {460, "IN"}, {480, "MI"}, {500, "IA"}, {529, ""},
		{530, "WI"}, {550, "MN"}, {568, ""}, {569, "DC"}, {570, "SD"}, {578, ""}, {580, "ND"}, {589, ""}, {590, "MT"}, {600, "IL"}, {630, "MO"},
		{659, ""}, {660, "KS"}, {680, "NE"}, {694, ""}, {700, "LA"}, {715, ""}, {716, "AR"}, {730, "OK"}, {733, "TX"}, {734, "OK"}, {750, "TX"},
		{800, "CO"}, {817, ""}, {820, "WY"}, {832, "ID"}, {839, ""}, {840, "UT"}, {848, ""}, {850, "AZ"}, {866, ""}, {870, "NM"}, {885, "TX"},
		{886, ""}, {889, "NV"}, {899, ""}, {900, "CA"}, {962, "AP"}, {967, "HI"}, {969, "GU"}, {970, "OR"}, {980, "WA"}, {995, "AK"},
	}
}

// stateOfZIP returns the state of a ZIP, "" where none is known.
func stateOfZIP(zip int32) string {
	const perPrefix = 100
	state := ""
	for _, p := range prefixes() {
		if p.from > zip/perPrefix {
			break
		}
		state = p.state
	}
	return state
}
