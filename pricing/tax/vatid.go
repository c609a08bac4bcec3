package tax

import "strings"

// vatIDForms are the forms of a VAT id behind its prefix, a class per character: # digit, a letter, x letter or digit,
// s letter, digit, + or *; others stand for themselves. Forms as the Commission publishes them for VIES, read 2026-11-24.
func vatIDForms(prefix string) string {
	switch prefix {
	case "AT":
		return "U########"
	case "BE":
		return "##########"
	case "BG":
		return "######### ##########"
	case "CY":
		return "########a"
	case "CZ":
		return "######## ######### ##########"
	case "DE", "EE", "EL", "PT":
		return "#########"
	case "DK", "FI", "HU", "LU", "MT", "SI":
		return "########"
	case "ES":
		return "x#######x"
	case "FR":
		return "xx#########"
	case "HR", "IT", "LV":
		return "###########"
	case "IE":
		return "#s#####a #######aa"
	case "LT":
		return "######### ############"
	case "NL":
		return "#########B##"
	case "PL", "SK":
		return "##########"
	case "RO":
		return "## ### #### ##### ###### ####### ######## ######### ##########"
	case "SE":
		return "############"
	case "XI":
		return "######### ############ GD### HA###"
	default:
		return ""
	}
}

// vatIDCountries are the countries whose VAT ids have a form here: the members of the Union.
func vatIDCountries() []string {
	return []string{"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT",
		"NL", "PL", "PT", "RO", "SE", "SI", "SK"}
}

const maxVATID = 32 // characters of a VAT id that are looked at

// vatIDCountry returns the country of a VAT id that is well-formed: prefix (EL for Greece, XI for Northern Ireland) and
// number, whatever spaces, points and hyphens stand in it. It allocates nothing.
func vatIDCountry(id string) (country string, ok bool) {
	var buf [16]byte
	n := 0
	if len(id) > maxVATID {
		return "", false
	}
	for i := range len(id) {
		c := id[i]
		switch {
		case c == ' ' || c == '.' || c == '-':
			continue
		case c >= 'a' && c <= 'z':
			c -= 'a' - 'A'
		}
		if n == len(buf) {
			return "", false
		}
		buf[n] = c
		n++
	}
	if n < 4 {
		return "", false
	}
	prefix := prefixOf(buf[0], buf[1])
	for form := range strings.SplitSeq(vatIDForms(prefix), " ") {
		if form != "" && fits(buf[2:n], form) {
			if prefix == "EL" {
				return "GR", true
			}
			return prefix, true
		}
	}
	return "", false
}

// prefixOf returns the two letters as a string that need not be allocated.
func prefixOf(a, b byte) string {
	for _, code := range vatIDCountriesText() {
		if code[0] == a && code[1] == b {
			return code
		}
	}
	return ""
}

func vatIDCountriesText() [28]string {
	return [28]string{"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT",
		"NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI"}
}

// fits reports whether a number has a form.
func fits(number []byte, form string) bool {
	if len(number) != len(form) {
		return false
	}
	for i, c := range number {
		digit, letter := c >= '0' && c <= '9', c >= 'A' && c <= 'Z'
		ok := c == form[i]
		switch form[i] {
		case '#':
			ok = digit
		case 'a':
			ok = letter
		case 'x':
			ok = digit || letter
		case 's':
			ok = digit || letter || c == '+' || c == '*'
		}
		if !ok {
			return false
		}
	}
	return true
}
