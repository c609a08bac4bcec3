package importer

// ask lists what the proof asks.
func (p *priceSheet) ask(rates []rate) {
	ids := map[string]string{}
	for i, name := range p.names {
		ids[name] = p.d.book.options[i].id
	}
	p.d.price = func(q *question) map[string]int64 { return p.answer(q, ids) }
	for i := range rates {
		r := &rates[i]
		a := askedRow{at: r.at, kind: sheetLevels()[r.level] + ", " + r.option, holds: r.area.holds, carts: edges(p.measure, r.low, r.high)}
		a.own = r.area.ends()
		p.d.asked = append(p.d.asked, a)
	}
}

// answer looks through the sheet as a person does: for each place the first row that holds, the most special place, and of places
// that overlap the lower price.
func (p *priceSheet) answer(q *question, ids map[string]string) map[string]int64 {
	found := map[string]int64{}
	for _, name := range p.names {
		best, price := len(sheetLevels()), blocked
		for place, first := range p.first(name, q) {
			if place.level < best || place.level == best && first != blocked && (price == blocked || first < price) {
				best, price = place.level, first
			}
		}
		if price != blocked {
			found[ids[name]] = price
		}
	}
	return found
}

// sheetPlace is a place of the sheet and how special it is.
type sheetPlace struct {
	level int
	area  area
}

// first are the places of an option that hold an address, each with its first price for a value.
func (p *priceSheet) first(name string, q *question) map[sheetPlace]int64 {
	value, found := q.value(p.measure), map[sheetPlace]int64{}
	for i := range p.rows {
		r := &p.rows[i]
		if r.option != name || value < r.low || value > r.high {
			continue
		}
		for _, a := range r.areas {
			place := sheetPlace{r.level(a), a}
			if _, known := found[place]; !known && a.holds(q.address) {
				found[place] = r.price
			}
		}
	}
	return found
}
