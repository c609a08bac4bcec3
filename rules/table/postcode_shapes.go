package table

import "strings"

// templateOf is the form of a country's codes: a class per character (see radix), then the lengths of its units that
// are complete by themselves, then where a hyphen stands. "" for a country that is not in the list, whose codes may have any form.
func templateOf(country string) (template, units, dash string) {
	switch country {
	case "AD", "FO", "IS":
		return "999", "", ""
	case "SE":
		return "19999", "", ""
	case "BE", "AT", "CH", "HU":
		return "1999", "", ""
	case "AL", "AM", "AU", "BD", "BG", "CV", "CY", "DK", "GE", "GL", "GW", "LI", "LU", "LV", "MD", "MK", "NO", "NZ", "PH",
		"PY", "SI", "SJ", "TN", "ZA":
		return "9999", "", ""
	case "AX", "BA", "CR", "CZ", "DE", "DZ", "EA", "EE", "EG", "ES", "FI", "FR", "GR", "HR", "IC", "ID", "IT", "JO", "KR", "KW",
		"LK", "LT", "MA", "MC", "ME", "MM", "MX", "MY", "NP", "PE", "PK", "RS", "SK", "SM", "SN", "TH", "TR", "UA", "UY",
		"VA", "XK", "ZM":
		return "99999", "", ""
	case "BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT":
		return "99999", "", ""
	case "PL":
		return "99999", "", "2"
	case "BY", "CN", "CO", "EC", "IN", "KG", "KZ", "MN", "NG", "RO", "RU", "SG", "TJ", "TM", "UZ":
		return "999999", "", ""
	case "CL":
		return "9999999", "", "3"
	case "JP":
		return "9999999", "", "3"
	case "PT":
		return "1999999", "4", "4"
	case "BR":
		return "99999999", "", "5"
	case "AS", "FM", "GU", "MH", "MP", "PR", "PW", "US", "VI":
		return "999999999", "5", "5"
	case "SA":
		return "999999999", "5", "5"
	default:
		return letteredTemplateOf(country)
	}
}

// letteredTemplateOf is templateOf for codes with letters, or of several lengths.
func letteredTemplateOf(country string) (template, units, dash string) {
	switch country {
	case "NL":
		return "1999AA", "4", ""
	case "CA":
		return "A9A9A9", "3", ""
	case "IE":
		return "A9WXXXX", "3", ""
	case "MT":
		return "AAA9999", "3", ""
	case "BN":
		return "AA9999", "", ""
	case "SZ":
		return "A999", "", ""
	case "IL":
		return "9999999", "5", ""
	case "TW":
		return "999999", "35", "3"
	case "VN":
		return "999999", "5", ""
	case "IR":
		return "9999999999", "5", "5"
	default:
		return "", "", ""
	}
}

// marks are the signs on cars that people write before a code, where they are not the country's own code.
const marks = " AT:A AX:FI BE:B DE:D EE:EST ES:E FI:FIN FR:F HU:H IT:I LI:FL LU:L NO:N PT:P SE:S SI:SLO SJ:NO XI:GB "

// markOf returns the sign of a country, "" for none.
func markOf(country string) string {
	_, rest, _ := strings.Cut(marks, " "+country+":")
	mark, _, _ := strings.Cut(rest, " ")
	return mark
}

// shapeOf returns the codes of a country.
func shapeOf(country string) shape {
	s := shape{marks: [2]string{country, markOf(country)}}
	if len(s.marks[1]) > len(country) { // FIN before FI
		s.marks[0], s.marks[1] = s.marks[1], s.marks[0]
	}
	switch country {
	case "GB", "XI", "JE", "GG", "IM", "GI":
		s.form, s.top, s.known = formGB, gbTop, true
		return s
	}
	template, units, dash := templateOf(country)
	if template == "" {
		s.form, s.top = formFree, freeTop()
		return s
	}
	s.form, s.template, s.known = formFixed, template, true
	weight := uint64(1)
	for i := len(template) - 1; i >= 0; i-- {
		s.weight[i] = weight
		weight *= radix(template[i])
	}
	s.top = weight - 1
	s.whole = 1 << len(template)
	for _, u := range units {
		s.whole |= 1 << (u - '0')
	}
	for _, d := range dash {
		s.dashes[d-'0'] = true
	}
	return s
}

// word is how the codes of a country are called.
func (s *shape) word(country string) string {
	switch country {
	case "US", "PR", "GU", "VI", "AS", "MP":
		return "US ZIP code"
	case "IE":
		return "Eircode"
	default:
		return country + " postcode"
	}
}

// lengths says how many characters a complete code has, e.g. "4 or 6"; of the ZIP+4 only the ZIP.
func (s *shape) lengths() string {
	var words []string
	for n := 1; n <= len(s.template); n++ {
		if s.complete(n) {
			words = append(words, number(n))
		}
	}
	if len(s.template) == 9 {
		return words[0]
	}
	return strings.Join(words, " or ")
}

// unitWord is "digits" or "characters".
func (s *shape) unitWord() string {
	if strings.Trim(s.template, "19") == "" {
		return "digits"
	}
	return "characters"
}

// number writes a small number.
func number(n int) string {
	if n >= 10 {
		return string([]byte{'0' + byte(n/10), '0' + byte(n%10)})
	}
	return string([]byte{'0' + byte(n)})
}
