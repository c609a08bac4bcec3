package importer

import (
	"strings"

	"github.com/kvitto/kvitto/rules/table"
)

// euMembers are the members of the Union as of 2026-01-01; a file to import names them together.
const euMembers = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"

// countryNames are names in English, Swedish and German for the countries that price sheets name most.
const countryNames = `AT austria österrike österreich
BE belgium belgien
BG bulgaria bulgarien
CA canada kanada
CH switzerland schweiz
CY cyprus cypern zypern
CZ czechia tjeckien tschechien
DE germany tyskland deutschland
DK denmark danmark dänemark
EE estonia estland
ES spain spanien
FI finland finnland
FR france frankrike frankreich
GB unitedkingdom greatbritain storbritannien großbritannien england uk
GR greece grekland griechenland
HR croatia kroatien
HU hungary ungern ungarn
IE ireland irland
IS iceland island
IT italy italien
JP japan
LT lithuania litauen
LU luxembourg luxemburg
LV latvia lettland
MT malta
NL netherlands nederländerna niederlande holland
NO norway norge norwegen
PL poland polen
PT portugal
RO romania rumänien
SE sweden sverige schweden
SI slovenia slovenien slowenien
SK slovakia slovakien slowakei
US unitedstates usa`

// countriesOf reads a country as people write it: a code, a name, EU, or everywhere. ok is false for anything else.
func countriesOf(text string) (codes []string, ok bool) {
	word := strings.ToLower(strings.Join(strings.FieldsFunc(text, func(c rune) bool { return c == ' ' || c == '.' || c == '\u00a0' }), ""))
	switch word {
	case "", "*", "all", "alla", "alle", "world", "världen", "welt", "övriga", "other", "others", "rest", "restderwelt", "restoftheworld":
		return []string{""}, true
	case "eu":
		return strings.Fields(euMembers), true
	}
	if code := strings.ToUpper(word); table.KnownCountry(code) {
		return []string{code}, true
	}
	for line := range strings.SplitSeq(countryNames, "\n") {
		for _, name := range strings.Fields(line)[1:] {
			if name == word {
				return []string{line[:2]}, true
			}
		}
	}
	return nil, false
}
