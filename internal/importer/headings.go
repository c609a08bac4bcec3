package importer

import (
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules/table"
)

// role is what a column of a price sheet holds.
type role string

// Roles, as --columns names them; those of limits end in " from" or " to".
const (
	roleCountry  role = "country"
	roleRegion   role = "region"
	rolePostcode role = "postcode"
	rolePrice    role = "price"
	roleCurrency role = "currency"
	roleService  role = "service"
	roleZone     role = "zone"
	roleWeight   role = "weight"
	roleTotal    role = "total"
	roleItems    role = "items"
)

const (
	ofFrom = " from"
	ofTo   = " to"
)

// roleNames are all roles, for messages.
func roleNames() []string {
	names := []string{string(roleCountry), string(roleRegion), string(roleZone), string(rolePrice), string(roleCurrency), string(roleService)}
	for _, r := range []role{rolePostcode, roleWeight, roleTotal, roleItems} {
		names = append(names, string(r), string(r)+ofFrom, string(r)+ofTo)
	}
	return names
}

// roleOf finds the role of a heading in English, Swedish or German; "" where it says nothing that is known.
func roleOf(heading string) role {
	words := strings.FieldsFunc(strings.ToLower(heading), func(c rune) bool {
		return strings.ContainsRune(" \u00a0_-./()[]:,", c)
	})
	base := baseRole(words)
	switch base {
	case rolePostcode, roleWeight, roleTotal, roleItems:
		switch {
		case has(words, "from", "från", "von", "min", "ab", "minst", "mindestens", "above", "over", "över", "über"):
			return base + ofFrom
		case has(words, "to", "till", "tom", "bis", "max", "upto", "högst", "maximal", "until"):
			return base + ofTo
		}
	}
	return base
}

// baseRole looks at the words of a heading; those that say more stand first.
func baseRole(words []string) role {
	for _, r := range []struct {
		role  role
		words []string
	}{
		{roleCurrency, []string{"currency", "valuta", "währung"}},
		{rolePostcode, []string{"postcode", "postcodes", "zip", "zipcode", "postal", "postnummer", "postnr", "plz", "postleitzahl"}},
		{roleWeight, []string{"weight", "vikt", "gewicht", "maxvikt", "maxgewicht", "minvikt", "mingewicht", "kg", "kilo"}},
		{roleItems, []string{"items", "pieces", "quantity", "qty", "antal", "stück", "anzahl", "kolli"}},
		{roleTotal, []string{"total", "value", "subtotal", "ordervärde", "varuvärde", "bestellwert", "warenwert", "summa", "summe"}},
		{roleCountry, []string{"country", "countries", "land", "länder", "countrycode", "landskod", "ländercode", "destination"}},
		{roleRegion, []string{"region", "state", "province", "län", "bundesland"}},
		{roleZone, []string{"zone", "zon"}},
		{roleService, []string{"service", "option", "method", "tjänst", "dienst", "fraktsätt", "versandart", "leveranssätt", "produkt", "product", "carrier"}},
		{rolePrice, []string{"price", "pris", "preis", "cost", "kostnad", "kosten", "rate", "frakt", "fraktpris", "versandkosten", "porto", "belopp", "betrag"}},
	} {
		if has(words, r.words...) {
			return ofWhole(r.role, words)
		}
	}
	return ""
}

// ofWhole adds what one word says: Maxvikt is a weight to.
func ofWhole(r role, words []string) role {
	switch {
	case has(words, "maxvikt", "maxgewicht"):
		return r + ofTo
	case has(words, "minvikt", "mingewicht"):
		return r + ofFrom
	}
	return r
}

func has(words []string, any ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(any, w) })
}

// layout is where the roles of a price sheet stand; -1: nowhere.
type layout struct {
	at     map[role]int
	matrix []int // columns whose heading is a country: prices for it
}

