package importer

import (
	"cmp"
	"strings"
)

// address is where a question goes. The postcode is compact.
type address struct{ country, region, postcode string }

// area is a stretch of addresses; the zero value is every address.
type area struct {
	country, region string // region without the mark of its country
	from, to        string // compact postcodes; both "": all; to "": the code from, or with begins all that begin with it
	begins          bool
}

// key is how zones name the country or the region.
func (a area) key() string {
	if a.region != "" {
		return a.country + "-" + a.region
	}
	return a.country
}

// pattern is how zones write the postcodes.
func (a area) pattern() string {
	switch {
	case a.from == "":
		return "all"
	case a.to != "":
		return a.from + " to " + a.to
	case a.begins:
		return a.from + "*"
	default:
		return a.from
	}
}

func (a area) String() string {
	switch {
	case a.country == "":
		return "everywhere"
	case a.from == "":
		return a.key()
	default:
		return a.key() + " " + a.pattern()
	}
}

// holds reports whether an address is in a.
func (a area) holds(ad address) bool {
	if a.country == "" {
		return true
	}
	if a.country != ad.country || a.region != "" && a.region != ad.region {
		return false
	}
	switch {
	case a.from == "":
		return true
	case a.to != "":
		return len(ad.postcode) >= len(a.from) && cut(ad.postcode, len(a.from)) >= a.from && cut(ad.postcode, len(a.to)) <= a.to
	case a.begins:
		return strings.HasPrefix(ad.postcode, a.from)
	default:
		return ad.postcode == a.from || a.country == "US" && len(a.from) == 5 && strings.HasPrefix(ad.postcode, a.from)
	}
}

// ends are the first and the last address of a stretch of whole postcodes, or that of one code.
func (a area) ends() (list []address) {
	for _, code := range []string{a.from, a.to} {
		if code != "" && !a.begins && flawOf(area{country: a.country, from: code}) == nil {
			list = append(list, address{a.country, a.region, code})
		}
	}
	return list
}

func cut(text string, n int) string { return text[:min(n, len(text))] }

func (a area) compare(b area) int {
	return cmp.Or(cmp.Compare(a.key(), b.key()), cmp.Compare(len(a.from), len(b.from)), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
}

// compact is a postcode in upper case without spaces and hyphens.
func compact(text string) string {
	return strings.Map(func(c rune) rune {
		if c == ' ' || c == '-' || c == '\u00a0' {
			return -1
		}
		return c
	}, strings.ToUpper(text))
}

// wholeCode is how many characters a postcode has, for countries in which a shorter one is a district or the like; 0: not known.
func wholeCode(country string) int {
	switch country {
	case "NL", "CA":
		return 6
	case "IE":
		return 7
	case "GB":
		return 5 // at least
	default:
		return 0
	}
}

// beforeHyphen is how many characters of a postcode stand before its hyphen, 0 where the country has none.
func beforeHyphen(country string) int {
	switch country {
	case "US", "BR":
		return 5
	case "PT":
		return 4
	case "JP":
		return 3
	case "PL":
		return 2
	default:
		return 0
	}
}
