package tax

import "strings"

// vatIDForms are the forms of VAT ids: # digit, a letter, x letter or digit, s letter, digit, + or *; capitals and figures
// stand for themselves. Forms as the Commission publishes them for VIES, read 2026-11-24.
const vatIDForms = "ATU######## BE########## BG######### BG########## CY########a CZ######## CZ######### CZ########## DE######### " +
	"DK######## EE######### EL######### ESx#######x FI######## FRxx######### HR########### HU######## IE#s#####a IE#######aa " +
	"IT########### LT######### LT############ LU######## LV########### MT######## NL#########B## PL########## PT######### " +
	"RO## RO### RO#### RO##### RO###### RO####### RO######## RO######### RO########## SE############ SI######## SK########## " +
	"XI######### XI############ XIGD### XIHA###"

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
		if c == ' ' || c == '.' || c == '-' {
			continue
		}
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		if n == len(buf) {
			return "", false
		}
		buf[n] = c
		n++
	}
	for form := range strings.SplitSeq(vatIDForms, " ") {
		if !fits(buf[:n], form) {
			continue
		}
		if form[:2] == "EL" {
			return "GR", true
		}
		return form[:2], true
	}
	return "", false
}

// fits reports whether an id has a form.
func fits(id []byte, form string) bool {
	if len(id) != len(form) {
		return false
	}
	for i, c := range id {
		if !fitsClass(c, form[i]) {
			return false
		}
	}
	return true
}

func fitsClass(c, class byte) bool {
	digit, letter := c >= '0' && c <= '9', c >= 'A' && c <= 'Z'
	switch class {
	case '#':
		return digit
	case 'a':
		return letter
	case 'x':
		return digit || letter
	case 's':
		return digit || letter || c == '+' || c == '*'
	default:
		return c == class
	}
}
