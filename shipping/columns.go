package shipping

import (
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// colIndex says which column applies to an address: the first one of a currency whose zone is in the set.
type colIndex struct {
	currency table.Currency
	first    []int16 // by table.SetID; -1: none
}

// columnsOf reads the head of a price list.
func (l *loader) columnsOf(sheet *table.Sheet) ([]column, bool) {
	cols := make([]column, 0, len(sheet.Head))
	good := true
	for _, head := range sheet.Head {
		c, ok := l.column(head)
		if good = good && ok; !ok {
			continue
		}
		if i := slices.IndexFunc(cols, func(o column) bool { return o.same(c) }); i >= 0 {
			f := l.r.Errorf(codeColumn, head.Place, "the column `%s` stands twice", head.Text)
			f.Cause = &diag.Cause{Place: cols[i].head.Place, Label: "already here"}
			f.Help = "take one of them away"
			good = false
			continue
		}
		cols = append(cols, c)
	}
	if !good {
		return nil, false
	}
	return cols, l.pricesIn(cols, sheet)
}

func (c column) same(o column) bool {
	if c.word != "" || o.word != "" {
		return c.word == o.word
	}
	return c.price == o.price
}

// pricesIn checks that there are prices, either by zone or for all.
func (l *loader) pricesIn(cols []column, sheet *table.Sheet) bool {
	zones, all := 0, 0
	for _, c := range cols {
		switch {
		case c.word != "":
		case c.price.everywhere:
			all++
		default:
			zones++
		}
	}
	switch {
	case zones+all == 0:
		f := l.r.Errorf(codeNoPrice, sheet.Head[0].Place, "this price list has no column with prices")
		f.Label = "the head has condition words only"
		f.Help = "name a zone for each price column, or add a last column `price`"
		return false
	case zones > 0 && all > 0:
		for _, c := range cols {
			if c.price.everywhere {
				f := l.r.Errorf(codeColumn, c.head.Place, "a price list has zone columns or `price`, not both")
				f.Help = "take `" + c.head.Text + "` away, or the zone columns"
			}
		}
		return false
	}
	return true
}

// column reads one cell of a head: a condition word, `price`, or a zone; the latter two may name a currency.
func (l *loader) column(head table.Cell) (column, bool) {
	c := column{head: head, price: priceCol{currency: l.scope.Currency}}
	if l.isWord(head.Text) {
		c.word = head.Text
		return c, true
	}
	name, code := l.headParts(head.Text)
	if code != "" {
		at := head.Place
		at.Col += len([]rune(head.Text)) - len([]rune(code))
		var ok bool
		if c.price.currency, ok = l.scope.CurrencyText(code, at); !ok {
			return c, false
		}
		c.coded = true
	}
	if name == "price" {
		c.price.everywhere = true
		return c, true
	}
	id, ok := l.t.zones.ID(name)
	if !ok {
		l.unknownColumn(head, name)
		return c, false
	}
	c.price.zone = id
	l.scope.Uses.Zone(id)
	return c, true
}

// zoneNames tells zones whose name means something else in the head of a price list.
func (l *loader) zoneNames() {
	for i, name := range l.t.zones.Names() {
		if name != "price" && !l.isWord(name) {
			continue
		}
		f := l.r.Errorf(codeTwice, l.t.zones.Place(table.ZoneID(i)), "`%s` cannot be the name of a zone", name)
		f.Label, f.Help = "in the head of a price list it means something else", "give the zone another name"
	}
}

// headParts parts a head like `denmark DKK`; a zone's own name may hold spaces.
func (l *loader) headParts(text string) (name, code string) {
	i := strings.LastIndexByte(text, ' ')
	if _, zone := l.t.zones.ID(text); zone || i < 0 {
		return text, ""
	}
	return strings.TrimSpace(text[:i]), text[i+1:]
}

// unknownColumn tells a head that is neither word nor zone.
func (l *loader) unknownColumn(head table.Cell, name string) {
	at := head.Place
	at.EndCol = at.Col + len([]rune(name))
	if s := diag.Suggest(name, append(l.scope.WordNames(), "price")); s != "" {
		f := l.r.Errorf(codeColumn, at, "there is no column `%s`", name)
		f.Label = "neither a condition word nor a zone"
		f.Help, f.Fix = "did you mean "+s+"?", s
		return
	}
	f := l.r.Errorf(codeZone, at, "there is no zone `%s`", name)
	f.Label = "not declared under `zones` or in a zone file"
	f.Notes = []string{"as it stands, nobody would ever get the prices of this column"}
	if s := l.similarZone(name); s != "" {
		f.Help, f.Fix = "did you mean "+s+"?", s
		l.causeZone(f, s)
		return
	}
	f.Help = "declare the zone; or name a condition word, e.g. max_weight, or `price`"
}

// similarZone returns the zone that a misspelt name may mean. Zones that differ by a number only, such as z2 and z4, are
// no slips for each other.
func (l *loader) similarZone(name string) string {
	bare := withoutDigits(name)
	names := slices.DeleteFunc(slices.Clone(l.t.zones.Names()), func(z string) bool { return withoutDigits(z) == bare })
	return diag.Suggest(name, names)
}

func withoutDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, s)
}

// causeZone names the place where a zone with a similar name is declared.
func (l *loader) causeZone(f *diag.Finding, name string) {
	if id, ok := l.t.zones.ID(name); ok {
		f.Cause = &diag.Cause{Place: l.t.zones.Place(id), Label: "a zone with a similar name is declared here"}
	}
}

// columnIndex works out the column of each set of zones; price lists with the same columns share it.
func (l *loader) columnIndex(cols []priceCol) []colIndex {
	key := headKey(cols, l.t.zones)
	if ix, ok := l.columns[key]; ok {
		return ix
	}
	var list []colIndex
	for _, c := range cols {
		if slices.ContainsFunc(list, func(ix colIndex) bool { return ix.currency == c.currency }) {
			continue
		}
		ix := colIndex{currency: c.currency, first: make([]int16, l.t.zones.Sets())}
		for set := range ix.first {
			ix.first[set] = firstColumn(cols, c.currency, table.SetID(set), l.t.zones)
		}
		list = append(list, ix)
	}
	l.columns[key] = list
	return list
}

func firstColumn(cols []priceCol, c table.Currency, set table.SetID, zones *table.Zones) int16 {
	for i, col := range cols {
		if col.currency == c && (col.everywhere || zones.Has(set, col.zone)) {
			return int16(i)
		}
	}
	return -1
}

func headKey(cols []priceCol, zones *table.Zones) string {
	var b strings.Builder
	for _, c := range cols {
		if !c.everywhere {
			b.WriteString(zones.Name(c.zone))
		}
		b.WriteByte(' ')
		b.WriteString(string(c.currency))
		b.WriteByte('|')
	}
	return b.String()
}

func (l *loader) isWord(name string) bool {
	_, ok := l.scope.Word(name)
	return ok
}

// nameWords are the condition words whose value is one name or several.
func nameWords() []string {
	return []string{"to", "not_to", "class", "only_class", "no_class", "customer", "group", "coupon", "tag",
		"currency", "language"}
}