// columns finds the columns of a price sheet.
func (p *priceSheet) columns(s *sheet) bool {
	p.at = map[role]int{}
	if !p.named(s) {
		return false
	}
	for i, head := range s.Head {
		if p.taken(i) {
			continue
		}
		r := roleOf(head.Text)
		if _, twice := p.at[r]; r != "" && !twice {
			p.at[r] = i
			continue
		}
		if codes, ok := countriesOf(countryHead(head.Text)); ok && head.Text != "" && codes[0] != "" {
			p.inCurrency(head, i)
			continue
		}
		p.d.leave(head.Place, "the column `%s` says nothing that is known and was not read; name it with --columns", head.Text)
	}
	_, price := p.at[rolePrice]
	switch {
	case !price && len(p.matrix) == 0:
		f := p.d.report.Errorf(codeSource, s.Head[0].Place, "no column is a price")
		f.Help = "name it with --columns \"price=HEADING\"; known are " + strings.Join(roleNames(), ", ") + ", and a column for each country"
		return false
	case price:
		p.leaveMatrix(s)
	}
	return p.measures(s)
}

// leaveMatrix drops columns of countries where there is a column of prices.
func (p *priceSheet) leaveMatrix(s *sheet) {
	for _, i := range p.matrix {
		p.d.leave(s.Head[i].Place, "the column `%s` was not read: the prices stand in `%s`", s.Head[i].Text, s.Head[p.at[rolePrice]].Text)
	}
	p.matrix = nil
}

// inCurrency takes a column of a country, unless its prices are in another currency.
func (p *priceSheet) inCurrency(head table.Cell, i int) {
	_, code, _ := cutLast(head.Text)
	if _, known := minorDigits(strings.ToUpper(code)); known {
		switch code = strings.ToUpper(code); p.d.options.Currency {
		case "":
			p.d.options.Currency = code
		case code:
		default:
			p.d.beyond(head.Place, "import the prices of each currency by themselves", "the column `%s` is not in %s and was not read", head.Text, p.d.options.Currency)
			return
		}
	}
	p.matrix = append(p.matrix, i)
}

// countryHead takes a currency from behind the name of a country.
func countryHead(text string) string {
	if name, code, ok := cutLast(text); ok {
		if _, known := minorDigits(strings.ToUpper(code)); known {
			return name
		}
	}
	return text
}

func cutLast(text string) (before, last string, ok bool) {
	i := strings.LastIndexByte(text, ' ')
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+1:], true
}

func (p *priceSheet) taken(i int) bool {
	for _, at := range p.at {
		if at == i {
			return true
		}
	}
	return false
}

// named reads --columns.
func (p *priceSheet) named(s *sheet) bool {
	if p.d.options.Columns == "" {
		return true
	}
	for part := range strings.SplitSeq(p.d.options.Columns, ",") {
		name, heading, _ := strings.Cut(part, "=")
		name, heading = strings.TrimSpace(name), strings.TrimSpace(heading)
		i := slices.IndexFunc(s.Head, func(c table.Cell) bool { return strings.EqualFold(c.Text, heading) })
		if i < 0 || !slices.Contains(roleNames(), name) {
			p.d.report.Errorf(codeSource, s.Head[0].Place, "--columns: `%s` does not fit this sheet", strings.TrimSpace(part)).Help =
				"write ROLE=HEADING; roles are " + strings.Join(roleNames(), ", ")
			return false
		}
		p.at[role(name)] = i
	}
	return true
}

// measures finds what the limits count: one thing for a sheet.
func (p *priceSheet) measures(s *sheet) bool {
	found := -1
	for m, r := range map[measure]role{byWeight: roleWeight, byTotal: roleTotal, byItems: roleItems} {
		_, one := p.at[r]
		_, from := p.at[r+ofFrom]
		_, to := p.at[r+ofTo]
		if !one && !from && !to {
			continue
		}
		if found >= 0 {
			p.d.report.Errorf(codeSource, s.Head[0].Place, "this sheet has limits of two kinds, such as weight and value").Help =
				"import a sheet for each, or name the columns of one kind with --columns"
			return false
		}
		found, p.measure, p.limit = int(m), m, r
	}
	p.limited = found >= 0
	return true
}
