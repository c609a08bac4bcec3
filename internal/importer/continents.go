package importer

import (
	"strings"

	"golang.org/x/text/language"

	"github.com/kvitto/kvitto/rules/table"
)

// europe are the countries that shop systems count to Europe.
const europe = "AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL NO PL PT " +
	"RO RS RU SE SI SJ SK SM TR UA VA"

// continent lists the countries of a continent by its code of two letters; nil where it is not one.
func continent(code string) []string {
	group := ""
	switch code {
	case "EU":
		return strings.Fields(europe)
	case "AF":
		group = "002"
	case "AS":
		group = "142"
	case "NA":
		group = "003"
	case "SA":
		group = "005"
	case "OC":
		group = "009"
	case "AN":
		return strings.Fields("AQ BV GS HM TF")
	default:
		return nil
	}
	whole := language.MustParseRegion(group)
	var list []string
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			c := string([]rune{a, b})
			r, err := language.ParseRegion(c)
			if table.KnownCountry(c) && err == nil && whole.Contains(r) && !strings.Contains(europe, c) {
				list = append(list, c)
			}
		}
	}
	return list
}
